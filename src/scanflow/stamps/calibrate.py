"""Setting the hold threshold from a station's own scans of unclassified paper (hiệu chỉnh ngưỡng giữ lại).
Pure.

Thresholds set on drawn pages do not carry over to real scans. On paper that is known to bear no level mark,
the threshold is put where the allowed share of sides is held, and within two bounds: never below the floor
(it would hold everything), and never past the limit that the weights were shipped with (it would let marks
through).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from scanflow.stamps.errors import CalibrationPastFloor, CalibrationTooSmall

RECOMMENDED_SIDES = 1000
LEAST_SIDES = 200
"""Fewer say nothing about one in two hundred."""
FALSE_HOLDS = 0.005
"""Share of plain sides that may be held."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The result, for the configuration and the ledger; counts and numbers only.

    Attributes:
        sides: sides that were looked at.
        hold: the threshold to use from now on.
        previous: the one before.
        held_before: sides that the previous one would hold.
        held_now: sides that the new one would hold.
        recommended: whether enough sides were looked at.
    """

    sides: int
    hold: float
    previous: float
    held_before: int
    held_now: int
    recommended: bool


def calibrate(
    scores: Sequence[float], previous: float, floor: float, limit: float, false_holds: float = FALSE_HOLDS
) -> Calibration:
    """Choose the hold threshold.

    Args:
        scores: for every side the highest score of TUYỆT MẬT on it (0 where nothing was found).
        previous: the threshold in use.
        floor: the lowest that makes sense.
        limit: the highest that is allowed; beyond it marks would pass.
        false_holds: share of these sides that may be held.

    Raises:
        CalibrationTooSmall: under :data:`LEAST_SIDES`.
        CalibrationPastFloor: the scans ask for a threshold over ``limit``; nothing is changed.
    """
    if len(scores) < LEAST_SIDES:
        raise CalibrationTooSmall(sides=len(scores), least=LEAST_SIDES)
    ordered = sorted(scores, reverse=True)
    allowed = int(len(ordered) * false_holds)
    wanted = ordered[allowed] + 1e-4  # just above the first side that must pass
    if wanted > limit:
        raise CalibrationPastFloor(wanted=f"{wanted:.4f}", limit=f"{limit:.4f}")
    hold = ceil(max(floor, wanted) * 1e4) / 1e4
    return Calibration(
        sides=len(ordered), hold=hold, previous=previous, held_before=sum(s >= previous for s in ordered),
        held_now=sum(s >= hold for s in ordered), recommended=len(ordered) >= RECOMMENDED_SIDES,
    )  # fmt: skip
