"""Mutated lists: no crash, no hang, no wrong acceptance. ``python -m tests.manifest.fuzz 100000 [SEED]``.

Three things are asked of each mutant. It ends, within seconds of processor time. It is taken whole or refused with
faults that speak. And where it is taken, each row says what another reader (the XML of the sheet, the csv module)
finds in its line, no line with data is missing, and the rows keep the rules of a list. A third of the mutants carry a
fault that is known beforehand; taking one of these is a wrong acceptance, whatever the rows say.
"""

from __future__ import annotations

import csv
import io
import random
import re
import signal
import sys
import tempfile
import time
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

from scanflow.levels import Level
from scanflow.manifest import Manifest, ManifestRejected, Row, read_manifest, write_manifest

from .lists import CSV_ROWS, LETTERS, as_excel_writes, csv_text, good_rows

NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SLOW = 10.0
"""Seconds of processor time after which a mutant counts as a hang."""

CSV_COLUMNS = ("ordinal", "dossier", "number", "issued", "kind", "abstract", "level", "sheets", "pages")

KNOWN_BAD: dict[str, tuple[str, ...]] = {
    "ordinal": ("", "0", "-1", "1.5", "2", "x", "1e0", "１"),
    "dossier": ("", "a/b", "..", "H.", "-", "a\u202eb", "a" * 101),
    "number": ("\ufffd", "\ue000", "QuyÕt ®Þnh", "=1"),
    "issued": ("31/02/2020", "1/1/20", "45764", "2020", "13/13/2013", "01/01/1700", "hôm qua"),
    "abstract": ("a\u202eb", "Veà vieäc", "VÒ viÖc", "@A1", "x" * 1001),
    "level": (
        "",
        "Mặt",
        "Mất",
        "mạt",
        "Tuyệt",
        "Tối",
        "Mật mật",
        "M",
        "TM",
        "0",
        "MËt",
        "Maät",
        "Máº­t",
        "Mậ\u0301t",
    ),
    "sheets": ("", "0", "-2", "2,0", "ba", "3 tờ", "0x3", "3_0", "9999999", "٣", "=3"),
    "pages": ("", "0", "1", "7", "1e1", "năm", "5.5", "+5"),
}
"""Values that make the first row of either list wrong (three sheets, five pages, STT 2 is taken)."""

TOKENS = (
    b"<f>1+1</f>", b't="s"', b't="b"', b't="e"', b't="d"', b't="str"', b'hidden="1"', b'r="A1"', b'r="XFD1048576"', b"<v>-1</v>",
    b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>', b"&#0;", b"&amp;", b"<!--", b"-->",
    b"<![CDATA[", b"]]>", b"</row>", b'<row r="7">', b"</sheetData>", b"<sheetData>", b'state="hidden"', b'date1904="1"',
    b'ref="A1:A1"', b"\xff", b"\xc3", b"1048577", b"99999999999999999999", b"-0", b"1e308", b"NaN", b's="99999"',
)  # fmt: skip


@dataclass
class Seeds:
    """Good lists in memory."""

    books: list[bytes]
    csvs: list[bytes]

    @classmethod
    def make(cls, folder: Path) -> Seeds:
        """Two workbooks (inline and shared strings) and a csv in five encodings."""
        path = folder / "seed.xlsx"
        write_manifest(good_rows(), path)
        books = [path.read_bytes()]
        books.append(as_excel_writes(path).read_bytes())
        text = csv_text()
        csvs = [
            text.encode(),
            csv_text(separator=";").encode("utf-8-sig"),
            csv_text(separator="\t").encode("utf-16"),
        ]
        csvs.append((text + "Tổng cộng,,,,,,,6,9\r\n").encode())
        csvs.append(("Quy ước đếm trang: Không tính mặt trắng\r\n" + text).encode("utf-16-be"))
        return cls(books, csvs)


