"""What the text of a document says beside the count: printed page numbers and the head, as OCR places them."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from queue import SimpleQueue

import pytest
from tests.station.conftest import SHEET, Room, ScriptedDesk, ScriptedFeeder, listed, row, separator

from scanflow.ledger.catalogue import HintSeen
from scanflow.ledger.lines import read_entries
from scanflow.ocr.text import Line, TextLayer, Word
from scanflow.ocr.wire import encode_layer
from scanflow.sealing import DocumentVault, OcrFailure
from scanflow.sealing.ocr import Reading
from scanflow.station.batch import Outcome, run_batch
from scanflow.station.evidence import printed_number

DPI = 200


def line(text: str, y_mm: float, x_mm: float) -> Line:
    """A line whose middle stands there."""
    left, words = x_mm / 25.4 * DPI - 10.0 * len(text) / 2, list[Word]()
    for word in text.split():
        words.append(Word(word, left, left + 10.0 * len(word)))
        left += 10.0 * (len(word) + 1)
    return Line(y_mm / 25.4 * DPI, 20.0, tuple(words))


def pencilled(number: int) -> Line:
    """The sheet's own number in the top right corner."""
    return line(str(number), 12, 195)


class Reader:
    """OCR that reads what the test put on each side, and counts how often it was asked."""

    def __init__(self, **sides: tuple[Line, ...]) -> None:
        self.sides, self.read_sheets = sides, list[int]()

    def begin(self, vault: DocumentVault) -> Reading:
        for page in vault.pages(leaving_out=vault.read):
            self.read_sheets.append(page.sheet)
            lines = self.sides.get(f"{page.face.value[0]}{page.sheet}", ())
            vault.keep_text(page.sheet, page.face, encode_layer(TextLayer(DPI, lines)))
        done: Future[tuple[OcrFailure, ...]] = Future()
        done.set_result(())
        counts = SimpleQueue[int | None]()
        counts.put(None)
        return Reading(done, counts)


def told(
    room: Room, sheets: int, declared: int, reader: Reader, number: str = "01/KH-MAU"
) -> tuple[list[str], Outcome]:
    """Hints told of a document of which ``sheets`` came."""
    manifest = listed(replace(row(1, declared), number=number))
    feeder = ScriptedFeeder([separator(manifest, 1), *[SHEET] * sheets])
    desk = ScriptedDesk(feeder, room.bus, sticks=[room.stick])
    station = replace(room.with_feeder(feeder), ocr=reader)  # type: ignore[arg-type]
    result = run_batch(station, desk, manifest, feeder, "P-003")
    kinds = [entry.event.hint.value for entry in read_entries(room.station.ledger.path, (HintSeen,))]  # type: ignore[attr-defined]
    assert len(kinds) == len(result.documents[0].hints)
    assert all(any(hint in notice.vi for notice in desk.told) for hint in result.documents[0].hints)
    return kinds, result.documents[0].outcome


def test_a_missing_page_is_named_where_the_count_differs(room: Room) -> None:
    reader = Reader(v2=(line("2", 15, 105),), r3=(line("5", 15, 105),), v3=(line("- 6 -", 15, 105),))
    assert told(room, 2, 3, reader) == (["page_number_gap"], Outcome.DIFFERS)


def test_the_pencilled_number_of_a_sheet_is_no_page_number(room: Room) -> None:
    reader = Reader(r2=(pencilled(15),), v2=(line("2", 15, 105),), r3=(pencilled(16), line("3", 15, 105)))
    assert told(room, 2, 3, reader) == ([], Outcome.DIFFERS)


def test_a_number_in_the_text_is_no_page_number(room: Room) -> None:
    assert told(room, 1, 2, Reader(r2=(line("1945", 60, 105),)))[0] == []


def test_a_head_unlike_the_row_is_told_when_the_count_agrees_and_blocks_nothing(room: Room) -> None:
    head = (line("Số: 77/QĐ-XYZ", 40, 60), line("Tỉnh Mẫu, ngày 05 tháng 01 năm 2026", 40, 140))
    assert told(room, 1, 1, Reader(r2=head)) == (["header_differs"], Outcome.DELIVERED)


def test_text_is_read_once_where_the_count_agrees(room: Room) -> None:
    reader = Reader()
    assert told(room, 2, 2, reader)[1] is Outcome.DELIVERED
    assert reader.read_sheets == [2, 2, 3, 3]


def test_nothing_is_read_of_a_document_that_never_came(room: Room) -> None:
    reader = Reader()
    assert told(room, 0, 1, reader) == ([], Outcome.NOT_FED)
    assert reader.read_sheets == []


@pytest.mark.parametrize(
    ("margin", "among_lines", "number"),
    [(None, None, None), (4, None, 4), (None, 4, 4), (4, 4, 4), (4, 9, None)],
)
def test_two_looks_at_a_page_number_must_not_differ(
    margin: int | None, among_lines: int | None, number: int | None
) -> None:
    lines = () if among_lines is None else (line(str(among_lines), 15, 105),)
    assert printed_number(TextLayer(DPI, lines, margin)) == number
