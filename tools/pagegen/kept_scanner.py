"""Copier and scanner of the style kept out: another make, another order of faults than ``scanner``."""

from __future__ import annotations

import io

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Page = NDArray[np.uint8]


def copier(page: Page, ppm: float, hard: float, rng: np.random.Generator) -> Page:
    """A laser copier: luminance, smooth step, toner loss in solids, background fog."""
    grey = page[..., 1] * 0.6 + page[..., 2] * 0.25 + page[..., 0] * 0.15
    low, high = rng.uniform(30, 110), rng.uniform(170, 250)
    t = np.clip((grey - low) / (high - low), 0, 1).astype(np.float32)
    t = t * t * (3 - 2 * t)
    loss = cv2.resize(
        rng.random((page.shape[0] // 3 + 1, page.shape[1] // 3 + 1)).astype(np.float32), page.shape[1::-1]
    )
    t = t + (1 - t) * loss * rng.uniform(0, 0.15 + 0.35 * hard)
    t = cv2.GaussianBlur(t, (0, 0), max(0.4, ppm * 0.05))
    if rng.random() < 0.5:
        t -= np.float32(rng.uniform(0.02, 0.12))
    h = t.shape[0]
    drum = 1 - rng.uniform(0, 0.15 * hard) * (np.sin(np.arange(h) / ppm / rng.uniform(3, 20)) > 0.9)
    return np.asarray(cv2.merge([np.clip(t * drum[:, None] * 255, 0, 255).astype(np.uint8)] * 3), np.uint8)


def lay(page: Page, hard: float, rng: np.random.Generator) -> tuple[Page, NDArray[np.float64]]:
    """On the glass: a turn, a keystone of a few pixels, the lid's grey; with the 3x3 map of points."""
    h, w = page.shape[:2]
    angle = np.radians(np.clip(rng.normal(0, 0.4 + 1.6 * hard), -5, 5))
    corners = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    centre = np.array([w / 2, h / 2])
    spin = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    moved = (corners - centre) @ spin.T + centre + rng.normal(0, 1 + 3 * hard, (4, 2)) + rng.normal(0, 6, 2)
    move = np.asarray(cv2.getPerspectiveTransform(corners, moved.astype(np.float32)), np.float64)
    lid = int(rng.choice((252, 240, 215, 160, 20)))
    out = cv2.warpPerspective(page, move, (w, h), flags=cv2.INTER_AREA, borderValue=(lid, lid, lid))
    return np.asarray(out, np.uint8), move


def sensor(page: Page, ppm: float, hard: float, rng: np.random.Generator) -> Page:
    """Point spread, light, colour matrix, shot noise, tone."""
    sigma = max(0.35, ppm * (0.03 + 0.06 * hard * rng.random()))
    page = np.asarray(cv2.GaussianBlur(page, (0, 0), sigma), np.uint8)
    matrix = np.eye(3) + rng.normal(0, 0.02 + 0.05 * hard, (3, 3))
    matrix /= matrix.sum(1, keepdims=True)
    light = np.linspace(1 - 0.2 * hard * rng.random(), 1, page.shape[1], dtype=np.float32)
    out = (
        cv2.transform(page, matrix.astype(np.float32)).astype(np.float32)
        * (light if rng.random() < 0.5 else light[::-1])[None, :, None]
    )
    noise = rng.standard_normal((page.shape[0] // 2 + 1, page.shape[1] // 2 + 1)).astype(np.float32)
    noise = np.asarray(cv2.resize(noise, page.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.float32)
    out += (noise * (1.5 + 9 * hard * rng.random()))[..., None]
    x = np.arange(256) / 255
    tone = 255 * (rng.uniform(0, 0.15 * hard) + (1 - rng.uniform(0, 0.1)) * x ** rng.uniform(0.75, 1.0 + 0.5 * hard))
    return np.asarray(cv2.LUT(np.clip(out, 0, 255).astype(np.uint8), np.clip(tone, 0, 255).astype(np.uint8)), np.uint8)


def grey(page: Page) -> Page:
    """A grey scan."""
    return np.asarray(cv2.merge([cv2.transform(page, np.array([[0.11, 0.59, 0.30]], np.float32))] * 3), np.uint8)


def bilevel(page: Page, rng: np.random.Generator) -> Page:
    """Black and white by Otsu or Sauvola-like thresholds."""
    one = np.ascontiguousarray(grey(page)[..., 0])
    if rng.random() < 0.5:
        _, out = cv2.threshold(one, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    else:
        mean = cv2.blur(one, (41, 41)).astype(np.int16)
        out = np.where(one > mean - rng.uniform(8, 22), 255, 0).astype(np.uint8)
    return np.asarray(cv2.merge([out] * 3), np.uint8)


def pressed(page: Page, quality: int) -> Page:
    """Through a JPEG encoder with halved colour."""
    store = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(page[..., ::-1])).save(store, "JPEG", quality=quality, subsampling=2)
    return np.ascontiguousarray(np.asarray(Image.open(store).convert("RGB"))[..., ::-1])
