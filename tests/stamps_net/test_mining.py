"""What the classifier learns of proposed crops: named by what they show, no half of the highest level called ground."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from bench.stamps import in_company
from tools.stamps.crops import CropPool, decode, keep_crops, kept_crops
from tools.stamps.data import KINDS, TALL, WIDE, trusted
from tools.stamps.mine import MOST_BACKGROUND, mine

from scanflow.stamps.fusion import Finding
from scanflow.stamps.marks import MarkKind as K
from scanflow.stamps.marks import Quad
from scanflow.stamps.network import MarkNetwork

DPI = 150
PPM = DPI / 25.4
PIXELS = np.full((1000, 1000, 3), 250, np.uint8)


def rectangle(x: float, y: float, wide: float = 40, tall: float = 8) -> Quad:
    w, h = wide / 2 * PPM, tall / 2 * PPM
    return (x - w, y - h), (x + w, y - h), (x + w, y + h), (x - w, y + h)


def label(x: float, y: float = 500, kind: str = "TUYET_MAT", *, wide: float = 40, tall: float = 8) -> dict:
    return {"kind": kind, "quad": [list(p) for p in rectangle(x, y, wide, tall)], "legibility": 0.6}


def finding(x: float, y: float = 500, *, top: float = 0.9, route: float = 0.9) -> Finding:
    shares = {K.TUYET_MAT: top, K.MAT: 0.0}
    return Finding(rectangle(x, y), 40, 8, 0.0, shares, 1 - top, top, 0.9, 0.9, route)


class Network:
    """Networks that find what they are told to."""

    def __init__(self, *found: Finding) -> None:
        self.found = list(found)

    def find(self, _pixels: np.ndarray, _dpi: int) -> list[Finding]:
        return self.found


def mined(found: list[Finding], labels: list[dict]) -> list[tuple[str, bool, bool]]:
    """Kind, mistaken, whether the highest level is shown."""
    network: MarkNetwork = Network(*found)  # type: ignore[assignment]
    given = mine(network, PIXELS, {"dpi": DPI, "labels": labels})
    assert all(m.crop.shape == (TALL, WIDE, 3) for m in given)
    return [(KINDS[m.kind], m.mistaken, m.top > 0) for m in given]


def test_a_crop_is_named_after_the_mark_in_its_middle() -> None:
    assert mined([finding(500)], [label(500)]) == [("TUYET_MAT", False, True)]
    assert mined([finding(500 + 3 * PPM)], [label(500)]) == [("TUYET_MAT", False, True)]
    assert mined([finding(500)], [label(500, kind="MAT")]) == [("MAT", True, False)]


def test_what_the_networks_do_not_know_is_mistaken() -> None:
    assert mined([finding(500, top=0.2)], [label(500)]) == [("TUYET_MAT", True, True)]
    assert mined([finding(500, route=0.2)], [label(500)]) == [("TUYET_MAT", True, True)]
    assert mined([finding(500, top=0.9)], []) == [("BACKGROUND", True, False)]


def test_half_of_the_highest_level_is_no_ground() -> None:
    assert mined([finding(500)], [label(500 + 22 * PPM)]) == []


def test_ground_is_bounded() -> None:
    found = [finding(300 + 10 * i, y=100 * (i % 8) + 50) for i in range(3 * MOST_BACKGROUND)]
    assert mined(found, []) == [("BACKGROUND", True, False)] * MOST_BACKGROUND


def test_kept_crops_come_back_with_what_is_known_of_each_and_are_learnt_from(tmp_path: Path) -> None:
    crops = [np.full((TALL, WIDE, 3), tone, np.uint8) for tone in (10, 200)]
    kinds = np.array([KINDS.index("MAT"), KINDS.index("BACKGROUND")])
    columns = {"seen": np.array([0.5, 1.0]), "tops": np.array([0.7, 0.0]), "mistaken": np.array([True, False])}
    keep_crops(tmp_path / "1.mined.npz", crops, kinds=kinds, **columns)
    held = list(kept_crops(tmp_path / "1.mined.npz", "kinds", "tops"))
    assert [(int(k), float(t)) for _, k, t in held] == [(kinds[0], 0.7), (kinds[1], 0.0)]
    assert [round(float(decode(c).mean())) for c, _, _ in held] == [10, 200]
    assert [p.name for p in tmp_path.iterdir()] == ["1.mined.npz"]
    pool = CropPool(tmp_path, 1)
    pool.refresh(skip=20)
    assert (pool.mined, pool.mistaken, pool.covered) == ({kinds[0]: [0], kinds[1]: [1]}, {kinds[0]: [0]}, [0])


def test_the_faintest_mark_teaches_least() -> None:
    assert trusted(np.array([0.13, 0.3, 0.9])).tolist() == pytest.approx([0.558, 0.83, 1.0])


@pytest.mark.parametrize(
    ("other", "company"),
    [
        (label(500, y=500 + 4 * PPM, kind="HOA_TOC"), True),
        (label(500, y=500 + 7 * PPM, kind="HOA_TOC"), False),
        (label(515, y=500, kind="SEAL", wide=36, tall=36), True),
        (label(100, y=100, kind="SEAL", wide=36, tall=36), False),
    ],
)
def test_a_mark_is_in_company_where_another_lies_on_a_quarter_of_it(other: dict, *, company: bool) -> None:
    mark = label(500)
    assert in_company(mark, {"labels": [mark, other]}) is company
    assert not in_company(mark, {"labels": [mark]})
