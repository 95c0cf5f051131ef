"""The closer look: where the first one is in doubt, a window of the side is searched again, by a second detector.

The first look sees the whole side at 75 dpi. Where stamps and seals lie upon one another it often knows that TUYỆT MẬT
is there and not where it lies, how large or which way, and the classifier is then given a crop beside it. The second
detector has learnt from such places alone; it sees each at 100 dpi and proposes anew, and what both looks make of one
place is melted into one score. Pure: what to look at, and what comes of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scanflow.pages import Image
from scanflow.stamps.candidates import DETECTOR_DPI, VOTERS, Candidate, Floats, find_candidates, sigmoid
from scanflow.stamps.crops import CROP_DPI, crop_map, cut
from scanflow.stamps.fusion import Finding, logit, probability
from scanflow.stamps.geometry import centre_of

CLOSER_DPI: Final = 100
WINDOW_PX: Final = 256
"""Side of a window: 65 mm, so a frame of 40 mm fits in it at every turn, 12 mm off."""
_SCALE: Final = CROP_DPI / CLOSER_DPI
_SIZE: Final = (WINDOW_PX, WINDOW_PX)
MOST_WINDOWS: Final = 4
APART_MM: Final = 15.0
"""Findings nearer than this to a place are doubts about the same place."""
REACH_MM: Final = 26.0
"""How far off the middle of a window, along each of its sides, a mark's middle may lie."""
MOST_AGAIN: Final = 3
"""Proposals that are looked at in a window."""
DOUBTED: Final = 0.01
"""Score from which on the first look leaves a doubt …"""
TOP_SECRET_SEEN: Final = 0.5
"""… or the dense map's own P(TUYỆT MẬT), whatever the classifier made of the crop."""
LEAST_TOP_SECRET: Final = 0.2
"""P(TUYỆT MẬT) of the closer map from which on a proposal is worth a crop."""
NOTHING_SEEN: Final = 0.04
"""What a look says of a place at least. One look alone holds the side from two in three on, since the other may
have laid no frame there at all; chosen on threshold pages (``docs/stamps.md``)."""

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Doubt:
    """One place that was looked at twice (chỗ phải nhìn lại).

    Attributes:
        place: its middle, pixels of the side.
        first: what the first look found there, each with its own score.
        closer: what the closer look found there, likewise.
    """

    place: Place
    first: tuple[Finding, ...]
    closer: tuple[Finding, ...]


def doubts_of(findings: Sequence[Finding], px_per_mm: float) -> list[tuple[Place, tuple[Finding, ...]]]:
    """The places to look at again, the gravest doubt first, each with the findings that lie there.

    Args:
        findings: of the first look; none of them reaches the threshold for routing.
        px_per_mm: of the side.
    """
    left = sorted(
        (f for f in findings if f.route >= DOUBTED or f.detector_top_secret >= TOP_SECRET_SEEN),
        key=lambda f: (-f.route, -f.detector_top_secret),
    )
    places: list[tuple[Place, tuple[Finding, ...]]] = []
    while left and len(places) < MOST_WINDOWS:
        place = centre_of(left[0].quad)
        near = [f for f in left if math.dist(centre_of(f.quad), place) <= APART_MM * px_per_mm]
        left = [f for f in left if f not in near]
        places.append((place, tuple(near)))
    return places


def window_map(place: Place, px_per_mm: float) -> NDArray[np.float64]:
    """The 2x3 map from pixels of a window to pixels of the side."""
    return crop_map(*place, 0.0, px_per_mm, _SCALE, size=_SIZE)


def window_of(side: Image, place: Place, px_per_mm: float) -> Image:
    """What that map shows: ``(WINDOW_PX, WINDOW_PX, 3)`` of a colour side, as straight as the side lies."""
    return cut(side, *place, 0.0, px_per_mm, _SCALE, size=_SIZE)


def proposals(marks: Floats, boxes: Floats, to_side: NDArray[np.float64]) -> list[tuple[float, float, Candidate]]:
    """Where in one window TUYỆT MẬT may lie, the likeliest first: its middle in pixels of the side, and the rest.

    Args:
        marks: logits ``(len(MARKS), h, w)`` of the closer map.
        boxes: its votes.
        to_side: from ``window_map``.
    """
    reach = REACH_MM / 25.4 * CLOSER_DPI
    places: list[tuple[float, float, Candidate]] = []
    for c in find_candidates(sigmoid(marks), boxes, VOTERS[:1]):
        off = max(abs(c.x - WINDOW_PX / 2), abs(c.y - WINDOW_PX / 2))
        if c.top_secret < LEAST_TOP_SECRET or off > reach:
            continue
        x, y = to_side @ (c.x, c.y, 1.0)
        finer = DETECTOR_DPI / CLOSER_DPI  # a candidate's millimetres are those of a map at 75 dpi
        places.append((float(x), float(y), replace(c, width_mm=c.width_mm * finer, height_mm=c.height_mm * finer)))
    return places[:MOST_AGAIN]


def melted(findings: Sequence[Finding], doubts: Sequence[Doubt]) -> list[Finding]:
    """The findings of the first look with what the closer one made of its doubts.

    What the closer look was not asked about stays as it was.

    Args:
        findings: of the first look.
        doubts: the places that were looked at again.
    """
    return unasked(findings, doubts) + [f for doubt in doubts for f in as_one(doubt.first, doubt.closer)]


def as_one(first: Sequence[Finding], again: Sequence[Finding]) -> list[Finding]:
    """What two looks at one thing make of it; the first one found something there.

    The likeliest finding of either bears the score that both give together, and none of the first a higher one. The
    second look names no other marks.
    """
    score = both_say([f.route for f in first], [f.route for f in again])
    bearer = max((*first, *again), key=lambda f: f.route)
    return [*(replace(f, route=min(f.route, score)) for f in first if f is not bearer), replace(bearer, route=score)]


def unasked(findings: Sequence[Finding], doubts: Sequence[Doubt]) -> list[Finding]:
    """The findings of the first look that lie in no place which was looked at again."""
    asked = {id(f) for doubt in doubts for f in doubt.first}
    return [f for f in findings if id(f) not in asked]


def both_say(first: Sequence[float], closer: Sequence[float]) -> float:
    """The score of a place: the mean of what each look makes of it at best, in log odds.

    A look that finds nothing says ``NOTHING_SEEN`` and no less. A fitted weight was no better on pages of a style that
    none of the networks knows (``docs/stamps.md``).
    """
    odds = [logit(max([*scores, NOTHING_SEEN])) for scores in (first, closer)]
    return probability(sum(odds) / 2)
