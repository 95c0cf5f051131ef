"""Why a side is held: stable codes for the ledger, and the words that they stand for (lý do giữ lại)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from scanflow.errors import Words
from scanflow.examination import Examination
from scanflow.stamps.explain import explain_fault, explain_reason
from scanflow.stamps.judge import Fault, Reason
from scanflow.station.errors import LevelAboveList


def _code(word: StrEnum) -> str:
    return f"STP-{word.value.replace('_', '').upper()}"


def codes_of(found: Examination) -> tuple[str, ...]:
    """Stable codes for the ledger: why a side was judged so."""
    return tuple(_code(word) for word in (*found.judgement.reasons, *sorted(found.judgement.faults)))


_SAID: Final[dict[str, Words]] = {
    **{_code(one): explain_reason(one) for one in Reason},
    **{_code(one): explain_fault(one) for one in Fault},
    LevelAboveList.code: Words(
        "Dấu trên giấy cao hơn độ mật trong danh mục: giám sát xem bản giấy và quyết định.",
        "The mark on the paper is above the declared level: the supervisor looks at the paper.",
    ),
}


def words_of(code: str) -> Words:
    """What a code of the ledger says; a code of an older version stands for itself."""
    return _SAID.get(code, Words(code, code))
