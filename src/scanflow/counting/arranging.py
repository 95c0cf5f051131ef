"""Acts on documents: announced, scanned again, taken out by hand, corrected (sắp xếp tài liệu)."""

from __future__ import annotations

from dataclasses import replace

from scanflow.counting import errors, events
from scanflow.counting.sheets import Spoil
from scanflow.counting.signing import check_correction
from scanflow.counting.state import (
    CounterDifference,
    Cursor,
    Mode,
    State,
    open_document,
    put_document,
    spoil,
)
from scanflow.errors import Words


def document_opened(state: State, event: events.DocumentOpened) -> State:
    """The sheets that come are of this document."""
    index = state.find(event.ordinal)
    if state.mode is not Mode.ONE_FEED or state.cursor is not None:
        raise errors.EventRefused(sheet=len(state.sheets), what=Words("mở tài liệu", "open a document"))
    _still_open(state, index)
    return replace(open_document(state, index), cursor=Cursor(index))


def document_closed(state: State, event: events.DocumentClosed) -> State:
    """The feed of this document is over."""
    cursor = state.cursor
    known = cursor is not None and not cursor.rescan and cursor.document == state.find(event.ordinal)
    if state.mode is not Mode.ONE_FEED or not known:
        raise errors.EventRefused(sheet=len(state.sheets), what=Words("đóng tài liệu", "close a document"))
    return replace(state, cursor=None)


def _still_open(state: State, index: int) -> None:
    if state.documents[index].routed:
        raise errors.DocumentFinished(ordinal=state.row(index).ordinal)


def rescan_opened(state: State, event: events.RescanOpened) -> State:
    """Sheets of a document are to be replaced at their place."""
    index = _may_rescan(state, event.ordinal)
    live, first, last = state.documents[index].sheets, event.first, event.last
    if first is None and last is None:
        state = open_document(state, index)  # one of which nothing came yet is fed now, out of its turn
        state = put_document(state, index, replace(state.documents[index], removed=0))
        return _aside(spoil(state, live, Spoil.RESCANNED), Cursor(index, 0, rescan=True))
    if first not in live or last not in live or live.index(last) < live.index(first):
        raise errors.EventRefused(sheet=first or last or 0, what=Words("quét lại", "scan again"))
    place = live.index(first)
    replaced = live[place : live.index(last) + 1]
    return _aside(spoil(state, replaced, Spoil.RESCANNED), Cursor(index, place, rescan=True))


def insert_opened(state: State, event: events.InsertOpened) -> State:
    """Sheets are to be put between those of a document."""
    index = _may_rescan(state, event.ordinal)
    live = state.documents[index].sheets
    if not state.documents[index].opened:
        raise errors.EventRefused(sheet=len(state.sheets), what=Words("chèn tờ", "insert sheets"))
    if event.after != 0 and event.after not in live:
        raise errors.EventRefused(sheet=event.after, what=Words("chèn tờ", "insert sheets"))
    place = 0 if event.after == 0 else live.index(event.after) + 1
    return _aside(state, Cursor(index, place, rescan=True))


def _may_rescan(state: State, ordinal: int) -> int:
    index = state.find(ordinal)
    _still_open(state, index)
    if state.cursor is not None and state.cursor.rescan:
        raise errors.EventRefused(sheet=len(state.sheets), what=Words("quét lại", "scan again"))
    return index


def _aside(state: State, cursor: Cursor) -> State:
    return replace(state, resume=state.cursor, cursor=cursor)


def rescan_closed(state: State, event: events.RescanClosed) -> State:
    """The stack goes on where it stood."""
    if state.cursor is None or not state.cursor.rescan:
        raise errors.EventRefused(sheet=len(state.sheets), what=Words("xong quét lại", "end of scanning again"))
    return replace(state, cursor=state.resume, resume=None)


def sheets_removed(state: State, event: events.SheetsRemoved) -> State:
    """Sheets were taken out by hand, unscanned."""
    index = state.find(event.ordinal)
    document = state.documents[index]
    if event.sheets < 1 or (not document.opened and state.mode is Mode.SEPARATORS and index != state.expected):
        raise errors.EventRefused(sheet=len(state.sheets), what=Words("lấy ra bằng tay", "taken out by hand"))
    state = put_document(state, index, replace(document, removed=document.removed + event.sheets))
    return open_document(state, index)


def feed_ended(state: State, event: events.FeedEnded) -> State:
    """The feeder is empty; compare with the scanner's own count."""
    ours = len(state.sheets) - state.feed_from
    differences = state.counter_differences
    if event.scanner_count is not None and event.scanner_count != ours:
        found = CounterDifference(state.feed_from + 1, len(state.sheets), ours, event.scanner_count)
        differences = (*differences, found)
    return replace(state, feed_from=len(state.sheets), counter_differences=differences)


def row_corrected(state: State, event: events.RowCorrected) -> State:
    """The row of a document was corrected."""
    index = state.find(event.ordinal)
    _still_open(state, index)
    row, document = state.row(index), state.documents[index]
    before = document.declared or (row.sheets, row.pages)
    after = (event.sheets, event.pages)
    if not 1 <= event.sheets <= event.pages <= 2 * event.sheets or before == after:
        raise errors.EventRefused(sheet=len(state.sheets), what=Words("sửa danh mục", "correct the list"))
    check_correction(state.manifest.batch_id, event.ordinal, before, after, event.sign_off)
    return put_document(state, index, replace(document, declared=after))
