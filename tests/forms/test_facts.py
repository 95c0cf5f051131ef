"""What no form may state: the types refuse it, whoever fills them in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanflow.errors import all_causes
from scanflow.forms import errors, words
from scanflow.forms.difference import difference_record
from scanflow.forms.facts import Listed, Outcome
from scanflow.forms.handover import HandedOver, handover_record
from scanflow.forms.incident import incident_record
from scanflow.forms.paper import Facts, Paper, Table
from scanflow.forms.reconciliation import SheetBalance, reconciliation_record
from scanflow.forms.registers import Copied, Received, Sent
from scanflow.forms.yearly import LevelTotals
from scanflow.levels import Level

from .samples import DAY, OPERATOR, TABLES, difference, handover, incident, listed, reconciled, reconciliation

SECRET = "chuyện không được viết"


def facts_of(paper: Paper) -> dict[str, str]:
    return {label: value for b in paper.blocks if isinstance(b, Facts) for label, value in b.pairs}


@pytest.mark.parametrize(
    "make",
    [
        lambda: listed(3, Level.TUYET_MAT, SECRET),
        lambda: HandedOver(listed(3, Level.MAT, SECRET), 2, 4, outcome=Outcome.ROUTED_OUT),
        lambda: Sent(3, "1/A", DAY, "Báo cáo", Level.TUYET_MAT, "x", "y", "z", 1, SECRET),
        lambda: Received(3, DAY, 1, "x", "1/A", DAY, "Báo cáo", Level.TUYET_MAT, "y", SECRET),
        lambda: Copied(3, DAY, "1/A", "Báo cáo", Level.TUYET_MAT, "Sao", 1, "x", "y", "z", SECRET),
        lambda: replace(listed(3, Level.MAT, SECRET), level=Level.TUYET_MAT),
    ],
)
def test_no_abstract_of_top_secret_anywhere(make) -> None:
    with pytest.raises(errors.AbstractForbidden) as refusal:
        make()
    assert "3" in refusal.value.say_vi and SECRET not in str(refusal.value) + refusal.value.say_vi


@pytest.mark.parametrize("level", [Level.THUONG, Level.MAT, Level.TOI_MAT])
def test_other_levels_keep_their_abstract_and_lose_it_when_raised(level: Level) -> None:
    row = listed(1, level, SECRET)
    assert row.abstract == SECRET and SECRET not in repr(row)
    assert (row.as_top_secret().abstract, row.as_top_secret().level) == ("", Level.TUYET_MAT)


@pytest.mark.parametrize(
    "make",
    [
        lambda: HandedOver(listed(1, Level.TUYET_MAT), 2, 4, outcome=Outcome.SEALED),
        lambda: replace(reconciliation(), rows=[reconciled(1, level=Level.TUYET_MAT)]),
        lambda: LevelTotals(Level.TUYET_MAT, 1, 1, 1, 1, 1, 0, 0),
    ],
)
def test_no_form_states_that_top_secret_was_digitised(make) -> None:
    with pytest.raises(errors.TopSecretDigitised):
        make()


@pytest.mark.parametrize("signers", [(), ("A",), ("A", "A"), ("A", OPERATOR.name), (OPERATOR.name, OPERATOR.name)])
def test_a_difference_is_sealed_only_with_two_other_people(signers: tuple[str, ...]) -> None:
    with pytest.raises(errors.TwoPersonsNeeded):
        replace(reconciliation(), rows=[reconciled(1, counted_pages=3, signed_by=signers)])
    replace(reconciliation(), rows=[reconciled(1, counted_pages=3, signed_by=("A", "B"))])
    replace(reconciliation(), rows=[reconciled(1, Outcome.DIFFERS, counted_pages=3)])


def test_difference_record_wants_three_people() -> None:
    record = difference()
    first, second = record.confirmers
    for pair in ((first, first), (first, OPERATOR), (OPERATOR, second)):
        with pytest.raises(errors.TwoPersonsNeeded):
            replace(record, confirmers=pair)
    assert facts_of(difference_record(record))["6. Chênh lệch"] == "thiếu 1 tờ, thiếu 2 trang"
    assert facts_of(difference_record(replace(record, counted=(3, 6))))["6. Chênh lệch"] == "thừa 1 trang"


@settings(deadline=None)  # never a clock
@given(st.lists(st.integers(0, 500), min_size=5, max_size=5), st.integers(-3, 3))
def test_a_balance_holds_or_is_refused(parts: list[int], off: int) -> None:
    if off:
        with pytest.raises(errors.Unbalanced):
            SheetBalance(sum(parts) + off, *parts)
    else:
        assert SheetBalance(sum(parts), *parts).fed == sum(parts)


def test_handover_counts_what_is_there_and_points_at_differences() -> None:
    facts = facts_of(handover_record(handover(), TABLES))
    assert facts["4. Số lượng"] == "01 hồ sơ, 09 tài liệu, 18 tờ, 35 trang"
    assert facts["7. Đối chiếu với danh mục"] == "Lệch ở STT 3"
    assert facts["5. Theo độ mật"] == "Tối mật: 03; Mật: 03; Thường: 03"
    agreed = replace(handover(), rows=[HandedOver(listed(1), 2, 4, condition="Rách mép")])
    facts = facts_of(handover_record(agreed, TABLES))
    assert facts["7. Đối chiếu với danh mục"] == "Khớp số tài liệu, số tờ, số trang"
    assert facts["8. Tình trạng tài liệu"] == "Thay đổi so với danh mục ở STT 1"
    empty = facts_of(handover_record(replace(handover(), rows=[]), TABLES))
    assert empty["5. Theo độ mật"] == "Không có tài liệu" and empty["2. Thời gian của tài liệu"] == "Không rõ"


def test_reconciliation_gives_each_document_its_verdict() -> None:
    (table,) = [t for t in reconciliation_record(reconciliation(), TABLES).tables() if isinstance(t, Table)]
    at = [column.key for column in table.columns].index("verdict")
    assert [row[at] for row in table.rows] == ["Khớp", "Khớp", "Khớp", "LỆCH", "–", "LỆCH"]
    assert table.total is not None and table.total[3:7] == (16, 14, 26, 16)


def test_incident_type_has_no_room_for_content() -> None:
    assert not {"abstract", "text", "title", "image", "number_of_document"} & set(incident().__dataclass_fields__)
    other_day = replace(incident(), stopped_at=datetime(2026, 11, 21, 9, 5))
    facts = facts_of(incident_record(other_day))
    assert facts["6. Máy quét dừng"] == "09 giờ 05 phút, ngày 21 tháng 11 năm 2026"
    assert facts["8. Hủy ảnh trong bộ nhớ"] == "6 mặt, 15 giờ 41 phút cùng ngày"


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [("3", "4", "3–4"), ("15", "15a", "15–15a"), ("7", "7", "7"), ("7", "", "7"), ("", "", "")],
)
def test_sheet_range(first: str, last: str, shown: str) -> None:
    assert listed(1, first_sheet=first, last_sheet=last).sheet_range == shown
    assert isinstance(listed(1), Listed)


@pytest.mark.parametrize(
    ("day", "long", "short"),
    [
        (date(2026, 1, 5), "ngày 05 tháng 01 năm 2026", "05/01/2026"),
        (date(2026, 2, 28), "ngày 28 tháng 02 năm 2026", "28/02/2026"),
        (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026", "09/3/2026"),
        (date(2026, 12, 10), "ngày 10 tháng 12 năm 2026", "10/12/2026"),
    ],
)
def test_dates_as_nd30_writes_them(day: date, long: str, short: str) -> None:
    assert (words.long_date(day), words.short_date(day), words.cell(day)) == (long, short, short)


def test_numbers_as_official_papers_write_them() -> None:
    assert [words.count(n) for n in (0, 1, 9, 10, 1234, 1234567)] == [
        "0",
        "01",
        "09",
        "10",
        "1.234",
        "1.234.567",
    ]
    assert (words.cell(None), words.cell(4321), words.cell("x")) == ("", "4.321", "x")
    assert words.moment(datetime(2026, 11, 2, 8, 5)) == "08 giờ 05 phút, ngày 02 tháng 11 năm 2026"


def test_every_refusal_of_the_room_says_what_to_do_in_two_languages() -> None:
    causes = all_causes(errors.FormError)
    assert len(causes) == 11 and len({c.code for c in causes}) == 11
    for cause in causes:
        assert cause.code.startswith("FRM-") and cause.vi.endswith(".") and cause.en.endswith(".")
        assert any(ord(c) > 0x1E9F for c in cause.vi), "Vietnamese with its diacritics"
        names = {part.split("}")[0] for part in cause.vi.split("{")[1:]}
        assert names == {part.split("}")[0] for part in cause.en.split("{")[1:]}
        said = cause(**dict.fromkeys(names, 7))
        assert said.code in str(said) and "{" not in said.say_vi
