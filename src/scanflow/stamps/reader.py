"""From pixels to marks: the network's findings and the frames that were read, one list, each mark once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from time import thread_time
from typing import Protocol

import cv2
import numpy as np

from scanflow.imaging.arrays import Array, as_image
from scanflow.imaging.quality import HOLDING, judge_quality
from scanflow.imaging.reduced import Reduced, reduce_side
from scanflow.pages import Image
from scanflow.stamps.geometry import MAX_FRAMES, Frame, find_frames
from scanflow.stamps.judge import LEVEL_OF, Fault, Reading, Sighting, name_mark
from scanflow.stamps.marks import Mark, MarkKind, Quad
from scanflow.stamps.witness import READ_DPI, Heard, TextReader
from scanflow.stamps.words import LETTERS, LEVELS, word_of

LEAST_DPI = 150
"""Below this a stamp's letters are not there any more."""
BUDGET_CPU_S = 3.0
"""Twelve times the 95th percentile that is aimed at. Who needs longer is held."""


class FindingLike(Protocol):
    """What the network says of one place on the side; see the fusion module."""

    @property
    def quad(self) -> Quad: ...  # noqa: D102
    @property
    def probabilities(self) -> Mapping[MarkKind, float]: ...  # noqa: D102
    @property
    def background(self) -> float: ...  # noqa: D102
    @property
    def detector(self) -> float: ...  # noqa: D102
    @property
    def route(self) -> float: ...  # noqa: D102


class ThresholdsLike(Protocol):
    """Where the network's scores turn into a decision."""

    @property
    def route(self) -> float: ...  # noqa: D102
    @property
    def hold(self) -> float: ...  # noqa: D102
    @property
    def unknown_hold(self) -> float: ...  # noqa: D102


class MarkFinder(Protocol):
    """The trained network pair behind a small door."""

    @property
    def thresholds(self) -> ThresholdsLike: ...  # noqa: D102
    def find(self, pixels: Image, dpi: int) -> Sequence[FindingLike]: ...  # noqa: D102


class StampReader:
    """Finds and names the marks on sides. One per process and thread: OCR engines are not shared."""

    def __init__(self, network: MarkFinder | None = None, ocr: TextReader | None = None,
                 budget_cpu_s: float = BUDGET_CPU_S) -> None:  # fmt: skip
        """Take the witnesses.

        Args:
            network: the trained pair; None until it is there (every coloured or framed stamp that OCR cannot
                read holds).
            ocr: reads what stands in frames; None holds every frame of a stamp's size.
            budget_cpu_s: CPU seconds a side, after which it is held.
        """
        self._network = network
        self._ocr = ocr
        self._budget = budget_cpu_s

    def read(self, pixels: Image, dpi: int | None, side: Reduced | None = None) -> Reading:
        """Read the marks on a side. Never raises: whatever goes wrong is a fault of the reading, and holds
        the side.

        Args:
            pixels: the side as scanned, any turn, ``(h, w, 3)`` BGR or ``(h, w)`` grey.
            dpi: its resolution; None holds.
            side: its reduction where there is one already.
        """
        if dpi is None:
            return Reading(faults=frozenset({Fault.UNKNOWN_RESOLUTION}))
        try:
            return self._read(pixels, dpi, side)
        except Exception:  # the promise is that nothing which goes wrong here lets a page through
            return Reading(faults=frozenset({Fault.EXCEPTION}))

    def _read(self, pixels: Image, dpi: int, side: Reduced | None) -> Reading:
        deadline = thread_time() + self._budget
        faults: set[Fault] = set()
        if dpi < LEAST_DPI:
            faults.add(Fault.LOW_RESOLUTION)
        if judge_quality(pixels).hints & HOLDING:
            faults.add(Fault.POOR_SCAN)
        named: list[Mark] = []
        witnesses: list[str] = []
        if self._network is not None:
            named += marks_of_findings(self._network.find(pixels, dpi), self._network.thresholds)
            witnesses.append("network")
        if thread_time() > deadline:
            return Reading(tuple(named), frozenset(faults | {Fault.OVER_BUDGET}), tuple(witnesses))
        small = side if side is not None else reduce_side(pixels, dpi)
        frames = find_frames(small)
        if len(frames) > MAX_FRAMES:
            faults.add(Fault.TOO_MANY_MARKS)
        framed: list[Mark] = []
        for frame in frames[:MAX_FRAMES]:
            if thread_time() > deadline:
                faults.add(Fault.OVER_BUDGET)
                break
            mark = name_mark(sight(pixels, dpi, frame, self._ocr))
            if mark is not None:
                framed.append(mark)
        witnesses.append("frames")
        return Reading(tuple(merged(named, framed)), frozenset(faults), tuple(witnesses))


