"""Tờ kiểm tra máy quét: the printed sheet that the operator feeds at the start of the day.

`TEST_MARKS` says what must be read of it and where; a wrong dropout colour, a wrong mode or a dirty glass
loses marks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from scanflow.forms import typeset
from scanflow.forms.marks import LEVEL_FACES, URGENCY_FACES, Face, declassified_face, svg

TEST_SHEET_ID = "scanflow-test-sheet:1"
"""Payload of the sheet's QR code; the number rises when marks move."""

INKS = {"red": "#c8102e", "black": "#1a1a1a"}


@dataclass(frozen=True, slots=True)
class TestMark:
    """A mark on the sheet.

    Attributes:
        kind: as the stamp reader names it.
        x, y: millimetres from the paper's left and top edge to the mark's bounding box, the sheet upright.
        width, height: of that box, millimetres (already exchanged where ``turn`` is 90 or 270).
        ink: ``red`` or ``black``.
        turn: degrees clockwise by which the mark itself is turned.
    """

    __test__ = False  # not a test class

    kind: str
    x: float
    y: float
    width: float
    height: float
    ink: str
    turn: int = 0


_FACES: dict[str, Face] = {**LEVEL_FACES, **URGENCY_FACES, "GIAI_MAT": declassified_face("01/01/2026")}


def _mark(kind: str, x: float, y: float, ink: str, turn: int = 0) -> TestMark:
    face = _FACES[kind]
    size = (face.height, face.width) if turn % 180 else (face.width, face.height)
    return TestMark(kind, x, y, *size, ink, turn)


TEST_MARKS: tuple[TestMark, ...] = (
    _mark("TUYET_MAT", 32, 62, "red"),
    _mark("TOI_MAT", 92, 62, "red"),
    _mark("MAT", 142, 62, "red"),
    _mark("TUYET_MAT", 32, 92, "black"),
    _mark("TOI_MAT", 92, 92, "black"),
    _mark("MAT", 142, 92, "black"),
    _mark("GIAI_MAT", 32, 122, "red"),
    _mark("KHAN", 92, 124, "red"),
    _mark("HOA_TOC", 132, 124, "red"),
    _mark("TUYET_MAT", 36, 158, "red", 90),
    _mark("TUYET_MAT", 72, 174, "red", 180),
    _mark("MAT", 132, 174, "black", 180),
)


def test_sheet_pdf(day: date) -> bytes:
    """The sheet, A4, one page, PDF/A-2b; to be printed in colour at 100 %.

    Raises:
        FontMissing, NotArchival: as for every form.
    """
    placed = [(mark, svg(_FACES[mark.kind], INKS[mark.ink]), _transform(mark)) for mark in TEST_MARKS]
    css = Markup(typeset.style_sheet("testsheet.css"))  # noqa: S704
    return typeset.set_pdf("testsheet.html.jinja", "SF-KT", placed=placed, day=day, sheet_id=TEST_SHEET_ID, css=css)


test_sheet_pdf.__test__ = False  # type: ignore[attr-defined]


def _transform(mark: TestMark) -> str:
    """CSS that turns the face within its bounding box."""
    face = _FACES[mark.kind]
    dx, dy = (mark.width - face.width) / 2, (mark.height - face.height) / 2
    return f"translate({dx:g}mm,{dy:g}mm) rotate({mark.turn}deg)"
