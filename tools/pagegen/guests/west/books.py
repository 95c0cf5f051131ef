"""Bound and published paper: registers, book pages, dictionaries, newspapers, title pages, notebooks."""

from __future__ import annotations

import numpy as np
from PIL import Image

from tools.pagegen.guests.west import hand, words
from tools.pagegen.guests.west.rubber import clouds
from tools.pagegen.guests.west.sheet import BLUE, RED, Sheet

REGISTERS = (
    (("Số TT", 0.5), ("Ngày đến", 0.9), ("Số, ký hiệu", 1.1), ("Tên loại và trích yếu nội dung", 3),
        ("Độ mật", 0.9), ("Người nhận", 1.5), ("Ghi chú", 0.8)),
    (("TT", 0.4), ("Họ và tên", 2), ("Năm sinh", 0.7), ("Quê quán", 1.5), ("Nghề nghiệp", 1.4), ("Ký nhận", 1.1)),
    (("Ngày", 0.8), ("Diễn giải", 3), ("Nhập", 0.8), ("Xuất", 0.8), ("Tồn", 0.8), ("Thủ kho ký", 1)),
    (("Giờ", 0.6), ("Mực nước (cm)", 1), ("Gió", 0.8), ("Nhiệt độ", 0.8), ("Người đo", 1.5), ("Nhận xét", 2)),
)  # fmt: skip


def register(s: Sheet) -> None:
    """A ruled register or ledger, filled by hand or by typewriter, often a spread with a gutter."""
    columns = REGISTERS[0] if s.chance(s.trap) else REGISTERS[int(s.rng.integers(len(REGISTERS)))]
    x0, x1, y0 = s.between(8, 20), s.width - s.between(8, 16), s.between(14, 46)
    tint = (RED, BLUE, s.ink, (90, 130, 110))[int(s.rng.integers(4))]
    s.text(s.width / 2, y0 - 9, words.heading(s.rng, s.trap), 14, "bold", "mm", room=x1 - x0)
    edges = x0 + (x1 - x0) * np.cumsum([0, *(c[1] for c in columns)]) / sum(c[1] for c in columns)
    step, head = s.between(6.5, 11), s.between(9, 15)
    bottom = s.height - s.between(10, 25)
    rows = int((bottom - y0 - head) / step)
    for edge in edges:
        s.rule(edge, y0, edge, y0 + head + rows * step, 0.2, tint)
    for k in range(-1, rows + 1):
        y = y0 if k < 0 else y0 + head + k * step
        s.rule(x0, y, x1, y, 0.15 if k > 0 else 0.4, tint)
    for (title, _), a, b in zip(columns, edges[:-1], edges[1:], strict=True):
        s.text((a + b) / 2, y0 + head / 2, title, 9.5, "bold", "mm", room=b - a - 1)
    how = hand.a_hand(s.rng)
    for k in range(int(rows * s.between(0.2, 1))):
        if s.chance(0.05):
            how = hand.a_hand(s.rng)
        for (title, _), a, b in zip(columns, edges[:-1], edges[1:], strict=True):
            said = _entry(s, title, k)
            tall = min(step * 0.38, (b - a - 2) / max(len(said), 1) * 1.25)
            if tall > 0.9:
                s.write(a + 1, y0 + head + (k + 0.74) * step, said, tall, how)
    if s.width > 230 and s.chance(0.6):
        s.rule(s.width / 2, 0, s.width / 2, s.height, 0.8, (150, 140, 130))
    s.spots += [(x0 + 26, y0 - 8), (s.width - 40, y0 - 8), (s.width / 2, bottom - 15), (s.width * 0.7, s.height * 0.6)]


def _entry(s: Sheet, title: str, row: int) -> str:
    if title in ("Số TT", "TT"):
        return str(row + 1)
    if title.startswith("Ngày") or title == "Giờ":
        return words.date(s.rng, 3)
    if title in ("Họ và tên", "Người nhận", "Người đo", "Ký nhận", "Thủ kho ký"):
        return words.person(s.rng)
    if title == "Năm sinh":
        return str(s.rng.integers(1921, 2004))
    if title == "Độ mật":
        return words.pick(s.rng, ("Mật", "Tối mật", "Tuyệt mật", "Thường", "-", "T. mật", "nt"))
    if title in ("Quê quán", "Ghi chú", "Nghề nghiệp", "Nhận xét"):
        return words.pick(s.rng, words.PLACES) if s.chance(0.6) else ""
    if title.startswith(("Diễn", "Tên")):
        return f"{words.pick(s.rng, words.GOODS)}, phiếu {s.rng.integers(3, 99)}"
    return words.number(s.rng) if title.startswith("Số,") else str(s.rng.integers(4, 990))


