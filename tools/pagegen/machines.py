"""Further copiers and scanners of the training style, of other makes than those in ``scanner``.

Every function takes and returns ``(h, w, 3)`` BGR uint8 and keeps the page's geometry.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from tools.pagegen.noise import field
from tools.pagegen.scanner import jpeg, sharpened

Page = NDArray[np.uint8]
Machine = Callable[[Page, float, float, np.random.Generator], Page]


def _three(grey: MatLike) -> Page:
    return np.asarray(cv2.cvtColor(np.clip(grey, 0, 255).astype(np.uint8), cv2.COLOR_GRAY2BGR), np.uint8)


def _grey(page: Page) -> NDArray[np.float32]:
    return cv2.cvtColor(page, cv2.COLOR_BGR2GRAY).astype(np.float32)


def screened(page: Page, ppm: float, severity: float, rng: np.random.Generator) -> Page:
    """A copier that prints tones as a screen of dots (lưới tram), at some angle."""
    grey = cv2.GaussianBlur(_grey(page), (0, 0), max(0.4, ppm * rng.uniform(0.02, 0.06)))
    h, w = grey.shape
    pitch, turn = rng.uniform(0.14, 0.34) * ppm, np.radians(rng.choice((0, 15, 45, 75)) + rng.normal(0, 2))
    ys, xs = np.arange(h, dtype=np.float32)[:, None], np.arange(w, dtype=np.float32)[None]
    k = 2 * np.pi / max(pitch, 2.0)
    c, s = np.cos(turn) * k, np.sin(turn) * k
    # sin(a + b) by parts: four vectors instead of two full planes of sines
    one = np.sin(c * xs) * np.cos(s * ys) + np.cos(c * xs) * np.sin(s * ys)
    two = np.cos(s * xs) * np.cos(c * ys) + np.sin(s * xs) * np.sin(c * ys)
    dots = (grey - rng.uniform(110, 170)) * rng.uniform(0.6, 1.4) + (one + two) * rng.uniform(15, 45)
    out = 127 + dots * rng.uniform(1.5, 4)
    return _three(cv2.GaussianBlur(np.clip(out, 0, 255), (0, 0), max(0.4, ppm * rng.uniform(0.03, 0.07))))


def faxed(page: Page, ppm: float, severity: float, rng: np.random.Generator) -> Page:
    """A fax (bản fax): eight dots a millimetre across, fewer lines down, black and white, lines lost on the way."""
    h, w = page.shape[:2]
    mm = (w / ppm, h / ppm)
    across, down = 8.0, float(rng.choice((3.85, 7.7), p=(0.3, 0.7)))
    size = (max(8, round(mm[0] * across)), max(8, round(mm[1] * down)))
    small = cv2.resize(_grey(page), size, interpolation=cv2.INTER_AREA)
    limit = cv2.blur(small, (41, 41)) - rng.uniform(8, 40) if rng.random() < 0.5 else rng.uniform(120, 205)
    dots = np.where(small > limit, 255, 0).astype(np.uint8)
    for _ in range(int(rng.integers(0, 1 + round(6 * severity)))):
        y, thick = int(rng.integers(size[1])), int(rng.integers(1, 4))
        dots[y : y + thick] = dots[y - 1] if rng.random() < 0.6 else 255
    return _three(cv2.resize(dots, (w, h), interpolation=cv2.INTER_LINEAR).astype(np.float32))


def thermal(page: Page, ppm: float, severity: float, rng: np.random.Generator) -> Page:
    """A copy on heat-sensitive paper: bluish or brownish black that fades in clouds, ground that darkens."""
    dark = 1 - _grey(page) / 255
    dark = np.clip((dark - rng.uniform(0.05, 0.25)) * rng.uniform(1.3, 2.5), 0, 1)
    clouds = field(dark.shape, 128, rng)
    dark *= 1 - rng.uniform(0.1, 0.3 + 0.4 * severity) * (0.5 + 0.5 * np.tanh(clouds))
    ground = np.array([(235, 240, 242), (190, 215, 230), (215, 215, 220)][int(rng.integers(3))], np.float32)
    black = np.array([(90, 60, 50), (60, 75, 100), (70, 65, 65)][int(rng.integers(3))], np.float32)
    ground = ground - rng.uniform(0, 25)
    planes = [
        np.clip(g + dark * (b - g) - clouds * 3, 0, 255).astype(np.uint8) for g, b in zip(ground, black, strict=True)
    ]
    return np.asarray(cv2.merge(planes), np.uint8)


def colour_copy(page: Page, ppm: float, severity: float, rng: np.random.Generator) -> Page:
    """A colour copier: few tones a colour, planes out of register, halos from sharpening."""
    planes = []
    for plane in cv2.split(page):
        move = np.array([[1, 0, rng.normal(0, 0.08 * ppm)], [0, 1, rng.normal(0, 0.08 * ppm)]], np.float32)
        planes.append(cv2.warpAffine(plane, move, plane.shape[::-1], borderMode=cv2.BORDER_REPLICATE))
    out = cv2.merge(planes)
    tones = int(rng.integers(5, 24))
    table = np.round(np.clip((np.arange(256) / 255 - 0.05) * 1.12, 0, 1) * tones) / tones * 255
    out = cv2.LUT(out, table.astype(np.uint8))
    return sharpened(out, max(0.6, ppm * rng.uniform(0.06, 0.2)), rng.uniform(0.2, 0.9))


def line_sensor(page: Page, ppm: float, severity: float, rng: np.random.Generator) -> Page:
    """A contact sensor (CIS): every column its own gain, colours a line apart, the feed's bands, dust as streaks."""
    h, w = page.shape[:2]
    columns = 1 + field((w, 1, 1), float(rng.choice((1, 3, 20))), rng)[:, 0] * rng.uniform(0, 0.01 + 0.03 * severity)
    bands = 1 + np.sin(np.arange(h) / (ppm * rng.uniform(0.6, 4)) * 2 * np.pi) * rng.uniform(0, 0.015 + 0.03 * severity)
    planes = []
    for number, plane in enumerate(cv2.split(page)):
        apart = (number - 1) * rng.uniform(0, 0.5 + severity)
        move = np.array([[1, 0, 0], [0, 1, apart]], np.float32)
        planes.append(cv2.warpAffine(plane, move, (w, h), borderMode=cv2.BORDER_REPLICATE))
    gain = (bands[:, None] * columns[None]).astype(np.float32)
    out = np.asarray(cv2.multiply(cv2.merge(planes), cv2.merge([gain] * 3), dtype=cv2.CV_8U), np.uint8)
    for _ in range(int(rng.integers(0, 1 + round(3 * severity)))):
        x = int(rng.integers(w))
        out[:, x : x + max(1, round(0.1 * ppm))] = rng.integers(0, 255, 3)
    return out


