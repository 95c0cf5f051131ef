"""Smooth random fields, drawn once and sliced ever after: full-page noise is the dearest part of a page."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]
_SIDE = 1024


@cache
def _bank(scale: int, index: int) -> Field:
    """A 1024 x 1024 field, features of ``scale`` pixels, zero mean, unit variance. The seed is the name."""
    rng = np.random.default_rng((scale, index, 20200310))
    small = rng.standard_normal((_SIDE // scale + 4, _SIDE // scale + 4)).astype(np.float32)
    field = cv2.resize(small, (_SIDE, _SIDE), interpolation=cv2.INTER_CUBIC) if scale > 1 else small[:_SIDE, :_SIDE]
    return np.ascontiguousarray((field - field.mean()) / field.std(), np.float32)


def field(shape: tuple[int, ...], feature_px: float, rng: np.random.Generator) -> Field:
    """A random field of ``shape`` whose features are about ``feature_px`` wide, zero mean, unit variance."""
    h, w = shape[:2]
    scale = int(min((1, 2, 3, 5, 8, 12, 20, 32, 64, 128), key=lambda s: abs(np.log(s / max(feature_px, 0.5)))))
    source = _bank(scale, int(rng.integers(6)))
    if rng.random() < 0.5:
        source = source[::-1]
    if rng.random() < 0.5:
        source = source.T
    y, x = int(rng.integers(_SIDE)), int(rng.integers(_SIDE))
    if y + h <= _SIDE and x + w <= _SIDE:
        return np.ascontiguousarray(source[y : y + h, x : x + w])
    rows, cols = -(-(y + h) // _SIDE), -(-(x + w) // _SIDE)
    return np.ascontiguousarray(np.tile(source, (rows, cols))[y : y + h, x : x + w])
