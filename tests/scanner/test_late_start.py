"""sane-airscan's start that comes back after its job is over: refused with nothing taken, and impossible in the drills."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from scanflow.pages import RawPage
from scanflow.scanner import errors, wire
from scanflow.scanner.device_feeder import Feed
from scanflow.scanner.profile import Profile
from scanflow.scanner.sane_feeder import SaneFeeder
from scanflow.scanner.virtual import Deck, VirtualAddress, virtual_scanner
from scanflow.scanner.virtual.deck import Job
from scanflow.scanner.virtual.sane import VirtualSaneFeeder

from .conftest import sheets_of
from .test_sane_stack import collect, whole

SOURCE = Path(__file__).parent / "late" / "late.c"


@pytest.fixture(scope="session")
def late(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that makes the driver's start late."""
    library = tmp_path_factory.mktemp("late") / "late.so"
    command = ["gcc", "-O1", "-shared", "-fPIC", "-o", str(library), str(SOURCE)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, f"the late start does not build (apt-get install gcc libc6-dev): {done.stderr}"
    return library


class Telling(Deck):
    """A deck that leaves a file when its job is deleted; it may forget the job, as some devices do."""

    def __init__(self, count: int, gate: Path, *, forgets: bool) -> None:
        super().__init__(sheets_of(count))
        self._gate, self.forgets = gate, forgets

    def cancel(self, job: Job) -> None:
        super().cancel(job)
        self._gate.touch()
        if self.forgets:
            self.jobs.remove(job)


@pytest.mark.parametrize("forgets", [False, True], ids=["job kept", "job forgotten"])
def test_a_start_that_answers_after_its_job_is_refused_and_the_paper_fed_again(
    tmp_path: Path, private: Path, airscan: Profile, late: Path, forgets: bool
) -> None:
    gate = tmp_path / "gate"
    deck = Telling(3, gate, forgets=forgets)
    with virtual_scanner(deck, private) as address:
        env = {"LD_PRELOAD": str(late), "LATE_GATE": str(gate)}
        with SaneFeeder(address.device, airscan, address.config_dir, env=env) as feeder:
            got, fault = collect(feeder, first_sheet=7)
        assert deck.output == [1, 2, 3] and not deck.tray, "all paper went through"
        assert got == [] and isinstance(fault, errors.FeedFault)
        assert type(fault) is (errors.EndNotProved if forgets else errors.CountNotProved)
        assert (fault.last_good, fault.fed) == (6, None if forgets else 3) and fault.needs_paper_check
        with address.scanner.lock:
            assert deck.restack(0) == [1, 2, 3]
            deck.forgets = False  # of such a device no end is ever proved
        with VirtualSaneFeeder(address, airscan) as feeder:
            assert collect(feeder, first_sheet=7) == (whole(1, 2, 3, shift=6), None)


class Watched(VirtualSaneFeeder):
    """Notes how many images had left the scanner when the driver handed on a side."""

    def __init__(self, address: VirtualAddress, profile: Profile) -> None:
        super().__init__(address, profile)
        self.left: list[int] = []
        self._jobs = address.scanner.deck.jobs

    def _take(self, feed: Feed, message: wire.Message) -> tuple[RawPage, ...] | None:
        if message.kind == "side":
            self.left.append(self._jobs[-1].images_completed)
        return super()._take(feed, message)


def test_the_virtual_scanner_sends_no_second_image_before_the_driver_handed_on_the_first(
    private: Path, airscan: Profile
) -> None:
    deck = Deck(sheets_of(3))
    with virtual_scanner(deck, private) as address, Watched(address, airscan) as feeder:
        for _feed in range(2):
            assert collect(feeder) == (whole(1, 2, 3), None)
            assert feeder.left[0] == 1 and len(feeder.left) == 6
            feeder.left.clear()
            with address.scanner.lock:
                deck.restack(0)
