"""Turning and levelling images, and where a point lies before and after."""

from __future__ import annotations

import math

import cv2
import numpy as np

from scanflow.imaging.arrays import Array, as_image
from scanflow.pages import Image, Pose

_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


def turned(pixels: Image, turn: int) -> Image:
    """The image rotated clockwise by 0, 90, 180 or 270 degrees."""
    return pixels if turn == 0 else as_image(cv2.rotate(pixels, _TURNS[turn]))


def straighten(pixels: Image, pose: Pose) -> Image:
    """The image upright and level, of the size it has after the turn; paper-white where nothing was scanned.

    An unknown skew is left as it is.
    """
    upright = turned(pixels, pose.turn)
    if not pose.skew_deg:
        return upright
    height, width = upright.shape[:2]
    edge = upright[:: max(1, height // 64), :: max(1, width // 64)]
    tone = np.percentile(edge.reshape(-1, edge.shape[2] if edge.ndim == 3 else 1), 90, axis=0)
    level = cv2.warpAffine(
        upright,
        level_matrix(width, height, pose.skew_deg)[:2],
        (width, height),
        flags=cv2.INTER_LINEAR,
        borderValue=tuple(float(v) for v in tone),
    )
    return as_image(level)


def level_matrix(width: int, height: int, skew_deg: float) -> Array:
    """3x3 matrix that levels an upright image which leans by ``skew_deg``, about its middle."""
    matrix = np.eye(3)
    matrix[:2] = cv2.getRotationMatrix2D((width / 2, height / 2), skew_deg, 1.0)
    return matrix


def upright_matrix(width: int, height: int, pose: Pose) -> Array:
    """3x3 matrix from pixels of the image as given (``width`` x ``height``) to pixels of :func:`straighten`'s
    result.
    """
    turn = {
        0: [[1, 0, 0], [0, 1, 0]],
        90: [[0, -1, height], [1, 0, 0]],
        180: [[-1, 0, width], [0, -1, height]],
        270: [[0, 1, 0], [-1, 0, width]],
    }[pose.turn]
    matrix = np.array([*turn, [0, 0, 1]], np.float64)
    if pose.turn in (90, 270):
        width, height = height, width
    return level_matrix(width, height, pose.skew_deg) @ matrix if pose.skew_deg else matrix


def moved(points: Array, matrix: Array) -> Array:
    """Points ``(n, 2)`` through a 3x3 matrix."""
    out = np.c_[points, np.ones(len(points))] @ matrix.T
    return np.asarray(out[:, :2] / out[:, 2:], np.float64)


def quad_size(quad: Array) -> tuple[float, float]:
    """Width and height of a quad in its own direction."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = quad
    width = (math.hypot(bx - ax, by - ay) + math.hypot(cx - dx, cy - dy)) / 2
    return width, (math.hypot(dx - ax, dy - ay) + math.hypot(cx - bx, cy - by)) / 2
