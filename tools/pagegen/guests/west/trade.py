"""Figures and money: printed tables, invoices, receipts, tickets."""

from __future__ import annotations

from tools.pagegen.guests.west import hand, words
from tools.pagegen.guests.west.sheet import BLUE, RED, Sheet


def figures(s: Sheet) -> None:
    """A table of figures from a printer."""
    s.text(s.width / 2, 16, words.heading(s.rng, s.trap), 14, "bold", "mm", room=s.width - 30)
    columns, y, step = int(s.rng.integers(5, 12)), 28.0, s.between(4.6, 7.5)
    first = s.between(38, 60)
    wide = (s.width - 26 - first) / columns
    shade, lines = s.chance(0.4), s.chance(0.7)
    row = 0
    while y < s.height - 24:
        if shade and row % 2 == 0:
            s.box(13, y, s.width - 26, step, 0, fill=(226, 230, 234))
        total = row % 9 == 8
        said = "Cộng" if total else words.pick(s.rng, words.GOODS if row else ("Mặt hàng",))
        s.text(14, y + step / 2, said, step * 1.7, "bold" if total or not row else "plain", "lm", room=first - 2)
        for c in range(columns):
            value = f"{s.rng.integers(1, 99999):,}".replace(",", ".") if row else f"Quý {c + 1}"
            s.text(
                12 + first + (c + 1) * wide,
                y + step / 2,
                value,
                step * 1.6,
                "bold" if total else "plain",
                "rm",
                room=wide - 1,
            )
        if lines:
            s.rule(13, y + step, s.width - 13, y + step, 0.12)
        y, row = y + step, row + 1
    s.box(13, 28, s.width - 26, y - 28, 0.35)
    s.spots += [(36, 9), (s.width - 40, 9), (s.width / 2, s.height - 12), (s.width * 0.5, s.height * 0.5)]


def invoice(s: Sheet) -> None:
    """An invoice, receipt or ticket in coloured print."""
    tint = (RED, BLUE, (30, 110, 70), s.ink)[int(s.rng.integers(4))]
    s.text(
        s.width / 2,
        12,
        words.pick(s.rng, ("HÓA ĐƠN BÁN HÀNG", "PHIẾU XUẤT KHO", "BIÊN LAI THU TIỀN", "VÉ TÀU CHỢ")),
        18,
        "bold",
        "mm",
        tint,
    )
    s.text(s.width - 12, 20, f"N° {s.rng.integers(1000, 999999):07}", 13, "bold", "ra", RED)
    s.text(12, 20, words.pick(s.rng, words.BODIES), 10, ink=tint, room=s.width * 0.6)
    rows, y, how = int(s.rng.integers(4, 12)), 34.0, hand.a_hand(s.rng)
    step = min(9.0, (s.height - 68) / rows)
    edges = [10, 20, s.width * 0.5, s.width * 0.62, s.width * 0.78, s.width - 10]
    for k, title in enumerate(("TT", "Tên hàng", "ĐVT", "Số lượng", "Thành tiền")):
        s.text((edges[k] + edges[k + 1]) / 2, y + step / 2, title, 9.5, "bold", "mm", tint, edges[k + 1] - edges[k] - 1)
    for k in range(rows + 2):
        s.rule(10, y + k * step, s.width - 10, y + k * step, 0.2, tint)
        if 0 < k <= int(rows * 0.7):
            line = (
                str(k),
                words.pick(s.rng, words.GOODS),
                "kg",
                str(s.rng.integers(2, 90)),
                f"{s.rng.integers(2, 999)}.000",
            )
            for c, said in enumerate(line):
                s.write(edges[c] + 1.5, y + (k + 0.72) * step, said, min(2.6, step * 0.4), how)
    for edge in edges:
        s.rule(edge, y, edge, y + (rows + 1) * step, 0.2, tint)
    for k, who in enumerate(("Người mua", "Thủ kho", "Thủ trưởng")):
        s.text(s.width * (0.2 + 0.3 * k), y + (rows + 1) * step + 4, who, 10, "bold", "ma", tint)
    for k in range(34 if s.chance(0.3) else 0):
        s.rule(12 + k * 1.1, s.height - 12, 12 + k * 1.1, s.height - 4, float(s.rng.choice((0.25, 0.5, 0.8))))
    s.spots += [
        (s.width * 0.8, s.height - 16),
        (s.width * 0.5, s.height - 14),
        (32, 8),
        (s.width * 0.45, s.height * 0.5),
    ]
