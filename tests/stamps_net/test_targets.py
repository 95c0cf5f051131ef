"""What the detector is taught: every mark on a cell, and each one's own middle and size."""

from __future__ import annotations

import numpy as np
import pytest
from tools.stamps.data import IGNORE, UNKNOWN, VOTED, VOTER, dense_targets, top_shown

from scanflow.stamps.candidates import MARKS, SIZE_UNIT_MM, STRIDE, VOTE_REACH_PX
from scanflow.stamps.crops import crop_map, crop_scale

SIDE = 320
PX_PER_MM = 75 / 25.4
TM, URGENCY, SEAL = (MARKS.index(n) for n in ("TUYET_MAT", "URGENCY", "SEAL"))


def mark(kind: str, x: float, y: float, w_mm: float, h_mm: float, legibility: float = 0.9) -> tuple[np.ndarray, dict]:
    w, h = w_mm * PX_PER_MM / 2, h_mm * PX_PER_MM / 2
    quad = np.array([[x - w, y - h], [x + w, y - h], [x + w, y + h], [x - w, y + h]])
    return quad, {"kind": kind, "legibility": legibility}


def taught(*placed: tuple[np.ndarray, dict]) -> tuple[np.ndarray, np.ndarray]:
    quads, labels = zip(*placed, strict=True)
    return dense_targets(list(quads), list(labels), SIDE)


def at(x: float, y: float) -> tuple[int, int]:
    return int(y / STRIDE), int(x / STRIDE)


@pytest.mark.parametrize("turned", [False, True])
def test_a_cell_under_two_marks_learns_both_and_where_each_one_is(turned: bool) -> None:
    placed = [mark("SEAL", 150, 150, 36, 36), mark("TUYET_MAT", 165, 155, 40, 8)]
    marks, boxes = taught(*(reversed(placed) if turned else placed))
    cell = at(150, 155)
    assert (marks[TM][cell], marks[SEAL][cell], marks[URGENCY][cell]) == (1, 1, 0)
    height, dx = 3, 0
    assert boxes[height][cell] == pytest.approx(np.log(8 / SIZE_UNIT_MM), abs=0.01)
    assert boxes[VOTER[SEAL] * VOTED + height][cell] == pytest.approx(np.log(36 / SIZE_UNIT_MM), abs=0.01)
    assert boxes[dx][cell] * VOTE_REACH_PX == pytest.approx(165 - (cell[1] + 0.5) * STRIDE)
    assert boxes[VOTER[SEAL] * VOTED + dx][cell] * VOTE_REACH_PX == pytest.approx(150 - (cell[1] + 0.5) * STRIDE)


def test_of_two_marks_that_vote_together_the_smaller_is_learnt_where_both_lie() -> None:
    marks, boxes = taught(mark("HOA_TOC", 150, 150, 20, 8), mark("DEN", 150, 150, 50, 30))
    assert marks[URGENCY][at(150, 150)] == marks[MARKS.index("OTHER")][at(150, 150)] == 1
    assert boxes[VOTER[URGENCY] * VOTED + 3][at(150, 150)] == pytest.approx(0, abs=0.01)
    assert boxes[VOTER[URGENCY] * VOTED + 3][at(150, 180)] == pytest.approx(np.log(30 / SIZE_UNIT_MM), abs=0.01)


def test_the_rim_of_a_mark_and_an_unreadable_mark_teach_nothing_but_a_mark_upon_it_does() -> None:
    marks, _ = taught(mark("MAT", 150, 150, 60, 30, legibility=0.05), mark("TUYET_MAT", 150, 150, 40, 8))
    assert marks[TM][at(150, 150)] == 1
    assert set(np.unique(marks[:, :, at(150, 150)[1]])) == {0, 1, IGNORE}
    assert (marks[:, *at(100, 190 - 4)] == IGNORE).all()
    assert (marks[:, *at(20, 20)] == 0).all()


@pytest.mark.parametrize("angle", [0.0, 90.0, -150.0])
@pytest.mark.parametrize(
    ("kind", "legibility", "beside_mm", "expected"),
    [
        ("TUYET_MAT", 0.6, 3, 0.6),
        ("ENVELOPE_A", 0.6, 3, 0.6),
        ("TUYET_MAT", 0.05, 3, UNKNOWN),  # nobody can see it
        ("TUYET_MAT", 0.6, 20, UNKNOWN),  # beside the middle
        ("TUYET_MAT", 0.6, 28, UNKNOWN),  # cut off by the crop's edge
        ("TUYET_MAT", 0.6, 60, 0.0),
        ("TOI_MAT", 0.6, 3, 0.0),
    ],
)
def test_a_crop_of_another_mark_knows_of_the_highest_level_in_its_place(
    angle: float, kind: str, legibility: float, beside_mm: float, expected: float
) -> None:
    quad, label = mark(kind, 150 + beside_mm * PX_PER_MM, 150, 40, 8, legibility)
    spin = np.radians(-angle)
    turn = np.array([[np.cos(spin), -np.sin(spin)], [np.sin(spin), np.cos(spin)]])
    placed = {**label, "quad": ((quad - 150) @ turn.T + 150).tolist()}
    other = {"kind": "HOA_TOC", "legibility": 0.9, "quad": mark("HOA_TOC", 150, 150, 30, 8)[0].tolist()}
    crop = crop_map(150, 150, angle, PX_PER_MM, crop_scale(30, 8))
    assert top_shown({"labels": [other, placed]}, crop) == expected


def test_of_two_marks_of_the_highest_level_the_readable_one_counts() -> None:
    labels = [
        {**label, "quad": quad.tolist()}
        for quad, label in (mark("TUYET_MAT", 150, 150, 40, 8, legibility) for legibility in (0.05, 0.4, 0.08))
    ]
    assert top_shown({"labels": labels}, crop_map(150, 150, 0, PX_PER_MM, 1.0)) == 0.4


@pytest.mark.parametrize("other", ["TUYET_MAT", "MAT", "THUONG_KHAN", "SEAL"])
def test_toi_mat_votes_for_its_own_frame_whatever_lies_upon_it(other: str) -> None:
    _, boxes = taught(mark("TOI_MAT", 150, 150, 30, 8), mark(other, 160, 152, 24, 8))
    own = VOTED * VOTER[MARKS.index("TOI_MAT")]
    for cell in (at(140, 150), at(155, 151)):
        assert boxes[own][cell] * VOTE_REACH_PX == pytest.approx(150 - (cell[1] + 0.5) * STRIDE)
