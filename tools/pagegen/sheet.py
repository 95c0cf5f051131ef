"""A sheet being typed: layers of printed ink and what typists do, in millimetres from the top left."""

from __future__ import annotations

import random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from tools.pagegen.fonts import face
from tools.pagegen.masks import as_mask

MM_PER_POINT = 25.4 / 72


class Sheet:
    """One side while it is typed.

    Attributes:
        width, height: in mm.
        ppm: pixels a millimetre.
        slots: places (x, y of a centre, mm) where a clerk of this layout would press a mark.
        tables: boxes (x0, y0, x1, y1, mm) ruled on the sheet.
        hot: boxes of printed words that look like marks and are none.
    """

    def __init__(self, width: float, height: float, ppm: float) -> None:
        """Make an empty sheet of ``width`` x ``height`` mm."""
        self.width, self.height, self.ppm = width, height, ppm
        size = (round(width * ppm), round(height * ppm))
        self._layers = {name: Image.new("L", size, 0) for name in ("black", "red")}
        self._pens = {name: ImageDraw.Draw(layer) for name, layer in self._layers.items()}
        self.slots: list[tuple[float, float]] = []
        self.tables: list[tuple[float, float, float, float]] = []
        self.hot: list[tuple[float, float, float, float]] = []

    def layer(self, name: str) -> NDArray[np.float32]:
        """A layer's ink, 0..1."""
        return as_mask(self._layers[name])

    def is_empty(self, name: str) -> bool:
        """Whether nothing was drawn on a layer."""
        return self._layers[name].getbbox() is None

    def font(self, stem: str, points: float) -> ImageFont.FreeTypeFont:
        """The face at ``points``, ready for this sheet."""
        return face(stem, round(points * MM_PER_POINT * self.ppm))

    def length(self, text: str, stem: str, points: float) -> float:
        """Width of a line in mm."""
        return self.font(stem, points).getlength(text) / self.ppm

    def text(
        self,
        x: float,
        y: float,
        text: str,
        stem: str,
        points: float,
        *,
        align: str = "left",
        layer: str = "black",
        ink: int = 255,
        under: bool = False,
    ) -> tuple[float, float, float, float]:
        """Type one line with its top at ``y``; return its box."""
        width = self.length(text, stem, points)
        left = x - (width / 2 if align == "centre" else width if align == "right" else 0)
        self._pens[layer].text((left * self.ppm, y * self.ppm), text, fill=ink, font=self.font(stem, points))
        high = points * MM_PER_POINT * 1.15
        if under:
            self.line(left + width * 0.25, y + high, left + width * 0.75, y + high, 0.25, layer=layer)
        return left, y, left + width, y + high

    def line(
        self,
        x0: float,
        y0: float,
        x1: float,
        y1: float,
        thick: float,
        *,
        layer: str = "black",
        ink: int = 255,
    ) -> None:
        """Rule a line."""
        p = self.ppm
        self._pens[layer].line((x0 * p, y0 * p, x1 * p, y1 * p), fill=ink, width=max(1, round(thick * p)))

    def box(
        self,
        x0: float,
        y0: float,
        x1: float,
        y1: float,
        thick: float,
        *,
        layer: str = "black",
        fill: int | None = None,
    ) -> None:
        """Rule a rectangle."""
        p = self.ppm
        self._pens[layer].rectangle(
            (x0 * p, y0 * p, x1 * p, y1 * p), outline=255, fill=fill, width=max(1, round(thick * p))
        )

    def ellipse(self, cx: float, cy: float, rx: float, ry: float, thick: float, *, layer: str = "black") -> None:
        """Rule an ellipse."""
        p = self.ppm
        box = ((cx - rx) * p, (cy - ry) * p, (cx + rx) * p, (cy + ry) * p)
        self._pens[layer].ellipse(box, outline=255, width=max(1, round(thick * p)))

    def paste(self, mask: NDArray[np.float32], x: float, y: float, *, layer: str = "black") -> None:
        """Lay an ink mask (0..1) with its top left at ``x``, ``y`` mm; what hangs over the edge is cut."""
        ink = Image.fromarray((mask * 255).astype(np.uint8))
        self._layers[layer].paste(255, (round(x * self.ppm), round(y * self.ppm)), ink)

    def paragraph(
        self,
        x: float,
        y: float,
        width: float,
        text: str,
        stem: str,
        points: float,
        *,
        leading: float = 1.25,
        indent: float = 10,
        bottom: float = 1e9,
        layer: str = "black",
        ink: int = 255,
    ) -> float:
        """Type a paragraph with ragged lines of at most ``width``; return the y below it."""
        step = points * MM_PER_POINT * leading
        font, limit = self.font(stem, points), width * self.ppm
        line, left, used = "", indent, indent * self.ppm
        space = font.getlength(" ")
        for word in text.split():
            length = font.getlength(word)
            if line and used + space + length > limit:
                if y + step > bottom:
                    return y
                self.text(x + left, y, line, stem, points, layer=layer, ink=ink)
                y += step
                line, left, used = word, 0.0, length
            else:
                used += (space if line else 0) + length
                line = f"{line} {word}" if line else word
        if line and y + step <= bottom:
            self.text(x + left, y, line, stem, points, layer=layer, ink=ink)
            y += step
        return y

    def table(
        self,
        x: float,
        y: float,
        widths: list[float],
        rows: list[list[str]],
        stem: str,
        points: float,
        rng: random.Random,
        *,
        row_mm: float = 7.0,
        thick: float = 0.25,
        layer: str = "black",
    ) -> float:
        """Rule and fill a table; return the y below it."""
        total = sum(widths)
        inner = rng.random() < 0.85
        for r in range(len(rows) + 1):
            if inner or r in (0, 1, len(rows)):
                self.line(x, y + r * row_mm, x + total, y + r * row_mm, thick, layer=layer)
        left = x
        for w in [0.0, *widths]:
            left += w
            self.line(left, y, left, y + len(rows) * row_mm, thick, layer=layer)
        for r, row in enumerate(rows):
            left = x
            for w, cell in zip(widths, row, strict=True):
                while cell and self.length(cell, stem, points) > w - 1:
                    cell = cell[:-2]
                centred = rng.random() < 0.5
                self.text(
                    left + (w / 2 if centred else 0.8),
                    y + r * row_mm + (row_mm - points * MM_PER_POINT * 1.2) / 2,
                    cell,
                    stem,
                    points,
                    align="centre" if centred else "left",
                    layer=layer,
                )
                left += w
        self.tables.append((x, y, x + total, y + len(rows) * row_mm))
        return y + len(rows) * row_mm
