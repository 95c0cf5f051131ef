"""Crops for the classifier: kept uncompressed in memory-mapped files, jittered each time they are shown."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from scanflow.stamps.crops import CROP_HEIGHT, CROP_WIDTH
from scanflow.stamps.fusion import TOP_SECRET_KINDS
from tools.pagegen.store import read_page, read_record
from tools.stamps.crop_piles import MARK, Crop, piled
from tools.stamps.data import KINDS, TALL, VALIDATE_EVERY, WIDE, harvest, trusted
from tools.stamps.piles import SHARE_OF_PILES, SHARE_OF_TYPE
from tools.stamps.spoil import SHARE_OF_WIPED, jostle, wiped

BACKGROUND = len(KINDS) - 1
SHARE_OF_BACKGROUND = 0.32
SHARE_OF_MINED = 0.6
"""Of the crops shown, those that the detector itself proposed."""
SHARE_OF_MISTAKEN = 0.12
"""Of these, those that the pair which proposed them did not know."""
SHARE_OF_COVERED = 0.08
"""Of the crops shown, those of another kind of mark with the highest level in the same place."""
PACKED = "crops.bin"


class CropPool:
    """The crops of a pool of pages; ``<seed>.npz`` beside a page keeps what was harvested from it."""

    def __init__(self, pool: Path, seed: int) -> None:
        """Draw from ``pool``, which may still grow."""
        self.pool, self.rng = pool, np.random.default_rng(seed)
        self.crops: list[NDArray[np.uint8]] = []
        self.kinds: list[int] = []
        self.seen: list[float] = []
        self.by_kind: dict[int, list[int]] = {}
        self.mined: dict[int, list[int]] = {}
        self.mistaken: dict[int, list[int]] = {}
        self.tops: list[float] = []
        self.covered: list[int] = []
        self.known: set[str] = set()
        if (pool / PACKED).exists():
            self._unpack()

    def _unpack(self) -> None:
        """Take what ``pack`` has harvested; the bytes stay on disk and are shared by all workers."""
        held = np.memmap(self.pool / PACKED, np.uint8, "r")
        with np.load(self.pool / f"{PACKED}.npz") as index:
            self.known.update(index["known"].tolist())
            ends = np.cumsum(index["lengths"])
            columns = (index[name] for name in ("lengths", "kinds", "seen", "tops"))
            for end, length, kind, seen, top in zip(ends, *columns, strict=True):
                self._add(held[end - length : end], int(kind), float(seen), float(top), self.by_kind)

    def _add(self, crop: NDArray[np.uint8], kind: int, seen: float, top: float, where: dict[int, list[int]]) -> None:
        where.setdefault(kind, []).append(len(self.crops))
        if top > 0 and KINDS[kind] not in TOP_SECRET_KINDS:
            self.covered.append(len(self.crops))
        self.tops.append(top)
        self.crops.append(crop)
        self.kinds.append(kind)
        self.seen.append(seen)

    def refresh(self, *, skip: int) -> int:
        """Harvest new pages, 400 a call at most, without every ``skip``-th seed; say how many are known."""
        fresh = [p for p in self.pool.glob("*.json") if p.stem not in self.known and int(p.stem) % skip]
        for path in fresh if not self.known else fresh[:400]:
            self.known.add(path.stem)
            for crop, kind, seen, top in zip(*crops_of(path), strict=True):
                self._add(crop, kind, seen, top, self.by_kind)
        for mined in self.pool.glob("*.mined.npz"):
            if mined.name not in self.known:
                self.known.add(mined.name)
                for crop, kind, seen, top, mistaken in kept_crops(mined, "kinds", "seen", "tops", "mistaken"):
                    if mistaken:
                        self.mistaken.setdefault(int(kind), []).append(len(self.crops))
                    self._add(crop, int(kind), float(seen), float(top), self.mined)
        return len(self.known)

    def batch(self, size: int) -> tuple[NDArray[np.uint8], NDArray[np.int64], *tuple[NDArray[np.float32], ...]]:
        """Crops, kinds, right way up (1) or not (0), trust, and what they show of the highest level."""
        rng = self.rng
        kinds = sorted(k for k in self.by_kind if k != BACKGROUND)
        share = np.array([len(self.by_kind[k]) ** 0.6 * (2.2 if KINDS[k] == "TUYET_MAT" else 1.0) for k in kinds])
        share = share / share.sum()
        out, target, way, seen, top = [], [], [], [], []
        for _ in range(size):
            kind = BACKGROUND if rng.random() < SHARE_OF_BACKGROUND else kinds[int(rng.choice(len(kinds), p=share))]
            crop = self._one(self.covered) if self.covered and rng.random() < SHARE_OF_COVERED else self._of(kind)
            if rng.random() < SHARE_OF_PILES:
                typed = crop.kind == BACKGROUND or rng.random() < SHARE_OF_TYPE  # a mark over ground is no ground
                crop = piled(crop, self._of(BACKGROUND if typed else kinds[int(rng.choice(len(kinds), p=share))]), rng)
            flipped = rng.random() < 0.35
            out.append(jitter(crop.pixels, rng, flipped=flipped))
            target.append(crop.kind)
            top.append(crop.top)
            way.append(0.0 if flipped else 1.0)
            seen.append(crop.seen)
        ways, legible, tops = (np.array(column, np.float32) for column in (way, seen, top))
        return np.stack(out), np.array(target), ways, trusted(legible), tops

    def _of(self, kind: int) -> Crop:
        """One of a kind: harvested, mined, or mistaken."""
        choice = self.by_kind[kind]
        if kind in self.mined and self.rng.random() < SHARE_OF_MINED:
            choice = self.mined[kind]
            if kind in self.mistaken and self.rng.random() < SHARE_OF_MISTAKEN:
                choice = self.mistaken[kind]
        return self._one(choice)

    def _one(self, choice: list[int]) -> Crop:
        index = choice[int(self.rng.integers(len(choice)))]
        return Crop(decode(self.crops[index]), self.kinds[index], self.seen[index], self.tops[index])


def crops_of(record_path: Path) -> tuple[list[NDArray[np.uint8]], list[int], list[float], list[float]]:
    """The harvested crops of one page."""
    pixels, record = read_page(record_path.with_suffix(".jpg")), read_record(record_path)
    crops, kinds, seen, tops = harvest(pixels, record, np.random.default_rng(int(record_path.stem)))
    return [encode(c) for c in crops], kinds, seen, tops


def pack(pool: Path, jobs: int, skip: int) -> int:
    """Harvest every page of a pool into one file, once and for all; return the number of crops."""
    paths = sorted(p for p in pool.glob("*.json") if int(p.stem) % skip)
    lengths, kinds, seen, tops = [], [], [], []
    with (pool / PACKED).open("wb") as out, ProcessPoolExecutor(jobs, initializer=os.setsid) as workers:
        for crops, page_kinds, page_seen, page_tops in workers.map(crops_of, paths, chunksize=16):
            for crop in crops:
                out.write(crop.tobytes())
                lengths.append(crop.size)
            kinds += page_kinds
            seen += page_seen
            tops += page_tops
    known = np.array([p.stem for p in paths])
    np.savez(
        pool / f"{PACKED}.npz",
        lengths=np.array(lengths),
        kinds=np.array(kinds),
        seen=np.array(seen),
        tops=np.array(tops),
        known=known,
    )
    return len(lengths)


def keep_crops(path: Path, crops: list[NDArray[np.uint8]], **columns: NDArray[Any]) -> None:
    """Write crops and what is known of each into one file, which is there whole or not at all."""
    coded = [encode(crop).ravel() for crop in crops]
    part = path.with_suffix(".part")  # no name that a pool looks for
    with part.open("wb") as out:
        lengths = np.array([len(c) for c in coded])
        np.savez(out, crops=np.concatenate(coded), lengths=lengths, allow_pickle=False, **columns)
    part.replace(path)


def kept_crops(path: Path, *names: str) -> Iterator[tuple[Any, ...]]:
    """Each crop of such a file, still encoded, with the named columns."""
    with np.load(path) as held:
        parts = np.split(held["crops"], np.cumsum(held["lengths"])[:-1])
        yield from zip(parts, *(held[name] for name in names), strict=True)


def encode(crop: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Keep a crop small in memory (JPEG 95)."""
    return np.asarray(cv2.imencode(".jpg", crop, [cv2.IMWRITE_JPEG_QUALITY, 95])[1], np.uint8)


