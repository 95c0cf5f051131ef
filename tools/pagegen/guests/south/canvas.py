"""The sheet on which everything is laid: layers of ink in page pixels, measured in millimetres."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from tools.pagegen.masks import Mask

Grey = NDArray[np.uint8]
Points = NDArray[np.float64]
Colour = tuple[float, float, float]
"""What a full film of an ink lets through, blue, green, red, each 0..1."""


@dataclass(slots=True, eq=False)
class Sheet:
    """A sheet being written: one layer of coverage (0..255) per ink, and local impressions over them.

    Attributes:
        dpi: dots per inch.
        width_mm: of the paper.
        height_mm: of the paper.
        layers: coverage by the name of the ink.
        films: impressions that keep an ink of their own: coverage, left, top, ink.
    """

    dpi: int
    width_mm: float
    height_mm: float
    layers: dict[str, Grey] = field(default_factory=dict)
    films: list[tuple[Mask, int, int, Colour]] = field(default_factory=list)

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self.px(self.height_mm), self.px(self.width_mm)

    def px(self, mm: float) -> int:
        """Millimetres in whole pixels."""
        return round(mm * self.dpi / 25.4)

    def layer(self, name: str) -> Grey:
        """The coverage of one ink, empty at first."""
        if name not in self.layers:
            self.layers[name] = np.zeros(self.shape, np.uint8)
        return self.layers[name]

    def put(self, name: str, patch: Grey, left: int, top: int) -> None:
        """Lay a patch of coverage on a layer; the darker wins."""
        place = self.layer(name)
        x0, y0 = max(left, 0), max(top, 0)
        x1, y1 = min(left + patch.shape[1], place.shape[1]), min(top + patch.shape[0], place.shape[0])
        if x0 < x1 and y0 < y1:
            spot = place[y0:y1, x0:x1]
            np.maximum(spot, patch[y0 - top : y1 - top, x0 - left : x1 - left], out=spot)

    def stroke(self, name: str, points_mm: Points, width_mm: float, strength: int = 255) -> None:
        """Draw one line through points given in millimetres."""
        lines(self.layer(name), [points_mm * self.dpi / 25.4], width_mm * self.dpi / 25.4, strength)

    def box(self, name: str, x: float, y: float, w: float, h: float, width_mm: float = 0.25) -> None:
        """Rule a rectangle."""
        self.stroke(name, np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h], [x, y]]), width_mm)


def lines(image: Grey, paths: list[Points], width: float, strength: int = 255) -> None:
    """Draw smooth polylines with a sixteenth of a pixel's care."""
    whole = max(1, round(width))
    value = int(strength * min(1.0, max(width, 0.45) / whole))
    fine = [np.round(path * 16).astype(np.int32).reshape(-1, 1, 2) for path in paths]
    cv2.polylines(image, fine, False, value, whole, cv2.LINE_AA, 4)


def lettered(text: str, face: ImageFont.FreeTypeFont) -> tuple[Grey, int, int]:
    """A line of printed letters, and where its left top lies as seen from the start of the base line."""
    left, top, right, bottom = (int(v) for v in face.getbbox(text, anchor="ls"))
    image = Image.new("L", (max(1, right - left + 2), max(1, bottom - top + 2)))
    ImageDraw.Draw(image).text((1 - left, 1 - top), text, 255, face, anchor="ls")
    return np.asarray(image), left - 1, top - 1


def clouds(rng: Generator, shape: tuple[int, int], grain: float) -> Mask:
    """Smooth noise, mean 0 and deviation 1, whose lumps are about ``grain`` pixels wide."""
    h, w = (max(2, int(side / max(grain, 1)) + 2) for side in shape)
    coarse = rng.standard_normal((h, w), np.float32)
    return np.asarray(cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_CUBIC), np.float32)


def grit(rng: Generator, shape: tuple[int, int], blur: float = 0.0) -> Mask:
    """Fine noise between about -1 and 1, one value a pixel."""
    noise = rng.integers(0, 256, shape, np.uint8)
    if blur > 0:
        noise = np.asarray(cv2.GaussianBlur(noise, (0, 0), blur), np.uint8)
    return np.asarray((noise.astype(np.float32) - 127.5) * np.float32((1 + 2.5 * blur) / 127.5), np.float32)
