"""An act between its announcement and its outcome (việc đã ghi trước, chờ kết quả)."""

from __future__ import annotations

from collections.abc import Callable

from scanflow.ledger.entry import Entry
from scanflow.ledger.event import Outcome


class Act:
    """An announced act that waits for its outcome (việc đang làm).

    Attributes:
        entry: the intent as recorded.
        outcome: the outcome as recorded, once there is one.
    """

    def __init__(self, entry: Entry, close: Callable[[int, Outcome], Entry]) -> None:
        self.entry = entry
        self.outcome: Entry | None = None
        self._close = close

    def done(self, outcome: Outcome) -> Entry:
        """Record how it went; durable when this returns.

        Raises:
            NotAnOpenIntent: it has an outcome already, or this outcome belongs to another kind of act.
        """
        self.outcome = self._close(self.entry.n, outcome)
        return self.outcome

    failed = done
    """The same for an outcome that is a failure; the event says which it was."""
