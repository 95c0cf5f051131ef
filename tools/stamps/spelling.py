"""From the line reader's steps to letters: connectionist temporal classification (CTC; Graves et al. 2006). Pure."""

from __future__ import annotations

from typing import Final

import numpy as np

from scanflow.stamps.candidates import Floats

ALPHABET: Final = "ABCDEGHIKLMNOPQRSTUVXY"
"""Bare capitals of Vietnamese; class 0 of the network is "no letter", class i is letter i - 1."""
HIGHEST_WORD: Final = "TUYETMAT"
_NEVER = -1e9


def log_softmax(logits: Floats) -> Floats:
    """Over the last axis."""
    shifted = logits - logits.max(-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(-1, keepdims=True)), np.float32)


def chance_of(logits: Floats, word: str = HIGHEST_WORD) -> float:
    """The probability that a line says just this word: over all its alignments, the forward pass of CTC.

    Over all words these probabilities sum to 1, so a network that is not sure of its letters gives none of them much.

    Args:
        logits: ``(steps, classes)`` of one line, from left to right.
        word: capitals of ``ALPHABET``, one at least.
    """
    chances = log_softmax(logits).astype(np.float64)
    states = [0]
    for letter in word:
        states += [ALPHABET.index(letter) + 1, 0]
    path = np.full(len(states), _NEVER)
    path[:2] = chances[0, states[:2]]
    leaps = np.array([i > 1 and s != 0 and s != states[i - 2] for i, s in enumerate(states)])
    for step in chances[1:]:
        stay, move = path, np.concatenate(([_NEVER], path[:-1]))
        leap = np.where(leaps, np.concatenate(([_NEVER, _NEVER], path[:-2])), _NEVER)
        path = np.logaddexp(np.logaddexp(stay, move), leap) + step[states]
    return float(np.exp(min(0.0, float(np.logaddexp(path[-1], path[-2])))))


def letters_of(logits: Floats) -> str:
    """The likeliest letters of one line ``(steps, classes)``: repeats and "no letter" left out."""
    best = logits.argmax(-1)
    kept = [int(c) for before, c in zip((-1, *best[:-1]), best, strict=True) if c != before and c != 0]
    return "".join(ALPHABET[c - 1] for c in kept)
