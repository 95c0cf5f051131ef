"""The faces of stamps: rubber cut by the norm, or as workshops, clerks and pens really make them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from scanflow.stamps.marks import MarkKind
from tools.pagegen.drawn import Plate
from tools.pagegen.guests.west import hand, words
from tools.pagegen.guests.west.lettering import Lettering, a_lettering, fitted, line, pasted, toneless
from tools.pagegen.masks import Mask, as_mask
from tools.pagegen.norms import LEVELS, NORMS

Rng = np.random.Generator
PAD_MM = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Stamp:
    """A mark ready to be pressed.

    Attributes:
        kind: the mark.
        plate: its clean face and corners.
        pen: what is filled in by hand, on the same ground.
        handwritten: the whole of it is pen work.
        printed: the printer or typewriter set it, no rubber.
    """

    kind: MarkKind
    plate: Plate
    pen: Mask | None = None
    handwritten: bool = False
    printed: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What goes round the words: "double", "single", "thick", "round", "oval", "circle" or "none"; lines in mm."""

    shape: str
    line_mm: float
    gap_mm: float

    @property
    def inset_mm(self) -> float:
        """How far from the outer edge the words may begin."""
        if self.shape == "none":
            return 0.3
        return self.line_mm + 0.15 + (self.gap_mm + 0.8 * self.line_mm if self.shape in ("double", "circle") else 0.0)


def stamp(rng: Rng, kind: MarkKind, px_mm: float) -> Stamp:
    """A rubber stamp of a kind, its face at ``px_mm`` pixels per millimetre."""
    norm = NORMS[kind][int(rng.integers(len(NORMS[kind])))]
    lines, width, height = norm.words, norm.width_mm, norm.height_mm
    frame = Frame(norm.border, float(rng.uniform(0.22, 0.5)), float(rng.uniform(0.5, 0.95)))
    cut, usual = a_lettering(rng, 0.55 if kind in LEVELS else 0.3), True
    width, height = width * rng.uniform(0.94, 1.06), height * rng.uniform(0.94, 1.06)
    negative = printed = False
    if kind is MarkKind.OTHER:
        lines, width, height, frame = _other(rng)
    elif kind not in (MarkKind.ENVELOPE_A, MarkKind.ENVELOPE_B, MarkKind.ENVELOPE_C):
        usual = rng.random() >= (0.16 if kind in LEVELS else 0.12)
    if not usual:
        oddity = int(rng.integers(7))
        if oddity == 0:
            frame = replace(frame, shape="single")
        elif oddity == 1:
            frame, printed = replace(frame, shape="none"), bool(rng.random() < 0.5)
        elif oddity == 2 and " " in lines[0] and len(lines) == 1 and kind in LEVELS:
            lines, width, height = tuple(lines[0].split()), width * 0.68, height * 1.65
        elif oddity == 3:
            lines = tuple(toneless(part) for part in lines)
        elif oddity == 4:
            height *= rng.uniform(1.2, 1.6)
        elif oddity == 5:
            frame = replace(frame, shape="thick", line_mm=float(rng.uniform(0.8, 1.3)))
        else:
            negative = len(lines) == 1 and rng.random() < 0.5
    return _cut(rng, kind, lines, (width, height), frame, cut, px_mm, negative=negative, printed=printed)


def _other(rng: Rng) -> tuple[tuple[str, ...], float, float, Frame]:
    shape = str(
        rng.choice(("single", "double", "none", "round", "oval", "thick"), p=(0.34, 0.16, 0.22, 0.12, 0.06, 0.1))
    )
    frame = Frame(shape, float(rng.uniform(0.3, 0.7)), float(rng.uniform(0.6, 1.2)))
    form = rng.random()
    if form < 0.12:
        return (
            (words.person(rng),),
            float(rng.uniform(30, 46)),
            float(rng.uniform(4.5, 7)),
            replace(frame, shape="none"),
        )
    if form < 0.22:
        post = words.pick(rng, ("GIÁM ĐỐC", "CHÁNH VĂN PHÒNG", "THỦ KHO", "TRƯỞNG GA", "KẾ TOÁN TRƯỞNG"))
        return (
            (post, words.person(rng)),
            float(rng.uniform(36, 48)),
            float(rng.uniform(11, 15)),
            replace(frame, shape="none"),
        )
    if form < 0.34:
        first = words.pick(rng, words.STAMPED)
        return (first, words.date(rng, 3)), float(rng.uniform(24, 40)), float(rng.uniform(12, 17)), frame
    text = words.pick(rng, words.STAMPED)
    return (
        (text,),
        float(np.clip(6 + 2.9 * len(text), 16, 64) * rng.uniform(0.85, 1.2)),
        float(rng.uniform(7, 12)),
        frame,
    )


