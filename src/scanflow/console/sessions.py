"""Who sits at the console: sessions in RAM, idle lock, and a brake on refused sign-ins (phiên làm việc).

A session lives in this process only, and the process listens on this machine only: it is worth nothing anywhere else
and nothing after a restart.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from threading import RLock
from typing import Final

from scanflow.console.errors import TooManyTries

IDLE_S: Final = 10 * 60
"""Seconds without a key or click until the session is locked."""
LONGEST_S: Final = 12 * 3600
"""Seconds that a session lasts at most: a long shift."""
MOST: Final = 200
"""Sessions kept; the one that was used longest ago goes first."""
REFUSALS: Final = 10
"""Refused sign-ins of the whole console within :data:`REFUSAL_WINDOW_S`; a person's own tries are counted in the
ledger (:data:`scanflow.ledger.people.rules.MAX_TRIES`), these also stop guessing at who is enrolled."""
REFUSAL_WINDOW_S: Final = 10 * 60


@dataclass(slots=True)
class Session:
    """One browser.

    Attributes:
        id: in the cookie.
        csrf: in every form.
        person: who is signed in, empty for nobody.
        language: ``vi`` or ``en``.
        began: seconds of the clock.
        used: when a person last did something; live updates do not count.
    """

    id: str
    csrf: str
    person: str
    language: str
    began: float
    used: float


class Sessions:
    """All browsers; every method may be called from any thread."""

    def __init__(self, clock: Callable[[], float], ended: Callable[[str], None]) -> None:
        """Nobody is there yet.

        Args:
            clock: seconds, never set back.
            ended: told the person id when a session was locked or signed out.
        """
        self._clock = clock
        self._ended = ended
        self._lock = RLock()
        self._all: dict[str, Session] = {}
        self._refused: deque[float] = deque(maxlen=REFUSALS)

    def find(self, cookie: str, *, acts: bool) -> Session | None:
        """The session of a cookie; ``acts`` says that a person did something, not the page by itself."""
        with self._lock:
            self._lock_idle()
            session = self._all.get(cookie)
            if session is not None and acts:
                session.used = self._clock()
                self._all[cookie] = self._all.pop(cookie)
            return session

    def open(self, person: str = "", language: str = "vi") -> Session:
        """A new session; a sign-in always gets a new one, so that a planted cookie is worth nothing."""
        with self._lock:
            now = self._clock()
            session = Session(secrets.token_urlsafe(32), secrets.token_urlsafe(32), person, language, now, now)
            self._all[session.id] = session
            while len(self._all) > MOST:
                self.close(self._all[next(iter(self._all))])
            return session

    def close(self, session: Session) -> None:
        """Sign out."""
        with self._lock:
            if self._all.pop(session.id, None) is not None and session.person:
                self._ended(session.person)

    def close_all(self) -> None:
        """The console is closed."""
        with self._lock:
            for session in list(self._all.values()):
                self.close(session)

    def _lock_idle(self) -> None:
        now = self._clock()
        for session in list(self._all.values()):
            if now - session.used > IDLE_S or now - session.began > LONGEST_S:
                self.close(session)

    # ---- refused sign-ins ------------------------------------------------------------------------

    def require_try(self) -> None:
        """Refuse a sign-in while too many were refused lately.

        Raises:
            TooManyTries: with the minutes to wait.
        """
        with self._lock:
            if len(self._refused) < REFUSALS:
                return
            left = self._refused[0] + REFUSAL_WINDOW_S - self._clock()
            if left > 0:
                raise TooManyTries(minutes=ceil(left / 60))

    def refused(self) -> None:
        """A sign-in was refused."""
        with self._lock:
            self._refused.append(self._clock())
