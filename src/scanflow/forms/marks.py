"""Faces of stamps as vectors in millimetres, to the norms' dimensions, for the test sheet and the copy marks.

Sources: level stamps 40/30/20 × 8 mm in two lines whose outer edges are 1 mm apart, capitals 13 pt bold
(TT 24/2020/TT-BCA, Mẫu 02); GIẢI MẬT 30 × 13 mm (Mẫu 05); urgency stamps of the same three sizes in one line
(NĐ 30/2020/NĐ-CP, Phụ lục I).
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup, escape

_POINT = 25.4 / 72


@dataclass(frozen=True, slots=True)
class Face:
    """A stamp's face: width and height in millimetres, and SVG in those units drawn in ``currentColor``."""

    width: float
    height: float
    body: Markup


def letters(x: float, y: float, size_pt: float, words: str, *, bold: bool = True) -> Markup:
    """``words`` centred on ``x`` with the base line at ``y``."""
    weight = "bold" if bold else "normal"
    return Markup(
        '<text x="{}" y="{}" font-size="{}" text-anchor="middle" font-family="Tinos" font-weight="{}" '
        'fill="currentColor">{}</text>'
    ).format(f"{x:.2f}", f"{y:.2f}", f"{size_pt * _POINT:.3f}", weight, escape(words))


def box(x: float, y: float, width: float, height: float, line: float) -> Markup:
    """A rectangle whose outer edge is at ``x``, ``y``, ``width``, ``height``."""
    return Markup(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="none" stroke="currentColor" stroke-width="{}"/>'
    ).format(f"{x + line / 2:.2f}", f"{y + line / 2:.2f}", f"{width - line:.2f}", f"{height - line:.2f}", f"{line}")


def double_frame(width: float, height: float) -> Markup:
    """Two lines, 1 mm apart."""
    return box(0, 0, width, height, 0.35) + box(1, 1, width - 2, height - 2, 0.35)


def level_face(width: float, words: str) -> Face:
    """A stamp of độ mật."""
    return Face(width, 8, double_frame(width, 8) + letters(width / 2, 5.7, 13, words))


def urgency_face(width: float, words: str) -> Face:
    """A stamp of độ khẩn: the same sizes, one line."""
    return Face(width, 8, box(0, 0, width, 8, 0.45) + letters(width / 2, 5.7, 13, words))


def declassified_face(since: str) -> Face:
    """GIẢI MẬT 14 pt with its date (norm: 13 pt, written by hand; 12 pt here so that ten figures fit)."""
    lines = letters(15, 6.1, 14, "GIẢI MẬT") + letters(15, 10.9, 12, f"Từ: {since}", bold=False)
    return Face(30, 13, double_frame(30, 13) + lines)


LEVEL_FACES = {
    "TUYET_MAT": level_face(40, "TUYỆT MẬT"),
    "TOI_MAT": level_face(30, "TỐI MẬT"),
    "MAT": level_face(20, "MẬT"),
}
URGENCY_FACES = {
    "THUONG_KHAN": urgency_face(40, "THƯỢNG KHẨN"),
    "HOA_TOC": urgency_face(30, "HỎA TỐC"),
    "KHAN": urgency_face(20, "KHẨN"),
}


def svg(face: Face, colour: str) -> Markup:
    """The face as inline SVG in its real size, in ``colour``."""
    size = f"{face.width:g}", f"{face.height:g}"
    # WeasyPrint's SVG knows no currentColor.
    body = face.body.replace("currentColor", colour)
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{}mm" height="{}mm" viewBox="0 0 {} {}">{}</svg>'
    ).format(*size, *size, body)
