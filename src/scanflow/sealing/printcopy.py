"""Printing a digitised secret back: the marks on a copy (in bản sao tài liệu bí mật nhà nước từ bản số hóa).

The first page carries BẢN SAO SỐ (top left, clear of the agency's signature) with the number of the copy, the
last page BẢN SAO BÍ MẬT NHÀ NƯỚC with the form of copying, time, quantity, addressees and the authority that
permits it, with room for signature and seal (Luật Bảo vệ bí mật nhà nước, Điều 11; CV 1479/BCA-ANCTNB
III.3.3; NĐ 26/2020 Điều 3: exactly the permitted number). The official sizes of the two marks were not found;
theirs here are sensible, not official. The copies stay in memory and go to the printer; each is told to the
caller before it is handed over, so that the copying register has its line first.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from scanflow.levels import Level
from scanflow.sealing.errors import CopyOrderRefused, TopSecretRefused
from scanflow.sealing.typeset import Cut, SetFont

_RED = b"0.8 0 0 rg 0.8 0 0 RG"
_SIZE, _LEADING = 13.0, 16.0
_SMALL, _SMALL_LEADING = 10.0, 13.0
_MARGIN = 28.35
_GAP = 2.83
"""1 mm between the two lines of the border, as on the level marks (TT 24/2020/TT-BCA)."""
_PADDING = 5.67
_SIGNATURE_ROOM = 62.0
_MOST_WIDE = 255.0
"""90 mm: longer lines are broken between words, so that a long name stays on the page."""
_MOST_COPIES = 200


class CopyForm(StrEnum):
    """Form of copying (hình thức sao)."""

    ORIGINAL = "Sao y bản chính"
    COPY = "Sao lục"


@dataclass(frozen=True, slots=True)
class CopyOrder:
    """What a person with authority permitted, in writing.

    Attributes:
        document: opaque name of the document (`DocumentFacts.name`).
        level: its level.
        form: sao y bản chính or sao lục.
        authority: the position of who permits it, as the copying register asks.
        addressees: nơi nhận, one for each copy.
        permitted: the number of copies permitted.
        first_number: number of the first copy.
        on: day of copying.
    """

    document: str
    level: Level
    form: CopyForm
    authority: str
    addressees: tuple[str, ...]
    permitted: int
    first_number: int
    on: date

    def __post_init__(self) -> None:
        if self.level >= Level.TUYET_MAT:
            raise TopSecretRefused(document=self.document)
        if not self.authority.strip():
            raise CopyOrderRefused(why="nobody permitted it", why_vi="chưa có người có thẩm quyền cho phép")
        if not 1 <= self.permitted <= _MOST_COPIES or self.first_number < 1:
            raise CopyOrderRefused(why="no lawful number of copies", why_vi="số bản không hợp lệ")
        if len(self.addressees) != self.permitted or not all(one.strip() for one in self.addressees):
            raise CopyOrderRefused(
                why="not one addressee for each permitted copy", why_vi="nơi nhận không khớp số bản được phép"
            )

    @property
    def entries(self) -> tuple[CopyEntry, ...]:
        """The register's line of each copy."""
        return tuple(
            CopyEntry(self.document, self.level, self.form, number, self.permitted, addressee, self.authority, self.on)
            for number, addressee in enumerate(self.addressees, start=self.first_number)
        )


@dataclass(frozen=True, slots=True)
class CopyEntry:
    """One copy, as the copying register lists it (sổ quản lý sao, chụp bí mật nhà nước)."""

    document: str
    level: Level
    form: CopyForm
    number: int
    of: int
    addressee: str
    authority: str
    on: date


def make_copies(data: bytes, order: CopyOrder, enter: Callable[[CopyEntry], None]) -> Iterator[bytes]:
    """The permitted copies, one by one, each entered before it is handed over; never one more.

    Args:
        data: the document's PDF, from `open_container`.
        order: what was permitted.
        enter: writes the register's and the ledger's entry; if it raises, that copy is not handed over.

    Yields:
        The PDF of the next copy, for the printer.

    Raises:
        FontMissing: the font of the marks is not there.
    """
    for entry in order.entries:
        copy = _marked(data, entry)
        enter(entry)
        yield copy


