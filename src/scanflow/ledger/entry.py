"""One line of the ledger: an event with its number and its times (một mục của sổ)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from scanflow.ledger import canonical, clock
from scanflow.ledger.errors import LedgerDamaged, NotInCatalogue
from scanflow.ledger.event import Event, from_data, to_data
from scanflow.ledger.merkle import Hash, leaf_hash

_KEYS = frozenset({"at", "boot", "data", "event", "mono", "n"})
_BOOT = re.compile(r"[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as it stands in the ledger.

    Attributes:
        n: its number, from 0.
        event: what happened.
        at: wall time, ``2026-11-22T05:55:01.123456Z``.
        mono: microseconds since boot.
        boot: first eight hex digits of the boot id.
        act: for an intent its own number, for an outcome that of its intent, else None.
    """

    n: int
    event: Event
    at: str
    mono: int
    boot: str
    act: int | None = None

    @property
    def line(self) -> bytes:
        """The canonical JSON without newline. ``n`` stands last and can be checked without parsing."""
        value: dict[str, Any] = {
            "at": self.at,
            "boot": self.boot,
            "data": to_data(self.event),
            "event": self.event.id,
            "mono": self.mono,
            "n": self.n,
        }
        if self.act is not None:
            value["act"] = self.act
        return canonical.encode(value)

    @property
    def leaf(self) -> Hash:
        """Its leaf in the Merkle tree."""
        return leaf_hash(self.line)

    @property
    def wall(self) -> int:
        """Wall time in microseconds."""
        return clock.micros(self.at)


def ending(n: int) -> bytes:
    """How the line of entry ``n`` ends: its number cannot be claimed by another place."""
    return b',"n":%d}' % n


def parse(line: bytes, n: int) -> Entry:
    """Read entry ``n``, strictly.

    Raises:
        LedgerDamaged: not canonical, another number, an unknown event, or a field that does not fit it.
    """
    try:
        value = canonical.decode(line)
        act = value.pop("act", None)
        if value.keys() != _KEYS or value["n"] != n or not _BOOT.fullmatch(value["boot"]):
            raise ValueError("envelope")
        if type(value["mono"]) is not int or type(value["n"]) is not int or not isinstance(act, int | None):
            raise ValueError("envelope")
        clock.micros(value["at"])
        made = from_data(value["event"], value["data"])
    except (ValueError, TypeError, AttributeError, NotInCatalogue) as broken:
        raise LedgerDamaged(n=n) from broken
    return Entry(n, made, value["at"], value["mono"], value["boot"], act)
