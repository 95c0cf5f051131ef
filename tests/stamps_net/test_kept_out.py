"""A fixed, small slice of the style that nothing was trained on; the large one is ``python -m bench.stamps``."""

from __future__ import annotations

import numpy as np
import pytest
from bench.stamps import DIFFICULTIES, case_with, case_without, verdict, wilson
from tools.pagegen import kept_out
from tools.pagegen.kept_out import draw

from scanflow.stamps.closer import both_say, doubts_of
from scanflow.stamps.marks import MarkKind as K
from scanflow.stamps.network import MarkNetwork
from scanflow.stamps.second import best_of, leaves_doubt

WITH, PLAIN = 20, 10


@pytest.fixture(scope="module")
def network() -> MarkNetwork:
    return MarkNetwork()


def stopped(network: MarkNetwork, page: kept_out.Page) -> bool:
    return verdict(network.find(page.pixels, page.dpi), network.thresholds) in ("routed", "held")


def test_top_secret_sides_that_are_easy_or_medium_are_stopped(network: MarkNetwork) -> None:
    seen = [
        stopped(
            network,
            draw(
                50_000 + n,
                kinds=(K.TUYET_MAT,),
                difficulty=DIFFICULTIES[n % 2],
                company=True,
                dpi=150,
                handwritten=False,
                bilevel=False,
            ),
        )
        for n in range(WITH)
    ]
    assert sum(seen) >= WITH - 4, "the large bench says 93 %: see docs/stamps.md"


def test_plain_sides_seldom_stop_the_feeder(network: MarkNetwork) -> None:
    kinds = ((), (K.SEAL,))
    seen = [
        stopped(
            network,
            draw(
                60_000 + n,
                kinds=kinds[n % 2],
                difficulty=DIFFICULTIES[n % 4],
                company=False,
                dpi=150,
                handwritten=False,
                bilevel=False,
            ),
        )
        for n in range(PLAIN)
    ]
    assert sum(seen) <= 2


def test_a_side_upside_down_shows_the_same_mark_upside_down(network: MarkNetwork) -> None:
    page = draw(
        50_000, kinds=(K.TUYET_MAT,), difficulty="easy", company=False, dpi=150, handwritten=False, bilevel=False
    )
    height, width = page.pixels.shape[:2]
    upright = network.find(page.pixels, page.dpi)[0]
    turned = network.find(np.ascontiguousarray(page.pixels[::-1, ::-1]), page.dpi)[0]
    assert upright.best is turned.best is K.TUYET_MAT
    assert abs((turned.angle_deg - upright.angle_deg) % 360 - 180) < 5
    middle = np.array((width, height)) - np.mean(turned.quad, 0)
    assert np.hypot(*(middle - np.mean(upright.quad, 0))) < 3 / 25.4 * page.dpi


def test_doubts_are_looked_at_closer_and_what_is_routed_is_not(network: MarkNetwork) -> None:
    looked = routed = asked = 0
    for n in range(12):
        kinds = (K.TUYET_MAT, K.DEN) if n % 2 else (K.KHAN, K.SEAL)
        page = draw(51_000 + n, kinds=kinds, difficulty="hard", company=True, dpi=150, handwritten=False, bilevel=False)
        sight = network.look(page.pixels, page.dpi)
        look, *second = sight.looks
        assert len(second) == leaves_doubt(best_of(look.findings), network.thresholds.hold)
        asked += len(second)
        assert all(other.first != look.first for other in second)  # another pair's opinion, not the first one's again
        if any(f.route >= network.thresholds.route for f in look.first):
            routed += 1
            assert look.doubts == ()
            assert {id(f) for f in sight.findings} == {id(f) for f in look.first}
            continue
        assert [(d.place, d.first) for d in look.doubts] == doubts_of(look.first, page.dpi / 25.4)
        looked += bool(look.doubts)
        scores = [both_say([f.route for f in d.first], [f.route for f in d.closer]) for d in look.doubts]
        assert all(any(f.route == score for f in look.findings) for score in scores)
        votes = [[f.route for f in each.findings] for each in sight.looks]
        assert best_of(sight.findings) == (both_say(*votes) if second else best_of(look.findings))
    assert looked >= 2
    assert routed >= 3
    assert asked >= 1


def test_the_bench_has_its_tenth_by_hand_and_bilevel_and_half_plain() -> None:
    cases = [case_with(n) for n in range(200)]
    assert sum(c.handwritten is True for c in cases) == 20
    assert sum(c.bilevel for c in cases) == 20
    assert all(c.kinds[0] is K.TUYET_MAT for c in cases)
    others = [case_without(n) for n in range(200)]
    assert sum(c.group == "plain" for c in others) == 100
    assert not any(k in (K.TUYET_MAT, K.ENVELOPE_A) for c in others for k in c.kinds)


def test_wilson_intervals() -> None:
    low, high = wilson(3000, 3000)
    assert (low, high) == (pytest.approx(0.99872, abs=1e-4), 1.0)
    low, high = wilson(5, 10)
    assert (low, high) == (pytest.approx(0.2366, abs=1e-3), pytest.approx(0.7634, abs=1e-3))
