"""What hands do to a page on a desk: press marks, sign, jot, highlight, punch."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.pagegen.drawn import Plate
from tools.pagegen.noise import field

Page = NDArray[np.uint8]
Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Pressed:
    """A mark on the page: the plate's ideal mask and where its outer corners came to lie (pixels)."""

    plate: Plate
    quad: NDArray[np.float64]


def stain(page: Page, density: NDArray[np.float32], x: int, y: int, ink: Colour, strength: float) -> None:
    """Multiply ink into the page in place: ``density`` 0..1 with its top left at (x, y)."""
    h, w = density.shape
    x1, y1, x2, y2 = max(x, 0), max(y, 0), min(x + w, page.shape[1]), min(y + h, page.shape[0])
    if x2 <= x1 or y2 <= y1:
        return
    d = density[y1 - y : y2 - y, x1 - x : x2 - x]
    factor = cv2.merge([cv2.addWeighted(d, strength * (c / 255 - 1), d, 0, 1.0) for c in ink])
    cv2.multiply(
        np.ascontiguousarray(page[y1:y2, x1:x2]),
        factor,
        dst=(out := np.empty(factor.shape, np.uint8)),
        dtype=cv2.CV_8U,
    )
    page[y1:y2, x1:x2] = out


def press(
    page: Page,
    plate: Plate,
    inked: NDArray[np.float32],
    plate_ppm: float,
    ppm: float,
    centre: tuple[float, float],
    angle: float,
    ink: Colour,
    strength: float,
) -> Pressed:
    """Press an inked plate on the page: middle at ``centre`` (mm), ``angle`` degrees counter-clockwise."""
    h, w = inked.shape
    scale = ppm / plate_ppm
    turn = np.asarray(cv2.getRotationMatrix2D((w / 2, h / 2), angle, scale), np.float64)
    cos, sin = abs(turn[0, 0]), abs(turn[0, 1])
    out_w, out_h = int(w * cos + h * sin) + 3, int(w * sin + h * cos) + 3
    turn[:, 2] += (out_w / 2 - w / 2, out_h / 2 - h / 2)
    if scale < 0.8:
        inked = np.asarray(cv2.GaussianBlur(inked, (0, 0), 0.35 / scale), np.float32)
    patch = np.asarray(cv2.warpAffine(inked, turn, (out_w, out_h), flags=cv2.INTER_LINEAR), np.float32)
    x, y = round(centre[0] * ppm - out_w / 2), round(centre[1] * ppm - out_h / 2)
    stain(page, patch, x, y, ink, strength)
    quad = plate.quad @ turn[:, :2].T + turn[:, 2] + (x, y)
    return Pressed(plate, quad)


