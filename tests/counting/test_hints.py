"""Evidence beyond the count: it finds what is wrong, and is silent about what is right."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanflow.counting import (
    HeaderReading,
    HintKind,
    PrintedNumber,
    SidePrint,
    header_hints,
    near_hash,
    page_number_hints,
    read_header,
    repeated_side_hints,
)
from scanflow.counting.header import distance, split_number
from scanflow.levels import Level
from scanflow.manifest import Row
from scanflow.pages import Face, SideLabel

from .batches import BLANK, CONTENT

# --- printed page numbers ------------------------------------------------------------------------------------


def sides(*numbers: int | str | None) -> list[PrintedNumber]:
    """Sides in order, two a sheet; "-" is a blank side, "?" one of which nobody knows."""
    labels = {"-": BLANK, "?": SideLabel.UNSURE}
    return [
        PrintedNumber(1 + at // 2, list(Face)[at % 2], None, labels[n])
        if isinstance(n, str)
        else PrintedNumber(1 + at // 2, list(Face)[at % 2], n, CONTENT)
        for at, n in enumerate(numbers)
    ]


@pytest.mark.parametrize(
    "numbers",
    [
        (None, 2, 3, 4),
        (None, 2, None, 4, None, 6),
        (None, None, None),
        (None, "-", 2, "-", 3, "-"),
        (None, "?", 2, "?", 3),  # blank backs on which the scanner's noise was taken for ink
        (None, "?", 3, "?", 5),  # pictures that use up a number
        (None, 2, "?", 9, 4, 5),  # one misread beside one of them
        (None, 2, 3, None, 2, 3),  # an annex, numbered anew
        (None, 2, 1, 2, 3),
        (None, None, None, 2, 3),  # cover and title first
        (1, 2, 3),
        (None, 2, 8, 4, 5),  # one misread
        (None, 2, 3, 4, 41, 6),
        (),
    ],
)
def test_right_numbers_give_no_hint(numbers) -> None:  # type: ignore[no-untyped-def]
    assert page_number_hints(sides(*numbers)) == ()


@pytest.mark.parametrize(
    ("numbers", "sheet", "says"),
    [
        ((None, 2, 3, 5, 6), 2, "thiếu trang 4."),
        ((None, 2, 3, 7, 8), 2, "thiếu trang 4-6."),
        ((3, 4), 1, "thiếu 2 trang giữa trang 1 và trang 3"),
        ((None, 2, None, 6, 7), 2, "thiếu 2 trang giữa trang 2 và trang 6"),
        ((None, 2, 3, 3, 4), 2, "trang 3 lặp lại"),
        ((None, 2, 5, 4, 3, 6), 2, None),
        ((None, "?", 2, "?", 5), 3, "thiếu trang 3-4"),  # from 1 to 2 the back used up none
        ((None, "?", 2, "?", 4, "?", 5, "?"), 3, "thiếu trang 3"),
        ((None, "?", 3, "-", 2, "?", 4), 2, None),  # two sheets exchanged
        ((None, "?", 3, "?", "?", 3), 3, "trang 3 lặp lại"),
        ((None, 2, 3, None, None, 4), 3, "có 2 mặt không đánh số giữa trang 3 và trang 4"),
        ((None, 6, 7, 8, 3, 4), 1, None),
    ],
)
def test_wrong_numbers_point_at_the_sheet(numbers, sheet: int, says: str | None) -> None:  # type: ignore[no-untyped-def]
    hints = page_number_hints(sides(*numbers))
    assert hints
    assert hints[0].kind is HintKind.PAGE_NUMBER_GAP
    assert hints[0].sheet == sheet
    if says is not None:
        assert len(hints) == 1
        assert says.rstrip(".") in hints[0].vi
    assert f"Tờ {sheet}" in hints[0].vi
    assert hints[0].en.isascii()


@given(st.integers(2, 40), st.sets(st.integers(0, 39)), st.data())
def test_a_page_taken_out_is_found_whenever_its_neighbours_were_read(pages: int, unread: set[int], data) -> None:  # type: ignore[no-untyped-def]
    numbers: list[int | None] = [None, *range(2, pages + 1)]
    assert page_number_hints(sides(*[None if at in unread else n for at, n in enumerate(numbers)])) == ()
    gone = data.draw(st.integers(1, pages - 1))
    left = [None if at in unread else n for at, n in enumerate(numbers)]
    del left[gone]
    behind = [n for n in left[gone:] if n is not None and n > 2]
    found = page_number_hints(sides(*left))
    assert len(found) == (1 if behind else 0)


@given(st.integers(3, 30), st.data())
def test_a_sheet_of_a_one_sided_document_is_missed_though_its_backs_are_in_doubt(pages: int, data) -> None:  # type: ignore[no-untyped-def]
    backs = data.draw(st.lists(st.sampled_from("-?"), min_size=pages, max_size=pages))
    fronts = [None, *range(2, pages + 1)]
    whole = list(zip(fronts, backs, strict=True))
    assert page_number_hints(sides(*[side for sheet in whole for side in sheet])) == ()
    gone = data.draw(st.integers(1, pages - 2))
    left = [*whole[:gone], *whole[gone + 1 :]]
    hints = page_number_hints(sides(*[side for sheet in left for side in sheet]))
    shown = pages > 3 or backs[0] == "-"  # of three sheets two are left, and nothing shows how they are numbered
    assert [hint.sheet for hint in hints] == ([gone + 1] if shown else [])
    assert not shown or f"thiếu trang {gone + 1}." in hints[0].vi


# --- the same side twice -------------------------------------------------------------------------------------


def prints(*pairs: tuple[int | None, int | None]) -> list[SidePrint[int]]:
    """One sheet a pair of hashes; None is blank."""
    return [
        SidePrint(sheet, face, SideLabel.BLANK if value is None else CONTENT, value or 0)
        for sheet, pair in enumerate(pairs, start=1)
        for face, value in zip(Face, pair, strict=True)
    ]


A, B, C, D, E, F = (random.Random(n).getrandbits(64) for n in range(6))
SAME = near_hash(3)


def test_a_sheet_fed_twice_is_found() -> None:
    (hint,) = repeated_side_hints(prints((A, B), (C, D), (C ^ 0b101, D)), SAME)
    assert (hint.kind, hint.sheet) == (HintKind.SAME_SIDE_TWICE, 3)
    assert "Tờ 3 giống tờ 2" in hint.vi


def test_a_one_sided_sheet_fed_twice_is_found() -> None:
    (hint,) = repeated_side_hints(prints((A, None), (B, None), (A, None)), SAME)
    assert "Tờ 3 giống tờ 1" in hint.vi


@pytest.mark.parametrize(
    "pairs",
    [
        ((None, None), (None, None), (None, None)),  # blank sheets
        ((A, None), (A, None), (A, None)),  # a form, filled in three times
        ((A, B), (A, C)),  # the same letterhead page with another back
        ((A, B), (C, D), (E, F)),
        ((A, A),),  # both sides of one sheet: not fed twice
        (),
    ],
)
def test_blanks_forms_and_halves_do_not_alarm(pairs) -> None:  # type: ignore[no-untyped-def]
    assert repeated_side_hints(prints(*pairs), SAME) == ()


def test_only_near_neighbours_are_compared() -> None:
    others = tuple((random.Random(100 + n).getrandbits(64), None) for n in range(30))
    assert repeated_side_hints(prints((A, None), *others, (A, None)), SAME) == ()
    assert len(repeated_side_hints(prints((A, None), *others, (A, None)), SAME, window=40)) == 1


def test_a_form_with_one_printed_back_fed_twice_is_found() -> None:
    (hint,) = repeated_side_hints(prints((A, F), (B, F), (C, F), (B ^ 1, F), (D, F)), SAME)
    assert (hint.sheet, hint.face) == (4, Face.RECTO)
    assert "Tờ 4 giống tờ 2" in hint.vi


@given(st.lists(st.tuples(st.integers(0, 5), st.one_of(st.none(), st.integers(0, 2))), max_size=9))
def test_a_hint_names_two_sheets_that_agree_and_no_third_does(pairs: list[tuple[int, int | None]]) -> None:
    values = [random.Random(n).getrandbits(64) for n in range(9)]
    sheets = [(values[front], None if back is None else values[6 + back]) for front, back in pairs]

    def alike(one: tuple[int, int | None], other: tuple[int, int | None]) -> bool:
        return one[0] == other[0] and (None in (one[1], other[1]) or one[1] == other[1])

    twins = {
        at: [to for to, other in enumerate(sheets) if to != at and alike(sheet, other)]
        for at, sheet in enumerate(sheets)
    }
    expected = {at + 1 for at, found in twins.items() if len(found) == 1 == len(twins[found[0]]) and found[0] < at}
    assert {hint.sheet for hint in repeated_side_hints(prints(*sheets), SAME)} == expected


# --- the head ------------------------------------------------------------------------------------------------

ROW = Row(1, "H1", 1, "1479/BCA-ANCTNB", date(2025, 4, 17), Level.MAT, 3, 5)


@pytest.mark.parametrize(
    "lines",
    [
        ["BỘ CÔNG AN", "Số: 1479 /BCA-ANCTNB", "Hà Nội, ngày 17 tháng 4 năm 2025"],
        ["Số:1479/BCA-ANCTTB"],  # damage seen in real OCR
        ["SỐ : 1479 / BCA - ANCTNB"],
        ["Số:      /BCA-ANCTNB", "ngày     tháng 4 năm 2025"],  # number and day by hand, unread
        ["Sô: 1479/8CA-ANCTN8"],
        ["So: 01479/BCA-ANCTNB"],
        [],
        ["không có gì để đọc"],
        ["V/v số hóa tài liệu", "SỐ LIỆU THỐNG KÊ", "Số hóa hồ sơ năm 2026"],
        [
            "Căn cứ Luật số 29/2018/QH14 ngày 15 tháng 11 năm 2018 của Quốc hội;",
            "số 26/2020/NĐ-CP ngày 28 tháng 02 năm 2020",
        ],
        ["Số: 1479/BCA-ANCTNB", "Căn cứ Nghị định số 30/2020/NĐ-CP, ngày 05 tháng 3 năm 2020 của Chính phủ"],
        ["Số: 44Q#^", "ngày 17 tháng 4 năm 2025"],  # a pen's number, misread with the symbol behind it
    ],
)
def test_a_head_that_fits_or_says_nothing(lines: list[str]) -> None:
    assert header_hints(ROW, read_header(lines, 2)) == ()


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["Số: 1480/BCA-ANCTNB"], "số ở đầu"),
        (["Số: 1479/UBND-THNC"], "ký hiệu ở đầu"),
        (["Số: 1479/BCA-ANCTNB", "ngày 18 tháng 4 năm 2025"], "ngày tháng ở đầu"),
        (["ngày 17 tháng 4 năm 2024"], "ngày tháng ở đầu"),
        (["Số: 15/QĐ-XY", "ngày 01 tháng 02 năm 2003"], "số, ký hiệu, ngày tháng ở đầu"),
    ],
)
def test_a_head_that_differs_points_at_the_sheet(lines: list[str], says: str) -> None:
    (hint,) = header_hints(ROW, read_header(lines, 2))
    assert (hint.kind, hint.sheet, hint.face) == (HintKind.HEADER_DIFFERS, 2, Face.RECTO)
    assert says in hint.vi
    assert "1480" not in hint.vi + hint.en, "what was read is content and stays out of the sentence"


def test_party_numbers_and_forgotten_dates() -> None:
    row = Row(1, "H1", 1, "57-NQ/TW", None, Level.MAT, 1, 1)
    assert header_hints(row, read_header(["Số 57-NQ/TW", "ngày 22 tháng 12 năm 2024"], 1)) == ()
    assert split_number("57-NQ/TW") == ("57", "-NQ/TW")
    assert split_number("Số: 1479/BCA") == ("1479", "/BCA")
    assert split_number("không số") == ("", "không số")


def test_first_reading_of_each_part_counts() -> None:
    reading = read_header(["Số: 12/XY", "Căn cứ Số: 99/AB", "ngày 01 tháng 02 năm 2003", "ngày 9 tháng 9 năm 1999"], 4)
    assert reading == HeaderReading(4, "12", "/XY", 1, 2, 2003)


@given(st.text("ABCĐ/-0158", max_size=12), st.text("ABCĐ/-0158", max_size=12))
def test_distance_is_a_distance(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one) >= abs(len(one) - len(other))
    assert (distance(one, other) == 0) is (one == other)
    assert distance(one, other) <= max(len(one), len(other))


@given(st.lists(st.text(max_size=60), max_size=4))
def test_no_line_breaks_the_reader(lines: list[str]) -> None:
    header_hints(ROW, read_header(lines, 1))
