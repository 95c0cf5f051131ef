"""Kinds of sheet that lay in the old files, each set on an empty :class:`Sheet`."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from tools.pagegen.guests.south import words
from tools.pagegen.guests.south.canvas import Sheet
from tools.pagegen.guests.south.setters import Clerk, Printer, Setter


@dataclass(slots=True, eq=False)
class Desk:
    """What a typist has before her.

    Attributes:
        sheet: the paper.
        rng: chance.
        text: what sets the running words.
        form: what printed the blank.
        pen: the clerk's hand.
        left: margin in millimetres.
        right: margin in millimetres.
        y: base line of the next line.
        tempting: how often a sentence speaks of secrets.
    """

    sheet: Sheet
    rng: Generator
    text: Setter
    form: Printer
    pen: Clerk
    left: float
    right: float
    y: float
    tempting: float = 0.12

    @property
    def measure(self) -> float:
        """Width between the margins."""
        return self.sheet.width_mm - self.left - self.right

    @property
    def bottom(self) -> float:
        """The last base line."""
        return self.sheet.height_mm - 18

    def centred(self, text: str, middle: float, *, by: Setter | None = None, bold: bool = False) -> None:
        """Set a line about a middle."""
        setter = by or self.text
        setter.put(self.sheet, middle - setter.width(text) / 2, self.y, text, bold=bold)

    def down(self, lines: float = 1.0) -> None:
        """Turn the platen."""
        self.y += self.text.leading * lines

    def prose(self, text: str, *, x: float | None = None, wide: float | None = None, by: Setter | None = None) -> None:
        """Set a paragraph with broken lines, as far as the sheet goes."""
        setter, x, wide = by or self.text, self.left if x is None else x, wide or self.measure
        per_letter = setter.width("nghiêm túc rút kinh ") / 20
        for at, row in enumerate(textwrap.wrap(text, max(8, int(wide / per_letter) - 2), initial_indent="    ")):
            if self.y > self.bottom:
                return
            setter.put(self.sheet, x + (5 * per_letter if at == 0 else 0), self.y, row.strip())
            self.y += setter.leading

    def rule(self, x: float, y: float, length: float, width: float = 0.25) -> None:
        """A printed rule."""
        self.sheet.stroke("print", np.array([[x, y], [x + length, y]]), width)


def letterhead(desk: Desk) -> None:
    """Office on the left, state on the right, number and place below."""
    rng, wide = desk.rng, desk.sheet.width_mm
    printed = rng.random() < 0.4
    by: Setter = desk.form if printed else desk.text
    state, motto = words.STATES[int(rng.choice(3, p=[0.42, 0.5, 0.08]))]
    middle = desk.left + wide * 0.12
    rows: tuple[tuple[str, str], ...] = ((words.pick(rng, words.UPPER), state), (words.pick(rng, words.BODIES), motto))
    left = desk.left + max(by.width(office) for office, _ in rows) / 2
    right = wide - 6 - max(by.width(country) for _, country in rows) / 2
    if left * 2 - desk.left > 2 * right - wide:
        rows, left, right = (("", state), ("", motto), *((office, "") for office, _ in rows)), middle, wide / 2 + 8
    for at, (office, country) in enumerate(rows):
        desk.centred(office, left, by=by, bold=at % 2 == 1)
        desk.centred(country, right, by=by, bold=at == 0)
        desk.y += by.leading * 0.9
    mark = words.pick(rng, ("-------", "=====", "---o0o---", "* * *", "_______"))
    desk.centred(mark, left)
    desk.centred(mark, right)
    desk.down(1.4)
    desk.text.put(desk.sheet, desk.left, desk.y, f"Số: {words.number(rng)}")
    when = f"ngày {int(rng.integers(1, 29))} tháng {int(rng.integers(1, 13))} năm {words.year(rng)}"
    date = f"{words.pick(rng, words.PLACES)}, {when}"
    desk.text.put(desk.sheet, max(wide * 0.46, wide - desk.right - desk.text.width(date)), desk.y, date)
    desk.down(float(rng.uniform(1.5, 4.5)))


def title(desk: Desk, head: str | None = None) -> None:
    """What the paper calls itself, and about what."""
    rng = desk.rng
    middle = desk.left + desk.measure / 2
    spaced = head or words.pick(rng, words.ORDERS)
    if rng.random() < desk.tempting * 2 and head is None:
        spaced = words.pick(rng, words.SECRET_TITLES)
    elif rng.random() < 0.3 and len(spaced) < 14:
        spaced = " ".join(spaced)
    per = desk.text.width("M" * 10) / 10
    for row in textwrap.wrap(spaced, max(12, int(desk.measure / per))):
        desk.centred(row, middle, bold=True)
        desk.down()
    for row in textwrap.wrap(words.pick(rng, words.MATTERS), max(12, int(desk.measure * 0.8 / per))):
        desk.centred(row, middle)
        desk.down()
    desk.centred("-" * int(rng.integers(5, 14)), middle)
    desk.down(1.6)


def ending(desk: Desk) -> tuple[float, float]:
    """Recipients and signer; says where the seal and signature belong."""
    rng = desk.rng
    desk.y = max(desk.y + desk.text.leading, desk.sheet.height_mm * 0.4)
    x, top = desk.left + desk.measure * 0.72, desk.y
    for row in ("Nơi gửi:", f"- {words.pick(rng, words.BODIES)}", f"- {words.pick(rng, words.BODIES)}", "- Lưu VP"):
        if desk.text.width(row) < desk.measure * 0.5:
            desk.text.put(desk.sheet, desk.left, desk.y, row)
        desk.y += min(desk.text.leading, 5.5)
    desk.y = top
    role = words.pick(
        rng, ("TRƯỞNG TY", "T/L CHÁNH VĂN PHÒNG", "GIÁM ĐỐC", "T/M BAN PHỤ TRÁCH", "K/T CHỦ TỊCH", "Trưởng phòng")
    )
    desk.centred(role, x, bold=True)
    desk.y = top + float(rng.uniform(24, 32))
    desk.centred(words.person(rng), x)
    return x, top + 14


def letter(desk: Desk) -> None:
    """A letter, report or order."""
    letterhead(desk)
    title(desk)
    if desk.rng.random() < 0.5:
        desk.text.put(desk.sheet, desk.left + 20, desk.y, f"Kính gửi: {words.pick(desk.rng, words.BODIES)}")
        desk.down(1.3)
    stop = desk.sheet.height_mm * float(desk.rng.uniform(0.45, 0.78))
    while desk.y < min(stop, desk.sheet.height_mm - 62):
        desk.prose(words.paragraph(desk.rng, int(desk.rng.integers(1, 4)), desk.tempting))
        desk.down(0.3)
    ending(desk)


def minutes(desk: Desk) -> None:
    """Minutes: numbered talk, names before what they said, often running over the sheet."""
    if desk.rng.random() < 0.5:
        letterhead(desk)
        title(desk, "BIÊN BẢN HỌP")
    else:
        desk.centred(f"- {int(desk.rng.integers(2, 19))} -", desk.sheet.width_mm / 2)
        desk.down(2)
    turn = 1
    while desk.y < desk.bottom:
        lead = words.pick(
            desk.rng, (f"{turn}/ ", f"Đ/c {words.person(desk.rng)}: ", "+ ", f"{turn}. ", "Ý kiến khác: ")
        )
        desk.prose(lead + words.paragraph(desk.rng, int(desk.rng.integers(1, 4)), desk.tempting))
        desk.down(float(desk.rng.choice([0, 0.5])))
        turn += 1


def telegram(desk: Desk) -> None:
    """A telegram: printed blank, capitals without marks or with doubled vowels, on half a sheet."""
    rng, wide = desk.rng, desk.measure
    desk.centred("ĐIỆN BÁO", desk.left + wide / 2, by=desk.form, bold=True)
    desk.y += 5
    top = desk.y
    desk.sheet.box("print", desk.left, top, wide, 24, 0.4)
    for at, field in enumerate(("Nơi gốc", "Số điện", "Số tiếng", "Ngày, giờ gửi", "Ghi chú nghiệp vụ")):
        x = desk.left + at * wide / 5
        desk.form.put(desk.sheet, x + 1.5, top + 5, field)
        desk.sheet.stroke("print", np.array([[x, top], [x, top + 24]]), 0.25)
        value = words.pick(rng, (words.day(rng), str(int(rng.integers(10, 999))), words.pick(rng, words.PLACES)))
        desk.pen.put(desk.sheet, x + 3, top + 17, value)
    desk.y = top + 36
    talk = " ".join(words.sentence(rng) for _ in range(int(rng.integers(3, 9)))).upper()
    plain = str.maketrans({",": " PHẨY", ".": " STOP"})
    desk.prose(f"KÍNH GỬI {words.pick(rng, words.BODIES).upper()} STOP {talk.translate(plain)} HẾT")
    desk.down(1.5)
    desk.text.put(desk.sheet, desk.left + wide * 0.5, desk.y, f"KÝ TÊN {words.person(rng).upper()}")


def filled_form(desk: Desk) -> None:
    """A printed blank with dotted lines that a clerk filled, and a frame for a photograph."""
    rng = desk.rng
    letterhead(desk)
    desk.centred(words.pick(rng, ("LÝ LỊCH CÁN BỘ", "PHIẾU ĐIỀU TRA", "ĐƠN XIN VIỆC", "PHIẾU MƯỢN HỒ SƠ")),
    desk.sheet.width_mm / 2,
                 by=desk.form, bold=True)  # fmt: skip
    desk.y += 10
    if rng.random() < 0.6:
        desk.sheet.box("print", desk.left, desk.y, 28, 38)
        desk.form.put(desk.sheet, desk.left + 6, desk.y + 20, "Ảnh 3x4")
        desk.y += 46
    fields = ("Họ và tên", "Bí danh", "Ngày sinh", "Quê quán", "Thành phần", "Trình độ văn hóa", "Ngày vào ngành",
    "Chức vụ",
              "Hồ sơ được xem", "Độ mật của tài liệu (khoanh tròn): Tuyệt mật - Tối mật - Mật", "Lý do mượn",
              "Gia cảnh",
              "Khen thưởng", "Nhận xét của chi bộ", "Người giới thiệu")  # fmt: skip
    pace = float(rng.uniform(7.5, 10.5))
    for field in fields:
        if desk.y > desk.bottom - 40:
            break
        desk.form.put(desk.sheet, desk.left, desk.y, f"{field}: ")
        x = desk.left + desk.form.width(f"{field}: ") + 1
        dots = max(0, int((desk.sheet.width_mm - desk.right - x) / max(desk.form.width("."), 0.4)))
        desk.form.put(desk.sheet, x, desk.y, "." * dots)
        if rng.random() < 0.85 and dots > 30:
            value = words.pick(
                rng, (words.person(rng), words.day(rng), words.pick(rng, words.PLACES), words.pick(rng, words.NOTES))
            )
            desk.pen.put(desk.sheet, x + 4, desk.y - 0.6, value)
        if "Độ mật" in field:
            for tick in range(3):
                desk.sheet.box("print", x + 6 + tick * 9, desk.y - 3, 3.2, 3.2)
        desk.y += pace
    ending(desk)


Painter = Callable[[Desk], None]
