"""What the console is put together from, and the acts of its people (bàn điều khiển và các việc trên đó).

Each act is the one that the command line does, through the same functions of the station.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from hmac import compare_digest
from pathlib import Path
from threading import Thread
from typing import Any

from scanflow.console.desk import ConsoleDesk
from scanflow.console.errors import AnswerUnclear, Broken, ListGone, NotShown
from scanflow.console.hall import Hall
from scanflow.console.headline import Headline, headline
from scanflow.console.matter import Matter, known_person_matter, medium_matter, person_matter
from scanflow.console.questions import Question
from scanflow.console.roles import PAGES
from scanflow.errors import ScanflowError, Words
from scanflow.ledger.catalogue import Moment
from scanflow.ledger.people import Office, Person, Reason, Role, Statement, sign
from scanflow.levels import Level
from scanflow.manifest import Manifest, is_list_name, read_manifest
from scanflow.manifest.errors import ManifestRejected
from scanflow.media.errors import NotEnrolled
from scanflow.station.batch import BatchResult
from scanflow.station.config import StationConfig
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
from scanflow.station.handover import Found, Hands, Recorded, hand_over
from scanflow.station.host import Finding
from scanflow.station.personal import prepared
from scanflow.station.record import bureau_of
from scanflow.station.setup import NewPerson
from scanflow.station.station import Station

WorkBatch = Callable[[Desk, Manifest, str, Collection[int]], BatchResult]
"""Works one batch: desk, list, operator's person id; STT of the documents of an earlier batch, empty for all of it."""
ChangePerson = Callable[[Office, str, Reason, Sign], None]
"""Changes somebody who is enrolled, on a sign-off of two persons."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Room(Hall):
    """One console over one open station.

    Attributes:
        station: the rooms.
        work: works a batch with the station's feeder.
        inbox: folder of handover lists, None where none is configured.
        examine_host: the doctor.
        findings: what the doctor said last.
        operator: person id of the operator of the batch that is or was worked.
        desk: made over the board; the demo puts its script's hands on it.
    """

    station: Station
    work: WorkBatch
    inbox: Path | None
    examine_host: Callable[[], list[Finding]]
    findings: list[Finding] = field(default_factory=list)
    operator: str = ""
    desk: Desk = field(init=False)
    _thread: Thread | None = None

    def __post_init__(self) -> None:
        """Put the desk up over the board."""
        Hall.__post_init__(self)
        self.desk = ConsoleDesk(self.board)

    @property
    def office(self) -> Office:
        """The people."""
        return self.station.office

    @property
    def config(self) -> StationConfig:
        """What the station was told."""
        return self.station.config

    @property
    def pages(self) -> Mapping[str, frozenset[Role]]:
        """Who may see which page; the main screen is for everybody in the room."""
        return PAGES

    def headline(self) -> Headline:
        """The state of the room."""
        return headline(self.board.live())

    def lent(self) -> dict[str, Any]:
        """What the form of a signature asks for."""
        return {"may_sign": self.may_sign, "named": self.named}

    # ---- what they do ----------------------------------------------------------------------------

    def lists(self) -> list[str]:
        """Names of the handover lists in the folder."""
        if self.inbox is None or not self.inbox.is_dir():
            return []
        return sorted(path.name for path in self.inbox.iterdir() if path.is_file() and is_list_name(path))

    def manifest_of(self, name: str) -> Manifest:
        """A list of the folder.

        Raises:
            ListGone: there is no such list.
            ManifestRejected: the list is not fit.
        """
        if self.inbox is None or name not in self.lists():
            raise ListGone
        return read_manifest(self.inbox / name)

    def readable_lists(self) -> Iterator[Manifest]:
        """Every list of the folder that is fit; the others are explained where they are chosen."""
        for name in self.lists():
            with suppress(ManifestRejected):
                yield self.manifest_of(name)

    def start(self, name: str, operator: str, only: Collection[int] = ()) -> None:
        """Begin to work a list of the folder, or take it up again for some of its documents (STT).

        Raises:
            ListGone, ManifestRejected: as :meth:`manifest_of`.
            Busy: something else is being done.
        """
        manifest = self.manifest_of(name)
        self.operator = operator
        self.do("batch", lambda: self.work(self.desk, manifest, operator, only), manifest)

    def hand_over(
        self,
        manifest: Manifest,
        moment: Moment,
        hands: Hands,
        secrets: Iterable[tuple[str, str]],
        otherwise: Mapping[int, Found],
    ) -> Recorded:
        """Record one handover of the paper, once each side has opened the own key.

        Args:
            manifest: the list.
            moment: which of the three.
            hands: who gives, who takes.
            secrets: by person id, the passphrase or PIN.
            otherwise: by STT, what was found otherwise than before.

        Raises:
            PeopleError: a wrong passphrase.
            HandoverOutOfTurn, HandoverByOne: as :func:`scanflow.station.handover.hand_over`.
        """
        for person, secret in secrets:
            with self._unlocking, self.key(person, secret):
                pass  # presence is proved and on the record
        return hand_over(bureau_of(self.station), manifest, moment, hands, otherwise)

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
        with self._unlocking, self.key(person, passphrase) as key:
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
        Hall.close(self)
