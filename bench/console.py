"""What many live screens cost beside a feed, and how late they are.

    python -m bench.console [--screens 20] [--sheets 35] [--rate 140] [--chromium]

A paced source feeds sides of 300 dpi at ``--rate`` a minute into a station whose examination is scripted (no networks:
what is measured is the console). Three runs: nobody looks; every screen holds the event stream; every screen reads its
page anew at each event too, as the browser's script does. The screens live in a process of their own. With
``--chromium`` there is one run: the screens are pages of one Debian Chromium, each in a context of its own.

Prints the CPU seconds of the station's process, what the screens add, and how long after a change a screen knows of it.
"""

from __future__ import annotations

import argparse
import http.client
import multiprocessing
import statistics
import tempfile
import time
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
from tests.console import kit
from tests.console.kit import Client, Served, serve
from tests.console.screens import chromium
from tests.console.test_batch import reply, start
from tests.station import conftest
from tests.station.conftest import PASSPHRASE, RULES, SHEET, Room, ScriptedFeeder, listed, row, separator

from scanflow.console.questions import Kind
from scanflow.levels import Level
from scanflow.media.simulated import SimulatedBus, SimulatedStick
from scanflow.pages import RawPage
from scanflow.sealing.keys import init_demo
from scanflow.station.config import Separation
from scanflow.station.demo import _OFFICERS, _enrol_people, _person
from scanflow.station.setup import initialise, open_station

NOBODY, STREAMS, PAGES, CHROMIUM = "nobody looks", "event streams", "streams and pages", "pages of Chromium"
A4_300 = np.full((3508, 2480, 3), 236, np.uint8)


class PacedFeeder(ScriptedFeeder):
    """Hands a sheet on every so many seconds, as a feeder does, and says when it moved the first and the last."""

    interval_s: float
    begun: float
    ended: float

    def sides(self, first_sheet: int = 1) -> Iterator[RawPage]:
        self.begun = due = time.monotonic()
        for page in super().sides(first_sheet):
            if page.face.value == "recto":
                due += self.interval_s
                time.sleep(max(0.0, due - time.monotonic()))
            yield RawPage(page.sheet, page.face, A4_300.copy(), 300)
        self.ended = time.monotonic()


@dataclass(frozen=True)
class Heard:
    """What one screen saw: for each event its version and when it came; and when the page behind it was read."""

    events: list[tuple[int, float]]
    pages: list[tuple[int, float]]


def look(host: str, cookie: str, with_pages: bool, ready: Any, sink: list[Heard]) -> None:
    """One screen: reads the stream until it ends, and its page anew at each event."""
    heard = Heard([], [])
    sink.append(heard)
    stream = http.client.HTTPConnection(host, timeout=600)
    stream.request("GET", "/events")
    answer = stream.getresponse()
    page = http.client.HTTPConnection(host, timeout=600)
    ready.release()
    while line := answer.readline():
        if not line.startswith(b"data: "):
            continue
        version = int(line.removeprefix(b"data: "))
        heard.events.append((version, time.monotonic()))
        if with_pages:
            page.request("GET", "/", headers={"X-Live": "1", "Cookie": cookie})
            page.getresponse().read()
            heard.pages.append((version, time.monotonic()))
    stream.close()
    page.close()


def screens(host: str, cookie: str, count: int, with_pages: bool, pipe: Connection) -> None:
    """All screens, in a process of their own."""
    ready = multiprocessing.Semaphore(0)
    sink: list[Heard] = []
    threads = [Thread(target=look, args=(host, cookie, with_pages, ready, sink)) for _ in range(count)]
    for thread in threads:
        thread.start()
    for _ in threads:
        ready.acquire()
    pipe.send("ready")
    for thread in threads:
        thread.join()
    pipe.send([(one.events, one.pages) for one in sink])


SEEN = """
window.seen = [];
addEventListener("DOMContentLoaded", () => {
  const now = () => performance.timeOrigin + performance.now();
  const told = () => window.seen.push([Number(document.body.dataset.version), now()]);
  new MutationObserver(told).observe(document.body, { attributes: true, attributeFilter: ["data-version"] });
  told();
});
"""
"""Notes when the page shows a version: the last thing that the console's script does once the new words stand there."""


def browser_screens(url: str, count: int, pipe: Connection) -> None:
    """Pages of a real browser, in a process of their own; told once they stand, and asked for what they saw."""
    offset = time.monotonic() - time.time()
    with chromium() as browser:
        pages = []
        for _ in range(count):
            page = browser.new_context(viewport={"width": 1600, "height": 900}).new_page()
            page.add_init_script(SEEN)
            page.goto(url)
            page.wait_for_function("() => window.seen.length > 0")
            pages.append(page)
        pipe.send("ready")
        while not pipe.poll(0.2):
            pages[0].wait_for_timeout(50)
        last = pipe.recv()
        told = []
        for page in pages:
            page.wait_for_function(
                "version => Number(document.body.dataset.version) >= version", arg=last, timeout=600_000
            )
            seen = [(int(version), at / 1000 + offset) for version, at in page.evaluate("window.seen")]
            lost = page.evaluate("document.body.classList.contains('lost')")
            told.append((seen, lost))
        pipe.send(told)


