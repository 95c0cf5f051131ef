"""A form before it is set: head, blocks, signatures. PDF and workbook are made from the same value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from scanflow.forms.facts import Office, Person

Cell: TypeAlias = str | int | date | None
"""What a table holds; a date is written dd/m/yyyy, a number with points between thousands."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key, the words above it, its share of the width, and ``left``/``center``/``right``."""

    key: str
    heading: str
    width: float
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; ``style`` is ``body``, ``heading``, ``note`` or ``balance`` (a line in the middle)."""

    words: str
    style: str = "body"


@dataclass(frozen=True, slots=True)
class Facts:
    """Label and value, line by line; empty values are left as dots to be filled in by hand."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table.

    Attributes:
        columns: from a dated table of columns.
        rows: cells in the order of ``columns``.
        total: last line in bold, or None.
        numbered: a line of column numbers (1) (2) … below the headings, as registers have it.
        remark: printed below: that the columns are provisional, and the nearest official form.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None
    numbered: bool = False
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """Where one person signs: role in capitals, hint in brackets, name printed below the space."""

    role: str
    name: str
    hint: str = "(Ký, ghi rõ họ tên)"


@dataclass(frozen=True, slots=True)
class Signatures:
    """Places for signatures, side by side."""

    places: tuple[Signature, ...]


Block: TypeAlias = Text | Facts | Table | Signatures


@dataclass(frozen=True, slots=True)
class Annex:
    """Pages of their own in landscape (danh mục kèm theo)."""

    title: str
    subtitle: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Cover:
    """First page of a register: title, year, volume and its limits."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole form.

    Attributes:
        code: scanflow's own code of the form, printed small at the foot.
        title: tên loại, capitals.
        subtitle: what it is about, bold below the title.
        office: whose form it is.
        number: số, ký hiệu; empty leaves room to write it in.
        day: date of the form; also the file's creation date, so that the same facts give the same bytes.
        dated: whether place and date stand in the head (biên bản state the time in their body instead).
        blocks: what follows the title.
        annex: landscape pages after it.
        cover: a register's cover; the blocks then stand in landscape.
        head: the ledger's head, opaque; printed as text and as QR.
        batch: shown in the foot, empty where the form is of no batch.
    """

    code: str
    title: str
    subtitle: str
    office: Office
    number: str
    day: date
    head: str
    blocks: tuple[Block, ...]
    dated: bool = True
    annex: Annex | None = None
    cover: Cover | None = None
    batch: str = ""

    def tables(self) -> tuple[Table, ...]:
        """Every table, in order."""
        blocks = self.blocks + (self.annex.blocks if self.annex else ())
        return tuple(block for block in blocks if isinstance(block, Table))


def every_text(paper: Paper) -> str:
    """All words that come from outside, in one string, for the check of glyphs."""
    parts: list[str] = [paper.code, paper.title, paper.subtitle, paper.number, paper.head, paper.batch]
    parts += [paper.office.superior, paper.office.body, paper.office.place]
    parts += paper.cover.lines if paper.cover else ()
    blocks: tuple[Block, ...] = paper.blocks
    if paper.annex:
        parts += [paper.annex.title, paper.annex.subtitle]
        blocks += paper.annex.blocks
    for block in blocks:
        match block:
            case Text(words=words):
                parts.append(words)
            case Facts(pairs=pairs):
                parts += [part for pair in pairs for part in pair]
            case Table() as table:
                parts += [table.remark, *(column.heading for column in table.columns)]
                parts += [cell for row in (*table.rows, table.total or ()) for cell in row if isinstance(cell, str)]
            case Signatures(places=places):
                parts += [part for place in places for part in (place.role, place.name, place.hint)]
    return "\n".join(parts)


def _lower(post: str) -> str:
    return post[:1].lower() + post[1:]


def introduce(role: str, person: Person) -> Text:
    """One line that names a person who acts in the record."""
    unit = f", {person.unit}" if person.unit else ""
    return Text(f"{role}: ông (bà) {person.name}, {_lower(person.post)}{unit};")


def project(columns: Sequence[Column], row: Mapping[str, Cell]) -> tuple[Cell, ...]:
    """The cells of ``row`` in the order of ``columns``."""
    return tuple(row[column.key] for column in columns)
