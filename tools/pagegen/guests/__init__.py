"""Styles of other authors (khách): each made up a whole office from the norms alone, without sight of any other style.

What one author does not think of, neither his training pages nor his test pages show. ``TAUGHT`` are learnt from;
``KEPT`` is drawn by the bench alone, and no gradient, fusion or threshold is fitted on it.
"""

from __future__ import annotations

from itertools import chain
from typing import Final, Protocol

from scanflow.stamps.marks import MarkKind
from tools.pagegen.drawn import Page
from tools.pagegen.guests import east, south, west
from tools.pagegen.page import Wanted


class Style(Protocol):
    """How a style is asked for a page."""

    def __call__(
        self,
        seed: int,
        *,
        kinds: tuple[MarkKind, ...],
        difficulty: str,
        company: bool,
        dpi: int = 150,
        handwritten: bool | None = None,
        bilevel: bool | None = None,
    ) -> Page:
        """One page with just the marks of ``kinds``; the same arguments give the same page, byte for byte.

        Args:
            seed: any number.
            kinds: marks to put on it.
            difficulty: easy, medium, hard or extreme.
            company: whether seals, notes and signatures come along.
            dpi: of the result.
            handwritten: write the first mark with a pen, or none; None leaves it to chance.
            bilevel: scan in black and white, or not; None leaves it to chance.
        """


TAUGHT: Final[dict[str, Style]] = {"south": south.draw, "west": west.draw}
KEPT: Final[dict[str, Style]] = {"east": east.draw}


def drawn_by(style: Style, seed: int, wanted: Wanted, dpi: int) -> Page:
    """A page with every mark that is wanted, where this style would put it."""
    kinds = (*wanted.penned, *wanted.kinds, *wanted.ordeals, *chain(*wanted.piles))
    return style(
        seed,
        kinds=kinds,
        difficulty=wanted.difficulty,
        company=wanted.company,
        dpi=dpi,
        handwritten=True if wanted.penned else None,
    )
