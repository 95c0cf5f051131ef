"""What is written is read back the same, as .xlsx and as .csv; the batch is the list and nothing else."""

from __future__ import annotations

import random
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanflow.levels import Level
from scanflow.manifest import PageConvention, Row, check, read_manifest, write_manifest, write_template
from scanflow.manifest.model import batch_id

from .lists import good_rows

WORDS = st.sampled_from(
    ["Công văn", "Quyết định", "về việc", "kiểm tra", "Sở X", "15/QĐ-XY", "GD&ĐT", "a=b", "‘x’", "12", "Đắk"]
)
TEXT = st.lists(WORDS, max_size=4).map(" ".join)
DAYS = st.none() | st.dates(date(2000, 1, 1), date(2026, 11, 22))


@st.composite
def documents(draw: st.DrawFn) -> Row:
    level = draw(st.sampled_from(Level))
    sheets = draw(st.integers(1, 300))
    issued = draw(DAYS)
    later = st.none() | st.dates(issued or date(2000, 1, 1), date(2030, 1, 1))
    extended_until = draw(later)
    first = draw(st.integers(1, 900))
    numbered = draw(st.booleans())
    return Row(
        ordinal=1, dossier=draw(st.from_regex(r"H[0-9]{1,3}\.[A-ZĐ]{1,3}[0-9]{0,4}", fullmatch=True)), document=1,
        number=draw(TEXT), issued=issued, level=level, sheets=sheets,
        pages=draw(st.integers(sheets, 2 * sheets)), kind=draw(TEXT) + "x",
        abstract="" if level is Level.TUYET_MAT else draw(TEXT), author=draw(TEXT), copy=draw(st.sampled_from(["", "1", "2a"])),
        first_sheet=str(first) if numbered else "", last_sheet=str(first + sheets - 1) if numbered else "",
        condition=draw(TEXT), notes=draw(TEXT),
        extended=True if extended_until else draw(st.none() | st.booleans()), extended_until=extended_until,
        protected_until=draw(later), declassified_by=draw(TEXT), declassified_on=draw(later),
        historical_archive=draw(st.booleans()),
    )  # fmt: skip


LISTS = st.lists(documents(), min_size=1, max_size=6).map(
    lambda rows: tuple(replace(row, ordinal=n, document=n, copy=str(n)) for n, row in enumerate(rows, start=1))
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=LISTS, convention=st.sampled_from(PageConvention))
def test_written_and_read_back(tmp_path: Path, rows: tuple[Row, ...], convention: PageConvention) -> None:
    if convention is PageConvention.BOTH_SIDES:
        rows = tuple(replace(row, pages=2 * row.sheets) for row in rows)
    path = tmp_path / "list.xlsx"
    write_manifest(rows, path, convention)
    manifest = read_manifest(path)
    assert manifest.rows == rows
    assert manifest.convention is convention
    assert manifest.batch_id == batch_id(rows)


def test_a_template_is_complete_and_holds_no_document(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    write_template(path)
    assert [fault.code for fault in check(path)] == ["MAN-NO-ROWS"]


def test_rows_in_any_order_make_the_same_batch(tmp_path: Path) -> None:
    rows = list(good_rows())
    random.Random(5).shuffle(rows)
    path = tmp_path / "list.xlsx"
    write_manifest(rows, path)
    assert read_manifest(path).rows == good_rows()
    assert batch_id(rows) == batch_id(good_rows())


OTHER = {
    "ordinal": 9, "dossier": "H1", "document": 9, "number": "9/XY", "issued": date(2025, 4, 18),
    "level": Level.TOI_MAT, "sheets": 4, "pages": 6, "kind": "Báo cáo", "author": "Sở Y", "copy": "2",
    "first_sheet": "2", "last_sheet": "9", "extended": True, "extended_until": date(2030, 1, 1),
    "protected_until": date(2030, 1, 1), "declassified_by": "1/QĐ", "declassified_on": date(2026, 1, 1),
    "historical_archive": True,
}  # fmt: skip
UNSEEN = {"abstract": "khác", "condition": "khác", "notes": "khác", "line": 99}


@pytest.mark.parametrize("field", [f.name for f in fields(Row)])
def test_each_field_that_identifies_changes_the_batch_and_no_other_does(field: str) -> None:
    rows = good_rows()
    changed = replace(rows[0], **{field: {**OTHER, **UNSEEN}[field]})
    assert (batch_id((changed, *rows[1:])) == batch_id(rows)) is (field in UNSEEN)


def test_ids_say_nothing_and_have_one_shape(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    write_manifest(good_rows(), path)
    manifest = read_manifest(path)
    assert manifest.batch_id == "B-021991-923909-563355", "golden: it must never change for the same list"
    assert manifest.document_id(3) == manifest.batch_id + "-D003"
    assert manifest.rows[0].name == "H49.64.33.2001.160.1"


def test_nothing_of_a_row_that_could_be_a_title_shows_in_its_repr() -> None:
    shown = repr(good_rows())
    assert "kiểm tra thử" not in shown
    assert "Văn phòng" not in shown


def test_a_row_without_document_column_is_numbered_within_its_dossier(tmp_path: Path) -> None:
    from .lists import csv_text

    path = tmp_path / "list.csv"
    path.write_text(csv_text(), "utf-8")
    assert [row.document for row in read_manifest(path).rows] == [1, 2, 3]
