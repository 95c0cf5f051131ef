"""Rectified crops: a candidate cut out of the side, its text level, 256 x 80 pixels at 125 dpi or coarser."""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from scanflow.pages import Image

CROP_WIDTH: Final = 256
CROP_HEIGHT: Final = 80
CROP_DPI: Final = 125
_PX_PER_MM = CROP_DPI / 25.4
_MARGIN_MM = (5.0, 3.0)


def crop_scale(width_mm: float, height_mm: float) -> float:
    """How many times coarser than 125 dpi the crop must be for the mark and a margin to fit; at least 1."""
    return max(
        1.0,
        (width_mm + _MARGIN_MM[0]) * _PX_PER_MM / CROP_WIDTH,
        (height_mm + _MARGIN_MM[1]) * _PX_PER_MM / CROP_HEIGHT,
    )


def crop_map(
    x: float,
    y: float,
    angle_deg: float,
    px_per_mm: float,
    scale: float,
    *,
    size: tuple[int, int] = (CROP_WIDTH, CROP_HEIGHT),
) -> NDArray[np.float64]:
    """The 2x3 map from pixels of the crop to pixels of the side.

    Args:
        x: middle of the mark in pixels of the side, from the left.
        y: the same from the top.
        angle_deg: direction of its text, counter-clockwise.
        px_per_mm: of the side.
        scale: from ``crop_scale``.
        size: width and height of the crop.
    """
    step = px_per_mm / _PX_PER_MM * scale
    cos, sin = math.cos(math.radians(angle_deg)) * step, math.sin(math.radians(angle_deg)) * step
    cx, cy = (size[0] - 1) / 2, (size[1] - 1) / 2
    return np.array([[cos, sin, x - cos * cx - sin * cy], [-sin, cos, y + sin * cx - cos * cy]])


def cut(
    pixels: Image,
    x: float,
    y: float,
    angle_deg: float,
    px_per_mm: float,
    scale: float,
    *,
    size: tuple[int, int] = (CROP_WIDTH, CROP_HEIGHT),
) -> Image:
    """Cut a crop ``(height, width, 3)`` out of a colour side; outside the side is its nearest edge pixel.

    Only the neighbourhood is read, and shrunk by area first where the side is finer than the crop, so that
    thin ink survives.
    """
    to_side = crop_map(x, y, angle_deg, px_per_mm, scale, size=size)
    corners = (
        np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], float) @ to_side[:, :2].T + to_side[:, 2]
    )
    h, w = pixels.shape[:2]
    x0, y0 = (int(np.clip(v, 0, m - 1)) for v, m in zip(np.floor(corners.min(0)) - 2, (w, h), strict=True))
    x1, y1 = (int(np.clip(v, 1, m)) for v, m in zip(np.ceil(corners.max(0)) + 2, (w, h), strict=True))
    x1, y1 = max(x1, x0 + 1), max(y1, y0 + 1)
    patch = pixels[y0:y1, x0:x1]
    step = px_per_mm / _PX_PER_MM * scale
    shrink = 1.0 / step if step > 1.25 else 1.0
    if shrink < 1.0:
        new = (max(1, round(patch.shape[1] * shrink)), max(1, round(patch.shape[0] * shrink)))
        ratio = np.array([new[0] / patch.shape[1], new[1] / patch.shape[0]])
        patch = np.asarray(cv2.resize(patch, new, interpolation=cv2.INTER_AREA), np.uint8)
    else:
        ratio = np.ones(2)
    local = to_side.copy()
    local[:, 2] = (local[:, 2] + 0.5 - (x0, y0)) * ratio - 0.5
    local[:, :2] *= ratio[:, None]
    out = cv2.warpAffine(
        np.ascontiguousarray(patch),
        local,
        size,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(out, np.uint8)
