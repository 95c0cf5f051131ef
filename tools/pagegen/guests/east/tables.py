"""Pages ruled in rows: registers, lists, annexes, forms with boxes to tick, glossaries, plans."""

from __future__ import annotations

from tools.pagegen.guests.east import words
from tools.pagegen.guests.east.dice import Dice
from tools.pagegen.guests.east.letters import flow, signed, title
from tools.pagegen.guests.east.place import Anchors
from tools.pagegen.guests.east.press import Press
from tools.pagegen.guests.east.voice import Voice

LEVEL_WORDS = ("Thường", "Thường", "Mật", "Tối mật", "Tuyệt mật", "-", "Thường")


def _rows(press: Press, voice: Voice, dice: Dice, columns: tuple[str, ...], count: int) -> list[tuple[str, ...]]:
    def cell(name: str, row: int) -> str:
        spoken = dice.choice(LEVEL_WORDS) if dice.chance(voice.friends * 2.5) else "Thường"
        return {
            "TT": str(row + 1), "Ngày": words.day(dice, voice.year), "Độ mật": spoken,
            "Số, ký hiệu": words.number(dice, voice.year), "Nơi gửi": words.body(dice).capitalize(),
            "Trích yếu": f"V/v {dice.choice(words.MATTERS)}", "Số tờ": str(dice.randint(1, 60)), "Ký nhận": "",
            "Đơn vị": words.place(dice), "Số lượng": str(dice.randint(2, 980)),
            "Thành tiền": f"{dice.randint(1, 99)}.000",
            "Tên hàng": dice.choice(words.MATTERS).capitalize(), "Ghi chú": dice.choice(("", "", "đủ", "thiếu bìa")),
            "Người giữ": words.person(dice),
        }[name]  # fmt: skip

    return [columns, *(tuple(cell(name, row) for name in columns) for row in range(count))]


def register(press: Press, voice: Voice, dice: Dice) -> Anchors:
    """A leaf of a register of letters."""
    name = dice.choice(words.HEADINGS).format(y=voice.year) if dice.chance(voice.headline) else "SỔ CÔNG VĂN ĐẾN"
    press.line(press.width / 2, 20, name, style="bold", align="c", most=press.width - 40)
    columns = ("TT", "Ngày", "Số, ký hiệu", "Nơi gửi", "Trích yếu", "Độ mật", "Số tờ", "Ký nhận")
    share = (0.05, 0.1, 0.14, 0.19, 0.26, 0.1, 0.06, 0.1)
    room, pitch = press.width - 28, dice.uniform(7, 10)
    count = int((press.height - 46) / pitch) - 1
    table = _rows(press, voice, dice, columns, count if dice.chance(0.6) else dice.randint(4, count))
    low = press.table(14, 27, tuple(s * room for s in share), table, pitch=pitch, points=9.5)
    return Anchors((42, 14), (press.width * 0.8, min(low + 12, press.height - 24)), (press.width / 2, 20))


def annex(press: Press, voice: Voice, dice: Dice) -> Anchors:
    """An annex with a table of goods, holders or files."""
    press.line(press.width / 2, 22, f"PHỤ LỤC SỐ {dice.randint(1, 9):02d}", style="bold", align="c")
    named = dice.choice(("DANH SÁCH", "BẢNG KÊ", "DANH MỤC HỒ SƠ", "BIỂU TỔNG HỢP"))
    y = title(press, 25, voice, dice, named)
    columns, share = dice.choice((
        (("TT", "Tên hàng", "Đơn vị", "Số lượng", "Thành tiền", "Ghi chú"), (0.07, 0.37, 0.19, 0.11, 0.13, 0.13)),
        (("TT", "Trích yếu", "Người giữ", "Độ mật", "Số tờ"), (0.07, 0.4, 0.27, 0.16, 0.1)),
        (("TT", "Số, ký hiệu", "Ngày", "Trích yếu", "Độ mật"), (0.08, 0.2, 0.17, 0.38, 0.17)),
    ))  # fmt: skip
    room = press.width - 46
    count = dice.randint(6, int((press.height - y - 70) / 8))
    low = press.table(28, y + 8, tuple(s * room for s in share), _rows(press, voice, dice, columns, count), pitch=8)
    signer = signed(press, low + 12, voice, dice) if low < press.height - 55 else (press.width * 0.7, low)
    return Anchors((48, y + 1), signer, (press.width / 2, 30))


