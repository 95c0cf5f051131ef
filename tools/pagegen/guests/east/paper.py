"""The sheet itself: its colour and age, its stains and folds, what shines through from behind."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image

from tools.pagegen.guests.east.dice import Bgr, Dice, Pixels, mask_of, overlaid, pixels_of, tinted
from tools.pagegen.guests.east.voice import Voice


def sheet(size: tuple[int, int], colour: Bgr, wear: float, dice: Dice) -> Pixels:
    """An empty sheet ``(h, w)``; ``wear`` 0 is new, 1 has lain in a damp cellar."""
    small = (max(8, size[0] // 6), max(8, size[1] // 6))
    shade = 1 - 0.05 * wear * dice.noise(small, small[1] / 4) - 0.03 * wear * dice.noise(small, 12)
    if wear > 0.2:
        ys, xs = np.mgrid[0 : small[0], 0 : small[1]].astype(np.float32)
        edge = np.minimum(np.minimum(xs, small[1] - xs), np.minimum(ys, small[0] - ys)) / small[1]
        shade = shade - 0.16 * wear * np.exp(-edge * 22)
    tint = np.repeat(mask_of(shade)[..., None], 3, 2)
    for _ in range(dice.randint(0, round(4 * wear))):
        _stain(tint, dice)
    for _ in range(dice.randint(0, round(60 * wear * wear))):
        spot = (dice.randrange(small[1]), dice.randrange(small[0]))
        cv2.circle(tint, spot, dice.randint(0, 2), (0.78, 0.88, 0.95), -1, cv2.LINE_AA)
    coloured = pixels_of(cv2.GaussianBlur(tint, (0, 0), 0.9) * np.array(colour, np.float32))
    return pixels_of(cv2.resize(coloured, size[::-1], interpolation=cv2.INTER_LINEAR))


def _stain(tint: np.ndarray[tuple[int, ...], np.dtype[np.float32]], dice: Dice) -> None:
    high, wide = tint.shape[:2]
    veil = np.zeros((high, wide), np.float32)
    middle = (dice.randrange(wide), dice.randrange(high))
    axes = (dice.randint(8, wide // 4), dice.randint(8, wide // 5))
    cv2.ellipse(veil, middle, axes, dice.uniform(0, 180), 0, 360, dice.uniform(0.04, 0.12), -1)
    cv2.ellipse(veil, middle, axes, 0, 0, 360, dice.uniform(0.05, 0.16), 2)
    tint *= 1 - cv2.GaussianBlur(veil, (0, 0), 2.0)[..., None] * np.array([1.5, 1.0, 0.6], np.float32)


def printed(page: Pixels, black: Image.Image, red: Image.Image, voice: Voice, weak: float, dice: Dice) -> Pixels:
    """The page with its print; ``weak`` makes ribbon and toner uneven."""
    mask = np.asarray(black)
    shape = (mask.shape[0], mask.shape[1])
    if voice.letters.typewriter:
        soft = 0.9 if voice.carbon else 0.55
        mask = pixels_of(cv2.GaussianBlur(mask, (0, 0), soft * shape[1] / 1240).astype(np.float32) * 1.35)
    field = 255 * (1 - (0.15 + 0.5 * weak) * dice.noise(shape, shape[1] / dice.uniform(4, 14)))
    mask = pixels_of(cv2.multiply(mask, pixels_of(field), scale=1 / 255))
    page = overlaid(page, tinted(mask, voice.ink))
    if red.getbbox():
        page = overlaid(page, tinted(np.asarray(red), (60, 50, 200)))
    return page


def shown_through(page: Pixels, black: Image.Image, much: float, dice: Dice) -> Pixels:
    """The back side's print, seen faintly and the wrong way round."""
    behind = np.roll(np.asarray(black)[:, ::-1], dice.randint(40, 300), axis=0)
    small = cv2.resize(behind, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), 1.3)
    veil = cv2.resize(soft, behind.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return overlaid(page, tinted(pixels_of(veil.astype(np.float32) * much), (90, 90, 90)))


def folded(page: Pixels, dice: Dice) -> None:
    """A fold across the sheet, light beside dark, in place."""
    high, wide = page.shape[:2]
    level = round(high * dice.choice((0.33, 0.5, 0.66))) + dice.randint(-9, 9)
    lean = dice.randint(-6, 6)
    for step, tone in ((0, dice.randint(150, 200)), (2, 246)):
        line = np.full_like(page[max(0, level - 12) : level + 14], 0)
        cv2.line(line, (0, 12 + step), (wide, 12 + step + lean), (255, 255, 255), 1, cv2.LINE_AA)
        band = page[max(0, level - 12) : level + 14]
        share = line.astype(np.float32) / 255 * 0.45
        band[:] = pixels_of(band * (1 - share) + tone * share)
