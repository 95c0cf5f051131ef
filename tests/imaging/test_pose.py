"""How a side lies: skew and turn on pages in faces and layouts that nothing was tuned on."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from scanflow.imaging.reduced import reduce_side
from scanflow.imaging.skew import MAX_SKEW_DEG, find_lines
from scanflow.imaging.straight import moved, straighten, turned, upright_matrix
from scanflow.imaging.upright import SURE, find_orientation
from scanflow.pages import Pose

from .paper import Sheet, blank_sheet, letter, register, scan, sparse

DPI = 200
LAYOUTS = {"letter": letter, "register": register, "sparse": sparse}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    ("font", "turn", "skew"),
    [
        ("dejavu-serif", 0, -3.1),
        ("dejavu-sans", 90, 1.7),
        ("dejavu-serif", 180, 4.2),
        ("liberation-sans", 270, -0.6),
    ],
)
def test_turn_and_skew_are_found(layout: str, font: str, turn: int, skew: float, rng: np.random.Generator) -> None:
    page = scan(LAYOUTS[layout](rng, font, DPI).array(), rng, skew=skew, turn=turn, bed=30 if turn else 250)
    found = find_orientation(reduce_side(page, DPI))
    assert found.pose.turn == turn
    assert found.pose.skew_deg is not None and abs(found.pose.skew_deg - skew) < 0.15
    assert not found.second_opinion


def test_a_straightened_page_is_upright_and_level(rng: np.random.Generator) -> None:
    page = scan(letter(rng, "dejavu-sans", DPI).array(), rng, skew=2.4, turn=270)
    pose = find_orientation(reduce_side(page, DPI)).pose
    flat = straighten(page, pose)
    again = find_orientation(reduce_side(flat, DPI)).pose
    assert flat.shape[0] > flat.shape[1]
    assert again.turn == 0 and again.skew_deg is not None and abs(again.skew_deg) < 0.1


def test_a_lean_beyond_the_clamp_is_unknown_not_wrong(rng: np.random.Generator) -> None:
    for skew in (5.6, 6.4):
        page = scan(letter(rng, "dejavu-serif", DPI).array(), rng, skew=skew)
        assert find_lines(reduce_side(page, DPI)).skew_deg is None
    edge = find_lines(reduce_side(scan(letter(rng, "dejavu-serif", DPI).array(), rng, skew=4.8), DPI)).skew_deg
    assert edge is not None and abs(edge) <= MAX_SKEW_DEG


@pytest.mark.parametrize(
    "pixels",
    [
        blank_sheet(DPI),
        np.zeros((1000, 700, 3), np.uint8),
        np.full((64, 64, 3), 255, np.uint8),
        np.full((1000, 700, 3), (0, 0, 255), np.uint8),
    ],
    ids=["blank", "black", "tiny", "red"],
)
def test_nothing_to_go_by_means_no_skew_and_no_confidence(pixels: np.ndarray) -> None:
    found = find_orientation(reduce_side(pixels, DPI))
    assert found.pose == Pose(0, None) and found.confidence == 0.0


def test_noise_is_never_sure_of_its_skew(rng: np.random.Generator) -> None:
    noise = rng.integers(0, 255, (2339, 1654, 3), np.uint8)
    assert find_lines(reduce_side(noise, DPI)).skew_deg is None


def test_the_line_reader_is_asked_on_doubt_only_and_decides(rng: np.random.Generator) -> None:
    asked: list[tuple[int, ...]] = []

    def reads(upright: float, upside_down: float):
        calls = iter([upright, upside_down] * 3)

        def read(line: np.ndarray) -> float:
            asked.append(line.shape)
            return next(calls)

        return read

    sheet = Sheet(DPI)  # figures only: nothing above or below the letters
    sheet.text(40, 60, "1000 2000 1200 1700 2011 2001", "dejavu-sans", 13)
    sheet.text(40, 70, "2012 1102 2100 1021 1201 1002", "dejavu-sans", 13)
    page = reduce_side(scan(sheet.array(), rng), DPI)
    alone = find_orientation(page)
    assert alone.confidence < SURE
    flipped = find_orientation(page, reads(0.1, 0.9))
    kept = find_orientation(page, reads(0.9, 0.1))
    assert (flipped.pose.turn, kept.pose.turn) == (180, 0)
    assert flipped.second_opinion and kept.second_opinion and asked
    asked.clear()
    plain = find_orientation(reduce_side(scan(letter(rng, "dejavu-serif", DPI).array(), rng), DPI), reads(0.0, 1.0))
    assert plain.pose.turn == 0 and not asked


def test_votes_of_another_witness_count_where_the_letters_leave_doubt(rng: np.random.Generator) -> None:
    sheet = Sheet(DPI)
    sheet.text(40, 60, "1000 2000 1200 1700 2011 2001", "dejavu-sans", 13)
    page = reduce_side(scan(sheet.array(), rng), DPI)
    assert find_orientation(page, votes=(0.02, 0.01, 0.96, 0.01)).pose.turn == 180
    assert find_orientation(page, votes=(0.96, 0.01, 0.02, 0.01)).pose.turn == 0
    text = reduce_side(scan(letter(rng, "dejavu-serif", DPI).array(), rng), DPI)
    assert find_orientation(text, votes=(0.2, 0.3, 0.3, 0.2)).pose.turn == 0


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("skew", [None, -3.0, 2.0])
def test_points_move_with_their_pixels(turn: int, skew: float | None) -> None:
    page = np.full((400, 300, 3), 255, np.uint8)
    cv2.circle(page, (90, 250), 4, (0, 0, 0), -1)
    pose = Pose(turn, skew)
    flat = straighten(page, pose)
    assert flat.shape == turned(page, turn).shape
    ys, xs = np.nonzero(flat[..., 0] < 100)
    expected = moved(np.array([[90.0, 250.0]]), upright_matrix(300, 400, pose))[0]
    assert abs(xs.mean() - expected[0]) < 1.5 and abs(ys.mean() - expected[1]) < 1.5
