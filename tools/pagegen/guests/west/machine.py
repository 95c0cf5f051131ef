"""Scanners: flatbeds with lids open or shut, overhead book scanners, sheet feeders, and what they make of a sheet."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tools.pagegen.guests.west.paper import grained, multiply
from tools.pagegen.guests.west.rubber import GRADES, clouds

Rng = np.random.Generator
Pixels = NDArray[np.uint8]
Points = NDArray[np.float64]
BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32) * 16 + 8


@dataclass(frozen=True, slots=True, eq=False)
class Bed:
    """How the sheet lies under the scanner.

    Attributes:
        kind: "flatbed", "open lid", "overhead" or "feeder".
        size: width and height of the picture.
        onto: affine map from sheet to picture.
        sag: how far lines of the sheet are bowed, in pixels.
        crowd: how far columns are pushed together, in pixels.
        extent: width and height of the sheet.
    """

    kind: str
    size: tuple[int, int]
    onto: NDArray[np.float64]
    sag: float
    crowd: float
    extent: tuple[int, int]

    def bow(self, p: Points) -> Points:
        """How far the paper's curve moves points of the flat sheet."""
        u = p[..., 0] / self.extent[0]
        return np.stack((self.crowd * np.sin(np.pi * u * 2), self.sag * (4 * (u - 0.5) ** 2 - 0.5)), -1)

    def seen(self, points: Points) -> Points:
        """Where points of the sheet come to lie in the picture."""
        flat = points
        for _ in range(6):
            flat = points - self.bow(flat)
        return np.asarray(flat @ self.onto[:, :2].T + self.onto[:, 2], np.float64)

    def shot(self, sheet: Pixels, ground: tuple[int, int, int]) -> Pixels:
        """The picture of the sheet upon its ground."""
        if not (self.sag or self.crowd):
            return np.asarray(
                cv2.warpAffine(sheet, self.onto, self.size, flags=cv2.INTER_LINEAR, borderValue=ground), np.uint8
            )
        back = cv2.invertAffineTransform(self.onto)
        w, h = self.size
        coarse = np.stack(np.meshgrid(np.linspace(0, w - 1, 65), np.linspace(0, h - 1, 65)), -1)
        flat = coarse @ back[:, :2].T + back[:, 2]
        bowed = flat + self.bow(flat)
        grid = np.stack(np.meshgrid(np.arange(w), np.arange(h)), -1).astype(np.float32)
        maps = [
            cv2.remap(
                bowed[..., k].astype(np.float32),
                grid[..., 0] * (64 / (w - 1)),
                grid[..., 1] * (64 / (h - 1)),
                cv2.INTER_LINEAR,
            )
            for k in (0, 1)
        ]
        return np.asarray(cv2.remap(sheet, maps[0], maps[1], cv2.INTER_LINEAR, borderValue=ground), np.uint8)


def a_bed(rng: Rng, extent: tuple[int, int], difficulty: str, dpi: int, *, bound: bool) -> Bed:
    """Lay a sheet of ``extent`` pixels on a scanner."""
    g, mm = GRADES.index(difficulty), dpi / 25.4
    weights = np.array([0.42, 0.14, 0.34 if bound else 0.1, 0.1 if bound else 0.34])
    kind = str(rng.choice(("flatbed", "open lid", "overhead", "feeder"), p=weights / weights.sum()))
    w, h = extent
    tight = rng.random() < (0.55 if kind in ("flatbed", "feeder") else 0.2)
    reach = (-0.8, 2.0) if tight else (2.0, 18.0)
    edges = rng.uniform(*reach, 4) * mm
    angle = float(rng.normal(0, (0.25, 0.6, 1.1, 1.8)[g]))
    size = (round(w + edges[0] + edges[2]), round(h + edges[1] + edges[3]))
    onto = np.asarray(cv2.getRotationMatrix2D((w / 2, h / 2), angle, 1.0), np.float64)
    onto[:, 2] += edges[:2]
    curved = kind == "overhead" and rng.random() < 0.85
    sag = float(rng.uniform(-1, 1) * (2 + 2 * g) * mm) if curved else 0.0
    crowd = float(rng.uniform(-1, 1) * (0.8 + 0.5 * g) * mm) if curved else 0.0
    return Bed(kind, size, onto, sag, crowd, extent)


