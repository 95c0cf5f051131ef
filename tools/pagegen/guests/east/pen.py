"""Writing with a pen: an alphabet of strokes with all Vietnamese marks, shaky lines, signatures."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw

from tools.pagegen.fonts import face
from tools.pagegen.guests.east.dice import Dice, Matrix, mask_of
from tools.pagegen.masks import Mask

HAND_FACES = ("GentiumPlus-Italic", "FreeSerifItalic", "AndikaCompact-R", "Carlito-Italic", "FreeSansOblique")
# Strokes on a grid, "xy xy|…": x-height 4, capitals 7; a to c are -1 to -3; ~ begins a round stroke.
_STROKES = {
    "A": "00 37 60|13 53", "B": "07 00|~07 37 46 45 04 44 53 51 30 00", "C": "~56 37 16 03 11 30 51",
    "D": "07 00|~07 37 55 52 30 00", "Đ": "07 00|~07 37 55 52 30 00|a4 24", "E": "57 07 00 50|04 44",
    "F": "57 07 00|04 44", "G": "~56 37 16 03 11 30 51 53|53 33", "H": "07 00|57 50|04 54", "I": "07 00",
    "J": "~37 31 20 01", "K": "07 00|57 03|23 50", "L": "07 00 40", "M": "00 07 33 67 60", "N": "00 07 50 57",
    "O": "~37 15 03 11 30 51 63 55 37", "P": "00 07|~07 47 56 54 43 03", "Q": "~37 15 03 11 30 51 63 55 37|42 6a",
    "R": "00 07|~07 47 56 54 43 03|23 50", "S": "~56 37 16 05 24 44 53 51 30 01", "T": "07 67|37 30",
    "U": "~07 02 10 40 52 57", "V": "07 30 67", "W": "07 10 35 50 67", "X": "07 50|57 00", "Y": "07 33 67|33 30",
    "Z": "07 57 00 50",
    "a": "~44 24 02 10 30 42|44 41 50", "b": "07 00|~03 24 43 41 20 01", "c": "~43 24 03 01 20 41",
    "d": "~43 24 03 01 20 41|47 40", "đ": "~43 24 03 01 20 41|47 40|26 56", "e": "~02 42 34 14 02 10 30 41",
    "f": "~37 26 10|04 34", "g": "~43 24 03 01 20 41|~44 4a 2c 0b", "h": "07 00|~02 24 43 40", "i": "04 01 10",
    "j": "~14 1a 0c", "k": "07 00|34 02 30", "l": "07 01 10", "m": "04 00|~02 14 23 20|~22 34 43 40",
    "n": "04 00|~02 24 43 40", "o": "~24 03 01 20 41 43 24", "p": "04 0c|~03 24 43 41 20 01",
    "q": "~43 24 03 01 20 41|44 4c", "r": "04 00|~02 24 34", "s": "~33 14 03 22 31 10 01", "t": "17 11 20 30|04 34",
    "u": "~04 01 10 30 42|44 40", "v": "04 20 44", "w": "04 10 23 30 44", "x": "04 40|44 00", "y": "04 22|44 0c",
    "z": "04 34 00 30",
    "0": "~27 05 02 20 42 45 27", "1": "05 27 20", "2": "~05 27 46 44 00 40", "3": "~06 27 46 24 42 20 01",
    "4": "37 02 42|35 30", "5": "47 07 04|~04 34 42 20 01", "6": "~47 14 01 20 41 33 03", "7": "07 47 10",
    "8": "~24 06 27 46 24 01 20 41 24", "9": "~44 14 06 37 46 44 20",
    "/": "0a 38", ".": "00 00", ",": "00 0a", ":": "03 03|00 00", "-": "03 23",
}  # fmt: skip
# Marks over (or under) the letter, about its middle and top.
_MARKS = {
    "\u0302": ((-1.2, 0.6), (0, 1.8), (1.2, 0.6)),
    "\u0306": ((-1.2, 1.6), (0, 0.7), (1.2, 1.6)),
    "\u0301": ((-0.2, 0.8), (0.9, 2.0)),
    "\u0300": ((-0.9, 2.0), (0.2, 0.8)),
    "\u0309": ((-0.5, 1.8), (0.3, 2.2), (0.5, 1.5), (0, 0.9)),
    "\u0303": ((-1.2, 0.9), (-0.4, 1.6), (0.4, 1.0), (1.2, 1.7)),
}
_BELOW, _HORN = "\u0323", "\u031b"
_DIGIT = {**{str(n): float(n) for n in range(10)}, "a": -1.0, "b": -2.0, "c": -3.0}


@dataclass(frozen=True, slots=True)
class Hand:
    """How somebody writes.

    Attributes:
        slant: lean of the letters to the right.
        shake: unsteadiness in grid units.
        width: how wide the letters are, 1 as the alphabet has them.
        nib: line width as a share of the capitals' height.
    """

    slant: float
    shake: float
    width: float
    nib: float


def hand(dice: Dice) -> Hand:
    """Somebody's hand."""
    return Hand(dice.uniform(-0.08, 0.35), dice.uniform(0.1, 0.32), dice.uniform(0.75, 1.15), dice.uniform(0.07, 0.14))


def _rounded(points: Matrix) -> Matrix:
    for _ in range(3):
        a, b = points[:-1], points[1:]
        cut = np.stack([a * 0.75 + b * 0.25, a * 0.25 + b * 0.75], 1).reshape(-1, 2)
        points = np.vstack([points[:1], cut, points[-1:]])
    return points


