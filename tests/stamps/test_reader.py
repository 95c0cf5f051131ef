"""The reader: clean stamps read in every ink and turn, witnesses weighed, and every failure a hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaging.paper import RED, Sheet, letter, press, round_stamp, scan, stamp
from scanflow.stamps.fusion import Finding, Thresholds
from scanflow.stamps.geometry import Border
from scanflow.stamps.judge import Fault, Sighting, Verdict, judge
from scanflow.stamps.marks import Mark, MarkKind, Quad
from scanflow.stamps.network import Sight
from scanflow.stamps.reader import MAX_FINDINGS, StampReader, each_once, marks_of_findings, overlap, weighed
from scanflow.stamps.second import Look
from scanflow.stamps.witness import Heard, TesserocrReader

K = MarkKind
DPI = 300
LIMITS = Thresholds(route=0.9, hold=0.4, hold_floor=0.5, unknown_hold=0.6)
UPRIGHT = (1.0, 0.0, 0.0, 0.0)


def box(x: float, y: float, w: float = 472, h: float = 94) -> Quad:
    return ((x, y), (x + w, y), (x + w, y + h), (x, y + h))


def finding(kind: MarkKind, share: float, route: float = 0.0, quad: Quad | None = None, **more: float) -> Finding:
    rest = (1 - share) / 2
    shares = {K.OTHER: rest, kind: share} if kind is not K.OTHER else {K.OTHER: share, K.MAT: rest}
    known = Finding(quad or box(100, 100), 40, 8, 0.0, shares, rest, 0.1, 0.9, 0.1, route)
    return replace(known, **more)  # type: ignore[arg-type]


class Network:
    """A network that sees what it is told to, or fails."""

    thresholds = LIMITS

    def __init__(self, *found: Finding, error: Exception | None = None) -> None:
        self.found, self.error = found, error

    def look(self, pixels: np.ndarray, dpi: int) -> Sight:
        if self.error is not None:
            raise self.error
        return Sight(UPRIGHT, (Look(tuple(self.found), ()),))


@pytest.fixture(scope="module")
def ocr() -> TesserocrReader:
    return TesserocrReader()


@pytest.fixture(scope="module")
def bare() -> np.ndarray:
    rng = np.random.default_rng(4)
    return scan(letter(rng, dpi=200, lines=12).array(), rng)


LEVELS = [("TUYỆT MẬT", 40, K.TUYET_MAT), ("TỐI MẬT", 30, K.TOI_MAT), ("MẬT", 20, K.MAT)]


@pytest.mark.parametrize("ink", [RED, (45, 45, 50)], ids=["red", "black"])
@pytest.mark.parametrize(("words", "width", "kind"), LEVELS)
@pytest.mark.parametrize("turn", [0, 90, 180])
def test_clean_level_stamps_are_read_without_the_network(ink, words, width, kind, turn, ocr) -> None:  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(width + turn)
    sheet = letter(rng, "liberation-sans", DPI, lines=8)
    press(sheet, stamp([words], width, 8, DPI, ink=ink), 120, 200, float(rng.uniform(-3, 3)))
    reading = StampReader(None, ocr).read(scan(sheet.array(), rng, skew=1.0, turn=turn), DPI)
    assert [mark.kind for mark in reading.marks] == [kind] and not reading.faults
    wanted = Verdict.TOP_SECRET if kind is K.TUYET_MAT else Verdict.MARKED
    assert judge(reading).verdict is wanted


def test_the_quad_begins_at_the_marks_own_top_left(ocr: TesserocrReader) -> None:
    rng = np.random.default_rng(2)
    sheet = Sheet(DPI)
    corners = press(sheet, stamp(["TỐI MẬT"], 30, 8, DPI), 60, 60, 2)
    height, width = sheet.array().shape[:2]
    upside_down = scan(sheet.array(), rng, turn=180)
    (mark,) = StampReader(None, ocr).read(upside_down, DPI).marks
    expected = [(width - x, height - y) for x, y in corners]
    assert np.abs(np.array(mark.quad) - np.array(expected)).max() < 10


def test_what_cannot_be_read_is_a_mark_and_holds(ocr: TesserocrReader) -> None:
    rng = np.random.default_rng(3)
    sheet = letter(rng, dpi=DPI, lines=6)
    press(sheet, stamp(["*#~*#"], 40, 8, DPI), 120, 200)
    read = StampReader(None, ocr).read(scan(sheet.array(), rng), DPI)
    unread = StampReader(None, None).read(scan(sheet.array(), rng), DPI)
    for reading in (read, unread):
        assert [mark.kind for mark in reading.marks] == [K.UNREADABLE]
        assert judge(reading).verdict is Verdict.UNREADABLE


def test_envelope_letters_are_read_or_held_never_dropped(ocr: TesserocrReader) -> None:
    rng = np.random.default_rng(5)
    for text, kind in (("A", K.ENVELOPE_A), ("B", K.ENVELOPE_B), ("C", K.ENVELOPE_C)):
        sheet = Sheet(DPI)
        press(sheet, round_stamp(text, 15, DPI), 100, 120, 8)
        (mark,) = StampReader(None, ocr).read(scan(sheet.array(), rng), DPI).marks
        assert mark.kind in (kind, K.UNREADABLE)


@pytest.mark.parametrize(
    ("reader", "dpi", "fault"),
    [
        (StampReader(), None, Fault.UNKNOWN_RESOLUTION),
        (StampReader(), 120, Fault.LOW_RESOLUTION),
        (StampReader(Network(error=RuntimeError("boom"))), 200, Fault.EXCEPTION),
        (StampReader(Network(error=MemoryError())), 200, Fault.EXCEPTION),
        (StampReader(budget_cpu_s=0.0), 200, Fault.OVER_BUDGET),
        (StampReader(Network(*[finding(K.SEAL, 0.9)] * (MAX_FINDINGS + 1))), 200, Fault.TOO_MANY_MARKS),
    ],
)  # fmt: skip
def test_every_failure_is_a_fault_of_the_reading(
    reader: StampReader, dpi: int | None, fault: Fault, bare: np.ndarray
) -> None:
    assert fault in reader.read(bare, dpi).faults


def test_an_ocr_engine_that_breaks_is_a_fault_too() -> None:
    class Broken:
        def read(self, picture: np.ndarray, lines: int = 1) -> Heard:
            raise OSError("engine gone")

    rng = np.random.default_rng(6)
    sheet = Sheet(DPI)
    press(sheet, stamp(["MẬT"], 20, 8, DPI), 60, 60)
    assert StampReader(None, Broken()).read(scan(sheet.array(), rng), DPI).faults == {Fault.EXCEPTION}


def test_a_plain_page_has_no_marks_and_no_faults(bare: np.ndarray, ocr: TesserocrReader) -> None:
    reading = StampReader(Network(), ocr).read(bare, 200)
    assert (reading.marks, reading.faults, reading.turns) == ((), frozenset(), UPRIGHT)


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        (finding(K.TUYET_MAT, 0.9, 0.95), K.TUYET_MAT),
        (finding(K.ENVELOPE_A, 0.9, 0.95), K.ENVELOPE_A),
        (finding(K.MAT, 0.9, 0.95), K.TUYET_MAT),  # the fused score decides, not the likeliest kind
        (finding(K.TUYET_MAT, 0.9, 0.5), K.UNREADABLE),
        (finding(K.SEAL, 0.9, 0.4), K.UNREADABLE),
        (finding(K.KHAN, 0.9, 0.1), K.KHAN),
        (finding(K.TUYET_MAT, 0.6, 0.1), K.UNREADABLE),  # never named on less than the threshold, nor passed if a mark
        (finding(K.TUYET_MAT, 0.6, 0.1, background=0.3, detector=0.55), None),  # words in a heading, mostly
        (finding(K.MAT, 0.5, 0.1, probabilities={K.MAT: 0.5, K.TOI_MAT: 0.3}), K.TOI_MAT),
        (finding(K.MAT, 0.9, 0.1, probabilities={K.MAT: 0.9, K.TOI_MAT: 0.05}), K.MAT),
        (finding(K.KHAN, 0.4, 0.1, background=0.05), K.UNREADABLE),
        (finding(K.KHAN, 0.4, 0.1, background=0.6), None),
        (finding(K.KHAN, 0.05, 0.1, background=0.9), None),
    ],
)
def test_findings_are_named_by_the_two_thresholds(found: Finding, kind: MarkKind | None) -> None:
    marks = marks_of_findings([found], LIMITS)
    assert [mark.kind for mark in marks] == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("found", "kinds"),
    [
        (finding(K.KHAN, 0.7, probabilities={K.KHAN: 0.7, K.TOI_MAT: 0.2}), [K.KHAN, K.TOI_MAT]),
        (finding(K.KHAN, 0.7, probabilities={K.KHAN: 0.7, K.TOI_MAT: 0.19}), [K.KHAN]),
        (
            finding(K.KHAN, 0.4, probabilities={K.KHAN: 0.4, K.TOI_MAT: 0.3}),
            [K.TOI_MAT],
        ),  # no kind is sure, the level is
        (finding(K.TUYET_MAT, 0.4, probabilities={K.TUYET_MAT: 0.4, K.TOI_MAT: 0.3}), [K.TOI_MAT]),
        (finding(K.KHAN, 0.4, probabilities={K.KHAN: 0.3, K.TOI_MAT: 0.2}, background=0.5), []),
        (finding(K.TOI_MAT, 0.9), [K.TOI_MAT]),
        (finding(K.KHAN, 0.7, 0.5, probabilities={K.KHAN: 0.7, K.TOI_MAT: 0.2}), [K.UNREADABLE]),  # held as it is
    ],
)
def test_the_second_level_under_another_mark_is_reported_beside_it(found: Finding, kinds: list[MarkKind]) -> None:
    marks = marks_of_findings([replace(found, detector=0.55)], LIMITS)
    assert sorted(mark.kind for mark in marks) == sorted(kinds)


def frame(
    width: float,
    word: MarkKind | None = None,
    border: Border = Border.DOUBLE,
    x: float = 100,
    *,
    coloured: bool = True,
) -> Sighting:
    return Sighting(box(x, 100), width, 8.0, border, coloured, word, confidence=0.9)


@pytest.mark.parametrize(
    ("network", "sighting", "kinds"),
    [
        (K.MAT, frame(40), [K.TUYET_MAT]),  # the network's word, the frame's width
        (K.MAT, frame(20), [K.MAT]),
        (K.MAT, frame(20, K.TOI_MAT), [K.TOI_MAT]),  # OCR raises
        (K.TOI_MAT, frame(20, K.MAT), [K.TOI_MAT]),  # and never lowers
        (K.KHAN, frame(20), [K.KHAN]),  # an unread frame adds nothing to what the network read
        (K.KHAN, frame(20, K.MAT), [K.MAT]),
        (K.UNREADABLE, frame(20, K.KHAN), [K.UNREADABLE]),  # OCR never clears
        (K.UNREADABLE, frame(20, K.MAT), [K.UNREADABLE, K.MAT]),
        (K.UNREADABLE, frame(40, K.TUYET_MAT), [K.TUYET_MAT]),
        (None, frame(40), [K.UNREADABLE]),  # a double frame that the network does not know
        (None, frame(40, None, Border.SINGLE), []),
        (None, frame(40, K.TUYET_MAT, Border.SINGLE), [K.TUYET_MAT]),
        (K.MAT, frame(40, K.TUYET_MAT, x=900), [K.MAT, K.TUYET_MAT]),
    ],
)
def test_the_witnesses_raise_levels_and_doubt_and_lower_neither(
    network: MarkKind | None, sighting: Sighting, kinds: list[MarkKind]
) -> None:
    main = [Mark(network, box(102, 98), 0.95, "network")] if network else []
    assert [mark.kind for mark in weighed(main, [sighting], [])] == kinds


@pytest.mark.parametrize(
    ("glimpsed", "coloured", "doubts"),
    [([], False, 0), ([], True, 1), ([box(110, 90)], False, 1), ([box(900, 100)], False, 0)],
)
def test_a_black_frame_that_cannot_be_read_is_a_doubt_where_the_network_glimpsed_something(
    glimpsed: list[Quad], coloured: bool, doubts: int
) -> None:
    found = weighed([], [frame(40, coloured=coloured)], glimpsed)
    assert [mark.kind for mark in found] == [K.UNREADABLE] * doubts


@pytest.mark.parametrize(("route", "kinds"), [(0.005, []), (0.02, [K.UNREADABLE])])
def test_what_the_network_considered_and_dismissed_is_no_doubt_about_a_black_box(
    route: float, kinds: list[MarkKind]
) -> None:
    sheet = letter(np.random.default_rng(3), dpi=DPI, lines=6)
    press(sheet, stamp(["*#~*#"], 40, 8, DPI, ink=(45, 45, 50)), 120, 200)
    side = scan(sheet.array(), np.random.default_rng(3))
    (unread,) = StampReader(None, None).read(side, DPI).marks
    considered = finding(K.TUYET_MAT, 0.02, route, unread.quad)
    assert [mark.kind for mark in StampReader(Network(considered), None).read(side, DPI).marks] == kinds


@pytest.mark.parametrize(
    ("width", "height", "doubts"), [(27, 14, 1), (47, 10, 1), (20, 19, 0), (49, 10, 0), (40, 25, 0)]
)
def test_an_unread_frame_that_cannot_hold_the_highest_level_is_no_doubt(width: int, height: int, doubts: int) -> None:
    found = weighed([], [replace(frame(width), height_mm=height)], [])
    assert [mark.kind for mark in found] == [K.UNREADABLE] * doubts


def test_overlap_is_of_the_smaller() -> None:
    assert overlap(box(0, 0), box(10, 5)) and overlap(box(0, 0), box(100, 20, 60, 40))
    assert not overlap(box(0, 0), box(300, 0)) and not overlap(box(0, 0), box(0, 0, 0, 0))


def test_a_mark_found_twice_is_said_once() -> None:
    near, far = box(110, 104), box(100, 600)
    once = each_once([
        Mark(K.UNREADABLE, near, 0.6, ""),
        Mark(K.TUYET_MAT, box(100, 100), 0.9, ""),
        Mark(K.TUYET_MAT, near, 0.95, ""),
        Mark(K.SEAL, near, 0.9, ""),
        Mark(K.UNREADABLE, far, 0.6, ""),
    ])  # fmt: skip
    assert [(m.kind, m.quad) for m in once] == [
        (K.TUYET_MAT, near), (K.SEAL, near), (K.UNREADABLE, far)
    ]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(list(K)), st.floats(0, 500), st.floats(0, 1)), max_size=8))
def test_saying_it_once_changes_no_verdict(seen: list[tuple[MarkKind, float, float]]) -> None:
    from scanflow.stamps.judge import Reading

    marks = tuple(Mark(kind, box(x, 100), score, "") for kind, x, score in seen)
    assert judge(Reading(tuple(each_once(marks)))).verdict is judge(Reading(marks)).verdict
