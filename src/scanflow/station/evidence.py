"""Evidence beyond the count, put before the people: it points at a sheet and never blocks (dấu hiệu ngoài số đếm)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scanflow.counting import (
    DocumentCount,
    Hint,
    PrintedNumber,
    header_hints,
    page_number_hints,
    parse_page_number,
    read_header,
    repeated_side_hints,
)
from scanflow.imaging.likeness import Fingerprint, same_side
from scanflow.ledger import catalogue as events
from scanflow.manifest import Row
from scanflow.pages import Face, SideLabel
from scanflow.sealing.textlayer import Line, TextLayer
from scanflow.station.desk import Notice, Tone
from scanflow.station.work import Work

_TOP_MARGIN_MM = 25.0
"""A page number stands in the top margin (NĐ 30/2020/NĐ-CP, Phụ lục I: 20 to 25 mm)."""
_HEAD_MM = 110.0
"""Number, symbol, place and date stand above the title, which ends here at the latest."""

Layers = Mapping[tuple[int, Face], TextLayer]


def count_hints(work: Work, count: DocumentCount) -> tuple[Hint, ...]:
    """What there is to say of a document before its count is settled.

    The same side twice is looked for in every document. Text is read only where the count differs and nothing is
    held: of the others it is read when they are sealed, and of those that stay never.
    """
    row = work.manifest.by_ordinal[count.ordinal]
    found = _repeated(work, count.ordinal)
    if count.differences and not count.held and work.station.ocr is not None and _readable(work, count.ordinal):
        pages = work.files[count.ordinal].vault.pages(work.tally.document_sheets(count.ordinal))
        found += text_hints(work, row, work.station.ocr.read(pages).layers)
    return found


def _readable(work: Work, ordinal: int) -> bool:
    file = work.files.get(ordinal)
    return file is not None and not file.vault.erased and bool(file.vault.sides) and not file.vault.held


def text_hints(work: Work, row: Row, layers: Layers) -> tuple[Hint, ...]:
    """Gaps in the printed page numbers, and a head that is unlike the row."""
    sheets = work.tally.document_sheets(row.ordinal)
    labels = {(side.sheet, side.face): side.clearance for side in work.files[row.ordinal].vault.sides}
    sides = [
        PrintedNumber(sheet, face, _page_number(layers.get((sheet, face))), clearance.label)
        for sheet in sheets
        for face in Face
        if (clearance := labels.get((sheet, face))) is not None
    ]
    if not layers or all(side.label is SideLabel.BLANK for side in sides):
        return ()
    first = next((sheet for sheet in sheets if (sheet, Face.RECTO) in layers), None)
    head = () if first is None else header_hints(row, read_header(_head(layers[first, Face.RECTO]), first))
    return page_number_hints(sides) + head


def _repeated(work: Work, ordinal: int) -> tuple[Hint, ...]:
    file = work.files.get(ordinal)
    return () if file is None else repeated_side_hints(tuple(file.prints.values()), _same)


def _same(one: Fingerprint, other: Fingerprint) -> bool:
    """As :func:`same_side`, which is asked only where the amount of ink leaves it possible."""
    return abs(one.inked - other.inked) <= max(one.inked, other.inked) // 8 and same_side(one, other)


def _within(layer: TextLayer, limit_mm: float) -> Iterable[str]:
    limit = limit_mm / 25.4 * layer.dpi
    return (_text(line) for line in layer.lines if line.baseline <= limit)


def _text(line: Line) -> str:
    return " ".join(word.text for word in line.words)


def _page_number(layer: TextLayer | None) -> int | None:
    if layer is None:
        return None
    read = (parse_page_number(text) for text in _within(layer, _TOP_MARGIN_MM))
    return next((number for number in read if number is not None), None)


def _head(layer: TextLayer) -> Iterable[str]:
    return _within(layer, _HEAD_MM)


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
