"""Pages of running text: letters, decisions and reports, minutes, later pages, last pages, telegrams."""

from __future__ import annotations

from tools.pagegen.guests.east import words
from tools.pagegen.guests.east.dice import Dice
from tools.pagegen.guests.east.place import Anchors
from tools.pagegen.guests.east.press import Press
from tools.pagegen.guests.east.voice import Voice


def head(press: Press, voice: Voice, dice: Dice, *, about: bool) -> float:
    """Both columns of the letterhead; returns the height under them."""
    left, right, y = press.width * 0.29, press.width * 0.68, dice.uniform(17, 24)
    ink = "red" if dice.chance(0.08) else "black"
    small = press.letters.points - 1.5
    press.line(left, y, words.superior(dice), points=small, align="c", ink=ink, most=76)
    press.line(left, y + 5.5, words.body(dice), style="bold", points=small, align="c", ink=ink, most=74)
    press.rule(left - 14, y + 7.3, left + 14, y + 7.3)
    press.line(right, y, voice.state, style="bold", points=small, align="c", most=88)
    press.line(
        right, y + 5.8, "Độc lập - Tự do - Hạnh phúc", style="bold", points=small + 0.5, align="c", underline=True
    )
    press.line(left, y + 14, f"Số: {words.number(dice, voice.year)}", align="c")
    date = f"{words.place(dice)}, ngày {dice.randint(1, 28)} tháng {dice.randint(1, 12)} năm {voice.year}"
    press.line(right, y + 14, date, style="italic", align="c", most=90)
    if about:
        press.line(left, y + 19.5, f"V/v {dice.choice(words.MATTERS)}", points=small, align="c", most=76)
    return y + (24 if about else 19)


def title(press: Press, y: float, voice: Voice, dice: Dice, name: str | None = None) -> float:
    """A heading in capitals with its matter below; returns the height under it."""
    middle = press.width / 2 + 3
    big = press.letters.points + 1
    heading = name or dice.choice(words.TITLES)
    if dice.chance(voice.headline):
        press.line(middle, y + 4, heading, style="bold", points=big, align="c")
        long = dice.choice(words.HEADINGS).format(y=voice.year)
        press.line(middle, y + 10, long, style="bold", points=big - 1, align="c", most=press.width - 48)
        return y + 18
    press.line(middle, y + 4, heading, style="bold", points=big, align="c")
    matter = f"Về việc {dice.choice(words.MATTERS)}"
    press.line(middle, y + 10, matter, style="bold", align="c", most=press.width - 55, underline=dice.chance(0.4))
    return y + 18


def flow(press: Press, y: float, voice: Voice, dice: Dice, bottom: float) -> float:
    """Paragraphs, now and then numbered, down to ``bottom``."""
    left, width = dice.uniform(26, 32), press.width - dice.uniform(46, 52)
    leading, count = dice.choice((1.25, 1.35, 1.5, 1.7)), 1
    while y < bottom - 8:
        text = words.prose(dice, voice.year, dice.randint(1, 4), voice.friends)
        if dice.chance(0.2):
            text = f"{count}. {text}"
            count += 1
        y = press.paragraph(left, y, width, text, leading=leading, bottom=bottom) + dice.uniform(0.5, 2.5)
        if dice.chance(0.06):
            y += 3
            chapter = f"{dice.choice(('I', 'II', 'III'))}. {dice.choice(words.MATTERS).upper()}"
            press.line(left, y, chapter, style="bold", most=width)
            y += 7
    return y


def signed(press: Press, y: float, voice: Voice, dice: Dice) -> tuple[float, float]:
    """Recipients on the left, the signer on the right; returns the middle of the room to sign."""
    right, small = press.width * 0.7, press.letters.points - 2.5
    press.line(30, y, "Nơi nhận:", style="italic", points=small + 1)
    for k, to in enumerate(("Như trên;", f"{words.body(dice).capitalize()};", "Lưu: VT, KH.")):
        press.line(30, y + 4.6 * (k + 1), f"- {to}", points=small)
    press.line(right, y, dice.choice(words.POSTS), style="bold", align="c")
    press.line(right, y + 30, words.person(dice), style="bold", align="c")
    return right, y + 15


