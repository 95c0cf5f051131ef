"""A console in a process of its own that a test may kill at a chosen instant: ``python -m tests.console.cutoff``.

Arguments: the station's folder, ``documents`` and ``sheets`` of each, and where to stand still. It prints a line of JSON
when it listens (``shut`` while acts are open, then ``url``), and another when it stands still at the chosen instant; from
there on only SIGKILL ends it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any, NoReturn

from tests.console.kit import serve
from tests.station import conftest
from tests.station.conftest import PASSPHRASE, RULES, SHEET, Paper, Room, ScriptedFeeder, listed, row, separator

from scanflow.console.server import Address, listening
from scanflow.console.shut import close_left_open
from scanflow.errors import ScanflowError
from scanflow.manifest import Manifest
from scanflow.media import deliver as delivering
from scanflow.media.simulated import SimulatedBus, SimulatedStick
from scanflow.pages import RawPage
from scanflow.station import release
from scanflow.station.config import Separation
from scanflow.station.setup import open_station


def say(**what: object) -> None:
    print(json.dumps(what), flush=True)


def stand_still(at: str) -> NoReturn:
    """Tell the test where, and go no further: its SIGKILL comes now."""
    say(at=at)
    Event().wait()
    raise AssertionError("nobody sets it")


class CutFeeder(ScriptedFeeder):
    """Stands still before a sheet."""

    before: int = 0

    def sides(self, first_sheet: int = 1) -> Iterator[RawPage]:
        for page in super().sides(first_sheet):
            if page.sheet == self.before:
                stand_still("feed")
            yield page


def _cut_release(at: str, nth: int) -> None:
    """Stand still before the n-th write of the delivery, behind its receipt, or behind its entry in the ledger."""
    if at == "write":
        put, calls = delivering._Writer.put, iter(range(1, 1000))

        def cut(self: Any, filesystem: Any, name: str, content: bytes) -> None:
            if next(calls) == nth:
                stand_still("write")
            put(self, filesystem, name, content)

        delivering._Writer.put = cut  # type: ignore[method-assign]
    elif at == "receipt":
        whole = release.deliver

        def cut_deliver(*args: Any, **more: Any) -> NoReturn:
            whole(*args, **more)
            stand_still("receipt")

        release.deliver = cut_deliver  # type: ignore[assignment]
    elif at == "entered":

        def cut_erase(*_: object) -> NoReturn:
            stand_still("entered")

        release.erase = cut_erase  # type: ignore[assignment]


def stack(documents: int, sheets: int) -> tuple[Manifest, list[Paper]]:
    """The list and the pile of these tests."""
    manifest = listed(*(row(number, sheets) for number in range(1, documents + 1)))
    pile = [paper for one in manifest.rows for paper in (separator(manifest, one.ordinal), *[SHEET] * sheets)]
    return manifest, pile


def main(folder: Path, documents: int, sheets: int, at: str, nth: int) -> int:
    """Serve until killed."""
    bus = SimulatedBus([])
    config = conftest._config(folder, Separation.SEPARATORS)
    manifest, pile = stack(documents, sheets)
    CutFeeder.before = nth if at == "feed" else 0
    _cut_release(at, nth)
    try:
        with listening(Address("127.0.0.1", 0)) as bound:
            stick = SimulatedStick(folder / "stick", "SIM0000000001")
            bus.plug(stick)  # as a person does to look at it
            close_left_open(config, PASSPHRASE, bus, bound, lambda url: say(shut=url))
            bus.pull(stick)
        with open_station(config, PASSPHRASE, bus, ScriptedFeeder([]).examine, RULES) as station:
            stick = SimulatedStick(folder / "stick", "SIM0000000001")
            room = Room(station, {}, bus, stick, folder)
            with serve(room, pile, manifest, feeder=CutFeeder) as console:
                say(url=console.url)
                sys.stdin.readline()
    except ScanflowError as refused:
        say(refused=refused.code, say_vi=refused.say_vi)
        return refused.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], int(sys.argv[5])))