def marks_of_findings(findings: Sequence[FindingLike], limits: ThresholdsLike) -> list[Mark]:
    """Name the network's findings by the two thresholds: route, hold, and "stamp-like but unknown"."""
    marks: list[Mark] = []
    for finding in findings:
        kind, share = max(
            finding.probabilities.items(), key=lambda pair: pair[1], default=(MarkKind.OTHER, 0.0)
        )
        how = f"detector {finding.detector:.2f}, classifier {share:.2f}, fused {finding.route:.3f}"
        if finding.route >= limits.route:
            top = kind if kind is MarkKind.ENVELOPE_A else MarkKind.TUYET_MAT
            marks.append(Mark(top, finding.quad, round(finding.route, 3), how))
        elif finding.route >= limits.hold:
            marks.append(
                Mark(
                    MarkKind.UNREADABLE,
                    finding.quad,
                    round(finding.route, 3),
                    f"{how}, may be the highest level",
                )
            )
        elif finding.background >= share:
            continue
        elif share < limits.unknown_hold:
            marks.append(Mark(MarkKind.UNREADABLE, finding.quad, round(share, 3), f"{how}, no kind is sure"))
        else:
            marks.append(Mark(kind, finding.quad, round(share, 3), how))
    return marks


def merged(main: list[Mark], second: list[Mark]) -> list[Mark]:
    """One list, each mark once: where both witnesses saw the same place, the graver reading stands."""
    out = list(main)
    for mark in second:
        index = next((i for i, known in enumerate(out) if _overlap(known.quad, mark.quad)), None)
        if index is None:
            out.append(mark)
        elif _gravity(mark.kind) > _gravity(out[index].kind):
            out[index] = Mark(
                mark.kind, out[index].quad, mark.score, f"{mark.reason}; network: {out[index].kind.value}"
            )
    return out


def _gravity(kind: MarkKind) -> int:
    if kind is MarkKind.UNREADABLE:
        return (
            2  # a mark that one witness read and the other did not is read, unless what was read is no level
        )
    return 10 + LEVEL_OF[kind] if kind in LEVEL_OF else 1 if kind is MarkKind.OTHER else 3


def _overlap(one: Quad, other: Quad) -> bool:
    a, b = np.array(one, np.float32), np.array(other, np.float32)
    area, _ = cv2.intersectConvexConvex(cv2.convexHull(a), cv2.convexHull(b))
    smaller = min(cv2.contourArea(a), cv2.contourArea(b))
    return bool(area > 0.5 * smaller) if smaller > 0 else False


_PAD = 14
_SURE_TEXT = 0.75


def sight(pixels: Image, dpi: int, frame: Frame, ocr: TextReader | None) -> Sighting:
    """Look into a frame and read what stands there, both ways up."""
    crops = [
        clear_field(pixels, dpi, frame, way) for way in ((0, 1) if not frame.border.round else (0, 1, 2, 3))
    ]
    base = Sighting(frame.quad, frame.width_mm, frame.height_mm, frame.border, frame.coloured)
    extent = ink_extent(crops[0])
    if extent == 0:
        return _with(base, empty=True)
    if ocr is None or (frame.border.round and frame.width_mm > 18.0):
        return base
    best = base
    for way, crop in enumerate(crops):
        seen = _read_crop(base, frame, crop, ocr)
        if (seen.word is not None, seen.confidence) > (best.word is not None, best.confidence):
            best = _with(seen, quad=turned_quad(frame.quad, way, frame.border.round))
        if best.word is not None and best.wrong_letters == 0:
            break
    return best


