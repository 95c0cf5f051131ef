"""Guests' styles draw what they are asked for, each time the same, and with faces of their own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tools.pagegen import fonts, guests
from tools.pagegen.guests import KEPT, TAUGHT, Style, drawn_by
from tools.pagegen.page import SEVERITY, Wanted, wanted_for_training

from scanflow.stamps.marks import MarkKind as K

STYLES = {**TAUGHT, **KEPT}
KEPT_FAMILIES = ("FreeSerif", "FreeSans", "FreeMono", "Gentium", "DejaVu", "Carlito", "Caladea", "AndikaCompact")
each_style = pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)


@each_style
def test_the_same_arguments_draw_the_same_page(style: Style) -> None:
    args = {"kinds": (K.TUYET_MAT, K.DEN), "difficulty": "hard", "company": True, "dpi": 75}
    one, two, other = style(3, **args), style(3, **args), style(4, **args)
    assert np.array_equal(one.pixels, two.pixels)
    assert all(np.array_equal(a.quad, b.quad) for a, b in zip(one.labels, two.labels, strict=True))
    assert one.pixels.shape != other.pixels.shape or not np.array_equal(one.pixels, other.pixels)


@each_style
def test_every_kind_is_drawn_and_nothing_else_but_seals(style: Style) -> None:
    kinds = [k for k in K if k not in (K.UNREADABLE, K.SEAL)]
    for seed in range(0, len(kinds), 2):
        asked = kinds[seed : seed + 2]
        page = style(seed, kinds=tuple(asked), difficulty="medium", company=bool(seed % 4), dpi=75)
        assert sorted(m.kind for m in page.labels if m.kind is not K.SEAL) == sorted(asked)


@each_style
def test_what_is_asked_for_is_done(style: Style) -> None:
    for seed in range(4):
        page = style(
            seed, kinds=(K.TUYET_MAT, K.KHAN), difficulty="easy", company=False, dpi=75, handwritten=True, bilevel=True
        )
        assert {m.kind: m.handwritten for m in page.labels if m.kind is not K.SEAL} == {
            K.TUYET_MAT: True,
            K.KHAN: False,
        }
        assert "bilevel" in page.facts
        assert set(np.unique(page.pixels)) <= {0, 255}
        plain = style(seed, kinds=(), difficulty="easy", company=False, dpi=75, handwritten=False, bilevel=False)
        assert "bilevel" not in plain.facts
        assert not [m for m in plain.labels if m.kind is not K.SEAL]


@each_style
def test_difficulty_takes_legibility_and_easy_marks_are_plain_to_see(style: Style) -> None:
    seen = {
        difficulty: [
            style(n, kinds=(K.TUYET_MAT,), difficulty=difficulty, company=False, dpi=100, bilevel=False)
            for n in range(12)
        ]
        for difficulty in ("easy", "extreme")
    }
    legible = {d: [m.legibility for p in pages for m in p.labels if m.kind is K.TUYET_MAT] for d, pages in seen.items()}
    assert np.median(legible["easy"]) > 0.5
    assert min(legible["easy"]) > 0.2
    assert np.mean(legible["extreme"]) < np.mean(legible["easy"])


@each_style
def test_labels_lie_on_their_mark_however_the_sheet_lies(style: Style) -> None:
    turns, upright = set(), 0
    for seed in range(24):
        page = style(seed, kinds=(K.TUYET_MAT,), difficulty="easy", company=False, dpi=75, bilevel=False)
        (mark,) = (m for m in page.labels if m.kind is K.TUYET_MAT)
        up = mark.quad[:2].mean(0) - mark.quad[2:].mean(0)
        tilt = np.degrees(np.arctan2(up[0], -up[1])) + page.turn
        upright += abs((tilt + 180) % 360 - 180) < 45
        turns.add(page.turn)
        height, width = page.pixels.shape[:2]
        assert (mark.quad.mean(0) > 0).all()
        assert (mark.quad.mean(0) < (width, height)).all()
    assert len(turns) >= 2
    assert upright >= 18


def test_guests_own_no_face_of_a_style_that_is_kept_out() -> None:
    folder = Path(guests.__file__).parent
    for name in TAUGHT:
        source = "".join(path.read_text() for path in (folder / name).glob("*.py"))
        assert not [family for family in KEPT_FAMILIES if family in source]
        assert not [stem for stem in {*fonts.KEPT_STAMP, *fonts.KEPT_BODY, *fonts.KEPT_HAND} if f'"{stem}"' in source]


def test_no_guest_knows_another_style() -> None:
    allowed = {"norms", "drawn", "masks", "fonts"}
    for path in Path(guests.__file__).parent.glob("*/*.py"):
        for line in path.read_text().splitlines():
            if line.startswith(("from tools.pagegen", "import tools.pagegen")):
                own = line.startswith(f"from tools.pagegen.guests.{path.parent.name}")
                own |= line.startswith(f"from tools.pagegen.guests import {path.parent.name}")
                module = line.split()[1].removeprefix("tools.pagegen").strip(".").split(".")[0]
                named = {module} if module else {n.strip() for n in line.split("import")[1].split(",")}
                assert own or named <= allowed, f"{path.name}: {line}"


@pytest.mark.parametrize("name", TAUGHT)
def test_a_training_page_bears_all_that_is_wanted(name: str) -> None:
    for seed in range(3):
        wanted = wanted_for_training(np.random.default_rng(seed))
        page = drawn_by(TAUGHT[name], seed, wanted, 75)
        marks = sorted(m.kind for m in page.labels if m.kind is not K.SEAL)
        pairs = [k for pair in wanted.piles for k in pair]
        asked = sorted(k for k in (*wanted.kinds, *wanted.ordeals, *wanted.penned, *pairs) if k is not K.SEAL)
        assert marks == asked
    written = drawn_by(TAUGHT[name], 1, Wanted((), next(iter(SEVERITY)), penned=(K.TUYET_MAT,)), 75)
    assert [m.handwritten for m in written.labels if m.kind is K.TUYET_MAT] == [True]
