"""A second look at the margins for the printed page number, which the look at the whole page mostly leaves out.

NĐ 30/2020/NĐ-CP (Phụ lục I) prints it in the middle of the top margin, Arabic, 13 to 14 points, from page 2 on; older
letters print it at the foot, in the middle or at the right. What is looked for is one small group of ink that stands
alone there (số trang). Found by its place and size, read three times at different sizes, believed where two readings
agree: a number that was made up costs more than one that was not seen.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scanflow.pages import Image

_MARGIN_MM = 27.0
"""A page number ends within so much of the sheet's edge: margins are 20 to 25 mm, and a sheet is fed a little off."""
_SEEN_MM = 32.0
_CENTRE_MM = 18.0
"""How far its middle may stand from the sheet's: text is set 10 mm off the middle, where the left margin is wide."""
_CORNER_MM = (10.0, 38.0)
"""How far from the right edge its middle stands where it stands in the corner of the foot."""
_WINDOW_MM = 45.0
"""So far to both sides of the middle there is nothing else on its line."""
_LONGEST_MM = 32.0
_DIGIT_MM = (1.5, 4.0)
"""Digits of 8 to 17 points. What a pen writes is mostly larger."""
_CLEAR_MM = 1.2
"""Between the number and the text: the next line stands further off than lines stand from each other."""
_SPECK_MM = 0.6
_STROKE_MM = 2.2
_TALLEST_MM = 8.0
_LEAST_CONTRAST = 30.0
"""Grey levels; what is paler is the other side shining through."""

MODES = (7, 7, 13)
"""Tesseract's page segmentation modes (a line; a raw line), one for each of :func:`pictures`."""
_HEIGHTS = (21, 24, 32)
_ROOM = (10, 5, 10)
"""Pixels: how high the group is made, and the white around it. Measured; docs/counting.md."""
_AGREEING = 2

_DASH = r"[-–—~=_.•·\s]*"
_OF = r"(?:\s*[/⁄]\s*[0-9]{1,4})?"
_PAGE = re.compile(rf"{_DASH}(?:trang|page|tr\.?)?\s*([1-9][0-9]{{0,3}}){_OF}{_DASH}", re.IGNORECASE)
LARGEST = 999
"""A number of four digits that stands alone in a margin is a year."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of ink: its box in pixels of the page, ``right`` and ``bottom`` outside of it."""

    left: int
    top: int
    right: int
    bottom: int


def parse_page_number(text: str) -> int | None:
    """The number in the text of a margin: "3", "- 3 -", "Trang 3/12"; None for anything else."""
    match = _PAGE.fullmatch(text)
    return int(match[1]) if match else None


def agreed(readings: Iterable[str]) -> int | None:
    """The page number on which two readings agree and none outvotes; None in doubt."""
    numbers = Counter(number for text in readings if (number := parse_page_number(text)) is not None)
    (first, votes), (_, others) = (*numbers.most_common(2), (0, 0), (0, 0))[:2]
    return first if votes >= _AGREEING and votes > others and first <= LARGEST else None


