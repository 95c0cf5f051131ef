"""What was read on a page: words in their places, a line a line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f\ud800-\udfff]|[^\u0000-\uffff]")
"""What no word has: the PDF's text layer writes two bytes a character, and a space parts words."""
_APART = 1.5
"""Gaps wider than this many heights of the line part it; between words they are a third of one."""


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word; horizontal extent in pixels of the OCR image."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text, pixels of the OCR image, y down.

    Attributes:
        baseline: y of the baseline at the middle of the line.
        size: height of the line's letters from descender to ascender.
        words: in reading order, left to right.
    """

    baseline: float
    size: float
    words: tuple[Word, ...]

    @property
    def parts(self) -> tuple[tuple[Word, ...], ...]:
        """Its words, cut where a wide gap sets them apart: columns, cells, a mark beside a heading."""
        cuts = [0]
        for place, (word, following) in enumerate(pairwise(self.words), start=1):
            if following.left - word.right > _APART * self.size:
                cuts.append(place)
        ends = [*cuts[1:], len(self.words)]
        return tuple(self.words[a:b] for a, b in zip(cuts, ends, strict=True))


@dataclass(frozen=True, slots=True)
class TextLayer:
    """What OCR read on one page.

    Attributes:
        dpi: of the image it saw.
        lines: in reading order.
        page_number: read in the margin by a look of its own (`scanflow.ocr.margin`); no part of the PDF's text.
    """

    dpi: int
    lines: tuple[Line, ...]
    page_number: int | None = None

    @property
    def text(self) -> str:
        """Plain text, a line a line."""
        return "\n".join(" ".join(word.text for word in line.words) for line in self.lines)
