"""Small figures in many columns: the statistics table (biểu thống kê)."""

from __future__ import annotations

import random
from collections.abc import Sequence

from tools.pagegen.papers.setting import LEVELS, QUICK, Point, any_title, blank, pick_faces, upright, wrap
from tools.pagegen.sheet import MM_PER_POINT, Sheet
from tools.pagegen.text import ROLES, Prose


def _figure(rng: random.Random) -> str:
    pick = rng.random()
    if pick < 0.12:
        return rng.choice(("-", "...", "0", "x", ""))
    if pick < 0.5:
        return f"{rng.uniform(0, 99):.1f}".replace(".", ",")
    return f"{rng.randint(0, 99999):,}".replace(",", ".")


def statistics(rng: random.Random, ppm: float) -> Sheet:
    """A dense statistics table (biểu thống kê): small digits, many columns, headings that stand upright."""
    s, prose = blank(rng, ppm, landscape=0.6), Prose(rng)
    body, bold = pick_faces(rng, QUICK)
    left, right, y = rng.uniform(8, 18), s.width - rng.uniform(8, 16), rng.uniform(8, 16)
    s.slots += [(left + 28, y + 6), (right - 28, y + 5), (s.width / 2, y + 4), (right - 35, s.height - 18)]
    s.text(left, y, f"Biểu số {rng.randint(1, 60)}/TK-{rng.choice(('XH', 'VTLT', 'BM', 'KT'))}", body, 8)
    s.text(right, y, rng.choice(("Đơn vị tính: người/km²", "Đơn vị: hồ sơ", "ĐVT: triệu đồng")), body, 8, align="right")
    s.text(s.width / 2, y + 5, any_title(prose), bold, rng.uniform(11, 15), align="centre")
    s.text(s.width / 2, y + 11.5, f"(Có đến {prose.date()})", body, 9, align="centre")
    first, y = rng.uniform(22, 42), y + rng.uniform(18, 24)
    size, row = rng.uniform(5.5, 7.5), rng.uniform(3.4, 5.6)
    columns = int((right - left - first) / rng.uniform(9, 15))
    count = int((s.height - y - rng.uniform(45, 70)) / row)
    width = (right - left - first) / columns
    head = _upright_heads(s, prose, (left + first, y, width, columns), size)
    s.text(left + 2, y + head / 2 - 2, "Chỉ tiêu", bold, size + 1)
    bottom = y + head + count * row
    _table_rules(s, rng, (left, y, right, bottom), [first, *[width] * columns], (head, row))
    secrecy = rng.random() < 0.6
    for r in range(count):
        top = y + head + r * row + (row - size * MM_PER_POINT * 1.2) / 2
        strong = rng.random() < 0.12
        face = bold if strong else body
        words = wrap(s, prose.sentence().rstrip(".;:,"), face, size, first - 4)[0]
        s.text(left + (0.7 if strong else 2.5), top, words, face, size)
        for c in range(columns - secrecy):
            s.text(left + first + (c + 1) * width - 0.6, top, _figure(rng), face, size, align="right")
        if secrecy:
            s.text(right - width / 2, top, rng.choice(LEVELS), face, size - 0.5, align="centre")
    s.text(left + 30, bottom + 5, rng.choice(ROLES), bold, 9, align="centre")
    s.text(right - 35, bottom + 5, rng.choice(ROLES), bold, 9, align="centre")
    return s


def _upright_heads(s: Sheet, prose: Prose, place: tuple[float, float, float, int], size: float) -> float:
    """The upright headings of the columns; return their height."""
    x, y, width, columns = place
    head = prose.rng.uniform(18, 34)
    for c in range(columns):
        last = c == columns - 1
        words = "Độ mật" if last else prose.sentence().rstrip(".;:,")
        lines = wrap(s, words, "RobotoCondensed-Regular", size, head - 2)[: max(1, int(width / (size * 0.5)))]
        step = size * MM_PER_POINT * 1.15
        for k, line in enumerate(lines):
            across = x + (c + 0.5) * width + (k - len(lines) / 2) * step
            upright(s, across, y + head - 1, line, "RobotoCondensed-Regular", size)
    return head


def _table_rules(
    s: Sheet, rng: random.Random, box: tuple[float, float, float, float], widths: Sequence[float], rows: Point
) -> None:
    (x0, y0, x1, y1), (head, row) = box, rows
    thin, every = rng.uniform(0.1, 0.25), rng.choice((1, 1, 5, 1000))
    s.box(x0, y0, x1, y1, rng.uniform(0.2, 0.7))
    s.line(x0, y0 + head, x1, y0 + head, 0.3)
    for r in range(1, round((y1 - y0 - head) / row)):
        if r % every == 0:
            s.line(x0, y0 + head + r * row, x1, y0 + head + r * row, thin)
    for width in widths:
        x0 += width
        s.line(x0, y0, x0, y1, thin)
    s.tables.append(box)
