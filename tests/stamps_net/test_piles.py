"""What is laid over what is seen while learning: ink upon ink, and labels that say what is left of both."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools.stamps import closeups, data, piles
from tools.stamps.data import FAINTEST, FOCUS
from tools.stamps.piles import Piece, Scene, laid_over, piece_of

SIDE = 200
QUAD = np.array([[60.0, 80.0], [140.0, 80.0], [140.0, 110.0], [60.0, 110.0]])


def page(tone: int = 240) -> np.ndarray:
    return np.full((SIDE, SIDE, 3), tone, np.uint8)


def framed(tone: int = 240, ink: tuple[int, int, int] = (40, 40, 200)) -> np.ndarray:
    view = page(tone)
    cv2.rectangle(view, (61, 81), (139, 109), ink, 3)
    return view


def label(kind: str, legibility: float = 0.9) -> dict[str, Any]:
    return {"kind": kind, "legibility": legibility, "quad": QUAD.tolist()}


BELOW = Scene(framed(), [QUAD], [label("TUYET_MAT")])
ABOVE = Piece(framed(ink=(30, 30, 30)), QUAD, label("MAT"))


@given(st.integers(0, 10_000), st.integers(100, 255), st.integers(100, 255))
def test_ink_only_darkens_and_what_lies_below_shines_through(seed: int, below: int, above: int) -> None:
    under, over = Scene(framed(below), [QUAD], [label("TUYET_MAT")]), Piece(framed(above), QUAD, label("MAT"))
    seen = laid_over(under, over, np.random.default_rng(seed))
    assert (seen.pixels <= under.pixels).all()
    moved = seen.quads[1]
    far = cv2.fillPoly(
        np.ones((SIDE, SIDE), np.uint8), [(1.3 * (moved - moved.mean(0)) + moved.mean(0)).astype(int)], 0
    )
    assert np.array_equal(seen.pixels[far > 0], under.pixels[far > 0]), "nothing happens beside the piece"
    touched = cv2.erode(far, np.ones((3, 3), np.uint8)) == 0
    assert (seen.pixels[touched] < 0.6 * below).any(), "the piece is seen"
    assert np.median(seen.pixels[touched]) > 0.8 * below, "its paper is not"


def test_both_marks_stay_with_their_corners_and_kinds() -> None:
    for seed in range(30):
        seen = laid_over(BELOW, ABOVE, np.random.default_rng(seed))
        assert [m["kind"] for m in seen.labels] == ["TUYET_MAT", "MAT"]
        assert np.array_equal(seen.quads[0], QUAD)
        sides = [np.linalg.norm(q[1] - q[0]) / np.linalg.norm(q[3] - q[0]) for q in seen.quads]
        assert sides[0] == pytest.approx(sides[1]), "the same shape, turned and scaled"
        assert np.linalg.norm(seen.quads[1].mean(0) - QUAD.mean(0)) < 90
        drawn = (seen.pixels.max(2) < 60).nonzero()
        corners = seen.quads[1]
        grown = cv2.fillPoly(
            np.zeros((SIDE, SIDE), np.uint8), [(1.1 * (corners - corners.mean(0)) + corners.mean(0)).astype(int)], 1
        )
        assert grown[drawn].all(), "the label lies where the ink does"


def test_what_is_covered_loses_its_legibility_and_a_blot_takes_all_of_it() -> None:
    blot = page()
    blot[75:115, 55:145] = 20
    blot[:, :30] = 240
    wide = np.array([[20.0, 60.0], [180.0, 60.0], [180.0, 130.0], [20.0, 130.0]])
    over = Piece(blot, wide, None)
    left = [laid_over(BELOW, over, np.random.default_rng(s)).labels[0]["legibility"] for s in range(40)]
    assert min(left) < FAINTEST, "a mark under a blot is not taught"
    clear = [laid_over(BELOW, Piece(page(), QUAD, None), np.random.default_rng(s)) for s in range(10)]
    assert all(seen.labels[0]["legibility"] == 0.9 for seen in clear), "blank paper hides nothing"
    thin = [laid_over(BELOW, ABOVE, np.random.default_rng(s)).labels for s in range(40)]
    assert all(0.3 < m["legibility"] <= 0.9 for marks in thin for m in marks), "lines hide a part"


def test_what_lies_on_dark_paper_is_not_laid_over_anything() -> None:
    assert laid_over(BELOW, Piece(page(40), QUAD, label("MAT")), np.random.default_rng(1)) is BELOW


def test_where_no_mark_is_seen_the_piece_lies_near_the_middle() -> None:
    for seed in range(20):
        seen = laid_over(Scene(page(), [], []), ABOVE, np.random.default_rng(seed))
        assert len(seen.quads) == 1
        assert np.linalg.norm(seen.quads[0].mean(0) - SIDE / 2) < SIDE / 2


def test_a_piece_without_a_mark_holds_ink_and_touches_no_mark() -> None:
    lines = page()
    lines[::8] = 20
    bare = [piece_of(lines, [QUAD], [label("MAT")], FOCUS, np.random.default_rng(s)) for s in range(200)]
    typed = [p for p in bare if p is not None and p.label is None]
    assert typed and any(p is not None and p.label is not None for p in bare)
    for piece in typed:
        assert cv2.intersectConvexConvex(piece.quad.astype(np.float32), QUAD.astype(np.float32))[0] == 0
    assert all(piece_of(page(), [], [], FOCUS, np.random.default_rng(s)) is None for s in range(50)), "nothing there"


def stored(folder: Path, name: str, why: str) -> None:
    cv2.imwrite(str(folder / f"{name}.jpg"), cv2.resize(framed(), (2 * SIDE, 2 * SIDE)))
    marks = [label("TUYET_MAT") | {"quad": (2 * QUAD).tolist()}]
    told = {"seed": int(name.split("-")[0]), "dpi": 150, "turn": 0, "labels": marks, "why": why, "focus": [200, 190]}
    (folder / f"{name}.json").write_text(json.dumps(told))


@pytest.mark.parametrize("pool", [data.Windows, closeups.Closeups])
def test_both_detectors_are_shown_piles(
    pool: Callable[[Path, int, int], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2, 3):
        stored(tmp_path, f"{number}-0" if pool is closeups.Closeups else str(number), "top_secret")
    shown: list[Piece] = []

    def note(scene: Scene, piece: Piece, _rng: np.random.Generator) -> Scene:
        shown.append(piece)
        return scene

    monkeypatch.setattr(data, "laid_over", note)
    one = pool(tmp_path, 160, 1)
    one.refresh(skip=20)
    for _ in range(60):
        one.sample()
    assert 0.4 * piles.SHARE_OF_PILES < len(shown) / 60 < 1.4 * piles.SHARE_OF_PILES