def fed(console: Served, operator: Client, mode: str, changes: list[tuple[int, float]]) -> tuple[float, PacedFeeder]:
    """Feed the stack and note each change of the board; prints what it took; CPU seconds of this process."""
    board = console.room.board
    end = board.watch(lambda: changes.append((board._version, time.monotonic())))
    cpu = time.process_time()
    reply(console, operator, Kind.LOAD, do="yes")
    console.asked(Kind.STICK)
    cpu = time.process_time() - cpu
    end()
    feeder = console.feeder
    assert isinstance(feeder, PacedFeeder)
    took, sides = feeder.ended - feeder.begun, 2 * board.live().fed
    print(
        f"{mode}: {sides} sides in {took:.1f} s ({60 * sides / took:.0f} a minute), "
        f"{len(changes)} changes, {cpu:.2f} CPU s"
    )
    return cpu, feeder


def feed_chromium(console: Served, count: int) -> None:
    """One run with a real browser; prints its figures."""
    changes: list[tuple[int, float]] = []
    operator = start(console)
    console.asked(Kind.LOAD)
    ours, theirs = multiprocessing.Pipe()
    child = multiprocessing.get_context("spawn").Process(target=browser_screens, args=(console.url, count, theirs))
    child.start()
    assert ours.recv() == "ready"
    fed(console, operator, CHROMIUM, changes)
    ours.send(console.room.board.live().version)
    told = ours.recv()
    child.join()
    print(f"  pages that came to the last state: {len(told)} of {count}; lost: {sum(lost for _, lost in told)}")
    print(f"  changes shown by a page: {statistics.mean(len(seen) for seen, _ in told):.0f} of {len(changes)}")
    late = [one for seen, _ in told for one in lateness(changes, sorted(seen))]
    print(f"  change → on the page: {said(late)}")
    operator.post("/abandon", sure="yes")
    console.ended()


def lateness(changes: list[tuple[int, float]], seen: list[tuple[int, float]]) -> list[float]:
    """Seconds from each change to the first sight of it or of a later one; those after the last sight are left out."""
    versions, times = [one for one, _ in seen], [at for _, at in seen]
    found = []
    for version, at in changes:
        place = bisect_left(versions, version)
        if place < len(versions) and versions[0] <= version:
            found.append(times[place] - at)
    return found


def said(values: list[float]) -> str:
    if not values:
        return "–"
    ordered = sorted(values)
    late = ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))]
    middle = statistics.median(ordered)
    return f"median {1000 * middle:.0f} ms, 99 % {1000 * late:.0f} ms, worst {1000 * ordered[-1]:.0f} ms"


def feed(console: Served, mode: str, count: int) -> float:
    """One run; prints its figures and gives the CPU seconds of this process."""
    changes: list[tuple[int, float]] = []
    operator = start(console)
    console.asked(Kind.LOAD)
    child = None
    ours, theirs = multiprocessing.Pipe()
    if mode != NOBODY:
        cookie = "; ".join(f"{name}={value}" for name, value in operator.cookies.items())
        arguments = (console.host, cookie, count, mode == PAGES, theirs)
        child = multiprocessing.get_context("spawn").Process(target=screens, args=arguments)
        child.start()
        assert ours.recv() == "ready"
    cpu, feeder = fed(console, operator, mode, changes)
    operator.post("/abandon", sure="yes")
    console.ended()
    console.room.board.close()  # ends the streams
    if child is not None:
        heard = ours.recv()
        child.join()
        during = [one for one in changes if one[1] <= feeder.ended]
        events = [late for seen, _ in heard for late in lateness(during, seen)]
        pages = [late for _, read in heard for late in lateness(during, read)]
        print(f"  events a screen: {statistics.mean(len(seen) for seen, _ in heard):.0f}")
        print(f"  change → event:  {said(events)}")
        if pages:
            print(f"  change → page:   {said(pages)}")
    return cpu


def run(mode: str, count: int, sheets: int, rate: float) -> float:
    """A station of its own for each run; the CPU seconds of this process where that is what is asked."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        init_demo(folder / "keys")
        config = conftest._config(folder, Separation.SEPARATORS)
        officers = initialise(config, PASSPHRASE, (_person(_OFFICERS[0]), _person(_OFFICERS[1])))
        bus = SimulatedBus([])
        with open_station(config, PASSPHRASE, bus, ScriptedFeeder([]).examine, RULES) as station:
            keys = {**officers, **_enrol_people(station, officers)}
            (folder / "stick").mkdir()
            room = Room(station, keys, bus, SimulatedStick(folder / "stick", "SIM0000000001"), folder)
            room.enrol(room.stick, "M-0001", Level.TOI_MAT)
            manifest = listed(*(row(number, 4) for number in range(1, sheets // 5 + 1)))
            pile = [each for one in manifest.rows for each in (separator(manifest, one.ordinal), *[SHEET] * 4)]
            PacedFeeder.interval_s = 120 / rate
            with serve(room, pile, manifest, feeder=PacedFeeder) as console:
                if mode == CHROMIUM:
                    feed_chromium(console, count)
                    return 0.0
                return feed(console, mode, count)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--screens", type=int, default=20)
    parser.add_argument("--sheets", type=int, default=35)
    parser.add_argument("--rate", type=float, default=140)
    parser.add_argument("--chromium", action="store_true")
    asked = parser.parse_args()
    kit.PATIENCE_S = 600.0  # a busy machine is measured too, and told as what it is
    if asked.chromium:
        run(CHROMIUM, asked.screens, asked.sheets, asked.rate)
        return
    alone = run(NOBODY, 0, asked.sheets, asked.rate)
    for mode in (STREAMS, PAGES):
        added = run(mode, asked.screens, asked.sheets, asked.rate) - alone
        whole = 120 * asked.sheets / asked.rate
        print(f"  {asked.screens} screens add {added:.2f} CPU s, {100 * added / whole:.1f} % of a core")


if __name__ == "__main__":
    main()
