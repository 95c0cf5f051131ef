"""Three layout engines for training: letters, registers and forms, and whatever else lies in a file."""

from __future__ import annotations

import random
from collections.abc import Callable

from tools.pagegen.fonts import TRAIN_BODY
from tools.pagegen.sheet import Sheet
from tools.pagegen.text import ROLES, Prose

Layout = Callable[[random.Random, float], Sheet]
BOLD = {
    "Tinos-Regular": "Tinos-Bold",
    "LiberationSerif-Regular": "LiberationSerif-Bold",
    "Arimo-Regular": "Arimo-Bold",
    "Cousine-Regular": "Cousine-Bold",
    "NotoSerif-Regular": "NotoSerif-Bold",
    "NotoSans-Regular": "NotoSans-Bold",
    "CharisSIL-Regular": "CharisSIL-Bold",
    "LinLibertine_R": "LinLibertine_RB",
    "Roboto-Regular": "Roboto-Bold",
    "OpenSans-Regular": "OpenSans-Bold",
    "cmunrm": "cmunbx",
    "Vollkorn-Regular": "Vollkorn-Bold",
    "Lato-Regular": "Lato-Bold",
    "LiberationMono-Regular": "LiberationMono-Bold",
    "Andika-Regular": "Andika-Bold",
    "cmuntt": "cmuntb",
}
MARK_WORDS = (
    "TUYỆT MẬT",
    "TỐI MẬT",
    "MẬT",
    "KHẨN",
)  # never alone in a box of their own: that would be a mark
A4, A5, LETTER, A3 = (210.0, 297.0), (148.0, 210.0), (216.0, 279.0), (297.0, 420.0)


def _blank(rng: random.Random, ppm: float, *, landscape: float = 0.1) -> Sheet:
    width, height = rng.choices((A4, A5, LETTER, (204.0, 330.0)), (0.88, 0.05, 0.04, 0.03))[0]
    if rng.random() < landscape:
        width, height = height, width
    return Sheet(width, height, ppm)


def letter(rng: random.Random, ppm: float) -> Sheet:
    """An administrative letter as NĐ 30/2020 Phụ lục I draws it, with the liberties that offices take."""
    s, prose = _blank(rng, ppm, landscape=0.03), Prose(rng)
    body = rng.choice(TRAIN_BODY)
    bold = BOLD.get(body, body)
    left, right, top = rng.uniform(18, 32), s.width - rng.uniform(12, 22), rng.uniform(10, 24)
    size = rng.uniform(11, 14.5)
    agency_x, nation_x = left + rng.uniform(26, 40), right - rng.uniform(42, 52)
    red = "red" if rng.random() < 0.1 else "black"
    y = top
    for line in (prose.agency(), prose.place())[: rng.randint(1, 2)]:
        s.text(agency_x, y, line, bold, size - 1.5, align="centre", layer=red)
        y += 5.2
    s.line(agency_x - 10, y + 0.6, agency_x + 10, y + 0.6, 0.2, layer=red)
    s.text(agency_x, y + 3, f"Số: {prose.number()}", body, size - 0.5, align="centre")
    if rng.random() < 0.55:
        s.paragraph(left, y + 9, 62, f"V/v {prose.sentence().lower()}", body, size - 1.5, indent=2, bottom=y + 27)
    s.text(nation_x, top, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold, size - 2, align="centre", layer=red)
    s.text(
        nation_x,
        top + 5.3,
        "Độc lập - Tự do - Hạnh phúc",
        bold,
        size - 1,
        align="centre",
        layer=red,
        under=True,
    )
    s.text(nation_x, top + 13, f"{prose.place().title()}, {prose.date()}", body, size - 1, align="centre")
    s.slots += [
        (left + 15 + rng.uniform(-8, 22), y + rng.uniform(10, 36)),
        (agency_x, y + rng.uniform(14, 34)),
        (right - rng.uniform(15, 45), rng.uniform(5, 14)),
        (nation_x, top + rng.uniform(18, 34)),
        (s.width / 2, rng.uniform(6, 20)),
    ]
    y = top + rng.uniform(36, 56)
    if rng.random() < 0.6:
        s.text(s.width / 2, y, prose.heading(), bold, size + rng.uniform(0, 3), align="centre")
        y += 7
        s.text(s.width / 2, y, prose.sentence()[:70], bold, size, align="centre", under=True)
        y += 10
    if rng.random() < 0.5:
        s.text(s.width / 2, y, f"Kính gửi: {prose.agency().title()}", body, size, align="centre")
        y += 9
    bottom = s.height - rng.uniform(20, 110)
    while y < bottom - 8:
        y = (
            s.paragraph(
                left,
                y,
                right - left,
                prose.paragraph(rng.randint(1, 4)),
                body,
                size,
                leading=rng.choice((1.15, 1.3, 1.5)),
                bottom=bottom,
            )
            + 2
        )
        if rng.random() < 0.12:
            s.text(left, y, f"{rng.randint(1, 9)}. {prose.sentence()[:50]}", bold, size)
            y += 7
        if rng.random() < 0.06:
            y = _small_table(s, prose, rng, left, y, right - left, body, bottom)
    if bottom < s.height - 50:
        y = bottom + 4
        s.text(left, y, "Nơi nhận:", bold, size - 2)
        for k in range(rng.randint(2, 5)):
            s.text(left, y + 5 + 4.4 * k, f"- {prose.agency().title()};", body, size - 3)
        s.text(right - 38, y, rng.choice(ROLES), bold, size, align="centre")
        s.slots.append((right - rng.uniform(30, 60), y + rng.uniform(12, 25)))
        if rng.random() < 0.7:
            s.text(right - 38, y + 32, prose.person(), bold, size, align="centre")
    return s


