"""Which way up a side lies: lines across or along (spectrum), then head or foot up (what stands above the
letters).

Vietnamese lines carry their ascenders, tone marks, hats and horns above the letters, and little below them
(descenders and the dot of the heavy tone). So the ink just above the letters' bodies outweighs the ink just
below, in every face. Each piece of a line votes; the votes' mean over its own scatter is the certainty.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np

from scanflow.imaging.arrays import Array, as_image
from scanflow.imaging.reduced import Reduced
from scanflow.imaging.skew import Lines, find_lines, ink_mask
from scanflow.imaging.straight import level_matrix, turned
from scanflow.pages import Image, Pose

LineReader = Callable[[Image], float]
"""Tells how well a picture of one line of text can be read, 0..1: the second opinion, from a room above."""

SURE = 0.9
"""A confidence from which no second opinion is asked."""


@dataclass(frozen=True, slots=True)
class Orientation:
    """How a side lies, and how sure that is.

    Attributes:
        pose: turn and skew.
        confidence: 0..1 of the turn; 0 when there is no text to go by (the turn is then 0).
        second_opinion: whether a line reader was asked.
    """

    pose: Pose
    confidence: float
    second_opinion: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class _Votes:
    """Pieces of lines and what they say: above zero where the image is upright, below where it stands on its
    head.
    """

    balance: Array = field(repr=False)
    weight: Array = field(repr=False)

    def certainty(self) -> tuple[bool, float]:
        """Upright or not, and how sure: 0.5 (a toss) .. 1."""
        total = float(self.weight.sum())
        if total == 0:
            return True, 0.0
        mean = float((self.balance * self.weight).sum()) / total
        scatter = float((np.square(self.balance - mean) * self.weight).sum()) / total
        pieces = total**2 / float(np.square(self.weight).sum())
        error = np.sqrt((scatter + 0.02) / max(1.0, pieces))
        # The scatter of the pieces is not all: faces differ. 0.05 is the allowance for that.
        return mean >= 0, float(1 / (1 + np.exp(-1.7 * abs(mean) / (error + 0.05))))


def find_orientation(side: Reduced, reader: LineReader | None = None) -> Orientation:
    """Find turn and skew of a side.

    Args:
        side: the reduced side.
        reader: asked on doubt only, with a few line pictures both ways up.
    """
    lines = find_lines(side)
    if lines.clarity == 0.0:
        return Orientation(Pose(0, None), 0.0)
    mask = _levelled(ink_mask(side), lines)
    head_up, certainty = _vote(mask, side.px_per_mm).certainty()
    sure = min(certainty, 0.5 + 5 * lines.clarity)
    asked = False
    if sure < SURE and reader is not None:
        answer = _ask(_levelled(cv2.bitwise_not(side.ink), lines, 255), mask, side.px_per_mm, reader)
        asked = answer is not None
        if answer is not None:
            head_up, sure = answer
    turn = (90 if lines.sideways else 0) + (0 if head_up else 180)
    return Orientation(Pose(turn, lines.skew_deg), round(sure, 3), asked)


def _levelled(image: Array, lines: Lines, outside: int = 0) -> Array:
    flat = turned(image, 90) if lines.sideways else image
    if not lines.skew_deg:
        return flat
    height, width = flat.shape
    matrix = level_matrix(width, height, lines.skew_deg)[:2]
    return cv2.warpAffine(flat, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=(outside,))


_STRIP_MM = 14.0
_LETTER_MM = (1.0, 6.5)
"""Height of a line's body: small letters of 8 pt up to capitals of a heading."""


def _vote(mask: Array, px_per_mm: float) -> _Votes:
    text = _without_rules(mask, px_per_mm)
    strips = max(1, round(text.shape[1] / (_STRIP_MM * px_per_mm)))
    width = text.shape[1] / strips
    profiles = cv2.resize(text * np.uint8(255), (strips, text.shape[0]), interpolation=cv2.INTER_AREA).astype(
        np.float32
    )
    profiles *= width / 255
    window = round(5 * px_per_mm) | 1
    tops = cv2.dilate(profiles, np.ones((window, 1), np.uint8))
    body = (profiles > 0.42 * tops) & (tops > 2.0)
    balance, weight = [], []
    for strip in range(strips):
        profile = profiles[:, strip]
        for start, stop in _runs(body[:, strip]):
            tall = stop - start
            if not _LETTER_MM[0] * px_per_mm <= tall <= _LETTER_MM[1] * px_per_mm:
                continue
            reach = max(2, round(0.75 * tall))
            above = float(profile[max(0, start - reach) : start].sum())
            below = float(profile[stop : stop + reach].sum())
            inside = float(profile[start:stop].sum())
            if above + below > 0.02 * inside:
                balance.append((above - below) / (above + below))
                weight.append(min(above + below, 0.6 * inside))
    return _Votes(np.array(balance, np.float32), np.array(weight, np.float32))


def _without_rules(mask: Array, px_per_mm: float) -> Array:
    """Take ruled lines out: under a line of letters a table's rule would pass for descenders."""
    thick = cv2.dilate(mask, np.ones((3, 1), np.uint8))  # levelling leaves steps in a thin rule
    across = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, max(9, round(9 * px_per_mm))), np.uint8))
    return cv2.subtract(mask, cv2.dilate(across, np.ones((3, 1), np.uint8)))


def _runs(flags: Array) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.r_[False, flags, False].astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _ask(
    page: Image, mask: Array, px_per_mm: float, reader: LineReader
) -> tuple[bool, float] | None:
    """Have up to three lines read both ways up."""
    upright = upside_down = 0.0
    boxes = line_boxes(mask, px_per_mm)[:3]
    for x, y, w, h in boxes:
        line = page[y : y + h, x : x + w]
        upright += reader(line)
        upside_down += reader(as_image(cv2.rotate(line, cv2.ROTATE_180)))
    if upright + upside_down == 0:
        return None
    lead = abs(upright - upside_down) / len(boxes)
    return upright >= upside_down, float(1 / (1 + np.exp(-8 * lead)))


def line_boxes(mask: Array, px_per_mm: float) -> list[tuple[int, int, int, int]]:
    """Boxes ``(x, y, w, h)`` of likely lines of text on a level page, the longest first."""
    height, width = mask.shape
    joined = cv2.dilate(mask, np.ones((1, round(4 * px_per_mm) | 1), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    pad = round(1.0 * px_per_mm)
    boxes = []
    for x, y, w, h, _area in stats[1:]:
        if 2 * px_per_mm <= h <= 9 * px_per_mm and w >= 12 * px_per_mm:
            left, top = max(0, x - pad), max(0, y - pad)
            right = min(width, x + min(w, round(90 * px_per_mm)) + pad)
            boxes.append((int(left), int(top), int(right - left), int(min(height, y + h + pad) - top)))
    return sorted(boxes, key=lambda box: -box[2])
