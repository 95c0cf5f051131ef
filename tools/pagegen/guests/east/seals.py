"""Round office seals: rings, words running round, a star, the body's name across."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image, ImageDraw

from tools.pagegen.drawn import Plate
from tools.pagegen.guests.east import words
from tools.pagegen.guests.east.cuts import EDGE_MM, SANS, SERIF, Engraved, drawn_line
from tools.pagegen.guests.east.dice import Dice, blurred, mask_of
from tools.pagegen.masks import Mask


def _star(pen: ImageDraw.ImageDraw, x: float, y: float, radius: float) -> None:
    reach = np.where(np.arange(10) % 2, 0.4, 1.0) * radius
    angles = np.arange(10) * np.pi / 5 - np.pi / 2
    pen.polygon([(x + r * np.cos(a), y + r * np.sin(a)) for r, a in zip(reach, angles, strict=True)], fill=255)


def _around(text: str, stem: str, em: float, side: int, radius: float, sweep: float) -> Mask:
    """The words clockwise round the circle, gap below."""
    turn = round(2 * np.pi * radius)
    line = drawn_line(text, stem, em, 0.08, turn * sweep)
    depth = round(radius + em)
    strip = np.zeros((depth, turn), np.uint8)
    low = min(depth, round(em * 1.42))
    left = (turn - line.width) // 2
    strip[:low, left : left + line.width] = np.asarray(line)[:low]
    polar = np.roll(np.flipud(strip).T, turn // 4, axis=0)
    flags = cv2.WARP_INVERSE_MAP | cv2.WARP_FILL_OUTLIERS | cv2.INTER_LINEAR
    ring = cv2.warpPolar(np.ascontiguousarray(polar), (side, side), (side / 2, side / 2), depth, flags)
    return mask_of(ring / 255)


def seal(dpi: int, dice: Dice) -> Engraved:
    """A seal of 33 to 38 mm with invented names."""
    per_mm = max(dpi / 25.4 * 1.4, 9.0)
    across = dice.uniform(33, 38) * per_mm
    edge = EDGE_MM * per_mm
    side = round(across + 2 * edge)
    sheet = Image.new("L", (side, side))
    pen, middle, stem = ImageDraw.Draw(sheet), side / 2, dice.choice(SANS if dice.chance(0.6) else SERIF)
    for inset, thick in ((0.0, 0.7), (1.1, 0.25), (6.6, 0.35)):
        reach = across / 2 - inset * per_mm
        pen.ellipse((middle - reach, middle - reach, middle + reach, middle + reach), outline=255,
                    width=max(1, round(thick * per_mm)))  # fmt: skip
    _star(pen, middle, middle + across / 2 - 3.9 * per_mm, 1.5 * per_mm)
    name = words.body(dice).split()
    half = (len(name) + 1) // 2
    rows = [" ".join(name)] if len(name) < 3 else [" ".join(name[:half]), " ".join(name[half:])]
    if dice.chance(0.25):
        _star(pen, middle, middle - 4.5 * per_mm, 3 * per_mm)
        rows = [" ".join(name)]
    for k, row in enumerate(rows):
        em = dice.uniform(3.0, 3.6) * per_mm
        line = drawn_line(row, stem, em, 0, across - 17 * per_mm)
        y = middle + (k - (len(rows) - 1) / 2) * em * 1.35 + (2 * per_mm if len(rows) == 1 else 0)
        sheet.paste(255, (round(middle - line.width / 2), round(y - em * 0.9)), line)
    ring = _around(words.superior(dice), stem, 3.0 * per_mm, side, across / 2 - 5.6 * per_mm, dice.uniform(0.72, 0.84))
    mask = np.maximum(mask_of(sheet) / 255, ring)
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float64)
    return Engraved(Plate(blurred(mask_of(mask), 0.6), corners * across + edge), per_mm, ())
