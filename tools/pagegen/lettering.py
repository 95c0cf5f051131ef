"""Letters that no font has: set one by one, with marks cut by hand, heavier, hollow, leaning, stencilled.

A workshop without Vietnamese type cuts the tone marks itself (dấu khắc tay); a stamp of loose letters never stands in
one line. What the networks shall learn are the letters, not the fonts.
"""

from __future__ import annotations

import unicodedata

import cv2
import numpy as np
from PIL import Image, ImageDraw

from tools.pagegen.fonts import LATIN_ONLY, face
from tools.pagegen.masks import Mask, as_mask
from tools.pagegen.strokes import BAR_OF_D, tone_mark


def set_by_hand(text: str, font: str, height_px: float, rng: np.random.Generator) -> Mask:
    """One line of letters set one by one, tight to its ink, 0 paper to 1 ink.

    Args:
        text: any Vietnamese.
        font: file stem; of a face with bare Latin letters only (``LATIN_ONLY``) the tone marks are cut by hand, and of
            the others in half of the lines.
        height_px: about the cap height.
        rng: source of every unevenness.
    """
    size = max(8, round(height_px * 1.05))
    cut_marks = bool(rng.random() < 0.5) or font in LATIN_ONLY
    pen = max(1.0, size * rng.uniform(0.05, 0.12))
    uneven, space = rng.uniform(0, 0.07), rng.uniform(-0.03, 0.2) * size
    canvas = np.zeros((3 * size, int(size * (4 + 1.4 * len(text)))), np.float32)
    x = 0.0
    for char in text:
        if char == " ":
            x += size * rng.uniform(0.3, 0.6)
            continue
        letter, advance = _letter(char, font, size, pen, rng) if cut_marks else _type(char, font, size)
        scale = float(np.exp(rng.normal(0, uneven * 0.7)))
        move = cv2.getRotationMatrix2D((size, 1.5 * size), float(rng.normal(0, uneven * 60)), scale)
        move[1, 2] += rng.normal(0, uneven * size)
        moved = cv2.warpAffine(letter, move, letter.shape[::-1]) * (1 - rng.uniform(0, 4 * uneven))
        place = canvas[:, int(x) : int(x) + letter.shape[1]]
        np.maximum(place, moved[:, : place.shape[1]], out=place)
        x += advance * scale + space
    return _trimmed(canvas)


def _type(char: str, font: str, size: int) -> tuple[Mask, float]:
    """A letter in the middle of a square of three sizes, its left edge at one size; and its advance in pixels."""
    fnt = face(font, size)
    image = Image.new("L", (3 * size, 3 * size), 0)
    ImageDraw.Draw(image).text((size, size), char, fill=255, font=fnt)
    return as_mask(image), float(fnt.getlength(char))


def _letter(char: str, font: str, size: int, pen: float, rng: np.random.Generator) -> tuple[Mask, float]:
    """As ``_type``, with the bar of Đ and the tone marks as strokes of a graver."""
    base, *marks = list(unicodedata.normalize("NFD", char.replace("Đ", "D").replace("đ", "d")))
    mask, advance = _type(base, font, size)
    left, top, right, bottom = (size + v for v in face(font, size).getbbox(base, anchor="la"))
    strokes = [path for k, m in enumerate(marks) if (path := tone_mark(m, k)) is not None]
    if char in "Đđ":
        strokes.append(BAR_OF_D if char == "Đ" else np.array([[0.4, 0.8], [1.15, 0.8]]))
    out = (mask * 255).astype(np.uint8)
    for stroke in strokes:
        path = stroke + rng.normal(0, 0.03, stroke.shape)
        points = np.stack((left + path[:, 0] * (right - left), bottom - path[:, 1] * (bottom - top)), 1)
        where = np.round(points * 8).astype(np.int32).reshape(-1, 1, 2)
        cv2.polylines(out, [where], False, 255, max(1, round(pen)), cv2.LINE_AA, 3)
    return as_mask(out), advance


def _trimmed(mask: Mask) -> Mask:
    ys, xs = np.nonzero(mask > 0.1)
    if not len(ys):
        return np.zeros((4, 4), np.float32)
    return np.ascontiguousarray(mask[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1])


