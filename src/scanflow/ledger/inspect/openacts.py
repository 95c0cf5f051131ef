"""Acts that were announced and have no outcome, found without opening the ledger for writing (việc dở dang)."""

from __future__ import annotations

from collections.abc import Iterable

from scanflow.ledger.entry import Entry
from scanflow.ledger.event import Intent


def open_acts(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The intents among ``entries`` that no later entry closes, oldest first."""
    left: dict[int, Entry] = {}
    for entry in entries:
        if isinstance(entry.event, Intent):
            left[entry.n] = entry
        elif entry.act is not None:
            left.pop(entry.act, None)
    return tuple(left.values())