def _small_table(
    s: Sheet, prose: Prose, rng: random.Random, x: float, y: float, width: float, body: str, bottom: float
) -> float:
    row, count = rng.uniform(5.5, 9), rng.randint(2, 6)
    if y + row * count > bottom:
        return y
    cols = rng.randint(2, 6)
    cuts = [rng.uniform(0.6, 1.6) for _ in range(cols)]
    widths = [width * c / sum(cuts) for c in cuts]
    return (
        s.table(
            x,
            y,
            widths,
            [[prose.cell() for _ in range(cols)] for _ in range(count)],
            body,
            rng.uniform(8, 12),
            rng,
            row_mm=row,
        )
        + 4
    )


def register(rng: random.Random, ppm: float) -> Sheet:
    """Registers, lists, forms and accounts: ruled paper full of short words, levels of secrecy among them."""
    s, prose = _blank(rng, ppm, landscape=0.3), Prose(rng)
    body = rng.choice(TRAIN_BODY)
    bold = BOLD.get(body, body)
    margin = rng.uniform(8, 24)
    y = rng.uniform(10, 28)
    s.slots += [
        (margin + rng.uniform(15, 40), y),
        (s.width - margin - rng.uniform(15, 40), y),
        (s.width / 2, y + 8),
    ]
    if rng.random() < 0.8:
        s.text(
            s.width / 2,
            y,
            prose.heading(),
            bold,
            rng.uniform(12, 18),
            align="centre",
            layer="red" if rng.random() < 0.08 else "black",
        )
        y += 9
    if rng.random() < 0.5:
        s.text(s.width / 2, y, f"({prose.date()})", body, 11, align="centre")
        y += 8
    while y < s.height - 40:
        pick = rng.random()
        if pick < 0.55:
            row, count, cols = rng.uniform(5, 13), rng.randint(3, 22), rng.randint(2, 9)
            count = min(count, int((s.height - 20 - y) / row))
            cuts = [rng.uniform(0.4, 1.8) for _ in range(cols)]
            widths = [(s.width - 2 * margin) * c / sum(cuts) for c in cuts]
            rows = [[prose.cell() if rng.random() < 0.85 else "" for _ in range(cols)] for _ in range(count)]
            face = bold if rng.random() < 0.15 else body
            y = (
                s.table(
                    margin,
                    y,
                    widths,
                    rows,
                    face,
                    rng.uniform(7, min(15, row * 2)),
                    rng,
                    row_mm=row,
                    thick=rng.uniform(0.12, 0.6),
                )
                + 6
            )
        elif pick < 0.8:  # a form: label and dotted line, tick boxes
            for _ in range(rng.randint(2, 8)):
                label = prose.cell() + ":"
                box = s.text(margin, y, label, body, rng.uniform(9, 13))
                if rng.random() < 0.5:
                    s.text(box[2] + 1, y, "." * rng.randint(10, 70), body, 11)
                else:
                    w = rng.uniform(4, 60)
                    s.box(box[2] + 3, y - 0.5, box[2] + 3 + w, y + rng.uniform(4, 8), rng.uniform(0.15, 0.5))
                y += rng.uniform(7, 12)
        else:
            y = (
                s.paragraph(
                    margin,
                    y,
                    s.width - 2 * margin,
                    prose.paragraph(2),
                    body,
                    rng.uniform(9, 13),
                    bottom=s.height - 15,
                )
                + 4
            )
    if rng.random() < 0.5:
        s.text(s.width - margin - 35, s.height - 36, rng.choice(ROLES), bold, 12, align="centre")
        s.slots.append((s.width - margin - 35, s.height - 25))
    return s


