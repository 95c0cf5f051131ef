"""Four corners of a mark, clockwise from its own top left: what they say of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def geometry(quad: NDArray[np.float64]) -> tuple[float, float, float, float, float]:
    """Middle, width, height (pixels) and the angle of its text (degrees, counter-clockwise) of a quad."""
    along = (quad[1] - quad[0] + quad[2] - quad[3]) / 2
    across = (quad[3] - quad[0] + quad[2] - quad[1]) / 2
    x, y = quad.mean(0)
    return (
        float(x),
        float(y),
        float(np.hypot(*along)),
        float(np.hypot(*across)),
        float(-np.degrees(np.arctan2(along[1], along[0]))),
    )