def scramble(data: bytes, chance: random.Random, tokens: tuple[bytes, ...] = TOKENS) -> bytes:
    """One to six changes: a bit, a byte, a piece gone, doubled, moved, or a token put in."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        at = chance.randrange(len(out) + 1)
        end = min(len(out), at + chance.choice((1, 1, 2, 8, 64)))
        match chance.randrange(6):
            case 0 if at < len(out):
                out[at] ^= 1 << chance.randrange(8)
            case 1 if at < len(out):
                out[at] = chance.randrange(256)
            case 2:
                del out[at:end]
            case 3:
                out[at:at] = out[at:end]
            case 4:
                piece = out[at:end]
                del out[at:end]
                to = chance.randrange(len(out) + 1)
                out[to:to] = piece
            case _:
                out[at:at] = chance.choice(tokens)
    return bytes(out)


def mutated_package(data: bytes, chance: random.Random) -> bytes:
    """Change the XML of a part (mostly the sheet) and pack it anew, so that checksums are right."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    likely = ["xl/worksheets/sheet1.xml"] * 6 + ["xl/sharedStrings.xml"] * 3 + list(parts)
    name = chance.choice([each for each in likely if each in parts])
    if chance.random() < 0.3:  # a number somewhere
        spots = list(re.finditer(rb"\d+", parts[name]))
        spot = chance.choice(spots) if spots else None
        if spot is not None:
            number = str(chance.choice((0, 1, 2, 5, 6, 7, 99, 2**31, -1))).encode()
            parts[name] = parts[name][: spot.start()] + number + parts[name][spot.end() :]
    else:
        parts[name] = scramble(parts[name], chance)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for each, content in parts.items():
            package.writestr(each, content)
    return out.getvalue()


def bad_cell(data: bytes, chance: random.Random) -> bytes:
    """One cell of the first document gets a value that is known to be wrong."""
    column = chance.choice([each for each in KNOWN_BAD if each in LETTERS])
    value = chance.choice(KNOWN_BAD[column])
    if column == "dossier" and value == "-":
        value = ""
    cell = f"{LETTERS[column]}5"
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    escaped = value.replace("&", "&amp;").replace("<", "&lt;").encode()
    new = b'<c r="%s" t="inlineStr"><is><t>%s</t></is></c>' % (cell.encode(), escaped) if value else b""
    pattern = rb'<c r="%s"[^>]*?(?:/>|>.*?</c>)' % cell.encode()
    changed, hits = re.subn(pattern, lambda _: new, sheet)
    assert hits == 1, cell
    parts["xl/worksheets/sheet1.xml"] = changed
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for each, content in parts.items():
            package.writestr(each, content)
    return out.getvalue()


def bad_field(_: bytes, chance: random.Random) -> bytes:
    """One field of the first record of a csv gets a value that is known to be wrong."""
    column = chance.choice([each for each in KNOWN_BAD if each in CSV_COLUMNS])
    rows = [list(row) for row in CSV_ROWS]
    rows[0][CSV_COLUMNS.index(column)] = chance.choice(KNOWN_BAD[column])
    text = csv_text(tuple(tuple(row) for row in rows), chance.choice(",;\t"))
    return text.encode(chance.choice(("utf-8", "utf-8-sig", "utf-16")))


def bad_shape(_: bytes, chance: random.Random) -> bytes:
    """A csv that lost or gained a field, a heading, or a quote in one line."""
    lines = csv_text().split("\r\n")[:-1]
    at = chance.randrange(1, len(lines))
    fields = next(csv.reader([lines[at]]))
    match chance.randrange(4):
        case 0:
            del fields[chance.randrange(len(fields))]
        case 1:
            fields.insert(chance.randrange(1, len(fields)), "x")
        case 2:
            lines[at] = lines[at].replace(",", ',"', 1)
            return "\r\n".join(lines).encode()
        case _:
            required = chance.choice(("STT", "Mã hồ sơ", "Ngày tháng", "Độ mật", "Số tờ", "Số trang"))
            lines[0] = lines[0].replace(required, "Cột lạ")
            return "\r\n".join(lines).encode()
    out = io.StringIO(newline="")
    csv.writer(out).writerow(fields)
    lines[at] = out.getvalue().strip()
    return "\r\n".join(lines).encode()


