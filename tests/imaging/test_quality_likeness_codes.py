"""Bad scans, the same side twice, and the codes of separator sheets."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import zxingcpp

from scanflow.errors import all_causes
from scanflow.imaging.codes import MAX_CODES, read_codes
from scanflow.imaging.errors import ImageError
from scanflow.imaging.likeness import (
    SAME_FROM,
    Fingerprint,
    alike,
    fingerprint,
    likeness,
    piece_likenesses,
    same_side,
    strokes,
)
from scanflow.imaging.quality import HOLDING, Hint, find_filled_tail, find_white_tail, judge_quality
from scanflow.imaging.reduced import reduce_side
from scanflow.pages import Pose

from .paper import Sheet, blank_sheet, letter, register, scan

DPI = 200


def test_an_ordinary_scan_has_nothing_against_it(rng: np.random.Generator) -> None:
    quality = judge_quality(scan(letter(rng, dpi=DPI).array(), rng))
    assert quality.hints == frozenset() and quality.paper > 230 and 0 < quality.dark_share < 0.2


def test_clean_drawn_pages_and_blank_sheets_are_not_held(rng: np.random.Generator) -> None:
    white = Sheet(DPI, ink=(0, 0, 0), tone=(255, 255, 255))
    white.paragraph(rng, 30, 30, 150, 20)
    for page in (white.array(), blank_sheet(DPI), np.full((800, 600, 3), 255, np.uint8)):
        assert not judge_quality(page).hints & HOLDING


@pytest.mark.parametrize(
    ("page", "hint"),
    [
        (np.full((800, 600, 3), 10, np.uint8), Hint.NEARLY_BLACK),
        (np.zeros((800, 600, 3), np.uint8), Hint.CLIPPED),
        (np.full((800, 600, 3), 128, np.uint8), Hint.GREY_TAIL),
    ],
)
def test_scans_on_which_a_mark_could_hide_hold(page: np.ndarray, hint: Hint) -> None:
    hints = judge_quality(page).hints
    assert hint in hints and hints & HOLDING


def test_a_burnt_out_scan_is_clipped(rng: np.random.Generator) -> None:
    page = letter(rng, dpi=DPI).array().astype(np.float32)
    burnt = np.clip((page - 110) * 60, 0, 255).astype(np.uint8)
    assert Hint.CLIPPED in judge_quality(burnt).hints


def test_filled_and_padded_tails_are_counted(rng: np.random.Generator) -> None:
    page = rng.integers(100, 250, (500, 300, 3), np.uint8)
    assert find_filled_tail(page) == 0 and find_white_tail(page) == 0
    page[480:] = 128
    assert find_filled_tail(page) == 20
    page[480:] = 255
    assert find_white_tail(page) == 20 and find_filled_tail(page) == 0
    page[490:] = 128
    page[499, 3] = 127  # one pixel was seen: no decoder filled it
    assert find_filled_tail(page) == 0


def looks(pixels: np.ndarray, pose: Pose | None = None) -> tuple[Fingerprint, np.ndarray]:
    side = reduce_side(pixels, DPI)
    return fingerprint(side, pose), strokes(side, pose)


def taken_for_one(one: tuple[Fingerprint, np.ndarray], other: tuple[Fingerprint, np.ndarray]) -> bool:
    return alike(one[0], other[0]) and same_side(one[1], other[1])


def test_the_same_side_scanned_again_is_known(rng: np.random.Generator) -> None:
    page = letter(rng, dpi=DPI).array()
    first = looks(scan(page, rng, skew=0.8), Pose(0, 0.8))
    again = looks(scan(page, rng, skew=-0.4, turn=180), Pose(180, -0.4))
    assert taken_for_one(first, again)


def test_a_form_filled_in_differently_is_another_side(rng: np.random.Generator) -> None:
    form = register(rng, dpi=DPI)
    first = looks(scan(form.array(), rng))
    form.text(110, 232, "đã nhận đủ", "dejavu-sans", 13)
    form.text(110, 245, "ngày 12 tháng 5", "dejavu-sans", 13)
    other = looks(scan(form.array(), rng))
    assert alike(first[0], other[0]), "the coarse look cannot tell them apart"
    assert not taken_for_one(first, other)


def test_one_word_more_is_another_side(rng: np.random.Generator) -> None:
    page = letter(rng, dpi=DPI)
    first = looks(scan(page.array(), rng))
    page.text(120, 150, "Nguyễn Văn A", "dejavu-sans", 13)
    other = looks(scan(page.array(), rng))
    assert alike(first[0], other[0]), "the coarse look cannot tell them apart"
    pieces = list(piece_likenesses(first[1], other[1]))
    assert 0 < sum(each < SAME_FROM for each in pieces) < 12 < len(pieces)
    assert not taken_for_one(first, other)


def test_blank_sides_forms_and_other_letters_do_not_alarm(rng: np.random.Generator) -> None:
    blank = [looks(scan(blank_sheet(DPI), rng)) for _ in range(2)]
    assert not taken_for_one(*blank) and likeness(blank[0][0], blank[1][0]) == 0.0
    nothing = np.zeros((870, 620), np.uint8)
    assert not same_side(nothing, nothing), "where nothing is written nothing is the same"
    forms = [looks(scan(register(rng, dpi=DPI).array(), rng)) for _ in range(2)]
    assert not taken_for_one(*forms)
    letters = [looks(scan(letter(rng, dpi=DPI).array(), rng)) for _ in range(2)]
    assert not taken_for_one(*letters)


def code(text: str, scale: int = 8) -> np.ndarray:
    drawn = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    image = np.asarray(zxingcpp.write_barcode_to_image(drawn, scale=scale))
    return np.repeat((image if image.ndim == 2 else image[..., 0])[..., None], 3, axis=2)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_code_of_a_separator_is_read_at_every_turn(turn: int, rng: np.random.Generator) -> None:
    sheet = blank_sheet(DPI)
    small = code("SF1:HS-07:3:12")
    sheet[300 : 300 + small.shape[0], 500 : 500 + small.shape[1]] = small
    assert read_codes(scan(sheet, rng, skew=1.5, turn=turn, quality=80), DPI) == ["SF1:HS-07:3:12"]


def test_pages_without_codes_give_none_and_a_page_full_of_them_is_bounded(rng: np.random.Generator) -> None:
    assert read_codes(scan(letter(rng, dpi=DPI).array(), rng), DPI) == []
    sheet = blank_sheet(DPI)
    for index in range(12):
        small = code(f"SF1:{index}", 4)
        y, x = 100 + 500 * (index // 3), 100 + 450 * (index % 3)
        sheet[y : y + small.shape[0], x : x + small.shape[1]] = small
    assert 0 < len(read_codes(sheet, DPI)) <= MAX_CODES
    assert read_codes(cv2.cvtColor(sheet, cv2.COLOR_BGR2GRAY), None)


def test_every_refusal_of_the_room_says_what_to_do() -> None:
    causes = all_causes(ImageError)
    assert len({cause.code for cause in causes}) == len(causes) >= 11
    for cause in causes:
        said = cause(rows=1, width=2, height=3, pages=4)
        assert cause.code.startswith("IMG-") and len(said.say_vi) > 20 and len(said.say_en) > 20
