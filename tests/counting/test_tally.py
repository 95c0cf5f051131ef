"""The tally, event by event: golden courses of a stack, each refusal, and what a refusal leaves behind."""

from __future__ import annotations

import pytest

from scanflow.counting import (
    DocumentClosed,
    DocumentOpened,
    Fate,
    FeedEnded,
    InsertOpened,
    Mode,
    RescanClosed,
    RescanOpened,
    RowCorrected,
    SeparatorRead,
    SheetFed,
    SheetSpoiled,
    SheetsRemoved,
    SideDecided,
    SideExamined,
    SideRelabelled,
    Spoil,
    Tally,
    Totals,
    Verdict,
    correction_subject,
    decode_separator,
    encode_separator,
    reconcile,
)
from scanflow.counting import errors as e
from scanflow.counting.shelf import Shelf
from scanflow.counting.state import State
from scanflow.pages import Face

from .batches import BLANK, CLEAR, CONTENT, HOLD, ROUTE_OUT, UNSURE, Room, Signed, manifest


def test_a_stack_with_separators() -> None:
    room = Room(manifest((2, 3), None, (1, 1)))
    assert room.tally.next_expected == 1
    room.separator(1)
    room.sheet(CONTENT, CONTENT)
    room.sheet(CONTENT, BLANK)
    assert room.tally.next_expected == 3, "the TUYỆT MẬT document is not waited for"
    room.separator(3)
    last = room.sheet(CONTENT, BLANK)
    assert room.tally.totals == Totals(fed=5, cleared=3, separators=2)
    assert room.tally.document_sheets(1) == (2, 3)
    assert room.tally.document_of(last) == 3
    assert room.tally.next_expected is None


def test_a_sheet_is_held_until_both_sides_are_decided() -> None:
    room = Room(manifest((1, 2)))
    room.separator(1)
    room.do(SheetFed(2))
    assert room.tally.fate(2) is Fate.HELD
    room.do(SideExamined(2, Face.VERSO, CONTENT, CLEAR))
    assert room.tally.fate(2) is Fate.HELD
    room.do(SideExamined(2, Face.RECTO, CONTENT, HOLD))
    assert room.tally.fate(2) is Fate.HELD
    room.do(SideDecided(2, Face.RECTO, CLEAR))
    assert room.tally.fate(2) is Fate.CLEARED


def test_one_route_out_takes_the_whole_document_and_what_still_comes() -> None:
    room = Room(manifest((4, 8), (1, 1)))
    room.separator(1)
    room.sheet(), room.sheet(CONTENT, CONTENT, outcome=ROUTE_OUT)
    room.sheet()  # the feeder had already drawn it
    assert room.tally.totals == Totals(fed=4, routed_out=3, separators=1)
    room.do(SheetsRemoved(1, 1))
    room.separator(2)
    room.sheet(CONTENT, BLANK)
    assert room.tally.totals == Totals(fed=6, cleared=1, routed_out=3, separators=2)


def test_a_person_may_route_out_what_was_cleared() -> None:
    room = Room(manifest((2, 4)))
    room.separator(1)
    room.sheet(), room.sheet()
    room.do(SideDecided(2, Face.VERSO, ROUTE_OUT))
    assert room.tally.totals.routed_out == 2


def test_a_mark_found_on_a_spoiled_scan_routes_out_its_document() -> None:
    room = Room(manifest((2, 4)))
    room.separator(1)
    room.sheet()
    room.do(SheetFed(3), SheetSpoiled(3, Spoil.DOUBLE_FEED), SideExamined(3, Face.VERSO, CONTENT, ROUTE_OUT))
    assert room.tally.totals == Totals(fed=3, routed_out=2, separators=1)
    with pytest.raises(e.DocumentFinished):
        room.do(RescanOpened(1))


def test_sheets_drawn_behind_an_unread_separator_go_to_its_document() -> None:
    room = Room(manifest((1, 2), (2, 4)))
    room.separator(1)
    room.sheet()
    room.do(SheetFed(3), SheetFed(4), SheetFed(5))  # 3 is the separator, read only now
    assert room.tally.document_sheets(1) == (2, 3, 4, 5)
    code = decode_separator(encode_separator(room.manifest.batch_id, 2), 3)
    assert code is not None
    room.do(SeparatorRead(3, code, BLANK))
    assert room.tally.document_sheets(1) == (2,)
    assert room.tally.document_sheets(2) == (4, 5)
    assert room.tally.totals == Totals(fed=5, cleared=1, held=2, separators=2)


