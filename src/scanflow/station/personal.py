"""A person's own key, wherever it lives: a file under a passphrase, or a PKCS#11 token (khóa cá nhân)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

from scanflow.ledger.kinds import Kind, PersonId
from scanflow.ledger.people import KeyPlace, Office, PersonEnrolled, PersonKey, new_person
from scanflow.ledger.people.errors import TokenRefused
from scanflow.ledger.people.token import token_key
from scanflow.station.config import StationConfig
from scanflow.station.errors import PersonIdUnfit
from scanflow.station.setup import Home, NewPerson, origin_of, prepare_person


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


@contextmanager
def prepared(config: StationConfig, office: Office, new: NewPerson, *, token: bool = False) -> Iterator[PersonEnrolled]:
    """The record of somebody to be enrolled within the block; a key file that was made for nobody goes again.

    Args:
        config: where key files lie, and the maker's library of tokens.
        office: the register.
        new: who; with the PIN in place of a passphrase where the key lies in a token.
        token: the key lies in a PKCS#11 token that bears the person's id.

    Raises:
        PersonIdUnfit: no id; nothing was touched.
        PeopleError: a weak passphrase, a key file that is there already, a token that refuses.
    """
    if not is_person_id(new.person):
        raise PersonIdUnfit
    if token:
        yield prepare_with_token(config, new)
        return
    key_file = Home(config.state).person_key(new.person)
    there = key_file.exists()
    try:
        yield prepare_person(config, new)[0]
    finally:
        if not there and all(one.id != new.person for one in office.people):
            key_file.unlink(missing_ok=True)


def is_person_id(text: str) -> bool:
    """Whether a word may be a person's id, and part of a file's name."""
    kind: Kind = get_args(PersonId)[1]
    return kind.fits(text)


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
