"""Batches for the two networks, out of the pool of drawn pages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from scanflow.stamps.candidates import MARKS, SIZE_UNIT_MM, STRIDE, VOTE_REACH_PX, VOTERS, VOTES
from scanflow.stamps.crops import CROP_HEIGHT, CROP_WIDTH, crop_map, crop_scale, cut
from scanflow.stamps.fusion import TOP_SECRET_KINDS
from scanflow.stamps.marks import MarkKind
from tools.pagegen.store import Record, read_page, read_record
from tools.stamps.piles import SHARE_OF_PILES, Piece, Scene, laid_over, piece_of
from tools.stamps.quads import geometry
from tools.stamps.spoil import SHARE_OF_WIPED, jostle, wiped

K = MarkKind
KINDS = (*(k.value for k in MarkKind if k is not K.UNREADABLE), "BACKGROUND")
WIDE, TALL = CROP_WIDTH + 64, CROP_HEIGHT + 48
IGNORE = 255
FAINTEST = 0.13
SHOWN, HALF_SHOWN = 0.7, 0.25
"""Share of a mark within a crop: above, and near its middle, it is shown; below, absent; else neither."""
UNKNOWN = -1.0
VALIDATE_EVERY = 20
"""Every 20th seed of a pool is kept out of the gradient."""
MOST_HELD = 3500
FOCUS = {
    "TUYET_MAT": 3.0,
    "TOI_MAT": 2.0,
    "MAT": 1.5,
    "ENVELOPE_A": 1.5,
    "SEAL": 0.5,
    "BAN_SAO_BMNN": 0.5,
    "DEN": 0.6,
}
"""How often a window is laid on a mark of a kind, against 1 for the rest."""
HARD = "hard.list"
"""In a pool's folder: pages, with the numbers of their labels that a trained pair misses (``tools.stamps.hard``)."""
SHARE_OF_HARD = 0.4
"""Of the windows that are laid on a mark, those laid on one of these."""
_GROUP = {
    "KHAN": "URGENCY",
    "THUONG_KHAN": "URGENCY",
    "HOA_TOC": "URGENCY",
    "ENVELOPE_A": "ENVELOPE",
    "ENVELOPE_B": "ENVELOPE",
    "ENVELOPE_C": "ENVELOPE",
}


def detector_class(kind: str) -> int:
    """The dense map's name for a kind of mark, as an index into ``MARKS``."""
    name = _GROUP.get(kind, kind)
    return MARKS.index(name if name in MARKS else "OTHER")


VOTER = tuple(next(i for i, names in enumerate(VOTERS) if mark in names) for mark in MARKS)
"""With which group each of ``MARKS`` votes."""
VOTED = len(VOTES) + 1
"""Numbers a group's target has in each cell: the votes and the trust in them."""


View = tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.float32], int]
Views = tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.float32], NDArray[np.int64]]


def together(parts: list[View]) -> Views:
    """Views as one batch."""
    return (
        np.stack([p[0] for p in parts]),
        np.stack([p[1] for p in parts]),
        np.stack([p[2] for p in parts]),
        np.array([p[3] for p in parts]),
    )


