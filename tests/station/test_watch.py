"""Watching: lists are handed on once and whole, paper starts a feed, sticks answer for themselves."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.station.conftest import (
    OPERATOR,
    SHEET,
    Room,
    ScriptedDesk,
    ScriptedFeeder,
    listed,
    row,
    separator,
)

from scanflow.errors import ScanflowError, Words
from scanflow.ledger import verify
from scanflow.ledger.catalogue import BatchEnd
from scanflow.levels import Level
from scanflow.manifest import write_manifest
from scanflow.media.simulated import SimulatedBus, SimulatedStick
from scanflow.media.watch import Change
from scanflow.scanner import ScannerFacts, Sensor
from scanflow.station.batch import BatchResult, run_batch
from scanflow.station.desk import LoadPaper, Notice, Tone
from scanflow.station.errors import ConfigurationRejected
from scanflow.station.setup import Home, public_key_of
from scanflow.station.termdesk import SharedTerminal
from scanflow.station.watch import Inbox, share_out, watch_inbox
from scanflow.station.watchdesk import WatchDesk, paper_cue


def test_a_list_is_handed_on_once_and_only_when_it_stands_still(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    target = tmp_path / "danh-muc.xlsx"
    write_manifest([row(1)], target)
    (tmp_path / "~$danh-muc.txt").write_text("x")
    assert inbox.look() == []  # seen for the first time: it may still be written
    assert inbox.unsettled
    assert inbox.look() == [target]
    assert inbox.look() == []
    write_manifest([row(1), row(2)], target)
    assert inbox.look() == []
    assert inbox.look() == [target], "a list that was corrected comes again"


def test_watching_finds_a_list_that_lies_there_already(room: Room, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    write_manifest([row(1)], inbox / "a.xlsx")
    lists = watch_inbox(room.station.config.model_copy(update={"inbox": inbox}))
    assert next(lists) == inbox / "a.xlsx"
    lists.close()


def test_watching_without_a_folder_is_refused(room: Room) -> None:
    assert Home(room.station.config.state).ledger.exists()
    with pytest.raises(ConfigurationRejected):
        next(watch_inbox(room.station.config))


class Silent:
    """A terminal with nobody at it."""

    attended = False

    def __init__(self) -> None:
        self.said: list[Notice] = []

    def say(self, notice: Notice) -> None:
        self.said.append(notice)

    def confirm(self, question: str) -> bool:
        return False

    def number(self, question: str) -> int:
        return 0

    def choice(self, question: str, options: object) -> str:
        raise AssertionError("nobody is asked")

    def text(self, question: str) -> str:
        return ""


def test_two_scanners_work_two_lists_at_once_and_one_scanner_one_after_the_other(tmp_path: Path) -> None:
    both = threading.Barrier(2, timeout=600)
    done: list[tuple[str, str]] = []

    def scanner(name: str, *, wait: bool) -> Callable[[Path], None]:
        def work(path: Path) -> None:
            if wait:
                both.wait()  # passes only when both scanners work at the same time
            done.append((name, path.name))

        return work

    stopped: list[bool] = []
    lists = [tmp_path / name for name in ("a", "b", "c", "d")]
    share_out(lists, [scanner("1", wait=True), scanner("2", wait=True)], lambda: stopped.append(True))
    assert {name for _, name in done} == {"a", "b", "c", "d"} and {who for who, _ in done} == {"1", "2"}
    assert stopped == [True]
    done.clear()
    share_out(lists, [scanner("1", wait=False)], lambda: None)
    assert done == [("1", name) for name in "abcd"]


def test_paper_that_was_left_in_starts_nothing_and_the_operator_is_told_why() -> None:
    class Tray:
        facts = ScannerFacts("x", "x", "x", True, frozenset({Sensor.PAPER}))

        def paper_present(self) -> bool:
            return True

    told: list[Notice] = []
    looks = iter([True, True, False])
    wait = paper_cue(Tray(), told.append, lambda: next(looks))  # type: ignore[arg-type]
    assert wait is not None and wait() is False
    assert "nhấc cả tập ra" in told[0].vi


def test_a_scanner_without_sensors_waits_for_a_person(tmp_path: Path) -> None:
    class Blind:
        facts = ScannerFacts("x", "x", "x", True, frozenset({Sensor.SIDE}))

    terminal = Silent()
    assert paper_cue(Blind(), terminal.say) is None  # type: ignore[arg-type]
    desk = WatchDesk(terminal, lambda statement: [], None, [])
    assert not desk.load_paper(LoadPaper(1, None)), "nobody is there to say that paper lies in it"


def test_a_shared_terminal_says_whose_question_it_is() -> None:
    terminal = Silent()
    shared = SharedTerminal(terminal, threading.RLock(), "hai")
    shared.say(Notice(Tone.INFO, "Xếp giấy.", "Load."))
    assert terminal.said[0].vi == "[hai] Xếp giấy."
    assert (shared.confirm("?"), shared.number("?"), shared.text("?"), shared.attended) == (False, 0, "", False)


def test_two_batches_on_two_scanners_at_one_station_both_come_out_whole(room: Room) -> None:
    """One ledger, one stick, two feeds at the same time: every sheet is counted for its own batch."""
    station = room.station
    lists = [listed(row(1, 3)), listed(row(1, 4), row(2, 2))]
    feeders = [
        ScriptedFeeder([part for one in each.rows for part in [separator(each, one.ordinal), *[SHEET] * one.sheets]])
        for each in lists
    ]
    start = threading.Barrier(2, timeout=600)
    results: dict[int, BatchResult] = {}

    class Shared(ScriptedDesk):
        def load_paper(self, request: LoadPaper) -> bool:
            if not self.loads:
                start.wait()
            return super().load_paper(request)

        def insert_stick(self, level: Level, refusal: ScanflowError | None) -> bool:
            assert station.one_delivery._is_owned(), "two batches may wait for a stick at once"  # type: ignore[attr-defined]
            return super().insert_stick(level, refusal)

    room.bus.plug(room.stick)

    def work(number: int) -> None:
        desk = Shared(feeders[number], SimulatedBus([]), sticks=[room.stick])
        mine = replace(station, examine=feeders[number].examine)
        results[number] = run_batch(mine, desk, lists[number], feeders[number], OPERATOR)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(900)
    assert [results[n].end for n in range(2)] == [BatchEnd.COMPLETE] * 2
    assert [results[n].reconciliation.totals.fed for n in range(2)] == [4, 8]
    assert len(list((room.folder / "stick").rglob("*.0000*.p7m"))) == 3
    assert verify(station.ledger.path, public_key_of(Home(station.config.state))).ok


def test_paper_and_sticks_answer_for_themselves(tmp_path: Path) -> None:
    facts = SimulatedStick(tmp_path, "SIM0000000001").facts
    terminal, cues = Silent(), [True]
    desk = WatchDesk(terminal, lambda statement: [], cues.pop, [Change(False, facts), Change(True, facts)])
    assert desk.load_paper(LoadPaper(1, None))
    assert desk.insert_stick(Level.MAT, None)
    assert not desk.insert_stick(Level.MAT, None), "the one stick was tried"
    assert "khay" in terminal.said[0].vi
    assert Level.MAT.vi in terminal.said[1].vi
    assert not desk.tray_agrees(Words("Đếm khay ra.", "Count the output tray.")), "nobody counted: the feed is void"
