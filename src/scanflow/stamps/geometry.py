"""Frames of stamps by their shape: rectangles and circles of a stamp's size, in any ink and border.

Sizes from Thông tư 24/2020/TT-BCA (levels 40, 30 and 20 x 8 mm and GIẢI MẬT 30 x 13 mm in a double border,
envelope marks of 15 mm) and Nghị định 30/2020/NĐ-CP (urgency, the same three widths in a single border).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np

from scanflow.imaging.arrays import Array
from scanflow.imaging.reduced import Reduced
from scanflow.stamps.marks import Quad

MAX_FRAMES = 48
"""A page has a handful of marks. With more frames than this nobody can say that all were read: the side is
held."""

_WIDTH_MM = (15.0, 75.0)
_HEIGHT_MM = (5.5, 56.0)
_ROUND_MM = (12.5, 45.0)


class Border(StrEnum):
    """The line round a mark (đường viền)."""

    DOUBLE = "double"
    SINGLE = "single"
    ROUND_DOUBLE = "round-double"
    ROUND_SINGLE = "round-single"
    NONE = "none"

    @property
    def round(self) -> bool:
        """A circle."""
        return self in (Border.ROUND_DOUBLE, Border.ROUND_SINGLE)


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame that could be a stamp's.

    Attributes:
        quad: corners of the outer line, pixels of the image as given; its text may stand on its head.
        inner: corners of the clear field within the innermost line, same pixels and order.
        width_mm: outer width (the longer side).
        height_mm: outer height.
        border: the kind of line.
        coloured: its ink is not black or grey.
    """

    quad: Quad
    inner: Quad
    width_mm: float
    height_mm: float
    border: Border
    coloured: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Shape:
    centre: tuple[float, float]
    size: tuple[float, float]
    angle: float
    is_round: bool
    hole: bool


def find_frames(side: Reduced) -> list[Frame]:
    """Frames on a side, the likeliest stamps first; at most ``MAX_FRAMES + 1``."""
    frames: list[Frame] = []
    for coloured in (True, False):
        mask = _coloured(side) if coloured else _dark(side)
        if cv2.countNonZero(mask) < 40:
            continue
        for frame in _frames(_shapes(mask, side.px_per_mm), side, coloured=coloured):
            if not any(_same_place(frame, known) for known in frames):
                frames.append(frame)
    frames.sort(key=_rank)
    return frames[: MAX_FRAMES + 1]


def _rank(frame: Frame) -> tuple[bool, bool, float]:
    off = min(abs(frame.width_mm - wide) for wide in (40.0, 30.0, 20.0, 15.0)) + abs(frame.height_mm - 8)
    return (frame.border not in (Border.DOUBLE, Border.ROUND_DOUBLE), not frame.coloured, off)


def _coloured(side: Reduced) -> Array:
    blue, green, red = cv2.split(side.bgr)
    spread = cv2.subtract(cv2.max(cv2.max(blue, green), red), side.darkest)
    return ((spread > 40) & (side.ink > 30)).astype(np.uint8)


def _dark(side: Reduced) -> Array:
    return (side.ink > 55).astype(np.uint8)


def _shapes(mask: Array, px_per_mm: float) -> list[_Shape]:
    # As it is, for the gap of a double border; and with small breaks of worn lines closed.
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    found = _outlines(mask, px_per_mm) + _outlines(closed, px_per_mm)
    return sorted(found, key=lambda shape: -shape.size[0] * shape.size[1])


