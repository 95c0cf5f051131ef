"""Chance: one seeded source of every choice, with the noise fields that ink and paper need."""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence
from typing import Any, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.pagegen.masks import Mask

T = TypeVar("T")
Bgr = tuple[int, int, int]
Pixels = NDArray[np.uint8]
Matrix = NDArray[np.float64]


class Dice(random.Random):
    """A random source with a numpy twin, so that choices and fields come from the same seed."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.grid = np.random.default_rng(seed)

    def chance(self, likely: float) -> bool:
        """True in the given share of throws."""
        return self.random() < likely

    def weighed(self, table: Sequence[tuple[T, float]]) -> T:
        """One value of ``(value, weight)`` pairs."""
        return self.choices([v for v, _ in table], [w for _, w in table])[0]

    def noise(self, shape: tuple[int, int], cell: float) -> Mask:
        """A smooth field of the shape in 0..1, whose spots are about ``cell`` pixels wide."""
        rows, columns = (max(2, round(side / max(cell, 1)) + 2) for side in shape)
        coarse = self.grid.random((rows, columns), dtype=np.float32)
        return mask_of(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)).clip(0, 1)

    def speckle(self, shape: tuple[int, int]) -> Mask:
        """White noise of deviation 1, repeated from one tile: cheap on large pages."""
        side = 384
        tile = self.grid.standard_normal((side, side)).astype(np.float32)
        down, across = -(-shape[0] // side), -(-shape[1] // side)
        return np.tile(tile, (down, across))[: shape[0], : shape[1]]


def dice_for(*parts: object) -> Dice:
    """The dice that belong to these words."""
    return Dice(zlib.crc32("|".join(str(p) for p in ("east-reading-room", *parts)).encode()))


def mask_of(values: Any) -> Mask:
    """Any array as a float32 mask."""
    return np.asarray(values, np.float32)


def pixels_of(values: Any) -> Pixels:
    """Any array as eight-bit pixels, clipped."""
    given = np.asarray(values)
    if given.dtype == np.uint8:
        return np.asarray(given, np.uint8)
    return np.asarray(given.clip(0, 255), np.uint8)


def blurred(mask: Mask, sigma: float) -> Mask:
    """The mask out of focus."""
    return mask if sigma < 0.15 else mask_of(cv2.GaussianBlur(mask, (0, 0), sigma))


def moved(points: Matrix, by: Matrix) -> Matrix:
    """Points ``(n, 2)`` under an affine map ``(2, 3)``."""
    return np.asarray(points @ by[:, :2].T + by[:, 2], np.float64)


def tinted(mask: Pixels, colour: Bgr) -> Pixels:
    """What light a mask of ink in that colour lets through, three channels."""
    lets = np.arange(256, dtype=np.float32)
    return pixels_of(cv2.merge([cv2.LUT(mask, pixels_of(255 - lets * (255 - c) / 255)) for c in colour]))


def overlaid(below: Pixels, veil: Pixels) -> Pixels:
    """Two transparencies on each other."""
    return pixels_of(cv2.multiply(below, veil, scale=1 / 255))