KINDS: tuple[tuple[str, str, bool, Callable[[bytes, random.Random], bytes]], ...] = (
    ("book-bytes", "xlsx", False, scramble),
    ("book-parts", "xlsx", False, mutated_package),
    ("book-cell", "xlsx", True, bad_cell),
    ("csv-bytes", "csv", False, lambda data, chance: scramble(data, chance, (b'"', b",", b"\n", b"\r", b"\0", b"=", b";"))),
    ("csv-field", "csv", True, bad_field),
    ("csv-shape", "csv", True, bad_shape),
)  # fmt: skip
"""Name, extension, known to be wrong, how to make one."""


# --- the other reader ----------------------------------------------------------------------------------------


def other_lines(path: Path) -> dict[int, list[str]]:
    """Text of each line that holds anything, read without any code of ours."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as package:
            parts = {name: package.read(name) for name in package.namelist()}
        lines = sheet_lines(parts["xl/worksheets/sheet1.xml"], parts.get("xl/sharedStrings.xml"))
    else:
        data = path.read_bytes()
        codec = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
        if codec == "utf-8-sig" and b"\0" in data[:4]:
            codec = "utf-16-le" if data[1] == 0 else "utf-16-be"
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            text = data.decode("cp1258")
        text = unicodedata.normalize("NFC", text)
        separator = max(",;\t", key=lambda s: max(line.count(s) for line in text.splitlines()))
        lines, start, reader = {}, 1, csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        for record in reader:
            lines[start] = [shown(value) for value in record]
            start = reader.line_num + 1
    return {number: line for number, line in lines.items() if any(line)}


def sheet_lines(sheet: bytes, strings: bytes | None) -> dict[int, list[str]]:
    """Text of the cells of each row, by the plainest reading of the standard."""

    def text(element: ET.Element) -> str:
        runs = [child for child in element if child.tag != f"{NS}rPh"]
        return "".join(t.text or "" for run in runs for t in ([run] if run.tag == f"{NS}t" else run.iter(f"{NS}t")))

    table = [text(si) for si in ET.fromstring(strings)] if strings is not None else []
    lines: dict[int, list[str]] = {}
    number = 0
    for row in ET.fromstring(sheet).iter(f"{NS}row"):
        number = int(row.get("r", number + 1))
        lines[number] = []
        for cell in row.iter(f"{NS}c"):
            value, inline = cell.findtext(f"{NS}v"), cell.find(f"{NS}is")
            match cell.get("t", "n"):
                case "s" if value:
                    found = table[int(value)]
                case "inlineStr":
                    found = text(inline) if inline is not None else ""
                case "n" if value:
                    found = str(int(float(value))) if float(value).is_integer() else value
                case _:
                    found = value or ""
            lines[number].append(shown(found))
    return lines


def shown(value: object) -> str:
    """A cell as comparable text."""
    if value is None:
        return ""
    kept = "".join(c for c in str(value) if unicodedata.category(c) != "Cf")
    return " ".join(unicodedata.normalize("NFC", kept).split())


def said(row: Row) -> set[str]:
    """What a row's line must say, as text."""
    level = {
        Level.THUONG: "thường",
        Level.MAT: "mật",
        Level.TOI_MAT: "tối mật",
        Level.TUYET_MAT: "tuyệt mật",
    }[row.level]
    wanted = {
        str(row.ordinal),
        row.dossier,
        row.number,
        row.kind,
        row.author,
        row.abstract,
        str(row.sheets),
        str(row.pages),
        level,
    }
    return wanted - {""}


LEVEL_WORDS = {"thường": 0, "không mật": 0, "không": 0, "thuong": 0, "mật": 1, "mat": 1, "c": 1, "tối mật": 2,
               "toi mat": 2, "b": 2, "tuyệt mật": 3, "tuyet mat": 3, "a": 3}  # fmt: skip


