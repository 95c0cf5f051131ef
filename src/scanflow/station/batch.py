"""One batch from the accepted list to the closed record (một đợt số hóa)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scanflow.counting import DocumentCount, Reconciliation, Verdict, reconcile
from scanflow.errors import ExitCode, ScanflowError
from scanflow.ledger import catalogue as events
from scanflow.ledger.catalogue import BatchEnd, EraseReason
from scanflow.levels import Level
from scanflow.manifest import Manifest, Row
from scanflow.scanner import Feeder
from scanflow.station.decisions import decide_held, settle_differences
from scanflow.station.desk import Desk
from scanflow.station.feeding import erase
from scanflow.station.feedrun import feed_batch
from scanflow.station.intake import open_batch
from scanflow.station.release import Delivered, Sealed, counted_documents, deliver_documents, seal_documents
from scanflow.station.station import Station
from scanflow.station.work import Work


class Outcome(StrEnum):
    """What became of a document (kết quả)."""

    DELIVERED = "delivered"
    COPY_MISSING = "copy_missing"
    ROUTED_OUT = "routed_out"
    REFUSED = "refused"
    DIFFERS = "differs"
    HELD = "held"
    NOT_FED = "not_fed"
    NOT_SEALED = "not_sealed"
    NOT_DELIVERED = "not_delivered"

    @property
    def vi(self) -> str:
        """As it stands in the table and on the record."""
        return _OUTCOMES[self]


_OUTCOMES = {
    Outcome.DELIVERED: "đã giao",
    Outcome.COPY_MISSING: "đã giao một bản, thiếu bản thứ hai",
    Outcome.ROUTED_OUT: "tách riêng",
    Outcome.REFUSED: "không số hóa",
    Outcome.DIFFERS: "lệch, chưa giao",
    Outcome.HELD: "giữ lại",
    Outcome.NOT_FED: "chưa nạp",
    Outcome.NOT_SEALED: "chưa niêm phong",
    Outcome.NOT_DELIVERED: "chưa có thiết bị nhớ",
}


@dataclass(frozen=True, slots=True)
class DocumentResult:
    """One row of the result.

    Attributes:
        row: of the list.
        count: what was counted.
        level: that it was sealed at, or its declared one.
        outcome: what became of it.
        why: the refusal that stands in its way, None when delivered.
        container: name of its file on the medium, empty when it is on none.
        signed_by: the persons who signed for its difference.
    """

    row: Row
    count: DocumentCount
    level: Level
    outcome: Outcome
    why: ScanflowError | None
    container: str
    signed_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchResult:
    """How a batch ended (kết quả đợt số hóa)."""

    batch: str
    convention: str
    documents: tuple[DocumentResult, ...]
    reconciliation: Reconciliation
    delivered: Delivered | None
    end: BatchEnd

    @property
    def exit_code(self) -> ExitCode:
        """The gravest thing that still stands open; a route-out that was accounted for is no failure."""
        outcomes = {document.outcome for document in self.documents}
        for outcome, code in _EXIT.items():
            if outcome in outcomes:
                return code
        return ExitCode.OK


_EXIT = {
    Outcome.HELD: ExitCode.HELD,
    Outcome.DIFFERS: ExitCode.COUNT_DIFFERS,
    Outcome.NOT_FED: ExitCode.COUNT_DIFFERS,
    Outcome.NOT_SEALED: ExitCode.SEALING,
    Outcome.NOT_DELIVERED: ExitCode.MEDIUM,
    Outcome.COPY_MISSING: ExitCode.MEDIUM,
    Outcome.ROUTED_OUT: ExitCode.ROUTED_OUT,
}


def run_batch(
    station: Station, desk: Desk, manifest: Manifest, feeder: Feeder, operator: str, *, duplex: bool = True
) -> BatchResult:
    """Work one batch through; whatever happens, no page stays behind in RAM under a living key.

    Raises:
        ScanflowError: a refusal before or during the feed; every document of the batch was erased.
    """
    work = open_batch(station, desk, manifest, operator, simulated=feeder.facts.simulated)
    try:
        feed_batch(work, feeder, duplex=duplex)
        return _finish(work)
    finally:
        for ordinal in list(work.files):
            erase(work, ordinal, EraseReason.ABANDONED)


def _finish(work: Work) -> BatchResult:
    decide_held(work)
    sign_offs = settle_differences(work)
    permits, refused = counted_documents(work, sign_offs)
    sealed, failed = seal_documents(work, permits)
    delivered = deliver_documents(work, sealed) if sealed else None
    reconciliation = reconcile(work.tally, work.manifest)
    open_ends = {**refused, **failed}
    signers = {each.subject_id: each.persons for each in sign_offs}
    result = BatchResult(
        batch=work.batch_id,
        convention=work.manifest.convention.vi,
        documents=tuple(
            _result(work, count, open_ends, sealed, delivered, signers.get(count.subject_id, ()))
            for count in reconciliation.documents
        ),
        reconciliation=reconciliation,
        delivered=delivered,
        end=_end(reconciliation, bool(sign_offs), delivered),
    )
    _record_closing(work, result)
    return result


def _end(reconciliation: Reconciliation, signed: bool, delivered: Delivered | None) -> BatchEnd:
    if delivered is None:
        return BatchEnd.ABANDONED
    open_verdicts = {Verdict.DIFFERS, Verdict.HELD, Verdict.NOT_FED}
    released = {one.document for one in delivered.documents}
    if not delivered.complete:
        return BatchEnd.PARTLY
    if any(count.verdict in open_verdicts and count.document_id not in released for count in reconciliation.documents):
        return BatchEnd.PARTLY
    return BatchEnd.SIGNED_OFF if signed else BatchEnd.COMPLETE


def _result(
    work: Work,
    count: DocumentCount,
    refused: dict[int, ScanflowError],
    sealed: list[Sealed],
    delivered: Delivered | None,
    signed_by: tuple[str, ...],
) -> DocumentResult:
    row = work.manifest.by_ordinal[count.ordinal]
    one = next((each for each in sealed if each.ordinal == count.ordinal), None)
    if one is not None:
        outcome = Outcome.NOT_DELIVERED
        if delivered is not None:
            outcome = Outcome.DELIVERED if delivered.complete else Outcome.COPY_MISSING
        name = f"{one.container.name}.p7m" if delivered is not None else ""
        return DocumentResult(row, count, one.container.level, outcome, None, name, signed_by)
    return DocumentResult(row, count, row.level, _left_behind(count), refused.get(count.ordinal), "", signed_by)


def _left_behind(count: DocumentCount) -> Outcome:
    if count.differences and count.verdict is Verdict.HELD:  # held and short: the missing sheet is looked for first
        return Outcome.DIFFERS
    return {
        Verdict.ROUTED_OUT: Outcome.ROUTED_OUT,
        Verdict.REFUSED: Outcome.REFUSED,
        Verdict.HELD: Outcome.HELD,
        Verdict.NOT_FED: Outcome.NOT_FED,
        Verdict.DIFFERS: Outcome.DIFFERS,
        Verdict.EQUAL: Outcome.NOT_SEALED,
    }[count.verdict]


def _record_closing(work: Work, result: BatchResult) -> None:
    totals = result.reconciliation.totals
    work.station.ledger.record(
        events.BatchClosed(
            batch=work.batch_id,
            end=result.end,
            documents=len(result.documents),
            fed=totals.fed,
            cleared=totals.cleared,
            held=totals.held,
            routed_out=totals.routed_out,
            spoiled=totals.spoiled,
            separators=totals.separators,
        )
    )
