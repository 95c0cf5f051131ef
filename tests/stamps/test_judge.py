"""The two tables of docs/judgement.md, row by row, and what must hold for any input."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanflow.levels import Level
from scanflow.stamps.geometry import Border
from scanflow.stamps.judge import Fault, Reading, Reason, Sighting, Verdict, judge, name_mark
from scanflow.stamps.marks import Mark, MarkKind

K = MarkKind
QUAD = ((0.0, 0.0), (10.0, 0.0), (10.0, 5.0), (0.0, 5.0))


def seen(width: float, word: MarkKind | None = None, border: Border = Border.DOUBLE, **more: object) -> Sighting:
    return replace(Sighting(QUAD, width, 8.0, border, True, word, confidence=0.9), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sighting", "kind"),
    [
        (seen(40, K.TUYET_MAT), K.TUYET_MAT),
        (seen(30, K.TUYET_MAT), K.TUYET_MAT),  # the word outweighs the width
        (seen(40, K.TUYET_MAT, Border.SINGLE, coloured=False), K.TUYET_MAT),
        (seen(40, K.TUYET_MAT, wrong_letters=2, coloured=False), K.TUYET_MAT),
        (seen(40, K.TUYET_MAT, Border.SINGLE, wrong_letters=1), K.TUYET_MAT),
        (seen(40, K.TUYET_MAT, Border.SINGLE, wrong_letters=1, coloured=False), K.UNREADABLE),  # "Tuyết Mai" in a box
        (seen(30, K.TOI_MAT), K.TOI_MAT),
        (seen(20, K.MAT), K.MAT),
        (seen(40, K.MAT), K.TUYET_MAT),  # the width outweighs what is left of the word
        (seen(37, K.TOI_MAT), K.TUYET_MAT),
        (seen(36.9, K.TOI_MAT), K.TOI_MAT),
        (seen(30, K.MAT), K.TOI_MAT),
        (seen(20, K.MAT, unread_ink=True), K.TUYET_MAT),
        (seen(20, K.MAT, coloured=False), K.MAT),  # colour is no gate
        (seen(20, K.MAT, Border.SINGLE), K.MAT),
        (seen(20, K.KHAN, Border.SINGLE), K.KHAN),
        (seen(40, K.THUONG_KHAN, Border.SINGLE), K.THUONG_KHAN),
        (seen(40, K.THUONG_KHAN, wrong_letters=1), K.UNREADABLE),  # half guessed in a level's border
        (seen(40, K.THUONG_KHAN), K.THUONG_KHAN),
        (seen(30, K.GIAI_MAT, height_mm=13.0), K.GIAI_MAT),
        (seen(40, K.MAT, height_mm=14.0), K.UNREADABLE),  # a word of a longer mark
        (seen(40, K.TUYET_MAT, height_mm=14.0), K.TUYET_MAT),
        (seen(40), K.UNREADABLE),
        (seen(40, None, Border.SINGLE), K.UNREADABLE),
        (seen(40, None, Border.SINGLE, coloured=False), K.UNREADABLE),
        (seen(40, None, other_text=True), K.UNREADABLE),  # other words in a level's own frame
        (seen(60, None, other_text=True, height_mm=20.0), K.OTHER),
        (seen(60, None, height_mm=20.0), K.UNREADABLE),
        (seen(40, None, Border.SINGLE, other_text=True), K.OTHER),
        (seen(40, None, Border.SINGLE, other_text=True, coloured=False), None),  # a box of a form
        (seen(40, None, empty=True), None),
        (seen(70, None, Border.SINGLE, coloured=False, height_mm=30.0), None),
        (seen(15, K.ENVELOPE_A, Border.ROUND_DOUBLE, height_mm=15.0), K.ENVELOPE_A),
        (seen(15, None, Border.ROUND_DOUBLE, height_mm=15.0), K.UNREADABLE),
        (seen(15, None, Border.ROUND_SINGLE, height_mm=15.0, coloured=False), None),
        (seen(35, None, Border.ROUND_DOUBLE, height_mm=35.0), K.SEAL),
    ],
)
def test_a_sighting_gets_its_name(sighting: Sighting, kind: MarkKind | None) -> None:
    mark = name_mark(sighting)
    assert (mark.kind if mark else None) is kind
    if mark is not None:
        assert mark.quad == QUAD and 0 < mark.score <= 1 and "mm" in mark.reason


def reading(*kinds: MarkKind) -> Reading:
    return Reading(tuple(Mark(kind, QUAD, 0.9, "test") for kind in kinds))


@pytest.mark.parametrize(
    ("kinds", "level", "verdict", "reasons"),
    [
        ((), Level.THUONG, Verdict.NO_MARK, ()),
        ((K.SEAL, K.DEN), Level.THUONG, Verdict.MARKED, ()),
        ((K.MAT,), Level.MAT, Verdict.MARKED, ()),
        ((K.MAT, K.TOI_MAT), Level.TOI_MAT, Verdict.MARKED, ()),
        ((K.ENVELOPE_B,), Level.TOI_MAT, Verdict.MARKED, ()),
        ((K.ENVELOPE_A, K.GIAI_MAT), Level.TUYET_MAT, Verdict.TOP_SECRET, (Reason.TOP_SECRET_MARK,)),
        ((K.TUYET_MAT, K.GIAI_MAT), Level.TUYET_MAT, Verdict.TOP_SECRET, (Reason.TOP_SECRET_MARK,)),
        ((K.MAT, K.GIAI_MAT, K.THOI_HAN), Level.MAT, Verdict.MARKED, ()),
        ((K.UNREADABLE,), Level.THUONG, Verdict.UNREADABLE, (Reason.UNREADABLE_MARK,)),
        ((K.MAT, K.UNREADABLE), Level.MAT, Verdict.UNREADABLE, (Reason.UNREADABLE_MARK,)),
        ((K.MAT, K.DIEU_CHINH), Level.MAT, Verdict.UNREADABLE, (Reason.LEVEL_CHANGED,)),
        ((K.TUYET_MAT, K.UNREADABLE), Level.TUYET_MAT, Verdict.TOP_SECRET, (Reason.TOP_SECRET_MARK, Reason.UNREADABLE_MARK)),
    ],
)  # fmt: skip
def test_a_side_is_judged_by_its_marks(kinds, level, verdict, reasons) -> None:
    judged = judge(reading(*kinds))
    assert (judged.level, judged.verdict, judged.reasons) == (level, verdict, reasons)


def test_no_mark_and_not_readable_are_different_results() -> None:
    assert judge(reading()).verdict is not judge(reading(K.UNREADABLE)).verdict


def test_faults_are_handed_on_whatever_the_marks_say() -> None:
    for kinds in ((), (K.MAT,), (K.TUYET_MAT,)):
        judged = judge(Reading(reading(*kinds).marks, frozenset({Fault.OVER_BUDGET})))
        assert judged.faults == {Fault.OVER_BUDGET}


@given(st.lists(st.sampled_from(list(K)), max_size=8), st.sampled_from(list(K)))
def test_one_more_mark_never_lowers_anything(kinds: list[MarkKind], more: MarkKind) -> None:
    before, after = judge(reading(*kinds)), judge(reading(*kinds, more))
    order = [Verdict.NO_MARK, Verdict.MARKED, Verdict.UNREADABLE, Verdict.TOP_SECRET]
    assert after.level >= before.level
    assert order.index(after.verdict) >= order.index(before.verdict)
    assert set(before.reasons) <= set(after.reasons)


@given(
    width=st.floats(15, 75), height=st.floats(5.5, 56), border=st.sampled_from(list(Border)), coloured=st.booleans(),
    word=st.sampled_from([K.TUYET_MAT, K.TOI_MAT, K.MAT]), unread=st.booleans(), wrong=st.integers(0, 2),
)  # fmt: skip
def test_a_levels_word_in_a_frame_gives_at_least_its_level(
    width, height, border, coloured, word, unread, wrong
) -> None:
    if border.round:
        return
    mark = name_mark(Sighting(QUAD, width, height, border, coloured, word, wrong, False, unread, False, 0.8))
    order = [K.MAT, K.TOI_MAT, K.TUYET_MAT]
    assert mark is not None
    if mark.kind is K.UNREADABLE:
        half_read = word is K.TUYET_MAT and wrong and border is Border.SINGLE and not coloured
        assert half_read or (word is not K.TUYET_MAT and height > 12.5)
        return
    assert order.index(mark.kind) >= order.index(word)
    if width >= 37 or (word is K.MAT and unread):
        assert mark.kind is K.TUYET_MAT
