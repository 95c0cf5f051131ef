"""Evidence beyond the count, put before the people: it points at a sheet and never blocks (dấu hiệu ngoài số đếm)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scanflow.counting import (
    DocumentCount,
    Hint,
    PrintedNumber,
    SidePrint,
    header_hints,
    page_number_hints,
    read_header,
    repeated_side_hints,
)
from scanflow.hardening import freed_is_overwritten
from scanflow.imaging.likeness import alike, same_side, strokes
from scanflow.imaging.reduced import reduce_side
from scanflow.ledger import catalogue as events
from scanflow.manifest import Row
from scanflow.ocr import jpeg
from scanflow.ocr.margin import parse_page_number
from scanflow.ocr.text import Line, TextLayer
from scanflow.pages import Face, Image, SideLabel
from scanflow.sealing import DocumentVault
from scanflow.station.desk import Notice, Tone
from scanflow.station.reading import text_of
from scanflow.station.work import DocumentFile, Work

_TOP_MARGIN_MM = 25.0
"""A page number stands in the top margin (NĐ 30/2020/NĐ-CP, Phụ lục I: 20 to 25 mm)."""
_CENTRE_MM = (80.0, 130.0)
"""It stands in the middle of the line there; what stands in the corner is the number of the sheet, in pencil."""
_HEAD_MM = 110.0
"""Number, symbol, place and date stand above the title, which ends here at the latest."""

Place = tuple[int, Face]
Layers = Mapping[Place, TextLayer]


def count_hints(work: Work, count: DocumentCount) -> tuple[Hint, ...]:
    """What there is to say of a document before its count is settled.

    Nothing is said while a side is held. Text that is read lies under the document's key, and sealing uses the same.
    """
    file = work.files.get(count.ordinal)
    if file is None or file.vault.erased or file.vault.held or not file.vault.sides:
        return ()
    with freed_is_overwritten():
        return _repeated(file) + _text_hints(work, file.row, text_of(work, file))


def _text_hints(work: Work, row: Row, layers: Layers) -> tuple[Hint, ...]:
    """Gaps in the printed page numbers, and a head that is unlike the row."""
    sheets = work.tally.document_sheets(row.ordinal)
    labels = {(side.sheet, side.face): side.clearance for side in work.files[row.ordinal].vault.sides}
    sides = [
        PrintedNumber(sheet, face, *number_and_label(layers.get((sheet, face)), clearance.label))
        for sheet in sheets
        for face in Face
        if (clearance := labels.get((sheet, face))) is not None
    ]
    if not layers or all(side.label is SideLabel.BLANK for side in sides):
        return ()
    first = next((sheet for sheet in sheets if (sheet, Face.RECTO) in layers), None)
    head = () if first is None else header_hints(row, read_header(head_lines(layers[first, Face.RECTO]), first))
    return page_number_hints(sides) + head


def _repeated(file: DocumentFile) -> tuple[Hint, ...]:
    """Sheets that are the same twice: chosen by their fingerprints, told by a close look at the pages in the vault."""
    prints = {place: each.print_ for place, each in file.prints.items()}
    sides = [
        SidePrint(each.sheet, each.face, each.label, (each.sheet, each.face))
        for each in file.prints.values()
        if each.print_.telling  # a back on which dust was taken for ink says nothing
    ]
    pictures: dict[Place, Image] = {}

    def same(one: Place, other: Place) -> bool:
        if not alike(prints[one], prints[other]):
            return False
        for place in (one, other):
            if place not in pictures:
                pictures[place] = _strokes_of(file.vault, place)
        return same_side(pictures[one], pictures[other])

    try:
        return repeated_side_hints(sides, same)
    finally:
        for picture in pictures.values():
            picture.fill(0)


def _strokes_of(vault: DocumentVault, place: Place) -> Image:
    others = [(side.sheet, side.face) for side in vault.sides if (side.sheet, side.face) != place]
    (page,) = vault.pages(leaving_out=others)
    pixels = jpeg.decode(page.jpeg)
    assert pixels is not None, "a page in the vault was looked at once already"
    try:
        return strokes(reduce_side(pixels, page.dpi), page.clearance.pose)
    finally:
        pixels.fill(0)


def _within(layer: TextLayer, limit_mm: float) -> Iterable[Line]:
    limit = limit_mm / 25.4 * layer.dpi
    return (line for line in layer.lines if line.baseline <= limit)


def _text(line: Line) -> str:
    return " ".join(word.text for word in line.words)


def number_and_label(layer: TextLayer | None, label: SideLabel) -> tuple[int | None, SideLabel]:
    """The page number of a side, and whether the side uses one up.

    Of a written side without a readable word (a picture, the shadow of a fold) nobody knows.
    """
    unread = layer is None or not any(word.text.strip() for line in layer.lines for word in line.words)
    return printed_number(layer), SideLabel.UNSURE if unread and label is SideLabel.CONTENT else label


def printed_number(layer: TextLayer | None) -> int | None:
    """The page number in a side's margin; None where none was read, or where two looks at it differ."""
    if layer is None:
        return None
    among_lines = _number_among_lines(layer)
    if None in (layer.page_number, among_lines) or layer.page_number == among_lines:
        return layer.page_number or among_lines
    return None


def _number_among_lines(layer: TextLayer) -> int | None:
    """What the look at the whole page read in the middle of the top margin."""
    left, right = (limit / 25.4 * layer.dpi for limit in _CENTRE_MM)
    read = (
        parse_page_number(_text(line))
        for line in _within(layer, _TOP_MARGIN_MM)
        if line.words and left <= (line.words[0].left + line.words[-1].right) / 2 <= right
    )
    return next((number for number in read if number is not None), None)


def head_lines(layer: TextLayer) -> Iterable[str]:
    """The lines among which number, symbol, place and date of a document stand."""
    return (_text(line) for line in _within(layer, _HEAD_MM))


def tell_hints(work: Work, ordinal: int, hints: Iterable[Hint]) -> None:
    """Tell and record what was not told of this document before."""
    known = work.hints.get(ordinal, ())
    new = tuple(hint for hint in hints if hint not in known)
    work.hints[ordinal] = known + new
    for hint in new:
        work.station.ledger.record(
            events.HintSeen(
                batch=work.batch_id,
                document=work.manifest.document_id(ordinal),
                sheet=hint.sheet,
                hint=events.Hint[hint.kind.name],
            )
        )
        work.desk.tell(Notice(Tone.STOP, f"Tài liệu số {ordinal}. {hint.vi}", f"Document {ordinal}. {hint.en}"))
