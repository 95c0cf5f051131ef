"""The layout engine of the style kept out: a stack of blocks in one or two columns, set in opaque type."""

from __future__ import annotations

import itertools
import random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from tools.pagegen.fonts import KEPT_BODY, face
from tools.pagegen.text import ROLES, Prose

_BOLD = {
    "FreeSerif": "FreeSerifBold",
    "GentiumPlus-Regular": "GentiumPlus-Bold",
    "DejaVuSerif": "DejaVuSerif-Bold",
    "DejaVuSans": "DejaVuSans-Bold",
    "Carlito-Regular": "Carlito-Bold",
    "FreeMono": "FreeMonoBold",
}
_RED = (190, 30, 35)


class _Setter:
    """A cursor that sets blocks down a page; millimetres, RGB."""

    def __init__(self, rng: random.Random, ppm: float) -> None:
        self.rng, self.ppm, self.prose = rng, ppm, Prose(rng)
        self.width, self.height = rng.choices(
            ((210, 297), (297, 210), (210, 297), (176, 250)), (0.84, 0.06, 0.05, 0.05)
        )[0]
        tone = rng.choices(
            ((254, 254, 254), (250, 247, 238), (236, 236, 234), (232, 220, 196)), (0.6, 0.2, 0.12, 0.08)
        )[0]
        self.image = Image.new("RGB", (round(self.width * ppm), round(self.height * ppm)), tone)
        self.pencil = ImageDraw.Draw(self.image)
        self.stem = rng.choice(KEPT_BODY)
        self.bold = _BOLD[self.stem]
        grey = rng.choice((15, 25, 40, 80))
        self.ink = (grey, grey, grey + 5)
        self.size = rng.uniform(11.5, 14)
        self.left, self.right, self.y = (
            rng.uniform(20, 35),
            self.width - rng.uniform(12, 20),
            rng.uniform(12, 22),
        )
        self.places: list[tuple[float, float]] = []

    def say(
        self,
        x: float,
        y: float,
        text: str,
        points: float,
        *,
        bold: bool = False,
        anchor: str = "la",
        ink: tuple[int, int, int] | None = None,
    ) -> None:
        """Set one line."""
        font = face(self.bold if bold else self.stem, round(points * 0.3528 * self.ppm))
        self.pencil.text((x * self.ppm, y * self.ppm), text, fill=ink or self.ink, font=font, anchor=anchor)

    def rule(self, x0: float, y0: float, x1: float, y1: float, thick: float = 0.25) -> None:
        """Rule a line."""
        p = self.ppm
        self.pencil.line((x0 * p, y0 * p, x1 * p, y1 * p), fill=self.ink, width=max(1, round(thick * p)))

    def head(self) -> None:
        """Agency on the left, the State's name on the right, number and date below."""
        rng, mid, red = self.rng, (self.left + self.right) / 2, _RED if self.rng.random() < 0.12 else None
        ax, nx = (self.left + mid) / 2 - 6, (mid + self.right) / 2 + 4
        self.say(ax, self.y, self.prose.agency(), self.size - 1, bold=True, anchor="ma", ink=red)
        self.say(ax, self.y + 5.5, self.prose.place(), self.size - 1, bold=True, anchor="ma", ink=red)
        self.rule(ax - 9, self.y + 11, ax + 9, self.y + 11)
        self.say(nx, self.y, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", self.size - 2.2, bold=True, anchor="ma")
        self.say(nx, self.y + 5.5, "Độc lập - Tự do - Hạnh phúc", self.size - 1, bold=True, anchor="ma")
        self.rule(nx - 22, self.y + 11.5, nx + 22, self.y + 11.5)
        self.say(ax, self.y + 13, f"Số: {self.prose.number()}", self.size - 0.5, anchor="ma")
        self.say(nx, self.y + 13, f"Hà Nội, {self.prose.date()}", self.size - 0.5, anchor="ma")
        self.places += [
            (self.left + 20, self.y + 27),
            (ax, self.y + 24),
            (self.left + 20, self.y + 38),
            (self.right - 25, 8.0),
            (mid, 9.0),
        ]
        self.y += rng.uniform(24, 46)

    def title(self) -> None:
        """A centred heading of one to three lines, false friends among them."""
        for number in range(self.rng.randint(1, 3)):
            self.say(
                self.width / 2,
                self.y,
                self.prose.heading() if number == 0 or self.rng.random() < 0.4 else self.prose.sentence()[:52],
                self.size + (2 if number == 0 else 0),
                bold=True,
                anchor="ma",
                ink=_RED if self.rng.random() < 0.06 else None,
            )
            self.y += 7.2
        self.y += 3

    def text(self) -> None:
        """A paragraph, justified by nothing."""
        font = face(self.stem, round(self.size * 0.3528 * self.ppm))
        limit, step = (self.right - self.left) * self.ppm, self.size * 0.3528 * self.rng.uniform(1.2, 1.55)
        line = "      "
        for word in self.prose.paragraph(self.rng.randint(1, 4)).split():
            if font.getlength(f"{line} {word}") > limit:
                self.say(self.left, self.y, line, self.size)
                self.y += step
                line = word
                if self.y > self.height - 18:
                    return
            else:
                line = f"{line} {word}".lstrip(" ") if line.strip() else f"      {word}"
        self.say(self.left, self.y, line, self.size)
        self.y += step + 1.5

    def grid(self) -> None:
        """A ruled table with words of secrecy in some cells."""
        cols, rows, high = self.rng.randint(3, 7), self.rng.randint(3, 14), self.rng.uniform(6, 10)
        rows = min(rows, int((self.height - 18 - self.y) / high))
        if rows < 2:
            self.y = self.height
            return
        cuts = sorted(self.rng.uniform(0.08, 0.92) for _ in range(cols - 1))
        edges = [self.left + (self.right - self.left) * c for c in (0, *cuts, 1)]
        for r in range(rows + 1):
            self.rule(edges[0], self.y + r * high, edges[-1], self.y + r * high)
        for x in edges:
            self.rule(x, self.y, x, self.y + rows * high)
        for r in range(rows):
            for a, b in itertools.pairwise(edges):
                cell, font = self.prose.cell(), face(self.stem, round(10 * 0.3528 * self.ppm))
                if font.getlength(cell) < (b - a - 1.5) * self.ppm:
                    self.say((a + b) / 2, self.y + r * high + high / 2, cell, 10, bold=r == 0, anchor="mm")
        self.y += rows * high + 4

    def fields(self) -> None:
        """Lines to fill in, each with a label."""
        for _ in range(self.rng.randint(2, 6)):
            self.say(self.left, self.y, f"{self.prose.cell()}: ……………………………", self.size)
            self.y += 7.5

    def sign(self) -> None:
        """Recipients and a signature block at the foot."""
        if self.y > self.height - 55:
            return
        self.say(self.left, self.y, "Nơi nhận:", 11, bold=True)
        for k in range(3):
            self.say(self.left, self.y + 5 + 4.6 * k, f"- {self.prose.agency().title()};", 10)
        self.say(self.right - 35, self.y, self.rng.choice(ROLES), self.size, bold=True, anchor="ma")
        self.say(self.right - 35, self.y + 33, self.prose.person(), self.size, bold=True, anchor="ma")
        self.places.append((self.right - 45, self.y + 18))
        self.y = self.height


def set_sheet(rng: random.Random, ppm: float) -> tuple[NDArray[np.uint8], list[tuple[float, float]]]:
    """A typed sheet ``(h, w, 3)`` BGR, and the places (mm) where a clerk would press a mark."""
    s = _Setter(rng, ppm)
    kind = rng.random()
    if kind < 0.6:
        s.head()
    elif kind < 0.7:  # a cover
        s.y = s.height * 0.3
        s.places += [(s.left + 20, 25), (s.right - 30, 25), (s.width / 2, 60)]
    else:
        s.places += [(s.left + 20, s.y + 4), (s.right - 25, s.y), (s.width / 2, s.y)]
    if rng.random() < 0.7:
        s.title()
    blocks = (s.text, s.text, s.text, s.grid, s.fields, s.title)
    stop = s.height - 20 if kind < 0.6 or kind > 0.7 else s.y
    if rng.random() < 0.3:
        stop *= rng.uniform(0.4, 1.0)
    while s.y < stop:
        blocks[rng.choices(range(6), (5, 3, 2, 1.6, 0.6, 0.5))[0]]()
        s.y += rng.uniform(0, 3)
    if kind < 0.6 and rng.random() < 0.7:
        s.y = min(s.y, s.height - 56)
        s.pencil.rectangle((0, s.y * ppm, s.width * ppm, s.height * ppm), fill=s.image.getpixel((2, 2)))
        s.sign()
    return np.ascontiguousarray(np.asarray(s.image)[..., ::-1]), s.places


def set_continued(
    rng: random.Random,
    ppm: float,
    top: float,
    bottom: float,
    number: str,
    place: tuple[float, float, float],
    heading: str,
) -> NDArray[np.uint8]:
    """A page of text that goes on from another, A4: ``number`` stands at ``place`` (middle and top in mm, points)."""
    s = _Setter(rng, ppm)
    s.width, s.height = 210, 297
    s.image = Image.new("RGB", (round(210 * ppm), round(297 * ppm)), s.image.getpixel((2, 2)))
    s.pencil, s.right, s.y = ImageDraw.Draw(s.image), 210 - rng.uniform(12, 20), top
    if number:
        s.say(place[0], place[1], number, place[2], anchor="ma")
    if heading:
        s.say(105, s.y, heading, s.size, bold=True, anchor="ma")
        s.y += 9
    while s.y < bottom - 8:
        s.text()
    s.pencil.rectangle((0, (bottom + 4) * ppm, 210 * ppm, 297 * ppm), fill=s.image.getpixel((2, 2)))
    if number and place[1] > bottom:
        s.say(place[0], place[1], number, place[2], anchor="ma")
    return np.ascontiguousarray(np.asarray(s.image)[..., ::-1])
