"""Sổ: the registers of outgoing, incoming and copied state secrets, laid out as the prescribed books are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from scanflow.forms.columns import Tables
from scanflow.forms.facts import Office, forbid_abstract
from scanflow.forms.paper import Cell, Cover, Paper
from scanflow.forms.words import long_date
from scanflow.levels import Level


@dataclass(frozen=True, slots=True)
class Volume:
    """A volume of a register (quyển sổ). ``first_day``–``last_day`` and the serials stand on its cover."""

    office: Office
    year: int
    volume: int
    first_day: date
    last_day: date
    head: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A line of the outgoing register (sổ đăng ký đi).

    Raises:
        AbstractForbidden: an abstract on a TUYỆT MẬT line.
    """

    ordinal: int
    number: str
    determined: date | None
    kind: str
    level: Level
    signer: str
    recipients: str
    kept_by: str
    quantity: int
    abstract: str = field(default="", repr=False)
    notes: str = ""

    def __post_init__(self) -> None:
        forbid_abstract(self.level, self.abstract, self.ordinal)


@dataclass(frozen=True, slots=True)
class Received:
    """A line of the incoming register (sổ đăng ký đến).

    Raises:
        AbstractForbidden: an abstract on a TUYỆT MẬT line.
    """

    ordinal: int
    arrived: date
    arrival_number: int
    author: str
    number: str
    determined: date | None
    kind: str
    level: Level
    received_by: str
    abstract: str = field(default="", repr=False)
    notes: str = ""

    def __post_init__(self) -> None:
        forbid_abstract(self.level, self.abstract, self.ordinal)


@dataclass(frozen=True, slots=True)
class Copied:
    """A line of the copying register (sổ quản lý sao, chụp).

    Attributes:
        form: hình thức: "Sao từ bản giấy sang văn bản điện tử", "Sao y bản chính" …
        authorised_by: the position of who allowed it.
        made_by: who made the copy; signs in the column.

    Raises:
        AbstractForbidden: an abstract on a TUYỆT MẬT line.
    """

    ordinal: int
    day: date
    number: str
    kind: str
    level: Level
    form: str
    copies: int
    recipients: str
    authorised_by: str
    made_by: str
    abstract: str = field(default="", repr=False)
    notes: str = ""

    def __post_init__(self) -> None:
        forbid_abstract(self.level, self.abstract, self.ordinal)


def outgoing_register(volume: Volume, lines: Sequence[Sent], tables: Tables) -> Paper:
    """Sổ đăng ký bí mật nhà nước đi: ten columns (NĐ 63/2026/NĐ-CP, Phụ lục III)."""
    rows = [_cells(x, "ordinal number determined signer recipients kept_by quantity notes") for x in lines]
    serials = [x.number for x in lines]
    return _register("SF-DI", "SỔ ĐĂNG KÝ BÍ MẬT NHÀ NƯỚC ĐI", "outgoing", volume, rows, serials, tables)


def incoming_register(volume: Volume, lines: Sequence[Received], tables: Tables) -> Paper:
    """Sổ đăng ký bí mật nhà nước đến: ten columns (NĐ 63/2026/NĐ-CP, Phụ lục III)."""
    rows = [_cells(x, "ordinal arrived arrival_number author number determined received_by notes") for x in lines]
    serials = [str(x.arrival_number) for x in lines]
    return _register("SF-DEN", "SỔ ĐĂNG KÝ BÍ MẬT NHÀ NƯỚC ĐẾN", "incoming", volume, rows, serials, tables)


def copying_register(volume: Volume, lines: Sequence[Copied], tables: Tables) -> Paper:
    """Sổ quản lý sao, chụp bí mật nhà nước; most of its columns are provisional."""
    rows = [_cells(x, "ordinal day number form copies recipients authorised_by made_by notes") for x in lines]
    serials = [str(x.ordinal) for x in lines]
    return _register("SF-SC", "SỔ QUẢN LÝ SAO, CHỤP BÍ MẬT NHÀ NƯỚC", "copying", volume, rows, serials, tables)


def _cells(line: Sent | Received | Copied, plain: str) -> dict[str, Cell]:
    """The ``plain`` fields of a line as they are, its level in words, its kind and abstract in one."""
    cells: dict[str, Cell] = {name: getattr(line, name) for name in plain.split()}
    subject = f"{line.kind}: {line.abstract}" if line.abstract else line.kind
    return cells | {"level": line.level.vi, "subject": subject}


def _register(
    code: str,
    title: str,
    table: str,
    volume: Volume,
    rows: Sequence[Mapping[str, Cell]],
    serials: Sequence[str],
    tables: Tables,
) -> Paper:
    columns = tables[table]
    limits = f"Từ số {serials[0]} đến số {serials[-1]}" if serials else "Từ số …… đến số ……"
    cover = Cover(
        (
            f"Năm: {volume.year}",
            f"Từ {long_date(volume.first_day)} đến {long_date(volume.last_day)}",
            limits,
            f"Quyển số: {volume.volume:02d}",
        )
    )
    return Paper(
        code, title, f"Năm {volume.year}, quyển số {volume.volume:02d}", volume.office, "", volume.last_day,
        volume.head, (columns.fill(rows, numbered=True),), dated=False, cover=cover,
    )  # fmt: skip
