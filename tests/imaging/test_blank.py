"""Blank or written: pencil, a page number, a faint stamp, show-through, holes, folds."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import ImageDraw

from scanflow.imaging.blank import label_of, measure_blank
from scanflow.imaging.reduced import Reduced, reduce_side
from scanflow.pages import SideLabel

from .paper import Sheet, blank_sheet, letter, press, scan, stamp

DPI = 200


def verso(content: str, holes: bool = False, fold: bool = False) -> np.ndarray:
    sheet = Sheet(DPI, tone=(244, 243, 238))
    draw = ImageDraw.Draw(sheet.pixels)
    if content == "pencil":
        wave = [(sheet.px(60 + 1.2 * i), sheet.px(100 + 6 * np.sin(i / 3) + i % 3)) for i in range(40)]
        draw.line(wave, fill=(205, 204, 202), width=3)
    elif content == "number":
        sheet.text(105, 14, "14", "dejavu-serif", 12, anchor="ma")
    elif content == "words":
        sheet.text(80, 150, "đã xem", "dejavu-sans", 12, ink=(120, 120, 160))
    elif content == "stamp":
        press(sheet, stamp(["ĐẾN"], 20, 8, DPI), 120, 50, 3, 0.35)
    if holes:
        for y in (108, 188):
            draw.ellipse([sheet.px(v) for v in (9, y - 3, 15, y + 3)], fill=(40, 40, 40))
    if fold:
        sheet.rule(0, 148, 210, 148.6, 0.5, ink=(224, 223, 217))
    return sheet.array()


def shining_through(page: np.ndarray, front: np.ndarray, strength: float) -> np.ndarray:
    ghost = cv2.GaussianBlur(255 - cv2.cvtColor(front, cv2.COLOR_BGR2GRAY), (0, 0), 4.5)[:, ::-1] * strength
    return np.clip(page.astype(np.float32) - ghost[..., None], 0, 255).astype(np.uint8)


@pytest.mark.parametrize("holes", [False, True])
@pytest.mark.parametrize("fold", [False, True])
def test_bare_paper_is_blank_with_holes_folds_and_a_light_bed(
    holes: bool, fold: bool, rng: np.random.Generator
) -> None:
    side = reduce_side(scan(verso("", holes, fold), rng, skew=1.4, quality=85), DPI)
    assert measure_blank(side).label is SideLabel.BLANK


@pytest.mark.parametrize("content", ["pencil", "number", "words", "stamp"])
def test_little_writing_is_content(content: str, rng: np.random.Generator) -> None:
    side = reduce_side(scan(verso(content, holes=True), rng, skew=-1.1, quality=85), DPI)
    assert measure_blank(side).label is SideLabel.CONTENT


def test_the_recto_takes_show_through_off_and_leaves_the_pencil(rng: np.random.Generator) -> None:
    front = letter(rng, "dejavu-serif", DPI).array()
    recto = reduce_side(scan(front, rng, skew=-1.0), DPI)

    def back(content: str) -> Reduced:
        return reduce_side(scan(shining_through(verso(content), front, 0.10), rng, skew=1.0, quality=85), DPI)

    bare = back("")
    assert measure_blank(bare).label is SideLabel.CONTENT  # without the recto nobody can know
    with_recto = measure_blank(bare, recto)
    assert with_recto.label is SideLabel.BLANK and with_recto.recto_used
    assert measure_blank(back("pencil"), recto).label is SideLabel.CONTENT


def test_a_recto_that_does_not_fit_takes_nothing_off(rng: np.random.Generator) -> None:
    page = reduce_side(scan(letter(rng, "dejavu-sans", DPI).array(), rng), DPI)
    for other in (blank_sheet(DPI), blank_sheet(DPI)[:900], letter(rng, "dejavu-sans", DPI).array()):
        assert measure_blank(page, reduce_side(other, DPI)).label is SideLabel.CONTENT


@pytest.mark.parametrize(
    ("score", "label"),
    [
        (0.0, "blank"),
        (0.49, "blank"),
        (0.5, "unsure"),
        (2.49, "unsure"),
        (2.5, "content"),
        (999.0, "content"),
    ],
)
def test_the_two_bounds(score: float, label: str) -> None:
    assert label_of(score).value == label


@pytest.mark.parametrize("tone", [0, 255])
def test_uniform_images_are_measured_in_bounded_time(tone: int) -> None:
    measure_blank(reduce_side(np.full((500, 400, 3), tone, np.uint8), DPI))


def test_noise_is_not_blank(rng: np.random.Generator) -> None:
    noise = rng.integers(0, 255, (1500, 1000, 3), np.uint8)
    assert measure_blank(reduce_side(noise, DPI)).label is not SideLabel.BLANK
