"""The three handovers: in their order, between two persons, compared with the one before, document by document."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.station.conftest import (
    CUSTODIAN,
    OPERATOR,
    SECRET,
    SHEET,
    SUPERVISOR,
    Room,
    listed,
    row,
    separator,
)
from tests.station.test_settling import CORRECT, work

from scanflow.errors import ExitCode
from scanflow.forms.paper import every_text
from scanflow.ledger.catalogue import HandoverRecorded, Moment, PaperState
from scanflow.ledger.lines import read_entries
from scanflow.ledger.people.errors import UnknownPerson
from scanflow.levels import Level
from scanflow.manifest import Manifest
from scanflow.station.errors import HandoverByOne, HandoverOutOfTurn
from scanflow.station.handover import Found, Hands, Recorded, compared_with, hand_over
from scanflow.station.record import bureau_of

OUT, DONE, BACK = Moment.OUT_OF_STORE, Moment.SCANNED, Moment.BACK_IN_STORE
TO_OPERATOR, TO_KEEPER = Hands(CUSTODIAN, OPERATOR, "Quyết định số 15/QĐ-MAU"), Hands(OPERATOR, CUSTODIAN)


def record(room: Room, manifest: Manifest, moment: Moment, **otherwise: Found) -> Recorded:
    """One handover by the right hands; ``n3=Found(…)`` for the document with STT 3."""
    hands = TO_OPERATOR if moment is OUT else TO_KEEPER
    return hand_over(
        bureau_of(room.station), manifest, moment, hands, {int(name[1:]): found for name, found in otherwise.items()}
    )


def recorded(room: Room) -> list[HandoverRecorded]:
    kinds = (HandoverRecorded,)
    return [entry.event for entry in read_entries(room.station.ledger.path, kinds)]  # type: ignore[misc]


def test_three_handovers_that_agree(room: Room) -> None:
    manifest = listed(row(1, 2), row(2, 1), row(3, 1, level=Level.TUYET_MAT))
    record(room, manifest, OUT)
    pile = [separator(manifest, 1), SHEET, SHEET, separator(manifest, 2), SECRET]
    work(room, manifest, pile)
    done = record(room, manifest, DONE)
    back = record(room, manifest, BACK)
    assert done.agrees and back.agrees
    said = [(event.moment, event.documents, event.sheets, event.pages, event.agrees) for event in recorded(room)]
    assert said == [(OUT, 3, 4, 8, True), (DONE, 3, 4, 8, True), (BACK, 3, 4, 8, True)]
    text = every_text(done.paper)
    for outcome in ("Đã số hóa", "Tách riêng, không số hóa", "Không đưa vào quét"):
        assert outcome in text
    assert done.paper.code == "SF-BG-2" and back.paper.code == "SF-BG-3"


def test_the_first_paper_states_what_permits_it_and_what_is_otherwise(room: Room) -> None:
    manifest = listed(row(1, 2), row(2, 3))
    out = record(room, manifest, OUT, n2=Found(2, 4, PaperState.DAMAGED))
    assert out.differing == (2,)
    text = every_text(out.paper)
    for words in ("Quyết định số 15/QĐ-MAU", "Lệch ở STT 2", "Danh mục ghi 3 tờ, 6 trang", "Hư hỏng"):
        assert words in text, words
    assert "Người Lưu giữ Mẫu" in text and "Người Số hóa Mẫu" in text


def test_a_later_handover_is_compared_with_the_one_before_and_not_with_the_list(room: Room) -> None:
    manifest = listed(row(1, 3))
    record(room, manifest, OUT, n1=Found(2, 4))
    done = record(room, manifest, DONE)
    assert done.agrees, "two sheets came and two go back"
    lost = record(room, manifest, BACK, n1=Found(1, 2))
    assert lost.differing == (1,)
    assert [event.sheets for event in recorded(room)] == [2, 2, 1]
    assert "Lần trước 2 tờ, 4 trang" in every_text(lost.paper)
    assert "Danh mục ghi 3 tờ, 6 trang" in every_text(lost.paper)


def test_what_the_scanner_counted_stands_beside_what_lies_on_the_table(room: Room) -> None:
    manifest = listed(row(1, 3))
    record(room, manifest, OUT)
    work(room, manifest, [separator(manifest, 1), SHEET, SHEET])
    known = compared_with(bureau_of(room.station), manifest, DONE)
    assert known.scanned == {1: (2, 4)}
    text = every_text(record(room, manifest, DONE).paper)
    assert "Khi quét đếm 2 tờ, 4 trang" in text
    assert "Lệch số đếm, chưa giao" in text


def test_a_corrected_row_that_did_not_leave_is_held_and_not_said_to_differ(room: Room) -> None:
    manifest = listed(row(1, 3))
    record(room, manifest, OUT)
    keys = room.signed_by(SUPERVISOR, CUSTODIAN)
    pile = [separator(manifest, 1), SHEET, SHEET]
    work(room, manifest, pile, settlings=[CORRECT], keys=keys, sticks=[])
    known = compared_with(bureau_of(room.station), manifest, DONE)
    assert known.agreed == {1}
    assert "Giữ lại" in every_text(record(room, manifest, DONE, n1=Found(2, 4)).paper)


@pytest.mark.parametrize(("moment", "missing"), [(DONE, OUT), (BACK, DONE)])
def test_a_handover_out_of_turn_is_refused(room: Room, moment: Moment, missing: Moment) -> None:
    manifest = listed(row(1, 1))
    with pytest.raises(HandoverOutOfTurn) as refused:
        record(room, manifest, moment)
    assert missing.vi in refused.value.say_vi
    assert recorded(room) == []


@pytest.mark.parametrize(
    ("moment", "hands"),
    [
        (OUT, Hands(CUSTODIAN, CUSTODIAN)),
        (OUT, Hands(OPERATOR, CUSTODIAN)),
        (OUT, Hands(SUPERVISOR, OPERATOR)),
    ],
)
def test_it_takes_two_persons_one_of_whom_keeps_the_papers(room: Room, moment: Moment, hands: Hands) -> None:
    manifest = listed(row(1, 1))
    with pytest.raises(HandoverByOne):
        hand_over(bureau_of(room.station), manifest, moment, hands, {})
    with pytest.raises(UnknownPerson):
        hand_over(bureau_of(room.station), manifest, moment, Hands("P-999", OPERATOR), {})
    assert recorded(room) == []


def test_a_run_without_the_first_handover_says_so(room: Room) -> None:
    manifest, other = listed(row(1, 1)), listed(row(1, 1), row(2, 1))
    _, desk = work(room, manifest, [separator(manifest, 1), SHEET])
    assert any("bàn giao ra khỏi kho" in notice.vi for notice in desk.told)
    record(room, other, OUT)
    room.bus.pull(room.stick)
    result, desk = work(room, other, [separator(other, 1), SHEET, separator(other, 2), SHEET])
    assert not any("bàn giao ra khỏi kho" in notice.vi for notice in desk.told)
    assert result.exit_code is ExitCode.OK


def test_no_abstract_of_a_routed_out_document_on_the_paper(room: Room) -> None:
    manifest = listed(replace(row(1, 1), abstract="Trồng cây năm 2025"), row(2, 1))
    assert "Trồng cây" in every_text(record(room, manifest, OUT).paper)
    work(room, manifest, [separator(manifest, 1), SECRET, separator(manifest, 2), SHEET])
    assert "Trồng cây" not in every_text(record(room, manifest, DONE).paper)
    assert "Trồng cây" not in room.station.ledger.path.read_text(encoding="utf-8")


FOUND = st.builds(Found, st.integers(0, 5), st.integers(0, 9), st.sampled_from(PaperState))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stories=st.lists(st.dictionaries(st.integers(1, 3), FOUND), min_size=3, max_size=3))
def test_whatever_was_found_is_what_the_next_one_is_compared_with(room: Room, stories: list[dict[int, Found]]) -> None:
    """A slow book kept beside it: the last word on each document wins."""
    manifest = listed(row(1, 1), row(2, 2), row(3, 3))
    book = {each.ordinal: Found(each.sheets, each.pages) for each in manifest.rows}
    for moment, story in zip((OUT, DONE, BACK), stories, strict=True):
        known = compared_with(bureau_of(room.station), manifest, moment)
        assert dict(known.found) == book
        hands = TO_OPERATOR if moment is OUT else TO_KEEPER
        done = hand_over(bureau_of(room.station), manifest, moment, hands, story)
        assert set(done.differing) == {ordinal for ordinal, found in story.items() if found != book[ordinal]}
        book |= story
        last = recorded(room)[-1]
        assert (last.sheets, last.pages) == (
            sum(one.sheets for one in book.values()), sum(one.pages for one in book.values()),
        )  # fmt: skip
        assert last.agrees is done.agrees
