"""What was seen, named; what is named, judged. Two pure tables, written out in docs/judgement.md.

The rule behind both: the highest level that agrees with the ink wins, and doubt holds the side. Body text
never classifies, the place on the page neither helps nor hinders, and no mark lowers another.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scanflow.levels import Level
from scanflow.stamps.geometry import Border
from scanflow.stamps.marks import Mark, MarkKind, Quad
from scanflow.stamps.words import LEVELS

WIDE_MM = 37.0
"""From this width on a frame of a level mark is TUYỆT MẬT's (40 mm by the norm), whatever of its word
survived."""
TALL_MM = 12.5
"""A level's frame is 8 mm high. In a taller one (GIẢI MẬT 13 mm, the copy marks) the word stands beside
others; there a level's word by itself says that the rest went unread, and the mark is held."""
MIDDLE_MM = 26.0
"""From this width on it is at least TỐI MẬT's (30 mm)."""

LEVEL_OF = {
    MarkKind.TUYET_MAT: Level.TUYET_MAT,
    MarkKind.ENVELOPE_A: Level.TUYET_MAT,
    MarkKind.TOI_MAT: Level.TOI_MAT,
    MarkKind.ENVELOPE_B: Level.TOI_MAT,
    MarkKind.MAT: Level.MAT,
    MarkKind.ENVELOPE_C: Level.MAT,
}
"""The level that a mark gives; other marks give none (Thông tư 24/2020/TT-BCA, Mẫu 02 and 03)."""


class Fault(StrEnum):
    """Why the examination itself cannot be relied on; each holds the side (lý do không thể kết luận)."""

    EXCEPTION = "exception"
    OVER_BUDGET = "over_budget"
    LOW_RESOLUTION = "low_resolution"
    UNKNOWN_RESOLUTION = "unknown_resolution"
    BILEVEL = "bilevel"
    POOR_SCAN = "poor_scan"
    TOO_MANY_MARKS = "too_many_marks"
    NOT_DECODED = "not_decoded"


class Verdict(StrEnum):
    """What the marks on a side say (kết luận về dấu)."""

    NO_MARK = "no_mark"
    MARKED = "marked"
    UNREADABLE = "unreadable"
    TOP_SECRET = "top_secret"  # noqa: S105


class Reason(StrEnum):
    """Why a side was judged so; stable codes, worded by :mod:`scanflow.stamps.explain`."""

    TOP_SECRET_MARK = "top_secret_mark"  # noqa: S105
    UNREADABLE_MARK = "unreadable_mark"
    LEVEL_CHANGED = "level_changed"


@dataclass(frozen=True, slots=True)
class Sighting:
    """One frame with what could be read in it, before it has a name.

    Attributes:
        quad: corners in pixels of the image as given.
        width_mm: outer width.
        height_mm: outer height.
        border: the kind of line round it.
        coloured: in ink that is not black.
        word: the mark whose words were read, or None.
        wrong_letters: letters that had to be forgiven for that.
        other_text: something else was read, surely and at length.
        unread_ink: beside the word that was read there is ink that was not.
        empty: no ink within the frame.
        confidence: of the reading, 0..1.
    """

    quad: Quad
    width_mm: float
    height_mm: float
    border: Border
    coloured: bool
    word: MarkKind | None = None
    wrong_letters: int = 0
    other_text: bool = False
    unread_ink: bool = False
    empty: bool = False
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was found on a side (kết quả đọc dấu).

    Attributes:
        marks: every mark, the unreadable ones among them.
        faults: why the reading cannot be relied on; empty when it can.
        turns: the network's probabilities that 0, 90, 180, 270 degrees clockwise bring the side upright.
    """

    marks: tuple[Mark, ...] = ()
    faults: frozenset[Fault] = frozenset()
    turns: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a side.

    Attributes:
        level: the highest level consistent with the ink; THUONG where no level mark was found. On an
            unreadable mark it is
            the highest level that was read, and no promise that there is no higher one.
        verdict: what the marks say.
        reasons: codes of why, without repetition, the gravest first.
        faults: why the examination itself cannot be relied on.
    """

    level: Level
    verdict: Verdict
    reasons: tuple[Reason, ...]
    faults: frozenset[Fault]


