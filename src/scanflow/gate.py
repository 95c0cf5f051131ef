"""The decision on a side: clear, hold or route out. One pure function, one place; fail closed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scanflow.levels import Level
from scanflow.pages import Pose, RawPage, SideLabel


class Decision(StrEnum):
    """What happens to a side next (cho qua, giữ lại, tách riêng)."""

    CLEAR = "clear"
    HOLD = "hold"
    ROUTE_OUT = "route_out"


_GATE = object()
"""Known to this module only: without it no `ClearedPage` can be made."""


@dataclass(frozen=True, slots=True, eq=False)
class ClearedPage:
    """A side that may be digitised: the permit that sealing asks for (mặt giấy đã được cho qua).

    Only :func:`scanflow.gate.clear` and a recorded human decision make one.
    """

    page: RawPage
    pose: Pose
    label: SideLabel
    level: Level
    _permit: object

    def __post_init__(self) -> None:
        if self._permit is not _GATE:
            raise TypeError("a ClearedPage is made by the gate only")
