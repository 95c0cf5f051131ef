"""One side, looked at once: how it lies, what it carries, which marks, and what follows. Fails closed.

Whatever goes wrong in here is a fault of the examination, and a fault holds the side; no exception leaves, so
that no page passes because something broke.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import thread_time
from typing import TypeVar

import cv2

from scanflow.errors import ScanflowError, Words
from scanflow.gate import Decision, decide
from scanflow.imaging.arrays import as_image
from scanflow.imaging.blank import Blankness, measure_blank
from scanflow.imaging.codes import Code, find_codes
from scanflow.imaging.decode import Colour, Decoded, adopt, decode
from scanflow.imaging.errors import ImageCorrupt
from scanflow.imaging.likeness import Fingerprint, fingerprint
from scanflow.imaging.quality import HOLDING, Hint, judge_quality
from scanflow.imaging.reduced import Reduced, reduce_side
from scanflow.imaging.upright import Orientation, find_orientation
from scanflow.levels import Level
from scanflow.pages import Image, Pose, SideLabel
from scanflow.stamps.explain import explain
from scanflow.stamps.judge import Fault, Judgement, Reading, judge
from scanflow.stamps.marks import Mark, MarkKind
from scanflow.stamps.reader import StampReader
from scanflow.stamps.witness import TextReader

ASSUMED_DPI = 200
"""Measures of a side of unknown resolution are taken as if it had this; the side is held anyway."""


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found on a side (kết quả kiểm tra một mặt giấy). Holds no pixel and no text of the page.

    Attributes:
        shape: ``(height, width)`` of the image as given, pixels; (0, 0) when it could not be decoded.
        dpi: its resolution, None when unknown.
        pose: turn and skew.
        pose_confidence: 0..1 of the turn.
        side: content, blank or unsure.
        blank_score: stroke extent in the best cluster, mm.
        marks: every mark.
        judgement: level, verdict, reasons and faults.
        hints: defects of the scan.
        codes: texts of QR codes (separator sheets carry them; other codes are the caller's to ignore).
        print: fingerprint for "same side twice"; None when the side was not decoded.
        refusal: code and sentences of why the image was not decoded, or None.
        cpu_s: CPU seconds by stage, and in all.
    """

    shape: tuple[int, int]
    dpi: int | None
    pose: Pose
    pose_confidence: float
    side: SideLabel
    blank_score: float
    marks: tuple[Mark, ...]
    judgement: Judgement
    hints: frozenset[Hint] = frozenset()
    codes: tuple[str, ...] = ()
    print: Fingerprint | None = field(default=None, repr=False)
    refusal: tuple[str, str, str] | None = None
    cpu_s: dict[str, float] = field(default_factory=dict)

    @property
    def level(self) -> Level:
        """The highest level consistent with the ink."""
        return self.judgement.level

    @property
    def decision(self) -> Decision:
        """The gate's word on this examination alone."""
        return decide(self.judgement)

    def explain(self) -> list[Words]:
        """What to tell the operator, the gravest first."""
        if self.refusal is not None:
            return [Words(self.refusal[1], self.refusal[2])]
        return explain(self.judgement, self.marks, self.shape, self.pose)

    def to_json(self, file: str) -> dict[str, object]:
        """The line of ``scanflow examine --json``: no text of the page in it."""
        return {
            "file": file,
            "turn": self.pose.turn,
            "turn_confidence": self.pose_confidence,
            "skew_deg": self.pose.skew_deg,
            "dpi": self.dpi,
            "side": self.side.value,
            "blank_score": self.blank_score,
            "marks": [
                {
                    "kind": m.kind.value,
                    "quad": [list(p) for p in m.quad],
                    "score": m.score,
                    "reason": m.reason,
                }
                for m in self.marks
            ],
            "level": self.level.name,
            "decision": self.decision.value,
            "reasons": [
                *(r.value for r in self.judgement.reasons),
                *sorted(f.value for f in self.judgement.faults),
            ],
            "refusal": self.refusal[0] if self.refusal else None,
            "hints": sorted(h.value for h in self.hints),
            "codes": len(self.codes),
            "cpu_s": self.cpu_s,
        }


