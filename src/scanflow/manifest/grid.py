"""A sheet of cells, whatever file it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from openpyxl.utils import get_column_letter

Value: TypeAlias = str | int | float | bool | date | datetime | time | timedelta | None


@dataclass(frozen=True, slots=True)
class Formula:
    """Stands in a cell for a formula, whatever it says."""


@dataclass(frozen=True, slots=True)
class CellError:
    """Stands in a cell for #REF! and its kin."""


Content: TypeAlias = Value | Formula | CellError


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet.

    Attributes:
        number: row number as the spreadsheet shows it, from 1 (for csv: line of the record's start).
        cells: contents from column A on; blank cells are None.
        hidden: the row does not show.
    """

    number: int
    cells: Sequence[Content] = field(repr=False)
    hidden: bool = False

    @property
    def blank(self) -> bool:
        """Nothing in it but spaces."""
        return all(is_blank(cell) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Grid:
    """A whole sheet, blank rows left out.

    Attributes:
        lines: rows by ascending number.
        merged: merged ranges as (first column, first row, last column, last row), from 1.
        hidden_columns: numbers of columns that do not show, from 1.
        exact_width: csv: every record of the table must have as many fields as the heading.
    """

    lines: tuple[Line, ...]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden_columns: frozenset[int] = frozenset()
    exact_width: bool = False


def is_blank(cell: Content) -> bool:
    """None, or text without a visible character."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def cell_name(column: int, row: int) -> str:
    """Name of a cell, column counted from 0: (2, 5) is "C5"."""
    return f"{get_column_letter(column + 1)}{row}"
