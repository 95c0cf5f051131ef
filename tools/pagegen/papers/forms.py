"""Printed to be filled in: the declaration and the leaf of a receipt book (tờ khai, biên lai, phiếu tra)."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence

from tools.pagegen.layouts import BOLD
from tools.pagegen.papers.setting import LEVELS, Point, any_title, blank, leader, path, pick_faces, upright, wrap
from tools.pagegen.sheet import Sheet
from tools.pagegen.text import Prose

Leaf = tuple[str, Sequence[str], str]


def _dashes(s: Sheet, a: Point, b: Point, step: float, thick: float, *, layer: str = "black") -> None:
    """A cut or perforation line (đường cắt, đường răng cưa)."""
    count = max(2, int(math.dist(a, b) / step))
    cuts = [(a[0] + (b[0] - a[0]) * k / count, a[1] + (b[1] - a[1]) * k / count) for k in range(count + 1)]
    path(s, cuts, thick, layer=layer, dash=1)


def declaration(rng: random.Random, ppm: float) -> Sheet:
    """A pre-printed form (tờ khai in sẵn): combs for letters, tick boxes, photo box, bar code, serial, cut line."""
    s, prose = blank(rng, ppm, landscape=0.05), Prose(rng)
    body, bold = pick_faces(rng)
    left, right, y = rng.uniform(10, 20), s.width - rng.uniform(10, 18), rng.uniform(8, 14)
    layer = rng.choice(("black", "black", "black", "red"))
    _photo_box(s, rng, left, y, body)
    _bar_code(s, rng, right - 48, y, 44, rng.uniform(7, 13))
    serial = f"Nº {rng.randint(1, 9999999):07d}"
    s.text(right - 26, y + 15, serial, "Cousine-Bold", rng.uniform(11, 16), align="centre", layer="red")
    s.text(s.width / 2, y + 24, "TỜ KHAI", bold, rng.uniform(15, 20), align="centre", layer=layer)
    s.text(s.width / 2, y + 32, prose.heading(), bold, 11, align="centre", layer=layer)
    s.slots += [(s.width / 2, y + 10), (right - 30, y + 26), (left + 50, y + 8), (right - 35, s.height - 28)]
    y += 43
    blocks: tuple[Callable[..., float], ...] = (_comb, _comb, _comb, _ticks, _bar, _dotted, _cut)
    while y < s.height - 52:
        y = rng.choice(blocks)(s, prose, (left, right, y), body, layer)
    s.box(left, y, left + 60, y + 34, 0.3, layer=layer)
    s.text(left + 30, y + 1, "Phần dành cho cơ quan tiếp nhận", body, 8, align="centre", layer=layer)
    s.text(right - 35, y, "Người khai ký tên", bold, 10, align="centre", layer=layer)
    return s


def _photo_box(s: Sheet, rng: random.Random, x: float, y: float, body: str) -> None:
    """The empty place for a photograph (chỗ dán ảnh)."""
    wide, high = rng.choice(((30, 40), (20, 30), (25, 35)))
    s.box(x, y, x + wide, y + high, rng.uniform(0.2, 0.6))
    s.text(x + wide / 2, y + high / 2 - 4, "Ảnh màu", body, 9, align="centre")
    s.text(x + wide / 2, y + high / 2 + 1, f"{wide // 10} x {high // 10} cm", body, 8, align="centre")


def _bar_code(s: Sheet, rng: random.Random, x: float, y: float, width: float, high: float) -> None:
    """Bars like a bar code's (mã vạch); they spell nothing."""
    end = x + width
    while x < end:
        bar = rng.choice((0.2, 0.2, 0.4, 0.6))
        s.line(x, y, x, y + high, bar)
        x += bar + rng.choice((0.35, 0.5, 0.8))


