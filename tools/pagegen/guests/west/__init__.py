"""Pages by the guest "west": paper that is not letters, stamps as a collector sees them, scanners as they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scanflow.stamps.marks import MarkKind
from tools.pagegen.drawn import Label, Page, legibility, turned
from tools.pagegen.guests.west import books, cuts, desk, drawings, machine, offices, paper, penned, seals, trade
from tools.pagegen.guests.west.rubber import GRADES
from tools.pagegen.guests.west.sheet import BLACK, VOICES, Sheet
from tools.pagegen.norms import LEVELS

__all__ = ["draw"]
_SALT = 0x57E57
_OUTSIDE = (MarkKind.ENVELOPE_A, MarkKind.ENVELOPE_B, MarkKind.ENVELOPE_C, MarkKind.BOC_BI)
_AFTER_COPYING = (MarkKind.BAN_SAO_SO, MarkKind.BAN_SAO_BMNN, MarkKind.SEAL, MarkKind.DEN)
A4, A4_WIDE, FOLIO, A5 = (210.0, 297.0), (297.0, 210.0), (215.0, 330.0), (148.0, 210.0)


@dataclass(frozen=True, slots=True)
class Genre:
    """A sort of paper: who sets it, in which sizes, how often, bound or not, of which stock."""

    set: Callable[[Sheet], None]
    sizes: tuple[tuple[float, float], ...]
    weight: float
    bound: bool = False
    kraft: float = 0.0


ENVELOPE = Genre(offices.envelope, ((229, 162), (220, 110), (324, 229), (176, 125)), 0.8, kraft=0.55)
GENRES = (
    ENVELOPE,
    Genre(offices.letter, (A4, A4, A4, FOLIO, A5, (200.0, 280.0)), 2.6),
    Genre(offices.form, (A4, FOLIO), 1),
    Genre(offices.card, ((148, 105), (125, 75), (150, 100)), 0.6, kraft=0.1),
    Genre(offices.folder, (A4, (230, 320), A4_WIDE), 1, kraft=0.7),
    Genre(trade.figures, (A4, A4_WIDE), 1),
    Genre(trade.invoice, (A5, (210, 148), A4), 0.8),
    Genre(books.register, (A4_WIDE, A4, (297, 210), (340, 240)), 1.4, True),
    Genre(books.book, (A5, A4_WIDE, (160, 240)), 0.8, True),
    Genre(books.photos, (A4, A4_WIDE), 0.4),
    Genre(books.dictionary, (A5, (160, 240)), 0.4, True),
    Genre(books.newspaper, (A4, (260, 360)), 0.7),
    Genre(books.title_page, (A4, A5), 0.9, kraft=0.15),
    Genre(books.notebook, ((155, 205), A4), 0.8, True),
    Genre(drawings.plan, (A4_WIDE, A4), 0.9),
    Genre(drawings.organisation, (A4_WIDE, A4), 0.7),
    Genre(drawings.slide, ((254, 190.5), A4_WIDE), 0.6),
    Genre(drawings.certificate, (A4_WIDE, A4), 0.6),
    Genre(drawings.chart_of_land, (A4, A4_WIDE), 0.5),
    Genre(drawings.empty, (A4, A5), 0.5),
)


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
    """One scanned side that bears the marks of ``kinds``.

    Args:
        seed: with the other arguments, all that the page depends on.
        kinds: the marks to stand on it.
        difficulty: easy, medium, hard or extreme.
        company: whether signatures, notes and the like stand there too.
        dpi: dots per inch.
        handwritten: whether a pen wrote the first mark; None lets a level be so now and then.
        bilevel: whether the scan is black and white; None makes it so rarely.
    """
    rng = np.random.default_rng((_SALT, seed, dpi, GRADES.index(difficulty), int(company), len(kinds)))
    facts: set[str] = set()
    genre = _genre(rng, kinds)
    sheet = _printed(rng, genre, kinds, company=company, dpi=dpi)
    if sheet.wrote:
        facts.add("pen_note")
    page = _blank_and_print(rng, sheet, genre, difficulty, facts)
    if company:
        _peopled(rng, page, sheet, difficulty, facts)
    by_pen = _by_pen(rng, kinds, handwritten)
    page, marks = _marked(rng, page, sheet, kinds, by_pen, difficulty, facts, company=company)
    return _scan(rng, page, marks, genre, difficulty, dpi, bilevel, facts)


def _genre(rng: np.random.Generator, kinds: tuple[MarkKind, ...]) -> Genre:
    if any(kind in _OUTSIDE for kind in kinds) and rng.random() < 0.7:
        return ENVELOPE
    weights = np.array([g.weight for g in GENRES])
    return GENRES[int(rng.choice(len(GENRES), p=weights / weights.sum()))]


def _printed(rng: np.random.Generator, genre: Genre, kinds: tuple[MarkKind, ...], *, company: bool, dpi: int) -> Sheet:
    width, height = genre.sizes[int(rng.integers(len(genre.sizes)))]
    if MarkKind.BAN_SAO_BMNN in kinds or len(kinds) > 2:
        width, height = max(width, 140.0), max(height, 100.0)
    leveled = any(kind in LEVELS for kind in kinds)
    trap = float(rng.uniform(0.3, 0.8)) if rng.random() < (0.12 if leveled else 0.45) else 0.04
    ink = tuple(int(c + v) for c, v in zip(BLACK, rng.integers(0, 46, 3), strict=True))
    voice = VOICES[int(rng.integers(len(VOICES)))]
    sheet = Sheet(rng, width, height, dpi, voice, trap, company, (ink[0], ink[1], ink[2]))
    genre.set(sheet)
    return sheet


def _blank_and_print(
    rng: np.random.Generator, sheet: Sheet, genre: Genre, difficulty: str, facts: set[str]
) -> paper.Pixels:  # fmt: skip
    g = GRADES.index(difficulty)
    print_ = np.ascontiguousarray(np.asarray(sheet.image)[..., ::-1])
    page = paper.stock(rng, (print_.shape[0], print_.shape[1]), difficulty, kraft=bool(rng.random() < genre.kraft))
    if rng.random() < 0.08 * g:
        page = paper.shown_through(rng, page, print_)
    if rng.random() < 0.05 * g:
        print_ = paper.carbon(rng, print_)
        facts.add("carbon")
    return paper.multiply(page, print_)


def _peopled(rng: np.random.Generator, page: paper.Pixels, sheet: Sheet, difficulty: str, facts: set[str]) -> None:
    for spot in sheet.spots[: -1 if rng.random() < 0.5 else 1 : -1][: int(rng.integers(0, 3))]:
        desk.signed(rng, page, spot, sheet.dpi)
        facts.add("signature")
    for _ in range(int(rng.integers(0, 2 + GRADES.index(difficulty) // 2))):
        desk.noted(rng, page, sheet.dpi)
        facts.add("pen_note")
    desk.handled(rng, page, sheet.dpi)


def _by_pen(rng: np.random.Generator, kinds: tuple[MarkKind, ...], handwritten: bool | None) -> bool:
    if not kinds or kinds[0] is MarkKind.SEAL:
        return False
    if handwritten is None:
        return kinds[0] in LEVELS and rng.random() < 0.08
    return handwritten


def _marked(
    rng: np.random.Generator, page: paper.Pixels, sheet: Sheet, kinds: tuple[MarkKind, ...], by_pen: bool,
    difficulty: str, facts: set[str], *, company: bool,
) -> tuple[paper.Pixels, list[desk.Mark]]:  # fmt: skip
    """Stamp the page, seals first and levels last; when it is a copy, some come after the copying."""
    px_mm = sheet.dpi * desk.OVERSAMPLE / 25.4
    crowded = bool(rng.random() < 0.3)
    extra = (MarkKind.SEAL,) * int(rng.integers(1, 3)) if company and rng.random() < 0.4 else ()
    todo = [(kind, by_pen and k == 0) for k, kind in enumerate((*kinds, *extra))]
    todo.sort(key=lambda item: (item[0] in LEVELS, item[0] is not MarkKind.SEAL))
    copy = rng.random() < (0.05, 0.14, 0.22, 0.28)[GRADES.index(difficulty)]
    late = [item for item in todo if copy and item[0] in _AFTER_COPYING and rng.random() < 0.7]
    marks: list[desk.Mark] = []
    for stage in ([item for item in todo if item not in late], late):
        for kind, pen in stage:
            if kind is MarkKind.SEAL:
                stamp = seals.seal(rng, px_mm)
            else:
                stamp = (penned.written if pen else cuts.stamp)(rng, kind, px_mm)
            taken = [mark.quad for mark in marks]
            page, mark = desk.pressed_on(
                rng, page, stamp, sheet.spots, taken, difficulty, sheet.dpi, crowded=crowded
            )  # fmt: skip
            marks.append(mark)
        if copy and stage is not late:
            page = paper.copied(rng, page, difficulty)
            facts.add("copied")
    return page, marks


def _scan(
    rng: np.random.Generator, page: paper.Pixels, marks: list[desk.Mark], genre: Genre, difficulty: str, dpi: int,
    bilevel: bool | None, facts: set[str],
) -> Page:  # fmt: skip
    bed = machine.a_bed(rng, (page.shape[1], page.shape[0]), difficulty, dpi, bound=genre.bound)
    picture = machine.scanned(rng, page, bed, difficulty, bound=genre.bound)
    quads = [bed.seen(mark.quad) for mark in marks]
    if bilevel or (bilevel is None and rng.random() < 0.05):
        picture = machine.two_toned(rng, picture, dpi)
        facts.add("bilevel")
    else:
        if rng.random() < 0.25:
            picture = machine.greyed(rng, picture)
            facts.add("grey")
        picture = machine.squeezed(rng, picture, difficulty)
    quarters = 0 if rng.random() < 0.7 else int(rng.integers(1, 4))
    picture, quads = turned(picture, quads, quarters)
    labels = tuple(
        Label(m.kind, quad, difficulty, legibility(picture, m.plate, quad), m.handwritten)
        for m, quad in zip(marks, quads, strict=True)
    )
    return Page(picture, dpi, 90 * quarters, labels, frozenset(facts))
