"""The face of a mark, rubber, type or pen: an ink mask with its outer corners, before ink meets paper."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace

import cv2
import numpy as np
from PIL import Image, ImageDraw

from scanflow.stamps.marks import MarkKind
from tools.pagegen.drawn import Plate
from tools.pagegen.fonts import LATIN_STAMP
from tools.pagegen.fonts import face as font_face
from tools.pagegen.lettering import set_by_hand, worked
from tools.pagegen.masks import Mask, as_mask
from tools.pagegen.norms import LEVELS, NORMS
from tools.pagegen.strokes import hand_line
from tools.pagegen.text import Prose

K = MarkKind
MOST_LOOSE = 60
"""Letters of a mark up to which a workshop would set them one by one."""


@dataclass(frozen=True, slots=True)
class Cut:
    """How one stamp was cut, typed or written (cách khắc dấu). Lengths in mm.

    Attributes:
        kind: what it says it is.
        lines: the words.
        width, height: outer size.
        border: double, single, circle, seal or none.
        gap: between the two lines of a double border.
        outer, inner: thickness of the two lines.
        radius: of the corners.
        fill: share of the clear height that the text takes.
        stretch: horizontal squeeze of the letters.
        spacing: extra space between letters, in ems.
        font: file stem; empty means written by hand.
        marks: False leaves the diacritics out.
        negative: letters spared out of a filled plate.
        loose: letters set one by one, tone marks cut by hand.
        reworked: letters heavier, hollow, leaning … than the font has them.
    """

    kind: MarkKind
    lines: tuple[str, ...]
    width: float
    height: float
    border: str
    gap: float = 1.0
    outer: float = 0.35
    inner: float = 0.25
    radius: float = 0.0
    fill: float = 0.8
    stretch: float = 1.0
    spacing: float = 0.0
    font: str = "Tinos-Bold"
    marks: bool = True
    negative: bool = False
    loose: bool = False
    reworked: bool = False


def plain(text: str) -> str:
    """The text without its diacritics (bỏ dấu)."""
    stripped = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return stripped.replace("Đ", "D").replace("đ", "d")


def cut_to_norm(kind: MarkKind, prose: Prose, variant: int = 0) -> Cut:
    """The mark exactly as its norm draws it, in Times-metric bold."""
    norm = NORMS[kind][variant]
    return Cut(kind, tuple(_filled(w, prose) for w in norm.words), norm.width_mm, norm.height_mm, norm.border)


def cut_freely(kind: MarkKind, prose: Prose, rng: np.random.Generator, fonts: tuple[str, ...], wild: float) -> Cut:
    """The mark as some workshop may have cut it: ``wild`` 0 keeps near the norm, 1 goes far beyond it."""
    cut = cut_to_norm(kind, prose, int(rng.integers(len(NORMS[kind]))))
    size = float(np.exp(rng.normal(0, 0.03 + 0.12 * wild)))
    tall = float(np.exp(rng.normal(0, 0.03 + 0.10 * wild)))
    cut = replace(
        cut,
        width=cut.width * size,
        height=cut.height * size * tall,
        font=str(rng.choice(fonts)),
        gap=float(rng.uniform(0.45, 1.0 + 0.8 * wild)),
        outer=float(rng.uniform(0.15, 0.45 + 0.6 * wild)),
        inner=float(rng.uniform(0.12, 0.35 + 0.4 * wild)),
        fill=float(rng.uniform(0.62, 0.98)),
        stretch=float(np.clip(rng.normal(1.0, 0.05 + 0.12 * wild), 0.65, 1.4)),
        radius=float(rng.choice((0, 0, 0, rng.uniform(0.3, 2.0)))),
        spacing=float(rng.choice((0, 0, rng.uniform(0, 0.25)))),
        marks=bool(rng.random() > 0.12 * (0.4 + wild)),
    )
    if rng.random() < 0.03 + 0.05 * wild and cut.border in ("double", "single"):
        cut = replace(cut, border="single" if cut.border == "double" else cut.border)
    if rng.random() < 0.04 * wild:
        cut = replace(cut, negative=True)
    if sum(map(len, cut.lines)) < MOST_LOOSE and cut.border != "seal":
        cut = replace(cut, loose=bool(rng.random() < 0.25), reworked=bool(rng.random() < 0.25))
        if cut.loose and rng.random() < 0.3:
            cut = replace(cut, font=str(rng.choice(LATIN_STAMP)))
    if kind in LEVELS or kind in (K.KHAN, K.THUONG_KHAN, K.HOA_TOC, K.GIAI_MAT):
        cut = _level_variants(cut, rng, wild)
    if kind is K.OTHER:
        cut = _other_variants(cut, rng)
    return cut


def _level_variants(cut: Cut, rng: np.random.Generator, wild: float) -> Cut:
    pick = rng.random()
    words = cut.lines[0]
    bare = 0.16 + 0.06 * wild
    if pick < bare:  # printed mark or old rubber without a border
        cut = replace(cut, border="none", height=cut.height * rng.uniform(0.45, 0.85), fill=1.0)
    elif pick < bare + 0.03 + 0.04 * wild and " " in words:  # two lines
        first, second = words.split(" ")
        cut = replace(
            cut,
            lines=(first, second, *cut.lines[1:]),
            width=cut.width * 0.62,
            height=cut.height * rng.uniform(1.5, 2),
        )
    elif pick < bare + 0.08 and wild > 0.3:  # lower case or spaced out
        other = words.capitalize() if rng.random() < 0.5 else " ".join(words).replace("   ", "  ")
        cut = replace(cut, lines=(other, *cut.lines[1:]))
    if rng.random() < 0.04 * (wild + 0.3):  # large print on a cover
        grow = rng.uniform(1.3, 2.0)
        cut = replace(cut, width=cut.width * grow, height=cut.height * grow)
    return cut


def _other_variants(cut: Cut, rng: np.random.Generator) -> Cut:
    border = str(rng.choice(("single", "single", "double", "none", "circle")))
    width, height = float(rng.uniform(18, 48)), float(rng.uniform(7, 13))
    if border == "circle":
        width = height = float(rng.uniform(12, 24))
    if rng.random() < 0.3:
        width, height = float(rng.choice((20, 30, 40))), 8.0
    return replace(cut, border=border, width=width, height=height)


def _filled(words: str, prose: Prose) -> str:
    rng = prose.rng
    date = rng.choice(("…/…/20…", "............", prose.short_date(), prose.date()))
    return words.format(
        date=date,
        n=rng.choice(("......", str(rng.randint(1, 99)), "…", "0" + str(rng.randint(1, 9)))),
        agency=prose.agency(),
        boxed=prose.boxed(),
    )


def text_mask(text: str, font: str, height_px: float, spacing: float = 0.0, stretch: float = 1.0) -> Mask:
    """One line of type, tight to its ink; ``height_px`` is the cap height with room for marks above."""
    size = max(6, round(height_px * 1.05))
    fnt = font_face(font, size)
    if spacing > 0.01:
        advances = [fnt.getlength(c) + spacing * size for c in text]
        image = Image.new("L", (int(sum(advances)) + size, size * 2), 0)
        pen, x = ImageDraw.Draw(image), size * 0.25
        for char, step in zip(text, advances, strict=True):
            pen.text((x, size * 0.4), char, fill=255, font=fnt)
            x += step
    else:
        image = Image.new("L", (int(fnt.getlength(text)) + size, size * 2), 0)
        ImageDraw.Draw(image).text((size * 0.25, size * 0.4), text, fill=255, font=fnt)
    box = image.getbbox() or (0, 0, 4, 4)
    mask = as_mask(image.crop(box))
    if abs(stretch - 1) > 0.02:
        stretched = (max(2, round(mask.shape[1] * stretch)), mask.shape[0])
        mask = np.asarray(cv2.resize(mask, stretched, interpolation=cv2.INTER_LINEAR), np.float32)
    return mask


def _fit(mask: Mask, width: float, height: float) -> Mask:
    scale = min(width / mask.shape[1], height / mask.shape[0])
    squeeze = scale if scale > 0.8 * height / mask.shape[0] else min(height / mask.shape[0], scale * 1.35)
    size = (
        max(2, round(mask.shape[1] * scale)),
        max(2, round(mask.shape[0] * max(scale, min(squeeze, height / mask.shape[0])))),
    )
    return np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_AREA), np.float32)


def _paste(canvas: Mask, patch: Mask, cx: float, cy: float) -> None:
    h, w = patch.shape
    x0, y0 = round(cx - w / 2), round(cy - h / 2)
    x1, y1 = max(x0, 0), max(y0, 0)
    x2, y2 = min(x0 + w, canvas.shape[1]), min(y0 + h, canvas.shape[0])
    if x2 > x1 and y2 > y1:
        np.maximum(canvas[y1:y2, x1:x2], patch[y1 - y0 : y2 - y0, x1 - x0 : x2 - x0], out=canvas[y1:y2, x1:x2])


def _frame(
    canvas: Mask,
    pad: float,
    width: float,
    height: float,
    inset: float,
    line: float,
    radius: float,
    *,
    circle: bool,
) -> None:
    """Draw one border line; all in pixels, 1/16 pixel exact."""
    shift, thick = 4, max(1, round(line))
    x0, y0 = pad + inset + line / 2, pad + inset + line / 2
    x1, y1 = pad + width - inset - line / 2, pad + height - inset - line / 2
    image = np.zeros(canvas.shape, np.uint8)
    if circle:
        centre = (round((x0 + x1) * 8), round((y0 + y1) * 8))
        cv2.circle(image, centre, max(1, round((x1 - x0) * 8)), 255, thick, cv2.LINE_AA, shift)
    elif radius > 1:
        corners = []
        for cx, cy, a in (
            (x0 + radius, y0 + radius, 180),
            (x1 - radius, y0 + radius, 270),
            (x1 - radius, y1 - radius, 0),
            (x0 + radius, y1 - radius, 90),
        ):
            t = np.radians(a + np.linspace(0, 90, 6))
            corners.append(np.stack((cx + radius * np.cos(t), cy + radius * np.sin(t)), 1))
        cv2.polylines(
            image,
            [np.round(np.concatenate(corners) * 16).astype(np.int32)],
            True,
            255,
            thick,
            cv2.LINE_AA,
            shift,
        )
    else:
        pts = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
        cv2.polylines(image, [np.round(pts * 16).astype(np.int32)], True, 255, thick, cv2.LINE_AA, shift)
    np.maximum(canvas, image.astype(np.float32) / 255 * min(1.0, line), out=canvas)


def _seal(cut: Cut, ppm: float, rng: np.random.Generator) -> Mask:
    """A round agency seal (dấu tròn): rings, ring text, star."""
    pad, size = 2 * ppm, cut.width * ppm
    side = int(size + 2 * pad)
    canvas, centre, radius = np.zeros((side, side), np.float32), side / 2, size / 2
    for share, line in (
        (1.0, rng.uniform(0.5, 1.1)),
        (rng.uniform(0.86, 0.95), rng.uniform(0.2, 0.4)),
        (rng.uniform(0.5, 0.68), rng.uniform(0.2, 0.6)),
    ):
        cv2.circle(
            canvas,
            (round(centre), round(centre)),
            round(radius * share),
            1.0,
            max(1, round(line * ppm)),
            cv2.LINE_AA,
        )
    ring = " ★ ".join(cut.lines) or "SEAL"
    letter = radius * 0.2
    steps = min(len(ring), 46)
    for k, char in enumerate(ring[:steps]):
        theta = np.pi * (0.75 + 1.5 * k / max(1, steps - 1))
        patch = text_mask(char, cut.font, letter) if char != " " else None
        if patch is None or patch.size < 4:
            continue
        turn = np.degrees(theta) + 90
        grown = cv2.copyMakeBorder(patch, 4, 4, 4, 4, cv2.BORDER_CONSTANT)
        h, w = grown.shape
        spin = cv2.getRotationMatrix2D((w / 2, h / 2), -turn, 1)
        _paste(
            canvas,
            np.asarray(cv2.warpAffine(grown, spin, (w, h)), np.float32),
            centre + radius * 0.78 * np.cos(theta),
            centre + radius * 0.78 * np.sin(theta),
        )
    if rng.random() < 0.7:
        star = np.array(
            [
                [centre + radius * r * np.sin(a), centre - radius * r * np.cos(a)]
                for a, r in ((np.pi * i / 5, 0.32 if i % 2 == 0 else 0.13) for i in range(10))
            ]
        )
        cv2.fillPoly(canvas, [star.astype(np.int32)], 1.0, cv2.LINE_AA)
    else:
        _paste(canvas, text_mask(cut.lines[-1][:14] if cut.lines else "X", cut.font, letter), centre, centre)
    return canvas


def engrave(cut: Cut, ppm: float, rng: np.random.Generator) -> Plate:
    """Make the plate of a cut at ``ppm`` pixels a millimetre, with 2 mm of room around it."""
    if cut.font == "":
        return _write(cut, ppm, rng)
    pad, width, height = 2 * ppm, cut.width * ppm, cut.height * ppm
    quad = np.array([[pad, pad], [pad + width, pad], [pad + width, pad + height], [pad, pad + height]])
    if cut.border == "seal":
        return Plate(_seal(cut, ppm, rng), quad)
    canvas = np.zeros((int(height + 2 * pad) + 1, int(width + 2 * pad) + 1), np.float32)
    circle = cut.border == "circle"
    clear = 0.06 * height
    if cut.border != "none":
        _frame(canvas, pad, width, height, 0, cut.outer * ppm, cut.radius * ppm, circle=circle)
        clear = (cut.outer + 0.5) * ppm
    if cut.border in ("double", "circle"):
        _frame(
            canvas,
            pad,
            width,
            height,
            cut.gap * ppm,
            cut.inner * ppm,
            max(0, cut.radius - cut.gap) * ppm,
            circle=circle,
        )
        clear = (cut.gap + cut.inner + 0.45) * ppm
    room_h, room_w = height - 2 * clear, width - 2 * clear
    if circle:
        room_w *= 0.9
    weights = [1.25 if line.isupper() else 1.0 for line in cut.lines]
    top = pad + clear
    for line, weight in zip(cut.lines, weights, strict=True):
        share = room_h * weight / sum(weights)
        words = line if cut.marks else plain(line)
        if cut.loose:
            patch = set_by_hand(words, cut.font, share, rng)
        else:
            patch = text_mask(words, cut.font, share, cut.spacing, cut.stretch)
        if cut.reworked:
            patch = worked(patch, rng)
        patch = _fit(patch, room_w, share * (cut.fill if len(cut.lines) == 1 else cut.fill * 0.9))
        _paste(canvas, patch, pad + width / 2, top + share / 2)
        top += share
    if cut.negative:
        plate = np.zeros_like(canvas)
        plate[round(pad) : round(pad + height), round(pad) : round(pad + width)] = 1
        canvas = np.clip(plate - canvas, 0, 1)
    return Plate(canvas, quad)


def _write(cut: Cut, ppm: float, rng: np.random.Generator) -> Plate:
    """A mark written by hand, in a wobbly frame, a ring, an underline or nothing."""
    lines = [
        hand_line(w, cut.height * ppm * rng.uniform(0.45, 0.7) / len(cut.lines), rng, marks=cut.marks)
        for w in cut.lines
    ]
    gap = round(0.6 * ppm)
    inner_w, inner_h = max(m.shape[1] for m in lines), sum(m.shape[0] for m in lines) + gap * (len(lines) - 1)
    room = round(rng.uniform(0.8, 2.5) * ppm)
    pad = round(3 * ppm)
    canvas = np.zeros((inner_h + 2 * (room + pad), inner_w + 2 * (room + pad)), np.float32)
    y = float(pad + room)
    for mask in lines:
        _paste(canvas, mask, canvas.shape[1] / 2, y + mask.shape[0] / 2)
        y += mask.shape[0] + gap
    box = np.array(
        [
            [pad, pad],
            [canvas.shape[1] - pad, pad],
            [canvas.shape[1] - pad, canvas.shape[0] - pad],
            [pad, canvas.shape[0] - pad],
        ],
        float,
    )
    pen = max(1, round(rng.uniform(0.2, 0.7) * ppm))
    if cut.border in ("double", "single"):
        for k in range(2 if cut.border == "double" else 1):
            inset = k * ppm * rng.uniform(0.8, 1.3)
            sides = [np.linspace(box[i], box[(i + 1) % 4], 7) for i in range(4)]
            path = np.concatenate(sides) + rng.normal(0, 0.16 * ppm, (28, 2))
            path += np.sign(box.mean(0) - path) * inset
            cv2.polylines(canvas, [np.round(path).astype(np.int32)], bool(rng.random() < 0.8), 1.0, pen, cv2.LINE_AA)
    elif cut.border == "circle":
        t = np.linspace(0, 2 * np.pi * rng.uniform(0.95, 1.1), 40)
        centre, half = box.mean(0), (box[2] - box[0]) / 2 * 1.08
        path = centre + np.stack((np.cos(t), np.sin(t)), 1) * half * (1 + rng.normal(0, 0.01, (40, 1)))
        cv2.polylines(canvas, [np.round(path).astype(np.int32)], False, 1.0, pen, cv2.LINE_AA)
    elif cut.border == "under":
        y = box[2, 1] + rng.uniform(-0.5, 1) * ppm
        cv2.line(
            canvas,
            (round(box[0, 0]), round(y)),
            (round(box[1, 0]), round(y + rng.normal(0, ppm))),
            1.0,
            pen,
            cv2.LINE_AA,
        )
    if cut.border == "none" or cut.border == "under":
        shrink = room * 0.6
        box += np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]]) * shrink
    return Plate(canvas, box)
