"""Ink masks: how much ink lies on each pixel, 0 paper to 1 ink, in the float32 that every ink model works in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Mask = NDArray[np.float32]


def as_mask(drawn: Image.Image | NDArray[np.uint8]) -> Mask:
    """What was drawn in eight bits as a mask."""
    return np.asarray(np.asarray(drawn, np.float32) / 255, np.float32)
