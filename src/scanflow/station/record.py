"""The papers of a finished batch, as the supervisor prints them (biên bản đối chiếu, sai lệch, tách riêng)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial

from scanflow.errors import Words
from scanflow.forms import (
    Difference,
    MediumLine,
    Outcome,
    Paper,
    Reconciled,
    Reconciliation,
    Remedy,
    SheetBalance,
    difference_record,
    reconciliation_record,
)
from scanflow.ledger.catalogue import Role
from scanflow.ledger.people import Reason
from scanflow.levels import Level
from scanflow.station import batch as batches
from scanflow.station.batch import BatchResult, DocumentResult
from scanflow.station.bureau import Bureau, Draft
from scanflow.station.desk import Settling
from scanflow.station.incidents import incident_drafts
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


def bureau_of(station: Station) -> Bureau:
    """Where this station's forms are drawn up."""
    return Bureau(station.config, station.ledger, station.office, station.now)


def batch_forms(station: Station, result: BatchResult, operator: str, *, simulated: str = "") -> dict[str, Paper]:
    """The papers that a batch ends with, by file name; arguments as of :func:`batch_drafts`."""
    return {one.stem: one.draw_up() for one in batch_drafts(station, result, operator, simulated=simulated)}


def batch_drafts(station: Station, result: BatchResult, operator: str, *, simulated: str = "") -> list[Draft]:
    """The papers that a batch ends with: what was reconciled, each difference, each route-out.

    Args:
        station: the rooms.
        result: of the batch.
        operator: person id.
        simulated: what was simulated, in Vietnamese; empty when nothing was.
    """
    bureau = bureau_of(station)
    made = [
        Draft(
            f"{result.batch}-doi-chieu",
            Words("Biên bản đối chiếu", "Reconciled record"),
            partial(reconciled_record, bureau, result, operator, simulated=simulated),
        )
    ]
    made += [
        Draft(
            f"{result.batch}-sai-lech-{document.row.ordinal}",
            Words(
                f"Biên bản xử lý sai lệch, tài liệu số {document.row.ordinal}",
                f"Record of the difference, document {document.row.ordinal}",
            ),
            partial(_difference, bureau, result, document, operator),
        )
        for document in result.documents
        if document.remedy in _REMEDIES and len(document.signed_by) == 2
    ]
    names = {document.count.document_id: document.row.name for document in result.documents}
    return made + incident_drafts(bureau, result.batch, names)


def reconciled_record(bureau: Bureau, result: BatchResult, operator: str, *, simulated: str = "") -> Paper:
    """The reconciled record (biên bản đối chiếu)."""
    totals = result.reconciliation.totals
    return reconciliation_record(
        Reconciliation(
            office=bureau.body,
            number="…/BB-ĐC",
            at=bureau.at,
            batch=result.batch,
            convention=result.convention,
            operator=bureau.person(operator),
            custodian=bureau.someone(Role.CUSTODIAN),
            supervisor=bureau.someone(Role.SUPERVISOR),
            balance=SheetBalance(
                totals.fed, totals.cleared, totals.held, totals.routed_out, totals.spoiled, totals.separators
            ),
            feeds=list(_feeds(bureau, result)),
            rows=[_row(bureau, document) for document in result.documents],
            media=_media(result),
            head=bureau.issue_head(),
            simulated=simulated,
        ),
        bureau.tables,
    )


def _feeds(bureau: Bureau, result: BatchResult) -> Iterator[str]:
    """Differences of whole feeds, and who signed for them."""
    for difference in result.reconciliation.differences:
        signers = [bureau.person(person).name for person in result.feeds.get(difference.subject_id, ())]
        outcome = f"đã xác nhận: {', '.join(signers)}" if signers else "chưa được xử lý"
        yield f"Lệch của cả lượt nạp: {difference.vi}; {outcome}."


_REMEDIES = {Settling.SIGN: Remedy.SIGNED_OFF, Settling.CORRECT: Remedy.CORRECTED_LIST}
"""What two persons signed for; a rescan that agrees needs nobody's signature."""


def _difference(bureau: Bureau, result: BatchResult, document: DocumentResult, operator: str) -> Paper:
    """How one difference was settled (biên bản xử lý sai lệch)."""
    count, (first, second) = document.count, document.signed_by
    assert document.remedy is not None
    return difference_record(
        Difference(
            office=bureau.body,
            number="…/BB-SL",
            at=bureau.at,
            batch=result.batch,
            document=document.row.name,
            level=document.level,
            declared=(document.row.sheets, document.row.pages),
            counted=(count.sheets, count.pages),
            findings=(*_first(document), *document.hints),
            remedy=_REMEDIES[document.remedy],
            reason="" if document.reason in {None, Reason.IN_WORDS} else _sentence(document.reason),
            operator=bureau.person(operator),
            confirmers=(bureau.person(first), bureau.person(second)),
            head=bureau.issue_head(),
        )
    )


def _first(document: DocumentResult) -> Iterator[str]:
    """What was counted first, where a rescan came between that and the signatures."""
    first = document.first_count
    if first is not None and first != (document.count.sheets, document.count.pages):
        yield f"Lần đầu đếm {first[0]} tờ, {first[1]} trang; đã quét lại trước khi ký"


def _sentence(reason: Reason | None) -> str:
    return "" if reason is None else f"{reason.vi[:1].upper()}{reason.vi[1:]}."


def _row(bureau: Bureau, document: DocumentResult) -> Reconciled:
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
        sheet=document.routed_at,
        signed_by=tuple(bureau.person(person).name for person in document.signed_by),
        remark="; ".join(_remarks(document)),
    )


def _remarks(document: DocumentResult) -> Iterator[str]:
    if document.outcome is batches.Outcome.COPY_MISSING:
        yield "thiếu bản trên thiết bị nhớ thứ hai"
    if document.count.removed:
        yield f"lấy ra {document.count.removed} tờ chưa quét"
    if document.first_count is not None and document.remedy is not None:
        yield f"lần đầu đếm {document.first_count[0]} tờ, {document.first_count[1]} trang"
    if document.remedy is Settling.RESCAN:
        yield "đã quét lại"
    elif document.remedy is Settling.CORRECT:
        yield f"danh mục sửa thành {document.count.declared_sheets} tờ, {document.count.declared_pages} trang"
    if document.outcome is batches.Outcome.DIFFERS:
        yield from document.hints


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
