"""One page from one seed: layout, marks, desk, copier, scanner, and labels of what is where, how legible."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from scanflow.stamps.marks import MarkKind
from tools.pagegen import desk, ink, machines, scanner, wear
from tools.pagegen.drawn import Label, Page, legibility, turned
from tools.pagegen.faces import Cut, cut_freely, cut_to_norm, engrave, text_mask
from tools.pagegen.fonts import LATIN_HAND, TRAIN_BODY, TRAIN_HAND, TRAIN_STAMP
from tools.pagegen.impression import IMPRESSIONS, ribbon_ink, toner_ink
from tools.pagegen.layouts import LAYOUTS
from tools.pagegen.lettering import set_by_hand, worked
from tools.pagegen.norms import LEVELS
from tools.pagegen.papers import PAPERS
from tools.pagegen.sheet import Sheet
from tools.pagegen.strokes import hand_line
from tools.pagegen.text import Prose

K = MarkKind
T = TypeVar("T")
DATA_VERSION = 8
SEVERITY = {"easy": (0.0, 0.2), "medium": (0.15, 0.45), "hard": (0.4, 0.75), "extreme": (0.7, 1.0)}
COVERING = (
    K.KHAN,
    K.THUONG_KHAN,
    K.HOA_TOC,
    K.DEN,
    K.BAN_SO,
    K.BAN_SAO_SO,
    K.BAN_SAO_BMNN,
    K.THU_HOI,
    K.GIAI_MAT,
    K.THOI_HAN,
    K.GIA_HAN,
    K.DIEU_CHINH,
    K.BOC_BI,
    K.OTHER,
    K.SEAL,
)
"""What an office stamps onto a level's mark that is there already."""
PRINTED = (ink.print_ink, toner_ink, ribbon_ink)
"""Inks that no hand presses: they have no accidents of pressing."""
HANDWRITABLE = (*LEVELS, K.GIAI_MAT, K.KHAN, K.HOA_TOC, K.THUONG_KHAN, K.OTHER, K.BAN_SO)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a page is drawn for: its marks, its difficulty, whether other stamps and notes come along.

    ``ordeals`` are marks that stand where networks miss them: bare type alone on white, or under a seal, another stamp,
    type or a scrawl. ``piles`` are pairs of marks in one place, the lower first; ``penned`` are written
    with a pen, mostly small and without a frame. ``covered_words`` are printed headings under seals and stamps, which
    are no marks.
    """

    kinds: tuple[MarkKind, ...]
    difficulty: str
    company: bool = True
    ordeals: tuple[MarkKind, ...] = ()
    piles: tuple[tuple[MarkKind, MarkKind], ...] = ()
    penned: tuple[MarkKind, ...] = ()
    covered_words: int = 0


@dataclass(slots=True)
class _Job:
    """The state of one page while it is made."""

    rng: np.random.Generator
    prose: Prose
    sheet: Sheet
    page: NDArray[np.uint8]
    ppm: float
    severity: float
    pressed: list[tuple[desk.Pressed, Cut]] = attribute(default_factory=list)
    facts: set[str] = attribute(default_factory=set)


def wanted_for_training(rng: np.random.Generator) -> Wanted:
    """A training page: crowded with marks of all kinds, or none at all."""
    difficulty = str(rng.choice(list(SEVERITY), p=(0.15, 0.25, 0.35, 0.25)))
    if rng.random() < 0.3:
        return _piled(rng, difficulty)
    if rng.random() < 0.1:
        return Wanted((), difficulty, company=bool(rng.random() < 0.3), covered_words=int(rng.integers(2, 5)))
    if rng.random() < 0.2:
        by_pen = (K.TUYET_MAT, K.TOI_MAT, K.MAT, K.OTHER, K.GIAI_MAT)
        chosen = rng.choice(len(by_pen), int(rng.integers(1, 4)), p=(0.6, 0.1, 0.1, 0.1, 0.1))
        return Wanted((), difficulty, company=bool(rng.random() < 0.4), penned=tuple(by_pen[int(i)] for i in chosen))
    if rng.random() < 0.5:
        return _ordeal(rng, difficulty)
    if rng.random() < 0.22:
        return Wanted((), difficulty, company=bool(rng.random() < 0.35))
    kinds = list(MarkKind)
    kinds.remove(K.UNREADABLE)
    weight = {
        K.TUYET_MAT: 7,
        K.TOI_MAT: 3,
        K.MAT: 3,
        K.GIAI_MAT: 1.6,
        K.ENVELOPE_A: 1.6,
        K.KHAN: 1.4,
        K.THUONG_KHAN: 2.0,
        K.HOA_TOC: 1.5,
        K.OTHER: 4,
        K.SEAL: 1.5,
    }
    p = np.array([weight.get(k, 0.7) for k in kinds])
    count = int(rng.integers(1, 7)) if rng.random() < 0.65 else int(rng.integers(7, 15))
    return Wanted(tuple(kinds[int(i)] for i in rng.choice(len(kinds), count, p=p / p.sum())), difficulty)


def _ordeal(rng: np.random.Generator, difficulty: str) -> Wanted:
    """A page with little on it but marks that are hard to see, and words that only look like them."""
    kinds = (K.TUYET_MAT, K.TOI_MAT, K.MAT, K.OTHER, K.KHAN, K.THUONG_KHAN)
    count = int(rng.integers(1, 4))
    chosen = rng.choice(len(kinds), count, p=(0.55, 0.1, 0.1, 0.15, 0.05, 0.05))
    return Wanted((), difficulty, company=bool(rng.random() < 0.3), ordeals=tuple(kinds[int(i)] for i in chosen))


def _piled(rng: np.random.Generator, difficulty: str) -> Wanted:
    """A page on which stamps lie upon each other, the highest level among them or not."""
    pairs: list[tuple[MarkKind, MarkKind]] = []
    for _ in range(int(rng.integers(1, 4))):
        one = (K.TUYET_MAT, K.TOI_MAT, K.MAT, K.OTHER)[int(rng.choice(4, p=(0.55, 0.1, 0.1, 0.25)))]
        if one is K.OTHER:
            one = COVERING[int(rng.integers(len(COVERING)))]
        other = COVERING[int(rng.integers(len(COVERING)))]
        pairs.append((one, other) if rng.random() < 0.6 else (other, one))
    return Wanted((), difficulty, company=bool(rng.random() < 0.3), piles=tuple(pairs))


def wanted_for_thresholds(rng: np.random.Generator) -> Wanted:
    """A page as a file holds them: one level at most beside its usual company, or nothing at all."""
    difficulty = str(rng.choice(list(SEVERITY), p=(0.25, 0.25, 0.25, 0.25)))
    pick = rng.random()
    others = [k for k in MarkKind if k not in (K.UNREADABLE, K.TUYET_MAT, K.ENVELOPE_A)]
    company = tuple(others[int(i)] for i in rng.choice(len(others), int(rng.integers(0, 3)), replace=False))
    if pick < 0.4:
        return Wanted((K.TUYET_MAT if rng.random() < 0.9 else K.ENVELOPE_A, *company), difficulty)
    if pick < 0.7:
        seals: tuple[MarkKind, ...] = (K.SEAL,) if rng.random() < 0.4 else ()
        return Wanted(seals, difficulty, company=bool(rng.random() < 0.5), covered_words=int(rng.random() < 0.2))
    return Wanted((others[int(rng.integers(len(others)))], *company), difficulty)


def draw(seed: int, *, dpi: int = 150, wanted: Wanted | None = None) -> Page:
    """Draw one training page; the same seed gives the same page, byte for byte."""
    rng = np.random.default_rng((seed, DATA_VERSION))
    wanted = wanted or wanted_for_training(rng)
    low, high = SEVERITY[wanted.difficulty]
    ppm = dpi / 25.4
    text_rng = random.Random(f"text-{seed}-{DATA_VERSION}")
    if rng.random() < 0.4:
        sheet = _one(rng, PAPERS)(text_rng, ppm)
    else:
        sheet = LAYOUTS[int(rng.choice(3, p=(0.45, 0.25, 0.3)))](text_rng, ppm)
    page = _typed(sheet, rng)
    if rng.random() < 0.07:
        desk.picture(page, ppm, rng)
    _age(page, ppm, wear.BEFORE, 0.12, rng)
    job = _Job(rng, Prose(text_rng), sheet, page, ppm, float(rng.uniform(low, high)))
    generations = int(rng.choice((0, 1, 2, 3), p=(0.62, 0.2, 0.11, 0.07)))
    early = [k for k in wanted.kinds if generations == 0 or rng.random() < 0.75]
    for kind in early:
        _add_mark(job, kind)
    for kind in wanted.ordeals:
        _add_ordeal(job, kind)
    for lower, upper in wanted.piles:
        _add_pile(job, lower, upper)
    for kind in wanted.penned:
        _add_mark(job, kind, penned=True)
    for _ in range(wanted.covered_words):
        _cover_words(job)
    if wanted.company:
        _busy_desk(job)
    for _ in range(generations):
        copier = _one(rng, machines.COPIERS) if rng.random() < 0.4 else scanner.photocopy
        job.page = copier(job.page, ppm, job.severity, rng)
        job.facts.add("copied")
    for kind in wanted.kinds[len(early) :]:
        _add_mark(job, kind)
    if generations and rng.random() < 0.4 and wanted.company:
        _add_mark(job, K.SEAL)
    return _scan(job, dpi, wanted.difficulty)


def draw_patch(
    rng: np.random.Generator,
    kind: MarkKind,
    prose: Prose,
    *,
    ground: NDArray[np.uint8],
    dpi: int = 150,
    cover: MarkKind | None = None,
) -> Page:
    """One mark in the middle of a patch of paper, as any on a page; its label is the first.

    Args:
        rng: source of every chance.
        kind: the mark.
        prose: its words, where it has no fixed ones.
        ground: ``(h, w, 3)`` what it is pressed on, at ``dpi``.
        dpi: dots per inch.
        cover: a mark that is pressed over it afterwards.
    """
    ppm, difficulty = dpi / 25.4, str(rng.choice(list(SEVERITY)))
    width, height = ground.shape[1] / ppm, ground.shape[0] / ppm
    job = _Job(rng, prose, Sheet(width, height, ppm), ground.copy(), ppm, float(rng.uniform(*SEVERITY[difficulty])))
    _add_mark(job, kind, at=(width / 2, height / 2), penned=bool(rng.random() < 0.15))
    if cover is not None:
        apart = rng.normal(0, (6, 3))
        _add_mark(job, cover, at=(width / 2 + float(apart[0]), height / 2 + float(apart[1])))
    if rng.random() < 0.3:
        job.page = _one(rng, (scanner.photocopy, *machines.COPIERS))(job.page, ppm, job.severity, rng)
    return _scan(job, dpi, difficulty)


def _one(rng: np.random.Generator, choices: Sequence[T]) -> T:
    return choices[int(rng.integers(len(choices)))]


def _age(
    page: NDArray[np.uint8], ppm: float, kinds: Sequence[wear.Wear], chance: float, rng: np.random.Generator
) -> None:
    """What years left on the sheet: seldom anything, at times more than one thing."""
    while rng.random() < chance:
        _one(rng, kinds)(page, ppm, rng)


def _typed(sheet: Sheet, rng: np.random.Generator) -> NDArray[np.uint8]:
    black = sheet.layer("black")
    page = desk.paper(black.shape[1], black.shape[0], rng)
    if rng.random() < 0.25:  # worn ribbon, poor print, carbon copy
        black = np.asarray(cv2.GaussianBlur(black, (0, 0), rng.uniform(0.4, 1.0)), np.float32)
    tone = (35, 30, 30) if rng.random() < 0.85 else (120, 60, 70)
    desk.stain(page, black, 0, 0, tone, float(rng.choice((1.0, 1.0, rng.uniform(0.4, 1.0)))))
    if not sheet.is_empty("red"):
        desk.stain(page, sheet.layer("red"), 0, 0, ink.colour(rng, "red"), float(rng.uniform(0.6, 1.0)))
    return page


def _place(job: _Job, cut: Cut) -> tuple[float, float]:
    """Somewhere, but seldom right on top of another mark: such a pile can be read by nobody."""
    x, y = _try_place(job, cut)
    for _ in range(7):
        if job.rng.random() < 0.06 or not any(
            _covers((x, y), cut, p.quad.mean(0) / job.ppm, other) for p, other in job.pressed
        ):
            break
        x, y = _try_place(job, cut)
    return x, y


def _covers(at: tuple[float, float], cut: Cut, last: NDArray[np.float64], other: Cut) -> bool:
    apart_x = abs(at[0] - last[0]) / max(1.0, (cut.width + other.width) / 2)
    apart_y = abs(at[1] - last[1]) / max(1.0, (cut.height + other.height) / 2)
    return bool(apart_x < 0.85 and apart_y < 0.8)


def _try_place(job: _Job, cut: Cut) -> tuple[float, float]:
    rng, s = job.rng, job.sheet
    pick = rng.random()
    if job.pressed and pick < 0.25:  # touching or nearly touching the last one
        last = job.pressed[-1][0].quad.mean(0) / job.ppm
        other = job.pressed[-1][1]
        if rng.random() < 0.75:
            offset = np.array([rng.normal(0, 6), (other.height + cut.height) / 2 + rng.uniform(-1.5, 4)])
        else:
            offset = np.array([(other.width + cut.width) / 2 + rng.uniform(-2, 5), rng.normal(0, 3)])
        x, y = last + offset * rng.choice((-1, 1))
    elif pick < 0.6 and s.slots:
        x, y = s.slots[int(rng.integers(len(s.slots)))] + rng.normal(0, 6, 2)
    elif pick < 0.7 and s.tables:
        x0, y0, x1, y1 = s.tables[int(rng.integers(len(s.tables)))]
        x, y = rng.uniform(x0, x1), rng.uniform(y0, y1)
    else:
        x, y = rng.uniform(0, s.width), rng.uniform(0, s.height)
    mx, my = min(cut.width / 2 + 2, s.width / 2), min(cut.height / 2 + 2, s.height / 2)
    return float(np.clip(x, mx, s.width - mx)), float(np.clip(y, my, s.height - my))


def _add_ordeal(job: _Job, kind: MarkKind) -> None:
    """A mark, mostly bare type, alone or with something right over or under it; at times bare words beside it."""
    rng = job.rng
    bare = bool(rng.random() < 0.6)
    cover = str(rng.choice(("nothing", "seal", "stamp", "type", "scrawl"), p=(0.36, 0.22, 0.16, 0.14, 0.12)))
    below = rng.random() < 0.4
    at = _place(job, cut_to_norm(kind, job.prose))
    spread = rng.normal(0, (9, 5))
    other = (float(at[0] + spread[0]), float(at[1] + spread[1]))

    def lay_cover() -> None:
        if cover == "seal":
            _add_mark(job, K.SEAL, at=(other[0] + float(rng.normal(0, 9)), other[1] + float(rng.normal(0, 6))))
        elif cover == "stamp":
            company = (K.KHAN, K.DEN, K.BAN_SAO_SO, K.BAN_SO, K.OTHER, K.GIAI_MAT, K.THU_HOI)
            _add_mark(job, company[int(rng.integers(len(company)))], at=other)
        elif cover == "type":
            words = job.prose.heading() if rng.random() < 0.5 else job.prose.sentence()[:40]
            points = float(rng.uniform(10, 22))
            _stain_text(job, words, other[0] - float(rng.uniform(10, 40)), other[1] + float(rng.normal(0, 2)), points)
        elif cover == "scrawl":
            for _ in range(int(rng.integers(1, 3))):
                _sign(job, (at[0] + float(rng.normal(0, 6)), at[1] + float(rng.normal(0, 2))))

    if below and cover != "nothing":
        lay_cover()
    _add_mark(job, kind, at=at, bare=bare)
    if not below:
        lay_cover()
    if rng.random() < 0.5:  # a heading that is no mark
        x, y = rng.uniform(10, max(11, job.sheet.width - 70)), rng.uniform(10, job.sheet.height - 10)
        _stain_text(job, job.prose.heading(), float(x), float(y), float(rng.uniform(10, 18)))


def _add_pile(job: _Job, lower: MarkKind, upper: MarkKind) -> None:
    """Two marks in one place, often so close that their frames run into each other."""
    rng = job.rng
    at = _place(job, cut_to_norm(lower, job.prose))
    apart = rng.normal(0, (5, 2.5)) * rng.uniform(0.3, 1.5)
    _add_mark(job, lower, at=at, bare=bool(rng.random() < 0.12))
    _add_mark(job, upper, at=(float(at[0] + apart[0]), float(at[1] + apart[1])), bare=bool(rng.random() < 0.12))


def _cover_words(job: _Job) -> None:
    """Lines of print with a seal or a stamp across them: what lies under it is no mark."""
    rng = job.rng
    x, y = _place(job, cut_to_norm(K.TUYET_MAT, job.prose))
    points, lines = float(rng.uniform(10, 18)), int(rng.integers(1, 4))
    for line in range(lines):
        words = job.prose.heading() if rng.random() < 0.6 else job.prose.agency()
        left = x - float(rng.uniform(10, 45))
        _stain_text(job, words, left, y + (line - (lines - 1) / 2) * points * 0.5, points)
    if rng.random() < 0.8:
        kind = K.SEAL if rng.random() < 0.75 else COVERING[int(rng.integers(len(COVERING)))]
        _add_mark(job, kind, at=(x + float(rng.normal(0, 10)), y + float(rng.normal(0, 6))))


def _add_mark(
    job: _Job, kind: MarkKind, *, at: tuple[float, float] | None = None, bare: bool = False, penned: bool = False
) -> None:
    rng, severity = job.rng, float(np.clip(job.severity + job.rng.normal(0, 0.12), 0, 1))
    cut = cut_freely(kind, job.prose, rng, TRAIN_STAMP, wild=float(rng.uniform(0, 1) ** 1.5))
    if bare and cut.border != "none":
        cut = replace(cut, border="none", height=cut.height * rng.uniform(0.4, 0.8), fill=1.0, negative=False)
    model = _one(rng, IMPRESSIONS if rng.random() < 0.5 else ink.STAMP_INKS)
    family, strength = None, float(rng.uniform(0.95 - 0.62 * severity, 1.0 - 0.25 * severity))
    bend = rng.uniform(0, 0.12)
    plate_ppm = job.ppm * 1.6
    if penned or (kind in HANDWRITABLE and rng.random() < 0.17):
        font = "" if rng.random() < (0.5 if penned else 0.7) else str(rng.choice((*TRAIN_HAND, *LATIN_HAND)))
        size = rng.uniform(0.45, 1.2) if penned else 1.0
        framed = (0.15, 0.15, 0.6, 0.05, 0.05) if penned else (0.3, 0.3, 0.2, 0.1, 0.1)
        lines = cut.lines if kind in LEVELS else cut.lines[:1]
        cut = Cut(
            kind,
            lines,
            cut.width * size * rng.uniform(0.7, 1.3),
            size * rng.uniform(6, 14) * len(lines),
            str(
                rng.choice(
                    ("double", "single", "none", "under", "circle"),
                    p=framed if kind is not K.OTHER else (0.3, 0.5, 0, 0, 0.2),
                )
            ),
            font=font,
            marks=bool(rng.random() < 0.85),
            loose=bool(font in LATIN_HAND or rng.random() < 0.5),
        )
        if font and cut.border in ("under", "circle"):
            cut = replace(cut, border="none")
        model, bend = ink.pen_ink, rng.uniform(0.1, 0.5)
        family = str(rng.choice(("red", "blue", "black", "dark_red", "violet"), p=(0.45, 0.22, 0.2, 0.08, 0.05)))
        strength = float(rng.uniform(0.85 - 0.35 * severity, 1))
    elif cut.border == "none" or rng.random() < 0.16:
        model, bend = (ink.print_ink if rng.random() < 0.6 else _one(rng, PRINTED[1:])), 0.0
    plate = engrave(cut, plate_ppm, rng)
    mask = plate.mask if bend < 0.02 else desk.elastic(plate.mask, plate_ppm, float(bend), rng)
    inked = model(mask, plate_ppm, severity, rng)
    if model not in PRINTED:
        inked = ink.accidents(inked, plate_ppm, severity, rng)
    angle = float(rng.normal(0, 1.0 + 4.5 * severity))
    wayward = rng.random()
    if wayward < 0.04:
        angle += float(rng.choice((90, 180, 270)))
    elif wayward < 0.13:
        angle = float(rng.uniform(-45, 45))
    pressed = desk.press(
        job.page, plate, inked, plate_ppm, job.ppm, at or _place(job, cut), angle, ink.colour(rng, family), strength
    )
    job.pressed.append((pressed, cut))
    if rng.random() < 0.05 + 0.16 * severity:  # something goes over it: signature, strike-out, highlighter, pen
        _overprint(job, pressed)


def _overprint(job: _Job, pressed: desk.Pressed) -> None:
    rng, centre = job.rng, pressed.quad.mean(0) / job.ppm
    pick = rng.random()
    if pick < 0.4:
        near = centre + rng.normal(0, 5, 2)
        _sign(job, (float(near[0]), float(near[1])))
    elif pick < 0.6:
        a, b = pressed.quad[int(rng.integers(2))], pressed.quad[int(rng.integers(2)) + 2]
        cv2.line(
            job.page,
            (int(a[0]), int(a[1])),
            (int(b[0]), int(b[1])),
            tuple(ink.colour(rng)),
            max(1, round(rng.uniform(0.2, 0.8) * job.ppm)),
            cv2.LINE_AA,
        )
    elif pick < 0.8:
        desk.highlight(job.page, job.ppm, (float(centre[0]), float(centre[1])), rng)
    else:
        words = job.prose.sentence()[:60]
        _stain_text(
            job,
            words,
            float(centre[0]) - 30,
            float(centre[1]) + float(rng.normal(0, 2)),
            float(rng.uniform(10, 15)),
        )


def _sign(job: _Job, at: tuple[float, float]) -> None:
    """A signature with its middle at ``at`` (mm)."""
    mask = desk.signature(job.rng, job.ppm, float(job.rng.uniform(20, 55)))
    corner = np.round(np.array(at) * job.ppm - np.array(mask.shape[::-1]) / 2).astype(int)
    tone = ink.colour(job.rng, str(job.rng.choice(("blue", "black", "red"))))
    desk.stain(job.page, mask, int(corner[0]), int(corner[1]), tone, 0.9)


def _stain_text(job: _Job, words: str, x: float, y: float, points: float) -> None:
    rng, height = job.rng, points * 0.3528 * job.ppm * 0.95
    loose, font = rng.random() < 0.12, str(rng.choice(TRAIN_BODY))
    mask = set_by_hand(words, font, height, rng) if loose else text_mask(words, font, height)
    if rng.random() < 0.15:
        mask = worked(mask, rng)
    desk.stain(job.page, mask, round(x * job.ppm), round(y * job.ppm - mask.shape[0] / 2), (40, 35, 35), 1.0)


def _busy_desk(job: _Job) -> None:
    """Signatures, notes, highlighter, holes: what is on paper beside marks."""
    rng, s, ppm = job.rng, job.sheet, job.ppm
    for _ in range(int(rng.choice((0, 1, 2), p=(0.55, 0.35, 0.1)))):
        mask = desk.signature(rng, ppm, float(rng.uniform(18, 55)))
        x, y = rng.uniform(5, s.width - 45), rng.uniform(0.1, 0.95) * s.height
        desk.stain(
            job.page,
            mask,
            round(x * ppm),
            round(y * ppm),
            ink.colour(rng, str(rng.choice(("blue", "black", "violet")))),
            0.9,
        )
    for _ in range(int(rng.choice((0, 1, 2, 4), p=(0.55, 0.25, 0.15, 0.05)))):
        job.facts.add("pen_note")
        note = hand_line(job.prose.note(), rng.uniform(2.2, 6) * ppm, rng, marks=bool(rng.random() < 0.8))
        note = ink.pen_ink(note, ppm, 0.5, rng)
        turn = cv2.getRotationMatrix2D((note.shape[1] / 2, note.shape[0] / 2), float(rng.normal(0, 8)), 1)
        note = np.asarray(cv2.warpAffine(note, turn, (note.shape[1], note.shape[0])), np.float32)
        x, y = rng.uniform(2, max(3, s.width - note.shape[1] / ppm)), rng.uniform(4, s.height - 12)
        desk.stain(
            job.page,
            note,
            round(x * ppm),
            round(y * ppm),
            ink.colour(rng, str(rng.choice(("red", "blue", "black")))),
            0.95,
        )
    for _ in range(int(rng.choice((0, 1, 3), p=(0.75, 0.2, 0.05)))):
        desk.pen_ring(job.page, ppm, (float(rng.uniform(15, s.width - 15)), float(rng.uniform(10, s.height - 10))), rng)
    if rng.random() < 0.12:
        desk.highlight(
            job.page, ppm, (float(rng.uniform(20, s.width - 20)), float(rng.uniform(20, s.height - 20))), rng
        )
    if rng.random() < 0.2:
        desk.punch(job.page, ppm, rng)


def _scan(job: _Job, dpi: int, difficulty: str) -> Page:
    rng, page, ppm = job.rng, job.page, job.ppm
    if rng.random() < 0.15:
        layer = np.roll(job.sheet.layer("black"), int(rng.integers(0, page.shape[0])), 0)
        page = scanner.show_through(page, layer, float(rng.uniform(0.05, 0.1 + 0.25 * job.severity)))
    _age(page, ppm, wear.AFTER, 0.2, rng)
    angle = float(rng.normal(0, 0.3 + 1.8 * job.severity))
    page, move = scanner.lay_on_glass(page, ppm, angle, rng)
    if rng.random() < 0.08:
        page = scanner.coarse(page, float(rng.uniform(0.4, 0.75)))
    if rng.random() < 0.4:
        page = _one(rng, machines.SENSORS)(page, ppm, job.severity, rng)
    if rng.random() < 0.8:
        page = scanner.sense(page, ppm, job.severity, rng)
    mode = rng.random()
    if mode < 0.06 + 0.08 * job.severity:
        page = scanner.to_bilevel(page, rng)
        job.facts.add("bilevel")
    elif mode < 0.30:
        page = scanner.to_grey(page)
        job.facts.add("grey")
    if "bilevel" not in job.facts and rng.random() < 0.7:
        if rng.random() < 0.3:
            page = machines.recoded(page, job.severity, rng)
        else:
            page = scanner.jpeg(page, int(rng.uniform(90 - 55 * job.severity, 96)))
    quads = [p.quad @ move[:, :2].T + move[:, 2] for p, _ in job.pressed]
    turns = int(rng.choice(4, p=(0.55, 0.15, 0.15, 0.15)))
    pixels, quads = turned(page, quads, turns)
    labels = tuple(
        Label(
            cut.kind,
            quad,
            difficulty,
            legibility(pixels, pressed.plate, quad),
            handwritten=cut.font in ("", *TRAIN_HAND, *LATIN_HAND),
        )
        for (pressed, cut), quad in zip(job.pressed, quads, strict=True)
    )
    return Page(pixels, dpi, 90 * turns, labels, frozenset(job.facts))
