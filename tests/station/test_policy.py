"""Configuration and recipients change on two persons' signatures; what a crash left open is closed by a person."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.station.conftest import OPERATOR, PASSPHRASE, RULES, SUPERVISOR, Room, ScriptedFeeder

from scanflow.ledger import Ledger
from scanflow.ledger.catalogue import ActClosed, EraseBegun, EraseReason, Found, PolicyChanged, RecipientsChanged
from scanflow.ledger.errors import NotAnOpenIntent
from scanflow.ledger.inspect import overview_of
from scanflow.ledger.inspect.openacts import open_acts
from scanflow.ledger.lines import read_entries
from scanflow.ledger.people import Office, Reason, sign
from scanflow.ledger.people.errors import TooFewPersons, UnknownPerson, WrongRole
from scanflow.media.simulated import SimulatedBus
from scanflow.station.config import StationConfig
from scanflow.station.enrol import Sign
from scanflow.station.errors import ActsLeftOpen, CertificateMissing, NotAdopted
from scanflow.station.policy import adopt, adopted_of, changed, present, require_adopted
from scanflow.station.setup import open_ledger, open_station

OFFICERS = ("P-001", "P-002")


def by(room: Room, *persons: str) -> Sign:
    """These persons sign whatever is put before them."""
    keys = room.signed_by(*persons)
    return lambda statement: [sign(statement, person, key) for person, key in keys.items()]


def own_rules(room: Room) -> StationConfig:
    """The station's configuration with rule tables of its own, to be changed."""
    shutil.copytree(RULES, room.folder / "rules")
    return room.station.config.model_copy(update={"rules": room.folder / "rules"})


def test_nothing_is_adopted_until_two_persons_sign(room: Room) -> None:
    config, ledger = room.station.config, room.station.ledger
    with pytest.raises(NotAdopted) as refused:
        require_adopted(config, ledger.path)
    assert "chính sách" in refused.value.say_vi and "người nhận" in refused.value.say_vi
    assert len(adopt(config, room.station.office, Reason.ORDERED, by(room, *OFFICERS))) == 2
    require_adopted(config, ledger.path)
    assert adopted_of(ledger.path) == present(config)
    assert overview_of(ledger.path).unbacked == []
    assert adopt(config, room.station.office, Reason.ORDERED, by(room)) == (), "nothing changed, nobody is asked"


@pytest.mark.parametrize(
    ("signers", "refusal"), [(("P-001",), TooFewPersons), ((), TooFewPersons), ((SUPERVISOR, OPERATOR), WrongRole)]
)
def test_one_person_or_the_wrong_ones_adopt_nothing(room: Room, signers: tuple[str, ...], refusal: type) -> None:
    with pytest.raises(refusal):
        adopt(room.station.config, room.station.office, Reason.ORDERED, by(room, *signers))
    assert not list(read_entries(room.station.ledger.path, (PolicyChanged, RecipientsChanged)))


def test_a_changed_value_rule_or_recipient_takes_two_persons_again(room: Room) -> None:
    config, office, path = own_rules(room), room.station.office, room.station.ledger.path
    adopt(config, office, Reason.ORDERED, by(room, *OFFICERS))
    other = config.model_copy(update={"stamps": config.stamps.model_copy(update={"sample_percent": 1.0})})
    assert len(changed(other, adopted_of(path))) == 1
    table = config.rules / "protection.toml"
    table.write_text(table.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    assert len(changed(config, adopted_of(path))) == 1
    adopt(config, office, Reason.ORDERED, by(room, *OFFICERS))
    assert changed(config, adopted_of(path)) == ()
    config.sealing.holders[0].write_bytes((room.folder / "keys/luu-tru.crt.pem").read_bytes())
    assert "người nhận" in changed(config, adopted_of(path))[0].vi


def test_a_change_without_a_sign_off_counts_for_nothing(room: Room) -> None:
    now = present(room.station.config)
    assert now.policy is not None
    room.station.ledger.record(PolicyChanged(before=None, after=now.policy, signoff=3))
    assert adopted_of(room.station.ledger.path).policy is None
    assert [type(entry.event) for entry in overview_of(room.station.ledger.path).unbacked] == [PolicyChanged]


def test_a_missing_certificate_is_named(room: Room) -> None:
    gone = room.station.config.sealing.holders[0]
    gone.unlink()
    with pytest.raises(CertificateMissing) as refused:
        present(room.station.config)
    assert gone.name in refused.value.say_vi


def crashed(room: Room) -> tuple[StationConfig, int]:
    """A copy of the station that lost its power between an announcement and its outcome."""
    begun = EraseBegun(batch="B-1-1-1", document="B-1-1-1-D001", reason=EraseReason.FAULT)
    entry = room.station.ledger.begin(begun).entry
    folder = room.folder.with_name("after-the-crash")
    room.station.ledger.head()
    shutil.copytree(room.folder, folder)
    return room.station.config.model_copy(update={"state": folder}), entry.n


def opened(config: StationConfig) -> Ledger:
    return open_ledger(config, PASSPHRASE)[0]


def test_a_start_with_an_open_act_asks_a_person_to_close_it(room: Room) -> None:
    config, number = crashed(room)
    station = open_station(config, PASSPHRASE, SimulatedBus([]), ScriptedFeeder([]).examine, RULES)
    with pytest.raises(ActsLeftOpen) as refused, station:
        raise AssertionError("it opened")
    assert str(number) in refused.value.say_vi
    ledger = config.state / "ledger.jsonl"
    assert [entry.n for entry in open_acts(read_entries(ledger))] == [number]
    with opened(config) as mine:
        office = Office(mine)
        with pytest.raises(UnknownPerson):
            office.close_act(number, "P-999", Found.NOT_DONE)
        office.close_act(number, SUPERVISOR, Found.NOT_DONE)
        with pytest.raises(NotAnOpenIntent):
            office.close_act(number, SUPERVISOR, Found.DONE)
    assert open_acts(read_entries(ledger)) == ()
    (closed,) = [entry.event for entry in read_entries(ledger, (ActClosed,))]
    assert (closed.person, closed.found) == (SUPERVISOR, Found.NOT_DONE)  # type: ignore[attr-defined]
    with open_station(config, PASSPHRASE, SimulatedBus([]), ScriptedFeeder([]).examine, RULES):
        pass


def test_a_clean_ledger_has_nothing_open(room: Room) -> None:
    assert open_acts(read_entries(room.station.ledger.path)) == ()
    assert Path(room.station.ledger.path).exists()
