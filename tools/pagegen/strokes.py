"""Capitals as a pen draws them: single strokes, shaken, so that no two are alike (chữ viết tay)."""

from __future__ import annotations

import unicodedata

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.pagegen.masks import as_mask

# x 0..1 of the letter's width, y 0 (base line) .. 1 (cap height); "|" lifts the pen. ":w" is the width.
_LETTERS = {
    "A": "0,0 .5,1 1,0|.18,.38 .82,.38",
    "B": "0,0 0,1 .6,.95 .75,.75 .55,.55 0,.52 .7,.48 .85,.25 .65,.03 0,0",
    "C": "1,.82 .7,1 .3,.95 0,.55 .15,.12 .55,0 1,.15",
    "D": "0,0 0,1 .5,.95 .95,.6 .85,.2 .5,.02 0,0",
    "E": "1,1 0,1 0,0 1,0|0,.52 .8,.52",
    "G": "1,.82 .6,1 .15,.8 0,.45 .2,.05 .7,0 1,.2 1,.45 .6,.45",
    "H": "0,1 0,0|1,1 1,0|0,.5 1,.5",
    "I": "0,1 0,0:.15",
    "K": "0,1 0,0|1,1 0,.42|.3,.58 1,0",
    "L": "0,1 0,0 .9,0",
    "M": "0,0 .08,1 .5,.3 .92,1 1,0:1.25",
    "N": "0,0 0,1 1,0 1,1",
    "O": ".5,1 .1,.8 0,.45 .3,.02 .7,.02 1,.5 .85,.85 .5,1",
    "P": "0,0 0,1 .7,.95 .85,.72 .6,.5 0,.48",
    "Q": ".5,1 .1,.8 0,.45 .3,.02 .7,.02 1,.5 .85,.85 .5,1|.6,.25 1,-.1",
    "R": "0,0 0,1 .7,.95 .85,.72 .6,.5 0,.48|.35,.48 .95,0",
    "S": ".95,.85 .5,1 .08,.8 .2,.55 .75,.45 .95,.2 .5,0 0,.12",
    "T": "0,1 1,1|.5,1 .5,0",
    "U": "0,1 .02,.3 .25,.02 .7,.02 .95,.3 1,1",
    "V": "0,1 .5,0 1,1",
    "X": "0,1 1,0|1,1 0,0",
    "Y": "0,1 .5,.48 1,1|.5,.48 .5,0",
    "0": ".5,1 .1,.8 0,.45 .3,.02 .7,.02 1,.5 .85,.85 .5,1:.6",
    "1": "0,.75 .5,1 .5,0:.4",
    "2": "0,.8 .4,1 .85,.85 .7,.5 0,0 1,0:.6",
    "3": "0,.9 .5,1 .85,.75 .3,.55 .9,.3 .5,0 0,.1:.6",
    "/": "0,-.1 1,1.1:.4",
    "5": "1,1 .1,1 .1,.55 .6,.6 .95,.3 .5,0 0,.1:.6",
    "-": "0,.45 1,.45:.4",
    ".": "0,.02 .2,0:.2",
    ":": "0,.1 .1,.1|0,.6 .1,.6:.2",
    "4": ".7,0 .7,1 0,.35 1,.35:.6",
    "7": "0,1 1,1 .4,0:.6",
    "8": ".5,.5 .1,.75 .5,1 .9,.75 .1,.25 .5,0 .9,.25 .5,.5:.6",
    "6": ".8,.95 .2,.6 .05,.25 .5,0 .9,.25 .5,.5 .1,.3:.6",
    "9": ".2,.02 .8,.4 .95,.75 .5,1 .1,.75 .5,.5 .9,.7:.6",
}
_MARKS = {  # combining marks, x relative to the letter, y relative to its top (above) or base (below)
    "\u0302": ".15,1.1 .5,1.35 .85,1.1",
    "\u0301": ".35,1.12 .75,1.45",
    "\u0300": ".25,1.45 .65,1.12",
    "\u0309": ".35,1.4 .6,1.45 .65,1.28 .5,1.12",
    "\u0303": ".1,1.15 .35,1.32 .6,1.18 .9,1.35",
    "\u0306": ".15,1.35 .5,1.12 .85,1.35",
    "\u0323": ".45,-.22 .55,-.26 .5,-.2",
    "\u031b": ".9,.95 1.15,1.05 1.1,1.2",
}

