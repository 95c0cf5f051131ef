"""The demo's paper: the drawn stack of ``fixtures/scans``, its handover list, and separators printed on it."""

from __future__ import annotations

import subprocess
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scanflow.levels import Level
from scanflow.manifest import Row
from scanflow.pages import Face
from scanflow.scanner.virtual import VirtualSheet, blank_side


@dataclass(frozen=True, slots=True)
class DemoSheet:
    """Both encoded sides of a sheet, and the highest level that a person reads on each."""

    recto: bytes
    verso: bytes
    levels: Mapping[Face, Level]


@dataclass(frozen=True, slots=True)
class DemoDocument:
    """One document of the stack: its row, the encoded sides of its sheets, and what must come of it."""

    row: Row
    sheets: tuple[DemoSheet, ...]
    about: str
    expected: str


def read_stack(folder: Path) -> tuple[DemoDocument, ...]:
    """The documents of ``stack.toml`` in feeding order."""
    stack = tomllib.loads((folder / "stack.toml").read_text(encoding="utf-8"))
    return tuple(_document(folder, raw) for raw in stack["document"])


def _document(folder: Path, raw: dict[str, Any]) -> DemoDocument:
    declared = dict(raw["declared"])
    level = Level[declared.pop("level")]
    row = Row(level=level, **declared)
    sheets = tuple(
        DemoSheet(
            (folder / sheet["recto"]["file"]).read_bytes(),
            (folder / sheet["verso"]["file"]).read_bytes(),
            {face: Level[sheet[face.value]["level"]] for face in Face},
        )
        for sheet in raw["sheet"]
    )
    return DemoDocument(row, sheets, raw["about"], raw["expected"]["outcome"])


@dataclass(frozen=True, slots=True)
class PiledSheet:
    """A sheet on the operator's pile: which document it belongs to, its paper, and the levels that stand on it."""

    ordinal: int
    separator: bool
    paper: VirtualSheet
    levels: Mapping[Face, Level]


def pile_up(documents: Sequence[DemoDocument], separators: Sequence[bytes]) -> list[PiledSheet]:
    """The whole stack, each document behind its separator."""
    return list(_piled(documents, separators))


def _piled(documents: Sequence[DemoDocument], separators: Sequence[bytes]) -> Iterator[PiledSheet]:
    label = 0
    for document, separator in zip(documents, separators, strict=True):
        label += 1
        ordinal = document.row.ordinal
        yield PiledSheet(ordinal, True, VirtualSheet(label, separator, blank_side()), {})
        for sheet in document.sheets:
            label += 1
            yield PiledSheet(ordinal, False, VirtualSheet(label, sheet.recto, sheet.verso), sheet.levels)


def print_pages(pdf: Path) -> list[bytes]:
    """The pages of a PDF as a scanner would see them: JPEG, 300 dpi, colour; by poppler's ``pdftoppm``.

    Separators carry no secret, so this paper may lie on the disk.
    """
    stem = pdf.with_suffix("")
    subprocess.run(
        ["pdftoppm", "-jpeg", "-r", "300", "-scale-to-x", "2480", "-scale-to-y", "3508", str(pdf), str(stem)],
        check=True,
        capture_output=True,
    )
    pages = sorted(stem.parent.glob(f"{stem.name}-*.jpg"))
    images = [page.read_bytes() for page in pages]
    for page in pages:
        page.unlink()
    return images
