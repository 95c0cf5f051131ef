"""Where the first pair of detectors leaves a side in doubt a second is asked; both together say how likely it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.stamps.__main__ import detectors
from tools.stamps.fuse import Page, Rows

from scanflow.stamps.closer import NOTHING_SEEN, both_say
from scanflow.stamps.fusion import Finding
from scanflow.stamps.marks import MarkKind as K
from scanflow.stamps.network import MarkNetwork
from scanflow.stamps.second import ASKED, Look, agreed, best_of, leaves_doubt

HOLD = 0.2


def finding(x: float, route: float) -> Finding:
    quad = ((x, 0.0), (x + 300, 0.0), (x + 300, 60.0), (x, 60.0))
    return Finding(quad, 40, 8, 0.0, {K.TUYET_MAT: 0.2, K.KHAN: 0.7}, 0.1, 0.2, 0.9, 0.1, route)


FOUND = st.builds(finding, st.floats(0, 1500), st.floats(0, 1))
LOOKS = st.lists(FOUND, max_size=8).map(lambda found: Look(tuple(found), ()))
DOUBTFUL = st.lists(FOUND, min_size=1, max_size=8).map(lambda found: Look(tuple(found), ()))


def test_only_doubt_asks_for_a_second_pair() -> None:
    assert not leaves_doubt(0.0, HOLD)
    assert not leaves_doubt(ASKED - 1e-6, HOLD)
    assert leaves_doubt(ASKED, HOLD)
    assert leaves_doubt(HOLD, HOLD)
    assert not leaves_doubt(0.7, HOLD)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.15, 0.5))
def test_what_is_held_whatever_the_second_pair_says_is_not_asked_about(best: float, second: float, hold: float) -> None:
    if best >= ASKED and not leaves_doubt(best, hold):
        assert both_say([best], [second]) >= hold


def test_a_side_just_below_hold_is_asked_about() -> None:
    hold = MarkNetwork().thresholds.hold
    assert leaves_doubt(hold - 1e-6, hold)
    assert hold > 2 * ASKED


@given(LOOKS)
def test_one_look_alone_stands_as_it_is(look: Look) -> None:
    assert agreed([look]) == look.findings


@given(DOUBTFUL, LOOKS)
def test_two_looks_lose_no_finding_of_the_first_and_give_the_side_one_score(first: Look, second: Look) -> None:
    out = agreed([first, second])
    score = both_say([f.route for f in first.findings], [f.route for f in second.findings])
    for f in first.findings:
        assert any(g == replace(f, route=g.route) for g in out)
    assert len(first.findings) <= len(out) <= len(first.findings) + 1
    assert [f.route for f in out] == sorted((f.route for f in out), reverse=True)
    assert best_of(out) == score


def test_the_likelier_pair_says_where_it_is() -> None:
    seen, again = finding(100, 0.1), finding(900, 0.9)
    bearer, kept = agreed([Look((seen,), ()), Look((again,), ())])
    assert bearer == replace(again, route=both_say([0.1], [0.9]))
    assert kept == seen


def test_a_pair_that_sees_nothing_lowers_the_doubt_and_never_clears_a_grave_one() -> None:
    hold = MarkNetwork().thresholds.hold
    for first, other in (((0.9,), ()), ((0.9,), (0.0,))):
        looks = [Look(tuple(finding(0, route) for route in found), ()) for found in (first, other)]
        (left, *_) = agreed(looks)
        assert left.route == both_say([0.9], [NOTHING_SEEN])
        assert hold <= left.route < 0.9


def test_a_page_for_the_thresholds_is_scored_by_both_pairs_as_the_station_would() -> None:
    one, other = Rows([0], [([1], [2])]), Rows([3], [])
    scores = np.array([0.05, 0.4, 0.6, 0.2])
    alone = Page({}, [one], top=True, legible=0.5, plain=False, strange=0.0)
    assert alone.best(scores) == both_say([0.4], [0.6])
    both = replace(alone, looks=[one, other])
    assert both.best(scores) == both_say([both_say([0.4], [0.6])], [0.2])
    assert (one.numbers, other.numbers) == ([0, 1, 2], [3])
    unseen = replace(alone, looks=[one, Rows([], [])])
    assert unseen.best(scores) == both_say([alone.best(scores)], [])


def test_a_training_from_nothing_names_all_four_detectors() -> None:
    files = [Path(f"{n}.pt") for n in range(4)]
    assert detectors(*files) == [
        "--detector", "0.pt", "--closer", "1.pt", "--second-detector", "2.pt", "--second-closer", "3.pt",
    ]  # fmt: skip
    with pytest.raises(ValueError, match="zip"):
        detectors(*files[:3])
