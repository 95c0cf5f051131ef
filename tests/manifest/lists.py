"""Lists for the tests: good ones, and a workbook or csv in which one thing is changed."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from scanflow.levels import Level
from scanflow.manifest import Row, check, write_manifest

HEADING = 4
"""Heading row of the template."""

LETTERS = {
    "ordinal": "A", "dossier": "B", "document": "C", "number": "D", "issued": "E", "kind": "F", "abstract": "G",
    "author": "H", "copy": "I", "level": "J", "first": "K", "last": "L", "sheets": "M", "pages": "N",
    "condition": "O", "notes": "P", "extended": "Q", "protected": "R", "decision": "S", "declassified": "T",
    "historical": "U",
}  # fmt: skip
"""Columns of the template."""


def good_rows() -> tuple[Row, ...]:
    """Four documents of an invented office, one of them TUYỆT MẬT."""
    dossier = "H49.64.33.2001.160"
    return (
        Row(1, dossier, 1, "1479/XY-ANCT", date(2025, 4, 17), Level.MAT, 3, 5, kind="Công văn",
            abstract="Về việc kiểm tra thử", author="Văn phòng X", first_sheet="1", last_sheet="3"),
        Row(2, dossier, 2, "15/QĐ-XY", date(2004, 2, 29), Level.TOI_MAT, 2, 2, kind="Quyết định",
            first_sheet="4", last_sheet="4a", extended=False),
        Row(3, dossier, 3, "02/TTr-XY", date(2011, 1, 3), Level.TUYET_MAT, 1, 2, kind="Tờ trình"),
        Row(4, "H49.64.33.2001.161", 1, "", None, Level.THUONG, 10, 12, kind="Danh sách", condition="rách mép"),
    )  # fmt: skip


def workbook(path: Path, change: Callable[[Worksheet], Any] | None = None, rows: tuple[Row, ...] = ()) -> Path:
    """A good list in which ``change`` did one thing."""
    write_manifest(rows or good_rows(), path)
    if change is not None:
        book = openpyxl.load_workbook(path)
        change(book.worksheets[0])
        book.save(path)
    return path


def setting(cell: str, value: Any) -> Callable[[Worksheet], None]:
    """A change of one cell."""

    def change(sheet: Worksheet) -> None:
        sheet[cell] = value

    return change


def repacked(path: Path, edit: Callable[[str, bytes], bytes | None], extra: dict[str, bytes] | None = None) -> Path:
    """Write the parts of a workbook anew; ``edit`` gives each part's bytes, None to leave it out."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in (parts | (extra or {})).items():
            kept = edit(name, content)
            if kept is not None:
                package.writestr(name, kept)
    return path


def as_excel_writes(path: Path) -> Path:
    """Turn the inline strings that openpyxl writes into the shared strings that Excel writes."""
    strings: list[bytes] = []

    def share(match: re.Match[bytes]) -> bytes:
        strings.append(match[3])
        return match[1] + b't="s"' + match[2] + b"><v>%d</v></c>" % (len(strings) - 1)

    def edit(name: str, content: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return content
        pattern = rb'(<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")? )t="inlineStr"([^>]*)><is><t[^>]*>([^<]*)</t></is></c>'
        return re.sub(pattern, share, content)

    repacked(path, edit)
    table = b"".join(b'<si><t xml:space="preserve">%s</t></si>' % text for text in strings)
    head = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    relation = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"

    def announce(name: str, content: bytes) -> bytes:
        if name == "[Content_Types].xml":
            part = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s"/></Types>' % kind
            return content.replace(b"</Types>", part)
        if name == "xl/_rels/workbook.xml.rels":
            part = b'<Relationship Id="rId98" Type="%s" Target="sharedStrings.xml"/></Relationships>' % relation
            return content.replace(b"</Relationships>", part)
        return content

    return repacked(path, announce, {"xl/sharedStrings.xml": head + table + b"</sst>"})


CSV_HEADINGS = (
    "STT",
    "Mã hồ sơ",
    "Số, ký hiệu",
    "Ngày tháng",
    "Tên loại",
    "Trích yếu",
    "Độ mật",
    "Số tờ",
    "Số trang",
)
CSV_ROWS = (
    ("1", "H49.2001.160", "1479/XY-ANCT", "17/04/2025", "Công văn", "Về việc thử", "Mật", "3", "5"),
    ("2", "H49.2001.160", "15/QĐ-XY", "29/02/2004", "Quyết định", "Thử, có dấu phẩy", "Tối mật", "2", "2"),
    ("3", "H49.2001.160", "02/TTr-XY", "", "Tờ trình", "", "Tuyệt mật", "1", "2"),
)


def csv_text(rows: tuple[tuple[str, ...], ...] = CSV_ROWS, separator: str = ",") -> str:
    """A csv list as a spreadsheet exports it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(CSV_HEADINGS)
    writer.writerows(rows)
    return out.getvalue()


def faults(path: Path) -> list[tuple[str, str]]:
    """Code and cell of each fault."""
    return [(fault.code, fault.cell) for fault in check(path)]
