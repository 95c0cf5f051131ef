"""A station in a temporary folder, with people, keys and simulated sticks; feeders and examiners from scripts."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import cv2
import numpy as np
import pytest

from scanflow.counting import DocumentCount, encode_separator
from scanflow.errors import ScanflowError, Words
from scanflow.examination import Examination
from scanflow.gate import Decision
from scanflow.imaging.likeness import Fingerprint
from scanflow.ledger.people import FileKey, PersonSignature, Statement, sign
from scanflow.levels import Level
from scanflow.manifest import Manifest, PageConvention, Row
from scanflow.media.simulated import SimulatedBus, SimulatedStick
from scanflow.pages import Face, Pose, RawPage, SideLabel
from scanflow.rules import Confirmation, Proposal
from scanflow.scanner import FeedFault, ScannerFacts, StopReport
from scanflow.sealing.keys import init_demo
from scanflow.stamps.judge import Judgement, Reason, Verdict
from scanflow.stamps.marks import Mark, MarkKind
from scanflow.station.config import (
    BatchConfig,
    MediumConfig,
    MediumKind,
    ScannerConfig,
    ScannerSource,
    SealingConfig,
    Separation,
    SignatureConfig,
    StationConfig,
)
from scanflow.station.demo import _CAST, _OFFICERS, _enrol_people, _person
from scanflow.station.desk import (
    DifferenceAnswer,
    HeldAnswer,
    HeldSide,
    LoadPaper,
    Notice,
    SampleAnswer,
    SampledSide,
    Settling,
    TakeOut,
)
from scanflow.station.enrol import enrol_medium
from scanflow.station.setup import initialise, open_station
from scanflow.station.station import Station

READER = """
import os, struct, sys
frame = struct.Struct(">II")
out, source = sys.stdout.buffer, sys.stdin.buffer
answer, crash = sys.argv[1].encode(), sys.argv[2]
out.write(frame.pack(7, 0) + b'"ready"'); out.flush()
while head := source.read(8):
    for size in frame.unpack(head): source.read(size)
    if os.path.exists(crash):
        os.unlink(crash); os.abort()
    out.write(frame.pack(len(answer), 0) + answer); out.flush()
