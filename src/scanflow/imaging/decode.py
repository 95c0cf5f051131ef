"""From a scanner's file to pixels: 8-bit BGR, a resolution that can be believed, and no surprise.

Everything odd is refused with its own sentence; a refusal is a held side. OpenCV decodes (12-40 CPU ms for A4
at 300 dpi).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import cv2
import numpy as np

from scanflow.imaging.arrays import Array, as_image
from scanflow.imaging.errors import (
    ImageBadShape,
    ImageCmyk,
    ImageCorrupt,
    ImageManyPages,
    ImagePaddedTail,
    ImageTooLarge,
    ImageTooSmall,
    ImageTransparent,
)
from scanflow.imaging.headers import Header, read_header
from scanflow.imaging.quality import find_filled_tail
from scanflow.pages import Image

MAX_SIDE = 20_000
"""Pixels along an edge. A3 at 600 dpi has 9,921; nothing a feeder takes is longer."""
MAX_PIXELS = 100_000_000
"""Pixels in all: A3 at 600 dpi has 70 million. OpenCV holds 3 bytes for each."""
MIN_SIDE = 64
"""Pixels along an edge, below which there is no page to speak of (A7 at 25 dpi)."""

_A4_INCHES = (210 / 25.4, 297 / 25.4)
_USUAL_DPI = (75, 100, 120, 150, 200, 240, 250, 300, 400, 500, 600, 1200)
_LONGEST_PAGE_INCHES = 24.0
"""A declared resolution that makes the page longer than this (61 cm; A3 has 42) is a placeholder such as 72
dpi."""


class Colour(StrEnum):
    """How much colour the image carries (màu, xám, đen trắng hai mức)."""

    COLOUR = "colour"
    GREY = "grey"
    BILEVEL = "bilevel"


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """A decoded side.

    Attributes:
        pixels: ``(height, width, 3)`` BGR, uint8, C-contiguous, as stored (an Exif orientation is not
            applied).
        dpi: dots an inch, or None when unknown; the examination then holds the side.
        dpi_declared: whether ``dpi`` stands in the file, rather than being deduced from A4 proportions.
        colour: colour, grey or bilevel, judged by the pixels, not by the header alone.
    """

    pixels: Image = field(repr=False)
    dpi: int | None
    dpi_declared: bool
    colour: Colour


def decode(source: bytes | Path) -> Decoded:
    """Decode one side.

    Args:
        source: the file's bytes, or its path.

    Raises:
        ImageError: one subclass per cause; see :mod:`scanflow.imaging.errors`.
        OSError: the path cannot be read.
    """
    data = source.read_bytes() if isinstance(source, Path) else bytes(source)
    header = read_header(data)
    check_size(header.width, header.height)
    if header.pages != 1:
        raise ImageManyPages(pages=header.pages)
    if header.cmyk:
        raise ImageCmyk
    try:
        stored = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error as refused:
        raise ImageCorrupt from refused
    if stored is None or stored.size == 0 or stored.shape[:2] != (header.height, header.width):
        raise ImageCorrupt
    pixels = _eight_bit_bgr(stored)
    if rows := find_filled_tail(pixels):
        raise ImagePaddedTail(rows=rows)
    dpi = _declared_dpi(header)
    return Decoded(
        pixels=pixels,
        dpi=dpi or deduce_dpi(header.width, header.height),
        dpi_declared=dpi is not None,
        colour=Colour.BILEVEL if header.bits == 1 else colour_of(pixels),
    )


def adopt(pixels: Image, dpi: int | None) -> Decoded:
    """Take pixels that a driver delivered without a file, under the same conditions.

    Raises:
        ImageBadShape: not uint8 grey or BGR.
        ImageTooLarge: over the limits.
        ImageTooSmall: no page.
        ImagePaddedTail: the driver filled in what it did not receive.
    """
    if not isinstance(pixels, np.ndarray) or pixels.dtype != np.uint8:
        raise ImageBadShape
    if pixels.ndim not in (2, 3) or (pixels.ndim == 3 and pixels.shape[2] not in (1, 3)):
        raise ImageBadShape
    check_size(pixels.shape[1], pixels.shape[0])
    colour_pixels = _eight_bit_bgr(pixels)
    if rows := find_filled_tail(colour_pixels):
        raise ImagePaddedTail(rows=rows)
    known = dpi if dpi and dpi > 0 else None
    return Decoded(
        pixels=colour_pixels,
        dpi=known or deduce_dpi(pixels.shape[1], pixels.shape[0]),
        dpi_declared=known is not None,
        colour=colour_of(colour_pixels),
    )


def check_size(width: int, height: int) -> None:
    """Refuse what cannot be a side of paper.

    Raises:
        ImageTooLarge: over :data:`MAX_SIDE` or :data:`MAX_PIXELS`.
        ImageTooSmall: under :data:`MIN_SIDE`.
    """
    if max(width, height) >= MAX_SIDE or width * height > MAX_PIXELS:
        raise ImageTooLarge(width=width, height=height)
    if min(width, height) < MIN_SIDE:
        raise ImageTooSmall(width=width, height=height)


def deduce_dpi(width: int, height: int) -> int | None:
    """The usual resolution that makes the image an A4 sheet; None if its proportions are others (2 %)."""
    short, long = sorted((width, height))
    across, along = short / _A4_INCHES[0], long / _A4_INCHES[1]
    if abs(across / along - 1) > 0.02:
        return None
    nearest = min(_USUAL_DPI, key=lambda usual: abs(usual - along))
    return nearest if abs(nearest / along - 1) <= 0.02 else None


def colour_of(pixels: Image) -> Colour:
    """Colour, grey or bilevel by the pixels themselves (every fourth row and column).

    A bilevel scan stays one when it is stored as a grey JPEG: between its black and its white there is next
    to nothing,
    while the edges of printed letters in a grey scan are mid-tones.
    """
    sample = pixels[::4, ::4]
    middle = sample[..., 1]
    dark = int(np.count_nonzero(middle < 64))
    between = int(np.count_nonzero((middle >= 80) & (middle < 176)))
    light = int(np.count_nonzero(middle >= 216))
    spread = cv2.absdiff(cv2.extractChannel(sample, 0), cv2.extractChannel(sample, 2))
    coloured = np.count_nonzero(spread > 24)
    if dark and not coloured and light + dark > 0.97 * middle.size and between < 0.02 * min(dark, light):
        return Colour.BILEVEL
    return Colour.COLOUR if int(spread.max(initial=0)) > 8 else Colour.GREY


def _declared_dpi(header: Header) -> int | None:
    if header.dpi is None:
        return None
    x, y = header.dpi
    if not 20 <= x <= 2400 or abs(x / y - 1) > 0.02:
        return None
    if max(header.width / x, header.height / y) > _LONGEST_PAGE_INCHES:
        return None
    return round(x)


def _eight_bit_bgr(stored: Array) -> Image:
    if stored.dtype == np.uint16:
        stored = cv2.convertScaleAbs(stored, alpha=1 / 257)
    if stored.dtype != np.uint8:
        raise ImageCorrupt
    if stored.ndim == 2 or stored.shape[2] == 1:
        return as_image(cv2.cvtColor(stored, cv2.COLOR_GRAY2BGR))
    if stored.shape[2] == 4:
        if int(stored[..., 3].min()) < 255:
            raise ImageTransparent
        return as_image(cv2.cvtColor(stored, cv2.COLOR_BGRA2BGR))
    if stored.shape[2] != 3:
        raise ImageCorrupt
    return np.ascontiguousarray(stored)
