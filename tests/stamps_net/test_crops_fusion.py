"""Crops show the mark level and whole; the fusion is a plain logistic with bounded inputs."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanflow.stamps.crops import CROP_DPI, CROP_HEIGHT, CROP_WIDTH, crop_scale, cut
from scanflow.stamps.fusion import Fusion, evidence, logit
from scanflow.stamps.marks import MarkKind as K


@pytest.mark.parametrize("dpi", [100, 200, 300])
@pytest.mark.parametrize("angle", [0.0, 17.0, 90.0, -135.0, 180.0])
def test_a_crop_is_level_whole_and_centred(dpi: int, angle: float) -> None:
    ppm = dpi / 25.4
    side = np.full((round(120 * ppm), round(120 * ppm), 3), 255, np.uint8)
    middle = side.shape[0] / 2
    box = cv2.boxPoints(((middle, middle), (40 * ppm, 8 * ppm), -angle))
    cv2.fillConvexPoly(side, box.round().astype(np.int32), (0, 0, 200))
    crop = cut(side, middle, middle, angle, ppm, crop_scale(40, 8))
    assert crop.shape == (CROP_HEIGHT, CROP_WIDTH, 3)
    ys, xs = np.nonzero(crop[..., 0] < 128)
    px = CROP_DPI / 25.4
    assert np.ptp(xs) + 1 == pytest.approx(40 * px, abs=4)
    assert np.ptp(ys) + 1 == pytest.approx(8 * px, abs=4)
    assert (xs.mean(), ys.mean()) == (
        pytest.approx(CROP_WIDTH / 2, abs=2),
        pytest.approx(CROP_HEIGHT / 2, abs=2),
    )


def test_a_large_mark_is_shrunk_to_fit() -> None:
    assert crop_scale(40, 8) == 1.0
    assert crop_scale(70, 42) > 2.5


@pytest.mark.parametrize("where", [(0.0, 0.0), (-500.0, 20.0), (99.0, 1e4)])
def test_a_crop_at_or_beyond_the_edge_is_still_a_crop(where: tuple[float, float]) -> None:
    side = np.full((100, 100, 3), 7, np.uint8)
    assert cut(side, *where, 33.0, 5.0, 1.0).shape == (CROP_HEIGHT, CROP_WIDTH, 3)


@given(
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_the_score_is_a_probability_that_grows_with_the_evidence(
    top: float, ground: float, any_: float, tm: float
) -> None:
    fusion = Fusion(
        -1.0,
        {
            "classifier_top": 1.0,
            "classifier_shown": 0.5,
            "classifier_background": -0.2,
            "detector_top": 0.5,
        },
    )
    low = evidence({K.TUYET_MAT: top * 0.5, K.MAT: 0.1}, ground, top * 0.5, any_, tm)
    high = evidence({K.TUYET_MAT: top, K.MAT: 0.1}, ground, top, any_, tm)
    assert 0 <= fusion.score(low) <= fusion.score(high) <= 1


def test_a_coefficient_without_a_fact_is_refused() -> None:
    with pytest.raises(KeyError):
        Fusion(0.0, {"phase_of_the_moon": 1.0}).score(evidence({}, 0.5, 0.5, 0.5, 0.5))


def test_log_odds_are_bounded() -> None:
    assert logit(0.0) == pytest.approx(-9.21, abs=0.01)
    assert logit(1.0) == pytest.approx(9.21, abs=0.01)
