"""What may be scanned, and as what: rules propose, a named person disposes (1479/BCA-ANCTNB III.1.1).

Everything here errs on the side of secrecy: a value that is missing, a date that lies in the future, an
extension however old, all leave the paper at its declared level.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from scanflow.errors import Words
from scanflow.levels import Level
from scanflow.rules.errors import ConfirmationForeign
from scanflow.rules.tables import RuleTables


class Paper(Protocol):
    """What the rules ask of a row of the list (`scanflow.manifest.Row` has it)."""

    @property
    def ordinal(self) -> int:
        """STT in the list."""

    @property
    def level(self) -> Level:
        """Độ mật as declared."""

    @property
    def issued(self) -> date | None:
        """Ngày ban hành."""

    @property
    def extended(self) -> bool | None:
        """Whether protection was extended; None when the list is silent."""

    @property
    def protected_until(self) -> date | None:
        """End on the stamp THỜI HẠN BẢO VỆ BÍ MẬT NHÀ NƯỚC."""

    @property
    def declassified_by(self) -> str:
        """Number of the decision."""

    @property
    def declassified_on(self) -> date | None:
        """Date of the decision."""

    @property
    def historical_archive(self) -> bool:
        """The Lưu trữ lịch sử decided."""


class Action(StrEnum):
    """What a rule proposes, and what is done."""

    REFUSE = "refuse"
    """Không số hóa: never enters the stack."""
    ENCRYPT = "encrypt"
    """Số hóa và mã hóa at the declared level."""
    AS_NON_SECRET = "as_non_secret"  # noqa: S105 - a word, no password
    """Số hóa theo tài liệu không chứa bí mật nhà nước."""
    NON_SECRET = "non_secret"  # noqa: S105 - a word, no password
    """Carries no level and never did, as far as the list says."""


class Basis(StrEnum):
    """On what the proposal rests; the four downgrades bear the words of the ledger."""

    TOP_SECRET = "top_secret"  # noqa: S105 - a word, no password
    SECRET = "secret"  # noqa: S105 - a word, no password
    NOT_SECRET = "not_secret"  # noqa: S105 - a word, no password
    TERM_ENDED = "term_ended"
    PERIOD_ON_STAMP_ENDED = "period_on_stamp_ended"
    DECLASSIFIED_BY_DECISION = "declassified_by_decision"
    HISTORICAL_ARCHIVE = "historical_archive"


class Need(StrEnum):
    """What must be there before a downgrade is done."""

    PERSON = "person"
    """A named person confirms, stating that no extension was decided."""
    GIAI_MAT_SEEN = "giai_mat_seen"
    """The stamp reader saw GIẢI MẬT on a page of the document."""


class Caution(StrEnum):
    """What the person who confirms should know."""

    OLD_STOCK = "old_stock"
    """Issued before the law of 2018; no transitional rule is known."""
    PROVISIONAL_TABLE = "provisional_table"
    """The text behind the table was not seen."""
    EXTENSION_SILENT = "extension_silent"
    """The list does not say whether protection was extended."""

    @property
    def vi(self) -> str:
        """The sentence shown beside the proposal."""
        return _CAUTIONS[self].vi

    @property
    def en(self) -> str:
        """The same in English."""
        return _CAUTIONS[self].en


_CAUTIONS = {
    Caution.OLD_STOCK: Words(
        "Tài liệu ban hành trước Luật 2018; chưa rõ quy định chuyển tiếp, hỏi nơi xác định.",
        "Issued before the law of 2018; no transitional rule is known: ask the body that set the level.",
    ),
    Caution.PROVISIONAL_TABLE: Words(
        "Thời hạn lấy theo bảng tạm, chưa đối chiếu nguyên văn luật đang có hiệu lực.",
        "The period is of a provisional table, not compared with the law in force.",
    ),
    Caution.EXTENSION_SILENT: Words(
        "Danh mục không ghi có gia hạn hay không; phải kiểm tra trước khi xác nhận.",
        "The list does not say whether protection was extended; check before you confirm.",
    ),
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rules propose for one document.

    Attributes:
        ordinal: STT of the row.
        action: proposed treatment.
        basis: the case that applies.
        declared: độ mật of the list; what holds when a need is not met.
        rule_id: guidance and period, such as "1479/term_ended/luat-117-2025".
        source: legal source, in Vietnamese.
        needs: what must be there before a downgrade.
        cautions: what to tell the person.
    """

    ordinal: int
    action: Action
    basis: Basis
    declared: Level
    rule_id: str
    source: str
    needs: frozenset[Need] = frozenset()
    cautions: tuple[Caution, ...] = ()


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A named person's word on one downgrade, as recorded in the ledger (xác nhận).

    Attributes:
        person: id of the person.
        ordinal: STT of the row.
        basis: the case that was confirmed.
        no_extension_decided: the person states that no extension was decided or notified.
    """

    person: str
    ordinal: int
    basis: Basis
    no_extension_decided: bool


@dataclass(frozen=True, slots=True)
class Treatment:
    """What is done with a document, after people and the stamp reader were heard.

    Attributes:
        action: refuse, encrypt, as non-secret, or non-secret.
        level: the level that gate, container and medium go by.
        hold: a downgrade was confirmed but GIẢI MẬT was not seen on the paper: nothing leaves until it is.
        proposal: what it rests on.
    """

    action: Action
    level: Level
    hold: bool
    proposal: Proposal


def propose(row: Paper, on_date: date, tables: RuleTables) -> Proposal:
    """What may be done with a document on a day.

    Raises:
        NoRuleInForce: no guidance or period for that day.
    """
    guidance, period = tables.guidance(on_date), tables.period(on_date)
    declared = row.level
    cautions: list[Caution] = []

    def proposal(action: Action, basis: Basis, *needs: Need) -> Proposal:
        source: str = getattr(guidance.source, basis.value)
        rule = f"{guidance.id}/{basis.value}/{period.id}"
        return Proposal(row.ordinal, action, basis, declared, rule, source, frozenset(needs), tuple(cautions))

    if declared is Level.TUYET_MAT:
        return proposal(Action.REFUSE, Basis.TOP_SECRET)
    if declared is Level.THUONG:
        return proposal(Action.NON_SECRET, Basis.NOT_SECRET)
    if row.declassified_by and row.declassified_on and _past(row.declassified_on, on_date):
        both = (Need.PERSON, Need.GIAI_MAT_SEEN)
        return proposal(Action.AS_NON_SECRET, Basis.DECLASSIFIED_BY_DECISION, *both)
    if row.historical_archive:
        return proposal(Action.AS_NON_SECRET, Basis.HISTORICAL_ARCHIVE, Need.PERSON, Need.GIAI_MAT_SEEN)
    if row.extended is True or (row.protected_until is not None and row.protected_until >= on_date):
        return proposal(Action.ENCRYPT, Basis.SECRET)
    if row.extended is None:
        cautions.append(Caution.EXTENSION_SILENT)
    if row.issued is not None and row.issued < guidance.old_stock_before:
        cautions.append(Caution.OLD_STOCK)
    if row.protected_until is not None:
        return proposal(Action.AS_NON_SECRET, Basis.PERIOD_ON_STAMP_ENDED, Need.PERSON)
    if period.provisional:
        cautions.append(Caution.PROVISIONAL_TABLE)
    years = period.toi_mat_years if declared is Level.TOI_MAT else period.mat_years
    if row.issued is not None and after_years(row.issued, years) < on_date:
        return proposal(Action.AS_NON_SECRET, Basis.TERM_ENDED, Need.PERSON)
    cautions.clear()
    return proposal(Action.ENCRYPT, Basis.SECRET)


def settle(proposal: Proposal, confirmation: Confirmation | None, *, giai_mat_seen: bool) -> Treatment:
    """What is done with the document; without a valid confirmation it stays secret.

    Args:
        proposal: of :func:`propose`.
        confirmation: of a named person, None when nobody confirmed.
        giai_mat_seen: the stamp reader saw GIẢI MẬT on the document.

    Raises:
        ConfirmationForeign: the confirmation is for another row or another basis.
    """
    if proposal.action is not Action.AS_NON_SECRET:
        return Treatment(proposal.action, proposal.declared, hold=False, proposal=proposal)
    stays = Treatment(Action.ENCRYPT, proposal.declared, hold=False, proposal=proposal)
    if confirmation is None or not confirmation.no_extension_decided:
        return stays
    if confirmation.ordinal != proposal.ordinal or confirmation.basis is not proposal.basis:
        raise ConfirmationForeign(ordinal=proposal.ordinal)
    if not confirmation.person:
        return stays
    if Need.GIAI_MAT_SEEN in proposal.needs and not giai_mat_seen:
        return Treatment(Action.ENCRYPT, proposal.declared, hold=True, proposal=proposal)
    return Treatment(Action.AS_NON_SECRET, Level.THUONG, hold=False, proposal=proposal)


def after_years(day: date, years: int) -> date:
    """The last day of a term of ``years`` calendar years from ``day``; 29/2 ends on 1/3 of a common year.

    The later reading of each ambiguity, since a day too long keeps a secret and a day too short betrays one.
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _past(day: date, on_date: date) -> bool:
    return day <= on_date
