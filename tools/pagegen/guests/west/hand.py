"""A hand that writes Vietnamese: letters as single strokes of a pen, each time a little different."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.pagegen.masks import Mask, as_mask

Rng = np.random.Generator
Strokes = list[NDArray[np.float64]]

# Points are hexadecimal digits x and y: base line 3, small letters to 8, capitals to B, tails to 0.
_LETTERS = {
    "A": "03 3B 3B 63|16 56", "B": "03 0B|0B 4B 5A 59 47 07|07 47 55 54 43 03", "C": "5A 3B 1A 08 06 14 33 54",
    "D": "03 0B|0B 3B 5A 68 66 54 33 03", "Đ": "03 0B|0B 3B 5A 68 66 54 33 03|07 37", "E": "5B 0B 0B 03 03 53|07 47",
    "F": "03 0B 0B 5B|07 47", "G": "5A 3B 1A 08 06 14 33 54 56 56 36", "H": "03 0B|53 5B|07 57", "I": "13 1B",
    "J": "4B 45 33 14", "K": "03 0B|5B 07 07 53", "L": "0B 03 03 43", "M": "03 0B 0B 36 36 6B 6B 63",
    "N": "03 0B 0B 53 53 5B", "O": "3B 1A 08 06 14 33 54 66 68 5A 3B", "P": "03 0B|0B 4B 5A 58 47 07",
    "Q": "3B 1A 08 06 14 33 54 66 68 5A 3B|44 62", "R": "03 0B|0B 4B 5A 58 47 07|27 53",
    "S": "5A 3B 1B 09 18 47 55 44 23 04", "T": "0B 6B|3B 33", "U": "0B 05 13 33 55 5B", "V": "0B 33 33 6B",
    "W": "0B 13 13 37 37 53 53 6B", "X": "0B 53|5B 03", "Y": "0B 37 37 6B|37 33", "Z": "0B 5B 5B 03 03 53",
    "a": "47 28 07 05 13 33 45|48 44 53", "b": "0B 03|06 28 47 45 33 04", "c": "47 28 07 05 13 33 44",
    "d": "47 28 07 05 13 33 45|4B 44 53", "đ": "47 28 07 05 13 33 45|4B 44 53|2A 5A", "e": "06 46 47 28 07 05 13 33 44",
    "f": "3B 1A 13 10|07 37", "g": "47 28 07 05 13 33 45|48 42 30 10 01", "h": "0B 03|06 28 37 43", "i": "18 14 23",
    "j": "28 22 10 00", "k": "0B 03|38 05 05 43", "l": "0B 04 13", "m": "08 03|06 18 37 33|36 48 67 63",
    "n": "08 03|06 28 37 43", "o": "28 07 05 13 33 45 47 28", "p": "08 00|06 28 47 45 33 04",
    "q": "47 28 07 05 13 33 45|48 40", "r": "08 03|06 18 38", "s": "37 18 07 35 34 13 04", "t": "1B 14 23 33|08 38",
    "u": "08 05 13 33 46|48 44 53", "v": "08 23 23 48", "w": "08 13 26 43 58", "x": "08 43|48 03",
    "y": "08 05 13 33 46|48 42 30 10 01", "z": "08 48 03 43", "0": "2B 0A 05 13 33 45 49 2B", "1": "09 2B 2B 23",
    "2": "09 1B 3B 49 03 03 43", "3": "0B 4B 27 46 44 23 04", "4": "3B 05 05 55|38 33",
    "5": "4B 0B 0B 08 38 46 44 23 04",
    "6": "4B 18 05 13 33 45 37 06", "7": "0B 4B 4B 13", "8": "28 0A 2B 4A 28 05 13 33 45 28",
    "9": "48 17 09 1B 3B 49 33 13",
    ".": "03 13", ",": "13 02", ":": "04 14|08 18", "/": "03 4B", "-": "06 36", "…": "03 13|33 43|63 73",
    "(": "2B 08 06 23", ")": "0B 28 26 03", "?": "09 1B 3A 26|23 24", ";": "14 02|08 18",
}  # fmt: skip
_TONES = {
    "\u0300": ((-1.2, 1.2), (0.4, 0.0)),
    "\u0301": ((-0.4, 0.0), (1.2, 1.2)),
    "\u0303": ((-1.5, 0.2), (-0.6, 1), (0.5, 0.2), (1.4, 1)),
    "\u0309": ((-0.5, 1.3), (0.5, 1.5), (0.5, 0.8), (0.0, 0.1)),
}
_HATS = {
    "\u0302": ((-1.5, 0.3), (0.0, 1.5), (0.0, 1.5), (1.5, 0.3)),
    "\u0306": ((-1.4, 1.2), (-0.6, 0.3), (0.6, 0.3), (1.4, 1.2)),
}


@dataclass(frozen=True, slots=True)
class Hand:
    """How one person writes.

    Attributes:
        slant: lean to the right, as a share of the height.
        spread: width of the letters against the copybook's.
        unrest: how far points stray, in sixteenths of the letter's height.
        drift: how much the base line climbs along the line.
        nib: width of the pen as a share of the height of capitals.
    """

    slant: float
    spread: float
    unrest: float
    drift: float
    nib: float


def a_hand(rng: Rng, nib: float | None = None) -> Hand:
    """Somebody's hand."""
    return Hand(
        float(rng.uniform(-0.12, 0.42)),
        float(rng.uniform(0.75, 1.25)),
        float(rng.uniform(0.1, 0.38)),
        float(rng.normal(0, 0.02)),
        float(rng.uniform(0.07, 0.12)) if nib is None else nib,
    )


