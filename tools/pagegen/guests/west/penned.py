"""Marks that a pen wrote: the words in somebody's hand, in no frame, one or two."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from scanflow.stamps.marks import MarkKind
from tools.pagegen.drawn import Plate
from tools.pagegen.guests.west import hand, words
from tools.pagegen.guests.west.cuts import PAD_MM, Stamp
from tools.pagegen.norms import NORMS

Rng = np.random.Generator


def written(rng: Rng, kind: MarkKind, px_mm: float) -> Stamp:
    """The words of a mark written with a pen, framed or not."""
    lines = NORMS[kind][0].words if kind is not MarkKind.OTHER else (words.pick(rng, words.STAMPED),)
    how = hand.a_hand(rng, float(rng.uniform(0.07, 0.16)))
    cap = float(rng.uniform(3.6, 7.5) if len(lines) == 1 else rng.uniform(2.6, 4.2)) * px_mm
    small = rng.random() < 0.35
    rows = [_spoken(rng, text, small=small) for text in lines]
    ways = [
        [s + np.array((0, k * cap * 2.1)) for s in hand.strokes(rng, text, cap, how)] for k, text in enumerate(rows)
    ]
    way = [s for one in ways for s in one]
    low, high = hand.span(way)
    low, high = low - 1.3 * px_mm, high + 1.3 * px_mm
    corners = np.array([low, (high[0], low[1]), high, (low[0], high[1])])
    pad = PAD_MM * px_mm
    shift = (float(pad - low[0]), float(pad - low[1]))
    for ring in range(int(rng.choice((0, 1, 2), p=(0.35, 0.35, 0.3)))):
        inward = (np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]]) * ring * 0.85) * px_mm * 0.9
        round_trip = (corners + inward)[[0, 1, 2, 3, 0]]
        for a, b in pairwise(round_trip):
            steps = np.linspace(-0.02, 1.02, 6)[:, None]
            way.append(a + (b - a) * steps + rng.normal(0, 0.13 * px_mm, (6, 2)))
    shape = (int(high[1] - low[1] + 2 * pad), int(high[0] - low[0] + 2 * pad))
    return Stamp(kind, Plate(hand.traced(shape, way, shift, how.nib * cap), corners + np.array(shift)), None, True)


def _spoken(rng: Rng, text: str, *, small: bool) -> str:
    label, _, rest = text.partition("{")
    field = rest.partition("}")[0]
    label = label.capitalize() if small else label
    if field == "agency":
        return words.pick(rng, words.BODIES)
    return label + {"date": words.date(rng, 1), "n": str(rng.integers(1, 60))}.get(field, "")
