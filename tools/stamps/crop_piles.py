"""Piles for the classifier: a crop laid over a crop, with what is left of the highest level in either.

A mark's name stays that of the crop below, whose middle it has; what the pile shows of TUYỆT MẬT may come from both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scanflow.stamps.crops import CROP_HEIGHT, CROP_WIDTH
from tools.stamps.data import FAINTEST, HALF_SHOWN, SHOWN, TALL, UNKNOWN, WIDE, shown
from tools.stamps.piles import Piece, Scene, laid_over

_MIDDLE = np.array([WIDE, TALL]) / 2
_SHAPE = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) / 2
MARK = _SHAPE * (200, 42) + _MIDDLE
"""About where TUYỆT MẬT lies in a crop, corners clockwise."""
_WHOLE = _SHAPE * (CROP_WIDTH - 16, CROP_HEIGHT - 4) + _MIDDLE
_TO_SHOWN = np.array([[1.0, 0.0, (CROP_WIDTH - WIDE) / 2], [0.0, 1.0, (CROP_HEIGHT - TALL) / 2]])


@dataclass(frozen=True, slots=True, eq=False)
class Crop:
    """A crop and what is known of it.

    Attributes:
        pixels: ``(TALL, WIDE, 3)`` BGR, upright.
        kind: what it shows, an index into ``KINDS``.
        seen: that mark's legibility, 1 for background.
        top: what it shows of the highest level (``tools.stamps.data.top_shown``).
    """

    pixels: NDArray[np.uint8]
    kind: int
    seen: float
    top: float


def piled(below: Crop, above: Crop, rng: np.random.Generator) -> Crop:
    """The crop below with the other's ink over it, somewhat askew and aside; as it was where nothing would be left."""
    scene = Scene(below.pixels, [MARK], [{"legibility": below.seen}])
    named = above.top > 0
    piece = Piece(above.pixels, MARK if named else _WHOLE, {"legibility": above.top} if named else None)
    pile = laid_over(scene, piece, rng)
    seen = pile.labels[0]["legibility"]
    if seen < FAINTEST or pile is scene:
        return below
    tops = [_left(below.top * seen / below.seen if below.top > 0 else below.top)]
    if named:
        share, central = shown(pile.quads[1], _TO_SHOWN)
        whole = share >= SHOWN and central
        tops.append(_left(pile.labels[1]["legibility"]) if whole else UNKNOWN if share > HALF_SHOWN else 0.0)
    elif above.top == UNKNOWN:
        tops.append(UNKNOWN)
    return replace(below, pixels=pile.pixels, seen=seen, top=max(tops) if max(tops) > 0 else min(tops))


def _left(legibility: float) -> float:
    """A highest level that is covered too far is neither taught as there nor as absent."""
    return UNKNOWN if 0 < legibility < FAINTEST else legibility
