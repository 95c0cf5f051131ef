"""Draw pages: ``python -m tools.pagegen --out DIR --first SEED --count N [--purpose thresholds] [--style south]``."""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from tools.pagegen import page, store
from tools.pagegen.drawn import Page
from tools.pagegen.guests import TAUGHT, drawn_by


def main() -> None:
    """Draw a run of seeds into a folder; seeds already there are left alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--dpi", type=int, default=150)
    parser.add_argument("--purpose", choices=("training", "thresholds"), default="training")
    parser.add_argument("--style", choices=("own", *TAUGHT), default="own")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    args.out.mkdir(parents=True, exist_ok=True)
    for seed in range(args.first, args.first + args.count):
        if not (args.out / f"{seed}.json").exists():
            store.write(_drawn(seed, args.purpose, args.style, args.dpi), seed, args.out)


def _drawn(seed: int, purpose: str, style: str, dpi: int) -> Page:
    rng = np.random.default_rng(seed)
    wanted = page.wanted_for_thresholds(rng) if purpose == "thresholds" else None
    if style == "own":
        return page.draw(seed, dpi=dpi, wanted=wanted)
    return drawn_by(TAUGHT[style], seed, wanted or page.wanted_for_training(rng), dpi)


if __name__ == "__main__":
    main()