class Windows:
    """Square windows of pages at 75 dpi, at any turn, with their dense targets."""

    def __init__(self, pool: Path, side: int, seed: int) -> None:
        """Draw from ``pool``, which may still grow (see ``refresh``)."""
        self.pool, self.side, self.rng = pool, side, np.random.default_rng(seed)
        self.records: dict[str, Record] = {}
        self.names: list[str] = []
        self.hard: list[tuple[str, int]] = []
        self.hard_share = np.zeros(0)
        self._held: dict[str, NDArray[np.uint8]] = {}

    def _page(self, name: str) -> NDArray[np.uint8]:
        """A page at half its resolution; the first few thousand are kept in memory (1.6 MB each)."""
        page = self._held.get(name)
        if page is None:
            page = read_page(self.pool / f"{name}.jpg", cv2.IMREAD_REDUCED_COLOR_2)
            if len(self._held) < MOST_HELD:
                self._held[name] = page
        return page

    def refresh(self, *, skip: int) -> int:
        """Read new pages, leaving out every ``skip``-th seed for thresholds; return how many there are."""
        for path in self.pool.glob("*.json"):
            if path.stem not in self.records and int(path.stem) % skip:
                self.records[path.stem] = read_record(path)
        self.names = sorted(self.records)
        if not self.hard and (self.pool / HARD).exists():
            listed = json.loads((self.pool / HARD).read_text())
            self.hard = [(name, label) for name in self.names for label in listed.get(name, ())]
            share = np.array([FOCUS.get(self.records[n]["labels"][i]["kind"], 1.0) for n, i in self.hard])
            self.hard_share = share / share.sum()
        return len(self.names)

    def sample(self) -> View:
        """One window: pixels, marks and votes as of ``dense_targets``, turn index."""
        rng, side = self.rng, self.side
        name, chosen = self.names[int(rng.integers(len(self.names)))], None
        if self.hard and rng.random() < SHARE_OF_HARD:
            name, chosen = self.hard[int(rng.choice(len(self.hard), p=self.hard_share))]
        record = self.records[name]
        page = self._page(name)
        to_75 = 75.0 / record["dpi"]
        scale = float(np.exp(rng.normal(0, 0.06)))
        quads = [np.array(m["quad"]) * to_75 for m in record["labels"]]
        if chosen is None and quads and rng.random() < 0.8:
            share = np.array([FOCUS.get(m["kind"], 1.0) for m in record["labels"]])
            chosen = int(rng.choice(len(quads), p=share / share.sum()))
        if chosen is not None:
            focus = quads[chosen].mean(0) + rng.normal(0, side / 5, 2)
        else:
            focus = rng.uniform((0, 0), page.shape[1::-1])
        edge = tuple(int(v) for v in page[0, 0]) if rng.random() < 0.7 else (255, 255, 255)
        return view_of(page, quads, record, focus, scale, side, rng, edge, self._piece())

    def _piece(self) -> Piece | None:
        """Something to lay over it, now and then."""
        if self.rng.random() > SHARE_OF_PILES:
            return None
        name = self.names[int(self.rng.integers(len(self.names)))]
        page, labels = self._page(name), self.records[name]["labels"]
        to_75 = 75.0 / self.records[name]["dpi"]
        return piece_of(page, [np.array(m["quad"]) * to_75 for m in labels], labels, FOCUS, self.rng)

    def batch(self, size: int) -> Views:
        """A batch of windows."""
        return together([self.sample() for _ in range(size)])


