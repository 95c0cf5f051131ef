"""The style that nothing is trained or tuned on: the project's own test set.

It shares the norms, the prose and the labels with the training styles and nothing else: the sheet is set
from stacked blocks with opaque type, rubber meets paper by a contact model (height of paper, tilt of the
hand, thickness of ink, Beer's law), copiers and scanners are of other makes, and every face is from
families that no training style uses.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from scanflow.stamps.marks import MarkKind
from tools.pagegen import kept_scanner as machine
from tools.pagegen.drawn import Label, Page, Plate, legibility, turned
from tools.pagegen.faces import plain
from tools.pagegen.fonts import KEPT_BODY, KEPT_HAND, KEPT_STAMP, face
from tools.pagegen.kept_layout import set_sheet
from tools.pagegen.masks import Mask, as_mask
from tools.pagegen.norms import LEVELS, NORMS
from tools.pagegen.text import Prose

K = MarkKind
_SALT = 77_001
HARD = {"easy": 0.1, "medium": 0.35, "hard": 0.65, "extreme": 0.95}
INKS = {
    "red": (0.25, 2.6, 2.4),
    "dull": (0.7, 2.0, 1.8),
    "pale": (0.12, 1.1, 1.0),
    "rust": (0.6, 1.5, 2.1),
    "violet": (0.9, 2.2, 0.8),
    "blue": (2.2, 1.4, 0.5),
    "black": (2.6, 2.6, 2.6),
}
"""Absorbance of a full film of ink for red, green and blue."""


@dataclass(slots=True)
class _Work:
    rng: np.random.Generator
    prose: Prose
    page: NDArray[np.uint8]
    ppm: float
    hard: float
    places: list[tuple[float, float]]
    marks: list[tuple[Plate, NDArray[np.float64], MarkKind, bool]] = field(default_factory=list)
    facts: set[str] = field(default_factory=set)


def draw(
    seed: int,
    *,
    kinds: tuple[MarkKind, ...],
    difficulty: str,
    company: bool,
    dpi: int = 200,
    handwritten: bool | None = None,
    bilevel: bool | None = None,
) -> Page:
    """One test page with just the marks of ``kinds``; the same arguments give the same page, byte for byte.

    Args:
        seed: any number.
        kinds: marks to put on it.
        difficulty: easy, medium, hard or extreme.
        company: whether seals, notes and signatures come along.
        dpi: of the result.
        handwritten: make the first mark with a pen, or never; None leaves it to chance.
        bilevel: scan in black and white, or never; None leaves it to chance.
    """
    rng = np.random.default_rng((_SALT, seed))
    words = random.Random(f"kept-{seed}")
    ppm = dpi / 25.4
    hard = float(np.clip(HARD[difficulty] + rng.uniform(-0.1, 0.1), 0, 1))
    page, places = set_sheet(words, ppm)
    work = _Work(rng, Prose(words), page, ppm, hard, places)
    copies = int(rng.choice((0, 1, 2, 3), p=(0.7, 0.17, 0.08, 0.05)))
    for number, kind in enumerate(kinds):
        pen = (
            (handwritten if number == 0 else False)
            if handwritten is not None
            else bool(kind in LEVELS and rng.random() < 0.08)
        )
        _stamp(work, kind, pen=pen)
    if company:
        _company(work)
    for _ in range(copies):
        work.page = machine.copier(work.page, ppm, hard, rng)
        work.facts.add("copied")
    black_and_white = bool(rng.random() < 0.05 + 0.06 * hard) if bilevel is None else bilevel
    return _scanned(work, dpi, difficulty, black_and_white=black_and_white)


def _rough(shape: tuple[int, ...], feature: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """Paper relief: three octaves of noise, unit variance."""
    h, w = shape[:2]
    total = np.zeros((h, w), np.float32)
    for octave, weight in ((1.0, 1.0), (0.4, 0.5), (0.15, 0.35)):
        cell = max(1.0, feature * octave)
        small = rng.standard_normal((int(h / cell) + 3, int(w / cell) + 3)).astype(np.float32)
        total += weight * cv2.resize(small, (w, h), interpolation=cv2.INTER_LINEAR)
    return np.asarray(total / max(float(total.std()), 1e-6), np.float32)


def _plate(kind: MarkKind, work: _Work, ppm: float, *, pen: bool) -> Plate:
    """Engrave a mark of this style by its norm, with a workshop's tolerances."""
    rng, prose = work.rng, work.prose
    norm = NORMS[kind][int(rng.integers(len(NORMS[kind])))]
    width, height = norm.width_mm * rng.uniform(0.94, 1.06), norm.height_mm * rng.uniform(0.94, 1.1)
    border = norm.border
    lines = [
        w.format(
            date=rng.choice(("…/…/…", prose.short_date())),
            n=str(rng.integers(1, 40)),
            agency=prose.agency(),
            boxed=prose.boxed(),
        )
        for w in norm.words
    ]
    if kind is K.OTHER:
        width, height = float(rng.uniform(20, 44)), float(rng.uniform(7.5, 12))
    oddity = rng.random()
    if kind in LEVELS and oddity < 0.05:
        border, height = "none", height * 0.7
    elif not pen and kind in LEVELS and oddity < 0.08 and " " in lines[0]:  # a pen writes the first line alone
        lines, width, height = lines[0].split(" "), width * 0.66, height * 1.75
    if rng.random() < 0.10:
        lines = [plain(w) for w in lines]
    pad = round(3 * ppm)
    image = Image.new("L", (round(width * ppm) + 2 * pad, round(height * ppm) + 2 * pad), 0)
    pencil = ImageDraw.Draw(image)
    box = (pad, pad, pad + round(width * ppm), pad + round(height * ppm))
    thick, thin, gap = rng.uniform(0.25, 0.5), rng.uniform(0.18, 0.35), rng.uniform(0.8, 1.1)
    if pen:
        return _pen_plate(lines, border, height, ppm, rng)
    inset = 0.6
    if border == "circle":
        pencil.ellipse(box, outline=255, width=max(1, round(thick * ppm)))
        pencil.ellipse(
            tuple(v + s * gap * ppm for v, s in zip(box, (1, 1, -1, -1), strict=True)),
            outline=255,
            width=max(1, round(thin * ppm)),
        )
        inset = 2.2
    elif border == "seal":
        return _seal_plate(width, prose, ppm, rng)
    elif border != "none":
        pencil.rectangle(box, outline=255, width=max(1, round(thick * ppm)))
        inset = thick + 0.6
        if border == "double":
            pencil.rectangle(
                tuple(v + s * gap * ppm for v, s in zip(box, (1, 1, -1, -1), strict=True)),
                outline=255,
                width=max(1, round(thin * ppm)),
            )
            inset = gap + thin + 0.5
    room_w, room_h = (width - 2 * inset) * ppm, (height - 2 * inset) * ppm / len(lines)
    stem = str(rng.choice(KEPT_STAMP))
    for number, line in enumerate(lines):
        size = round(room_h * rng.uniform(0.95, 1.12))
        while size > 6 and (
            face(stem, size).getlength(line) > room_w * 0.97 or _ink_height(stem, size, line) > room_h * 1.02
        ):
            size -= 1
        left, top, right, bottom = face(stem, size).getbbox(line)
        y = box[1] + inset * ppm + room_h * (number + 0.5) - (top + bottom) / 2
        pencil.text((box[0] + width * ppm / 2 - (left + right) / 2, y), line, fill=255, font=face(stem, size))
    quad = np.array([(box[0], box[1]), (box[2], box[1]), (box[2], box[3]), (box[0], box[3])], float)
    return Plate(as_mask(image), quad)