def elastic(mask: NDArray[np.float32], ppm: float, amount_mm: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """Bend a mask as soft rubber or a hand would."""
    h, w = mask.shape
    feature = rng.uniform(4, 14) * ppm
    xs, ys = np.meshgrid(np.arange(w, dtype=np.float32), np.arange(h, dtype=np.float32))
    to_x = xs + field(mask.shape, feature, rng) * amount_mm * ppm * 0.5
    to_y = ys + field(mask.shape, feature, rng) * amount_mm * ppm * 0.5
    return np.asarray(cv2.remap(mask, to_x, to_y, cv2.INTER_LINEAR), np.float32)


def signature(rng: np.random.Generator, ppm: float, width_mm: float) -> NDArray[np.float32]:
    """A signature (chữ ký): a few fast loops."""
    n = int(rng.integers(5, 14))
    xs = np.cumsum(rng.uniform(-0.4, 1.0, n)) + rng.normal(0, 0.4, n)
    ys = rng.normal(0, 0.5, n) * rng.uniform(0.6, 2.0)
    t, fine = np.arange(n), np.linspace(0, n - 1, n * 14)
    smooth = np.ones(9) / 9
    px = np.convolve(np.interp(fine, t, xs), smooth, "valid")
    py = np.convolve(np.interp(fine, t, ys), smooth, "valid")
    px, py = px - px.min(), py - py.min()
    scale = width_mm * ppm / max(px.max(), 1e-3)
    px, py = px * scale, np.minimum(py * scale, width_mm * ppm)
    canvas = np.zeros((int(py.max()) + 9, int(px.max()) + 9), np.float32)
    points = np.round((np.stack((px, py), 1) + 4) * 8).astype(np.int32)
    cv2.polylines(canvas, [points], False, 1.0, max(1, round(rng.uniform(0.2, 0.7) * ppm)), cv2.LINE_AA, 3)
    return canvas


def pen_ring(page: Page, ppm: float, centre: tuple[float, float], rng: np.random.Generator) -> None:
    """A pen's ring, box or underline around words that are no mark (khoanh, gạch chân bằng bút)."""
    tone = ((40, 40, 200), (160, 60, 40), (40, 40, 40))[int(rng.integers(3))]
    rx, ry, thick = (
        rng.uniform(6, 35) * ppm,
        rng.uniform(2.5, 9) * ppm,
        max(1, round(rng.uniform(0.2, 0.6) * ppm)),
    )
    x, y = centre[0] * ppm, centre[1] * ppm
    pick = rng.random()
    if pick < 0.4:
        t = np.linspace(0, 2 * np.pi * rng.uniform(0.9, 1.2), 40)
        path = np.stack((x + np.cos(t) * rx, y + np.sin(t) * ry), 1) * (1 + rng.normal(0, 0.002, (40, 1)))
    elif pick < 0.6:
        corners = np.array([x, y]) + np.array([(-rx, -ry), (rx, -ry), (rx, ry), (-rx, ry), (-rx, -ry)])
        path = corners + rng.normal(0, 0.5 * ppm, corners.shape)
    else:
        path = np.array([(x - rx, y), (x, y + rng.normal(0, ppm / 2)), (x + rx, y + rng.normal(0, ppm))])
    cv2.polylines(page, [np.round(path).astype(np.int32)], False, tone, thick, cv2.LINE_AA)


def picture(page: Page, ppm: float, rng: np.random.Generator) -> None:
    """A photograph, a halftone or a bar code printed on the page."""
    h, w = page.shape[:2]
    pw, ph = int(rng.uniform(15, 120) * ppm), int(rng.uniform(12, 90) * ppm)
    x, y = int(rng.uniform(0, max(1, w - pw))), int(rng.uniform(0, max(1, h - ph)))
    view = page[y : y + ph, x : x + pw]
    if rng.random() < 0.25:
        bars = (rng.random(view.shape[1] // 3 + 1) < 0.5).repeat(3)[: view.shape[1]]
        view[: max(1, round(10 * ppm))] = np.where(bars[None, :, None], 20, 250)
        return
    channels = [
        field(view.shape[:2], rng.choice((8, 20, 64, 128)), rng) * rng.uniform(20, 70) + rng.uniform(60, 190)
        for _ in range(3)
    ]
    if rng.random() < 0.5:
        channels = [channels[0]] * 3
    if rng.random() < 0.3:
        channels = [np.where(c + field(c.shape, 2, rng) * 50 > 128, 240, 30).astype(np.float32) for c in channels]
    view[:] = np.clip(cv2.merge([np.ascontiguousarray(c, np.float32) for c in channels]), 0, 255).astype(np.uint8)


def highlight(page: Page, ppm: float, centre: tuple[float, float], rng: np.random.Generator) -> None:
    """A stroke of a highlighter (bút dạ quang) across ``centre`` (mm)."""
    width, high = rng.uniform(15, 60) * ppm, rng.uniform(3, 7) * ppm
    density = np.ones((round(high), round(width)), np.float32) * rng.uniform(0.5, 1.0)
    ink = {0: (120, 255, 255), 1: (150, 255, 150), 2: (220, 160, 255), 3: (130, 200, 255)}[int(rng.integers(4))]
    stain(page, density, round(centre[0] * ppm - width / 2), round(centre[1] * ppm - high / 2), ink, 1.0)


def punch(page: Page, ppm: float, rng: np.random.Generator) -> None:
    """Punch holes, staples, a paper clip or a fold."""
    h, w = page.shape[:2]
    pick = rng.random()
    if pick < 0.5:
        x = round(rng.uniform(6, 12) * ppm)
        for y in (h // 2 - round(40 * ppm), h // 2 + round(40 * ppm)):
            cv2.circle(
                page,
                (x, y),
                round(3 * ppm),
                tuple(int(v) for v in [rng.choice((30, 120, 255))] * 3),
                -1,
                cv2.LINE_AA,
            )
    elif pick < 0.8:
        y = int(rng.uniform(0.2, 0.8) * h)
        cv2.line(
            page,
            (0, y),
            (w, y + int(rng.normal(0, 4))),
            tuple(int(v) for v in [rng.integers(150, 235)] * 3),
            max(1, round(0.3 * ppm)),
            cv2.LINE_AA,
        )
    else:
        x, y = rng.uniform(0, w * 0.2), rng.uniform(0, h * 0.05)
        cv2.line(
            page,
            (int(x), int(y)),
            (int(x + 8 * ppm), int(y + rng.normal(0, 2 * ppm))),
            (90, 90, 90),
            max(1, round(0.5 * ppm)),
            cv2.LINE_AA,
        )


def paper(width: int, height: int, rng: np.random.Generator) -> Page:
    """An empty sheet: white, cream, grey, pink or brown with age, with its own texture."""
    base = np.array(
        [
            (252, 253, 253),
            (235, 245, 250),
            (225, 228, 230),
            (190, 215, 230),
            (205, 200, 240),
            (215, 235, 215),
            (160, 195, 220),
        ],
        np.float32,
    )[rng.choice(7, p=(0.6, 0.14, 0.1, 0.06, 0.03, 0.03, 0.04))] + rng.normal(0, 4, 3)
    page: Page = np.empty((height, width, 3), np.uint8)
    page[:] = np.clip(base, 0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        shade = field((height, width), rng.choice((3, 20, 64, 128)), rng) * rng.uniform(0.5, 6)
        page = np.asarray(cv2.add(page, cv2.merge([shade] * 3), dtype=cv2.CV_8U), np.uint8)
    return page
