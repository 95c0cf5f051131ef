"""What the console is put together from, and the acts of its people (bàn điều khiển và các việc trên đó).

Each act is the one that the command line does, through the same functions of the station.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from hmac import compare_digest
from pathlib import Path
from threading import Lock, Thread
from time import monotonic

from scanflow.console.board import Board
from scanflow.console.desk import ConsoleDesk
from scanflow.console.errors import AnswerUnclear, Broken, ListGone, NotShown, RoleRefused, SignInNeeded
from scanflow.console.matter import Matter, known_person_matter, medium_matter, person_matter
from scanflow.console.questions import Question
from scanflow.console.sessions import Session, Sessions
from scanflow.errors import ScanflowError, Words
from scanflow.ledger import catalogue as cat
from scanflow.ledger.people import Office, Person, PersonKey, Reason, Role, Statement, sign
from scanflow.ledger.people.errors import PeopleError, UnknownPerson
from scanflow.levels import Level
from scanflow.manifest import Manifest, is_list_name, read_manifest
from scanflow.media.errors import NotEnrolled
from scanflow.station.batch import BatchResult
from scanflow.station.desk import Desk, Notice, Tone
from scanflow.station.enrol import (
    Sign,
    draft_medium,
    enrol_drafted,
    enrol_person,
    reset_attempts,
    revoke_medium,
    revoke_person,
)
from scanflow.station.host import Finding
from scanflow.station.personal import prepared, unlocked
from scanflow.station.setup import Home, NewPerson
from scanflow.station.station import Station

WorkBatch = Callable[[Desk, Manifest, str], BatchResult]
"""Works one batch: desk, list, operator's person id."""
ChangePerson = Callable[[Office, str, Reason, Sign], None]
"""Changes somebody who is enrolled, on a sign-off of two persons."""

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
                with self._key(person, passphrase):
                    pass
            except PeopleError as refused:
                self.sessions.refused()
                self._refused(person, refused)
                raise
        self.station.ledger.record(cat.SignedIn(person=person))
        return self.sessions.open(person, language)

    def _key(self, person: str, secret: str) -> AbstractContextManager[PersonKey]:
        """The person's own key, from a file or a token; who is not enrolled is refused before any path is made."""
        config = self.station.config
        return unlocked(self.station.office, Home(config.state), config.people_module, person, secret)

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

    def sign(self, number: int, person: str, passphrase: str, shown: str) -> None:
        """One person signs the matter that stands on the screen, with the own key.

        Args:
            number: of the question.
            person: who signs.
            passphrase: or the PIN of a token.
            shown: what the form that shows the matter sends with it.

        Raises:
            NotShown: the form showed another matter, or none.
            QuestionGone, AnswerUnclear, PeopleError: as said.
        """
        question = self.board.question(number)
        if not compare_digest(shown.encode(), question.matter.shown.encode()):
            raise NotShown
        if any(one.person == person for one in question.signatures):
            raise AnswerUnclear(field=Words("mã người ký", "signer's id"))
        with self._unlocking, self._key(person, passphrase) as key:
            signature = sign(question.statement, person, key)
        self.board.add_signature(number, signature)

    def may_sign(self, question: Question) -> list[Person]:
        """Who may still sign: in use, of a role that is asked for, not the operator of the batch, not signed yet.

        The ledger's rules decide when the signatures are counted; this is what the screen offers.
        """
        signed = {one.person for one in question.signatures}
        barred = {self.operator} if question.statement.batch is not None else set()
        with self.station.ledger.alone():
            people = [one for one in self.station.office.people if one.revoked is None]
        return [one for one in people if one.role in question.roles and one.id not in signed | barred]

    def named(self, person: str) -> str:
        """A person's name, and id."""
        return f"{self.station.office.people.person(person).name} ({person})"

    def enrol_stick(self, name: str, clearance: Level, custodian: str, until: date) -> None:
        """Enrol the stick that is plugged in; two persons sign on the screen.

        Raises:
            Busy: something else is being done.
        """

        def enrol() -> None:
            draft = draft_medium(self.station, name=name, clearance=clearance, custodian=custodian, until=until)
            enrol_drafted(self.station, draft, self._put_up(lambda statement: medium_matter(statement, draft)))
            self._done(f"Đã ghi danh thiết bị nhớ {name}.", f"Medium {name} is enrolled.")

        self.do("enrol", enrol)

    def revoke_stick(self, name: str, reason: Reason) -> None:
        """Take a medium off the register; two persons sign on the screen.

        Raises:
            NotEnrolled: no medium of that name is in use.
            Busy: something else is being done.
        """
        found = [one for one in self.station.media.entries().values() if one.device.name == name and not one.revoked]
        if not found:
            raise NotEnrolled(device=name)

        def revoke() -> None:
            sign = self._put_up(lambda statement: medium_matter(statement, found[0].device))
            revoke_medium(self.station, name, reason, sign)
            self._done(f"Đã thu hồi thiết bị nhớ {name}.", f"Medium {name} is revoked.")

        self.do("people", revoke)

    def enrol_person(self, new: NewPerson, *, token: bool) -> None:
        """Enrol somebody, with a new key file or with a key in a token; two persons sign on the screen.

        Raises:
            Busy: something else is being done.
        """
        office, config = self.station.office, self.station.config

        def enrol() -> None:
            with prepared(config, office, new, token=token) as record:
                enrol_person(office, record, self._put_up(lambda statement: person_matter(statement, record)))
            self._done(f"Đã ghi danh {new.person}.", f"{new.person} is enrolled.")

        self.do("people", enrol)

    def revoke_person(self, person: str, reason: Reason) -> None:
        """Revoke somebody; two persons sign on the screen.

        Raises:
            PeopleError: not enrolled.
            Busy: something else is being done.
        """
        self._change_person(person, reason, revoke_person, Words("Đã thu hồi {}.", "{} is revoked."))

    def reset_attempts(self, person: str, reason: Reason) -> None:
        """Give somebody new tries; two persons sign on the screen.

        Raises:
            PeopleError: not enrolled.
            Busy: something else is being done.
        """
        told = Words("{} được nhập lại mật khẩu.", "{} has new tries.")
        self._change_person(person, reason, reset_attempts, told)

    def _change_person(self, person: str, reason: Reason, change: ChangePerson, told: Words) -> None:
        who, office = self.station.office.people.person(person), self.station.office

        def act() -> None:
            change(office, who.id, reason, self._put_up(lambda statement: known_person_matter(statement, who)))
            self._done(told.vi.format(who.id), told.en.format(who.id))

        self.do("people", act)

    def _put_up(self, shown: Callable[[Statement], Matter]) -> Sign:
        """Puts each statement before people as the matter that ``shown`` makes of it."""
        return lambda statement: self.board.ask_signatures(shown(statement))

    def _done(self, vi: str, en: str) -> None:
        self.board.tell(Notice(Tone.GOOD, vi, en))

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
