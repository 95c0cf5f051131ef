"""The station of the ledger's tests: a real ledger on a real disk, a clock that the test turns, invented people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from scanflow.ledger import Instant, Ledger
from scanflow.ledger import catalogue as cat
from scanflow.ledger.people import FileKey, KeyPlace, Office, PersonEnrolled, Role, SignOff, Statement, sign

ORIGIN = "scanflow.test/room-1"
BATCH = "B-2026-0001"


@dataclass
class TurnedClock:
    """A clock that moves a millisecond at each reading and otherwise where the test puts it."""

    wall: int = 1_795_000_000_000_000
    mono: int = 1_000_000
    boot: str = "0123456789abcdef0123456789abcdef"

    def now(self) -> Instant:
        self.wall += 1000
        self.mono += 1000
        return Instant(self.wall, self.mono, self.boot)

    def wait(self, seconds: int) -> None:
        self.wall += seconds * 1_000_000
        self.mono += seconds * 1_000_000


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture(scope="session")
def station_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(sha256(b"station of the tests").digest())


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "ledger.jsonl"


@pytest.fixture
def ledger(place: Path, station_key: Ed25519PrivateKey, clock: TurnedClock) -> Iterator[Ledger]:
    with Ledger.create(place, station_key, origin=ORIGIN, clock=clock) as made:
        yield made


@pytest.fixture
def reopen(place: Path, station_key: Ed25519PrivateKey, clock: TurnedClock) -> Callable[[], Ledger]:
    return lambda: Ledger.open(place, station_key, origin=ORIGIN, clock=clock)


def fed(sheet: int, batch: str = BATCH) -> cat.SheetFed:
    return cat.SheetFed(batch=batch, sheet=sheet, sides=2)


def key_of(name: str) -> FileKey:
    """The same key for the same name each time: tests print the same signatures."""
    return FileKey(Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest()))


def person(
    person_id: str,
    role: Role,
    *,
    key: FileKey | None = None,
    human: str | None = None,
    name: str = "Người Thử Nghiệm",
) -> PersonEnrolled:
    return PersonEnrolled(
        person=person_id,
        name=name,
        role=role,
        subject=sha256((human or person_id).encode()).hexdigest(),
        key=(key or key_of(person_id)).public,
        place=KeyPlace.FILE,
    )


ROOM = {
    "P-11": Role.SECURITY_OFFICER,
    "P-12": Role.SECURITY_OFFICER,
    "P-21": Role.SUPERVISOR,
    "P-22": Role.SUPERVISOR,
    "P-31": Role.CUSTODIAN,
    "P-41": Role.OPERATOR,
    "P-42": Role.OPERATOR,
    "P-51": Role.INSPECTOR,
}


@dataclass
class Room:
    """A room with two people of most roles; everybody's key at hand."""

    office: Office
    keys: dict[str, FileKey] = field(default_factory=dict)

    @property
    def ledger(self) -> Ledger:
        return self.office.ledger

    def signed(self, statement: Statement, *who: str) -> SignOff:
        return self.office.sign_off(statement, [sign(statement, one, self.keys[one]) for one in who])

    def enrol(self, record: PersonEnrolled, key: FileKey | None = None) -> None:
        self.keys[record.person] = key or key_of(record.person)
        self.office.enrol(record, self.signed(self.office.propose(record), "P-11", "P-12"))


@pytest.fixture
def room(ledger: Ledger) -> Room:
    made = Room(Office(ledger))
    first, second, *others = (person(one, role) for one, role in ROOM.items())
    made.keys = {one: key_of(one) for one in ("P-11", "P-12")}
    made.office.bootstrap(first, second)
    for one in others:
        made.enrol(one)
    ledger.record(cat.BatchOpened(batch=BATCH, operator="P-41"))
    return made