def test_sheets_of_the_next_document_are_not_routed_out_with_the_one_before() -> None:
    room = Room(manifest((1, 2), (1, 2)))
    room.separator(1)
    room.do(SheetFed(2), SheetFed(3), SheetFed(4), SideExamined(2, Face.RECTO, CONTENT, ROUTE_OUT))
    assert room.tally.totals.routed_out == 3
    code = decode_separator(encode_separator(room.manifest.batch_id, 2), 3)
    assert code is not None
    room.do(SeparatorRead(3, code, None))
    assert [room.tally.fate(n) for n in (2, 3, 4)] == [Fate.ROUTED_OUT, Fate.SEPARATOR, Fate.HELD]


def test_a_marked_sheet_that_moves_to_the_next_document_takes_that_one_too() -> None:
    room = Room(manifest((1, 2), (2, 4)))
    room.separator(1), room.sheet()
    room.do(SheetFed(3), SheetFed(4), SideExamined(4, Face.RECTO, CONTENT, ROUTE_OUT), SheetFed(5))
    code = decode_separator(encode_separator(room.manifest.batch_id, 2), 3)
    assert code is not None
    room.do(SeparatorRead(3, code, None))
    assert [room.tally.fate(n) for n in (4, 5)] == [Fate.ROUTED_OUT, Fate.ROUTED_OUT]
    assert room.tally.fate(2) is Fate.ROUTED_OUT, "erased with the sheet that lay behind it: it stays out"


def test_a_jam_spoils_a_sheet_and_the_next_takes_its_place() -> None:
    room = Room(manifest((2, 4)))
    room.separator(1)
    room.sheet()
    room.do(SheetFed(3), SheetSpoiled(3, Spoil.JAM))
    assert room.tally.last_good == 2
    room.sheet()
    assert room.tally.document_sheets(1) == (2, 4)
    assert room.tally.totals == Totals(fed=4, cleared=2, spoiled=1, separators=1)


def test_rescan_of_a_range_puts_the_new_sheets_in_its_place() -> None:
    room = Room(manifest((4, 8)))
    room.separator(1)
    for _ in range(4):
        room.sheet()
    room.do(RescanOpened(1, 3, 4))
    assert room.tally.document_sheets(1) == (2, 5)
    room.sheet(), room.sheet()
    assert room.tally.document_sheets(1) == (2, 6, 7, 5)
    room.do(RescanClosed())
    room.sheet()
    assert room.tally.document_sheets(1) == (2, 6, 7, 5, 8), "the stack goes on where it stood"
    assert room.tally.totals == Totals(fed=8, cleared=5, spoiled=2, separators=1)


def test_rescan_of_a_document_may_bring_its_own_separator() -> None:
    room = Room(manifest((1, 2), (2, 4)))
    room.separator(1), room.sheet(), room.separator(2), room.sheet()
    room.do(RescanOpened(1))
    room.separator(1)
    room.sheet()
    with pytest.raises(e.SeparatorDoubled):
        room.separator(2)
    room.do(SheetSpoiled(room.fed, Spoil.MISPLACED), RescanClosed())
    room.sheet()
    assert room.tally.document_sheets(1) == (6,)
    assert room.tally.document_sheets(2) == (4, 8)


def test_a_forgotten_sheet_is_put_in() -> None:
    room = Room(manifest((3, 6)))
    room.separator(1)
    room.sheet(), room.sheet()
    room.do(InsertOpened(1, 2))
    room.sheet()
    room.do(RescanClosed())
    assert room.tally.document_sheets(1) == (2, 4, 3)
    room.do(InsertOpened(1, 0))
    room.sheet()
    assert room.tally.document_sheets(1) == (5, 2, 4, 3)


def test_a_sheet_spoiled_during_a_rescan_leaves_the_place_right() -> None:
    room = Room(manifest((3, 6)))
    room.separator(1)
    for _ in range(3):
        room.sheet()
    room.do(RescanOpened(1, 3, 3))
    room.sheet()
    room.do(SheetSpoiled(5, Spoil.DOUBLE_FEED))
    room.sheet(), room.sheet()
    assert room.tally.document_sheets(1) == (2, 6, 7, 4)


def test_one_document_a_feed() -> None:
    room = Room(manifest((1, 2), (1, 2)), Mode.ONE_FEED)
    room.do(DocumentOpened(2))
    room.sheet()
    room.do(DocumentClosed(2), DocumentOpened(1))
    room.sheet()
    assert room.tally.current == 1
    assert (room.tally.document_sheets(1), room.tally.document_sheets(2)) == ((2,), (1,))
    with pytest.raises(e.SeparatorUnexpected) as caught:
        room.separator(1)
    assert caught.value.facts["sheet"] == 3


