"""Marks on the printed copy of a digitised secret: BẢN SAO SỐ on page 1, BẢN SAO BÍ MẬT NHÀ NƯỚC on the last.

Source: TT 104/2021/TT-BCA Điều 4 and NĐ 26/2020/NĐ-CP for what stands on them. Their sizes are not
known: the ones here are provisional. Ink is red; the agency's seal and the signature are put on by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from scanflow.forms import fonts, typeset
from scanflow.forms.words import long_date

PROVISIONAL = "Kích thước dấu BẢN SAO SỐ và BẢN SAO BÍ MẬT NHÀ NƯỚC chưa có nguồn; hình ở đây là tạm thời."


@dataclass(frozen=True, slots=True)
class CopyMark:
    """What the mark BẢN SAO BÍ MẬT NHÀ NƯỚC states.

    Attributes:
        body: cơ quan sao.
        form: hình thức sao, such as "Sao y bản chính".
        day: ngày sao.
        copies: số lượng bản sao.
        recipients: nơi nhận.
        authority: quyền hạn, chức vụ of who allows the copy, line by line.
        signer: full name, printed below the room for the signature; may be empty.
    """

    body: str
    form: str
    day: date
    copies: int
    recipients: str
    authority: str
    signer: str = ""

    def __post_init__(self) -> None:
        if self.copies < 1:
            raise ValueError("a copy mark states at least one copy")


def copy_number_overlay(number: int, day: date, *, x: float = 31, y: float = 7) -> bytes:
    """One transparent A4 page that bears BẢN SAO SỐ at ``x``, ``y`` millimetres, to lay over page 1.

    Raises:
        ValueError: the number is below 1.
        FontMissing, NotArchival: as for every form.
    """
    if number < 1:
        raise ValueError("copies are numbered from 1")
    return _page("number", day, x=x, y=y, number=f"{number:02d}")


def copy_mark_overlay(mark: CopyMark, *, x: float = 31, y: float = 205) -> bytes:
    """One transparent A4 page that bears BẢN SAO BÍ MẬT NHÀ NƯỚC (90 × 72 mm), to lay over the last page.

    Raises:
        GlyphMissing, FontMissing, NotArchival: as for every form.
    """
    return _page("mark", mark.day, x=x, y=y, mark=mark)


def copy_mark_page(mark: CopyMark) -> bytes:
    """The same mark on a page of its own, where the last page has no room for it."""
    return _page("page", mark.day, x=60, y=40, mark=mark)


def _page(what: str, day: date, *, x: float, y: float, mark: CopyMark | None = None, number: str = "") -> bytes:
    if mark is not None:
        words = (mark.body, mark.form, mark.recipients, mark.authority, mark.signer)
        fonts.require_glyphs("\n".join(words))
    css = Markup(typeset.style_sheet("copymarks.css"))  # noqa: S704
    return typeset.set_pdf(
        "copymarks.html.jinja", "SF-BS", what=what, day=day, x=x, y=y, mark=mark, number=number, css=css,
        day_words=long_date(day),
    )  # fmt: skip
