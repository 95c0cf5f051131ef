"""What people do to a sheet: titles above, numbering rows, totals, signatures, merged, hidden, filters, many rows."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from scanflow.levels import Level
from scanflow.manifest import PageConvention, check, read_manifest, write_manifest

from .lists import CSV_ROWS, csv_text, faults, good_rows, repacked, workbook


def plain_sheet(path: Path, lines: list[tuple[Any, ...]]) -> Path:
    """A workbook with these lines from A1 on, as an office would type it."""
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    book.save(path)
    return path


HEADINGS = (
    "Số\nTT",
    "MÃ HỒ SƠ",
    " Số, ký hiệu\u00a0văn bản ",
    "Ngày, tháng, năm văn bản",
    "Độ  mật",
    "SỐ TỜ",
    "Số trang",
)
ONE = (1, "H49.1", "12/XY", "05/01/2024", "Mật", 2, 3)
TWO = (2, "H49.1", "13/XY", datetime(2024, 1, 6), "Tuyệt mật", 1, 1)


def test_a_sheet_as_an_office_makes_it(tmp_path: Path) -> None:
    lines: list[tuple[Any, ...]] = [
        ("CƠ QUAN X", None, None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (None, None, None, None, "Độc lập - Tự do - Hạnh phúc"),
        ("DANH MỤC TÀI LIỆU",),
        (),
        HEADINGS,
        ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"),
        ONE,
        (),
        TWO,
        ("Tổng cộng: 2 tài liệu", None, None, None, None, 3, 4),
        (),
        (None, "BÊN GIAO", None, None, None, "BÊN NHẬN"),
        (None, "(ký, ghi rõ họ tên)"),
    ]
    manifest = read_manifest(plain_sheet(tmp_path / "a.xlsx", lines))
    assert [
        (r.ordinal, r.dossier, r.document, r.number, r.issued, r.level, r.sheets, r.pages) for r in manifest.rows
    ] == [
        (1, "H49.1", 1, "12/XY", date(2024, 1, 5), Level.MAT, 2, 3),
        (2, "H49.1", 2, "13/XY", date(2024, 1, 6), Level.TUYET_MAT, 1, 1),
    ]
    assert [r.ordinal for r in manifest.to_feed] == [1]
    assert [r.ordinal for r in manifest.refused] == [2]
    assert not manifest.convention_stated


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (("Tổng cộng", None, None, None, None, 4, 4), [("MAN-TOTALS", "F4")]),
        (("Tổng số", None, None, None, None, 3, 5), [("MAN-TOTALS", "G4")]),
        (("Cộng", None, None, None, None, 3, None), []),
        (("TỔNG", None, None, None, None, "ba", 4), [("MAN-NUMBER", "F4")]),
        (("Tổng cộng", None, None, None, None, "=SUM(F2:F3)", 4), [("MAN-FORMULA", "F4")]),
        (("Tổng cộng", None, None, None, "Mật", 1, 1), [("MAN-BLANK", "B4"), ("MAN-NUMBER", "A4")]),
    ],
)  # fmt: skip
def test_totals_row(tmp_path: Path, line: tuple[Any, ...], expected: list[tuple[str, str]]) -> None:
    found = faults(plain_sheet(tmp_path / "a.xlsx", [HEADINGS, ONE, TWO, line]))
    assert found == expected


@pytest.mark.parametrize(
    "slipped",
    [
        (3, "H49.1", "14/XY", None, "Mật", 2, 2),
        (None, None, None, None, "Tối mật"),
        (None,) * 5 + (7,),
        (None, "H49.64.1"),
    ],
)
def test_a_document_below_the_totals_row_is_not_overlooked(tmp_path: Path, slipped: tuple[Any, ...]) -> None:
    totals = ("Tổng cộng", None, None, None, None, 3, 4)
    found = faults(plain_sheet(tmp_path / "a.xlsx", [HEADINGS, ONE, TWO, totals, slipped]))
    assert {code for code, _ in found} == {"MAN-OUTSIDE"}


def test_a_signature_without_a_totals_row_is_no_document(tmp_path: Path) -> None:
    found = faults(plain_sheet(tmp_path / "a.xlsx", [HEADINGS, ONE, (None, "BÊN GIAO")]))
    assert ("MAN-BLANK", "A3") in found


def test_merged_cells_count_inside_the_table_only(tmp_path: Path) -> None:
    def inside(sheet: Any) -> None:
        sheet.merge_cells("B5:B6")

    def title(sheet: Any) -> None:
        sheet.merge_cells("A1:N1")

    def heading(sheet: Any) -> None:
        sheet.merge_cells("K4:L4")

    assert ("MAN-MERGED", "B5:B6") in faults(workbook(tmp_path / "inside.xlsx", inside))
    assert ("MAN-MERGED", "K4:L4") in faults(workbook(tmp_path / "heading.xlsx", heading))
    assert faults(workbook(tmp_path / "title.xlsx", title)) == []


def test_hidden_rows_columns_and_sheets(tmp_path: Path) -> None:
    def row(sheet: Any) -> None:
        sheet.row_dimensions[6].hidden = True

    def column(sheet: Any) -> None:
        sheet.column_dimensions["J"].hidden = True

    def blank_row(sheet: Any) -> None:
        sheet.row_dimensions[60].hidden = True

    assert faults(workbook(tmp_path / "row.xlsx", row)) == [("MAN-HIDDEN-ROW", "6")]
    flat = repacked(workbook(tmp_path / "flat.xlsx"), lambda _, c: c.replace(b'<row r="6"', b'<row r="6" ht="0"'))
    assert faults(flat) == [("MAN-HIDDEN-ROW", "6")]
    assert faults(workbook(tmp_path / "column.xlsx", column)) == [("MAN-HIDDEN-COLUMN", "J")]
    assert faults(workbook(tmp_path / "blank.xlsx", blank_row)) == []


def test_a_second_sheet(tmp_path: Path) -> None:
    path = workbook(tmp_path / "list.xlsx")
    for state, cell, expected in (
        ("visible", None, []),
        ("hidden", None, []),
        ("visible", "x", ["MAN-SHEETS"]),
        ("hidden", "x", ["MAN-HIDDEN-SHEET"]),
        ("veryHidden", "x", ["MAN-HIDDEN-SHEET"]),
    ):
        book = openpyxl.load_workbook(workbook(path))
        other = book.create_sheet("khác")
        other["A1"] = cell
        other.sheet_state = state
        book.save(path)
        assert [code for code, _ in faults(path)] == expected


def test_dates_of_the_1904_calendar(tmp_path: Path) -> None:
    path = workbook(tmp_path / "list.xlsx")
    book = openpyxl.load_workbook(path)
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.save(path)
    with zipfile.ZipFile(path) as package:
        assert b"date1904" in package.read("xl/workbook.xml")
    assert read_manifest(path).rows[0].issued == date(2025, 4, 17)


def test_fifty_thousand_documents_and_not_one_more(tmp_path: Path) -> None:
    lines = [csv_text(()).strip()]
    lines += [f"{n},H49.{n // 100},{n}/XY,01/02/2020,Công văn,,Mật,1,2" for n in range(1, 50_001)]
    path = tmp_path / "list.csv"
    path.write_text("\n".join(lines), "utf-8")
    assert len(read_manifest(path).rows) == 50_000
    path.write_text("\n".join([*lines, "50001,H,1/XY,,,,Mật,1,2"]), "utf-8")
    assert faults(path) == [("MAN-TOO-MANY", "cả tệp")]


def test_a_thousand_documents_in_a_workbook_keep_every_row(tmp_path: Path) -> None:
    from dataclasses import replace

    base = good_rows()[0]
    rows = [replace(base, ordinal=n, document=n, number=f"{n}/XY") for n in range(1, 1001)]
    path = tmp_path / "list.xlsx"
    write_manifest(rows, path)
    assert read_manifest(path).rows == tuple(rows)


# --- conventions ---------------------------------------------------------------------------------------------


def test_the_list_states_its_convention_and_it_wins(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    rows = [row for row in good_rows() if row.pages == 2 * row.sheets]
    for stated in PageConvention:
        write_manifest(rows, path, stated)
        for default in PageConvention:
            manifest = read_manifest(path, default)
            assert manifest.convention is stated
            assert manifest.convention_stated


def test_without_a_statement_the_stations_convention_holds(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(csv_text(), "utf-8")
    assert read_manifest(path).convention is PageConvention.WRITTEN_SIDES
    assert [code for code, _ in [(f.code, f.cell) for f in check(path, PageConvention.BOTH_SIDES)]] == [
        "MAN-PAGES-CONVENTION",
        "MAN-PAGES-CONVENTION",
    ]
    path.write_text("Quy ước đếm trang,Tính cả mặt trắng\n" + csv_text((CSV_ROWS[2],)), "utf-8")
    assert read_manifest(path).convention is PageConvention.BOTH_SIDES