def test_a_thick_document_may_take_two_feeds() -> None:
    room = Room(manifest((2, 4)), Mode.ONE_FEED)
    room.do(DocumentOpened(1))
    room.sheet()
    room.do(DocumentClosed(1), DocumentOpened(1))
    room.sheet()
    assert room.tally.document_sheets(1) == (1, 2)


# --- separators that are wrong -------------------------------------------------------------------------------


def stands(room: Room, before: Tally, sheet: int) -> None:
    """The refused sheet is fed and held, all else as before."""
    assert room.tally.totals.fed == before.totals.fed + 1
    assert room.tally.totals.separators == before.totals.separators
    assert room.tally.fate(sheet) is Fate.HELD
    assert room.tally.next_expected == before.next_expected


@pytest.mark.parametrize(
    ("ordinal", "batch", "back", "cause"),
    [
        (3, None, BLANK, e.SeparatorMissing),
        (1, None, BLANK, e.SeparatorDoubled),
        (2, "B-000000-000000-000001", BLANK, e.SeparatorForeign),
        (9, None, BLANK, e.SeparatorForeign),
        (4, None, BLANK, e.TopSecretInStack),
        (2, None, CONTENT, e.SeparatorNotBlank),
        (2, None, UNSURE, e.SeparatorNotBlank),
    ],
)
def test_a_wrong_separator_stops_the_batch_and_counts_nothing(ordinal, batch, back, cause) -> None:  # type: ignore[no-untyped-def]
    room = Room(manifest((1, 2), (1, 2), (1, 2), None))
    room.separator(1)
    room.sheet()
    before = room.tally
    with pytest.raises(cause) as caught:
        room.separator(ordinal, batch, back)
    stands(room, before, 3)
    if cause is not e.TopSecretInStack:
        assert caught.value.facts["sheet"] == 3
        assert "Tờ 3" in caught.value.say_vi
    room.do(SheetSpoiled(3, Spoil.MISPLACED))
    assert room.tally.document_sheets(1) == (2,)
    room.separator(2)
    room.sheet()
    assert room.tally.document_sheets(2) == (5,)


def test_a_mark_that_cannot_be_read_holds_even_a_separator() -> None:
    room = Room(manifest((1, 2)))
    separator = room.separator(1)
    room.do(SideExamined(separator, Face.VERSO, BLANK, HOLD))
    assert room.tally.fate(separator) is Fate.HELD
    room.do(SideDecided(separator, Face.VERSO, CLEAR))
    assert room.tally.totals == Totals(fed=1, separators=1)


def test_a_stack_that_begins_without_a_separator() -> None:
    room = Room(manifest((1, 2)))
    with pytest.raises(e.SeparatorMissing) as caught:
        room.sheet()
    assert caught.value.facts == {"sheet": 1, "expected": 1}
    assert room.tally.fate(1) is Fate.HELD
    room.do(SideExamined(1, Face.RECTO, CONTENT, ROUTE_OUT))
    assert room.tally.fate(1) is Fate.ROUTED_OUT, "a TUYỆT MẬT sheet is routed out wherever it lies"


def test_a_sheet_before_a_document_was_chosen() -> None:
    room = Room(manifest((1, 2)), Mode.ONE_FEED)
    with pytest.raises(e.NoDocumentOpen, match="Sheet 1"):
        room.sheet()


def test_top_secret_in_the_list_can_never_be_opened() -> None:
    room = Room(manifest(None, (1, 1)), Mode.ONE_FEED)
    with pytest.raises(e.TopSecretInStack):
        room.do(DocumentOpened(1))
    with pytest.raises(e.DocumentUnknown):
        room.do(DocumentOpened(3))


def test_a_document_routed_out_is_over() -> None:
    room = Room(manifest((1, 2), (1, 2)))
    room.separator(1)
    room.sheet(CONTENT, CONTENT, outcome=ROUTE_OUT)
    for event in (RescanOpened(1), InsertOpened(1, 0)):
        with pytest.raises(e.DocumentFinished):
            room.do(event)
    with pytest.raises(e.EventRefused):
        room.do(SheetSpoiled(2, Spoil.JAM))
    with pytest.raises(e.EventRefused):
        room.do(SideRelabelled(2, Face.RECTO, BLANK))
    with pytest.raises(e.EventRefused):
        room.do(SideDecided(2, Face.RECTO, CLEAR))
    assert room.tally.totals.routed_out == 1


