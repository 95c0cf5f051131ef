"""Image files as a source gets them: whole or not, what they say of themselves, their pixels (tệp ảnh)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import cv2
import numpy as np

from scanflow.pages import Image

IMAGE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff"})
MAX_PIXELS = 200_000_000
"""Above A3 at 600 dpi (139 million); a header that says more is no page."""

Decode: TypeAlias = Callable[[bytes], Image]
"""Encoded bytes to BGR pixels; raises ValueError with a reason without content, or a ScanflowError."""


def jpeg_frame(data: bytes) -> tuple[int, int, int] | None:
    """Width, height and number of components of a JPEG from its frame header; None when it has none."""
    at = 2
    if data[:2] != b"\xff\xd8":
        return None
    while at + 9 < len(data):
        if data[at] != 0xFF:
            return None
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height = int.from_bytes(data[at + 5 : at + 7], "big")
            return int.from_bytes(data[at + 7 : at + 9], "big"), height, data[at + 9]
        at += 2 + length
    return None


def jpeg_dpi(data: bytes) -> int | None:
    """Dots per inch from the JFIF header; None when it does not say, or says two different ones."""
    if data[:4] != b"\xff\xd8\xff\xe0" or data[6:10] != b"JFIF":
        return None
    unit, across, down = data[13], int.from_bytes(data[14:16], "big"), int.from_bytes(data[16:18], "big")
    if across != down or unit not in (1, 2):
        return None
    return across if unit == 1 else round(across * 2.54)


def why_torn(data: bytes) -> str | None:
    """Why a file is certainly not whole, or None; a cut JPEG would decode to flat grey without a word."""
    if not data:
        return "tệp rỗng"
    if data[:2] == b"\xff\xd8":
        if jpeg_frame(data) is None:
            return "JPEG không có phần đầu"
        if b"\xff\xd9" not in data[-64:]:
            return "JPEG thiếu phần cuối"
    if data[:8] == b"\x89PNG\r\n\x1a\n" and b"IEND" not in data[-16:]:
        return "PNG thiếu phần cuối"
    return None


def decode_page(data: bytes) -> Image:
    """Whole image file to BGR pixels.

    Raises:
        ValueError: it is cut off, no image, or larger than any page; the reason carries no content.
    """
    if why := why_torn(data):
        raise ValueError(why)
    frame = jpeg_frame(data)
    if frame is not None and frame[0] * frame[1] > MAX_PIXELS:
        raise ValueError("ảnh lớn hơn mọi khổ giấy")
    flags = cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error:
        pixels = None
    if pixels is None:
        raise ValueError("không giải mã được")
    return np.asarray(pixels, np.uint8)