def _ink_height(stem: str, size: int, line: str) -> float:
    box = face(stem, size).getbbox(line)
    return float(box[3] - box[1])


def _pen_plate(lines: list[str], border: str, height: float, ppm: float, rng: np.random.Generator) -> Plate:
    """Letters set one by one, each tilted and lifted by itself, in a frame of four separate strokes."""
    stem, size = str(rng.choice(KEPT_HAND)), round(height * ppm * rng.uniform(0.55, 0.85))
    pad = round(3 * ppm)
    text = " ".join(lines[:1])
    length = int(sum(face(stem, size).getlength(c) * 1.08 for c in text)) + size
    canvas: Mask = np.zeros((size * 2 + 2 * pad, length + 2 * pad), np.float32)
    x = float(pad + size * 0.3)
    for char in text:
        glyph = Image.new("L", (size * 2, size * 2), 0)
        ImageDraw.Draw(glyph).text((size * 0.4, size * 0.35), char, fill=255, font=face(stem, size))
        turn, scale = float(rng.normal(0, 5)), float(rng.uniform(0.88, 1.12))
        tilt = np.asarray(cv2.getRotationMatrix2D((size, size), turn, scale), np.float64)
        tilt[:, 2] += (rng.normal(0, size * 0.03), rng.normal(0, size * 0.05))
        mask = np.asarray(cv2.warpAffine(as_mask(glyph), tilt, (size * 2, size * 2)), np.float32)
        x0, y0 = round(x - size * 0.4), pad + round(size * 0.1)
        part = canvas[y0 : y0 + mask.shape[0], max(x0, 0) : x0 + mask.shape[1]]
        np.maximum(part, mask[: part.shape[0], max(0, -x0) : max(0, -x0) + part.shape[1]], out=part)
        x += face(stem, size).getlength(char) * rng.uniform(1.0, 1.16)
    if rng.random() < 0.4:
        canvas = np.asarray(cv2.dilate(canvas, np.ones((3, 3), np.uint8)), np.float32)
    ys, xs = np.nonzero(canvas > 0.4)
    frame = (
        np.array([xs.min(), ys.min(), xs.max(), ys.max()], float)
        + np.array([-1, -1, 1, 1]) * rng.uniform(0.8, 1.8) * ppm
    )
    quad = np.array([(frame[0], frame[1]), (frame[2], frame[1]), (frame[2], frame[3]), (frame[0], frame[3])])
    if border != "none" and rng.random() < 0.75:
        for k in range(2 if rng.random() < 0.45 else 1):
            inner = quad + np.array([(1, 1), (-1, 1), (-1, -1), (1, -1)]) * -k * ppm
            for a, b in zip(inner, np.roll(inner, -1, 0), strict=True):
                a, b = a + rng.normal(0, 0.35 * ppm, 2), b + rng.normal(0, 0.35 * ppm, 2)
                cv2.line(
                    canvas,
                    (round(a[0]), round(a[1])),
                    (round(b[0]), round(b[1])),
                    1.0,
                    max(1, round(0.35 * ppm)),
                    cv2.LINE_AA,
                )
    return Plate(canvas, quad)


