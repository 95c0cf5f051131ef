"""The sign-off: persons are counted here, in one function, and nowhere else (ký duyệt).

:func:`count_persons` is the only maker of :class:`SignOff`, and it has entered it in the ledger when it
returns it. No role, no option and no other function of the project can stand in for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import InitVar, dataclass
from typing import NoReturn

from scanflow.ledger.catalogue.people import PersonSignature, SignedOff, SignOffRefused
from scanflow.ledger.errors import NoSuchEntry
from scanflow.ledger.log import Ledger
from scanflow.ledger.people.errors import (
    HeadUnknown,
    PeopleError,
    SignOffForAnother,
)
from scanflow.ledger.people.persons import persons_who_signed
from scanflow.ledger.people.registry import People
from scanflow.ledger.statement import Figures, Purpose, Statement
from scanflow.pages import Face

_COUNTED = object()
"""Known to this module only: without it no `SignOff` can be made."""


@dataclass(frozen=True, slots=True, eq=False)
class SignOff:
    """Enough different persons signed one statement, and the ledger holds it. What releases ask for.

    Attributes:
        statement: what was signed.
        persons: who signed.
        entry: number of the ledger's entry; events that act on it carry this number.
    """

    statement: Statement
    persons: tuple[str, ...]
    entry: int
    permit: InitVar[object]

    def __post_init__(self, permit: object) -> None:
        if permit is not _COUNTED:
            raise TypeError("a SignOff is made by count_persons only")

    def __reduce__(self) -> NoReturn:
        raise TypeError("a SignOff is neither copied nor stored")

    @property
    def purpose(self) -> Purpose:
        """What it allows."""
        return self.statement.purpose

    @property
    def subject_id(self) -> str:
        """The one thing that it covers."""
        return self.statement.subject

    @property
    def digest(self) -> str:
        """SHA-256 of the record that was agreed to, empty where there is none."""
        return self.statement.digest or ""

    def require(
        self,
        purpose: Purpose,
        subject: str,
        *,
        batch: str | None = None,
        sheet: int | None = None,
        face: Face | None = None,
        figures: Figures | None = None,
        digest: str | None = None,
    ) -> None:
        """Refuse unless this sign-off is for exactly this.

        Raises:
            SignOffForAnother: another purpose, subject, batch, side, balance or record.
        """
        mine = self.statement
        held = (mine.purpose, mine.subject, mine.batch, mine.sheet, mine.face, mine.figures, mine.digest)
        if held != (purpose, subject, batch, sheet, face, figures, digest):
            raise SignOffForAnother()


def count_persons(statement: Statement, signatures: Sequence[PersonSignature], people: People) -> SignOff:
    """Count the persons behind ``signatures``, enter the sign-off in the ledger, and give it out.

    Args:
        statement: what they signed; every signature must hold over exactly its bytes.
        signatures: one per person, exactly as many as the purpose needs.
        people: the register of an open ledger, which gives the time and the heads and keeps the record. A
            refusal is recorded too.

    Raises:
        SignOffRefusal: one subclass a reason.
        UnknownPerson: a signer is not enrolled.
        PersonIsRevoked: a signer is enrolled no more.
        LedgerWriteFailed: it could not be recorded; then there is no sign-off.
        TypeError: ``people`` does not follow an open ledger.
    """
    ledger = people.ledger
    if ledger is None:
        raise TypeError("a sign-off needs the register of an open ledger")
    with ledger.alone():
        try:
            _check_head(statement, ledger)
            persons = persons_who_signed(statement, signatures, people, ledger.now_s())
        except PeopleError as refused:
            ledger.record(SignOffRefused(purpose=statement.purpose, subject=statement.subject, code=refused.code))
            raise
        entry = ledger.record(SignedOff(statement=statement, signatures=tuple(signatures)))
        return SignOff(statement, tuple(one.id for one in persons), entry.n, _COUNTED)


def _check_head(statement: Statement, ledger: Ledger) -> None:
    try:
        known = ledger.root_at(statement.log_size).hex()
    except NoSuchEntry as beyond:
        raise HeadUnknown() from beyond
    if known != statement.log_root:
        raise HeadUnknown()