def lone_groups(page: Image, dpi: int) -> Iterator[Group]:
    """Where a page number may stand on an upright, level grey page: the middle of the head, then the foot."""
    height, width = page.shape
    px_per_mm = dpi / 25.4
    depth, middle = min(height, round(_SEEN_MM * px_per_mm)), width / 2
    window = round(_WINDOW_MM * px_per_mm)
    left, right = max(0, width // 2 - window), min(width, width // 2 + window)
    for group in _in_band(page[:depth, left:right], px_per_mm):
        found = Group(left + group.left, group.top, left + group.right, group.bottom)
        if abs((found.left + found.right) / 2 - middle) <= _CENTRE_MM * px_per_mm:
            yield found
    near, far = (limit * px_per_mm for limit in _CORNER_MM)
    foot = np.ascontiguousarray(page[height - depth :, left:][::-1])
    for group in _in_band(foot, px_per_mm):
        found = Group(left + group.left, height - group.bottom, left + group.right, height - group.top)
        centre = (found.left + found.right) / 2
        if abs(centre - middle) <= _CENTRE_MM * px_per_mm or near <= width - centre <= far:
            yield found


def pictures(page: Image, group: Group) -> Iterator[Image]:
    """The group three times, dark on white, at the heights at which the recogniser reads single numbers best."""
    margin = 5
    rows = slice(max(0, group.top - margin), group.bottom + margin)
    columns = slice(max(0, group.left - margin), group.right + margin)
    cut = page[rows, columns].astype(np.float32)
    ink, paper = np.percentile(cut, (3, 75))
    clear = np.clip((cut - ink) * 255 / max(20.0, 0.85 * (paper - ink)), 0, 255).astype(np.uint8)
    for height, room in zip(_HEIGHTS, _ROOM, strict=True):
        scale = height / (group.bottom - group.top)
        how = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
        sized = cv2.resize(clear, None, fx=scale, fy=scale, interpolation=how)
        framed = cv2.copyMakeBorder(sized, room, room, room, room, cv2.BORDER_CONSTANT, value=(255,))
        yield framed.astype(np.uint8, copy=False)


def _in_band(band: Image, px_per_mm: float) -> Iterator[Group]:
    """Lone groups of the size of a page number in a band whose first row is the sheet's edge, from the edge on."""
    ink = _strokes(band, px_per_mm)
    inked = np.flatnonzero(ink.any(axis=1))
    if not inked.size:
        return
    cuts = np.flatnonzero(np.diff(inked) > 0.7 * px_per_mm)
    starts, ends = inked[np.r_[0, cuts + 1]], inked[np.r_[cuts, -1]] + 1
    for at, (top, bottom) in enumerate(zip(starts, ends, strict=True)):
        columns = np.flatnonzero(ink[top:bottom].any(axis=0))
        left, right = int(columns[0]), int(columns[-1]) + 1
        following = starts[at + 1] if at + 1 < len(starts) else len(band)
        if (
            bottom <= _MARGIN_MM * px_per_mm
            and following - bottom >= _CLEAR_MM * px_per_mm
            and right - left <= _LONGEST_MM * px_per_mm
            and min(left, band.shape[1] - right) >= 2 * px_per_mm
            and _as_tall_as_digits(ink[top:bottom, left:right], px_per_mm)
        ):
            yield Group(left, int(top), right, int(bottom))


def _strokes(band: Image, px_per_mm: float) -> NDArray[np.uint8]:
    """Ink in strokes, 0 or 1: neither the dark bed nor specks, nor what is taller than any letter."""
    reach = round(_STROKE_MM * px_per_mm) | 1
    relief = cv2.morphologyEx(band, cv2.MORPH_BLACKHAT, np.ones((reach, reach), np.uint8))
    strong = relief[relief > 0.8 * _LEAST_CONTRAST]
    if not strong.size:
        return np.zeros(band.shape, np.uint8)
    level = max(_LEAST_CONTRAST, 0.45 * float(np.percentile(strong, 95)))
    _, labels, stats, _ = cv2.connectedComponentsWithStats((relief > level).astype(np.uint8), connectivity=8)
    extent = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    kept = (
        (extent >= _SPECK_MM * px_per_mm)
        & (stats[:, cv2.CC_STAT_AREA] >= 0.12 * px_per_mm**2)
        & (stats[:, cv2.CC_STAT_HEIGHT] <= _TALLEST_MM * px_per_mm)
    )
    kept[0] = False
    ink: NDArray[np.uint8] = kept.astype(np.uint8)[labels]
    return ink


def _as_tall_as_digits(ink: NDArray[np.uint8], px_per_mm: float) -> bool:
    """Judged by the middle one of its letters: a slash is taller, a dash flat."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    heights = stats[1:, cv2.CC_STAT_HEIGHT]
    letters = heights[heights >= ink.shape[0] / 2] / px_per_mm
    return bool(letters.size) and _DIGIT_MM[0] <= float(np.median(letters)) <= _DIGIT_MM[1]
