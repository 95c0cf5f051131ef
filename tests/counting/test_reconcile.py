"""Counts beside the list: verdicts, differences, what a signature covers, and who gets a permit."""

from __future__ import annotations

import copy
import dataclasses
import pickle

import pytest

from scanflow.counting import (
    CountedDocument,
    DocumentOpened,
    FeedEnded,
    Kind,
    Mode,
    RescanClosed,
    RescanOpened,
    RowCorrected,
    SheetFed,
    SheetSpoiled,
    SheetsRemoved,
    SideDecided,
    SideExamined,
    SideRelabelled,
    Spoil,
    Verdict,
    correction_subject,
    count_document,
    reconcile,
)
from scanflow.counting import errors as e
from scanflow.manifest import PageConvention
from scanflow.pages import Face

from .batches import BLANK, CLEAR, CONTENT, HOLD, ROUTE_OUT, UNSURE, Room, Signed, manifest


def one(sheets: int, pages: int, convention: PageConvention = PageConvention.WRITTEN_SIDES) -> Room:
    room = Room(manifest((sheets, pages), convention=convention))
    room.separator(1)
    return room


def count(room: Room, ordinal: int = 1):  # type: ignore[no-untyped-def]
    return reconcile(room.tally, room.manifest).document(ordinal)


# --- pages by convention -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("labels", "written", "both"),
    [
        ((CONTENT, CONTENT), 2, 2),
        ((CONTENT, BLANK), 1, 2),
        ((BLANK, CONTENT), 1, 2),
        ((BLANK, BLANK), 1, 2),
        ((CONTENT, UNSURE), 2, 2),
        ((BLANK, UNSURE), 1, 2),
        ((CONTENT,), 1, 2),
    ],
)
def test_pages_of_a_sheet(labels, written: int, both: int) -> None:  # type: ignore[no-untyped-def]
    for convention, pages in ((PageConvention.WRITTEN_SIDES, written), (PageConvention.BOTH_SIDES, both)):
        room = one(1, pages, convention)
        room.sheet(*labels)
        found = count(room)
        assert (found.sheets, found.pages, found.sides) == (1, pages, len(labels))
        assert found.blank_sides == labels.count(BLANK)
        assert found.unsure_sides == labels.count(UNSURE)
        assert found.verdict is Verdict.EQUAL


def test_a_relabelled_side_changes_the_pages() -> None:
    room = one(1, 1)
    room.sheet(CONTENT, UNSURE)
    assert count(room).verdict is Verdict.DIFFERS
    room.do(SideRelabelled(2, Face.VERSO, BLANK))
    assert count(room).settled


# --- verdicts ------------------------------------------------------------------------------------------------


def test_the_whole_batch() -> None:
    room = Room(manifest((1, 2), None, (2, 2), (1, 1), (2, 4)))
    room.separator(1), room.sheet()
    room.separator(3), room.sheet(CONTENT, BLANK)  # one sheet short
    room.separator(4), room.sheet(CONTENT, BLANK, outcome=HOLD)
    room.separator(5), room.sheet(CONTENT, CONTENT, outcome=ROUTE_OUT)
    result = reconcile(room.tally, room.manifest)
    assert [d.verdict for d in result.documents] == [
        Verdict.EQUAL, Verdict.REFUSED, Verdict.DIFFERS, Verdict.HELD, Verdict.ROUTED_OUT,
    ]  # fmt: skip
    assert [d.settled for d in result.documents] == [True, True, False, False, False]
    assert result.verdict is Verdict.HELD
    assert [x.kind for x in result.document(3).differences] == [Kind.SHEETS, Kind.PAGES]
    assert [x.kind for x in result.document(5).differences] == [Kind.REMOVED], "a sheet of it is not accounted for"
    room.do(SideDecided(room.fed - 2, Face.RECTO, CLEAR), SideDecided(room.fed - 2, Face.VERSO, CLEAR))
    room.do(SheetsRemoved(5, 1))
    result = reconcile(room.tally, room.manifest)
    assert result.document(4).settled
    assert result.document(5).settled
    assert result.verdict is Verdict.DIFFERS
    with pytest.raises(KeyError):
        result.document(6)


def test_what_was_not_fed_is_no_equal() -> None:
    room = Room(manifest((1, 2), (1, 2)))
    room.separator(1), room.sheet()
    result = reconcile(room.tally, room.manifest)
    assert result.document(2).verdict is Verdict.NOT_FED
    assert not result.document(2).settled
    assert result.verdict is Verdict.DIFFERS


def test_a_batch_that_is_equal() -> None:
    room = Room(manifest((1, 2), None))
    room.separator(1), room.sheet()
    room.do(FeedEnded(2))
    result = reconcile(room.tally, room.manifest)
    assert (result.verdict, result.differences) == (Verdict.EQUAL, ())


def test_the_first_sheet_beyond_the_declared_number_is_named() -> None:
    room = one(1, 2)
    room.sheet(), room.sheet(), room.sheet()
    assert count(room).excess_from == 3
    assert count(room).differences[0].vi == "số tờ: danh mục 1, đếm được 3"


