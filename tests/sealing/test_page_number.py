"""The second look at the margins: it finds a printed page number where one stands, and makes none up."""

from __future__ import annotations

from collections import Counter
from functools import cache

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.pagegen import numbered
from tools.pagegen.sheet import Sheet

from scanflow.imaging.reduced import reduce_side
from scanflow.imaging.skew import find_lines
from scanflow.levels import Level
from scanflow.ocr.engine import OCR_DPI, OcrEngine
from scanflow.ocr.geometry import upright
from scanflow.ocr.margin import agreed, lone_groups, parse_page_number, pictures
from scanflow.ocr.text import Line, TextLayer, Word
from scanflow.ocr.wire import decode_layer, encode_layer
from scanflow.pages import Face, Image, Pose, SideLabel
from scanflow.sealing import LentPage
from scanflow.sealing.ocr import OcrPool
from scanflow.sealing.vault import Clearance

from .paper import as_jpeg

PPM = OCR_DPI / 25.4
TEXT = "Căn cứ Luật Tổ chức chính quyền địa phương và các quy định hiện hành về lưu trữ"


def page(
    *lines: tuple[float, float, str, float], top: float = 22.0, bottom: float = 270.0, width: float = 210.0
) -> Image:
    """An upright grey A4 page: lines of text from ``top`` to ``bottom`` mm, and others at (middle x, top y, text, pt)."""
    sheet = Sheet(width, 297, PPM)
    for x, y, text, points in lines:
        sheet.text(x, y, text, "Tinos-Regular", points, align="centre")
    y = top
    while y < bottom:
        sheet.text(30, y, TEXT, "Tinos-Regular", 13)
        y += 6.5
    return (250 - 225 * sheet.layer("black")).astype(np.uint8)


@cache
def engine() -> OcrEngine:
    return OcrEngine()


def number_of(image: Image) -> int | None:
    return engine().page_number(image, OCR_DPI)


# ------------------------------------------------------------------------------------------------- what was read


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", 3), (" - 3 - ", 3), ("– 12 –", 12), ("~26-", 26), ("Trang 4", 4), ("trang 4/12", 4), ("5⁄28", 5), ("3.", 3),
        ("0", None), ("", None), ("3 4", None), ("Số 3", None), ("III", None), ("12345", None), ("3a", None),
    ],
)  # fmt: skip
def test_reading_a_page_number(text: str, number: int | None) -> None:
    assert parse_page_number(text) == number


@pytest.mark.parametrize(
    ("readings", "number"),
    [
        (("7", "7", "1"), 7),
        (("- 7 -", "T", "7"), 7),
        (("7", "1", "4"), None),
        (("7", "T", ""), None),  # one reading alone is not believed
        (("7", "7", "1", "1"), None),
        (("2024", "2024", "2024"), None),  # a year
        ((), None),
    ],
)
def test_two_readings_must_agree(readings: tuple[str, ...], number: int | None) -> None:
    assert agreed(readings) == number


@given(
    st.lists(
        st.one_of(st.integers(1, 5000).map(str), st.sampled_from(("3", "- 3 -", "8", "Trang 8", "T", ""))), max_size=5
    )
)
def test_what_is_agreed_was_read_twice_and_by_most(readings: list[str]) -> None:
    votes = Counter(filter(None, map(parse_page_number, readings)))
    found = agreed(readings)
    if found is not None:
        assert votes[found] >= 2 and all(votes[found] > count for other, count in votes.items() if other != found)
    else:
        best = [number for number, count in votes.most_common() if count == max(votes.values())]
        assert not votes or max(votes.values()) < 2 or len(best) > 1 or best[0] > 999


# ---------------------------------------------------------------------------------------------- where it stands