def disagreements(manifest: Manifest, path: Path) -> list[str]:
    """What the other reader finds wrong with an accepted list."""
    wrong: list[str] = []
    lines = other_lines(path)
    first = min(row.line for row in manifest.rows)
    numbers = {row.line for row in manifest.rows}
    for number, line in lines.items():
        if number < first or number in numbers:
            continue
        lead = next(text for text in line if text).casefold()
        past_totals = number > max(numbers)
        if not (
            past_totals and (lead.startswith(("tổng", "cộng")) or not any(t.casefold() in LEVEL_WORDS for t in line))
        ):
            wrong.append("a line was passed over")
    for row in manifest.rows:
        line = lines.get(row.line, [])
        texts = {text.lstrip("0") or text for text in line} | {text.casefold() for text in line} | set(line)
        texts |= {level.vi.casefold() for level in Level if any(LEVEL_WORDS.get(t.casefold()) == level for t in line)}
        missing = [text for text in said(row) if text not in texts]
        if missing:
            wrong.append(f"a row says what its line does not ({len(missing)})")
        if not (1 <= row.sheets <= row.pages <= 2 * row.sheets) or row.ordinal < 1:
            wrong.append("a row breaks the rules of counts")
        if row.level is Level.TUYET_MAT and row.abstract:
            wrong.append("an abstract of a TUYỆT MẬT document")
    if len({row.ordinal for row in manifest.rows}) != len(manifest.rows):
        wrong.append("an ordinal twice")
    if len({(row.dossier.casefold(), row.document) for row in manifest.rows}) != len(manifest.rows):
        wrong.append("a document twice")
    return wrong


# --- the campaign --------------------------------------------------------------------------------------------


@dataclass
class Result:
    """What a campaign found."""

    outcomes: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    slowest: float = 0.0
    stop: bool = False

    @property
    def tried(self) -> int:
        """Mutants that were read."""
        return sum(self.outcomes.values())


def campaign(count: int, seed: int, folder: Path, keep: Path | None = None, result: Result | None = None) -> Result:
    """Try ``count`` mutants; each is named by seed and number and can be made again."""
    seeds, result = Seeds.make(folder), result or Result()
    for number in range(count):
        if result.stop:
            break
        chance = random.Random(f"{seed}/{number}")
        kind, suffix, wrong, mutate = KINDS[chance.randrange(len(KINDS))]
        base = chance.choice(seeds.books if suffix == "xlsx" else seeds.csvs)
        path = folder / f"mutant.{suffix}"
        path.write_bytes(mutate(base, chance))
        started = time.process_time()
        problem = one(path, wrong, result, kind)
        spent = time.process_time() - started
        result.slowest = max(result.slowest, spent)
        if spent > SLOW:
            problem = f"took {spent:.1f} s"
        if problem:
            result.failures.append(f"{seed}/{number} {kind}: {problem}")
            if keep is not None:
                (keep / f"{seed}-{number}-{kind}.{suffix}").write_bytes(path.read_bytes())
    return result


def one(path: Path, wrong: bool, result: Result, kind: str) -> str:
    """Read one mutant; a sentence when it was handled wrongly."""
    try:
        manifest = read_manifest(path)
    except ManifestRejected as rejected:
        result.outcomes[f"{kind} refused"] += 1
        result.codes.update({fault.code for fault in rejected.faults})
        return (
            "" if rejected.faults and all(f.say_vi and f.cell for f in rejected.faults) else "a refusal without words"
        )
    except Exception as crash:
        return f"crashed with {type(crash).__name__}: {crash}"
    result.outcomes[f"{kind} taken"] += 1
    if wrong:
        return "took a list that is known to be wrong"
    try:
        return "; ".join(disagreements(manifest, path))
    except Exception as crash:
        return f"the other reader failed with {type(crash).__name__}: {crash}"


def main() -> int:
    """Run a campaign and print what it found."""
    count, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    signal.signal(signal.SIGVTALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_VIRTUAL, 0.2 * count + 600)  # a true hang ends the process
    keep = Path(tempfile.gettempdir()) / "scanflow-fuzz"
    keep.mkdir(exist_ok=True)
    result = Result()

    def stop(*_: object) -> None:
        result.stop = True

    signal.signal(signal.SIGINT, stop)  # what was found until then is told
    signal.signal(signal.SIGTERM, stop)
    with tempfile.TemporaryDirectory() as folder:
        campaign(count, seed, Path(folder), keep, result)
    print(f"{result.tried} of {count} mutants, seed {seed}: {dict(sorted(result.outcomes.items()))}")
    print(f"codes: {dict(result.codes.most_common())}")
    print(f"slowest: {result.slowest:.2f} s of processor time")
    for failure in result.failures[:50]:
        print("WRONG", failure)
    print(f"{len(result.failures)} handled wrongly")
    return 1 if result.failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
