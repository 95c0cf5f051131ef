"""The dated tables of columns: the shipped ones are whole, a broken one is refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanflow.forms import columns
from scanflow.forms.columns import KEYS, load_tables
from scanflow.forms.errors import TableFault
from scanflow.forms.handover import handover_record

from .samples import TABLES_FILE, handover, outgoing

SHIPPED = TABLES_FILE.read_text(encoding="utf-8")


def load(tmp_path: Path, text: str) -> dict[str, columns.ColumnTable]:
    path = tmp_path / "tables.toml"
    path.write_text(text, encoding="utf-8")
    return load_tables(path)


def test_shipped_tables_are_dated_sourced_and_complete() -> None:
    tables = load_tables(TABLES_FILE)
    assert set(tables) == set(KEYS)
    for name, table in tables.items():
        assert {column.key for column in table.columns} == KEYS[name]
        assert len(table.source) > 20 and table.in_force.year >= 2020
        assert table.provisional == bool(table.remark)


def test_registers_have_the_ten_prescribed_columns_in_order() -> None:
    tables = load_tables(TABLES_FILE)
    headings = [c.heading for c in tables["outgoing"].columns]
    assert headings == [
        "Số thứ tự", "Số, ký hiệu tài liệu, vật chứa bí mật nhà nước", "Ngày, tháng xác định",
        "Tên loại và trích yếu nội dung", "Độ mật", "Người ký", "Nơi nhận và ký nhận", "Đơn vị lưu", "Số lượng", "Ghi chú",
    ]  # fmt: skip
    assert [c.heading for c in tables["incoming"].columns][:5] == [
        "Số thứ tự", "Ngày đến", "Số đến", "Cơ quan, tổ chức ban hành", "Số, ký hiệu",
    ]  # fmt: skip
    assert len(tables["incoming"].columns) == 10
    (table,) = outgoing().tables()
    assert table.numbered and table.rows[1][3] == "Báo cáo", "TUYỆT MẬT: kind only"


def test_the_four_columns_that_1479_asks_for_are_there() -> None:
    assert {"ordinal", "sheets", "pages", "level"} <= {c.key for c in load_tables(TABLES_FILE)["handover_list"].columns}


def test_another_order_and_fewer_columns_need_no_code(tmp_path: Path) -> None:
    text = SHIPPED.replace('  { key = "author", heading = "Tác giả", width = 23 },\n', "")
    text = text.replace('heading = "Số tờ", width = 11', 'heading = "Tổng số tờ", width = 30')
    (table,) = handover_record(handover(), load(tmp_path, text)).tables()
    assert [c.heading for c in table.columns].count("Tổng số tờ") == 1
    assert "Tác giả" not in [c.heading for c in table.columns]
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert table.total is not None and 18 in table.total


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("[yearly]", "[yearly2]", "[table]"),
        ('key = "condition"', 'key = "secret"', "key"),
        ('key = "condition"', 'key = "pages"', "columns"),
        ('heading = "Tình trạng"', 'heading = " "', "condition"),
        ('heading = "Tình trạng", width = 20', 'heading = "Tình trạng", width = 0', "condition"),
        ('heading = "Tình trạng", width = 20', 'heading = "Tình trạng", width = true', "condition"),
        (
            'heading = "Số tờ", width = 11, align = "right"',
            'heading = "Số tờ", width = 11, align = "up"',
            "sheets",
        ),
        ("in_force = 2025-04-17", 'in_force = "2025"', "in_force"),
        ("provisional = false", "provisional = 0", "provisional"),
        ("[copying]", "[copying", "tables.toml"),
    ],
)
def test_a_broken_table_is_refused_with_its_place(tmp_path: Path, old: str, new: str, place: str) -> None:
    assert old in SHIPPED
    with pytest.raises(TableFault) as refusal:
        load(tmp_path, SHIPPED.replace(old, new, 1))
    assert refusal.value.facts["key"] == place


def test_provisional_without_a_remark_is_refused(tmp_path: Path) -> None:
    start = SHIPPED.index('remark = "Biểu')
    end = SHIPPED.index("\n", start)
    with pytest.raises(TableFault):
        load(tmp_path, SHIPPED[:start] + 'remark = ""' + SHIPPED[end:])


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableFault):
        load_tables(tmp_path / "none.toml")
