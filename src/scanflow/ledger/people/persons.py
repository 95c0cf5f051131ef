"""Counting persons, not signatures (đếm người, không đếm chữ ký). Pure.

Thresholds of signatures are commonly counted wrongly: by key id, by a doubled signature, by two keys of one
person. Here a person is a human being (``subject``) with one key, and each of the three must differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Protocol

from scanflow.ledger.catalogue.people import PersonSignature
from scanflow.ledger.catalogue.words import KeyPlace, Role
from scanflow.ledger.people.errors import (
    NotForOneself,
    OperatorMayNotSign,
    SamePersonTwice,
    SignatureFalse,
    SignOffReplayed,
    SignOffStale,
    StatementIncomplete,
    TooFewPersons,
    WrongRole,
)
from scanflow.ledger.people.keys import holds, key_id
from scanflow.ledger.people.rules import AHEAD_S, RULES, WINDOW_S
from scanflow.ledger.statement import Statement


@dataclass(frozen=True, slots=True)
class Person:
    """An enrolled person.

    Attributes:
        id: person id.
        name: as enrolled.
        role: the one role.
        subject: stands for the human being under every id and key.
        key: public key (SPKI, base64).
        place: where the private key lives.
        entry: number of the enrolment.
        revoked: number of the revocation, or None.
    """

    id: str
    name: str
    role: Role
    subject: str
    key: str
    place: KeyPlace
    entry: int
    revoked: int | None = None


class Register(Protocol):
    """What counting asks of the register of persons."""

    def person(self, person_id: str) -> Person:
        """Who may sign, or a refusal."""
        ...

    def is_operator(self, person: Person, batch: str) -> bool:
        """Whether this human being operated the batch."""
        ...

    def served(self, nonce: str) -> bool:
        """Whether a statement made a sign-off already."""
        ...


def persons_who_signed(
    statement: Statement, signatures: Sequence[PersonSignature], people: Register, now: int
) -> tuple[Person, ...]:
    """The different persons who signed, if they are who this purpose needs. Pure; ``now`` in POSIX seconds.

    Raises:
        SignOffRefusal: one subclass a reason.
        UnknownPerson: a signer is not enrolled.
        PersonIsRevoked: a signer is enrolled no more.
    """
    rule = RULES[statement.purpose]
    for field in ("batch", "sheet", "face", "figures", "digest"):
        if (getattr(statement, field) is not None) != (field in rule.needs):
            raise StatementIncomplete(field=field)
    if people.served(statement.nonce):
        raise SignOffReplayed()
    if not -AHEAD_S <= now - statement.at <= WINDOW_S:
        raise SignOffStale()
    persons = tuple(people.person(one.person) for one in signatures)
    for person, signature in zip(persons, signatures, strict=True):
        if not holds(statement, signature, person.key):
            raise SignatureFalse(person=person.id)
    count = len(persons)
    for same in ({p.id for p in persons}, {p.subject for p in persons}, {key_id(p.key) for p in persons}):
        if len(same) != count:
            raise SamePersonTwice()
    if count != len(rule.places):
        raise TooFewPersons(needed=len(rule.places), found=count)
    if any(statement.subject == person.id for person in persons):
        raise NotForOneself()
    if statement.batch is not None and any(people.is_operator(person, statement.batch) for person in persons):
        raise OperatorMayNotSign(batch=statement.batch)
    if not any(
        all(person.role in place for person, place in zip(order, rule.places, strict=True))
        for order in permutations(persons)
    ):
        raise WrongRole(needed=rule.needed)
    return persons
