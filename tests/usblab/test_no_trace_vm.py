"""No trace: canary pages through a whole batch with a route-out in a virtual machine; then disk, swap, stick and memory.

The small stack; ``python -m tools.usblab.notrace full`` is the same with all pages at 300 dpi and the networks.
"""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools.usblab import canary, notrace


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> notrace.Run:
    """Boot once."""
    return notrace.host("slice", tmp_path_factory.mktemp("notrace"), secrets.randbits(60))


def test_the_batch_was_a_whole_one_with_a_route_out(run: notrace.Run) -> None:
    assert run.result["outcomes"] == ["delivered", "routed_out"], run.result["told"]
    assert {one.shape for one in run.wanted} == {"jpeg", "bgr", "grey", "words", "text", "str", "word", "pdf"}
    assert {one.page for one in run.wanted if one.routed_out} == set(canary.SLICE.routed_out)


def test_the_search_finds_every_needle_where_it_is(run: notrace.Run) -> None:
    for gap in range(1, 5):  # at every alignment
        lying = bytes(gap).join(one.data for one in run.wanted)
        assert canary.search(lying, run.wanted).total() == len(run.wanted) > 100


def test_each_place_was_searched_and_the_swap_was_in_use(run: notrace.Run) -> None:
    assert run.controlled == set(run.found) and len(run.found) == 6
    assert run.swapped > 1000


@pytest.mark.parametrize("image", ["disk.img", "swap.img", "stick.img"])
def test_no_page_lies_on_a_disk(run: notrace.Run, image: str) -> None:
    """Not in a file, not in what a deleted file left behind: every byte of the image is searched."""
    assert run.found[image] == {}


@pytest.mark.parametrize("moment", notrace.MOMENTS)
def test_no_page_lies_in_memory_after_the_erase(run: notrace.Run, moment: str) -> None:
    """The machine's whole memory: the station, its workers, the kernel."""
    assert run.found[f"{moment}.mem"] == {}
