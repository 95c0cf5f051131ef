"""The line reader: a small network that spells the capitals on a mark, letter by letter (đọc chữ trên dấu).

The second trained witness. The classifier knows what each kind of mark looks like; this one knows letters,
was trained on other pictures and with another loss, and so fails in other ways. What it spells may raise a
doubt and never clears one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from scanflow.pages import Image
from scanflow.stamps.crops import crop_scale, cut
from scanflow.stamps.errors_network import WeightsTampered
from scanflow.stamps.marks import Quad
from scanflow.stamps.spelling import spelled
from scanflow.stamps.weightsfile import WEIGHTS, index_of, session_of

_BATCH = 8


class LineReader:
    """Spells marks; not for use from several threads at once."""

    def __init__(self, weights: Path | None = None) -> None:
        """Load the checked weights.

        Raises:
            WeightsMissing: a file is not there, or the index cannot be read.
            WeightsTampered: a file's SHA-256 is not the recorded one.
        """
        folder = weights or WEIGHTS
        index = index_of(folder)
        try:
            self._session = session_of(folder, index["lines"])
            self._hold = float(index["lines"]["hold"])
        except (KeyError, TypeError, ValueError) as cause:
            raise WeightsTampered(file="index.toml") from cause

    @property
    def hold(self) -> float:
        """From this spelling on a mark is held, whatever else it was taken for."""
        return self._hold

    def spells(self, side: Image, dpi: int, quads: Sequence[Quad]) -> list[float]:
        """How nearly each mark spells TUYETMAT, 0..1, the better of both ways up.

        Args:
            side: ``(h, w, 3)`` BGR, uint8.
            dpi: dots per inch of ``side``.
            quads: corners of the marks, clockwise from either end of their text.
        """
        found: list[float] = []
        for start in range(0, len(quads), _BATCH):
            crops = [_crop(side, dpi, quad) for quad in quads[start : start + _BATCH]]
            both = np.stack([*crops, *(np.ascontiguousarray(crop[::-1, ::-1]) for crop in crops)])
            (steps,) = self._session.run(None, {"pixels": both})
            each = [spelled(line) for line in steps]
            found += [max(pair) for pair in zip(each[: len(crops)], each[len(crops) :], strict=True)]
        return found


def _crop(side: Image, dpi: int, quad: Quad) -> Image:
    corners = np.array(quad, float)
    along, across = corners[1] - corners[0], corners[3] - corners[0]
    ppm = dpi / 25.4
    width, height = float(np.linalg.norm(along)) / ppm, float(np.linalg.norm(across)) / ppm
    x, y = corners.mean(0)
    angle = -math.degrees(math.atan2(along[1], along[0]))
    return cut(side, float(x), float(y), angle, ppm, crop_scale(width, height))
