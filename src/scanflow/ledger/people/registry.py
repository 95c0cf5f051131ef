"""The register of persons, computed from the ledger and from nothing else (danh sách người được ghi danh).

It believes no entry: every sign-off in the ledger is counted again, with the keys that were valid at its
place, and an enrolment or revocation without one has no effect and is listed as a fault. So the register that
an inspector computes elsewhere is the register.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Self

from scanflow.ledger import kinds
from scanflow.ledger.canonical import encode
from scanflow.ledger.catalogue.batch import BatchOpened, BatchResumed
from scanflow.ledger.catalogue.people import (
    AttemptsReset,
    PassphraseTried,
    PersonEnrolled,
    PersonRevoked,
    PersonUnlocked,
    SignedOff,
)
from scanflow.ledger.catalogue.words import Role
from scanflow.ledger.entry import Entry
from scanflow.ledger.log import Ledger
from scanflow.ledger.people.errors import (
    AlreadyEnrolled,
    PeopleError,
    PersonIsRevoked,
    SignOffForAnother,
    SignOffReplayed,
    UnknownPerson,
)
from scanflow.ledger.people.keys import key_id, read_public
from scanflow.ledger.people.persons import Person, persons_who_signed
from scanflow.ledger.people.rules import MAX_TRIES
from scanflow.ledger.statement import Purpose, Statement

BOOTSTRAP: Final = 2
"""Officers who are enrolled without a sign-off, since there is nobody yet who could sign."""

EVENTS: Final = (
    BatchOpened,
    BatchResumed,
    SignedOff,
    PersonEnrolled,
    PersonRevoked,
    PassphraseTried,
    PersonUnlocked,
    AttemptsReset,
)
"""The events that the register is made of; others need not be shown to it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An entry about people that has no effect, and the code of the reason."""

    entry: int
    code: str


class People:
    """Everybody who was ever enrolled, who operated what, which statements served, who has tries left.

    Attributes:
        ledger: the open ledger that it follows (:meth:`of`); None for a register computed from entries
            elsewhere, which can be read but makes no sign-off.
        faults: entries about people that have no effect.
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        """Compute the register from the entries of a ledger, in order."""
        self.ledger: Ledger | None = None
        self.faults: list[Fault] = []
        self._persons: dict[str, Person] = {}
        self._keys: set[str] = set()
        self._operators: dict[str, set[str]] = {}
        self._signed: dict[int, Statement] = {}
        self._signers: dict[int, tuple[str, ...]] = {}
        self._nonces: set[str] = set()
        self._spent: set[int] = set()
        self._tries: dict[str, int] = {}
        for one in entries:
            self.apply(one)

    @classmethod
    def of(cls, ledger: Ledger) -> Self:
        """The register of an open ledger; it follows every entry that anybody writes."""
        people = cls()
        people.ledger = ledger
        ledger.follow(EVENTS, people.apply)
        return people

    def __iter__(self) -> Iterator[Person]:
        return iter(self._persons.values())

    def person(self, person_id: str) -> Person:
        """A person who may work and sign.

        Raises:
            UnknownPerson: never enrolled.
            PersonIsRevoked: enrolled no more.
        """
        found = self._persons.get(person_id)
        if found is None:
            raise UnknownPerson(person=person_id)
        if found.revoked is not None:
            raise PersonIsRevoked(person=person_id)
        return found

    def is_operator(self, person: Person, batch: str) -> bool:
        """Whether this human being, under whatever id, operated the batch."""
        return any(
            one == person.id or (one in self._persons and self._persons[one].subject == person.subject)
            for one in self._operators.get(batch, ())
        )

    def served(self, nonce: str) -> bool:
        """Whether a statement with this nonce made a sign-off already."""
        return nonce in self._nonces

    def signed(self, entry: int) -> Statement | None:
        """The statement that entry ``entry`` signed off; None if it is no sign-off, or one that does not hold."""
        return self._signed.get(entry)

    def signers(self, entry: int) -> tuple[str, ...]:
        """Who signed in entry ``entry``; nobody if it is no sign-off, or one that does not hold."""
        return self._signers.get(entry, ())

    def require_unspent(self, entry: int) -> None:
        """Refuse a sign-off on which somebody was enrolled, revoked or unlocked already.

        Raises:
            SignOffReplayed: it served.
        """
        if entry in self._spent:
            raise SignOffReplayed()

    def tries_left(self, person_id: str) -> int:
        """Passphrases that a person may still try."""
        return max(0, MAX_TRIES - self._tries.get(person_id, 0))

    def tries(self, person_id: str) -> int:
        """Passphrases tried since the last right one."""
        return self._tries.get(person_id, 0)

    @property
    def bootstrapped(self) -> bool:
        """The first two officers are there; from now on everything takes two."""
        return len(self._persons) >= BOOTSTRAP

    def check_new(self, event: PersonEnrolled) -> None:
        """Refuse an enrolment of an id, a key or a human being that is there already.

        Raises:
            AlreadyEnrolled: which of the three.
            KeyNotAccepted: not a key of ours.
        """
        read_public(event.key)
        if event.person in self._persons:
            raise AlreadyEnrolled(what="person id")
        if key_id(event.key) in self._keys:
            raise AlreadyEnrolled(what="key")
        if any(one.subject == event.subject and one.revoked is None for one in self._persons.values()):
            raise AlreadyEnrolled(what="person")

    # ---- the fold --------------------------------------------------------------------------------

    def apply(self, entry: Entry) -> None:
        """Take in the next entry; one that is not backed by what it needs has no effect and is a fault."""
        event = entry.event
        try:
            if isinstance(event, BatchOpened | BatchResumed):
                self._operators.setdefault(event.batch, set()).add(event.operator)
            elif isinstance(event, PassphraseTried):
                self._tries[event.person] = self._tries.get(event.person, 0) + 1
            elif isinstance(event, PersonUnlocked):
                self._tries.pop(event.person, None)
            elif isinstance(event, AttemptsReset):
                self._backed(event.signoff, Purpose.RESET_ATTEMPTS, event.person)
                self._tries.pop(event.person, None)
            elif isinstance(event, SignedOff):
                self._sign_off(entry.n, entry.wall // 1_000_000, event)
            elif isinstance(event, PersonRevoked):
                self._revoke(entry.n, event)
            elif isinstance(event, PersonEnrolled):
                self._enrol(entry.n, event)
        except PeopleError as refused:
            self.faults.append(Fault(entry.n, refused.code))

    def _sign_off(self, n: int, at: int, event: SignedOff) -> None:
        persons = persons_who_signed(event.statement, event.signatures, self, at)
        self._signed[n] = event.statement
        self._signers[n] = tuple(one.id for one in persons)
        self._nonces.add(event.statement.nonce)

    def _enrol(self, n: int, event: PersonEnrolled) -> None:
        self.check_new(event)
        if event.signoff is not None:
            self._backed(event.signoff, Purpose.ENROL_PERSON, event.person, enrolment_digest(event))
        elif self.bootstrapped or event.role is not Role.SECURITY_OFFICER:
            raise UnknownPerson(person=event.person)
        self._persons[event.person] = Person(
            event.person, event.name, event.role, event.subject, event.key, event.place, n
        )
        self._keys.add(key_id(event.key))

    def _revoke(self, n: int, event: PersonRevoked) -> None:
        gone = self.person(event.person)
        self._backed(event.signoff, Purpose.REVOKE_PERSON, event.person)
        self._persons[gone.id] = Person(
            gone.id, gone.name, gone.role, gone.subject, gone.key, gone.place, gone.entry, n
        )

    def _backed(self, signoff: int, purpose: Purpose, subject: str, digest: str | None = None) -> None:
        """Spend the sign-off of entry ``signoff``; it must be for exactly this, and serves once."""
        statement = self._signed.get(signoff)
        if statement is None or (statement.purpose, statement.subject) != (purpose, subject):
            raise SignOffForAnother()
        if digest is not None and statement.digest != digest:
            raise SignOffForAnother()
        self.require_unspent(signoff)
        self._spent.add(signoff)


def enrolment_digest(event: PersonEnrolled) -> str:
    """What two persons agree to when they enrol someone: every field but the number of their own sign-off."""
    record = kinds.store(event)
    record.pop("signoff", None)
    return sha256(b"scanflow enrolment v1\n" + encode(record)).hexdigest()
