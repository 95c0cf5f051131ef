"""The tally: one frozen state a batch, one new state an event (kiểm đếm). Pure; the ledger can replay it.

``fed = cleared + held + routed out + spoiled + separators`` is checked after every event. A sheet is born
held and stays so until each of its sides was decided, so that nothing that went through the feeder is ever
without a place.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from scanflow.counting import arranging, errors, events, feeding
from scanflow.counting.sheets import Fate, Totals
from scanflow.counting.shelf import Shelf
from scanflow.counting.state import Document, Mode, State, skip_to_next
from scanflow.errors import Words
from scanflow.manifest import Manifest


@dataclass(frozen=True)
class Tally:
    """The count of one batch after some events."""

    state: State

    @classmethod
    def open(cls, manifest: Manifest, mode: Mode, *, routed: Collection[int] = ()) -> Tally:
        """The count before the first sheet. Documents declared TUYỆT MẬT are never waited for.

        Args:
            manifest: the list.
            mode: how documents are told apart.
            routed: STT of documents that were tách riêng in an earlier run over this list: all their paper is out.
        """
        index = {row.ordinal: at for at, row in enumerate(manifest.rows)}
        documents = Shelf.of(
            Document(opened=True, routed=True, removed=row.sheets) if row.ordinal in routed else Document()
            for row in manifest.rows
        )
        return cls(skip_to_next(State(manifest, mode, index, documents=documents)))

    def after(self, event: events.Event) -> Tally:
        """The count after one more event.

        Raises:
            CountingError: the event cannot be; this tally stands, and the sheet stays as it was.
            InvariantBroken: the program is wrong.
        """
        state = _ACTS[type(event)](self.state, event)
        totals = state.totals
        if totals.fed != totals.accounted or totals.fed != len(state.sheets):
            raise errors.InvariantBroken(fed=totals.fed, accounted=totals.accounted)
        return Tally(state)

    def after_all(self, happened: Iterable[events.Event]) -> Tally:
        """Replay events in order."""
        tally = self
        for event in happened:
            tally = tally.after(event)
        return tally

    @property
    def totals(self) -> Totals:
        """Sheets by fate."""
        return self.state.totals

    def fate(self, sheet: int) -> Fate:
        """Where a fed sheet stands."""
        return self.state.sheet(sheet, Words("tra cứu", "look up")).fate

    def document_of(self, sheet: int) -> int | None:
        """STT of the document that a sheet belongs to, None for none."""
        index = self.state.sheet(sheet, Words("tra cứu", "look up")).document
        return None if index is None else self.state.row(index).ordinal

    @property
    def current(self) -> int | None:
        """STT of the document that the next sheet goes to."""
        cursor = self.state.cursor
        return None if cursor is None else self.state.row(cursor.document).ordinal

    @property
    def next_expected(self) -> int | None:
        """STT of the first document of the list that did not come yet, None when all did."""
        rows, at = self.state.manifest.rows, self.state.expected
        return rows[at].ordinal if at < len(rows) else None

    @property
    def last_good(self) -> int | None:
        """The last sheet that counts, None when there is none: after a jam loading goes on behind it."""
        for ordinal in range(len(self.state.sheets), 0, -1):
            if self.state.sheets[ordinal - 1].fate is not Fate.SPOILED:
                return ordinal
        return None

    def routed_at(self, ordinal: int) -> int | None:
        """The first sheet of a document on which a TUYỆT MẬT mark was found, None when there is none."""
        index = self.state.find(ordinal)
        for number, sheet in enumerate(self.state.sheets, start=1):
            if sheet.document == index and sheet.marked:
                return number
        return None

    def document_sheets(self, ordinal: int) -> tuple[int, ...]:
        """Live sheets of a document in reading order."""
        return self.state.documents[self.state.find(ordinal)].sheets


_ACTS: dict[type, Callable[[State, Any], State]] = {
    events.SheetFed: feeding.sheet_fed,
    events.SeparatorRead: feeding.separator_read,
    events.SideExamined: feeding.side_examined,
    events.SideDecided: feeding.side_decided,
    events.SideRelabelled: feeding.side_relabelled,
    events.SheetSpoiled: feeding.sheet_spoiled,
    events.DocumentOpened: arranging.document_opened,
    events.DocumentClosed: arranging.document_closed,
    events.RescanOpened: arranging.rescan_opened,
    events.InsertOpened: arranging.insert_opened,
    events.RescanClosed: arranging.rescan_closed,
    events.SheetsRemoved: arranging.sheets_removed,
    events.FeedEnded: arranging.feed_ended,
    events.RowCorrected: arranging.row_corrected,
}
