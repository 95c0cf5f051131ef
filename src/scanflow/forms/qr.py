"""QR codes as vector outlines and as small pictures, written by zxing-cpp, which also reads them."""

from __future__ import annotations

import io

import numpy as np
import zxingcpp
from markupsafe import Markup
from numpy.typing import NDArray
from PIL import Image

from scanflow.forms.errors import HeadTooLong

LIMIT = 900
"""Bytes. Above that a code of 26 mm has modules under 0.25 mm and is no longer read from a 300 dpi scan."""


def modules(payload: str, level: str) -> NDArray[np.bool_]:
    """The code's modules, True where dark, with a quiet zone of four all round.

    Args:
        payload: opaque text.
        level: error correction, ``L`` … ``H``.

    Raises:
        HeadTooLong: the payload is empty or longer than `LIMIT`.
    """
    length = len(payload.encode())
    if not 0 < length <= LIMIT:
        raise HeadTooLong(length=length, limit=LIMIT)
    code = zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    picture = np.asarray(zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=True))
    return picture < 128


def svg(payload: str, size_mm: float, level: str = "M") -> Markup:
    """The code as inline SVG of ``size_mm`` millimetres with its quiet zone; runs of modules, no picture.

    Raises:
        HeadTooLong: see `modules`.
    """
    dark = modules(payload, level)
    side = dark.shape[0]
    path = []
    for y, row in enumerate(dark):
        edges = np.flatnonzero(np.diff(np.concatenate([[False], row, [False]]).astype(np.int8)))
        path += [f"M{a} {y}h{b - a}v1h-{b - a}z" for a, b in zip(edges[::2], edges[1::2], strict=True)]
    # Built from numbers only: nothing of the payload stands in the markup.
    return Markup(  # noqa: S704
        f'<svg class="qr" xmlns="http://www.w3.org/2000/svg" width="{size_mm}mm" height="{size_mm}mm" '
        f'viewBox="0 0 {side} {side}"><path fill="#000" d="{"".join(path)}"/></svg>'
    )


def png(payload: str, level: str = "M", scale: int = 4) -> bytes:
    """The code as PNG, ``scale`` pixels a module (for workbooks).

    Raises:
        HeadTooLong: see `modules`.
    """
    dark = modules(payload, level)
    pixels = np.where(np.kron(dark, np.ones((scale, scale), dtype=bool)), 0, 255).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()
