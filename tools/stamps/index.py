"""Reading and writing ``weights/index.toml``."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

_HEAD = "# The mark networks: how they were made, and where doubt begins. Written by tools/stamps; do not edit.\n"
Tables = dict[str, dict[str, Any]]


def read_index(path: Path) -> Tables:
    """The index as nested dictionaries."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def write_index(path: Path, tables: Tables) -> None:
    """Write the tables, nested ones last."""
    lines = [_HEAD]
    for name, table in tables.items():
        lines.append(f"[{name}]")
        lines += [f"{key} = {_value(value)}" for key, value in table.items() if not isinstance(value, dict)]
        for key, value in table.items():
            if isinstance(value, dict):
                lines.append(f"\n[{name}.{key}]")
                lines += [f"{k} = {_value(v)}" for k, v in value.items()]
        lines.append("")
    path.write_text("\n".join(lines), encoding="utf-8")


def _value(value: object) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list):
        return "[" + ", ".join(_value(v) for v in value) + "]"
    if isinstance(value, float):
        return f"{value:.6g}" if value else "0.0"
    return str(value)
