"""Enrolling people and media: every one on a sign-off, on the record before and after (ghi danh)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from scanflow.ledger import Ledger
from scanflow.ledger import catalogue as events
from scanflow.ledger.people import Office, PersonEnrolled, PersonSignature, Purpose, Reason, Statement
from scanflow.levels import Level
from scanflow.media.desk import MediaDesk
from scanflow.media.enrolment import statement_digest
from scanflow.media.errors import MediaError, NoStick, NotEnrolled
from scanflow.media.medium import Bus
from scanflow.media.receipt import Survey
from scanflow.media.registry import ApprovedDevice, Model, Registry
from scanflow.station.config import StationConfig
from scanflow.station.names import device_digest
from scanflow.station.setup import Home, verifier_of

Sign = Callable[[Statement], Sequence[PersonSignature]]
"""Puts a statement before people and returns their signatures."""


class MediaOffice(Protocol):
    """What enrolling media needs of a station."""

    @property
    def ledger(self) -> Ledger:
        """The record."""

    @property
    def office(self) -> Office:
        """The people."""

    @property
    def media(self) -> MediaDesk:
        """The sticks."""


@dataclass(frozen=True, slots=True)
class MediumStation:
    """The part of a station that media are enrolled with; no scanner, no network, no recipients."""

    ledger: Ledger
    office: Office
    media: MediaDesk


def media_desk(config: StationConfig, bus: Bus, key: Ed25519PrivateKey) -> MediaDesk:
    """The desk over the station's register, signing with its key."""
    home = Home(config.state)
    verify = verifier_of(home)
    return MediaDesk(bus, Registry(home.registry, verify), key.sign, verify)


def enrol_person(office: Office, record: PersonEnrolled, sign: Sign) -> None:
    """Enrol somebody; two persons sign for exactly this record.

    Raises:
        PeopleError: who may not sign or be enrolled.
    """
    statement = office.propose(record)
    office.enrol(record, office.sign_off(statement, sign(statement)))


def revoke_person(office: Office, person: str, reason: Reason, sign: Sign) -> None:
    """Revoke somebody on a sign-off of two persons; effective when this returns.

    Raises:
        PeopleError: not enrolled, or who may not sign.
    """
    statement = office.draw_up(Purpose.REVOKE_PERSON, office.people.person(person).id, reason)
    office.revoke(person, office.sign_off(statement, sign(statement)))


def reset_attempts(office: Office, person: str, reason: Reason, sign: Sign) -> None:
    """Give somebody who is locked new tries on a sign-off of two persons.

    Raises:
        PeopleError: not enrolled, or who may not sign.
    """
    statement = office.draw_up(Purpose.RESET_ATTEMPTS, office.people.person(person).id, reason)
    office.reset_attempts(person, office.sign_off(statement, sign(statement)))


def draft_medium(
    station: MediaOffice, *, name: str, clearance: Level, custodian: str, until: date, model: Model | None = None
) -> ApprovedDevice:
    """Look at the one stick that is plugged in and draw up what two persons will sign; nothing is written.

    Args:
        station: the rooms.
        name: register name, as on the asset label: ``M-0001``.
        clearance: highest level it may hold.
        custodian: person id of its keeper.
        until: last day of its validity.
        model: what a stick of this kind shows; a plain stick when None.

    Raises:
        MediaError: the stick is not fit.
    """
    return station.media.draft(
        name=name, clearance=clearance, custodian=custodian, since=date.today(), until=until, model=model
    )


def enrol_medium(
    station: MediaOffice,
    *,
    name: str,
    clearance: Level,
    custodian: str,
    until: date,
    sign: Sign,
    model: Model | None = None,
) -> ApprovedDevice:
    """Enrol the one stick that is plugged in: drafted, signed for by two persons, then written.

    Args and what it raises: see :func:`draft_medium` and :func:`enrol_drafted`.
    """
    draft = draft_medium(station, name=name, clearance=clearance, custodian=custodian, until=until, model=model)
    return enrol_drafted(station, draft, sign)


