"""A side made small once, for all who look at it: 150 dpi, with its paper, its ink and the bed told apart."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from scanflow.imaging.arrays import Array, as_image
from scanflow.pages import Image

WORK_DPI = 150
"""Enough for letters of 9 pt and for pencil strokes; a quarter of the work of 300 dpi."""

_COARSE = 8
"""The paper's tone is estimated at 1/8 of the working resolution."""


@dataclass(frozen=True, slots=True, eq=False)
class Reduced:
    """A side at about :data:`WORK_DPI`.

    Attributes:
        bgr: ``(h, w, 3)``, uint8.
        darkest: ``(h, w)``, the darkest of the three channels: ink of every colour is dark in it.
        ink: ``(h, w)``, how much darker than the paper around it, 0..255; zero outside the paper.
        paper: ``(h, w)`` bool, False on the scanner's bed.
        dpi: its resolution.
        scale: pixels here per pixel of the image as given.
    """

    bgr: Image = field(repr=False)
    darkest: Image = field(repr=False)
    ink: Image = field(repr=False)
    paper: Array = field(repr=False)
    dpi: float
    scale: float

    @property
    def px_per_mm(self) -> float:
        """Pixels a millimetre."""
        return self.dpi / 25.4


def reduce_side(pixels: Image, dpi: int) -> Reduced:
    """Shrink a side to the working resolution and tell ink, paper and bed apart."""
    scale = min(1.0, WORK_DPI / dpi)
    colour = pixels if pixels.ndim == 3 else cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR)
    bgr = cv2.resize(colour, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else colour
    blue, green, red = cv2.split(bgr)
    darkest = cv2.min(cv2.min(blue, green), red)
    tone = paper_tone(darkest)
    paper = ~_bed(darkest, tone, dpi * scale)
    ink = cv2.subtract(tone, darkest)
    ink[~paper] = 0
    return Reduced(as_image(bgr), as_image(darkest), as_image(ink), paper, dpi * scale, scale)


def paper_tone(darkest: Array) -> Array:
    """The bare paper's tone at each pixel: a median over about 28 mm, which letters do not move."""
    height, width = darkest.shape
    coarse = cv2.resize(darkest, (max(8, width // _COARSE), max(8, height // _COARSE)), interpolation=cv2.INTER_AREA)
    # A grey dilation first: between the lines of dense text there is always some paper.
    lifted = cv2.dilate(coarse, np.ones((3, 3), np.uint8))
    smooth = cv2.medianBlur(lifted, 21)
    return cv2.resize(smooth, (width, height), interpolation=cv2.INTER_LINEAR)


def _bed(darkest: Array, tone: Array, dpi: float) -> Array:
    """Where the scanner's dark bed shows: dark, touching the image's edge, and wide in both directions."""
    height, width = darkest.shape
    coarse = cv2.resize(darkest, (max(8, width // 4), max(8, height // 4)), interpolation=cv2.INTER_AREA)
    level = float(np.percentile(tone[::16, ::16], 75))
    dark = (coarse < 0.55 * level).astype(np.uint8)
    reach = max(3, round(dpi / 25.4 / 4 * 2.0))  # thinner than 2 mm: a line or a letter, not the bed
    core = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((reach, reach), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(core, connectivity=8)
    bed = np.zeros(count, bool)
    rows, columns = core.shape
    for index in range(1, count):
        x, y, w, h, _area = stats[index]
        bed[index] = x == 0 or y == 0 or x + w == columns or y + h == rows
    if not bed.any():
        return np.zeros((height, width), bool)
    grown = cv2.dilate(bed[labels].astype(np.uint8), np.ones((reach + 2, reach + 2), np.uint8))
    return cv2.resize(grown, (width, height), interpolation=cv2.INTER_NEAREST).astype(bool)
