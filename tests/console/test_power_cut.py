"""The console's process is killed in the middle of a feed and of a delivery, and started again.

What it tells then is the truth: what the ledger held is there, what was delivered is called delivered, and nothing else is.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from tests.console.cutoff import stack
from tests.console.kit import PATIENCE_S, Client
from tests.station import conftest
from tests.station.conftest import OPERATOR, PASSPHRASE, RULES, SUPERVISOR, Founded, Room, ScriptedFeeder

from scanflow.ledger import catalogue as cat
from scanflow.ledger import verify
from scanflow.ledger.catalogue.words import Found
from scanflow.ledger.lines import read_entries
from scanflow.levels import Level
from scanflow.media.filesystem import DirectoryFilesystem, open_directory
from scanflow.media.receipt import survey
from scanflow.media.simulated import SimulatedBus, SimulatedStick
from scanflow.station.config import Separation
from scanflow.station.demo import demo_passphrase
from scanflow.station.setup import Home, open_station, public_key_of, verifier_of

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS, SHEETS = 3, 2


@pytest.fixture
def folder(tmp_path: Path, founded: Founded) -> Path:
    """A station that is shut, with a stick that was enrolled."""
    folder = tmp_path / "station"
    shutil.copytree(founded.folder, folder)
    (folder / "stick").mkdir()
    bus = SimulatedBus([])
    config = conftest._config(folder, Separation.SEPARATORS)
    with open_station(config, PASSPHRASE, bus, ScriptedFeeder([]).examine, RULES) as station:
        stick = SimulatedStick(folder / "stick", "SIM0000000001")
        Room(station, founded.keys, bus, stick, folder).enrol(stick, "M-0001", Level.TOI_MAT)
    return folder


class Console:
    """A console in a process of its own."""

    def __init__(self, folder: Path, at: str, nth: int) -> None:
        command = [sys.executable, "-m", "tests.console.cutoff", str(folder), str(DOCUMENTS), str(SHEETS), at, str(nth)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.first = self.heard()

    def heard(self) -> dict[str, Any]:
        """The next line that the process says; empty when it says no more."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        return json.loads(line) if line else {}

    @property
    def host(self) -> str:
        return str(self.first.get("url", self.first.get("shut"))).removeprefix("http://").rstrip("/")

    def opened(self) -> None:
        """The station opened: from now on its own console is meant."""
        self.first = self.heard()
        assert "url" in self.first

    def asked(self, client: Client, words: str) -> str:
        """Wait, woken by the event stream, until the page says these words; its text."""
        return self._until(client, lambda page: words in page)

    def _until(self, client: Client, fits: Callable[[str], bool]) -> str:
        stream = HTTPConnection(self.host, timeout=PATIENCE_S)
        stream.request("GET", "/events")
        events = stream.getresponse()
        try:
            while not fits(page := client.get("/").text):
                assert events.readline(), "the stream ended"
            return page
        finally:
            stream.close()

    def answer(self, client: Client, words: str, **form: str) -> None:
        number = re.search(r'action="/answer/(\d+)"', self.asked(client, words))
        assert number is not None
        assert client.post(f"/answer/{number[1]}", **form).status == 303

    def kill(self) -> None:
        """The power goes."""
        self.process.kill()
        self.process.wait()

    def end(self) -> int:
        """Close it in order."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait()


@contextmanager
def console(folder: Path, at: str = "never", nth: int = 0) -> Iterator[Console]:
    served = Console(folder, at, nth)
    try:
        yield served
    finally:
        if served.process.poll() is None:
            served.kill()
        for pipe in (served.process.stdin, served.process.stdout):
            assert pipe is not None
            pipe.close()


def begin(served: Console) -> Client:
    """The operator begins the batch and lays the paper in."""
    client = Client(served.host)
    assert client.sign_in(OPERATOR).status == 303
    assert client.post("/batch", list="danh-muc.xlsx").status == 303
    served.answer(client, "XẾP GIẤY VÀO KHAY", do="yes")
    return client


def close_acts(served: Console, found: Found) -> list[str]:
    """The supervisor signs in to the station that is shut, looks, and closes what was left open; which acts these were."""
    public = Client(served.host).get("/").text
    assert "TRẠM CHƯA MỞ" in public
    assert "/close/" not in public
    client = Client(served.host)
    assert client.sign_in(SUPERVISOR).status == 303
    page = client.get("/").text
    numbers = re.findall(r'action="/close/(\d+)"', page)
    told = client.get("/").text
    assert told == page, "the page is the same however often it is read"
    form = {"found": found.value, "passphrase": demo_passphrase(SUPERVISOR)}
    for number in numbers:
        if found is Found.DONE and "/medium" in page:
            unread = client.post(f"/close/{number}", **form)
            assert (unread.status, "CON-NOT-READ" in unread.text) == (409, True)
            assert client.post("/medium").status == 303
            assert "lần giao này NGUYÊN VẸN" in client.get("/").text
        assert client.post(f"/close/{number}", **form).status == 303
    served.opened()
    return numbers


def kinds_of(folder: Path, numbers: list[str]) -> list[str]:
    """What these entries of the ledger are."""
    entries = {one.n: one.event.id for one in read_entries(Home(folder).ledger)}
    return [entries[int(number)] for number in numbers]


def fed_on(page: str) -> int:
    told = re.search(r"Đã qua máy: <b>(\d+) tờ", page)
    return 0 if told is None else int(told[1])


def states(page: str) -> list[str]:
    """What the page says of each document."""
    body = page.split("<tbody>")[1].split("</tbody>")[0]
    return [re.findall(r"<td[^>]*>(.*?)</td>", line)[-1] for line in body.split("</tr>")[:-1]]


def counted(page: str) -> list[str]:
    body = page.split("<tbody>")[1].split("</tbody>")[0]
    return [re.findall(r'<td class="n">(.*?) / ', line)[0] for line in body.split("</tr>")[:-1]]


def require_whole(folder: Path) -> None:
    home = Home(folder)
    report = verify(home.ledger, public_key_of(home), ())
    assert report.ok, report.faults


@pytest.mark.parametrize("before", [3, 8])
def test_killed_in_the_middle_of_a_feed(folder: Path, before: int) -> None:
    with console(folder, "feed", before) as served:
        client = begin(served)
        assert served.heard() == {"at": "feed"}
        told = client.get("/").text
        served.kill()
    fed = list(read_entries(Home(folder).ledger, (cat.SheetFed,)))
    assert fed_on(told) <= len(fed) < before
    with console(folder) as served:
        assert kinds_of(folder, close_acts(served, Found.NOT_DONE)) == ["feed.started"]
        client = Client(served.host)
        page = client.get("/").text
        assert "ĐỢT BỊ NGẮT" in page
        assert fed_on(page) == len(fed)
        manifest, _ = stack(DOCUMENTS, SHEETS)
        for number, sheets in enumerate(counted(page), 1):
            of_it = [one for one in fed if getattr(one.event, "document", None) == manifest.document_id(number)]
            assert int(sheets) == len(of_it)
        assert "đã giao" not in states(page)
        client = begin(served)
        served.answer(client, "CẮM THIẾT BỊ NHỚ", do="yes")
        page = served.asked(client, "XONG")
        assert states(page) == ["đã giao"] * DOCUMENTS
        assert served.end() == 0
    require_whole(folder)


@pytest.mark.parametrize(
    ("at", "nth", "whole"),
    [("write", 1, 0), ("write", 4, 0), ("receipt", 0, 1), ("entered", 0, 1)],
    ids=lambda value: str(value),
)
def test_killed_in_the_middle_of_a_delivery(folder: Path, at: str, nth: int, whole: int) -> None:
    with console(folder, at, nth) as served:
        client = begin(served)
        served.answer(client, "CẮM THIẾT BỊ NHỚ", do="yes")
        assert served.heard() == {"at": at}
        told = states(client.get("/").text)
        served.kill()
    in_ledger = list(read_entries(Home(folder).ledger, (cat.DeliveryDone,)))
    assert ("đã giao" in told) <= bool(in_ledger), "nobody is told of a delivery that the ledger does not hold"
    lying = survey(DirectoryFilesystem(open_directory(folder / "stick"), direct=False), verifier_of(Home(folder)))
    assert len(lying.whole) == whole
    with console(folder) as served:
        if at != "entered":
            found = Found.DONE if whole else Found.NOT_DONE
            assert kinds_of(folder, close_acts(served, found)) == ["delivery.begun"]
        page = Client(served.host).get("/").text
        assert "ĐỢT BỊ NGẮT" in page
        assert states(page) == ["đã giao" if whole else "đã niêm phong, chưa giao"] * DOCUMENTS
        assert served.end() == 0
    require_whole(folder)
