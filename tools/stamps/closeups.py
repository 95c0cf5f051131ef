"""Places of doubt for the closer look to learn from: ``python -m tools.stamps.closeups --pool DIR --out DIR``.

Pieces of training pages at 100 dpi round every TUYỆT MẬT, round the marks that a trained pair misses (``hard.list``)
and round what its detector takes for TUYỆT MẬT where there is none. Each is kept as a page of its own, a JPEG and a
JSON, that knows why it was cut.
"""

from __future__ import annotations

import argparse
import json
from enum import StrEnum
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from scanflow.pages import Image
from scanflow.stamps.closer import APART_MM, CLOSER_DPI
from scanflow.stamps.fusion import TOP_SECRET_KINDS, Finding
from scanflow.stamps.geometry import centre_of
from tools.pagegen import store
from tools.stamps.data import FAINTEST, FOCUS, HARD, VALIDATE_EVERY, View, Views, together, view_of
from tools.stamps.look import look_at
from tools.stamps.piles import SHARE_OF_PILES, Piece, piece_of

PIECE_PX = 512
MOST_PIECES, MOST_MISTAKEN = 5, 3
SUSPECTED = 0.12
"""P(TUYỆT MẬT) of the dense map from which on a place without one is a lesson."""


class Why(StrEnum):
    """Why a piece was cut."""

    TOP_SECRET = "top_secret"
    HARD = "hard"
    MISTAKEN = "mistaken"


SHARES = {Why.TOP_SECRET: 0.5, Why.HARD: 0.15, Why.MISTAKEN: 0.35}
"""Of what is shown while learning."""


def places_of(
    record: store.Record, findings: tuple[Finding, ...], hard: list[int]
) -> list[tuple[NDArray[np.float64], Why]]:
    """Where to cut, in pixels of the page: no two nearer than the closer look would tell apart."""
    places: list[tuple[NDArray[np.float64], Why]] = []
    apart = APART_MM / 25.4 * record["dpi"]

    def add(middle: NDArray[np.float64], why: Why) -> None:
        mistaken = sum(reason is Why.MISTAKEN for _, reason in places)
        full = len(places) >= MOST_PIECES or (why is Why.MISTAKEN and mistaken >= MOST_MISTAKEN)
        if not full and all(np.hypot(*(middle - known)) > apart for known, _ in places):
            places.append((middle, why))

    for label in record["labels"]:
        if label["kind"] in TOP_SECRET_KINDS and label["legibility"] >= FAINTEST:
            add(np.array(label["quad"]).mean(0), Why.TOP_SECRET)
    for number in hard:
        add(np.array(record["labels"][number]["quad"]).mean(0), Why.HARD)
    for found in findings:
        if found.detector_top_secret >= SUSPECTED:
            add(np.array(centre_of(found.quad)), Why.MISTAKEN)
    return places


def pieces_of(
    pixels: Image, record: store.Record, places: list[tuple[NDArray[np.float64], Why]]
) -> list[tuple[NDArray[np.uint8], store.Record]]:
    """The pieces with their records: ``focus`` is where the place lies in the piece."""
    zoom = CLOSER_DPI / record["dpi"]
    size = (round(pixels.shape[1] * zoom), round(pixels.shape[0] * zoom))
    page = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if zoom < 1 else cv2.INTER_LINEAR)
    short = (max(0, PIECE_PX - page.shape[0]), max(0, PIECE_PX - page.shape[1]))
    page = cv2.copyMakeBorder(page, 0, short[0], 0, short[1], cv2.BORDER_REPLICATE)
    pieces = []
    for middle, why in places:
        corner = np.clip(np.round(middle * zoom - PIECE_PX / 2), 0, np.array(page.shape[1::-1]) - PIECE_PX)
        x, y = (int(v) for v in corner)
        labels = []
        for label in record["labels"]:
            quad = np.array(label["quad"]) * zoom - corner
            if (quad.max(0) > 0).all() and (quad.min(0) < PIECE_PX).all():
                labels.append(label | {"quad": quad.round(1).tolist()})
        told = {"dpi": CLOSER_DPI, "labels": labels, "why": why, "focus": (middle * zoom - corner).tolist()}
        piece = np.asarray(page[y : y + PIECE_PX, x : x + PIECE_PX], np.uint8)
        pieces.append((piece, {"seed": record["seed"], "turn": record["turn"], **told}))
    return pieces


