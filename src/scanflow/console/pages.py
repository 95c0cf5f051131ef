"""The pages that people read (các trang)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Final

from starlette.responses import Response

from scanflow.console.errors import NoSuchPage, SignInNeeded
from scanflow.console.hall import Hall
from scanflow.console.questions import MEDIA_REASONS, PEOPLE_REASONS
from scanflow.console.room import Room
from scanflow.console.visits import Visit
from scanflow.ledger import verify
from scanflow.ledger.entry import Entry
from scanflow.ledger.event import CATALOGUE, Weight
from scanflow.ledger.lines import read_entries
from scanflow.ledger.people import Role
from scanflow.levels import Level
from scanflow.station.setup import Home, public_key_of

LEDGER_ROWS: Final = 200
"""Entries on one page of the ledger, newest first."""
SEES_PAPER: Final = frozenset({Role.OPERATOR, Role.SUPERVISOR})
"""Who sees the last side as a picture: those who have the paper itself in hand."""


def room(visit: Visit[Room]) -> Response:
    """The main screen: what to do now."""
    lists = visit.room.lists() if visit.person is not None and visit.person.role is Role.OPERATOR else []
    sees = visit.person is not None and visit.person.role in SEES_PAPER
    return visit.page("room.html", lists=lists, sees_paper=sees, levels=list(Level))


def side(visit: Visit[Room]) -> Response:
    """The last side as a picture, while its document is in RAM; never for a routed-out one.

    Raises:
        SignInNeeded, RoleRefused: who may not see it.
        NoSuchPage: it is gone.
    """
    if visit.person is None:
        raise SignInNeeded
    visit.require(*SEES_PAPER)
    jpeg = visit.room.board.picture(int(visit.numbers["number"]))
    if jpeg is None:
        raise NoSuchPage
    return Response(jpeg, media_type="image/jpeg")


def sign_in(visit: Visit[Hall]) -> Response:
    """The form of names and passphrases."""
    return visit.page("sign_in.html")


def supervisor(visit: Visit[Room]) -> Response:
    """Declared, counted, difference; what is held; what is to be signed."""
    return visit.page("supervisor.html", levels=list(Level))


def security(visit: Visit[Room]) -> Response:
    """Sticks, people, and what the doctor says of this host."""
    station = visit.room.station
    with station.ledger.alone():
        people = [(one, station.office.people.tries_left(one.id)) for one in station.office.people]
    return visit.page(
        "security.html",
        judged=station.media.judge_all(),
        register=list(station.media.entries().values()),
        people=people,
        findings=visit.room.findings,
        clearances=[level for level in Level if level is not Level.TUYET_MAT],
        roles=list(Role),
        people_reasons=PEOPLE_REASONS,
        media_reasons=MEDIA_REASONS,
    )


def ledger(visit: Visit[Hall]) -> Response:
    """The ledger, newest first, by kind, weight and batch; read-only."""
    kind, weight, batch = (visit.query.get(name, "") for name in ("kind", "weight", "batch"))
    kinds = (CATALOGUE[kind],) if kind in CATALOGUE else ()
    chosen = _chosen(read_entries(visit.room.ledger.path, kinds), weight, batch)
    newest = deque(chosen, maxlen=LEDGER_ROWS)
    return visit.page(
        "ledger.html",
        entries=list(reversed(newest)),
        size=visit.room.ledger.size,
        kinds=sorted(CATALOGUE),
        weights=list(Weight),
        chosen={"kind": kind, "weight": weight, "batch": batch},
        report=None,
    )


def _chosen(entries: Iterator[Entry], weight: str, batch: str) -> Iterator[Entry]:
    for one in entries:
        if weight and one.event.weight.value != weight:
            continue
        if batch and getattr(one.event, "batch", None) != batch:
            continue
        yield one


def verified(visit: Visit[Hall]) -> Response:
    """The whole ledger checked, as ``scanflow ledger verify`` does it."""
    visit.require(Role.INSPECTOR, Role.SECURITY_OFFICER)
    report = verify(visit.room.ledger.path, public_key_of(Home(visit.room.config.state)), ())
    newest = list(islice(reversed(list(read_entries(visit.room.ledger.path))), 20))
    return visit.page(
        "ledger.html",
        entries=newest,
        size=visit.room.ledger.size,
        kinds=sorted(CATALOGUE),
        weights=list(Weight),
        chosen={"kind": "", "weight": "", "batch": ""},
        report=report,
    )
