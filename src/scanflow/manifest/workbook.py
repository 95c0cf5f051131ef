"""An .xlsx into a :class:`Grid`, strictly: what openpyxl would guess, skip or cut off is refused here."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any, cast

import openpyxl
from openpyxl.utils import range_boundaries
from openpyxl.worksheet._reader import WorkSheetParser

from scanflow.errors import Words
from scanflow.manifest import errors
from scanflow.manifest.grid import CellError, Content, Formula, Grid, Line, cell_name
from scanflow.manifest.source import guard_package

MAX_COLUMNS = 64
"""Right-most column in which a list may hold data."""

MAX_LINES = 60_000
"""Rows of a sheet that are looked at; the limit of documents lies below."""

_REFERENCE = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")
_NUMBER = re.compile(r"-?[0-9]{1,17}(\.[0-9]{1,17})?([eE][-+]?[0-9]{1,3})?")
_COMMON = {"hidden", "outlineLevel", "collapsed"}
_ROW_FACTS = _COMMON | {"r", "spans", "s", "customFormat", "ht", "customHeight", "thickTop", "thickBot", "ph"}
_COLUMN_FACTS = _COMMON | {"min", "max", "width", "style", "bestFit", "customWidth", "phonetic"}
"""Attributes of ``<row>`` and ``<col>`` in ECMA-376 Part 1, 18.3.1.73 and 18.3.1.13."""

_KINDS = frozenset({"n", "s", "str", "b", "e", "d", "inlineStr"})


class _Broken(ValueError):
    """The sheet does not follow the format."""


class _StrictParser(WorkSheetParser):  # type: ignore[misc, unused-ignore]
    """openpyxl's streaming parser, refusing what it would tolerate.

    Such as negative string indices, ``1_000`` as a number, cells and rows out of order or given twice.
    """

    styles = 1
    """Number of cell styles of the book: a style beyond them could make a number of a date, or hide one."""

    def parse_row(self, row: Any) -> tuple[int, list[dict[str, Any]]]:
        """Check the order of rows and cells."""
        last = self.row_counter
        _known(row.attrib, _ROW_FACTS)
        number = row.get("r")
        if number is not None and re.fullmatch(r"[1-9][0-9]{0,6}", number) is None:
            raise _Broken
        self._column = 0
        index, cells = super().parse_row(row)
        if index <= last:
            raise _Broken
        return index, cells

    def parse_column_dimensions(self, col: Any) -> None:
        """Check one ``<col>``: a misspelt ``hidden`` must not pass for a column that shows."""
        _known(col.attrib, _COLUMN_FACTS)
        super().parse_column_dimensions(col)

    def parse_cell(self, element: Any) -> dict[str, Any]:
        """Check one ``<c>`` before openpyxl reads it."""
        if element.tag.rpartition("}")[2] != "c":
            raise _Broken
        kind = element.get("t", "n")
        tags = [child.tag.rpartition("}")[2] for child in element]
        if kind not in _KINDS or len(set(tags)) != len(tags) or not set(tags) <= {"v", "f", "is", "extLst"}:
            raise _Broken
        value = element.findtext("{*}v")
        strings = len(cast("list[str]", self.shared_strings))
        if value is not None:
            if kind == "s" and (re.fullmatch("[0-9]{1,8}", value) is None or int(value) >= strings):
                raise _Broken
            if kind == "n" and value and _NUMBER.fullmatch(value) is None:
                raise _Broken
            if kind == "b" and value not in {"0", "1"}:
                raise _Broken
        style = element.get("s", "0")
        if re.fullmatch("[0-9]{1,6}", style) is None or int(style) >= self.styles:
            raise _Broken
        reference = element.get("r")
        if reference is not None and _REFERENCE.fullmatch(reference) is None:
            raise _Broken
        cell: dict[str, Any] = super().parse_cell(element)
        if cell["row"] != self.row_counter or cell["column"] <= self._column:
            raise _Broken
        self._column = cell["column"]
        return cell


def read_workbook(data: bytes) -> Grid:
    """The one visible sheet that holds data.

    Raises:
        ManifestRejected: bomb, macro, links, hidden or several sheets with data, damaged file.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as package, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            guard_package(package)
            return _read(data)
    except errors.ManifestRejected:
        raise
    except (RecursionError, MemoryError):
        raise errors.ManifestRejected([errors.ZipBomb()]) from None
    except Exception:  # openpyxl raises whatever its parts raise; a file it cannot read is a damaged file
        raise errors.ManifestRejected(
            [errors.BrokenWorkbook(where=Words("cấu trúc bảng tính", "the structure of the workbook"))]
        ) from None


