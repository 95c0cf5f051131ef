"""Recovery over random sequences of faults and stops: no sheet is lost silently, none counts twice.

The real eSCL source runs on the real state machine of the virtual scanner without HTTP between them; an operator who
does exactly what the sentence says puts the paper back. A slice runs with the suite; the campaign is
``python -m tests.scanner.test_recovery 100000 [SEED]`` from the project's root.
"""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scanflow.pages import Face, Image
from scanflow.scanner import errors
from scanflow.scanner.escl.link import Document, LinkBusy, LinkRefused
from scanflow.scanner.escl.status import Capabilities, ScannerStatus, parse_capabilities, parse_status
from scanflow.scanner.escl_feeder import EsclFeeder
from scanflow.scanner.recovery import FeedBooks
from scanflow.scanner.virtual import documents
from scanflow.scanner.virtual.deck import (
    BusyNow,
    Deck,
    Fault,
    FaultKind,
    Job,
    NoMoreImages,
    OwedImage,
    VirtualSheet,
)

SLICE = 400


def tiny_jpeg(label: int, face: Face) -> bytes:
    """The frame header of an A4 side at 300 dpi with a label where the picture would be."""
    frame = b"\xff\xc0\x00\x11\x08" + (3508).to_bytes(2, "big") + (2480).to_bytes(2, "big") + b"\x03" + bytes(9)
    return b"\xff\xd8" + frame + b"\xff\xda" + label.to_bytes(2, "big") + bytes([face is Face.VERSO]) + b"\xff\xd9"


def tiny_decode(data: bytes) -> Image:
    return np.array([[[data[23], data[24], data[25]]]], np.uint8)


def seen(pixels: Image) -> tuple[int, Face]:
    high, low, back = (int(v) for v in pixels[0, 0])
    return high * 256 + low, Face.VERSO if back else Face.RECTO


read_status = lru_cache(maxsize=4096)(parse_status)  # most documents of a campaign were seen before


class DeckLink:
    """The eSCL requests straight on the state machine; the status goes through the real XML."""

    def __init__(self, deck: Deck) -> None:
        self.deck = deck
        self.away = False

    def status(self) -> ScannerStatus | None:
        if self.away:
            raise ConnectionRefusedError
        return read_status(documents.status(self.deck))

    def capabilities(self) -> Capabilities | None:
        return parse_capabilities(documents.capabilities())

    def create(self, *, duplex: bool, dpi: int) -> str:
        try:
            return documents.job_path(self.deck.start_job(duplex=duplex, dpi=dpi, colour=True))
        except BusyNow:
            raise LinkBusy from None
        except NoMoreImages:
            raise LinkRefused(409) from None

    def next(self, job: str) -> Document | None:
        found = self._job(job)
        try:
            owed = self.deck.next_image(found)
        except BusyNow:
            raise LinkBusy from None
        except NoMoreImages:
            return None
        return self._send(found, owed)

    def delete(self, job: str) -> None:
        self.deck.cancel(self._job(job))

    def close(self) -> None:
        self.away = False

    def _job(self, path: str) -> Job:
        return next(j for j in self.deck.jobs if documents.job_path(j) == path)

    def _send(self, job: Job, owed: OwedImage) -> Document:
        data = owed.image or tiny_jpeg(owed.label, Face(owed.face))
        kind = owed.fault.kind if owed.fault is not None else None
        if kind is FaultKind.HANG:
            raise TimeoutError
        if kind is FaultKind.CUT:
            self.deck.delivered(job, owed, whole=False)
            return Document(data[:10], whole=False)
        self.deck.delivered(job, owed, whole=True)
        changes = {
            FaultKind.TRUNCATED: data[:-2],
            FaultKind.SHORT: data.replace((3508).to_bytes(2, "big"), (2000).to_bytes(2, "big"), 1),
            FaultKind.LONG: data.replace((3508).to_bytes(2, "big"), (5000).to_bytes(2, "big"), 1),
            FaultKind.WRONG_DPI: data.replace((2480).to_bytes(2, "big"), (1240).to_bytes(2, "big"), 1),
            FaultKind.GREY: data[:11] + b"\x01" + data[12:],
        }
        return Document(changes.get(kind, data) if kind is not None else data)


@dataclass
class Story:
    """What happens in one batch."""

    sheets: int
    faults: list[Fault]
    stops: list[int]
    read_ahead: int = 0


@dataclass
class Outcome:
    """What the station holds at the end, and how it got there."""

    accepted: dict[tuple[int, Face], tuple[int, Face]] = field(default_factory=dict)
    causes: list[str] = field(default_factory=list)


