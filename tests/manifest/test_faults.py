"""Golden vectors: a good list with exactly one thing wrong gives exactly that fault at exactly that cell."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from scanflow.errors import ExitCode
from scanflow.manifest import ManifestRejected, check, read_manifest
from scanflow.manifest.errors import ManifestFault

from .lists import CSV_ROWS, LETTERS, csv_text, faults, setting, workbook

L = LETTERS

CELLS: list[tuple[str, str, Any, list[tuple[str, str]]]] = [
    ("no-ordinal", "A5", None, [("MAN-BLANK", "A5")]),
    ("ordinal-zero", "A5", 0, [("MAN-NUMBER", "A5")]),
    ("ordinal-text", "A5", "một", [("MAN-NUMBER", "A5")]),
    ("ordinal-roman", "A5", "I", [("MAN-NUMBER", "A5")]),
    ("ordinal-huge", "A5", 100_000, [("MAN-NUMBER", "A5")]),
    ("ordinal-twice", "A6", 1, [("MAN-DUPLICATE", "A6")]),
    ("dossier-blank", "B5", None, [("MAN-BLANK", "B5")]),
    ("dossier-slash", "B5", "H49/64", [("MAN-DOSSIER", "B5")]),
    ("dossier-up", "B5", "..", [("MAN-DOSSIER", "B5")]),
    ("dossier-dot-end", "B5", "H49.", [("MAN-DOSSIER", "B5")]),
    ("dossier-date", "B5", datetime(2001, 1, 5), [("MAN-AUTODATE", "B5")]),
    ("document-twice", "C6", 1, [("MAN-DUPLICATE", "C6")]),
    ("number-became-date", "D5", datetime(2025, 3, 12), [("MAN-AUTODATE", "D5")]),
    ("number-became-time", "D5", time(15, 4), [("MAN-AUTODATE", "D5")]),
    ("number-same-paper", "D6", "1479 / XY-ANCT", []),  # another date: another paper
    ("issued-two-digits", "E5", "17/04/25", [("MAN-DATE", "E5")]),
    ("issued-no-such-day", "E5", "30/02/2025", [("MAN-DATE", "E5")]),
    ("issued-month-first", "E5", "04/17/2025", [("MAN-DATE", "E5")]),
    ("issued-words", "E5", "ngày 17 tháng 4", [("MAN-DATE", "E5")]),
    ("issued-with-time", "E5", datetime(2025, 4, 17, 8, 30), [("MAN-DATE", "E5")]),
    ("issued-too-old", "E5", "17/04/1525", [("MAN-DATE", "E5")]),
    ("issued-other-digits", "E5", "١٧/04/2025", [("MAN-DATE", "E5")]),
    ("abstract-bidi", "G5", "abc\u202edef", [("MAN-TEXT", "G5")]),
    ("abstract-replacement", "G5", "kh\ufffdng", [("MAN-TEXT", "G5")]),
    ("abstract-private-use", "G5", "\ue000", [("MAN-TEXT", "G5")]),
    ("abstract-long", "G5", "a" * 1001, [("MAN-TEXT", "G5")]),
    ("abstract-tcvn3", "G5", "VÒ viÖc kiÓm tra", [("MAN-LEGACY-FONT", "G5")]),
    ("abstract-vni", "G5", "Veà vieäc kieåm tra", [("MAN-LEGACY-FONT", "G5")]),
    ("abstract-mojibake", "G5", "Tối mật".encode().decode("cp1258"), [("MAN-LEGACY-FONT", "G5")]),
    ("abstract-of-top-secret", "G7", "Bất kỳ", [("MAN-TOP-SECRET-ABSTRACT", "G7")]),
    ("level-blank", "J5", None, [("MAN-BLANK", "J5")]),
    ("level-spaces", "J5", "\u00a0", [("MAN-BLANK", "J5")]),
    ("level-other-tone", "J5", "Mặt", [("MAN-LEVEL", "J5")]),
    ("level-lost", "J5", "Mất", [("MAN-LEVEL", "J5")]),
    ("level-number", "J5", 1, [("MAN-LEVEL", "J5")]),
    ("level-doubtful", "J5", "Mật?", [("MAN-LEVEL", "J5")]),
    ("level-half", "J5", "Tuyệt", [("MAN-LEVEL", "J5")]),
    ("level-tcvn3", "J5", "TuyÖt mËt", [("MAN-LEGACY-FONT", "J5")]),
    ("first-sheet-word", "K5", "tờ 1", [("MAN-SHEET-NUMBER", "K5")]),
    ("first-sheet-after-last", "K5", "4", [("MAN-SHEET-NUMBER", "L5")]),
    ("last-sheet-missing", "L5", None, [("MAN-SHEET-NUMBER", "L5")]),
    ("range-too-long", "L5", "9", [("MAN-SHEET-RANGE", "M5")]),
    ("sheets-blank", "M5", None, [("MAN-BLANK", "M5")]),
    ("sheets-zero", "M5", 0, [("MAN-NUMBER", "M5")]),
    ("sheets-negative", "M5", -3, [("MAN-NUMBER", "M5")]),
    ("sheets-half", "M5", 2.5, [("MAN-NUMBER", "M5")]),
    ("sheets-unit", "M5", "3 tờ", [("MAN-NUMBER", "M5")]),
    ("sheets-huge", "M5", 10**9, [("MAN-NUMBER", "M5")]),
    ("sheets-more-than-pages", "M8", 13, [("MAN-SHEETS-PAGES", "M8")]),
    ("pages-more-than-two", "N8", 21, [("MAN-PAGES-SHEETS", "N8")]),
    ("pages-formula", "N5", "=2+3", [("MAN-FORMULA", "N5")]),
    ("pages-error", "N5", "#REF!", [("MAN-CELL-ERROR", "N5")]),
    ("pages-truth", "N5", True, [("MAN-CELL-ERROR", "N5")]),
    ("extended-maybe", "Q5", "có thể", [("MAN-ANSWER", "Q5")]),
    ("extended-before-issue", "Q5", date(2020, 1, 1), [("MAN-DATE-ORDER", "Q5")]),
    ("protected-before-issue", "R5", "16/04/2025", [("MAN-DATE-ORDER", "R5")]),
    ("declassified-before-issue", "T5", "16/04/2025", [("MAN-DATE-ORDER", "T5")]),
    ("historical-maybe", "U5", "?", [("MAN-ANSWER", "U5")]),
    ("heading-unknown", "P4", "Gia han den ngay nao", [("MAN-UNKNOWN-COLUMN", "P4")]),
    ("heading-twice", "P4", "Số TT", [("MAN-DOUBLE-COLUMN", "P4")]),
    ("heading-missing", "M4", None, [("MAN-MISSING-COLUMN", "4")]),
    ("heading-half-range", "K4", None, [("MAN-MISSING-COLUMN", "4")]),
    ("beside-the-table", "W5", "x", [("MAN-OUTSIDE", "W5")]),
    ("far-beside", "CZ9", "x", [("MAN-OUTSIDE", "CZ9")]),
    ("convention-unclear", "A2", "Quy ước đếm trang: tùy", [("MAN-CONVENTION", "A2")]),
    ("convention-both", "A2", "Quy ước đếm trang: Tính cả mặt trắng",
     [("MAN-PAGES-CONVENTION", "N5"), ("MAN-PAGES-CONVENTION", "N6"), ("MAN-PAGES-CONVENTION", "N8")]),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "value", "expected"), [c[1:] for c in CELLS], ids=[c[0] for c in CELLS])
def test_one_changed_cell(tmp_path: Path, cell: str, value: Any, expected: list[tuple[str, str]]) -> None:
    path = workbook(tmp_path / "list.xlsx", setting(cell, value))
    found = faults(path)
    if (
        "MAN-MISSING-COLUMN",
        "4",
    ) in expected:  # what stood below the lost heading lies outside the table now
        found = [fault for fault in found if fault[0] != "MAN-OUTSIDE"]
    assert found == expected


def test_a_bare_serial_number_is_no_date(tmp_path: Path) -> None:
    def change(sheet: Any) -> None:
        sheet["E5"] = 45764
        sheet["E5"].number_format = "General"

    assert faults(workbook(tmp_path / "list.xlsx", change)) == [("MAN-DATE", "E5")]


def test_the_good_list_is_good(tmp_path: Path) -> None:
    assert faults(workbook(tmp_path / "list.xlsx")) == []


def test_all_faults_come_at_once_and_nothing_is_taken(tmp_path: Path) -> None:
    def change(sheet: Any) -> None:
        sheet["J5"], sheet["M6"], sheet["E8"], sheet["G7"] = "Mặt", "hai", "hôm qua", "trích yếu"

    path = workbook(tmp_path / "list.xlsx", change)
    with pytest.raises(ManifestRejected) as caught:
        read_manifest(path)
    assert {(f.code, f.cell) for f in caught.value.faults} == {
        ("MAN-LEVEL", "J5"), ("MAN-NUMBER", "M6"), ("MAN-TOP-SECRET-ABSTRACT", "G7"), ("MAN-DATE", "E8"),
    }  # fmt: skip
    assert caught.value.exit_code is ExitCode.BAD_MANIFEST
    assert "4 lỗi" in caught.value.say_vi


def test_a_fault_never_quotes_the_cell(tmp_path: Path) -> None:
    word = "KHONGDUOCLO"

    def change(sheet: Any) -> None:
        for letter in LETTERS.values():
            sheet[f"{letter}7"] = word
        sheet["J7"] = "Tuyệt mật"

    path = workbook(tmp_path / "list.xlsx", change)
    with pytest.raises(ManifestRejected) as caught:
        read_manifest(path)
    said = " ".join(f"{f.say_vi}{f.say_en}{f!s}{f!r}{f.facts}" for f in caught.value.faults) + repr(caught.value)
    assert word not in said
    assert len(caught.value.faults) > 5


def test_each_fault_names_its_cell_in_both_languages(tmp_path: Path) -> None:
    for fault in check(workbook(tmp_path / "list.xlsx", setting("J5", "Mặt"))):
        assert "J5" in fault.say_vi
        assert "J5" in fault.say_en
        assert isinstance(fault, ManifestFault)


@pytest.mark.parametrize(
    ("row", "column", "value", "expected"),
    [
        (0, 6, "Mat", []),
        (0, 6, "TỐI  MẬT", []),
        (0, 6, "B", []),
        (0, 6, "Ma't", [("MAN-LEVEL", "G2")]),
        (0, 7, "=1+2", [("MAN-FORMULA", "H2")]),
        (0, 5, "@SUM(A1)", [("MAN-FORMULA", "F2")]),
        (0, 5, "+84", [("MAN-FORMULA", "F2")]),
        (1, 0, "1", [("MAN-DUPLICATE", "A3")]),
        (1, 2, "1479/XY-ANCT", []),
        (2, 5, "x", [("MAN-TOP-SECRET-ABSTRACT", "F4")]),
        (2, 5, "-", []),
        (0, 8, "7", [("MAN-PAGES-SHEETS", "I2")]),
    ],
)  # fmt: skip
def test_one_changed_field_of_a_csv(
    tmp_path: Path, row: int, column: int, value: str, expected: list[tuple[str, str]]
) -> None:
    rows = [list(each) for each in CSV_ROWS]
    rows[row][column] = value
    path = tmp_path / "list.csv"
    path.write_text(csv_text(tuple(tuple(each) for each in rows)), "utf-8")
    assert faults(path) == expected


def test_the_same_paper_twice_is_told_apart_by_its_copy_number(tmp_path: Path) -> None:
    def twice(sheet: Any) -> None:
        for letter in "DE":
            sheet[f"{letter}6"] = sheet[f"{letter}5"].value
        sheet["H6"] = sheet["H5"].value

    def copies(sheet: Any) -> None:
        twice(sheet)
        sheet["I5"], sheet["I6"] = "1", "2"

    assert faults(workbook(tmp_path / "twice.xlsx", twice)) == [("MAN-DUPLICATE", "D6")]
    assert faults(workbook(tmp_path / "copies.xlsx", copies)) == []


def test_top_secret_row_cannot_be_made_with_an_abstract() -> None:
    from scanflow.levels import Level
    from scanflow.manifest import Row

    with pytest.raises(ValueError, match="abstract"):
        Row(1, "H", 1, "1", None, Level.TUYET_MAT, 1, 1, abstract="x")


def test_a_list_without_the_column_of_numbers_is_told_so_and_nothing_more(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("STT,Mã hồ sơ,Ngày tháng,Độ mật,Số tờ,Số trang\n1,H1,,Mật,1,1\n", "utf-8")
    assert faults(path) == [("MAN-MISSING-COLUMN", "1")]
