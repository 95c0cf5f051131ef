"""One page of the week: chosen, printed, stamped, copied, scanned and laid at its turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from scanflow.stamps.marks import MarkKind
from tools.pagegen.drawn import Label, Page, legibility
from tools.pagegen.guests.east import company as clutter
from tools.pagegen.guests.east import covers, letters, machine, paper, tables
from tools.pagegen.guests.east.dice import Dice, Matrix, Pixels, dice_for, mask_of, moved
from tools.pagegen.guests.east.doses import DOSES, Dose, milder
from tools.pagegen.guests.east.marks import LATER, Put, put
from tools.pagegen.guests.east.place import Anchors, Ground
from tools.pagegen.guests.east.press import Press
from tools.pagegen.guests.east.voice import Voice, voice
from tools.pagegen.masks import Mask
from tools.pagegen.norms import LEVELS

K = MarkKind
Layout = Callable[[Press, Voice, Dice], Anchors]
A4, WIDE, FOOLSCAP, SMALL = (210.0, 297.0), (297.0, 210.0), (216.0, 330.0), (148.0, 210.0)
LAYOUTS: tuple[tuple[tuple[Layout, tuple[tuple[float, float], ...]], float], ...] = (
    ((letters.letter, (A4, A4, A4, FOOLSCAP)), 6), ((letters.report, (A4, A4, FOOLSCAP)), 6),
    ((letters.minutes, (A4,)), 2.5), ((letters.later, (A4,)), 2), ((letters.last, (A4,)), 1.5),
    ((letters.telegram, (A4,)), 1), ((tables.register, (WIDE,)), 2), ((tables.annex, (A4,)), 2.5),
    ((tables.form, (A4,)), 2), ((tables.glossary, (A4,)), 0.8), ((tables.plan, (A4, WIDE)), 0.8),
    ((covers.cover, (A4, (230.0, 320.0))), 2), ((covers.envelope, ((229.0, 162.0), (220.0, 110.0))), 1.2),
    ((covers.booklet, (A4, SMALL)), 1), ((covers.notebook, (SMALL, (170.0, 240.0))), 1),
)  # fmt: skip
OUTSIDE = (K.ENVELOPE_A, K.ENVELOPE_B, K.ENVELOPE_C, K.BOC_BI)


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of one page."""

    kinds: tuple[MarkKind, ...]
    difficulty: str
    company: bool
    dpi: int
    handwritten: bool
    bilevel: bool


def draw(
    seed: int, *, kinds: tuple[MarkKind, ...], difficulty: str, company: bool, dpi: int = 150,
    handwritten: bool | None = None, bilevel: bool | None = None,
) -> Page:  # fmt: skip
    """One page that bears exactly these marks; the same arguments give the same page."""
    key = (seed, "+".join(k.value for k in kinds), difficulty, company, dpi, handwritten, bilevel)
    dice = dice_for(*key)
    level_first = bool(kinds) and kinds[0] in LEVELS
    by_pen = dice.chance(0.07 if level_first else 0.0) if handwritten is None else handwritten and bool(kinds)
    black_white = dice.chance(0.05) if bilevel is None else bilevel
    order = Order(kinds, difficulty, company, dpi, by_pen, black_white)
    dose = DOSES[difficulty]
    floor = 0.3 if difficulty != "extreme" or dice.chance(0.7) else 0.2
    page = _drawn(order, dose, dice_for(*key, 0))
    for attempt, share in enumerate((0.6, 0.3, 0.1), 1):
        if all(m.legibility >= floor for m in page.labels if m.kind in LEVELS):
            break
        page = _drawn(order, milder(dose, share), dice_for(*key, attempt))
    return page


def _drawn(order: Order, dose: Dose, dice: Dice) -> Page:
    scale = order.dpi / 25.4
    leveled = any(k in LEVELS for k in order.kinds)
    said = voice(dice, dice.choice((0.0, 0.05)) if leveled else dice.choice((0.0, 0.1, 0.35)))
    press, anchors = _printed(order, said, dice)
    wear = dice.uniform(*dose.wear) * (1.0 if said.year < 1994 else 0.6)
    weak = dice.uniform(*dose.weak)
    page = paper.sheet((press.black.height, press.black.width), said.paper, wear, dice)
    through = dice.uniform(0, dose.through)
    if through > 0.03 and dice.chance(0.6):
        page = paper.shown_through(page, press.black, through, dice)
    facts = {"carbon"} if said.carbon else set[str]()
    page = paper.printed(page, press.black, press.red, said, weak, dice)
    if wear > 0.3 and dice.chance(0.4):
        paper.folded(page, dice)
    copied = dice.chance(dose.copied)
    kinds = list(enumerate(order.kinds))
    if order.company and dice.chance(0.3) and K.SEAL not in order.kinds:
        kinds.append((len(kinds), K.SEAL))
    after = [k for k in kinds if copied and k[1] in LATER and dice.chance(0.6)]
    done = _stamped(page, [k for k in kinds if k not in after], (), press, anchors, order, dose, dice)
    facts |= _handled(page, done, anchors, order, dose, scale, dice)
    if copied:
        page = machine.photocopied(page, dice.uniform(*dose.harsh), dice.randint(*dose.generations), dice)
        facts.add("copied")
    done += _stamped(page, after, done, press, anchors, order, dose, dice)
    return _scanned(page, done, order, dose, facts, dice)


