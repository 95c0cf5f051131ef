"""What the sorts of paper set their type with: blank sheets, faces, titles, lines of words and drawn paths."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence
from itertools import pairwise

from PIL import Image, ImageDraw

from tools.pagegen.fonts import TRAIN_BODY
from tools.pagegen.layouts import A3, A4, A5, BOLD, MARK_WORDS
from tools.pagegen.masks import as_mask
from tools.pagegen.sheet import MM_PER_POINT, Sheet
from tools.pagegen.text import Prose

Point = tuple[float, float]
LEVELS = ("Tuyệt mật", "TUYỆT MẬT", "Tối mật", "TỐI MẬT", "Mật", "MẬT", "Khẩn", "KHẨN", "Thường", "Không", "-")
ITALICS = ("Tinos-Italic", "CharisSIL-Italic", "Vollkorn-Italic", "EBGaramond12-Italic", "Lato-Italic")
# Hinting makes a line in most faces cost four times as much; sheets of thousands of words keep to these.
QUICK = ("LiberationSerif-Regular", "LinLibertine_R", "OpenSans-Regular", "Roboto-Regular", "cmunrm", "cmuntt")
LONG_TITLES = (
    "SỔ GHI TÀI LIỆU TUYỆT MẬT, TỐI MẬT",
    "BẢNG KÊ VĂN BẢN MẬT, TỐI MẬT, TUYỆT MẬT",
    "THEO DÕI VĂN BẢN KHẨN, HỎA TỐC",
    "TÌNH HÌNH TIÊU HỦY TÀI LIỆU MẬT",
    "MẬT ĐỘ DÂN SỐ CHIA THEO XÃ, PHƯỜNG",
    "THỐNG KÊ HỒ SƠ THEO ĐỘ MẬT",
    "DIỆN TÍCH MẶT NƯỚC NUÔI TRỒNG",
    "TỔNG HỢP CÔNG TÁC VĂN THƯ, LƯU TRỮ",
)


def blank(rng: random.Random, ppm: float, *, landscape: float = 0.1) -> Sheet:
    """An empty sheet: A4 most of the time, lying on its side with the chance ``landscape``."""
    width, height = rng.choices((A4, A5, (176.0, 250.0), A3), (0.84, 0.08, 0.05, 0.03))[0]
    if rng.random() < landscape:
        width, height = height, width
    return Sheet(width, height, ppm)


def pick_faces(rng: random.Random, among: Sequence[str] = TRAIN_BODY) -> tuple[str, str]:
    """A face for the text and its bold one; a face without a bold one stands for both."""
    body = rng.choice(among)
    return body, BOLD.get(body, body)


def any_title(prose: Prose) -> str:
    """A title: one with the words of the marks in it, or any other, as often."""
    return prose.rng.choice(LONG_TITLES) if prose.rng.random() < 0.5 else prose.heading()


def spaced(
    s: Sheet, x: float, y: float, words: str, stem: str, points: float, gap: float, *, layer: str = "black"
) -> None:
    """Letter-spaced words (chữ giãn cách), centred at ``x`` with ``gap`` mm more between letters."""
    widths = [s.length(char, stem, points) + gap for char in words]
    x -= sum(widths) / 2
    for char, width in zip(words, widths, strict=True):
        s.text(x, y, char, stem, points, layer=layer)
        x += width


def small_caps(s: Sheet, x: float, y: float, words: str, stem: str, points: float, *, layer: str = "black") -> None:
    """Small capitals (chữ hoa nhỏ), centred at ``x``: each word's first letter is the tall one."""
    low = points * 0.78
    runs = []
    for word in words.title().split():
        runs += [(word[0], points, 0.0), (word[1:].upper() + " ", low, (points - low) * MM_PER_POINT * 0.93)]
    x -= sum(s.length(run, stem, size) for run, size, _ in runs) / 2
    for run, size, drop in runs:
        x = s.text(x, y + drop, run, stem, size, layer=layer)[2]


def upright(s: Sheet, x: float, y: float, words: str, stem: str, points: float, *, layer: str = "black") -> None:
    """Words that run upwards (chữ dựng đứng), their lower end at ``x``, ``y``."""
    font = s.font(stem, points)
    high = round(points * MM_PER_POINT * 1.3 * s.ppm)
    strip = Image.new("L", (math.ceil(font.getlength(words)) + 2, high), 0)
    ImageDraw.Draw(strip).text((1, 0), words, fill=255, font=font)
    turned = as_mask(strip.transpose(Image.Transpose.ROTATE_90))
    s.paste(turned, x, y - turned.shape[0] / s.ppm, layer=layer)


def _inside(box: tuple[float, float, float, float], point: Point) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


def path(
    s: Sheet,
    points: Iterable[Point],
    thick: float,
    *,
    layer: str = "black",
    ink: int = 255,
    dash: int = 0,
    within: tuple[float, float, float, float] | None = None,
) -> None:
    """A line through ``points``; with ``dash``, every so many pieces are left out, and those not ``within``."""
    for k, (a, b) in enumerate(pairwise(points)):
        if dash and k % (2 * dash) >= dash:
            continue
        if within is None or (_inside(within, a) and _inside(within, b)):
            s.line(*a, *b, thick, layer=layer, ink=ink)


def wrap(s: Sheet, words: str, stem: str, points: float, width: float) -> list[str]:
    """Break words into lines of at most ``width`` mm."""
    lines, used, space = [""], 0.0, s.length(" ", stem, points)
    for word in words.split():
        length = s.length(word, stem, points)
        if lines[-1] and used + space + length > width:
            lines.append(word)
            used = length
        else:
            used += length + (space if lines[-1] else 0)
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def frame_words(prose: Prose) -> str:
    """Words that may stand in a frame: any but those of the marks."""
    while True:
        words = prose.rng.choice((prose.heading, prose.boxed, prose.agency, prose.cell, prose.place))()
        if words.upper() not in MARK_WORDS:
            return words


def leader(
    s: Sheet, x0: float, x1: float, y: float, words: str, tail: str, stem: str, points: float, dot: str = "."
) -> None:
    """A line of a list with leader dots up to its ``tail`` (mục lục)."""
    words_end = s.text(x0, y, words, stem, points)[2]
    tail_start = s.text(x1, y, tail, stem, points, align="right")[0]
    count = int((tail_start - words_end - 2) / s.length(dot, stem, points))
    s.text(tail_start - 1, y, dot * max(0, count), stem, points, align="right")
