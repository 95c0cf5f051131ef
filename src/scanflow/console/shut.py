"""The console of a station that is shut: a power cut left acts open, and a person looks and closes each (trạm chưa mở).

Closing goes through the office, as ``scanflow ledger close`` does: one enrolled person, with the own passphrase. The
console asks for more: a supervisor or a security officer, and a delivery is called done only after the station itself
has read it whole on the medium.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from socket import socket
from typing import Final

from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from scanflow.console.app import console_app
from scanflow.console.errors import NotReadBack
from scanflow.console.hall import Hall
from scanflow.console.headline import Headline
from scanflow.console.server import Ready, serve
from scanflow.console.visits import Visit, acting, chosen, reading
from scanflow.console.words import N_
from scanflow.errors import Words
from scanflow.ledger.catalogue import DeliveryBegun, Found
from scanflow.ledger.errors import NotAnOpenIntent
from scanflow.ledger.people import Office, Role
from scanflow.media.medium import Bus
from scanflow.media.receipt import Survey
from scanflow.station.config import StationConfig
from scanflow.station.desk import Notice, Tone
from scanflow.station.enrol import MediumStation, media_desk
from scanflow.station.leftopen import LeftOpen, left_open
from scanflow.station.setup import open_ledger

CLOSERS: Final = frozenset({Role.SUPERVISOR, Role.SECURITY_OFFICER})
"""Who may close what was left open; at the terminal it is anybody enrolled."""

_SENTENCE: Final = Notice(
    Tone.STOP,
    "Lần chạy trước dừng giữa chừng. Giám sát hoặc cán bộ an ninh đăng nhập, xem thực tế, rồi đóng từng việc; "
    "đóng hết thì trạm mở.",
    "The last run broke off. The supervisor or a security officer signs in, looks, and closes each act; then the "
    "station opens.",
)


@dataclass(slots=True)
class Shut(Hall):
    """A console over a ledger with open acts.

    Attributes:
        station: ledger, people and media; no scanner, no network, no recipients.
        settings: what the station was told.
        lying: what the station read on the medium that is plugged in, None before it was asked to.
    """

    station: MediumStation
    settings: StationConfig
    lying: Survey | None = field(default=None)

    @property
    def office(self) -> Office:
        """The people."""
        return self.station.office

    @property
    def config(self) -> StationConfig:
        """What the station was told."""
        return self.settings

    @property
    def pages(self) -> Mapping[str, frozenset[Role]]:
        """Nothing but the main screen and the ledger."""
        return {"/ledger": frozenset({Role.INSPECTOR, Role.SECURITY_OFFICER})}

    def headline(self) -> Headline:
        """The station is shut."""
        return Headline(N_("TRẠM CHƯA MỞ: CÒN VIỆC DỞ DANG"), Tone.STOP, _SENTENCE)

    def left(self) -> tuple[LeftOpen, ...]:
        """What is still to be closed, oldest first."""
        return left_open(self.ledger.path)

    def is_whole(self, act: LeftOpen) -> bool:
        """Whether the station read this delivery whole on the medium that is plugged in."""
        event = act.entry.event
        return (
            isinstance(event, DeliveryBegun)
            and self.lying is not None
            and any(one.job == event.job and one.device_name == event.medium for one in self.lying.whole)
        )

    def read_medium(self) -> None:
        """Read what lies on the medium that is plugged in; nothing is written to it.

        Raises:
            MediaError: it is refused or cannot be read.
        """
        self.lying = None
        self.lying = self.station.media.survey()
        self.board.touch()

    def close_act(self, n: int, person: str, passphrase: str, found: Found) -> None:
        """Close one act with the own passphrase; the last one lets the station open.

        Raises:
            NotAnOpenIntent: it was closed already.
            NotReadBack: a delivery that the station did not read whole is said to be done.
            PeopleError: a wrong passphrase.
        """
        act = next((one for one in self.left() if one.entry.n == n), None)
        if act is None:
            raise NotAnOpenIntent(n=n)
        if isinstance(act.entry.event, DeliveryBegun) and found is Found.DONE and not self.is_whole(act):
            raise NotReadBack
        with self._unlocking, self.key(person, passphrase):
            self.office.close_act(n, person, found)
        self.board.touch()
        if not self.ledger.open_intents():
            self.board.close()


def main_screen(visit: Visit[Shut]) -> Response:
    """What was left open; who may close it is given the forms."""
    closes = visit.person is not None and visit.person.role in CLOSERS
    return visit.page("shut.html", left=visit.room.left(), closes=closes, closers=CLOSERS, found=list(Found))


def read_medium(visit: Visit[Shut]) -> Response:
    """The station reads the medium that is plugged in."""
    visit.require(*CLOSERS)
    visit.room.read_medium()
    return visit.back("/")


def close_act(visit: Visit[Shut]) -> Response:
    """Somebody looked, and closes one act."""
    person = visit.require(*CLOSERS)
    found = chosen(visit.form.get("found", ""), Found, Words("thực tế", "what was found"))
    visit.room.close_act(int(visit.numbers["number"]), person.id, visit.form.get("passphrase", ""), found)
    return visit.back("/")


def shut_app(shut: Shut, hosts: frozenset[str]) -> ASGIApp:
    """The console of a station that is shut; arguments as of :func:`scanflow.console.app.console_app`."""
    own = [
        Route("/", reading(shut, main_screen)),
        Route("/medium", acting(shut, read_medium), methods=["POST"]),
        Route("/close/{number:int}", acting(shut, close_act), methods=["POST"]),
    ]
    return console_app(shut, own, hosts)


def close_left_open(settings: StationConfig, passphrase: str, bus: Bus, bound: socket, ready: Ready) -> None:
    """Serve until nothing is left open, or until Ctrl-C; at once when nothing is.

    Raises:
        ScanflowError: the ledger cannot be opened.
    """
    ledger, key = open_ledger(settings, passphrase)
    with ledger:
        if ledger.open_intents():
            shut = Shut(MediumStation(ledger, Office(ledger), media_desk(settings, bus, key)), settings)
            serve(shut, partial(shut_app, shut), bound, ready)