def book(s: Sheet) -> None:
    """One page or an open spread of a printed book."""
    pages = 2 if s.width > s.height else 1
    size, page = s.between(9, 12), int(s.rng.integers(4, 480))
    for k in range(pages):
        left, wide = s.width / pages * k, s.width / pages
        x, y, w = left + wide * 0.12, s.height * 0.11, wide * 0.76
        s.text(
            x if k == 0 else x + w, y - 7, words.heading(s.rng, 0).capitalize(), 8.5, "italic", "la" if k == 0 else "ra"
        )
        s.text(left + wide / 2, s.height * 0.94, str(page + k), 10, anchor="mm")
        if s.chance(0.35):
            y = s.height * 0.24
            s.text(left + wide / 2, y - 14, f"CHƯƠNG {s.rng.integers(1, 20)}", 13, anchor="mm")
            s.text(left + wide / 2, y - 6, words.heading(s.rng, s.trap), 14, "bold", "mm", room=w)
        while y < s.height * 0.87:
            y = s.flow(x, y, w, words.prose(s.rng, 4, s.trap), size, indent=6, bottom=s.height * 0.9) + 0.01
            if s.chance(0.1):
                y = _figure(s, x + w * 0.15, y + 2, w * 0.7, min(45, s.height * 0.88 - y)) + 5
    s.spots += [
        (s.width * 0.25 + 8, s.height * 0.06),
        (s.width * 0.75, s.height * 0.9),
        (s.width * 0.5, s.height * 0.5),
    ]


def _figure(s: Sheet, x: float, y: float, w: float, h: float) -> float:
    if h < 15:
        return y
    size = (round(s.px(h)), round(s.px(w)))
    lump = clouds(s.rng, size, int(s.rng.integers(2, 7))) + 0.4 * clouds(s.rng, size, 24)
    tone = s.between(20, 95) + s.between(15, 60) * lump + np.linspace(s.between(-10, 60), 0, size[0])[:, None]
    s.image.paste(
        Image.fromarray(np.clip(tone, 4, 225).astype(np.uint8)).convert("RGB"), (round(s.px(x)), round(s.px(y)))
    )
    s.text(
        x + w / 2,
        y + h + 1,
        f"Ảnh {s.rng.integers(1, 60)}. {words.pick(s.rng, words.PLACES)}, {words.date(s.rng, 3)}",
        8,
        "italic",
        "ma",
    )
    return y + h


def photos(s: Sheet) -> None:
    """An album leaf: dark photographs with captions."""
    cols, rows = int(s.rng.integers(1, 3)), int(s.rng.integers(1, 4))
    cell_w, cell_h = (s.width - 40) / cols, (s.height - 60) / rows
    s.text(s.width / 2, 14, words.heading(s.rng, s.trap), 13, "bold", "mm", room=s.width - 40)
    for c in range(cols):
        for r in range(rows):
            _figure(s, 22 + c * cell_w, 26 + r * cell_h, cell_w - 8, cell_h - 14)
    s.spots += [(s.width * 0.2 + 10, 21), (s.width * 0.7, s.height - 18), (s.width * 0.5, s.height * 0.55)]


def dictionary(s: Sheet) -> None:
    """Two narrow columns of entries."""
    w = (s.width - 42) / 2
    s.text(s.width / 2, 12, "mặt — mật — tuyệt", 10, "bold", "mm")
    s.rule(s.width / 2, 18, s.width / 2, s.height - 18, 0.2)
    for k in range(2):
        y, x = 20.0, 18 + k * (w + 6)
        while y < s.height - 22:
            word, meaning = words.DICTIONARY[int(s.rng.integers(len(words.DICTIONARY)))]
            wide = s.text(x, y, word, 9.5, "bold")
            y = (
                s.flow(
                    x,
                    y,
                    w,
                    f"dt. hoặc tt. {meaning} {words.sentence(s.rng, 0)}",
                    9,
                    indent=wide + 2,
                    bottom=s.height - 18,
                )
                + 0.4
            )
    s.spots += [(50, s.height - 12), (s.width - 45, 12), (s.width / 2, s.height / 2)]


