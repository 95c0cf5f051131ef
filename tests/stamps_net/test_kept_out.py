"""A fixed, small slice of the style that nothing was trained on; the large one is ``python -m bench.stamps``."""

from __future__ import annotations

import pytest
from bench.stamps import DIFFICULTIES, case_with, case_without, verdict, wilson
from tools.pagegen import kept_out
from tools.pagegen.kept_out import draw

from scanflow.stamps.marks import MarkKind as K
from scanflow.stamps.network import MarkNetwork

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