def _seal_plate(width: float, prose: Prose, ppm: float, rng: np.random.Generator) -> Plate:
    pad, radius = round(2 * ppm), width * ppm / 2
    side = round(2 * (radius + pad))
    image = Image.new("L", (side, side), 0)
    pencil, c = ImageDraw.Draw(image), side / 2
    for share, thick in ((1.0, 0.8), (0.93, 0.25), (0.6, 0.4)):
        pencil.ellipse(
            (c - radius * share, c - radius * share, c + radius * share, c + radius * share),
            outline=255,
            width=max(1, round(thick * ppm)),
        )
    star = [
        (c + radius * r * math.sin(math.pi * k / 5), c - radius * r * math.cos(math.pi * k / 5))
        for k, r in enumerate((0.35, 0.14) * 5)
    ]
    pencil.polygon(star, fill=255)
    ring, size = f"{prose.agency()} {prose.place()}", max(6, round(radius * 0.2))
    for k, char in enumerate(ring[:40]):
        theta = math.radians(-215 + 250 * k / max(1, len(ring[:40]) - 1))
        glyph = Image.new("L", (size * 2, size * 2), 0)
        ImageDraw.Draw(glyph).text((size // 2, size // 3), char, fill=255, font=face("FreeSansBold", size))
        glyph = glyph.rotate(-math.degrees(theta) - 90)
        image.paste(
            255,
            (
                round(c + radius * 0.77 * math.cos(theta) - size),
                round(c + radius * 0.77 * math.sin(theta) - size),
            ),
            glyph,
        )
    return Plate(
        as_mask(image),
        np.array([(pad, pad), (side - pad, pad), (side - pad, side - pad), (pad, side - pad)], float),
    )


def _contact(
    mask: NDArray[np.float32], ppm: float, hard: float, rng: np.random.Generator, *, pen: bool
) -> NDArray[np.float32]:
    """Thickness of ink where plate touched paper: relief and tilt against pressure, then some spread."""
    h, w = mask.shape
    if pen:
        flow = 1.0 - hard * rng.uniform(0, 0.5) * (np.clip(_rough(mask.shape, 1.2 * ppm, rng), 0, 2) / 2)
        return np.asarray(cv2.GaussianBlur(mask, (0, 0), 0.6) * flow, np.float32)
    raised = cv2.GaussianBlur(mask, (0, 0), max(0.5, ppm * (0.05 + 0.10 * hard * rng.random())))
    tilt_x, tilt_y = rng.normal(0, 0.25 + 1.2 * hard, 2)
    plane = (
        np.linspace(-1, 1, w)[None] * tilt_x * rng.random()
        + np.linspace(-1, 1, h)[:, None] * tilt_y * 0.5 * rng.random()
    )
    relief = _rough(mask.shape, rng.uniform(0.3, 1.6) * ppm, rng) * (0.15 + 0.55 * hard) + plane.astype(np.float32)
    force = rng.uniform(2.4, 3.2) - 1.5 * hard * rng.random()
    touch = 1 / (1 + np.exp(-(force * raised * 2 - relief - 1.9) * rng.uniform(2.5, 6)))
    film = (
        touch
        * (1 - 0.35 * hard * np.clip(_rough(mask.shape, 3 * ppm, rng) * 0.5 + 0.3, 0, 1))
        * np.clip(raised * 3, 0, 1)
    )
    if rng.random() < 0.12 + 0.2 * hard:  # pressed twice
        move = np.array([[1, 0, rng.normal(0, 0.6 * ppm)], [0, 1, rng.normal(0, 0.6 * ppm)]], np.float32)
        film = np.clip(film + cv2.warpAffine(film, move, (w, h)) * rng.uniform(0.2, 0.8), 0, 1.3)
    if rng.random() < 0.25 * hard:  # a strip lifted off
        a, b = sorted(rng.uniform(0, w, 2))
        b = min(b, a + 0.3 * w)
        film[:, int(a) : int(b)] *= rng.uniform(0.05, 0.5)
    return np.asarray(film, np.float32)


def _ink_into(
    page: NDArray[np.uint8],
    film: NDArray[np.float32],
    x: int,
    y: int,
    absorb: tuple[float, float, float],
    load: float,
) -> None:
    h, w = film.shape
    x1, y1, x2, y2 = max(x, 0), max(y, 0), min(x + w, page.shape[1]), min(y + h, page.shape[0])
    if x2 > x1 and y2 > y1:
        thick = film[y1 - y : y2 - y, x1 - x : x2 - x, None] * load
        through = np.exp(-thick * np.array(absorb[::-1], np.float32))
        page[y1:y2, x1:x2] = (page[y1:y2, x1:x2] * through).astype(np.uint8)


def _stamp(work: _Work, kind: MarkKind, *, pen: bool) -> None:
    rng, ppm = work.rng, work.ppm
    plate = _plate(kind, work, ppm * 1.5, pen=pen)
    printed = not pen and rng.random() < 0.12
    film = plate.mask if printed else _contact(plate.mask, ppm * 1.5, work.hard, rng, pen=pen)
    if pen:
        ink = str(rng.choice(("red", "blue", "black"), p=(0.6, 0.2, 0.2)))
    else:
        ink = str(rng.choice(tuple(INKS), p=(0.55, 0.13, 0.08, 0.07, 0.06, 0.05, 0.06)))
    load = rng.uniform(0.75, 1.1) * (1 - 0.62 * work.hard * rng.random())
    angle = float(np.clip(rng.normal(0, 1.5 + 4 * work.hard), -18, 18))
    if rng.random() < 0.03:
        angle += float(rng.choice((90, -90, 180)))
    h, w = film.shape
    spin = cv2.getRotationMatrix2D((w / 2, h / 2), angle, 1 / 1.5)
    size = int(math.hypot(w, h) / 1.5) + 4
    spin[:, 2] += size / 2 - w / 2, size / 2 - h / 2
    patch = np.asarray(cv2.warpAffine(cv2.GaussianBlur(film, (0, 0), 0.6), spin, (size, size)), np.float32)
    x, y = _where(work, plate)
    left, top = round(x - size / 2), round(y - size / 2)
    _ink_into(work.page, patch, left, top, INKS[ink], float(load))
    quad = plate.quad @ spin[:, :2].T + spin[:, 2] + (left, top)
    work.marks.append((plate, quad, kind, pen))
    if rng.random() < 0.06 + 0.14 * work.hard:
        _cross(work, quad)


def stamped(
    page: NDArray[np.uint8],
    kind: MarkKind,
    at: tuple[float, float],
    hard: float,
    words: random.Random,
    rng: np.random.Generator,
    ppm: float,
) -> NDArray[np.uint8]:
    """A page with one mark of this style, mostly near ``at`` (mm)."""
    work = _Work(rng, Prose(words), page, ppm, hard, [at])
    _stamp(work, kind, pen=False)
    return work.page


def write(
    page: NDArray[np.uint8],
    text: str,
    at: tuple[float, float],
    height: float,
    ink: str,
    rng: np.random.Generator,
    ppm: float,
) -> None:
    """Write ``text`` with a pen of this style, its top left at ``at`` (mm), about ``height`` mm tall."""
    plate = _pen_plate([text], "none", height, ppm, rng)
    _ink_into(page, plate.mask, round(at[0] * ppm), round(at[1] * ppm), INKS[ink], 0.9)


def _where(work: _Work, plate: Plate) -> tuple[float, float]:
    rng, (h, w) = work.rng, work.page.shape[:2]
    half = np.ptp(plate.quad, axis=0) / 3 + 2 * work.ppm
    pick = rng.random()
    if work.marks and pick < 0.3:
        last = work.marks[-1][1]
        drop = (np.ptp(last[:, 1]) + np.ptp(plate.quad[:, 1]) / 1.5) / 2 + rng.uniform(-1.0, 5) * work.ppm
        x, y = last.mean(0) + np.array([rng.normal(0, 5 * work.ppm), drop * rng.choice((-1, 1))])
    elif work.places and pick < 0.75:
        x, y = np.array(work.places[int(rng.integers(len(work.places)))]) * work.ppm + rng.normal(0, 7 * work.ppm, 2)
    else:
        x, y = rng.uniform(0, w), rng.uniform(0, h)
    return float(np.clip(x, min(half[0], w / 2), max(w - half[0], w / 2))), float(
        np.clip(y, min(half[1], h / 2), max(h - half[1], h / 2))
    )


def _cross(work: _Work, quad: NDArray[np.float64]) -> None:
    """Something lies over the mark: a seal's rim, type, a stroke of a pen."""
    rng, centre, ppm = work.rng, quad.mean(0), work.ppm
    pick = rng.random()
    if pick < 0.35:
        image = Image.fromarray(work.page)
        words = work.prose.sentence()[:70]
        size = round(4.4 * ppm)
        stem = str(rng.choice(KEPT_BODY))
        ImageDraw.Draw(image).text(
            (centre[0] - 30 * ppm, centre[1] - size / 2 + rng.normal(0, 2 * ppm)),
            words,
            fill=(40, 40, 45),
            font=face(stem, size),
        )
        work.page = np.array(image)
    elif pick < 0.7:
        seal = _seal_plate(float(rng.uniform(28, 38)), work.prose, ppm, rng)
        film = _contact(seal.mask, ppm, work.hard, rng, pen=False)
        at = centre + rng.normal(0, 12 * ppm, 2) - np.array(film.shape[::-1]) / 2
        _ink_into(work.page, film, round(at[0]), round(at[1]), INKS["red"], float(rng.uniform(0.5, 1)))
        half = np.array(film.shape[::-1]) / 2
        mid = np.round(at) + half
        r = half[0] - 2 * ppm
        work.marks.append((seal, mid + np.array([(-r, -r), (r, -r), (r, r), (-r, r)]), K.SEAL, False))
    else:
        _scribble(work, float(centre[0]), float(centre[1]))


def _scribble(work: _Work, x: float, y: float) -> None:
    rng, ppm = work.rng, work.ppm
    t = np.linspace(0, 1, 60)
    width, high, loops = rng.uniform(15, 45) * ppm, rng.uniform(4, 14) * ppm, rng.uniform(1.5, 5)
    xs = x - width / 2 + width * t + np.sin(t * loops * 6.3 + 1) * width * 0.12
    ys = y + np.sin(t * loops * 6.3) * high * (1 - 0.6 * t) + rng.normal(0, 2)
    tone = {0: (150, 60, 30), 1: (40, 40, 40), 2: (40, 40, 190)}[int(rng.integers(3))]
    cv2.polylines(
        work.page,
        [np.stack((xs, ys), 1).round().astype(np.int32)],
        False,
        tone,
        max(1, round(rng.uniform(0.25, 0.6) * ppm)),
        cv2.LINE_AA,
    )


def _company(work: _Work) -> None:
    rng, (h, w), ppm = work.rng, work.page.shape[:2], work.ppm
    if rng.random() < 0.5:
        _scribble(work, rng.uniform(0.5, 0.85) * w, rng.uniform(0.6, 0.9) * h)
    if rng.random() < 0.3:
        work.facts.add("pen_note")
        note = _pen_plate([work.prose.note()], "none", float(rng.uniform(4, 9)), ppm, rng)
        _ink_into(
            work.page,
            note.mask,
            round(rng.uniform(0, 0.75) * w),
            round(rng.uniform(0, 0.9) * h),
            INKS[str(rng.choice(("red", "blue", "black")))],
            0.9,
        )
    if rng.random() < 0.3:
        work.hard, kept = min(work.hard, 0.6), work.hard
        _stamp(work, K.SEAL, pen=False)
        work.hard = kept


def _scanned(work: _Work, dpi: int, difficulty: str, *, black_and_white: bool) -> Page:
    rng = work.rng
    page, move = machine.lay(work.page, work.hard, rng)
    page = machine.sensor(page, work.ppm, work.hard, rng)
    mode = rng.random()
    if black_and_white:
        page = machine.bilevel(page, rng)
        work.facts.add("bilevel")
    elif mode < 0.25:
        page = machine.grey(page)
        work.facts.add("grey")
    if not black_and_white:
        page = machine.pressed(page, int(rng.uniform(92 - 50 * work.hard, 95)))
    quads = [cv2.perspectiveTransform(q[None].astype(np.float64), move)[0] for _, q, _, _ in work.marks]
    quarters = int(rng.choice(4, p=(0.7, 0.1, 0.1, 0.1)))
    pixels, quads = turned(page, quads, quarters)
    labels = tuple(
        Label(kind, quad, difficulty, legibility(pixels, plate, quad), handwritten=pen)
        for (plate, _, kind, pen), quad in zip(work.marks, quads, strict=True)
    )
    return Page(pixels, dpi, 90 * quarters, labels, frozenset(work.facts))
