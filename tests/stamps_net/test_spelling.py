"""The line reader's steps become letters; how surely they spell a word is a probability that behaves."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.stamps.spelling import ALPHABET, HIGHEST_WORD, chance_of, letters_of

WORDS = st.text(alphabet=ALPHABET, min_size=1, max_size=12)


def steps_of(word: str, sure: float = 12.0, length: int = 64) -> np.ndarray:
    """Logits of a network that is sure of every letter, two steps a letter, a gap after each."""
    logits = np.zeros((length, len(ALPHABET) + 1), np.float32)
    at = 1
    for letter in word:
        logits[at : at + 2, ALPHABET.index(letter) + 1] = sure
        at += 3
    logits[logits.max(1) == 0, 0] = sure
    return logits


@given(WORDS)
def test_what_is_written_is_what_is_read(word: str) -> None:
    assert letters_of(steps_of(word)) == word
    assert chance_of(steps_of(word), word) == pytest.approx(1.0, abs=0.02)


@given(WORDS, st.integers(0, 2**32 - 1))
def test_the_chance_is_a_share_whatever_the_logits(word: str, seed: int) -> None:
    noise = np.random.default_rng(seed).normal(0, 20, (64, len(ALPHABET) + 1)).astype(np.float32)
    assert 0.0 <= chance_of(noise, word) <= 1.0


@given(st.integers(0, 2**32 - 1))
def test_all_that_a_line_can_say_sums_to_one(seed: int) -> None:
    """Three steps spell at most three letters; of an alphabet of two letters every word can be asked."""
    logits = np.random.default_rng(seed).normal(0, 2, (3, len(ALPHABET) + 1)).astype(np.float32)
    logits[:, 3:] = -1e4
    words = ["".join(letters) for count in (1, 2, 3) for letters in product(ALPHABET[:2], repeat=count)]
    nothing = np.prod(np.exp(logits[:, 0]) / np.exp(logits[:, :3]).sum(1))
    assert sum(chance_of(logits, word) for word in words) + nothing == pytest.approx(1.0, abs=1e-4)


def test_each_wrong_letter_makes_it_less() -> None:
    written = ["TUYETMAT", "TUYETMAC", "TUYENMAC", "QUYENMAC"]
    chances = [chance_of(steps_of(word, sure=6.0)) for word in written]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] > 0.02 > chances[1] > chances[3] > 0


def test_a_letter_more_or_less_is_not_the_word() -> None:
    assert chance_of(steps_of("MAT")) < 0.01
    assert chance_of(steps_of("TUYET")) < 0.01
    assert chance_of(steps_of("TUYETMAT"), "MAT") < 0.01


def test_a_doubled_letter_needs_a_gap() -> None:
    """CTC merges repeats: AA without "no letter" between is A."""
    logits = np.zeros((6, len(ALPHABET) + 1), np.float32)
    logits[:, 1] = 10.0
    assert letters_of(logits) == "A"
    assert chance_of(logits, "A") > 0.9
    assert chance_of(logits, "AA") < 0.1


def test_who_cannot_say_says_nothing() -> None:
    """The line reader only raises a doubt: what it cannot read is left to the others."""
    assert set(HIGHEST_WORD) <= set(ALPHABET)
    assert chance_of(np.zeros((64, len(ALPHABET) + 1), np.float32)) < 0.01
