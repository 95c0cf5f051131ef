"""Draw pages: ``python -m tools.pagegen --out DIR --first SEED --count N [--purpose thresholds]``."""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from tools.pagegen import page, store


def main() -> None:
    """Draw a run of seeds into a folder; seeds already there are left alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--dpi", type=int, default=150)
    parser.add_argument("--purpose", choices=("training", "thresholds"), default="training")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    args.out.mkdir(parents=True, exist_ok=True)
    for seed in range(args.first, args.first + args.count):
        if not (args.out / f"{seed}.json").exists():
            wanted = page.wanted_for_thresholds(np.random.default_rng(seed)) if args.purpose == "thresholds" else None
            store.write(page.draw(seed, dpi=args.dpi, wanted=wanted), seed, args.out)


if __name__ == "__main__":
    main()