BAR_OF_D = np.array([[-0.2, 0.5], [0.35, 0.5]])
"""The stroke that makes a Đ of a D, as of ``tone_mark``."""


def _parse(spec: str) -> tuple[list[NDArray[np.float64]], float]:
    body, _, width = spec.partition(":")
    strokes = [np.array([[float(v) for v in p.split(",")] for p in part.split()]) for part in body.split("|")]
    return strokes, float(width or 0.8)


def tone_mark(mark: str, number: int) -> NDArray[np.float64] | None:
    """The stroke of a combining mark, ``(n, 2)``: x in widths, y in heights of its letter, from the base line up.

    ``number`` counts the letter's marks: the second one stands above the first. None where there is no such mark.
    """
    if mark not in _MARKS:
        return None
    return _parse(_MARKS[mark])[0][0] + (0, 0.22 if number and mark != "\u0323" else 0)


def _smooth(points: NDArray[np.float64]) -> NDArray[np.float64]:
    for _ in range(2):  # Chaikin's corner cutting
        if len(points) < 3:
            return points
        left, right = points[:-1], points[1:]
        mid = np.stack((0.75 * left + 0.25 * right, 0.25 * left + 0.75 * right), 1).reshape(-1, 2)
        points = np.concatenate((points[:1], mid, points[-1:]))
    return points


def hand_line(text: str, height_px: float, rng: np.random.Generator, *, marks: bool = True) -> NDArray[np.float32]:
    """One line written by hand, as an ink mask.

    Args:
        text: any Vietnamese; lower case is written as capitals.
        height_px: cap height.
        rng: source of every shake.
        marks: write the diacritics (dấu thanh); old hands leave them out.

    Returns:
        ``(h, w)`` float32, 0 paper to 1 ink, with room around the letters.
    """
    shake, slant = rng.uniform(0.015, 0.07), rng.uniform(-0.1, 0.35)
    pen = max(1.0, height_px * rng.uniform(0.06, 0.17))
    round_hand = rng.random() < 0.6
    squeeze, gap = rng.uniform(0.55, 0.95), rng.uniform(0.12, 0.35)
    x, strokes, drift = 0.0, [], 0.0
    for char in text.upper():
        if char == " ":
            x += rng.uniform(0.4, 0.8)
            continue
        base, *above = list(unicodedata.normalize("NFD", char.replace("Đ", "D")))
        parsed, width = _parse(_LETTERS.get(base, _LETTERS["O"]))
        width *= squeeze * rng.uniform(0.85, 1.15)
        if char == "Đ":
            parsed = [*parsed, BAR_OF_D]
        if marks:
            written = (tone_mark(m, k) for k, m in enumerate(above))
            parsed = parsed + [stroke for stroke in written if stroke is not None]
        drift += rng.normal(0, 0.03)
        tall = rng.uniform(0.88, 1.12)
        for stroke in parsed:
            moved = stroke + rng.normal(0, shake, stroke.shape)
            if len(moved) > 3 or round_hand:
                moved = _smooth(moved)
            strokes.append(np.stack((x + moved[:, 0] * width + slant * moved[:, 1], moved[:, 1] * tall + drift), 1))
        x += width + gap * rng.uniform(0.6, 1.4)
    points = np.concatenate(strokes) * height_px
    low, high = points.min(0) - pen - 1, points.max(0) + pen + 1
    width_px, height = (np.ceil(high - low)).astype(int)
    canvas = np.zeros((int(height), int(width_px)), np.uint8)
    for stroke in strokes:
        place = stroke * height_px - low
        place[:, 1] = height - place[:, 1]
        pts = np.round(place * 8).astype(np.int32).reshape(-1, 1, 2)
        cv2.polylines(canvas, [pts], False, 255, max(1, round(pen * rng.uniform(0.8, 1.2))), cv2.LINE_AA, 3)
    return as_mask(canvas)