def _comb(s: Sheet, prose: Prose, place: tuple[float, float, float], body: str, layer: str) -> float:
    """A label and its comb of boxes (ô chữ), filled in by a pen or left empty."""
    rng, (left, right, y) = prose.rng, place
    labels = ("Họ và tên", "Số CMND", "Ngày sinh", "Mã số thuế", "Độ mật", "Mật khẩu", "Số hồ sơ", "Nơi cấp")
    x = s.text(left, y + 1, f"{rng.choice(labels)}:", body, 10, layer=layer)[2] + 3
    cell, word = rng.uniform(4.6, 7), rng.choice((prose.person().upper(), str(rng.randint(10**6, 10**9)), ""))
    apart = rng.choice((0, 0, 1.2))
    pen = rng.choice(("Andika-Italic", "Quicksand-Bold", "Lato-Italic"))
    for k in range(int((right - x) / (cell + apart))):
        s.box(x, y, x + cell, y + cell * 1.15, 0.2, layer=layer)
        if k < len(word):
            s.text(x + cell / 2, y + 0.4, word[k], pen, cell * 2.1, align="centre")
        x += cell + apart
    return y + cell * 1.15 + rng.uniform(2, 5)


def _ticks(s: Sheet, prose: Prose, place: tuple[float, float, float], body: str, layer: str) -> float:
    """Tick boxes in a row (ô đánh dấu); the words of the marks may stand beside one, not in it."""
    rng, (x, right, y) = prose.rng, place
    side = rng.uniform(2.8, 5)
    while x < right - 40:
        s.box(x, y, x + side, y + side, 0.25, layer=layer)
        if rng.random() < 0.35:
            s.line(x, y, x + side, y + side, 0.4)
            s.line(x + side, y, x, y + side, 0.4)
        words = rng.choice((rng.choice(LEVELS), prose.boxed().capitalize()))
        x = s.text(x + side + 1.5, y, words, body, 9, layer=layer)[2] + rng.uniform(5, 14)
    return y + side + rng.uniform(3, 6)


def _bar(s: Sheet, prose: Prose, place: tuple[float, float, float], body: str, layer: str) -> float:
    """A filled bar with the title of a part in white (phần A, phần B)."""
    rng, (left, right, y) = prose.rng, place
    dark = rng.choice((255, 255, 50))
    s.box(left, y, right, y + 6.5, 0.2, layer=layer, fill=dark)
    title = f"{rng.choice('ABCDE')}. {any_title(prose)}"
    s.text(left + 2, y + 0.9, title, BOLD.get(body, body), 10, layer=layer, ink=255 - dark if dark == 255 else 255)
    return y + 10


def _dotted(s: Sheet, prose: Prose, place: tuple[float, float, float], body: str, layer: str) -> float:
    """Numbered questions with dots for the answer (kê khai theo mục)."""
    rng, (left, right, y) = prose.rng, place
    for k in range(rng.randint(2, 4)):
        words = " ".join(prose.sentence().split()[: rng.randint(3, 8)]).rstrip(".,;:")
        s.text(left, y, f"{k + 1}. {words}:", body, 10, layer=layer)
        x = left + s.length(f"{k + 1}. {words}:", body, 10) + 1
        s.text(x, y, "." * max(0, int((right - x) / s.length(".", body, 10))), body, 10, layer=layer)
        y += rng.uniform(6, 8)
    return y + 1


def _cut(s: Sheet, prose: Prose, place: tuple[float, float, float], body: str, layer: str) -> float:
    """A line to cut along with its notice (cắt theo đường này)."""
    y = place[2] + 2
    _dashes(s, (0, y), (s.width, y), prose.rng.uniform(1, 3), 0.3, layer=layer)
    s.text(s.width / 2, y + 0.8, "(cắt theo đường này)", body, 7, align="centre", layer=layer)
    return y + 7


