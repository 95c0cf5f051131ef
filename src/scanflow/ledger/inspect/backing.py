"""Which acts need a sign-off, and whether one that holds stands behind them (ký duyệt làm căn cứ)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from scanflow.gate import Decision
from scanflow.ledger import catalogue as cat
from scanflow.ledger.event import Event
from scanflow.ledger.people.registry import People
from scanflow.ledger.statement import Purpose, Statement


def is_backed(event: Event, people: People) -> bool:
    """Whether ``event`` needs no sign-off, or names one that holds, for this purpose and for this very thing.

    Enrolments and revocations of persons are not asked here: without backing they have no effect, and the register
    lists them as faults.
    """
    need = _NEEDS.get(type(event))
    if need is None or (isinstance(event, cat.HeldSideDecided) and event.decision is not Decision.CLEAR):
        return True
    signoff = getattr(event, "signoff", None)
    if signoff is None:
        return isinstance(event, cat.BatchClosed) and event.end is not cat.BatchEnd.SIGNED_OFF
    statement = people.signed(signoff)
    purpose, is_for = need
    return statement is not None and statement.purpose is purpose and is_for(event, statement)


def _subject(field: str) -> Callable[[Any, Statement], bool]:
    return lambda event, statement: bool(getattr(event, field) == statement.subject)


def _side(event: Any, statement: Statement) -> bool:
    return (event.batch, event.sheet, event.face) == (statement.batch, statement.sheet, statement.face)


def _document(event: Any, statement: Statement) -> bool:
    """A difference is signed for under the id of its document and of these very figures (``…-X`` and digits)."""
    document = statement.subject.partition("-X")[0]
    return (event.batch, event.document) == (statement.batch, document)


def _row(event: Any, statement: Statement) -> bool:
    figures = statement.figures
    return (
        _document(event, statement)
        and figures is not None
        and (event.sheets, event.pages)
        == (
            figures.sheets,
            figures.pages,
        )
    )


def _batch(event: Any, statement: Statement) -> bool:
    return bool(event.batch == statement.batch)


_NEEDS: Final[dict[type[Event], tuple[Purpose, Callable[[Any, Statement], bool]]]] = {
    cat.DifferenceReleased: (Purpose.RELEASE_DIFFERENCE, _document),
    cat.ManifestCorrected: (Purpose.RELEASE_DIFFERENCE, _row),
    cat.HeldSideDecided: (Purpose.CLEAR_HELD, _side),
    cat.QuarantineOpening: (Purpose.OPEN_QUARANTINE, _batch),
    cat.BatchClosed: (Purpose.CLOSE_BATCH, _batch),
    cat.MediumEnrolling: (Purpose.ENROL_MEDIUM, _subject("medium")),
    cat.MediumRevoked: (Purpose.REVOKE_MEDIUM, _subject("medium")),
    cat.CopyPrinting: (Purpose.PRINT_COPY, _subject("document")),
    cat.PolicyChanged: (Purpose.CHANGE_POLICY, lambda event, statement: bool(event.after == statement.digest)),
    cat.RecipientsChanged: (Purpose.CHANGE_RECIPIENTS, lambda event, statement: bool(event.after == statement.digest)),
}
