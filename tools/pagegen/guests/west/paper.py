"""The paper itself: stock, age, folds, stains, what shows through from behind, and the copies made of it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.pagegen.guests.west.rubber import GRADES, clouds

Rng = np.random.Generator
Pixels = NDArray[np.uint8]

# Blue, green, red of what the mill delivered.
WHITES = ((252, 253, 254), (246, 249, 250), (240, 246, 250), (254, 252, 250))
AGED = ((205, 226, 238), (190, 214, 230), (176, 204, 224), (214, 224, 228), (160, 192, 214))
TINTED = ((214, 214, 240), (210, 236, 214), (238, 226, 208), (170, 226, 246), (150, 196, 232))
KRAFT = ((120, 164, 196), (134, 178, 206), (104, 148, 182), (96, 134, 158))


def multiply(a: Pixels, b: Pixels) -> Pixels:
    """One reflectance upon another."""
    return np.asarray(cv2.multiply(a, b, scale=1 / 255), np.uint8)


def stock(rng: Rng, shape: tuple[int, int], difficulty: str, *, kraft: bool) -> Pixels:
    """A blank sheet."""
    g = GRADES.index(difficulty)
    choice = KRAFT if kraft else AGED if rng.random() < 0.12 + 0.17 * g else TINTED if rng.random() < 0.1 else WHITES
    base = np.array(choice[int(rng.integers(len(choice)))], np.float32)
    small = (shape[0] // 8 + 1, shape[1] // 8 + 1)
    shade = 1 + (0.006 + 0.012 * g) * clouds(rng, small, 6) + 0.006 * clouds(rng, small, 40)
    if g and rng.random() < 0.4:
        yy, xx = np.mgrid[-1 : 1 : small[0] * 1j, -1 : 1 : small[1] * 1j]
        shade = shade - 0.16 * rng.random() * np.maximum(np.abs(xx), np.abs(yy)) ** 6
    for _ in range(int(rng.integers(0, 1 + g)) if rng.random() < 0.3 else 0):
        shade = shade - _stain(rng, small)
    tone = shade[..., None] ** np.array([1.6, 1.15, 0.9]) * base
    sheet = np.asarray(cv2.resize(np.clip(tone, 0, 255).astype(np.uint8), shape[::-1]), np.uint8)
    for _ in range(int(rng.integers(1, 4)) if rng.random() < 0.12 + 0.14 * g else 0):
        _fold(rng, sheet)
    return grained(rng, sheet, 1.2 + 0.8 * g + 2.5 * kraft)


def _stain(rng: Rng, shape: tuple[int, int]) -> NDArray[np.float64]:
    yy, xx = np.mgrid[0 : shape[0], 0 : shape[1]]
    r = np.hypot(yy - rng.uniform(0, shape[0]), xx - rng.uniform(0, shape[1])) + 3 * clouds(rng, shape, 14)
    size = rng.uniform(0.06, 0.3) * shape[0]
    inside = 1 / (1 + np.exp((r - size) / 1.5))
    return np.asarray(inside * 0.05 + np.exp(-(((r - size) / 2.5) ** 2)) * 0.1 * rng.random(), np.float64)


def _fold(rng: Rng, sheet: Pixels) -> None:
    h, w = sheet.shape[:2]
    if rng.random() < 0.7:
        at = int(h * rng.choice((0.333, 0.5, 0.667)) + rng.normal(0, 4))
        band = sheet[max(0, at - 2) : at + 2]
        band[:] = np.clip(band * rng.uniform(0.84, 0.95), 0, 255).astype(np.uint8)
    else:
        a, b = rng.uniform(0, (w, h)), rng.uniform(0, (w, h))
        tone = tuple(float(c) * 0.88 for c in sheet[h // 2, w // 2])
        cv2.line(sheet, a.astype(int).tolist(), b.astype(int).tolist(), tone, 1, cv2.LINE_AA)


def grained(rng: Rng, image: Pixels, amount: float) -> Pixels:
    """The image with fine noise of the deviation given, in grey levels."""
    h, w = image.shape[:2]
    tile = np.round(rng.standard_normal((384, 384), np.float32) * amount).astype(np.int16)
    noise = np.tile(tile, (h // 384 + 1, w // 384 + 1))[:h, :w]
    return np.asarray(cv2.add(image, cv2.merge((noise, noise, noise)), dtype=cv2.CV_8U), np.uint8)


def shown_through(rng: Rng, sheet: Pixels, print_: Pixels) -> Pixels:
    """The sheet with the print of its back faintly seen, mirrored."""
    small = cv2.resize(print_[:, ::-1], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    soft = cv2.resize(cv2.GaussianBlur(small, (0, 0), 1.5), (sheet.shape[1], sheet.shape[0]))
    faint = cv2.addWeighted(soft, float(rng.uniform(0.05, 0.2)), np.full_like(soft, 255), 0.0, 0.0)
    lift = 255 - int(faint.max())
    return multiply(sheet, np.asarray(cv2.add(faint, np.full_like(faint, lift)), np.uint8))


def carbon(rng: Rng, print_: Pixels) -> Pixels:
    """The print as the carbon sheet let it through: blurred, blue or black, uneven."""
    grey = cv2.GaussianBlur(cv2.cvtColor(print_, cv2.COLOR_BGR2GRAY), (0, 0), 0.9)
    h, w = grey.shape
    small = np.clip(215 + 25 * clouds(rng, (h // 8, w // 8), 20), 120, 255).astype(np.uint8)
    cover = cv2.multiply(255 - grey, cv2.resize(small, (w, h)), scale=1 / 255)
    ink = ((150, 70, 52), (92, 60, 72), (60, 58, 60))[int(rng.integers(3))]
    parts = [255 - cv2.multiply(cover, np.full_like(cover, 255 - c), scale=1 / 255) for c in ink]
    return np.asarray(cv2.merge(parts), np.uint8)


def copied(rng: Rng, sheet: Pixels, difficulty: str) -> Pixels:
    """A photocopy, of one or more generations."""
    g = GRADES.index(difficulty)
    drum = rng.dirichlet((4.0, 6.0, 3.0)).astype(np.float32)
    page = np.asarray(cv2.transform(sheet, drum.reshape(1, 3)), np.uint8)
    ground = max(float(np.percentile(page[::16, ::16], 60)), 60.0)
    for _ in range(1 + int(rng.integers(0, 1 + g // 2 + (g == 3)))):
        soft = cv2.GaussianBlur(page, (0, 0), float(rng.uniform(0.5, 0.7 + 0.15 * g)))
        middle, steep = ground * rng.uniform(0.72, 0.88), rng.uniform(9, 22)
        curve = 255 / (1 + np.exp(-(np.arange(256) - middle) / steep))
        page = np.asarray(cv2.LUT(soft, curve.astype(np.uint8)), np.uint8)
        ground = 240.0
    h, w = page.shape
    if rng.random() < 0.3 + 0.15 * g:
        specks = rng.random((h // 2, w // 2), np.float32) > 1 - 0.0006 * (1 + g)
        dust = cv2.resize(specks.astype(np.uint8) * 255, (w, h), interpolation=cv2.INTER_LINEAR)
        page = np.asarray(cv2.subtract(page, cv2.GaussianBlur(dust, (0, 0), 0.6)), np.uint8)
    if rng.random() < 0.25:
        page[:, : int(w * rng.uniform(0.004, 0.03))] //= 3
    if g and rng.random() < 0.3:
        x = int(rng.uniform(0, w - 4))
        page[:, x : x + int(rng.integers(1, 4))] = np.uint8(rng.integers(60, 200))
    blank = np.asarray(page, np.float32) * np.float32(0.96) + np.float32(rng.uniform(2, 10))
    return np.asarray(cv2.cvtColor(blank.astype(np.uint8), cv2.COLOR_GRAY2BGR), np.uint8)
