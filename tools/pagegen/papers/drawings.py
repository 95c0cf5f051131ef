"""Drawn more than written: the plan or map and the chart (bản đồ, sơ đồ mặt bằng, sơ đồ tổ chức)."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

from tools.pagegen.layouts import BOLD
from tools.pagegen.papers.setting import LEVELS, Point, any_title, blank, frame_words, path, pick_faces, spaced, wrap
from tools.pagegen.sheet import MM_PER_POINT, Sheet
from tools.pagegen.text import Prose


def plan(rng: random.Random, ppm: float) -> Sheet:
    """A plan or map (bản đồ, sơ đồ mặt bằng): contours, river, hatched plots, north arrow, legend, title block."""
    s, prose = blank(rng, ppm, landscape=0.6), Prose(rng)
    body, bold = pick_faces(rng)
    inset = rng.uniform(7, 14)
    x0, y0, x1, y1 = inset + rng.choice((0, 12)), inset, s.width - inset, s.height - inset
    if rng.random() < 0.7:
        _map_grid(s, rng, (x0, y0, x1, y1), body)
    for _ in range(rng.randint(1, 4)):
        _hill(s, rng, (rng.uniform(x0, x1), rng.uniform(y0, y1)), (x0, y0, x1, y1), body)
    for _ in range(rng.randint(0, 3)):
        _river(s, rng, (x0, y0, x1, y1))
    for _ in range(rng.choice((4, 8, 15, 30))):
        _plot(s, prose, (rng.uniform(x0, x1 - 40), rng.uniform(y0, y1 - 35)), body)
    for _ in range(rng.randint(3, 9)):
        words = rng.choice((prose.place(), prose.boxed(), "MẬT ĐỘ XÂY DỰNG 40%", f"KHU {rng.choice('ABCD')}"))
        spaced(s, rng.uniform(x0 + 30, x1 - 30), rng.uniform(y0, y1 - 8), words, body, rng.uniform(7, 13), 1)
    half = s.width * 0.32
    title = f"{rng.choice(('BẢN ĐỒ', 'SƠ ĐỒ', 'MẶT BẰNG'))} {any_title(prose)}"
    s.box(s.width / 2 - half, y0 + 3, s.width / 2 + half, y0 + 11, rng.uniform(0.2, 0.8), fill=0)
    s.text(s.width / 2, y0 + 4.6, title, bold, 10, align="centre")
    _north(s, (x1 - rng.uniform(15, 30), y0 + rng.uniform(22, 34)), rng.uniform(8, 15), bold)
    _legend(s, prose, (x0 + 4, y1 - rng.uniform(48, 60)), body)
    _title_block(s, prose, (x1, y1), body)
    s.box(x0, y0, x1, y1, rng.uniform(0.3, 1.2))
    s.slots += [(x0 + 28, y0 + 14), (x1 - 32, y0 + 12), (x1 - 40, y1 - 50), (s.width / 2, y1 - 12)]
    return s


def _map_grid(s: Sheet, rng: random.Random, box: tuple[float, float, float, float], body: str) -> None:
    (x0, y0, x1, y1), step = box, rng.uniform(22, 50)
    layer, ink, first = rng.choice(("black", "black", "red")), rng.randint(60, 160), rng.randint(10, 80)
    for k in range(1, int((x1 - x0) / step) + 1):
        s.line(x0 + k * step, y0, x0 + k * step, y1, 0.12, layer=layer, ink=ink)
        s.text(x0 + k * step, y0 - 3.4, f"{first + k}", body, 7, align="centre")
    for k in range(1, int((y1 - y0) / step) + 1):
        s.line(x0, y0 + k * step, x1, y0 + k * step, 0.12, layer=layer, ink=ink)
        s.text(x0 - 1, y0 + k * step - 1.5, f"{first + k}", body, 7, align="right")


def _hill(s: Sheet, rng: random.Random, centre: Point, sheet: tuple[float, float, float, float], body: str) -> None:
    """Contour lines around a summit (đường bình độ), every fifth one thick."""
    waves = [(rng.randint(2, 6), rng.uniform(0.02, 0.16), rng.uniform(0, 6.3)) for _ in range(4)]
    step, squash, ink = rng.uniform(2, 5), rng.uniform(0.5, 1), rng.randint(90, 220)
    layer = rng.choice(("black", "red", "black"))
    for ring in range(1, rng.randint(7, 20)):
        points = []
        for k in range(61):
            turn = k * math.tau / 60
            away = ring * step * (1 + sum(size * math.sin(n * turn + at + ring * 0.06) for n, size, at in waves))
            points.append((centre[0] + away * math.cos(turn), centre[1] + squash * away * math.sin(turn)))
        path(s, points, 0.35 if ring % 5 == 0 else 0.12, layer=layer, ink=ink, within=sheet)
    s.text(*centre, f"{rng.uniform(20, 900):.1f}", body, 7)


def _river(s: Sheet, rng: random.Random, box: tuple[float, float, float, float]) -> None:
    """A river, road or boundary that winds across: one line, two, or dashes."""
    x0, y0, x1, y1 = box
    y, slope, wave, phase = rng.uniform(y0, y1), rng.uniform(-0.5, 0.5), rng.uniform(3, 14), rng.uniform(0, 6)
    thick, dash = rng.uniform(0.2, 0.7), rng.choice((0, 0, 1, 2))
    for bank in (0, rng.uniform(1.5, 5))[: rng.randint(1, 2)]:
        points = []
        for k in range(81):
            x = x0 + (x1 - x0) * k / 80
            across = y + bank + slope * (x - x0) + wave * math.sin(x / 17 + phase) + wave / 3 * math.sin(x / 5)
            points.append((x, across))
        path(s, points, thick, dash=dash, within=box)


def _hatch(s: Sheet, box: tuple[float, float, float, float], gap: float, *, ink: int) -> None:
    """Slanting lines within a box (nét gạch chéo)."""
    x0, y0, x1, y1 = box
    at = gap
    while at < (x1 - x0) + (y1 - y0):
        start = (x0 + min(at, x1 - x0), y0 + max(0.0, at - (x1 - x0)))
        end = (x0 + max(0.0, at - (y1 - y0)), y0 + min(at, y1 - y0))
        s.line(*start, *end, 0.1, ink=ink)
        at += gap


def _plot(s: Sheet, prose: Prose, corner: Point, body: str) -> None:
    """A plot or house (thửa đất, nhà): a frame, hatched or with its number."""
    rng, (x, y) = prose.rng, corner
    box = (x, y, x + rng.uniform(7, 38), y + rng.uniform(6, 30))
    s.box(*box, rng.uniform(0.15, 0.6))
    if rng.random() < 0.55:
        _hatch(s, box, rng.uniform(1, 4), ink=rng.randint(100, 255))
    else:
        s.text(x + 1, y + 1, f"{rng.randint(1, 300)}", body, 8)
        s.text(x + 1, y + 5, f"{rng.uniform(20, 900):.1f} m²", body, 6)


def _north(s: Sheet, foot: Point, high: float, bold: str) -> None:
    """The north arrow (mũi tên chỉ bắc)."""
    x, y = foot
    s.ellipse(x, y, high * 0.5, high * 0.5, 0.25)
    path(s, [(x, y + high * 0.6), (x, y - high), (x - high * 0.2, y), (x + high * 0.2, y), (x, y - high)], 0.4)
    s.text(x, y - high - 5, "B", bold, 12, align="centre")


def _legend(s: Sheet, prose: Prose, corner: Point, body: str) -> None:
    """The legend (chú giải): patches and what they stand for."""
    rng, (x, y) = prose.rng, corner
    rows = rng.randint(4, 7)
    s.box(x, y, x + 52, y + 7 + rows * 5.5, 0.4, fill=0)
    s.text(x + 26, y + 1, rng.choice(("CHÚ GIẢI", "CHÚ THÍCH", "KÝ HIỆU")), BOLD.get(body, body), 9, align="centre")
    for k in range(rows):
        top = y + 7 + k * 5.5
        patch = (x + 2, top, x + 11, top + 4)
        s.box(*patch, 0.2, fill=rng.choice((0, 0, 60, 140)))
        if rng.random() < 0.5:
            _hatch(s, patch, rng.uniform(0.8, 1.8), ink=255)
        s.text(x + 13, top, wrap(s, prose.sentence(), body, 7, 36)[0], body, 7)


def _title_block(s: Sheet, prose: Prose, corner: Point, body: str) -> None:
    """The ruled cells in the lower right corner (khung tên): scale, drawn by, sheet, level of secrecy."""
    rng, (x1, y1) = prose.rng, corner
    rows = [
        ["Tỷ lệ", f"1:{rng.choice((500, 2000, 5000, 25000))}", "Tờ số", str(rng.randint(1, 40))],
        ["Người vẽ", prose.person(), "Ngày", prose.short_date()],
        ["Kiểm tra", prose.person(), "Độ mật", rng.choice(LEVELS)],
        ["Cơ quan", prose.agency(), "Bản số", str(rng.randint(1, 9))],
        ["Tên bản vẽ", prose.heading(), "Hệ", rng.choice(("VN-2000", "HN-72"))],
    ][: rng.randint(3, 5)]
    rng.shuffle(rows)
    widths, row = [16.0, rng.uniform(28, 40), 15.0, rng.uniform(18, 24)], rng.uniform(5, 7.5)
    box = (x1 - sum(widths), y1 - row * len(rows), x1, y1)
    s.box(*box, 0.6, fill=0)
    s.table(box[0], box[1], widths, rows, body, rng.uniform(7, 9), rng, row_mm=row, thick=rng.uniform(0.15, 0.4))


def organigram(rng: random.Random, ppm: float) -> Sheet:
    """An organisation or flow chart (sơ đồ tổ chức, lưu đồ): framed words joined by lines."""
    s, prose = blank(rng, ppm, landscape=0.55), Prose(rng)
    _, bold = pick_faces(rng)
    s.text(s.width / 2, rng.uniform(9, 16), f"SƠ ĐỒ {any_title(prose)}", bold, rng.uniform(12, 17), align="centre")
    levels, top = rng.randint(3, 6), rng.uniform(28, 40)
    step = (s.height - top - 15) / levels
    high, size, thick = step * rng.uniform(0.35, 0.6), rng.uniform(7, 10), rng.uniform(0.15, 0.7)
    layer = rng.choice(("black", "black", "black", "red"))
    above = [s.width / 2]
    for level in range(levels):
        count = 1 if level == 0 else rng.randint(2, 6)
        room = (s.width - 20) / count
        centres = [10 + room * (k + 0.5) for k in range(count)]
        width, y = min(room * rng.uniform(0.72, 0.92), 70), top + level * step
        if level:
            _joints(s, above, centres, (y - step + high, y), thick)
        for x in centres:
            _node(s, prose, (x - width / 2, y, x + width / 2, y + high), bold, size, layer)
        above = centres
    s.slots += [(35, 22), (s.width - 35, 22), (s.width - 40, top + high / 2), (40, top + high / 2)]
    return s


def _joints(s: Sheet, above: Sequence[float], below: Sequence[float], gap: Point, thick: float) -> None:
    """Elbow lines from one row of frames to the next, by way of a common bar."""
    (y0, y1), bar = gap, (gap[0] + gap[1]) / 2
    for x in above:
        s.line(x, y0, x, bar, thick)
    for x in below:
        s.line(x, bar, x, y1, thick)
        path(s, [(x - 1, y1 - 2), (x, y1), (x + 1, y1 - 2)], thick)
    s.line(min(*above, *below), bar, max(*above, *below), bar, thick)


def _node(s: Sheet, prose: Prose, box: tuple[float, float, float, float], bold: str, size: float, layer: str) -> None:
    """One frame: single, double, shaded, oval or a lozenge, with its words wrapped in the middle."""
    rng, (x0, y0, x1, y1) = prose.rng, box
    x, y, shape = (x0 + x1) / 2, (y0 + y1) / 2, rng.random()
    if shape < 0.1:
        s.ellipse(x, y, (x1 - x0) / 2, (y1 - y0) / 2, 0.3, layer=layer)
    elif shape < 0.18:
        path(s, [(x0, y), (x, y0 - 2), (x1, y), (x, y1 + 2), (x0, y)], 0.3, layer=layer)
    else:
        s.box(x0, y0, x1, y1, rng.uniform(0.2, 0.9), layer=layer, fill=rng.choice((None, None, None, 40)))
        if shape < 0.45:
            s.box(x0 + 1, y0 + 1, x1 - 1, y1 - 1, 0.2, layer=layer)
    lines = wrap(s, frame_words(prose), bold, size, x1 - x0 - 3)
    step = size * MM_PER_POINT * 1.2
    for k, line in enumerate(lines):
        s.text(x, y + (k - len(lines) / 2) * step, line, bold, size, align="centre", layer=layer)
