"""Crops as the detector really proposes them: ``python -m tools.stamps.mine --weights DIR --count 400``.

A candidate on training pages that shows a mark, be it shifted or askew, becomes a crop of the mark's kind; one
that lies astray, on a corner of another mark or on none, becomes background: it is what a network that knows
well-placed crops alone takes for TUYỆT MẬT. They are written beside the pages as ``<seed>.mined.npz``; a
classifier that is training takes them up within a minute.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from scanflow.stamps.crops import crop_map, crop_scale, cut
from scanflow.stamps.fusion import Finding
from scanflow.stamps.marks import MarkKind
from scanflow.stamps.network import MarkNetwork
from tools.pagegen import store
from tools.stamps.crops import keep_crops
from tools.stamps.data import FAINTEST, KINDS, TALL, VALIDATE_EVERY, WIDE, shown, top_shown
from tools.stamps.quads import geometry

MOST_BACKGROUND = 6
SHIFTED = (0.4, 0.6)
SHIFTED_MM = (5.0, 3.0)
"""Along and across, in halves of a mark, or so many mm: a crop whose middle lies no farther off shows the mark."""
SURE = 0.7
"""A crop to whose own kind the networks give less than this is shown more often."""
WHOLLY_SHOWN = 0.85
"""Share of a mark within a crop that is named after it."""


@dataclass(frozen=True, slots=True, eq=False)
class Mined:
    """One proposed crop.

    Attributes:
        crop: ``(TALL, WIDE, 3)`` BGR, upright.
        kind: what it shows, an index into ``KINDS``.
        seen: the mark's legibility, 1 for background.
        mistaken: the networks that proposed it do not know it, or not surely.
        top: what it shows of the highest level (``tools.stamps.data.top_shown``).
    """

    crop: NDArray[np.uint8]
    kind: int
    seen: float
    mistaken: bool
    top: float


def mine(network: MarkNetwork, pixels: NDArray[np.uint8], record: store.Record) -> list[Mined]:
    """Crops of one page."""
    mined: list[Mined] = []
    ppm, grounds = record["dpi"] / 25.4, 0
    for finding in network.find(pixels, record["dpi"]):
        x, y = np.array(finding.quad).mean(0)
        scale = crop_scale(finding.width_mm, finding.height_mm)
        angle = finding.angle_deg
        to_side = crop_map(float(x), float(y), angle, ppm, scale)
        mark, top = shown_mark(record, finding, to_side, ppm), top_shown(record, to_side)
        if mark is not None:
            turn = (angle - geometry(np.array(mark["quad"]))[4] + 180) % 360 - 180
            angle += 180 if abs(turn) > 90 else 0
            kind, seen, share = mark["kind"], mark["legibility"], finding.probabilities[MarkKind(mark["kind"])]
        else:
            if grounds >= MOST_BACKGROUND or top:  # what shows the highest level, if only in part, is no background
                continue
            grounds += 1
            kind, seen, share = "BACKGROUND", 1.0, finding.background
        crop = cut(pixels, float(x), float(y), angle, ppm, scale, size=(WIDE, TALL))
        mistaken = share < SURE or (top > 0 and finding.route < SURE)
        mined.append(Mined(crop, KINDS.index(kind), seen, mistaken, top))
    return mined


def shown_mark(record: store.Record, finding: Finding, to_side: NDArray[np.float64], ppm: float) -> store.Record | None:
    """The legible mark that a crop at a finding shows whole and nearly in its middle, the best-sized if several."""
    fitting, to_crop = [], np.asarray(cv2.invertAffineTransform(to_side), np.float64)
    for mark in record["labels"]:
        quad = np.array(mark["quad"])
        x, y, w, h, angle = geometry(quad)
        off = np.array(finding.quad).mean(0) - (x, y)
        cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        along, across = abs(off[0] * cos - off[1] * sin), abs(off[0] * sin + off[1] * cos)
        near = along <= max(SHIFTED[0] * w / 2, SHIFTED_MM[0] * ppm)
        near &= across <= max(SHIFTED[1] * h / 2, SHIFTED_MM[1] * ppm)
        if mark["legibility"] >= FAINTEST and near and shown(quad, to_crop)[0] >= WHOLLY_SHOWN:
            off_size = abs(np.log(w * h / ppm**2 / (finding.width_mm * finding.height_mm)))
            fitting.append((float(np.hypot(*off)) / ppm / SHIFTED_MM[0] + off_size, mark))
    return min(fitting, key=lambda pair: pair[0])[1] if fitting else None


def main() -> None:
    """Mine pages that have not been mined."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pool", type=Path, default=Path(".stamps-work/pages"))
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--part", type=int, default=0, help="this process's share of the pages, of --parts")
    parser.add_argument("--parts", type=int, default=1)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    network, left = MarkNetwork(args.weights), args.count
    pages = list(store.records(args.pool))
    np.random.default_rng(1).shuffle(pages)
    for path, record in pages:
        target = path.with_suffix(".mined.npz")
        if left == 0:
            break
        if target.exists() or not int(path.stem) % VALIDATE_EVERY or int(path.stem) % args.parts != args.part:
            continue
        left -= 1
        mined = mine(network, store.read_page(path), record)
        if mined:
            keep_crops(
                target,
                [m.crop for m in mined],
                kinds=np.array([m.kind for m in mined]),
                seen=np.array([m.seen for m in mined]),
                mistaken=np.array([m.mistaken for m in mined]),
                tops=np.array([m.top for m in mined]),
            )


if __name__ == "__main__":
    main()
