"""Persons are counted, not signatures: nothing that one person can do alone releases anything."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanflow.ledger import Ledger
from scanflow.ledger import catalogue as cat
from scanflow.ledger.people import (
    RULES,
    Figures,
    Office,
    People,
    PersonSignature,
    Purpose,
    Reason,
    Role,
    SignOff,
    Statement,
    count_persons,
    sign,
)
from scanflow.ledger.people.errors import (
    HeadUnknown,
    NotForOneself,
    OperatorMayNotSign,
    PeopleError,
    PersonIsRevoked,
    SamePersonTwice,
    SignatureFalse,
    SignOffForAnother,
    SignOffReplayed,
    SignOffStale,
    StatementIncomplete,
    TooFewPersons,
    UnknownPerson,
    WrongRole,
)
from scanflow.ledger.people.persons import Person, persons_who_signed
from scanflow.ledger.people.rules import AHEAD_S, WINDOW_S
from scanflow.pages import Face

from .conftest import BATCH, ROOM, Room, TurnedClock, key_of, person

DOCUMENT = "B-2026-0001-D003"
FIGURES = Figures(declared_sheets=5, declared_pages=8, sheets=4, pages=7)
RELEASE: dict[str, Any] = {"batch": BATCH, "figures": FIGURES}


def difference(room: Room, **about: Any) -> Statement:
    return room.office.draw_up(Purpose.RELEASE_DIFFERENCE, DOCUMENT, Reason.SHEET_MISSING, **{**RELEASE, **about})


def made(ledger: Ledger) -> list[cat.SignedOff]:
    return [one.event for one in ledger.entries([cat.SignedOff])]  # type: ignore[misc]


def test_two_persons_release_a_difference_and_the_ledger_holds_it(room: Room) -> None:
    statement = difference(room)
    signoff = room.signed(statement, "P-21", "P-31")
    signoff.require(Purpose.RELEASE_DIFFERENCE, DOCUMENT, **RELEASE)
    assert signoff.persons == ("P-21", "P-31")
    recorded = room.ledger.entry(signoff.entry).event
    assert isinstance(recorded, cat.SignedOff) and recorded.statement == statement
    assert "P-21, P-31" in recorded.say_vi and "danh mục 5 tờ 8 trang" in recorded.say_vi


def test_the_order_of_signatures_does_not_matter(room: Room) -> None:
    assert room.signed(difference(room), "P-31", "P-21").persons == ("P-31", "P-21")


@pytest.mark.parametrize(
    ("who", "cause"),
    [
        ((), TooFewPersons),
        (("P-21",), TooFewPersons),
        (("P-21", "P-21"), SamePersonTwice),
        (("P-21", "P-22"), WrongRole),
        (("P-31", "P-11"), WrongRole),
        (("P-21", "P-51"), WrongRole),
        (("P-21", "P-42"), WrongRole),
        (("P-21", "P-41"), OperatorMayNotSign),
        (("P-21", "P-31", "P-11"), TooFewPersons),
    ],
)
def test_who_may_not(room: Room, who: tuple[str, ...], cause: type[PeopleError]) -> None:
    before = len(made(room.ledger))
    with pytest.raises(cause):
        room.signed(difference(room), *who)
    assert len(made(room.ledger)) == before
    refused = [one.event for one in room.ledger.entries([cat.SignOffRefused])][-1]
    assert refused == cat.SignOffRefused(purpose=Purpose.RELEASE_DIFFERENCE, subject=DOCUMENT, code=cause.code)


def test_unknown_and_revoked_persons(room: Room) -> None:
    room.keys["P-99"] = key_of("P-99")
    with pytest.raises(UnknownPerson):
        room.signed(difference(room), "P-21", "P-99")
    statement = difference(room)
    signatures = [sign(statement, one, room.keys[one]) for one in ("P-21", "P-31")]
    gone = room.office.draw_up(Purpose.REVOKE_PERSON, "P-31", Reason.LEFT_SERVICE)
    room.office.revoke("P-31", room.signed(gone, "P-11", "P-12"))
    with pytest.raises(PersonIsRevoked):  # signed while enrolled, counted after the revocation
        room.office.sign_off(statement, signatures)


def test_an_operator_of_the_batch_may_not_sign_under_another_id(room: Room) -> None:
    """P-61 and P-41 are one human being: revoked as operator, enrolled again as custodian."""
    gone = room.office.draw_up(Purpose.REVOKE_PERSON, "P-41", Reason.KEY_REPLACED)
    room.office.revoke("P-41", room.signed(gone, "P-11", "P-12"))
    room.enrol(person("P-61", Role.CUSTODIAN, human="P-41"))
    with pytest.raises(OperatorMayNotSign):
        room.signed(difference(room), "P-21", "P-61")


def test_whoever_resumed_the_batch_is_an_operator_too(room: Room) -> None:
    room.ledger.record(cat.BatchResumed(batch=BATCH, operator="P-31"))  # recorded past the office: still seen
    with pytest.raises(OperatorMayNotSign):
        room.signed(difference(room), "P-21", "P-31")
    other = difference(room, batch="B-2026-0002")
    assert room.signed(other, "P-21", "P-31").statement is other


def test_a_statement_serves_once(room: Room) -> None:
    statement = difference(room)
    room.signed(statement, "P-21", "P-31")
    for who in (("P-21", "P-31"), ("P-31", "P-21"), ("P-21", "P-11")):
        with pytest.raises(SignOffReplayed):
            room.signed(statement, *who)


def test_a_statement_serves_once_over_a_restart(room: Room, clock: TurnedClock) -> None:
    statement = difference(room)
    room.signed(statement, "P-21", "P-31")
    again = Office(room.ledger)
    with pytest.raises(SignOffReplayed):
        again.sign_off(statement, [sign(statement, one, room.keys[one]) for one in ("P-21", "P-31")])


@pytest.mark.parametrize("seconds", [WINDOW_S + 1, -AHEAD_S - 2])
def test_the_time_window(room: Room, clock: TurnedClock, seconds: int) -> None:
    statement = difference(room)
    room.signed(difference(room), "P-21", "P-31")
    clock.wall += seconds * 1_000_000
    clock.mono += max(seconds, 0) * 1_000_000
    with pytest.raises(SignOffStale):
        room.signed(statement, "P-21", "P-31")


def test_within_the_window_it_counts(room: Room, clock: TurnedClock) -> None:
    statement = difference(room)
    clock.wait(WINDOW_S - 2)
    assert room.signed(statement, "P-21", "P-31")


CHANGES: list[dict[str, Any]] = [
    {"subject": "B-2026-0001-D004"},
    {"figures": Figures(declared_sheets=5, declared_pages=8, sheets=4, pages=6)},
    {"reason": Reason.PAPER_DAMAGED},
    {"batch": "B-2026-0002"},
    {"at": 1},
    {"nonce": "0" * 32},
    {"words": "0" * 64},
    {"log_size": 1},
    {"purpose": Purpose.CLOSE_BATCH},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: next(iter(one)))
def test_signatures_hold_over_their_own_bytes_only(room: Room, change: dict[str, Any]) -> None:
    signed = difference(room)
    signatures = [sign(signed, one, room.keys[one]) for one in ("P-21", "P-31")]
    other = dataclasses.replace(signed, **change)
    assert other.signed_bytes != signed.signed_bytes
    with pytest.raises(PeopleError):
        room.office.sign_off(other, signatures)
    mixed = [signatures[0], sign(other, "P-31", room.keys["P-31"])]
    with pytest.raises(PeopleError):
        room.office.sign_off(signed, mixed)


def test_a_false_signature_refuses_the_whole(room: Room) -> None:
    statement = difference(room)
    good = sign(statement, "P-21", room.keys["P-21"])
    for forged in (
        sign(statement, "P-31", room.keys["P-21"]),  # somebody else's key under this name
        PersonSignature(person="P-31", signature=good.signature),
        PersonSignature(person="P-31", signature="A" * 86 + "=="),
    ):
        with pytest.raises(SignatureFalse):
            room.office.sign_off(statement, [good, forged])


@pytest.mark.parametrize("field", ["batch", "figures"])
def test_what_a_purpose_needs_must_be_there(room: Room, field: str) -> None:
    with pytest.raises(StatementIncomplete, match=field):
        room.signed(difference(room, **{field: None}), "P-21", "P-31")


@pytest.mark.parametrize("more", [{"sheet": 3}, {"face": Face.VERSO}, {"digest": "0" * 64}], ids=str)
def test_and_nothing_that_it_does_not_need(room: Room, more: dict[str, Any]) -> None:
    with pytest.raises(StatementIncomplete):
        room.signed(difference(room, **more), "P-21", "P-31")


def test_a_statement_of_another_ledger_or_a_rolled_back_one_is_refused(room: Room) -> None:
    for wrong in ({"log_root": "0" * 64}, {"log_size": 10**6}):
        statement = dataclasses.replace(difference(room), **wrong)  # type: ignore[arg-type]
        with pytest.raises(HeadUnknown):
            room.signed(statement, "P-21", "P-31")


def test_nobody_signs_a_matter_of_their_own(room: Room) -> None:
    mine = room.office.draw_up(Purpose.REVOKE_PERSON, "P-12", Reason.LEFT_SERVICE)
    with pytest.raises(NotForOneself):
        room.signed(mine, "P-11", "P-12")
    assert room.signed(mine, "P-11", "P-21")


def test_a_held_side_takes_one_supervisor_who_did_not_operate(room: Room) -> None:
    def held() -> Statement:
        return room.office.draw_up(
            Purpose.CLEAR_HELD, BATCH, Reason.NOT_A_LEVEL_MARK, batch=BATCH, sheet=4, face=Face.RECTO
        )

    with pytest.raises(WrongRole):
        room.signed(held(), "P-31")
    with pytest.raises(OperatorMayNotSign):
        room.signed(held(), "P-41")
    signoff = room.signed(held(), "P-21")
    signoff.require(Purpose.CLEAR_HELD, BATCH, batch=BATCH, sheet=4, face=Face.RECTO)
    with pytest.raises(SignOffForAnother):
        signoff.require(Purpose.CLEAR_HELD, BATCH, batch=BATCH, sheet=5, face=Face.RECTO)
    room.ledger.record(cat.BatchResumed(batch=BATCH, operator="P-22"))
    with pytest.raises(OperatorMayNotSign):
        room.signed(held(), "P-22")


@pytest.mark.parametrize(
    "asked",
    [
        {"purpose": Purpose.CLOSE_BATCH},
        {"subject": "B-2026-0001-D004"},
        {"batch": "B-2026-0002"},
        {"figures": Figures(declared_sheets=5, declared_pages=8, sheets=3, pages=7)},
        {"digest": "0" * 64},
    ],
    ids=lambda one: next(iter(one)),
)
def test_a_sign_off_serves_for_its_own_matter_only(room: Room, asked: dict[str, Any]) -> None:
    signoff = room.signed(difference(room), "P-21", "P-31")
    about: dict[str, Any] = {"purpose": Purpose.RELEASE_DIFFERENCE, "subject": DOCUMENT, **RELEASE, **asked}
    with pytest.raises(SignOffForAnother):
        signoff.require(about.pop("purpose"), about.pop("subject"), **about)


def test_there_is_no_other_maker(room: Room) -> None:
    statement = difference(room)
    with pytest.raises(TypeError, match="count_persons"):
        SignOff(statement, ("P-21", "P-31"), 1, object())
    real = room.signed(statement, "P-21", "P-31")
    with pytest.raises((AttributeError, TypeError)):
        real.statement = difference(room)  # type: ignore[misc]
    elsewhere = People(room.ledger.entries())
    with pytest.raises(TypeError, match="open ledger"):
        count_persons(statement, [], elsewhere)


def test_every_purpose_has_a_rule_and_two_persons_but_the_one_that_is_said() -> None:
    assert RULES.keys() == set(Purpose)
    single = {purpose for purpose, rule in RULES.items() if len(rule.places) == 1}
    assert single == {Purpose.CLEAR_HELD}
    for rule in RULES.values():
        assert not any(Role.OPERATOR in place or Role.INSPECTOR in place for place in rule.places)


# ---- properties -------------------------------------------------------------------------------------

HUMANS = 3
"""Human beings behind all ids of the property tests; each has several ids, keys and roles."""
ALL_ROLES = [Role.SUPERVISOR, Role.CUSTODIAN, Role.SECURITY_OFFICER, Role.OPERATOR]


@st.composite
def signing(draw: st.DrawFn) -> list[tuple[int, int, int]]:
    """Who signs (id), with whose key (id), over which statement: anything anybody could hand in."""
    return draw(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(0, 2)), min_size=0, max_size=4))


class Crowd:
    """A register in which one human being stands under several ids, as no enrolment would let in."""

    def __init__(self) -> None:
        self.ids = [f"P-{n + 1}" for n in range(9)]
        self.persons = {}
        for n, one in enumerate(self.ids):
            record = person(one, ALL_ROLES[(n * 7 + n // 3) % 4], human=f"human {n % HUMANS}")
            self.persons[one] = Person(one, record.name, record.role, record.subject, record.key, record.place, n)
        # the last id shares its key with the first: one key under two names
        self.persons["P-9"] = dataclasses.replace(self.persons["P-9"], key=self.persons["P-1"].key)
        self.nonces: set[str] = set()

    def person(self, person_id: str) -> Any:
        return self.persons[person_id]

    def is_operator(self, person: Any, batch: str) -> bool:
        return bool(person.subject == self.persons["P-2"].subject)  # human 1 operates

    def served(self, nonce: str) -> bool:
        return nonce in self.nonces


def one_difference(n: int = 0) -> Statement:
    """A statement outside any ledger."""
    return Statement(
        purpose=Purpose.RELEASE_DIFFERENCE, subject=f"B-2026-0001-D00{n}", batch=BATCH, figures=FIGURES,
        reason=Reason.SHEET_MISSING, log_size=1, log_root="0" * 64, at=1000, nonce=f"{n:032x}",
    )  # fmt: skip


@given(st.lists(signing(), min_size=1, max_size=6), st.data())
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_sequence_by_one_person_releases_anything(
    rounds: list[list[tuple[int, int, int]]], data: st.DataObject
) -> None:
    """Whatever is handed in: a release takes two human beings, neither the operator, on their own keys, once."""
    crowd = Crowd()
    statements = [one_difference(n) for n in range(3)]
    released: list[Statement] = []
    for signed in rounds:
        put = statements[data.draw(st.integers(0, 2))]
        signatures: list[PersonSignature] = []
        for name, key, over in signed:
            key_name = "P-1" if key == 8 else crowd.ids[key]
            signatures.append(sign(statements[over], crowd.ids[name], key_of(key_name)))
        try:
            persons = persons_who_signed(
                put, signatures, crowd, data.draw(st.sampled_from([1000, 1600, 1000 + WINDOW_S]))
            )
        except PeopleError:
            continue
        crowd.nonces.add(put.nonce)
        released.append(put)
        humans = {one.subject for one in persons}
        assert len(humans) == 2 and crowd.persons["P-2"].subject not in humans
        assert {one.role for one in persons} & {Role.SUPERVISOR}
        assert all(over == statements.index(put) for _, _, over in signed)
        keys = {crowd.persons[crowd.ids[name]].key for name, _, _ in signed}
        assert len(keys) == 2
        assert all(
            key_of("P-1" if key == 8 else crowd.ids[key]).public == crowd.persons[crowd.ids[name]].key
            for name, key, _ in signed
        )
    assert len(released) == len({one.nonce for one in released})


def test_one_key_under_two_names_counts_once() -> None:
    """Two ids of different human beings, in the right roles, with one key: whoever holds it is one person."""
    crowd = Crowd()
    statement = one_difference()
    assert crowd.persons["P-1"].subject != crowd.persons["P-9"].subject
    assert {crowd.persons[one].role for one in ("P-1", "P-9")} == {Role.SUPERVISOR, Role.SECURITY_OFFICER}
    signatures = [sign(statement, one, key_of("P-1")) for one in ("P-1", "P-9")]
    with pytest.raises(SamePersonTwice):
        persons_who_signed(statement, signatures, crowd, 1000)


def test_the_property_is_not_empty() -> None:
    """Two different human beings in the right roles do release: the property above is not held by refusing all."""
    crowd = Crowd()
    statement = one_difference()
    good: list[Sequence[str]] = []
    for a in crowd.ids:
        for b in crowd.ids:
            try:
                persons_who_signed(statement, [sign(statement, one, key_of(one)) for one in (a, b)], crowd, 1000)
                good.append((a, b))
            except PeopleError:
                pass
    assert good and all(crowd.persons[a].subject != crowd.persons[b].subject for a, b in good)


def test_the_room_of_the_tests_is_what_it_says(room: Room) -> None:
    assert {one.id: one.role for one in room.office.people} == ROOM
    assert room.office.people.faults == []