def name_mark(seen: Sighting) -> Mark | None:
    """Give a sighting its name (first table of docs/judgement.md); None when it is no mark."""
    kind = _kind_of(seen)
    if kind is None:
        return None
    if kind is MarkKind.UNREADABLE:
        score, read = 0.5, "word unread"
    elif seen.word is kind:
        score, read = (
            round(min(0.99, max(0.5, seen.confidence)), 2),
            f"word read, {seen.wrong_letters} letters off",
        )
    elif seen.word is None:
        score, read = 0.6, "other words"
    else:
        score, read = 0.7, "raised by width or unread ink"
    ink = "coloured" if seen.coloured else "black"
    reason = f"frame {seen.width_mm:g}x{seen.height_mm:g} mm {seen.border.value} {ink}, {read}"
    return Mark(kind, seen.quad, score, reason)


def _kind_of(seen: Sighting) -> MarkKind | None:
    if seen.border.round:
        return _round_kind(seen)
    word = seen.word
    if word in LEVELS:
        if word is MarkKind.TUYET_MAT:
            half_read = seen.wrong_letters > 0 and seen.border is Border.SINGLE and not seen.coloured
            return MarkKind.UNREADABLE if half_read else word  # "Tuyết Mai" in a box of a form
        if seen.height_mm > TALL_MM:
            return MarkKind.UNREADABLE
        if seen.width_mm >= WIDE_MM or (word is MarkKind.MAT and seen.unread_ink):
            return MarkKind.TUYET_MAT
        return MarkKind.TOI_MAT if seen.width_mm >= MIDDLE_MM else word
    if word is not None:
        # Urgency marks have a single border; in a double one a word that was half guessed may be a level's.
        doubtful = seen.wrong_letters > 0 and seen.border is Border.DOUBLE
        return MarkKind.UNREADABLE if doubtful else word
    if seen.empty:
        return None
    if seen.border is Border.DOUBLE:
        return MarkKind.OTHER if seen.other_text and not _level_sized(seen) else MarkKind.UNREADABLE
    if seen.other_text:
        return MarkKind.OTHER if seen.coloured else None
    return MarkKind.UNREADABLE if _level_sized(seen) else (MarkKind.OTHER if seen.coloured else None)


def _round_kind(seen: Sighting) -> MarkKind | None:
    if seen.width_mm <= 18.0:
        if seen.word is not None:
            return seen.word
        doubted = seen.border is Border.ROUND_DOUBLE or seen.coloured
        return MarkKind.UNREADABLE if doubted and not seen.empty else None
    return MarkKind.SEAL if seen.coloured else None


def _level_sized(seen: Sighting) -> bool:
    """The size of a level mark, worn or badly cut ones included (20, 30, 40 x 8 mm by the norm)."""
    return 15.0 <= seen.width_mm <= 48.0 and 6.0 <= seen.height_mm <= 12.0


def judge(reading: Reading) -> Judgement:
    """Judge a side by its marks (second table of docs/judgement.md)."""
    kinds = {mark.kind for mark in reading.marks}
    level = max((LEVEL_OF.get(kind, Level.THUONG) for kind in kinds), default=Level.THUONG)
    reasons: list[Reason] = []
    if level is Level.TUYET_MAT:
        reasons.append(Reason.TOP_SECRET_MARK)
    if MarkKind.UNREADABLE in kinds:
        reasons.append(Reason.UNREADABLE_MARK)
    if MarkKind.DIEU_CHINH in kinds:
        reasons.append(Reason.LEVEL_CHANGED)
    if level is Level.TUYET_MAT:
        verdict = Verdict.TOP_SECRET
    elif reasons:
        verdict = Verdict.UNREADABLE
    elif kinds:
        verdict = Verdict.MARKED
    else:
        verdict = Verdict.NO_MARK
    return Judgement(level, verdict, tuple(reasons), reading.faults)
