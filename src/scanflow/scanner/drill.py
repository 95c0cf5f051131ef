"""The operator's drill: real faults on the virtual scanner, real sentences, and two questions (diễn tập).

The trainee sees what the station would say and where the paper is, then answers with which sheet to go on and
whether the count of the output tray is right. The drill puts the paper where the trainee said and feeds on,
so that a wrong answer shows its consequence instead of a mark.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from scanflow.pages import Image
from scanflow.scanner.errors import FeedFault
from scanflow.scanner.escl.http import parse_address
from scanflow.scanner.escl_feeder import EsclFeeder
from scanflow.scanner.plight import Plight
from scanflow.scanner.recovery import FeedBooks
from scanflow.scanner.virtual import Deck, Fault, FaultKind, VirtualScanner, VirtualSheet, virtual_scanner
from scanflow.scanner.virtual.paper import a4_pixels, encode

DRILL_SHEETS = 5
_DPI = 100


@dataclass(frozen=True, slots=True)
class Scenario:
    """One exercise.

    Attributes:
        name: for the command line.
        title_vi: what is practised.
        faults: what happens, bound to sheets.
    """

    name: str
    title_vi: str
    faults: tuple[Fault, ...]


SCENARIOS = (
    Scenario("jam", "Kẹt giấy giữa xấp", (Fault(FaultKind.JAM, 3),)),
    Scenario("double", "Máy phát hiện hai tờ dính nhau", (Fault(FaultKind.DOUBLE_FEED, 2),)),
    Scenario("cover", "Mở nắp giữa chừng", (Fault(FaultKind.COVER_OPEN, 4),)),
    Scenario("cut", "Mất kết nối giữa một tờ", (Fault(FaultKind.CUT, 3),)),
    Scenario("torn", "Ảnh bị cắt cụt", (Fault(FaultKind.TRUNCATED, 2),)),
    Scenario("dies", "Máy bỏ lượt quét khi còn giấy", (Fault(FaultKind.JOB_DIES, 4),)),
    Scenario("unseen", "Hai tờ trôi dính nhau, máy không biết", (Fault(FaultKind.DOUBLE_UNSEEN, 2),)),
    Scenario(
        "unseen-jam",
        "Hai tờ trôi dính nhau, rồi kẹt giấy",
        (Fault(FaultKind.DOUBLE_UNSEEN, 1), Fault(FaultKind.JAM, 4)),
    ),
)


@dataclass(frozen=True, slots=True)
class Tray:
    """Where the paper lies, as one would see it on the table: numbers of sheets, not their labels."""

    waiting: int
    stuck: int
    output: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What the trainee decides.

    Attributes:
        resume_at: the sheet to go on with.
        output_right: the output tray holds what the sentence says (true where nothing is to be counted).
    """

    resume_at: int
    output_right: bool


class Trainee(Protocol):
    """Whoever answers: a person at a terminal, or a test."""

    def decide(self, plight: Plight, tray: Tray) -> Answer:
        """Decide what to do now."""
        ...


@dataclass(frozen=True, slots=True)
class DrillResult:
    """How an exercise went.

    Attributes:
        scenario: its name.
        wrong: answers that differ from the instruction, in Vietnamese.
        lost: sheets that would have been lost by the trainee's way.
        doubled: sheets that would have been counted twice.
    """

    scenario: str
    wrong: tuple[str, ...]
    lost: tuple[int, ...]
    doubled: tuple[int, ...]

    @property
    def passed(self) -> bool:
        """Every answer was right and every sheet arrived exactly once."""
        return not (self.wrong or self.lost or self.doubled)


def drill(scenario: Scenario, folder: Path, trainee: Trainee) -> DrillResult:
    """Run one exercise on a virtual scanner of its own.

    Args:
        scenario: what happens.
        folder: private directory for the scanner's socket.
        trainee: who answers.
    """
    deck = Deck(_sheets())
    deck.arrange(*scenario.faults)
    papers: dict[int, int] = {}
    wrong: list[str] = []
    with virtual_scanner(deck, folder) as address:
        source = parse_address(address.url, address.socket_dir)
        with EsclFeeder(source, dpi=_DPI, patience=20.0) as feeder:
            good = 0
            for _ in range(len(scenario.faults) + 3):
                feeder.expected_sheets = DRILL_SHEETS - good
                plight = _feed(feeder, good, papers)
                if plight is None:
                    break
                good = _recover(address.scanner, plight, trainee, wrong)
    seen = list(papers.values())
    lost = tuple(n for n in range(1, DRILL_SHEETS + 1) if n not in seen)
    doubled = tuple(sorted({n for n in seen if seen.count(n) > 1}))
    return DrillResult(scenario.name, tuple(wrong), lost, doubled)


def drill_all(folder: Path, trainee: Trainee) -> Iterator[DrillResult]:
    """Every exercise in turn."""
    for scenario in SCENARIOS:
        yield drill(scenario, folder / scenario.name, trainee)


def _feed(feeder: EsclFeeder, good: int, papers: dict[int, int]) -> Plight | None:
    """One feed from sheet ``good + 1``; None when it ended well."""
    books = FeedBooks(good=good)
    for sheet in [n for n in papers if n > good]:
        del papers[sheet]
    try:
        for page in feeder.sides(books.begin()):
            books.took(page)
            papers[page.sheet] = _label(page.pixels)
    except FeedFault as fault:
        return books.broke(fault)
    books.finished()
    return None


def _recover(scanner: VirtualScanner, plight: Plight, trainee: Trainee, wrong: list[str]) -> int:
    """Ask the trainee, compare with the instruction, and put the paper where the trainee said."""
    with scanner.lock:
        deck = scanner.deck
        tray = Tray(len(deck.tray), len(deck.path), len(deck.output))
        first, resume = plight.first or 1, plight.resume_at or 1
        right_count = plight.count_to is None or tray.output - (first - 1) == plight.count_to
    answer = trainee.decide(plight, tray)
    if answer.output_right != right_count:
        wrong.append(f"{plight.state.vi}: khay ra có {tray.output} tờ, " + ("khớp" if right_count else "không khớp"))
    expected = resume if right_count else first
    if answer.resume_at != expected:
        wrong.append(f"{plight.state.vi}: phải quét tiếp từ tờ {expected}, không phải tờ {answer.resume_at}")
    good = max(0, min(answer.resume_at - 1, tray.output))
    with scanner.lock:
        for job in deck.jobs:
            deck.cancel(job)
        deck.restack(good)
    return good


def _sheets() -> list[VirtualSheet]:
    width, height = a4_pixels(_DPI)
    sheets = []
    for label in range(1, DRILL_SHEETS + 1):
        side = np.full((height, width, 3), 245, np.uint8)
        side[40:80, 40 : 40 + 40 * label] = 20
        cv2.putText(side, f"DIEN TAP - TO {label}", (60, 400), cv2.FONT_HERSHEY_SIMPLEX, 1.5, (40, 40, 40), 3)
        jpeg = encode(side, _DPI)
        sheets.append(VirtualSheet(label, jpeg, jpeg))
    return sheets


def _label(pixels: Image) -> int:
    return round(float((pixels[60, 40:400].mean(axis=-1) < 128).sum()) / 40)
