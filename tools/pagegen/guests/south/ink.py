"""What happens between a cut plate and the paper: too little ink, too much, a slipping hand, a thirsty sheet."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator

from tools.pagegen.guests.south.canvas import Colour, clouds, grit
from tools.pagegen.masks import Mask

REDS: tuple[Colour, ...] = (
    (0.22, 0.16, 0.80), (0.30, 0.25, 0.72), (0.18, 0.12, 0.62), (0.20, 0.14, 0.46), (0.36, 0.38, 0.82),
    (0.16, 0.30, 0.86), (0.42, 0.22, 0.78), (0.24, 0.28, 0.58),
)  # fmt: skip
"""Vermilion, brick, carmine, blackish, salmon, orange, pink, rusted."""
VIOLETS: tuple[Colour, ...] = ((0.58, 0.20, 0.42), (0.62, 0.30, 0.50), (0.46, 0.18, 0.30))
BLUES: tuple[Colour, ...] = ((0.62, 0.34, 0.16), (0.50, 0.25, 0.14), (0.55, 0.42, 0.25))
BLACKS: tuple[Colour, ...] = ((0.10, 0.10, 0.12), (0.24, 0.22, 0.22), (0.20, 0.24, 0.30))
PENS: tuple[Colour, ...] = ((0.50, 0.22, 0.12), (0.16, 0.14, 0.14), (0.42, 0.30, 0.16), (0.20, 0.30, 0.42),
                            (0.48, 0.16, 0.34), (0.22, 0.16, 0.72))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Press:
    """One impression.

    Attributes:
        film: how much ink lies where it lies at all, 0..1.
        starve: how much of the face took no ink.
        tilt: how far one side was not pressed.
        rim: ink squeezed to the edges.
        double: millimetres of a second touch.
        smear: millimetres of a drag.
        bleed: millimetres that the ink crept along the fibres.
        chips: pieces broken out of the plate.
        lint: dirt and grease on the face that left holes.
    """

    film: float
    starve: float
    tilt: float
    rim: float
    double: float
    smear: float
    bleed: float
    chips: int
    lint: float


def any_press(rng: Generator, trouble: float) -> Press:
    """An impression as bad as ``trouble`` 0..1 lets it be; each has two or three faults, not all."""
    fault = rng.random(7) < (0.12 + 0.38 * trouble)
    amount = rng.uniform(0.3, 1.0, 7) * trouble * fault
    return Press(
        film=float(rng.uniform(0.92 - 0.42 * trouble, 1.0)),
        starve=float(0.04 + 0.1 * trouble + 0.42 * amount[0]),
        tilt=float(min(0.72, 0.85 * amount[1])),
        rim=float(rng.uniform(0, 0.7)),
        double=float(0.75 * amount[2]),
        smear=float(2.2 * amount[3]),
        bleed=float(0.03 + 0.16 * amount[4]),
        chips=int(7 * amount[5]),
        lint=float(0.5 * amount[6]),
    )


def pressed(plate: Mask, press: Press, rng: Generator, scale: float) -> Mask:
    """The plate as it prints; ``scale`` is pixels a millimetre."""
    shape = (plate.shape[0], plate.shape[1])
    ink = _chipped(plate, press.chips, rng, scale)
    if press.bleed > 0.04:
        ink = _crept(ink, press.bleed, rng, scale)
    if press.rim > 0.3:
        inside = cv2.GaussianBlur(ink, (0, 0), 0.16 * scale)
        ink = np.asarray(ink * (1.0 - 0.55 * press.rim * inside**2), np.float32)
    hunger = (
        clouds(rng, shape, 2.6 * scale) * 0.5 + clouds(rng, shape, 0.55 * scale) * 0.6 + 0.45 * grit(rng, shape, 0.9)
    )
    cover = 1 / (1 + np.exp(-(hunger - _quantile_of(press.starve)) * 4))
    ink = np.asarray(ink * (0.12 + 0.88 * cover), np.float32)
    if press.tilt > 0:
        ink *= _ramp(shape, press.tilt, rng)
    if press.lint > 0:
        ink *= (clouds(rng, shape, 0.9 * scale) < 2.6 - 2.2 * press.lint).astype(np.float32)
    if press.double > 0.1:
        turn = rng.uniform(0, 2 * np.pi)
        move = np.array([[1, 0, np.cos(turn)], [0, 1, np.sin(turn)]]) * [1, 1, press.double * scale]
        ghost = cv2.warpAffine(ink, move, shape[::-1])
        ink = np.maximum(ink, ghost * np.float32(rng.uniform(0.35, 0.85)))
    if press.smear > 0.3:
        ink = _dragged(ink, press.smear * scale, rng)
    return np.asarray(np.clip(ink * press.film, 0, 1), np.float32)


def _quantile_of(share: float) -> float:
    """Where a bell of deviation 0.8 is cut so that ``share`` lies below, nearly."""
    return 0.8 * float(np.clip(4.91 * (share**0.14 - (1 - share) ** 0.14), -2.5, 1.5))


def _chipped(plate: Mask, chips: int, rng: Generator, scale: float) -> Mask:
    broken = plate.copy()
    h, w = plate.shape
    for _ in range(chips):
        edge = rng.random() < 0.7
        x = float(rng.uniform(0, w))
        y = float(rng.choice([0.08, 0.92])) * h if edge else float(rng.uniform(0, h))
        size = rng.uniform(0.3, 1.4, 2) * scale
        cv2.ellipse(broken, ((x, y), (float(size[0]) * 2, float(size[1]) * 1.4), float(rng.uniform(0, 180))), 0.0, -1)
    return broken


def _crept(ink: Mask, far: float, rng: Generator, scale: float) -> Mask:
    soft = cv2.GaussianBlur(ink, (0, 0), max(0.6, far * scale))
    fibres = cv2.GaussianBlur(grit(rng, (ink.shape[0], ink.shape[1])), (0, 0), 1.0 + far * scale, sigmaY=0.7) * 1.4
    return np.asarray(np.maximum(ink * 0.85, np.clip((soft - 0.28 + 0.25 * fibres) * 2.6, 0, 1)), np.float32)


def _ramp(shape: tuple[int, int], depth: float, rng: Generator) -> Mask:
    turn = rng.uniform(0, 2 * np.pi)
    y, x = np.ogrid[-0.5 : 0.5 : shape[0] * 1j, -0.5 : 0.5 : shape[1] * 1j]
    along = np.cos(turn) * x + 0.6 * np.sin(turn) * y + float(rng.uniform(-0.15, 0.2))
    return np.asarray(1 - depth / (1 + np.exp(-along * 9)), np.float32)


def _dragged(ink: Mask, far: float, rng: Generator) -> Mask:
    size = max(3, int(far)) | 1
    kernel = np.zeros((size, size), np.float32)
    end = np.array([np.cos(a := rng.uniform(0, 2 * np.pi)), np.sin(a)]) * size / 2 + size // 2
    cv2.line(kernel, (size // 2, size // 2), (int(end[0]), int(end[1])), 1.0, 1)
    trail = cv2.filter2D(ink, -1, kernel / kernel.sum())
    return np.asarray(np.maximum(ink * 0.9, trail * np.float32(rng.uniform(0.4, 0.8))), np.float32)
