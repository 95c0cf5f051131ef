"""A console over a scripted station, served on loopback, and a client that speaks plain HTTP."""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from html import unescape
from pathlib import Path
from threading import Condition, Thread
from urllib.parse import urlencode

import uvicorn
from tests.station.conftest import SUPERVISOR, Paper, ScriptedFeeder
from tests.station.conftest import Room as StationRoom

from scanflow.console.app import room_app
from scanflow.console.board import Board, Live
from scanflow.console.desk import ConsoleDesk
from scanflow.console.hall import Hall
from scanflow.console.questions import Kind
from scanflow.console.room import Room
from scanflow.console.server import Address, MakeApp, listening, server_over, url_of
from scanflow.errors import ScanflowError
from scanflow.levels import Level
from scanflow.manifest import Manifest, write_manifest
from scanflow.media.simulated import SimulatedStick
from scanflow.pages import Face
from scanflow.station.batch import BatchResult, run_batch
from scanflow.station.demo import demo_passphrase
from scanflow.station.desk import Desk, LoadPaper, SampleAnswer, SampledSide
from scanflow.station.host import Finding, Health

PATIENCE_S = 300.0
"""How long a test waits for what must come; a loaded machine is slow, and nothing here is measured."""


class Hands(ConsoleDesk):
    """The console's desk, with hands for scripted paper and sticks."""

    def __init__(
        self, board: Board, feeder: ScriptedFeeder, station: StationRoom, sticks: list[SimulatedStick]
    ) -> None:
        super().__init__(board)
        self.feeder, self.station, self.sticks = feeder, station, sticks
        self.refills: list[list[Paper]] = []
        self.loads: list[LoadPaper] = []
        self.samples_on_screen = False
        self.decided: dict[tuple[int, Face], Level] = {}
        self._plugged: SimulatedStick | None = None

    def load_paper(self, request: LoadPaper) -> bool:
        self.loads.append(request)
        if len(self.loads) > 1 and self.refills:
            self.feeder.pile[:0] = self.refills.pop(0)
        return super().load_paper(request) and self.feeder.paper_present()

    def check_sample(self, asked: SampledSide) -> SampleAnswer | None:
        """The supervisor reads the paper; on the screen only where the test is about that."""
        if self.samples_on_screen:
            return super().check_sample(asked)
        place = asked.sheet, asked.face
        read = self.decided.get(place, self.feeder.seen[place].judgement.level)
        return SampleAnswer(SUPERVISOR, read or Level.THUONG)

    def insert_stick(self, level: Level, refusal: ScanflowError | None) -> bool:
        if not super().insert_stick(level, refusal):
            return False
        if self._plugged is not None:
            self.station.bus.pull(self._plugged)
            self._plugged = None
        if self.sticks:
            self._plugged = self.sticks.pop(0)
            self.station.bus.plug(self._plugged)
        return True


@dataclass
class Served:
    """A console that is served, with what the test holds in its hands."""

    room: Room
    url: str
    station: StationRoom
    feeder: ScriptedFeeder
    hands: Hands
    clock: list[float]
    server: uvicorn.Server

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://").rstrip("/")

    def wait(self, fits: Callable[[Live], bool]) -> Live:
        """The first moment that fits; woken by the board, never by a clock."""
        board, told = self.room.board, Condition()

        def changed() -> None:
            Thread(target=_notify, args=(told,), daemon=True).start()

        end = board.watch(changed)
        try:
            with told:
                if not told.wait_for(lambda: fits(board.live()), PATIENCE_S):
                    live = board.live()
                    raise AssertionError(f"it did not come: {live.job} {live.question} {live.refusal} {live.notices}")
            return board.live()
        finally:
            end()

    def asked(self, kind: Kind) -> Live:
        """Wait for a question of this kind."""
        return self.wait(lambda live: live.question is not None and live.question.kind is kind)

    def ended(self) -> Live:
        """Wait until nothing is being done any more."""
        return self.wait(lambda live: not live.job)

    def client(self, person: str = "") -> Client:
        made = Client(self.host)
        if person:
            assert made.sign_in(person).status == 303
        return made


def _notify(told: Condition) -> None:
    with told:
        told.notify_all()


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return unescape(self.body.decode())