@cache
def _skeleton(letter: str) -> tuple[NDArray[np.float64], ...]:
    return tuple(
        np.array([[int(p[0], 16), int(p[1], 16) - 3] for p in stroke.split()], np.float64)
        for stroke in _LETTERS.get(letter, "06 36").split("|")
    )


def _marks(letter: str, accents: str, width: float) -> Strokes:
    top = 8.0 if letter.isupper() or letter in "bdđhkl" else 5.0
    middle, strokes, lift = width / 2, [], 0.7
    for accent in accents:
        if accent == "\u0323":
            strokes.append(np.array([[middle - 0.2, -1.7], [middle + 0.3, -1.9]]))
        elif accent == "\u031b":
            strokes.append(np.array([[width - 0.4, top - 0.6], [width + 0.7, top - 0.2], [width + 0.9, top + 1]]))
        elif accent in _HATS:
            strokes.append(np.array(_HATS[accent]) + np.array((middle, top + 0.5)))
            lift = 2.1
    strokes += [
        np.array(_TONES[a]) + np.array((middle + (0.7 if lift > 1 else 0), top + lift)) for a in accents if a in _TONES
    ]
    return strokes


def _rounded(points: NDArray[np.float64]) -> NDArray[np.float64]:
    for _ in range(2):
        if len(points) < 3:
            return points
        near, far = points[:-1] * 0.75 + points[1:] * 0.25, points[:-1] * 0.25 + points[1:] * 0.75
        points = np.concatenate((points[:1], np.stack((near, far), 1).reshape(-1, 2)[1:-1], points[-1:]))
    return points


def strokes(rng: Rng, text: str, cap_px: float, hand: Hand) -> Strokes:
    """The pen's way through a line of text: pixels to the right of its start and below its base line."""
    unit, at, way = cap_px / 8, 0.0, Strokes()
    for written in text:
        if written == " ":
            at += 3.6 * hand.spread
            continue
        letter, *accents = list(unicodedata.normalize("NFD", written))
        base = _skeleton(letter)
        width = max(float(s[:, 0].max()) for s in base)
        grow, tilt = 1 + rng.normal(0, 0.05), rng.normal(0, 0.04)
        for stroke in (*base, *_marks(letter, "".join(accents), width), *_dot(letter, accents)):
            p = stroke + rng.normal(0, hand.unrest * 0.7, stroke.shape)
            x = at + (p[:, 0] + p[:, 1] * (hand.slant + tilt)) * hand.spread
            way.append(_rounded(np.stack((x, -(p[:, 1] * grow + x * hand.drift)), 1) * unit))
        at += (width + rng.uniform(1.3, 2.1)) * hand.spread
    return way


def _dot(letter: str, accents: list[str]) -> Strokes:
    return [np.array([[1.0, 6.6], [1.2, 6.8]])] if letter in "ij" and not accents else []


def span(way: Strokes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The least and greatest point of the pen's way."""
    points = np.concatenate(way)
    return points.min(0), points.max(0)


def traced(shape: tuple[int, int], way: Strokes, at: tuple[float, float], nib_px: float) -> Mask:
    """The pen's way as a mask of rows and columns given."""
    drawn = np.zeros(shape, np.uint8)
    for stroke in way:
        points = np.round((stroke + np.array(at)) * 16).astype(np.int32)
        cv2.polylines(drawn, [points], False, 255, max(1, round(nib_px)), cv2.LINE_AA, 4)
    return as_mask(drawn)


def signature(rng: Rng, width_px: float) -> Strokes:
    """A flourish that nobody can read."""
    n = int(rng.integers(7, 14))
    x = np.cumsum(rng.normal(0.6, 0.9, n))
    x = (x - x.min()) / (np.ptp(x) + 1e-6)
    y = rng.normal(0, 0.22, n) + 0.25 * np.sin(np.arange(n) * rng.uniform(1.5, 3))
    loop = _rounded(_rounded(np.stack((x, y), 1)))
    tail = _rounded(_rounded(np.array([[0.05, 0.2], [0.5, rng.uniform(0.1, 0.4)], [1.1, rng.uniform(-0.3, 0.2)]])))
    return [loop * width_px, tail * width_px]
