"""From pixels to marks: the network's findings and the frames that were read, one list, doubt kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from time import thread_time
from typing import Protocol

import cv2
import numpy as np

from scanflow.imaging.quality import HOLDING, Quality, judge_quality
from scanflow.imaging.reduced import Reduced, reduce_side
from scanflow.pages import Image
from scanflow.stamps.closer import DOUBTED
from scanflow.stamps.fusion import TOP_SECRET_KINDS, Finding, Thresholds
from scanflow.stamps.geometry import MAX_FRAMES, Border, find_frames
from scanflow.stamps.judge import LEVEL_OF, Fault, Reading, Sighting, name_mark
from scanflow.stamps.marks import Mark, MarkKind, Quad
from scanflow.stamps.network import Sight
from scanflow.stamps.sight import sight
from scanflow.stamps.witness import TextReader
from scanflow.stamps.words import LEVELS

LEAST_DPI = 150
"""Below this a stamp's letters are not there any more."""
BUDGET_CPU_S = 3.0
"""Twelve times the 95th percentile that is aimed at. Who needs longer is held."""
LEAST_MM, MOST_MM = 15.0, (48.0, 16.0)
"""Widths, and the height, of a frame that may hold TUYỆT MẬT, worn, badly cut or in two lines."""
GLIMPSED, MOST_GROUND = 0.2, 0.5
"""The classifier's share of TỐI MẬT from which on a place bears that level, whatever else lies there, and the share of
"no mark" below which it does. Kinds exclude each other: of two stamps in one place the likeliest hides the other."""
MAX_FINDINGS = 64
"""With more places that may be marks than this nobody can say that all were read: the side is held."""


class MarkFinder(Protocol):
    """The trained networks behind a small door (:class:`scanflow.stamps.network.MarkNetwork`)."""

    thresholds: Thresholds

    def look(self, pixels: Image, dpi: int) -> Sight:
        """Search one side."""


class StampReader:
    """Finds and names the marks on sides. One per thread: neither OCR engines nor sessions are shared."""

    def __init__(
        self,
        network: MarkFinder | None = None,
        ocr: TextReader | None = None,
        budget_cpu_s: float = BUDGET_CPU_S,
    ) -> None:
        """Take the witnesses.

        Args:
            network: the trained networks, the main witness. Without it every frame of a stamp's size that cannot
                be read holds, and marks without a clean frame are not seen: not for use on secret paper.
            ocr: reads what stands in frames, the second witness; None leaves every frame unread.
            budget_cpu_s: CPU seconds a side, after which it is held.
        """
        self._network = network
        self._ocr = ocr
        self._budget = budget_cpu_s

    def read(
        self, pixels: Image, dpi: int | None, side: Reduced | None = None, quality: Quality | None = None
    ) -> Reading:
        """Read the marks on a side. Never raises: what goes wrong is a fault of the reading and holds it.

        Args:
            pixels: the side as scanned, any turn, ``(h, w, 3)`` BGR or ``(h, w)`` grey.
            dpi: its resolution; None holds.
            side: its reduction, where there is one already.
            quality: its tones, where they were looked at already.
        """
        if dpi is None:
            return Reading(faults=frozenset({Fault.UNKNOWN_RESOLUTION}))
        try:
            return self._read(pixels, dpi, side, quality)
        except Exception:  # the promise is that nothing which goes wrong here lets a page through
            return Reading(faults=frozenset({Fault.EXCEPTION}))

    def _read(self, pixels: Image, dpi: int, side: Reduced | None, quality: Quality | None) -> Reading:
        deadline = thread_time() + self._budget
        faults: set[Fault] = set()
        if dpi < LEAST_DPI:
            faults.add(Fault.LOW_RESOLUTION)
        if (quality or judge_quality(pixels)).hints & HOLDING:
            faults.add(Fault.POOR_SCAN)
        main: list[Mark] = []
        glimpsed: list[Quad] = []
        turns: tuple[float, float, float, float] | None = None
        if self._network is not None:
            seen = self._network.look(pixels, dpi)
            if len(seen.findings) > MAX_FINDINGS:
                faults.add(Fault.TOO_MANY_MARKS)
            main = marks_of_findings(seen.findings, self._network.thresholds)
            glimpsed = [found.quad for found in seen.findings if found.route >= DOUBTED]
            turns = seen.turns
        sightings: list[Sighting] = []
        frames = find_frames(side if side is not None else reduce_side(pixels, dpi))
        if len(frames) > MAX_FRAMES:
            faults.add(Fault.TOO_MANY_MARKS)
        for frame in frames[:MAX_FRAMES]:
            if thread_time() > deadline:
                faults.add(Fault.OVER_BUDGET)
                break
            sightings.append(sight(pixels, dpi, frame, self._ocr))
        if thread_time() > deadline:
            faults.add(Fault.OVER_BUDGET)
        if self._network is None:
            marks = [mark for seen_frame in sightings if (mark := name_mark(seen_frame)) is not None]
        else:
            marks = weighed(main, sightings, glimpsed)
        return Reading(tuple(marks), frozenset(faults), turns)


