"""Words on marks: what OCR makes of them, and what must never pass for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from scanflow.stamps.marks import MarkKind
from scanflow.stamps.words import LEVELS, distance, fold, says_top_secret, word_of


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *[
            (t, MarkKind.TUYET_MAT)
            for t in (
                "TUYỆT MẬT",
                "TUYẾT MẬT",
                "TUYết MÂT",
                "TUVỆT MẬT",
                "TUYẾPT MẬT",
                "TUYỆTMẬT",
                "[TUYỆT MẠT|",
                "_TUYỆT MẬIT'",
            )
        ],
        *[
            (t, MarkKind.TOI_MAT)
            for t in (
                "TỐI MẬT",
                "TÔI MẬT",
                "TOI MÂT",
                "Tới MẬT",
                "TỐ! MẬT",
                "TỐ1 MẬT",
                "TỐL MẬT",
                "TỐIMẬT",
                "TỐI MẬC",
            )
        ],
        *[(t, MarkKind.MAT) for t in ("MẬT", "MÂT", "MẠT", "MẤT", "mật", "MẬI", "MẬr", "LẬT", "M ẬT")],
        ("GIẢI MẬT", MarkKind.GIAI_MAT),
        ("GIẢI MẬT\nTừ: 01/02/2024", MarkKind.GIAI_MAT),
        ("KHÂN", MarkKind.KHAN),
        ("THƯỢNG KHẨN", MarkKind.THUONG_KHAN),
        ("HÓA TÓC", MarkKind.HOA_TOC),
        ("BẢN SỐ: 03", MarkKind.BAN_SO),
        ("BẢN SAO SỐ: 2", MarkKind.BAN_SAO_SO),
        ("THỜI HẠN BẢO VỆ BÍ MẬT NHÀ NƯỚC\nTừ 07/4/2025", MarkKind.THOI_HAN),
        ("TÀI LIỆU THU HỒI\nThời hạn: 12", MarkKind.THU_HOI),
        ("CHỈ NGƯỜI CÓ TÊN MỚI ĐƯỢC BÓC BÌ", MarkKind.BOC_BI),
    ],
)
def test_words_in_a_frame_are_known_with_the_slips_of_ocr(text: str, kind: MarkKind) -> None:
    found = word_of(text, forgiving=True)
    assert found is not None and found[0] is kind


@pytest.mark.parametrize("text", [
    "MẶT TRẬN TỔ QUỐC", "BÍ MẬT NHÀ NƯỚC", "VỀ BẢO VỆ BÍ MẬT", "bảo mật", "mật khẩu", "MẬT ĐỘ DÂN SỐ", "tuyệt mật, tối mật",
    "sổ đăng ký Tuyệt mật", "lộ, mất", "", "M", "|", "CỘNG HÒA", "độ Mật",
])  # fmt: skip
def test_false_friends_are_no_words_of_a_mark(text: str) -> None:
    assert word_of(text, forgiving=True) is None
    assert word_of(text, forgiving=False) is None


def test_outside_a_frame_no_letter_is_forgiven() -> None:
    assert word_of("MẬT", forgiving=False) == (MarkKind.MAT, 0)
    assert word_of("MAI", forgiving=False) is None
    assert word_of("MAI", forgiving=True) == (MarkKind.MAT, 1)


@pytest.mark.parametrize("text", ["KHAM", "HAN", "DEM", "BEN"])
def test_a_guess_never_makes_a_mark_harmless(text: str) -> None:
    found = word_of(text, forgiving=True)
    assert found is None or found[0] in LEVELS


def test_of_two_equally_near_words_the_higher_level_is_taken() -> None:
    assert word_of("TUIMAT", forgiving=True) == (MarkKind.TOI_MAT, 1)
    assert word_of("TUYETMA", forgiving=True) == (MarkKind.TUYET_MAT, 1)


@given(st.text(alphabet="ABDMT", max_size=9), st.text(alphabet="ABDMT", max_size=9))
def test_distance_is_levenshteins(one: str, other: str) -> None:
    assert distance(one, other) == Levenshtein.distance(one, other)


@given(st.text(max_size=40))
def test_folding_leaves_bare_capitals_and_is_stable(text: str) -> None:
    folded = fold(text)
    assert set(folded) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ") and fold(folded) == folded


@pytest.mark.parametrize("line", ["TUYỆT MẬT", "Tuyệt mật", "TUYẾT MẬT.", "( TUYỆT  MẬT )"])
def test_a_line_of_plain_text_that_is_only_the_words_speaks_of_top_secret(line: str) -> None:
    assert says_top_secret(["Số: 12/QĐ", line], [])


@pytest.mark.parametrize("line", ["tài liệu độ TUYỆT MẬT", "TỐI MẬT", "Tuyết Mai", "TUYỆT", ""])
def test_other_lines_do_not(line: str) -> None:
    assert not says_top_secret([line], [line])


def test_what_stands_apart_within_a_line_counts_in_capitals_only() -> None:
    assert says_top_secret(["TUYỆT MẬT CỘNG HÒA"], ["TUYỆT MẬT", "CỘNG HÒA"])
    assert not says_top_secret(["Tuyệt mật 12/2019"], ["Tuyệt mật", "12/2019"])
