"""Sides with and without a printed page number (số trang), and with what a reader may take for one.

Two styles: ``training``, on which the reader of the margin (`scanflow.ocr.margin`) was tuned, and ``kept_out``, drawn
with the layout, the fonts, the pens and the scanner of the style kept out, on which it was not. Deterministic by seed.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from scanflow.stamps.marks import MarkKind
from tools.pagegen import desk, ink, kept_layout, kept_out, kept_scanner, scanner
from tools.pagegen.faces import cut_freely, engrave
from tools.pagegen.fonts import TRAIN_BODY
from tools.pagegen.layouts import LAYOUTS
from tools.pagegen.sheet import Sheet
from tools.pagegen.strokes import hand_line
from tools.pagegen.text import Prose

DPI = 200
PPM = DPI / 25.4
KINDS = {"number": 45, "foot": 10, "unnumbered": 10, "first": 10, "stamp": 9, "pen": 7, "dirt": 9}
"""Weights: a number at the head, one at the foot; a page without one, other sides, and what else lies in the margin."""
WORDINGS = {"{n}": 70, "- {n} -": 10, "– {n} –": 3, "-{n}-": 3, "{n}/{last}": 5, "Trang {n}": 5, "Trang {n}/{last}": 3,
            "{n}.": 1}  # fmt: skip
_HEADINGS = ("PHỤ LỤC", "PHỤ LỤC I", "Phụ lục 3", "I", "II", "III", "Chương 2", "Mục 1", "Mẫu số 02", "Năm 2024")
_STAMPS = tuple(kind for kind in MarkKind if kind is not MarkKind.UNREADABLE)

Page = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Numbered:
    """A scanned side at `DPI`, upright but for its lean, what it bears and the printed number, if it has one."""

    pixels: Page = field(repr=False)
    kind: str
    number: int | None


def draw(seed: int, style: str) -> Numbered:
    """One side from one seed; ``style``: training or kept_out."""
    rng, noise = random.Random(f"numbered-{style}-{seed}"), np.random.default_rng((seed, len(style), 41))
    kind = rng.choices(tuple(KINDS), tuple(KINDS.values()))[0]
    number = rng.choice((rng.randint(2, 9), rng.randint(2, 20), rng.randint(2, 60), rng.randint(2, 250)))
    make = {"training": _training, "kept_out": _kept_out}[style]
    pixels = make(rng, noise, kind, _worded(rng, number) if kind in ("number", "foot") else "")
    return Numbered(pixels, kind, number if kind in ("number", "foot") else None)


def _worded(rng: random.Random, number: int) -> str:
    form = rng.choices(tuple(WORDINGS), tuple(WORDINGS.values()))[0]
    return form.format(n=number, last=number + rng.randint(0, 40))


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where things stand on a page that goes on from another; millimetres."""

    left: float
    right: float
    top: float
    bottom: float
    size: float
    number: tuple[float, float, float]
    """Middle and top of the number, and its size in points."""
    heading: str


def _plan(rng: random.Random, *, foot: bool) -> _Plan:
    left, right, top = rng.uniform(22, 32), 210 - rng.uniform(13, 22), rng.uniform(18, 27)
    points = rng.choice((13, 13, 14, 14, 12, 11))
    middle = rng.choice((105.0, (left + right) / 2))
    x = (rng.choice((middle, right - 3)) if foot else middle) + rng.gauss(0, 0.5)
    y = rng.uniform(279, 285) if foot else max(6.0, top - rng.uniform(2.5, 10) - points * 0.41)
    bottom = 272.0 if rng.random() < 0.8 else rng.uniform(60, 250)
    heading = rng.choice(_HEADINGS) if rng.random() < 0.12 else ""
    return _Plan(left, right, top, bottom, rng.uniform(12, 14.5), (x, y, points), heading)


# ---- the training style ----------------------------------------------------------------------------------------------


def _training(rng: random.Random, noise: np.random.Generator, kind: str, number: str) -> Page:
    plan = _plan(rng, foot=kind == "foot")
    sheet = rng.choice(LAYOUTS)(rng, PPM) if kind == "first" else _typed(rng, plan, number)
    black = sheet.layer("black")
    page = desk.paper(black.shape[1], black.shape[0], noise)
    if noise.random() < 0.25:
        black = cv2.GaussianBlur(black, (0, 0), noise.uniform(0.4, 0.9)).astype(np.float32)
    desk.stain(page, black, 0, 0, (35, 30, 30), float(noise.choice((1.0, 1.0, noise.uniform(0.5, 1)))))
    if not sheet.is_empty("red"):
        desk.stain(page, sheet.layer("red"), 0, 0, ink.colour(noise, "red"), 0.9)
    if noise.random() < 0.5:  # the sheet's own number in the corner, in pencil
        _written(page, str(rng.randint(1, 300)), (rng.uniform(185, 200), rng.uniform(5, 9)), (110, 110, 110), noise)
    if kind == "pen":
        tone = ink.colour(noise, str(noise.choice(("red", "blue", "black")))) if rng.random() < 0.6 else (110, 110, 110)
        _written(page, str(rng.randint(1, 99)), (rng.uniform(95, 112), rng.uniform(6, 12)), tone, noise)
    elif kind == "stamp":
        cut = cut_freely(rng.choice(_STAMPS), Prose(rng), noise, ("Tinos-Bold", "Arimo-Bold", "Roboto-Bold"), 0.3)
        mask = ink.pad_ink(engrave(cut, PPM, noise).mask, PPM, 0.3, noise)
        x, y = rng.uniform(93, 117) * PPM - mask.shape[1] / 2, rng.uniform(11, 16) * PPM - mask.shape[0] / 2
        desk.stain(page, mask, round(x), round(y), ink.colour(noise, "red"), 0.9)
    elif kind == "dirt":
        _dirt(page, rng)
    severity = float(noise.uniform(0, 0.35))
    if noise.random() < 0.2:
        page = scanner.photocopy(page, PPM, severity, noise)
    page = scanner.sense(_fed(page, noise), PPM, severity, noise)
    if noise.random() < 0.07:
        page = scanner.to_bilevel(page, noise)
    return scanner.jpeg(page, int(noise.integers(70, 95)))


