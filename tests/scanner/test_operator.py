"""What a person meets: states, the start by paper, the books of a batch."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scanflow.errors import all_causes
from scanflow.pages import Face, RawPage
from scanflow.scanner import errors
from scanflow.scanner.errors import FeedFault, ScannerError
from scanflow.scanner.feeder import StopReport
from scanflow.scanner.paper_start import SETTLE_S, Cue, PaperStart, wait_for_cue
from scanflow.scanner.plight import State, plight_of, plight_of_stop
from scanflow.scanner.recovery import FeedBooks

from .test_errors import facts_for


@pytest.mark.parametrize("cause", all_causes(ScannerError), ids=lambda c: c.code)
def test_every_fault_is_a_state_with_steps(cause: type[ScannerError]) -> None:
    facts = facts_for(cause)
    if issubclass(cause, FeedFault):
        fault = cause(last_good=0, **facts)
        fault.first, fault.fed = 1, 2
        plight = plight_of(fault)
        assert plight.state is not State.NOT_READY and plight.resume_at == 1
        assert any("xếp lại cả lượt" in step for step in plight.steps_vi)
        assert any("đúng 2 tờ" in step for step in plight.steps_vi) is cause.needs_paper_check
    else:
        plight = plight_of(cause(**facts))
        assert plight.state is State.NOT_READY and plight.resume_at is None
    assert plight.state.vi and all(step.endswith(".") for step in plight.steps_vi)


def test_the_states_are_told_apart() -> None:
    states = {plight_of(c(last_good=0, **facts_for(c))).state for c in all_causes(FeedFault)}
    assert states == set(State) - {State.STOPPED, State.NOT_READY}


@pytest.mark.parametrize(("passed", "words"), [(None, "đếm khay ra"), (0, "không có tờ nào"), (2, "2 tờ (từ tờ 6)")])
def test_a_stop_says_what_to_do(passed: int | None, words: str) -> None:
    plight = plight_of_stop(StopReport(5, passed, 1, first=3))
    assert words in plight.steps_vi[0] and plight.resume_at == 6
    assert plight.count_to == (None if passed is None else 3 + passed)


# ---- start by paper --------------------------------------------------------------------------------------------------


def test_paper_that_lies_still_starts_an_armed_station() -> None:
    start = PaperStart()
    start.arm()
    assert start.reading(0.0, paper=False) is Cue.WAIT
    assert start.reading(1.0, paper=True) is Cue.WAIT
    assert start.reading(2.9, paper=True) is Cue.WAIT
    assert start.reading(3.0, paper=True) is Cue.START_PAPER


def test_paper_that_was_in_before_the_arming_starts_nothing() -> None:
    start = PaperStart()
    start.arm()
    assert all(start.reading(t, paper=True) is Cue.WAIT for t in range(20))


def test_paper_that_is_put_straight_begins_the_wait_anew() -> None:
    start = PaperStart()
    start.arm()
    start.reading(0.0, paper=False)
    start.reading(0.5, paper=True)
    start.reading(1.0, paper=False)
    start.reading(1.5, paper=True)
    assert start.reading(2.6, paper=True) is Cue.WAIT
    assert start.reading(3.5, paper=True) is Cue.START_PAPER


def test_the_button_starts_at_once_but_an_old_press_does_not() -> None:
    start = PaperStart()
    start.arm()
    assert start.reading(0.0, paper=True, button=True) is Cue.START_BUTTON
    start.fed()
    start.arm()
    assert start.reading(1.0, paper=True, button=True) is Cue.WAIT  # latched from before
    assert start.reading(1.3, paper=True, button=False) is Cue.WAIT
    assert start.reading(1.6, paper=True, button=True) is Cue.START_BUTTON
    assert start.reading(1.9, paper=False, button=True) is Cue.WAIT  # nothing to feed
    assert start.reading(2.2, paper=None, button=True) is Cue.START_BUTTON  # no paper sensor


@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.sampled_from([True, False, None]), st.sampled_from([True, False, None])),
        max_size=60,
    )
)
@example([(0.0, False, False), (0.0, True, False), (0.0, None, True), (1.0, True, False), (1.0, True, False)])
def test_nothing_starts_unarmed_and_paper_never_before_it_lay_still(
    readings: list[tuple[float, bool | None, bool | None]],
) -> None:
    idle, armed = PaperStart(), PaperStart()
    armed.arm()
    now, history = 0.0, []
    for step, paper, button in readings:
        now += step
        history.append((now, paper))
        assert idle.reading(now, paper=paper, button=button) is Cue.WAIT
        if armed.reading(now, paper=paper, button=button) is Cue.START_PAPER:
            lay = [t for t, p in reversed(history)][: next(i for i, (_, p) in enumerate(reversed(history)) if not p)]
            assert lay[0] - lay[-1] >= SETTLE_S


def test_the_wait_polls_until_paper_lies_still_or_is_called_off() -> None:
    class Tray:
        def __init__(self, *readings: bool) -> None:
            self.readings = list(readings)

        def paper_present(self) -> bool:
            return self.readings.pop(0) if len(self.readings) > 1 else self.readings[0]

        def button_pressed(self) -> None:
            return None

    now = [0.0]

    def pause(seconds: float) -> None:
        now[0] += seconds

    start = PaperStart()
    start.arm()
    cue = wait_for_cue(Tray(False, False, True), start, go_on=lambda: now[0] < 30, clock=lambda: now[0], pause=pause)
    assert cue is Cue.START_PAPER and SETTLE_S < now[0] < SETTLE_S + 1.5
    start.arm()
    assert wait_for_cue(Tray(False), start, go_on=lambda: now[0] < 10, clock=lambda: now[0], pause=pause) is Cue.WAIT
    assert now[0] >= 10


# ---- the books -------------------------------------------------------------------------------------------------------


def side(sheet: int, face: Face) -> RawPage:
    return RawPage(sheet, face, np.zeros((1, 1, 3), np.uint8), 300)


def test_books_refuse_a_sheet_out_of_turn() -> None:
    books = FeedBooks()
    assert books.begin() == 1
    with pytest.raises(ValueError, match="open"):
        books.begin()
    books.took(side(1, Face.RECTO))
    for wrong in (side(1, Face.RECTO), side(2, Face.VERSO), side(3, Face.RECTO)):
        with pytest.raises(ValueError, match="does not follow"):
            books.took(wrong)
    books.took(side(1, Face.VERSO))
    with pytest.raises(ValueError, match="none of this feed"):
        books.broke(errors.FeederJammed(last_good=2))
    assert books.finished().last_good == 1 and books.next_sheet == 2
    with pytest.raises(ValueError, match="no feed"):
        books.took(side(2, Face.RECTO))


def test_a_wrong_count_voids_the_last_feed_only() -> None:
    books = FeedBooks(good=2)
    books.begin()
    for sheet in (3, 4):
        books.took(side(sheet, Face.RECTO))
        books.took(side(sheet, Face.VERSO))
    books.stopped(StopReport(4, 0, first=3))
    assert books.counted(2, 2) and books.good == 4
    assert books.counted(5, None) and books.good == 4
    assert not books.counted(3, 2) and books.good == 2
    assert books.entries[-1].void == (3, 4)
