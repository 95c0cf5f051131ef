"""Where the table lies in the sheet: heading row, document rows, totals row, stated convention."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from scanflow.manifest import errors, fields
from scanflow.manifest.grid import Content, Formula, Grid, Line, cell_name, is_blank
from scanflow.manifest.headings import Column, column_of, count_headings
from scanflow.manifest.model import PageConvention
from scanflow.manifest.text import fold, legacy_encoding

MAX_DOCUMENTS = 50_000
_SEARCHED = 40
"""Lines in which the heading row is looked for: quốc hiệu, title and place stand above it."""

_TOTALS = ("tongcong", "tongso", "cong", "tong")
_CONVENTION = "quyuocdemtrang"


@dataclass(frozen=True)
class Table:
    """The table found in a sheet.

    Attributes:
        heading: number of the heading row.
        columns: index from 0 of each column.
        documents: the rows of documents.
        totals: the totals row, None when there is none.
        convention: the convention stated above the table, None when not stated.
        last: number of the last row that belongs to the table.
    """

    heading: int
    columns: dict[Column, int]
    documents: tuple[Line, ...]
    totals: Line | None
    convention: PageConvention | None
    last: int

    @cached_property
    def complete(self) -> bool:
        """Every column is there that a row cannot do without."""
        ends = (Column.FIRST_SHEET in self.columns) == (Column.LAST_SHEET in self.columns)
        return ends and all(column in self.columns for column in Column if column.required)

    def cell(self, column: Column, line: Line) -> tuple[Content, str]:
        """Content and name of a document's cell; None for a column that the list does not have."""
        index = self.columns[column]
        return (line.cells[index] if index < len(line.cells) else None), cell_name(index, line.number)


def locate(grid: Grid, faults: list[errors.ManifestFault]) -> Table | None:
    """Find the table and append every fault of its frame; None when it cannot be read at all."""
    found = max(grid.lines[:_SEARCHED], key=lambda line: count_headings(line.cells), default=None)
    if found is None or count_headings(found.cells) < 3:
        faults.extend(_legacy(grid.lines[:_SEARCHED]) or [errors.NoHeading()])
        return None
    columns = _columns(found, faults)
    below = [line for line in grid.lines if line.number > found.number]
    if below and _is_numbering(below[0]):
        below = below[1:]
    documents, totals, footer = _split(below, columns)
    last = max((line.number for line in (*documents, *([totals] if totals else []))), default=found.number)
    convention = _convention([line for line in grid.lines if line.number < found.number], faults)
    if not documents:
        faults.append(errors.NoRows(str(found.number)))
    if len(documents) > MAX_DOCUMENTS:
        faults.append(errors.TooManyRows(limit=MAX_DOCUMENTS))
        return None
    table = Table(found.number, columns, tuple(documents), totals, convention, last)
    _frame_faults(grid, found, table, footer, faults)
    return table if documents else None


def _columns(heading: Line, faults: list[errors.ManifestFault]) -> dict[Column, int]:
    columns: dict[Column, int] = {}
    for index, cell in enumerate(heading.cells):
        if is_blank(cell):
            continue
        at = cell_name(index, heading.number)
        column = column_of(cell)
        if column is None:
            faults.append(errors.FormulaCell(at) if isinstance(cell, Formula) else errors.UnknownColumn(at))
        elif column in columns:
            if column is not Column.IGNORED:
                other = cell_name(columns[column], heading.number)
                faults.append(errors.DoubleColumn(at, column=column.value, other=other))
        else:
            columns[column] = index
    if Column.SHEET_RANGE in columns:
        for end in (Column.FIRST_SHEET, Column.LAST_SHEET):
            if end in columns:
                other = cell_name(columns[Column.SHEET_RANGE], heading.number)
                at = cell_name(columns[end], heading.number)
                faults.append(errors.DoubleColumn(at, column=end.value, other=other))
    for pair in ((Column.FIRST_SHEET, Column.LAST_SHEET), (Column.LAST_SHEET, Column.FIRST_SHEET)):
        if pair[0] in columns and pair[1] not in columns:
            faults.append(errors.MissingColumn(str(heading.number), column=pair[1].value))
    for column in Column:
        if column.required and column not in columns:
            faults.append(errors.MissingColumn(str(heading.number), column=column.value))
    return columns


