"""Loose office paper: letters, forms, cards, envelopes, folders, tables of figures, invoices."""

from __future__ import annotations

from tools.pagegen.guests.west import hand, words
from tools.pagegen.guests.west.sheet import BLUE, RED, Sheet


def letter(s: Sheet) -> None:
    """An official letter, report or minutes; its head sometimes printed in red, often typed unevenly."""
    left, right, size = s.between(22, 34), s.width - s.between(12, 20), s.between(10.5, 13.5)
    y, red = s.between(12, 24), RED if s.chance(0.22) else None
    a, b = left + (right - left) * 0.22, left + (right - left) * 0.72
    body = words.pick(s.rng, words.BODIES).upper()
    s.text(a, y, body, size - 1, "bold", "ma", red, (right - left) * 0.44)
    s.text(b, y, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size - 0.5, "bold", "ma", red, (right - left) * 0.54)
    s.text(b, y + 6, "Độc lập - Tự do - Hạnh phúc", size, "bold", "ma", red)
    s.rule(b - 22, y + 11.6, b + 22, y + 11.6, 0.25, red)
    s.rule(a - 11, y + 6, a + 11, y + 6, 0.25, red)
    s.text(a, y + 9, f"Số: {words.number(s.rng)}", size, anchor="ma")
    where = f"{words.pick(s.rng, words.PLACES)}, {words.date(s.rng, 2)}"
    s.text(b, y + 14, where, size, "italic", "ma")
    s.spots += [(a, y + 24), (b + 16, 8), (a, y + 34), (left + 14, y + 22), (a, s.height * 0.5)]
    y += s.between(36, 50)
    s.text((left + right) / 2, y, words.heading(s.rng, s.trap), size + 1.5, "bold", "mm", room=right - left)
    y += 9
    if s.chance(0.5):
        s.text(
            (left + right) / 2,
            y,
            f"Kính gửi: {words.pick(s.rng, words.BODIES)}",
            size,
            "plain",
            "mm",
            room=right - left,
        )
        y += 8
    for k in range(int(s.rng.integers(2, 8))):
        said = f"{k + 1}. " * s.chance(0.5) + words.prose(s.rng, int(s.rng.integers(1, 5)), s.trap)
        y = s.flow(left, y, right - left, said, size, indent=10, bottom=s.height - 62) + 1.5
    if s.chance(s.trap):
        y = tick_boxes(s, left, y + 2)
    y = min(y + 6, s.height - 58)
    s.text(left, y, "Nơi nhận:", size - 1.5, "bold")
    for k in range(3):
        s.text(left, y + 5 + 4.5 * k, f"- {words.pick(s.rng, words.BODIES)};" if k < 2 else "- Lưu: VT.", size - 2.5)
    s.text(
        b,
        y,
        words.pick(s.rng, ("GIÁM ĐỐC", "KT. TRƯỞNG BAN", "TM. TỔ KIỂM TRA", "NGƯỜI LẬP", "CHỦ NHIỆM")),
        size,
        "bold",
        "ma",
    )
    s.text(b, y + 34, words.person(s.rng), size, "bold", "ma")
    s.spots += [(b, y + 17)]


def tick_boxes(s: Sheet, x: float, y: float) -> float:
    """A row of boxes to tick, the levels as choices among others."""
    s.text(x, y, "Độ mật đề nghị:", 11)
    x += 34
    for said in ("Tuyệt mật", "Tối mật", "Mật", "Thường"):
        s.box(x, y + 0.4, 3.4, 3.4, 0.25)
        if said == "Thường":
            s.rule(x, y + 0.4, x + 3.4, y + 3.8, 0.4)
            s.rule(x + 3.4, y + 0.4, x, y + 3.8, 0.4)
        x += 6 + s.text(x + 5, y, said, 11) + 5
    return y + 8


def form(s: Sheet) -> None:
    """A questionnaire or application with dotted lines and boxes."""
    left, right, y = 20.0, s.width - 16, s.between(14, 40)
    s.text(s.width / 2, y, words.heading(s.rng, s.trap), 15, "bold", "mm", room=right - left)
    s.text(s.width / 2, y + 7, "(Mỗi người khai một bản, viết bằng mực)", 10, "italic", "mm")
    y += 16
    how = hand.a_hand(s.rng)
    asked = (
        "Họ và tên",
        "Ngày sinh",
        "Nơi công tác",
        "Chức vụ",
        "Lý do mượn",
        "Số hồ sơ",
        "Nhận xét của tổ",
        "Hộ khẩu",
        "Độ mật",
    )
    k, ticked = 0, False
    while y < s.height - 50:
        k += 1
        if s.chance(0.2):
            y = s.flow(left, y, right - left, f"{k}. {words.sentence(s.rng, s.trap)}", 11, bottom=s.height - 40) + 1
            for choice in ("Có", "Không", "Chưa rõ"):
                s.ring(left + 10, y + 2.4, 1.6)
                s.text(left + 14, y, choice, 11)
                y += 5.6
        elif s.chance(0.12 + s.trap / 3):
            y = _comb(s, left, y) if ticked or not s.chance(s.trap) else tick_boxes(s, left, y)
            ticked = True
        else:
            wide = s.text(left, y, f"{k}. {words.pick(s.rng, asked)}:", 11)
            for dot in range(int((right - left - wide) / 1.3)):
                s.text(left + wide + 1 + dot * 1.3, y, ".", 11)
            if s.chance(0.6):
                s.write(left + wide + 4, y + 3.6, words.person(s.rng) if s.chance(0.5) else words.date(s.rng), 2.8, how)
            y += 8.5
    s.text(right - 40, s.height - 38, "Người khai ký tên", 11, "bold", "ma")
    s.spots += [(left + 22, 9), (right - 26, 10), (right - 40, s.height - 22), (left + 40, s.height * 0.45)]


