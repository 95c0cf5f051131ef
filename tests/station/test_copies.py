"""Two sets on two sticks, and what the ledger says of a stick that is refused (hai bản, hai thiết bị nhớ)."""

from __future__ import annotations

import shutil
from dataclasses import replace

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

from scanflow.errors import ExitCode
from scanflow.forms.paper import every_text
from scanflow.ledger.catalogue import (
    BatchEnd,
    CopyMissing,
    DebrisFound,
    DebrisRemoved,
    DebrisRemoving,
    DeliveryDone,
    MediumCloneSeen,
    MediumRefused,
    MediumRepaired,
    MediumRepairFailed,
    MediumRepairing,
)
from scanflow.ledger.lines import read_entries
from scanflow.ledger.people.errors import UnknownPerson
from scanflow.levels import Level
from scanflow.media.errors import NoStick, RepairFailed
from scanflow.media.simulated import SimulatedStick
from scanflow.station.batch import BatchResult, Outcome, run_batch
from scanflow.station.desk import Tone
from scanflow.station.enrol import find_debris, record_debris_removal, record_repair
from scanflow.station.record import batch_forms


def events(room: Room, kind: type) -> list[object]:
    return [entry.event for entry in read_entries(room.station.ledger.path, (kind,))]


@pytest.fixture
def two_sets(room: Room) -> Room:
    """The station, told to make two sets of every delivery."""
    batch = room.station.config.batch.model_copy(update={"copies": 2})
    config = room.station.config.model_copy(update={"batch": batch})
    return replace(room, station=replace(room.station, config=config))


def work(room: Room, sticks: list[SimulatedStick]) -> tuple[BatchResult, ScriptedDesk]:
    manifest = listed(row(1, 1))
    feeder = ScriptedFeeder([separator(manifest, 1), SHEET])
    desk = ScriptedDesk(feeder, room.bus, sticks=sticks)
    return run_batch(room.with_feeder(feeder), desk, manifest, feeder, OPERATOR), desk


def files_of(room: Room, name: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (room.folder / name).rglob("*.p7m")}


def test_the_second_set_lies_on_another_stick(two_sets: Room) -> None:
    room = two_sets
    second = room.other_stick("second", Level.MAT)
    result, desk = work(room, [room.stick, room.stick, second])
    assert [refusal.code for refusal in desk.refusals] == ["MED-SAME-STICK"], "the first stick came again"
    assert result.documents[0].outcome is Outcome.DELIVERED
    assert (result.end, result.exit_code) == (BatchEnd.COMPLETE, ExitCode.OK)
    assert files_of(room, "stick") == files_of(room, "second")
    assert len(files_of(room, "stick")) == 2, "the document and the index"
    jobs = {path.name for name in ("stick", "second") for path in (room.folder / name).glob("SF-*")}
    assert len(jobs) == 2, "each copy has a name and a receipt of its own"
    assert [event.documents for event in events(room, DeliveryDone)] == [1, 1]
    assert result.delivered is not None
    assert len({receipt.device for receipt in result.delivered.receipts}) == 2
    (record,) = batch_forms(room.station, result, OPERATOR).values()
    assert every_text(record).count("đọc lại và kiểm tra đúng") == 2


def test_a_second_set_that_nobody_takes_is_not_said_to_be_there(two_sets: Room) -> None:
    room = two_sets
    result, desk = work(room, [room.stick])
    assert result.documents[0].outcome is Outcome.COPY_MISSING
    assert (result.end, result.exit_code) == (BatchEnd.PARTLY, ExitCode.MEDIUM)
    [missing] = events(room, CopyMissing)
    assert (missing.wanted, missing.written) == (2, 1)
    assert desk.told[-1].tone is Tone.STOP
    assert "1/2 bản" in desk.told[-1].vi


def test_a_copied_stick_is_an_alarm_and_stands_in_the_ledger(room: Room) -> None:
    twin = room.folder / "twin"
    shutil.copytree(room.folder / "stick", twin)
    room.bus.plug(room.stick)
    room.station.media.admit(Level.MAT).give_up()  # the original is used: its token moves on
    room.bus.pull(room.stick)
    result, desk = work(room, [SimulatedStick(twin, "SIM0000000001", product=room.stick.facts.product)])
    assert [refusal.code for refusal in desk.refusals] == ["MED-CLONE"]
    [seen] = events(room, MediumCloneSeen)
    [refused] = events(room, MediumRefused)
    assert seen.medium == refused.medium == "M-0001"
    assert any(notice.tone is Tone.ALARM and "sao chép" in notice.vi for notice in desk.told)
    assert not list(twin.rglob("*.p7m"))
    assert result.documents[0].outcome is Outcome.NOT_DELIVERED


def test_leftovers_are_on_record_when_they_are_found_and_when_they_go(room: Room) -> None:
    room.bus.plug(room.stick)
    assert find_debris(room.station) == () and events(room, DebrisFound) == []
    broken = room.folder / "stick" / "SF-BROKEN"
    broken.mkdir()
    (broken / "A.p7m").write_bytes(b"under its final name, without a receipt")
    paths = find_debris(room.station)
    assert paths == ("SF-BROKEN/A.p7m",)
    record_debris_removal(room.station, paths, OPERATOR)
    [found], [begun], [gone] = (events(room, kind) for kind in (DebrisFound, DebrisRemoving, DebrisRemoved))
    assert [(one.medium, one.files) for one in (found, begun, gone)] == [("M-0001", 1)] * 3
    assert not broken.exists()


def test_a_repair_is_announced_before_and_its_outcome_recorded(room: Room) -> None:
    room.bus.plug(room.stick)
    found = record_repair(room.station, OPERATOR)
    assert (found.whole, found.debris) == ((), ())
    [begun], [done] = events(room, MediumRepairing), events(room, MediumRepaired)
    assert (begun.medium, begun.person, done.whole, done.debris) == ("M-0001", OPERATOR, 0, 0)


def test_a_repair_that_fails_is_recorded_as_failed(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def torn(self: SimulatedStick, model: object) -> None:
        raise RepairFailed(device=self.facts.describe(), why="fsck 8")

    room.bus.plug(room.stick)
    monkeypatch.setattr(SimulatedStick, "repair", torn)
    with pytest.raises(RepairFailed):
        record_repair(room.station, OPERATOR)
    [failed] = events(room, MediumRepairFailed)
    assert failed.code == "MED-REPAIR"


def test_nothing_is_repaired_for_a_stranger_or_without_a_stick(room: Room) -> None:
    with pytest.raises(NoStick):
        record_repair(room.station, OPERATOR)
    with pytest.raises(UnknownPerson):
        record_repair(room.station, "P-999")
    assert events(room, MediumRepairing) == []
