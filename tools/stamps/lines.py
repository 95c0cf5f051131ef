"""Lines of capitals on marks, for the line reader: drawn one by one, with their letters as labels.

``python -m tools.stamps.lines --out .stamps-work/lines --count 30000`` presses words on patches of paper or of
drawn pages and keeps the crops. The reader learns to spell whatever stands in a frame, so it fails in other
ways than the classifier, which learns what each kind of mark looks like.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from scanflow.stamps.crops import crop_scale, cut
from scanflow.stamps.marks import MarkKind
from scanflow.stamps.words import fold
from tools.pagegen import desk, ink, scanner
from tools.pagegen.faces import Cut, cut_freely, engrave
from tools.pagegen.fonts import TRAIN_HAND, TRAIN_STAMP
from tools.pagegen.norms import NORMS
from tools.pagegen.page import legibility
from tools.pagegen.store import read_page
from tools.pagegen.strokes import hand_line
from tools.pagegen.text import Prose
from tools.stamps.crops import decode, jitter, keep_crops, kept_crops
from tools.stamps.data import TALL, WIDE, geometry
from tools.stamps.spelling import ALPHABET

PPM = 150 / 25.4
PATCH_MM = (104.0, 56.0)
MOST_LETTERS = 16
FAINTEST = 0.15
SYLLABLES = (
    *"TUYET TUYEN QUYET THUYET TOI TAT MAT MAN HAT MAU MAC CAT DAT BAT NHAT KHAN HAN KHANG GIAI GIAM HOA TOC".split(),  # noqa: SIM905
    *"LOC BAN SAO SO DEN THU HOI TAI LIEU NOI BO LUU HANH THUONG CHI DAO VAN THU DA KY DUYET KIEM TRA".split(),  # noqa: SIM905
    *"SAO Y CHINH HOP LE QUOC PHONG MO NGAY GUI PHO TRUONG XEM XONG TRA LAI CONG VU BIEN".split(),  # noqa: SIM905
)
_LEVEL_WORDS = ("TUYỆT MẬT", "TỐI MẬT", "MẬT", "GIẢI MẬT", "KHẨN", "THƯỢNG KHẨN", "HỎA TỐC")
_LIKE = {"U": "ƯÚ", "E": "ẾÊ", "A": "ẶẤÂ", "O": "ỐÔ", "I": "ÌỊ"}


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A crop with room for jitter ``(TALL, WIDE, 3)``, upright, and the capitals A–Z that stand on it."""

    crop: NDArray[np.uint8]
    letters: str


def words_for(rng: np.random.Generator, prose: Prose) -> str:
    """What is written: a third the highest level, the rest other marks, false friends and chance syllables."""
    pick = rng.random()
    if pick < 0.33:
        return "TUYỆT MẬT"
    if pick < 0.53:
        return str(rng.choice(_LEVEL_WORDS[1:]))
    if pick < 0.60:
        kinds = list(NORMS)
        norm = NORMS[kinds[int(rng.integers(len(kinds)))]][0]
        return norm.words[0].split("{")[0].strip(": ") or "A"
    if pick < 0.68:
        return prose.boxed()
    if pick < 0.74:
        words = prose.heading().split()
        start = int(rng.integers(len(words)))
        return " ".join(words[start : start + int(rng.integers(1, 4))])
    if pick < 0.80:  # the highest level with a letter gone wrong
        letters = list("TUYET MAT")
        letters[int(rng.integers(len(letters)))] = str(rng.choice(list("TUYEMAHNLIOKB")))
        return "".join(letters)
    bare = " ".join(str(rng.choice(SYLLABLES)) for _ in range(int(rng.integers(1, 4))))
    return "".join(str(rng.choice(list(_LIKE[c]))) if c in _LIKE and rng.random() < 0.5 else c for c in bare)


def face_for(words: str, rng: np.random.Generator, prose: Prose) -> Cut:
    """A plate with those words: as marks are cut, or at random."""
    kind = MarkKind.TUYET_MAT if rng.random() < 0.6 else MarkKind.KHAN
    shape = cut_freely(kind, prose, rng, TRAIN_STAMP, wild=float(rng.uniform(0, 1)))
    wide = 40 if rng.random() < 0.25 else min(80.0, max(9.0, len(words) * float(rng.uniform(2.6, 5.0))))
    shown = words.capitalize() if rng.random() < 0.05 else words
    return replace(shape, lines=(shown,), width=wide, height=float(rng.uniform(6.0, 11.0)))


