"""Framed in ornament: the certificate (giấy khen, bằng, giấy chứng nhận)."""

from __future__ import annotations

import math
import random

from tools.pagegen.papers.setting import ITALICS, Point, blank, leader, path, pick_faces, small_caps, spaced
from tools.pagegen.sheet import MM_PER_POINT, Sheet
from tools.pagegen.text import ROLES, Prose


def certificate(rng: random.Random, ppm: float) -> Sheet:
    """A certificate (giấy khen, bằng, giấy chứng nhận): guilloche or ornamental border, large title, dotted lines."""
    s, prose = blank(rng, ppm, landscape=0.75), Prose(rng)
    body, bold = pick_faces(rng)
    if rng.random() < 0.3:
        body = rng.choice(ITALICS)
    layer = rng.choice(("red", "red", "black"))
    inset, depth = rng.uniform(6, 11), rng.uniform(5, 11)
    _border(s, rng, inset, depth, layer)
    if rng.random() < 0.4:
        _rosette(s, rng, (s.width / 2, s.height * 0.55), rng.uniform(25, 50), layer, ink=70)
    y = inset + depth + rng.uniform(4, 10)
    s.text(s.width / 2, y, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold, 11, align="centre")
    s.text(s.width / 2, y + 5, "Độc lập - Tự do - Hạnh phúc", bold, 11, align="centre", under=True)
    s.slots += [(inset + depth + 30, y + 10), (s.width - inset - depth - 30, y + 10), (s.width / 2, s.height * 0.6)]
    y += rng.uniform(14, 24)
    small_caps(s, s.width / 2, y, f"{rng.choice(ROLES)} {prose.agency()}", bold, 13)
    title = rng.choice(
        ("GIẤY KHEN", "BẰNG KHEN", "GIẤY CHỨNG NHẬN", "CHỨNG CHỈ MẬT MÃ", "TUYÊN DƯƠNG", "BẰNG TỐT NGHIỆP")
    )
    size = rng.uniform(24, 40) * min(1, s.width / 230)
    spaced(s, s.width / 2, y + 9, title, bold, size, rng.uniform(0, 2.5), layer=rng.choice(("red", layer)))
    y += 12 + size * MM_PER_POINT * 1.5
    side, step = inset + depth + rng.uniform(8, 20), rng.uniform(8, 11) * max(1, s.height / 230)
    labels = ("Tặng", "Ông (bà)", "Đơn vị", "Đã có thành tích", "Nay giữ chức", "Vào sổ mật số", "Xếp loại", "Ngày")
    for label in rng.sample(labels, rng.randint(3, 6)):
        if y > s.height - inset - depth - 48:
            break
        leader(s, side, s.width - side, y, f"{label}:", rng.choice((prose.person(), "")), body, 13)
        y += step
    right = s.width - side - 35
    s.text(right, y + 3, f"{prose.place().title()}, {prose.date()}", body, 11, align="centre")
    s.text(right, y + 8, rng.choice(ROLES), bold, 12, align="centre")
    s.text(side, s.height - inset - depth - 9, f"Số: {prose.number()}", body, 10, layer="red")
    s.slots.append((right, y + 20))
    return s


def _border(s: Sheet, rng: random.Random, inset: float, depth: float, layer: str) -> None:
    """Plaited waves (hoa văn) along the four sides between two rules, a rosette or square at each corner."""
    far, thick, strands = inset + depth, rng.uniform(0.12, 0.3), rng.randint(2, 6)
    pitch = rng.uniform(5, 16)
    for edge in (inset - 1, far + 1):
        s.box(edge, edge, s.width - edge, s.height - edge, rng.uniform(0.2, 0.9), layer=layer)
    for strand in range(strands):
        shift = strand * math.tau / strands
        for length, place in (
            (s.width, lambda along, off: (along, inset + off)),
            (s.width, lambda along, off: (along, s.height - inset - off)),
            (s.height, lambda along, off: (inset + off, along)),
            (s.height, lambda along, off: (s.width - inset - off, along)),
        ):
            count = int((length - 2 * inset) / (pitch / 9))
            alongs = [inset + (length - 2 * inset) * k / count for k in range(count + 1)]
            waves = [depth * (0.5 + 0.5 * math.sin(a * math.tau / pitch + shift)) for a in alongs]
            path(s, map(place, alongs, waves), thick, layer=layer)
    corner = rng.random() < 0.6
    for x in (inset + depth / 2, s.width - inset - depth / 2):
        for y in (inset + depth / 2, s.height - inset - depth / 2):
            if corner:
                _rosette(s, rng, (x, y), depth * 0.9, layer, ink=255)
            else:
                half = depth * 0.6
                s.box(x - half, y - half, x + half, y + half, 0.4, layer=layer, fill=rng.choice((0, 120)))


def _rosette(s: Sheet, rng: random.Random, centre: Point, radius: float, layer: str, *, ink: int) -> None:
    """A guilloche rose (hoa văn lưới tròn)."""
    petals, count = rng.randint(5, 14), 150
    for strand in range(rng.randint(2, 5)):
        points = []
        for k in range(count + 1):
            turn = k * math.tau / count
            away = radius * (0.7 + 0.3 * math.sin(petals * turn + strand * 0.9))
            points.append((centre[0] + away * math.cos(turn), centre[1] + away * math.sin(turn)))
        path(s, points, 0.12, layer=layer, ink=ink)