def _marked(data: bytes, entry: CopyEntry) -> bytes:
    first = (f"BẢN SAO SỐ: {entry.number:02d}",)
    title = ("BẢN SAO BÍ MẬT NHÀ NƯỚC",)
    lines = (
        f"Hình thức sao: {entry.form}",
        f"Thời gian sao: ngày {entry.on:%d} tháng {entry.on:%m} năm {entry.on:%Y}",
        f"Số lượng: {entry.of:02d} bản; bản số: {entry.number:02d}",
        f"Nơi nhận: {entry.addressee}",
        f"Thẩm quyền cho phép: {entry.authority}",
        "(Ký, ghi rõ họ tên, đóng dấu)",
    )
    bold, regular = SetFont(Cut.BOLD, first + title), SetFont(Cut.REGULAR, lines)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        fonts = Dictionary(B=bold.to_object(pdf), R=regular.to_object(pdf))
        head = _Mark(first, bold, (), regular, 0.0)
        foot = _Mark(title, bold, _broken(lines, regular), regular, _SIGNATURE_ROOM)
        opening, closing = pdf.pages[0], pdf.pages[-1]
        _put(pdf, opening, head, fonts, _MARGIN, float(opening.mediabox[3]) - _MARGIN - head.height)
        _put(pdf, closing, foot, fonts, float(closing.mediabox[2]) - _MARGIN - foot.width, _MARGIN)
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _broken(lines: tuple[str, ...], font: SetFont) -> tuple[str, ...]:
    """The small lines, none wider than the mark may be (but for a single word that is)."""
    broken: list[str] = []
    for line in lines:
        rest = ""
        for word in line.split():
            longer = f"{rest} {word}".strip()
            if rest and font.width(longer, _SMALL) > _MOST_WIDE:
                broken.append(rest)
                longer = word
            rest = longer
        broken.append(rest)
    return tuple(broken)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A mark with a double border: bold lines, small ones below, room for signature and seal at the foot."""

    bold: tuple[str, ...]
    bold_font: SetFont
    small: tuple[str, ...]
    small_font: SetFont
    room: float

    @property
    def width(self) -> float:
        bold = [self.bold_font.width(line, _SIZE) for line in self.bold]
        small = [self.small_font.width(line, _SMALL) for line in self.small]
        return max(bold + small) + 2 * (_PADDING + _GAP)

    @property
    def height(self) -> float:
        text = _LEADING * len(self.bold) + _SMALL_LEADING * len(self.small)
        return text + self.room + 2 * (_PADDING + _GAP) - 4

    def content(self) -> bytes:
        inner = (_GAP, _GAP, self.width - 2 * _GAP, self.height - 2 * _GAP)
        parts = [
            _RED,
            b"1 w 0 0 %.2f %.2f re S" % (self.width, self.height),
            b"%.2f %.2f %.2f %.2f re S BT" % inner,
        ]
        top = self.height - _PADDING - _GAP + 3
        for line in self.bold:
            top -= _LEADING
            left = (self.width - self.bold_font.width(line, _SIZE)) / 2
            parts.append(b"/B %.1f Tf 1 0 0 1 %.2f %.2f Tm %s Tj" % (_SIZE, left, top, self.bold_font.encode(line)))
        for line in self.small:
            top -= _SMALL_LEADING
            left = _PADDING + _GAP
            operand = self.small_font.encode(line)
            parts.append(b"/R %.1f Tf 1 0 0 1 %.2f %.2f Tm %s Tj" % (_SMALL, left, top, operand))
        return b"\n".join([*parts, b"ET"])


def _put(pdf: Pdf, page: pikepdf.Page, mark: _Mark, fonts: Dictionary, left: float, bottom: float) -> None:
    """Lay a mark over a page, its lower left corner at the point given."""
    form = pdf.make_stream(
        mark.content(),
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([-1, -1, round(mark.width) + 1, round(mark.height) + 1]),
        Resources=Dictionary(Font=fonts),
    )
    name = page.add_resource(form, Name.XObject)
    page.contents_add(pdf.make_stream(b"q"), prepend=True)
    page.contents_add(pdf.make_stream(b"Q q 1 0 0 1 %.2f %.2f cm %s Do Q" % (left, bottom, str(name).encode())))
