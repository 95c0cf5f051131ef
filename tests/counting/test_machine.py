"""Random courses of a batch: after every event the tally must agree with a slow and simple book kept beside it.

The book knows nothing of documents' places or totals: it keeps a list of what happened to each sheet and derives all
from it anew. Every event is tried, possible or not; one that is refused must change nothing.
"""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from scanflow.counting import (
    DocumentClosed,
    DocumentOpened,
    Fate,
    FeedEnded,
    InsertOpened,
    Mode,
    RescanClosed,
    RescanOpened,
    SeparatorCode,
    SeparatorRead,
    SheetFed,
    SheetSpoiled,
    SheetsRemoved,
    SideDecided,
    SideExamined,
    SideRelabelled,
    Spoil,
    Tally,
    Verdict,
    count_document,
    reconcile,
)
from scanflow.counting.errors import CountingError, InvariantBroken
from scanflow.pages import Face, SideLabel

from .batches import CLEAR, ROUTE_OUT, Outcome, manifest

DOCUMENTS = st.lists(st.sampled_from([None, (1, 1), (1, 2), (2, 3), (3, 6)]), min_size=1, max_size=4)
FACES, LABELS, OUTCOMES = st.sampled_from(Face), st.sampled_from(SideLabel), st.sampled_from(Outcome)
MOSTLY_CLEAR = st.sampled_from([Outcome.CLEAR] * 6 + [Outcome.HOLD, Outcome.ROUTE_OUT])


class Book:
    """What happened to one sheet, in the plainest words."""

    def __init__(self) -> None:
        self.sides: dict[Face, list] = {}  # type: ignore[type-arg]
        self.spoiled = self.separator = False


