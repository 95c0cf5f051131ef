"""The empty template, and a list written from rows (the demo's, and corrected lists)."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from scanflow.levels import Level
from scanflow.manifest.headings import Column
from scanflow.manifest.model import PageConvention, Row

TITLE = "DANH MỤC TÀI LIỆU BÀN GIAO ĐỂ SỐ HÓA"
_WIDTHS = {
    Column.ORDINAL: 6, Column.DOSSIER: 24, Column.DOCUMENT: 10, Column.NUMBER: 22, Column.ISSUED: 13,
    Column.KIND: 16, Column.ABSTRACT: 40, Column.AUTHOR: 24, Column.COPY: 8, Column.LEVEL: 11,
    Column.FIRST_SHEET: 8, Column.LAST_SHEET: 8, Column.SHEETS: 8, Column.PAGES: 8, Column.CONDITION: 16,
    Column.NOTES: 20, Column.EXTENDED: 13, Column.PROTECTED_UNTIL: 13, Column.DECLASSIFIED_BY: 18,
    Column.DECLASSIFIED_ON: 13, Column.HISTORICAL: 12,
}  # fmt: skip
"""Columns of the template in order, with their widths in characters."""

_DATES = {Column.ISSUED, Column.EXTENDED, Column.PROTECTED_UNTIL, Column.DECLASSIFIED_ON}
_NUMBERS = {Column.ORDINAL, Column.DOCUMENT, Column.SHEETS, Column.PAGES}
_HEADING_ROW = 4
_PREPARED = 500
"""Rows of the template that carry formats and the choice of levels."""


def write_template(path: Path, convention: PageConvention = PageConvention.WRITTEN_SIDES) -> None:
    """Write the empty list with headings, formats and the choice of levels; text columns are text."""
    book, sheet = _frame(convention)
    for column, letter in _letters().items():
        for row in range(_HEADING_ROW + 1, _HEADING_ROW + 1 + _PREPARED):
            sheet[f"{letter}{row}"].number_format = _format(column)
    _save(book, path)


def write_manifest(rows: Iterable[Row], path: Path, convention: PageConvention = PageConvention.WRITTEN_SIDES) -> None:
    """Write rows as a list that :func:`read_manifest` reads back to the same rows and batch."""
    book, sheet = _frame(convention)
    letters = _letters()
    for at, row in enumerate(rows, start=_HEADING_ROW + 1):
        for column, value in _values(row).items():
            if value in {None, ""}:
                continue
            cell = sheet[f"{letters[column]}{at}"]
            cell.value = value
            cell.number_format = _format(column)
            if isinstance(value, str):
                cell.data_type = "s"  # a text that begins with "=" stays text
    _save(book, path)


def _values(row: Row) -> dict[Column, str | int | date | None]:
    extended: str | date | None = row.extended_until
    if extended is None and row.extended is not None:
        extended = "Có" if row.extended else "Không"
    return {
        Column.ORDINAL: row.ordinal, Column.DOSSIER: row.dossier, Column.DOCUMENT: row.document,
        Column.NUMBER: row.number, Column.ISSUED: row.issued, Column.KIND: row.kind,
        Column.ABSTRACT: row.abstract,
        Column.AUTHOR: row.author, Column.COPY: row.copy, Column.LEVEL: row.level.vi,
        Column.FIRST_SHEET: row.first_sheet, Column.LAST_SHEET: row.last_sheet, Column.SHEETS: row.sheets,
        Column.PAGES: row.pages, Column.CONDITION: row.condition, Column.NOTES: row.notes,
        Column.EXTENDED: extended, Column.PROTECTED_UNTIL: row.protected_until,
        Column.DECLASSIFIED_BY: row.declassified_by, Column.DECLASSIFIED_ON: row.declassified_on,
        Column.HISTORICAL: "Có" if row.historical_archive else None,
    }  # fmt: skip


def _letters() -> dict[Column, str]:
    return {column: get_column_letter(at) for at, column in enumerate(_WIDTHS, start=1)}


def _format(column: Column) -> str:
    if column in _DATES:
        return "dd/mm/yyyy"
    return "0" if column in _NUMBERS else "@"


def _frame(convention: PageConvention) -> tuple[Workbook, Any]:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "Danh mục"
    sheet["A1"] = TITLE
    sheet["A1"].font = Font(name="Times New Roman", size=14, bold=True)
    sheet["A2"] = f"Quy ước đếm trang: {convention.vi}"
    sheet["A2"].font = Font(name="Times New Roman", size=12)
    thin = Side(style="thin")
    for column, letter in _letters().items():
        cell = sheet[f"{letter}{_HEADING_ROW}"]
        cell.value = column.value
        cell.font = Font(name="Times New Roman", size=12, bold=True)
        cell.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
        cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
        if column.required:
            cell.fill = PatternFill("solid", fgColor="FFF2CC")
        sheet.column_dimensions[letter].width = _WIDTHS[column]
    levels = DataValidation(type="list", formula1='"' + ",".join(level.vi for level in Level) + '"', allow_blank=False)
    letter = _letters()[Column.LEVEL]
    levels.add(f"{letter}{_HEADING_ROW + 1}:{letter}{_HEADING_ROW + _PREPARED}")
    sheet.add_data_validation(levels)
    sheet.freeze_panes = f"A{_HEADING_ROW + 1}"
    return book, sheet


def _save(book: Workbook, path: Path) -> None:
    """Whole or not at all: written beside, then renamed into place, so that no watcher sees half a list."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        book.save(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
