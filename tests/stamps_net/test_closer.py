"""Where the first look is in doubt a second one follows; it may weigh a doubt anew, and loses nothing of the first."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.stamps.closeups import MOST_MISTAKEN, MOST_PIECES, PIECE_PX, Closeups, Why, pieces_of, places_of
from tools.stamps.fuse import Page, Rows

from scanflow.stamps.candidates import MARKS, SIZE_UNIT_MM, STRIDE, VOTE_REACH_PX, VOTERS, VOTES
from scanflow.stamps.closer import (
    APART_MM,
    CLOSER_DPI,
    DOUBTED,
    MOST_AGAIN,
    MOST_WINDOWS,
    NOTHING_SEEN,
    REACH_MM,
    WINDOW_PX,
    Doubt,
    both_say,
    doubts_of,
    melted,
    proposals,
    window_map,
    window_of,
)
from scanflow.stamps.fusion import Finding
from scanflow.stamps.geometry import centre_of
from scanflow.stamps.marks import MarkKind as K
from scanflow.stamps.network import MarkNetwork

DPI = 200
PPM = DPI / 25.4


def finding(x_mm: float, y_mm: float = 100, *, route: float = 0.1, seen: float = 0.1) -> Finding:
    x, y, w, h = x_mm * PPM, y_mm * PPM, 20 * PPM, 4 * PPM
    quad = ((x - w, y - h), (x + w, y - h), (x + w, y + h), (x - w, y + h))
    return Finding(quad, 40, 8, 0.0, {K.TUYET_MAT: 0.2, K.KHAN: 0.7}, 0.1, 0.2, 0.9, seen, route)


FOUND = st.lists(
    st.builds(
        lambda x, y, route, seen: finding(x, y, route=route, seen=seen),
        st.floats(0, 210),
        st.floats(0, 297),
        st.floats(0, 0.9),
        st.floats(0, 1),
    ),
    max_size=20,
)


def test_a_side_without_doubt_is_not_looked_at_again() -> None:
    assert doubts_of([finding(50, route=0.001), finding(120, route=DOUBTED / 2, seen=0.49)], PPM) == []


def test_neighbours_are_one_doubt_and_the_gravest_comes_first() -> None:
    far, near, strong = finding(150, route=0.05), finding(30 + APART_MM - 1, route=0.02), finding(30, route=0.4)
    (first, there), (second, alone) = doubts_of([far, near, strong], PPM)
    assert (first, second) == (centre_of(strong.quad), centre_of(far.quad))
    assert there == (strong, near)
    assert alone == (far,)


def test_what_lies_farther_off_is_a_doubt_of_its_own() -> None:
    assert len(doubts_of([finding(30), finding(30 + APART_MM + 1)], PPM)) == 2


def test_the_dense_map_alone_is_doubt_enough() -> None:
    assert len(doubts_of([finding(50, route=0.0, seen=0.6)], PPM)) == 1


@given(FOUND)
def test_doubts_are_few_apart_and_tell_no_finding_twice(found: list[Finding]) -> None:
    doubts = doubts_of(found, PPM)
    assert len(doubts) <= MOST_WINDOWS
    told = [id(f) for _, there in doubts for f in there]
    assert len(told) == len(set(told))
    for i, (place, there) in enumerate(doubts):
        assert there
        assert all(np.hypot(*np.subtract(place, other)) > APART_MM * PPM for other, _ in doubts[:i])


@given(FOUND, st.lists(FOUND, min_size=MOST_WINDOWS, max_size=MOST_WINDOWS))
def test_melting_loses_no_finding_and_no_doubt(found: list[Finding], again: list[list[Finding]]) -> None:
    doubts = [
        Doubt(place, there, tuple(more)) for (place, there), more in zip(doubts_of(found, PPM), again, strict=False)
    ]
    out = melted(found, doubts)
    asked = [f for doubt in doubts for f in doubt.first]
    for f in found:
        if not any(f is one for one in asked):
            assert f in out
    for f in asked:
        assert any(replace(f, route=g.route) == g for g in out)
    assert len(found) <= len(out) <= len(found) + len(doubts)
    best = max((f.route for f in out), default=0.0)
    assert all(
        best >= both_say([f.route for f in doubt.first], [f.route for f in doubt.closer]) - 1e-12 for doubt in doubts
    )


def test_the_likelier_look_bears_the_score_of_both() -> None:
    seen, again = finding(50, route=0.1), finding(58, route=0.9)
    doubt = Doubt(centre_of(seen.quad), (seen,), (again,))
    kept, bearer = melted([seen], [doubt])
    score = both_say([0.1], [0.9])
    assert bearer == replace(again, route=score)
    assert kept == seen  # the lesser score stays
    assert score == pytest.approx(0.5)


def test_a_closer_look_that_finds_nothing_lowers_the_doubt_and_keeps_the_finding() -> None:
    seen = finding(50, route=0.5)
    (left,) = melted([seen], [Doubt(centre_of(seen.quad), (seen,), ())])
    assert 0 < left.route < 0.5
    assert left.quad == seen.quad


@given(st.lists(st.floats(0, 1)), st.lists(st.floats(0, 1)))
def test_both_looks_weigh_the_same_and_none_says_never(first: list[float], closer: list[float]) -> None:
    score = both_say(first, closer)
    assert score == both_say(closer, first)
    best = sorted(max([*scores, NOTHING_SEEN]) for scores in (first, closer))
    assert best[0] - 1e-3 <= score <= best[1] + 1e-3


def test_one_look_that_gives_two_in_three_is_not_cleared_by_one_that_finds_nothing() -> None:
    hold = MarkNetwork().thresholds.hold
    assert both_say([2 / 3], []) >= hold
    assert both_say([], [2 / 3]) >= hold


def test_a_page_for_the_thresholds_is_scored_as_the_station_would() -> None:
    page = Page({}, [Rows([0], [([1], [2]), ([3], [])])], top=True, legible=0.5, plain=False, strange=0.0)
    assert page.best(np.array([0.05, 0.4, 0.6, 0.2])) == both_say([0.4], [0.6])
    assert page.best(np.array([0.7, 0.4, 0.6, 0.2])) == 0.7
    assert page.best(np.array([0.05, 0.01, 0.01, 0.9])) == both_say([0.9], [])


def dense(x: float, y: float, kind: str = "TUYET_MAT", *, width_mm: float = 40) -> tuple[np.ndarray, np.ndarray]:
    """Logits and votes of a window for one mark whose middle is (x, y), in its pixels."""
    cells = WINDOW_PX // STRIDE
    marks = np.full((len(MARKS), cells, cells), -9, np.float32)
    boxes = np.zeros((len(VOTES) * len(VOTERS), cells, cells), np.float32)
    rows, cols = np.mgrid[0:cells, 0:cells]
    px, py = (cols + 0.5) * STRIDE, (rows + 0.5) * STRIDE
    core = (abs(px - x) < 50) & (abs(py - y) < 8)
    marks[MARKS.index(kind), core] = 3
    units = np.log(np.array([width_mm, 8]) / SIZE_UNIT_MM * CLOSER_DPI / 75)  # a map's millimetres are those of 75 dpi
    group = next(i for i, names in enumerate(VOTERS) if kind in names) * len(VOTES)
    for channel, value in enumerate(((x - px) / VOTE_REACH_PX, (y - py) / VOTE_REACH_PX, *units, 1.0, 0.0)):
        boxes[group + channel] = value
    return marks, boxes


def test_a_proposal_lies_on_the_side_where_the_window_shows_it() -> None:
    place = (900.0, 1200.0)
    ((x, y, c),) = proposals(*dense(WINDOW_PX / 2 + 40, WINDOW_PX / 2 - 20), window_map(place, PPM))
    assert (x, y) == (pytest.approx(900 + 40 * DPI / CLOSER_DPI, abs=2), pytest.approx(1200 - 40, abs=2))
    assert (c.width_mm, c.height_mm) == (pytest.approx(40, rel=0.01), pytest.approx(8, rel=0.01))


def test_what_is_no_top_secret_or_lies_at_the_rim_is_not_proposed() -> None:
    to_side = window_map((900.0, 1200.0), PPM)
    assert proposals(*dense(128, 128, "MAT"), to_side) == []
    beyond = WINDOW_PX / 2 + (REACH_MM + 2) / 25.4 * CLOSER_DPI
    assert proposals(*dense(beyond, 128), to_side) == []


def test_however_much_a_window_shows_few_are_looked_at() -> None:
    marks, boxes = dense(128, 128)
    rng = np.random.default_rng(1)
    marks[0] = rng.normal(2, 1, marks[0].shape)
    boxes[:2] = rng.normal(0, 1, boxes[:2].shape)
    assert 0 < len(proposals(marks, boxes, window_map((900.0, 1200.0), PPM))) <= MOST_AGAIN


def test_a_window_shows_the_side_at_its_resolution() -> None:
    side = np.full((2000, 2000, 3), 255, np.uint8)
    side[1000:1020, 1000:1040] = 0
    window = window_of(side, (1020, 1010), PPM)
    rows, cols = np.nonzero(window[..., 0] < 128)
    assert (np.ptp(cols) + 1, np.ptp(rows) + 1) == (pytest.approx(20, abs=1), pytest.approx(10, abs=1))
    assert (cols.mean(), rows.mean()) == (pytest.approx(127.5, abs=1), pytest.approx(127.5, abs=1))


def record(*labels: dict) -> dict:
    return {"seed": 7, "dpi": DPI, "turn": 0, "facts": [], "labels": list(labels)}


def label(x_mm: float, y_mm: float = 100, kind: str = "TUYET_MAT", legibility: float = 0.6) -> dict:
    return {"kind": kind, "quad": [list(p) for p in finding(x_mm, y_mm).quad], "legibility": legibility, "hand": False}


def test_pieces_are_cut_round_marks_misses_and_mistakes_each_once() -> None:
    told = record(label(40), label(150, kind="KHAN"), label(40, 250, legibility=0.05))
    found = (finding(42, seen=0.9), finding(100, 200, seen=0.3), finding(170, 30, seen=0.05))
    places = places_of(told, found, [1])
    assert [why for _, why in places] == [Why.TOP_SECRET, Why.HARD, Why.MISTAKEN]
    assert places[2][0] == pytest.approx(centre_of(found[1].quad))
    crowd = tuple(finding(20 + 30 * i, 20 + 40 * j, seen=0.9) for i in range(6) for j in range(6))
    assert len(places_of(told, crowd, [1])) <= MOST_PIECES
    mistakes = [why for _, why in places_of(record(), crowd, [])]
    assert mistakes == [Why.MISTAKEN] * MOST_MISTAKEN


def test_a_piece_keeps_its_labels_where_the_ink_is() -> None:
    pixels = np.full((round(297 * PPM), round(210 * PPM), 3), 255, np.uint8)
    told = record(label(40, 280))
    (x0, y0), (x1, y1) = told["labels"][0]["quad"][0], told["labels"][0]["quad"][2]
    pixels[round(y0) : round(y1), round(x0) : round(x1)] = 0
    ((piece, kept),) = pieces_of(pixels, told, places_of(told, (), []))
    assert piece.shape == (PIECE_PX, PIECE_PX, 3)
    rows, cols = np.nonzero(piece[..., 0] < 128)
    quad = np.array(kept["labels"][0]["quad"])
    assert quad.mean(0) == pytest.approx((cols.mean(), rows.mean()), abs=1)
    assert kept["focus"] == pytest.approx(quad.mean(0), abs=1)
    assert (kept["seed"], kept["dpi"], kept["why"]) == (7, CLOSER_DPI, "top_secret")


def test_a_page_smaller_than_a_piece_is_grown_and_not_stretched() -> None:
    told = record(label(30, 20))
    ((piece, kept),) = pieces_of(np.full((400, 600, 3), 255, np.uint8), told, places_of(told, (), []))
    assert piece.shape == (PIECE_PX, PIECE_PX, 3)
    assert np.ptp(np.array(kept["labels"][0]["quad"]), axis=0) == pytest.approx(
        (40 / 25.4 * CLOSER_DPI, 8 / 25.4 * CLOSER_DPI), rel=0.02
    )


def test_windows_of_the_pieces_show_what_their_targets_say(tmp_path: Path) -> None:
    pixels = np.full((round(297 * PPM), round(210 * PPM), 3), 255, np.uint8)
    told = record(label(100, 150))
    (x0, y0), (x1, y1) = told["labels"][0]["quad"][0], told["labels"][0]["quad"][2]
    pixels[round(y0) : round(y1), round(x0) : round(x1)] = 0
    ((piece, kept),) = pieces_of(pixels, told, places_of(told, (), []))
    cv2.imwrite(str(tmp_path / "7-0.jpg"), piece)
    (tmp_path / "7-0.json").write_text(json.dumps(kept))
    pool = Closeups(tmp_path, WINDOW_PX, 1)
    assert pool.refresh(skip=20) == 1
    views, marks, _, _ = pool.batch(24)
    small = views.mean(3).reshape(24, WINDOW_PX // STRIDE, STRIDE, WINDOW_PX // STRIDE, STRIDE).mean((2, 4))
    covered = marks[:, MARKS.index("TUYET_MAT")] == 1
    assert covered.any(axis=(1, 2)).sum() >= 20
    assert small[covered].mean() < small[~covered].mean() - 60