def from_above(page: Page, ppm: float, severity: float, rng: np.random.Generator) -> Page:
    """A camera over the desk (máy chụp, điện thoại): uneven light, a shadow's edge, denoised and sharpened."""
    h, w = page.shape[:2]
    corners = rng.uniform(0.75 - 0.25 * severity, 1.05, (3, 4)).astype(np.float32)
    light = np.asarray(cv2.resize(corners, (w, h), interpolation=cv2.INTER_AREA), np.float32)
    if rng.random() < 0.4:
        a, b, c = rng.normal(0, 1), rng.normal(0, 1), rng.normal(0, 0.5)
        ys, xs = np.linspace(-1, 1, h, dtype=np.float32)[:, None], np.linspace(-1, 1, w, dtype=np.float32)[None]
        light *= 1 - rng.uniform(0.1, 0.45) * (0.5 + 0.5 * np.tanh((a * xs + b * ys + c) * rng.uniform(3, 30)))
    warm = np.array([rng.uniform(0.75, 1.0), 1.0, rng.uniform(0.9, 1.1)])
    out = cv2.multiply(page, cv2.merge([light * float(v) for v in warm]), dtype=cv2.CV_8U)
    grain = field(page.shape, 2.0, rng) * rng.uniform(1, 4 + 10 * severity)
    out = cv2.medianBlur(cv2.add(out, cv2.merge([grain] * 3), dtype=cv2.CV_8U), 3)
    return sharpened(out, 1.2, rng.uniform(0.3, 1.6))


def cleaned(page: Page, ppm: float, severity: float, rng: np.random.Generator) -> Page:
    """A driver that whitens the ground and steepens text (tự động làm sạch nền): pale ink may vanish with it."""
    h, w = page.shape[:2]
    small = cv2.resize(page, (max(8, w // 8), max(8, h // 8)), interpolation=cv2.INTER_AREA)
    ground = cv2.resize(cv2.medianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), 9), (w, h))
    flat = cv2.divide(page, ground, scale=255.0)
    low, high = rng.uniform(0, 60), rng.uniform(255 - 15 - 50 * severity, 252)
    table = np.clip((np.arange(256.0) - low) / (high - low), 0, 1) ** rng.uniform(0.9, 1.8) * 255
    return np.asarray(cv2.LUT(flat, table.astype(np.uint8)), np.uint8)


COPIERS: tuple[Machine, ...] = (screened, faxed, thermal, colour_copy)
SENSORS: tuple[Machine, ...] = (line_sensor, from_above, cleaned)


def recoded(page: Page, severity: float, rng: np.random.Generator) -> Page:
    """Through another codec than baseline JPEG: WebP, or JPEG twice at different grids."""
    quality = int(rng.uniform(88 - 60 * severity, 95))
    if rng.random() < 0.5:
        coded = cv2.imencode(".webp", page, [cv2.IMWRITE_WEBP_QUALITY, quality])[1]
        return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)
    y, x = rng.integers(1, 8, 2)
    for part in (page, page[y:, x:]):
        part[:] = jpeg(np.ascontiguousarray(part), quality)
    return page
