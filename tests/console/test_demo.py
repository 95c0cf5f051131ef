"""The demo's batch through the console: real SANE stack, real networks, the virtual paper jams once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Event

from tests.console.kit import Client, running

from scanflow.console.app import room_app
from scanflow.console.demo import demo_room
from scanflow.console.headline import headline
from scanflow.console.questions import Kind
from scanflow.console.room import Room
from scanflow.levels import Level
from scanflow.station.batch import Outcome
from scanflow.station.demo import OPERATOR, SUPERVISOR, Places, demo_stage
from scanflow.station.demostack import read_stack
from scanflow.station.devices import examiners

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def demo_served(out: Path) -> Iterator[tuple[str, Room]]:
    """The console over the demo's station, as ``scanflow console --demo`` serves it: its address and its room."""
    places = Places(ROOT / "drivers", ROOT / "config/rules")
    with demo_stage(read_stack(ROOT / "fixtures/scans"), places, out, examiners()) as stage:
        room = demo_room(stage)
        with running(room, partial(room_app, room)) as (url, _):
            yield url, room


def test_the_demo_is_worked_by_forms_with_jam_route_out_and_refused_stick(tmp_path: Path) -> None:
    with demo_served(tmp_path / "out") as (url, room):
        seen, words = _work(url.removeprefix("http://").rstrip("/"), room)
        live = room.board.live()
    assert live.result is not None
    outcomes = {one.row.ordinal: one.outcome for one in live.result.documents}
    assert Outcome.ROUTED_OUT in outcomes.values()
    assert Outcome.DELIVERED in outcomes.values()
    assert {Kind.LOAD, Kind.TRAY, Kind.TAKE_OUT, Kind.DIFFERENCE, Kind.STICK} <= seen
    assert {"KẸT GIẤY", "LẤY TỜ RA: TUYỆT MẬT", "USB BỊ TỪ CHỐI"} <= words
    assert list((tmp_path / "out/refused-stick").iterdir()) == []
    assert list((tmp_path / "out/stick").rglob("*.p7m"))


def _work(host: str, room: Room) -> tuple[set[Kind], set[str]]:
    """Answer every question as it comes, as people would be told to; what was asked, and which words stood large."""
    operator, supervisor = Client(host), Client(host)
    assert operator.sign_in(OPERATOR).status == 303
    assert supervisor.sign_in(SUPERVISOR).status == 303
    changed, seen, words = Event(), set(), set()
    room.board.watch(changed.set)
    assert operator.post("/batch", list="handover.xlsx").status == 303
    answered = 0
    while room.board.live().job:
        changed.wait()
        changed.clear()
        live = room.board.live()
        words.add(headline(live).word)
        question = live.question
        if question is None or question.number == answered:
            continue
        answered = question.number
        seen.add(question.kind)
        if question.kind is Kind.TAKE_OUT:
            left = re.search(r"trong tập còn (\d+) tờ", live.notices[-1].vi)
            assert left is not None
            form, client = {"sheets": left[1]}, operator
        elif question.kind in (Kind.LOAD, Kind.TRAY, Kind.STICK):
            form, client = {"do": "yes"}, operator
        elif question.kind is Kind.DOWNGRADE:
            yes = bool(question.about[0].declassified_by)
            form, client = {"do": "yes" if yes else "no", "no_extension": "yes"}, supervisor
        elif question.kind is Kind.HELD:
            form, client = {"level": "keep"}, supervisor
        elif question.kind is Kind.SAMPLE:
            level = next(level for level in Level if f"độ mật: {level.vi}." in live.notices[-1].vi)
            form, client = {"level": level.name}, supervisor
        elif question.kind is Kind.DIFFERENCE:
            form, client = {"do": "leave"}, supervisor
        else:
            form, client = {"do": "no"}, supervisor
        assert client.post(f"/answer/{question.number}", **form).status == 303
    return seen, words
