"""How often the hints beside the count see what they should, and how often they cry wolf:

    python -m bench.hints [--documents 40] [--numbers 60] [--prints 150] [--first 0]

Drawn documents (tools/pagegen): letters of two to six sides with a head, most with printed page numbers, blank versos
and pencilled sheet numbers among them; forms of one kind, each filled in otherwise; forms with one printed back. Every
side goes through the station's own examination; of the written ones the top 120 mm are read by its OCR.

Faults are planted one at a time: a sheet taken out, two sheets exchanged, a sheet scanned twice (a new scan of the same
paper), the row of another document. A document without a fault gives the false alarms. Of ``--numbers`` letters more,
set in the type of the style kept out, only the page numbers are read, in the margins; each sheet between the first and
the last is taken out once, and exchanged with the next. ``--prints`` documents more are not read: they are for the same
side twice only.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray
from tools.pagegen import desk, scanner
from tools.pagegen.fonts import KEPT_BODY
from tools.pagegen.ink import pen_ink
from tools.pagegen.layouts import BOLD
from tools.pagegen.sheet import Sheet
from tools.pagegen.strokes import hand_line
from tools.pagegen.text import Prose

from scanflow.counting import (
    HintKind,
    PrintedNumber,
    SidePrint,
    header_hints,
    page_number_hints,
    read_header,
    repeated_side_hints,
)
from scanflow.examination import Examination
from scanflow.imaging.likeness import alike, same_side, strokes
from scanflow.imaging.reduced import reduce_side
from scanflow.levels import Level
from scanflow.manifest import Row
from scanflow.ocr.engine import OCR_DPI, OcrEngine
from scanflow.ocr.geometry import upright
from scanflow.ocr.text import Line, TextLayer, Word
from scanflow.pages import Face, SideLabel
from scanflow.station.devices import new_examiner
from scanflow.station.evidence import head_lines, number_and_label, printed_number

DPI = 200
PPM = DPI / 25.4
TOP_MM = 120.0
"""The head and the page number stand above; reading no more of a side than that makes the bench three times as fast."""
BODY = "Tinos-Regular"

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Side:
    """One side of paper and what the station makes of a scan of it."""

    paper: Pixels
    found: Examination
    layer: TextLayer | None
    printed: int | None
    """The page number that was drawn on it."""
    bare: bool
    strokes: Pixels


@dataclass(frozen=True)
class Drawn:
    """A document: its row, and its sheets with recto and verso."""

    row: Row
    kind: str
    numbered: bool
    head: str
    sheets: tuple[tuple[Side, Side], ...]


# ---- paper -----------------------------------------------------------------------------------------------------------


def letter(rng: random.Random, row: Row, sides: int, *, numbered: bool, head: str, body: str = BODY) -> list[Sheet]:
    """A letter as NĐ 30/2020/NĐ-CP draws it; ``head``: printed, handwritten (its number) or none."""
    prose, size = Prose(rng), rng.uniform(12.5, 14)
    pages = []
    for page in range(1, sides + 1):
        sheet, y = Sheet(210, 297, PPM), 24.0
        if page == 1 and head != "none":
            y = _head(sheet, prose, row, size, handwritten=head == "handwritten")
        elif page > 1 and numbered:
            sheet.text(105, rng.uniform(10, 14), str(page), body, 13, align="centre")
        bottom = 275.0 if page < sides else rng.uniform(60, 260)
        while y < bottom - 8:
            y = sheet.paragraph(30, y, 163, prose.paragraph(rng.randint(1, 4)), body, size, bottom=bottom) + 2
        pages.append(sheet)
    return pages


def _head(sheet: Sheet, prose: Prose, row: Row, size: float, *, handwritten: bool) -> float:
    bold = BOLD[BODY]
    sheet.text(62, 22, prose.agency(), bold, size - 2, align="centre")
    number, _, symbol = row.number.partition("/")
    if handwritten:  # the number is written in by hand, a moment after signing
        sheet.text(62, 31, f"Số:          /{symbol}", BODY, size - 1, align="centre")
    else:
        sheet.text(62, 31, f"Số: {number}/{symbol}", BODY, size - 1, align="centre")
    sheet.text(147, 22, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold, size - 2, align="centre")
    sheet.text(147, 27, "Độc lập - Tự do - Hạnh phúc", bold, size - 1, align="centre", under=True)
    assert row.issued is not None
    day = f"ngày {row.issued.day:02d} tháng {row.issued.month:02d} năm {row.issued.year}"
    sheet.text(147, 36, f"{prose.place().title()}, {day}", BODY, size - 1, align="centre")
    sheet.text(105, 56, prose.heading(), bold, size + 1, align="centre")
    sheet.text(105, 64, prose.sentence()[:70], bold, size, align="centre")
    return 78.0


def form(kind: random.Random, fill: random.Random) -> Sheet:
    """A form: what is printed comes from ``kind`` and is the same on each, what is filled in from ``fill``."""
    sheet, printed, filled = Sheet(210, 297, PPM), Prose(kind), Prose(fill)
    sheet.text(105, 22, printed.heading(), BOLD[BODY], 15, align="centre")
    y = 40.0
    for _ in range(kind.randint(12, 22)):
        box = sheet.text(25, y, printed.cell() + ":", BODY, 12)
        sheet.line(box[2] + 2, y + 5, 185, y + 5, 0.2)
        sheet.text(box[2] + 4, y - 0.5, filled.cell(), BODY, 12)
        y += kind.uniform(9, 12)
    return sheet


def on_paper(sheet: Sheet | None, rng: np.random.Generator, *, pencilled: int, written: str = "") -> Pixels:
    """Ink on paper; None is a blank side. ``written`` by pen where the number of a head stands."""
    size = (round(210 * PPM), round(297 * PPM))
    page = desk.paper(size[0], size[1], rng)
    if sheet is not None:
        desk.stain(page, sheet.layer("black"), 0, 0, (35, 30, 30), 1.0)
    if written:
        line = pen_ink(hand_line(written, 4 * PPM, rng), PPM, 0.3, rng)
        desk.stain(page, line, round(58 * PPM), round(29 * PPM), (140, 40, 30), 0.95)
    if pencilled:
        line = pen_ink(hand_line(str(pencilled), 4 * PPM, rng), PPM, 0.3, rng)
        desk.stain(page, line, round(193 * PPM), round(7 * PPM), (110, 110, 110), 0.7)
    return page


def scanned(paper: Pixels, rng: np.random.Generator) -> Pixels:
    """One scan of the paper, as a feeder draws it in: a little askew, a little noise."""
    height, width = paper.shape[:2]
    angle, scale = float(rng.normal(0, 0.4)), float(rng.normal(1, 0.001))
    move = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), angle, scale), np.float64)
    move[:, 2] += rng.normal(0, PPM, 2)
    bed = int(rng.choice((250, 40)))
    page = cv2.warpAffine(paper, move, (width, height), borderValue=(bed, bed, bed)).astype(np.uint8)
    return scanner.jpeg(scanner.sense(page, PPM, float(rng.uniform(0.0, 0.2)), rng), int(rng.integers(75, 95)))


# ---- the station's own eyes ------------------------------------------------------------------------------------------


class Read(StrEnum):
    """How much of a written side is read."""

    TOP = "top and margins"
    MARGINS = "page numbers only"
    NOTHING = "fingerprints only"


_SOMETHING = (Line(2000.0, 20.0, (Word("chữ", 200.0, 260.0),)),)
"""Stands for the text of a written side of which only the margins are read."""


class Eyes:
    """Examination and OCR, as the station has them."""

    def __init__(self, read: Read) -> None:
        self._examiner, self._read = new_examiner(), read
        self._ocr = OcrEngine() if read is not Read.NOTHING else None

    def look(self, paper: Pixels, rng: np.random.Generator, *, bare: bool, printed: int | None) -> Side:
        """Scan a side, examine it, and read it when it seems written, even if it is ``bare``."""
        pixels = scanned(paper, rng)
        found = self._examiner.examine(pixels, DPI)
        layer = None
        if self._ocr is not None and found.side is not SideLabel.BLANK:
            grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY).astype(np.uint8)
            page = upright(grey, DPI, found.pose, OCR_DPI)
            layer = TextLayer(OCR_DPI, () if bare else _SOMETHING)
            if self._read is Read.TOP:
                top = np.ascontiguousarray(page[: round(TOP_MM / 25.4 * OCR_DPI)])
                layer = self._ocr.read_upright(top, OCR_DPI)
            layer = replace(layer, page_number=self._ocr.page_number(page, OCR_DPI))
        return Side(paper, found, layer, printed, bare, strokes(reduce_side(pixels, DPI), found.pose))


def row_of(rng: random.Random, ordinal: int) -> Row:
    """A row whose number and date a head will bear."""
    number = Prose(rng).number()
    issued = date(rng.randint(1985, 2025), rng.randint(1, 12), rng.randint(1, 28))
    return Row(ordinal, "MAU.01", ordinal, number, issued, Level.MAT, 1, 1)


def draw(seed: int, eyes: Eyes, read: Read) -> Drawn:
    """One document from one seed; a numbered letter where only numbers are read."""
    rng, noise = random.Random(f"hints-{seed}"), np.random.default_rng((seed, 5))
    row = row_of(rng, seed + 1)
    letters = read is Read.MARGINS
    kind = "letter" if letters else rng.choices(("letter", "forms", "backs"), (0.7, 0.15, 0.15))[0]
    numbered, head = kind == "letter" and rng.random() < (1.0 if letters else 0.8), "none"
    sides: list[Sheet | None] = []
    if kind == "letter":
        head = rng.choices(("printed", "handwritten", "none"), (0.55, 0.35, 0.1))[0]
        body = rng.choice(KEPT_BODY) if letters else BODY
        pages = letter(rng, row, rng.randint(2, 6), numbered=numbered, head=head, body=body)
        one_sided = rng.random() < 0.4
        for page in pages:
            sides += [page, None] if one_sided else [page]
    else:
        same, back = f"{rng.random()}", f"{rng.random()}"
        for _ in range(rng.randint(2, 6)):
            printed_back = form(random.Random(back), random.Random(back)) if kind == "backs" else None
            sides += [form(random.Random(same), rng), printed_back]
    sides += [None] * (len(sides) % 2)
    written = row.number.partition("/")[0] if head == "handwritten" else ""
    looks = []
    for at, side in enumerate(sides):
        recto = at % 2 == 0
        paper = on_paper(side, noise, pencilled=at // 2 + 1 if recto else 0, written=written if at == 0 else "")
        printed = sum(each is not None for each in sides[: at + 1]) if numbered and at and side is not None else None
        looks.append(eyes.look(paper, noise, bare=side is None, printed=printed))
    return Drawn(row, kind, numbered, head, tuple(zip(looks[::2], looks[1::2], strict=True)))


# ---- hints -----------------------------------------------------------------------------------------------------------

Sheets = tuple[tuple[Side, Side], ...]


def hints(row: Row, sheets: Sheets) -> Counter[HintKind]:
    """What the station would tell of these sheets, as :mod:`scanflow.station.evidence` does."""
    numbers: list[PrintedNumber] = []
    prints: list[SidePrint[Side]] = []
    for place, sheet in enumerate(sheets, start=1):
        for face, side in zip(Face, sheet, strict=True):
            numbers.append(PrintedNumber(place, face, *number_and_label(side.layer, side.found.side)))
            if side.found.print is not None and side.found.print.telling:
                prints.append(SidePrint(place, face, side.found.side, side))
    first = next((sheet[0].layer for sheet in sheets if sheet[0].layer is not None), None)
    head = () if first is None else header_hints(row, read_header(head_lines(first), 1))
    found = (*page_number_hints(numbers), *head, *repeated_side_hints(prints, same_paper))
    return Counter(hint.kind for hint in found)


def same_paper(one: Side, other: Side) -> bool:
    """As the station asks it of two sides, which takes the close look at what lies in the vault."""
    assert one.found.print is not None and other.found.print is not None
    return alike(one.found.print, other.found.print) and same_side(one.strokes, other.strokes)


@dataclass
class Score:
    """Faults planted and seen, by what was planted."""

    planted: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    alarms: Counter[HintKind] = field(default_factory=Counter)
    sides: int = 0
    blank: int = 0

    def plant(self, what: str, *, seen: bool) -> None:
        """One fault."""
        self.planted[what] += 1
        self.seen[what] += seen


def plant(one: Drawn, rng: random.Random, eyes: Eyes, score: Score, read: Read) -> None:
    """Every fault that this document can have, one at a time."""
    clean, noise = hints(one.row, one.sheets), np.random.default_rng(rng.getrandbits(32))
    score.alarms += clean
    score.sides += 2 * len(one.sheets)
    score.blank += sum(side.found.side is SideLabel.BLANK for sheet in one.sheets for side in sheet)
    inner = range(1, len(one.sheets) - 1) if one.numbered else range(0)
    for gone in inner if read is Read.MARGINS else rng.sample(inner, min(1, len(inner))):
        seen = hints(one.row, one.sheets[:gone] + one.sheets[gone + 1 :])
        score.plant("sheet taken out", seen=seen[HintKind.PAGE_NUMBER_GAP] > clean[HintKind.PAGE_NUMBER_GAP])
        swapped = list(one.sheets)
        swapped[gone], swapped[gone + 1] = swapped[gone + 1], swapped[gone]
        seen = hints(one.row, tuple(swapped))
        score.plant("two sheets exchanged", seen=seen[HintKind.PAGE_NUMBER_GAP] > clean[HintKind.PAGE_NUMBER_GAP])
    for side in (side for sheet in one.sheets for side in sheet if side.printed is not None):
        score.plant("(a page number read right)", seen=printed_number(side.layer) == side.printed)
    if read is Read.MARGINS:
        return
    again = rng.randrange(len(one.sheets))
    recto, verso = one.sheets[again]
    twice = tuple(eyes.look(side.paper, noise, bare=side.bare, printed=side.printed) for side in (recto, verso))
    doubled = (*one.sheets[: again + 1], (twice[0], twice[1]), *one.sheets[again + 1 :])
    seen = hints(one.row, doubled)
    what = {"letter": "letter sheet twice", "forms": "filled form twice", "backs": "form with printed back twice"}
    score.plant(what[one.kind], seen=seen[HintKind.SAME_SIDE_TWICE] > clean[HintKind.SAME_SIDE_TWICE])
    if one.head != "none" and one.sheets[0][0].layer is not None:
        other = row_of(rng, 1)
        _, _, symbol = one.row.number.partition("/")
        head = one.head
        rows = {
            f"another document, {head} number": other,
            f"another number only, {head}": replace(one.row, number=f"{rng.randint(1, 4999)}/{symbol}"),
            "another day only": replace(one.row, issued=_other_day(one.row)),
        }
        for what_, row in rows.items():
            seen = hints(row, one.sheets)
            score.plant(what_, seen=seen[HintKind.HEADER_DIFFERS] > clean[HintKind.HEADER_DIFFERS])


def _other_day(row: Row) -> date:
    assert row.issued is not None
    return row.issued.replace(day=row.issued.day % 28 + 1)


def measured(documents: range, score: Score, read: Read) -> Iterator[Drawn]:
    """Draw and score one document after the other."""
    eyes = Eyes(read)
    for seed in documents:
        one = draw(seed, eyes, read)
        plant(one, random.Random(f"plant-{seed}"), eyes, score, read)
        yield one


def report(title: str, score: Score) -> None:
    """Print a score."""
    print(f"{title}: {score.sides} sides without a fault, {score.blank} of them blank")
    for what, planted in sorted(score.planted.items()):
        print(f"  {what:40s} {score.seen[what]:4d} of {planted:4d} seen, {100 * score.seen[what] / planted:.0f} %")
    for kind in HintKind:
        print(f"  false alarms {kind.value:18s} {score.alarms[kind]:4d}, {1000 * score.alarms[kind] / score.sides:.1f}"
              " per 1,000 sides")  # fmt: skip


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=40)
    parser.add_argument("--numbers", type=int, default=60)
    parser.add_argument("--prints", type=int, default=150)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--verbose", action="store_true")
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    for read, first, count in (
        (Read.TOP, asked.first, asked.documents),
        (Read.MARGINS, asked.first + 20_000, asked.numbers),
        (Read.NOTHING, asked.first + 10_000, asked.prints),
    ):
        begun, score, seeds = time.process_time(), Score(), range(first, first + count)
        for one in measured(seeds, score, read):
            if asked.verbose:
                clean = hints(one.row, one.sheets)
                read_as = [number_and_label(side.layer, side.found.side) for sheet in one.sheets for side in sheet]
                print(one.row.ordinal, one.kind, one.numbered, one.head, dict(clean), flush=True)
                print("   ", *(f"{number}/{label}" for number, label in read_as), flush=True)
        if score.sides:
            report(f"{read}, {len(seeds)} documents, {time.process_time() - begun:.0f} CPU s", score)


if __name__ == "__main__":
    main()
