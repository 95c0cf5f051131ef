"""What happens to a sheet on a desk: stamps come down, seals, signatures, notes, holes and staples."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scanflow.stamps.marks import MarkKind
from tools.pagegen.drawn import Plate, legibility
from tools.pagegen.guests.west import cuts, hand, inks, rubber, words
from tools.pagegen.norms import LEVELS

Rng = np.random.Generator
Pixels = NDArray[np.uint8]
Quad = NDArray[np.float64]
OVERSAMPLE = 2
TWO_COLOURS = (MarkKind.DEN, MarkKind.OTHER, MarkKind.BAN_SO, MarkKind.BAN_SAO_SO)


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A mark on the sheet: its kind, clean plate, corners in sheet pixels, and whether a pen wrote it."""

    kind: MarkKind
    plate: Plate
    quad: Quad
    handwritten: bool


def pressed_on(
    rng: Rng, paper: Pixels, stamp: cuts.Stamp, spots: list[tuple[float, float]], taken: list[Quad], difficulty: str,
    dpi: int, *, crowded: bool,
) -> tuple[Pixels, Mark]:  # fmt: skip
    """Put a stamp on the paper; a level's words that came out unreadable are tried again, as a clerk would."""
    level = stamp.kind in LEVELS
    tries = (difficulty, difficulty, "medium", "easy") if difficulty != "easy" else ("easy",) * 4
    best: tuple[float, Pixels, Quad] | None = None
    for grade in tries[: 4 if level else 1]:
        map_ = _place(rng, stamp, paper, spots, taken, dpi, crowded=crowded)
        sheet = paper.copy() if level else paper
        _ink_down(rng, sheet, stamp, map_, grade, dpi)
        quad = stamp.plate.quad @ map_[:, :2].T + map_[:, 2]
        read = legibility(sheet, stamp.plate, quad) if level else 1.0
        if best is None or read > best[0]:
            best = (read, sheet, quad)
        if read > (0.42 if difficulty == "extreme" else 0.48):
            break
    assert best is not None
    small = cv2.resize(stamp.plate.mask, None, fx=1 / OVERSAMPLE, fy=1 / OVERSAMPLE, interpolation=cv2.INTER_AREA)
    plate = Plate(np.asarray(small, np.float32), stamp.plate.quad / OVERSAMPLE)
    return best[1], Mark(stamp.kind, plate, best[2], stamp.handwritten)


def _ink_down(rng: Rng, sheet: Pixels, stamp: cuts.Stamp, map_: NDArray[np.float64], grade: str, dpi: int) -> None:
    px_mm = dpi * OVERSAMPLE / 25.4
    ink = _ink_of(rng, stamp)
    if stamp.handwritten:
        fade = np.clip(0.85 + 0.15 * rubber.clouds(rng, stamp.plate.mask.shape, 12), 0.3, 1)
        left = stamp.plate.mask * fade
    elif stamp.printed:
        left = stamp.plate.mask
    else:
        left = rubber.pressed(rng, stamp.plate.mask, rubber.a_strike(rng, grade), px_mm)
    inks.laid(sheet, np.asarray(left, np.float32), map_, ink)
    if stamp.pen is not None:
        inks.laid(sheet, stamp.pen, map_, inks.an_ink(rng, inks.PENS))


def _ink_of(rng: Rng, stamp: cuts.Stamp) -> inks.Ink:
    if stamp.handwritten:
        return inks.an_ink(rng, inks.PENS)
    if stamp.printed:
        return inks.an_ink(rng, inks.BLACKS if rng.random() < 0.6 else inks.REDS)
    red = 0.4 if stamp.kind in TWO_COLOURS else 0.97 if stamp.kind is MarkKind.SEAL else 0.86
    if rng.random() < red:
        return inks.an_ink(rng, inks.REDS)
    others = (inks.BLUES, inks.VIOLETS, inks.BLACKS, inks.GREENS)
    return inks.an_ink(rng, others[int(rng.choice(4, p=(0.34, 0.32, 0.26, 0.08)))])


