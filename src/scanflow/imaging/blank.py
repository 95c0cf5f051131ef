"""Is a side blank? How many millimetres of stroke stand together on it.

Paper, folds, holes and the other face that shines through are taken off first.

Shares of dark pixels, standard deviations and file sizes do not tell a blank verso from a pencilled one. What
does is the extent of strokes that lie near each other. Show-through is taken off with the recto where there
is one: without it half the blank versos would have to be looked at. The result is a label; a blank side is
never dropped on its word.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from scanflow.imaging.arrays import Array
from scanflow.imaging.reduced import Reduced
from scanflow.pages import SideLabel

BLANK_BELOW_MM = 0.5
CONTENT_FROM_MM = 2.5
"""Between the two a person looks. Measured: 0 of 150 written sides under 0.5 mm, 2 of 150 under 2.5 mm."""

_STRONG, _WEAK = 7.0, 3.5
"""Stroke contrast in units of the paper's own noise: a stroke must reach the first, and is followed down to
the second."""
_LEAST_CONTRAST = 5.0
"""Grey levels; below this nothing on a scanner is ink."""
_PAPER_NOISE = 10.0
"""Grey levels; grained recycled paper has 3."""
_SPECK_MM = 0.3
_NEAR_MM = 4.0
_FOLD_MM = 90.0
"""A fold or a streak runs at least half across the sheet; a ruler's line under a word does not."""


@dataclass(frozen=True, slots=True)
class Blankness:
    """How blank a side is.

    Attributes:
        score_mm: stroke extent in the best cluster, millimetres.
        label: blank under 0.5 mm, content from 2.5 mm, unsure between.
        recto_used: the mirrored front was taken off.
    """

    score_mm: float
    label: SideLabel
    recto_used: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Relief:
    """Stroke contrast over the paper, grey levels, and its noise."""

    height: Array = field(repr=False)
    noise: float


def label_of(score_mm: float) -> SideLabel:
    """The label that a score gives."""
    if score_mm < BLANK_BELOW_MM:
        return SideLabel.BLANK
    return SideLabel.CONTENT if score_mm >= CONTENT_FROM_MM else SideLabel.UNSURE


def measure_blank(side: Reduced, recto: Reduced | None = None) -> Blankness:
    """Measure how blank a side is.

    Args:
        side: the side in question.
        recto: the other face of the same sheet, as scanned in the same pass; its mirror image is taken off.
    """
    relief = _relief(side)
    used = False
    ghost: Array | None = None
    if recto is not None:
        ghost = _ghost(relief.height, recto)
        used = ghost is not None
    height = relief.height if ghost is None else relief.height - ghost
    guard = 0.0 if ghost is None else 0.6 * ghost
    floor = max(_LEAST_CONTRAST, _STRONG * relief.noise)
    strong = height - guard > floor
    weak = (height - guard > 0.5 * floor).astype(np.uint8)
    weak[~_looked_at(side)] = 0
    score = _best_cluster(weak, strong, side.px_per_mm)
    if relief.noise > _PAPER_NOISE:  # no paper looks like this: whatever it is, a person must look
        score = max(score, BLANK_BELOW_MM)
    return Blankness(round(score, 2), label_of(score), used)


def _relief(side: Reduced) -> _Relief:
    depth = 255.0 - side.darkest.astype(np.float32)
    fine = cv2.GaussianBlur(depth, (0, 0), 0.8)
    reach = round(8 * side.px_per_mm) | 1
    # Two rounds: the second without the ink, which would lift the paper's own level under a line of text.
    base = cv2.blur(depth, (reach, reach))
    base = cv2.blur(np.minimum(depth, base + 4), (reach, reach))
    height = fine - base
    sample = height[::3, ::3][side.paper[::3, ::3]]
    if sample.size == 0:
        return _Relief(height, 1.0)
    middle = float(np.median(sample))
    noise = 1.4826 * float(np.median(np.abs(sample - middle)))
    return _Relief(height - middle, max(0.6, noise))


def _looked_at(side: Reduced) -> Array:
    """Paper, less 2 mm along its edge, where shadows and the bed's rim lie."""
    rim = round(2.0 * side.px_per_mm)
    paper = side.paper.astype(np.uint8)
    paper[:rim], paper[-rim:], paper[:, :rim], paper[:, -rim:] = 0, 0, 0, 0
    if side.paper.all():
        return paper.astype(bool)
    return cv2.erode(paper, np.ones((2 * rim + 1, 2 * rim + 1), np.uint8)).astype(bool)


