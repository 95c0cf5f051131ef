"""The page generator keeps to the norms, to its seeds and to Vietnamese."""

from __future__ import annotations

import random

import numpy as np
import pytest
from tools.pagegen import fonts, kept_out, page
from tools.pagegen.drawn import turned
from tools.pagegen.faces import cut_to_norm, engrave
from tools.pagegen.norms import LEVELS, NORMS
from tools.pagegen.page import Wanted
from tools.pagegen.strokes import hand_line
from tools.pagegen.text import SENTENCES, Prose

from scanflow.stamps.marks import MarkKind as K

ALL_FONTS = sorted(
    {
        *fonts.TRAIN_STAMP,
        *fonts.TRAIN_BODY,
        *fonts.TRAIN_HAND,
        *fonts.KEPT_STAMP,
        *fonts.KEPT_BODY,
        *fonts.KEPT_HAND,
    }
)


@pytest.mark.parametrize("stem", ALL_FONTS)
def test_every_font_can_write_vietnamese(stem: str) -> None:
    assert fonts.uncovered(fonts.find_font(stem)) == ""


@pytest.mark.parametrize("stem", fonts.LATIN_ONLY)
def test_a_font_without_vietnamese_has_the_letters_that_marks_are_cut_onto(stem: str) -> None:
    assert fonts.uncovered(fonts.find_font(stem), fonts.LATIN) == ""
    assert fonts.uncovered(fonts.find_font(stem)) != "", "it belongs to the other lists"


def test_a_font_that_is_not_there_is_refused_with_what_to_install() -> None:
    with pytest.raises(fonts.FontMissing, match="apt-get install"):
        fonts.find_font("NoSuchFace-Bold")


def test_the_kept_out_style_shares_no_font_with_training() -> None:
    kept = {*fonts.KEPT_STAMP, *fonts.KEPT_BODY, *fonts.KEPT_HAND}
    assert not kept & {*fonts.TRAIN_STAMP, *fonts.TRAIN_BODY, *fonts.TRAIN_HAND, *fonts.LATIN_ONLY}


def test_the_same_seed_draws_the_same_page_and_another_seed_another() -> None:
    one, two, other = page.draw(5, dpi=100), page.draw(5, dpi=100), page.draw(6, dpi=100)
    assert np.array_equal(one.pixels, two.pixels)
    assert [m.kind for m in one.labels] == [m.kind for m in two.labels]
    assert all(np.array_equal(a.quad, b.quad) for a, b in zip(one.labels, two.labels, strict=True))
    assert one.pixels.shape != other.pixels.shape or not np.array_equal(one.pixels, other.pixels)


def test_the_kept_out_style_is_deterministic_too() -> None:
    args = {"kinds": (K.TUYET_MAT, K.KHAN), "difficulty": "hard", "company": True, "dpi": 100}
    one, two = kept_out.draw(9, **args), kept_out.draw(9, **args)
    assert np.array_equal(one.pixels, two.pixels)
    assert {K.TUYET_MAT, K.KHAN} <= {m.kind for m in one.labels}


