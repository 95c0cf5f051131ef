"""QR codes on separator sheets (tờ phân cách), read by zxing-cpp."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp

from scanflow.pages import Image

_READ_DPI = 150
MAX_CODES = 8

Corners = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code that was decoded.

    Attributes:
        text: what it says.
        corners: its square, pixels of the image as given.
    """

    text: str
    corners: Corners

    def covers(self, quad: Corners) -> bool:
        """Whether a quad lies on the code's own square: what is seen there is the code, not a mark beside it."""
        square = np.array(self.corners, np.float32)
        slack = 0.03 * float(np.linalg.norm(square[0] - square[2]))
        return all(cv2.pointPolygonTest(square, point, measureDist=True) >= -slack for point in quad)


def find_codes(pixels: Image, dpi: int | None = None) -> list[Code]:
    """The QR codes on a side, in reading order of the decoder; none is no error.

    Args:
        pixels: the side as scanned, any turn.
        dpi: its resolution; a fine scan is made smaller first, which is faster and reads better.
    """
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    scale = 1.0
    if dpi and dpi > _READ_DPI:
        scale = _READ_DPI / dpi
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found = zxingcpp.read_barcodes(
        grey, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode), try_downscale=False
    )
    return [Code(code.text, _corners(code.position, scale)) for code in found if code.valid][:MAX_CODES]


def _corners(place: zxingcpp.Position, scale: float) -> Corners:
    points = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    return tuple((point.x / scale, point.y / scale) for point in points)


def read_codes(pixels: Image, dpi: int | None = None) -> list[str]:
    """The texts of the QR codes on a side; see :func:`find_codes`."""
    return [code.text for code in find_codes(pixels, dpi)]