def _outlines(mask: Array, px_per_mm: float) -> list[_Shape]:
    contours, tree = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    found: list[_Shape] = []
    for contour, links in zip(contours, tree[0] if tree is not None else (), strict=True):
        if len(contour) < 4:
            continue
        _, _, across, down = cv2.boundingRect(contour)
        if max(across, down) < 12 * px_per_mm or min(across, down) < 4 * px_per_mm:
            continue
        if max(across, down) > 90 * px_per_mm:
            continue
        area = cv2.contourArea(contour)
        centre, (w, h), angle = cv2.minAreaRect(contour)
        if w < h:
            w, h, angle = h, w, angle + 90
        wide, high = w / px_per_mm, h / px_per_mm
        hole = int(links[3]) >= 0
        if _ROUND_MM[0] - 3 <= wide <= _ROUND_MM[1] and h / w > 0.88 and abs(area / (np.pi / 4 * w * h) - 1) < 0.1:
            found.append(_Shape((float(centre[0]), float(centre[1])), (w, h), angle, True, hole))
        elif (
            area > (0.6 if hole else 0.86) * w * h
            and _WIDTH_MM[0] - 3 <= wide <= _WIDTH_MM[1]
            and _HEIGHT_MM[0] - 2.5 <= high <= _HEIGHT_MM[1]
        ):
            found.append(_Shape((float(centre[0]), float(centre[1])), (w, h), angle, False, hole))
    return found


def _frames(shapes: list[_Shape], side: Reduced, *, coloured: bool) -> list[Frame]:
    mm = side.px_per_mm
    taken = [False] * len(shapes)
    frames: list[Frame] = []
    for index, outer in enumerate(shapes):
        if taken[index]:
            continue
        family = [outer]
        for other in range(index + 1, len(shapes)):
            near = shapes[other]
            away = np.hypot(near.centre[0] - outer.centre[0], near.centre[1] - outer.centre[1])
            shrunk = (outer.size[0] - near.size[0]) / mm, (outer.size[1] - near.size[1]) / mm
            if near.is_round == outer.is_round and away < 1.5 * mm and max(shrunk) < 6.5:
                family.append(near)
                taken[other] = True
        inner = family[-1]
        if not any(shape.hole for shape in family):
            continue  # a filled patch, not a line
        if not coloured and all(shape.hole for shape in family):
            continue  # a cell of a black table: a stamp's frame has an outline of its own
        width, height = outer.size[0] / mm, outer.size[1] / mm
        low_w, low_h = (_ROUND_MM[0], _ROUND_MM[0]) if outer.is_round else (_WIDTH_MM[0], _HEIGHT_MM[0])
        if width < low_w or height < low_h:
            continue
        double = any(not shape.hole and (outer.size[1] - shape.size[1]) / mm > 1.0 for shape in family[1:]) or (
            (outer.size[1] - inner.size[1]) / mm > 1.9
        )
        if outer.is_round:
            border = Border.ROUND_DOUBLE if double else Border.ROUND_SINGLE
        else:
            border = Border.DOUBLE if double else Border.SINGLE
        frames.append(
            Frame(
                _corners(outer, side.scale),
                _corners(inner, side.scale),
                round(width, 1),
                round(height, 1),
                border,
                coloured,
            )
        )
    return frames


def _corners(shape: _Shape, scale: float) -> Quad:
    """Clockwise from the top-left of the longer direction, in pixels of the image as given."""
    angle = np.deg2rad((shape.angle + 90) % 180 - 90)  # the direction that points to the right
    across = np.array([np.cos(angle), np.sin(angle)]) * shape.size[0] / 2
    down = np.array([-np.sin(angle), np.cos(angle)]) * shape.size[1] / 2
    centre = np.array(shape.centre)
    corners = (centre - across - down, centre + across - down, centre + across + down, centre - across + down)
    return tuple((round(float(x / scale), 1), round(float(y / scale), 1)) for x, y in corners)


def centre_of(quad: Quad) -> tuple[float, float]:
    """Middle of a quad."""
    return sum(x for x, _ in quad) / len(quad), sum(y for _, y in quad) / len(quad)


def _same_place(one: Frame, other: Frame) -> bool:
    """The smaller lies in the larger and is about as high: an inner line, not a mark in a box."""
    small, large = sorted((one, other), key=lambda frame: frame.width_mm * frame.height_mm)
    hull = np.array(large.quad, np.float32)
    inside = cv2.pointPolygonTest(hull, centre_of(small.quad), False) >= 0
    return bool(inside and small.height_mm > 0.5 * large.height_mm)
