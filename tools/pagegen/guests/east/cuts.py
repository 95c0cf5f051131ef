"""Stamps as they are cut: words, frames and leaders engraved on a plate, before any ink."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from scanflow.stamps.marks import MarkKind
from tools.pagegen.drawn import Plate
from tools.pagegen.fonts import face
from tools.pagegen.guests.east import words
from tools.pagegen.guests.east.dice import Dice, Matrix, blurred, mask_of
from tools.pagegen.masks import as_mask
from tools.pagegen.norms import LEVELS, NORMS, Norm

SERIF = ("FreeSerifBold", "FreeSerifBold", "FreeSerifBold", "NotoSerifDisplay-Bold", "GentiumBookPlus-Bold",
         "DejaVuSerifCondensed-Bold", "GentiumPlus-Bold", "DejaVuSerif-Bold", "FreeSerif")  # fmt: skip
SANS = (
    "FreeSansBold",
    "Carlito-Bold",
    "DejaVuSansCondensed-Bold",
    "NotoSansDisplay-Bold",
    "DejaVuSans-Bold",
    "FreeSans",
)
EDGE_MM = 1.5


@dataclass(frozen=True, slots=True)
class Cut:
    """How one stamp is cut.

    Attributes:
        stem: face of its letters.
        frame: double, single, none, circle.
        stretch: across and down, beside the norm.
        tracking: room between letters, in em.
        line: thickness of the frame in mm.
        gap: from the outer line to the inner one, in mm.
        negative: letters spared out of a full field.
        toneless: cut without the marks of Vietnamese.
        split: the words on lines of their own.
        round_mm: radius of the corners.
        printed: part of the page's own printing, not a stamp.
    """

    stem: str
    frame: str
    stretch: tuple[float, float] = (1.0, 1.0)
    tracking: float = 0.0
    line: float = 0.35
    gap: float = 1.0
    negative: bool = False
    toneless: bool = False
    split: bool = False
    round_mm: float = 0.0
    printed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Engraved:
    """A plate, its resolution, and the blanks ``(x, y, w, h)`` in its pixels that a pen fills."""

    plate: Plate
    per_mm: float
    blanks: tuple[tuple[float, float, float, float], ...]
    printed: bool = False


def chosen_cut(kind: MarkKind, norm: Norm, dice: Dice) -> Cut:
    """A cut for the kind: by the norm, one level in eight as real workshops strayed from it."""
    stem = dice.choice(SERIF if dice.chance(0.8 if kind in LEVELS else 0.6) else SANS)
    plain = Cut(
        stem, norm.border, (dice.uniform(0.94, 1.06), dice.uniform(0.94, 1.06)),
        dice.weighed(((0.0, 6), (0.04, 1), (0.09, 1))), dice.uniform(0.25, 0.5), dice.uniform(0.85, 1.15),
    )  # fmt: skip
    if kind not in LEVELS or dice.chance(7 / 8):
        loose = kind is MarkKind.OTHER or (kind not in LEVELS and dice.chance(0.1))
        frame = dice.weighed((("single", 6), ("double", 3), ("none", 2))) if loose else norm.border
        return Cut(plain.stem, frame, plain.stretch, plain.tracking, plain.line, plain.gap,
                   round_mm=dice.choice((0.0, 1.2)) if loose else 0.0)  # fmt: skip
    across, down = plain.stretch
    return dice.weighed((
        (Cut(stem, "single", plain.stretch, line=dice.uniform(0.3, 0.8), round_mm=dice.choice((0, 0, 1.0))), 5),
        (Cut(dice.choice(SANS), "double", plain.stretch, 0.05, 0.4, 1.0), 3),
        (Cut(stem, "none", plain.stretch, plain.tracking, printed=dice.chance(0.6)), 4),
        (Cut(stem, plain.frame, (across * 0.72, down * 1.6), split=kind is not MarkKind.MAT), 3),
        (Cut(stem, plain.frame, plain.stretch, toneless=True), 2),
        (Cut(stem, plain.frame, (across * 1.1, down * dice.uniform(1.2, 1.5))), 4),
        (Cut(stem, "single", plain.stretch, negative=True), 1),
    ))  # fmt: skip


def toneless(text: str) -> str:
    """The text without its marks; Đ stays."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def drawn_line(text: str, stem: str, em: float, tracking: float = 0.0, most: float | None = None) -> Image.Image:
    """One line of letters, cropped to its width, an em above and half an em below the base line kept."""
    font = face(stem, round(em))
    wide = sum(font.getlength(c) for c in text) if tracking else font.getlength(text)
    wide += tracking * em * max(0, len(text) - 1)
    tile = Image.new("L", (max(2, round(wide) + 2), round(em * 1.62)))
    _letters(ImageDraw.Draw(tile), text, font, tracking * em, em * 1.22)
    if most and tile.width > most:
        tile = tile.resize((max(2, round(most)), tile.height), Image.Resampling.BILINEAR)
    return tile


def _letters(pen: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, room: float, base: float) -> None:
    if not room:
        pen.text((1, base), text, font=font, fill=255, anchor="ls")
        return
    at = 1.0
    for sign in text:
        pen.text((at, base), sign, font=font, fill=255, anchor="ls")
        at += font.getlength(sign) + room


