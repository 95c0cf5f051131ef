"""Registers and yearly statistics: what the ledger tells, with the words of the lists that are at hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from tests.station.conftest import CUSTODIAN, OPERATOR, SECRET, SHEET, Room, listed, row, separator
from tests.station.test_settling import work

from scanflow.forms import Person
from scanflow.forms.paper import Paper, every_text
from scanflow.ledger.catalogue import DocumentListed, Moment
from scanflow.ledger.lines import read_entries
from scanflow.levels import Level
from scanflow.manifest import Manifest
from scanflow.station.books import DIGITISED, Lists, Term, copying, incoming, outgoing, read_books, yearly
from scanflow.station.handover import Hands, hand_over
from scanflow.station.record import bureau_of

TODAY = datetime.now(UTC).astimezone().date()
NOW = Term.of_register(TODAY.year)
COUNTED = Term(TODAY.year, date(TODAY.year - 1, 1, 1), date(TODAY.year + 1, 12, 31))


def cells(paper: Paper) -> list[dict[str, object]]:
    """The rows of a form's table by key."""
    (table,) = paper.tables()
    keys = [column.key for column in table.columns]
    return [dict(zip(keys, line, strict=True)) for line in table.rows]


def a_year(room: Room) -> Manifest:
    """Four documents: one digitised, one that differs, one routed out, one declared TUYỆT MẬT."""
    manifest = listed(
        replace(row(1, 1), abstract="Trồng cây năm 2025", kind="Kế hoạch", author="CƠ QUAN MẪU D"),
        row(2, 3, level=Level.TOI_MAT),
        replace(row(3, 1), abstract="Diễn tập chữa cháy"),
        row(4, 1, level=Level.TUYET_MAT),
    )
    hand_over(bureau_of(room.station), manifest, Moment.OUT_OF_STORE, Hands(CUSTODIAN, OPERATOR), {})
    pile = [separator(manifest, 1), SHEET, separator(manifest, 2), SHEET, separator(manifest, 3), SECRET]
    work(room, manifest, pile)
    return manifest


def test_every_row_of_a_list_is_recorded_once_by_numbers_only(room: Room) -> None:
    manifest = a_year(room)
    work(room, manifest, [SHEET] * 3, only=(2,), sticks=[])
    rows = [entry.event for entry in read_entries(room.station.ledger.path, (DocumentListed,))]
    assert [(one.level, one.sheets, one.dossier) for one in rows] == [  # type: ignore[attr-defined]
        (Level.MAT, 1, 1), (Level.TOI_MAT, 3, 1), (Level.MAT, 1, 1), (Level.TUYET_MAT, 1, 1),
    ]  # fmt: skip


def test_the_copying_register_has_each_digitisation_that_was_delivered(room: Room) -> None:
    manifest = a_year(room)
    bureau = bureau_of(room.station)
    (line,) = cells(copying(bureau, read_books(bureau), Lists.of([manifest]), NOW))
    assert line["number"] == "01/KH-MAU"
    assert line["subject"] == "Kế hoạch: Trồng cây năm 2025"
    assert (line["form"], line["copies"], line["recipients"]) == (DIGITISED, 1, "M-0001")
    assert (line["made_by"], line["authorised_by"], line["level"]) == ("Người Số hóa Mẫu", "", "Mật")


def test_without_the_list_a_document_stands_under_its_opaque_id(room: Room) -> None:
    manifest = a_year(room)
    bureau = bureau_of(room.station)
    none = Lists.of([])
    (line,) = cells(copying(bureau, read_books(bureau), none, NOW))
    assert (line["number"], line["subject"]) == (manifest.document_id(1), "")
    assert none.missing([manifest.batch_id]) == (manifest.batch_id,)
    assert Lists.of([manifest]).missing([manifest.batch_id]) == ()


def test_the_incoming_register_has_what_left_the_store_and_no_abstract_of_what_proved_top_secret(room: Room) -> None:
    manifest = a_year(room)
    bureau = bureau_of(room.station)
    paper = incoming(bureau, read_books(bureau), Lists.of([manifest]), NOW)
    lines = cells(paper)
    assert [line["level"] for line in lines] == ["Mật", "Tối mật", "Mật", "Tuyệt mật"]
    assert [line["arrival_number"] for line in lines] == [1, 2, 3, 4]
    assert lines[0]["author"] == "CƠ QUAN MẪU D"
    assert lines[2]["notes"] == "Tách riêng khi quét"
    assert "Trồng cây" in every_text(paper)
    assert "Diễn tập" not in every_text(paper)


def test_the_outgoing_register_has_what_lies_on_a_medium(room: Room) -> None:
    manifest = a_year(room)
    bureau = bureau_of(room.station)
    (line,) = cells(outgoing(bureau, read_books(bureau), Lists.of([manifest]), NOW))
    assert (line["number"], line["recipients"], line["determined"]) == (
        "01/KH-MAU", "Thiết bị nhớ M-0001", date(2026, 1, 5),
    )  # fmt: skip


def test_the_statistics_add_up_by_level(room: Room) -> None:
    a_year(room)
    bureau = bureau_of(room.station)
    paper = yearly(bureau, read_books(bureau), COUNTED, bureau.person(CUSTODIAN), Person("", "Thủ trưởng"))
    lines = {line["level"]: line for line in cells(paper)}
    keys = ("dossiers", "documents", "sheets", "pages", "digitised", "routed_out", "pending")
    assert [lines["Mật"][key] for key in keys] == [1, 2, 2, 4, 1, 1, 0]
    assert [lines["Tối mật"][key] for key in keys] == [1, 1, 3, 6, 0, 0, 1]
    assert [lines["Tuyệt mật"][key] for key in keys] == [1, 1, 1, 2, 0, 1, 0]
    for line in lines.values():
        assert line["documents"] == line["digitised"] + line["routed_out"] + line["pending"]  # type: ignore[operator]


def test_another_year_is_empty_and_the_terms_are_those_of_the_law(room: Room) -> None:
    a_year(room)
    bureau = bureau_of(room.station)
    assert cells(copying(bureau, read_books(bureau), Lists.of([]), Term.of_register(2020))) == []
    statistics = Term.of_statistics(2026)
    assert (statistics.first, statistics.last) == (date(2025, 12, 15), date(2026, 12, 14))
    assert statistics.covers(date(2026, 12, 14)) and not statistics.covers(date(2026, 12, 15))