def _comb(s: Sheet, x: float, y: float) -> float:
    for k in range(12):
        s.box(x + 40 + k * 6, y, 6, 7, 0.2)
        if s.chance(0.7):
            s.text(x + 43 + k * 6, y + 3.5, str(s.rng.integers(10)), 11, anchor="mm")
    s.text(x, y + 1.5, "Mã số:", 11)
    return y + 11


def card(s: Sheet) -> None:
    """An index card of a catalogue."""
    tint = RED if s.chance(0.4) else s.ink
    s.text(8, 6, f"{s.rng.integers(100, 999)}.{s.rng.integers(1, 99)}", 13, "bold")
    s.rule(0, 16, s.width, 16, 0.3, tint)
    s.rule(24, 0, 24, s.height, 0.2, tint)
    s.text(27, 7, words.heading(s.rng, s.trap), 11, "bold", room=s.width - 32)
    y = s.flow(27, 19, s.width - 32, words.prose(s.rng, 2, s.trap), 10, bottom=s.height - 18)
    how = hand.a_hand(s.rng)
    s.write(27, min(y + 8, s.height - 10), f"{words.person(s.rng)} {words.date(s.rng, 1)}", 2.8, how)
    for k in range(2, int((s.height - 16) / 7.5)):
        s.rule(0, 16 + k * 7.5, s.width, 16 + k * 7.5, 0.1, (170, 190, 210))
    s.ring(s.width / 2, s.height - 5, 3, 0.3)
    s.spots += [(s.width * 0.6, s.height * 0.62), (s.width - 26, s.height - 9), (s.width * 0.3, s.height * 0.8)]


def envelope(s: Sheet) -> None:
    """The outside of an envelope: sender, address, number, flaps seen through."""
    s.text(10, 9, words.pick(s.rng, words.BODIES).upper(), 10.5, "bold", room=s.width * 0.5)
    s.text(10, 15, f"Số: {words.number(s.rng)}", 10.5)
    how = hand.a_hand(s.rng)
    x, y = s.width * 0.4, s.height * 0.52
    typed = s.chance(0.5)
    for k, said in enumerate(
        ("Kính gửi:", words.pick(s.rng, words.BODIES), f"{words.pick(s.rng, words.PLACES)}, tỉnh Hà Trung")
    ):
        if typed or not k:
            s.text(x, y + k * 9 - 4, said, 13, "bold" if k == 1 else "plain", room=s.width - x - 8)
        else:
            s.write(x, y + k * 9, said, min(3.6, (s.width - x - 8) / len(said) * 1.2), how)
    for k in range(3):
        s.rule(x, y + 1.5 + k * 9, s.width - 10, y + 1.5 + k * 9, 0.12)
    if s.chance(0.4):
        for k in range(int(s.width / 9)):
            for yy in (0.0, s.height - 2.5):
                s.box(k * 9, yy, 4, 2.5, 0, fill=(RED, BLUE)[k % 2])
    if s.chance(0.5):
        s.box(
            s.width - 28,
            7,
            21,
            25,
            0.3,
            fill=((190, 120, 90), (110, 150, 130), (150, 140, 180))[int(s.rng.integers(3))],
        )
        s.text(s.width - 17.5, 26, f"{s.rng.integers(2, 9)}00đ", 9, "bold", "mm")
        s.ring(s.width - 34, 26, 11, 0.4)
    s.spots += [
        (s.width * 0.22, s.height * 0.4),
        (s.width * 0.2, s.height * 0.72),
        (s.width * 0.55, s.height * 0.2),
        (s.width * 0.8, s.height * 0.4),
    ]


def folder(s: Sheet) -> None:
    """The cover of a file or a folder with a pasted label."""
    s.text(s.width / 2, 26, words.pick(s.rng, words.BODIES).upper(), 14, "bold", "mm", room=s.width - 40)
    s.text(
        s.width / 2,
        74,
        words.pick(s.rng, ("HỒ SƠ", "CẶP LƯU", "TẬP CÔNG VĂN", "SỔ THEO DÕI", "KHO B - HỘP 14")),
        40,
        "bold",
        "mm",
    )
    y = s.flow(40, 96, s.width - 80, words.heading(s.rng, s.trap), 20, "bold", justify=False) + 6
    how = hand.a_hand(s.rng, 0.11)
    for said in ("Từ ngày", "Đến ngày", "Số tờ", "Thời hạn bảo quản", "Phông số"):
        wide = s.text(44, y, f"{said}:", 14)
        s.rule(46 + wide, y + 5, s.width - 40, y + 5, 0.15)
        s.write(52 + wide, y + 4.4, words.date(s.rng, 1) if "ngày" in said else str(s.rng.integers(5, 300)), 4, how)
        y += 11
    if s.chance(0.6):
        s.box(28, 58, s.width - 56, y - 50, s.between(0.3, 1.4))
    if s.chance(0.4):
        s.box(0, s.height * 0.1, 7, s.height * 0.8, 0, fill=(70, 60, 60))
    s.spots += [(s.width * 0.3, 45), (s.width - 46, 12), (s.width / 2, y + 22), (s.width * 0.7, s.height - 30)]
