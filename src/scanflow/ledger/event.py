"""Events: how a class of the catalogue is declared, and how it becomes JSON and comes back (sự kiện).

One declaration is everything there is to say about an event::

    @event("sheet.fed", vi="Tờ {sheet} của đợt {batch} đã qua máy quét.", en="Sheet {sheet} of {batch} was
    fed.") class SheetFed(Event):
        '''A sheet left the feeder (tờ đã nạp).'''

        batch: BatchId
        sheet: Ordinal

It makes the frozen class, its checks, the reader of old ledgers and the page of ``docs/events.md``.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, ClassVar, TypeVar, dataclass_transform

from scanflow.ledger import kinds
from scanflow.ledger.errors import FieldRefused, NotInCatalogue
from scanflow.ledger.kinds import BadField, Record, Word

_ID = re.compile(r"[a-z][a-z0-9_]{1,19}(\.[a-z][a-z0-9_]{1,29})")


class Weight(Word):
    """How an inspector should look at an event (mức độ)."""

    ROUTINE = "routine", "thường"
    NOTICE = "notice", "lưu ý"
    WARNING = "warning", "cảnh báo"
    ALARM = "alarm", "báo động"


class Event:
    """Root of all events. Values are checked when an event is made: a wrong one cannot exist."""

    __slots__ = ()
    id: ClassVar[str]
    weight: ClassVar[Weight]
    vi: ClassVar[str]
    en: ClassVar[str]

    def __post_init__(self) -> None:
        """Refuse a value that is not of its field's kind.

        Raises:
            FieldRefused: which field of which event, and the kind it asks for.
            NotInCatalogue: the class was not declared with :func:`event`.
        """
        if CATALOGUE.get(getattr(self, "id", "")) is not type(self):
            raise NotInCatalogue(event=type(self).__name__, field="–")
        try:
            kinds.check(self, self.id)
        except BadField as bad:
            raise FieldRefused(event=self.id, field=bad.field.rpartition(".")[2], kind=bad.kind) from None

    @property
    def say_vi(self) -> str:
        """The Vietnamese sentence with this event's facts."""
        return self.vi.format_map(self._spoken())

    @property
    def say_en(self) -> str:
        """The English sentence with this event's facts."""
        held = ((field, getattr(self, field.name)) for field in kinds.plan(type(self)))
        return self.en.format_map({field.name: _english(value) for field, value in held})

    def _spoken(self) -> dict[str, str]:
        held = ((field, getattr(self, field.name)) for field in kinds.plan(type(self)))
        return {field.name: "–" if value is None else field.kind.say(value) for field, value in held}


def _english(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(_english(one) for one in value) or "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Record):
        return value.say_en
    return "–" if value is None else value.name if isinstance(value, IntEnum) else str(value)


class Intent(Event):
    """An act that is announced before it is done, open until its outcome is recorded (việc sắp làm)."""

    __slots__ = ()


class Outcome(Event):
    """How an announced act went (kết quả). Recorded only with the number of its intent.

    Attributes:
        closes: the intents that this outcome may close.
    """

    __slots__ = ()
    closes: ClassVar[tuple[type[Intent], ...]] = ()


CATALOGUE: dict[str, type[Event]] = {}
"""Every event by its id, in the order of declaration."""

E = TypeVar("E", bound=type[Event])


@dataclass_transform(frozen_default=True, kw_only_default=True)
def event(event_id: str, *, vi: str, en: str, weight: Weight = Weight.ROUTINE) -> Callable[[E], E]:
    """Declare an event of the catalogue.

    Args:
        event_id: stable id, ``theme.what``; never reused for another meaning.
        vi: sentence for the inspector, with ``{field}`` names.
        en: the same in English.
        weight: how loud it is.

    Raises:
        TypeError: a doubled or ill-formed id, a field of a type that could hold content, a sentence that
            names a field which is not there.
    """

    def declare(cls: E) -> E:
        made: Any = dataclass(frozen=True, slots=True, kw_only=True)(cls)
        made.id, made.vi, made.en, made.weight = event_id, vi, en, weight
        names = {field.name for field in kinds.plan(made)}
        asked = {name for text in (vi, en) for _, name, _, _ in string.Formatter().parse(text) if name is not None}
        if event_id in CATALOGUE or not _ID.fullmatch(event_id):
            raise TypeError(f"the id {event_id} is taken or ill-formed")
        if not asked <= names:
            raise TypeError(f"a sentence of {event_id} names a field that the event has not")
        CATALOGUE[event_id] = made
        return made  # type: ignore[no-any-return]

    return declare


def to_data(one: Event) -> dict[str, Any]:
    """The event's fields as JSON values."""
    return kinds.store(one)


def from_data(event_id: str, data: dict[str, Any]) -> Event:
    """Read an event back.

    Raises:
        NotInCatalogue: an unknown id, or a field that the catalogue's class has not.
    """
    cls = CATALOGUE.get(event_id)
    if cls is None:
        raise NotInCatalogue(event="?", field="–")
    try:
        return kinds.load(cls, data, kinds.plan(cls))  # type: ignore[no-any-return]
    except BadField as bad:
        raise NotInCatalogue(event=event_id, field=bad.field) from bad
    except FieldRefused as refused:
        raise NotInCatalogue(event=event_id, field=str(refused.facts["field"])) from refused
