"""What a PDF must know of a JPEG, from its header, and the one encoder for pages that came as pixels."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from scanflow.pages import Image

MASTER_QUALITY = 85
"""Chosen by measurement (docs/sealing.md): reading does not depend on it; beyond it a decibel costs 1 MB."""
_SOF = {0xC0, 0xC1, 0xC2}
"""Baseline, extended and progressive DCT with Huffman coding: what DCTDecode takes (ISO 32000-1, 7.4.8)."""
_EIGHTH = 8
_TOLERANCE = 8
_STANDALONE = {0x01, *range(0xD0, 0xD9)}


@dataclass(frozen=True, slots=True)
class JpegHead:
    """Size in pixels and number of colour components (1 grey, 3 colour)."""

    width: int
    height: int
    components: int


def read_head(data: bytes | memoryview) -> JpegHead | None:
    """The head of a JPEG that can go into a PDF as it is, or None (8 bit, grey or three colours, Huffman)."""
    view = memoryview(data)
    at, end = 2, len(view)
    if end < 4 or bytes(view[:2]) != b"\xff\xd8":
        return None
    while at + 4 <= end:
        if view[at] != 0xFF:
            return None
        marker = view[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker in _STANDALONE:
            at += 2
            continue
        size = int.from_bytes(view[at + 2 : at + 4], "big")
        body = view[at + 4 : at + 2 + size]
        if marker in _SOF:
            return _head_of(body)
        if marker == 0xDA or (0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC)):
            return None
        at += 2 + size
    return None


def encode(pixels: Image, quality: int = MASTER_QUALITY) -> bytes:
    """JPEG of a page: full colour resolution, since 4:2:0 smears the red of a stamp into its letters.

    Raises:
        ValueError: the pixels are not a non-empty uint8 image.
    """
    if pixels.size == 0 or pixels.dtype != np.uint8:
        raise ValueError("not an image")
    options = [
        cv2.IMWRITE_JPEG_QUALITY,
        quality,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
    ]
    done, encoded = cv2.imencode(".jpg", pixels, options)
    if not done:
        raise ValueError("not encodable")
    return encoded.tobytes()


def decode(data: bytes | memoryview, *, colour: bool = True) -> Image | None:
    """Pixels in the file's own orientation (an EXIF turn is ignored, as PDF viewers do), or None."""
    flags = (cv2.IMREAD_COLOR if colour else cv2.IMREAD_GRAYSCALE) | cv2.IMREAD_IGNORE_ORIENTATION
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    return None if pixels is None else pixels.astype(np.uint8, copy=False)


def shows(data: bytes, pixels: Image) -> bool:
    """Whether a JPEG shows these pixels, compared at an eighth of the size (about 15 ms for A4 at 300 dpi).

    The gate judged the pixels; the file gets the JPEG. Two decoders differ by 2 levels at most here, a
    stamp that is in one only by more than 140 (measured).
    """
    height, width = pixels.shape[0] // _EIGHTH, pixels.shape[1] // _EIGHTH
    if not height or not width:
        return False
    colour = pixels.ndim == 3
    flags = cv2.IMREAD_REDUCED_COLOR_8 if colour else cv2.IMREAD_REDUCED_GRAYSCALE_8
    seen = cv2.imdecode(np.frombuffer(data, np.uint8), flags | cv2.IMREAD_IGNORE_ORIENTATION)
    if seen is None or seen.shape[0] < height or seen.shape[1] < width:
        return False
    whole = pixels[: height * _EIGHTH, : width * _EIGHTH]
    judged = cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)
    difference = cv2.blur(cv2.absdiff(seen[:height, :width], judged), (3, 3))
    return int(difference.max()) <= _TOLERANCE


def _head_of(body: memoryview) -> JpegHead | None:
    if len(body) < 6 or body[0] != 8:
        return None
    height, width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
    components = body[5]
    if not (height and width) or components not in (1, 3):
        return None
    return JpegHead(width, height, components)
