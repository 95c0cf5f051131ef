"""Paper that is drawn rather than written: plans, charts, slides, certificates, maps."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from tools.pagegen.guests.west import words
from tools.pagegen.guests.west.sheet import BLUE, RED, Colour, Sheet


def plan(s: Sheet) -> None:
    """A technical drawing with dimension lines, hatching and a title block."""
    s.box(20, 5, s.width - 25, s.height - 10, 0.7)
    block_w, block_h = min(120.0, s.width * 0.55), 36.0
    bx, by = s.width - 5 - block_w, s.height - 5 - block_h
    s.box(bx, by, block_w, block_h, 0.5)
    for k in range(1, 5):
        s.rule(bx, by + k * 7.2, bx + block_w * 0.45, by + k * 7.2, 0.2)
        post = ("Thiết kế", "Kiểm tra", "Vẽ can", "Duyệt", "Tỷ lệ 1:50")[k - 1]
        s.text(bx + 1.5, by + (k - 1) * 7.2 + 1.5, f"{post}: {words.person(s.rng)}", 8, room=block_w * 0.43)
    s.rule(bx + block_w * 0.45, by, bx + block_w * 0.45, by + block_h, 0.3)
    title = words.pick(
        s.rng, ("MẶT BẰNG TẦNG 1", "MẶT CẮT A-A", "MẶT ĐỨNG TRỤC 1-5", "CHI TIẾT CỐNG", "SƠ ĐỒ LƯỚI ĐIỆN")
    )
    s.text(bx + block_w * 0.72, by + 10, title, 13, "bold", "mm", room=block_w * 0.5)
    s.text(bx + block_w * 0.72, by + 22, words.pick(s.rng, words.BODIES), 9, "plain", "mm", room=block_w * 0.52)
    x0, y0, w, h = 40.0, 28.0, s.width - 70, by - 50
    xs = np.sort(s.rng.uniform(0, 1, 4)) * w + x0
    for a, b in zip([x0, *xs], [*xs, x0 + w], strict=True):
        s.box(a, y0, b - a, h * s.between(0.4, 1), s.between(0.3, 0.8))
        s.rule(a, y0 - 6, b, y0 - 6, 0.12)
        s.rule(a, y0 - 8, a, y0 - 3, 0.12)
        s.text((a + b) / 2, y0 - 7, str(round((b - a) * 50)), 7.5, anchor="mb")
        if s.chance(0.4):
            for k in range(int(h / 3)):
                s.rule(a, y0 + k * 3 * 0.4, min(b, a + 3), y0 + k * 3 * 0.4 + 2, 0.1)
        if s.chance(0.4):
            s.ring((a + b) / 2, y0 + h * 0.3, min(9, (b - a) / 3), 0.3)
        s.text(
            (a + b) / 2,
            y0 + h * 0.2,
            words.pick(s.rng, ("Kho", "P. máy", "Bể lắng", "+3.600", "Hành lang")),
            8,
            anchor="mm",
        )
    s.text(x0, by - 8, f"Ghi chú: {words.sentence(s.rng, s.trap)}", 8.5, room=w)
    s.spots += [(s.width - 34, 16), (bx - 30, by + 18), (48, 14), (bx + 60, by - 12), (s.width * 0.5, s.height * 0.45)]


def organisation(s: Sheet) -> None:
    """Boxes and lines of an organisation chart, some boxes with words that look like a level."""
    s.text(
        s.width / 2, 14, f"SƠ ĐỒ TỔ CHỨC {words.pick(s.rng, words.BODIES).upper()}", 14, "bold", "mm", room=s.width - 30
    )
    fill: Colour | None = (232, 238, 246) if s.chance(0.4) else None
    rows = int(s.rng.integers(3, 6))
    last: list[float] = []
    gap = (s.height - 60) / rows
    for r in range(rows):
        n = 1 if r == 0 else int(s.rng.integers(2, 5))
        y, now = 30 + r * gap, [s.width * (k + 0.5) / n for k in range(n)]
        wide = min(58.0, s.width / n - 8)
        for x in now:
            s.box(x - wide / 2, y, wide, 12, s.between(0.2, 0.7), fill=fill)
            said = words.pick(s.rng, words.TRAP_BOXES) if s.chance(0.25) else words.pick(s.rng, words.BODIES)
            s.text(x, y + 6, said, 9.5, "bold" if s.chance(0.4) else "plain", "mm", room=wide - 3)
            if last:
                s.rule(x, y, x, y - gap / 2 + 6, 0.25)
        if last:
            s.rule(min(now + last), y - gap / 2 + 6, max(now + last), y - gap / 2 + 6, 0.25)
            for x in last:
                s.rule(x, y - gap + 12, x, y - gap / 2 + 6, 0.25)
        last = now
    s.spots += [(36, 9), (s.width - 40, s.height - 12), (s.width * 0.25, 36), (s.width * 0.5, s.height - 16)]


def slide(s: Sheet) -> None:
    """A printed slide: a coloured bar, bullets, a bar chart."""
    bar = ((24, 70, 120), (150, 30, 36), (40, 110, 90), (240, 190, 60), (90, 90, 96))[int(s.rng.integers(5))]
    s.box(0, 0, s.width, 26, 0, fill=bar)
    s.text(12, 13, words.heading(s.rng, s.trap), 24, "bold", "lm", (255, 255, 255), s.width - 24)
    y = 40.0
    for _ in range(int(s.rng.integers(3, 6))):
        s.text(14, y, "•", 20, ink=bar)
        y = s.flow(21, y, s.width * 0.55, words.sentence(s.rng, s.trap), 16, bottom=s.height - 24, justify=False) + 4
    heights = s.rng.uniform(10, s.height * 0.45, 5)
    for k, tall in enumerate(heights):
        s.box(
            s.width * 0.68 + k * 13,
            s.height - 30 - tall,
            9,
            tall,
            0,
            fill=(bar[0] // 2 + 22 * k, bar[1] // 2 + 40, bar[2]),
        )
        s.text(s.width * 0.68 + k * 13 + 4, s.height - 27, str(2001 + k), 9, anchor="ma")
    s.text(s.width - 8, s.height - 8, str(s.rng.integers(2, 60)), 10, anchor="rs")
    s.spots += [(s.width - 42, 35), (40, s.height - 14), (s.width * 0.8, 50), (s.width * 0.5, s.height * 0.8)]


def certificate(s: Sheet) -> None:
    """A diploma inside a guilloche border."""
    tint = ((176, 132, 52), (150, 40, 50), (50, 96, 84), (70, 80, 140))[int(s.rng.integers(4))]
    for k in range(int(s.rng.integers(2, 6))):
        _garland(s, 8 + 1.6 * k, s.between(1.2, 3.2), s.between(0.5, 1.4), tint)
    s.box(16, 16, s.width - 32, s.height - 32, 0.4, tint)
    s.text(s.width / 2, 30, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 13, "bold", "mm", room=s.width - 50)
    s.text(s.width / 2, 37, "Độc lập - Tự do - Hạnh phúc", 12, "plain", "mm")
    title = words.pick(s.rng, ("GIẤY KHEN", "BẰNG TỐT NGHIỆP", "CHỨNG NHẬN", "BẰNG LAO ĐỘNG", "GIẤY MỜI"))
    s.text(s.width / 2, s.height * 0.33, title, s.between(34, 52), "bold", "mm", RED, s.width - 60)
    s.text(s.width / 2, s.height * 0.46, words.pick(s.rng, words.BODIES), 15, "italic", "mm", room=s.width - 56)
    s.text(s.width / 2, s.height * 0.55, f"Ông (bà): {words.person(s.rng)}", 18, "bold", "mm", room=s.width - 60)
    s.flow(34, s.height * 0.6, s.width - 68, words.sentence(s.rng, s.trap), 13, "italic", bottom=s.height * 0.72)
    s.text(s.width * 0.7, s.height * 0.74, "CHỦ TỊCH HỘI ĐỒNG", 12, "bold", "mm")
    s.spots += [
        (42, 24),
        (s.width * 0.3, s.height * 0.8),
        (s.width * 0.7, s.height * 0.83),
        (s.width - 48, 24),
        (s.width / 2, s.height * 0.2),
    ]


def _garland(s: Sheet, inset: float, reach: float, pitch: float, tint: Colour) -> None:
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]) * (s.width - 2 * inset, s.height - 2 * inset) + inset
    for a, b in pairwise(corners):
        way = (b - a) / np.linalg.norm(b - a)
        t = np.arange(0, np.linalg.norm(b - a), 0.4)
        swing = np.sin(t * pitch)[:, None] * reach * np.array([-way[1], way[0]])
        points = (a + t[:, None] * way + swing) * (s.dpi / 25.4)
        s.draw.line([tuple(p) for p in points.tolist()], fill=tint, width=max(1, round(s.px(0.2))))


def chart_of_land(s: Sheet) -> None:
    """A map: contour lines, a river, a grid, names and a framed legend."""
    x = np.linspace(0, s.width, 60)
    for k in range(int(s.rng.integers(8, 22))):
        swing = sum(s.between(3, 16) * np.sin(x / s.between(14, 60) + s.between(0, 6)) for _ in range(3))
        y = s.height * (k + 0.5) / 16 + swing
        points = np.stack((x, y), 1) * (s.dpi / 25.4)
        river = k % 7 == 3
        tint, mm = ((70, 120, 190), 1.1) if river else ((170, 120, 70), 0.2)
        s.draw.line([tuple(p) for p in points.tolist()], fill=tint, width=max(1, round(s.px(mm))))
    for k in range(1, 6):
        s.rule(s.width * k / 6, 0, s.width * k / 6, s.height, 0.1, BLUE)
        s.rule(0, s.height * k / 6, s.width, s.height * k / 6, 0.1, BLUE)
    for _ in range(int(s.rng.integers(8, 26))):
        px, py = s.between(10, s.width - 40), s.between(10, s.height - 20)
        s.ring(px, py, 0.9, 0.4)
        s.text(
            px + 2, py - 2, words.pick(s.rng, words.PLACES), s.between(7, 13), "italic" if s.chance(0.5) else "plain"
        )
    s.box(s.width - 70, s.height - 46, 60, 36, 0.5, fill=(250, 250, 250))
    s.text(s.width - 40, s.height - 40, "CHÚ GIẢI", 10, "bold", "mm")
    for k, said in enumerate(("Đường đồng mức", "Sông suối", "Điểm dân cư", "Mật độ dân số")):
        s.rule(s.width - 66, s.height - 33 + k * 6, s.width - 56, s.height - 33 + k * 6, 0.5)
        s.text(s.width - 53, s.height - 33 + k * 6, said, 8.5, anchor="lm")
    s.spots += [(38, 14), (s.width - 38, 14), (s.width * 0.4, s.height * 0.5), (48, s.height - 18)]


def empty(s: Sheet) -> None:
    """The back of a sheet, with at most a line of print."""
    if s.chance(0.5):
        s.text(
            s.width / 2,
            s.height - 10,
            f"In {s.rng.integers(50, 900)} cuốn tại {words.pick(s.rng, words.BODIES)}",
            8,
            anchor="mm",
        )
    s.spots += [(s.width * s.between(0.25, 0.75), s.height * s.between(0.15, 0.8)) for _ in range(5)]
