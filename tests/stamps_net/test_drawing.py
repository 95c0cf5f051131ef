"""Inks, machines, letterings and wear of the training style keep what the labels say."""

from __future__ import annotations

import random

import cv2
import numpy as np
import pytest
from tools.pagegen import fonts, ink, wear
from tools.pagegen.drawn import Plate, legibility
from tools.pagegen.faces import cut_to_norm, engrave
from tools.pagegen.impression import IMPRESSIONS
from tools.pagegen.lettering import set_by_hand, worked
from tools.pagegen.machines import COPIERS, SENSORS, recoded
from tools.pagegen.papers import PAPERS
from tools.pagegen.text import Prose
from tools.stamps import crops, data
from tools.stamps.data import TALL, WIDE
from tools.stamps.spoil import WIPED, blank, estranged, obscured, wiped

from scanflow.stamps.marks import MarkKind as K

PPM = 150 / 25.4


@pytest.fixture(scope="module")
def plate() -> Plate:
    return engrave(cut_to_norm(K.TUYET_MAT, Prose(random.Random(1))), PPM, np.random.default_rng(1))


@pytest.fixture
def stamped(plate: Plate) -> tuple[np.ndarray, np.ndarray]:
    """A white page of 120 x 80 mm with a black mark, and where it lies."""
    page = np.full((round(80 * PPM), round(120 * PPM), 3), 250, np.uint8)
    h, w = plate.mask.shape
    page[150 : 150 + h, 200 : 200 + w] = (250 - 220 * plate.mask[..., None]).astype(np.uint8)
    return page, plate.quad + np.array([200, 150])


@pytest.mark.parametrize("model", [*ink.STAMP_INKS, *IMPRESSIONS], ids=lambda m: m.__name__)
@pytest.mark.parametrize("seed", range(3))
def test_an_ink_stays_between_paper_and_ink_and_shows_its_plate(model: ink.InkModel, seed: int, plate: Plate) -> None:
    one = model(plate.mask, PPM, 0.2, np.random.default_rng(seed))
    assert one.shape == plate.mask.shape and one.dtype == np.float32
    assert float(one.min()) >= 0 and float(one.max()) <= 1.001
    assert np.corrcoef(one.ravel(), plate.mask.ravel())[0, 1] > 0.5
    assert np.array_equal(one, model(plate.mask, PPM, 0.2, np.random.default_rng(seed)))


@pytest.mark.parametrize("machine", [*COPIERS, *SENSORS], ids=lambda m: m.__name__)
@pytest.mark.parametrize("seed", range(3))
def test_a_machine_leaves_marks_where_they_were(
    machine: object, seed: int, plate: Plate, stamped: tuple[np.ndarray, np.ndarray]
) -> None:
    page, quad = stamped
    out = machine(page.copy(), PPM, 0.2, np.random.default_rng(seed))  # type: ignore[operator]
    assert out.shape == page.shape and out.dtype == np.uint8
    seen = legibility(out, plate, quad)
    assert seen > 0.5
    assert all(seen > legibility(out, plate, quad + off) + 0.2 for off in ((0, 8), (0, -8), (12, 0), (-12, 0)))


@pytest.mark.parametrize("seed", range(4))
def test_another_codec_leaves_marks_where_they_were(
    seed: int, plate: Plate, stamped: tuple[np.ndarray, np.ndarray]
) -> None:
    page, quad = stamped
    out = recoded(page.copy(), 0.5, np.random.default_rng(seed))
    assert out.shape == page.shape
    assert legibility(out, plate, quad) > 0.7


@pytest.mark.parametrize("kind", [*wear.BEFORE, *wear.AFTER], ids=lambda w: w.__name__)
def test_wear_changes_some_of_a_page_in_place(kind: wear.Wear) -> None:
    for seed in range(4):
        page = np.full((400, 300, 3), 200, np.uint8)
        kind(page, PPM, np.random.default_rng(seed))
        changed = float((page != 200).any(-1).mean())
        assert changed > 0
    again = np.full((400, 300, 3), 200, np.uint8)
    kind(again, PPM, np.random.default_rng(3))
    assert np.array_equal(page, again)


@pytest.mark.parametrize("font", [*fonts.LATIN_ONLY, "Tinos-Bold"])
def test_loose_letters_carry_their_tone_marks_also_where_the_font_has_none(font: str) -> None:
    def height(text: str) -> int:
        return max(set_by_hand(text, font, 40, np.random.default_rng(seed)).shape[0] for seed in range(6))

    assert height("TUYỆT") > 1.15 * height("TUYET")


def test_loose_letters_never_stand_twice_alike() -> None:
    rng = np.random.default_rng(2)
    one, two = (set_by_hand("TUYỆT MẬT", "Tinos-Bold", 40, rng) for _ in range(2))
    assert one.shape != two.shape or not np.array_equal(one, two)