def _best_cluster(weak: Array, strong: Array, px_per_mm: float) -> float:
    count, labels, stats, centres = cv2.connectedComponentsWithStats(weak, connectivity=8)
    if count <= 1:
        return 0.0
    if count > 200_000:
        return 999.0
    reaches = np.zeros(count, bool)
    reaches[labels[strong & (weak > 0)]] = True
    reaches[0] = False
    width = stats[:, cv2.CC_STAT_WIDTH] / px_per_mm
    height = stats[:, cv2.CC_STAT_HEIGHT] / px_per_mm
    area = stats[:, cv2.CC_STAT_AREA] / px_per_mm**2
    extent = np.maximum(width, height)
    thickness = area / np.maximum(np.hypot(width, height), 1e-6)
    straight = np.minimum(width, height) < 0.12 * extent + 1.0
    line = (extent > _FOLD_MM) & (thickness < 1.2) & straight  # fold, streak
    line |= _sheet_edges(stats, extent, width, height, weak.shape, px_per_mm)
    hole = _holes(width, height, area, centres, weak.shape, px_per_mm)
    keep = reaches & (extent > _SPECK_MM) & ~line & ~hole
    index = np.flatnonzero(keep)
    if index.size == 0:
        return 0.0
    if index.size > 4000:
        return float(min(999.0, extent[index].sum()))
    return float(min(999.0, _sum_near(stats[index], extent[index], px_per_mm, weak.shape)))


def _sheet_edges(
    stats: Array, extent: Array, width: Array, height: Array, shape: tuple[int, ...], px_per_mm: float
) -> Array:
    """The rim of the sheet against a light bed: a long wedge that begins at the edge of the image."""
    rim = 3.0 * px_per_mm
    rows, columns = shape[:2]
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    right, bottom = left + stats[:, cv2.CC_STAT_WIDTH], top + stats[:, cv2.CC_STAT_HEIGHT]
    along_side = ((left <= rim) | (right >= columns - rim)) & (height > 3 * width)
    along_end = ((top <= rim) | (bottom >= rows - rim)) & (width > 3 * height)
    edges: Array = (extent > 5.0) & (along_side | along_end)
    return edges


def _holes(
    width: Array, height: Array, area: Array, centres: Array,
    shape: tuple[int, int], px_per_mm: float,
) -> Array:  # fmt: skip
    """Punch holes and their rims: round, 4 to 8 mm, within 22 mm of an edge of the sheet."""
    rows, columns = shape
    x, y = centres[:, 0] / px_per_mm, centres[:, 1] / px_per_mm
    near_edge = np.minimum.reduce([x, y, columns / px_per_mm - x, rows / px_per_mm - y]) < 22
    as_round = (np.abs(width - height) < 0.25 * np.maximum(width, height)) & (width > 3.5) & (width < 8.5)
    fill = area / np.maximum(width * height, 1e-6)
    rim = (fill > 0.08) & (fill < 0.4)
    holes: Array = near_edge & as_round & ((fill > 0.68) | rim)
    return holes


def _sum_near(stats: Array, extent: Array, px_per_mm: float, shape: tuple[int, int]) -> float:
    """Total extent of strokes in the best cluster, where strokes nearer than 4 mm belong together."""
    cell = _NEAR_MM / 4 * px_per_mm
    rows, columns = int(shape[0] / cell) + 1, int(shape[1] / cell) + 1
    grid = np.zeros((rows, columns), np.uint8)
    corners = (stats[:, :4] / cell).astype(int)
    for x, y, w, h in corners:
        grid[y : y + h + 1, x : x + w + 1] = 1
    joined = cv2.dilate(grid, np.ones((5, 5), np.uint8))
    _, clusters = cv2.connectedComponents(joined, connectivity=8)
    sums = np.bincount(clusters[corners[:, 1], corners[:, 0]], weights=extent)
    return float(sums.max())


def _ghost(relief: Array, recto: Reduced) -> Array | None:
    """What of the recto shines through: its mirror image, moved to fit, blurred and scaled by least squares.

    None where nothing fits (the faces do not belong together, or nothing shines through).
    """
    front = cv2.GaussianBlur(cv2.flip(recto.ink, 1).astype(np.float32), (0, 0), 2.4)
    rows, columns = relief.shape
    if abs(front.shape[0] - rows) > 40 or abs(front.shape[1] - columns) > 40:
        return None
    front = cv2.copyMakeBorder(
        front, 0, max(0, rows - front.shape[0]), 0, max(0, columns - front.shape[1]), cv2.BORDER_CONSTANT
    )
    front = front[:rows, :columns]
    small = 0.5
    back_small = cv2.resize(np.clip(relief, -20, 60), None, fx=small, fy=small, interpolation=cv2.INTER_AREA)
    front_small = cv2.resize(front, None, fx=small, fy=small, interpolation=cv2.INTER_AREA)
    margin = 18  # 6 mm at 75 dpi
    core = front_small[margin:-margin, margin:-margin]
    if core.size == 0 or float(core.std()) < 0.5:
        return None
    match = cv2.matchTemplate(back_small, core, cv2.TM_CCOEFF_NORMED)
    _, best, _, (dx, dy) = cv2.minMaxLoc(match)
    if best < 0.06:
        return None
    shift = np.array([[1, 0, (dx - margin) / small], [0, 1, (dy - margin) / small]], np.float32)
    front = cv2.warpAffine(front, shift, (columns, rows))
    inked = front > 8
    if int(np.count_nonzero(inked)) < 500:
        return None
    sample_front, sample_back = front[inked][::7], np.clip(relief[inked][::7], -20, 40)
    slope = float((sample_front * sample_back).sum() / np.square(sample_front).sum())
    return front * slope if 0.002 < slope < 0.5 else None