def newspaper(s: Sheet) -> None:
    """A gazette: a masthead and columns."""
    name = words.pick(s.rng, ("TIN ĐÊ ĐIỀU", "NGƯỜI LÁI ĐÒ", "CÔNG BÁO", "TIẾNG CÒI TẦM", "MẶT BIỂN", "LÚA MỚI"))
    s.text(
        s.width / 2, 22, name, s.between(34, 60), "bold", "mm", ink=RED if s.chance(0.4) else None, room=s.width - 24
    )
    s.rule(10, 36, s.width - 10, 36, 0.7)
    s.text(12, 38, f"SỐ {s.rng.integers(3, 2400)}", 9, "bold")
    s.text(s.width - 12, 38, words.date(s.rng, 2), 9, "italic", "ra")
    s.rule(10, 43, s.width - 10, 43, 0.3)
    s.text(s.width / 2, 53, words.heading(s.rng, s.trap), s.between(18, 28), "bold", "mm", room=s.width - 26)
    columns = int(s.rng.integers(3, 5))
    w = (s.width - 20) / columns
    for k in range(columns):
        y, x = 64.0, 11 + k * w
        while y < s.height - 20:
            if s.chance(0.3):
                y = (
                    s.flow(
                        x,
                        y + 1,
                        w - 4,
                        words.heading(s.rng, s.trap),
                        11,
                        "bold",
                        1.15,
                        bottom=s.height - 12,
                        justify=False,
                    )
                    + 1
                )
            if s.chance(0.25) and y < s.height - 50:
                s.box(x, y + 1, w - 4, 18, s.between(0.2, 0.8))
                said = words.pick(s.rng, words.TRAP_BOXES)
                s.text(x + (w - 4) / 2, y + 7, said, s.between(11, 16), "bold", "mm", room=w - 7)
                s.text(x + (w - 4) / 2, y + 14, words.pick(s.rng, words.GOODS), 9, "italic", "mm", room=w - 7)
                y += 21
            if s.chance(0.2):
                y = _figure(s, x, y, w - 4, min(28, s.height - 20 - y)) + 5
            y = s.flow(x, y, w - 4, words.prose(s.rng, 3, s.trap), 8, lead=1.2, indent=3, bottom=s.height - 10) + 0.8
        if k:
            s.rule(x - 2, 62, x - 2, s.height - 10, 0.12)
    s.spots += [(32, 12), (s.width - 34, 12), (s.width * 0.5, s.height * 0.7), (s.width * 0.3, s.height * 0.45)]


def title_page(s: Sheet) -> None:
    """A title page or thesis cover with large print."""
    s.text(s.width / 2, s.height * 0.08, words.pick(s.rng, words.BODIES).upper(), 14, "plain", "mm", room=s.width - 40)
    tint = (s.ink, RED, BLUE)[int(s.rng.integers(3))]
    y = s.height * s.between(0.28, 0.42)
    title = words.heading(s.rng, s.trap).split()
    for piece in (" ".join(title[: len(title) // 2]), " ".join(title[len(title) // 2 :])):
        s.text(s.width / 2, y, piece, s.between(30, 46), "bold", "mm", tint, s.width - 44)
        y += 19
    s.text(s.width / 2, y + 4, f"Tập {s.rng.integers(1, 9)}: {words.pick(s.rng, words.PLACES)}", 16, "italic", "mm")
    s.text(
        s.width / 2,
        s.height * 0.92,
        f"{words.pick(s.rng, words.PLACES)}, {s.rng.integers(1959, 2025)}",
        12,
        "plain",
        "mm",
    )
    if s.chance(0.5):
        for inset in (9.0, 11.0)[: int(s.rng.integers(1, 3))]:
            s.box(inset, inset, s.width - 2 * inset, s.height - 2 * inset, s.between(0.2, 1.2), tint)
    s.spots += [(s.width - 45, s.height * 0.15), (s.width * 0.3, s.height * 0.18), (s.width / 2, s.height * 0.75)]


def notebook(s: Sheet) -> None:
    """A leaf of a notebook, ruled or squared, written full."""
    tint = ((168, 190, 222), (206, 178, 190), (170, 205, 190))[int(s.rng.integers(3))]
    step = s.between(6.5, 9)
    for k in range(1, int(s.height / step)):
        s.rule(0, k * step, s.width, k * step, 0.12, tint)
    if s.chance(0.35):
        for k in range(1, int(s.width / step)):
            s.rule(k * step, 0, k * step, s.height, 0.12, tint)
    margin = s.between(14, 30)
    s.rule(margin, 0, margin, s.height, 0.2, (226, 120, 120))
    how, tall = hand.a_hand(s.rng), step * s.between(0.38, 0.5)
    ink = (BLUE, s.ink, (60, 40, 110))[int(s.rng.integers(3))]
    pieces, line = " ".join(words.prose(s.rng, 14, s.trap).split()).split(), ""
    row = int(s.rng.integers(2, 6))
    for word in pieces:
        if (len(line) + len(word)) * tall * 0.78 * how.spread > s.width - margin - 12:
            s.write(margin + 2, row * step - 0.8, line, tall, how, ink)
            line, row = "", row + 1
            if row * step > s.height - 12:
                break
        line = f"{line} {word}".strip()
    s.spots += [(margin + 24, step * 1.2), (s.width - 34, 14), (s.width / 2, s.height - 16)]
