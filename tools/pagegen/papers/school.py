"""Papers of a school: the leaf of a notebook and the question paper (vở viết, đề thi)."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import numpy as np

from tools.pagegen.papers.setting import (
    ITALICS,
    LEVELS,
    LONG_TITLES,
    any_title,
    blank,
    leader,
    path,
    pick_faces,
    small_caps,
    spaced,
)
from tools.pagegen.sheet import MM_PER_POINT, Sheet
from tools.pagegen.strokes import hand_line
from tools.pagegen.text import Prose

Type = tuple[str, str, float]


def _ruling(s: Sheet, rng: random.Random, pitch: float) -> None:
    kind, ink, layer = rng.choice(("lines", "squares", "fine", "dots")), rng.randint(50, 150), "black"
    if rng.random() < 0.15:
        layer = "red"
    rows, cols = int(s.height / pitch) + 1, int(s.width / pitch) + 1
    if kind == "dots":
        for r in range(rows):
            for c in range(cols):
                s.line(c * pitch, r * pitch, c * pitch + 0.2, r * pitch, 0.3, layer=layer, ink=ink + 60)
        return
    if kind == "fine":  # four faint lines to each written one (ô ly)
        for k in range(rows * 4):
            s.line(0, k * pitch / 4, s.width, k * pitch / 4, 0.1, layer=layer, ink=ink // 3)
    for r in range(rows):
        s.line(0, r * pitch, s.width, r * pitch, 0.15, layer=layer, ink=ink)
    for c in range(cols if kind != "lines" else 0):
        s.line(c * pitch, 0, c * pitch, s.height, 0.15, layer=layer, ink=ink)


def notebook(rng: random.Random, ppm: float) -> Sheet:
    """A leaf of squared, lined or dotted school paper (giấy kẻ ô ly, kẻ ngang, giấy chấm), full of handwriting."""
    s, prose = blank(rng, ppm, landscape=0.06), Prose(rng)
    pitch, margin = rng.uniform(6.5, 11), rng.uniform(12, 34)
    _ruling(s, rng, pitch)
    if rng.random() < 0.7:
        s.line(margin - 2, 0, margin - 2, s.height, rng.uniform(0.2, 0.5), layer=rng.choice(("red", "black")))
    if rng.random() < 0.3:
        for k in range(int(s.height / 9.5)):
            s.ellipse(5, 6 + 9.5 * k, 1.6, 1.6, 0.2)
    # One seed for all lines: slant, pen and width of the letters stay those of one hand.
    seed, high = rng.getrandbits(32), pitch * rng.uniform(0.3, 0.42) * ppm
    ink, marks = rng.uniform(0.55, 1), rng.random() < 0.85

    def write(words: str, x: float, base: float) -> float:
        mask = hand_line(words, high, np.random.default_rng(seed), marks=marks)
        s.paste(mask * ink, x, base + pitch * 0.14 - mask.shape[0] / ppm)
        return float(mask.shape[1] / ppm / len(words))

    y = pitch * rng.randint(2, 5)
    letter_mm = write(any_title(prose).replace(",", " -"), margin + rng.uniform(0, 25), y)
    bottom = s.height - rng.uniform(8, s.height * 0.5)
    words: list[str] = []
    while (y := y + pitch * rng.choice((1, 1, 1, 1, 2))) < bottom:
        indent = rng.choice((0, 0, 0, 8))
        room = (s.width - margin - indent - 4) / letter_mm
        line = rng.choice(("- ", "1. ", "", "", "", ""))
        while len(line) < room - 7:
            words = words or prose.sentence().split()
            line += words.pop(0).strip(",;") + " "  # the pen knows neither comma nor semicolon
        letter_mm = write(line.strip(), margin + indent, y)
    s.slots += [(s.width - 35, 15), (margin + 20, 12), (s.width / 2, bottom + 8), (s.width - 40, s.height - 25)]
    return s


def questions(rng: random.Random, ppm: float) -> Sheet:
    """A question paper, minutes or contents (đề thi, mục lục): clauses, formulas, leader dots; at times in italics."""
    s, prose = blank(rng, ppm, landscape=0.06), Prose(rng)
    body, bold = pick_faces(rng)
    if rng.random() < 0.35:
        body = bold = rng.choice(ITALICS)
    left, right, y = rng.uniform(16, 28), s.width - rng.uniform(12, 22), rng.uniform(10, 20)
    size = rng.uniform(9.5, 13)
    s.slots += [(left + 25, y + 8), (right - 28, y + 7), (s.width / 2, y + 3), (right - 35, s.height - 22)]
    title = rng.choice(("ĐỀ THI TUYỂN", "MỤC LỤC", "NỘI QUY BẢO MẬT", "ĐÁP ÁN ĐỀ MẬT", prose.heading()))
    spaced(s, s.width / 2, y, title, bold, rng.uniform(12, 18), rng.uniform(0.8, 5))
    y += rng.uniform(9, 13)
    if rng.random() < 0.5:
        y = _framed_title(s, prose, y, bold)
    blocks: tuple[Callable[..., float], ...] = (_clause, _clause, _choices, _formula, _contents, _chapter)
    weights = [rng.uniform(0.1, 1) for _ in blocks]
    bottom = s.height - rng.uniform(15, 60)
    count = 0
    while y < bottom - 25:
        count += 1
        y = rng.choices(blocks, weights)[0](s, prose, (left, right, y), (body, bold, size), count)
    s.text(s.width / 2, s.height - 10, f"- {rng.randint(1, 60)} -", body, 10, align="centre")
    return s


def _framed_title(s: Sheet, prose: Prose, y: float, bold: str) -> float:
    """A title in a frame (tiêu đề đóng khung) that holds the words of the marks among others."""
    rng, words, size = prose.rng, prose.rng.choice(LONG_TITLES), prose.rng.uniform(11, 16)
    while s.length(words, bold, size) > s.width - 50:
        size *= 0.9
    half, high = s.length(words, bold, size) / 2 + rng.uniform(2, 7), size * MM_PER_POINT * 1.2 + rng.uniform(2, 6)
    layer = rng.choice(("black", "red"))
    s.box(s.width / 2 - half, y, s.width / 2 + half, y + high, rng.uniform(0.3, 1.1), layer=layer)
    top = y + (high - size * MM_PER_POINT * 1.2) / 2
    s.text(s.width / 2, top, words, bold, size, align="centre", layer=layer)
    return y + high + 5


def _clause(s: Sheet, prose: Prose, place: tuple[float, float, float], type_: Type, count: int) -> float:
    """An article with its points (điều, khoản, điểm)."""
    rng, (left, right, y), (body, bold, size) = prose.rng, place, type_
    end = s.text(left, y, f"{rng.choice(('Điều', 'Câu', 'Mục'))} {count}. ", bold, size)[2]
    y = s.paragraph(left, y, right - left, prose.paragraph(1), body, size, indent=end - left + 1)
    for k in range(rng.randint(0, 4)):
        s.text(left + 6, y, f"{'abcde'[k]})", body, size)
        y = s.paragraph(left + 13, y, right - left - 13, prose.sentence(), body, size, indent=0)
    return y + rng.uniform(1, 4)


def _choices(s: Sheet, prose: Prose, place: tuple[float, float, float], type_: Type, count: int) -> float:
    """A question with four answers (trắc nghiệm), levels of secrecy among them."""
    rng, (left, right, y), (body, bold, size) = prose.rng, place, type_
    y = s.paragraph(left, y, right - left, f"Câu {count}: {prose.sentence().rstrip('.,;:')}?", bold, size, indent=0)
    across = rng.choice((1, 2, 4))
    for k in range(4):
        x = left + 6 + (right - left - 6) * (k % across) / across
        s.text(
            x,
            y + k // across * size * 0.46,
            f"{'ABCD'[k]}. {rng.choice((rng.choice(LEVELS), prose.boxed()))}",
            body,
            size,
        )
    return y + math.ceil(4 / across) * size * 0.46 + 3


def _formula(s: Sheet, prose: Prose, place: tuple[float, float, float], type_: Type, count: int) -> float:
    """A formula (công thức): a fraction, a root or a sum, with its number at the right."""
    rng, (left, right, y), (body, _, size) = prose.rng, place, type_
    letter = rng.choice("MTKDSV")
    x = s.text(left + rng.uniform(15, 50), y + 3.5, f"{letter} = ", "Tinos-Italic", size + 2)[2]
    for _ in range(rng.randint(1, 3)):
        over = f"{rng.randint(1, 9)}{rng.choice('abxyz')} + {rng.choice('nkp')}²"
        width = s.length(over, "Tinos-Italic", size) + 2
        s.text(x + width / 2, y, over, "Tinos-Italic", size, align="centre")
        s.line(x, y + 5.6, x + width, y + 5.6, 0.2)
        s.text(
            x + width / 2, y + 6, f"{rng.choice('uvw')} - {rng.randint(2, 99)}", "Tinos-Italic", size, align="centre"
        )
        if rng.random() < 0.3:
            path(s, [(x - 2.5, y + 7), (x - 1.6, y + 11), (x - 0.6, y - 0.5), (x + width, y - 0.5)], 0.25)
        x = s.text(x + width + 1, y + 3.5, rng.choice((" + ", " - ", " × ")), body, size)[2] + 3
    s.text(x, y + 3.5, f"{rng.randint(1, 99)}", "Tinos-Italic", size)
    s.text(right, y + 3.5, f"({count})", body, size, align="right")
    return y + 15


def _contents(s: Sheet, prose: Prose, place: tuple[float, float, float], type_: Type, count: int) -> float:
    """Lines of a list with leader dots (mục lục); a level of secrecy may be a whole line."""
    rng, (left, right, y), (body, bold, size) = prose.rng, place, type_
    for k in range(rng.randint(3, 8)):
        words = rng.choice((prose.sentence().rstrip(".,;:")[:48], prose.heading(), rng.choice(LEVELS[:8])))
        stem, indent = rng.choice(((bold, 0), (body, 6), (body, 12)))
        page = str(rng.randint(1, 300))
        leader(
            s, left + indent, right, y, f"{count}.{k + 1} {words} ", page, stem, size - 1, rng.choice((".", ". ", "…"))
        )
        y += size * 0.5
    return y + 3


def _chapter(s: Sheet, prose: Prose, place: tuple[float, float, float], type_: Type, count: int) -> float:
    """The heading of a chapter (chương), letter-spaced or in small capitals."""
    rng, y, (_, bold, size) = prose.rng, place[2] + 2, type_
    s.text(s.width / 2, y, f"Chương {('I', 'II', 'III', 'IV', 'V')[count % 5]}", bold, size, align="centre")
    words = prose.heading()
    if rng.random() < 0.5:
        small_caps(s, s.width / 2, y + 6, words, bold, size + 1)
    else:
        spaced(s, s.width / 2, y + 6, words, bold, size - 1, rng.uniform(0.5, 2))
    return y + 15
