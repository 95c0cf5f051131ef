"""What paper is wrapped in: covers of files, envelopes, title pages, notebook leaves."""

from __future__ import annotations

from tools.pagegen.guests.east import words
from tools.pagegen.guests.east.dice import Dice
from tools.pagegen.guests.east.letters import flow
from tools.pagegen.guests.east.place import Anchors
from tools.pagegen.guests.east.press import Press
from tools.pagegen.guests.east.voice import Voice


def cover(press: Press, voice: Voice, dice: Dice) -> Anchors:
    """The cover of a file (bìa hồ sơ)."""
    middle = press.width / 2
    press.line(middle, 28, words.superior(dice), align="c", most=140)
    press.line(middle, 35, words.body(dice), style="bold", align="c")
    press.line(middle, 96, "HỒ SƠ", style="bold", points=30, align="c")
    y = 112.0
    for _ in range(3):
        press.line(middle, y, dice.choice(words.MATTERS).capitalize(), points=15, align="c", most=press.width - 50)
        press.rule(30, y + 2, press.width - 25, y + 2, 0.15)
        y += 11
    press.line(
        middle, y + 8, f"Từ ngày {words.day(dice, voice.year)} đến ngày {words.day(dice, voice.year + 1)}", align="c"
    )
    fields = ("Phông số", "Mục lục số", "Hồ sơ số", "Số tờ", "Thời hạn bảo quản")
    for k, field in enumerate(fields):
        press.line(press.width - 80, press.height - 62 + 8 * k, f"{field}: {dice.randint(1, 400)}")
    if dice.chance(0.5):
        press.box(14, 14, press.width - 12, press.height - 12, 0.5)
    if dice.chance(0.3):
        press.bars(24, press.height - 40, 46, 12)
    return Anchors((middle + dice.uniform(-40, 40), 60), (middle, press.height - 90), (middle, 84))


def envelope(press: Press, voice: Voice, dice: Dice) -> Anchors:
    """An envelope with sender, number and address."""
    scale = 11
    press.line(16, 16, words.superior(dice), points=scale, most=90)
    press.line(16, 22, words.body(dice), style="bold", points=scale, most=90)
    press.line(16, 29, f"Số: {words.number(dice, voice.year)}", points=scale)
    x, y = press.width * 0.42, press.height * 0.58
    press.line(x, y, f"Kính gửi: {words.body(dice).capitalize()}", points=13, most=press.width * 0.54)
    press.line(
        x, y + 9, f"Địa chỉ: số {dice.randint(2, 300)} đường {words.place(dice)}", points=12, most=press.width * 0.54
    )
    press.line(x, y + 18, f"Người nhận: ông {words.person(dice)}", points=12, most=press.width * 0.54)
    if dice.chance(0.4):
        press.box(press.width - 32, 8, press.width - 10, 32, 0.2)
        press.line(press.width - 21, 21, "TEM", points=9, align="c")
    if dice.chance(0.5):
        for k in range(6):
            press.box(
                press.width - 52 + 7 * k, press.height - 13, press.width - 46 + 7 * k, press.height - 6, 0.2, "red"
            )
    return Anchors((38, 44), (press.width * 0.3, press.height * 0.7), (press.width / 2, press.height * 0.4))


def booklet(press: Press, voice: Voice, dice: Dice) -> Anchors:
    """A title page of something bound."""
    middle = press.width / 2
    press.line(middle, 24, words.superior(dice), style="bold", align="c", most=150)
    y = press.height * 0.36
    name = dice.choice(words.HEADINGS) if dice.chance(voice.headline) else "SỔ TAY CÔNG TÁC {y}"
    press.line(middle, y, name.format(y=voice.year), style="bold", points=20, align="c", most=press.width - 44)
    press.line(middle, y + 12, dice.choice(words.MATTERS).capitalize(), style="italic", points=15, align="c", most=140)
    press.rule(middle - 25, y + 18, middle + 25, y + 18, 0.5, "red")
    if dice.chance(0.5):
        press.oval(middle - 14, y + 32, middle + 14, y + 60, 0.8, "red")
        press.oval(middle - 10, y + 36, middle + 10, y + 56, 0.3, "red")
    press.line(middle, press.height - 24, f"{words.place(dice)} - {voice.year}", style="bold", align="c")
    return Anchors((press.width - 52, 50), (middle + 30, press.height - 48), (middle, y))


def notebook(press: Press, voice: Voice, dice: Dice) -> Anchors:
    """A ruled leaf with short typed lines, as notices and diaries are."""
    for k in range(int((press.height - 30) / 8)):
        press.rule(6, 24 + 8 * k, press.width - 4, 24 + 8 * k, 0.12)
    press.rule(24, 4, 24, press.height - 4, 0.2, "red")
    press.line(press.width / 2, 18, f"Nhật ký trực ban ngày {words.day(dice, voice.year)}", style="italic", align="c")
    y = flow(press, 30, voice, dice, press.height * dice.uniform(0.4, 0.85))
    return Anchors((56, 12), (press.width * 0.72, min(y + 16, press.height - 24)), (press.width / 2, 18))
