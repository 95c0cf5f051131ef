"""What happens between a cut rubber and the paper: wear, ink, pressure, haste."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from tools.pagegen.masks import Mask, as_mask

Rng = np.random.Generator
GRADES = ("easy", "medium", "hard", "extreme")


@dataclass(frozen=True, slots=True)
class Strike:
    """One blow of a stamp; lengths in millimetres, the rest 0 to 1.

    Attributes:
        load: ink on the rubber, above 1 it floods.
        mottle: unevenness of the pad.
        dry: how much of the paper's grain stays white.
        rock: pressure lost toward one side.
        bite: part of the face that touched no paper at all.
        double: distance of a second, weaker blow.
        slip: length of a smear.
        wear: rounding of the cut.
        cracks: number of cracks through the rubber.
        rim: how strongly the base prints along.
        bleed: spreading in the paper.
        halo: ink driven to the edges of the strokes.
    """

    load: float
    mottle: float
    dry: float
    rock: float
    bite: float
    double: float
    slip: float
    wear: float
    cracks: int
    rim: float
    bleed: float
    halo: float


def a_strike(rng: Rng, difficulty: str) -> Strike:
    """A blow as careless as the difficulty says: a few things go wrong, seldom all."""
    g = GRADES.index(difficulty)

    def mishap(chance: float, low: float, high: float) -> float:
        return float(rng.uniform(low, high)) if rng.random() < chance else 0.0

    return Strike(
        load=float(rng.uniform(0.8, 1.15) if g < 1 else rng.uniform((0.8, 0.6, 0.5, 0.36)[g], 1.3)),
        mottle=float(rng.uniform(0.03, (0.12, 0.25, 0.4, 0.5)[g])),
        dry=mishap((0.3, 0.5, 0.6, 0.7)[g], 0.05, (0.15, 0.3, 0.5, 0.62)[g]),
        rock=mishap((0.2, 0.4, 0.5, 0.6)[g], 0.1, (0.2, 0.45, 0.7, 0.85)[g]),
        bite=mishap((0, 0.05, 0.15, 0.25)[g], 0.06, (0.08, 0.12, 0.22, 0.3)[g]),
        double=mishap((0, 0.08, 0.16, 0.25)[g], 0.25, (0.4, 0.5, 0.9, 1.3)[g]),
        slip=mishap((0, 0.06, 0.14, 0.2)[g], 0.2, (0.3, 0.5, 0.9, 1.2)[g]),
        wear=mishap((0.2, 0.35, 0.5, 0.6)[g], 0.05, (0.09, 0.14, 0.18, 0.22)[g]),
        cracks=int(rng.integers(1, 2 + g)) if rng.random() < (0, 0.08, 0.16, 0.25)[g] else 0,
        rim=mishap((0.04, 0.14, 0.22, 0.25)[g], 0.15, 0.8),
        bleed=mishap((0.1, 0.2, 0.3, 0.4)[g], 0.03, (0.05, 0.08, 0.12, 0.15)[g]),
        halo=float(rng.uniform(0, 0.5)),
    )


def clouds(rng: Rng, shape: tuple[int, int], cells: int) -> Mask:
    """Smooth noise of mean 0 and deviation near 1, with about ``cells`` lumps along the longer side."""
    h, w = shape
    step = max(h, w) / cells
    small = rng.standard_normal((max(2, round(h / step)), max(2, round(w / step)))).astype(np.float32)
    return np.asarray(cv2.resize(small, (w, h), interpolation=cv2.INTER_CUBIC), np.float32)


def pressed(rng: Rng, face: Mask, how: Strike, px_mm: float) -> Mask:
    """The ink that the face leaves on the paper, 0 to 1."""
    h, w = face.shape
    ink = _worn(rng, face, how, px_mm)
    if how.slip:
        ink = _slipped(rng, ink, how.slip * px_mm)
    yy, xx = np.mgrid[-1 : 1 : h * 1j, -1 : 1 : w * 1j].astype(np.float32)
    toward = rng.uniform(0, 2 * np.pi)
    slope = xx * np.float32(np.cos(toward)) + yy * np.float32(np.sin(toward))
    pressure = how.load * (1 - how.rock * (0.5 + 0.5 * slope)) + how.mottle * 0.5 * clouds(rng, (h, w), 7)
    if how.bite:
        edge = 1 - 2 * how.bite + 0.15 * clouds(rng, (h, w), 5)
        pressure = pressure * np.clip((edge - slope) / 0.25, 0, 1)
    if how.rim:
        ink = np.maximum(ink, _rim(rng, (h, w), px_mm) * how.rim)
    if how.halo:
        ink = ink * (1 - how.halo * cv2.GaussianBlur(ink, (0, 0), 0.18 * px_mm) ** 2)
    coarse = rng.random((h // 2 + 1, w // 2 + 1), np.float32)
    grain = cv2.resize(coarse, (w, h), interpolation=cv2.INTER_LINEAR)
    given = np.clip(pressure, 0, 1.25) - how.dry * grain * 1.5
    laid = np.clip(ink * np.clip(given * 1.15, 0, 1.1), 0, 1)
    if how.double:
        laid = _again(rng, laid, how.double * px_mm)
    if how.bleed:
        soft = cv2.GaussianBlur(laid, (0, 0), how.bleed * px_mm)
        laid = np.clip(0.5 * laid + 0.7 * soft * (1 + 0.25 * clouds(rng, (h, w), 60)), 0, 1)
    return np.asarray(laid, np.float32)


def _worn(rng: Rng, face: Mask, how: Strike, px_mm: float) -> Mask:
    ink: Mask = face
    if how.wear:
        soft = cv2.GaussianBlur(face, (0, 0), how.wear * px_mm)
        level = rng.uniform(0.34, 0.52) - 0.08 * (how.load - 1) + 0.06 * clouds(rng, face.shape, 12)
        ink = np.asarray(np.clip((soft - level) * 5 + 0.5, 0, 1), np.float32)
    if how.cracks:
        gaps = np.zeros(face.shape, np.uint8)
        h, w = face.shape
        for _ in range(how.cracks):
            x = rng.uniform(0, w) + np.cumsum(rng.normal(0, 0.9 * px_mm, 9))
            way = np.stack((x, np.linspace(0, h, 9)), 1)
            cv2.polylines(gaps, [way.astype(np.int32)], False, 255, max(1, round(rng.uniform(0.1, 0.35) * px_mm)))
        ink = ink * (1 - as_mask(gaps))
    return np.asarray(ink, np.float32)


def _slipped(rng: Rng, ink: Mask, length: float) -> Mask:
    steps, way = max(3, round(length)), rng.uniform(0, 2 * np.pi)
    kernel = np.zeros((2 * steps + 1, 2 * steps + 1), np.float32)
    for k in range(steps):
        kernel[round(steps + np.sin(way) * k), round(steps + np.cos(way) * k)] += 0.85**k
    smear = cv2.filter2D(ink, -1, kernel / kernel.sum())
    return np.asarray(np.maximum(0.55 * ink, smear), np.float32)


def _again(rng: Rng, laid: Mask, distance: float) -> Mask:
    h, w = laid.shape
    way = rng.uniform(0, 2 * np.pi)
    move = np.asarray(cv2.getRotationMatrix2D((w / 2, h / 2), float(rng.normal(0, 1.2)), 1), np.float64)
    move[:, 2] += distance * np.array((np.cos(way), np.sin(way)))
    return np.asarray(np.maximum(laid, rng.uniform(0.3, 0.75) * cv2.warpAffine(laid, move, (w, h))), np.float32)


def _rim(rng: Rng, shape: tuple[int, int], px_mm: float) -> Mask:
    h, w = shape
    drawn = np.zeros(shape, np.uint8)
    inset = np.array((rng.uniform(0.8, 2.2), rng.uniform(0.8, 2.2))) * px_mm
    low, high = inset, np.array((w, h)) - inset[::-1]
    width = max(1, round(rng.uniform(0.2, 0.7) * px_mm))
    corners = np.array([low, (high[0], low[1]), high, (low[0], high[1])]) + rng.normal(0, 0.3 * px_mm, (4, 2))
    cv2.polylines(drawn, [corners.astype(np.int32)], True, 255, width, cv2.LINE_AA)
    seen = np.clip(clouds(rng, shape, 9) - 0.35, 0, 1)
    return np.asarray(drawn.astype(np.float32) / 255 * seen, np.float32)