def test_a_document_of_which_nothing_came_is_fed_out_of_its_turn() -> None:
    room = Room(manifest((1, 2), (1, 2), (1, 2)))
    room.separator(1)
    room.sheet()
    room.do(RescanOpened(3))
    sheet = room.sheet()
    room.do(RescanClosed())
    assert room.tally.document_of(sheet) == 3
    assert room.tally.next_expected == 2
    assert reconcile(room.tally, room.manifest).document(3).verdict is Verdict.EQUAL


def test_the_sheet_that_routed_a_document_out_is_named() -> None:
    room = Room(manifest((3, 6), (1, 2)))
    room.separator(1)
    room.sheet()
    marked = room.sheet(outcome=ROUTE_OUT)
    room.sheet()
    assert room.tally.routed_at(1) == marked
    assert room.tally.routed_at(2) is None


REFUSED = [
    SheetFed(2), SheetFed(4), SideExamined(9, Face.RECTO, CONTENT, CLEAR), SideExamined(2, Face.RECTO, CONTENT, CLEAR),
    SideDecided(2, Face.RECTO, CLEAR), SideDecided(2, Face.RECTO, HOLD), SideDecided(0, Face.RECTO, CLEAR),
    SideRelabelled(1, Face.RECTO, BLANK), RescanClosed(), RescanOpened(1, 2, None), RescanOpened(1, 2, 9),
    RescanOpened(1, 9, 2), InsertOpened(1, 9), InsertOpened(2, 0), SheetsRemoved(1, 0),
    SheetsRemoved(3, 1), DocumentOpened(1), DocumentClosed(1),
]  # fmt: skip


@pytest.mark.parametrize("event", REFUSED, ids=lambda event: repr(event)[:60])
def test_events_that_cannot_be(event: object) -> None:
    room = Room(manifest((1, 2), (1, 1), (1, 1)))
    room.separator(1)
    room.sheet()
    before = room.tally
    with pytest.raises(e.EventRefused) as caught:
        room.do(event)
    assert room.tally is before
    assert "Số đếm giữ nguyên" in caught.value.say_vi


def test_a_document_left_out_by_hand_is_passed() -> None:
    room = Room(manifest((2, 2), (1, 2)))
    room.do(SheetsRemoved(1, 2))
    assert room.tally.next_expected == 2
    room.separator(2)
    room.sheet()
    with pytest.raises(e.SeparatorDoubled):
        room.separator(1)


def test_corrections_need_the_signatures_for_just_that() -> None:
    room = Room(manifest((3, 6), (1, 1)))
    right = correction_subject(room.manifest.batch_id, 1, (3, 6), (2, 4))
    for sign_off in (
        Signed("X"),
        Signed(right, "close_batch"),
        Signed(correction_subject("B", 1, (3, 6), (2, 4))),
    ):
        with pytest.raises(e.SignOffForeign):
            room.do(RowCorrected(1, 2, 4, sign_off))
    for sheets, pages in ((3, 6), (0, 0), (3, 2), (2, 5)):
        with pytest.raises(e.EventRefused):
            room.do(RowCorrected(1, sheets, pages, Signed(right)))
    room.do(RowCorrected(1, 2, 4, Signed(right)))
    with pytest.raises(e.SignOffForeign):
        room.do(RowCorrected(1, 3, 6, Signed(right)))


def test_the_invariant_is_looked_at_and_not_believed() -> None:
    room = Room(manifest((1, 2)))
    room.separator(1)
    state = room.tally.state
    broken = Tally(State(**{**vars(state), "totals": Totals(fed=1, separators=2)}))
    with pytest.raises(e.InvariantBroken):
        broken.after(FeedEnded())
    lost = Tally(State(**{**vars(state), "sheets": Shelf()}))
    with pytest.raises(e.InvariantBroken):
        lost.after(FeedEnded())


def test_a_tally_is_never_changed_and_can_be_replayed() -> None:
    room = Room(manifest((2, 4)))
    empty = room.tally
    room.separator(1)
    first = room.tally
    room.sheet()
    assert empty.totals == Totals()
    assert first.totals == Totals(fed=1, separators=1)
    code = decode_separator(encode_separator(room.manifest.batch_id, 1), 1)
    assert code is not None
    replayed = Tally.open(room.manifest, Mode.SEPARATORS).after_all(
        [
            SheetFed(1),
            SeparatorRead(1, code, BLANK),
            SheetFed(2),
            SideExamined(2, Face.RECTO, CONTENT, CLEAR),
            SideExamined(2, Face.VERSO, CONTENT, CLEAR),
        ]
    )
    assert replayed == room.tally
