"""A side of paper on its way through the house: what every room above may hold in RAM, and no room may store."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Image: TypeAlias = NDArray[np.uint8]
"""Pixels: ``(height, width, 3)`` BGR (OpenCV's order) or ``(height, width)`` grey, uint8."""


class Face(StrEnum):
    """Which face of a sheet (mặt trước, mặt sau)."""

    RECTO = "recto"
    VERSO = "verso"

    @property
    def vi(self) -> str:
        """For the people in the room."""
        return "mặt trước" if self is Face.RECTO else "mặt sau"


@dataclass(frozen=True, slots=True, eq=False)
class RawPage:
    """One side as the scanner delivered it (một mặt giấy), not yet examined.

    Attributes:
        sheet: ordinal of the sheet within the batch, from 1, given by us and never by the driver.
        face: recto or verso.
        pixels: ``(height, width, 3)`` BGR, uint8.
        dpi: dots per inch, the same along both axes.
        jpeg: the scanner's own JPEG bytes where the source keeps them (direct eSCL, folder), else None.
    """

    sheet: int
    face: Face
    pixels: Image = field(repr=False)
    dpi: int
    jpeg: bytes | None = field(default=None, repr=False)


class SideLabel(StrEnum):
    """What a side carries; blank is a label, never a reason to delete (mặt có nội dung, mặt trắng, chưa chắc)."""

    CONTENT = "content"
    BLANK = "blank"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Pose:
    """How a scanned side lies.

    Attributes:
        turn: degrees (0, 90, 180, 270) to rotate the image clockwise so that the text stands upright.
        skew_deg: remaining skew after the turn, degrees, positive when the text runs downhill to the right
            (rotate counter-clockwise by this much to level it); None when the estimator is unsure.
    """

    turn: int
    skew_deg: float | None
