"""Who is at the console, whether the station is open or still shut: sign-in, sessions, the board (sảnh vào)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any

from scanflow.console.board import Board
from scanflow.console.headline import Headline
from scanflow.console.sessions import Session, Sessions
from scanflow.ledger import Ledger
from scanflow.ledger import catalogue as cat
from scanflow.ledger.people import Office, Person, PersonKey, Role
from scanflow.ledger.people.errors import PeopleError, UnknownPerson
from scanflow.station.config import StationConfig
from scanflow.station.personal import unlocked
from scanflow.station.setup import Home


@dataclass(slots=True, kw_only=True)
class Hall(ABC):
    """What every console has.

    Attributes:
        simulated: what is simulated, in Vietnamese; empty when nothing is.
        board: what stands now.
        clock: seconds, for idle locks.
        sessions: of the browsers.
    """

    simulated: str = ""
    board: Board = field(default_factory=Board)
    clock: Callable[[], float] = monotonic
    sessions: Sessions = field(init=False)
    _unlocking: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        """Put the board up over the ledger."""
        self.sessions = Sessions(self.clock, self._signed_out)
        self.board.follow(self.ledger)

    @property
    @abstractmethod
    def office(self) -> Office:
        """The people."""

    @property
    @abstractmethod
    def config(self) -> StationConfig:
        """What the station was told."""

    @property
    @abstractmethod
    def pages(self) -> Mapping[str, frozenset[Role]]:
        """The pages beside the main screen, and who may see which."""

    @abstractmethod
    def headline(self) -> Headline:
        """What stands large on every page."""

    def lent(self) -> dict[str, Any]:
        """What templates are given beside what every page has."""
        return {}

    @property
    def ledger(self) -> Ledger:
        """The record."""
        return self.office.ledger

    # ---- who is there ----------------------------------------------------------------------------

    def person_of(self, session: Session) -> Person | None:
        """Who is signed in; asked of the register each time, so that a revocation counts at once."""
        if not session.person:
            return None
        try:
            return self.office.people.person(session.person)
        except PeopleError:
            self.sessions.close(session)
            return None

    def sign_in(self, person: str, passphrase: str, language: str) -> Session:
        """Let somebody in who opens their own key; the key is not kept.

        Raises:
            TooManyTries: too many were refused lately.
            PeopleError: unknown, revoked, locked, or a wrong passphrase.
        """
        with self._unlocking:  # one slow hash at a time, and no race for the last try
            self.sessions.require_try()
            try:
                with self.key(person, passphrase):
                    pass
            except PeopleError as refused:
                self.sessions.refused()
                self._refused(person, refused)
                raise
        self.ledger.record(cat.SignedIn(person=person))
        return self.sessions.open(person, language)

    def key(self, person: str, secret: str) -> AbstractContextManager[PersonKey]:
        """The person's own key, from a file or a token; who is not enrolled is refused before any path is made."""
        return unlocked(self.office, Home(self.config.state), self.config.people_module, person, secret)

    def _refused(self, person: str, why: PeopleError) -> None:
        if not isinstance(why, UnknownPerson):  # a word that is no person's id is not for the ledger
            self.ledger.record(cat.SignInRefused(person=person, code=why.code))

    def _signed_out(self, person: str) -> None:
        self.ledger.record(cat.SignedOut(person=person))
        self.board.touch()

    def close(self) -> None:
        """End the event streams, and sign everybody out."""
        self.board.close()
        self.sessions.close_all()
