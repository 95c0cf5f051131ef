"""A person whose key lies in a PKCS#11 token (SoftHSM2) is enrolled, signs and is locked like anybody else."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.softhsm import PERSON as WHO
from tests.softhsm import PERSON_PIN as PIN
from tests.station.conftest import CUSTODIAN, SHEET, Room, listed, row, separator
from tests.station.test_settling import work

from scanflow.ledger.people import KeyPlace, Role, sign
from scanflow.ledger.people.errors import KeyFileRefused, PersonIsLocked, TokenRefused
from scanflow.station.batch import Outcome
from scanflow.station.desk import Settling
from scanflow.station.enrol import enrol_person
from scanflow.station.personal import prepare_with_token, unlocked
from scanflow.station.setup import Home, NewPerson


@pytest.fixture
def supervised(room: Room, people_module: Path) -> Room:
    """A station with a second supervisor, whose key is in the token."""
    config = room.station.config.model_copy(update={"people_module": people_module})
    record = prepare_with_token(config, NewPerson(WHO, "Người Có Thẻ", Role.SUPERVISOR, "TOKEN 71", PIN))
    assert record.place is KeyPlace.TOKEN
    officers = room.signed_by("P-001", "P-002")
    enrol_person(room.station.office, record, lambda said: [sign(said, *one) for one in officers.items()])
    return room


def test_a_token_signs_for_a_difference(supervised: Room, people_module: Path) -> None:
    room = supervised
    manifest = listed(row(1, 3))
    with unlocked(room.station.office, Home(room.folder), people_module, WHO, PIN) as key:
        keys = {WHO: key, CUSTODIAN: room.keys[CUSTODIAN]}
        pile = [separator(manifest, 1), SHEET, SHEET]
        result, _ = work(room, manifest, pile, settling=Settling.SIGN, keys=keys)
    assert [one.outcome for one in result.documents] == [Outcome.DELIVERED]
    assert result.documents[0].signed_by == (WHO, CUSTODIAN)


def test_wrong_pins_are_counted_and_lock(supervised: Room, people_module: Path) -> None:
    office, home = supervised.station.office, Home(supervised.folder)
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(TokenRefused), unlocked(office, home, people_module, WHO, "000000"):
            raise AssertionError("it opened")
        assert office.people.tries_left(WHO) == left
    with pytest.raises(PersonIsLocked), unlocked(office, home, people_module, WHO, PIN):
        raise AssertionError("it opened")


def test_without_a_library_a_token_is_refused_in_words(supervised: Room) -> None:
    office, home = supervised.station.office, Home(supervised.folder)
    with pytest.raises(TokenRefused) as refused, unlocked(office, home, None, WHO, PIN):
        raise AssertionError("it opened")
    assert "people_module" in refused.value.say_vi


def test_a_key_file_is_no_way_around_a_token(supervised: Room) -> None:
    with pytest.raises(KeyFileRefused):
        supervised.station.office.unlock(WHO, Home(supervised.folder).person_key(WHO), PIN)
