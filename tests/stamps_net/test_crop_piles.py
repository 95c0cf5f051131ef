"""Crops laid over crops while the classifier learns: what the pile is called, and what it shows of TUYỆT MẬT."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.stamps import crops
from tools.stamps.crop_piles import MARK, Crop, piled
from tools.stamps.crops import BACKGROUND, CropPool, keep_crops
from tools.stamps.data import FAINTEST, KINDS, TALL, UNKNOWN, WIDE

TUYET_MAT, KHAN = KINDS.index("TUYET_MAT"), KINDS.index("KHAN")


def framed(tone: int = 235, ink: tuple[int, int, int] = (40, 40, 190)) -> np.ndarray:
    view = np.full((TALL, WIDE, 3), tone, np.uint8)
    (left, top), (right, bottom) = MARK.min(0).astype(int), MARK.max(0).astype(int)
    cv2.rectangle(view, (left, top), (right, bottom), ink, 2)
    cv2.line(view, (left + 30, int(MARK[:, 1].mean())), (right - 30, int(MARK[:, 1].mean())), ink, 5)
    return view


def blot() -> np.ndarray:
    view = np.full((TALL, WIDE, 3), 235, np.uint8)
    view[40:-40, 30:-30] = 20
    return view


HIGHEST = Crop(framed(), TUYET_MAT, 0.9, 0.9)
OTHER = Crop(framed(ink=(30, 30, 30)), KHAN, 0.8, 0.0)
GROUND = Crop(framed(ink=(60, 60, 60)), BACKGROUND, 1.0, 0.0)


@given(st.integers(0, 10_000), st.sampled_from((HIGHEST, OTHER, GROUND)), st.sampled_from((HIGHEST, OTHER, GROUND)))
def test_a_pile_is_darker_and_has_the_name_of_what_lies_below(seed: int, below: Crop, above: Crop) -> None:
    pile = piled(below, above, np.random.default_rng(seed))
    assert (pile.pixels <= below.pixels).all()
    assert (pile.pixels < 0.6 * below.pixels).any()
    assert pile.kind == below.kind
    assert FAINTEST <= pile.seen <= below.seen
    assert pile.top <= max(below.top, above.top)


def tops(below: Crop, above: Crop) -> np.ndarray:
    return np.array([piled(below, above, np.random.default_rng(seed)).top for seed in range(200)])


def test_what_lies_over_the_highest_level_takes_of_its_legibility_and_never_its_name() -> None:
    under = tops(HIGHEST, OTHER)
    assert (under > FAINTEST).all(), "thin strokes do not hide it"
    assert (under < HIGHEST.top).mean() > 0.8
    for seed in range(200):
        pile = piled(HIGHEST, OTHER, np.random.default_rng(seed))
        assert pile.top == pytest.approx(pile.seen)


def test_the_highest_level_laid_over_another_mark_is_shown_or_where_it_is_cut_off_not_taught() -> None:
    over = tops(OTHER, HIGHEST)
    assert ((over == 0) | (over == UNKNOWN) | (over >= FAINTEST)).all()
    assert (over >= FAINTEST).mean() > 0.6
    assert (over == UNKNOWN).any(), "half of it lies outside at times"
    assert (tops(OTHER, OTHER) == 0).all()
    assert (tops(OTHER, GROUND) == 0).all()


def test_what_is_not_known_of_either_stays_unknown_unless_the_other_shows_it() -> None:
    doubtful = Crop(framed(), KHAN, 0.8, UNKNOWN)
    assert (tops(doubtful, OTHER) == UNKNOWN).all()
    assert (tops(OTHER, doubtful) == UNKNOWN).all()
    shown = tops(doubtful, HIGHEST)
    assert ((shown == UNKNOWN) | (shown >= FAINTEST)).all()
    assert (shown >= FAINTEST).mean() > 0.6


def test_a_blot_leaves_the_mark_as_it_was_or_what_is_left_of_it() -> None:
    faint = Crop(framed(), TUYET_MAT, 0.2, 0.2)
    piles = [piled(faint, Crop(blot(), BACKGROUND, 1.0, 0.0), np.random.default_rng(seed)) for seed in range(100)]
    assert all(pile.seen >= FAINTEST for pile in piles), "nothing is named that cannot be read"
    assert any(pile is faint for pile in piles)
    under = tops(Crop(framed(), KHAN, 0.9, 0.2), OTHER)
    assert (under == UNKNOWN).any(), "a highest level that is covered too far is not taught as there"
    assert not (under == 0).any(), "nor as absent"


def stored(folder: Path, kinds: list[int]) -> CropPool:
    inks = {TUYET_MAT: (40, 40, 190), KHAN: (30, 30, 30), BACKGROUND: (190, 60, 60)}
    keep_crops(
        folder / "1.mined.npz",
        [framed(ink=inks[k]) for k in kinds],
        kinds=np.array(kinds),
        seen=np.full(len(kinds), 0.9),
        mistaken=np.zeros(len(kinds), bool),
        tops=np.array([0.9 if k == TUYET_MAT else 0.0 for k in kinds]),
    )
    pool = CropPool(folder, 3)
    pool.refresh(skip=20)
    pool.by_kind = pool.mined
    return pool


def test_while_learning_marks_lie_under_the_highest_level_but_ground_only_under_ground(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = stored(tmp_path, [TUYET_MAT, KHAN, BACKGROUND])
    monkeypatch.setattr(crops, "SHARE_OF_PILES", 0.0)
    _, kinds, _, _, top = pool.batch(200)
    assert (top[kinds != TUYET_MAT] == 0).all()
    monkeypatch.setattr(crops, "SHARE_OF_PILES", 1.0)
    _, kinds, _, _, top = pool.batch(200)
    assert (top[kinds == KHAN] > 0).mean() > 0.2
    assert (kinds == BACKGROUND).sum() > 30
    assert (top[kinds == BACKGROUND] == 0).all(), "a mark over ground would be a mark"