class Closeups:
    """Windows of the pieces, jostled each time they are shown."""

    def __init__(self, pool: Path, side: int, seed: int) -> None:
        """Draw from ``pool``, which may still grow."""
        self.pool, self.side, self.rng = pool, side, np.random.default_rng(seed)
        self.records: dict[str, store.Record] = {}
        self.by_reason: dict[Why, list[str]] = {why: [] for why in Why}

    def refresh(self, *, skip: int) -> int:
        """Take up new pieces, without those of every ``skip``-th page; say how many are known."""
        for path in sorted(self.pool.glob("*.json")):
            if path.stem not in self.records and (record := store.read_record(path))["seed"] % skip:
                self.records[path.stem] = record
                self.by_reason[Why(record["why"])].append(path.stem)
        return len(self.records)

    def sample(self) -> View:
        """One window, its place about as far from the middle as the first look is wrong."""
        rng = self.rng
        reasons = [why for why in Why if self.by_reason[why]]
        share = np.array([SHARES[why] for why in reasons])
        names = self.by_reason[reasons[int(rng.choice(len(reasons), p=share / share.sum()))]]
        name = names[int(rng.integers(len(names)))]
        record = self.records[name]
        focus = np.array(record["focus"]) + rng.normal(0, 36 if rng.random() < 0.7 else 60, 2)
        quads = [np.array(label["quad"]) for label in record["labels"]]
        scale = float(np.exp(rng.normal(0, 0.1)))
        page = store.read_page(self.pool / f"{name}.jpg")
        return view_of(page, quads, record, focus, scale, self.side, rng, piece=self._piece())

    def _piece(self) -> Piece | None:
        """Something to lay over it, now and then."""
        if self.rng.random() > SHARE_OF_PILES:
            return None
        names = self.by_reason[Why(self.rng.choice([why for why in Why if self.by_reason[why]]))]
        name = names[int(self.rng.integers(len(names)))]
        labels = self.records[name]["labels"]
        quads = [np.array(label["quad"]) for label in labels]
        return piece_of(store.read_page(self.pool / f"{name}.jpg"), quads, labels, FOCUS, self.rng)

    def batch(self, size: int) -> Views:
        """A batch of windows."""
        return together([self.sample() for _ in range(size)])


def main() -> None:
    """Cut the pieces of every page of a pool."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pool", type=Path, default=Path(".stamps-work/pages"))
    parser.add_argument("--out", type=Path, default=Path(".stamps-work/closeups"))
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--jobs", type=int, default=1)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    args.out.mkdir(parents=True, exist_ok=True)
    listed = json.loads((args.pool / HARD).read_text()) if (args.pool / HARD).exists() else {}
    paths = [p.with_suffix(".json") for p, _ in store.records(args.pool) if int(p.stem) % VALIDATE_EVERY]
    count = 0
    for path, seen in zip(paths, look_at(paths, args.jobs, args.weights), strict=True):
        places = places_of(seen.record, seen.sight.looks[0].first, listed.get(path.stem, []))
        if not places:
            continue
        for number, (piece, record) in enumerate(
            pieces_of(store.read_page(path.with_suffix(".jpg")), seen.record, places)
        ):
            name = args.out / f"{path.stem}-{number}"
            cv2.imwrite(f"{name}.jpg", piece, [cv2.IMWRITE_JPEG_QUALITY, 93])
            name.with_suffix(".json").write_text(json.dumps(record))
            count += 1
    print(f"{count} pieces of {len(paths)} pages")


if __name__ == "__main__":
    main()
