"""Two scanners at one station at the same time: one through SANE, one spoken to directly, each with its own faults."""

from __future__ import annotations

import threading
from pathlib import Path

from scanflow.scanner import errors
from scanflow.scanner.device_feeder import DeviceFeeder
from scanflow.scanner.escl.http import parse_address
from scanflow.scanner.escl_feeder import EsclFeeder
from scanflow.scanner.profile import Profile
from scanflow.scanner.virtual import Deck, Fault, FaultKind, virtual_scanner
from scanflow.scanner.virtual.sane import VirtualSaneFeeder

from .conftest import sheets_of
from .test_sane_stack import collect, whole


def test_both_feed_at_once_and_a_fault_of_one_is_no_matter_of_the_other(tmp_path: Path, airscan: Profile) -> None:
    first, second = Deck(sheets_of(4)), Deck(sheets_of(4, first=101))
    second.arrange(Fault(FaultKind.JAM, sheet=103))
    together = threading.Barrier(2, timeout=600)
    got: dict[str, tuple[list[tuple[int, str, int]], errors.ScannerError | None]] = {}

    def feed(name: str, feeder: DeviceFeeder) -> None:
        sides = feeder.sides
        first_time = [True]

        def meet(first_sheet: int = 1):  # type: ignore[no-untyped-def]
            for side in sides(first_sheet):
                if first_time.pop() if first_time else False:
                    together.wait()  # each has a side of its own in hand before either goes on
                yield side

        feeder.sides = meet  # type: ignore[method-assign]
        got[name] = collect(feeder)

    with (
        virtual_scanner(first, tmp_path / "a") as one,
        virtual_scanner(second, tmp_path / "b", tcp_port=0, serial="VIRTUAL-0002") as two,
        VirtualSaneFeeder(one, airscan) as sane,
        EsclFeeder(parse_address(two.url)) as escl,
    ):
        assert sane.facts.identity != escl.facts.identity
        threads = [
            threading.Thread(target=feed, args=(name, feeder)) for name, feeder in (("sane", sane), ("escl", escl))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(900)
    assert got["sane"] == (whole(1, 2, 3, 4), None)
    sides, fault = got["escl"]
    assert type(fault) is errors.FeederJammed and fault.last_good == 2
    assert sides == whole(101, 102, shift=-100)