def _is_numbering(line: Line) -> bool:
    """The row "(1) (2) (3) …" that forms put under their headings."""
    shown = [str(cell).strip() for cell in line.cells if not is_blank(cell)]
    numbers = [re.fullmatch(r"\(?(\d{1,2})\)?", text) for text in shown]
    return len(shown) >= 5 and all(m and int(m[1]) == i for i, m in enumerate(numbers, start=1))


def _split(below: list[Line], columns: dict[Column, int]) -> tuple[list[Line], Line | None, list[Line]]:
    """Document rows, totals row, and what stands below it (signatures)."""
    for at, line in enumerate(below):
        if _is_totals(line, columns):
            return below[:at], line, below[at + 1 :]
    return below, None, []


def _is_totals(line: Line, columns: dict[Column, int]) -> bool:
    first = next((cell for cell in line.cells if not is_blank(cell)), None)
    if not isinstance(first, str) or not fold(first).startswith(_TOTALS):
        return False
    level = columns.get(Column.LEVEL)
    return level is None or level >= len(line.cells) or is_blank(line.cells[level])


def _convention(above: Iterable[Line], faults: list[errors.ManifestFault]) -> PageConvention | None:
    for line in above:
        for index, cell in enumerate(line.cells):
            if not isinstance(cell, str) or not fold(cell).startswith(_CONVENTION):
                continue
            _label, _, said = cell.partition(":")
            at = cell_name(index, line.number)
            if not said.strip():
                rest = [(i, c) for i, c in enumerate(line.cells) if i > index and not is_blank(c)]
                if rest:
                    said, at = str(rest[0][1]), cell_name(rest[0][0], line.number)
            try:
                return fields.convention(said, at)
            except errors.ManifestFault as fault:
                faults.append(fault)
                return None
    return None


def _frame_faults(
    grid: Grid, heading: Line, table: Table, footer: list[Line], faults: list[errors.ManifestFault]
) -> None:
    named = {index for index, cell in enumerate(heading.cells) if not is_blank(cell)}
    for line in (*table.documents, *([table.totals] if table.totals else [])):
        for index, cell in enumerate(line.cells):
            if index not in named and not is_blank(cell):
                faults.append(errors.OutsideTable(cell_name(index, line.number)))
        if line.hidden:
            faults.append(errors.HiddenRow(str(line.number)))
    if grid.exact_width:
        for line in table.documents:
            if len(line.cells) != len(heading.cells):
                faults.append(errors.RaggedRow(str(line.number)))
    for line in footer:
        for column in (Column.LEVEL, Column.SHEETS, Column.PAGES, Column.DOSSIER):
            index = table.columns.get(column, len(line.cells))
            if index < len(line.cells) and _looks_like_data(column, line.cells[index]):
                faults.append(errors.OutsideTable(cell_name(index, line.number)))
    for left, top, right, bottom in grid.merged:
        inside = bottom >= table.heading and top <= table.last
        if inside and (left, top) != (right, bottom):
            name = f"{cell_name(left - 1, top)}:{cell_name(right - 1, bottom)}"
            totals = table.totals is not None and top == bottom == table.totals.number
            if not totals:
                faults.append(errors.MergedCells(name))
    for index in sorted(named):
        if index + 1 in grid.hidden_columns:
            faults.append(errors.HiddenColumn(cell_name(index, 1)[:-1]))
    if heading.hidden:
        faults.append(errors.HiddenRow(str(heading.number)))


def _looks_like_data(column: Column, cell: Content) -> bool:
    """A footer holds names and titles; a level, a number or a code there is a document that slipped down."""
    if is_blank(cell):
        return False
    if column is Column.DOSSIER:
        return isinstance(cell, str) and any(c.isdigit() for c in cell) and " " not in cell.strip()
    if column is Column.LEVEL:
        try:
            fields.level(cell, "", "")
        except errors.ManifestFault:
            return False
        return True
    return not isinstance(cell, str) or cell.strip().isdigit()


def _legacy(lines: Iterable[Line]) -> list[errors.ManifestFault]:
    for line in lines:
        for index, cell in enumerate(line.cells):
            encoding = legacy_encoding(cell) if isinstance(cell, str) else None
            if encoding is not None:
                return [errors.LegacyText(cell_name(index, line.number), encoding=encoding)]
    return []
