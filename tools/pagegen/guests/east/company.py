"""What belongs to no kind of mark: signatures, notes of a pen, ticks, highlighter, staples, holes."""

from __future__ import annotations

import cv2
import numpy as np

from tools.pagegen.guests.east import pen, words
from tools.pagegen.guests.east.dice import Dice, Matrix, Pixels, overlaid
from tools.pagegen.guests.east.ink import PENS, pressed
from tools.pagegen.guests.east.place import Anchors, onto_page
from tools.pagegen.masks import Mask


def _laid(
    page: Pixels, mask: Mask, at: tuple[float, float], wide_mm: float, lean: float, scale: float, dice: Dice
) -> None:
    middle = np.array([mask.shape[1] / 2, mask.shape[0] / 2])
    per_mm = mask.shape[1] / wide_mm
    pressed(page, mask * dice.uniform(0.7, 0.95), dice.choice(PENS), onto_page(middle, at, lean, per_mm, scale))


def signed_by(page: Pixels, at: tuple[float, float], scale: float, dice: Dice) -> None:
    """A signature, in place."""
    wide = dice.uniform(26, 50)
    _laid(page, pen.signature(round(wide * scale * 1.4), dice), at, wide, dice.gauss(-6, 6), scale, dice)


def noted(page: Pixels, at: tuple[float, float], scale: float, dice: Dice) -> None:
    """A note of one line with a pen, in place."""
    mask = pen.written(dice.choice(words.NOTES), round(4 * scale * 1.4), pen.hand(dice), dice)
    _laid(page, mask, at, mask.shape[1] / scale / 1.4 * dice.uniform(0.8, 1.2), dice.gauss(-3, 5), scale, dice)


def highlighted(page: Pixels, at: tuple[float, float], scale: float, dice: Dice) -> None:
    """A stroke of highlighter, in place."""
    x, y = (round(v * scale) for v in at)
    half, tall = round(dice.uniform(18, 45) * scale), round(dice.uniform(2.2, 3.4) * scale)
    veil = np.full_like(page, 255)
    colour = dice.choice(((90, 250, 255), (130, 255, 160), (215, 170, 255)))
    cv2.line(veil, (x - half, y), (x + half, y + dice.randint(-5, 5)), colour, tall, cv2.LINE_AA)
    rows = slice(max(0, y - 2 * tall), y + 2 * tall)
    page[rows] = overlaid(page[rows], veil[rows])


def punched(page: Pixels, scale: float, dice: Dice) -> None:
    """Two holes in the left margin, in place."""
    x, middle = round(dice.uniform(8, 13) * scale), page.shape[0] / 2
    for side in (-40, 40):
        spot = (x + dice.randint(-2, 2), round(middle + side * scale))
        cv2.circle(page, spot, round(2.8 * scale), (205, 205, 205), -1, cv2.LINE_AA)
        cv2.ellipse(page, spot, (round(2.8 * scale),) * 2, 0, 150, 300, (120, 120, 120), 1, cv2.LINE_AA)


def stapled(page: Pixels, scale: float, dice: Dice) -> None:
    """A staple in the upper left corner, in place, with a little rust."""
    x, y = dice.uniform(6, 14) * scale, dice.uniform(5, 14) * scale
    lean = dice.uniform(-0.9, 0.9)
    reach = np.array([np.cos(lean), np.sin(lean)]) * 5.5 * scale
    a, b = (np.round(np.array([x, y]) + s * reach).astype(int) for s in (-1, 1))
    ends = (int(a[0]), int(a[1])), (int(b[0]), int(b[1]))
    cv2.line(page, *ends, (70, 95, 130), max(2, round(0.7 * scale)), cv2.LINE_AA)
    cv2.line(page, *ends, (200, 205, 205), max(1, round(0.3 * scale)), cv2.LINE_AA)


def ticked(page: Pixels, scale: float, dice: Dice) -> None:
    """Ticks beside some lines, in place."""
    colour, x = dice.choice(PENS), dice.uniform(16, 24)
    for _ in range(dice.randint(2, 6)):
        y = dice.uniform(60, page.shape[0] / scale - 30)
        shape: Matrix = np.array([[x, y], [x + 1.2, y + 2], [x + 4.5, y - 3]]) * scale
        cv2.polylines(page, [np.round(shape).astype(np.int32)], False, colour, max(1, round(0.45 * scale)), cv2.LINE_AA)


def _clear(at: tuple[float, float], marks: list[Matrix]) -> bool:
    return not any(
        m[:, 0].min() - 28 < at[0] < m[:, 0].max() + 28 and m[:, 1].min() - 6 < at[1] < m[:, 1].max() + 6 for m in marks
    )


def gathered(page: Pixels, anchors: Anchors, marks: list[Matrix], scale: float, dice: Dice) -> frozenset[str]:
    """The company of one page, in place; notes keep clear of ``marks`` (mm). Returns what there is to say of it."""
    facts = set[str]()
    high, wide = page.shape[0] / scale, page.shape[1] / scale
    if dice.chance(0.7):
        signed_by(page, anchors.signer, scale, dice)
    if dice.chance(0.45):
        spots = [(dice.uniform(30, wide - 40), dice.choice((12.0, dice.uniform(20, high - 15)))) for _ in range(6)]
        for spot in [s for s in spots if _clear(s, marks)][: dice.choice((1, 1, 2))]:
            noted(page, spot, scale, dice)
            facts.add("pen_note")
    if dice.chance(0.2):
        highlighted(page, (wide / 2, dice.uniform(80, max(90, high - 60))), scale, dice)
    for likely, what in ((0.25, punched), (0.2, stapled), (0.2, ticked)):
        if dice.chance(likely):
            what(page, scale, dice)
    return frozenset(facts)
