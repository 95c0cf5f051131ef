"""The networks load only what was tested, look at any image in bounded time, and see marks in pages never trained on."""

from __future__ import annotations

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from scanflow.errors import ExitCode, all_causes
from scanflow.stamps.candidates import MOST_CANDIDATES
from scanflow.stamps.closer import MOST_WINDOWS
from scanflow.stamps.errors_network import NetworkError, SideUnfit, WeightsMissing, WeightsTampered
from scanflow.stamps.marks import MarkKind as K
from scanflow.stamps.network import NETWORKS, MarkNetwork
from scanflow.stamps.weightsfile import WEIGHTS, index_of

FILES = [f"{name}.onnx" for name in NETWORKS]


@pytest.fixture(scope="module")
def network() -> MarkNetwork:
    return MarkNetwork()


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(WEIGHTS, tmp_path / "weights"))


@pytest.mark.parametrize("name", FILES)
def test_one_changed_bit_is_refused(copied: Path, name: str) -> None:
    content = bytearray((copied / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copied / name).write_bytes(content)
    with pytest.raises(WeightsTampered, match=name):
        MarkNetwork(copied)


@pytest.mark.parametrize("name", ["index.toml", *FILES])
def test_a_missing_file_is_refused(copied: Path, name: str) -> None:
    (copied / name).unlink()
    with pytest.raises(WeightsMissing, match=name):
        MarkNetwork(copied)


@pytest.mark.parametrize("content", [b"[detector\n", b"\xff\xfe", b"", b"[detector]\nfile = 'detector.onnx'\n"])
def test_a_broken_index_is_refused(copied: Path, content: bytes) -> None:
    (copied / "index.toml").write_bytes(content)
    with pytest.raises(WeightsTampered):
        MarkNetwork(copied)


def test_every_refusal_says_what_to_do_in_two_tongues() -> None:
    facts = {"file": "x", "width": 1, "height": 2, "dpi": 3}
    causes = all_causes(NetworkError)
    assert {c.code for c in causes} == {"STP-WEIGHTS-MISSING", "STP-WEIGHTS-TAMPERED", "STP-SIDE-UNFIT"}
    for cause in causes:
        said = cause(**facts)
        assert any(c in said.say_vi for c in "ạảấầệếộủứ")
        assert said.exit_code in (ExitCode.HOST_UNFIT, ExitCode.HELD)


def test_no_weights_are_shipped_that_no_index_names() -> None:
    index = index_of(WEIGHTS)
    named = {str(index[network]["file"]) for network in NETWORKS}
    assert {one.name for one in WEIGHTS.iterdir()} == named | {"index.toml"}


def test_the_index_records_how_the_weights_were_made() -> None:
    text = (WEIGHTS / "index.toml").read_text(encoding="utf-8")
    for word in ("command", "seed", "sha256", "version", "route", "hold", "hold_floor", "unknown_hold"):
        assert f"{word} = " in text


def _framed(rng: np.random.Generator, count: int) -> np.ndarray:
    page = np.full((2339, 1654, 3), 250, np.uint8)
    for _ in range(count):
        x, y = int(rng.integers(0, 1300)), int(rng.integers(0, 2250))
        cv2.rectangle(page, (x, y), (x + 315, y + 63), (30, 30, 200), 3)
        cv2.rectangle(page, (x + 8, y + 8), (x + 307, y + 55), (30, 30, 200), 2)
        cv2.putText(page, "TUYET MAT", (x + 40, y + 45), 0, 1.2, (30, 30, 200), 3)
    return page


HOSTILE = {
    "1 x 1": np.zeros((1, 1, 3), np.uint8),
    "1 x 3000": np.full((1, 3000, 3), 255, np.uint8),
    "grey 7 x 5": np.full((7, 5), 128, np.uint8),
    "noise": np.random.default_rng(1).integers(0, 256, (1169, 827, 3), dtype=np.uint8),
    "all red": np.full((1169, 827, 3), (0, 0, 255), np.uint8),
    "all black": np.zeros((1169, 827), np.uint8),
    "200 stamps": _framed(np.random.default_rng(2), 200),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_image_gives_a_bounded_list(network: MarkNetwork, name: str) -> None:
    found = network.find(HOSTILE[name], 200)
    assert len(found) <= MOST_CANDIDATES + MOST_WINDOWS
    for f in found:
        assert 0 <= f.route <= 1
        assert f.background + sum(f.probabilities.values()) == pytest.approx(1, abs=1e-3)
        assert np.isfinite(f.quad).all()


def test_a_poster_is_searched_in_tiles_and_a_wall_is_refused(network: MarkNetwork) -> None:
    poster = np.full((9000, 2000), 255, np.uint8)
    poster[8200:8263, 800:1115] = 0
    assert isinstance(network.find(poster, 200), list)
    with pytest.raises(SideUnfit):
        network.find(np.zeros((20000, 20000), np.uint8), 200)


@pytest.mark.parametrize(
    ("pixels", "dpi"),
    [
        (np.zeros((10, 10, 4), np.uint8), 200),
        (np.zeros((10, 10, 3), np.uint16), 200),
        (np.zeros((0, 10, 3), np.uint8), 200),
        (np.zeros(10, np.uint8), 200),
        (np.zeros((10, 10, 3), np.uint8), 0),
        (np.zeros((10, 10, 3), np.uint8), 5000),
    ],
)
def test_what_is_no_side_is_refused_and_never_called_empty(network: MarkNetwork, pixels: np.ndarray, dpi: int) -> None:
    with pytest.raises(SideUnfit):
        network.find(pixels, dpi)


def test_the_same_side_gives_the_same_findings(network: MarkNetwork) -> None:
    side = _framed(np.random.default_rng(3), 3)
    assert network.look(side, 200) == network.look(side, 200)


def test_grey_pixels_are_the_same_as_three_equal_channels(network: MarkNetwork) -> None:
    grey = cv2.cvtColor(_framed(np.random.default_rng(4), 2), cv2.COLOR_BGR2GRAY)
    assert network.find(grey, 200) == network.find(cv2.merge([grey] * 3), 200)


def test_kinds_are_ours(network: MarkNetwork) -> None:
    found = network.find(_framed(np.random.default_rng(5), 2), 200)
    assert all(set(f.probabilities) == set(K) - {K.UNREADABLE} for f in found)
