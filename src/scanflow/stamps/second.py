"""The second opinion: a side that the networks leave in doubt is looked at by another pair, as if it were the first.

Two pairs of detectors that learnt from other pages miss different marks and take different things for one. Asking
both about every side would cost twice; where the first pair is sure either way the second changes nothing, so only the
few sides between pay for it. Pure: which sides are asked about, and what comes of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from scanflow.stamps.closer import Doubt, as_one, both_say, melted
from scanflow.stamps.fusion import Finding

ASKED: Final = 0.08
"""Score of a side from which on the second pair is asked. From 0.05 on twice as many would be, and no fewer sides with
TUYỆT MẬT would pass (``docs/stamps.md``)."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one pair of detectors makes of a side (một lượt xem).

    Attributes:
        first: candidates of the dense map over the whole side.
        doubts: the places that were looked at closer.
    """

    first: tuple[Finding, ...]
    doubts: tuple[Doubt, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The candidates with what the closer look made of its doubts, the likeliest TUYỆT MẬT first."""
        return tuple(sorted(melted(self.first, self.doubts), key=lambda f: -f.route))


def best_of(findings: Sequence[Finding]) -> float:
    """The score of a side: that of its likeliest TUYỆT MẬT."""
    return max((f.route for f in findings), default=0.0)


def leaves_doubt(best: float, hold: float) -> bool:
    """Whether a side of this score is shown to the second pair: not where it is held whatever that pair says."""
    return best >= ASKED and both_say([best], []) < hold


def agreed(looks: Sequence[Look]) -> tuple[Finding, ...]:
    """What one look or two make of a side, the likeliest TUYỆT MẬT first."""
    first, *second = (look.findings for look in looks)
    return tuple(sorted(as_one(first, second[0]), key=lambda f: -f.route)) if second else first