def test_equal_numbers_of_sheets_with_other_pages_differ() -> None:
    room = one(2, 4)
    room.sheet(), room.sheet(CONTENT, BLANK)
    assert [(x.kind, x.declared, x.counted) for x in count(room).differences] == [(Kind.PAGES, 4, 3)]


def test_sheets_taken_out_by_hand_are_a_difference_unless_routed_out() -> None:
    room = one(2, 4)
    room.sheet(), room.sheet()
    room.do(SheetsRemoved(1, 1))
    assert [x.kind for x in count(room).differences] == [Kind.REMOVED]
    room.do(RescanOpened(1))
    assert count(room).removed == 0, "a rescan of the whole document brings all of it back"


def test_another_list_is_not_compared() -> None:
    room = one(1, 2)
    with pytest.raises(ValueError, match="another list"):
        reconcile(room.tally, manifest((1, 1)))
    with pytest.raises(ValueError, match="another list"):
        reconcile(room.tally, manifest((1, 2), convention=PageConvention.BOTH_SIDES))


# --- the permit ----------------------------------------------------------------------------------------------


def test_equal_counts_get_a_permit_with_all_sides_in_order() -> None:
    room = one(3, 5)
    first, third = room.sheet(), room.sheet(CONTENT, BLANK)
    room.do(RescanOpened(1, third, third))
    second = room.sheet()
    last = room.sheet(CONTENT, BLANK)
    room.do(RescanClosed())
    permit = count_document(room.tally, 1)
    assert [(side.sheet, side.face, side.label) for side in permit.sides] == [
        (first, Face.RECTO, CONTENT), (first, Face.VERSO, CONTENT), (second, Face.RECTO, CONTENT),
        (second, Face.VERSO, CONTENT), (last, Face.RECTO, CONTENT), (last, Face.VERSO, BLANK),
    ]  # fmt: skip
    assert permit.signed_subjects == frozenset()
    assert permit.document_id == room.manifest.document_id(1)


def test_no_permit_while_sheets_differ_and_the_sentence_has_the_figures() -> None:
    room = one(2, 4)
    room.sheet()
    with pytest.raises(e.DifferenceOpen) as caught:
        count_document(room.tally, 1)
    assert "2 tờ, 4 trang; đếm được 1 tờ, 2 trang" in caught.value.say_vi


def test_a_signature_covers_one_difference_and_no_other() -> None:
    room = one(3, 6)
    room.sheet(), room.sheet()
    signed = Signed(count(room).subject_id)
    assert count_document(room.tally, 1, [signed]).signed_subjects == {signed.subject_id}
    for other in (Signed(signed.subject_id, "close_batch"), Signed(room.manifest.document_id(1)), Signed("")):
        with pytest.raises(e.DifferenceOpen):
            count_document(room.tally, 1, [other])
    room.do(RescanOpened(1, 2, 2))
    room.sheet()
    room.do(RescanClosed())
    assert (count(room).sheets, count(room).pages) == (2, 4), "the same figures after a rescan"
    with pytest.raises(e.DifferenceOpen):
        count_document(room.tally, 1, [signed])


def test_a_corrected_row_settles_the_count_without_another_signature() -> None:
    room = one(3, 6)
    room.sheet(), room.sheet()
    subject = correction_subject(room.manifest.batch_id, 1, (3, 6), (2, 4))
    room.do(RowCorrected(1, 2, 4, Signed(subject)))
    found = count(room)
    assert (found.corrected, found.declared_sheets, found.verdict) == (True, 2, Verdict.EQUAL)
    assert count_document(room.tally, 1).count == found


def test_no_signature_clears_a_held_sheet() -> None:
    room = one(2, 4)
    room.sheet(), room.sheet(CONTENT, CONTENT, outcome=HOLD)
    with pytest.raises(e.DocumentHeld):
        count_document(room.tally, 1, [Signed(count(room).subject_id)])


def test_no_signature_releases_what_was_routed_out_or_refused_or_never_fed() -> None:
    room = Room(manifest((1, 2), None, (1, 2)))
    room.separator(1), room.sheet(CONTENT, CONTENT, outcome=ROUTE_OUT)
    everything = [Signed(d.subject_id) for d in reconcile(room.tally, room.manifest).documents]
    with pytest.raises(e.DocumentRoutedOut):
        count_document(room.tally, 1, everything)
    with pytest.raises(e.TopSecretInStack):
        count_document(room.tally, 2, everything)
    with pytest.raises(e.DifferenceOpen):
        count_document(room.tally, 3, everything)
    with pytest.raises(e.DocumentUnknown):
        count_document(room.tally, 4, everything)


def test_no_permit_in_the_middle_of_a_rescan() -> None:
    room = one(1, 2)
    room.sheet()
    room.do(RescanOpened(1, 2, 2))
    room.sheet()
    with pytest.raises(e.EventRefused):
        count_document(room.tally, 1)
    room.do(RescanClosed())
    assert count_document(room.tally, 1)


