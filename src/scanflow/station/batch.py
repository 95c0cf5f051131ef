"""One batch from the accepted list to the closed record (một đợt số hóa)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from scanflow.counting import DocumentCount, Reconciliation, Verdict, reconcile
from scanflow.counting.errors import BatchDifferenceOpen
from scanflow.errors import ExitCode, ScanflowError
from scanflow.ledger import catalogue as events
from scanflow.ledger.catalogue import BatchEnd, EraseReason
from scanflow.ledger.people import Reason
from scanflow.levels import Level
from scanflow.manifest import Manifest, Row
from scanflow.scanner import Feeder
from scanflow.station.decisions import Again, Settled, decide_held, settle_differences
from scanflow.station.desk import Desk, Settling
from scanflow.station.feeding import erase
from scanflow.station.feedrun import feed_again, feed_batch
from scanflow.station.intake import open_batch
from scanflow.station.release import Delivered, deliver_documents
from scanflow.station.sampling import check_samples
from scanflow.station.sealwork import Sealed, counted_documents, seal_documents
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
        signed_by: the persons who signed for its difference, or for the correction of its row.
        routed_at: the sheet of the batch with the mark that routed it out, None otherwise.
        remedy: how its difference was settled, None when it is open or there was none.
        first_count: sheets and pages as they were counted before that.
        reason: that the persons signed for.
        hints: what pointed at its sheets beside the count, in Vietnamese.
    """

    row: Row
    count: DocumentCount
    level: Level
    outcome: Outcome
    why: ScanflowError | None
    container: str
    signed_by: tuple[str, ...] = ()
    routed_at: int | None = None
    remedy: Settling | None = None
    first_count: tuple[int, int] | None = None
    reason: Reason | None = None
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchResult:
    """How a batch ended (kết quả đợt số hóa).

    Attributes:
        feeds: by subject, who signed for a difference of a whole feed; one that is not in it stands open.
    """

    batch: str
    convention: str
    documents: tuple[DocumentResult, ...]
    reconciliation: Reconciliation
    delivered: Delivered | None
    end: BatchEnd
    feeds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

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
    station: Station,
    desk: Desk,
    manifest: Manifest,
    feeder: Feeder,
    operator: str,
    *,
    duplex: bool = True,
    only: Collection[int] = (),
) -> BatchResult:
    """Work one batch through; whatever happens, no page stays behind in RAM under a living key.

    With ``only`` (STT), a batch that was opened before goes on with the documents that did not leave; each is fed on
    its own.

    Raises:
        ScanflowError: a refusal before or during the feed; every document of the batch was erased.
    """
    work = open_batch(station, desk, manifest, operator, simulated=feeder.facts.simulated, only=only)
    try:
        feed_batch(work, feeder, duplex=duplex)

        def again(ordinal: int, places: tuple[int, int] | None) -> bool:
            return feed_again(work, feeder, ordinal, places, operator, duplex=duplex)

        return _finish(work, again)
    finally:
        for ordinal in list(work.files):
            erase(work, ordinal, EraseReason.ABANDONED)


def _finish(work: Work, again: Again) -> BatchResult:
    decide_held(work)
    settled = settle_differences(work, again)
    countable, _ = counted_documents(work, settled.sign_offs, {})
    doubts = check_samples(work, {permit.row.ordinal for permit in countable})
    permits, refused = counted_documents(work, settled.sign_offs, doubts)
    sealed, failed = seal_documents(work, permits)
    delivered = deliver_documents(work, sealed) if sealed else None
    reconciliation = reconcile(work.tally, work.manifest)
    open_ends = {**refused, **failed}
    counts = [count for count in reconciliation.documents if not work.only or count.ordinal in work.only]
    documents = tuple(_result(work, count, open_ends, sealed, delivered, settled) for count in counts)
    result = BatchResult(
        batch=work.batch_id,
        convention=work.manifest.convention.vi,
        documents=documents,
        reconciliation=reconciliation,
        delivered=delivered,
        end=_end(documents, bool(settled.signers or settled.sign_offs), delivered),
        feeds=settled.feeds,
    )
    _record_closing(work, result)
    return result


_CLOSED = {Outcome.DELIVERED, Outcome.ROUTED_OUT, Outcome.REFUSED}


def _end(documents: tuple[DocumentResult, ...], signed: bool, delivered: Delivered | None) -> BatchEnd:
    if delivered is None:
        return BatchEnd.ABANDONED
    if any(one.outcome not in _CLOSED for one in documents):
        return BatchEnd.PARTLY
    return BatchEnd.SIGNED_OFF if signed else BatchEnd.COMPLETE


def _result(
    work: Work,
    count: DocumentCount,
    refused: dict[int, ScanflowError],
    sealed: list[Sealed],
    delivered: Delivered | None,
    settled: Settled,
) -> DocumentResult:
    row = work.manifest.by_ordinal[count.ordinal]
    one = next((each for each in sealed if each.ordinal == count.ordinal), None)
    if one is not None:
        outcome = Outcome.NOT_DELIVERED
        if delivered is not None and one in delivered.documents:
            outcome = Outcome.COPY_MISSING if one.document in delivered.short else Outcome.DELIVERED
        name = "" if outcome is Outcome.NOT_DELIVERED else one.file
        made = DocumentResult(row, count, one.level, outcome, None, name)
    else:
        why = refused.get(count.ordinal)
        made = DocumentResult(row, count, row.level, _left_behind(count, why), why, "")
    ordinal = count.ordinal
    open_still = made.outcome in {Outcome.DIFFERS, Outcome.NOT_FED}
    return replace(
        made,
        signed_by=settled.signers.get(ordinal, ()),
        routed_at=work.tally.routed_at(ordinal) if made.outcome is Outcome.ROUTED_OUT else None,
        remedy=None if open_still else settled.remedies.get(ordinal),
        first_count=settled.first_counts.get(ordinal),
        reason=settled.reasons.get(ordinal),
        hints=tuple(hint.vi for hint in work.hints.get(ordinal, ())),
    )


def _left_behind(count: DocumentCount, why: ScanflowError | None) -> Outcome:
    if count.differences and count.verdict is Verdict.HELD:  # held and short: the missing sheet is looked for first
        return Outcome.DIFFERS
    if count.verdict is Verdict.EQUAL and why is not None and why.exit_code is ExitCode.HELD:
        return Outcome.HELD
    if count.verdict is Verdict.EQUAL and isinstance(why, BatchDifferenceOpen):
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
