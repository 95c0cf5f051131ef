"""Tờ ngăn cách: one page a document, its QR large enough for any scan; put before the document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from scanflow.forms import fonts, typeset
from scanflow.forms.errors import NothingToPrint


@dataclass(frozen=True, slots=True)
class Separator:
    """One separator.

    Attributes:
        payload: opaque text of the QR code, with batch, document and check value.
        batch: for people.
        ordinal: STT of the document that follows.
        name: dossier code and serial; may be empty.
        sheets: how many sheets follow, for the person who assembles the stack; None leaves it out.
    """

    payload: str
    batch: str
    ordinal: int
    name: str = ""
    sheets: int | None = None


def separators_pdf(separators: Sequence[Separator], day: date) -> bytes:
    """One A4 page for each, in order, as PDF/A-2b; the same input gives the same bytes.

    Raises:
        NothingToPrint: no separator.
        HeadTooLong: a payload is empty or too long.
        GlyphMissing, FontMissing, NotArchival: as for every form.
    """
    if not separators:
        raise NothingToPrint()
    fonts.require_glyphs("\n".join(f"{s.batch}\n{s.name}" for s in separators))
    css = Markup(typeset.style_sheet("separators.css"))  # noqa: S704
    return typeset.set_pdf("separators.html.jinja", "SF-NC", separators=separators, day=day, css=css)
