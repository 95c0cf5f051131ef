"""The state of the count and its few primitive changes, each of which keeps the totals right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from scanflow.counting.errors import DocumentUnknown, EventRefused, TopSecretInStack
from scanflow.counting.sheets import Fate, Sheet, Spoil, Totals
from scanflow.counting.shelf import Shelf
from scanflow.errors import Words
from scanflow.manifest import Manifest, Row


class Mode(StrEnum):
    """How documents are told apart; never by what their pages look like."""

    SEPARATORS = "separators"
    """A stack with printed separator sheets (tờ phân cách), in the order of the list."""
    ONE_FEED = "one_feed"
    """One document a feed, announced by its STT."""


@dataclass(frozen=True, slots=True)
class Document:
    """What was fed of one row.

    Attributes:
        sheets: ordinals of its live sheets in reading order; spoiled ones have left.
        opened: its separator was seen, or it was announced, or taken out by hand.
        routed: it is tách riêng, for good.
        removed: sheets taken out by hand, unscanned.
        declared: sheets and pages after a correction of the list, None while the list stands.
    """

    sheets: tuple[int, ...] = ()
    opened: bool = False
    routed: bool = False
    removed: int = 0
    declared: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the next sheet goes.

    Attributes:
        document: index of the document.
        at: place among its live sheets, None behind the last.
        rescan: opened for a rescan or an insertion.
    """

    document: int
    at: int | None = None
    rescan: bool = False


@dataclass(frozen=True, slots=True)
class CounterDifference:
    """The scanner counted otherwise than we in one feed: sheets ``first`` to ``last`` (none when that is less)."""

    first: int
    last: int
    ours: int
    scanner: int


@dataclass(frozen=True)
class State:
    """All that was counted of a batch, immutable (sổ đếm của đợt). Made by :class:`Tally`."""

    manifest: Manifest
    mode: Mode
    index: dict[int, int]
    sheets: Shelf[Sheet] = field(default_factory=Shelf)
    documents: Shelf[Document] = field(default_factory=Shelf)
    totals: Totals = field(default_factory=Totals)
    cursor: Cursor | None = None
    resume: Cursor | None = None
    expected: int = 0
    feed_from: int = 0
    strays: int = 0
    counter_differences: tuple[CounterDifference, ...] = ()

    def row(self, document: int) -> Row:
        """The row of the document at ``document``."""
        return self.manifest.rows[document]

    def find(self, ordinal: int) -> int:
        """Index of the document with this STT.

        Raises:
            DocumentUnknown: not in the list.
            TopSecretInStack: declared TUYỆT MẬT, must not be fed.
        """
        if ordinal not in self.index:
            raise DocumentUnknown(ordinal=ordinal)
        found = self.index[ordinal]
        if self.row(found).refused:
            raise TopSecretInStack(ordinal=ordinal)
        return found

    def sheet(self, ordinal: int, what: Words) -> Sheet:
        """The fed sheet with this ordinal.

        Raises:
            EventRefused: it was not fed.
        """
        if not 1 <= ordinal <= len(self.sheets):
            raise EventRefused(sheet=ordinal, what=what)
        return self.sheets[ordinal - 1]


def put_sheet(state: State, ordinal: int, sheet: Sheet) -> State:
    """Change one sheet and keep the totals."""
    before = state.sheets[ordinal - 1].fate
    totals = state.totals.moved(before, sheet.fate)
    strays = state.strays + sheet.stray - state.sheets[ordinal - 1].stray
    return replace(state, sheets=state.sheets.put(ordinal - 1, sheet), totals=totals, strays=strays)


def put_document(state: State, index: int, document: Document) -> State:
    """Change one document."""
    return replace(state, documents=state.documents.put(index, document))


def detach(state: State, ordinals: Iterable[int]) -> State:
    """Take sheets out of their documents' live sheets; the cursor keeps its place."""
    for ordinal in ordinals:
        sheet = state.sheets[ordinal - 1]
        if sheet.document is None:
            continue
        document = state.documents[sheet.document]
        if ordinal not in document.sheets:
            continue
        place = document.sheets.index(ordinal)
        live = document.sheets[:place] + document.sheets[place + 1 :]
        state = put_document(state, sheet.document, replace(document, sheets=live))
        cursor = state.cursor
        if cursor is not None and cursor.document == sheet.document and cursor.at is not None and place < cursor.at:
            state = replace(state, cursor=replace(cursor, at=cursor.at - 1))
    return state


def attach(state: State, ordinal: int) -> State:
    """Put a sheet at the cursor; it shares the document's fate."""
    cursor = state.cursor
    sheet = state.sheets[ordinal - 1]
    if cursor is None:
        return put_sheet(state, ordinal, replace(sheet, document=None, routed=False))
    document = state.documents[cursor.document]
    place = len(document.sheets) if cursor.at is None else cursor.at
    live = (*document.sheets[:place], ordinal, *document.sheets[place:])
    state = put_document(state, cursor.document, replace(document, sheets=live))
    if cursor.at is not None:
        state = replace(state, cursor=replace(cursor, at=cursor.at + 1))
    state = put_sheet(state, ordinal, replace(sheet, document=cursor.document, routed=document.routed))
    if state.sheets[ordinal - 1].fate is Fate.ROUTED_OUT and not document.routed:
        state = route_out(state, cursor.document)
    return state


def route_out(state: State, index: int) -> State:
    """A document is tách riêng: all its live sheets with it, and those that still come."""
    document = state.documents[index]
    state = put_document(state, index, replace(document, routed=True))
    for ordinal in document.sheets:
        state = put_sheet(state, ordinal, replace(state.sheets[ordinal - 1], routed=True))
    return state


def skip_to_next(state: State) -> State:
    """Go on to the first document of the list that is neither refused nor opened."""
    at = state.expected
    rows = state.manifest.rows
    while at < len(rows) and (rows[at].refused or state.documents[at].opened):
        at += 1
    return replace(state, expected=at)


def open_document(state: State, index: int) -> State:
    """Its first sheet may come: it is not waited for any more."""
    state = put_document(state, index, replace(state.documents[index], opened=True))
    return skip_to_next(state)


def spoil(state: State, ordinals: Iterable[int], cause: Spoil) -> State:
    """These scans no longer count; their sheets leave their documents."""
    for ordinal in ordinals:
        state = detach(state, (ordinal,))
        state = put_sheet(state, ordinal, replace(state.sheets[ordinal - 1], spoiled=cause))
    return state