def _cut(
    rng: Rng, kind: MarkKind, lines: tuple[str, ...], size: tuple[float, float], frame: Frame, cut: Lettering,
    px_mm: float, *, negative: bool, printed: bool,
) -> Stamp:  # fmt: skip
    w, h, pad = round(size[0] * px_mm), round(size[1] * px_mm), round(PAD_MM * px_mm)
    face = np.zeros((h + 2 * pad, w + 2 * pad), np.float32)
    quad = np.array([[pad, pad], [pad + w, pad], [pad + w, pad + h], [pad, pad + h]], np.float64)
    inset = frame.inset_mm * px_mm
    room = (pad + inset, pad + inset, w - 2 * inset, h - 2 * inset)
    pen = _set(rng, face, lines, room, cut, px_mm)
    if negative:
        solid = np.zeros_like(face)
        solid[pad : pad + h, pad : pad + w] = 1
        face = np.clip(solid - face, 0, 1)
    else:
        np.maximum(face, _framed(face.shape, quad, frame, px_mm), out=face)
    if frame.shape == "none" and not negative:
        quad = _tight(face, 0.6 * px_mm)
    return Stamp(kind, Plate(face, quad), pen, False, printed)


def _tight(face: Mask, margin: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    x, y, w, h = cv2.boundingRect((face > 0.3).astype(np.uint8))
    a, b = np.array((x, y)) - margin, np.array((x + w, y + h)) + margin
    return np.array([a, (b[0], a[1]), b, (a[0], b[1])], np.float64)


def _framed(
    shape: tuple[int, ...], quad: np.ndarray[tuple[int, ...], np.dtype[np.float64]], frame: Frame, px_mm: float
) -> Mask:
    drawn = np.zeros(shape, np.uint8)
    width = max(1, round(frame.line_mm * px_mm))
    rings = 2 if frame.shape in ("double", "circle") else int(frame.shape != "none")
    for ring in range(rings):
        inset = width / 2 + ring * (frame.gap_mm + frame.line_mm) * px_mm
        (x0, y0), (x1, y1) = (quad[0] + inset).round().astype(int), (quad[2] - inset).round().astype(int)
        thick = max(1, round(width * (0.7 if ring else 1)))
        centre, axes = ((x0 + x1) // 2, (y0 + y1) // 2), ((x1 - x0) // 2, (y1 - y0) // 2)
        if frame.shape in ("circle", "oval"):
            cv2.ellipse(drawn, centre, axes, 0, 0, 360, 255, thick, cv2.LINE_AA)
        elif frame.shape == "round":
            r = round(1.6 * px_mm)
            for cx, cy, start in (
                (x0 + r, y0 + r, 180),
                (x1 - r, y0 + r, 270),
                (x1 - r, y1 - r, 0),
                (x0 + r, y1 - r, 90),
            ):
                cv2.ellipse(drawn, (cx, cy), (r, r), 0, start, start + 90, 255, thick, cv2.LINE_AA)
            for a, b in (
                ((x0 + r, y0), (x1 - r, y0)),
                ((x0 + r, y1), (x1 - r, y1)),
                ((x0, y0 + r), (x0, y1 - r)),
                ((x1, y0 + r), (x1, y1 - r)),
            ):
                cv2.line(drawn, a, b, 255, thick, cv2.LINE_AA)
        else:
            cv2.rectangle(drawn, (x0, y0), (x1, y1), 255, thick)
    return as_mask(drawn)


def _set(
    rng: Rng, face: Mask, lines: tuple[str, ...], room: tuple[float, float, float, float], cut: Lettering, px_mm: float
) -> Mask | None:
    """Set the lines into the room, in place; fields get a dotted leader and sometimes a value by pen."""
    x, y, width, height = room
    weights = [0.8 if "{" in text else 1.0 + 0.25 * (text == "ĐẾN") for text in lines]
    pen: Mask | None = None
    how = hand.a_hand(rng)
    by_hand = rng.random() < 0.65
    for said, weight in zip(lines, weights, strict=True):
        text = said.replace("{date}", "…………", 1) if said.count("{") > 1 else said
        row = height * weight / sum(weights)
        label, _, rest = text.partition("{")
        field = rest.partition("}")[0]
        if field == "agency":
            label, field = words.pick(rng, words.BODIES).upper(), ""
        share = (rng.uniform(0.82, 0.98) if len(lines) == 1 else 0.74) if not field else 0.56
        ink = fitted(line(rng, label or "Số:", cut, 96), width * 0.95, row * share, cut.squeeze)
        left = x if field else x + (width - ink.shape[1]) / 2
        pasted(face, ink, left, y + (row - ink.shape[0]) / 2)
        if field:
            start, base = left + ink.shape[1] + 0.8 * px_mm, y + row * 0.74
            for dot in np.arange(start, x + width - 0.3 * px_mm, 0.75 * px_mm):
                cv2.circle(face, (round(dot), round(base)), max(1, round(0.13 * px_mm)), 1.0, -1)
            if by_hand and rng.random() < 0.85:
                value = words.date(rng, int(rng.choice((0, 1, 3)))) if field == "date" else str(rng.integers(1, 400))
                tall = min(row * 0.6, (x + width - start) / max(len(value), 1) * 1.2)
                way = hand.strokes(rng, value, max(tall, 4), how)
                written = hand.traced((face.shape[0], face.shape[1]), way, (start, base), how.nib * tall)
                pen = written if pen is None else np.maximum(pen, written)
        y += row
    return pen