def letter(press: Press, voice: Voice, dice: Dice) -> Anchors:
    """A letter to other bodies."""
    low = head(press, voice, dice, about=True)
    press.line(press.width * 0.34, low + 16, f"Kính gửi: {words.superior(dice).title()}", most=115)
    room = press.height - (72 if dice.chance(0.6) else 20)
    y = flow(press, low + 26, voice, dice, min(room, low + dice.uniform(70, 190)))
    signer = signed(press, y + 9, voice, dice) if y < press.height - 55 else (press.width * 0.7, press.height - 30)
    return Anchors((46, low + 7), signer, (press.width / 2, low + 12))


def report(press: Press, voice: Voice, dice: Dice) -> Anchors:
    """A decision, report or plan with its name in capitals."""
    low = head(press, voice, dice, about=False)
    y = title(press, low + 14, voice, dice) + 4
    end = press.height - (70 if dice.chance(0.5) else 18)
    y = flow(press, y, voice, dice, end)
    signer = signed(press, y + 8, voice, dice) if y < press.height - 52 else (press.width * 0.7, press.height - 30)
    return Anchors((46, low + 6), signer, (press.width / 2, low + 18))


def minutes(press: Press, voice: Voice, dice: Dice) -> Anchors:
    """Minutes of a meeting: who was there, what was said."""
    press.line(press.width / 2, 20, voice.state, style="bold", align="c")
    press.line(press.width / 2, 26, "Độc lập - Tự do - Hạnh phúc", style="bold", align="c", underline=True)
    y = title(press, 36, voice, dice, "BIÊN BẢN") + 2
    for role in ("Chủ tọa", "Thư ký", "Thành phần", "Vắng mặt có lý do"):
        press.line(30, y, f"- {role}: {words.person(dice)}")
        y += 6.5
    y = flow(press, y + 2, voice, dice, press.height - 62)
    for x, post in ((0.28, "THƯ KÝ"), (0.72, "CHỦ TỌA")):
        press.line(press.width * x, press.height - 52, post, style="bold", align="c")
        press.line(press.width * x, press.height - 22, words.person(dice), style="bold", align="c")
    return Anchors((48, 34), (press.width * 0.72, press.height - 37), (press.width / 2, 40))


def later(press: Press, voice: Voice, dice: Dice) -> Anchors:
    """A page from the middle of something."""
    press.line(press.width / 2, 13, str(dice.randint(2, 40)), align="c")
    flow(press, 24, voice, dice, press.height - 20)
    return Anchors((50, 16), (press.width * 0.7, press.height - 40), (press.width / 2, 30))


def last(press: Press, voice: Voice, dice: Dice) -> Anchors:
    """The last page: a few lines, the signer, much room."""
    press.line(press.width / 2, 13, str(dice.randint(2, 12)), align="c")
    y = flow(press, 24, voice, dice, dice.uniform(60, 150))
    signer = signed(press, y + 10, voice, dice)
    return Anchors((52, 15), signer, (press.width / 2, 24))


def telegram(press: Press, voice: Voice, dice: Dice) -> Anchors:
    """A telegram form with typed strips of text."""
    press.box(18, 18, press.width - 16, press.height * 0.62, 0.4)
    press.line(press.width / 2, 28, "CÔNG ĐIỆN", style="bold", points=18, align="c")
    y = 38.0
    for field in ("Nơi gửi", "Nơi nhận", "Số chữ", "Ngày giờ"):
        value = f"{field}: {words.place(dice)} {dice.randint(10, 99)}"
        press.line(24, y, value)
        press.rule(24, y + 2, press.width - 22, y + 2, 0.15)
        y += 8
    flow(press, y + 22, voice, dice, press.height * 0.6)
    return Anchors((48, y + 4), (press.width * 0.7, press.height * 0.7), (press.width / 2, 28))
