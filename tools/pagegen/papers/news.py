"""What carries news: the telegram and the gazette (điện báo, công báo)."""

from __future__ import annotations

import random

from tools.pagegen.faces import plain
from tools.pagegen.papers.setting import (
    LEVELS,
    QUICK,
    any_title,
    blank,
    frame_words,
    pick_faces,
    small_caps,
    spaced,
    wrap,
)
from tools.pagegen.sheet import MM_PER_POINT, Sheet
from tools.pagegen.text import Prose

MONO = ("Cousine-Regular", "cmuntt", "LiberationMono-Regular")


def _wired(words: str) -> str:
    """Capitals without diacritics, as a teleprinter knows them."""
    return plain(words).upper()


def _wire_text(prose: Prose, sentences: int) -> str:
    stop = prose.rng.choice((" STOP ", " CHAM ", " STOP ", "  +  "))
    return _wired(stop.join(prose.sentence().rstrip(".,;:").replace(",", " PHAY") for _ in range(sentences)))


def telegram(rng: random.Random, ppm: float) -> Sheet:
    """A telegram or telex (bức điện, điện mật mã): monospaced capitals between the lines of a printed head."""
    s, prose, mono = blank(rng, ppm, landscape=0.25), Prose(rng), rng.choice(MONO)
    body, bold = pick_faces(rng)
    left, right, y = rng.uniform(10, 22), s.width - rng.uniform(8, 18), rng.uniform(9, 20)
    red = rng.choice(("black", "black", "red"))
    head = rng.choice(("ĐIỆN BÁO", "BỨC ĐIỆN", "CÔNG ĐIỆN", "PHIẾU CHUYỂN ĐIỆN", "ĐIỆN MẬT MÃ", "FAX - TELEX"))
    spaced(s, s.width / 2, y, head, bold, rng.uniform(14, 24), rng.uniform(0.5, 4), layer=red)
    s.text(left, y, prose.agency(), body, 9, layer=red)
    s.text(right, y, f"Mẫu {rng.randint(1, 40)}-ĐB", body, 8, align="right", layer=red)
    s.slots += [(left + 25, y + 12), (right - 25, y + 12), (s.width / 2, s.height - 25), (right - 30, s.height - 40)]
    y = _wire_fields(s, prose, (left, right, y + rng.uniform(10, 22)), body, mono, red)
    step, size, ruled = rng.uniform(6, 10), rng.uniform(10, 12.5), rng.random() < 0.6
    ink, limit = rng.randint(140, 255), s.height - rng.uniform(15, 90)
    lines = wrap(s, _wire_text(prose, 12), mono, size, right - left)
    head_line = f"{_wired(prose.number())} NGAY {prose.short_date()} DO MAT {_wired(rng.choice(LEVELS))} DO KHAN KHAN"
    for line in (f"ZCZC {head_line}", *lines):
        if y > limit:
            break
        s.text(left + rng.uniform(0, 0.5), y, line, mono, size, ink=ink)
        if ruled:
            s.line(left, y + step * 0.8, right, y + step * 0.8, 0.12, layer=red, ink=170)
        y += step
    s.text(left, y, "NNNN", mono, size, ink=ink)
    return s


def _wire_fields(s: Sheet, prose: Prose, place: tuple[float, float, float], body: str, mono: str, layer: str) -> float:
    """The ruled fields at the top: where from, where to, hour, words; return the y below them."""
    rng, (left, right, y) = prose.rng, place
    labels = ("Nơi gửi", "Nơi nhận", "Số tiếng", "Giờ nhận", "Loại điện", "Độ khẩn", "Số hiệu", "Người dịch")
    columns, rows, row = rng.randint(2, 4), 2, rng.uniform(9, 14)
    width = (right - left) / columns
    for r in range(rows):
        for c in range(columns):
            x, top = left + c * width, y + r * row
            s.box(x, top, x + width, top + row, 0.25, layer=layer)
            label = labels[(r * columns + c) % len(labels)]
            s.text(x + 0.8, top + 0.5, f"{label}:", body, 7, layer=layer)
            s.text(
                x + 4,
                top + row * 0.45,
                _wired(rng.choice((prose.place, prose.number, prose.short_date))()),
                mono,
                10,
            )
    s.tables.append((left, y, right, y + rows * row))
    return y + rows * row + rng.uniform(4, 10)


