"""Was the same side scanned twice? A fingerprint of where ink lies on the upright, level side.

Forms of one kind differ only in what was filled in, and blank sides not at all, so that a coarse hash would
cry wolf. Two sides are the same only when their inked cells agree as a whole and next to no cell has ink of
which the other knows nothing. Nothing legible can be got back from it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from scanflow.imaging.arrays import Array, as_image
from scanflow.imaging.reduced import Reduced
from scanflow.imaging.skew import without_rules
from scanflow.imaging.straight import level_matrix, turned
from scanflow.pages import Pose

_COLUMNS, _ROWS = 128, 181
"""Cells of 1.6 mm: a letter of 13 pt is about one cell."""
_LEAST_INKED = 150
"""Cells with ink, below which a side is too bare to be told from another."""
SAME_FROM = 0.97
"""Correlation of the inked cells from which two fingerprints may be of one side."""
MOST_STRANGERS = 6
"""Cells with ink on one side and none near it on the other: two scans of one side have hardly any."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Ink per cell, 0..15, row by row (dấu vân của một mặt giấy).

    Attributes:
        cells: one byte a cell.
        inked: cells with ink.
    """

    cells: bytes
    inked: int

    @property
    def telling(self) -> bool:
        """Enough ink to say that another side is the same one."""
        return self.inked >= _LEAST_INKED


def fingerprint(side: Reduced, pose: Pose | None = None) -> Fingerprint:
    """The fingerprint of a side (6 CPU ms).

    With its pose, a side that was fed the other way round is known too. Ruled lines, which all forms of one
    kind share, are left out. To be kept in RAM only: it is a coarse picture of the layout.
    """
    half = cv2.resize((side.ink > 40).astype(np.uint8) * 255, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    inked = turned(as_image(half), pose.turn if pose else 0)
    height, width = inked.shape
    if pose is not None and pose.skew_deg:
        inked = as_image(cv2.warpAffine(inked, level_matrix(width, height, pose.skew_deg)[:2], (width, height)))
    text = without_rules(inked, side.px_per_mm / 2)
    cells = cv2.resize(text, (_COLUMNS, _ROWS), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    coded = np.minimum(15, np.round(cells * 40)).astype(np.uint8)
    return Fingerprint(coded.tobytes(), int(np.count_nonzero(coded)))


def _cells(one: Fingerprint) -> Array:
    return np.frombuffer(one.cells, np.uint8).reshape(_ROWS, _COLUMNS)


def likeness(one: Fingerprint, other: Fingerprint) -> float:
    """How alike two sides are as a whole, 0..1; 0 when either is too bare to tell."""
    if not (one.telling and other.telling):
        return 0.0
    a, b = (cv2.GaussianBlur(_cells(p).astype(np.float32), (0, 0), 1.2) for p in (one, other))
    core = a[4:-4, 4:-4]
    if float(core.std()) == 0 or float(b.std()) == 0:
        return 0.0
    return max(0.0, float(cv2.matchTemplate(b, core, cv2.TM_CCOEFF_NORMED).max()))


def strangers(one: Fingerprint, other: Fingerprint) -> int:
    """Cells that are well inked on one side and bare, with their neighbours, on the other."""
    a, b = _cells(one), _cells(other)
    near = np.ones((5, 5), np.uint8)
    alone = (a >= 4) & (cv2.dilate(b, near) <= 1), (b >= 4) & (cv2.dilate(a, near) <= 1)
    return int(np.count_nonzero(alone[0]) + np.count_nonzero(alone[1]))


def same_side(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether the two are scans of one side."""
    return likeness(one, other) >= SAME_FROM and strangers(one, other) <= MOST_STRANGERS
