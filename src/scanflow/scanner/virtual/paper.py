"""Virtual paper: page images as a stack, and the JPEG that a side becomes (giấy mô phỏng)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from scanflow.pages import Image
from scanflow.scanner.imagefile import IMAGE_SUFFIXES, jpeg_frame
from scanflow.scanner.virtual.deck import VirtualSheet

NATIVE_DPI = 300
A4_INCHES = (210 / 25.4, 297 / 25.4)
_PAPER_WHITE = 245


def a4_pixels(dpi: int) -> tuple[int, int]:
    """Width and height of an A4 sheet in pixels at ``dpi``, rounded to nearest."""
    return round(A4_INCHES[0] * dpi), round(A4_INCHES[1] * dpi)


@lru_cache(maxsize=4)
def blank_side(dpi: int = NATIVE_DPI) -> bytes:
    """JPEG of an A4 side that nothing is on."""
    width, height = a4_pixels(dpi)
    return encode(np.full((height, width, 3), _PAPER_WHITE, np.uint8), dpi)


def stack_from_images(images: Iterable[bytes], *, duplex: bool = True, first_label: int = 1) -> list[VirtualSheet]:
    """A stack of sheets from encoded images, recto and verso in turn when ``duplex``."""
    sides = list(images)
    step = 2 if duplex else 1
    return [
        VirtualSheet(first_label + n, sides[i], sides[i + 1] if duplex and i + 1 < len(sides) else None)
        for n, i in enumerate(range(0, len(sides), step))
    ]


def stack_from_folder(folder: Path, *, duplex: bool = True, first_label: int = 1) -> list[VirtualSheet]:
    """A stack from the images of a folder in name order, recto and verso in turn when ``duplex``."""
    files = sorted(p for p in folder.iterdir() if p.suffix.lower() in IMAGE_SUFFIXES)
    return stack_from_images((p.read_bytes() for p in files), duplex=duplex, first_label=first_label)


def encode(pixels: Image, dpi: int, *, quality: int = 90) -> bytes:
    """Baseline JPEG with its density written into the JFIF header."""
    ok, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not ok:
        raise ValueError("JPEG encoding failed")
    encoded = bytearray(data.tobytes())
    if encoded[6:10] == b"JFIF":
        encoded[13:18] = bytes([1]) + dpi.to_bytes(2, "big") * 2
    return bytes(encoded)


def render(side: bytes | None, *, dpi: int, colour: bool) -> bytes:
    """The JPEG that a job gets of one side: the file itself when it already is what was asked for.

    Args:
        side: an encoded image of a whole A4 sheet, or None for an empty face.
        dpi: the resolution that the job asks for.
        colour: RGB24 when true, grey otherwise.
    """
    if side is None:
        side = blank_side()
    if colour and _is_colour_a4_jpeg(side, dpi):
        return side
    pixels = cv2.imdecode(np.frombuffer(side, np.uint8), cv2.IMREAD_COLOR if colour else cv2.IMREAD_GRAYSCALE)
    if pixels is None:
        raise ValueError("the side is no image")
    size = a4_pixels(dpi)
    if (pixels.shape[1], pixels.shape[0]) != size:
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return encode(np.asarray(pixels, np.uint8), dpi)


def _is_colour_a4_jpeg(data: bytes, dpi: int) -> bool:
    frame = jpeg_frame(data)
    width, height = a4_pixels(dpi)
    return frame is not None and abs(frame[0] - width) <= 2 and abs(frame[1] - height) <= 2 and frame[2] == 3
