"""Laying a scanned image upright and level on its page, by a matrix: the scanner's bytes stay as they are.

The page is the bounding box of the turned and levelled image, so that no corner is cut; OCR sees exactly that
page, so that its boxes are page coordinates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from scanflow.pages import Image, Pose

POINTS_PER_INCH = 72.0


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an image lies on its page.

    Attributes:
        width_pt, height_pt: the page, points.
        matrix: ``(a, b, c, d, e, f)`` of the ``cm`` operator that maps the unit square of the image (y up).
    """

    width_pt: float
    height_pt: float
    matrix: tuple[float, float, float, float, float, float]


def place(width: int, height: int, dpi: int, pose: Pose) -> Placement:
    """The page and matrix of an image of ``width`` x ``height`` pixels at ``dpi``."""
    w, h = width * POINTS_PER_INCH / dpi, height * POINTS_PER_INCH / dpi
    angle = math.radians((pose.skew_deg or 0.0) - pose.turn)  # counter-clockwise, y up
    cos, sin = math.cos(angle), math.sin(angle)
    page_w, page_h = abs(w * cos) + abs(h * sin), abs(w * sin) + abs(h * cos)
    a, b, c, d = w * cos, w * sin, -h * sin, h * cos
    return Placement(page_w, page_h, (a, b, c, d, (page_w - a - c) / 2, (page_h - b - d) / 2))


def upright(pixels: Image, dpi: int, pose: Pose, target_dpi: int) -> Image:
    """The page as `place` shows it, ``target_dpi``, background white: what OCR reads."""
    scale = min(1.0, target_dpi / dpi)
    if scale < 1.0:
        pixels = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8)
    turns = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
    if pose.turn in turns:
        pixels = cv2.rotate(pixels, turns[pose.turn]).astype(np.uint8)
    if not pose.skew_deg:
        return pixels
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), pose.skew_deg, 1.0)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    out_w, out_h = math.ceil(width * cos + height * sin), math.ceil(width * sin + height * cos)
    matrix[:, 2] += ((out_w - width) / 2, (out_h - height) / 2)
    border = (255, 255, 255)
    return cv2.warpAffine(
        pixels,
        matrix,
        (out_w, out_h),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=border,
    ).astype(np.uint8, copy=False)