def _read_crop(base: Sighting, frame: Frame, crop: Image, ocr: TextReader) -> Sighting:
    if frame.border.round:
        heard = ocr.read(crop, lines=0)
        letter = LETTERS.get(heard.text.strip().upper()[:1]) if len(heard.text.strip()) == 1 else None
        return _with(base, word=letter, confidence=heard.confidence)
    lines = 1 if frame.height_mm < 11 else 3
    heard = ocr.read(crop, lines)
    found = word_of(heard.text, forgiving=True)
    if found is None and lines == 3:
        found = _any_line(heard)
    if found is None:
        letters = sum(letter.isalpha() for letter in heard.text)
        return _with(
            base, other_text=heard.confidence >= _SURE_TEXT and letters >= 5, confidence=heard.confidence
        )
    kind, wrong = found
    unread = kind in LEVELS and ink_extent(crop) > _EXPECTED_RATIO[kind]
    return _with(base, word=kind, wrong_letters=wrong, confidence=heard.confidence, unread_ink=unread)


def _any_line(heard: Heard) -> tuple[MarkKind, int] | None:
    """A two-line mark: its first line that is a known word, levels excepted (they fill a frame alone)."""
    for line in heard.text.splitlines():
        found = word_of(line, forgiving=True)
        if found is not None and found[0] not in LEVELS:
            return found
    return None


_EXPECTED_RATIO = {MarkKind.MAT: 3.4, MarkKind.TOI_MAT: 6.2, MarkKind.TUYET_MAT: 99.0}
"""Width of the ink over its height for each word in bold capitals with their marks: 2.2, 4.1 and 5.6 in a
face of Times's metrics; half as much again is more ink than the word has."""


def ink_extent(crop: Image) -> float:
    """Width over height of the ink in a crop; 0 when there is none."""
    ink = crop < 140
    columns, rows = np.flatnonzero(ink.any(axis=0)), np.flatnonzero(ink.any(axis=1))
    if columns.size < 4 or rows.size < 4 or np.count_nonzero(ink) < 30:
        return 0.0
    return float((columns[-1] - columns[0] + 1) / (rows[-1] - rows[0] + 1))


def clear_field(pixels: Image, dpi: int, frame: Frame, way: int = 0) -> Image:
    """The field within the frame at 200 dpi: grey, stretched to dark on white, padded.

    Args:
        way: quarter or half turns of the reading direction (see :func:`turned_quad`).
    """
    quad = np.array(turned_quad(frame.inner, way, frame.border.round), np.float32)
    scale = READ_DPI / dpi
    inset = 0.45 / 25.4 * dpi
    across, down = quad[1] - quad[0], quad[3] - quad[0]
    across, down = across / np.linalg.norm(across), down / np.linalg.norm(down)
    if frame.border.round:  # the square within the circle
        inset = 0.15 * float(np.linalg.norm(quad[1] - quad[0]))
    quad += inset * np.array([across + down, down - across, -across - down, across - down])
    width = max(8, round(float(np.linalg.norm(quad[1] - quad[0])) * scale))
    height = max(8, round(float(np.linalg.norm(quad[3] - quad[0])) * scale))
    target = np.array([[0, 0], [width, 0], [width, height]], np.float32)
    matrix = cv2.getAffineTransform(quad[:3], target)
    window = cv2.warpAffine(
        pixels, matrix, (width, height), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE
    )
    grey = _own_ink(window, frame.coloured)
    return as_image(cv2.copyMakeBorder(grey, _PAD, _PAD, _PAD, _PAD, cv2.BORDER_CONSTANT, value=(255,)))


def _own_ink(window: Array, coloured: bool) -> Image:
    """Dark on white: of a coloured stamp the colour only, so that black print under it goes; else the darkest
    channel.
    """
    if window.ndim == 2:
        dark: Array = 255 - window
    else:
        blue, green, red = cv2.split(window)
        low = cv2.min(cv2.min(blue, green), red)
        dark = cv2.subtract(cv2.max(cv2.max(blue, green), red), low) if coloured else 255 - low
    floor, top = float(np.percentile(dark, 20)), float(np.percentile(dark, 99.5))
    if top - floor < 25:
        return np.full(dark.shape, 255, np.uint8)
    stretched: Array = 255 - np.clip(
        (dark.astype(np.float32) - floor) * (255 / (top - floor)), 0, 255
    )
    return stretched.astype(np.uint8)


def turned_quad(quad: Quad, way: int, quarter: bool) -> Quad:
    """The same quad begun at another corner: half turns of a rectangle, quarter turns of a circle."""
    step = way if quarter else 2 * way
    return quad[step:] + quad[:step]


def _with(seen: Sighting, **changes: object) -> Sighting:
    from dataclasses import replace

    return replace(seen, **changes)  # type: ignore[arg-type]


Clock = Callable[[], float]