def enrol_drafted(station: MediaOffice, draft: ApprovedDevice, sign: Sign) -> ApprovedDevice:
    """Have two persons sign for exactly this draft, then enrol the stick and write its record.

    Raises:
        MediaError: it is not the drafted stick, or broke off; it is then not enrolled.
        PeopleError: the sign-off was refused.
    """
    name = draft.name
    digest = statement_digest(draft)
    statement = station.office.draw_up(Purpose.ENROL_MEDIUM, name, Reason.NEW, digest=digest)
    sign_off = station.office.sign_off(statement, sign(statement))
    simulated = station.media.simulated
    begun = events.MediumEnrolling(
        medium=name, device=device_digest(draft.device_id), signoff=sign_off.entry, simulated=simulated
    )
    with station.ledger.act(begun) as act:
        try:
            device = station.media.enrol(draft, sign_off)
        except MediaError as why:
            act.failed(events.MediumEnrolFailed(medium=name, code=why.code))
            raise
        act.done(
            events.MediumEnrolled(
                medium=name,
                clearance=draft.clearance or Level.THUONG,
                custodian=draft.custodian,
                valid_until=draft.until.isoformat(),
                record=digest,
            )
        )
    return device


def revoke_medium(station: MediaOffice, name: str, reason: Reason, sign: Sign) -> None:
    """Take a medium off the list on a sign-off of two persons.

    Raises:
        NotEnrolled: no medium of that name is in use.
        PeopleError: the sign-off was refused.
    """
    entries = station.media.entries()
    key = next((key for key, one in entries.items() if one.device.name == name and not one.revoked), None)
    if key is None:
        raise NotEnrolled(device=name)
    digest = statement_digest(entries[key].device)
    statement = station.office.draw_up(Purpose.REVOKE_MEDIUM, name, reason, digest=digest)
    sign_off = station.office.sign_off(statement, sign(statement))
    station.media.revoke(key, sign_off)
    station.ledger.record(events.MediumRevoked(medium=name, signoff=sign_off.entry))


def find_debris(station: MediaOffice) -> tuple[str, ...]:
    """Leftovers of deliveries that broke off, on the plugged stick; that there are some goes on record.

    Raises:
        MediaError: the stick.
    """
    paths = station.media.debris()
    if paths:
        station.ledger.record(events.DebrisFound(medium=_plugged(station), files=len(paths)))
    return paths


def record_debris_removal(station: MediaOffice, paths: Sequence[str], person: str) -> None:
    """Remove leftovers from the plugged stick; the intent is on the record before, the outcome after.

    Raises:
        UnknownPerson, PersonIsRevoked: who may not do that.
        MediaError: the stick, or a path that is no debris.
    """
    station.office.people.person(person)
    medium = _plugged(station)
    with station.ledger.act(events.DebrisRemoving(medium=medium, files=len(paths), person=person)) as act:
        try:
            station.media.remove_debris(paths, lambda _act, _subject: None)
        except MediaError as why:
            act.failed(events.DebrisRemovalFailed(medium=medium, code=why.code))
            raise
        act.done(events.DebrisRemoved(medium=medium, files=len(paths)))


def record_repair(station: MediaOffice, person: str) -> Survey:
    """Mend the plugged stick's file system; the intent is on the record before, the outcome after.

    Returns:
        What lies on it: deliveries that are whole, and leftovers.

    Raises:
        UnknownPerson, PersonIsRevoked: who may not do that.
        MediaError: the stick, or a file system that cannot be mended.
    """
    station.office.people.person(person)
    medium = _plugged(station)
    with station.ledger.act(events.MediumRepairing(medium=medium, person=person)) as act:
        try:
            found = station.media.repair()
        except MediaError as why:
            act.failed(events.MediumRepairFailed(medium=medium, code=why.code))
            raise
        act.done(events.MediumRepaired(medium=medium, whole=len(found.whole), debris=len(found.debris)))
    return found


def _plugged(station: MediaOffice) -> str:
    """Register name of the enrolled stick that is plugged.

    Raises:
        NoStick: none is.
    """
    entries = station.media.entries()
    plugged = [one.device for one in station.media.judge_all() if one.device in entries]
    if not plugged:
        raise NoStick
    return entries[plugged[0]].device.name