def view_of(
    page: NDArray[np.uint8],
    quads: list[NDArray[np.float64]],
    record: Record,
    focus: NDArray[np.float64],
    scale: float,
    side: int,
    rng: np.random.Generator,
    edge: tuple[int, ...] | None = None,
    piece: Piece | None = None,
) -> View:
    """A square of a page round ``focus``, a little askew, at any turn, jostled, with its dense targets.

    Args:
        page: pixels at the map's resolution.
        quads: of the record's labels, in these pixels.
        record: the page's.
        focus: the middle, in these pixels.
        scale: of the square against the page.
        side: of the square, pixels.
        rng: chance.
        edge: colour beyond the page; None repeats its edge.
        piece: what is laid over one of its marks.

    Returns:
        Pixels, marks and votes as of ``dense_targets``, and which of four turns is upright, -1 where none is.
    """
    small = float(rng.normal(0, 1.5)) if rng.random() < 0.5 else 0.0
    angle = small + (45 * (rng.random() * 2 - 1) if rng.random() < 0.08 else 0)
    spin = np.asarray(cv2.getRotationMatrix2D((float(focus[0]), float(focus[1])), angle, scale), np.float64)
    spin[:, 2] += np.array([side / 2, side / 2]) - focus
    border = cv2.BORDER_REPLICATE if edge is None else cv2.BORDER_CONSTANT
    laid = cv2.warpAffine(
        page, spin, (side, side), flags=cv2.INTER_LINEAR, borderMode=border, borderValue=edge or (0, 0, 0)
    )
    scene = Scene(np.asarray(laid, np.uint8), [q @ spin[:, :2].T + spin[:, 2] for q in quads], record["labels"])
    if piece is not None:
        scene = laid_over(scene, piece, rng)
    laid, quads = scene.pixels, scene.quads
    near = [q for q in quads if (q.min(0) > 0).all() and (q.max(0) < side).all()]
    if near and rng.random() < SHARE_OF_WIPED:
        laid = wiped(laid, near[int(rng.integers(len(near)))], rng)
    quarters = int(rng.integers(4))
    for _ in range(quarters):
        quads = [np.stack((q[:, 1], side - q[:, 0]), 1) for q in quads]
    view = np.ascontiguousarray(np.rot90(laid, quarters), np.uint8)
    marks, boxes = dense_targets(quads, scene.labels, side)
    turn = (record["turn"] // 90 + quarters) % 4
    return jostle(view, rng), marks, boxes, turn if abs(angle) < 20 else -1


def dense_targets(
    quads: list[NDArray[np.float64]], labels: list[Record], side: int
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Which marks cover each cell, with a ring of "do not care" around each; their votes and the trust in them.

    Returns:
        ``(len(MARKS), cells, cells)`` of 0, 1 or ``IGNORE``, and ``(VOTED * len(VOTERS), cells, cells)``.
    """
    cells = side // STRIDE
    marks = np.zeros((len(MARKS), cells, cells), np.uint8)
    boxes = np.zeros((VOTED * len(VOTERS), cells, cells), np.float32)
    order = sorted(
        range(len(quads)),
        key=lambda i: (labels[i]["legibility"] >= FAINTEST, -cv2.contourArea(quads[i].astype(np.float32))),
    )
    rows, cols = np.mgrid[0:cells, 0:cells].astype(np.float32)
    for i in order:
        quad, label = quads[i], labels[i]
        x, y, w, h, angle = geometry(quad)
        ring = painted((quad - (x, y)) * 1.04 + (x, y), cells)
        if label["legibility"] < FAINTEST:
            marks[:, ring] = IGNORE
            continue
        shrink = 0.8 if h > 30 else 0.66
        along, across = (
            (quad[1] - quad[0]) / 2 * (1 - (1 - shrink) * min(1.0, h / w)),
            (quad[3] - quad[0]) / 2 * shrink,
        )
        inner = np.array([-along - across, along - across, along + across, -along + across]) + np.array([x, y])
        inside = painted(inner, cells)
        mark = detector_class(label["kind"])
        marks[mark, ring & (marks[mark] == 0)] = IGNORE
        marks[mark, inside] = 1
        votes = (x - (cols + 0.5) * STRIDE) / VOTE_REACH_PX, (y - (rows + 0.5) * STRIDE) / VOTE_REACH_PX
        unit = SIZE_UNIT_MM * 75 / 25.4
        values = (
            *(v[inside] for v in votes),
            np.log(w / unit),
            np.log(h / unit),
            np.cos(2 * np.radians(angle)),
            np.sin(2 * np.radians(angle)),
        )
        trust = min(1.0, max(0.1, (label["legibility"] - 0.08) / 0.4))
        trust *= min(1.0, 320.0 / (w * h / (75 / 25.4) ** 2)) ** 0.8  # else the largest marks would drown the rest
        first = VOTED * VOTER[mark]
        for channel, value in enumerate((*values, trust)):
            boxes[first + channel][inside] = value
    return marks, boxes


def painted(quad: NDArray[np.float64], cells: int) -> NDArray[np.bool_]:
    """The cells that a quad (pixels) covers."""
    canvas = np.zeros((cells, cells), np.uint8)
    cv2.fillPoly(canvas, [np.round((quad / STRIDE - 0.5) * 16).astype(np.int32)], 1, shift=4)
    return canvas > 0


def trusted(legibility: Any) -> Any:
    """How much a mark teaches, for an array or a tensor of legibilities: the faintest half as much as a clear one."""
    return (0.35 + 1.6 * legibility).clip(max=1.0)


def shown(quad: NDArray[np.float64], to_crop: NDArray[np.float64]) -> tuple[float, bool]:
    """The share of a mark's area that lies within a crop, and whether its middle lies near the crop's."""
    moved = (quad @ to_crop[:, :2].T + to_crop[:, 2]).astype(np.float32)
    right, bottom = CROP_WIDTH - 1, CROP_HEIGHT - 1
    corners = np.array([[0, 0], [right, 0], [right, bottom], [0, bottom]], np.float32)
    shared, _ = cv2.intersectConvexConvex(corners, moved)
    off = np.abs(moved.mean(0) - (right / 2, bottom / 2)) / (CROP_WIDTH, CROP_HEIGHT)
    return float(shared / max(cv2.contourArea(moved), 1.0)), bool((off < 0.3).all())


def top_shown(record: Record, to_side: NDArray[np.float64]) -> float:
    """What a crop shows of the highest level, be it covered by another mark.

    Args:
        record: the page's.
        to_side: the crop's map, as of ``scanflow.stamps.crops.crop_map``.

    Returns:
        its legibility; 0 where there is none; ``UNKNOWN`` where it is too faint, cut off, or beside the middle.
    """
    to_crop = np.asarray(cv2.invertAffineTransform(to_side), np.float64)
    best = 0.0
    for label in record["labels"]:
        if label["kind"] not in TOP_SECRET_KINDS:
            continue
        share, central = shown(np.array(label["quad"]), to_crop)
        if label["legibility"] >= FAINTEST and share >= SHOWN and central:
            best = max(best, label["legibility"])
        elif share > HALF_SHOWN and best == 0.0:
            best = UNKNOWN
    return best


def harvest(
    pixels: NDArray[np.uint8], record: Record, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], list[int], list[float], list[float]]:
    """Crops with room for jitter, upright: one of every mark and some of the ground between them.

    Returns:
        crops ``(n, TALL, WIDE, 3)``, their kinds (index into ``KINDS``), their mark's legibility (1 for
        background), and what they show of the highest level (``top_shown``).
    """
    ppm = record["dpi"] / 25.4
    crops, kinds, seen, tops = [], [], [], []
    middles = []
    for label in record["labels"]:
        quad = np.array(label["quad"])
        x, y, w, h, angle = geometry(quad)
        middles.append((x, y, max(w, h) / 2))
        if label["legibility"] < FAINTEST:
            continue
        scale = crop_scale(w / ppm, h / ppm)
        crops.append(cut(pixels, x, y, angle, ppm, scale, size=(WIDE, TALL)))
        tops.append(top_shown(record, crop_map(x, y, angle, ppm, scale)))
        kinds.append(KINDS.index(label["kind"]))
        seen.append(label["legibility"])
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    height, width = grey.shape
    wanted, tries = (3 if record["labels"] else 5), 0
    while wanted and tries < 60:
        tries += 1
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        if any(np.hypot(x - a, y - b) < r + 6 * ppm for a, b, r in middles):
            continue
        around = grey[
            max(0, int(y - 3 * ppm)) : int(y + 3 * ppm) + 1, max(0, int(x - 12 * ppm)) : int(x + 12 * ppm) + 1
        ]
        if around.std() < 12 and rng.random() < 0.9:
            continue
        angle = 90.0 * ((4 - record["turn"] // 90) % 4) if rng.random() < 0.75 else rng.uniform(-180, 180)
        tilt, scale = -angle + rng.normal(0, 2), float(rng.choice((1.0, 1.0, 1.2, 1.6)))
        crops.append(cut(pixels, x, y, tilt, ppm, scale, size=(WIDE, TALL)))
        tops.append(top_shown(record, crop_map(x, y, tilt, ppm, scale)))
        kinds.append(len(KINDS) - 1)
        seen.append(1.0)
        wanted -= 1
    return np.stack(crops) if crops else np.zeros((0, TALL, WIDE, 3), np.uint8), kinds, seen, tops
