"""Looking into one frame: cut its clear field out, read it both ways up, note the ink that was not read."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from scanflow.imaging.arrays import Array, as_image
from scanflow.pages import Image
from scanflow.stamps.geometry import Frame
from scanflow.stamps.judge import Sighting
from scanflow.stamps.marks import MarkKind, Quad
from scanflow.stamps.witness import READ_DPI, Heard, TextReader
from scanflow.stamps.words import LETTERS, LEVELS, word_of

_PAD = 14
_SURE_TEXT = 0.75


def sight(pixels: Image, dpi: int, frame: Frame, ocr: TextReader | None) -> Sighting:
    """Look into a frame and read what stands there, both ways up."""
    crops = [clear_field(pixels, dpi, frame, way) for way in ((0, 1) if not frame.border.round else (0, 1, 2, 3))]
    base = Sighting(frame.quad, frame.width_mm, frame.height_mm, frame.border, frame.coloured)
    extent = ink_extent(crops[0])
    if extent == 0:
        return replace(base, empty=True)
    if ocr is None or (frame.border.round and frame.width_mm > 18.0):
        return base
    if frame.border.round:
        return _read_letter(base, crops, ocr)
    best = base
    for way, crop in enumerate(crops):
        seen = _read_words(base, frame, crop, ocr)
        if (seen.word is not None, seen.confidence) > (best.word is not None, best.confidence):
            best = replace(seen, quad=turned_quad(frame.quad, way, quarter=False))
        if best.word is not None and best.wrong_letters == 0:
            break
    return best


def _read_letter(base: Sighting, crops: list[Image], ocr: TextReader) -> Sighting:
    """The letter of an envelope mark: heard in one of four turns, and with as many holes as it must have.

    A single letter is easily misheard when it lies on its side; its holes (A one, B two, C none) do not turn.
    Where A is possible, A is taken.
    """
    found: dict[MarkKind, Sighting] = {}
    for way, crop in enumerate(crops):
        heard = ocr.read(crop, lines=0)
        kind = LETTERS.get(heard.text.strip().upper())
        if kind is not None and holes(crop) == _HOLES[kind]:
            seen = replace(base, word=kind, confidence=heard.confidence)
            found.setdefault(kind, replace(seen, quad=turned_quad(base.quad, way, quarter=True)))
    return next((found[kind] for kind in _HOLES if kind in found), base)


_HOLES = {MarkKind.ENVELOPE_A: 1, MarkKind.ENVELOPE_B: 2, MarkKind.ENVELOPE_C: 0}


def holes(crop: Image) -> int:
    """Holes in the largest letter of a crop that are larger than specks."""
    ink = (crop < 128).astype(np.uint8)
    contours, tree = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return 0
    letter = max(range(len(contours)), key=lambda index: cv2.contourArea(contours[index]))
    least = 0.01 * cv2.contourArea(contours[letter])
    return sum(
        int(links[3]) == letter and cv2.contourArea(contour) > least
        for contour, links in zip(contours, tree[0], strict=True)
    )


def _read_words(base: Sighting, frame: Frame, crop: Image, ocr: TextReader) -> Sighting:
    lines = 1 if frame.height_mm < 11 else 3
    heard = ocr.read(crop, lines)
    found = word_of(heard.text, forgiving=True)
    if found is None and lines == 3:
        found = _any_line(heard)
    if found is None:
        letters = sum(letter.isalpha() for letter in heard.text)
        sure = heard.confidence >= _SURE_TEXT and letters >= 5
        return replace(base, other_text=sure, confidence=heard.confidence)
    kind, wrong = found
    unread = kind in LEVELS and ink_extent(crop) > _EXPECTED_RATIO[kind]
    return replace(base, word=kind, wrong_letters=wrong, confidence=heard.confidence, unread_ink=unread)


def _any_line(heard: Heard) -> tuple[MarkKind, int] | None:
    """A two-line mark: its first line that is a known word, levels excepted (they fill a frame alone)."""
    for line in heard.text.splitlines():
        found = word_of(line, forgiving=True)
        if found is not None and found[0] not in LEVELS:
            return found
    return None


_EXPECTED_RATIO = {MarkKind.MAT: 3.4, MarkKind.TOI_MAT: 6.2, MarkKind.TUYET_MAT: 99.0}
"""Width of the ink over its height for each word in bold capitals with their marks: 2.2, 4.1 and 5.6 in a
face of Times's metrics; half as much again is more ink than the word has."""


def ink_extent(crop: Image) -> float:
    """Width over height of the ink in a crop; 0 when there is none."""
    ink = crop < 140
    columns, rows = np.flatnonzero(ink.any(axis=0)), np.flatnonzero(ink.any(axis=1))
    if columns.size < 4 or rows.size < 4 or np.count_nonzero(ink) < 30:
        return 0.0
    return float((columns[-1] - columns[0] + 1) / (rows[-1] - rows[0] + 1))


def clear_field(pixels: Image, dpi: int, frame: Frame, way: int = 0) -> Image:
    """The field within the frame at 200 dpi: grey, stretched to dark on white, padded.

    ``way`` counts half turns (rectangles) or quarter turns (circles) of the reading direction.
    """
    quad = np.array(turned_quad(frame.inner, way, quarter=frame.border.round), np.float32)
    scale = READ_DPI / dpi
    inset = 0.45 / 25.4 * dpi
    across, down = quad[1] - quad[0], quad[3] - quad[0]
    across, down = across / np.linalg.norm(across), down / np.linalg.norm(down)
    if frame.border.round:  # the square within the circle
        inset = 0.15 * float(np.linalg.norm(quad[1] - quad[0]))
    quad += inset * np.array([across + down, down - across, -across - down, across - down])
    width = max(8, round(float(np.linalg.norm(quad[1] - quad[0])) * scale))
    height = max(8, round(float(np.linalg.norm(quad[3] - quad[0])) * scale))
    target = np.array([[0, 0], [width, 0], [width, height]], np.float32)
    matrix = cv2.getAffineTransform(quad[:3], target)
    window = cv2.warpAffine(pixels, matrix, (width, height), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    grey = _own_ink(window, coloured=frame.coloured)
    return as_image(cv2.copyMakeBorder(grey, _PAD, _PAD, _PAD, _PAD, cv2.BORDER_CONSTANT, value=(255,)))


def _own_ink(window: Array, *, coloured: bool) -> Image:
    """Dark on white: of a coloured stamp its colour, so that black print under it goes; else the darkest."""
    if window.ndim == 2:
        dark: Array = 255 - window
    else:
        blue, green, red = cv2.split(window)
        low = cv2.min(cv2.min(blue, green), red)
        dark = cv2.subtract(cv2.max(cv2.max(blue, green), red), low) if coloured else 255 - low
    floor, top = float(np.percentile(dark, 20)), float(np.percentile(dark, 99.5))
    if top - floor < 25:
        return np.full(dark.shape, 255, np.uint8)
    stretched: Array = 255 - np.clip((dark.astype(np.float32) - floor) * (255 / (top - floor)), 0, 255)
    return stretched.astype(np.uint8)


def turned_quad(quad: Quad, way: int, *, quarter: bool) -> Quad:
    """The same quad begun at another corner: half turns of a rectangle, quarter turns of a circle."""
    step = way if quarter else 2 * way
    return quad[step:] + quad[:step]