def test_the_scanners_own_counter_holds_back_what_it_may_concern() -> None:
    room = Room(manifest((1, 2), (1, 2)))
    room.separator(1), room.sheet()
    room.do(FeedEnded(2))
    room.separator(2), room.sheet()
    room.do(FeedEnded(3))
    result = reconcile(room.tally, room.manifest)
    (difference,) = result.differences
    assert (difference.kind, difference.declared, difference.counted) == (Kind.SCANNER_COUNTER, 3, 2)
    assert (difference.first, difference.last) == (3, 4)
    assert result.verdict is Verdict.DIFFERS
    assert count_document(room.tally, 1)
    with pytest.raises(e.BatchDifferenceOpen, match="CNT-BATCH-DIFFERENCE"):
        count_document(room.tally, 2)
    permit = count_document(room.tally, 2, [Signed(difference.subject_id)])
    assert permit.signed_subjects == {difference.subject_id}


def test_a_counter_difference_goes_with_the_sheets_that_were_scanned_again() -> None:
    room = Room(manifest((2, 4)), Mode.ONE_FEED)
    room.do(DocumentOpened(1))
    room.sheet(), room.sheet()
    room.do(FeedEnded(3), RescanOpened(1, 1, 1))
    room.sheet()
    room.do(FeedEnded(1), RescanClosed())
    assert [each.kind for each in reconcile(room.tally, room.manifest).differences] == [Kind.SCANNER_COUNTER]
    room.do(RescanOpened(1, 2, 2))
    room.sheet()
    room.do(FeedEnded(1), RescanClosed())
    assert reconcile(room.tally, room.manifest).differences == (), "nothing of that feed counts any more"
    assert count_document(room.tally, 1)


def test_a_run_that_was_broken_off_is_not_counted_into_the_next_one() -> None:
    room = Room(manifest((2, 4)), Mode.ONE_FEED)
    room.do(DocumentOpened(1))
    room.sheet()
    room.do(FeedEnded())  # a jam: what the scanner counted until then is not asked for
    room.sheet()
    room.do(FeedEnded(1))
    assert reconcile(room.tally, room.manifest).verdict is Verdict.EQUAL


def test_a_sheet_that_only_the_scanner_counted_holds_back_everything() -> None:
    room = one(1, 2)
    room.do(FeedEnded(2))
    (difference,) = reconcile(room.tally, room.manifest).differences
    assert difference.vi == "bộ đếm của máy quét ghi 2 tờ, nhận được 1 tờ (tờ 1 đến 1)", "a separator alone"
    room = one(1, 2)
    room.sheet()
    room.do(FeedEnded(2), FeedEnded(1))
    (difference,) = reconcile(room.tally, room.manifest).differences
    assert difference.vi == "bộ đếm của máy quét ghi 1 tờ, nhận được 0 tờ"
    with pytest.raises(e.BatchDifferenceOpen):
        count_document(room.tally, 1)


def test_a_sheet_without_document_holds_back_the_whole_batch() -> None:
    room = Room(manifest((1, 2)))
    room.do(SheetFed(1), SideExamined(1, Face.RECTO, CONTENT, ROUTE_OUT))
    room.separator(1), room.sheet()
    (difference,) = reconcile(room.tally, room.manifest).differences
    assert (difference.kind, difference.counted, difference.first) == (Kind.STRAY_SHEETS, 1, 1)
    with pytest.raises(e.BatchDifferenceOpen):
        count_document(room.tally, 1)


def test_a_stray_that_was_spoiled_is_accounted_for() -> None:
    room = Room(manifest((1, 2)), Mode.ONE_FEED)
    room.do(SheetFed(1), SheetSpoiled(1, Spoil.MISPLACED), DocumentOpened(1))
    room.sheet()
    assert count_document(room.tally, 1)


def test_a_permit_cannot_be_made_elsewhere() -> None:
    room = one(1, 2)
    room.sheet()
    permit = count_document(room.tally, 1)
    facts = (
        permit.batch_id,
        permit.document_id,
        permit.row,
        permit.count,
        permit.sides,
        permit.signed_subjects,
    )
    with pytest.raises(TypeError):
        CountedDocument(*facts, object())
    with pytest.raises(TypeError):
        CountedDocument(*facts)  # type: ignore[call-arg]
    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(permit, row=permit.row)
    with pytest.raises(TypeError):
        pickle.loads(pickle.dumps(permit))
    with pytest.raises(TypeError):
        copy.deepcopy(permit)


def test_subjects_have_the_shape_that_the_ledger_takes() -> None:
    import re

    shape = re.compile(r"[A-Z]{1,6}(-[A-Z]?[0-9]{1,12}[a-z]?){1,5}")
    room = Room(manifest((1, 2), (1, 2)))
    room.do(SheetFed(1), FeedEnded(7))
    result = reconcile(room.tally, room.manifest)
    ids = [room.manifest.batch_id, correction_subject(room.manifest.batch_id, 2, (1, 1), (2, 2))]
    ids += [x.subject_id for x in (*result.documents, *result.differences)]
    ids += [x.document_id for x in result.documents]
    assert len(set(ids)) == 8
    assert all(shape.fullmatch(each) for each in ids), ids
