"""Lines of capitals on marks, for the line reader: drawn one by one, with their letters as labels.

``python -m tools.stamps.lines --pool .stamps-work/pages --count 30000`` presses words on patches of paper or of the
pool's pages and keeps the crops beside them as ``<pack>.lines.npz``. The reader learns to spell whatever stands there,
so it fails in other ways than the classifier, which learns what each kind of mark looks like. That most of what the
networks propose spells no TUYỆT MẬT it learns from the proposals themselves (``tools.stamps.mine``).
"""

from __future__ import annotations

import argparse
import os
import random
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from scanflow.stamps.crops import CROP_HEIGHT, CROP_WIDTH, crop_scale, cut
from scanflow.stamps.fusion import TOP_SECRET_KINDS
from scanflow.stamps.marks import MarkKind
from scanflow.stamps.words import fold
from tools.pagegen import desk
from tools.pagegen.faces import text_mask
from tools.pagegen.fonts import TRAIN_STAMP
from tools.pagegen.page import COVERING, draw_patch
from tools.pagegen.store import read_page, records
from tools.pagegen.text import Prose
from tools.stamps.crops import decode, jitter, keep_crops, kept_crops
from tools.stamps.data import FAINTEST, KINDS, TALL, WIDE, trusted
from tools.stamps.quads import geometry
from tools.stamps.spelling import ALPHABET, HIGHEST_WORD

K = MarkKind
DPI = 150
PATCH_MM = (84.0, 46.0)
MOST_LETTERS = 16
MOST_GROUNDS = 3000
FIXED = (
    (K.TOI_MAT, "TỐI MẬT"),
    (K.MAT, "MẬT"),
    (K.OTHER, "GIẢI MẬT"),  # its own mark may have a date below
    (K.KHAN, "KHẨN"),
    (K.THUONG_KHAN, "THƯỢNG KHẨN"),
    (K.HOA_TOC, "HỎA TỐC"),
)
"""Marks that say the same everywhere, beside TUYỆT MẬT, and what they say."""
SYLLABLES = (
    *"TUYET TUYEN QUYET THUYET TOI TAT MAT MAN HAT MAU MAC CAT DAT BAT NHAT KHAN HAN KHANG GIAI GIAM HOA TOC".split(),  # noqa: SIM905
    *"LOC BAN SAO SO DEN THU HOI TAI LIEU NOI BO LUU HANH THUONG CHI DAO VAN THU DA KY DUYET KIEM TRA".split(),  # noqa: SIM905
    *"SAO Y CHINH HOP LE QUOC PHONG MO NGAY GUI PHO TRUONG XEM XONG TRA LAI CONG VU BIEN".split(),  # noqa: SIM905
)
_LIKE = {"U": "ƯÚ", "E": "ẾÊ", "A": "ẶẤÂ", "O": "ỐÔ", "I": "ÌỊ"}
SHARE_OF_DRAWN, SHARE_OF_TOP = 0.5, 0.2
"""Of what is shown while learning: drawn lines, and proposed crops of TUYỆT MẬT; the rest are other proposals."""
SHARE_OF_TYPE, FIRST_BATCHES = 0.1, 1500
"""Of what is shown, lines in plain type. At first all are, over so many batches the share falls: a reader that is given
smudges from the start takes hours to find out that a line consists of letters."""


class Dictated(Prose):
    """Prose whose stamp of no kind of ours says what it is told."""

    def __init__(self, rng: random.Random, words: str) -> None:
        """Say ``words``."""
        super().__init__(rng)
        self.words = words

    def boxed(self) -> str:
        """What was dictated."""
        return self.words


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A crop with room for jitter ``(TALL, WIDE, 3)``, upright, the capitals A-Z that stand on it, its legibility."""

    crop: NDArray[np.uint8]
    letters: str
    seen: float


def words_for(rng: np.random.Generator, prose: Prose) -> str:
    """What a stamp of no kind of ours says: false friends, the highest level with a letter gone wrong, syllables."""
    pick = rng.random()
    if pick < 0.15:
        return prose.boxed()
    if pick < 0.3:
        words = prose.heading().split()
        start = int(rng.integers(len(words)))
        return " ".join(words[start : start + int(rng.integers(1, 4))])
    if pick < 0.45:
        letters = list("TUYET MAT")
        letters[int(rng.integers(len(letters)))] = str(rng.choice(list("TUYEMAHNLIOKB")))
        return "".join(letters)
    bare = " ".join(str(rng.choice(SYLLABLES)) for _ in range(int(rng.integers(1, 4))))
    return accented(bare, 0.5, rng)


def accented(bare: str, share: float, rng: np.random.Generator) -> str:
    """Bare capitals, a share of the vowels with marks on them."""
    return "".join(str(rng.choice(list(_LIKE[c]))) if c in _LIKE and rng.random() < share else c for c in bare)


def spelled_by(words: str) -> str:
    """The capitals of a line's label."""
    return "".join(c for c in fold(words) if c in ALPHABET)


