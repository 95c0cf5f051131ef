"""Watching: lists are handed on once and whole, paper starts a feed, sticks answer for themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.station.conftest import Room, row

from scanflow.levels import Level
from scanflow.manifest import write_manifest
from scanflow.media.simulated import SimulatedStick
from scanflow.media.watch import Change
from scanflow.station.desk import LoadPaper, Notice
from scanflow.station.errors import ConfigurationRejected
from scanflow.station.setup import Home
from scanflow.station.watch import Inbox, watch_inbox
from scanflow.station.watchdesk import WatchDesk


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


def test_paper_and_sticks_answer_for_themselves(tmp_path: Path) -> None:
    facts = SimulatedStick(tmp_path, "SIM0000000001").facts
    terminal, cues = Silent(), [True]
    desk = WatchDesk(terminal, lambda statement: [], cues.pop, [Change(False, facts), Change(True, facts)])
    assert desk.load_paper(LoadPaper(1, None))
    assert desk.insert_stick(Level.MAT, None)
    assert not desk.insert_stick(Level.MAT, None), "the one stick was tried"
    assert "khay" in terminal.said[0].vi
    assert Level.MAT.vi in terminal.said[1].vi
    assert not desk.tray_agrees("Đếm khay ra."), "nobody counted: the feed is void"