def scanned(rng: Rng, sheet: Pixels, bed: Bed, difficulty: str, *, bound: bool) -> Pixels:
    """The picture in colour, before any conversion."""
    g = GRADES.index(difficulty)
    low, high = {"flatbed": (225, 255), "open lid": (8, 60), "overhead": (10, 90), "feeder": (200, 255)}[bed.kind]
    if rng.random() < 0.18:
        low, high = 5, 50
    tone = int(rng.integers(low, high))
    ground = tuple(int(np.clip(tone + rng.normal(0, 4), 0, 255)) for _ in range(3))
    picture = bed.shot(sheet, (ground[0], ground[1], ground[2]))
    corner = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * bed.extent
    if bed.kind != "overhead" and tone > 150:
        start = int(rng.integers(4))
        run = bed.seen(np.roll(corner, start, 0)[:3].astype(np.float64)).astype(np.int32)
        cv2.polylines(picture, [run], False, (tone * 0.72,) * 3, int(rng.integers(1, 4)), cv2.LINE_AA)
    picture = multiply(picture, _light(rng, bed, g, bound=bound))
    blur = rng.uniform(0.25, (0.55, 0.7, 0.9, 1.15)[g]) * bed.extent[1] / 1754
    if blur > 0.45:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), float(min(blur, 2.0))), np.uint8)
    if bed.kind == "feeder":
        _streak(rng, picture, g)
    gain = rng.uniform(0.94 - 0.03 * g, 1.06, 3) if rng.random() < 0.5 else np.ones(3)
    gamma, black = rng.uniform(0.86 - 0.05 * g, 1.14 + 0.12 * g), rng.uniform(0, 6 + 12 * g)
    ramp = (np.arange(256) / 255.0) ** gamma
    table = np.clip((black + (255 - black) * ramp)[:, None] * gain, 0, 255).astype(np.uint8)
    picture = np.asarray(cv2.LUT(picture, table.reshape(1, 256, 3)), np.uint8)
    return grained(rng, picture, float(rng.uniform(0.5, 1.5 + 2 * g)))


def _light(rng: Rng, bed: Bed, g: int, *, bound: bool) -> Pixels:
    w, h = bed.size
    yy, xx = np.mgrid[-1:1:72j, -1:1:72j]
    fall = (
        0.0
        if bed.kind == "feeder"
        else rng.uniform(0, {"flatbed": 0.05, "open lid": 0.22, "overhead": 0.28}[bed.kind] * (0.5 + 0.25 * g))
    )
    way = rng.uniform(0, 2 * np.pi)
    field = 1 - fall * (0.5 + 0.5 * (xx * np.cos(way) + yy * np.sin(way)))
    if bed.kind == "overhead":
        field = field - fall * 0.4 * (xx**2 + yy**2) / 2 + 0.03 * clouds(rng, (72, 72), 4)
    if bed.kind == "open lid":
        edge = xx if rng.random() < 0.5 else yy
        field = field * (1 - rng.uniform(0.1, 0.45) * np.exp(-(1 - edge * rng.choice((-1, 1))) / 0.12))
    if bound:
        spine = 0.0 if w > h else float(rng.choice((-1.0, 1.0)))
        field = field * (1 - rng.uniform(0.1, 0.6) * np.exp(-(((xx - spine) / rng.uniform(0.02, 0.1)) ** 2)))
    lamp = field[..., None] * (1 + rng.normal(0, 0.008 + 0.006 * g, 3))
    return np.asarray(cv2.resize(np.clip(lamp * 255, 0, 255).astype(np.uint8), (w, h)), np.uint8)


def _streak(rng: Rng, picture: Pixels, g: int) -> None:
    for _ in range(int(rng.integers(0, 2 + 2 * g))):
        x, wide = int(rng.integers(0, picture.shape[1] - 4)), int(rng.integers(1, 3))
        tint = rng.uniform(0.75, 1.2, 3) if rng.random() < 0.5 else np.full(3, rng.uniform(0.6, 1.25))
        view = picture[:, x : x + wide]
        view[:] = np.clip(view * tint, 0, 255).astype(np.uint8)


def greyed(rng: Rng, picture: Pixels) -> Pixels:
    """The picture in grey, as this lamp and sensor weigh the colours."""
    if rng.random() < 0.7:
        grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    else:
        weights = rng.dirichlet((2.0, 4.0, 2.0)).astype(np.float32)
        grey = cv2.transform(picture, weights.reshape(1, 3))
    return np.asarray(cv2.merge((grey, grey, grey)), np.uint8)


def two_toned(rng: Rng, picture: Pixels, dpi: int) -> Pixels:
    """The picture in black and white: by a fixed or local threshold, or dithered."""
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    way = rng.random()
    if way < 0.5:
        ground = float(np.percentile(grey[::16, ::16], 65))
        flat = (grey > ground * rng.uniform(0.7, 0.84)).astype(np.uint8) * 255
    elif way < 0.78:
        local = cv2.blur(grey, (dpi // 4 | 1, dpi // 4 | 1)).astype(np.float32)
        flat = (grey > local * rng.uniform(0.84, 0.92) - 4).astype(np.uint8) * 255
    elif way < 0.9:
        flat = np.asarray(Image.fromarray(grey).convert("1"), np.uint8) * 255
    else:
        h, w = grey.shape
        flat = (grey > np.tile(BAYER, (h // 4 + 1, w // 4 + 1))[:h, :w]).astype(np.uint8) * 255
    return np.asarray(cv2.merge((flat, flat, flat)), np.uint8)


def squeezed(rng: Rng, picture: Pixels, difficulty: str) -> Pixels:
    """The picture after the JPEG file it was kept in."""
    quality = int(rng.integers((72, 50, 32, 20)[GRADES.index(difficulty)], 96))
    _, coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)
