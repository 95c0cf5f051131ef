"""What people decide before anything leaves: held sides and differences (quyết định của người có trách nhiệm)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from scanflow import gate
from scanflow.counting import (
    Difference,
    DocumentCount,
    Kind,
    Outcome,
    RowCorrected,
    SideDecided,
    Verdict,
    batch_differences,
    correction_subject,
    reconcile,
)
from scanflow.counting.errors import CountingError, EventRefused
from scanflow.errors import Words
from scanflow.gate import Decision
from scanflow.ledger import catalogue as events
from scanflow.ledger.catalogue import EraseReason, RouteOutReason
from scanflow.ledger.people import Figures, Purpose, Reason, SignOff
from scanflow.ledger.people.errors import PeopleError
from scanflow.levels import Level
from scanflow.scanner import ScannerError
from scanflow.station.desk import DifferenceAnswer, HeldAnswer, HeldSide, Notice, Settling, Tone
from scanflow.station.evidence import count_hints, tell_hints
from scanflow.station.feeding import erase
from scanflow.station.work import DocumentFile, HeldNote, Work


def decide_held(work: Work, only: int | None = None) -> None:
    """Put every held side, or those of one document, before a person with the paper in hand.

    What nobody decides stays held.
    """
    for file in [file for ordinal, file in work.files.items() if only in {None, ordinal}]:
        for note in sorted(file.held.values(), key=lambda note: (note.sheet, note.face)):
            if file.vault.erased:
                break
            answer = work.desk.decide_held(HeldSide(file.row, note.sheet, note.face, note.reasons, note.level))
            if answer is None:
                continue
            if answer.decision is Decision.CLEAR and answer.level < Level.TUYET_MAT:
                _clear(work, file, note, answer)
            elif answer.decision is not Decision.HOLD:
                _route_out(work, file, note, answer)


def _clear(work: Work, file: DocumentFile, note: HeldNote, answer: HeldAnswer) -> None:
    """Clear a held side on the signature of a supervisor who is not the operator of the batch."""
    statement = work.station.office.draw_up(
        Purpose.CLEAR_HELD, file.id, answer.reason, batch=work.batch_id, sheet=note.sheet, face=note.face
    )
    try:
        sign_off = work.station.office.sign_off(statement, work.desk.sign(statement))
    except PeopleError as refused:
        work.desk.tell(Notice.of(refused))
        return
    sign_off.require(Purpose.CLEAR_HELD, file.id, batch=work.batch_id, sheet=note.sheet, face=note.face)
    with file.vault.lend_raw(note.sheet, note.face) as page:
        file.vault.clear(gate.clear_by_person(page, note.pose, note.label, answer.level, sign_off))
    work.station.ledger.record(
        events.HeldSideDecided(
            batch=work.batch_id,
            sheet=note.sheet,
            face=note.face,
            decision=Decision.CLEAR,
            level=answer.level,
            person=sign_off.persons[0],
            signoff=sign_off.entry,
        )
    )
    work.count(SideDecided(note.sheet, note.face, Outcome.CLEAR))
    del file.held[note.sheet, note.face]


def _route_out(work: Work, file: DocumentFile, note: HeldNote, answer: HeldAnswer) -> None:
    """A person saw TUYỆT MẬT on the paper: the document is routed out; that needs no second word."""
    work.count(SideDecided(note.sheet, note.face, Outcome.ROUTE_OUT))
    work.station.ledger.record_many(
        [
            events.HeldSideDecided(
                batch=work.batch_id,
                sheet=note.sheet,
                face=note.face,
                decision=Decision.ROUTE_OUT,
                level=Level.TUYET_MAT,
                person=answer.person,
            ),
            events.SheetRoutedOut(batch=work.batch_id, sheet=note.sheet, reason=RouteOutReason.PERSON_DECIDED),
        ]
    )
    erase(work, file.row.ordinal, EraseReason.ROUTED_OUT)


Again = Callable[[int, tuple[int, int] | None], bool]
"""Scans a document, by STT, or its sheets at these places, once more; False when nobody laid paper in."""


@dataclass(slots=True)
class Settled:
    """How the differences of a batch were settled; what is not in here stands open (kết quả xử lý lệch).

    Attributes:
        sign_offs: for sealing: every sign-off that lets a difference go.
        remedies: by STT, what was done last.
        signers: by STT, who signed.
        first_counts: by STT, sheets and pages as they were counted first, where they differed.
        reasons: by STT, what was signed for.
        feeds: by subject, who signed for a difference of a whole feed.
    """

    sign_offs: list[SignOff] = field(default_factory=list)
    remedies: dict[int, Settling] = field(default_factory=dict)
    signers: dict[int, tuple[str, ...]] = field(default_factory=dict)
    first_counts: dict[int, tuple[int, int]] = field(default_factory=dict)
    reasons: dict[int, Reason] = field(default_factory=dict)
    feeds: dict[str, tuple[str, ...]] = field(default_factory=dict)


def settle_differences(work: Work, again: Again) -> Settled:
    """Record every count; put each difference, and each oddity, before the supervisor until it is settled or left."""
    settled = Settled()
    for count in reconcile(work.tally, work.manifest).documents:
        if not work.only or count.ordinal in work.only:
            _settle(work, count, again, settled)
    for difference in reconcile(work.tally, work.manifest).differences:
        _settle_batch(work, difference, settled)
    return settled


def _settle(work: Work, count: DocumentCount, again: Again, settled: Settled) -> None:
    ordinal = count.ordinal
    asking = True
    while asking:
        asking = False
        if count.differences:
            settled.first_counts.setdefault(ordinal, (count.sheets, count.pages))
            _record_difference(work, count)
        tell_hints(work, ordinal, count_hints(work, count))
        odd = count.verdict is Verdict.EQUAL and (work.hints.get(ordinal) or _miscounted_alone(work, ordinal))
        if not (count.differences or odd):
            break
        answer = work.desk.settle(count, work.manifest.by_ordinal[ordinal])
        if answer.settling is Settling.RESCAN:
            asking = _scanned_again(work, ordinal, answer, again)
        elif answer.settling is Settling.CORRECT and count.differences:
            asking = _corrected(work, count, answer.reason, settled)
        elif answer.settling is Settling.SIGN and count.differences:
            _signed(work, count, answer.reason, settled)
        if asking:
            settled.remedies[ordinal] = answer.settling
            count = reconcile(work.tally, work.manifest).document(ordinal)
    if count.verdict is Verdict.EQUAL:
        _record_equal(work, count)


def _miscounted_alone(work: Work, ordinal: int) -> bool:
    """Whether the scanner counted otherwise in a feed of this document alone: scanned again, that is settled."""
    return any(
        {work.tally.document_of(sheet) for sheet in range(one.first, one.last + 1)} - {None} == {ordinal}
        for one in batch_differences(work.tally.state)
        if one.kind is Kind.SCANNER_COUNTER
    )


def _scanned_again(work: Work, ordinal: int, answer: DifferenceAnswer, again: Again) -> bool:
    """Feed it again and decide on what is held of it; False when that could not be done."""
    try:
        if not again(ordinal, answer.places):
            return False
    except (CountingError, ScannerError) as why:
        work.desk.tell(Notice.of(why))
        return False
    work.hints.pop(ordinal, None)
    decide_held(work, ordinal)
    return True


def _corrected(work: Work, count: DocumentCount, reason: Reason, settled: Settled) -> bool:
    """The count becomes the row, on two persons' signatures; False when they did not give them."""
    before, after = (count.declared_sheets, count.declared_pages), (count.sheets, count.pages)
    if count.removed or not 1 <= after[0] <= after[1] <= 2 * after[0]:
        work.desk.tell(
            Notice.of(EventRefused(sheet=work.tally.totals.fed, what=Words("sửa danh mục", "correct the list")))
        )
        return False
    subject = correction_subject(work.batch_id, count.ordinal, before, after)
    sign_off = _sign_off(work, subject, reason, _figures(count))
    if sign_off is None:
        return False
    work.count(RowCorrected(count.ordinal, *after, sign_off))
    work.station.ledger.record(
        events.ManifestCorrected(
            batch=work.batch_id,
            document=count.document_id,
            sheets=after[0],
            pages=after[1],
            signoff=sign_off.entry,
        )
    )
    settled.signers[count.ordinal], settled.reasons[count.ordinal] = sign_off.persons, reason
    return True


