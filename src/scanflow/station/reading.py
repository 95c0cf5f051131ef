"""Text layers behind the feed: a document is read while the next ones are fed, once it is cleared and counted (OCR).

A document that is held or differs is read only when people have looked at what is held of it. What was read lies under
the document's key until it is sealed, and goes when the key goes.
"""

from __future__ import annotations

from scanflow.counting import count_document
from scanflow.counting.errors import CountingError
from scanflow.ledger import catalogue as events
from scanflow.ocr.text import TextLayer
from scanflow.pages import Face, SideLabel
from scanflow.sealing.ocr import OcrFailure, OcrPool, Reading, text_layers
from scanflow.station.desk import Notice, Tone
from scanflow.station.work import DocumentFile, Work


def begin_reading(work: Work, ordinal: int | None) -> None:
    """Have a document read from now on, if its count stands and nothing of it waits for a person; else later."""
    ocr = work.station.ocr
    if ocr is None or ordinal is None or ordinal in work.readings or ordinal not in work.files:
        return
    if work.treatment(ordinal).hold:
        return
    try:
        count_document(work.tally, ordinal)
    except CountingError:
        return
    work.readings[ordinal] = ocr.begin(work.files[ordinal].vault)


def text_of(work: Work, file: DocumentFile) -> dict[tuple[int, Face], TextLayer]:
    """The document's text layers; waits for them, reads what is not read yet, and reports the sides without one, once.

    Raises:
        SealingError: the vault's pages cannot be had.
    """
    if work.station.ocr is None:
        return {}
    if not file.read_through:
        for failure in _read_to_the_end(work, work.station.ocr, file):
            _report(work, file, failure)
        file.read_through = True
    return text_layers(file.vault)


def _read_to_the_end(work: Work, ocr: OcrPool, file: DocumentFile) -> tuple[OcrFailure, ...]:
    sides = [side for side in file.vault.sides if side.clearance and side.clearance.label is not SideLabel.BLANK]
    early = work.readings.pop(file.row.ordinal, None)
    failures = _followed(work, file, early, len(sides)) if early is not None else ()
    tried = file.vault.read | {(failure.sheet, failure.face) for failure in failures}
    left = [side for side in sides if (side.sheet, side.face) not in tried]
    return _followed(work, file, ocr.begin(file.vault), len(left)) if left else failures


def _followed(work: Work, file: DocumentFile, reading: Reading, pages: int) -> tuple[OcrFailure, ...]:
    """What a reading comes to; the people see page after page that it goes on."""
    ordinal = file.row.ordinal
    for done in reading.progress():
        work.desk.tell(
            Notice(
                Tone.PROGRESS,
                f"Nhận dạng chữ tài liệu số {ordinal}: xong {done}/{pages} trang.",
                f"Reading document {ordinal}: {done} of {pages} pages done.",
            )
        )
    return reading.result()


def _report(work: Work, file: DocumentFile, failure: OcrFailure) -> None:
    code = f"OCR-{failure.fault.value.upper().replace('_', '-')}"
    work.station.ledger.record(
        events.PageOcrFailed(document=file.id, sheet=failure.sheet, face=failure.face, code=code)
    )
    work.desk.tell(
        Notice(
            Tone.STOP,
            f"{code}: tờ {failure.sheet}, {failure.face.vi}: {failure.fault.vi}. Ảnh vẫn có trong PDF, nhưng mặt này "
            "không có lớp chữ; cần lớp chữ thì quét lại tài liệu này.",
            f"{code}: sheet {failure.sheet}, {failure.face}: the page is in the PDF without its text layer.",
        )
    )
