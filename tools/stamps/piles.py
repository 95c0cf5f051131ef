"""Piles without end: while learning, a mark or a line of type of another page is laid over what is seen.

Half of the TUYỆT MẬT that pass lie in one place with a stamp, a seal or a heading (``docs/stamps.md``), and a pool of
pages holds few of each such meeting. A piece of any page laid by its mark's middle near a mark of any other gives as
many as are asked for. Ink lets through what lies under it: tones are multiplied.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.pagegen.store import Record
from tools.stamps.quads import geometry
from tools.stamps.spoil import paper_of

SHARE_OF_PILES = 0.3
"""Of what is shown, where something is laid over."""
SHARE_OF_TYPE = 0.3
"""Of the pieces, those with type, ruling or a hand instead of a mark."""
INKY = 12.0
"""Standard deviation of tone from which on a place holds ink."""
DARKEST_PAPER = 90.0
"""Tone below which a piece's ground is no paper that could be told from its ink."""
COVERED = 0.75
"""Of the paper's tone, below which a pixel of a piece hides what lies under it."""
HIDES = 1.3
"""How much legibility goes with a share that is covered: at three quarters nothing can be read."""


@dataclass(frozen=True, eq=False)
class Piece:
    """A place on some page.

    Attributes:
        page: its pixels, ``(h, w, 3)``.
        quad: the place's corners, clockwise from its own top left.
        label: of the mark that lies there; None where none does.
    """

    page: NDArray[np.uint8]
    quad: NDArray[np.float64]
    label: Record | None


@dataclass(frozen=True, eq=False)
class Scene:
    """What is seen, and the marks in it: ``quads`` are those of ``labels``, in pixels."""

    pixels: NDArray[np.uint8]
    quads: list[NDArray[np.float64]]
    labels: list[Record]


def piece_of(
    page: NDArray[np.uint8],
    quads: list[NDArray[np.float64]],
    labels: list[Record],
    focus: dict[str, float],
    rng: np.random.Generator,
) -> Piece | None:
    """A mark of a page, or some type on it; None where chance found neither.

    Args:
        page: pixels.
        quads: of its marks, in these pixels.
        labels: of its marks.
        focus: how often each kind is wanted, against 1 for the rest.
        rng: chance.
    """
    if labels and rng.random() > SHARE_OF_TYPE:
        share = np.array([focus.get(m["kind"], 1.0) for m in labels])
        chosen = int(rng.choice(len(quads), p=share / share.sum()))
        return Piece(page, quads[chosen], labels[chosen])
    half = np.array([rng.uniform(60, 150), rng.uniform(12, 40)])
    if rng.random() < 0.5:
        half = half[::-1]
    middle = rng.uniform((0, 0), page.shape[1::-1])
    (left, top), (right, bottom) = np.clip((middle - half, middle + half), 0, page.shape[1::-1]).astype(int)
    if page[top:bottom, left:right].size == 0 or page[top:bottom, left:right].std() < INKY:
        return None
    quad = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float64)
    around = quad.astype(np.float32)
    if any(cv2.intersectConvexConvex(around, q.astype(np.float32))[0] > 0 for q in quads):
        return None
    return Piece(page, quad, None)


def laid_over(scene: Scene, piece: Piece, rng: np.random.Generator) -> Scene:
    """The scene with a piece laid over one of its marks, or near its middle where it has none.

    The marks below and the mark above lose of their legibility what the other's ink covers.
    """
    height, width = scene.pixels.shape[:2]
    inside = [q for q in scene.quads if (q.mean(0) > 0).all() and (q.mean(0) < (width, height)).all()]
    x, y, *_, angle = geometry(piece.quad)
    way = float(rng.normal(0, 6)) if rng.random() < 0.85 else float(rng.uniform(-180, 180))
    if inside:
        under = inside[int(rng.integers(len(inside)))]
        text = geometry(under)[-1]
        place = under.mean(0) + rng.normal(0, 0.25) * (under[1] - under[0]) + rng.normal(0, 0.4) * (under[3] - under[0])
        if piece.label is not None or rng.random() < 0.7:
            way += text - angle
    else:
        place = np.array([width, height]) / 2 + rng.normal(0, min(width, height) / 8, 2)
    spin = np.asarray(cv2.getRotationMatrix2D((x, y), way, float(np.exp(rng.normal(0, 0.08)))), np.float64)
    spin[:, 2] += place - (x, y)
    quad = piece.quad @ spin[:, :2].T + spin[:, 2]
    ink = _ink(piece, spin, quad, (width, height))
    if ink is None:
        return scene
    here = np.asarray(scene.pixels * ink, np.uint8)
    below = _lightest(scene.pixels) / max(max(paper_of(scene.pixels)), 1.0)
    above = _lightest(ink)
    labels = [_hidden(label, q, above) for q, label in zip(scene.quads, scene.labels, strict=True)]
    quads = list(scene.quads)
    if piece.label is not None:
        quads.append(quad)
        labels.append(_hidden(piece.label, quad, below))
    return Scene(here, quads, labels)


def _lightest(view: NDArray[Any]) -> NDArray[Any]:
    """For every pixel its lightest colour; ten times as fast as the maximum along so short an axis."""
    return np.asarray(np.maximum(np.maximum(view[..., 0], view[..., 1]), view[..., 2]))


def _ink(
    piece: Piece, spin: NDArray[np.float64], quad: NDArray[np.float64], size: tuple[int, int]
) -> NDArray[np.float32] | None:
    """How much light the piece lets through, 0..1 for every pixel and colour; None where it lies on no light paper."""
    mask = np.zeros(size[::-1], np.uint8)
    cv2.fillPoly(mask, [np.round((quad - quad.mean(0)) * 1.06 + quad.mean(0)).astype(np.int32)], 255, cv2.LINE_AA)
    inside = mask > 128
    if not inside.any():
        return None
    moved = cv2.warpAffine(piece.page, spin, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    tone = np.percentile(moved[inside], 85, axis=0)
    if tone.min() < DARKEST_PAPER:
        return None
    through = np.minimum(moved / tone.astype(np.float32), 1)
    return np.asarray(1 - (1 - through) * (mask[..., None] / np.float32(255)), np.float32)


def _hidden(label: Record, quad: NDArray[np.float64], through: NDArray[np.floating]) -> Record:
    """The label with what is left of its legibility under ``through``, the light that each pixel lets pass."""
    mask = np.zeros(through.shape, np.uint8)
    cv2.fillPoly(mask, [np.round(quad).astype(np.int32)], 1)
    if not mask.any():
        return label
    covered = float((through[mask > 0] < COVERED).mean())
    return label | {"legibility": label["legibility"] * max(0.0, 1 - HIDES * covered)}
