"""How ink gets from a plate to paper: three independent models, and the accidents that all stamps have.

``severity`` 0 is a fresh pad and a steady hand, 1 is the worst that still leaves a trace.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.pagegen.masks import Mask
from tools.pagegen.noise import field

Plane = NDArray[np.floating]
InkModel = Callable[[Mask, float, float, np.random.Generator], Mask]


def _sigmoid(x: Plane) -> Plane:
    return 1 / (1 + np.exp(-np.clip(x, -30, 30)))


def pad_ink(mask: Mask, ppm: float, severity: float, rng: np.random.Generator) -> Mask:
    """A hand stamp from a pad: pressure varies over millimetres, the grain of the paper starves it."""
    press = 1 - severity * rng.uniform(0.1, 0.75) * _sigmoid(
        2 * field(mask.shape, rng.uniform(2, 9) * ppm, rng) - rng.uniform(-0.5, 1.5)
    )
    grain = _sigmoid(
        6
        * (
            field(mask.shape, rng.uniform(0.1, 0.35) * ppm, rng)
            + rng.uniform(2.6, 3.4)
            - severity * rng.uniform(0.8, 2.6)
        )
    )
    soft = cv2.GaussianBlur(mask, (0, 0), max(0.4, ppm * rng.uniform(0.03, 0.05 + 0.13 * severity)))
    return np.asarray(soft * press * grain, np.float32)


def rim_ink(mask: Mask, ppm: float, severity: float, rng: np.random.Generator) -> Mask:
    """Wet ink squeezed to the rims of the letters: strokes are pale inside, their edges dark and bleeding."""
    spread = max(0.5, ppm * rng.uniform(0.05, 0.09 + 0.12 * severity))
    blurred = cv2.GaussianBlur(mask, (0, 0), spread)
    rim = np.clip(blurred * (1.6 - blurred) * 1.7, 0, 1)
    body = blurred * rng.uniform(0.4, 0.9)
    blot = _sigmoid(3 * field(mask.shape, rng.uniform(0.5, 2.0) * ppm, rng) + rng.uniform(1.0, 3.0) - 2.4 * severity)
    inked = np.maximum(body, rim * rng.uniform(0.7, 1.0)) * (1 - severity * 0.6 * (1 - blot))
    return np.asarray(np.clip(inked, 0, 1), np.float32)


def print_ink(mask: Mask, ppm: float, severity: float, rng: np.random.Generator) -> Mask:
    """A printed mark (dấu in sẵn): even, dithered or banded, sharp."""
    even = np.asarray(cv2.GaussianBlur(mask, (0, 0), max(0.35, ppm * rng.uniform(0.015, 0.05))), np.float32)
    if rng.random() < 0.5:
        dots = _sigmoid(4 * field(mask.shape, 1.0, rng) + 4 - 3.2 * severity)
        even = np.asarray(even * dots, np.float32)
    if rng.random() < 0.3 * severity:
        rows = 1 - 0.6 * (np.sin(np.arange(mask.shape[0]) / ppm * rng.uniform(3, 12) + rng.uniform(0, 6)) > 0.6)
        even = even * rows[:, None].astype(np.float32)
    return even


def pen_ink(mask: Mask, ppm: float, severity: float, rng: np.random.Generator) -> Mask:
    """Ball-point, fountain pen, felt tip or pencil."""
    soft = cv2.GaussianBlur(mask, (0, 0), max(0.35, ppm * rng.uniform(0.02, 0.07)))
    skip = _sigmoid(5 * (field(mask.shape, rng.uniform(0.15, 0.8) * ppm, rng) + 2.4 - 1.8 * severity))
    return np.asarray(soft * skip * (1 - 0.4 * severity * rng.random()), np.float32)


def accidents(mask: Mask, ppm: float, severity: float, rng: np.random.Generator) -> Mask:
    """Doubled, half pressed, broken, smeared, over-inked; each about as often as the severity says."""
    h, w = mask.shape
    chance = 0.04 + 0.24 * severity
    if rng.random() < chance:  # bounced: a paler second impression
        dx, dy = rng.normal(0, 0.7 * ppm, 2)
        move = np.array([[1, rng.normal(0, 0.01), dx], [rng.normal(0, 0.01), 1, dy]], np.float32)
        ghost = np.asarray(cv2.warpAffine(mask, move, (w, h)), np.float32)
        mask = np.maximum(mask, ghost * rng.uniform(0.25, 0.95))
    if rng.random() < chance:  # one side or end of the stamp did not touch
        angle = rng.choice((0, np.pi / 2, np.pi, -np.pi / 2)) + rng.normal(0, 0.4)
        ys, xs = np.mgrid[0:h, 0:w].astype(np.float32)
        along = ((xs / w - 0.5) * np.cos(angle) + (ys / h - 0.5) * np.sin(angle)) * 2
        edge = rng.uniform(0.9 - 1.1 * severity, 1.0)
        mask = mask * np.maximum(_sigmoid((edge - along) * rng.uniform(4, 14)), rng.uniform(0, 0.35)).astype(np.float32)
    if rng.random() < chance:  # hair, fold or dirt on the rubber
        hole = np.ones((h, w), np.float32)
        for _ in range(int(rng.integers(1, 4))):
            a, b = rng.uniform((0, 0), (w, h)), rng.uniform((0, 0), (w, h))
            cv2.line(
                hole,
                (int(a[0]), int(a[1])),
                (int(b[0]), int(b[1])),
                rng.uniform(0, 0.4),
                max(1, round(rng.uniform(0.2, 1.1) * ppm)),
                cv2.LINE_AA,
            )
        mask = mask * hole
    if rng.random() < chance * 0.7:  # worn patches
        worn = _sigmoid(
            4 * (field(mask.shape, rng.uniform(1.0, 4.0) * ppm, rng) + rng.uniform(1.6, 2.4) - 1.7 * severity)
        )
        mask = mask * np.maximum(worn, 0.08)
    if rng.random() < chance * 0.6:  # slid while pressed
        reach = max(1, round(rng.uniform(0.2, 0.8) * ppm))
        kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
        d = rng.normal(0, 1, 2)
        d = d / (np.hypot(*d) + 1e-6) * reach
        cv2.line(kernel, (reach, reach), (round(reach + d[0]), round(reach + d[1])), 1.0, 1)
        mask = np.asarray(cv2.filter2D(mask, -1, kernel / kernel.sum()), np.float32)
        mask = np.asarray(mask / max(0.3, float(mask.max())), np.float32)
    if rng.random() < chance * 0.5:  # over-inked: letters fill up
        fat = cv2.dilate(mask, np.ones((3, 3), np.uint8), iterations=max(1, round(0.12 * ppm * (0.5 + severity))))
        mask = np.asarray(cv2.GaussianBlur(fat, (0, 0), max(0.5, 0.08 * ppm)), np.float32)
    if rng.random() < chance * 0.5:  # the edge of the rubber block printed too
        y, x = int(rng.uniform(0, 1.5 * ppm)), int(rng.uniform(0, 1.5 * ppm))
        cv2.line(
            mask,
            (x, y),
            (w - x, y + int(rng.normal(0, ppm / 3))),
            rng.uniform(0.2, 0.8),
            max(1, round(0.3 * ppm)),
            cv2.LINE_AA,
        )
    return mask


STAMP_INKS: tuple[InkModel, ...] = (pad_ink, rim_ink)


def colour(rng: np.random.Generator, family: str | None = None) -> tuple[float, float, float]:
    """An ink colour, BGR 0..255. Families: red, dark_red, pink, brown, violet, blue, black, green."""
    family = family or str(
        rng.choice(
            ("red", "dark_red", "pink", "brown", "violet", "blue", "black", "green"),
            p=(0.5, 0.13, 0.07, 0.06, 0.07, 0.06, 0.1, 0.01),
        )
    )
    bgr = {
        "red": (45, 40, 215),
        "dark_red": (45, 35, 150),
        "pink": (130, 110, 230),
        "brown": (50, 75, 130),
        "violet": (150, 50, 120),
        "blue": (165, 70, 40),
        "black": (35, 35, 35),
        "green": (60, 120, 40),
    }[family]
    blue, green, red = (float(np.clip(c + rng.normal(0, 18), 0, 250)) for c in bgr)
    return blue, green, red
