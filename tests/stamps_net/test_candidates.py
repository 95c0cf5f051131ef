"""Votes become candidates: touching marks stay apart, and nothing grows without bound."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanflow.stamps.candidates import (
    MARKS,
    MOST_CANDIDATES,
    SIZE_UNIT_MM,
    STRIDE,
    VOTE_REACH_PX,
    VOTERS,
    find_candidates,
    sigmoid,
)

TM, KHAN, SEAL = (MARKS.index(n) for n in ("TUYET_MAT", "URGENCY", "SEAL"))
PX_PER_MM = 75 / 25.4


def dense(h: int = 80, w: int = 120) -> tuple[np.ndarray, np.ndarray]:
    return np.zeros((len(MARKS), h, w), np.float32), np.zeros((6 * len(VOTERS), h, w), np.float32)


def put(
    maps: tuple[np.ndarray, np.ndarray],
    kind: int,
    x: float,
    y: float,
    width_mm: float,
    height_mm: float,
    p: float = 0.95,
) -> None:
    probabilities, boxes = maps
    rows, cols = np.mgrid[0 : probabilities.shape[1], 0 : probabilities.shape[2]]
    px, py = (cols + 0.5) * STRIDE, (rows + 0.5) * STRIDE
    core = (abs(px - x) < width_mm * PX_PER_MM / 2) & (abs(py - y) < height_mm * PX_PER_MM / 2)
    probabilities[kind, core] = p
    first = 6 * next(i for i, names in enumerate(VOTERS) if MARKS[kind] in names)
    for channel, value in enumerate(
        (
            (x - px) / VOTE_REACH_PX,
            (y - py) / VOTE_REACH_PX,
            np.log(width_mm / SIZE_UNIT_MM),
            np.log(height_mm / SIZE_UNIT_MM),
            1.0,
            0.0,
        )
    ):
        boxes[first + channel][core] = value[core] if isinstance(value, np.ndarray) else value


def test_one_mark_is_one_candidate_with_its_size() -> None:
    maps = dense()
    put(maps, TM, 200, 150, 40, 8)
    (found,) = find_candidates(*maps)
    assert (found.x, found.y) == (pytest.approx(200, abs=1), pytest.approx(150, abs=1))
    assert (found.width_mm, found.height_mm) == (pytest.approx(40, rel=0.02), pytest.approx(8, rel=0.02))
    assert found.top_secret == pytest.approx(0.95)


@pytest.mark.parametrize(("dx", "dy"), [(0.0, 8.0), (0.0, 7.0), (40.0, 0.0), (30.0, 7.5)])
def test_marks_that_touch_or_overlap_stay_two(dx: float, dy: float) -> None:
    maps = dense()
    put(maps, KHAN, 200 + dx * PX_PER_MM, 150 + dy * PX_PER_MM, 20, 8)
    put(maps, TM, 200, 150, 40, 8)
    found = find_candidates(*maps)
    assert len(found) == 2
    assert found[0].top_secret > 0.9 > found[1].top_secret


def test_top_secret_under_a_seal_is_a_candidate_of_its_own() -> None:
    maps = dense()
    put(maps, TM, 205, 155, 40, 8, p=0.3)
    put(maps, SEAL, 200, 150, 36, 36)
    found = find_candidates(*maps)
    assert found[0].top_secret == pytest.approx(0.3)
    assert (found[0].width_mm, found[0].height_mm) == (pytest.approx(40, rel=0.02), pytest.approx(8, rel=0.02))
    (seal,) = (c for c in found if c.height_mm > 20)
    assert (seal.x, seal.y, seal.height_mm) == (pytest.approx(200), pytest.approx(150), pytest.approx(36, rel=0.02))


def test_top_secret_exactly_under_a_larger_stamp_is_a_candidate_of_its_own() -> None:
    maps = dense()
    put(maps, TM, 205, 155, 40, 8, p=0.3)
    put(maps, KHAN, 205, 155, 52, 20)
    found = find_candidates(*maps)
    assert [round(c.height_mm) for c in found] == [8, 20]


def test_of_the_unlikely_ones_only_the_likeliest_are_kept_and_every_likely_one() -> None:
    maps = dense(160, 240)
    for number in range(20):
        put(
            maps,
            TM,
            120 + 160 * (number % 5),
            60 + 60 * (number // 5),
            40,
            8,
            p=0.6 if number < 9 else 0.21 + number / 100,
        )
    found = find_candidates(*maps)
    assert [round(c.top_secret, 2) for c in found] == [0.6] * 9 + [0.4, 0.39, 0.38, 0.37, 0.36, 0.35]


def test_an_empty_map_has_none() -> None:
    assert find_candidates(*dense()) == []


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.1, 20.0))
def test_any_map_gives_a_bounded_number_of_finite_candidates(seed: int, heat: float) -> None:
    rng = np.random.default_rng(seed)
    probabilities = sigmoid(rng.normal(0, heat, (len(MARKS), 60, 60)).astype(np.float32))
    boxes = rng.normal(0, 5, (6 * len(VOTERS), 60, 60)).astype(np.float32)
    found = find_candidates(probabilities, boxes)
    assert len(found) <= MOST_CANDIDATES
    for c in found:
        assert np.isfinite([c.x, c.y, c.width_mm, c.height_mm, c.angle_deg]).all()
        assert 0 < c.width_mm < 200
