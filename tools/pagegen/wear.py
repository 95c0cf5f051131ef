"""What years and hands leave on paper: creases, damp, tape, stickers, mould, torn corners, patterned grounds.

All of it changes the page in place; lengths in mm times ``ppm``.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.pagegen.desk import stain
from tools.pagegen.masks import as_mask
from tools.pagegen.noise import field

Page = NDArray[np.uint8]
Wear = Callable[[Page, float, np.random.Generator], None]


def pattern(page: Page, ppm: float, rng: np.random.Generator) -> None:
    """A ground printed under everything: squares, dots, waves of a guilloche (hoa văn nền), a large pale word."""
    h, w = page.shape[:2]
    ink = np.zeros((h, w), np.uint8)
    pick, step = rng.random(), rng.uniform(3, 9) * ppm
    if pick < 0.3:
        for x in np.arange(rng.uniform(0, step), w, step):
            ink[:, int(x)] = 255
        for y in np.arange(rng.uniform(0, step), h, step):
            ink[int(y)] = 255
    elif pick < 0.5:
        for y in np.arange(rng.uniform(0, step), h, step):
            ink[int(y) : int(y) + 2, :: max(3, round(step))] = 255
    elif pick < 0.85:
        xs = np.linspace(0, w, 160)
        for y in np.arange(-20 * ppm, h + 20 * ppm, rng.uniform(1.5, 6) * ppm):
            bow = np.sin(xs / ppm / rng.uniform(8, 30) + y / h * 9) * rng.uniform(1, 8) * ppm
            path = np.round(np.stack((xs, y + bow), 1)).astype(np.int32)
            cv2.polylines(ink, [path], False, 255, 1, cv2.LINE_AA)
    else:
        size = rng.uniform(2, 6)
        where = (int(rng.uniform(0, w / 3)), int(rng.uniform(h / 4, h * 0.9)))
        word = str(rng.choice(("COPY", "LUU", "BAN SAO", "2019", "NOI BO")))
        cv2.putText(ink, word, where, cv2.FONT_HERSHEY_DUPLEX, size, 255, max(2, round(size * 3)), cv2.LINE_AA)
    blue, green, red = (float(v) for v in rng.uniform(60, 220, 3))
    stain(page, as_mask(ink), 0, 0, (blue, green, red), float(rng.uniform(0.2, 0.8)))


def crease(page: Page, ppm: float, rng: np.random.Generator) -> None:
    """A fold pressed flat again: a bright and a dark line, shade on one side, ink lost along it."""
    h, w = page.shape[:2]
    flat = bool(rng.random() < 0.6)
    at = rng.uniform(0.15, 0.85) * (h if flat else w)
    ys, xs = np.arange(h, dtype=np.float32)[:, None], np.arange(w, dtype=np.float32)[None]
    far = (ys - at + rng.normal(0, 0.01) * xs) if flat else (xs - at + rng.normal(0, 0.01) * ys)
    shade = -rng.uniform(3, 20) * np.exp(-np.clip(far, 0, None) / (rng.uniform(2, 15) * ppm)) * (far > 0)
    worn = np.exp(-np.abs(far) / (rng.uniform(0.1, 0.4) * ppm)) * rng.uniform(20, 160)
    page[:] = cv2.add(page, cv2.merge([(shade + worn * np.sign(rng.normal())).astype(np.float32)] * 3), dtype=cv2.CV_8U)


def damp(page: Page, ppm: float, rng: np.random.Generator) -> None:
    """A dried puddle (vết ố): a brown area with a darker rim."""
    h, w = page.shape[:2]
    side = int(rng.uniform(25, 90) * ppm)
    ys, xs = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j].astype(np.float32)
    shape = 0.75 - np.hypot(xs, ys) + 0.15 * field((side, side), side / 4, rng)
    inside = 1 / (1 + np.exp(-np.clip(shape * 40, -30, 30)))
    rim = np.exp(-((shape / 0.03) ** 2))
    where = int(rng.uniform(-side / 2, w - side / 2)), int(rng.uniform(-side / 2, h - side / 2))
    density = (inside * rng.uniform(0.2, 0.6) + rim * rng.uniform(0.2, 0.6)).astype(np.float32)
    stain(page, np.clip(density, 0, 1), *where, (110, 160, 195), float(rng.uniform(0.4, 1.0)))


def tape(page: Page, ppm: float, rng: np.random.Generator) -> None:
    """A strip of yellowed tape, or an opaque sticker with a number (nhãn lưu trữ)."""
    h, w = page.shape[:2]
    long, high = int(rng.uniform(20, 90) * ppm), int(rng.uniform(8, 22) * ppm)
    x, y = int(rng.uniform(0, max(1, w - long))), int(rng.uniform(0, max(1, h - high)))
    if rng.random() < 0.5:
        stain(page, np.ones((high, long), np.float32), x, y, (150, 215, 235), float(rng.uniform(0.3, 1.0)))
        return
    page[y : y + high, x : x + long] = rng.uniform(200, 255, 3).astype(np.uint8)
    cv2.rectangle(page, (x, y), (x + long, y + high), (120, 120, 120), 1)
    number = f"{rng.integers(1, 999):03d}-{rng.integers(1, 99)}"
    scale = high / 60
    cv2.putText(page, number, (x + 4, y + round(high * 0.7)), cv2.FONT_HERSHEY_SIMPLEX, scale, (50, 40, 40), 1, 16)


def mould(page: Page, ppm: float, rng: np.random.Generator) -> None:
    """Foxing (ố vàng, mốc): small brown spots over a part of the sheet."""
    h, w = page.shape[:2]
    where = field((h, w), 128, rng) > rng.uniform(-0.3, 1.2)
    spots = (field((h, w), rng.uniform(0.4, 1.5) * ppm, rng) > rng.uniform(1.4, 2.4)) & where
    soft = np.asarray(cv2.GaussianBlur(spots.astype(np.float32), (0, 0), max(0.6, 0.15 * ppm)), np.float32)
    stain(page, soft, 0, 0, (95, 135, 165), float(rng.uniform(0.3, 0.9)))


def torn(page: Page, ppm: float, rng: np.random.Generator) -> None:
    """A corner or an edge torn away; what lies behind is white, black or grey."""
    h, w = page.shape[:2]
    a, b = rng.uniform(8, 50, 2) * ppm
    t = np.linspace(0, 1, 20)
    ragged = np.stack((a * (1 - t), b * t), 1) + rng.normal(0, 0.6 * ppm, (20, 2))
    corner = np.concatenate((ragged, [[-ppm, -ppm]]))
    if rng.random() < 0.5:
        corner[:, 0] = w - corner[:, 0]
    if rng.random() < 0.5:
        corner[:, 1] = h - corner[:, 1]
    behind = int(rng.choice((255, 245, 30, 128)))
    cv2.fillPoly(page, [np.round(corner).astype(np.int32)], (behind, behind, behind), cv2.LINE_AA)


BEFORE: tuple[Wear, ...] = (pattern,)
"""What lies under the marks."""
AFTER: tuple[Wear, ...] = (crease, damp, tape, mould, torn)
"""What comes over everything with the years."""
