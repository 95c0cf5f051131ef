"""The line reader's steps become letters; how nearly they spell a word is a share that behaves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.stamps.spelling import ALPHABET, HIGHEST_WORD, letters_of, spelled

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
    assert spelled(steps_of(word), word) == pytest.approx(1.0, abs=0.01)


@given(WORDS, st.integers(0, 2**32 - 1))
def test_the_share_is_a_share_whatever_the_logits(word: str, seed: int) -> None:
    noise = np.random.default_rng(seed).normal(0, 20, (64, len(ALPHABET) + 1)).astype(np.float32)
    assert 0.0 <= spelled(noise, word) <= 1.0


def test_each_wrong_letter_makes_it_less() -> None:
    written = ["TUYETMAT", "TUYETMAC", "TUYENMAC", "QUYENMAC", "QUOCPHONG"]
    shares = [spelled(steps_of(word, sure=6.0)) for word in written]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0.95 and shares[1] < 0.8 and shares[-1] < 0.1


def test_a_letter_more_or_less_is_not_the_word() -> None:
    assert spelled(steps_of("MAT")) < 0.1
    assert spelled(steps_of("TUYET")) < 0.2
    assert spelled(steps_of("TUYETMAT"), "MAT") < 0.1


def test_a_doubled_letter_needs_a_gap() -> None:
    """CTC merges repeats: AA without "no letter" between is A."""
    logits = np.zeros((6, len(ALPHABET) + 1), np.float32)
    logits[:, 1] = 10.0
    assert letters_of(logits) == "A"
    assert spelled(logits, "A") > 0.99
    assert spelled(logits, "AA") < 0.2


def test_who_cannot_say_excludes_nothing() -> None:
    """Fail closed: a line on which every letter is equally likely may be the word."""
    assert set(HIGHEST_WORD) <= set(ALPHABET)
    assert spelled(np.zeros((64, len(ALPHABET) + 1), np.float32)) == 1.0