def decode(held: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Take it out again."""
    return np.asarray(cv2.imdecode(held, cv2.IMREAD_COLOR), np.uint8)


def jitter(crop: NDArray[np.uint8], rng: np.random.Generator, *, flipped: bool) -> NDArray[np.uint8]:
    """Cut the shown part out of the kept crop, as askew, shifted and wrongly scaled as the detector would."""
    askew = rng.normal(0, 2.5) if rng.random() < 0.92 else rng.uniform(-40, 40)  # the detector errs on odd angles
    angle = askew + (180 if flipped else 0)
    scale = float(np.exp(rng.normal(0, 0.10)))
    move = np.asarray(cv2.getRotationMatrix2D((WIDE / 2, TALL / 2), angle, scale), np.float64)
    move[:, 2] += (
        CROP_WIDTH / 2 - WIDE / 2 + rng.normal(0, 6),
        CROP_HEIGHT / 2 - TALL / 2 + rng.normal(0, 3),
    )
    if rng.random() < SHARE_OF_WIPED:
        crop = wiped(crop, MARK, rng)
    cut = cv2.warpAffine(crop, move, (CROP_WIDTH, CROP_HEIGHT), borderMode=cv2.BORDER_REPLICATE)
    return jostle(np.asarray(cut, np.uint8), rng)


if __name__ == "__main__":
    pack(Path(sys.argv[1]), int(sys.argv[2]), skip=VALIDATE_EVERY)