def gazette(rng: random.Random, ppm: float) -> Sheet:
    """A gazette page (công báo): masthead, columns of different width with rules between, boxed notices."""
    s, prose = blank(rng, ppm, landscape=0.05), Prose(rng)
    body, bold = pick_faces(rng, QUICK)
    left, right, y = rng.uniform(9, 16), s.width - rng.uniform(9, 16), rng.uniform(8, 16)
    y = _masthead(s, prose, (left, right, y), body, bold)
    cuts = [rng.uniform(0.6, 1.7) for _ in range(rng.randint(3, 5))]
    gap, x = rng.uniform(3, 6), left
    room = right - left - gap * (len(cuts) - 1)
    size, rule = rng.uniform(6.5, 9), rng.uniform(0.1, 0.35)
    for k, cut in enumerate(cuts):
        width = room * cut / sum(cuts)
        _column(s, prose, (x, y, width, s.height - rng.uniform(12, 20)), body, bold, size)
        x += width + gap
        if k < len(cuts) - 1:
            s.line(x - gap / 2, y, x - gap / 2, s.height - 14, rule)
    s.slots += [(right - 30, y - 12), (left + 30, y - 12), (s.width / 2, s.height - 9), (s.width / 2, y + 10)]
    return s


def _masthead(s: Sheet, prose: Prose, place: tuple[float, float, float], body: str, bold: str) -> float:
    rng, (left, right, y) = prose.rng, place
    name = rng.choice(("CÔNG BÁO", "TIN NỘI BỘ", "BẢN TIN MẬT MÃ", "THÔNG TIN TỐI QUAN TRỌNG", "MẶT TRẬN"))
    red, size = rng.choice(("black", "red")), rng.uniform(24, 44)
    while s.length(name, bold, size) > (right - left) * 0.62:
        size *= 0.9
    s.text(s.width / 2, y, name, bold, size, align="centre", layer=red)
    s.text(left, y + 1, f"Số {rng.randint(1, 99)} + {rng.randint(1, 99)}", bold, 10)
    s.text(left, y + 6, f"Năm thứ {rng.choice(('nhất', 'hai', 'mười', 'ba mươi'))}", body, 8)
    s.box(right - 26, y, right, y + 12, 0.4)
    s.text(right - 13, y + 1.5, f"Giá: {rng.randint(2, 90)}00 đ", body, 8, align="centre")
    s.text(right - 13, y + 6.5, "Ra hằng tuần", body, 7, align="centre")
    y += size * MM_PER_POINT * 1.3
    s.line(left, y, right, y, rng.uniform(0.6, 1.6), layer=red)
    s.line(left, y + 1.8, right, y + 1.8, 0.2, layer=red)
    small_caps(s, s.width / 2, y + 2.8, f"{prose.agency()} {prose.place()} - {prose.date()}", body, 10)
    s.line(left, y + 8.5, right, y + 8.5, 0.2, layer=red)
    return y + 11


def _column(
    s: Sheet, prose: Prose, place: tuple[float, float, float, float], body: str, bold: str, size: float
) -> None:
    rng, (x, y, width, bottom) = prose.rng, place
    while y < bottom - 12:
        if rng.random() < 0.2:
            y = _notice(s, prose, (x, y, width), bold, size)
            continue
        for line in wrap(s, any_title(prose), bold, size + 2, width):
            s.text(x + width / 2, y, line, bold, size + 2, align="centre")
            y += (size + 2) * MM_PER_POINT * 1.15
        text = prose.paragraph(rng.randint(1, 4))
        y = s.paragraph(x, y + 1, width, text, body, size, leading=1.12, indent=3, bottom=bottom)
        if rng.random() < 0.5:
            s.line(x + width * 0.3, y + 1.2, x + width * 0.7, y + 1.2, 0.2)
        y += rng.uniform(2, 4)


def _notice(s: Sheet, prose: Prose, place: tuple[float, float, float], bold: str, size: float) -> float:
    """A boxed notice (rao vặt, cải chính); return the y below it."""
    rng, (x, y, width) = prose.rng, place
    lines = [rng.choice(("CẢI CHÍNH", "THÔNG BÁO", "BỐ CÁO MẤT DẤU", "MỜI THẦU", "RAO VẶT"))]
    lines += wrap(s, f"{frame_words(prose)}. {prose.sentence()}", bold, size, width - 4)
    step = size * MM_PER_POINT * 1.2
    for inset in (0, 0.8)[: rng.randint(1, 2)]:
        s.box(x + inset, y + inset, x + width - inset, y + len(lines) * step + 3 - inset, rng.uniform(0.15, 0.5))
    for k, line in enumerate(lines):
        s.text(x + width / 2, y + 1.5 + k * step, line, bold, size, align="centre")
    return y + len(lines) * step + 6
