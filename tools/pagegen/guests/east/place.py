"""Where marks stand: the places the norms give them, a clerk's habits, and what is already there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scanflow.stamps.marks import MarkKind
from tools.pagegen.guests.east.dice import Dice, Matrix
from tools.pagegen.masks import Mask
from tools.pagegen.norms import LEVELS

K = MarkKind
Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Anchors:
    """Points of a layout in mm: under the number (10a), beside the signer, and the middle of the title."""

    level: Spot
    signer: Spot
    title: Spot


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What a mark may fall on: print per square millimetre, and the marks already there ``(x, y, half sizes)``."""

    print_mm: Mask
    taken: tuple[tuple[float, float, float, float], ...]


def _spots(kind: MarkKind, anchors: Anchors, wide: float, high: float, dice: Dice) -> list[Spot]:
    x, y = anchors.level
    corner_left, corner_right = (dice.uniform(30, 55), dice.uniform(10, 22)), (wide - 48, dice.uniform(9, 18))
    if kind in LEVELS:
        return dice.weighed((
            ([(x, y), (x + 6, y + 3), (x - 3, y + 5)], 11), ([corner_left], 3), ([corner_right], 3),
            ([(wide / 2, dice.uniform(9, 16))], 2), ([(anchors.title[0], anchors.title[1] + 16)], 1),
            ([(wide / 2, high - dice.uniform(12, 24))], 1), ([], 2),
        ))  # fmt: skip
    if kind in (K.KHAN, K.THUONG_KHAN, K.HOA_TOC):
        return [(x, y + 12), (x + 4, y + 15), (x, y)]
    if kind in (K.THU_HOI, K.BAN_SO, K.BAN_SAO_SO):
        return [corner_right, (wide - 40, 30), corner_left]
    if kind is K.SEAL:
        return [(anchors.signer[0] - dice.uniform(8, 18), anchors.signer[1] + dice.uniform(-3, 5))]
    if kind is K.BAN_SAO_BMNN:
        return [(wide / 2, high - 30), (60, high - 35), (wide - 60, high - 35)]
    if kind is K.DEN:
        return [(40, 28), (38, high * 0.42), (wide - 40, 30), (wide - 35, high * 0.4)]
    if kind in (K.GIAI_MAT, K.DIEU_CHINH, K.THOI_HAN, K.GIA_HAN):
        return [(x + 36, y + 2), (x, y + 14), (wide - 50, y), corner_left]
    return []


def standing(
    kind: MarkKind, half: Spot, ground: Ground, anchors: Anchors, over: bool, dice: Dice
) -> Spot:  # fmt: skip
    """The middle of a mark in mm; ``over`` lets it fall on text or on another mark, else it looks for room."""
    high, wide = ground.print_mm.shape
    known = _spots(kind, anchors, wide, high, dice)
    tries = [(s, 0.0) for s in known] + [
        ((s[0] + dice.gauss(0, 7), s[1] + dice.gauss(0, 5)), 0.1) for s in known for _ in range(3)
    ]
    margin_x, margin_y = half[0] + 5, half[1] + 5
    tries += [
        ((dice.uniform(margin_x, max(margin_x + 1, wide - margin_x)),
          dice.uniform(margin_y, max(margin_y + 1, high - margin_y))), 0.45 if known else 0.0) for _ in range(14)
    ]  # fmt: skip
    best, least = tries[0][0], np.inf
    for (x, y), strange in tries:
        x = min(max(x, half[0] + 4), max(half[0] + 4, wide - half[0] - 4))
        y = min(max(y, half[1] + 4), max(half[1] + 4, high - half[1] - 4))
        cost = strange + dice.uniform(0, 0.12) + _crowd((x, y), half, ground, over, kind)
        if cost < least:
            best, least = (x, y), cost
    return best


def _crowd(at: Spot, half: Spot, ground: Ground, over: bool, kind: MarkKind) -> float:
    x, y = at
    rows = slice(max(0, int(y - half[1])), int(y + half[1]) + 1)
    columns = slice(max(0, int(x - half[0])), int(x + half[0]) + 1)
    inked = float(ground.print_mm[rows, columns].mean())
    cost = inked * (0.5 if kind is K.SEAL else 1.0 if over else 9.0)
    for tx, ty, tw, th in ground.taken:
        shared = max(0.0, min(x + half[0], tx + tw) - max(x - half[0], tx - tw)) * max(
            0.0, min(y + half[1], ty + th) - max(y - half[1], ty - th)
        )
        share = shared / max(1.0, 4 * min(half[0] * half[1], tw * th))
        cost += share * (3.0 if not over or share > 0.35 else 0.3)
    return cost


def onto_page(middle: Matrix, at: Spot, degrees: float, per_mm: float, scale: float) -> Matrix:
    """The affine map that lays a plate of ``per_mm`` with its middle at ``at`` mm on a page of ``scale`` px/mm."""
    angle, size = np.deg2rad(degrees), scale / per_mm
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) * size
    shift = np.array(at, np.float64) * scale - turn @ middle
    return np.column_stack([turn, shift])
