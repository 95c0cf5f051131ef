"""What the console is put together from, and the acts of its people (bàn điều khiển và các việc trên đó).

Each act is the one that the command line does, through the same functions of the station.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Lock, Thread
from time import monotonic

from scanflow.console.board import Board
from scanflow.console.desk import ConsoleDesk
from scanflow.console.errors import AnswerUnclear, Broken, ListGone, RoleRefused, SignInNeeded
from scanflow.console.sessions import Session, Sessions
from scanflow.errors import ScanflowError, Words
from scanflow.ledger import catalogue as cat
from scanflow.ledger.people import FileKey, Person, Role, sign
from scanflow.ledger.people.errors import PeopleError, UnknownPerson
from scanflow.levels import Level
from scanflow.manifest import Manifest, is_list_name, read_manifest
from scanflow.station.batch import BatchResult
from scanflow.station.desk import Desk
from scanflow.station.enrol import enrol_medium
from scanflow.station.host import Finding
from scanflow.station.setup import Home
from scanflow.station.station import Station

WorkBatch = Callable[[Desk, Manifest, str], BatchResult]
"""Works one batch: desk, list, operator's person id."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Room:
    """One console over one open station.

    Attributes:
        station: the rooms.
        work: works a batch with the station's feeder.
        inbox: folder of handover lists, None where none is configured.
        examine_host: the doctor.
        findings: what the doctor said last.
        simulated: what is simulated, in Vietnamese; empty when nothing is.
        operator: person id of the operator of the batch that is or was worked.
        desk: made over the board; the demo puts its script's hands on it.
    """

    station: Station
    work: WorkBatch
    inbox: Path | None
    examine_host: Callable[[], list[Finding]]
    findings: list[Finding] = field(default_factory=list)
    simulated: str = ""
    board: Board = field(default_factory=Board)
    clock: Callable[[], float] = monotonic
    operator: str = ""
    desk: Desk = field(init=False)
    sessions: Sessions = field(init=False)
    _thread: Thread | None = None
    _unlocking: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        """Put the board up over the ledger."""
        self.desk = ConsoleDesk(self.board)
        self.sessions = Sessions(self.clock, self._signed_out)
        self.board.follow(self.station.ledger)

    # ---- who is there ----------------------------------------------------------------------------

    def person_of(self, session: Session) -> Person | None:
        """Who is signed in; asked of the register each time, so that a revocation counts at once."""
        if not session.person:
            return None
        try:
            return self.station.office.people.person(session.person)
        except PeopleError:
            self.sessions.close(session)
            return None

    def sign_in(self, person: str, passphrase: str, language: str) -> Session:
        """Let somebody in who opens their own key; the key is not kept.

        Raises:
            TooManyTries: too many were refused lately.
            PeopleError: unknown, revoked, locked, or a wrong passphrase.
        """
        with self._unlocking:  # one slow hash at a time, and no race for the last try
            self.sessions.require_try()
            try:
                self._key(person, passphrase)
            except PeopleError as refused:
                self.sessions.refused()
                self._refused(person, refused)
                raise
        self.station.ledger.record(cat.SignedIn(person=person))
        return self.sessions.open(person, language)

    def _key(self, person: str, passphrase: str) -> FileKey:
        self.station.office.people.person(person)  # before the id becomes part of a path
        return self.station.office.unlock(person, Home(self.station.config.state).person_key(person), passphrase)

    def _refused(self, person: str, why: PeopleError) -> None:
        if not isinstance(why, UnknownPerson):  # a word that is no person's id is not for the ledger
            self.station.ledger.record(cat.SignInRefused(person=person, code=why.code))

    def _signed_out(self, person: str) -> None:
        self.station.ledger.record(cat.SignedOut(person=person))
        self.board.touch()

    # ---- what they do ----------------------------------------------------------------------------

    def lists(self) -> list[str]:
        """Names of the handover lists in the folder."""
        if self.inbox is None or not self.inbox.is_dir():
            return []
        return sorted(path.name for path in self.inbox.iterdir() if path.is_file() and is_list_name(path))

    def start(self, name: str, operator: str) -> None:
        """Begin to work a list of the folder.

        Raises:
            ListGone: there is no such list.
            ManifestRejected: the list is not fit.
            Busy: something else is being done.
        """
        if self.inbox is None or name not in self.lists():
            raise ListGone
        manifest = read_manifest(self.inbox / name)
        self.operator = operator
        self.do("batch", lambda: self.work(self.desk, manifest, operator), manifest)

    def sign(self, number: int, person: str, passphrase: str) -> None:
        """One person signs the statement that stands, with the own key.

        Raises:
            QuestionGone, AnswerUnclear, PeopleError: as said.
        """
        question = self.board.question(number)
        if any(one.person == person for one in question.signatures):
            raise AnswerUnclear(field=Words("mã người ký", "signer's id"))
        with self._unlocking:
            key = self._key(person, passphrase)
        self.board.add_signature(number, sign(question.statement, person, key))

    def enrol_stick(self, name: str, clearance: Level, custodian: str, until: date) -> None:
        """Enrol the stick that is plugged in; two persons sign on the screen.

        Raises:
            Busy: something else is being done.
        """

        def enrol() -> None:
            enrol_medium(
                self.station, name=name, clearance=clearance, custodian=custodian, until=until, sign=self.desk.sign
            )

        self.do("enrol", enrol)

    def look_at_host(self) -> None:
        """Ask the doctor anew."""
        self.findings = self.examine_host()

    # ---- one act at a time -----------------------------------------------------------------------

    def do(self, job: str, act: Callable[[], BatchResult | None], manifest: Manifest | None = None) -> None:
        """Do an act in a thread of its own; how it ends stands on the board.

        Raises:
            Busy: something else is being done.
        """
        self.board.begin(job, manifest)
        self._thread = Thread(target=self._run, args=(act,), name=f"console-{job}")
        self._thread.start()

    def _run(self, act: Callable[[], BatchResult | None]) -> None:
        try:
            self.board.finish(act())
        except ScanflowError as refused:
            self.board.finish(refusal=refused)
        except Exception as broken:
            _log.exception("an act broke")
            self.board.finish(refusal=Broken(kind=type(broken).__name__))

    def close(self) -> None:
        """Leave what is being done, wait until it is erased, and sign everybody out."""
        self.board.close()
        if self._thread is not None:
            self._thread.join()
        self.sessions.close_all()


def require_role(person: Person | None, roles: Sequence[Role] | frozenset[Role]) -> Person:
    """Who is signed in, when the role fits.

    Raises:
        SignInNeeded: nobody is.
        RoleRefused: somebody else must do it.
    """
    if person is None:
        raise SignInNeeded
    if person.role not in roles:
        raise RoleRefused(role=person.role, needed=Words.joined(sorted(roles), ", "))
    return person
