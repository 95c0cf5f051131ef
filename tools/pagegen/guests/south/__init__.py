"""The old archive, 1955-1999: one drawn page of typewriters, carbon, stencils, carved stamps and bad paper."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from scanflow.stamps.marks import MarkKind
from tools.pagegen.drawn import Label, Page, legibility
from tools.pagegen.guests.south import leavings, ledgers, machine, marks, pages, paper
from tools.pagegen.guests.south.canvas import Colour, Points, Sheet
from tools.pagegen.guests.south.ink import BLACKS, BLUES, PENS, REDS, VIOLETS
from tools.pagegen.guests.south.setters import Clerk, Setter, Typewriter, any_printer, any_typewriter
from tools.pagegen.guests.south.strokes import any_hand
from tools.pagegen.norms import LEVELS

TROUBLE = {"easy": 0.08, "medium": 0.35, "hard": 0.65, "extreme": 1.25}
_SALT = 0x50F7
_SIZES = ((210, 297), (210, 297), (210, 330), (205, 270), (148, 210), (210, 148), (160, 215))
_KINDS: tuple[tuple[pages.Painter, float], ...] = (
    (pages.letter, 0.3), (pages.minutes, 0.12), (pages.telegram, 0.08), (pages.filled_form, 0.09),
    (ledgers.register, 0.08),
    (ledgers.goods_list, 0.11), (ledgers.card, 0.04), (ledgers.cover, 0.06), (ledgers.chart, 0.04),
    (ledgers.columns, 0.05),
    (ledgers.slogans, 0.03),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for."""

    kinds: tuple[MarkKind, ...]
    difficulty: str
    company: bool
    dpi: int
    handwritten: bool
    bilevel: bool


def draw(
    seed: int,
    *,
    kinds: tuple[MarkKind, ...],
    difficulty: str,
    company: bool,
    dpi: int = 150,
    handwritten: bool | None = None,
    bilevel: bool | None = None,
) -> Page:
    """Draw one page that bears exactly ``kinds`` (and, with ``company``, perhaps a seal more).

    Args:
        seed: of everything that is left to chance.
        kinds: its marks.
        difficulty: easy, medium, hard or extreme.
        company: also signatures, notes, pencil, pins and seals.
        dpi: dots per inch.
        handwritten: the first mark is by pen; ``None`` leaves it to chance.
        bilevel: black and white only; ``None`` leaves it to chance.
    """
    rng = np.random.default_rng([_SALT, seed])
    by_hand = handwritten if handwritten is not None else bool(kinds and kinds[0] in LEVELS and rng.random() < 0.08)
    order = Order(kinds, difficulty, company, dpi, by_hand, rng.random() < 0.04 if bilevel is None else bilevel)
    trouble = TROUBLE[difficulty]
    page = _draw(order, np.random.default_rng([_SALT, seed, 1]), trouble)
    for again in (2, 3):
        if not _lost(page, rng):
            break
        page = _draw(order, np.random.default_rng([_SALT, seed, again]), trouble * 0.8)
    return page


def _lost(page: Page, rng: Generator) -> bool:
    """Whether a level on it can hardly be read; a third of the worst pages may stay so."""
    worst = min((label.legibility for label in page.labels if label.kind in LEVELS), default=1.0)
    extreme = any(label.difficulty == "extreme" for label in page.labels)
    return worst < 0.3 and not (extreme and rng.random() < 0.35)


def _draw(order: Order, rng: Generator, trouble: float) -> Page:
    desk = _desk(order, rng, trouble)
    sheet, scale = desk.sheet, order.dpi / 25.4
    painters = [painter for painter, _ in _KINDS]
    painters[int(rng.choice(len(painters), p=np.array([share for _, share in _KINDS]) / sum(s for _, s in _KINDS)))](
        desk
    )
    facts: set[str] = set()
    inks = _inks(rng)
    laid = _marks(order, desk, inks["body"], rng, trouble)
    if order.company:
        _company(sheet, rng, facts)
    way = str(rng.choice(["top", "carbon", "stencil"], p=[0.6, 0.2, 0.2]))
    facts.update({"carbon"} if way == "carbon" else ())
    picture, alpha = paper.sheet_of(rng, sheet.shape, paper.any_age(rng, trouble), scale)
    if trouble > 0.2 and rng.random() < 0.15 + 0.35 * trouble:
        _show_through(picture, sheet, rng, trouble, scale)
    for name in sorted(sheet.layers):
        printed = machine.duplicated(sheet.layers[name], way if name == "body" else "top", trouble, rng, scale)
        machine.stain(picture, printed, inks.get(name, inks["print"]))
    copied = rng.random() < (0.04, 0.14, 0.25, 0.35)[list(TROUBLE).index(order.difficulty)]
    for film, left, top, ink in sheet.films:
        machine.stain(picture, film, ink, left, top)
    if copied:
        device = str(rng.choice(["copier", "film", "photostat"], p=[0.7, 0.25, 0.05]))
        picture, alpha = np.where(alpha[..., None] < 0.5, np.float32(0.96), picture), np.ones_like(alpha)
        picture = machine.photographed(picture, device, trouble, rng, scale)
        facts.update({"copied", device})
    if order.company:
        leavings.fittings(picture, rng, scale)
    pixels, matrix = machine.scanned(picture, alpha, sheet, trouble, rng)
    return _filed(order, pixels, [machine.moved(mark.quad, matrix) for mark in laid], laid, facts, rng, trouble)


