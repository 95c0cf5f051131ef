"""Crops for the classifier: kept uncompressed in memory-mapped files, jittered each time they are shown."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from scanflow.stamps.crops import CROP_HEIGHT, CROP_WIDTH
from tools.stamps.data import KINDS, TALL, WIDE, harvest, jostle

BACKGROUND = len(KINDS) - 1
SHARE_OF_BACKGROUND = 0.28


class CropPool:
    """The crops of a pool of pages; ``<seed>.npz`` beside a page keeps what was harvested from it."""

    def __init__(self, pool: Path, seed: int) -> None:
        """Draw from ``pool``, which may still grow."""
        self.pool, self.rng = pool, np.random.default_rng(seed)
        self.crops: list[NDArray[np.uint8]] = []
        self.kinds: list[int] = []
        self.seen: list[float] = []
        self.by_kind: dict[int, list[int]] = {}
        self.known: set[str] = set()

    def refresh(self, *, skip: int) -> int:
        """Harvest new pages of the pool, leaving out every ``skip``-th seed; at most 400 a call. Return the pages known."""
        fresh = [p for p in self.pool.glob("*.json") if p.stem not in self.known and int(p.stem) % skip]
        for path in fresh if not self.known else fresh[:400]:
            self.known.add(path.stem)
            for crop, kind, seen in zip(*crops_of(path), strict=True):
                self.by_kind.setdefault(kind, []).append(len(self.crops))
                self.crops.append(crop)
                self.kinds.append(kind)
                self.seen.append(seen)
        for mined in self.pool.glob("*.mined.npz"):
            if mined.name not in self.known:
                self.known.add(mined.name)
                with np.load(mined) as held:
                    for crop, kind in zip(held["crops"], held["kinds"], strict=True):
                        self.by_kind.setdefault(int(kind), []).append(len(self.crops))
                        self.crops.append(encode(crop))
                        self.kinds.append(int(kind))
                        self.seen.append(1.0)
        return len(self.known)

    def batch(
        self, size: int
    ) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]:
        """Crops, kinds, right way up (1) or not (0), trust."""
        rng = self.rng
        kinds = sorted(k for k in self.by_kind if k != BACKGROUND)
        share = np.array(
            [len(self.by_kind[k]) ** 0.6 * (2.2 if KINDS[k] == "TUYET_MAT" else 1.0) for k in kinds]
        )
        share = share / share.sum()
        out, target, way, trust = [], [], [], []
        for _ in range(size):
            kind = (
                BACKGROUND
                if rng.random() < SHARE_OF_BACKGROUND
                else kinds[int(rng.choice(len(kinds), p=share))]
            )
            index = self.by_kind[kind][int(rng.integers(len(self.by_kind[kind])))]
            flipped = rng.random() < 0.35
            out.append(jitter(decode(self.crops[index]), rng, flipped=flipped))
            target.append(kind)
            way.append(0.0 if flipped else 1.0)
            trust.append(min(1.0, 0.35 + 1.6 * self.seen[index]))
        return np.stack(out), np.array(target), np.array(way, np.float32), np.array(trust, np.float32)


def crops_of(record_path: Path) -> tuple[list[NDArray[np.uint8]], list[int], list[float]]:
    """The harvested crops of one page."""
    record = json.loads(record_path.read_text())
    pixels = cv2.imread(str(record_path.with_suffix(".jpg")), cv2.IMREAD_COLOR)
    crops, kinds, seen = harvest(pixels, record, np.random.default_rng(int(record_path.stem)))
    return [encode(c) for c in crops], kinds, seen


def encode(crop: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Keep a crop small in memory (JPEG 95)."""
    return cv2.imencode(".jpg", crop, [cv2.IMWRITE_JPEG_QUALITY, 95])[1]


def decode(held: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Take it out again."""
    return cv2.imdecode(held, cv2.IMREAD_COLOR)


def jitter(crop: NDArray[np.uint8], rng: np.random.Generator, *, flipped: bool) -> NDArray[np.uint8]:
    """Cut the shown part out of the kept crop, as askew, shifted and wrongly scaled as the detector would."""
    angle = rng.normal(0, 2.5) + (180 if flipped else 0)
    scale = float(np.exp(rng.normal(0, 0.10)))
    move = cv2.getRotationMatrix2D((WIDE / 2, TALL / 2), angle, scale)
    move[:, 2] += (
        CROP_WIDTH / 2 - WIDE / 2 + rng.normal(0, 5),
        CROP_HEIGHT / 2 - TALL / 2 + rng.normal(0, 3),
    )
    return jostle(cv2.warpAffine(crop, move, (CROP_WIDTH, CROP_HEIGHT), borderMode=cv2.BORDER_REPLICATE), rng)
