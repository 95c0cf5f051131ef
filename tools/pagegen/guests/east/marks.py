"""Marks put on a page: stamped, printed with it, or written by hand; and what a pen fills in."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from scanflow.stamps.marks import MarkKind
from tools.pagegen.drawn import Plate
from tools.pagegen.guests.east import pen, words
from tools.pagegen.guests.east.cuts import Engraved, chosen_cut, engraved, norm_of
from tools.pagegen.guests.east.dice import Bgr, Dice, Matrix, Pixels, mask_of, moved
from tools.pagegen.guests.east.doses import Dose
from tools.pagegen.guests.east.ink import DARK, PENS, REDS, harm, impressed, pressed
from tools.pagegen.guests.east.place import Anchors, Ground, onto_page, standing
from tools.pagegen.guests.east.seals import seal
from tools.pagegen.masks import Mask

K = MarkKind
LATER = (K.BAN_SAO_SO, K.BAN_SAO_BMNN, K.DEN, K.SEAL, K.GIAI_MAT, K.OTHER)
"""Kinds that are often put on a copy after the copier."""


@dataclass(frozen=True, slots=True, eq=False)
class Put:
    """A mark on the page: its kind, its clean plate, its corners in pixels of the page."""

    kind: MarkKind
    plate: Plate
    quad: Matrix
    handwritten: bool


def by_hand(kind: MarkKind, dpi: int, dice: Dice) -> Engraved:
    """A mark written with a pen, framed by hand or not."""
    per_mm = max(dpi / 25.4 * 1.4, 9.0)
    tall = dice.uniform(4.0, 7.5) * per_mm
    lines = [w.replace("{n}", str(dice.randint(2, 40))).replace("{date}", words.day(dice, dice.randint(1970, 2024)))
             .replace("{agency}", "VĂN PHÒNG").replace("{boxed}", dice.choice(words.BOXED))
             for w in norm_of(kind, dice).words]  # fmt: skip
    if len(lines) > 2:
        tall *= 0.62
    if dice.chance(0.3):
        lines = [line.capitalize() if len(line) > 1 else line for line in lines]
    style = pen.hand(dice)
    strokes = dice.chance(0.62)
    rows = [pen.written(t, round(tall), style, dice) if strokes else pen.lettered(t, round(tall), dice) for t in lines]
    margin, gap = round(dice.uniform(1.2, 2.2) * per_mm), round(tall * 0.12)
    wide = max(r.shape[1] for r in rows) + 4 * margin
    sheet = np.zeros((sum(r.shape[0] + gap for r in rows) + 4 * margin, wide), np.float32)
    y = 2 * margin
    for row in rows:
        x = (wide - row.shape[1]) // 2
        sheet[y : y + row.shape[0], x : x + row.shape[1]] = row
        y += row.shape[0] + gap
    frame = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float64)
    quad = frame * [wide - 2 * margin, sheet.shape[0] - 2 * margin] + margin
    if dice.chance(0.5) or kind in (K.ENVELOPE_A, K.ENVELOPE_B, K.ENVELOPE_C):
        _framed_by_hand(sheet, quad, kind, max(1, round(style.nib * tall * 0.8)), dice)
    else:
        quad += np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]]) * margin * 0.5
    return Engraved(Plate(sheet, quad), per_mm, ())


def _framed_by_hand(sheet: Mask, quad: Matrix, kind: MarkKind, nib: int, dice: Dice) -> None:
    if kind in (K.ENVELOPE_A, K.ENVELOPE_B, K.ENVELOPE_C):
        middle, reach = quad.mean(0), (quad[2] - quad[0]) / 2
        angles = np.linspace(0.2, 2 * np.pi + 0.4, 60)
        ring = middle + reach * np.stack([np.cos(angles), np.sin(angles)], 1) * np.linspace(0.97, 1.0, 60)[:, None]
        cv2.polylines(sheet, [np.round(ring).astype(np.int32)], False, 1.0, nib, cv2.LINE_AA)
        return
    for _ in range(dice.choice((1, 1, 2))):
        shaken = quad + dice.grid.normal(0, 0.012 * float(np.ptp(quad)), quad.shape)
        for a, b in zip(shaken, np.roll(shaken, -1, 0), strict=True):
            bow = (a + b) / 2 + dice.grid.normal(0, 0.006 * float(np.ptp(quad)), 2)
            line = np.round(np.stack([a, bow, b])).astype(np.int32)
            cv2.polylines(sheet, [line], False, 1.0, nib, cv2.LINE_AA)


def colour_for(kind: MarkKind, handwritten: bool, plate: Engraved, dice: Dice) -> Bgr:
    """The ink: red by the norm, sometimes what the pad held."""
    if plate.printed:
        return dice.choice(((40, 38, 38), (45, 45, 200)))
    if handwritten:
        return dice.choice(PENS)
    odd = {K.SEAL: 0.0, K.OTHER: 0.5, K.DEN: 0.35}.get(kind, 0.1)
    return dice.choice(DARK if dice.chance(odd) else REDS)


def put(
    page: Pixels, kind: MarkKind, ground: Ground, anchors: Anchors, dose: Dose, dpi: int, dice: Dice,
    *, handwritten: bool, over_text: Mask | None,
) -> tuple[Put, tuple[float, float, float, float]]:  # fmt: skip
    """Put one mark on the page, in place; returns it and the room it takes in mm."""
    norm = norm_of(kind, dice)
    if handwritten:
        made = by_hand(kind, dpi, dice)
    elif kind is K.SEAL:
        made = seal(dpi, dice)
    else:
        made = engraved(kind, norm, chosen_cut(kind, norm, dice), dpi, dice)
    half = (made.plate.quad.max(0) - made.plate.quad.min(0)) / 2 / made.per_mm
    lean = dice.gauss(0, 0.15) if made.printed else dice.gauss(0, 6) if dice.chance(0.12) else dice.gauss(0, 1.3)
    if kind is K.SEAL:
        lean = dice.gauss(0, 9)
    elif not made.printed and dice.chance(0.015):
        lean += 180
    spot = standing(kind, (float(half[0]), float(half[1])), ground, anchors, dice.chance(dose.over), dice)
    scale = dpi / 25.4
    onto = onto_page(made.plate.quad.mean(0), spot, lean, made.per_mm, scale)
    ills = harm(dice.uniform(*dose.strain) * (0.45 if made.printed or handwritten else 1), dice)
    ink = impressed(made.plate.mask, made.per_mm, ills, dice)
    pressed(page, ink, colour_for(kind, handwritten, made, dice), onto, over_text)
    _filled(page, made, onto, dice)
    put_there = Put(kind, made.plate, moved(made.plate.quad, onto), handwritten)
    return put_there, (spot[0], spot[1], float(half[0]), float(half[1]))


def _filled(page: Pixels, made: Engraved, onto: Matrix, dice: Dice) -> None:
    """Figures written on the leaders of a stamp."""
    if not made.blanks or dice.chance(0.25):
        return
    style, colour = pen.hand(dice), dice.choice(PENS)
    sheet = np.zeros_like(made.plate.mask)
    for x, y, wide, high in made.blanks:
        text = words.day(dice, dice.randint(1968, 2025)) if wide > 5 * high else str(dice.randint(1, 40))
        tile = pen.written(text, max(8, round(high * 1.05)), style, dice)
        if tile.shape[1] > wide:
            tile = mask_of(cv2.resize(tile, (max(2, round(wide)), tile.shape[0]), interpolation=cv2.INTER_AREA))
        top, left = max(0, round(y + high * 0.9) - tile.shape[0]), round(x + (wide - tile.shape[1]) * 0.4)
        part = sheet[top : top + tile.shape[0], left : left + tile.shape[1]]
        np.maximum(part, tile[: part.shape[0], : part.shape[1]], out=part)
    pressed(page, sheet, colour, onto)