class Course(RuleBasedStateMachine):
    """One batch from its list to wherever the events lead."""

    @initialize(documents=DOCUMENTS, mode=st.sampled_from(Mode))
    def start(self, documents, mode) -> None:  # type: ignore[no-untyped-def]
        self.list = manifest(*documents)
        self.mode = mode
        self.tally = Tally.open(self.list, mode)
        self.book: list[Book] = []
        self.routed: set[int] = set()
        self.removed: Counter[int] = Counter()

    def happens(self, event) -> bool:  # type: ignore[no-untyped-def]
        """Try an event; True when it was taken."""
        before = self.tally
        try:
            self.tally = before.after(event)
        except InvariantBroken:
            raise
        except CountingError as refusal:
            assert self.tally is before
            assert refusal.say_vi
            assert refusal.say_en
            return False
        return True

    def a_sheet(self, data: st.DataObject, beyond: int = 1) -> int:
        return data.draw(st.integers(max(1, len(self.book) - 8), len(self.book) + beyond))

    def an_ordinal(self, data: st.DataObject) -> int:
        return data.draw(st.integers(1, len(self.list.rows) + 1))

    @rule(extra=st.sampled_from([0] * 9 + [1, -1]))
    def feed(self, extra: int) -> None:
        if self.happens(SheetFed(len(self.book) + 1 + extra)):
            self.book.append(Book())

    @rule(labels=st.tuples(LABELS, LABELS), outcomes=st.tuples(MOSTLY_CLEAR, MOSTLY_CLEAR))
    def feed_and_examine(self, labels, outcomes) -> None:  # type: ignore[no-untyped-def]
        self.feed(0)
        for face, label, outcome in zip(Face, labels, outcomes, strict=True):
            self.examine_one(len(self.book), face, label, outcome)

    def examine_one(self, sheet: int, face: Face, label: SideLabel, outcome: Outcome) -> None:
        if self.happens(SideExamined(sheet, face, label, outcome)):
            self.book[sheet - 1].sides[face] = [label, outcome]
            self.note_routed(sheet)

    def note_routed(self, sheet: int) -> None:
        document = self.tally.document_of(sheet)
        routed = any(o is Outcome.ROUTE_OUT for _, o in self.book[sheet - 1].sides.values())
        if routed and document is not None:
            self.routed.add(document)

    @rule(data=st.data(), face=FACES, label=LABELS, outcome=OUTCOMES)
    def examine(self, data, face, label, outcome) -> None:  # type: ignore[no-untyped-def]
        self.examine_one(self.a_sheet(data), face, label, outcome)

    @rule(data=st.data(), face=FACES, outcome=OUTCOMES)
    def decide(self, data, face, outcome) -> None:  # type: ignore[no-untyped-def]
        sheet = self.a_sheet(data)
        if self.happens(SideDecided(sheet, face, outcome)):
            side = self.book[sheet - 1].sides[face]
            assert outcome is ROUTE_OUT or (side[1] is Outcome.HOLD and outcome is CLEAR)
            side[1] = outcome
            self.note_routed(sheet)

    @rule(data=st.data(), face=FACES, label=LABELS)
    def relabel(self, data, face, label) -> None:  # type: ignore[no-untyped-def]
        sheet = self.a_sheet(data)
        if self.happens(SideRelabelled(sheet, face, label)):
            self.book[sheet - 1].sides[face][0] = label

    @rule(data=st.data(), cause=st.sampled_from(Spoil))
    def spoil(self, data, cause) -> None:  # type: ignore[no-untyped-def]
        sheet = self.a_sheet(data)
        if self.happens(SheetSpoiled(sheet, cause)):
            self.book[sheet - 1].spoiled = True

    @precondition(lambda self: self.mode is Mode.SEPARATORS)
    @rule(
        data=st.data(),
        right=st.sampled_from([True] * 5 + [False]),
        back=st.sampled_from([SideLabel.BLANK] * 5 + [None, SideLabel.CONTENT]),
        late=st.integers(0, 2),
    )
    def separator(self, data, right, back, late) -> None:  # type: ignore[no-untyped-def]
        expected = self.tally.next_expected
        ordinal = expected if right and expected is not None else self.an_ordinal(data)
        batch = self.list.batch_id if right or data.draw(st.booleans()) else "B-000000-000000-000001"
        self.feed(0)
        sheet = len(self.book)
        for _ in range(late):
            self.feed(0)
        if self.happens(SeparatorRead(sheet, SeparatorCode(batch, ordinal), back)):
            assert back in {SideLabel.BLANK, None}
            assert batch == self.list.batch_id
            self.book[sheet - 1].separator = True

    @precondition(lambda self: self.mode is Mode.ONE_FEED)
    @rule(data=st.data())
    def open_document(self, data) -> None:  # type: ignore[no-untyped-def]
        self.happens(DocumentOpened(self.an_ordinal(data)))

    @precondition(lambda self: self.mode is Mode.ONE_FEED)
    @rule(data=st.data())
    def close_document(self, data) -> None:  # type: ignore[no-untyped-def]
        self.happens(DocumentClosed(self.tally.current or self.an_ordinal(data)))

    @rule(data=st.data(), whole=st.booleans())
    def rescan(self, data, whole) -> None:  # type: ignore[no-untyped-def]
        ordinal = self.an_ordinal(data)
        row = self.list.by_ordinal.get(ordinal)
        live = self.tally.document_sheets(ordinal) if row is not None and not row.refused else ()
        if whole or not live:
            event, gone = RescanOpened(ordinal), live
        else:
            at = data.draw(st.integers(0, len(live) - 1))
            to = data.draw(st.integers(0, len(live) - 1))
            event, gone = RescanOpened(ordinal, live[at], live[to]), live[at : to + 1]
        if self.happens(event):
            for sheet in gone:
                self.book[sheet - 1].spoiled = True
            if event.first is None:
                self.removed[ordinal] = 0

    @rule(data=st.data())
    def insert(self, data) -> None:  # type: ignore[no-untyped-def]
        self.happens(InsertOpened(self.an_ordinal(data), data.draw(st.integers(0, len(self.book)))))

    @rule()
    def end_rescan(self) -> None:
        self.happens(RescanClosed())

    @rule(data=st.data(), sheets=st.integers(0, 3))
    def remove(self, data, sheets) -> None:  # type: ignore[no-untyped-def]
        ordinal = self.an_ordinal(data)
        if self.happens(SheetsRemoved(ordinal, sheets)):
            self.removed[ordinal] += sheets

    @rule(count=st.none() | st.integers(0, 5))
    def end_feed(self, count) -> None:  # type: ignore[no-untyped-def]
        assert self.happens(FeedEnded(count))

    # --- what must hold after each event ---------------------------------------------------------------------

    def fate(self, sheet: int) -> Fate:
        """The fate by the book."""
        book = self.book[sheet - 1]
        document = self.tally.document_of(sheet)
        live = document is not None and sheet in self.tally.document_sheets(document)
        if any(outcome is ROUTE_OUT for _, outcome in book.sides.values()) or (live and document in self.routed):
            return Fate.ROUTED_OUT
        if book.spoiled:
            return Fate.SPOILED
        if book.separator:
            held = any(outcome is Outcome.HOLD for _, outcome in book.sides.values())
            return Fate.HELD if held else Fate.SEPARATOR
        both = len(book.sides) == 2 and all(outcome is CLEAR for _, outcome in book.sides.values())
        return Fate.CLEARED if both and live else Fate.HELD

    @invariant()
    def totals_are_the_book(self) -> None:
        totals = self.tally.totals
        fates = Counter(self.fate(n) for n in range(1, len(self.book) + 1))
        assert totals.fed == len(self.book)
        assert totals.fed == totals.cleared + totals.held + totals.routed_out + totals.spoiled + totals.separators
        assert (totals.cleared, totals.held, totals.routed_out, totals.spoiled, totals.separators) == tuple(
            fates[fate] for fate in (Fate.CLEARED, Fate.HELD, Fate.ROUTED_OUT, Fate.SPOILED, Fate.SEPARATOR)
        )
        for sheet in range(1, len(self.book) + 1):
            assert self.tally.fate(sheet) is self.fate(sheet)

    @invariant()
    def every_sheet_has_exactly_one_place(self) -> None:
        places = Counter(sheet for row in self.list.to_feed for sheet in self.tally.document_sheets(row.ordinal))
        assert not places or set(places.values()) == {1}
        for sheet in range(1, len(self.book) + 1):
            placed = sheet in places
            fate = self.tally.fate(sheet)
            if fate is Fate.CLEARED:
                assert placed
            if fate in {Fate.SPOILED, Fate.SEPARATOR}:
                assert not placed

    @invariant()
    def reconciliation_agrees_and_only_the_settled_get_a_permit(self) -> None:
        result = reconcile(self.tally, self.list)
        strays = sum(
            self.tally.fate(n) in {Fate.HELD, Fate.ROUTED_OUT} and self.tally.document_of(n) is None
            for n in range(1, len(self.book) + 1)
        )
        assert (
            sum(d.sheets for d in result.documents) + strays
            == (self.tally.totals.fed - self.tally.totals.spoiled - self.tally.totals.separators)
            - self.routed_but_gone()
        )
        for row, count in zip(self.list.rows, result.documents, strict=True):
            if row.refused:
                assert count.verdict is Verdict.REFUSED
                assert count.sheets == 0
                continue
            try:
                permit = count_document(self.tally, row.ordinal)
            except CountingError:
                continue
            assert count.verdict is Verdict.EQUAL
            assert (count.sheets, count.pages) == (row.sheets, row.pages)
            assert row.ordinal not in self.routed
            assert self.removed[row.ordinal] == 0
            for sheet in self.tally.document_sheets(row.ordinal):
                assert self.tally.fate(sheet) is Fate.CLEARED
            assert [side.sheet for side in permit.sides][::2] == list(self.tally.document_sheets(row.ordinal))

    def routed_but_gone(self) -> int:
        """Sheets that were spoiled or separators, and on which a TUYỆT MẬT mark was found afterwards."""
        placed = {s for row in self.list.to_feed for s in self.tally.document_sheets(row.ordinal)}
        return sum(
            self.tally.fate(n) is Fate.ROUTED_OUT and n not in placed and self.tally.document_of(n) is not None
            for n in range(1, len(self.book) + 1)
        )

    @invariant()
    def removed_is_kept(self) -> None:
        for row, count in zip(self.list.rows, reconcile(self.tally, self.list).documents, strict=True):
            assert count.removed == self.removed[row.ordinal]


TestCourse = Course.TestCase
TestCourse.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)  # fmt: skip