"""
"""An OCR worker that reads ``argv[1]`` on every page; it dies once over a page when the file ``argv[2]`` is there."""


def reader(answer: str, crash: Path) -> tuple[str, ...]:
    """The command of such a worker."""
    return sys.executable, "-c", READER, answer, str(crash)


RULES = Path(__file__).resolve().parents[2] / "config/rules"
OPERATOR, SUPERVISOR, CUSTODIAN, INSPECTOR = "P-003", "P-004", "P-005", "P-006"
assert set(_CAST) == {*_OFFICERS, OPERATOR, SUPERVISOR, CUSTODIAN, INSPECTOR}

SIDE = np.full((1170, 827, 3), 240, np.uint8)
"""An A4 side at 100 dpi: small, so that a batch of many sheets is quick."""


def row(ordinal: int, sheets: int = 1, pages: int | None = None, level: Level = Level.MAT, **more: object) -> Row:
    """A row of a list."""
    pages = 2 * sheets if pages is None else pages
    return Row(
        ordinal=ordinal, dossier="MAU.01", document=ordinal, number=f"{ordinal:02d}/KH-MAU",
        issued=date(2026, 1, 5), level=level, sheets=sheets, pages=pages, **more,
    )  # type: ignore[arg-type]  # fmt: skip


def listed(*rows: Row) -> Manifest:
    """A list of these rows."""
    return Manifest(rows, PageConvention.WRITTEN_SIDES, convention_stated=True)


@dataclass(frozen=True)
class Paper:
    """A scripted sheet: what the examination will find on it."""

    recto: Judgement
    verso: Judgement
    labels: tuple[SideLabel, SideLabel] = (SideLabel.CONTENT, SideLabel.CONTENT)
    code: str = ""
    marks: tuple[MarkKind, ...] = ()
    looks: int = 0
    """Sheets that look alike bear the same number; 0: like no other."""
    filled: str = ""
    """What somebody wrote into it: too little for the coarse look."""


PLAIN = Judgement(Level.THUONG, Verdict.NO_MARK, (), frozenset())
MAT = Judgement(Level.MAT, Verdict.MARKED, (), frozenset())
TOI_MAT = Judgement(Level.TOI_MAT, Verdict.MARKED, (), frozenset())
TUYET_MAT = Judgement(Level.TUYET_MAT, Verdict.TOP_SECRET, (Reason.TOP_SECRET_MARK,), frozenset())
UNREADABLE = Judgement(Level.THUONG, Verdict.UNREADABLE, (Reason.UNREADABLE_MARK,), frozenset())

SHEET = Paper(MAT, PLAIN)
SECRET = Paper(TUYET_MAT, PLAIN)


def separator(manifest: Manifest, ordinal: int) -> Paper:
    """The separator of a document."""
    code = encode_separator(manifest.batch_id, ordinal)
    return Paper(PLAIN, PLAIN, (SideLabel.CONTENT, SideLabel.BLANK), code)


@dataclass
class ScriptedFeeder:
    """Feeds scripted sheets; a fault may be bound to the ordinal of a sheet, and some sheets run past a stop."""

    pile: list[Paper]
    faults: dict[int, type[FeedFault]] = field(default_factory=dict)
    run_past: int = 0
    seen: dict[tuple[int, Face], Examination] = field(default_factory=dict)
    feeds: list[int] = field(default_factory=list)
    miscounts: list[int] = field(default_factory=list)
    """By how much the scanner's own counter is off in each feed; it has none where nothing is said."""
    own_count: int | None = None
    _stopped: bool = False
    _last: int = 0

    facts = ScannerFacts("scripted", "SCRIPT-1", "script", True)

    def paper_present(self) -> bool:
        return bool(self.pile)

    def sides(self, first_sheet: int = 1) -> Iterator[RawPage]:
        self.feeds.append(first_sheet)
        self._stopped, self._last = False, first_sheet - 1
        while self.pile and not self._stopped:
            number = self._last + 1
            if fault := self.faults.pop(number, None):
                raise fault(last_good=self._last)
            paper = self.pile.pop(0)
            self._last = number
            for face, judged, label in zip(Face, (paper.recto, paper.verso), paper.labels, strict=True):
                self.seen[number, face] = _found(paper, face, judged, label)
                yield RawPage(number, face, _written(paper, face), 100)
        self.own_count = self._last - first_sheet + 1 + self.miscounts.pop(0) if self.miscounts else None

    def stop(self) -> StopReport:
        self._stopped = True
        return StopReport(self._last, self.run_past)

    def close(self) -> None:
        self._stopped = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def examine(self, page: RawPage, recto: RawPage | None) -> Examination:
        """What the script says of a side; stands in for the networks."""
        return self.seen[page.sheet, page.face]


def _found(paper: Paper, face: Face, judged: Judgement, label: SideLabel) -> Examination:
    recto = face is Face.RECTO
    quad = ((10.0, 10.0), (90.0, 10.0), (90.0, 30.0), (10.0, 30.0))
    return Examination(
        shape=SIDE.shape[:2], dpi=100, pose=Pose(0, 0.0), pose_confidence=1.0, side=label, blank_score=0.0,
        marks=tuple(Mark(kind, quad, 0.9, "script") for kind in paper.marks) if recto else (),
        judgement=judged, codes=(paper.code,) if paper.code and recto else (),
        print=_print(paper.looks, face) if paper.looks else None,
    )  # fmt: skip


def _written(paper: Paper, face: Face) -> np.ndarray:
    """A side with a text of its own for each look, one line of it for what was filled in; a plain one for no look."""
    side, rng = SIDE.copy(), np.random.default_rng(2 * paper.looks + (face is Face.VERSO))
    lines = [" ".join(str(rng.integers(10, 10**6)) for _ in range(6)) for _ in range(24)] if paper.looks else []
    lines += [paper.filled] if paper.filled else []
    for at, words in enumerate(lines):
        cv2.putText(side, words, (100, 120 + 38 * at), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (20, 20, 20), 2)
    return side


