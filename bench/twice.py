"""Is the same paper, scanned twice, told from another one that is nearly the same?

    python -m bench.twice [--pairs 32] [--first 100]

Drawn sides, scanned as by a feeder: letters, and forms filled in by machine or by pen. Each is scanned twice; beside it
stand a letter of the same text to another address, the same form filled in otherwise, and the form with two entries
changed. They are compared as the station does, coarsely and then closely.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter

import cv2
import numpy as np
from tools.pagegen import desk
from tools.pagegen.ink import pen_ink
from tools.pagegen.layouts import BOLD
from tools.pagegen.sheet import Sheet
from tools.pagegen.strokes import hand_line
from tools.pagegen.text import Prose

from bench.hints import BODY, DPI, PPM, Pixels, on_paper, scanned
from scanflow.imaging.likeness import Fingerprint, alike, fingerprint, same_side, strokes
from scanflow.imaging.reduced import reduce_side
from scanflow.imaging.skew import find_lines
from scanflow.pages import Pose

_MOST = 22
"""Entries of a form."""


def letter(text: str, address: str, number: str) -> Sheet:
    """A letter whose text comes from a seed of its own."""
    rng = random.Random(text)
    prose, sheet, size = Prose(rng), Sheet(210, 297, PPM), rng.uniform(12.5, 14)
    sheet.text(62, 22, prose.agency(), BOLD[BODY], size - 2, align="centre")
    sheet.text(62, 31, f"Số: {number}", BODY, size - 1, align="centre")
    sheet.text(147, 22, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", BOLD[BODY], size - 2, align="centre")
    sheet.text(105, 56, prose.heading(), BOLD[BODY], size + 1, align="centre")
    sheet.text(105, 68, f"Kính gửi: {address}", BODY, size, align="centre")
    y, bottom = 80.0, rng.uniform(120, 270)
    while y < bottom - 8:
        y = sheet.paragraph(30, y, 163, prose.paragraph(rng.randint(1, 4)), BODY, size, bottom=bottom) + 2
    return sheet


def form(kind: str, entries: list[str], noise: np.random.Generator, *, pen: bool) -> Pixels:
    """A form on paper: what is printed comes from ``kind``; the entries are typed or written by pen."""
    rng = random.Random(kind)
    printed, sheet, y = Prose(rng), Sheet(210, 297, PPM), 40.0
    written = []
    sheet.text(105, 22, printed.heading(), BOLD[BODY], 15, align="centre")
    for entry in entries[: rng.randint(6, _MOST)]:
        box = sheet.text(25, y, printed.cell() + ":", BODY, 12)
        sheet.line(box[2] + 2, y + 5, 185, y + 5, 0.2)
        if pen:
            written.append((entry, box[2] + 4, y - 0.5))
        else:
            sheet.text(box[2] + 4, y - 0.5, entry, BODY, 12)
        y += rng.uniform(9, 12)
    page = on_paper(sheet, noise, pencilled=0)
    for entry, x, top in written:
        line = pen_ink(hand_line(entry, 3.2 * PPM, noise), PPM, 0.3, noise)
        desk.stain(page, line, round(x * PPM), round(top * PPM), (140, 40, 30), 0.95)
    return page


Look = tuple[Fingerprint, Pixels]
"""The coarse one and the close one."""


def look(paper: Pixels, noise: np.random.Generator) -> Look:
    """One more scan of it."""
    side = reduce_side(scanned(paper, noise), DPI)
    pose = Pose(0, find_lines(side).skew_deg)
    return fingerprint(side, pose), strokes(side, pose)


def entry(rng: random.Random) -> str:
    """What somebody fills in."""
    return rng.choice((Prose(rng).cell(), Prose(rng).person(), str(rng.randint(1, 9999))))


def pairs(seed: int) -> dict[str, tuple[Look, Look]]:
    """Two looks at each, by what they are of."""
    rng, noise = random.Random(f"twice-{seed}"), np.random.default_rng((seed, 9))
    number = Prose(rng).number()
    sent = on_paper(letter(f"L{seed}", Prose(rng).agency().title(), number), noise, pencilled=0)
    elsewhere = number if rng.random() < 0.5 else Prose(rng).number()
    other = on_paper(letter(f"L{seed}", Prose(rng).agency().title(), elsewhere), noise, pencilled=0)
    pen, kind = rng.random() < 0.5, f"F{seed}"
    filled, refilled = [entry(rng) for _ in range(_MOST)], [entry(rng) for _ in range(_MOST)]
    corrected = list(filled)
    for place in rng.sample(range(6), 2):
        corrected[place] = refilled[place]
    paper = form(kind, filled, noise, pen=pen)
    once, first = look(sent, noise), look(paper, noise)
    by = "by pen" if pen else "typed"
    return {
        "same letter": (once, look(sent, noise)),
        "letter to another address": (once, look(other, noise)),
        f"same form, {by}": (first, look(paper, noise)),
        f"form with other entries, {by}": (first, look(form(kind, refilled, noise, pen=pen), noise)),
        f"form with two entries changed, {by}": (first, look(form(kind, corrected, noise, pen=pen), noise)),
    }


def main() -> None:
    """Print how many of each were taken for the same paper."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=32)
    parser.add_argument("--first", type=int, default=100)
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    seen, taken, spent = Counter[str](), Counter[str](), 0.0
    for seed in range(asked.first, asked.first + asked.pairs):
        for what, (one, other) in pairs(seed).items():
            begun = time.process_time()
            seen[what] += 1
            taken[what] += alike(one[0], other[0]) and same_side(one[1], other[1])
            spent += time.process_time() - begun
    print(f"{1000 * spent / max(1, seen.total()):.1f} CPU ms a comparison")
    for what, count in sorted(seen.items()):
        print(f"  {what:45s} {taken[what]:4d} of {count:4d} taken for one paper")


if __name__ == "__main__":
    main()