class Stopwatch:
    """CPU seconds of this thread by stage."""

    def __init__(self) -> None:
        self._start = thread_time()
        self.stages: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time one stage."""
        begun = thread_time()
        try:
            yield
        finally:
            self.stages[name] = round(self.stages.get(name, 0.0) + thread_time() - begun, 4)

    def total(self) -> dict[str, float]:
        """All stages and their sum."""
        return {**self.stages, "total": round(thread_time() - self._start, 4)}


_T = TypeVar("_T")


class Examiner:
    """Examines sides with one set of witnesses. One per thread."""

    def __init__(self, stamps: StampReader, lines: TextReader | None = None) -> None:
        """Take the stamp reader, and an OCR engine that is asked which way up a doubtful side lies."""
        self._stamps = stamps
        self._lines = lines

    def examine_file(self, path: Path) -> Examination:
        """Decode and examine one image file; what cannot be decoded is held with its reason."""
        watch = Stopwatch()
        try:
            with watch.stage("decode"):
                decoded = decode(path)
        except Exception as refused:
            return _refused(refused, watch)
        return self._examine(decoded, None, watch)

    def examine(self, side: Decoded | Image, dpi: int | None = None, recto: Image | None = None) -> Examination:
        """Examine one side.

        Args:
            side: a decoded file, or the pixels that a driver delivered.
            dpi: resolution of bare pixels.
            recto: pixels of the other face, when ``side`` is a verso of the same pass: show-through is taken
                off.
        """
        watch = Stopwatch()
        try:
            decoded = side if isinstance(side, Decoded) else adopt(side, dpi)
        except Exception as refused:
            return _refused(refused, watch)
        return self._examine(decoded, recto, watch)

    def _examine(self, decoded: Decoded, recto: Image | None, watch: Stopwatch) -> Examination:
        pixels, dpi = decoded.pixels, decoded.dpi
        faults: set[Fault] = set()

        def guarded(stage: str, work: Callable[[], _T], otherwise: _T) -> _T:
            try:
                with watch.stage(stage):
                    return work()
            except Exception:  # anything at all: the side is held, never passed
                faults.add(Fault.EXCEPTION)
                return otherwise

        scale_dpi = dpi or ASSUMED_DPI
        failed = Reading(faults=frozenset({Fault.EXCEPTION}))
        no_codes: tuple[Code, ...] = ()
        quality = guarded("quality", lambda: judge_quality(pixels), None)
        small = guarded("reduce", lambda: reduce_side(pixels, scale_dpi), None)
        reading = guarded("stamps", lambda: self._stamps.read(pixels, dpi, small, quality), failed)
        codes = guarded("codes", lambda: tuple(find_codes(pixels, dpi)), no_codes)
        lying: Orientation | None = None
        blank: Blankness | None = None
        prints: Fingerprint | None = None
        if small is not None:
            lying = guarded("pose", lambda: find_orientation(small, self._legibility, reading.turns), None)
            other = guarded("blank", lambda: _reduced(recto, scale_dpi), None)
            blank = guarded("blank", lambda: measure_blank(small, other), None)
            prints = guarded("fingerprint", lambda: fingerprint(small, lying.pose if lying else None), None)
        if decoded.colour is Colour.BILEVEL:
            faults.add(Fault.BILEVEL)
        if quality is None or quality.hints & HOLDING:
            faults.add(Fault.POOR_SCAN)
        marks = guarded("codes", lambda: off_codes(reading.marks, codes), reading.marks)
        judged = judge(Reading(marks, reading.faults | faults))
        return Examination(
            shape=(pixels.shape[0], pixels.shape[1]),
            dpi=dpi,
            pose=lying.pose if lying else Pose(0, None),
            pose_confidence=lying.confidence if lying else 0.0,
            side=blank.label if blank else SideLabel.UNSURE,
            blank_score=blank.score_mm if blank else 0.0,
            marks=marks,
            judgement=judged,
            hints=quality.hints if quality else frozenset(),
            codes=tuple(code.text for code in codes),
            print=prints,
            cpu_s=watch.total(),
        )

    def _legibility(self, line: Image) -> float:
        if self._lines is None:
            return 0.0
        enlarged = cv2.resize(line, None, fx=4 / 3, fy=4 / 3, interpolation=cv2.INTER_LINEAR)
        return self._lines.read(as_image(enlarged), 1).confidence


def _reduced(recto: Image | None, dpi: int) -> Reduced | None:
    return None if recto is None else reduce_side(recto, dpi)


def off_codes(marks: tuple[Mark, ...], codes: tuple[Code, ...]) -> tuple[Mark, ...]:
    """The marks without what a decoded QR code looks like: its own squares are frames that nobody can read.

    Only unreadable ones within the code's square go; a stamp that was read, or that reaches beyond it, stays.
    """
    return tuple(
        mark
        for mark in marks
        if mark.kind is not MarkKind.UNREADABLE or not any(code.covers(mark.quad) for code in codes)
    )


def _refused(cause: Exception, watch: Stopwatch) -> Examination:
    known = cause if isinstance(cause, ScanflowError) else ImageCorrupt()
    return Examination(
        shape=(0, 0),
        dpi=None,
        pose=Pose(0, None),
        pose_confidence=0.0,
        side=SideLabel.UNSURE,
        blank_score=0.0,
        marks=(),
        judgement=judge(Reading(faults=frozenset({Fault.NOT_DECODED}))),
        refusal=(known.code, known.say_vi, known.say_en),
        cpu_s=watch.total(),
    )