def _framed(sheet: Image.Image, cut: Cut, per_mm: float) -> None:
    pen, edge = ImageDraw.Draw(sheet), EDGE_MM * per_mm
    line = max(1, round(cut.line * per_mm))
    shape = (edge, edge, sheet.width - edge, sheet.height - edge)
    step = (cut.gap + cut.line) * per_mm
    inner = (edge + step, edge + step, sheet.width - edge - step, sheet.height - edge - step)
    if cut.frame == "circle":
        pen.ellipse(shape, outline=255, width=line)
        pen.ellipse(inner, outline=255, width=line)
    elif cut.frame != "none":
        pen.rounded_rectangle(shape, cut.round_mm * per_mm, outline=255, width=line)
        if cut.frame == "double":
            pen.rounded_rectangle(inner, cut.round_mm * per_mm * 0.5, outline=255, width=max(1, round(line * 0.8)))


def engraved(kind: MarkKind, norm: Norm, cut: Cut, dpi: int, dice: Dice) -> Engraved:
    """The plate of a mark that is no seal, drawn finer than the page will be."""
    per_mm = max(dpi / 25.4 * 1.6, 10.0)
    wide, high = norm.width_mm * cut.stretch[0] * per_mm, norm.height_mm * cut.stretch[1] * per_mm
    edge = EDGE_MM * per_mm
    sheet = Image.new("L", (round(wide + 2 * edge), round(high + 2 * edge)))
    _framed(sheet, cut, per_mm)
    lines = tuple(_said(w, dice) for w in norm.words)
    if cut.split:
        lines = tuple(lines[0].split(" "))
    if cut.toneless:
        lines = tuple(toneless(line) for line in lines)
    if cut.frame == "circle":
        tile = drawn_line(lines[0], cut.stem, 13 * per_mm)
        tile = tile.crop(tile.getbbox())
        sheet.paste(255, (round((sheet.width - tile.width) / 2), round((sheet.height - tile.height) / 2)), tile)
        blanks: tuple[tuple[float, float, float, float], ...] = ()
    else:
        blanks = _lettered(sheet, lines, kind, cut, per_mm)
    mask = blurred(as_mask(sheet), 0.6)
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float64)
    quad = corners * [sheet.width - 2 * edge, sheet.height - 2 * edge] + edge
    if cut.negative:
        field = mask_of(np.zeros_like(mask))
        cv2.rectangle(field, (round(edge), round(edge)), (round(edge + wide), round(edge + high)), 1.0, -1)
        mask = field * (1 - mask)
    elif cut.frame == "none":
        quad = _around(sheet, per_mm * 0.6)
    return Engraved(Plate(mask_of(mask), quad), per_mm, blanks, cut.printed)


def _around(sheet: Image.Image, margin: float) -> Matrix:
    x0, y0, x1, y1 = sheet.getbbox() or (0, 0, sheet.width, sheet.height)
    spread = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float64) * margin
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float64) + spread


def _said(line: str, dice: Dice) -> str:
    return line.replace("{agency}", words.body(dice)).replace("{boxed}", dice.choice(words.BOXED))


def _lettered(
    sheet: Image.Image, lines: tuple[str, ...], kind: MarkKind, cut: Cut, per_mm: float
) -> tuple[tuple[float, float, float, float], ...]:
    edge = EDGE_MM * per_mm
    inset = edge + per_mm * (1.9 if cut.frame == "double" else 1.0)
    room, top = sheet.width - 2 * inset, inset
    tall = sheet.height - 2 * inset
    if kind is MarkKind.BAN_SAO_BMNN:
        tall *= 0.78
    pitch = tall / len(lines)
    blanks = list[tuple[float, float, float, float]]()
    for k, line in enumerate(lines):
        fielded = "{" in line
        em = min(4.7 * per_mm * cut.stretch[1], pitch * (0.62 if fielded else 0.84))
        stem = cut.stem.replace("SerifBold", "Serif") if fielded else cut.stem
        base = top + pitch * (k + 0.5) + em * 0.3
        if not fielded:
            if line == "ĐẾN" or (kind is MarkKind.DEN and k == 1):
                em *= 1.15
            tile = drawn_line(line, stem, em, cut.tracking, room)
            sheet.paste(255, (round((sheet.width - tile.width) / 2), round(base - em * 1.22)), tile)
            continue
        blanks += _leaders(sheet, line, stem, em, (inset, base, room))
    return tuple(blanks)


def _leaders(
    sheet: Image.Image, line: str, stem: str, em: float, at: tuple[float, float, float]
) -> list[tuple[float, float, float, float]]:
    """A line with blanks: its words and dotted leaders; returns the blanks."""
    x, base, room = at
    parts = line.replace("{date}", "{n}").split("{n}")
    taken = sum(drawn_line(p, stem, em).width for p in parts if p)
    leader = max(em, (room - taken) / max(1, len(parts) - 1))
    blanks, pen = list[tuple[float, float, float, float]](), ImageDraw.Draw(sheet)
    for k, part in enumerate(parts):
        if part:
            tile = drawn_line(part, stem, em)
            sheet.paste(255, (round(x), round(base - em * 1.22)), tile)
            x += tile.width
        if k + 1 < len(parts):
            dot = max(1.0, em * 0.05)
            for spot in np.arange(x + em * 0.2, x + leader - em * 0.2, em * 0.28):
                pen.ellipse((spot, base - dot, spot + 2 * dot, base + dot), fill=255)
            blanks.append((x + em * 0.2, base - em, leader - em * 0.4, em))
            x += leader
    return blanks


def norm_of(kind: MarkKind, dice: Dice) -> Norm:
    """One of the norms of the kind; odd boxed stamps come in widths of their words."""
    norm = dice.choice(NORMS[kind])
    if kind is not MarkKind.OTHER:
        return norm
    text = dice.choice(words.BOXED)
    tall = dice.uniform(7, 10)
    return Norm((text,), max(18.0, len(text) * tall * 0.36 + 5), tall, "single")