def play(story: Story) -> Outcome:
    """Run a batch to its end; the operator follows the sentences. Asserts on the way that the books agree."""
    deck = Deck((VirtualSheet(n, b"") for n in range(1, story.sheets + 1)), read_ahead=story.read_ahead)
    deck.arrange(*story.faults)
    outcome, books, stops = Outcome(), FeedBooks(), list(story.stops)
    with EsclFeeder(DeckLink(deck), decode=tiny_decode, pause=lambda _: None) as feeder:
        for _ in range(3 * len(story.faults) + len(story.stops) + 3):
            feeder.expected_sheets = story.sheets - books.good
            stopped, first = None, books.begin()
            try:
                for page in feeder.sides(first_sheet=first):
                    books.took(page)
                    key = (page.sheet, page.face)
                    assert key not in outcome.accepted, "a side was counted twice"
                    outcome.accepted[key] = seen(page.pixels)
                    if stops and page.sheet >= stops[0] and page.face is Face.VERSO:
                        stops.pop(0)
                        stopped = feeder.stop()
                        assert stopped.passed is not None
            except errors.FeedFault as fault:
                outcome.causes.append(fault.code)
                plight = books.broke(fault)
            else:
                if stopped is None:
                    books.finished()
                    return outcome
                outcome.causes.append("stop")
                plight = books.stopped(stopped)
            if not books.counted(len(deck.output) - first + 1, plight.count_to):
                outcome.causes.append("miscounted")
            for key in [k for k in outcome.accepted if k[0] > books.good]:
                del outcome.accepted[key]
            deck.restack(books.good)
            if not deck.tray:
                return outcome  # stopped behind the last sheet
    raise AssertionError(f"the batch never ended: {outcome.causes}")


def check(story: Story) -> Outcome:
    outcome = play(story)
    numbers = sorted({sheet for sheet, _ in outcome.accepted})
    assert numbers == list(range(1, story.sheets + 1)), (story, numbers, outcome.causes)
    assert len(outcome.accepted) == 2 * story.sheets
    for (sheet, face), paper in outcome.accepted.items():
        swapped = any(f.kind is FaultKind.SWAPPED and f.sheet == sheet for f in story.faults)
        if not swapped:  # an undetectable order of faces; which sheet it is stays right
            assert paper == (sheet, face), (story, sheet, face, paper, outcome.causes)
        assert paper[0] == sheet
    return outcome


KINDS = list(FaultKind)
LOSING = frozenset({FaultKind.DROP_BACK, FaultKind.DOUBLE_UNSEEN})
"""A device that loses sides unseen *and* miscounts by just as many is believed; no story has both lies at once."""


def random_story(rng: random.Random) -> Story:
    sheets = rng.randint(1, 9)
    faults: list[Fault] = []
    for _ in range(rng.randint(0, 5)):
        kind = rng.choice(KINDS)
        if kind in LOSING and any(f.kind is FaultKind.MISCOUNT for f in faults):
            continue
        if kind is FaultKind.MISCOUNT and any(f.kind in LOSING for f in faults):
            continue
        faults.append(Fault(kind, rng.randint(1, sheets), rng.randint(0, 3)))
    stops = sorted(rng.sample(range(1, sheets + 1), rng.randint(0, min(2, sheets))))
    return Story(sheets, faults, stops, rng.randint(0, 2))


def campaign(count: int, seed: int) -> dict[str, int]:
    rng, causes = random.Random(seed), {}
    for _ in range(count):
        for cause in check(random_story(rng)).causes:
            causes[cause] = causes.get(cause, 0) + 1
    return causes


def test_a_slice_of_the_campaign() -> None:
    causes = campaign(SLICE, seed=20261122)
    assert set(causes) >= {
        "SCN-JAM",
        "SCN-COVER",
        "SCN-DOUBLE",
        "SCN-JOB",
        "SCN-TORN",
        "SCN-HANG",
        "SCN-SHORT",
    }
    assert set(causes) >= {"SCN-PARITY", "SCN-COUNT", "SCN-SHEETS", "SCN-FORMAT", "stop"}


@settings(max_examples=200, deadline=None)
@given(
    sheets=st.integers(1, 6),
    faults=st.lists(
        st.builds(
            Fault,
            st.sampled_from(KINDS),
            st.integers(1, 6),
            st.integers(0, 2).map(float),
        ),
        max_size=4,
    ),
    stops=st.lists(st.integers(1, 6), max_size=2, unique=True).map(sorted),
    read_ahead=st.integers(0, 2),
)
def test_any_story_ends_with_every_sheet_once(
    sheets: int, faults: list[Fault], stops: list[int], read_ahead: int
) -> None:
    assume(not (LOSING & {f.kind for f in faults}) or all(f.kind is not FaultKind.MISCOUNT for f in faults))
    check(Story(sheets, faults, stops, read_ahead))


@pytest.mark.parametrize("kind", KINDS)
def test_each_fault_alone(kind: FaultKind) -> None:
    for sheet in (1, 2, 3):
        check(Story(3, [Fault(kind, sheet)], []))


def test_two_swallowed_backs_before_a_jam_are_found_by_counting_the_output() -> None:
    """Even pairs look right; the device's own count of sides against the paper in the tray does not."""
    faults = [Fault(FaultKind.DROP_BACK, 1), Fault(FaultKind.DROP_BACK, 2), Fault(FaultKind.JAM, 3)]
    assert check(Story(3, faults, [])).causes[:2] == ["SCN-JAM", "miscounted"]


if __name__ == "__main__":
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    start = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    sys.stdout.write(f"{runs} stories, seed {start}: {sorted(campaign(runs, start).items())}\n")
