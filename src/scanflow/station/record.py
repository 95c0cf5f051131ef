"""The reconciled record of a finished batch, as the supervisor prints it (biên bản đối chiếu)."""

from __future__ import annotations

import hashlib

from scanflow.forms.facts import Office, Outcome, Person
from scanflow.forms.reconciliation import MediumLine, Reconciled, Reconciliation, SheetBalance, reconciliation_record
from scanflow.forms.typeset import render_pdf
from scanflow.ledger import catalogue as events
from scanflow.ledger.catalogue import HeadCarrier, Role
from scanflow.levels import Level
from scanflow.station import batch as batches
from scanflow.station.batch import BatchResult, DocumentResult
from scanflow.station.station import Station

_OUTCOMES = {
    batches.Outcome.DELIVERED: Outcome.SEALED,
    batches.Outcome.COPY_MISSING: Outcome.SEALED,
    batches.Outcome.ROUTED_OUT: Outcome.ROUTED_OUT,
    batches.Outcome.REFUSED: Outcome.REFUSED,
    batches.Outcome.HELD: Outcome.HELD,
    batches.Outcome.DIFFERS: Outcome.DIFFERS,
    batches.Outcome.NOT_FED: Outcome.DIFFERS,
    batches.Outcome.NOT_SEALED: Outcome.HELD,
    batches.Outcome.NOT_DELIVERED: Outcome.HELD,
}


def reconciled_record(station: Station, result: BatchResult, operator: str, *, simulated: str = "") -> bytes:
    """The record as PDF/A-2b. Its head leaves the room on paper, which the ledger notes first.

    Args:
        station: the rooms.
        result: of the batch.
        operator: person id.
        simulated: what was simulated, in Vietnamese; empty when nothing was.
    """
    totals = result.reconciliation.totals
    head = station.ledger.head()
    station.ledger.record(events.HeadIssued(size=head.size, root=head.root.hex(), carrier=HeadCarrier.FORM))
    return render_pdf(
        reconciliation_record(
            Reconciliation(
                office=Office(station.config.superior, station.config.body, station.config.place),
                number="…/BB-ĐC",
                at=station.now().astimezone(),
                batch=result.batch,
                convention=result.convention,
                operator=_person(station, operator),
                custodian=_someone(station, Role.CUSTODIAN),
                supervisor=_someone(station, Role.SUPERVISOR),
                balance=SheetBalance(
                    totals.fed, totals.cleared, totals.held, totals.routed_out, totals.spoiled, totals.separators
                ),
                rows=[_row(document) for document in result.documents],
                media=_media(result),
                head=str(head),
                simulated=simulated,
            )
        )
    )


def _row(document: DocumentResult) -> Reconciled:
    count, outcome = document.count, document.outcome
    routed = outcome is batches.Outcome.ROUTED_OUT
    return Reconciled(
        ordinal=document.row.ordinal,
        name=document.row.name,
        level=Level.TUYET_MAT if routed else document.level,
        declared_sheets=document.row.sheets,
        declared_pages=document.row.pages,
        counted_sheets=None if outcome is batches.Outcome.REFUSED else count.sheets,
        counted_pages=None if outcome is batches.Outcome.REFUSED else count.pages,
        blank_sides=count.blank_sides,
        outcome=_OUTCOMES[outcome],
        signed_by=document.signed_by,
        remark="; ".join(_remarks(document)),
    )


def _remarks(document: DocumentResult) -> list[str]:
    removed = document.count.removed
    remarks = [f"lấy ra {removed} tờ chưa quét"] if removed else []
    if document.outcome is batches.Outcome.COPY_MISSING:
        remarks.append("thiếu bản trên thiết bị nhớ thứ hai")
    return remarks


def _media(result: BatchResult) -> list[MediumLine]:
    if result.delivered is None:
        return []
    documents = len(result.delivered.documents)
    return [
        MediumLine(
            receipt.device_name,
            Level[receipt.clearance],
            documents,
            hashlib.sha256(receipt.raw).hexdigest()[:16],
            receipt.simulated,
        )
        for receipt in result.delivered.receipts
    ]


def _person(station: Station, person: str) -> Person:
    found = station.office.people.person(person)
    return Person(found.name, found.role.vi)


def _someone(station: Station, role: Role) -> Person:
    """The one person in service with this role, or a line to be filled in by hand."""
    found = [one for one in station.office.people if one.role is role and one.revoked is None]
    return Person(found[0].name, role.vi) if len(found) == 1 else Person("", role.vi)