def _typed(rng: random.Random, plan: _Plan, number: str) -> Sheet:
    sheet, prose, body = Sheet(210, 297, PPM), Prose(rng), rng.choice(TRAIN_BODY)
    x, y, points = plan.number
    sheet.text(x, y, number, body, points, align="centre")
    down = plan.top
    if plan.heading:
        sheet.text(105, down, plan.heading, body, plan.size, align="centre")
        down += 9
    while down < plan.bottom - 8:
        text, leading = prose.paragraph(rng.randint(1, 4)), rng.choice((1.15, 1.3, 1.5))
        width = plan.right - plan.left
        down = sheet.paragraph(plan.left, down, width, text, body, plan.size, leading=leading, bottom=plan.bottom) + 2
    return sheet


def _written(
    page: Page, text: str, at: tuple[float, float], tone: tuple[float, float, float], noise: np.random.Generator
) -> None:
    line = ink.pen_ink(hand_line(text, float(noise.uniform(3, 6)) * PPM, noise), PPM, 0.3, noise)
    desk.stain(page, line, round(at[0] * PPM), round(at[1] * PPM), tone, 0.9)


def _dirt(page: Page, rng: random.Random) -> None:
    """Spots, strokes and rings in the middle of the top margin."""
    for _ in range(rng.randint(1, 6)):
        at = (round(rng.uniform(84, 126) * PPM), round(rng.uniform(4, 22) * PPM))
        look: Callable[[], object] = rng.choice(
            (
                lambda at=at: cv2.ellipse(
                    page, at, (round(rng.uniform(1, 8)), round(rng.uniform(1, 8))), rng.uniform(0, 180), 0, 360,
                    (60, 60, 60), -1, cv2.LINE_AA,
                ),
                lambda at=at: cv2.line(
                    page, at, (at[0] + rng.randint(-24, 24), at[1] + rng.randint(-24, 24)), (70, 70, 70),
                    rng.randint(1, 5), cv2.LINE_AA,
                ),
                lambda at=at: cv2.circle(page, at, rng.randint(8, 24), (90, 90, 90), 2, cv2.LINE_AA),
            )
        )  # fmt: skip
        look()


def _fed(page: Page, noise: np.random.Generator) -> Page:
    """As a feeder draws a sheet in: a little askew, on a light or a dark bed."""
    height, width = page.shape[:2]
    angle, scale = float(noise.normal(0, 0.5)), float(noise.normal(1, 0.002))
    move = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), angle, scale), np.float64)
    move[:, 2] += noise.normal(0, PPM, 2)
    bed = int(noise.choice((250, 235, 40, 10)))
    return cv2.warpAffine(page, move, (width, height), borderValue=(bed, bed, bed)).astype(np.uint8)


# ---- the style kept out ----------------------------------------------------------------------------------------------


def _kept_out(rng: random.Random, noise: np.random.Generator, kind: str, number: str) -> Page:
    plan, hard = _plan(rng, foot=kind == "foot"), float(noise.uniform(0, 0.5))
    if kind == "first":
        page, _ = kept_layout.set_sheet(rng, PPM)
    else:
        page = kept_layout.set_continued(rng, PPM, plan.top, plan.bottom, number, plan.number, plan.heading)
    if noise.random() < 0.5:
        kept_out.write(
            page, str(rng.randint(1, 300)), (rng.uniform(180, 195), rng.uniform(2, 6)), 5.0, "black", noise, PPM
        )
    if kind == "pen":
        at, tone = (rng.uniform(92, 108), rng.uniform(3, 9)), rng.choice(("red", "blue", "black"))
        kept_out.write(page, str(rng.randint(1, 99)), at, rng.uniform(4, 9), tone, noise, PPM)
    elif kind == "stamp":
        at = (rng.uniform(93, 117), rng.uniform(11, 16))
        page = kept_out.stamped(page, rng.choice(_STAMPS), at, hard, rng, noise, PPM)
    elif kind == "dirt":
        _dirt(page, rng)
    if noise.random() < 0.2:
        page = kept_scanner.copier(page, PPM, hard, noise)
    page, _ = kept_scanner.lay(page, min(hard, 0.3), noise)
    page = kept_scanner.sensor(page, PPM, hard, noise)
    if noise.random() < 0.07:
        return kept_scanner.bilevel(page, noise)
    return kept_scanner.pressed(page, int(noise.integers(70, 95)))