@pytest.mark.parametrize(
    ("line", "bottom"),
    [
        ((105, 12, "3", 13), 270),
        ((112, 13, "17", 14), 270),
        ((105, 10, "- 4 -", 12), 270),
        ((105, 282, "5", 13), 260),  # letters from before NĐ 30/2020: at the foot,
        ((190, 282, "6", 13), 260),  # or in its right corner
    ],
)
def test_a_lone_group_is_found_where_it_stands(line: tuple[float, float, str, float], bottom: float) -> None:
    (group,) = lone_groups(page(line, bottom=bottom), OCR_DPI)
    x, y, text, points = line
    assert abs((group.left + group.right) / 2 - x * PPM) <= 3
    assert y * PPM <= group.top < group.bottom <= (y + points * 0.45) * PPM
    assert number_of(page(line, bottom=bottom)) == parse_page_number(text)
    assert len(tuple(pictures(page(line, bottom=bottom), group))) == 3


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ((30, 12, "3", 13),),  # at the left
        ((195, 8, "3", 14),),  # the sheet's own number, in the corner
        ((105, 18.2, "3", 13),),  # right above the text: a line of it
        ((105, 12, "3", 24),),  # as large as a pen writes
        ((105, 12, "III", 13),),
        ((105, 12, "PHỤ LỤC 3", 13),),
        ((105, 12, "2024", 13),),
        ((95, 12, "3", 13), (115, 12, "4", 13)),
        ((105, 12, "Số 3", 13),),
    ],
)
def test_what_is_no_page_number_is_none(lines: tuple[tuple[float, float, str, float], ...]) -> None:
    assert number_of(page(*lines)) is None


def test_the_number_is_found_beside_a_dark_bed_and_the_edge_of_the_sheet() -> None:
    image = page((105, 12, "3", 13))
    image[:40], image[:, -60:] = 12, 12
    assert number_of(image) == 3
    image[:40] = 250
    image[18:22] = 60
    assert number_of(image) == 3


@pytest.mark.parametrize(
    "image", [np.zeros((9, 9), np.uint8), np.full((300, 20), 255, np.uint8)], ids=["tiny", "narrow"]
)
def test_a_sheet_without_margins_has_none(image: Image) -> None:
    assert number_of(image) is None


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_noise_is_no_number(seed: int) -> None:
    rng = np.random.default_rng(seed)
    image = rng.integers(0, 256, (300, 400), np.uint8)
    image = cv2.resize(image, None, fx=2, fy=2, interpolation=cv2.INTER_NEAREST).astype(np.uint8)
    assert list(lone_groups(image, 50)) == [] or number_of(image) is None


# ------------------------------------------------------------------------------------------------ golden pictures

GOLDEN = (2, 3, 5, 6, 7, 8, 9, 11)
"""Drawn sides of the training style, scanned askew, photocopied, on dark and light beds; docs/counting.md has the figures."""


def test_drawn_sides_are_read_as_ever() -> None:
    found = {}
    for seed in GOLDEN:
        side = numbered.draw(seed, "training")
        skew = find_lines(reduce_side(side.pixels, numbered.DPI)).skew_deg
        grey = cv2.cvtColor(side.pixels, cv2.COLOR_BGR2GRAY).astype(np.uint8)
        found[seed] = (side.kind, side.number, number_of(upright(grey, numbered.DPI, Pose(0, skew), OCR_DPI)))
    assert {kind for kind, _, _ in found.values()} >= {"number", "foot", "stamp"}, (
        "the drawings are others than they were"
    )
    assert {seed: read for seed, (_, _, read) in found.items()} == {
        seed: truth for seed, (_, truth, _) in found.items()
    }


# ------------------------------------------------------------------------------------------------- in the worker


def test_a_confined_worker_reads_it_and_the_text_layer_stays_without_it() -> None:
    pixels = cv2.cvtColor(page((105, 12, "7", 13), bottom=60), cv2.COLOR_GRAY2BGR).astype(np.uint8)
    lent = LentPage(
        1, Face.RECTO, as_jpeg(pixels), True, 1, 1, OCR_DPI, Clearance(Pose(0, 0.0), SideLabel.CONTENT, Level.MAT)
    )
    with OcrPool(1) as pool:
        outcome = pool.read([lent])
    layer = outcome.layers[1, Face.RECTO]
    assert layer.page_number == 7
    assert "Căn cứ" in layer.text


@given(st.one_of(st.none(), st.integers(1, 999)))
def test_it_crosses_the_wire(number: int | None) -> None:
    layer = TextLayer(200, (Line(30.0, 8.0, (Word("chữ", 5.0, 85.0),)),), number)
    assert decode_layer(encode_layer(layer)) == layer
