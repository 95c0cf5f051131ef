"""The dated tables of columns (``config/rules/registers.toml``); each carries its legal source."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from scanflow.errors import Words
from scanflow.forms.errors import TableFault
from scanflow.forms.paper import Cell, Column, Table, project


def _keys(names: str) -> frozenset[str]:
    return frozenset(names.split())


KEYS: Mapping[str, frozenset[str]] = {
    "handover_list": _keys(
        "ordinal name number issued subject author level range sheets pages condition outcome notes"
    ),
    "reconciliation": _keys(
        "ordinal name level declared_sheets counted_sheets declared_pages counted_pages blank_sides verdict "
        "outcome notes"
    ),
    "copying": _keys("ordinal day number subject level form copies recipients authorised_by made_by notes"),
    "outgoing": _keys("ordinal number determined subject level signer recipients kept_by quantity notes"),
    "incoming": _keys("ordinal arrived arrival_number author number determined subject level received_by notes"),
    "yearly": _keys("level dossiers documents sheets pages digitised routed_out pending notes"),
}
"""What the code can put in each table."""

_ALIGNS = ("left", "center", "right")


@dataclass(frozen=True, slots=True)
class ColumnTable:
    """One dated table.

    Attributes:
        columns: in order.
        source: legal source.
        in_force: from when.
        provisional: whether the official columns are unknown; then ``remark`` is printed below the table.
        remark: that sentence.
    """

    columns: tuple[Column, ...]
    source: str
    in_force: date
    provisional: bool
    remark: str

    def fill(
        self,
        rows: Sequence[Mapping[str, Cell]],
        total: Mapping[str, Cell] | None = None,
        *,
        numbered: bool = False,
    ) -> Table:
        """The table with ``rows``; a ``total`` leaves the keys that it does not name empty."""
        last = None
        if total is not None:
            last = project(self.columns, {column.key: None for column in self.columns} | dict(total))
        cells = tuple(project(self.columns, row) for row in rows)
        return Table(self.columns, cells, last, numbered, self.remark if self.provisional else "")


Tables: TypeAlias = Mapping[str, ColumnTable]
"""Every table by the name of its form, as `load_tables` reads them."""


def load_tables(path: Path) -> dict[str, ColumnTable]:
    """Read the tables, whole or not at all.

    Raises:
        TableFault: a table is missing or unknown, a key is not one of `KEYS` or stands twice, a field is of a
            wrong type, or a provisional table has no remark.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TableFault(table="*", key=path.name, fault=type(error).__name__) from error
    if set(raw) != set(KEYS):
        odd = sorted(set(raw) ^ set(KEYS))[0]
        raise TableFault(table=odd, key="[table]", fault=Words("thiếu hoặc lạ", "missing or unknown"))
    return {name: _table(name, raw[name]) for name in KEYS}


def _table(name: str, raw: dict[str, Any]) -> ColumnTable:
    kinds = {"source": str, "in_force": date, "provisional": bool, "remark": str, "columns": list}
    for key, kind in kinds.items():
        if not isinstance(raw.get(key), kind):
            raise TableFault(table=name, key=key, fault=Words(f"cần {kind.__name__}", f"{kind.__name__} needed"))
    if raw["provisional"] and not raw["remark"].strip():
        raise TableFault(
            table=name, key="remark", fault=Words("biểu tạm thời phải có lời ghi", "a provisional form needs its note")
        )
    columns = tuple(_column(name, entry) for entry in raw["columns"])
    keys = [column.key for column in columns]
    if not columns or len(keys) != len(set(keys)):
        raise TableFault(table=name, key="columns", fault=Words("rỗng hoặc trùng", "empty or doubled"))
    return ColumnTable(columns, raw["source"], raw["in_force"], raw["provisional"], raw["remark"])


def _column(table: str, raw: Any) -> Column:
    if not isinstance(raw, dict) or raw.get("key") not in KEYS[table]:
        raise TableFault(table=table, key="key", fault=Words("không có trong chương trình", "unknown to the program"))
    heading, width, align = raw.get("heading"), raw.get("width"), raw.get("align", "left")
    if not isinstance(heading, str) or not heading.strip():
        raise TableFault(table=table, key=raw["key"], fault="heading")
    if not isinstance(width, int | float) or isinstance(width, bool) or not 1 <= width <= 500:
        raise TableFault(table=table, key=raw["key"], fault="width")
    if align not in _ALIGNS:
        raise TableFault(table=table, key=raw["key"], fault="align")
    return Column(raw["key"], heading, float(width), align)
