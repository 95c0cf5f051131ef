"""The type of an array inside this room.

OpenCV's own annotations say "some array of numbers" of every result; naming the element type after each call would only
repeat the call's documentation. What leaves the room is typed exactly (:data:`scanflow.pages.Image`).
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from scanflow.pages import Image

Array: TypeAlias = NDArray[Any]
"""An array whose element type the code around it knows."""


def as_image(array: Array) -> Image:
    """The same array, typed as an image; it must hold uint8 already (nothing is converted in silence).

    Raises:
        TypeError: other elements.
    """
    if array.dtype != np.uint8:
        raise TypeError(f"an image holds uint8, not {array.dtype}")
    return array
