"""Old paper: pulp, onion skin, ruled ledgers, and what damp, worms and tape did to it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tools.pagegen.guests.south.canvas import Colour, clouds, grit
from tools.pagegen.masks import Mask

Picture = NDArray[np.float32]
STOCK: tuple[Colour, ...] = (
    (0.93, 0.95, 0.96), (0.86, 0.92, 0.95), (0.74, 0.85, 0.91), (0.60, 0.74, 0.84), (0.52, 0.66, 0.76),
    (0.80, 0.86, 0.86), (0.88, 0.87, 0.84), (0.78, 0.82, 0.90), (0.70, 0.83, 0.86), (0.62, 0.72, 0.76),
)  # fmt: skip
"""White, cream, straw, pulp, brown wrapping, greenish, bluish, pink, tan, dull straw."""


@dataclass(frozen=True, slots=True)
class Age:
    """What time did to one sheet.

    Attributes:
        stock: colour of the paper.
        fibre: how coarse the pulp is.
        rim: how far the edges are browned.
        foxing: number of brown specks.
        stains: number of water rings.
        folds: number of creases.
        worms: number of holes.
        torn: millimetres eaten off the edges.
        tape: strips of old tape.
    """

    stock: Colour
    fibre: float
    rim: float
    foxing: int
    stains: int
    folds: int
    worms: int
    torn: float
    tape: int


def any_age(rng: Generator, trouble: float) -> Age:
    """A sheet that aged as badly as ``trouble`` lets it."""
    fate = rng.random(7) < 0.15 + 0.4 * trouble
    last = 3 if trouble < 0.2 else len(STOCK)
    return Age(
        stock=STOCK[int(rng.integers(last))],
        fibre=float(rng.uniform(0.006, 0.012 + 0.03 * trouble)),
        rim=float(rng.uniform(0, 0.1 + 0.4 * trouble)),
        foxing=int(rng.integers(10, 90) * fate[0] * trouble),
        stains=int(rng.integers(1, 4) * fate[1] * (trouble > 0.2)),
        folds=int(rng.integers(1, 4) * fate[2]),
        worms=int(rng.integers(3, 22) * fate[3] * (trouble > 0.5)),
        torn=float(rng.uniform(0.4, 2 + 6 * trouble) * fate[4] * (trouble > 0.3)),
        tape=int(fate[5] and trouble > 0.3 and rng.random() < 0.6),
    )


def sheet_of(rng: Generator, shape: tuple[int, int], age: Age, scale: float) -> tuple[Picture, Mask]:
    """The bare sheet (blue, green, red, 0..1), and where there still is paper (1) or not (0)."""
    tone = clouds(rng, shape, 30 * scale) * 0.008 + grit(rng, shape, 0.8) * age.fibre
    if age.fibre > 0.02:
        tone += clouds(rng, shape, 0.7 * scale) * age.fibre * 0.5
    if age.rim > 0.05:
        tone -= _edge(shape, scale, clouds(rng, shape, 14 * scale)) * age.rim * 0.5
    for _ in range(age.folds):
        _crease(tone, rng, scale)
    for _ in range(age.stains):
        _water(tone, rng, scale)
    _specks(tone, rng, age.foxing, scale)
    tint = np.clip(-tone, 0, 0.5)
    picture = np.empty((*shape, 3), np.float32)
    for channel, (base, browning) in enumerate(zip(age.stock, (1.0, 0.45, 0.15), strict=True)):
        picture[..., channel] = (base + tone * 0.8) * (1 - browning * tint)
    for _ in range(age.tape):
        _taped(picture, rng, scale)
    return picture, _whole(rng, shape, age, scale)


def _edge(shape: tuple[int, int], scale: float, lumps: Mask) -> Mask:
    h, w = shape
    y, x = np.arange(h, dtype=np.float32), np.arange(w, dtype=np.float32)
    near: Mask = np.minimum(np.minimum(y, h - 1 - y)[:, None], np.minimum(x, w - 1 - x)[None])
    return np.asarray(np.exp(-near / (9 * scale) * (1 + 0.3 * lumps)).clip(0, 1), np.float32)


def _crease(tone: Mask, rng: Generator, scale: float) -> None:
    h, w = tone.shape
    across = rng.random() < 0.6
    length, at = (w, h) if across else (h, w)
    line = int(at * rng.choice([0.33, 0.5, 0.5, 0.66]) + rng.normal(0, 3 * scale))
    half = max(2, int(0.5 * scale))
    if not half < line < at - half:
        return
    bend = np.linspace(-1, 1, 2 * half, dtype=np.float32)
    profile = np.where(bend < 0, 0.07, -0.12) * (1 - np.abs(bend)) * rng.uniform(0.4, 1.3)
    rough = rng.uniform(0.5, 1.2, length)
    band = np.outer(profile, rough)
    view = tone[line - half : line + half] if across else tone[:, line - half : line + half].T
    view += band.astype(np.float32)


def _water(tone: Mask, rng: Generator, scale: float) -> None:
    h, w = tone.shape
    size = int(rng.uniform(25, 75) * scale)
    cx, cy = int(rng.uniform(-0.1, 1.1) * w), int(rng.uniform(-0.1, 1.1) * h)
    x0, y0, x1, y1 = max(cx - size, 0), max(cy - size, 0), min(cx + size, w), min(cy + size, h)
    if x1 - x0 < 8 or y1 - y0 < 8:
        return
    y, x = np.ogrid[y0:y1, x0:x1]
    far = np.hypot((x - cx) / size, (y - cy) / size) + 0.08 * clouds(rng, (y1 - y0, x1 - x0), 10 * scale)
    rim = np.exp(-(((far - 0.72) * 22) ** 2)) * 0.16 + (far < 0.72) * 0.045
    tone[y0:y1, x0:x1] -= (rim * rng.uniform(0.4, 1.4)).astype(np.float32)


def _specks(tone: Mask, rng: Generator, count: int, scale: float) -> None:
    if not count:
        return
    small = np.zeros((tone.shape[0] // 2, tone.shape[1] // 2), np.float32)
    for x, y, size in rng.random((count, 3)):
        centre = int(x * small.shape[1]), int(y * small.shape[0])
        cv2.circle(small, centre, max(1, int((0.15 + 1.1 * size**4) * scale / 2)), float(0.1 + 0.2 * size), -1)
    soft = cv2.GaussianBlur(small, (0, 0), 0.25 * scale)
    tone -= cv2.resize(soft, tone.shape[::-1])


def _taped(picture: Picture, rng: Generator, scale: float) -> None:
    h, w = picture.shape[:2]
    wide, long = int(rng.uniform(12, 20) * scale), int(rng.uniform(30, 90) * scale)
    dy, dx = (wide, long) if rng.random() < 0.5 else (long, wide)
    x, y = int(rng.uniform(-0.05, 0.95) * w), int(rng.uniform(-0.05, 0.95) * h)
    spot = picture[max(y, 0) : y + dy, max(x, 0) : x + dx]
    spot *= np.array([0.66, 0.86, 0.95], np.float32) * np.float32(rng.uniform(0.9, 1.02))
    spot[:2] *= 0.9
    spot[-2:] *= 0.92


def _whole(rng: Generator, shape: tuple[int, int], age: Age, scale: float) -> Mask:
    h, w = shape
    alpha = np.full(shape, 255, np.uint8)
    if age.torn:
        depth = age.torn * scale
        for side in range(4):
            count = 60
            bite = np.abs(np.cumsum(rng.normal(0, 0.35, count))) * 0.25 + rng.random(count) * 0.35
            bite = bite * depth * (rng.random() < 0.6)
            along = np.linspace(0, (w, h)[side % 2], count)
            edge = bite if side in (0, 3) else (h, w)[side % 2] - bite
            rows = np.stack([along, edge] if side % 2 == 0 else [edge, along], 1)
            far = -9 if side in (0, 3) else (h, w)[side % 2] + 9
            ends = np.array([[along[-1], far], [0, far]]) if side % 2 == 0 else np.array([[far, along[-1]], [far, 0]])
            cv2.fillPoly(alpha, [np.vstack([rows, ends]).astype(np.int32)], 0)
    track = rng.random(2) * [w, h]
    for _ in range(age.worms):
        track = (track + rng.normal(0, 14 * scale, 2)) % [w, h]
        size = rng.uniform(0.3, 1.3, 2) * scale
        cv2.ellipse(
            alpha,
            ((float(track[0]), float(track[1])), (float(size[0]), float(size[1] * 2)), float(rng.uniform(0, 180))),
            0,
            -1,
        )
    return np.asarray(alpha.astype(np.float32) / 255, np.float32)
