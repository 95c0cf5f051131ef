"""How a fault changes the bytes of one side on their way out."""

from __future__ import annotations

import cv2
import numpy as np

from scanflow.scanner.virtual.deck import FaultKind
from scanflow.scanner.virtual.paper import encode


def spoiled(jpeg: bytes, kind: FaultKind | None, *, dpi: int) -> bytes:
    """The JPEG that is really sent.

    TRUNCATED keeps the first 40 % of the bytes (the length header then agrees with what is sent, as a
    firmware that ran out of memory does it); SHORT and LONG change the number of lines; WRONG_DPI answers at
    half the resolution; GREY drops the colour.
    """
    if kind is FaultKind.TRUNCATED:
        return jpeg[: len(jpeg) * 2 // 5]
    if kind not in (FaultKind.SHORT, FaultKind.LONG, FaultKind.WRONG_DPI, FaultKind.GREY):
        return jpeg
    pixels = np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    height, width = pixels.shape[:2]
    if kind is FaultKind.SHORT:
        return encode(pixels[: height * 2 // 3], dpi)
    if kind is FaultKind.LONG:
        return encode(np.concatenate([pixels, pixels[: height // 4]]), dpi)
    if kind is FaultKind.WRONG_DPI:
        half = cv2.resize(pixels, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        return encode(np.asarray(half, np.uint8), dpi // 2)
    return encode(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8), dpi)