def _printed(order: Order, said: Voice, dice: Dice) -> tuple[Press, Anchors]:
    layout, formats = dice.weighed(LAYOUTS)
    if any(k in OUTSIDE for k in order.kinds) and dice.chance(0.65):
        layout, formats = covers.envelope, ((229.0, 162.0), (324.0, 229.0), (220.0, 110.0))
    press = Press(*dice.choice(formats), order.dpi, said.letters, dice)
    return press, layout(press, said, dice)


def _stamped(
    page: Pixels, kinds: list[tuple[int, MarkKind]], before: tuple[Put, ...], press: Press, anchors: Anchors,
    order: Order, dose: Dose, dice: Dice,
) -> tuple[Put, ...]:  # fmt: skip
    """Put the marks on the page, in place, the written one among them."""
    black = np.maximum(np.asarray(press.black), np.asarray(press.red))
    size = (round(press.width), round(press.height))
    print_mm = mask_of(cv2.resize(black, size, interpolation=cv2.INTER_AREA) / 255)
    taken = [_room(p, order.dpi) for p in before]
    done = list[Put]()
    for index, kind in kinds:
        hides: Mask | None = mask_of(black / 255 * 0.8) if dice.chance(dose.struck) else None
        mark, room = put(page, kind, Ground(print_mm, tuple(taken)), anchors, dose, order.dpi, dice,
                         handwritten=order.handwritten and index == 0, over_text=hides)  # fmt: skip
        taken.append(room)
        done.append(mark)
    return tuple(done)


def _room(mark: Put, dpi: int) -> tuple[float, float, float, float]:
    low, high = mark.quad.min(0) * 25.4 / dpi, mark.quad.max(0) * 25.4 / dpi
    (x, y), (w, h) = (low + high) / 2, (high - low) / 2
    return float(x), float(y), float(w), float(h)


def _handled(
    page: Pixels, done: tuple[Put, ...], anchors: Anchors, order: Order, dose: Dose, scale: float, dice: Dice
) -> frozenset[str]:
    """Pens and punches on the page, in place."""
    facts = (
        clutter.gathered(page, anchors, [m.quad / scale for m in done], scale, dice)
        if order.company
        else frozenset[str]()
    )
    for mark in done:
        if order.company and dice.chance(dose.struck):
            middle = mark.quad.mean(0) / scale
            spot = (float(middle[0]) + dice.gauss(0, 12), float(middle[1]) + dice.gauss(0, 4))
            dice.choice((clutter.signed_by, clutter.highlighted))(page, spot, scale, dice)
    return facts


def _scanned(page: Pixels, done: tuple[Put, ...], order: Order, dose: Dose, facts: set[str], dice: Dice) -> Page:
    laid, onto_bed = machine.bedded(page, dice.gauss(0, dose.skew), dice)
    if order.bilevel:
        laid = machine.bilevelled(machine.scanned(laid, dose.grain[0], 97, dose.soft[0], dice), order.dpi, dice)
        facts.add("bilevel")
    else:
        if dice.chance(0.25):
            laid = machine.greyed(laid)
            facts.add("grey")
        soft = dice.uniform(*dose.soft) * order.dpi / 150
        laid = machine.scanned(laid, dice.uniform(*dose.grain), dice.randint(*dose.quality), soft, dice)
        if "grey" in facts:
            laid = machine.greyed(laid)
    clockwise = dice.weighed(((0, 70), (90, 10), (180, 10), (270, 10)))
    final, onto_final = machine.turned(laid, clockwise)
    labels = tuple(_label(m, moved(moved(m.quad, onto_bed), onto_final), final, order) for m in done)
    return Page(final, order.dpi, -clockwise % 360, labels, frozenset(facts))


def _label(mark: Put, quad: Matrix, pixels: Pixels, order: Order) -> Label:
    seen = legibility(pixels, mark.plate, quad)
    return Label(mark.kind, quad, order.difficulty, seen, mark.handwritten)
