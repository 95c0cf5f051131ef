"""Words for the operator, and a station's own hold threshold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanflow.errors import all_causes
from scanflow.pages import Pose
from scanflow.stamps.calibrate import LEAST_SIDES, calibrate
from scanflow.stamps.errors import CalibrationPastFloor, CalibrationTooSmall, StampError
from scanflow.stamps.explain import NAME_VI, explain, explain_fault, explain_mark, place_of, sureness
from scanflow.stamps.judge import Fault, Reading, judge
from scanflow.stamps.marks import Mark, MarkKind


def at(x: float, y: float, kind: MarkKind = MarkKind.MAT, score: float = 0.95) -> Mark:
    return Mark(kind, ((x, y), (x + 4, y), (x + 4, y + 2), (x, y + 2)), score, "test")


@pytest.mark.parametrize(
    ("turn", "x", "y", "vi", "en"),
    [
        (0, 10, 10, "góc trên bên trái", "top left"),
        (0, 190, 290, "góc dưới bên phải", "bottom right"),
        (0, 100, 150, "chính giữa trang", "in the middle of the page"),
        (0, 100, 10, "phía trên, chính giữa", "top centre"),
        (0, 10, 150, "giữa trang, bên trái", "halfway down, left"),
        (180, 10, 10, "góc dưới bên phải", "bottom right"),
        (90, 10, 10, "góc trên bên phải", "top right"),
        (270, 10, 10, "góc dưới bên trái", "bottom left"),
    ],
)
def test_places_are_those_of_the_upright_sheet(turn: int, x: float, y: float, vi: str, en: str) -> None:
    words = place_of(at(x, y), (300, 200), Pose(turn, 1.0))
    assert (words.vi, words.en) == (vi, en)


def test_a_sentence_says_which_mark_where_and_how_sure() -> None:
    said = explain_mark(at(10, 10, MarkKind.TUYET_MAT, 0.97), (300, 200), Pose(0, None))
    assert said.vi == "Dấu TUYỆT MẬT ở góc trên bên trái (rất chắc)."
    assert said.en == "TUYET_MAT, top left (very sure)."
    assert sureness(0.5).vi == "chưa chắc" and sureness(0.8).vi == "khá chắc"


def test_every_kind_and_fault_has_words() -> None:
    assert set(NAME_VI) == set(MarkKind)
    for fault in Fault:
        assert len(explain_fault(fault).vi) > 20 and len(explain_fault(fault).en) > 20


def test_the_gravest_comes_first() -> None:
    marks = (at(10, 10, MarkKind.TUYET_MAT), at(100, 10, MarkKind.UNREADABLE))
    said = explain(judge(Reading(marks, frozenset({Fault.POOR_SCAN}))), marks, (300, 200), Pose(0, None))
    assert "lấy tờ này và cả tài liệu" in said[0].vi and len(said) == 5
    assert explain(judge(Reading()), (), (300, 200), Pose(0, None))[0].vi == "Không thấy dấu nào."
    assert "đều đọc được" in explain(judge(Reading((at(1, 1),))), (at(1, 1),), (300, 200), Pose(0, None))[0].vi


def test_the_threshold_holds_the_allowed_share_and_no_more() -> None:
    scores = [i / 10_000 for i in range(1000)]
    done = calibrate(scores, previous=0.01, safety_floor=0.5, least_hold=0.01)
    assert done.held_now <= 5 and done.held_before == 900 and done.recommended
    assert done.hold == pytest.approx(0.0995, abs=2e-4)


def test_a_clean_station_gets_the_least_threshold() -> None:
    done = calibrate([0.0] * LEAST_SIDES, previous=0.4, safety_floor=0.5, least_hold=0.02)
    assert (done.hold, done.held_now, done.recommended) == (0.02, 0, False)


def test_calibration_refuses_to_lower_the_guard_past_its_floor() -> None:
    with pytest.raises(CalibrationPastFloor) as refused:
        calibrate([0.8] * 1000, previous=0.4, safety_floor=0.5, least_hold=0.02)
    assert "0.5000" in refused.value.say_en
    with pytest.raises(CalibrationTooSmall):
        calibrate([0.0] * (LEAST_SIDES - 1), 0.4, 0.5, 0.02)
    with pytest.raises(ValueError, match="between"):
        calibrate([2.0] * 1000, 0.4, 0.5, 0.02)


@given(st.lists(st.floats(0, 0.49), min_size=LEAST_SIDES, max_size=LEAST_SIDES + 50), st.floats(0.001, 0.1))
def test_whatever_the_scans_the_threshold_stays_in_its_bounds(scores: list[float], least: float) -> None:
    done = calibrate(scores, 0.4, 0.5, least)
    assert least <= done.hold + 1e-9 <= 0.5 + 1e-9
    assert done.held_now == sum(s >= done.hold for s in scores) <= max(1, len(scores) // 200)


def test_every_refusal_of_the_room_says_what_to_do() -> None:
    causes = all_causes(StampError)
    assert len({cause.code for cause in causes}) == len(causes) >= 4
    for cause in causes:
        said = cause(where="/x", sides=3, least=200, wanted="0.9", limit="0.5", file="x")
        assert cause.code.startswith("STP-") and len(said.say_vi) > 20 and len(said.say_en) > 20
