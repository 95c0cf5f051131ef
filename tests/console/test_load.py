"""Many screens at once, and the same state after a reload or a power cut."""

from __future__ import annotations

import asyncio
import http.client
import socket
from threading import Event, Thread

import pytest
from tests.console.kit import PATIENCE_S, Served, serve
from tests.console.test_batch import reply, start
from tests.station.conftest import SHEET, SUPERVISOR, Room, listed, row, separator

from scanflow.console import app
from scanflow.console.board import Board
from scanflow.console.headline import headline
from scanflow.console.questions import Kind
from scanflow.console.rows import lines
from scanflow.station.desk import Notice, Tone

READERS = 20


class Reader:
    """One browser on the event stream; it reads until it has seen the version that it waits for."""

    def __init__(self, console: Served) -> None:
        self.connection = http.client.HTTPConnection(console.host, timeout=PATIENCE_S)
        self.connection.request("GET", "/events")
        self.answer = self.connection.getresponse()
        self.seen: list[int] = []
        self.wanted: int | None = None
        self.thread = Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self) -> None:
        while self.wanted is None or not self.seen or self.seen[-1] < self.wanted:
            line = self.answer.readline()
            if not line:
                return
            if line.startswith(b"data: "):
                self.seen.append(int(line.removeprefix(b"data: ")))


def test_twenty_screens_on_the_event_stream_while_a_stack_is_fed(room: Room) -> None:
    sheets = 35
    manifest = listed(row(1, sheets))
    with serve(room, [separator(manifest, 1), *[SHEET] * sheets], manifest) as console:
        readers = [Reader(console) for _ in range(READERS)]
        assert {reader.answer.status for reader in readers} == {200}
        assert {reader.answer.getheader("cache-control") for reader in readers} == {"no-store, max-age=0"}
        operator = start(console)
        reply(console, operator, Kind.LOAD, do="yes")
        live = console.asked(Kind.STICK)
        for reader in readers:
            reader.wanted = live.version
        console.room.board.tell(Notice(Tone.INFO, "một thông báo", "a notice"))
        for reader in readers:
            reader.thread.join(PATIENCE_S)
            assert not reader.thread.is_alive()
            assert reader.seen[-1] >= live.version
            assert reader.seen == sorted(reader.seen), "versions never fall"
            reader.connection.close()
        assert f"{sheets} / {sheets}" in operator.get("/").text
        operator.post("/abandon", sure="yes")
        console.ended()


def test_a_version_is_said_again_at_each_beat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "PACE_S", 0.0)
    monkeypatch.setattr(app, "BEAT_S", 0.0)

    async def three(board: Board) -> list[str]:
        said = app.stream(board)
        return [await anext(said) for _ in range(3)]

    assert asyncio.run(three(Board())) == ["data: 0\n\n"] * 3


def test_a_stream_whose_browser_is_gone_leaves_nothing_on_the_board(room: Room) -> None:
    with serve(room, []) as console:
        host, _, port = console.host.rpartition(":")
        board = console.room.board
        with socket.create_connection((host, int(port)), timeout=PATIENCE_S) as browser:
            browser.sendall(f"GET /events HTTP/1.1\r\nHost: {console.host}\r\n\r\n".encode())
            said = b""
            while b"data: " not in said:
                said += browser.recv(4096)
            assert board.watchers == 1
        version = board.live().version
        for _ in range(60_000):  # each change makes the server write, which tells it that nobody reads
            board.touch()
            if board.watchers == 0:
                break
            Event().wait(0.01)
        assert board.live().version > version
        assert board.watchers == 0


def test_a_reload_shows_the_same_state_at_every_question(room: Room) -> None:
    manifest = listed(row(1, 2), row(2, 1))
    pile = [separator(manifest, 1), SHEET, SHEET, separator(manifest, 2), SHEET]
    with serve(room, pile, manifest) as console:
        operator = start(console)
        for kind in (Kind.LOAD, Kind.STICK):
            console.asked(kind)
            first, second = operator.get("/"), operator.get("/")
            assert first.body == second.body
            other = console.client(SUPERVISOR).get("/").text
            state = first.text.split('<section id="state"')[1].split("</section>")[0]
            assert state in other
            reply(console, operator, kind, do="yes")
        console.ended()


@pytest.mark.parametrize("cut_at", [1, 3, 6])
def test_after_a_power_cut_the_counts_are_there_and_the_screen_says_so(room: Room, cut_at: int) -> None:
    manifest = listed(row(1, 2), row(2, 2))
    pile = [separator(manifest, 1), SHEET, SHEET, separator(manifest, 2), SHEET, SHEET]
    with serve(room, pile, manifest) as console:
        snapshots = []
        end = console.room.board.watch(lambda: snapshots.append(console.room.board.live()))
        operator = start(console)
        reply(console, operator, Kind.LOAD, do="yes")
        console.asked(Kind.STICK)
        end()
        at = next(one for one in snapshots if one.fed >= cut_at)
        size = at.entries
        entries = list(room.station.ledger.entries())[:size]
        after = Board()
        for entry in entries:
            after.entered(entry)
        live = after.live()
        assert (live.fed, live.counts) == (at.fed, at.counts)
        assert live.interrupted
        assert headline(live).word == "ĐỢT BỊ NGẮT"
        assert [line.sheets for line in lines(live)] == [one.sheets for _, one in sorted(at.counts.items())]
        operator.post("/abandon", sure="yes")
        console.ended()