def _print(looks: int, face: Face) -> Fingerprint:
    """A layout of its own for each number and face."""
    rng = np.random.default_rng(2 * looks + (face is Face.VERSO))
    cells = (rng.random((181, 128)) < 0.1).astype(np.uint8) * 12
    return Fingerprint(cells.tobytes(), int(np.count_nonzero(cells)))


@dataclass
class ScriptedDesk:
    """People who answer from a script; by default they let nothing through."""

    feeder: ScriptedFeeder
    bus: SimulatedBus
    sticks: list[SimulatedStick] = field(default_factory=list)
    keys: dict[str, FileKey] = field(default_factory=dict)
    removed: int = 0
    tray: bool = True
    checks: list[str] = field(default_factory=list)
    held: Callable[[HeldSide], HeldAnswer | None] = lambda held: None
    samples: Callable[[SampledSide, Level], SampleAnswer | None] = lambda asked, read: SampleAnswer(SUPERVISOR, read)
    decided: dict[tuple[int, Face], Level] = field(default_factory=dict)
    sampled: list[SampledSide] = field(default_factory=list)
    settling: Settling = Settling.LEAVE
    settlings: list[DifferenceAnswer] = field(default_factory=list)
    asked: list[DocumentCount] = field(default_factory=list)
    confirms: bool = False
    refills: list[list[Paper]] = field(default_factory=list)
    told: list[Notice] = field(default_factory=list)
    loads: list[LoadPaper] = field(default_factory=list)
    orders: list[TakeOut] = field(default_factory=list)
    hands: list[str] = field(default_factory=list)
    """What the operator was asked to do with the paper, in that order."""
    refusals: list[ScanflowError] = field(default_factory=list)
    shown: list[tuple[int, Face, Decision]] = field(default_factory=list)
    _plugged: SimulatedStick | None = None

    def tell(self, notice: Notice) -> None:
        self.told.append(notice)

    def side(self, page: RawPage, decision: Decision) -> None:
        self.shown.append((page.sheet, page.face, decision))

    def load_paper(self, request: LoadPaper) -> bool:
        self.loads.append(request)
        self.hands.append("load")
        if len(self.loads) > 1 and self.refills:
            self.feeder.pile[:0] = self.refills.pop(0)
        return self.feeder.paper_present()

    def tray_agrees(self, check: Words) -> bool:
        self.checks.append(check.vi)
        self.hands.append("count")
        return self.tray

    def take_out(self, order: TakeOut) -> int:
        self.orders.append(order)
        self.hands.append("take out")
        del self.feeder.pile[: self.removed]
        return self.removed

    def confirm_downgrade(self, row: Row, proposal: Proposal) -> Confirmation | None:
        return (
            Confirmation(SUPERVISOR, row.ordinal, proposal.basis, no_extension_decided=True) if self.confirms else None
        )

    def decide_held(self, held: HeldSide) -> HeldAnswer | None:
        answer = self.held(held)
        if answer is not None:
            self.decided[held.sheet, held.face] = answer.level
        return answer

    def check_sample(self, asked: SampledSide) -> SampleAnswer | None:
        self.sampled.append(asked)
        place = asked.sheet, asked.face
        return self.samples(asked, self.decided.get(place, self.feeder.seen[place].judgement.level))

    def settle(self, count: DocumentCount, row: Row) -> DifferenceAnswer:
        self.asked.append(count)
        return self.settlings.pop(0) if self.settlings else DifferenceAnswer(self.settling)

    def sign(self, statement: Statement) -> Sequence[PersonSignature]:
        return [sign(statement, person, key) for person, key in self.keys.items()]

    def insert_stick(self, level: Level, refusal: ScanflowError | None) -> bool:
        if refusal is not None:
            self.refusals.append(refusal)
        if self._plugged is not None:
            self.bus.pull(self._plugged)
            self._plugged = None
        if not self.sticks:
            return False
        self._plugged = self.sticks.pop(0)
        self.bus.plug(self._plugged)
        return True


