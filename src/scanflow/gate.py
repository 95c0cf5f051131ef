"""The decision on a side: clear, hold or route out. One pure function, one place; fail closed."""

from __future__ import annotations

from dataclasses import InitVar, dataclass
from enum import StrEnum
from typing import NoReturn, Protocol

from scanflow.errors import ExitCode, ScanflowError
from scanflow.levels import Level
from scanflow.pages import Pose, RawPage, SideLabel
from scanflow.stamps.judge import Judgement, Verdict


class Decision(StrEnum):
    """What happens to a side next (cho qua, giữ lại, tách riêng)."""

    CLEAR = "clear"
    HOLD = "hold"
    ROUTE_OUT = "route_out"


class GateShut(ScanflowError):
    """Somebody asked for a permit that the gate does not give (không được cho qua)."""

    code = "GAT-SHUT"
    vi = "Tờ {sheet}, {face}: chưa được cho qua, không có giấy phép. Người giám sát xem bản giấy và quyết định."
    en = "Sheet {sheet}, {face}: not cleared, so no permit is given."
    exit_code = ExitCode.HELD


def decide(judgement: Judgement) -> Decision:
    """What follows from what the stamps say; doubt of any kind holds, and TUYỆT MẬT goes before doubt."""
    if judgement.verdict is Verdict.TOP_SECRET or judgement.level is Level.TUYET_MAT:
        return Decision.ROUTE_OUT
    if judgement.verdict is Verdict.UNREADABLE or judgement.faults:
        return Decision.HOLD
    return Decision.CLEAR


class SignOffLike(Protocol):
    """What the gate needs of the ledger's sign-off."""

    @property
    def purpose(self) -> str:
        """What was signed for."""


_GATE = object()
"""Known to this module only: without it no `ClearedPage` can be made."""

_CLEAR_HELD = "clear_held"


@dataclass(frozen=True, slots=True, eq=False)
class ClearedPage:
    """A side that may be digitised: the permit that sealing asks for (mặt giấy đã được cho qua).

    Only :func:`clear` and :func:`clear_by_person` make one.
    """

    page: RawPage
    pose: Pose
    label: SideLabel
    level: Level
    permit: InitVar[object]

    def __post_init__(self, permit: object) -> None:
        if permit is not _GATE:
            raise TypeError("a ClearedPage is made by the gate only")

    def __reduce__(self) -> NoReturn:
        raise TypeError("a ClearedPage is neither copied nor stored")


def clear(page: RawPage, pose: Pose, label: SideLabel, judgement: Judgement) -> ClearedPage:
    """The permit for a side on its own merits.

    Raises:
        GateShut: the decision is not to clear it.
    """
    if decide(judgement) is not Decision.CLEAR:
        raise GateShut(sheet=page.sheet, face=page.face.value)
    return ClearedPage(page, pose, label, judgement.level, _GATE)


def clear_by_person(page: RawPage, pose: Pose, label: SideLabel, level: Level, sign_off: SignOffLike) -> ClearedPage:
    """The permit for a held side after a person looked at the paper and signed for exactly this side.

    Args:
        page: the held side.
        pose: how it lies.
        label: what it carries.
        level: what the person read on the paper; nobody clears TUYỆT MẬT.
        sign_off: of the ledger, checked by the caller against document, sheet and face.

    Raises:
        GateShut: TUYỆT MẬT, or a sign-off for something else.
    """
    if level is Level.TUYET_MAT or sign_off.purpose != _CLEAR_HELD:
        raise GateShut(sheet=page.sheet, face=page.face.value)
    return ClearedPage(page, pose, label, level, _GATE)