def draw_line(seed: int, grounds: list[Path]) -> Line | None:
    """One line; None where it came out too faint to teach anything."""
    rng = np.random.default_rng((seed, 77))
    prose = Prose(random.Random(f"line-{seed}"))
    words = words_for(rng, prose)
    letters = "".join(c for c in fold(words) if c in ALPHABET)
    if not 0 < len(letters) <= MOST_LETTERS:
        return None
    severity = float(rng.uniform(0, 1))
    face = face_for(words, rng, prose)
    model = ink.STAMP_INKS[int(rng.integers(2))]
    family, bend, plate_ppm = None, float(rng.uniform(0, 0.12)), PPM * 1.6
    if rng.random() < 0.2:
        font = "" if rng.random() < 0.7 else str(rng.choice(TRAIN_HAND))
        border = str(rng.choice(("double", "single", "none")))
        face = Cut(face.kind, face.lines, face.width, face.height, border, font=font, marks=bool(rng.random() < 0.85))
        model, bend = ink.pen_ink, float(rng.uniform(0.1, 0.5))
        family = str(rng.choice(("red", "blue", "black", "violet")))
    elif face.border == "none" or rng.random() < 0.16:
        model, bend = ink.print_ink, 0.0
    plate = engrave(face, plate_ppm, rng)
    mask = plate.mask if bend < 0.02 else desk.elastic(plate.mask, plate_ppm, bend, rng)
    inked = model(mask, plate_ppm, severity, rng)
    if model is not ink.print_ink:
        inked = ink.accidents(inked, plate_ppm, severity, rng)
    patch = ground_for(rng, grounds)
    strength = float(rng.uniform(0.95 - 0.6 * severity, 1.0 - 0.2 * severity))
    middle = (PATCH_MM[0] / 2, PATCH_MM[1] / 2)
    pressed = desk.press(
        patch, plate, inked, plate_ppm, PPM, middle, float(rng.normal(0, 2)), ink.colour(rng, family), strength
    )
    if rng.random() < 0.05 + 0.15 * severity:
        overprint(patch, rng, prose)
    patch = spoil(patch, severity, rng)
    quad = pressed.quad
    if legibility(patch, plate, quad) < FAINTEST:
        return None
    x, y, w, h, angle = geometry(quad)
    scale = crop_scale(w / PPM, h / PPM)
    return Line(cut(patch, x, y, angle, PPM, scale, size=(WIDE, TALL)), letters)


def ground_for(rng: np.random.Generator, grounds: list[Path]) -> NDArray[np.uint8]:
    """Bare paper, or a piece of a drawn page with whatever lies on it."""
    width, height = round(PATCH_MM[0] * PPM), round(PATCH_MM[1] * PPM)
    if not grounds or rng.random() < 0.35:
        return desk.paper(width, height, rng)
    page = read_page(grounds[int(rng.integers(len(grounds)))])
    x = int(rng.integers(max(1, page.shape[1] - width)))
    y = int(rng.integers(max(1, page.shape[0] - height)))
    return np.ascontiguousarray(page[y : y + height, x : x + width])


def overprint(patch: NDArray[np.uint8], rng: np.random.Generator, prose: Prose) -> None:
    """A signature, a pen note or a highlighter over the words."""
    pick = rng.random()
    middle = np.array(PATCH_MM) / 2
    if pick < 0.5:
        mask = desk.signature(rng, PPM, float(rng.uniform(20, 50)))
    elif pick < 0.8:
        mask = hand_line(prose.note(), float(rng.uniform(3, 6)) * PPM, rng)
    else:
        desk.highlight(patch, PPM, (float(middle[0]), float(middle[1])), rng)
        return
    at = np.round(middle * PPM + rng.normal(0, 4 * PPM, 2) - np.array(mask.shape[::-1]) / 2).astype(int)
    desk.stain(patch, mask, int(at[0]), int(at[1]), ink.colour(rng, str(rng.choice(("blue", "black", "red")))), 0.9)


def spoil(patch: NDArray[np.uint8], severity: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Photocopier, scanner and JPEG."""
    for _ in range(int(rng.choice((0, 1, 2), p=(0.75, 0.17, 0.08)))):
        patch = scanner.photocopy(patch, PPM, severity, rng)
    patch = scanner.sense(patch, PPM, severity, rng)
    if rng.random() < 0.08:
        patch = scanner.coarse(patch, float(rng.uniform(0.4, 0.75)))
    pick = rng.random()
    if pick < 0.08:
        patch = scanner.to_bilevel(patch, rng)
    elif pick < 0.3:
        patch = scanner.to_grey(patch)
    return scanner.jpeg(patch, int(rng.uniform(90 - 55 * severity, 96))) if rng.random() < 0.6 else patch


class LinePool:
    """The drawn lines, jittered each time they are shown."""

    def __init__(self, pool: Path, seed: int) -> None:
        """Draw from ``pool``, which may still grow."""
        self.pool, self.rng = pool, np.random.default_rng(seed)
        self.known: set[str] = set()
        self.crops: list[NDArray[np.uint8]] = []
        self.letters: list[str] = []

    def refresh(self, *, skip: int) -> int:
        """Take up new packs, without every ``skip``-th; say how many lines are known."""
        for path in sorted(self.pool.glob("*.npz")):
            if path.stem in self.known or int(path.stem) % skip == 0:
                continue
            self.known.add(path.stem)
            for crop, letters in kept_crops(path, "letters"):
                self.crops.append(crop)
                self.letters.append(str(letters))
        return len(self.crops)

    def batch(self, size: int) -> tuple[NDArray[np.uint8], list[str]]:
        """Crops ``(n, 80, 256, 3)`` and their letters."""
        chosen = self.rng.integers(len(self.crops), size=size)
        shown = [jitter(decode(self.crops[i]), self.rng, flipped=False) for i in chosen]
        return np.stack(shown), [self.letters[i] for i in chosen]


PACK = 250


def main() -> None:
    """Draw packs of lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(".stamps-work/lines"))
    parser.add_argument("--grounds", type=Path, default=Path(".stamps-work/pages"))
    parser.add_argument("--first", type=int, default=0, help="number of the first pack")
    parser.add_argument("--count", type=int, default=30000)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    args.out.mkdir(parents=True, exist_ok=True)
    for pack in range(args.first, args.first + -(-args.count // PACK)):
        target = args.out / f"{pack}.npz"
        if target.exists():
            continue
        grounds = sorted(args.grounds.glob("*.jpg"))[:3000]
        drawn = [line for i in range(PACK) if (line := draw_line(pack * PACK + i, grounds)) is not None]
        keep_crops(target, [d.crop for d in drawn], letters=np.array([d.letters for d in drawn]))


if __name__ == "__main__":
    main()
