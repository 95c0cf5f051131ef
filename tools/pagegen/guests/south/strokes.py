"""A hand that writes Vietnamese: letters as single strokes, and the scrawls that stand for names.

The same strokes serve a clerk's pen, tone marks added to typed letters, and the letters that a village carver
cuts into wood.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from tools.pagegen.guests.south.canvas import Grey, Points, lines

_SKELETONS = """
A 04 4e 84;28 68|B 04 0e 5e 7c 5a 0a;5a 87 64 04|C 7c 5e 2e 0b 07 24 54 76|D 14 1e 5e 8b 87 54 14|
Đ 14 1e 5e 8b 87 54 14;09 49|E 7e 0e 04 74;09 59|F 7e 0e 04;09 59|G 7c 5e 2e 0b 07 24 54 77 79 49|H 04 0e;74 7e;09 79|
I 14 1e|J 6e 66 44 15|K 04 0e;6e 09 74|L 0e 04 64|M 04 0e 48 8e 84|N 04 0e 74 7e|O 4e 1c 09 16 44 76 89 7c 4e|
P 04 0e 5e 7c 6a 09|Q 4e 1c 09 16 44 76 89 7c 4e;56 84|R 04 0e 5e 7c 6a 09;49 74|S 7c 5e 2e 0c 1a 68 76 54 24 06|
T 0e 8e;4e 44|U 0e 07 24 54 77 7e|V 0e 44 8e|W 0e 24 4b 64 8e|X 0e 84;8e 04|Y 0e 49 8e;49 44|Z 0e 7e 04 74|
a 5a 2a 08 06 24 44 57;5a 55 64|b 0e 04;08 2a 4a 58 56 34 04|c 59 3a 1a 08 06 24 44 55|d 59 2a 08 06 24 45 57;5e 54|
đ 59 2a 08 06 24 45 57;5e 54;3c 7c|e 07 57 4a 2a 08 06 24 55|f 5d 4e 2c 22;0a 4a|g 59 2a 08 06 25 57;5a 52 30 01|
h 0e 04;08 2a 4a 58 54|i 1a 15 24|j 2a 21 00|k 0e 04;4a 07 54|l 0e 05 24|m 0a 04;08 2a 38 34;38 5a 68 64|
n 0a 04;08 2a 4a 58 54|o 3a 19 07 15 34 55 67 59 3a|p 0a 00;08 2a 4a 58 56 34 05|
q 59 2a 08 06 24 57;5a 50|r 0a 04;08 2a 49|
s 49 2a 08 46 34 05|t 1e 15 34;0a 3a|u 0a 06 24 44 57;5a 54|v 0a 24 5a|w 0a 14 39 54 6a|x 0a 54;5a 04|y 0a 25;5a 20 00|
z 0a 5a 04 54|0 3e 0b 07 34 67 6b 3e|1 0b 3e 34|2 0c 2e 5e 6c 04 64|3 0d 3e 6c 39 66 34 05|4 4e 07 67;4a 44|
5 6e 1e 0a 4a 67 44 05|6 5e 18 06 34 66 48 17|7 0e 6e 24|8 3e 0c 59 56 34 06 19 5c 3e|9 59 2a 0c 3e 6c 54|
. 04 15|, 15 03|: 04 15;08 19|; 15 03;08 19|- 08 38|/ 03 5e|( 2f 09 23|) 0f 29 03|… 04 14;44 54;84 94|+ 08 68;3b 35|
' 0e 0c|" 0e 0c;2e 2c|? 0c 2e 4c 28 26;24 25|! 0e 07;04 05|= 07 57;0a 5a|_ 04 84|– 08 58|& 74 0c 2e 4c 05 24 68
"""
_LINES = tuple(entry for entry in _SKELETONS.replace("\n", "").split("|") if entry)
SKELETON: dict[str, tuple[tuple[tuple[int, int], ...], ...]] = {
    entry[0]: tuple(tuple((int(p[0], 36), int(p[1], 36) - 4) for p in path.split()) for path in entry[2:].split(";"))
    for entry in _LINES
}
"""The strokes of each letter; base line 0, small letters 6 high, capitals 10."""
_SIGNS: dict[str, tuple[tuple[float, float], ...]] = {
    "\u0302": ((-2, 0.8), (0, 2.6), (2, 0.8)),
    "\u0306": ((-2, 2.6), (-0.8, 1), (0.8, 1), (2, 2.6)),
    "\u0301": ((-0.8, 0.8), (1.4, 3.2)),
    "\u0300": ((0.8, 0.8), (-1.4, 3.2)),
    "\u0309": ((-1, 2.6), (0.2, 3.4), (1, 2.4), (0, 1.3), (0, 0.6)),
    "\u0303": ((-2, 1), (-0.8, 2.2), (0.8, 1.2), (2, 2.4)),
}


@dataclass(frozen=True, slots=True)
class Hand:
    """One writer.

    Attributes:
        slant: sideways lean per unit of height.
        wobble: how far points stray, in units of a tenth of a capital.
        spread: width of letters against their height.
        width: of the pen, against the height of a capital.
        tones: whether the tone marks are written.
    """

    slant: float = 0.15
    wobble: float = 0.35
    spread: float = 0.8
    width: float = 0.09
    tones: bool = True


def any_hand(rng: Generator) -> Hand:
    """A writer as they come."""
    return Hand(
        float(rng.normal(0.16, 0.14)), float(rng.uniform(0.2, 0.6)), float(rng.uniform(0.6, 1.05)),
        float(rng.uniform(0.05, 0.105)),
    )  # fmt: skip


def sign_paths(sign: str, top: float, middle: float, crowded: bool) -> Points:
    """The stroke of a tone or vowel sign over a letter ``top`` high (the dot below it)."""
    if sign == "\u0323":
        return np.array([[middle, -1.9], [middle + 0.5, -2.2]])
    if sign == "\u031b":
        return np.array([[middle + 2.4, top - 0.6], [middle + 3.8, top], [middle + 3.6, top + 1.6]])
    path = np.array(_SIGNS[sign])
    shift = (1.6, 1.4) if crowded else (0.0, 0.0)
    return np.asarray(path + np.array([middle + shift[0], top + shift[1]]), np.float64)


def _letter(char: str, tones: bool) -> tuple[list[Points], float]:
    base, *signs = list(unicodedata.normalize("NFD", char))
    skeleton = SKELETON.get(base, SKELETON["-"])
    paths = [np.array(path, np.float64) for path in skeleton]
    broad = max(float(path[:, 0].max()) for path in paths)
    top = 10.0 if base.isupper() else 6.0
    if base == "i" and not signs:
        paths.append(np.array([[1.0, 8.4], [1.3, 8.8]]))
    crowded = False
    for sign in sorted(signs, key=lambda s: s not in "\u0302\u0306\u031b"):
        if tones:
            paths.append(sign_paths(sign, top, broad / 2, crowded))
        crowded = crowded or sign in "\u0302\u0306"
    return paths, broad


def _rounded(path: Points) -> Points:
    for _ in range(2 if len(path) > 2 else 0):
        left, right = path[:-1] * 0.75 + path[1:] * 0.25, path[:-1] * 0.25 + path[1:] * 0.75
        path = np.vstack([path[:1], np.stack([left, right], 1).reshape(-1, 2), path[-1:]])
    return path


def strokes_of(text: str, hand: Hand, rng: Generator) -> tuple[list[Points], float]:
    """All strokes of a line with y downwards from the base line, in tenths of a capital, and its length."""
    at, drift, paths = 0.0, 0.0, []
    for char in text:
        if char == " ":
            at += 5.0 * hand.spread
            continue
        letter, broad = _letter(char, hand.tones)
        drift = 0.8 * drift + float(rng.normal(0, hand.wobble * 0.5))
        grown = float(rng.normal(1, hand.wobble * 0.12))
        for path in letter:
            loose = _rounded(path * grown + rng.normal(0, hand.wobble, path.shape))
            x = at + loose[:, 0] * hand.spread + hand.slant * loose[:, 1]
            paths.append(np.stack([x, drift - loose[:, 1]], 1))
        at += (broad * grown + 2.0) * hand.spread + float(rng.normal(0, hand.wobble * 0.4))
    return paths, at


def written(text: str, capital: float, hand: Hand, rng: Generator) -> tuple[Grey, int, int]:
    """A line by hand, capitals ``capital`` pixels high, and where its left top lies from the start of the base line."""
    paths, _ = strokes_of(text, hand, rng)
    unit = capital / 10
    pixels = [path * unit for path in paths] or [np.zeros((2, 2))]
    everything = np.vstack(pixels)
    pad = 2 + int(capital * hand.width)
    left, top = (int(v) - pad for v in np.floor(everything.min(0)))
    right, bottom = (int(v) + pad for v in np.ceil(everything.max(0)))
    image = np.zeros((bottom - top + 1, right - left + 1), np.uint8)
    lines(image, [path - [left, top] for path in pixels], capital * hand.width)
    return image, left, top


def scrawl(rng: Generator, length: float) -> Points:
    """A signature: loops that lean forward and a long last stroke; y downwards from its base line."""
    count = int(rng.integers(9, 20))
    x = np.cumsum(rng.normal(0.09, 0.12, count))
    y = np.where(np.arange(count) % 2 == 0, -1, 1) * rng.uniform(0.05, 0.32, count) * np.linspace(1.3, 0.4, count)
    tail = np.array([[x[-1] + 0.3, rng.normal(0, 0.1)], [x[-1] - 0.5, 0.22], [x[-1] + 0.2, 0.16]])
    path = _rounded(_rounded(np.vstack([np.stack([x, y], 1), tail])))
    path -= path.min(0)
    return np.asarray(path / max(float(path[:, 0].max()), 0.1) * length, np.float64)
