"""What the station asks of people, as a page shows it and as a form answers it (câu hỏi và câu trả lời). Pure.

Who may answer what is a table here; the answer itself is checked again by the station like anybody's word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from scanflow.console.errors import AnswerUnclear
from scanflow.gate import Decision
from scanflow.ledger.people import RULES, PersonSignature, Reason, Role, Statement
from scanflow.levels import Level
from scanflow.rules import Confirmation
from scanflow.station.desk import DifferenceAnswer, HeldAnswer, Settling


class Kind(StrEnum):
    """The questions of the desk protocol."""

    LOAD = "load"
    TRAY = "tray"
    TAKE_OUT = "take_out"
    DOWNGRADE = "downgrade"
    HELD = "held"
    DIFFERENCE = "difference"
    SIGN = "sign"
    STICK = "stick"


_OPERATOR = frozenset({Role.OPERATOR})
_SUPERVISOR = frozenset({Role.SUPERVISOR})
WHO: Final[dict[Kind, frozenset[Role]]] = {
    Kind.LOAD: _OPERATOR,
    Kind.TRAY: _OPERATOR,
    Kind.TAKE_OUT: _OPERATOR,
    Kind.STICK: _OPERATOR,
    Kind.DOWNGRADE: _SUPERVISOR,
    Kind.HELD: _SUPERVISOR,
    Kind.DIFFERENCE: _SUPERVISOR,
}
"""Who may answer; who may sign stands in the ledger's own rules (:data:`scanflow.ledger.people.RULES`)."""

MOST_REMOVED: Final = 9_999
"""More sheets than any document has: a larger number is a slip of the finger."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question that stands until somebody answers it.

    Attributes:
        number: rises with each question, so that a late press of a key never answers the next one.
        kind: which question of the desk protocol.
        vi: the sentence in Vietnamese.
        en: the same in English.
        about: the station's own words on it (``LoadPaper``, ``HeldSide`` …), for the page.
        signatures: on a statement, those given so far.
    """

    number: int
    kind: Kind
    vi: str
    en: str
    about: Any = None
    signatures: tuple[PersonSignature, ...] = field(default=())

    @property
    def roles(self) -> frozenset[Role]:
        """Who may answer it."""
        if self.kind is Kind.SIGN:
            return frozenset().union(*RULES[self.statement.purpose].places)
        return WHO[self.kind]

    @property
    def statement(self) -> Statement:
        """What is to be signed."""
        assert isinstance(self.about, Statement)
        return self.about

    @property
    def needed(self) -> int:
        """How many persons must sign."""
        return len(RULES[self.statement.purpose].places)


Form = Mapping[str, str]


def read_answer(question: Question, form: Form, person: str) -> object:
    """The answer of a form, in the station's own types.

    Args:
        question: what stands.
        form: fields of the form.
        person: who is signed in; decisions carry this id.

    Raises:
        AnswerUnclear: a field is missing or impossible; nothing is guessed.
    """
    return _READERS[question.kind](question, form, person)


def _yes(_: Question, form: Form, __: str) -> bool:
    return _one_of(form, "do", ("yes", "no")) == "yes"


def _removed(_: Question, form: Form, __: str) -> int:
    text = form.get("sheets", "").strip()
    if not text.isascii() or not text.isdigit() or int(text) > MOST_REMOVED:
        raise AnswerUnclear(field="số tờ")
    return int(text)


def _downgrade(question: Question, form: Form, person: str) -> Confirmation | None:
    if _one_of(form, "do", ("yes", "no")) == "no":
        return None
    if form.get("no_extension") != "yes":
        raise AnswerUnclear(field="không có quyết định gia hạn")
    row, proposal = question.about
    return Confirmation(person, row.ordinal, proposal.basis, no_extension_decided=True)


def _held(_: Question, form: Form, person: str) -> HeldAnswer | None:
    word = _one_of(form, "level", ("keep", *(level.name for level in Level)))
    if word == "keep":
        return None
    level = Level[word]
    decision = Decision.ROUTE_OUT if level is Level.TUYET_MAT else Decision.CLEAR
    return HeldAnswer(decision, level, person)


def _difference(_: Question, form: Form, __: str) -> DifferenceAnswer:
    if _one_of(form, "do", ("leave", "sign")) == "leave":
        return DifferenceAnswer(Settling.LEAVE)
    word = _one_of(form, "reason", tuple(reason.value for reason in Reason))
    return DifferenceAnswer(Settling.SIGN, next(reason for reason in Reason if reason.value == word))


def _unsigned(_: Question, form: Form, __: str) -> tuple[PersonSignature, ...]:
    """Signatures come one by one (:mod:`scanflow.console.acts`); a plain answer can only be that nobody signs."""
    _one_of(form, "do", ("no",))
    return ()


def _one_of(form: Form, name: str, words: tuple[str, ...]) -> str:
    word = form.get(name, "")
    if word not in words:
        raise AnswerUnclear(field=_FIELDS[name])
    return word


_FIELDS = {"do": "việc chọn", "level": "độ mật đọc trên giấy", "reason": "lý do"}

_READERS: dict[Kind, Callable[[Question, Form, str], object]] = {
    Kind.LOAD: _yes,
    Kind.TRAY: _yes,
    Kind.TAKE_OUT: _removed,
    Kind.DOWNGRADE: _downgrade,
    Kind.HELD: _held,
    Kind.DIFFERENCE: _difference,
    Kind.SIGN: _unsigned,
    Kind.STICK: _yes,
}
