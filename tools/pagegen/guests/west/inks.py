"""Inks as what they swallow of blue, green and red light, and how they come onto the sheet."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.pagegen.masks import Mask

Rng = np.random.Generator
Ink = tuple[float, float, float]
Pixels = NDArray[np.uint8]

REDS: tuple[Ink, ...] = (
    (1.5, 1.7, 0.12), (1.7, 1.1, 0.06), (0.9, 1.8, 0.28), (1.3, 1.15, 0.45), (0.75, 1.0, 0.08),
    (1.9, 2.0, 0.3), (0.6, 1.3, 0.1),
)  # fmt: skip
BLUES: tuple[Ink, ...] = ((0.25, 1.1, 1.9), (0.5, 1.3, 1.6), (0.2, 0.7, 1.4))
VIOLETS: tuple[Ink, ...] = ((0.5, 1.6, 1.0), (0.35, 1.4, 1.2), (0.6, 1.5, 1.5))
BLACKS: tuple[Ink, ...] = ((1.9, 1.9, 1.9), (1.3, 1.35, 1.4), (1.5, 1.6, 1.7))
GREENS: tuple[Ink, ...] = ((1.0, 0.45, 1.7), (1.3, 0.6, 1.5))
PENS: tuple[Ink, ...] = (
    (0.3, 1.2, 1.9),
    (0.35, 1.5, 1.8),
    (1.8, 1.8, 1.8),
    (1.4, 1.6, 0.2),
    (0.8, 1.2, 1.6),
    (0.5, 0.9, 1.2),
)


def an_ink(rng: Rng, of: tuple[Ink, ...]) -> Ink:
    """One of the inks, as this bottle has it."""
    chosen = of[int(rng.integers(len(of)))]
    strength = rng.uniform(0.8, 1.2)
    return (
        float(chosen[0] * strength * rng.uniform(0.88, 1.12)),
        float(chosen[1] * strength * rng.uniform(0.88, 1.12)),
        float(chosen[2] * strength * rng.uniform(0.88, 1.12)),
    )


def laid(paper: Pixels, mask: Mask, to_page: NDArray[np.float64], ink: Ink) -> None:
    """Ink a mask onto the paper, in place, through the affine map from mask to page pixels."""
    h, w = mask.shape
    corners = np.array([[0, 0, 1], [w, 0, 1], [w, h, 1], [0, h, 1]], np.float64) @ to_page.T
    x0, y0 = np.maximum(np.floor(corners.min(0)).astype(int), 0)
    x1, y1 = np.minimum(np.ceil(corners.max(0)).astype(int), (paper.shape[1], paper.shape[0]))
    if x1 <= x0 or y1 <= y0:
        return
    local = to_page.copy()
    local[:, 2] -= (x0, y0)
    there = cv2.warpAffine(mask, local, (int(x1 - x0), int(y1 - y0)), flags=cv2.INTER_AREA)
    view = paper[y0:y1, x0:x1]
    view[:] = (view * np.exp(-there[..., None] * np.array(ink, np.float32))).astype(np.uint8)
