"""What people decide before anything leaves: held sides and differences (quyết định của người có trách nhiệm)."""

from __future__ import annotations

from scanflow import gate
from scanflow.counting import DocumentCount, Outcome, SideDecided, Verdict, reconcile
from scanflow.gate import Decision
from scanflow.ledger import catalogue as events
from scanflow.ledger.catalogue import EraseReason, RouteOutReason
from scanflow.ledger.people import Figures, Purpose, Reason, SignOff
from scanflow.ledger.people.errors import PeopleError
from scanflow.levels import Level
from scanflow.station.desk import HeldAnswer, HeldSide, Notice, Settling
from scanflow.station.feeding import erase
from scanflow.station.work import DocumentFile, HeldNote, Work


def decide_held(work: Work) -> None:
    """Put every held side before a person with the paper in hand; what nobody decides stays held."""
    for file in list(work.files.values()):
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


def settle_differences(work: Work) -> tuple[SignOff, ...]:
    """Record every count; put each difference before the supervisor; return the sign-offs that were given."""
    signed: list[SignOff] = []
    for count in reconcile(work.tally, work.manifest).documents:
        if count.verdict is Verdict.EQUAL:
            _record_equal(work, count)
        elif count.differences:
            _record_difference(work, count)
            answer = work.desk.settle(count, work.manifest.by_ordinal[count.ordinal])
            if answer.settling is Settling.SIGN and (given := _signed(work, count, answer.reason)):
                signed.append(given)
    return tuple(signed)


def _signed(work: Work, count: DocumentCount, reason: Reason) -> SignOff | None:
    figures = Figures(
        declared_sheets=count.declared_sheets,
        declared_pages=count.declared_pages,
        sheets=count.sheets,
        pages=count.pages,
    )
    statement = work.station.office.draw_up(
        Purpose.RELEASE_DIFFERENCE, count.subject_id, reason, batch=work.batch_id, figures=figures
    )
    try:
        sign_off = work.station.office.sign_off(statement, work.desk.sign(statement))
    except PeopleError as refused:
        work.desk.tell(Notice.of(refused))
        return None
    work.station.ledger.record(
        events.DifferenceReleased(
            batch=work.batch_id,
            document=work.manifest.document_id(count.ordinal),
            signoff=sign_off.entry,
        )
    )
    return sign_off


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
