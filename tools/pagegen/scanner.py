"""Copiers and scanners for training: what happens to a page between the clerk's desk and our pixels.

Every function takes and returns ``(h, w, 3)`` BGR uint8 and keeps the page's own geometry, except
``lay_on_glass``.
"""

from __future__ import annotations

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from tools.pagegen.noise import field

Page = NDArray[np.uint8]


def _curve(page: Page, table: NDArray[np.float64]) -> Page:
    return np.asarray(cv2.LUT(page, np.clip(table, 0, 255).astype(np.uint8)), np.uint8)


def photocopy(page: Page, ppm: float, severity: float, rng: np.random.Generator) -> Page:
    """One generation of a photocopier (bản photocopy): grey, hard contrast, specks, streaks, a dark edge."""
    weights = rng.dirichlet((2.0, 4.0, 2.0))
    if rng.random() < 0.2:  # a copier lamp blind to red
        weights = np.array([0.05, 0.15, 0.8])
    grey = np.asarray(cv2.transform(page, weights[None].astype(np.float32)), np.uint8)
    if grey.ndim == 3:
        grey = grey[..., 0]
    if rng.random() < 0.7:
        sigma = max(0.3, ppm * rng.uniform(0.02, 0.06 + 0.05 * severity))
        grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), sigma), np.uint8)
    x = np.arange(256.0)
    mid, steep = rng.uniform(120, 200), rng.uniform(1.2, 2.2 + 5 * severity)
    grey = _curve(grey, 255 / (1 + np.exp(-(x - mid) / 255 * 4 * steep)) * 1.03)
    if rng.random() < 0.6:
        specks = field(grey.shape, 1.5, rng) > rng.uniform(2.6, 4.0 - 0.6 * severity)
        grey = np.where(specks, rng.integers(0, 120), grey).astype(np.uint8)
    if rng.random() < 0.35:
        x0 = int(rng.integers(grey.shape[1]))
        thick = max(1, round(ppm * rng.uniform(0.1, 0.6)))
        grey[:, x0 : x0 + thick] = (grey[:, x0 : x0 + thick] * rng.uniform(0.3, 0.9)).astype(np.uint8)
    if rng.random() < 0.3:
        edge = np.abs(np.linspace(-1, 1, grey.shape[1])) ** 12 * rng.uniform(60, 220)
        grey = np.clip(grey.astype(np.int16) - edge.astype(np.int16)[None], 0, 255).astype(np.uint8)
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(grey), cv2.COLOR_GRAY2BGR), np.uint8)


def lay_on_glass(page: Page, ppm: float, angle: float, rng: np.random.Generator) -> tuple[Page, NDArray[np.float64]]:
    """Turn by a few degrees and shift, with the bed showing; also returns the 2x3 map of points."""
    h, w = page.shape[:2]
    move = np.asarray(cv2.getRotationMatrix2D((w / 2, h / 2), angle, rng.uniform(0.97, 1.02)), np.float64)
    move[:, 2] += rng.normal(0, 1.5 * ppm, 2)
    move[0, 1] += rng.normal(0, 0.002)
    bed = int(rng.choice((255, 250, 235, 200, 128, 40, 5)))
    out = cv2.warpAffine(
        page,
        move,
        (w, h),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(bed, bed, bed),
    )
    return np.asarray(out, np.uint8), move


def sense(page: Page, ppm: float, severity: float, rng: np.random.Generator) -> Page:
    """Optics and sensor: blur, light fall-off, cast, noise, gamma, clipping, sharpening."""
    if rng.random() < 0.75:
        sigma = max(0.3, ppm * rng.uniform(0.015, 0.03 + 0.06 * severity))
        page = np.asarray(cv2.GaussianBlur(page, (0, 0), sigma), np.uint8)
    if rng.random() < 0.4:
        h, w = page.shape[:2]
        fall = cv2.resize(
            rng.uniform(1 - 0.28 * severity, 1.02, (3, 3)).astype(np.float32),
            (w, h),
            interpolation=cv2.INTER_CUBIC,
        )
        page = np.asarray(cv2.multiply(page, cv2.merge([fall] * 3), dtype=cv2.CV_8U), np.uint8)
    x = np.arange(256.0) / 255
    tables = []
    gamma, low, high = (
        np.exp(rng.normal(0, 0.1 + 0.3 * severity)),
        rng.uniform(0, 60 * severity),
        rng.uniform(255 - 30 * severity, 275),
    )
    for _ in range(3):
        tables.append(low + (high - low) * x ** (gamma * np.exp(rng.normal(0, 0.05))) + rng.normal(0, 3 + 4 * severity))
    table = np.clip(np.stack(tables, -1), 0, 255).astype(np.uint8).reshape(1, 256, 3)
    page = np.asarray(cv2.LUT(page, table), np.uint8)
    if rng.random() < 0.7:
        level = rng.uniform(1, 4 + 16 * severity)
        grain = field(page.shape, rng.choice((1.0, 1.0, 2.0)), rng) * level
        if rng.random() < 0.6:
            noise = cv2.merge([grain] * 3)
        else:
            noise = cv2.merge([grain, np.roll(grain, 37, 0), np.roll(grain, 91, 1)])
        page = np.asarray(cv2.add(page, noise, dtype=cv2.CV_8U), np.uint8)
    if rng.random() < 0.35:
        page = sharpened(page, 1.0, rng.uniform(0.3, 1.4))
    return page


def sharpened(page: MatLike, sigma: float, amount: float) -> Page:
    """An unsharp mask: ``amount`` of what a blur of ``sigma`` pixels takes away is added."""
    soft = cv2.GaussianBlur(page, (0, 0), sigma)
    return np.asarray(cv2.addWeighted(page, 1 + amount, soft, -amount, 0), np.uint8)


def show_through(page: Page, behind: NDArray[np.float32], strength: float) -> Page:
    """Let the mirrored text of the other face shine through (hằn chữ mặt sau)."""
    ghost = cv2.GaussianBlur(behind[:, ::-1], (0, 0), 1.5)
    factor = 1 - strength * ghost
    return np.asarray(cv2.multiply(page, cv2.merge([factor] * 3), dtype=cv2.CV_8U), np.uint8)


def coarse(page: Page, share: float) -> Page:
    """A scan of a lower resolution, enlarged again."""
    h, w = page.shape[:2]
    small = cv2.resize(page, (round(w * share), round(h * share)), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (w, h), interpolation=cv2.INTER_CUBIC), np.uint8)


def to_grey(page: Page) -> Page:
    """A grey scan, kept in three equal channels."""
    return np.asarray(cv2.cvtColor(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR), np.uint8)


def to_bilevel(page: Page, rng: np.random.Generator) -> Page:
    """A black-and-white scan: one threshold, a local threshold, or dithered."""
    grey = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    pick = rng.random()
    if pick < 0.5:
        out = np.where(grey > rng.uniform(120, 215), 255, 0)
    elif pick < 0.85:
        out = cv2.adaptiveThreshold(
            grey,
            255,
            cv2.ADAPTIVE_THRESH_MEAN_C,
            cv2.THRESH_BINARY,
            2 * int(rng.integers(7, 25)) + 1,
            rng.uniform(6, 25),
        )
    else:
        out = np.where(grey + field(grey.shape, 1.0, rng) * 40 > 140, 255, 0)
    return np.asarray(cv2.cvtColor(out.astype(np.uint8), cv2.COLOR_GRAY2BGR), np.uint8)


def jpeg(page: Page, quality: int) -> Page:
    """Through JPEG and back."""
    coded = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)