def sundry(rng: random.Random, ppm: float) -> Sheet:
    """Covers, envelopes, annexes, slides, two-column print, drawings and nearly empty sides."""
    form = rng.choice(
        (
            "cover",
            "envelope",
            "annex",
            "columns",
            "slide",
            "empty",
            "drawing",
            "frames",
            "typescript",
            "friends",
        )
    )
    prose, body = Prose(rng), rng.choice(TRAIN_BODY)
    bold = BOLD.get(body, body)
    if form == "envelope":
        width, height = rng.choice(((162, 114), (229, 162), (220, 110), (324, 229), (110, 220)))
        s = Sheet(float(width), float(height), ppm)
    else:
        s = _blank(rng, ppm, landscape=0.5 if form == "slide" else 0.1)
    w, h = s.width, s.height
    s.slots += [(rng.uniform(25, w - 25), rng.uniform(8, h - 8)) for _ in range(4)]
    red = "red" if rng.random() < 0.3 else "black"
    if form == "cover":
        if rng.random() < 0.7:
            for inset in (12, rng.uniform(13, 16))[: rng.randint(1, 2)]:
                s.box(inset, inset, w - inset, h - inset, rng.uniform(0.3, 1.5), layer=red)
        s.text(w / 2, 25, prose.agency(), bold, rng.uniform(13, 20), align="centre", layer=red)
        y = h * rng.uniform(0.3, 0.5)
        for _ in range(rng.randint(1, 4)):
            s.text(w / 2, y, prose.heading(), bold, rng.uniform(16, 30), align="centre", layer=red)
            y += 14
        s.text(w / 2, h - 30, f"{prose.place()} - {rng.randint(1985, 2026)}", bold, 14, align="centre", layer=red)
        s.slots += [(rng.uniform(30, 60), rng.uniform(30, 60)), (w / 2, h * 0.2), (w - 45, 30)]
    elif form == "envelope":
        s.text(8, 8, prose.agency(), bold, 11, layer=red)
        s.text(8, 14, f"Số: {prose.number()}", body, 11)
        s.text(w * 0.45, h * 0.5, f"Kính gửi: {prose.agency().title()}", bold, 14)
        s.text(w * 0.45, h * 0.6, prose.place().title(), body, 13)
        s.slots += [(w - 25, 18), (25, h - 20), (w / 2, h / 3)]
    elif form == "columns":
        gap, cols, y0 = 6.0, rng.randint(2, 3), rng.uniform(20, 50)
        s.text(w / 2, 14, prose.heading(), bold, 18, align="centre", layer=red)
        column = (w - 30 - gap * (cols - 1)) / cols
        for c in range(cols):
            y = y0
            while y < h - 22:
                y = (
                    s.paragraph(
                        15 + c * (column + gap),
                        y,
                        column,
                        prose.paragraph(2),
                        body,
                        rng.uniform(8, 11),
                        indent=4,
                        bottom=h - 15,
                    )
                    + 1.5
                )
    elif form == "slide":
        s.box(6, 6, w - 6, h - 6, 0.8, layer=red)
        s.text(w / 2, 18, prose.heading(), bold, rng.uniform(18, 28), align="centre", layer=red)
        for k in range(rng.randint(3, 6)):
            s.text(24, 40 + 20 * k, f"• {prose.sentence()[:44]}", body, rng.uniform(14, 20))
    elif form == "drawing":
        for _ in range(rng.randint(5, 30)):
            x, y = rng.uniform(10, w - 60), rng.uniform(10, h - 40)
            pick = rng.random()
            if pick < 0.4:
                s.box(x, y, x + rng.uniform(8, 55), y + rng.uniform(5, 25), rng.uniform(0.15, 0.8))
                words = prose.cell()
                if rng.random() < 0.6 and words.upper() not in MARK_WORDS:
                    s.text(x + 2, y + 2, words, body, rng.uniform(8, 13))
            elif pick < 0.7:
                s.line(x, y, x + rng.uniform(-50, 50), y + rng.uniform(-40, 40), rng.uniform(0.1, 0.6))
            else:
                r = rng.uniform(4, 15)
                s.ellipse(x + 20, y + 20, r, r * rng.uniform(0.5, 1.2), rng.uniform(0.15, 0.7))
    elif form == "frames":  # boxes with words, as flow charts and forms print them
        y = 20.0
        while y < h - 25:
            x = 15.0
            while x < w - 45:
                bw, bh = rng.uniform(18, 50), rng.uniform(8, 16)
                s.box(x, y, x + bw, y + bh, rng.uniform(0.2, 0.8))
                if rng.random() < 0.3:
                    s.box(x + 1, y + 1, x + bw - 1, y + bh - 1, rng.uniform(0.15, 0.4))
                words = (
                    rng.choice((prose.cell(), prose.heading(), prose.sentence()[:12], prose.boxed()))
                    if rng.random() < 0.9
                    else ""
                )
                if words.upper() not in MARK_WORDS:
                    pts = rng.uniform(8, 13)
                    while len(words) > 2 and s.length(words, bold, pts) > bw - 3:
                        words = words[:-1]
                    s.text(x + bw / 2, y + bh / 2 - 2.5, words, bold, pts, align="centre")
                x += bw + rng.uniform(4, 25)
            y += rng.uniform(18, 40)
    elif form == "typescript":
        y, size = 20.0, rng.uniform(10, 12)
        while y < h - 25:
            y = (
                s.paragraph(
                    25,
                    y,
                    w - 45,
                    prose.paragraph(2),
                    "cmuntt" if rng.random() < 0.5 else "Cousine-Regular",
                    size,
                    leading=1.7,
                    bottom=h - 20,
                    ink=rng.randint(150, 255),
                )
                + 3
            )
    elif form == "friends":  # headings and sentences full of the words
        y = 15.0
        while y < h - 25:
            s.text(
                w / 2,
                y,
                prose.heading(),
                bold,
                rng.uniform(11, 20),
                align="centre",
                layer="red" if rng.random() < 0.3 else "black",
            )
            y = s.paragraph(
                20, y + 9, w - 40, prose.paragraph(rng.randint(1, 2)), body, 13, bottom=h - 20
            ) + rng.uniform(2, 14)
    else:  # annex or nearly empty
        s.text(w / 2, 20, f"PHỤ LỤC {rng.randint(1, 9)}", bold, 14, align="centre")
        y = 32.0
        for _ in range(rng.randint(0, 9) if form == "annex" else rng.randint(0, 2)):
            y = s.paragraph(22, y, w - 42, prose.paragraph(2), body, rng.uniform(11, 14), bottom=h - 20) + 2
        if form == "annex" and y < h - 60:
            _small_table(s, prose, rng, 20, y, w - 40, body, h - 20)
    return s


LAYOUTS: tuple[Layout, ...] = (letter, register, sundry)
