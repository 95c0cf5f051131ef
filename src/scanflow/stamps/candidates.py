"""From the dense map to candidates: every cell votes for the middle of its mark, so touching marks stay two.

The detector says of each 4 x 4 pixel cell at 75 dpi which mark covers it, and where that mark's middle,
size and angle lie. Cells whose votes fall together are one candidate. Two sets are voted: cells that any
mark may cover, and cells that TUYỆT MẬT may cover; the second finds a TUYỆT MẬT that lies under or against
another mark.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

DETECTOR_CLASSES: Final = (
    "BACKGROUND",
    "TUYET_MAT",
    "TOI_MAT",
    "MAT",
    "GIAI_MAT",
    "ENVELOPE",
    "URGENCY",
    "OTHER",
    "SEAL",
)
STRIDE: Final = 4
DETECTOR_DPI: Final = 75
VOTE_REACH_PX: Final = 32.0
"""A vote of 1.0 points this many pixels away."""
SIZE_UNIT_MM: Final = 8.0
"""Sizes are voted as logarithms of multiples of a level mark's height."""
ANY_FLOOR: Final = 0.12
TOP_SECRET_FLOOR: Final = 0.20
SEAL_FLOOR: Final = 0.5
MOST_CELLS: Final = 6000
MOST_CANDIDATES: Final = 48
_TM, _SEAL = DETECTOR_CLASSES.index("TUYET_MAT"), DETECTOR_CLASSES.index("SEAL")
_MM_PER_PX = 25.4 / DETECTOR_DPI


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A place that may hold a mark (vùng nghi là dấu).

    Attributes:
        x, y: the middle, pixels at 75 dpi.
        width_mm, height_mm: outer size along and across the line of text.
        angle_deg: direction of the line of text, counter-clockwise from the image's x axis, modulo 180.
        peak: highest P(any mark) of its cells.
        top_secret: highest P(TUYỆT MẬT) of its cells.
        seal: highest P(round seal) of its cells.
        classes: mean class probabilities of its cells, in the order of ``DETECTOR_CLASSES``.
    """

    x: float
    y: float
    width_mm: float
    height_mm: float
    angle_deg: float
    peak: float
    top_secret: float
    seal: float
    classes: Floats


def softmax(logits: Floats, axis: int) -> Floats:
    """Probabilities from logits."""
    lifted = np.exp(logits - logits.max(axis=axis, keepdims=True))
    return np.asarray(lifted / lifted.sum(axis=axis, keepdims=True), np.float32)


def find_candidates(probabilities: Floats, boxes: Floats) -> list[Candidate]:
    """Candidates of one side, the likeliest TUYỆT MẬT first, never more than ``MOST_CANDIDATES``.

    Args:
        probabilities: ``(classes, h, w)`` of the dense map.
        boxes: ``(6, h, w)`` votes: dx, dy, log width, log height, cos 2θ, sin 2θ.
    """
    anything = 1 - probabilities[0] - probabilities[_SEAL]
    found: list[Candidate] = []
    for score, floor in (
        (probabilities[_TM], TOP_SECRET_FLOOR),
        (anything, ANY_FLOOR),
        (probabilities[_SEAL], SEAL_FLOOR),
    ):
        for candidate in _grouped(score, floor, probabilities, boxes, anything):
            if not any(_same(candidate, other) for other in found):
                found.append(candidate)
    found.sort(key=lambda c: (-c.top_secret, -c.peak))
    return found[:MOST_CANDIDATES]


def _same(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates are one mark: middles together, and no wide difference of size or direction."""
    reach = 0.4 * min(one.height_mm, other.height_mm, 12.0) / _MM_PER_PX
    if math.hypot(one.x - other.x, one.y - other.y) > max(reach, 4.0):
        return False
    ratio = one.width_mm * one.height_mm / (other.width_mm * other.height_mm)
    return 0.4 < ratio < 2.5


def _grouped(score: Floats, floor: float, probabilities: Floats, boxes: Floats, anything: Floats) -> list[Candidate]:
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
        found.append(_averaged(near, weight, xs, ys, votes, probabilities[:, rows, cols], anything[rows, cols]))
    return found


def _averaged(
    near: NDArray[np.bool_],
    weight: Floats,
    xs: Floats,
    ys: Floats,
    votes: Floats,
    classes: Floats,
    anything: Floats,
) -> Candidate:
    share = weight[near] / weight[near].sum()
    cos2, sin2 = float((votes[4][near] * share).sum()), float((votes[5][near] * share).sum())
    return Candidate(
        x=float((xs[near] * share).sum()),
        y=float((ys[near] * share).sum()),
        width_mm=float(np.exp((np.clip(votes[2][near], -2.0, 3.0) * share).sum()) * SIZE_UNIT_MM),
        height_mm=float(np.exp((np.clip(votes[3][near], -2.0, 2.2) * share).sum()) * SIZE_UNIT_MM),
        angle_deg=math.degrees(math.atan2(sin2, cos2)) / 2,
        peak=float(anything[near].max()),
        top_secret=float(classes[_TM][near].max()),
        seal=float(classes[_SEAL][near].max()),
        classes=np.asarray((classes[:, near] * share).sum(axis=1), np.float32),
    )
