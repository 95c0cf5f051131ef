"""What both networks say about a candidate, melted into one number: is this TUYỆT MẬT or the envelope's A?

A logistic over logits, fitted on training styles by ``tools/stamps/fuse.py``; its coefficients and the two
thresholds stand in ``weights/index.toml``. Above ``route`` the document leaves the stack, between ``hold``
and ``route`` a person looks.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from scanflow.stamps.marks import MarkKind, Quad

TOP_SECRET_KINDS: Final = (MarkKind.TUYET_MAT, MarkKind.ENVELOPE_A)
_LEAST = 1e-4


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where doubt begins and where it ends.

    Attributes:
        route: from here on the side is routed out.
        hold: from here on the side is held.
        hold_floor: calibration may never put ``hold`` above this.
        unknown_hold: a mark-like thing of no kind at least this likely holds the side.
    """

    route: float
    hold: float
    hold_floor: float
    unknown_hold: float


@dataclass(frozen=True, slots=True)
class Finding:
    """One candidate with everything the networks know of it.

    Attributes:
        quad: corners in pixels of the side as given, clockwise from the mark's own top left.
        width_mm, height_mm: outer size as the detector votes it.
        angle_deg: direction in which its text reads, counter-clockwise from the image's x axis, -180..180.
        probabilities: over the kinds; with ``background`` they sum to 1.
        background: probability that there is no mark here.
        shown: the classifier's probability that TUYỆT MẬT or A lies here, be it under a mark of another kind.
        detector: highest P(any mark) of the dense map.
        detector_top_secret: highest P(TUYỆT MẬT) of the dense map.
        route: fused score, 0..1, that this is TUYỆT MẬT or the envelope's A; of both looks together where the place was
            looked at closer (``scanflow.stamps.closer``).
    """

    quad: Quad
    width_mm: float
    height_mm: float
    angle_deg: float
    probabilities: Mapping[MarkKind, float]
    background: float
    shown: float
    detector: float
    detector_top_secret: float
    route: float

    @property
    def best(self) -> MarkKind:
        """The likeliest kind."""
        return max(self.probabilities, key=lambda kind: self.probabilities[kind])

    @property
    def stamp_like(self) -> float:
        """How likely a mark of any kind lies here, by both networks."""
        return self.detector * (1 - self.background)


def logit(probability: float) -> float:
    """Log odds, bounded to what the networks can be sure of."""
    p = min(max(probability, _LEAST), 1 - _LEAST)
    return math.log(p / (1 - p))


def evidence(
    probabilities: Mapping[MarkKind, float],
    background: float,
    shown: float,
    detector: float,
    detector_top_secret: float,
) -> dict[str, float]:
    """The logistic's inputs by name, as ``weights/index.toml`` names its coefficients.

    The mark's size is none of them: marks without a border or in two lines are off the norm's size, and where the
    networks see both ink and word it added nothing (``docs/stamps.md``).
    """
    top = sum(probabilities.get(kind, 0.0) for kind in TOP_SECRET_KINDS)
    other = max((p for kind, p in probabilities.items() if kind not in TOP_SECRET_KINDS), default=0.0)
    return {
        "classifier_top": logit(top),
        "classifier_background": logit(background),
        "classifier_other": logit(other),
        "classifier_shown": logit(shown),
        "detector_top": logit(detector_top_secret),
        "detector_any": logit(detector),
    }


def probability(log_odds: float) -> float:
    """The way back from ``logit``, safe for odds of any size."""
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, log_odds))))


@dataclass(frozen=True, slots=True)
class Fusion:
    """The fitted logistic.

    Attributes:
        bias: its constant.
        coefficients: by the names of ``evidence``.
    """

    bias: float
    coefficients: Mapping[str, float]

    def score(self, facts: Mapping[str, float]) -> float:
        """The fused probability of TUYỆT MẬT or A.

        Raises:
            KeyError: a coefficient names a fact that is not measured.
        """
        return probability(self.bias + sum(weight * facts[name] for name, weight in self.coefficients.items()))
