"""One whole batch of canary pages: a document that is delivered, one that is routed out on its second sheet.

    python -m tools.usblab.canary_batch SEED STACK FOLDER

runs it over a simulated stick in FOLDER and stops at each moment for its memory to be read: it prints the moment's name
with how the sides lie, and waits for a line.
"""

from __future__ import annotations

import gc
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from scanflow.counting import DocumentCount
from scanflow.errors import ScanflowError, Words
from scanflow.examination import Examination
from scanflow.gate import Decision
from scanflow.hardening import harden_process
from scanflow.ledger.people import FileKey, Office, PersonSignature, Role, Statement, sign
from scanflow.levels import Level
from scanflow.manifest import Manifest, PageConvention, Row
from scanflow.media.medium import Bus
from scanflow.media.simulated import SimulatedBus, SimulatedStick
from scanflow.pages import Face, Pose, RawPage, SideLabel
from scanflow.rules import Confirmation, Proposal
from scanflow.scanner import ScannerFacts, StopReport
from scanflow.scanner.imagefile import decode_page
from scanflow.sealing.keys import init_demo
from scanflow.stamps.judge import Judgement, Reason, Verdict
from scanflow.station import config as settings
from scanflow.station import host
from scanflow.station.batch import run_batch
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
from scanflow.station.devices import examiners
from scanflow.station.enrol import enrol_medium, enrol_person
from scanflow.station.setup import Home, NewPerson, initialise, open_ledger, open_station, prepare_person
from scanflow.station.station import Examine
from tools.usblab import canary

PASSPHRASE = "mot mat khau de thu may ao"
REPOSITORY = Path(__file__).resolve().parents[2]