def _signed(work: Work, count: DocumentCount, reason: Reason, settled: Settled) -> None:
    sign_off = _sign_off(work, count.subject_id, reason, _figures(count))
    if sign_off is None:
        return
    _released(work, count.document_id, sign_off)
    settled.sign_offs.append(sign_off)
    settled.remedies[count.ordinal] = Settling.SIGN
    settled.signers[count.ordinal], settled.reasons[count.ordinal] = sign_off.persons, reason


def _settle_batch(work: Work, difference: Difference, settled: Settled) -> None:
    """A difference that belongs to no single document holds the others back until two persons sign for it."""
    work.desk.tell(
        Notice(
            Tone.STOP,
            f"Cả lượt nạp, {difference.vi}. Cần hai người ký mới đi tiếp được.",
            f"The whole feed, {difference.en}. Two persons must sign before anything goes on.",
        )
    )
    figures = Figures(declared_sheets=difference.declared, declared_pages=0, sheets=difference.counted, pages=0)
    sign_off = _sign_off(work, difference.subject_id, Reason.IN_WORDS, figures)
    if sign_off is not None:
        _released(work, work.batch_id, sign_off)
        settled.sign_offs.append(sign_off)
        settled.feeds[difference.subject_id] = sign_off.persons


def _figures(count: DocumentCount) -> Figures:
    return Figures(
        declared_sheets=count.declared_sheets,
        declared_pages=count.declared_pages,
        sheets=count.sheets,
        pages=count.pages,
    )


def _sign_off(work: Work, subject: str, reason: Reason, figures: Figures) -> SignOff | None:
    statement = work.station.office.draw_up(
        Purpose.RELEASE_DIFFERENCE, subject, reason, batch=work.batch_id, figures=figures
    )
    try:
        return work.station.office.sign_off(statement, work.desk.sign(statement))
    except PeopleError as refused:
        work.desk.tell(Notice.of(refused))
        return None


def _released(work: Work, document: str, sign_off: SignOff) -> None:
    work.station.ledger.record(
        events.DifferenceReleased(batch=work.batch_id, document=document, signoff=sign_off.entry)
    )


def _record_equal(work: Work, count: DocumentCount) -> None:
    work.station.ledger.record(
        events.DocumentCounted(
            batch=work.batch_id,
            document=count.document_id,
            level=work.manifest.by_ordinal[count.ordinal].level,
            sheets=count.sheets,
            pages=count.pages,
            blank=count.blank_sides,
        )
    )


def _record_difference(work: Work, count: DocumentCount) -> None:
    work.station.ledger.record(
        events.DocumentDiffers(
            batch=work.batch_id,
            document=count.document_id,
            level=work.manifest.by_ordinal[count.ordinal].level,
            declared_sheets=count.declared_sheets,
            declared_pages=count.declared_pages,
            sheets=count.sheets + count.removed - count.declared_sheets,
            pages=count.pages - count.declared_pages,
        )
    )
