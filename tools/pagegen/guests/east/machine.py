"""Copiers and scanners: what they do to a page, and the bed it lies on."""

from __future__ import annotations

import cv2
import numpy as np

from tools.pagegen.guests.east.dice import Dice, Matrix, Pixels, mask_of, pixels_of


def photocopied(page: Pixels, harsh: float, generations: int, dice: Dice) -> Pixels:
    """The page as a black copy of a copy."""
    weights = dice.choice(((0.1, 0.55, 0.35), (0.34, 0.33, 0.33), (0.15, 0.7, 0.15)))
    grey = mask_of(cv2.transform(page, np.array([weights], np.float32)))
    grey = grey / max(60.0, float(np.percentile(grey[::7, ::7], 80))) * 245
    scale = page.shape[1] / 1240
    for _ in range(generations):
        grey = mask_of(cv2.GaussianBlur(grey, (0, 0), (0.35 + 0.45 * harsh) * scale))
        middle, steep = dice.uniform(150, 185) + 12 * harsh, dice.uniform(0.018, 0.024) + 0.03 * harsh
        tone = np.arange(256, dtype=np.float32)
        curve = 248 / (1 + np.exp(-steep * 1.6 * (tone - middle)))
        grey = mask_of(cv2.LUT(pixels_of(grey), curve))
        grey -= 3 * (1 + 2 * harsh) * dice.speckle((grey.shape[0], grey.shape[1]))
    _toner(grey, harsh, dice)
    return pixels_of(cv2.merge([pixels_of(grey)] * 3))


def _toner(grey: np.ndarray[tuple[int, ...], np.dtype[np.float32]], harsh: float, dice: Dice) -> None:
    high, wide = grey.shape[:2]
    for _ in range(dice.randint(10, 40 + round(260 * harsh))):
        spot = (dice.randrange(wide), dice.randrange(high))
        cv2.circle(grey, spot, dice.choice((0, 0, 0, 1)), float(dice.randint(20, 120)), -1)
    if dice.chance(0.3 * harsh):
        at = dice.randrange(wide)
        grey[:, at : at + 2] = np.minimum(grey[:, at : at + 2], 130)
    if dice.chance(0.35 * harsh):
        at = dice.randrange(wide)
        band = slice(at, at + wide // 30)
        grey[:, band] = grey[:, band] * 0.6 + 250 * 0.4
    if dice.chance(0.4):
        rim = round(wide * dice.uniform(0.004, 0.02))
        side = dice.randrange(3)
        part = grey[:, :rim] if side == 0 else grey[:, -rim:] if side == 1 else grey[:rim]
        part *= 0.2


def bedded(page: Pixels, skew: float, dice: Dice) -> tuple[Pixels, Matrix]:
    """The page on the scanner's bed, slightly turned, and the map from page to bed."""
    kind = dice.weighed((("tight", 5), ("white", 3), ("black", 2), ("lid", 2)))
    high, wide = page.shape[:2]
    edge = 0.0 if kind == "tight" else dice.uniform(0.01, 0.06) * wide
    crop = dice.uniform(-0.006, 0.006) * wide if kind == "tight" else edge
    size = (round(wide + 2 * crop), round(high + 2 * crop * dice.uniform(0.6, 1.2)))
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), skew, 1.0)
    turn[:, 2] += ((size[0] - wide) / 2, (size[1] - high) / 2)
    tone = {"tight": 235, "white": 247, "black": dice.randint(8, 40), "lid": dice.randint(150, 215)}[kind]
    laid = cv2.warpAffine(
        page, turn, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=[tone] * 3
    )
    return pixels_of(laid), np.asarray(turn, np.float64)


def scanned(page: Pixels, grain: float, quality: int, soft: float, dice: Dice) -> Pixels:
    """What the scanner's line and the file format add."""
    image = mask_of(cv2.GaussianBlur(page, (0, 0), soft) if soft > 0.2 else page)
    noise = dice.speckle((page.shape[0], page.shape[1]))
    image += (grain * noise)[..., None]
    if dice.chance(0.25 * min(1.0, grain / 4)):
        at = dice.randrange(page.shape[1])
        image[:, at] += dice.choice((-25, 20, 30))
    image = image * dice.uniform(0.97, 1.03) + dice.uniform(-5, 5)
    ready = pixels_of(image)
    if quality >= 97:
        return ready
    _, coded = cv2.imencode(".jpg", ready, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return pixels_of(cv2.imdecode(coded, cv2.IMREAD_COLOR))


def greyed(page: Pixels) -> Pixels:
    """The page in grey, three equal channels."""
    return pixels_of(cv2.merge([cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)] * 3))


def bilevelled(page: Pixels, dpi: int, dice: Dice) -> Pixels:
    """The page in black and white, by a fixed, a local or a screened threshold."""
    grey = pixels_of(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY))
    paper = float(np.percentile(grey[::7, ::7], 70))
    way = dice.weighed((("fixed", 4), ("local", 5), ("screen", 1)))
    if way == "fixed":
        black = grey > paper * dice.uniform(0.7, 0.82)
    elif way == "local":
        around = cv2.blur(grey, (dpi // 3 | 1, dpi // 3 | 1)).astype(np.float32)
        black = grey > np.minimum(around * dice.uniform(0.84, 0.9), paper)
    else:
        bayer = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32) / 16
        screen = np.tile(bayer, (grey.shape[0] // 4 + 1, grey.shape[1] // 4 + 1))[: grey.shape[0], : grey.shape[1]]
        black = grey > paper * (0.4 + 0.5 * screen)
    return pixels_of(cv2.merge([np.where(black, 255, 0).astype(np.uint8)] * 3))


def turned(page: Pixels, clockwise: int) -> tuple[Pixels, Matrix]:
    """The page turned clockwise by a multiple of 90, and the map of its points."""
    high, wide = page.shape[:2]
    maps = {
        0: [[1, 0, 0], [0, 1, 0]],
        90: [[0, -1, high - 1], [1, 0, 0]],
        180: [[-1, 0, wide - 1], [0, -1, high - 1]],
        270: [[0, 1, 0], [-1, 0, wide - 1]],
    }
    return np.ascontiguousarray(np.rot90(page, -clockwise // 90)), np.array(maps[clockwise], np.float64)