def test_reworked_letters_are_still_letters() -> None:
    rng = np.random.default_rng(5)
    line = np.asarray(set_by_hand("TUYỆT MẬT", "Tinos-Bold", 60, rng))
    for _ in range(30):
        other = worked(line, rng)
        assert other.dtype == np.float32 and other.min() >= 0 and other.max() <= 1
        assert 0.5 < other.shape[1] / line.shape[1] < 1.6
        small, here = (cv2.resize(m, (200, 40), interpolation=cv2.INTER_AREA) for m in (line, other))
        assert np.corrcoef(small.ravel(), here.ravel())[0, 1] > 0.1


@pytest.mark.parametrize("paper", PAPERS, ids=lambda p: p.__name__)
def test_a_paper_is_drawn_from_its_seed_and_says_where_marks_go(paper: object) -> None:
    one, two, other = (paper(random.Random(s), PPM / 2) for s in (1, 1, 2))  # type: ignore[operator]
    assert np.array_equal(one.layer("black"), two.layer("black"))
    assert one.layer("black").shape != other.layer("black").shape or not np.array_equal(
        one.layer("black"), other.layer("black")
    )
    assert one.slots
    assert not (one.is_empty("black") and one.is_empty("red"))


def test_what_the_networks_learn_from_is_disturbed_but_kept(
    plate: Plate, stamped: tuple[np.ndarray, np.ndarray]
) -> None:
    page, quad = stamped
    before, seen, changed = page.copy(), [], []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        for other in (estranged(page, rng), obscured(page, rng)):
            assert other.shape == page.shape and other.dtype == np.uint8
            changed.append(not np.array_equal(other, page))
            seen.append(legibility(other, plate, quad) > 0.4)
    assert np.array_equal(page, before), "the page itself is held and shown again"
    assert np.mean(changed) > 0.5, "a white stroke on white changes nothing"
    assert np.mean(seen) > 0.85


def test_a_blank_patch_takes_ink_and_leaves_the_paper_its_tone(
    plate: Plate, stamped: tuple[np.ndarray, np.ndarray]
) -> None:
    page, quad = stamped
    (x0, y0), (x1, y1) = quad.min(0).astype(int) - 10, quad.max(0).astype(int) + 10
    crop = page[y0:y1, x0:x1]
    ink_before, taken = int((crop < 128).sum()), []
    for seed in range(60):
        other = crop.copy()
        blank(other, np.random.default_rng(seed))
        assert int(other.min()) >= int(crop.min()) and int(other.max()) <= int(crop.max())
        taken.append(1 - (other < 128).sum() / ink_before)
    assert min(taken) >= -0.01 and max(taken) < 0.5, "what is left can be read"
    assert np.mean(np.array(taken) > 0.03) > 0.6, "it lies upon the mark often enough to teach anything"


def test_a_wiped_band_takes_letters_with_the_frame_over_and_under_them_and_nothing_beside(
    plate: Plate, stamped: tuple[np.ndarray, np.ndarray]
) -> None:
    page, quad = stamped
    across = np.linspace(-0.1, 1.1, 60)[:, None, None]
    along = np.linspace(0, 1, 400)[None, :, None]
    grid = (quad[0] + along * (quad[1] - quad[0]) + across * (quad[3] - quad[0])).round().astype(int)
    far = cv2.fillPoly(np.ones(page.shape[:2], np.uint8), [((quad - quad.mean(0)) * 1.5 + quad.mean(0)).astype(int)], 0)
    inked = (page[grid[..., 1], grid[..., 0]] < 128).any((0, 2))
    kept = []
    for seed in range(40):
        other = wiped(page, quad, np.random.default_rng(seed))
        assert np.array_equal(other[far > 0], page[far > 0])
        left = (other[grid[..., 1], grid[..., 0]] < 128).any((0, 2))
        kept.append(left[inked].mean())
    assert 1 - WIPED[1] - 0.12 < min(kept) and max(kept) < 1 - WIPED[0] + 0.12
    assert np.std(kept) > 0.05, "bands differ in width"


@pytest.mark.parametrize("where", ["crop", "window"])
def test_bands_are_wiped_across_marks_in_what_both_networks_are_shown(
    where: str, stamped: tuple[np.ndarray, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    page, quad = stamped
    middle = quad.mean(0)
    corner = (middle - (WIDE / 2, TALL / 2)).astype(int)
    crop = page[corner[1] : corner[1] + TALL, corner[0] : corner[0] + WIDE]
    label = {"quad": quad.tolist(), "kind": "TUYET_MAT", "legibility": 0.9}

    def ink(share: float, seed: int) -> int:
        rng = np.random.default_rng(seed)
        for module in (crops, data):
            monkeypatch.setattr(module, "SHARE_OF_WIPED", share)
            monkeypatch.setattr(module, "jostle", lambda view, _rng: view)
        if where == "crop":
            view = crops.jitter(crop, rng, flipped=False)
        else:
            view = data.view_of(page, [quad], {"labels": [label], "turn": 0}, middle, 1.0, 320, rng)[0]
        return int((view < 128).sum())

    lost = [1 - ink(1.0, seed) / ink(0.0, seed) for seed in range(12)]
    assert 0.1 < np.mean(lost) < 0.6
