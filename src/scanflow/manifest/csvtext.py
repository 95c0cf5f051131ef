"""A .csv into a :class:`Grid`: encoding, separator and quoting decided once, or the file is refused."""

from __future__ import annotations

import csv
import io
import unicodedata

from scanflow.manifest import errors
from scanflow.manifest.grid import Content, Formula, Grid, Line
from scanflow.manifest.headings import count_headings
from scanflow.manifest.text import from_tcvn3, from_vni

MAX_LINES = 60_000
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"),
         (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))  # fmt: skip
_INJECTION = ("=", "@", "+", "\t=", "\r=")
"""First characters that make a spreadsheet run the cell as a formula."""


def read_csv(data: bytes) -> Grid:
    """Parse with the separator (comma, semicolon, tab) that makes most headings known.

    Raises:
        ManifestRejected: unknown or legacy encoding, unbalanced quotes, NUL.
    """
    text = _decode(data)
    candidates = [_parse(text, separator) for separator in ",;\t"]
    good = [grid for grid in candidates if isinstance(grid, Grid)]
    if not good:
        fault = candidates[0]
        assert isinstance(fault, errors.ManifestFault)
        raise errors.ManifestRejected([fault])
    best = max(good, key=_known)
    if _known(best) < 3:
        _refuse_legacy(text, data)
    broken = [fault for fault in candidates if isinstance(fault, errors.ManifestFault)]
    if broken and _known(best) < 3:
        raise errors.ManifestRejected([broken[0]])
    return best


def _known(grid: Grid) -> int:
    return max((count_headings(line.cells) for line in grid.lines[:40]), default=0)


def _decode(data: bytes) -> str:
    codec = next((codec for bom, codec in _BOMS if data.startswith(bom)), None)
    if codec is None and len(data) >= 4 and 0 in data[:4]:
        codec = "utf-16-le" if data[1] == 0 else "utf-16-be"
    for name in [codec] if codec else ["utf-8", "cp1258"]:
        try:
            text = data.decode(name)
        except UnicodeError:
            if _mostly_utf8(data):
                break
            continue
        if "\0" in text:
            break
        return unicodedata.normalize("NFC", text)
    raise errors.ManifestRejected([errors.UnknownEncoding()])


def _mostly_utf8(data: bytes) -> bool:
    """Damaged UTF-8 rather than another encoding: most of what is not ASCII still decodes."""
    shown = data.decode("utf-8", errors="replace")
    foreign = [char for char in shown if not char.isascii()]
    return foreign.count("\ufffd") * 2 < len(foreign)


def _refuse_legacy(text: str, data: bytes) -> None:
    """Name the legacy encoding when undoing it makes the headings known."""
    for shown in (text, data.decode("cp1252", errors="replace")):
        for name, undo in (("TCVN3", from_tcvn3), ("VNI", from_vni)):
            for separator in ",;\t":
                grid = _parse(undo(shown), separator)
                if isinstance(grid, Grid) and _known(grid) >= 3:
                    raise errors.ManifestRejected([errors.LegacyText(encoding=name)])


def _parse(text: str, separator: str) -> Grid | errors.ManifestFault:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    lines: list[Line] = []
    start = 1
    try:
        for record in reader:
            line = Line(start, [_content(field) for field in record])
            start = reader.line_num + 1
            if not line.blank:
                lines.append(line)
            if len(lines) > MAX_LINES:
                return errors.TooManyRows(limit=MAX_LINES)
    except csv.Error:
        return errors.BrokenQuoting(str(start))
    return Grid(tuple(lines), exact_width=True)


def _content(field: str) -> Content:
    if field.lstrip(" ").startswith(_INJECTION):
        return Formula()
    return field if field.strip() else None
