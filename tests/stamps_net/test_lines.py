"""What the line reader learns from: crops that show what their letters say, and proposals that say something else."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from tools.pagegen import desk
from tools.pagegen.page import draw_patch
from tools.pagegen.text import Prose
from tools.stamps.crops import encode, keep_crops
from tools.stamps.data import KINDS, TALL, WIDE
from tools.stamps.lines import (
    FIRST_BATCHES,
    FIXED_LETTERS,
    Dictated,
    LinePool,
    draw_line,
    draw_pack,
    grounds_in,
    type_line,
    words_for,
)
from tools.stamps.spelling import ALPHABET, HIGHEST_WORD

from scanflow.stamps.crops import CROP_HEIGHT, CROP_WIDTH
from scanflow.stamps.marks import MarkKind as K


def crop(shade: int) -> np.ndarray:
    return np.full((TALL, WIDE, 3), shade, np.uint8)


def proposals(pool: Path, name: str, *rows: tuple[str, float, float]) -> None:
    """Mined crops: kind, legibility, what they show of the highest level."""
    kinds, seen, tops = zip(*rows, strict=True)
    keep_crops(
        pool / f"{name}.mined.npz",
        [crop(9)] * len(rows),
        kinds=np.array([KINDS.index(kind) for kind in kinds]),
        seen=np.array(seen),
        tops=np.array(tops),
        mistaken=np.zeros(len(rows), bool),
    )


def test_a_line_is_the_same_each_time_and_says_capitals() -> None:
    drawn = [line for seed in range(12) if (line := draw_line(seed, [])) is not None]
    assert len(drawn) >= 9
    for line in drawn:
        assert line.crop.shape == (TALL, WIDE, 3) and line.letters and set(line.letters) <= set(ALPHABET)
        assert 0.13 <= line.seen <= 1.0
    again = next(line for seed in range(12) if (line := draw_line(seed, [])) is not None)
    assert np.array_equal(again.crop, drawn[0].crop) and again.letters == drawn[0].letters
    assert any(line.letters == HIGHEST_WORD for line in drawn) and any(line.letters != HIGHEST_WORD for line in drawn)


def test_a_stamp_of_no_kind_says_what_it_is_told() -> None:
    rng, told = np.random.default_rng(4), Dictated(random.Random(1), "MAU THU")
    page = draw_patch(rng, K.OTHER, told, ground=desk.paper(496, 272, rng), cover=K.SEAL)
    assert [label.kind for label in page.labels] == [K.OTHER, K.SEAL]
    assert told.boxed() == "MAU THU"
    middle = page.labels[0].quad.mean(0)
    assert np.abs(middle - np.array(page.pixels.shape[1::-1]) / 2).max() < 30


def test_words_are_false_friends_of_all_sorts() -> None:
    rng = np.random.default_rng(2)
    words = {words_for(rng, Prose(random.Random(seed))) for seed in range(300)}
    assert len(words) > 150 and all(words)


def test_type_is_clean_and_whole() -> None:
    rng = np.random.default_rng(3)
    for _ in range(40):
        pixels, letters = type_line(rng)
        assert pixels.shape == (CROP_HEIGHT, CROP_WIDTH, 3) and pixels.dtype == np.uint8
        assert letters and set(letters) <= set(ALPHABET)
        assert pixels.std() > 4


def test_a_pool_knows_letters_or_that_they_are_not_the_highest_ones(tmp_path: Path) -> None:
    keep_crops(tmp_path / "3.lines.npz", [crop(1)], letters=np.array(["DATLOC"]), seen=np.array([0.9]))
    proposals(
        tmp_path,
        "5",
        ("TUYET_MAT", 0.5, 0.5),
        ("KHAN", 0.8, 0.6),  # the highest level lies under it
        ("KHAN", 0.8, 0.0),
        ("KHAN", 0.8, -1.0),  # some of the highest level is in the picture: nothing is taught
        ("ENVELOPE_A", 0.7, 0.7),
        ("BACKGROUND", 1.0, 0.0),
    )
    pool = LinePool(tmp_path, 1)
    assert pool.refresh(skip=20) == 5
    assert pool.refresh(skip=20) == 5
    assert [(word, seen) for _, word, seen in pool.tops] == [(HIGHEST_WORD, 0.5), (HIGHEST_WORD, pytest.approx(0.6))]
    assert [word for _, word, _ in pool.others] == [FIXED_LETTERS["KHAN"], None]
    assert [word for _, word, _ in pool.drawn] == ["DATLOC"]
    assert FIXED_LETTERS == {
        "TOI_MAT": "TOIMAT",
        "MAT": "MAT",
        "KHAN": "KHAN",
        "THUONG_KHAN": "THUONGKHAN",
        "HOA_TOC": "HOATOC",
    }


def test_every_twentieth_file_is_kept_out_of_the_gradient(tmp_path: Path) -> None:
    for name in ("20.lines", "21.lines"):
        keep_crops(tmp_path / f"{name}.npz", [crop(1)], letters=np.array(["A"]), seen=np.array([0.9]))
    assert LinePool(tmp_path, 1).refresh(skip=20) == 1


def test_plain_type_comes_first_and_then_everything(tmp_path: Path) -> None:
    keep_crops(tmp_path / "3.lines.npz", [crop(1)], letters=np.array(["DATLOC"]), seen=np.array([0.9]))
    proposals(tmp_path, "5", ("TUYET_MAT", 0.5, 0.5), ("BACKGROUND", 1.0, 0.0))
    pool = LinePool(tmp_path, 1)
    pool.refresh(skip=20)
    pixels, letters, trust = pool.batch(16)
    assert pixels.shape == (16, CROP_HEIGHT, CROP_WIDTH, 3) and trust.shape == (16,)
    assert "DATLOC" not in letters and None not in letters
    pool.batches = FIRST_BATCHES
    said = {word for _ in range(12) for word in pool.batch(16)[1]}
    assert {"DATLOC", HIGHEST_WORD, None} <= said


def test_packs_are_drawn_once_on_pages_without_the_highest_level(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, kind in (("1", "SEAL"), ("2", "TUYET_MAT")):
        (tmp_path / f"{name}.jpg").write_bytes(encode(np.full((700, 700, 3), 200, np.uint8)).tobytes())
        (tmp_path / f"{name}.json").write_text(f'{{"labels": [{{"kind": "{kind}"}}]}}')
    grounds = grounds_in(tmp_path)
    assert [path.name for path in grounds] == ["1.jpg"]
    monkeypatch.setattr("tools.stamps.lines.PACK", 3)
    draw_pack(7, tmp_path, grounds)
    first = (tmp_path / "7.lines.npz").stat().st_mtime_ns
    draw_pack(7, tmp_path, grounds)
    assert (tmp_path / "7.lines.npz").stat().st_mtime_ns == first
    pool = LinePool(tmp_path, 1)
    assert 1 <= pool.refresh(skip=20) <= 3