def form(press: Press, voice: Voice, dice: Dice) -> Anchors:
    """A printed form: dotted lines to fill, boxes to tick."""
    press.line(press.width * 0.27, 18, words.body(dice), style="bold", align="c", most=70)
    press.box(press.width - 50, 12, press.width - 16, 20)
    press.line(press.width - 33, 17.6, f"Mẫu số {dice.randint(1, 40)}", points=10, align="c")
    names = ("PHIẾU YÊU CẦU ĐỌC TÀI LIỆU", "PHIẾU TRÌNH", "LÝ LỊCH TRÍCH NGANG", "GIẤY ĐI ĐƯỜNG", "PHIẾU MƯỢN HỒ SƠ")
    press.line(press.width / 2, 40, dice.choice(names), style="bold", points=15, align="c")
    y = 54.0
    for field in ("Họ và tên", "Đơn vị công tác", "Chức vụ", "Lý do", "Số hồ sơ", "Nơi cấp", "Thời gian từ"):
        value = dice.choice((words.person(dice), words.place(dice), words.day(dice, voice.year), ""))
        wide = press.line(28, y, f"{field}: ")
        press.line(28 + wide + 4, y - 0.4, value, style="italic")
        press.rule(28 + wide, y + 1, press.width - 22, y + 1, 0.12)
        y += dice.uniform(8, 9.5)
    asked, options = dice.choice((
        ("Độ mật của tài liệu:", ("Tuyệt mật", "Tối mật", "Mật", "Không")),
        ("Hình thức:", ("Sao y", "Trích sao", "Đọc tại chỗ", "Chụp ảnh")),
    ))  # fmt: skip
    press.line(28, y + 3, asked)
    for k, option in enumerate(options):
        x = 32 + k * (press.width - 60) / 4
        press.box(x, y + 7, x + 4, y + 11)
        if dice.chance(0.3):
            press.line(x + 2, y + 10.6, "x", style="bold", align="c")
        press.line(x + 6, y + 10.4, option)
    y = flow(press, y + 22, voice, dice, y + dice.uniform(30, 80))
    signer = signed(press, min(y + 10, press.height - 45), voice, dice)
    if dice.chance(0.4):
        press.bars(press.width - 62, press.height - 14, 44, 8)
    return Anchors((44, 29), signer, (press.width / 2, 40))


def glossary(press: Press, voice: Voice, dice: Dice) -> Anchors:
    """A list of words with what they mean."""
    press.line(press.width / 2, 24, "BẢNG GIẢI THÍCH TỪ NGỮ VÀ CHỮ VIẾT TẮT", style="bold", align="c", most=150)
    y = 38.0
    entries = ["TUYỆT MẬT: mức cao nhất của độ mật", "MẬT: mức thấp nhất trong ba mức", "MTTQ: Mặt trận Tổ quốc",
               "MẬT KHẨU: chuỗi ký tự để vào máy", "TỐI THIỂU: mức thấp nhất được phép", "HTX: hợp tác xã",
               "UBND: Ủy ban nhân dân", "TỐI MẬT: mức giữa của độ mật", "ĐGHC: địa giới hành chính"]  # fmt: skip
    dice.shuffle(entries)
    for entry in entries:
        term, _, sense = entry.partition(": ")
        wide = press.line(30, y, f"{term}: ", style="bold")
        text = f"{sense}. {words.prose(dice, voice.year, 1, 0.1)}"
        y = press.paragraph(30, y, press.width - 52, text, indent=wide + 1.5) + 3
    return Anchors((46, 14), (press.width * 0.72, press.height - 32), (press.width / 2, 24))


def plan(press: Press, voice: Voice, dice: Dice) -> Anchors:
    """A drawing: buildings as named boxes, a road, a frame with its title block."""
    wide, high = press.width, press.height
    press.box(12, 12, wide - 10, high - 10, 0.6)
    for _ in range(dice.randint(5, 9)):
        x, y = dice.uniform(20, wide - 75), dice.uniform(40, high - 75)
        w, h = dice.uniform(24, 52), dice.uniform(10, 30)
        press.box(x, y, x + w, y + h, dice.choice((0.2, 0.5)), dice.choice(("black", "black", "red")))
        name = dice.choice((*words.LOOKALIKES, "NHÀ KHO", "BẾP ĂN", "TRẠM GÁC", "BỂ NƯỚC"))
        press.line(x + w / 2, y + h / 2 + 1.5, name, points=10, align="c", most=w - 3)
    for x in (wide * 0.44, wide * 0.47):
        press.rule(x, 32, x + dice.uniform(-6, 6), high - 42, 0.35)
    for k in range(3):
        press.oval(wide - 40 + 4 * k, 40 + 4 * k, wide - 16 - 4 * k, 64 - 4 * k, 0.2)
    press.box(wide - 90, high - 40, wide - 10, high - 10, 0.4)
    press.line(wide - 50, high - 31, "SƠ ĐỒ MẶT BẰNG", style="bold", align="c")
    press.line(wide - 50, high - 24, f"Tỷ lệ 1:{dice.choice((200, 500, 1000))}", points=10, align="c")
    press.line(wide - 50, high - 16, words.body(dice), points=10, align="c", most=72)
    return Anchors((46, 24), (wide - 60, high - 52), (wide / 2, 24))
