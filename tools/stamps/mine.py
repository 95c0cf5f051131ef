"""Crops as the detector really proposes them: ``python -m tools.stamps.mine --weights DIR --count 400``.

Candidates on training pages that lie on no mark become background crops, those on a mark become crops of its
kind, with the middle, size and angle that the detector voted. They are written beside the pages as
``<seed>.mined.npz``; a classifier that is training takes them up within a minute.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from scanflow.stamps.crops import crop_scale, cut
from scanflow.stamps.marks import MarkKind
from scanflow.stamps.network import MarkNetwork
from tools.pagegen import store
from tools.stamps.data import FAINTEST, KINDS, TALL, WIDE, geometry
from tools.stamps.fuse import covers
from tools.stamps.train import VALIDATE_EVERY

MOST_BACKGROUND = 6


def mine(network: MarkNetwork, pixels: np.ndarray, record: dict) -> tuple[list[np.ndarray], list[int]]:
    """Crops and kinds (index into ``KINDS``) of one page."""
    crops: list[np.ndarray] = []
    kinds: list[int] = []
    ppm = record["dpi"] / 25.4
    grounds = 0
    for finding in network.find(pixels, record["dpi"]):
        quad = np.array(finding.quad)
        x, y = quad.mean(0)
        on = [m for m in record["labels"] if covers(np.array(m["quad"]), finding)]
        if not on:
            if grounds >= MOST_BACKGROUND or near_a_mark(record, x, y, 3 * ppm):
                continue
            grounds += 1
            kinds.append(len(KINDS) - 1)
            angle = finding.angle_deg
        else:
            mark = min(on, key=lambda m: abs(geometry(np.array(m["quad"]))[2] / ppm - finding.width_mm))
            mx, my, _, high, true_angle = geometry(np.array(mark["quad"]))
            if mark["legibility"] < FAINTEST or np.hypot(mx - x, my - y) > max(0.3 * high, 2 * ppm):
                continue
            turn = (finding.angle_deg - true_angle + 180) % 360 - 180
            angle = finding.angle_deg + (180 if abs(turn) > 90 else 0)
            kinds.append(KINDS.index(MarkKind(mark["kind"]).value))
        scale = crop_scale(finding.width_mm, finding.height_mm)
        crops.append(cut(pixels, float(x), float(y), angle, ppm, scale, size=(WIDE, TALL)))
    return crops, kinds


def near_a_mark(record: dict, x: float, y: float, reach: float) -> bool:
    """Whether a point lies within ``reach`` pixels of a mark: what is half a mark teaches nothing."""
    at = (float(x), float(y))
    quads = (np.array(m["quad"], np.float32) for m in record["labels"])
    return any(cv2.pointPolygonTest(quad, at, True) > -reach for quad in quads)


def main() -> None:
    """Mine pages that have not been mined."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pool", type=Path, default=Path(".stamps-work/pages"))
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--count", type=int, default=400)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    network, left = MarkNetwork(args.weights), args.count
    pages = list(store.records(args.pool))
    np.random.default_rng(1).shuffle(pages)  # type: ignore[arg-type]
    for path, record in pages:
        target = path.with_suffix(".mined.npz")
        if left == 0:
            break
        if target.exists() or not int(path.stem) % VALIDATE_EVERY:
            continue
        left -= 1
        crops, kinds = mine(network, cv2.imread(str(path), cv2.IMREAD_COLOR), record)
        if crops:
            held = path.with_suffix(".part.npz")
            np.savez(held, crops=np.stack(crops), kinds=np.array(kinds))
            held.replace(target)


if __name__ == "__main__":
    main()
