"""Sheets with lines on them: lists, registers, index cards, maps, covers, columns of print, slogans in frames."""

from __future__ import annotations

import numpy as np

from tools.pagegen.guests.south import words
from tools.pagegen.guests.south.canvas import Points, clouds
from tools.pagegen.guests.south.pages import Desk, ending, letterhead, title
from tools.pagegen.guests.south.setters import Setter


def table(desk: Desk, heads: tuple[str, ...], shares: tuple[float, ...], rows: int, secret: bool) -> None:
    """A ruled table whose cells are typed or written."""
    rng, x0, top = desk.rng, desk.left, desk.y
    setter: Setter = desk.pen if rng.random() < 0.4 else desk.text
    pace = max(setter.leading * 0.95, float(rng.uniform(5.5, 9)))
    rows = max(2, min(rows, int((desk.bottom - 48 - top) / pace)))
    edges = x0 + np.concatenate([[0], np.cumsum(shares)]) / sum(shares) * desk.measure
    for at in range(rows + 2):
        y = top + at * pace
        if at < 2 or at == rows + 1 or rng.random() < 0.93:
            desk.sheet.stroke("print", np.array([[x0, y], [edges[-1], y + rng.normal(0, 0.2)]]), 0.22)
    for edge in edges:
        desk.sheet.stroke("print", np.array([[edge, top], [edge + rng.normal(0, 0.2), top + (rows + 1) * pace]]), 0.22)
    for column, head in enumerate(heads):
        _cell(desk, desk.form, edges, column, top + pace * 0.72, head)
        for at in range(rows):
            value = _value(desk, head, at, secret)
            _cell(desk, setter, edges, column, top + (at + 1.72) * pace, value)
    desk.y = top + (rows + 2) * pace


def _cell(desk: Desk, setter: Setter, edges: Points, column: int, y: float, value: str) -> None:
    room = float(edges[column + 1] - edges[column]) - 2
    letters = max(1, int(room / max(setter.width("nhân dân ở") / 10, 0.1)))
    setter.put(desk.sheet, float(edges[column]) + 1, y, value[:letters].strip() or "-")


def _value(desk: Desk, head: str, at: int, secret: bool) -> str:
    rng = desk.rng
    if head == "TT":
        return str(at + 1)
    if head == "Độ mật":
        return words.pick(rng, words.LEVEL_CELLS if secret else ("", "Thường", "Mật", '"'))
    if head in ("Họ và tên", "Ký nhận", "Người nhận"):
        return words.person(rng)
    if head in ("Ngày", "Năm sinh"):
        return words.day(rng)
    if head in ("Tên hàng", "Trích yếu"):
        return words.pick(rng, words.GOODS if head == "Tên hàng" else words.MATTERS)
    return words.pick(rng, (str(int(rng.integers(1, 999))), words.number(rng), "nt", "kg", "01", "-"))


def register(desk: Desk) -> None:
    """A page of the register of papers, with a column for the level."""
    title(desk, words.pick(desk.rng, words.SECRET_TITLES))
    heads = ("TT", "Ngày", "Số, ký hiệu", "Trích yếu", "Độ mật", "Số bản", "Ký nhận")
    table(desk, heads, (1, 2, 2.4, 6, 2.4, 1.2, 2.8), 40, secret=True)


def goods_list(desk: Desk) -> None:
    """A list of goods or people under a letterhead."""
    letterhead(desk)
    title(desk)
    if desk.rng.random() < 0.5:
        table(
            desk,
            ("TT", "Tên hàng", "Đơn vị", "Số lượng", "Ghi chú"),
            (1, 5, 1.6, 2, 3),
            int(desk.rng.integers(6, 24)),
            secret=False,
        )
    else:
        table(
            desk,
            ("TT", "Họ và tên", "Năm sinh", "Nơi ở", "Độ mật"),
            (1, 5, 2, 2, 2.4),
            int(desk.rng.integers(6, 20)),
            secret=True,
        )
    ending(desk)


def card(desk: Desk) -> None:
    """An index card of the archive: two rules, a hole at the foot, few words."""
    wide = desk.measure
    desk.form.put(desk.sheet, desk.left, desk.y, f"KHO LƯU TRỮ {words.pick(desk.rng, words.PLACES).upper()}", bold=True)
    desk.y += 5
    desk.rule(desk.left, desk.y, wide, 0.5)
    desk.rule(desk.left + 32, desk.y, 0.01)
    for field in ("Phông số", "Mục lục", "Đơn vị bảo quản", "Tiêu đề", "Số tờ", "Bắt đầu / kết thúc", "Ghi chú"):
        desk.y += 11
        desk.form.put(desk.sheet, desk.left, desk.y, field)
        value = words.pick(desk.rng, words.MATTERS) if field == "Tiêu đề" else words.number(desk.rng)
        setter: Setter = desk.pen if desk.rng.random() < 0.6 else desk.text
        setter.put(desk.sheet, desk.left + 36, desk.y, value[: int(wide / 4)])
        desk.rule(desk.left, desk.y + 2, wide, 0.15)


