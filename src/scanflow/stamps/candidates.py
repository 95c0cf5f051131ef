"""From the dense map to candidates: every cell votes for the middle of its marks, so touching marks stay two.

The detector says of each 4 x 4 pixel cell at 75 dpi which marks cover it, several at once where one lies upon
another, and where their middles, sizes and angles lie. Cells whose votes fall together are one candidate.
TUYỆT MẬT, TỐI MẬT, the round seals and all other marks vote apart: a stamp that lies under a seal or another stamp
keeps its own frame.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

MARKS: Final = ("TUYET_MAT", "TOI_MAT", "MAT", "GIAI_MAT", "ENVELOPE", "URGENCY", "OTHER", "SEAL")
"""What the dense map tells apart."""
VOTERS: Final = (("TUYET_MAT",), ("TOI_MAT",), ("MAT", "GIAI_MAT", "ENVELOPE", "URGENCY", "OTHER"), ("SEAL",))
"""Which of them vote together."""
VOTES: Final = ("dx", "dy", "log_width", "log_height", "cos_2angle", "sin_2angle")
"""What each group of voters says in every cell of its mark's middle, size and direction."""
STRIDE: Final = 4
DETECTOR_DPI: Final = 75
VOTE_REACH_PX: Final = 32.0
"""A vote of 1.0 points this many pixels away."""
SIZE_UNIT_MM: Final = 8.0
"""Sizes are voted as logarithms of multiples of a level mark's height."""
FLOORS: Final = (0.2, 0.25, 0.25, 0.5)
"""Of the voters: from which probability on a cell may vote."""
MOST_CELLS: Final = 6000
MOST_CANDIDATES: Final = 48
MOST_WEAK: Final = 6
"""Of the candidates that no cell is surer of than not, the likeliest; on text there may be dozens."""
_GROUPS = tuple([MARKS.index(name) for name in names] for names in VOTERS)
_TM, _SEAL = MARKS.index("TUYET_MAT"), MARKS.index("SEAL")
_MM_PER_PX = 25.4 / DETECTOR_DPI


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A place that may hold a mark (vùng nghi là dấu).

    Attributes:
        x, y: the middle, pixels at 75 dpi.
        width_mm, height_mm: outer size along and across the line of text.
        angle_deg: direction of the line of text, counter-clockwise from the image's x axis, modulo 180.
        peak: highest P(some mark that is no seal) of its cells.
        top_secret: highest P(TUYỆT MẬT) of its cells.
        seal: highest P(round seal) of its cells.
    """

    x: float
    y: float
    width_mm: float
    height_mm: float
    angle_deg: float
    peak: float
    top_secret: float
    seal: float


def softmax(logits: Floats, axis: int) -> Floats:
    """Probabilities from logits."""
    lifted = np.exp(logits - logits.max(axis=axis, keepdims=True))
    return np.asarray(lifted / lifted.sum(axis=axis, keepdims=True), np.float32)


def sigmoid(logits: Floats) -> Floats:
    """Probabilities from logits that stand each for itself."""
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))), np.float32)


def find_candidates(
    probabilities: Floats, boxes: Floats, voters: Sequence[tuple[str, ...]] = VOTERS
) -> list[Candidate]:
    """Candidates of one side, the likeliest TUYỆT MẬT first, never more than ``MOST_CANDIDATES``.

    Args:
        probabilities: ``(len(MARKS), h, w)`` of the dense map.
        boxes: ``(len(VOTES) * len(VOTERS), h, w)``, the votes of each group.
        voters: the groups that are asked.
    """
    found: list[Candidate] = []
    for group, (members, floor) in enumerate(zip(_GROUPS, FLOORS, strict=True)):
        if VOTERS[group] not in voters:
            continue
        votes = boxes[group * len(VOTES) : (group + 1) * len(VOTES)]
        for candidate in _grouped(probabilities[members].max(0), floor, probabilities, votes):
            if not any(_same(candidate, other) for other in found):
                found.append(candidate)
    found.sort(key=lambda c: (-c.top_secret, -c.peak))
    weak = [c for c in found if max(c.peak, c.seal) < 0.5]
    return [c for c in found if c not in weak[MOST_WEAK:]][:MOST_CANDIDATES]


def _same(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates are one mark: middles together, and no wide difference of size or direction."""
    reach = 0.4 * min(one.height_mm, other.height_mm, 12.0) / _MM_PER_PX
    if math.hypot(one.x - other.x, one.y - other.y) > max(reach, 4.0):
        return False
    ratio = one.width_mm * one.height_mm / (other.width_mm * other.height_mm)
    return 0.4 < ratio < 2.5


def _grouped(score: Floats, floor: float, probabilities: Floats, boxes: Floats) -> list[Candidate]:
    rows, cols = np.nonzero(score > floor)
    if len(rows) > MOST_CELLS:
        best = np.argpartition(score[rows, cols], -MOST_CELLS)[-MOST_CELLS:]
        rows, cols = rows[best], cols[best]
    weight = score[rows, cols]
    votes = boxes[:, rows, cols]
    xs = (cols + 0.5) * STRIDE + votes[0] * VOTE_REACH_PX
    ys = (rows + 0.5) * STRIDE + votes[1] * VOTE_REACH_PX
    heights = np.exp(np.clip(votes[3], -2.0, 2.2)) * SIZE_UNIT_MM
    open_cells = np.ones(len(rows), bool)
    found: list[Candidate] = []
    for start in np.argsort(-weight, kind="stable"):
        if not open_cells[start]:
            continue
        if len(found) >= MOST_CANDIDATES:
            break
        reach = max(6.0, 0.5 * float(min(heights[start], 16.0)) / _MM_PER_PX)
        near = open_cells & (np.hypot(xs - xs[start], ys - ys[start]) < reach)
        open_cells &= ~near
        if int(near.sum()) < 3 and weight[start] < 0.5:
            continue
        found.append(_averaged(near, weight, xs, ys, votes, probabilities[:, rows, cols]))
    return found


def _averaged(
    near: NDArray[np.bool_],
    weight: Floats,
    xs: Floats,
    ys: Floats,
    votes: Floats,
    marks: Floats,
) -> Candidate:
    share = weight[near] / weight[near].sum()
    cos2, sin2 = float((votes[4][near] * share).sum()), float((votes[5][near] * share).sum())
    return Candidate(
        x=float((xs[near] * share).sum()),
        y=float((ys[near] * share).sum()),
        width_mm=float(np.exp((np.clip(votes[2][near], -2.0, 3.0) * share).sum()) * SIZE_UNIT_MM),
        height_mm=float(np.exp((np.clip(votes[3][near], -2.0, 2.2) * share).sum()) * SIZE_UNIT_MM),
        angle_deg=math.degrees(math.atan2(sin2, cos2)) / 2,
        peak=float(marks[:_SEAL, near].max()),
        top_secret=float(marks[_TM, near].max()),
        seal=float(marks[_SEAL, near].max()),
    )
