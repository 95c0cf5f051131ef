"""A handover list from its file: everything or nothing, with all faults at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

from scanflow.levels import Level
from scanflow.manifest import errors, fields
from scanflow.manifest.csvtext import read_csv
from scanflow.manifest.grid import Grid, Line, is_blank
from scanflow.manifest.headings import Column
from scanflow.manifest.model import Manifest, PageConvention, Row
from scanflow.manifest.source import read_source
from scanflow.manifest.table import Table, locate
from scanflow.manifest.text import fold
from scanflow.manifest.workbook import read_workbook

_T = TypeVar("_T")


def read_manifest(path: Path, convention: PageConvention = PageConvention.WRITTEN_SIDES) -> Manifest:
    """Read a list (.xlsx or .csv).

    Args:
        path: the file; read once, never written.
        convention: what counts as a page where the list does not say it itself.

    Raises:
        ManifestRejected: with all faults; nothing is taken over.
    """
    kind, data = read_source(path)
    return manifest_of(read_workbook(data) if kind == "xlsx" else read_csv(data), convention)


def check(path: Path, convention: PageConvention = PageConvention.WRITTEN_SIDES) -> list[errors.ManifestFault]:
    """Every fault of a list by its cell; empty when it may be taken over."""
    try:
        read_manifest(path, convention)
    except errors.ManifestRejected as rejected:
        return list(rejected.faults)
    return []


def manifest_of(grid: Grid, convention: PageConvention) -> Manifest:
    """The list in a sheet.

    Raises:
        ManifestRejected: with all faults.
    """
    faults: list[errors.ManifestFault] = []
    table = locate(grid, faults)
    if table is None:
        raise errors.ManifestRejected(faults)
    used = table.convention or convention
    counters: dict[str, int] = {}
    rows: list[tuple[Line, Row]] = []
    for line in table.documents:
        row = _row(table, line, used, counters, faults)
        if row is not None:
            rows.append((line, row))
    _duplicates(table, rows, faults)
    if not faults:
        _totals(table, [row for _, row in rows], faults)
    if faults:
        raise errors.ManifestRejected(faults)
    ordered = tuple(sorted((row for _, row in rows), key=lambda row: row.ordinal))
    return Manifest(ordered, used, convention_stated=table.convention is not None)


class _Cells:
    """The cells of one line; gathers faults instead of stopping at the first."""

    def __init__(self, table: Table, line: Line, faults: list[errors.ManifestFault]) -> None:
        self.table, self.line, self.faults = table, line, faults

    def get(self, column: Column, parse: Callable[..., _T], empty: _T, *limits: int) -> _T:
        """Parse the cell of a column; ``empty`` where the list lacks it or the cell is at fault."""
        if column not in self.table.columns:
            return empty
        cell, at = self.table.cell(column, self.line)
        try:
            return parse(cell, at, *limits, column.value)
        except errors.ManifestFault as fault:
            self.faults.append(fault)
            return empty

    def need(self, column: Column, parse: Callable[..., _T | None], wrong: _T, *limits: int) -> _T:
        """Like :meth:`get`, for a value that each document needs; a missing column was told before."""
        if column not in self.table.columns:
            return wrong
        before = len(self.faults)
        value = self.get(column, parse, None, *limits)
        if value is None or value == "":
            if len(self.faults) == before:
                self.fault(errors.CellMissing, column)
            return wrong
        return value

    def fault(self, cause: type[errors.ManifestFault], column: Column, **facts: object) -> None:
        """Add a fault at a column's cell."""
        at = self.table.cell(column, self.line)[1]
        if cause in {errors.CellMissing, errors.DatesInWrongOrder}:
            facts["column"] = column.value
        self.faults.append(cause(at, **facts))


def _row(
    table: Table,
    line: Line,
    convention: PageConvention,
    counters: dict[str, int],
    faults: list[errors.ManifestFault],
) -> Row | None:
    cells, before = _Cells(table, line, faults), len(faults)
    level = cells.get(Column.LEVEL, fields.level, None)
    first, last = cells.get(Column.SHEET_RANGE, fields.sheet_range, ("", ""))
    first = cells.get(Column.FIRST_SHEET, fields.sheet_number, first)
    last = cells.get(Column.LAST_SHEET, fields.sheet_number, last)
    nothing_said: tuple[bool | None, date | None] = (None, None)
    extended, extended_until = cells.get(Column.EXTENDED, fields.extension, nothing_said)
    dossier = cells.get(Column.DOSSIER, fields.dossier, "")
    running = counters[dossier] = counters.get(dossier, 0) + 1
    document = (
        cells.need(Column.DOCUMENT, fields.whole, 0, fields.MAX_ORDINAL)
        if Column.DOCUMENT in table.columns
        else running
    )
    number = cells.get(Column.NUMBER, fields.plain, "", 100)
    kind = cells.get(Column.KIND, fields.plain, "", 100)
    if not number and not kind and len(faults) == before and table.complete:
        cells.fault(errors.CellMissing, Column.NUMBER)
    facts = {
        "ordinal": cells.need(Column.ORDINAL, fields.whole, 0, fields.MAX_ORDINAL),
        "issued": cells.get(Column.ISSUED, fields.day, None),
        "sheets": cells.need(Column.SHEETS, fields.whole, 0, fields.MAX_SHEETS),
        "pages": cells.need(Column.PAGES, fields.whole, 0, 2 * fields.MAX_SHEETS),
        "author": cells.get(Column.AUTHOR, fields.plain, "", 200),
        "copy": cells.get(Column.COPY, fields.plain, "", 20),
        "condition": cells.get(Column.CONDITION, fields.plain, "", 200),
        "notes": cells.get(Column.NOTES, fields.plain, "", 500),
        "protected_until": cells.get(Column.PROTECTED_UNTIL, fields.day, None),
        "declassified_by": cells.get(Column.DECLASSIFIED_BY, fields.plain, "", 100),
        "declassified_on": cells.get(Column.DECLASSIFIED_ON, fields.day, None),
        "historical_archive": cells.get(Column.HISTORICAL, fields.answer, None) is True,
        "abstract": _abstract(cells, level),
    }
    if len(faults) > before or level is None or not table.complete:
        return None
    row = Row(
        dossier=dossier, document=document, number=number, kind=kind, level=level, first_sheet=first,
        last_sheet=last, extended=extended, extended_until=extended_until, line=line.number,
        **facts,  # type: ignore[arg-type]
    )  # fmt: skip
    _row_faults(cells, convention, row)
    return row if len(faults) == before else None


