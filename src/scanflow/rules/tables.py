"""The dated rule tables of ``config/rules`` (bảng quy định): read strictly, asked by day."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from scanflow.errors import Words
from scanflow.rules.errors import NoRuleInForce, RulesUnreadable


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class _Dated(_Strict):
    """An entry with the days on which it is in force."""

    id: str
    provisional: bool
    since: date = Field(alias="from")
    until: date | None = None

    @model_validator(mode="after")
    def _ordered(self) -> _Dated:
        if self.until is not None and self.until < self.since:
            raise ValueError(f"{self.id}: until lies before from")
        return self

    def in_force(self, day: date) -> bool:
        """Whether the entry is in force on that day."""
        return self.since <= day and (self.until is None or day <= self.until)


class _Sourced(_Dated):
    """A dated entry with its legal source."""

    source: str


class Period(_Sourced):
    """Thời hạn bảo vệ in years; TUYỆT MẬT is missing on purpose, no period releases it."""

    toi_mat_years: int = Field(ge=1, le=100)
    mat_years: int = Field(ge=1, le=100)


class GuidanceSource(_Strict):
    """The legal source of each case."""

    top_secret: str
    secret: str
    term_ended: str
    period_on_stamp_ended: str
    declassified_by_decision: str
    historical_archive: str
    not_secret: str


class Guidance(_Dated):
    """How secret paper is taken into digitisation (1479/BCA-ANCTNB III.1.1)."""

    age_counts_from: Literal["issued"]
    old_stock_before: date
    source: GuidanceSource


class Stamp(_Strict):
    """One mark: size in mm (0 where unknown) and how sure the entry is."""

    kind: str
    form: str
    shape: Literal["rectangle", "circle", "unknown"]
    width_mm: int = Field(ge=0, le=100)
    height_mm: int = Field(ge=0, le=100)
    border_lines: int = Field(ge=0, le=2)
    ink: Literal["red", "any"]
    certainty: Literal["seen", "part", "recalled", "unknown"]


class StampSet(_Sourced):
    """The marks of one instrument; ``group`` tells levels from urgency marks."""

    group: Literal["secrecy", "urgency"] = "secrecy"
    sizes_as: str | None = None
    stamp: list[Stamp] = Field(default_factory=list)


class _Protection(_Strict):
    period: list[Period] = Field(min_length=1)
    guidance: list[Guidance] = Field(min_length=1)


class _Stamps(_Strict):
    set: list[StampSet] = Field(min_length=1)


_Entry = TypeVar("_Entry", bound=_Dated)
_File = TypeVar("_File", bound=BaseModel)


class RuleTables(_Strict):
    """All tables of one directory."""

    periods: tuple[Period, ...]
    guidances: tuple[Guidance, ...]
    stamp_sets: tuple[StampSet, ...]

    def period(self, day: date) -> Period:
        """Protection periods in force on ``day``.

        Raises:
            NoRuleInForce: none is.
        """
        return _one(self.periods, day, "thời hạn bảo vệ")

    def guidance(self, day: date) -> Guidance:
        """The guidance on digitisation in force on ``day``.

        Raises:
            NoRuleInForce: none is.
        """
        return _one(self.guidances, day, "hướng dẫn số hóa")

    def stamps(self, day: date) -> tuple[Stamp, ...]:
        """Marks of all instruments in force on ``day``: what paper of that day may carry.

        Raises:
            NoRuleInForce: none is.
        """
        sets = {each.id: each for each in self.stamp_sets}
        found = [each for each in self.stamp_sets if each.in_force(day)]
        if not found:
            raise NoRuleInForce(table=Words("mẫu dấu", "stamps"), day=day.isoformat())
        return tuple(stamp for each in found for stamp in (sets[each.sizes_as].stamp if each.sizes_as else each.stamp))


def _one(entries: Sequence[_Entry], day: date, table: str) -> _Entry:
    for entry in entries:
        if entry.in_force(day):
            return entry
    raise NoRuleInForce(table=table, day=day.isoformat())


def load_tables(directory: Path) -> RuleTables:
    """Read ``protection.toml`` and ``stamps.toml``; the columns of registers are the forms' to read.

    Raises:
        RulesUnreadable: missing, damaged, an unknown key, two entries in force on one day.
    """
    protection = _load(directory / "protection.toml", _Protection)
    stamps = _load(directory / "stamps.toml", _Stamps)
    _disjoint("protection.toml", protection.period)
    _disjoint("protection.toml", protection.guidance)
    for group in ("secrecy", "urgency"):
        _disjoint("stamps.toml", [each for each in stamps.set if each.group == group])
    known = {each.id for each in stamps.set if each.sizes_as is None}
    if any(each.sizes_as not in {None, *known} or bool(each.sizes_as) == bool(each.stamp) for each in stamps.set):
        raise RulesUnreadable(file="stamps.toml", why="sizes_as")
    return RuleTables(
        periods=tuple(protection.period),
        guidances=tuple(protection.guidance),
        stamp_sets=tuple(stamps.set),
    )


def _load(path: Path, shape: type[_File]) -> _File:
    try:
        return shape.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError:
        raise RulesUnreadable(file=path.name, why=Words("không đọc được", "cannot be read")) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise RulesUnreadable(file=path.name, why=Words("không phải TOML UTF-8", "not TOML in UTF-8")) from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RulesUnreadable(file=path.name, why=f"{where}: {first['msg']}") from None


def _disjoint(file: str, entries: Sequence[_Dated]) -> None:
    ordered = sorted(entries, key=lambda entry: entry.since)
    for earlier, later in pairwise(ordered):
        if earlier.until is None or earlier.until >= later.since:
            raise RulesUnreadable(
                file=file,
                why=Words(
                    f"{earlier.id} và {later.id} cùng có hiệu lực", f"{earlier.id} and {later.id} are in force at once"
                ),
            )
