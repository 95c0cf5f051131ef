"""How often the printed page number of a side is read in its margin, and how often one is made up:

    python -m bench.pagenumbers [--style kept_out] [--sides 400] [--first 0]

Drawn sides (`tools.pagegen.numbered`): pages with a number at the head or the foot, and sides that have none: pages
that go on without one, first pages, registers and forms, sides with a stamp, a pen's number or dirt in the middle of
the top margin. Each is levelled as the station levels it; the look at the whole page is not part of this.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter

import cv2
from tools.pagegen import numbered

from scanflow.imaging.reduced import reduce_side
from scanflow.imaging.skew import find_lines
from scanflow.ocr.engine import OCR_DPI, OcrEngine
from scanflow.ocr.geometry import upright
from scanflow.pages import Pose


def main() -> None:
    """Print what was read on each kind of side."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--style", choices=("training", "kept_out"), default="kept_out")
    parser.add_argument("--sides", type=int, default=400)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--verbose", action="store_true")
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    engine, spent = OcrEngine(), 0.0
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in numbered.KINDS}
    for seed in range(asked.first, asked.first + asked.sides):
        side = numbered.draw(seed, asked.style)
        pose = Pose(0, find_lines(reduce_side(side.pixels, numbered.DPI)).skew_deg)
        grey = cv2.cvtColor(side.pixels, cv2.COLOR_BGR2GRAY).astype("uint8")
        page = upright(grey, numbered.DPI, pose, OCR_DPI)
        begun = time.process_time()
        read = engine.page_number(page, OCR_DPI)
        spent += time.process_time() - begun
        word = "none" if read is None else "right" if read == side.number else "wrong"
        counts[side.kind][word] += 1
        if asked.verbose and (word == "wrong" or (word == "none" and side.number)):
            print(seed, side.kind, side.number, read, flush=True)
    print(f"{asked.style}, {asked.sides} sides from {asked.first}: {1000 * spent / asked.sides:.1f} CPU ms a side")
    for kind, count in counts.items():
        words = f"{count['right']:4d} read right, {count['none']:4d} not read, {count['wrong']:4d} wrong or made up"
        print(f"  {kind:12s} {words} of {count.total():4d}")


if __name__ == "__main__":
    main()
