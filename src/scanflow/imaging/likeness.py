"""Was the same side scanned twice? A fingerprint of where ink lies, at a scale at which letters count.

Forms of one kind differ only in what was filled in, and blank sides not at all, so that a coarse hash would
cry wolf. This one keeps the ink of small cells (about 4 mm), and two sides are the same only when nearly
every cell agrees after moving by up to one cell. Nothing legible can be got back from it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from scanflow.imaging.arrays import Array
from scanflow.imaging.reduced import Reduced

_COLUMNS, _ROWS = 48, 68
_LEAST_INKED = 40
"""Cells with ink, below which a side is too bare to be told from another."""
SAME_FROM = 0.94
"""Correlation of the inked cells from which two fingerprints are of one side."""


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


def fingerprint(side: Reduced) -> Fingerprint:
    """The fingerprint of a side (3 CPU ms)."""
    inked = (side.ink > 40).astype(np.float32)
    cells = cv2.resize(inked, (_COLUMNS, _ROWS), interpolation=cv2.INTER_AREA)
    coded = np.minimum(15, np.round(cells * 40)).astype(np.uint8)
    return Fingerprint(coded.tobytes(), int(np.count_nonzero(coded)))


def likeness(one: Fingerprint, other: Fingerprint) -> float:
    """How alike two sides are, 0..1; 0 when either is too bare to tell."""
    if not (one.telling and other.telling):
        return 0.0
    a: Array = np.frombuffer(one.cells, np.uint8).reshape(_ROWS, _COLUMNS).astype(np.float32)
    b: Array = np.frombuffer(other.cells, np.uint8).reshape(_ROWS, _COLUMNS).astype(np.float32)
    a, b = cv2.GaussianBlur(a, (0, 0), 0.7), cv2.GaussianBlur(b, (0, 0), 0.7)
    core = a[2:-2, 2:-2]
    if float(core.std()) == 0 or float(b.std()) == 0:
        return 0.0
    return max(0.0, float(cv2.matchTemplate(b, core, cv2.TM_CCOEFF_NORMED).max()))


def same_side(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether the two are scans of one side."""
    return likeness(one, other) >= SAME_FROM