@dataclass
class Room:
    """A station with its people's keys and an approved stick."""

    station: Station
    keys: dict[str, FileKey]
    bus: SimulatedBus
    stick: SimulatedStick
    folder: Path

    def signed_by(self, *persons: str) -> dict[str, FileKey]:
        """The keys of these persons."""
        return {person: self.keys[person] for person in persons}

    def with_feeder(self, feeder: ScriptedFeeder) -> Station:
        """The station, examining what the feeder's script says."""
        return replace(self.station, examine=feeder.examine)

    def other_stick(self, name: str, clearance: Level | None = None) -> SimulatedStick:
        """Another stick; enrolled when it has a clearance."""
        folder = self.folder / name
        folder.mkdir()
        stick = SimulatedStick(folder, f"OTHER{name:>012}".replace(" ", "0"))
        if clearance is not None:
            self.enrol(stick, f"M-{len(list(self.folder.iterdir())):04d}", clearance)
        return stick

    def enrol(self, stick: SimulatedStick, name: str, clearance: Level) -> None:
        """Enrol a stick on two officers' signatures."""
        self.bus.plug(stick)
        officers = self.signed_by(*_OFFICERS)
        enrol_medium(
            self.station, name=name, clearance=clearance, custodian=CUSTODIAN,
            until=date.today() + timedelta(days=30),
            sign=lambda statement: [sign(statement, person, key) for person, key in officers.items()],
        )  # fmt: skip
        self.bus.pull(stick)


PASSPHRASE = "a passphrase for tests"


@dataclass(frozen=True)
class Founded:
    """A station that was set up once: its folder, to be copied, and its people's keys."""

    folder: Path
    keys: dict[str, FileKey]


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Founded:
    """Set up once a session, since slow hashes protect every key."""
    folder = tmp_path_factory.mktemp("founded")
    init_demo(folder / "keys")
    config = _config(folder, Separation.SEPARATORS)
    officers = initialise(config, PASSPHRASE, (_person(_OFFICERS[0]), _person(_OFFICERS[1])))
    with open_station(config, PASSPHRASE, SimulatedBus([]), ScriptedFeeder([]).examine, RULES) as station:
        return Founded(folder, {**officers, **_enrol_people(station, officers)})


@pytest.fixture
def make_room(tmp_path: Path, founded: Founded) -> Iterator[Callable[..., Room]]:
    """Makes a station with the given way to tell documents apart; without OCR, which has its own tests."""
    with ExitStack() as stack:

        def make(separation: Separation = Separation.SEPARATORS, **conventions: object) -> Room:
            folder = tmp_path / "station"
            shutil.copytree(founded.folder, folder)
            bus = SimulatedBus([])
            unset = ScriptedFeeder([])
            config = _config(folder, separation).for_batch(**conventions)
            station = stack.enter_context(open_station(config, PASSPHRASE, bus, unset.examine, RULES))
            (folder / "stick").mkdir()
            room = Room(station, founded.keys, bus, SimulatedStick(folder / "stick", "SIM0000000001"), folder)
            room.enrol(room.stick, "M-0001", Level.TOI_MAT)
            return room

        yield make


@pytest.fixture
def room(make_room: Callable[..., Room]) -> Room:
    """A station that tells documents apart by separators."""
    return make_room()


def _config(folder: Path, separation: Separation) -> StationConfig:
    keys = folder / "keys"
    return StationConfig(
        id="test", name="Trạm thử", superior="UBND TỈNH MẪU", body="CƠ QUAN MẪU A", place="Tỉnh Mẫu", state=folder,
        rules=RULES,
        scanner=ScannerConfig(source=ScannerSource.SANE),
        batch=BatchConfig(separation=separation, text_layer=False),
        medium=MediumConfig(kind=MediumKind.SIMULATED, simulated=folder / "stick"),
        sealing=SealingConfig(
            ca=keys / "ca.crt.pem", holders=(keys / "van-thu.crt.pem",), recovery=keys / "khoi-phuc.crt.pem"
        ),
        signature=SignatureConfig(certificate=keys / "tram.crt.pem", key=keys / "tram.key.pem"),
    )  # fmt: skip