def test_the_kept_out_style_writes_the_whole_level_with_its_pen(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[list[str]] = []
    write = kept_out._pen_plate

    def spy(lines: list[str], *args: object) -> object:
        written.append(lines)
        return write(lines, *args)

    monkeypatch.setattr(kept_out, "_pen_plate", spy)
    blank = np.full((40, 40, 3), 255, np.uint8)
    work = kept_out._Work(np.random.default_rng(1), Prose(random.Random(1)), blank, 4.0, 0.2, [])
    for _ in range(200):
        kept_out._plate(K.TUYET_MAT, work, work.ppm, pen=True)
    assert len(written) == 200
    assert {line for lines in written for line in lines} == {"TUYỆT MẬT", "TUYET MAT"}


@pytest.mark.parametrize("kind", [k for k in NORMS if k is not K.SEAL])
def test_a_mark_cut_to_norm_has_the_norms_size_and_ink_inside_it(kind: K) -> None:
    ppm = 8.0
    norm = NORMS[kind][0]
    plate = engrave(cut_to_norm(kind, Prose(random.Random(1))), ppm, np.random.default_rng(1))
    size = np.ptp(plate.quad, axis=0) / ppm
    assert size == pytest.approx((norm.width_mm, norm.height_mm))
    ys, xs = np.nonzero(plate.mask > 0.5)
    ink = np.array([np.ptp(xs) + 1, np.ptp(ys) + 1]) / ppm
    assert ink == pytest.approx((norm.width_mm, norm.height_mm), abs=0.4)


def test_a_level_has_two_border_lines_a_millimetre_apart_and_an_urgency_stamp_one() -> None:
    ppm = 20.0

    def lines_from_the_left(kind: K) -> list[float]:
        plate = engrave(cut_to_norm(kind, Prose(random.Random(1))), ppm, np.random.default_rng(1))
        row = plate.mask[plate.mask.shape[0] // 2] > 0.5
        starts = np.nonzero(np.diff(row.astype(int)) == 1)[0]
        return [float(s) / ppm for s in starts[starts < (2 + 1.9) * ppm]]

    for level in LEVELS:
        left = lines_from_the_left(level)
        assert len(left) >= 2
        assert left[1] - left[0] == pytest.approx(1.0, abs=0.1)
    assert len(lines_from_the_left(K.THUONG_KHAN)) == 1


def test_the_three_urgency_stamps_share_the_widths_of_the_three_levels() -> None:
    assert (
        [NORMS[k][0].width_mm for k in (K.THUONG_KHAN, K.HOA_TOC, K.KHAN)]
        == [NORMS[k][0].width_mm for k in LEVELS]
        == [40, 30, 20]
    )


def test_labels_lie_on_their_ink_at_every_turn() -> None:
    seen = []
    for seed in range(40, 60):
        drawn = page.draw(seed, dpi=100, wanted=Wanted((K.TUYET_MAT,), "easy", company=False))
        (mark,) = drawn.labels
        middle = mark.quad.mean(0)  # a corner of an askew mark may lie beyond the edge of the paper
        assert (middle > 0).all() and (middle < np.array(drawn.pixels.shape[1::-1])).all()
        seen.append((drawn.turn, mark.legibility > 0.3))
    assert {turn for turn, _ in seen} == {0, 90, 180, 270}
    assert sum(there for _, there in seen) >= 17, "plates are seen where the labels say; a few are faint or bilevel"


def test_corners_turn_with_the_page() -> None:
    canvas = np.zeros((40, 60, 3), np.uint8)
    canvas[10, 50] = 255
    for quarters in range(4):
        pixels, (quad,) = turned(canvas, [np.array([[50.5, 10.5]] * 4)], quarters)
        x, y = np.floor(quad[0]).astype(int)
        assert pixels[y, x, 0] == 255


def test_a_hand_never_writes_the_same_line_twice() -> None:
    rng = np.random.default_rng(3)
    one, two = hand_line("TUYỆT MẬT", 40, rng), hand_line("TUYỆT MẬT", 40, rng)
    assert one.shape != two.shape or not np.array_equal(one, two)
    assert 0.02 < float((one > 0.5).mean()) < 0.6


def test_bodies_hold_the_false_friends() -> None:
    everything = " ".join(SENTENCES).lower()
    assert all(word in everything for word in ("tuyệt mật", "mật khẩu", "mặt trận", "mật độ", "bí mật nhà nước"))


@pytest.mark.parametrize("seed", range(3))
def test_a_pile_is_two_marks_in_one_place(seed: int) -> None:
    wanted = Wanted((), "easy", company=False, piles=((K.TUYET_MAT, K.HOA_TOC),))
    labels = page.draw(seed, dpi=100, wanted=wanted).labels
    assert [m.kind for m in labels] == [K.TUYET_MAT, K.HOA_TOC]
    lower, upper = (m.quad.mean(0) for m in labels)
    assert np.hypot(*(lower - upper)) < 30 / 25.4 * 100


@pytest.mark.parametrize("seed", range(3))
def test_a_penned_mark_is_written_by_hand(seed: int) -> None:
    drawn = page.draw(seed, dpi=100, wanted=Wanted((), "easy", company=False, penned=(K.TUYET_MAT, K.MAT)))
    assert [(m.kind, m.handwritten) for m in drawn.labels] == [(K.TUYET_MAT, True), (K.MAT, True)]


@pytest.mark.parametrize("seed", range(3))
def test_covered_words_are_no_marks(seed: int) -> None:
    drawn = page.draw(seed, dpi=100, wanted=Wanted((), "easy", company=False, covered_words=3))
    assert not {m.kind for m in drawn.labels} & set(LEVELS)
    assert drawn.labels, "something lies upon them"