def _read(data: bytes) -> Grid:
    book: Any = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=False, keep_links=False)
    try:
        filled: list[tuple[str, Grid]] = []
        faults: list[errors.ManifestFault] = []
        if len(book.worksheets) != len(book.sheetnames):
            faults.append(errors.MacroWorkbook())
        for order, sheet in enumerate(book.worksheets, start=1):
            grid = _sheet(book, sheet)
            if not grid.lines:
                continue
            if sheet.sheet_state != "visible":
                faults.append(errors.HiddenSheet(f"trang tính {order}"))
            filled.append((str(order), grid))
        if len(filled) > 1 and not faults:
            faults.append(errors.SeveralSheets("trang tính " + ", ".join(order for order, _ in filled)))
        if faults:
            raise errors.ManifestRejected(faults)
        if not filled:
            raise errors.ManifestRejected([errors.NoHeading()])
        return filled[0][1]
    finally:
        book.close()


def _sheet(book: Any, sheet: Any) -> Grid:
    lines: list[Line] = []
    with book._archive.open(sheet._worksheet_path) as stream:
        parser = _StrictParser(
            stream,
            sheet._shared_strings,
            data_only=False,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        parser.styles = len(book._cell_styles)
        for number, cells in parser.parse():
            line = _line(number, cells, parser.row_dimensions.get(str(number), {}))
            if not line.blank:
                lines.append(line)
            if len(lines) > MAX_LINES:
                raise errors.ManifestRejected([errors.TooManyRows(limit=MAX_LINES)])
        merged = tuple(_bounds(part.ref) for part in getattr(parser.merged_cells, "mergeCell", ()))
        hidden = frozenset(
            column
            for facts in parser.column_dimensions.values()
            if _true(facts.get("hidden"))
            for column in range(int(facts["min"]), min(int(facts["max"]), MAX_COLUMNS) + 1)
        )
    return Grid(tuple(lines), merged, hidden)


def _known(facts: Mapping[str, str], names: set[str]) -> None:
    """Attributes without a namespace are of the standard, and flags are flags."""
    if not {name for name in facts if not name.startswith("{")} <= names:
        raise _Broken
    if facts.get("hidden", "0") not in {"0", "1", "true", "false"}:
        raise _Broken


def _bounds(reference: str) -> tuple[int, int, int, int]:
    left, top, right, bottom = range_boundaries(reference)
    if left is None or top is None or right is None or bottom is None:
        raise _Broken
    return left, top, right, bottom


def _line(number: int, cells: list[dict[str, Any]], facts: dict[str, str]) -> Line:
    width = max((cell["column"] for cell in cells if cell["value"] is not None), default=0)
    if width > MAX_COLUMNS:
        raise errors.ManifestRejected([errors.OutsideTable(cell_name(width - 1, number))])
    contents: list[Content] = [None] * width
    for cell in cells:
        if cell["value"] is not None:
            contents[cell["column"] - 1] = _content(cell)
    return Line(number, contents, hidden=_true(facts.get("hidden")) or facts.get("ht") == "0")


def _content(cell: dict[str, Any]) -> Content:
    if cell["data_type"] == "f":
        return Formula()
    if cell["data_type"] == "e":
        return CellError()
    value: Content = cell["value"]
    return value


def _true(flag: str | None) -> bool:
    return flag in {"1", "true"}
