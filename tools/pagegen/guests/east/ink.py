"""What ink does between plate and paper: it fails, doubles, bleeds, smears, and soaks into the sheet."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from tools.pagegen.guests.east.dice import Bgr, Dice, Matrix, Pixels, blurred, mask_of, pixels_of
from tools.pagegen.masks import Mask

REDS: tuple[Bgr, ...] = ((45, 40, 205), (60, 50, 190), (38, 32, 225), (80, 60, 200), (50, 60, 165), (92, 96, 190))
DARK: tuple[Bgr, ...] = ((120, 55, 40), (95, 45, 75), (110, 40, 95), (40, 38, 38), (70, 62, 60))
PENS: tuple[Bgr, ...] = ((150, 60, 30), (120, 45, 25), (35, 32, 30), (110, 70, 60), (40, 35, 170))


@dataclass(frozen=True, slots=True)
class Harm:
    """What goes wrong with one impression, each 0 (nothing) to 1 (as bad as it gets).

    Attributes:
        pale: thin ink everywhere.
        starved: grains without ink.
        broken: pieces of the rubber gone.
        tilted: pressed on one side only.
        doubled: bounced, two impressions.
        bled: spread into the paper.
        smeared: wiped while wet.
    """

    pale: float = 0.0
    starved: float = 0.0
    broken: float = 0.0
    tilted: float = 0.0
    doubled: float = 0.0
    bled: float = 0.0
    smeared: float = 0.0


def harm(strain: float, dice: Dice) -> Harm:
    """An impression by an ordinary clerk: a little of everything, and one or two faults that show."""
    base = dict.fromkeys(("pale", "starved", "broken", "tilted", "doubled", "bled", "smeared"), 0.0)
    for fault in base:
        base[fault] = dice.uniform(0, 0.22) * strain if fault not in ("doubled", "smeared") else 0.0
    for fault in dice.sample(sorted(base), dice.weighed(((0, 1 - strain), (1, 0.6), (2, strain)))):
        base[fault] = dice.uniform(0.4, 1.0) * strain
    return Harm(**base)


def impressed(mask: Mask, per_mm: float, ills: Harm, dice: Dice) -> Mask:
    """The ink on the paper, 0..1, that the plate leaves."""
    ink = mask
    shape = (mask.shape[0], mask.shape[1])
    if ills.broken > 0.05:
        gone = dice.noise(shape, 2.2 * per_mm)
        ink = ink * (1 - np.clip((gone - 0.94 + 0.26 * ills.broken) * 12, 0, 1))
    if ills.bled > 0.05:
        ink = np.clip(blurred(mask_of(ink), (0.08 + 0.16 * ills.bled) * per_mm) * (1.5 + ills.bled), 0, 1)
    if ills.doubled > 0.05:
        shift = np.array([[1, 0, dice.uniform(-0.9, 0.9) * per_mm], [0, 1, dice.uniform(-0.9, 0.9) * per_mm]])
        ghost = cv2.warpAffine(mask_of(ink), shift, shape[::-1])
        ink = np.maximum(ink, ghost * (0.25 + 0.5 * ills.doubled))
    if ills.smeared > 0.05:
        length = max(2, round(ills.smeared * 3.5 * per_mm))
        kernel = np.linspace(1, 0, length, dtype=np.float32)[None]
        wiped = cv2.filter2D(mask_of(ink), -1, kernel / kernel.sum())
        ink = np.maximum(ink * (1 - 0.25 * ills.smeared), wiped * (0.8 + 0.4 * ills.smeared))
    rim = np.clip(ink - blurred(mask_of(ink), 0.22 * per_mm), 0, 1)
    pad = 0.8 + 0.35 * (dice.noise(shape, 3 * per_mm) - 0.5)
    ink = ink * pad + 0.35 * rim
    ink = ink * np.clip(1.25 - _grains(shape, per_mm, ills.starved, dice), 0.05, 1)
    if ills.tilted > 0.05:
        ink = ink * _slope(shape, ills.tilted, dice)
    return mask_of(np.clip(ink * (1 - 0.62 * ills.pale), 0, 1))


def _grains(shape: tuple[int, int], per_mm: float, starved: float, dice: Dice) -> Mask:
    grain = 0.55 * dice.noise(shape, 0.22 * per_mm) + 0.45 * dice.noise(shape, 0.9 * per_mm)
    return mask_of(np.clip((grain - 0.78 + 0.4 * starved) * 7, 0, 1) * (0.35 + 0.75 * starved))


def _slope(shape: tuple[int, int], much: float, dice: Dice) -> Mask:
    across = np.linspace(-1, 1, shape[1], dtype=np.float32)[None]
    down = np.linspace(-1, 1, shape[0], dtype=np.float32)[:, None]
    angle = dice.uniform(0, 2 * np.pi)
    field = across * np.cos(angle) + down * np.sin(angle)
    return mask_of(np.clip(0.78 - 0.55 * much * (field + 0.25), 0.16, 1))


def pressed(page: Pixels, ink: Mask, colour: Bgr, onto: Matrix, under: Mask | None = None) -> None:
    """Lay ink on the page under the affine map, in place; ``under`` is what lies over the ink and hides it."""
    high, wide = ink.shape[:2]
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float64) @ onto[:, :2].T + onto[:, 2]
    x0, y0 = np.maximum(np.floor(corners.min(0)).astype(int) - 1, 0)
    x1, y1 = np.minimum(np.ceil(corners.max(0)).astype(int) + 2, (page.shape[1], page.shape[0]))
    if x1 <= x0 or y1 <= y0:
        return
    local = onto.copy()
    local[:, 2] -= (x0, y0)
    scale = float(np.sqrt(abs(np.linalg.det(onto[:, :2]))))
    fine = blurred(ink, 0.42 / scale) if scale < 0.85 else ink
    laid = mask_of(cv2.warpAffine(fine, local, (int(x1 - x0), int(y1 - y0))))
    if under is not None:
        laid = laid * (1 - under[y0:y1, x0:x1])
    spot = page[y0:y1, x0:x1].astype(np.float32)
    pigment = np.array(colour, np.float32) / 255
    thick = laid[..., None]
    veil = spot * (1 - thick * (1 - pigment))
    page[y0:y1, x0:x1] = pixels_of(veil + thick**3 * 0.12 * (255 * pigment - veil))
