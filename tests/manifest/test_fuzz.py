"""A slice of the fuzzing campaign; the whole is ``python -m tests.manifest.fuzz 100000``."""

from __future__ import annotations

from pathlib import Path

from .fuzz import KINDS, campaign

SLICE = 600


def test_a_slice_of_the_campaign(tmp_path: Path) -> None:
    result = campaign(SLICE, 20261122, tmp_path)
    assert result.failures == []
    tried = {name: result.outcomes[f"{name} refused"] + result.outcomes[f"{name} taken"] for name, *_ in KINDS}
    assert sum(tried.values()) == SLICE
    assert min(tried.values()) > 50, "each kind of mutant was tried"
    assert result.outcomes["book-parts taken"] > 10, "some mutants are harmless, and the other reader agrees on them"
    assert result.outcomes["csv-bytes taken"] > 4
    assert len(result.codes) > 12
