"""Frames by their shape: sizes, borders, inks; and boxes that are no frames of a stamp."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from imaging.paper import RED, Sheet, blank_sheet, letter, press, register, round_stamp, scan, stamp
from scanflow.imaging.reduced import reduce_side
from scanflow.stamps.geometry import MAX_FRAMES, Border, Frame, find_frames

DPI = 300
BLACK = (40, 40, 45)


def frames(sheet: Sheet | np.ndarray, rng: np.random.Generator, skew: float = 0.0, turn: int = 0) -> list[Frame]:
    pixels = sheet.array() if isinstance(sheet, Sheet) else sheet
    return find_frames(reduce_side(scan(pixels, rng, skew=skew, turn=turn), DPI))


@pytest.mark.parametrize("ink", [RED, BLACK, (30, 40, 150)], ids=["red", "black", "blue"])
@pytest.mark.parametrize(
    ("width", "double", "turn"), [(40, True, 0), (30, True, 90), (20, True, 180), (40, False, 270)]
)
def test_sizes_and_borders_are_measured(ink, width, double, turn, rng) -> None:  # type: ignore[no-untyped-def]
    sheet = Sheet(DPI)
    corners = press(sheet, stamp(["MẬT"], width, 8, DPI, double, ink=ink), 120, 200, 2.0)
    found = frames(sheet, rng, turn=turn)
    assert len(found) == 1
    frame = found[0]
    assert abs(frame.width_mm - width) < 0.8 and abs(frame.height_mm - 8) < 0.6
    assert frame.border is (Border.DOUBLE if double else Border.SINGLE)
    assert frame.coloured is (ink != BLACK)
    if turn == 0:
        assert np.abs(np.array(frame.quad) - np.array(corners)).max() < 8


@pytest.mark.parametrize(("diameter", "border"), [(15, Border.ROUND_DOUBLE), (35, Border.ROUND_DOUBLE)])
def test_circles_are_told_by_their_diameter(diameter: float, border: Border, rng: np.random.Generator) -> None:
    sheet = Sheet(DPI)
    press(sheet, round_stamp("A", diameter, DPI), 100, 100, 12)
    (frame,) = frames(sheet, rng, skew=1.0)
    assert frame.border is border and abs(frame.width_mm - diameter) < 1


def test_a_stamp_over_print_is_found_by_its_colour(rng: np.random.Generator) -> None:
    sheet = letter(rng, dpi=DPI)
    press(sheet, stamp(["TUYỆT MẬT"], 40, 8, DPI), 60, 68, 1.5)
    assert any(f.coloured and abs(f.width_mm - 40) < 1 for f in frames(sheet, rng))


def test_letters_tables_and_bare_paper_have_no_frames_of_stamps(rng: np.random.Generator) -> None:
    for page in (letter(rng, dpi=DPI), blank_sheet(DPI)):
        assert frames(page, rng) == []
    assert all(frame.border is Border.SINGLE for frame in frames(register(rng, dpi=DPI), rng, skew=0.7))


def test_a_page_full_of_frames_stops_at_one_over_the_limit() -> None:
    page = np.full((3508, 2480, 3), 250, np.uint8)
    for row in range(40):
        for column in range(9):
            x, y = 30 + 270 * column, 30 + 86 * row
            cv2.rectangle(page, (x, y), (x + 240, y + 72), (40, 30, 200), 3)
    assert len(find_frames(reduce_side(page, DPI))) == MAX_FRAMES + 1
