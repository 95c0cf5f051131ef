"""The tally: one frozen state a batch, one new state an event (kiểm đếm). Pure; the ledger can replay it.

``fed = cleared + held + routed out + spoiled + separators`` is checked after every event. A sheet is born
held and stays so until each of its sides was decided, so that nothing that went through the feeder is ever
without a place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from scanflow.counting import errors, events
from scanflow.counting.sheets import Fate, Outcome, Sheet, Side, Spoil, Totals
from scanflow.counting.shelf import Shelf
from scanflow.counting.signing import check_correction
from scanflow.counting.state import (
    CounterDifference,
    Cursor,
    Document,
    Mode,
    State,
    attach,
    detach,
    put_document,
    put_sheet,
    route_out,
)
from scanflow.manifest import Manifest
from scanflow.pages import SideLabel


@dataclass(frozen=True)
class Tally:
    """The count of one batch after some events."""

    state: State

    @classmethod
    def open(cls, manifest: Manifest, mode: Mode) -> Tally:
        """The count before the first sheet. Documents declared TUYỆT MẬT are never waited for."""
        index = {row.ordinal: at for at, row in enumerate(manifest.rows)}
        documents = Shelf.of(Document() for _ in manifest.rows)
        return cls(_skip_to_next(State(manifest, mode, index, documents=documents)))

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
        return self.state.sheet(sheet, "tra cứu").fate

    def document_of(self, sheet: int) -> int | None:
        """STT of the document that a sheet belongs to, None for none."""
        index = self.state.sheet(sheet, "tra cứu").document
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

    def document_sheets(self, ordinal: int) -> tuple[int, ...]:
        """Live sheets of a document in reading order."""
        return self.state.documents[self.state.find(ordinal)].sheets


def _skip_to_next(state: State) -> State:
    at = state.expected
    rows = state.manifest.rows
    while at < len(rows) and (rows[at].refused or state.documents[at].opened):
        at += 1
    return replace(state, expected=at)


def _open(state: State, index: int) -> State:
    state = put_document(state, index, replace(state.documents[index], opened=True))
    return _skip_to_next(state)


def _fed(state: State, event: events.SheetFed) -> State:
    if event.sheet != len(state.sheets) + 1:
        raise errors.EventRefused(sheet=event.sheet, what="nạp tờ")
    sheet = Sheet(event.duplex)
    totals = replace(state.totals.moved(None, sheet.fate), fed=state.totals.fed + 1)
    state = replace(
        state, sheets=state.sheets.append(sheet), totals=totals, strays=state.strays + sheet.stray
    )
    return attach(state, event.sheet)


def _separator(state: State, event: events.SeparatorRead) -> State:
    sheet = state.sheet(event.sheet, "tờ phân cách")
    if sheet.separator or sheet.spoiled is not None:
        raise errors.EventRefused(sheet=event.sheet, what="tờ phân cách")
    index = _announced(state, event)
    if event.other_side not in {SideLabel.BLANK, None}:
        raise errors.SeparatorNotBlank(sheet=event.sheet)
    tail = tuple(range(event.sheet, len(state.sheets) + 1))
    followers = tuple(n for n in tail[1:] if state.sheets[n - 1].spoiled is None)
    if any(state.sheets[n - 1].separator for n in followers):
        raise errors.EventRefused(sheet=event.sheet, what="tờ phân cách sau tờ phân cách")
    rescan = state.cursor is not None and state.cursor.rescan
    state = detach(state, (event.sheet, *followers))
    state = put_sheet(state, event.sheet, replace(sheet, separator=True, document=None, routed=False))
    if rescan:
        return state
    state = replace(_open(state, index), cursor=Cursor(index))
    for ordinal in followers:
        state = attach(state, ordinal)
    return state


def _announced(state: State, event: events.SeparatorRead) -> int:
    """Index of the document whose separator may come now."""
    if state.mode is not Mode.SEPARATORS:
        raise errors.SeparatorUnexpected(sheet=event.sheet)
    if event.code.batch_id != state.manifest.batch_id or event.code.ordinal not in state.index:
        raise errors.SeparatorForeign(sheet=event.sheet)
    index = state.find(event.code.ordinal)
    cursor = state.cursor
    if cursor is not None and cursor.rescan:
        newest = event.sheet == len(state.sheets)
        if cursor.document != index or not newest:
            raise errors.SeparatorDoubled(sheet=event.sheet, ordinal=event.code.ordinal)
        return index
    if state.documents[index].opened:
        raise errors.SeparatorDoubled(sheet=event.sheet, ordinal=event.code.ordinal)
    if index != state.expected:
        expected = state.row(state.expected).ordinal
        raise errors.SeparatorMissing(sheet=event.sheet, expected=expected)
    return index


def _examined(state: State, event: events.SideExamined) -> State:
    sheet = state.sheet(event.sheet, "xem mặt giấy")
    if sheet.side(event.face) is not None or (event.face.value == "verso" and not sheet.duplex):
        raise errors.EventRefused(sheet=event.sheet, what="xem mặt giấy")
    if event.outcome is not Outcome.ROUTE_OUT:
        _has_a_place(state, event.sheet, sheet)
    return _decide(state, event.sheet, sheet.with_side(event.face, Side(event.label, event.outcome)))


def _has_a_place(state: State, ordinal: int, sheet: Sheet) -> None:
    """A sheet that is no separator belongs to a document, or one was forgotten."""
    if sheet.document is not None or sheet.separator or sheet.spoiled is not None:
        return
    if state.mode is Mode.ONE_FEED:
        raise errors.NoDocumentOpen(sheet=ordinal)
    rows = state.manifest.rows
    expected = rows[state.expected].ordinal if state.expected < len(rows) else rows[-1].ordinal
    raise errors.SeparatorMissing(sheet=ordinal, expected=expected)


def _decided(state: State, event: events.SideDecided) -> State:
    sheet = state.sheet(event.sheet, "quyết định")
    side = sheet.side(event.face)
    allowed = side is not None and (
        event.outcome is Outcome.ROUTE_OUT
        or (event.outcome is Outcome.CLEAR and side.outcome is Outcome.HOLD)
    )
    if side is None or not allowed:
        raise errors.EventRefused(sheet=event.sheet, what="quyết định")
    return _decide(state, event.sheet, sheet.with_side(event.face, replace(side, outcome=event.outcome)))


def _decide(state: State, ordinal: int, sheet: Sheet) -> State:
    """A mark found on a sheet routes out its document, even where the scan of that sheet no longer counts."""
    state = put_sheet(state, ordinal, sheet)
    if sheet.document is not None and sheet.fate is Fate.ROUTED_OUT:
        return route_out(state, sheet.document)
    return state


def _relabelled(state: State, event: events.SideRelabelled) -> State:
    sheet = state.sheet(event.sheet, "sửa nhãn")
    side = sheet.side(event.face)
    if side is None or sheet.fate is Fate.ROUTED_OUT:
        raise errors.EventRefused(sheet=event.sheet, what="sửa nhãn")
    return put_sheet(state, event.sheet, sheet.with_side(event.face, replace(side, label=event.label)))


def _spoiled(state: State, event: events.SheetSpoiled) -> State:
    sheet = state.sheet(event.sheet, "hỏng lượt quét")
    if sheet.spoiled is not None or sheet.fate is Fate.ROUTED_OUT:
        raise errors.EventRefused(sheet=event.sheet, what="hỏng lượt quét")
    return _spoil(state, (event.sheet,), event.cause)


def _spoil(state: State, ordinals: Iterable[int], cause: Spoil) -> State:
    for ordinal in ordinals:
        state = detach(state, (ordinal,))
        state = put_sheet(state, ordinal, replace(state.sheets[ordinal - 1], spoiled=cause))
    return state


def _opened(state: State, event: events.DocumentOpened) -> State:
    index = state.find(event.ordinal)
    if state.mode is not Mode.ONE_FEED or state.cursor is not None:
        raise errors.EventRefused(sheet=len(state.sheets), what="mở tài liệu")
    _still_open(state, index)
    return replace(_open(state, index), cursor=Cursor(index))


def _closed(state: State, event: events.DocumentClosed) -> State:
    cursor = state.cursor
    known = cursor is not None and not cursor.rescan and cursor.document == state.find(event.ordinal)
    if state.mode is not Mode.ONE_FEED or not known:
        raise errors.EventRefused(sheet=len(state.sheets), what="đóng tài liệu")
    return replace(state, cursor=None)


def _still_open(state: State, index: int) -> None:
    if state.documents[index].routed:
        raise errors.DocumentFinished(ordinal=state.row(index).ordinal)


def _rescan(state: State, event: events.RescanOpened) -> State:
    index = _may_rescan(state, event.ordinal)
    document = state.documents[index]
    live, first, last = document.sheets, event.first, event.last
    if first is None and last is None:
        state = put_document(state, index, replace(document, removed=0))
        return _aside(_spoil(state, live, Spoil.RESCANNED), Cursor(index, 0, rescan=True))
    if first not in live or last not in live or live.index(last) < live.index(first):
        raise errors.EventRefused(sheet=first or last or 0, what="quét lại")
    place = live.index(first)
    replaced = live[place : live.index(last) + 1]
    return _aside(_spoil(state, replaced, Spoil.RESCANNED), Cursor(index, place, rescan=True))


def _insert(state: State, event: events.InsertOpened) -> State:
    index = _may_rescan(state, event.ordinal)
    live = state.documents[index].sheets
    if event.after != 0 and event.after not in live:
        raise errors.EventRefused(sheet=event.after, what="chèn tờ")
    place = 0 if event.after == 0 else live.index(event.after) + 1
    return _aside(state, Cursor(index, place, rescan=True))


def _may_rescan(state: State, ordinal: int) -> int:
    index = state.find(ordinal)
    _still_open(state, index)
    if not state.documents[index].opened or (state.cursor is not None and state.cursor.rescan):
        raise errors.EventRefused(sheet=len(state.sheets), what="quét lại")
    return index


def _aside(state: State, cursor: Cursor) -> State:
    return replace(state, resume=state.cursor, cursor=cursor)


def _rescan_closed(state: State, event: events.RescanClosed) -> State:
    if state.cursor is None or not state.cursor.rescan:
        raise errors.EventRefused(sheet=len(state.sheets), what="xong quét lại")
    return replace(state, cursor=state.resume, resume=None)


def _removed(state: State, event: events.SheetsRemoved) -> State:
    index = state.find(event.ordinal)
    document = state.documents[index]
    if event.sheets < 1 or (
        not document.opened and state.mode is Mode.SEPARATORS and index != state.expected
    ):
        raise errors.EventRefused(sheet=len(state.sheets), what="lấy ra bằng tay")
    state = put_document(state, index, replace(document, removed=document.removed + event.sheets))
    return _open(state, index)


def _feed_ended(state: State, event: events.FeedEnded) -> State:
    ours = len(state.sheets) - state.feed_from
    differences = state.counter_differences
    if event.scanner_count is not None and event.scanner_count != ours:
        found = CounterDifference(state.feed_from + 1, len(state.sheets), ours, event.scanner_count)
        differences = (*differences, found)
    return replace(state, feed_from=len(state.sheets), counter_differences=differences)


def _corrected(state: State, event: events.RowCorrected) -> State:
    index = state.find(event.ordinal)
    _still_open(state, index)
    row, document = state.row(index), state.documents[index]
    before = document.declared or (row.sheets, row.pages)
    after = (event.sheets, event.pages)
    if not 1 <= event.sheets <= event.pages <= 2 * event.sheets or before == after:
        raise errors.EventRefused(sheet=len(state.sheets), what="sửa danh mục")
    check_correction(state.manifest.batch_id, event.ordinal, before, after, event.sign_off)
    return put_document(state, index, replace(document, declared=after))


_ACTS: dict[type, Callable[[State, Any], State]] = {
    events.SheetFed: _fed,
    events.SeparatorRead: _separator,
    events.SideExamined: _examined,
    events.SideDecided: _decided,
    events.SideRelabelled: _relabelled,
    events.SheetSpoiled: _spoiled,
    events.DocumentOpened: _opened,
    events.DocumentClosed: _closed,
    events.RescanOpened: _rescan,
    events.InsertOpened: _insert,
    events.RescanClosed: _rescan_closed,
    events.SheetsRemoved: _removed,
    events.FeedEnded: _feed_ended,
    events.RowCorrected: _corrected,
}