def _abstract(cells: _Cells, level: Level | None) -> str:
    """Trích yếu; on a TUYỆT MẬT row the cell is looked at only to see that it is blank."""
    if level is None:
        return ""
    if level is not Level.TUYET_MAT:
        return cells.get(Column.ABSTRACT, fields.plain, "", 1000)
    if Column.ABSTRACT in cells.table.columns:
        cell, _ = cells.table.cell(Column.ABSTRACT, cells.line)
        if not (is_blank(cell) or cell in fields.DASHES):
            cells.fault(errors.AbstractOfTopSecret, Column.ABSTRACT)
    return ""


def _row_faults(cells: _Cells, convention: PageConvention, row: Row) -> None:
    """What is wrong with values that are right one by one."""
    if row.sheets > row.pages:
        cells.fault(errors.MoreSheetsThanPages, Column.SHEETS)
    elif row.pages > 2 * row.sheets:
        cells.fault(errors.MoreThanTwoPages, Column.PAGES)
    elif convention is PageConvention.BOTH_SIDES and row.pages != 2 * row.sheets:
        cells.fault(errors.BlanksNotCounted, Column.PAGES)
    if row.first_sheet or row.last_sheet:
        _range_faults(cells, row.first_sheet, row.last_sheet, row.sheets)
    for column, value in (
        (Column.PROTECTED_UNTIL, row.protected_until),
        (Column.DECLASSIFIED_ON, row.declassified_on),
        (Column.EXTENDED, row.extended_until),
    ):
        if row.issued is not None and value is not None and value < row.issued:
            cells.fault(errors.DatesInWrongOrder, column)


def _range_faults(cells: _Cells, first: str, last: str, sheets: int) -> None:
    single = Column.SHEET_RANGE in cells.table.columns
    at = Column.SHEET_RANGE if single else Column.LAST_SHEET
    if not first or not last or fields.sheet_key(first) > fields.sheet_key(last):
        cells.fault(errors.BadSheetNumber, at)
        return
    (low, low_letter), (high, high_letter) = fields.sheet_key(first), fields.sheet_key(last)
    lettered = bool(low_letter or high_letter)
    least = high - low if lettered else high - low + 1
    if sheets < least or (first == last and sheets != 1):
        cells.fault(errors.SheetRangeDiffers, Column.SHEETS)


def _duplicates(table: Table, rows: list[tuple[Line, Row]], faults: list[errors.ManifestFault]) -> None:
    """Same STT, same file name, or the same paper twice in one dossier."""
    seen: dict[tuple[object, ...], str] = {}
    for line, row in rows:
        folder = row.dossier.casefold()
        keys: list[tuple[Column, tuple[object, ...]]] = [
            (Column.ORDINAL, ("ordinal", row.ordinal)),
            (
                Column.DOCUMENT if Column.DOCUMENT in table.columns else Column.DOSSIER,
                ("document", folder, row.document),
            ),
        ]
        if row.number:
            same = ("number", folder, _symbol(row.number), row.issued, fold(row.author), fold(row.copy))
            keys.append((Column.NUMBER, same))
        for column, key in keys:
            at = table.cell(column, line)[1]
            if key in seen:
                faults.append(errors.Duplicate(at, column=column.value, other=seen[key]))
            else:
                seen[key] = at


def _symbol(number: str) -> str:
    """A số, ký hiệu for comparison: spaces and case aside, "&" and "/" kept, a leading zero dropped."""
    return "".join(number.casefold().split()).lstrip("0")


def _totals(table: Table, rows: list[Row], faults: list[errors.ManifestFault]) -> None:
    """The totals row, where there is one, adds up."""
    if table.totals is None:
        return
    for column, sum_of in (
        (Column.SHEETS, sum(row.sheets for row in rows)),
        (Column.PAGES, sum(row.pages for row in rows)),
    ):
        cell, at = table.cell(column, table.totals)
        if is_blank(cell):
            continue
        try:
            said = fields.whole(cell, at, 10**6 - 1, column.value)
        except errors.ManifestFault as fault:
            faults.append(fault)
            continue
        if said != sum_of:
            faults.append(errors.TotalsDiffer(at, computed=sum_of))
