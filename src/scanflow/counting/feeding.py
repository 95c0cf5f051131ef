"""Acts of the feeder and of those who look at its sheets: each takes a state and gives the next."""

from __future__ import annotations

from dataclasses import replace

from scanflow.counting import errors, events
from scanflow.counting.sheets import Fate, Outcome, Sheet, Side
from scanflow.counting.state import (
    Cursor,
    Mode,
    State,
    attach,
    detach,
    open_document,
    put_sheet,
    route_out,
    spoil,
)
from scanflow.errors import Words
from scanflow.pages import SideLabel


def sheet_fed(state: State, event: events.SheetFed) -> State:
    """One more sheet, put where the cursor stands."""
    if event.sheet != len(state.sheets) + 1:
        raise errors.EventRefused(sheet=event.sheet, what=Words("nạp tờ", "feed a sheet"))
    sheet = Sheet(event.duplex)
    totals = replace(state.totals.moved(None, sheet.fate), fed=state.totals.fed + 1)
    state = replace(state, sheets=state.sheets.append(sheet), totals=totals, strays=state.strays + sheet.stray)
    return attach(state, event.sheet)


def separator_read(state: State, event: events.SeparatorRead) -> State:
    """A fed sheet is a separator: it opens its document, and the sheets drawn behind it follow."""
    sheet = state.sheet(event.sheet, Words("tờ phân cách", "separator"))
    if sheet.separator or sheet.spoiled is not None:
        raise errors.EventRefused(sheet=event.sheet, what=Words("tờ phân cách", "separator"))
    index = _announced(state, event)
    if event.other_side not in {SideLabel.BLANK, None}:
        raise errors.SeparatorNotBlank(sheet=event.sheet)
    tail = tuple(range(event.sheet, len(state.sheets) + 1))
    followers = tuple(n for n in tail[1:] if state.sheets[n - 1].spoiled is None)
    if any(state.sheets[n - 1].separator for n in followers):
        raise errors.EventRefused(
            sheet=event.sheet, what=Words("tờ phân cách sau tờ phân cách", "separator behind a separator")
        )
    rescan = state.cursor is not None and state.cursor.rescan
    state = detach(state, (event.sheet, *followers))
    state = put_sheet(state, event.sheet, replace(sheet, separator=True, document=None, routed=False))
    if rescan:
        return state
    state = replace(open_document(state, index), cursor=Cursor(index))
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
    if state.documents[index].routed and not state.documents[index].sheets:
        raise errors.DocumentFinished(ordinal=event.code.ordinal)
    if state.documents[index].opened:
        raise errors.SeparatorDoubled(sheet=event.sheet, ordinal=event.code.ordinal)
    if index != state.expected:
        expected = state.row(state.expected).ordinal
        raise errors.SeparatorMissing(sheet=event.sheet, expected=expected)
    return index


def side_examined(state: State, event: events.SideExamined) -> State:
    """The gate's word on a side."""
    sheet = state.sheet(event.sheet, Words("xem mặt giấy", "examine a side"))
    if sheet.side(event.face) is not None or (event.face.value == "verso" and not sheet.duplex):
        raise errors.EventRefused(sheet=event.sheet, what=Words("xem mặt giấy", "examine a side"))
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


def side_decided(state: State, event: events.SideDecided) -> State:
    """A person's word on a side."""
    sheet = state.sheet(event.sheet, Words("quyết định", "decide"))
    side = sheet.side(event.face)
    allowed = side is not None and (
        event.outcome is Outcome.ROUTE_OUT or (event.outcome is Outcome.CLEAR and side.outcome is Outcome.HOLD)
    )
    if side is None or not allowed:
        raise errors.EventRefused(sheet=event.sheet, what=Words("quyết định", "decide"))
    return _decide(state, event.sheet, sheet.with_side(event.face, replace(side, outcome=event.outcome)))


def _decide(state: State, ordinal: int, sheet: Sheet) -> State:
    """A mark found on a sheet routes out its document, even where the scan of that sheet no longer counts."""
    state = put_sheet(state, ordinal, sheet)
    if sheet.document is not None and sheet.fate is Fate.ROUTED_OUT:
        return route_out(state, sheet.document)
    return state


def side_relabelled(state: State, event: events.SideRelabelled) -> State:
    """A person says what a side carries."""
    sheet = state.sheet(event.sheet, Words("sửa nhãn", "change a label"))
    side = sheet.side(event.face)
    if side is None or sheet.fate is Fate.ROUTED_OUT:
        raise errors.EventRefused(sheet=event.sheet, what=Words("sửa nhãn", "change a label"))
    return put_sheet(state, event.sheet, sheet.with_side(event.face, replace(side, label=event.label)))


def sheet_spoiled(state: State, event: events.SheetSpoiled) -> State:
    """The scan of a sheet does not count."""
    sheet = state.sheet(event.sheet, Words("hỏng lượt quét", "spoil a run"))
    if sheet.spoiled is not None or sheet.fate is Fate.ROUTED_OUT:
        raise errors.EventRefused(sheet=event.sheet, what=Words("hỏng lượt quét", "spoil a run"))
    return spoil(state, (event.sheet,), event.cause)