def draw_line(seed: int, grounds: list[Path]) -> Line | None:
    """One line; None where it has too many letters or came out too faint to teach anything."""
    rng = np.random.default_rng((seed, 77))
    chance = random.Random(f"line-{seed}")
    pick = rng.random()
    kind, words, cover = K.TUYET_MAT, "TUYỆT MẬT", None
    if pick < 0.38:
        cover = COVERING[int(rng.integers(len(COVERING)))] if rng.random() < 0.25 else None
    elif pick < 0.55:
        kind, words = FIXED[int(rng.integers(len(FIXED)))]
    else:
        kind, words = K.OTHER, words_for(rng, Prose(chance))
    letters = spelled_by(words)
    if not 0 < len(letters) <= MOST_LETTERS:
        return None
    page = draw_patch(rng, kind, Dictated(chance, words), ground=ground_for(rng, grounds), dpi=DPI, cover=cover)
    label = page.labels[0]
    if label.legibility < FAINTEST:
        return None
    x, y, w, h, angle = geometry(label.quad)
    ppm = DPI / 25.4
    crop = cut(page.pixels, x, y, angle, ppm, crop_scale(w / ppm, h / ppm), size=(WIDE, TALL))
    return Line(crop, letters, label.legibility)


def type_line(rng: np.random.Generator) -> tuple[NDArray[np.uint8], str]:
    """A crop of clean type ``(80, 256, 3)``, in a frame or not, and its letters."""
    size = int(rng.integers(1, 9))
    letters = HIGHEST_WORD if rng.random() < 0.2 else "".join(rng.choice(list(ALPHABET), size))
    shown = accented(letters, 0.4, rng)
    mask = text_mask(shown, str(rng.choice(TRAIN_STAMP)), float(rng.uniform(14, 36)), float(rng.choice((0, 0, 0.2))))
    room = min(1.0, 0.92 * CROP_WIDTH / mask.shape[1], 0.8 * CROP_HEIGHT / mask.shape[0])
    mask = np.asarray(cv2.resize(mask, None, fx=room, fy=room, interpolation=cv2.INTER_AREA), np.float32)
    height, width = mask.shape
    canvas = np.zeros((CROP_HEIGHT, CROP_WIDTH), np.float32)
    x = int(np.clip((CROP_WIDTH - width) / 2 + rng.normal(0, 10), 0, CROP_WIDTH - width))
    y = int(np.clip((CROP_HEIGHT - height) / 2 + rng.normal(0, 4), 0, CROP_HEIGHT - height))
    canvas[y : y + height, x : x + width] = mask
    if rng.random() < 0.5:
        gap = rng.uniform(3, 8)
        first, last = (round(x - gap), round(y - gap)), (round(x + width + gap), round(y + height + gap))
        cv2.rectangle(canvas, first, last, 1.0, int(rng.integers(1, 3)))
    turn = cv2.getRotationMatrix2D((CROP_WIDTH / 2, CROP_HEIGHT / 2), float(rng.normal(0, 2)), 1.0)
    canvas = np.asarray(cv2.warpAffine(canvas, turn, (CROP_WIDTH, CROP_HEIGHT)), np.float32)
    paper, tone = rng.uniform(190, 255, 3), rng.uniform(0, 130, 3)
    pixels = paper + canvas[..., None] * (tone - paper) + rng.normal(0, rng.uniform(0, 8), (*canvas.shape, 1))
    return np.clip(pixels, 0, 255).astype(np.uint8), letters


def ground_for(rng: np.random.Generator, grounds: list[Path]) -> NDArray[np.uint8]:
    """Bare paper, or a piece of a drawn page with whatever lies on it."""
    width, height = (round(side * DPI / 25.4) for side in PATCH_MM)
    if not grounds or rng.random() < 0.35:
        return desk.paper(width, height, rng)
    page = read_page(grounds[int(rng.integers(len(grounds)))])
    x = int(rng.integers(max(1, page.shape[1] - width)))
    y = int(rng.integers(max(1, page.shape[0] - height)))
    return np.ascontiguousarray(page[y : y + height, x : x + width])