def _filed(
    order: Order, pixels: machine.Pixels, quads: list[Points], laid: list[marks.Laid], facts: set[str], rng: Generator,
    trouble: float,
) -> Page:  # fmt: skip
    turn = int(rng.choice([0, 90, 180, 270], p=[0.7, 0.1, 0.1, 0.1]))
    if rng.random() < 0.25:
        pixels = np.repeat(pixels.mean(-1, keepdims=True).astype(np.uint8), 3, -1)
        facts.add("grey")
    if order.bilevel:
        pixels = machine.two_toned(pixels, rng, order.dpi / 25.4)
        facts.add("bilevel")
    elif rng.random() < 0.3 + 0.6 * trouble:
        pixels = machine.packed(pixels, int(rng.uniform(88 - 50 * trouble, 95)))
        if "grey" in facts:
            pixels = np.repeat(pixels[..., :1], 3, -1)
    pixels, quads = machine.turned(pixels, quads, turn)
    labels = tuple(
        Label(
            mark.made.kind, quad, order.difficulty, legibility(pixels, mark.made.plate, quad), mark.made.way == "penned"
        )
        for mark, quad in zip(laid, quads, strict=True)
    )
    return Page(pixels, order.dpi, turn, labels, frozenset(facts))


def _desk(order: Order, rng: Generator, trouble: float) -> pages.Desk:
    width, height = _SIZES[int(rng.integers(len(_SIZES)))]
    sheet = Sheet(order.dpi, float(width), float(height))
    clerk = Clerk(any_hand(rng), float(rng.uniform(2.4, 3.4)), rng)
    setter: Setter = any_typewriter(rng, trouble)
    other = rng.random()
    if other < 0.1:
        setter = clerk
    elif other < 0.22:
        setter = any_printer(rng, 12)
    left = min(float(rng.uniform(14, 36)), width * 0.16)
    desk = pages.Desk(
        sheet, rng, setter, any_printer(rng, 10.5), clerk, left, float(rng.uniform(8, 18)), float(rng.uniform(16, 34))
    )
    desk.tempting = float(rng.choice([0.03, 0.12, 0.35]))
    return desk


def _inks(rng: Generator) -> dict[str, Colour]:
    def one(*pads: tuple[Colour, ...]) -> Colour:
        pad = pads[int(rng.integers(len(pads)))]
        return pad[int(rng.integers(len(pad)))]

    body = one(BLACKS, BLACKS, BLACKS, BLUES, VIOLETS)
    return {"body": body, "print": one(BLACKS, BLACKS, BLACKS, BLUES, REDS), "pen": one(PENS), "sign": one(PENS),
            "pencil": one(REDS, BLUES, BLACKS)}  # fmt: skip


def _marks(order: Order, desk: pages.Desk, type_ink: Colour, rng: Generator, trouble: float) -> list[marks.Laid]:
    sheet, scale = desk.sheet, order.dpi / 25.4
    extra = (MarkKind.SEAL,) * int(order.company and MarkKind.SEAL not in order.kinds and rng.random() < 0.4)
    taken = marks.busy(sheet, tuple(sheet.layers[name] for name in sorted(sheet.layers)))
    typist = desk.text if isinstance(desk.text, Typewriter) else None
    laid = []
    for at, kind in enumerate(order.kinds + extra):
        made = marks.make(rng, kind, order.dpi, order.handwritten and at == 0, typist, type_ink)
        size = np.ptp(made.plate.quad, 0) / made.scale
        careless = rng.random() < 0.05 + 0.4 * trouble
        zone = marks.ZONES[marks.zone_for(rng, kind)]
        spot = marks.find_spot(rng, sheet, taken, (float(size[0]), float(size[1])), zone, 0.05 if careless else 3.0)
        angle = float(rng.normal(0, 0.6 if made.way == "typed" else 1.0 + 4.5 * trouble))
        if kind is MarkKind.SEAL:
            angle = float(rng.normal(0, 14))
        elif made.way == "stamped" and rng.random() < 0.03:
            angle += float(rng.choice([90, -90, 180]))
        mark = marks.lay(sheet, made, np.array(spot) * scale, angle, trouble, rng)
        marks.occupy(taken, mark.quad / scale, 120 if careless else 255)
        if kind is MarkKind.SEAL and order.company and rng.random() < 0.8:
            leavings.sign(sheet, rng, np.array(spot) + rng.normal(0, 7, 2) + [9, 0])
        laid.append(mark)
    return laid


def _company(sheet: Sheet, rng: Generator, facts: set[str]) -> None:
    if rng.random() < 0.4:
        leavings.note(sheet, rng)
        facts.add("pen_note")
    if rng.random() < 0.3:
        leavings.pencil(sheet, rng)
    if rng.random() < 0.5:
        leavings.page_number(sheet, rng)
    if rng.random() < 0.4:
        leavings.sign(sheet, rng, np.array([sheet.width_mm * 0.7, sheet.height_mm * 0.82]))


def _show_through(picture: paper.Picture, sheet: Sheet, rng: Generator, trouble: float, scale: float) -> None:
    """The writing of the other side, mirrored and soft."""
    back = sheet.layers.get("body")
    if back is None:
        return
    moved = np.roll(back[:, ::-1], (int(rng.integers(-40, 40) * scale / 6), int(rng.integers(-30, 30))), (0, 1))
    soft = machine.duplicated(np.ascontiguousarray(moved), "carbon", 1.0, rng, scale)
    machine.stain(picture, soft * np.float32(rng.uniform(0.06, 0.12 + 0.2 * trouble)), (0.3, 0.35, 0.4))
