"""What the station asks of people, as a page shows it and as a form answers it (câu hỏi và câu trả lời). Pure.

Who may answer what is a table here; the answer itself is checked again by the station like anybody's word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from scanflow.console.errors import AnswerUnclear
from scanflow.console.matter import Matter
from scanflow.errors import Words
from scanflow.gate import Decision
from scanflow.ledger.people import RULES, PersonSignature, Reason, Role, Statement
from scanflow.levels import Level
from scanflow.rules import Confirmation
from scanflow.station.desk import DifferenceAnswer, HeldAnswer, SampleAnswer, Settling
from scanflow.station.termdesk import WHY

PEOPLE_REASONS: Final = (
    Reason.LEFT_SERVICE, Reason.KEY_REPLACED, Reason.FORGOTTEN_PASSPHRASE, Reason.REVIEW, Reason.ORDERED,
)  # fmt: skip
"""Why somebody is revoked or gets new tries."""
MEDIA_REASONS: Final = (Reason.LOST, Reason.WORN_OUT, Reason.WORK_DONE, Reason.REVIEW, Reason.ORDERED)
"""Why a medium is revoked."""


class Kind(StrEnum):
    """The questions of the desk protocol."""

    LOAD = "load"
    TRAY = "tray"
    TAKE_OUT = "take_out"
    DOWNGRADE = "downgrade"
    HELD = "held"
    SAMPLE = "sample"
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
    Kind.SAMPLE: frozenset({Role.SUPERVISOR, Role.CUSTODIAN}),
    Kind.DIFFERENCE: _SUPERVISOR,
}
"""Who may answer; who may sign stands in the ledger's own rules (:data:`scanflow.ledger.people.RULES`)."""


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
            return frozenset().union(*self.places)
        return WHO[self.kind]

    @property
    def matter(self) -> Matter:
        """What is to be signed, in plain words."""
        assert isinstance(self.about, Matter)
        return self.about

    @property
    def statement(self) -> Statement:
        """What is to be signed."""
        return self.matter.statement

    @property
    def needed(self) -> int:
        """How many persons must sign."""
        return len(self.places)

    @property
    def places(self) -> tuple[frozenset[Role], ...]:
        """One set of roles for each person who must sign."""
        return RULES[self.statement.purpose].places


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
    return _number(form.get("sheets", "").strip(), Words("số tờ", "sheets"))


def _number(text: str, said: Words) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        raise AnswerUnclear(field=said)
    return int(text)


def _downgrade(question: Question, form: Form, person: str) -> Confirmation | None:
    if _one_of(form, "do", ("yes", "no")) == "no":
        return None
    if form.get("no_extension") != "yes":
        raise AnswerUnclear(field=Words("không có quyết định gia hạn", "no extension was decided"))
    row, proposal = question.about
    return Confirmation(person, row.ordinal, proposal.basis, no_extension_decided=True)


def _held(_: Question, form: Form, person: str) -> HeldAnswer | None:
    word = _one_of(form, "level", ("keep", *(level.name for level in Level)))
    if word == "keep":
        return None
    level = Level[word]
    decision = Decision.ROUTE_OUT if level is Level.TUYET_MAT else Decision.CLEAR
    return HeldAnswer(decision, level, person)


def _sample(_: Question, form: Form, person: str) -> SampleAnswer | None:
    word = _one_of(form, "level", ("keep", *(level.name for level in Level)))
    return None if word == "keep" else SampleAnswer(person, Level[word])


def _difference(question: Question, form: Form, __: str) -> DifferenceAnswer:
    words = ("leave", "rescan", "correct", "sign") if question.about.differences else ("leave", "rescan")
    settling = Settling(_one_of(form, "do", words))
    if settling is Settling.LEAVE:
        return DifferenceAnswer(settling)
    if settling is Settling.RESCAN:
        return DifferenceAnswer(settling, places=_places(form))
    word = _one_of(form, "reason", tuple(reason.value for reason in WHY))
    return DifferenceAnswer(settling, next(reason for reason in WHY if reason.value == word))


def _places(form: Form) -> tuple[int, int] | None:
    """First and last sheet of the document to scan again, from 1; both empty: all of it."""
    first, last = form.get("first", "").strip(), form.get("last", "").strip()
    if not first and not last:
        return None
    places = (_number(first, Words("từ tờ", "from sheet")), _number(last or first, Words("đến tờ", "to sheet")))
    if not 1 <= places[0] <= places[1]:
        raise AnswerUnclear(field=Words("từ tờ, đến tờ", "from sheet, to sheet"))
    return places


def _unsigned(_: Question, form: Form, __: str) -> tuple[PersonSignature, ...]:
    """Signatures come one by one (:mod:`scanflow.console.acts`); a plain answer can only be that nobody signs."""
    _one_of(form, "do", ("no",))
    return ()


def _one_of(form: Form, name: str, words: tuple[str, ...]) -> str:
    word = form.get(name, "")
    if word not in words:
        raise AnswerUnclear(field=_FIELDS[name])
    return word


_FIELDS = {
    "do": Words("việc chọn", "what to do"),
    "level": Words("độ mật đọc trên giấy", "level read on the paper"),
    "reason": Words("lý do", "reason"),
}

_READERS: dict[Kind, Callable[[Question, Form, str], object]] = {
    Kind.LOAD: _yes,
    Kind.TRAY: _yes,
    Kind.TAKE_OUT: _removed,
    Kind.DOWNGRADE: _downgrade,
    Kind.HELD: _held,
    Kind.SAMPLE: _sample,
    Kind.DIFFERENCE: _difference,
    Kind.SIGN: _unsigned,
    Kind.STICK: _yes,
}
