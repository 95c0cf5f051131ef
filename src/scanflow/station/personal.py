"""A person's own key, wherever it lives: a file under a passphrase, or a PKCS#11 token (khóa cá nhân)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scanflow.ledger.people import KeyPlace, Office, PersonEnrolled, PersonKey, new_person
from scanflow.ledger.people.errors import TokenRefused
from scanflow.ledger.people.token import token_key
from scanflow.station.config import StationConfig
from scanflow.station.setup import Home, NewPerson, origin_of


@contextmanager
def unlocked(office: Office, home: Home, module: Path | None, person: str, secret: str) -> Iterator[PersonKey]:
    """The person's key, unlocked with a passphrase or PIN for the length of the block.

    Raises:
        PeopleError: who is not enrolled or is locked; a wrong secret; a key file or token that is not there.
    """
    if office.people.person(person).place is KeyPlace.FILE:
        yield office.unlock(person, home.person_key(person), secret)
        return
    with office.unlock_token(person, _module(module), secret) as key:
        yield key


def prepare_with_token(config: StationConfig, new: NewPerson) -> PersonEnrolled:
    """The record of a person whose key lies in a token; its label and the key's are the person's id.

    Args:
        config: names the maker's library.
        new: with the PIN in place of a passphrase.

    Raises:
        TokenRefused: no library is configured, no such token or key, or a wrong PIN.
    """
    with token_key(_module(config.people_module), new.person, new.person, new.passphrase) as key:
        public = key.public
    origin = origin_of(config)
    return new_person(new.person, new.name, new.role, new.official_number, public, KeyPlace.TOKEN, origin)


def _module(module: Path | None) -> Path:
    if module is None:
        raise TokenRefused(why="people_module")
    return module
