"""What a drawn page is: its pixels, what lies where on it, and how legible that is."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as attribute

import cv2
import numpy as np
from numpy.typing import NDArray

from scanflow.stamps.marks import MarkKind
from tools.pagegen.masks import Mask


@dataclass(frozen=True, slots=True, eq=False)
class Plate:
    """An ink mask (0 paper, 1 ink) and the four outer corners in its pixels, clockwise from top-left."""

    mask: Mask
    quad: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Label:
    """What lies where on a page.

    Attributes:
        kind: the mark.
        quad: outer corners in pixels of ``Page.pixels``, clockwise from the mark's own top left.
        difficulty: easy, medium, hard or extreme.
        legibility: correlation (0..1) of the plate with what is seen in its place.
        handwritten: written with a pen.
        sample: printed as an example that classifies nothing (mẫu dấu).
    """

    kind: MarkKind
    quad: NDArray[np.float64]
    difficulty: str
    legibility: float
    handwritten: bool = False
    sample: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A drawn page.

    Attributes:
        pixels: ``(h, w, 3)`` BGR uint8.
        dpi: dots per inch.
        turn: degrees clockwise that bring it upright (0, 90, 180, 270).
        labels: its marks.
        facts: what was done to it ("bilevel", "copied", "pen_note", …).
    """

    pixels: NDArray[np.uint8]
    dpi: int
    turn: int
    labels: tuple[Label, ...]
    facts: frozenset[str] = attribute(default_factory=frozenset)


def legibility(pixels: NDArray[np.uint8], plate: Plate, quad: NDArray[np.float64]) -> float:
    """How well the plate is seen at ``quad``: the best absolute correlation with brightness and colour."""
    h = 48
    across, down = (float(np.linalg.norm(plate.quad[k] - plate.quad[0])) for k in (1, 3))
    w = int(np.clip(h * across / max(down, 1), 16, 480))
    flat = np.array([[0, 0], [w, 0], [w, h]], np.float32)
    ideal = cv2.warpAffine(plate.mask, cv2.getAffineTransform(plate.quad[:3].astype(np.float32), flat), (w, h))
    seen = cv2.warpAffine(pixels, cv2.getAffineTransform(quad[:3].astype(np.float32), flat), (w, h)).astype(np.float32)
    ideal = cv2.GaussianBlur(ideal, (0, 0), 1.2) - ideal.mean()
    best = 0.0
    for view in (seen.mean(-1), seen.max(-1) - seen.min(-1)):
        view = cv2.GaussianBlur(view, (0, 0), 1.2)
        view = view - view.mean()
        best = max(
            best,
            abs(float((ideal * view).sum()))
            / (float(np.linalg.norm(ideal)) * max(float(np.linalg.norm(view)), h * 2.0) + 1e-6),
        )
    return best


def turned(
    page: NDArray[np.uint8], quads: list[NDArray[np.float64]], quarters: int
) -> tuple[NDArray[np.uint8], list[NDArray[np.float64]]]:
    """Turn a page counter-clockwise by quarters, and the corners with it."""
    for _ in range(quarters % 4):
        w = page.shape[1]
        quads = [np.stack((q[:, 1], w - q[:, 0]), 1) for q in quads]
        page = np.rot90(page)
    return np.ascontiguousarray(page), quads
