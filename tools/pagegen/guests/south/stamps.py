"""Cutting the plates: carved wood, cast rubber, brass type in a holder, a pen, a typewriter's capitals."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.random import Generator

from scanflow.stamps.marks import MarkKind
from tools.pagegen.drawn import Plate
from tools.pagegen.fonts import face
from tools.pagegen.guests.south import words
from tools.pagegen.guests.south.canvas import Grey, clouds, lettered, lines
from tools.pagegen.guests.south.strokes import Hand, any_hand, written
from tools.pagegen.masks import Mask, as_mask
from tools.pagegen.norms import LEVELS, NORMS, Norm

FACES = ("Tinos-Bold", "LiberationSerif-Bold", "CharisSIL-Bold", "Vollkorn-Bold", "Vollkorn-Black", "RobotoSlab-Bold",
         "RobotoCondensed-Bold", "OpenSans-CondBold", "NotoSerif-Bold", "LinLibertine_RB", "Arimo-Bold", "Lato-Black",
         "cmunbx", "JunicodeTwoBeta-Bold", "Tinos-Bold", "LinBiolinum_RB", "Cousine-Bold", "Roboto-Black")  # fmt: skip
"""Faces that seal carvers copied."""


@dataclass(frozen=True, slots=True)
class Cut:
    """How a plate is made.

    Attributes:
        face: letters, or "" for letters carved free-hand.
        border: "double", "single", "circle", "seal" or "none".
        wobble: millimetres that the knife strayed.
        tones: whether tone marks are there: "all", "none", or "small" (vowel signs only).
        stretch: height of the plate against its norm.
        scale: size against its norm.
        split: the words on two lines.
        negative: letters spared out of a full field.
        rule: thickness of the frame in millimetres.
        rounded: radius of the frame's corners in millimetres.
        fill: share of the free width that the letters may take.
    """

    face: str
    border: str
    wobble: float = 0.08
    tones: str = "all"
    stretch: float = 1.0
    scale: float = 1.0
    split: bool = False
    negative: bool = False
    rule: float = 0.35
    rounded: float = 0.0
    fill: float = 0.86


def any_cut(rng: Generator, kind: MarkKind, norm: Norm) -> Cut:
    """A plate as the norm has it; one in eight of the levels, and more of the others, as some carver had it."""
    carved = rng.random() < 0.16
    cut = Cut(
        face="" if carved else FACES[int(rng.integers(len(FACES)))],
        border=norm.border,
        wobble=float(rng.choice([0.03, 0.08, 0.16, 0.26], p=[0.3, 0.35, 0.25, 0.1])),
        scale=float(rng.uniform(0.94, 1.06)),
        rule=float(rng.uniform(0.22, 0.55)),
        rounded=float(rng.choice([0.0, 0.0, 0.6, 1.4])),
        fill=float(rng.uniform(0.72, 0.9)),
    )
    if norm.border in ("circle", "seal") or rng.random() > (0.13 if kind in LEVELS else 0.25):
        return cut
    way = int(rng.integers(7))
    return (
        replace(cut, border="single"),
        replace(cut, border="none"),
        replace(cut, split=True, stretch=1.8, scale=0.85),
        replace(cut, tones="none"),
        replace(cut, tones="small", stretch=1.25),
        replace(cut, stretch=float(rng.uniform(1.2, 1.6)), scale=float(rng.uniform(0.85, 1.3))),
        replace(cut, negative=rng.random() < 0.5, border="single", scale=1.1),
    )[way]


def stripped(text: str, tones: str) -> str:
    """The words with as many marks as the carver cut."""
    if tones == "all":
        return text
    lost = "\u0300\u0301\u0303\u0309\u0323" + ("\u0302\u0306\u031b" if tones == "none" else "")
    kept = "".join(c for c in unicodedata.normalize("NFD", text) if c not in lost)
    bare = unicodedata.normalize("NFC", kept)
    return bare.replace("Đ", "D").replace("đ", "d") if tones == "none" else bare


def face_lines(rng: Generator, norm: Norm) -> tuple[str, ...]:
    """The words of a mark with its open fields as dots."""
    body = words.pick(rng, words.BODIES).upper()
    boxed = words.pick(rng, words.BOXED)
    dots = "." * int(rng.integers(8, 16))
    return tuple(line.format(agency=body, boxed=boxed, date=dots, n=dots[: 14 - len(line) // 3]) for line in norm.words)


def _word(text: str, tall: float, wide: float, cut: Cut, rng: Generator) -> Grey:
    """One line of letters that fits into ``tall`` by ``wide`` pixels."""
    if cut.face:
        patch = lettered(text, face(cut.face, round(max(6, tall * 0.86))))[0]
    else:
        hand = Hand(float(rng.normal(0, 0.04)), 0.28, float(rng.uniform(0.6, 0.9)), float(rng.uniform(0.15, 0.22)))
        patch = written(text, tall * 0.62, hand, rng)[0]
    shrink = min(1.0, wide / patch.shape[1])
    squeeze = min(1.0, tall / patch.shape[0])
    size = (
        max(3, int(patch.shape[1] * max(shrink, 0.2))),
        max(3, int(patch.shape[0] * squeeze * max(shrink, 0.72) ** 0.4)),
    )
    return np.asarray(cv2.resize(patch, size, interpolation=cv2.INTER_AREA), np.uint8)


def _frame(image: Grey, cut: Cut, w: float, h: float, pad: float, scale: float) -> float:
    """Cut the frame; says how much room it takes on each side."""
    insets = {"double": (0.0, 1.0 * cut.scale), "single": (0.0,), "circle": (0.0, 1.0)}.get(cut.border, ())
    for count, inset in enumerate(insets):
        half = cut.rule * scale * (1.0 if count == 0 else 0.7)
        x0 = y0 = pad + inset * scale + half / 2
        x1, y1 = pad + w - inset * scale - half / 2, pad + h - inset * scale - half / 2
        if cut.border == "circle":
            turn = np.linspace(0, 2 * np.pi, 60)
            path = np.stack(
                [(x0 + x1) / 2 + (x1 - x0) / 2 * np.cos(turn), (y0 + y1) / 2 + (y1 - y0) / 2 * np.sin(turn)], 1
            )
        else:
            r = min(cut.rounded * scale, h / 4) * (0.6 if count else 1.0)
            turn = np.linspace(0, np.pi / 2, 5 if r else 1)
            corners = (
                (x1 - r, y0 + r, -np.pi / 2),
                (x1 - r, y1 - r, 0.0),
                (x0 + r, y1 - r, np.pi / 2),
                (x0 + r, y0 + r, np.pi),
            )
            path = np.vstack(
                [np.stack([cx + r * np.cos(a + turn), cy + r * np.sin(a + turn)], 1) for cx, cy, a in corners]
            )
            path = np.vstack([path, path[:1]])
        lines(image, [path], half)
    return (max(insets, default=0.0) + cut.rule + 0.35) * scale


def carve(kind: MarkKind, text: tuple[str, ...], norm: Norm, cut: Cut, rng: Generator, scale: float) -> Plate:
    """The clean plate of a framed mark."""
    rows = [stripped(line, cut.tones) for line in text]
    if cut.split and len(rows) == 1 and " " in rows[0]:
        rows = rows[0].split(" ", 1)
    shrink = 0.62 if cut.split and len(rows) == 2 else 1.0
    w, h, pad = (
        norm.width_mm * cut.scale * shrink * scale,
        norm.height_mm * cut.scale * cut.stretch * scale,
        scale * 1.5,
    )
    image = np.zeros((int(h + 2 * pad) + 1, int(w + 2 * pad) + 1), np.uint8)
    room = _frame(image, cut, w, h, pad, scale)
    share = (h - 2 * room) / len(rows)
    for at, row in enumerate(rows):
        tight = 1.08 if len(rows) == 1 else 1.0
        patch = _word(row, share * tight, (w - 2 * room) * cut.fill, cut, rng)
        left, top = round(pad + (w - patch.shape[1]) / 2), round(pad + room + share * (at + 0.5) - patch.shape[0] / 2)
        spot = image[max(top, 0) : top + patch.shape[0], max(left, 0) : left + patch.shape[1]]
        np.maximum(spot, patch[: spot.shape[0], : spot.shape[1]], out=spot)
    quad = np.array([[pad, pad], [pad + w, pad], [pad + w, pad + h], [pad, pad + h]])
    if cut.border == "none":
        quad = _bounds(image)
    if cut.negative:
        field_of = np.zeros_like(image)
        cv2.rectangle(field_of, (int(pad), int(pad)), (int(pad + w), int(pad + h)), 255, -1)
        image = np.where(field_of > 0, 255 - image, image)
    return Plate(strayed(as_mask(image), cut.wobble * scale, rng, scale), quad)


def strayed(mask: Mask, far: float, rng: Generator, scale: float) -> Mask:
    """The mask as a knife that strays by about ``far`` pixels cut it."""
    shape = (mask.shape[0], mask.shape[1])
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    dx, dy = (clouds(rng, shape, 1.6 * scale) * 0.5 + clouds(rng, shape, 9 * scale) * 0.8 for _ in range(2))
    return np.asarray(cv2.remap(mask, x + dx * far, y + dy * far, cv2.INTER_LINEAR), np.float32)


def _bounds(image: Grey) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    x, y, w, h = cv2.boundingRect(image)
    return np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]], np.float64)


def penned(text: tuple[str, ...], norm: Norm, rng: Generator, scale: float) -> Plate:
    """A mark written with a pen, sometimes framed or underlined by the same hand."""
    hand = replace(any_hand(rng), width=float(rng.uniform(0.08, 0.16)))
    small = rng.random() < 0.3
    capital = float(rng.uniform(4.0, 7.5)) / len(text) ** 0.5 * scale
    rows = [written(row.capitalize() if small else row, capital, hand, rng)[0] for row in text]
    pad = capital * 0.6
    w = max(row.shape[1] for row in rows) + 2 * pad
    h = sum(row.shape[0] * 1.02 for row in rows) + 2 * pad
    image = np.zeros((int(h) + 4, int(w) + 4), np.uint8)
    y = pad
    for row in rows:
        x = int((w - row.shape[1]) / 2)
        image[int(y) : int(y) + row.shape[0], x : x + row.shape[1]] |= row
        y += row.shape[0] * 1.02
    e = pad * 0.35
    box = np.array([[e, e], [w - e, e], [w - e, h - e], [e, h - e], [e, e - 2]]) + rng.normal(0, e * 0.3, (5, 2))
    way = int(rng.integers(4)) if norm.border != "circle" else 3
    if way < 2:
        lines(image, [np.clip(box, 2, None)], capital * hand.width)
    elif way == 2:
        lines(image, [box[2:4] + np.array([[0, -pad * 0.2], [0, pad * 0.1]])], capital * hand.width)
    elif norm.border == "circle":
        turn = np.linspace(0.2, 6.6, 40)[:, None]
        ring = np.hstack([np.cos(turn), np.sin(turn)]) * [w / 2 - 3, h / 2 - 3] + [w / 2, h / 2]
        lines(image, [ring], capital * hand.width)
    return Plate(as_mask(image), _bounds(image))


def norm_of(rng: Generator, kind: MarkKind) -> Norm:
    """One of the norms of a mark."""
    return NORMS[kind][int(rng.integers(len(NORMS[kind])))]
