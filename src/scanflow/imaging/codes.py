"""QR codes on separator sheets (tờ phân cách), read by zxing-cpp."""

from __future__ import annotations

import cv2
import zxingcpp

from scanflow.pages import Image

_READ_DPI = 150
MAX_CODES = 8


def read_codes(pixels: Image, dpi: int | None = None) -> list[str]:
    """The texts of the QR codes on a side, in reading order of the decoder; none is no error.

    Args:
        pixels: the side as scanned, any turn.
        dpi: its resolution; a fine scan is made smaller first, which is faster and reads better.
    """
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    if dpi and dpi > _READ_DPI:
        scale = _READ_DPI / dpi
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found = zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode), try_downscale=False)
    return [code.text for code in found if code.valid][:MAX_CODES]
