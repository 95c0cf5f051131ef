"""The dated tables: read strictly, answered by day, never two answers."""

from __future__ import annotations

import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from scanflow.rules import RuleTables, load_tables
from scanflow.rules.errors import NoRuleInForce, RulesUnreadable

RULES = Path(__file__).resolve().parents[2] / "config" / "rules"
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def tables() -> RuleTables:
    return load_tables(RULES)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2019, 1, 1), "luat-29-2018"),
        (date(2026, 2, 28), "luat-29-2018"),
        (date(2026, 3, 1), "luat-117-2025"),
        (TODAY, "luat-117-2025"),
    ],
)
def test_the_period_of_the_day(tables: RuleTables, day: date, expected: str) -> None:
    period = tables.period(day)
    assert period.id == expected
    assert (period.toi_mat_years, period.mat_years) == (20, 10)
    assert period.provisional is (expected == "luat-117-2025")


def test_no_period_is_invented_for_another_day(tables: RuleTables) -> None:
    with pytest.raises(NoRuleInForce, match="2018-12-31"):
        tables.period(date(2018, 12, 31))
    with pytest.raises(NoRuleInForce, match="2025-04-16"):
        tables.guidance(date(2025, 4, 16))
    with pytest.raises(NoRuleInForce):
        tables.stamps(date(1999, 1, 1))


def test_no_table_can_say_how_long_top_secret_lasts(tables: RuleTables) -> None:
    assert not [name for name in type(tables.period(TODAY)).model_fields if "tuyet" in name]


@pytest.mark.parametrize("day", [date(2016, 1, 1), date(2023, 1, 1), TODAY])
def test_the_three_levels_have_their_sizes_on_each_day(tables: RuleTables, day: date) -> None:
    sizes = {stamp.kind: (stamp.width_mm, stamp.height_mm, stamp.border_lines) for stamp in tables.stamps(day)}
    assert sizes["TUYET_MAT"] == (40, 8, 2)
    assert sizes["TOI_MAT"] == (30, 8, 2)
    assert sizes["MAT"] == (20, 8, 2)


def test_urgency_marks_share_the_sizes_and_have_one_line(tables: RuleTables) -> None:
    stamps = {stamp.kind: stamp for stamp in tables.stamps(TODAY)}
    for urgent, secret in (("THUONG_KHAN", "TUYET_MAT"), ("HOA_TOC", "TOI_MAT"), ("KHAN", "MAT")):
        assert stamps[urgent].width_mm == stamps[secret].width_mm
        assert (stamps[urgent].border_lines, stamps[secret].border_lines) == (1, 2)


def test_whatever_was_not_seen_is_marked_provisional(tables: RuleTables) -> None:
    for entry in (*tables.periods, *tables.stamp_sets):
        assert ("chưa đối chiếu" in entry.source) <= entry.provisional


BREAKS = [
    ("protection.toml", "mat_years = 10", "mat_years = 0"),
    ("protection.toml", "mat_years = 10", 'mat_years = "10"'),
    ("protection.toml", "mat_years = 10", "mat_yers = 10"),
    ("protection.toml", "until = 2026-02-28\n", ""),
    ("protection.toml", "until = 2026-02-28", "until = 2026-03-01"),
    ("protection.toml", "until = 2026-02-28", "until = 2018-02-28"),
    ("protection.toml", 'age_counts_from = "issued"', 'age_counts_from = "received"'),
    ("protection.toml", "[[period]]", "[[period"),
    ("protection.toml", 'top_secret = "', 'tuyet_mat_years = 30\ntop_secret = "'),
    ("stamps.toml", "until = 2020-06-30\n", ""),
    ("stamps.toml", 'sizes_as = "tt-24-2020"', 'sizes_as = "tt-25"'),
    ("stamps.toml", 'sizes_as = "tt-24-2020"\n', ""),
    ("stamps.toml", 'ink = "red"', 'ink = "blue"'),
]


@pytest.mark.parametrize(("file", "old", "new"), BREAKS)
def test_a_table_with_one_fault_is_not_used(tmp_path: Path, file: str, old: str, new: str) -> None:
    folder = shutil.copytree(RULES, tmp_path / "rules")
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(RulesUnreadable) as caught:
        load_tables(folder)
    assert file in caught.value.say_vi


def test_a_missing_or_foreign_file_is_not_used(tmp_path: Path) -> None:
    folder = shutil.copytree(RULES, tmp_path / "rules")
    (folder / "stamps.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(RulesUnreadable, match=r"stamps\.toml"):
        load_tables(folder)
    (folder / "stamps.toml").unlink()
    with pytest.raises(RulesUnreadable, match=r"stamps\.toml"):
        load_tables(folder)


def test_some_day_every_day_of_the_law_has_exactly_one_period(tables: RuleTables) -> None:
    day = date(2019, 1, 1)
    while day <= TODAY:
        assert sum(period.in_force(day) for period in tables.periods) == 1
        day += timedelta(days=1)


def test_each_source_names_an_instrument(tables: RuleTables) -> None:
    for entry in (*tables.periods, *tables.stamp_sets):
        assert re.search(r"\d+/\d{4}|1479/BCA", entry.source), entry.id
