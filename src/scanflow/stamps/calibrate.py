"""Setting the hold threshold from a station's own scans of unclassified paper (hiệu chỉnh ngưỡng). Pure.

Thresholds set on drawn pages do not carry over to real scans. On paper that is known to bear no level mark,
the threshold is put where the allowed share of sides is held. It is never raised above the safety floor that
the weights were shipped with (``hold_floor``): beyond it marks would pass, and the calibration is refused.
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
    scores: Sequence[float],
    previous: float,
    safety_floor: float,
    least_hold: float,
    false_holds: float = FALSE_HOLDS,
) -> Calibration:
    """Choose the hold threshold.

    Args:
        scores: for every side the highest score of TUYỆT MẬT on it (0 where nothing was found).
        previous: the threshold in use.
        safety_floor: the least safety allowed, that is the highest threshold (``hold_floor`` of the weights).
        least_hold: the lowest threshold that makes sense; a cleaner station gains nothing below it.
        false_holds: share of these sides that may be held.

    Raises:
        CalibrationTooSmall: under :data:`LEAST_SIDES`.
        CalibrationPastFloor: the scans ask for a threshold past the safety floor; nothing is changed.
        ValueError: a score is not between 0 and 1.
    """
    if any(not 0 <= score <= 1 for score in scores):
        raise ValueError("a score lies between 0 and 1")
    if len(scores) < LEAST_SIDES:
        raise CalibrationTooSmall(sides=len(scores), least=LEAST_SIDES)
    ordered = sorted(scores, reverse=True)
    allowed = int(len(ordered) * false_holds)
    wanted = ordered[allowed] + 1e-4  # just above the first side that must pass
    if wanted > safety_floor:
        raise CalibrationPastFloor(wanted=f"{wanted:.4f}", limit=f"{safety_floor:.4f}")
    hold = min(safety_floor, ceil(max(least_hold, wanted) * 1e4) / 1e4)
    return Calibration(
        sides=len(ordered),
        hold=hold,
        previous=previous,
        held_before=sum(score >= previous for score in ordered),
        held_now=sum(score >= hold for score in ordered),
        recommended=len(ordered) >= RECOMMENDED_SIDES,
    )