def marks_of_findings(findings: Sequence[Finding], limits: Thresholds) -> list[Mark]:
    """Name the networks' findings by the two thresholds: route, hold, and "stamp-like, but of no kind".

    Below them a place has the name of its likeliest kind, and TỐI MẬT besides where it is glimpsed under another mark.
    """
    marks: list[Mark] = []
    for found in findings:
        kind, share = _likeliest(found)
        how = f"detector {found.detector:.2f}, classifier {share:.2f}, fused {found.route:.3f}"
        if found.route >= limits.route:
            top = kind if kind is MarkKind.ENVELOPE_A else MarkKind.TUYET_MAT
            marks.append(Mark(top, found.quad, round(found.route, 3), how))
        elif found.route >= limits.hold:
            why = f"{how}, may be the highest level"
            marks.append(Mark(MarkKind.UNREADABLE, found.quad, round(found.route, 3), why))
        else:
            if kind not in TOP_SECRET_KINDS and share >= 0.5:
                marks.append(Mark(kind, found.quad, round(share, 3), how))
            elif found.stamp_like >= limits.unknown_hold:
                # No kind is sure, and both networks see something like a mark all the same: a person looks.
                why = f"{how}, no kind is sure"
                marks.append(Mark(MarkKind.UNREADABLE, found.quad, round(found.stamp_like, 3), why))
            glimpsed = found.probabilities.get(MarkKind.TOI_MAT, 0.0)
            if glimpsed >= GLIMPSED and found.background < MOST_GROUND:
                marks.append(Mark(MarkKind.TOI_MAT, found.quad, round(glimpsed, 3), f"{how}, under another mark"))
    return each_once(marks)


def each_once(marks: Sequence[Mark]) -> list[Mark]:
    """One of every mark that was found twice in one place; a mark of another kind there stays.

    A doubt beside the highest level itself in the same place adds nothing, and goes.
    """
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda m: (m.kind is not MarkKind.TUYET_MAT, -m.score)):
        covering = {mark.kind, MarkKind.TUYET_MAT} if mark.kind is MarkKind.UNREADABLE else {mark.kind}
        if not any(other.kind in covering and overlap(other.quad, mark.quad) for other in kept):
            kept.append(mark)
    return kept


def _likeliest(found: Finding) -> tuple[MarkKind, float]:
    """The kind to go by, and its share; between MẬT and TỐI MẬT the higher from three in ten on."""
    kind = found.best
    pair = [found.probabilities.get(level, 0.0) for level in (MarkKind.MAT, MarkKind.TOI_MAT)]
    if kind in (MarkKind.MAT, MarkKind.TOI_MAT):
        return (MarkKind.TOI_MAT if pair[1] >= 0.3 * sum(pair) else MarkKind.MAT), sum(pair)
    return kind, found.probabilities[kind]


def weighed(main: list[Mark], sightings: Sequence[Sighting], glimpsed: Sequence[Quad]) -> list[Mark]:
    """The network's marks with what the frames add: they raise a level or a doubt, and lower neither.

    A frame gives a level's word its width: where the network reads MẬT in a frame of 40 mm, the mark is the
    highest level's. A frame whose word cannot be read is a doubt where its border is double, its size could hold the
    highest level in one line or two, and either its ink is coloured or the network left a doubt there too; else
    every organisation chart would stop the feeder.

    Args:
        main: what the network named or doubted.
        sightings: the frames.
        glimpsed: the places where the network's score for the highest level leaves a doubt.
    """
    out = list(main)
    for seen in sightings:
        at = next((i for i, known in enumerate(out) if overlap(known.quad, seen.quad)), None)
        if at is None:
            mark = name_mark(seen)
            if mark is not None and (mark.kind is not MarkKind.UNREADABLE or _doubtful(seen, glimpsed)):
                out.append(mark)
            continue
        known = out[at]
        if seen.word is None and known.kind in LEVELS:
            seen = replace(seen, word=known.kind, confidence=known.score)
        mark = name_mark(seen)
        if mark is not None and LEVEL_OF.get(mark.kind, 0) > LEVEL_OF.get(known.kind, 0):
            raised = Mark(mark.kind, known.quad, mark.score, f"{mark.reason}; network: {known.kind.value}")
            if known.kind is MarkKind.UNREADABLE and mark.kind is not MarkKind.TUYET_MAT:
                out.append(raised)  # what it may be besides stays in doubt
            else:
                out[at] = raised
    return out


def _doubtful(seen: Sighting, glimpsed: Sequence[Quad]) -> bool:
    fits = LEAST_MM <= seen.width_mm <= MOST_MM[0] and seen.height_mm <= MOST_MM[1]
    if not fits or seen.border is not Border.DOUBLE:
        return False
    return seen.coloured or any(overlap(quad, seen.quad) for quad in glimpsed)


def overlap(one: Quad, other: Quad) -> bool:
    """Whether two quads are of one mark: they share more than half of the smaller."""
    a, b = cv2.convexHull(np.array(one, np.float32)), cv2.convexHull(np.array(other, np.float32))
    area, _ = cv2.intersectConvexConvex(a, b)
    smaller = min(cv2.contourArea(a), cv2.contourArea(b))
    return bool(area > 0.5 * smaller) if smaller > 0 else False
