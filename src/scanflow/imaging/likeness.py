"""Was the same side scanned twice? A coarse look that chooses, and a close one that tells.

Forms of one kind differ only in what was filled in, letters to several offices only in the address, and blank sides
not at all, so that a coarse fingerprint, which is all that is kept of a side in the open, would cry wolf. Two sides
that it finds alike are laid over each other, and every piece as large as a word must be the same to the stroke.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from scanflow.imaging.arrays import Array, as_image
from scanflow.imaging.reduced import WORK_DPI, Reduced
from scanflow.imaging.skew import without_rules
from scanflow.imaging.straight import level_matrix, turned
from scanflow.pages import Image, Pose

_COLUMNS, _ROWS = 128, 181
"""Cells of 1.6 mm: a letter of 13 pt is about one cell."""
_LEAST_INKED = 150
"""Cells with ink, below which a side is too bare to be told from another."""
ALIKE_FROM = 0.8
"""Correlation of the inked cells from which two sides are looked at more closely."""
_INK = 40
"""Grey levels darker than the paper."""
_INK_APART = 2
"""By what part of it the amount of ink may differ, a cheap question before the others: noise alone makes a third."""
SAME_FROM = 0.8
"""Correlation that each piece must reach. Measured on 24 letters and 24 forms, drawn: of one paper scanned twice the
least is 0.86; where two entries or the address differ the least is 0.59 or under (docs/counting.md)."""
_PIECE_MM = (12.0, 6.0)
"""Width and height: a word and the white around it."""
_REACH_MM = 0.8
"""A feeder draws paper in by a few tenths of a per cent longer or shorter: so far a piece may have moved."""
_RIM_MM = 8.0
"""Left out: the bed, shadows and the sheet's edges lie there, on each scan in another way."""
_BLUR_MM = 0.35
_LEAST_INK = 0.06
"""Standard deviation of a piece, below which it holds nothing but noise."""
_ONE_SIDED = 0.25
"""A piece with so little of the other's ink holds something else."""
_PX_PER_MM = WORK_DPI / 2 / 25.4
"""Of a picture of strokes: half the working resolution."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Ink per cell, 0..15, row by row (dấu vân của một mặt giấy). Nothing legible can be got back from it.

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


def strokes(side: Reduced, pose: Pose | None = None) -> Image:
    """Ink of an upright, level side at 75 dpi, 0 or 255, without the ruled lines that all forms of one kind share.

    It can be read: made where it is needed, and overwritten behind it.
    """
    half = cv2.resize(side.ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    level = _level(as_image(half), pose)
    # Thresholded before the lines are taken out: a thin line would leave a shadow that is another on each scan.
    return as_image(without_rules((level > _INK).astype(np.uint8) * 255, side.px_per_mm / 2))


def fingerprint(side: Reduced, pose: Pose | None = None) -> Fingerprint:
    """The fingerprint of a side (6 CPU ms); with its pose, a side that was fed the other way round is known too."""
    half = cv2.resize((side.ink > _INK).astype(np.uint8) * 255, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    text = without_rules(_level(as_image(half), pose), side.px_per_mm / 2)
    cells = cv2.resize(text, (_COLUMNS, _ROWS), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    coded = np.minimum(15, np.round(cells * 40)).astype(np.uint8)
    return Fingerprint(coded.tobytes(), int(np.count_nonzero(coded)))


def _level(half: Image, pose: Pose | None) -> Image:
    upright = turned(half, pose.turn if pose else 0)
    if pose is None or not pose.skew_deg:
        return upright
    height, width = upright.shape
    return as_image(cv2.warpAffine(upright, level_matrix(width, height, pose.skew_deg)[:2], (width, height)))


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


def alike(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether the two may be of one side, so that a close look is worth its while."""
    near = abs(one.inked - other.inked) <= max(one.inked, other.inked) // _INK_APART
    return near and likeness(one, other) >= ALIKE_FROM


def piece_likenesses(one: Image, other: Image) -> Iterator[float]:
    """How alike two pictures of `strokes` are, laid over each other, piece by piece with ink in it, 0..1.

    Up to 20 CPU ms for a full page; who has seen enough stops earlier.
    """
    rows, columns = (min(sizes) for sizes in zip(one.shape, other.shape, strict=True))
    blur = _BLUR_MM * _PX_PER_MM
    a, b = (cv2.GaussianBlur(p[:rows, :columns].astype(np.float32) / 255, (0, 0), blur) for p in (one, other))
    small = [cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) for picture in (a, b)]
    (dx, dy), _ = cv2.phaseCorrelate(small[0], small[1])
    b = cv2.warpAffine(b, np.array([[1, 0, -2 * dx], [0, 1, -2 * dy]], np.float32), (columns, rows))
    width, height, reach, rim = (round(size * _PX_PER_MM) for size in (*_PIECE_MM, _REACH_MM, _RIM_MM))
    for y in range(rim, rows - height - rim, height):
        for x in range(rim, columns - width - rim, width):
            piece = a[y : y + height, x : x + width]
            inks = float(piece.std()), float(b[y : y + height, x : x + width].std())
            if max(inks) < _LEAST_INK:
                continue
            if min(inks) < _ONE_SIDED * max(inks):
                yield 0.0
                continue
            around = b[y - reach : y + height + reach, x - reach : x + width + reach]
            yield max(0.0, float(cv2.matchTemplate(around, piece, cv2.TM_CCOEFF_NORMED).max()))


def same_side(one: Image, other: Image) -> bool:
    """Whether two pictures of `strokes` are of one side; two on which nothing is written are not."""
    some = False
    for alike_ in piece_likenesses(one, other):
        if alike_ < SAME_FROM:
            return False
        some = True
    return some