def grounds_in(pool: Path) -> list[Path]:
    """Pages of a pool on which the highest level stands nowhere."""
    free = (p for p, r in records(pool) if all(m["kind"] not in TOP_SECRET_KINDS for m in r["labels"]))
    return sorted(free)[:MOST_GROUNDS]


Held = tuple[NDArray[np.uint8], str | None, float]
"""An encoded crop; its letters, or None where all that is known is that they are not TUYETMAT; its legibility."""


class LinePool:
    """Drawn lines and the networks' own proposals, jittered each time they are shown."""

    def __init__(self, pool: Path, seed: int) -> None:
        """Draw from ``pool``, which may still grow."""
        self.pool, self.rng = pool, np.random.default_rng(seed)
        self.known: set[str] = set()
        self.drawn: list[Held] = []
        self.tops: list[Held] = []
        self.others: list[Held] = []
        self.batches = 0

    def refresh(self, *, skip: int) -> int:
        """Take up new packs and proposals, without every ``skip``-th; say how many crops are known."""
        for path in sorted((*self.pool.glob("*.lines.npz"), *self.pool.glob("*.mined.npz"))):
            number, what, _ = path.name.split(".")
            if path.name in self.known or int(number) % skip == 0:
                continue
            self.known.add(path.name)
            if what == "mined":
                self._take_proposals(path)
            else:
                self.drawn += ((c, str(word), float(s)) for c, word, s in kept_crops(path, "letters", "seen"))
        return len(self.drawn) + len(self.tops) + len(self.others)

    def _take_proposals(self, path: Path) -> None:
        for crop, number, seen, top in kept_crops(path, "kinds", "seen", "tops"):
            kind = KINDS[int(number)]
            if kind == K.TUYET_MAT or (top > 0 and kind != K.ENVELOPE_A):
                self.tops.append((crop, HIGHEST_WORD, float(top if top > 0 else seen)))
            elif top == 0:
                self.others.append((crop, FIXED_LETTERS.get(kind), float(seen)))

    def sample(self, plain: float) -> tuple[NDArray[np.uint8], str | None, float]:
        """One crop as it is shown, its letters where they are known, its legibility.

        Args:
            plain: share of plain type among what is shown.
        """
        rng = self.rng
        if rng.random() < plain or not self.drawn:
            return *type_line(rng), 1.0
        pick = rng.random()
        choice = self.drawn
        if pick < SHARE_OF_TOP and self.tops:
            choice = self.tops
        elif pick > SHARE_OF_TOP + SHARE_OF_DRAWN and self.others:
            choice = self.others
        crop, word, legible = choice[int(rng.integers(len(choice)))]
        return jitter(decode(crop), rng, flipped=word is None and bool(rng.random() < 0.5)), word, legible

    def batch(self, size: int) -> tuple[NDArray[np.uint8], list[str | None], NDArray[np.float32]]:
        """Crops ``(n, 80, 256, 3)``, their letters where they are known, and how far each is trusted."""
        self.batches += 1
        plain = max(SHARE_OF_TYPE, 1 - self.batches / FIRST_BATCHES)
        pixels, letters, seen = zip(*(self.sample(plain) for _ in range(size)), strict=True)
        return np.stack(pixels), list(letters), trusted(np.array(seen, np.float32))


FIXED_LETTERS = {kind.value: spelled_by(words) for kind, words in FIXED if kind is not K.OTHER}
PACK = 250


def draw_pack(pack: int, pool: Path, grounds: list[Path]) -> None:
    """Draw and keep one pack, unless it is there."""
    target = pool / f"{pack}.lines.npz"
    if target.exists():
        return
    drawn = [line for i in range(PACK) if (line := draw_line(pack * PACK + i, grounds)) is not None]
    columns: dict[str, NDArray[Any]] = {
        "letters": np.array([d.letters for d in drawn]),
        "seen": np.array([d.seen for d in drawn]),
    }
    keep_crops(target, [d.crop for d in drawn], **columns)


def _begin() -> None:
    os.setsid()
    cv2.setNumThreads(1)


def main() -> None:
    """Draw packs of lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pool", type=Path, default=Path(".stamps-work/pages"))
    parser.add_argument("--first", type=int, default=0, help="number of the first pack")
    parser.add_argument("--count", type=int, default=30000)
    parser.add_argument("--jobs", type=int, default=1)
    args = parser.parse_args()
    packs = range(args.first, args.first + -(-args.count // PACK))
    grounds = grounds_in(args.pool)
    with ProcessPoolExecutor(args.jobs, initializer=_begin) as workers:
        for _ in workers.map(partial(draw_pack, pool=args.pool, grounds=grounds), packs):
            pass


if __name__ == "__main__":
    main()
