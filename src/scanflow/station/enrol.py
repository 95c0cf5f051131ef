"""Enrolling people and media: every one on a sign-off, on the record before and after (ghi danh)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from scanflow.ledger import catalogue as events
from scanflow.ledger.people import Office, PersonEnrolled, PersonSignature, Purpose, Reason, Statement
from scanflow.levels import Level
from scanflow.media.enrolment import statement_digest
from scanflow.media.errors import MediaError
from scanflow.media.registry import ApprovedDevice
from scanflow.station.names import device_digest
from scanflow.station.station import Station

Sign = Callable[[Statement], Sequence[PersonSignature]]
"""Puts a statement before people and returns their signatures."""


def enrol_person(office: Office, record: PersonEnrolled, sign: Sign) -> None:
    """Enrol somebody; two persons sign for exactly this record.

    Raises:
        PeopleError: who may not sign or be enrolled.
    """
    statement = office.propose(record)
    office.enrol(record, office.sign_off(statement, sign(statement)))


def enrol_medium(
    station: Station, *, name: str, clearance: Level, custodian: str, until: date, sign: Sign
) -> ApprovedDevice:
    """Enrol the one stick that is plugged in: drafted, signed for by two persons, then written.

    Args:
        station: the rooms.
        name: register name, as on the asset label: ``M-0001``.
        clearance: highest level it may hold.
        custodian: person id of its keeper.
        until: last day of its validity.
        sign: asks the two persons.

    Raises:
        MediaError: the stick is not fit, or broke off; it is then not enrolled.
        PeopleError: the sign-off was refused.
    """
    draft = station.media.draft(
        name=name, clearance=clearance, custodian=custodian, since=station.today, until=until
    )
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
                clearance=clearance,
                custodian=custodian,
                valid_until=until.isoformat(),
                record=digest,
            )
        )
    return device
