"""The access copy's page: a bilevel stencil of the dark ink over a small colour background (MRC, ISO/IEC 16485).

About a tenth of the master's size. The stencil (300 dpi, CCITT G4, lossless) keeps letters sharp in one ink colour a
page; everything coloured (stamps, seals, signatures in blue) and everything solid (photographs) stays in the
background, 100 dpi JPEG. That changes the look of the text, so it is never the master (docs/sealing.md). No JBIG2: its
lossy form swaps letters.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field

import cv2
import numpy as np
from PIL import Image as Pillow

from scanflow.pages import Image

_BACKGROUND_DPI = 100
_BACKGROUND_QUALITY = 55
_INK = 0.62
"""Darker than this share of the paper around it is ink."""
_COLOURED = 48
"""Levels between the strongest and the weakest channel, compared with the paper's: more is colour, not ink."""
_SOLID_MM = 2.5
"""Strokes broader than this are no letters: photographs, bars, black borders."""
_STRIP_ROWS, _STRIP_OFFSET, _STRIP_SIZE = 278, 273, 279
"""TIFF tags: rows a strip, where the strip lies, how long it is."""


@dataclass(frozen=True, slots=True)
class Layers:
    """One page in two layers.

    Attributes:
        background: JPEG, colour, 100 dpi or the page's own resolution if that is lower.
        background_size: its width and height, pixels.
        stencil: CCITT G4 data, a black pixel is ink; empty when there is no ink.
        size: width and height of the stencil, pixels.
        ink: red, green, blue of the ink, 0 to 1.
    """

    background: bytes = field(repr=False)
    background_size: tuple[int, int]
    stencil: bytes = field(repr=False)
    size: tuple[int, int]
    ink: tuple[float, float, float]


def split(pixels: Image, dpi: int) -> Layers:
    """Split a page ``(height, width, 3)`` BGR or grey ``(height, width)`` into its two layers."""
    colour = np.asarray(pixels if pixels.ndim == 3 else cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR), np.uint8)
    height, width = colour.shape[:2]
    paper = _paper(colour)
    stencil = _stencil(colour, paper, dpi)
    behind = colour.copy()
    cv2.copyTo(paper, cv2.dilate(stencil, np.ones((5, 5), np.uint8)), behind)
    scale = min(1.0, _BACKGROUND_DPI / dpi)
    small = cv2.resize(behind, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = np.median(colour[stencil.astype(bool)], axis=0) if stencil.any() else np.zeros(3)
    return Layers(
        cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, _BACKGROUND_QUALITY])[1].tobytes(),
        (small.shape[1], small.shape[0]),
        _group4(stencil) if stencil.any() else b"",
        (width, height),
        (float(ink[2]) / 255, float(ink[1]) / 255, float(ink[0]) / 255),
    )


def _paper(colour: Image) -> Image:
    """The paper's own tone around every pixel: the brightest there is in some 6 mm, smoothed."""
    height, width = colour.shape[:2]
    small = cv2.resize(colour, (max(1, width // 8), max(1, height // 8)), interpolation=cv2.INTER_AREA)
    bright = cv2.blur(cv2.dilate(small, np.ones((9, 9), np.uint8)), (15, 15))
    return cv2.resize(bright, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.uint8, copy=False)


def _stencil(colour: Image, paper: Image, dpi: int) -> Image:
    """255 where there is dark, colourless ink in strokes."""
    grey, ground = (cv2.cvtColor(one, cv2.COLOR_BGR2GRAY) for one in (colour, paper))
    dark = cv2.compare(grey, cv2.convertScaleAbs(ground, alpha=_INK), cv2.CMP_LT)
    blue, green, red = cv2.split(cv2.absdiff(colour, paper))
    spread = cv2.subtract(cv2.max(cv2.max(blue, green), red), cv2.min(cv2.min(blue, green), red))
    ink = cv2.bitwise_and(dark, cv2.compare(spread, _COLOURED, cv2.CMP_LT))  # type: ignore[call-overload]
    side = max(3, round(_SOLID_MM * dpi / 25.4))
    solid = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    if solid.any():
        ink[cv2.dilate(solid, np.ones((side, side), np.uint8)) > 0] = 0
    return np.asarray(ink, np.uint8)


def _group4(stencil: Image) -> bytes:
    """CCITT group 4 data of a stencil, one strip; through a TIFF in memory."""
    # 255 is ink: libtiff codes a set bit as black, and a stencil's black is what gets painted
    picture = Pillow.fromarray(stencil).convert("1", dither=Pillow.Dither.NONE)
    buffer = io.BytesIO()
    picture.save(buffer, "TIFF", compression="group4", tiffinfo={_STRIP_ROWS: picture.height})
    with Pillow.open(buffer) as tiff:
        (offset,), (size,) = tiff.tag_v2[_STRIP_OFFSET], tiff.tag_v2[_STRIP_SIZE]  # type: ignore[attr-defined]
    return buffer.getvalue()[offset : offset + size]
