"""The bench counts a level that is told too low wherever nobody is asked, and one told for nothing."""

from __future__ import annotations

import pytest
from bench.stamps import LEVEL_TOLD, level_told

from scanflow.levels import Level

TOI, MAT, FREE = "TỐI MẬT readable", "MẬT readable", "no level"
LOWER, FOR_NOTHING, HIGH_FOR_NOTHING = "level told lower", "no level, one told", "no level, TỐI MẬT told"


@pytest.mark.parametrize(
    ("kinds", "said", "level", "counts"),
    [
        (["TOI_MAT", "KHAN"], "clear", Level.TOI_MAT, [TOI]),
        (["TOI_MAT", "KHAN"], "clear", Level.MAT, [TOI, f"{TOI}, {LOWER}"]),
        (["TOI_MAT"], "strange", Level.THUONG, [TOI, f"{TOI}, {LOWER}"]),
        (["TOI_MAT"], "held", Level.THUONG, [TOI]),
        (["TOI_MAT", "MAT"], "clear", Level.MAT, [TOI, f"{TOI}, {LOWER}"]),
        (["MAT"], "clear", Level.TOI_MAT, [MAT]),
        (["MAT"], "clear", Level.THUONG, [MAT, f"{MAT}, {LOWER}"]),
        (["MAT", "ENVELOPE_B"], "clear", Level.THUONG, []),
        (["TOI_MAT", "TUYET_MAT"], "clear", Level.THUONG, []),
        (["SEAL", "KHAN"], "clear", Level.THUONG, [FREE]),
        (["SEAL", "KHAN"], "clear", Level.MAT, [FREE, FOR_NOTHING]),
        (["SEAL"], "clear", Level.TOI_MAT, [FREE, FOR_NOTHING, HIGH_FOR_NOTHING]),
        (["SEAL"], "held", Level.TOI_MAT, [FREE]),
        ([], "clear", Level.THUONG, [FREE]),
    ],
)
def test_a_side_is_counted_by_what_its_level_is_said_to_be(
    kinds: list[str], said: str, level: Level, counts: list[str]
) -> None:
    record = {"labels": [{"kind": kind, "legibility": 0.6} for kind in kinds], "facts": []}
    assert level_told(record, said, level) == counts
    assert set(counts) <= {*LEVEL_TOLD, *LEVEL_TOLD.values()}


def test_what_cannot_be_read_or_is_bilevel_is_not_counted() -> None:
    faint = {"labels": [{"kind": "TOI_MAT", "legibility": 0.29}], "facts": []}
    assert level_told(faint, "clear", Level.THUONG) == []
    bilevel = {"labels": [{"kind": "TOI_MAT", "legibility": 0.9}], "facts": ["bilevel"]}
    assert level_told(bilevel, "clear", Level.THUONG) == []