class CanaryFeeder:
    """Two documents, each fed on its own, from the process that draws them."""

    facts = ScannerFacts("canary", "CANARY-1", "canary", True)

    def __init__(self, seed: int, name: str) -> None:
        self._stack, self.names = canary.STACKS[name], dict[tuple[int, Face], str]()
        self._order = iter(self._stack.delivered + self._stack.routed_out)
        command = [sys.executable, "-m", "tools.usblab.canary", str(seed), name]
        self._source = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self._source.stdout is not None  # it was asked for
        self._pages = canary.read_pages(self._source.stdout)
        self.digests: list[str] = []
        self._last = 0
        self._left = [len(self._stack.delivered) // 2, len(self._stack.routed_out) // 2]
        self._stopped = False

    def paper_present(self) -> bool:
        """Whether a document is left."""
        return bool(self._left)

    def sides(self, first_sheet: int = 1) -> Iterator[RawPage]:
        """The sides of one document."""
        self._stopped, self._last = False, first_sheet - 1
        for _ in range(self._left.pop(0)):
            if self._stopped:
                return
            self._last += 1
            for face in (Face.RECTO, Face.VERSO):
                jpeg = next(self._pages)
                self.digests.append(hashlib.sha256(jpeg).hexdigest())
                self.names[self._last, face] = next(self._order)
                yield RawPage(self._last, face, decode_page(jpeg), self._stack.dpi, jpeg)

    def stop(self) -> StopReport:
        """Nothing runs ahead."""
        self._stopped = True
        return StopReport(self._last, 0)

    def close(self) -> None:
        """End the drawing process."""
        self._pages = iter(())
        self._source.kill()
        self._source.wait()

    def __enter__(self) -> CanaryFeeder:
        return self

    def __exit__(self, *how: object) -> None:
        self.close()


def _written(sheet: int, face: Face) -> Level:
    """The level that stands on a side of the document that is delivered."""
    return Level.MAT if (sheet, face) == (1, Face.RECTO) else Level.THUONG


class LabDesk:
    """People who clear what is held on the supervisor's word, and plug the one stick in."""

    def __init__(self, keys: dict[str, FileKey], plug: Callable[[], None]) -> None:
        self._keys, self._plug, self._plugged = keys, plug, False
        self.told: list[str] = []

    def tell(self, notice: Notice) -> None:
        """Keep what was said."""
        self.told.append(notice.vi)

    def side(self, page: RawPage, decision: Decision) -> None:
        """Nobody looks."""

    def load_paper(self, request: LoadPaper) -> bool:
        """The paper is in."""
        return True

    def tray_agrees(self, check: Words) -> bool:
        """It does."""
        return True

    def take_out(self, order: TakeOut) -> int:
        """Nothing is left to take out."""
        return 0

    def confirm_downgrade(self, row: Row, proposal: Proposal) -> Confirmation | None:
        """Nobody confirms."""
        return None

    def decide_held(self, held: HeldSide) -> HeldAnswer | None:
        """Cleared as what stands on it."""
        return HeldAnswer(Decision.CLEAR, _written(held.sheet, held.face), "P-004")

    def check_sample(self, asked: SampledSide) -> SampleAnswer | None:
        """What stands on the canary pages."""
        return SampleAnswer("P-004", _written(asked.sheet, asked.face))

    def settle(self, count: DocumentCount, row: Row) -> DifferenceAnswer:
        """Left."""
        return DifferenceAnswer(Settling.LEAVE)

    def sign(self, statement: Statement) -> Sequence[PersonSignature]:
        """The supervisor signs."""
        return [sign(statement, "P-004", self._keys["P-004"])]

    def insert_stick(self, level: Level, refusal: ScanflowError | None) -> bool:
        """Plug the one stick in, once."""
        if refusal is not None or self._plugged:
            self.told.append(str(refusal))
            return False
        self._plugged = True
        self._plug()
        return True


def _config(state: Path) -> settings.StationConfig:
    keys = state / "keys"
    return settings.StationConfig(
        id="notrace", name="Trạm thử", superior="CƠ QUAN A", body="CƠ QUAN B", place="Nơi thử", state=state,
        scanner=settings.ScannerConfig(source=settings.ScannerSource.SANE),
        batch=settings.BatchConfig(separation=settings.Separation.ONE_PER_FEED, access_copy=True),
        sealing=settings.SealingConfig(
            ca=keys / "ca.crt.pem", holders=(keys / "van-thu.crt.pem",), recovery=keys / "khoi-phuc.crt.pem"
        ),
    )  # fmt: skip


def _manifest(stack: canary.Stack) -> Manifest:
    on = date(2026, 1, 5)
    rows = [
        Row(
            ordinal=n, dossier="CANARY.01", document=n, number=f"{n}", issued=on, level=Level.MAT,
            sheets=len(sides) // 2, pages=len(sides),
        )
        for n, sides in enumerate((stack.delivered, stack.routed_out), start=1)
    ]  # fmt: skip
    return Manifest(tuple(rows), PageConvention.BOTH_SIDES, convention_stated=True)


_PEOPLE = {
    "P-001": Role.SECURITY_OFFICER,
    "P-002": Role.SECURITY_OFFICER,
    "P-003": Role.OPERATOR,
    "P-004": Role.SUPERVISOR,
    "P-005": Role.CUSTODIAN,
}


def found_station(state: Path) -> None:
    """A station and its people; all keys lie under the one passphrase."""
    config = _config(state)
    init_demo(state / "keys")
    new = {
        one: NewPerson(
            one,
            f"Người {role.name.title().replace('_', ' ')} {'ABCDE'[int(one[-1]) - 1]}",
            role,
            f"SO {one}",
            PASSPHRASE,
        )
        for one, role in _PEOPLE.items()
    }
    officers = initialise(config, PASSPHRASE, (new["P-001"], new["P-002"]))
    ledger, _ = open_ledger(config, PASSPHRASE)
    with ledger:
        for one in ("P-003", "P-004", "P-005"):
            record, _ = prepare_person(config, new[one])
            enrol_person(Office(ledger), record, lambda said: [sign(said, *officer) for officer in officers.items()])


def as_drawn(names: Mapping[tuple[int, Face], str]) -> Examine:
    """What stands on the canary pages, for a machine on which the networks would take minutes a side."""

    def examine(page: RawPage, recto: RawPage | None) -> Examination:
        name, mark = names[page.sheet, page.face], Judgement(Level.THUONG, Verdict.NO_MARK, (), frozenset())
        if name == "02-mat-1r":
            mark = Judgement(Level.MAT, Verdict.MARKED, (), frozenset())
        if name == "06-tuyet-mat-giua-3r":
            mark = Judgement(Level.TUYET_MAT, Verdict.TOP_SECRET, (Reason.TOP_SECRET_MARK,), frozenset())
        label = SideLabel.BLANK if page.face is Face.VERSO else SideLabel.CONTENT  # one page less to read
        return Examination(
            shape=page.pixels.shape[:2], dpi=page.dpi, pose=Pose(0, 0.0), pose_confidence=1.0, side=label,
            blank_score=0.0, marks=(), judgement=mark, codes=(), print=None,
        )  # fmt: skip

    return examine


Sides = dict[str, tuple[int, float | None, bool]]
"""Turn and skew of each side, and whether it was taken for blank."""


def noting(look: Examine, names: Mapping[tuple[int, Face], str], seen: Sides) -> Examine:
    """``look``, which notes how each side lies and whether it is taken for blank, for who draws up the needles."""

    def examine(page: RawPage, recto: RawPage | None) -> Examination:
        found = look(page, recto)
        name = names[page.sheet, page.face]
        seen[name] = found.pose.turn, found.pose.skew_deg, found.side is SideLabel.BLANK
        return found

    return examine


def day(
    seed: int,
    name: str,
    state: Path,
    bus: Bus,
    plug: Callable[[], None],
    enrolling: AbstractContextManager[None],
    pause: Callable[[str], None],
    seen: Sides,
    reached: Callable[[str], None] = lambda step: None,
) -> dict[str, object]:
    """Work a batch at a founded station; ``pause`` is called when it is over, and when the station is closed.

    How the sides lie is put into ``seen``.

    The networks look at the ``full`` stack; of the ``slice`` it is said beforehand what stands on it.
    """
    reached("begun")
    host.give_pages_back()
    harden_process()
    config, stack = _config(state), canary.STACKS[name]
    with CanaryFeeder(seed, name) as feeder:
        look = noting(examiners() if stack is canary.FULL else as_drawn(feeder.names), feeder.names, seen)
        with open_station(config, PASSPHRASE, bus, look, REPOSITORY / "config/rules") as station:
            home = Home(state)
            keys = {
                one: station.office.unlock(one, home.person_key(one), PASSPHRASE) for one in ("P-001", "P-002", "P-004")
            }
            until = date.today() + timedelta(days=30)
            with enrolling:
                enrol_medium(
                    station, name="M-0001", clearance=Level.MAT, custodian="P-005", until=until,
                    sign=lambda said: [sign(said, one, keys[one]) for one in ("P-001", "P-002")],
                )  # fmt: skip
            reached("feeding")
            desk = LabDesk(keys, plug)
            result = run_batch(station, desk, _manifest(stack), feeder, "P-003")
            found: dict[str, object] = {
                "outcomes": [one.outcome.value for one in result.documents],
                "digests": feeder.digests,
                "told": desk.told,
                "swap": host.swap().health.value,
                "secret_memory": host.secret_memory().health.value,
            }
            feeder.close()
            del result
            gc.collect()
            pause("erased")
    gc.collect()
    pause("closed")
    return found


def as_seen(sides: Mapping[str, Any]) -> dict[str, canary.Seen]:
    """The sides that `day` saw, out of JSON."""
    return {name: (Pose(turn, skew), blank) for name, (turn, skew, blank) in sides.items()}


class _Enrolling:
    """The stick is in for its enrolment."""

    def __init__(self, bus: SimulatedBus, stick: SimulatedStick) -> None:
        self._bus, self._stick = bus, stick

    def __enter__(self) -> None:
        self._bus.plug(self._stick)

    def __exit__(self, *how: object) -> None:
        self._bus.pull(self._stick)


def main(seed: int, name: str, folder: Path) -> None:
    """Over a simulated stick, with a person at stdin who reads the memory."""
    seen: Sides = {}
    bus = SimulatedBus([])
    (folder / "stick").mkdir()
    stick = SimulatedStick(folder / "stick", "SIM0000000001")
    (folder / "station").mkdir()

    def pause(moment: str) -> None:
        print(moment, json.dumps(seen), flush=True)
        sys.stdin.readline()

    found_station(folder / "station")
    found = day(seed, name, folder / "station", bus, lambda: bus.plug(stick), _Enrolling(bus, stick), pause, seen)
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