def cover(desk: Desk) -> None:
    """The cover of a file or an envelope: office above, big words in the middle, a number by pen."""
    middle = desk.sheet.width_mm / 2
    for row in (words.pick(desk.rng, words.UPPER), words.pick(desk.rng, words.BODIES)):
        desk.centred(row, middle, by=desk.form, bold=True)
        desk.y += 7
    desk.y = desk.sheet.height_mm * 0.38
    desk.centred(
        words.pick(desk.rng, ("HỒ SƠ", "TẬP LƯU CÔNG VĂN ĐI", "SỔ NHẬT KÝ", "CẶP SỐ 3")),
        middle,
        by=desk.form,
        bold=True,
    )
    for _ in range(int(desk.rng.integers(2, 6))):
        desk.y += 11
        desk.pen.put(desk.sheet, desk.left + 8, desk.y, words.pick(desk.rng, words.MATTERS)[: int(desk.measure / 4)])
        desk.rule(desk.left, desk.y + 1.8, desk.measure, 0.15)
    if desk.rng.random() < 0.5:
        desk.sheet.box("print", desk.left - 8, 12, desk.measure + 16, desk.sheet.height_mm - 24, 0.7)


def chart(desk: Desk) -> None:
    """A map drawn by pen, with height lines, a river and a legend in a frame."""
    rng, sheet = desk.rng, desk.sheet
    wide, tall = desk.measure, sheet.height_mm - desk.y - 30
    x0, y0 = desk.left, desk.y
    desk.centred(f"SƠ ĐỒ KHU {words.pick(rng, words.PLACES).upper()}  TỶ LỆ 1:5000", sheet.width_mm / 2, bold=True)
    sheet.box("print", x0, y0 + 4, wide, tall, 0.6)
    hills = clouds(rng, (90, 70), 16)
    for level in (-1.2, -0.5, 0.2, 0.8, 1.4):
        for row in range(3, 87, 2):
            cross = np.nonzero(np.diff(np.sign(hills[row] - level)))[0]
            for column in cross:
                at = np.array([[x0 + column / 70 * wide, y0 + 4 + row / 90 * tall]])
                lean = hills[row + 1 : row + 3, column].sum() - hills[row - 2 : row, column].sum()
                sheet.stroke("pen", at + np.array([[-lean * 1.5, -tall / 100], [lean * 1.5, tall / 100]]), 0.22, 190)
    river = np.cumsum(rng.normal(0, 6, 14)) + wide * 0.5
    bank = np.stack([x0 + np.clip(river, 6, wide - 6), np.linspace(y0 + 4, y0 + 4 + tall, 14)], 1)
    for shift in (0.0, 2.4):
        sheet.stroke("pen", bank + np.array([shift, 0]), 0.35)
    for _ in range(9):
        desk.pen.put(sheet, x0 + float(rng.uniform(4, wide * 0.7)), y0 + float(rng.uniform(14, tall * 0.7)),
                     words.pick(rng, (*words.PLACES, "Kho", "Đèo", "Bến đò", "Lò gạch", "h. 214")))  # fmt: skip
    sheet.box("print", x0 + wide * 0.55, y0 + tall * 0.72, wide * 0.42, tall * 0.26, 0.35)
    desk.y = y0 + tall * 0.72 + 7
    for note in ("CHÚ DẪN", "- đường mòn", "- hầm, hào", f"- {words.pick(rng, words.GOODS)}", "- mật độ dân: thưa"):
        desk.text.put(sheet, x0 + wide * 0.57, desk.y, note)
        desk.y += min(desk.text.leading, 7)


def columns(desk: Desk) -> None:
    """Two columns of small print, as in a gazette or a pamphlet on vigilance."""
    desk.centred(words.pick(desk.rng, words.SECRET_TITLES), desk.sheet.width_mm / 2, by=desk.form, bold=True)
    desk.rule(desk.left, desk.y + 3, desk.measure, 0.6)
    top, half = desk.y + 12, desk.measure / 2 - 4
    for column in range(2):
        desk.y = top
        while desk.y < desk.bottom:
            desk.prose(words.paragraph(desk.rng, 3, 0.3), x=desk.left + column * (half + 8), wide=half, by=desk.form)
            desk.y += 1.5
    desk.rule(desk.left + half + 4, top - 4, 0.01)


def slogans(desk: Desk) -> None:
    """A sheet of labels to be cut out: words in frames that only resemble a mark."""
    title(
        desk,
        words.pick(desk.rng, ("MẪU NHÃN DÁN KHO", "BẢNG TREO TRONG XƯỞNG", "TỪ VỰNG ĐIỆN TÍN", "KHẨU HIỆU TREO TƯỜNG")),
    )
    for at in range(int(desk.rng.integers(4, 11))):
        x = desk.left + (at % 2) * desk.measure / 2
        label = words.pick(desk.rng, words.FRAMED)
        wide = desk.text.width(label) + 8
        if wide < desk.measure / 2:
            desk.sheet.box("print", x, desk.y - 6, wide, 9, 0.4)
            if desk.rng.random() < 0.4:
                desk.sheet.box("print", x + 1, desk.y - 5, wide - 2, 7, 0.25)
        desk.text.put(desk.sheet, x + 4, desk.y, label, bold=True)
        desk.y += 15 * (at % 2)
    desk.y += 14
    desk.prose(words.paragraph(desk.rng, 4, 0.5))