def _place(
    rng: Rng, stamp: cuts.Stamp, paper: Pixels, spots: list[tuple[float, float]], taken: list[Quad], dpi: int, *,
    crowded: bool,
) -> NDArray[np.float64]:  # fmt: skip
    h, w = paper.shape[:2]
    mm, middle = dpi / 25.4, stamp.plate.quad.mean(0)
    allowed = (0.5 if stamp.kind is MarkKind.SEAL or rng.random() < 0.3 else 0.22) if crowded else 0.06
    centre = np.array(taken[-1].mean(0) if crowded and taken else (w / 2, h / 2))
    care = float(rng.choice((0.1, 0.25, 0.6)))
    best: tuple[float, NDArray[np.float64]] | None = None
    for turn in range(16):
        way = rng.random()
        if way < 0.5 and spots:
            at = np.array(spots[min(int(rng.exponential(1.3)) + turn // 6, len(spots) - 1)]) * mm + rng.normal(
                0, 3.5 * mm, 2
            )
        elif way < 0.7 and crowded:
            at = centre + rng.normal(0, 22 * mm, 2)
        else:
            at = rng.uniform((0, 0), (w, h))
        turned = cv2.getRotationMatrix2D((float(middle[0]), float(middle[1])), _tilt(rng), 1 / OVERSAMPLE)
        map_ = np.asarray(turned, np.float64)
        map_[:, 2] += at - middle
        quad = stamp.plate.quad @ map_[:, :2].T + map_[:, 2]
        low, high = quad.min(0) - 1.5 * mm, quad.max(0) + 1.5 * mm
        map_[:, 2] += np.maximum(0, -low) - np.maximum(0, high - (w, h))
        quad = stamp.plate.quad @ map_[:, :2].T + map_[:, 2]
        worst = max((_overlap(quad, other) for other in taken), default=0.0) + _crossed(paper, quad) * care
        if best is None or worst < best[0]:
            best = (worst, map_)
        if worst <= allowed:
            return map_
    assert best is not None
    return best[1]


def _crossed(paper: Pixels, quad: Quad) -> float:
    """How restless or dark the ground under a mark is, 0 blank to about 1 for dense print or a photograph."""
    (x0, y0), (x1, y1) = np.maximum(quad.min(0), 0).astype(int), quad.max(0).astype(int) + 1
    ground = paper[y0:y1:3, x0:x1:3, 1]
    return float(ground.std() + max(110 - ground.mean(), 0)) / 80 if ground.size else 0.0


def _tilt(rng: Rng) -> float:
    way = rng.random()
    if way < 0.72:
        return float(rng.normal(0, 1.4))
    if way < 0.92:
        return float(rng.normal(0, 9))
    return float(rng.choice((90, -90, 180)) + rng.normal(0, 4)) if way < 0.97 else float(rng.uniform(-180, 180))


def _overlap(a: Quad, b: Quad) -> float:
    area, _ = cv2.intersectConvexConvex(a.astype(np.float32), b.astype(np.float32))
    least = min(cv2.contourArea(a.astype(np.float32)), cv2.contourArea(b.astype(np.float32)))
    return float(area) / max(float(least), 1.0)


def signed(rng: Rng, paper: Pixels, spot: tuple[float, float], dpi: int) -> None:
    """A signature, in place."""
    mm = dpi / 25.4
    wide = rng.uniform(28, 62) * mm
    mask = hand.traced(
        (int(wide * 1.2), int(wide * 1.4)),
        hand.signature(rng, wide),
        (wide * 0.1, wide * 0.6),
        rng.uniform(0.3, 0.7) * mm,
    )
    shift = np.array([[1, 0, spot[0] * mm - wide * 0.6], [0, 1, spot[1] * mm - wide * 0.6]], np.float64)
    inks.laid(paper, mask, shift, inks.an_ink(rng, inks.PENS))


def noted(rng: Rng, paper: Pixels, dpi: int) -> None:
    """A remark in somebody's hand, often slanting, sometimes ringed, in place."""
    mm = dpi / 25.4
    how, cap = hand.a_hand(rng), rng.uniform(2.6, 5.5) * mm
    way = hand.strokes(rng, words.pick(rng, words.NOTES), cap, how)
    low, high = hand.span(way)
    if rng.random() < 0.25:
        t = np.linspace(0, 6.6, 40)
        way.append(
            (low + high) / 2 + np.stack((np.cos(t), np.sin(t)), 1) * (high - low) * 0.62 + rng.normal(0, 1, (40, 2))
        )
    size = (int((high - low)[1] + 4 * cap), int((high - low)[0] + 4 * cap))
    mask = hand.traced(size, way, (float(2 * cap - low[0]), float(2 * cap - low[1])), how.nib * cap)
    slant = float(rng.normal(0, 9))
    turn = np.asarray(cv2.getRotationMatrix2D((size[1] / 2, size[0] / 2), slant, 1), np.float64)
    turn[:, 2] += rng.uniform((0.02, 0.02), (0.7, 0.9)) * (paper.shape[1], paper.shape[0]) - (cap, cap)
    inks.laid(paper, mask, turn, inks.an_ink(rng, inks.PENS))


def handled(rng: Rng, paper: Pixels, dpi: int) -> None:
    """Staples, punch holes, highlighter, ticks, whatever a desk does, in place."""
    h, w = paper.shape[:2]
    mm = dpi / 25.4
    if rng.random() < 0.3:
        x, y = rng.uniform(4, 14, 2) * mm
        end = np.array((x, y)) + rng.uniform(-1, 1, 2) * 9 * mm
        cv2.line(
            paper, (int(x), int(y)), end.astype(int).tolist(), (120, 122, 124), max(2, round(0.6 * mm)), cv2.LINE_AA
        )
    if rng.random() < 0.3:
        tone = (30, 30, 30) if rng.random() < 0.5 else (248, 248, 248)
        for k in (-1, 1):
            cv2.circle(paper, (int(9 * mm), int(h / 2 + k * 40 * mm)), round(3 * mm), tone, -1, cv2.LINE_AA)
    if rng.random() < 0.25:
        for _ in range(int(rng.integers(1, 4))):
            x, y = rng.uniform((0.1, 0.15), (0.6, 0.9)) * (w, h)
            view = paper[int(y) : int(y + 5 * mm), int(x) : int(x + rng.uniform(20, 70) * mm)]
            tint = ((0.35, 0.98, 1.0), (0.6, 1.0, 0.7), (0.85, 0.7, 1.0))[int(rng.integers(3))]
            view[:] = (view * np.array(tint)).astype(np.uint8)
    if rng.random() < 0.25:
        for k in range(int(rng.integers(2, 7))):
            at = np.array((rng.uniform(5, 16), 60 + k * rng.uniform(14, 24))) * mm
            tick = np.array([[0, 0], [1.5, 2], [5, -4]]) * mm * rng.uniform(0.6, 1.1) + at
            cv2.polylines(
                paper,
                [tick.astype(np.int32)],
                False,
                (40, 40, 190) if k % 2 else (150, 60, 30),
                max(1, round(0.4 * mm)),
                cv2.LINE_AA,
            )