def _letter(sign: str, at: float, style: Hand, dice: Dice) -> tuple[list[Matrix], float]:
    base, *marks = [sign] if sign in "Đđ" else list(unicodedata.normalize("NFD", sign))
    lines = list[Matrix]()
    for stroke in _STROKES.get(base, "").split("|"):
        points = np.array([[_DIGIT[p[0]], _DIGIT[p[1]]] for p in stroke.lstrip("~").split()], np.float64).reshape(-1, 2)
        if len(points):
            points += dice.grid.normal(0, style.shake, points.shape)
            lines.append(_rounded(points) if stroke.startswith("~") or dice.chance(0.3) else points)
    wide = max((float(p[:, 0].max()) for p in lines), default=2.0)
    top = 7.2 if base.isupper() or base in "bdđhklt" else 4.2
    if base == "i" and not any(m in _MARKS for m in marks):
        lines.append(np.array([[0.2, 6.0], [0.5, 6.1]]))
    for mark in sorted(marks, key=lambda m: m not in "\u0302\u0306"):
        if mark == _BELOW:
            lines.append(np.array([[wide / 2, -1.7], [wide / 2 + 0.4, -1.8]]))
        elif mark == _HORN:
            lines.append(_rounded(np.array([[wide - 0.2, top - 0.4], [wide + 0.8, top], [wide + 0.7, top + 0.9]])))
        elif mark in _MARKS:
            shift = dice.grid.normal(0, style.shake * 0.7, 2)
            lines.append(np.array(_MARKS[mark]) + np.array([wide / 2, top]) + shift)
            top += 1.4 if mark in "\u0302\u0306" else 0
    return [p * [style.width, 1] + [at, 0] for p in lines], at + (wide + 1.3) * style.width


def written(text: str, height: int, style: Hand, dice: Dice) -> Mask:
    """The text as strokes of a pen; ``height`` is that of a capital in pixels, the mask is cropped to the ink."""
    lines, at = list[Matrix](), 0.0
    for sign in text:
        drawn, at = _letter(sign, at, style, dice) if sign != " " else ([], at + 2.6)
        rise = dice.gauss(0, style.shake * 1.2)
        lines.extend(p + np.array([0, rise]) for p in drawn)
    if not lines:
        return np.zeros((height, height), np.float32)
    unit = height / 7
    placed = [np.stack([(p[:, 0] + p[:, 1] * style.slant) * unit, -p[:, 1] * unit], 1) for p in lines]
    thick = max(1.0, style.nib * height)
    low, high = np.vstack(placed).min(0) - thick, np.vstack(placed).max(0) + thick
    canvas = np.zeros((int(high[1] - low[1]) + 2, int(high[0] - low[0]) + 2), np.uint8)
    for p in placed:
        nib = max(1, round(thick * dice.uniform(0.85, 1.15)))
        cv2.polylines(canvas, [np.round((p - low) * 16).astype(np.int32)], False, 255, nib, cv2.LINE_AA, 4)
    return mask_of(canvas / 255)


def lettered(text: str, height: int, dice: Dice) -> Mask:
    """The text in an italic face, every letter turned, moved and sized a little otherwise."""
    stem = dice.choice(HAND_FACES)
    font = face(stem, round(height * 1.45))
    size = (round(font.getlength(text) * 1.25) + 2 * height, height * 4)
    sheet, at = np.zeros(size[::-1], np.float32), float(height)
    for sign in text:
        tile = Image.new("L", (height * 4, height * 4))
        ImageDraw.Draw(tile).text((height, height * 2.6), sign, font=font, fill=255, anchor="ls",
                                  stroke_width=1 if height > 34 else 0)  # fmt: skip
        turn = cv2.getRotationMatrix2D((height, height * 2.6), dice.gauss(0, 5), dice.uniform(0.9, 1.12))
        turn[:, 2] += np.array([at - height, dice.gauss(0, height * 0.05)])
        sheet = np.maximum(sheet, mask_of(cv2.warpAffine(np.asarray(tile), turn, size)))
        at += font.getlength(sign) * dice.uniform(0.98, 1.12)
    wobble = (dice.noise(sheet.shape, height * 0.8) - 0.5) * height * 0.3
    ys, xs = np.mgrid[: sheet.shape[0], : sheet.shape[1]].astype(np.float32)
    bent = cv2.remap(sheet, xs + wobble, ys + wobble[::-1], cv2.INTER_LINEAR)
    rows, columns = np.where(bent.max(1) > 30)[0], np.where(bent.max(0) > 30)[0]
    return mask_of(bent[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] / 255)


def signature(width: int, dice: Dice) -> Mask:
    """A flourish of one running line and a stroke under it."""
    knots = dice.randint(7, 13)
    xs = np.linspace(0.05, 0.8, knots) + dice.grid.normal(0, 0.07, knots)
    ys = 0.5 + np.where(np.arange(knots) % 2, -1, 1) * dice.grid.uniform(0.08, 0.38, knots) * np.linspace(1, 0.4, knots)
    tail = np.array([[0.95, 0.3], [0.5, 0.72], [0.12, 0.8], [0.98, 0.62]])
    run = _rounded(np.vstack([np.stack([xs, ys], 1), tail[: dice.randint(1, 4)]])) * [width, width * 0.55]
    canvas = np.zeros((round(width * 0.6), width + 4), np.uint8)
    cv2.polylines(canvas, [np.round(run * 16).astype(np.int32)], False, 255, max(1, width // 110), cv2.LINE_AA, 4)
    return mask_of(canvas / 255)