def worked(mask: Mask, rng: np.random.Generator) -> Mask:
    """A line of letters made otherwise: heavier, lighter, hollow, leaning, stencilled, arched or ragged."""
    work = (_heavier, _lighter, _hollow, _leaning, _stencilled, _arched, _ragged)
    return work[int(rng.choice(len(work), p=(0.22, 0.2, 0.1, 0.18, 0.1, 0.1, 0.1)))](mask, rng)


def _weight(mask: Mask, level: float, spread: float) -> Mask:
    """Strokes whose edge is moved to ``level`` of the blurred mask."""
    room = int(3 * spread) + 2
    grown = cv2.copyMakeBorder(mask, room, room, room, room, cv2.BORDER_CONSTANT)
    soft = cv2.GaussianBlur(grown, (0, 0), spread)
    return _trimmed(np.clip((soft - level) * 8 + 0.5, 0, 1).astype(np.float32))


def _heavier(mask: Mask, rng: np.random.Generator) -> Mask:
    return _weight(mask, rng.uniform(0.15, 0.3), max(0.8, mask.shape[0] * rng.uniform(0.02, 0.05)))


def _lighter(mask: Mask, rng: np.random.Generator) -> Mask:
    return _weight(mask, rng.uniform(0.6, 0.75), max(0.6, mask.shape[0] * rng.uniform(0.008, 0.02)))


def _hollow(mask: Mask, rng: np.random.Generator) -> Mask:
    """Only the outlines (chữ rỗng)."""
    width = max(1.0, mask.shape[0] * rng.uniform(0.03, 0.06))
    grown = cv2.copyMakeBorder(mask, 4, 4, 4, 4, cv2.BORDER_CONSTANT)
    soft = cv2.GaussianBlur(grown, (0, 0), width)
    return _trimmed(np.clip(1 - np.abs(soft - 0.5) * rng.uniform(3, 5), 0, 1).astype(np.float32))


def _leaning(mask: Mask, rng: np.random.Generator) -> Mask:
    h, w = mask.shape
    lean = float(rng.uniform(-0.3, 0.45))
    room = int(abs(lean) * h) + 2
    move = np.array([[1, -lean, max(0.0, lean * h) + 1], [0, 1, 0]], np.float32)
    return _trimmed(np.asarray(cv2.warpAffine(mask, move, (w + room, h)), np.float32))


def _stencilled(mask: Mask, rng: np.random.Generator) -> Mask:
    """Bridges across the strokes, as a stencil needs them (khuôn đục)."""
    out = mask.copy()
    step = mask.shape[0] * rng.uniform(0.5, 1.1)
    thick = max(1, round(mask.shape[0] * rng.uniform(0.03, 0.08)))
    for x in np.arange(rng.uniform(0, step), mask.shape[1], step):
        out[:, int(x) : int(x) + thick] = 0
    return out


def _arched(mask: Mask, rng: np.random.Generator) -> Mask:
    """Along a shallow arc, as bent rubber or a round die sets it."""
    h, w = mask.shape
    rise = h * rng.uniform(-0.5, 0.5)
    room = int(abs(rise)) + 2
    xs, ys = np.meshgrid(np.arange(w, dtype=np.float32), np.arange(h + 2 * room, dtype=np.float32))
    shift = rise * ((xs / max(w - 1, 1) * 2 - 1) ** 2 - 0.5)
    bent = cv2.remap(mask, xs, (ys - room - shift).astype(np.float32), cv2.INTER_LINEAR, borderValue=0)
    return _trimmed(np.asarray(bent, np.float32))


def _ragged(mask: Mask, rng: np.random.Generator) -> Mask:
    """Cut with a knife: edges of short straight nicks."""
    coarse = max(2, round(mask.shape[0] / rng.uniform(9, 16)))
    small = cv2.resize(mask, (max(2, mask.shape[1] // coarse), max(2, mask.shape[0] // coarse)), None, 0, 0, 3)
    return np.asarray(np.clip((cv2.resize(small, mask.shape[::-1]) - 0.4) * 4 + 0.5, 0, 1), np.float32)