def receipts(rng: random.Random, ppm: float) -> Sheet:
    """A leaf of a receipt book or index cards (quyển biên lai, phiếu tra): two to eight alike, perforated between."""
    s, prose = blank(rng, ppm, landscape=0.2), Prose(rng)
    columns, rows = rng.choice(((1, 2), (1, 3), (2, 3), (2, 4), (1, 4)))
    width, high = s.width / columns, s.height / rows
    draw = rng.choice((_receipt, _receipt, _card))
    body, bold = pick_faces(rng)
    title = rng.choice(("BIÊN LAI THU TIỀN", "PHIẾU MƯỢN TÀI LIỆU MẬT", "PHIẾU XUẤT KHO", "VÉ GỬI XE", prose.heading()))
    labels = ("Họ tên", "Đơn vị", "Địa chỉ", "Lý do", "Số tiền", "Bằng chữ", "Độ mật", "Kèm theo", "Hạn trả", "Số hộp")
    chosen, layer = rng.sample(labels, rng.randint(3, 7)), rng.choice(("black", "black", "red"))
    number = rng.randint(1, 99000)
    for k in range(columns * rows):
        x, y = k % columns * width, k // columns * high
        box = (x, y, x + width, y + high)
        draw(s, prose, box, (body, bold), (f"{title}|{number + k:06d}", chosen, layer))
        s.slots.append((x + width * rng.uniform(0.4, 0.8), y + high * rng.uniform(0.1, 0.8)))
    for r in range(1, rows):
        _dashes(s, (0, r * high), (s.width, r * high), rng.uniform(0.8, 2.5), 0.25)
    for c in range(1, columns):
        _dashes(s, (c * width, 0), (c * width, s.height), rng.uniform(0.8, 2.5), 0.25)
    s.slots = rng.sample(s.slots, min(6, len(s.slots)))
    return s


def _receipt(
    s: Sheet, prose: Prose, box: tuple[float, float, float, float], faces: tuple[str, str], leaf: Leaf
) -> None:
    """One receipt (biên lai) with its counterfoil (cuống) at the left and a red serial number."""
    rng, (x0, y0, x1, y1), (body, bold), (head, labels, layer) = prose.rng, box, faces, leaf
    title, serial = head.split("|")
    stub = x0 + (x1 - x0) * 0.14
    _dashes(s, (stub, y0 + 3), (stub, y1 - 3), 1.6, 0.25, layer=layer)
    upright(s, x0 + 4, y1 - 6, wrap(s, title, bold, 8, y1 - y0 - 10)[0], bold, 8, layer=layer)
    s.text(stub + 3, y0 + 4, prose.agency(), body, 7, layer=layer)
    size = min(13, 12 * (x1 - x0) / 150)
    s.text((stub + x1) / 2, y0 + 8, title, bold, max(8, size), align="centre", layer=layer)
    s.text(x1 - 4, y0 + 4, f"Nº {serial}", "Cousine-Bold", 9, align="right", layer="red")
    labels = labels[: max(1, int((y1 - y0 - 32) / 4.2))]  # smaller type than 8 points nobody prints
    step = min(8.5, (y1 - y0 - 32) / len(labels))
    filled = rng.random() < 0.5
    for k, label in enumerate(labels):
        tail = rng.choice((prose.person(), prose.short_date(), prose.number())) if filled else ""
        leader(s, stub + 3, x1 - 5, y0 + 15 + k * step, f"{label}:", tail, body, min(10, step * 1.9))
    for k, role in enumerate(("Người nộp", "Người thu")):
        x = stub + (x1 - stub) * (0.28 + 0.45 * k)
        s.text(x, y1 - 15, role, bold, 8, align="centre", layer=layer)


def _card(s: Sheet, prose: Prose, box: tuple[float, float, float, float], faces: tuple[str, str], leaf: Leaf) -> None:
    """One index card (phiếu tra tìm): ruled cells, red lines, a hole for the rod."""
    rng, (x0, y0, x1, y1), (body, bold), (head, labels, layer) = prose.rng, box, faces, leaf
    x0, y0, x1, y1 = x0 + 6, y0 + 5, x1 - 6, y1 - 5
    s.text(x0, y0, head.replace("|", "  -  số "), bold, 9, layer=layer)
    words = (prose.person, prose.short_date, prose.number, prose.place)
    rows = [[label, rng.choice(LEVELS) if label == "Độ mật" else rng.choice(words)()] for label in labels]
    row = min(7, (y1 - y0 - 22) / len(rows))
    end = s.table(x0, y0 + 6, [24, x1 - x0 - 24], rows, body, min(10, row * 1.7), rng, row_mm=row, layer=layer)
    y = end + 5
    while y < y1 - 4:
        s.line(x0, y, x1, y, 0.15, layer="red", ink=160)
        y += 5
    s.ellipse((x0 + x1) / 2, y1 - 1, 3, 3, 0.25)
