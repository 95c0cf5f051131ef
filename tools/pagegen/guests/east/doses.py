"""How bad things are on a page of each difficulty."""

from __future__ import annotations

from dataclasses import dataclass

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Dose:
    """The ills of one difficulty; pairs are the least and the most.

    Attributes:
        strain: of impressions (see ``ink.Harm``).
        over: chance that a mark falls on print or on another mark.
        struck: chance that text, signature or highlighter crosses a mark.
        copied: chance of a photocopy; ``harsh`` says how rough, ``generations`` how often.
        wear: of the paper.
        weak: unevenness of the print.
        skew: deviation of the sheet's turn in degrees.
        through: strongest show-through.
        grain: of the scanner.
        quality: of the JPEG.
        soft: focus of the scanner, in pixels at 150 dpi.
    """

    strain: Span
    over: float
    struck: float
    copied: float
    harsh: Span
    generations: tuple[int, int]
    wear: Span
    weak: Span
    skew: float
    through: float
    grain: Span
    quality: tuple[int, int]
    soft: Span


# fmt: off
DOSES = {
    "easy": Dose(
        (0.0, 0.18), 0.04, 0.0, 0.06, (0, 0.15), (1, 1),
        (0, 0.15), (0, 0.1), 0.3, 0.04, (0.5, 2), (88, 98), (0, 0.4)
    ),
    "medium": Dose(
        (0.15, 0.45), 0.15, 0.12, 0.16, (0.05, 0.4), (1, 2),
        (0.1, 0.45), (0, 0.3), 0.8, 0.1, (1, 4), (74, 95), (0.2, 0.6)
    ),
    "hard": Dose(
        (0.35, 0.72), 0.35, 0.3, 0.26, (0.2, 0.7), (1, 2),
        (0.2, 0.75), (0.1, 0.6), 1.4, 0.18, (2, 7), (55, 90), (0.3, 0.85)
    ),
    "extreme": Dose(
        (0.55, 1.0), 0.5, 0.45, 0.34, (0.4, 1.0), (2, 3),
        (0.4, 1.0), (0.2, 0.9), 2.2, 0.26, (3, 11), (36, 82), (0.4, 1.1)
    ),
}
# fmt: on


def milder(dose: Dose, share: float) -> Dose:
    """The same page with gentler impressions and copies, for a mark that could not be read."""
    strain = (dose.strain[0] * share, dose.strain[1] * share)
    harsh = (dose.harsh[0] * share, dose.harsh[1] * share)
    return Dose(strain, dose.over * share, dose.struck * share, dose.copied * share, harsh, dose.generations, dose.wear,
                dose.weak, dose.skew, dose.through * share, dose.grain, dose.quality, dose.soft)  # fmt: skip