@dataclass
class Client:
    """One browser without scripts: it keeps cookies and sends the token of the last page."""

    host: str
    cookies: dict[str, str] = field(default_factory=dict)
    csrf: str = ""

    def get(self, path: str, **headers: str) -> Answer:
        return self._send("GET", path, None, headers)

    def post(self, path: str, headers: dict[str, str] | None = None, **form: str) -> Answer:
        if not self.csrf:
            self.get("/")
        return self._send("POST", path, urlencode({"csrf": self.csrf, **form}), headers or {})

    def sign_in(self, person: str, passphrase: str = "") -> Answer:
        self.get("/sign-in")
        answer = self.post("/sign-in", person=person, passphrase=passphrase or demo_passphrase(person))
        if answer.status == 303:
            self.get("/")
        return answer

    def sign(self, person: str, passphrase: str = "", **other: str) -> Answer:
        """Read what stands on the screen, and sign just that."""
        page = self.get("/").body.decode()
        form = re.search(r'action="(/sign/[0-9]+)".*?name="shown" value="([0-9a-f]+)"', page, re.DOTALL)
        assert form is not None, "the page shows nothing to sign"
        secret = passphrase or demo_passphrase(person)
        return self.post(form[1], **{"person": person, "passphrase": secret, "shown": form[2], **other})

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection(self.host, timeout=PATIENCE_S)
        try:
            sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **headers}
            if body is not None:
                sent["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, path, body, sent)
            got = connection.getresponse()
            for cookie in got.headers.get_all("set-cookie", []):
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            answer = Answer(got.status, {k.lower(): v for k, v in got.getheaders()}, got.read())
        finally:
            connection.close()
        if token := re.search(rb'name="csrf" value="([^"]+)"', answer.body):
            self.csrf = token[1].decode()
        return answer


@contextmanager
def serve(
    station: StationRoom, pile: list[Paper], manifest: Manifest | None = None, **more: object
) -> Iterator[Served]:
    """A console over ``station``; ``manifest`` lies in its inbox."""
    inbox = station.folder / "inbox"
    inbox.mkdir(exist_ok=True)
    if manifest is not None:
        write_manifest(manifest.rows, inbox / str(more.get("name", "danh-muc.xlsx")))
    feeding = more.get("feeder", ScriptedFeeder)
    assert isinstance(feeding, type)
    feeder = feeding(pile, **{k: more[k] for k in ("faults", "run_past") if k in more})  # type: ignore[arg-type]
    clock = [1000.0]

    def work(desk: Desk, listed: Manifest, operator: str, only: Collection[int]) -> BatchResult:
        return run_batch(station.with_feeder(feeder), desk, listed, feeder, operator, only=only)

    findings = [
        Finding("P4", "swap", Health.OK, "Không có vùng swap.", "no swap is on"),
        Finding("P12", "network", Health.WARN, "Máy đang nối mạng (eth0).", "network links are up (eth0)"),
        Finding("P2", "usb", Health.BAD, "Cổng USB usb1 tự nhận thiết bị.", "usb1 authorises devices by default"),
    ]
    room = Room(station.station, work, inbox, lambda: findings, clock=lambda: clock[0])
    room.look_at_host()
    sticks = more.get("sticks", [station.stick])
    assert isinstance(sticks, list)
    hands = Hands(room.board, feeder, station, sticks)
    room.desk = hands
    with running(room, partial(room_app, room)) as (url, server):
        yield Served(room, url, station, feeder, hands, clock, server)


@contextmanager
def running(hall: Hall, make: MakeApp, port: int = 0) -> Iterator[tuple[str, uvicorn.Server]]:
    """A console on loopback, in a thread; the system chooses the port where none is said."""
    with listening(Address("127.0.0.1", port)) as bound:
        server = server_over(make, bound)
        bound.listen()
        thread = Thread(target=server.run, kwargs={"sockets": [bound]}, name="console-server")
        thread.start()
        try:
            yield url_of(bound), server
        finally:
            hall.board.close()
            server.should_exit = True
            thread.join()
            hall.close()


def files_below(folder: Path) -> Iterator[Path]:
    """Every file under a folder."""
    return (path for path in folder.rglob("*") if path.is_file())
