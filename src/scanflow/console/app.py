"""The pages and forms under their addresses, and the event stream (ứng dụng)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from scanflow.console import acts, pages, papers
from scanflow.console.board import Board
from scanflow.console.errors import NoSuchPage
from scanflow.console.guard import Guard
from scanflow.console.hall import Hall
from scanflow.console.room import Room
from scanflow.console.visits import Endpoint, acting, reading, refusal_page
from scanflow.console.words import HERE

PACE_S: Final = 0.25
"""Seconds between two events of one stream at least: a screen that changes faster cannot be read."""
BEAT_S: Final = 15.0
"""Seconds until a version is said again: a page that could not read itself tries anew, a stream whose browser is gone
ends."""


def console_app(hall: Hall, own: Sequence[Route], hosts: frozenset[str]) -> ASGIApp:
    """A console behind its guard.

    Args:
        hall: what it shows.
        own: its own addresses, beside those of every console.
        hosts: the Host headers that are its own, port included.
    """
    app = Starlette(
        routes=[
            *own,
            Route("/sign-in", reading(hall, pages.sign_in)),
            Route("/ledger", reading(hall, pages.ledger)),
            Route("/ledger/verified", reading(hall, pages.verified)),
            Route("/events", _events(hall.board)),
            Route("/sign-in", acting(hall, acts.sign_in), methods=["POST"]),
            Route("/sign-out", acting(hall, acts.sign_out), methods=["POST"]),
            Route("/language", acting(hall, acts.language), methods=["POST"]),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        exception_handlers={404: _lost(hall), 405: _lost(hall)},
    )
    return Guard(app, hosts)


def room_app(room: Room, hosts: frozenset[str]) -> ASGIApp:
    """The console of an open station; arguments as of :func:`console_app`."""
    own = [
        Route("/", reading(room, pages.room)),
        Route("/supervisor", reading(room, pages.supervisor)),
        Route("/security", reading(room, pages.security)),
        Route("/list", reading(room, papers.one_list)),
        Route("/papers", reading(room, papers.papers)),
        Route("/side/{number:int}", reading(room, pages.side)),
        Route("/batch", acting(room, acts.start), methods=["POST"]),
        Route("/rescan", acting(room, papers.rescan), methods=["POST"]),
        Route("/form", acting(room, papers.print_form), methods=["POST"]),
        Route("/handover", acting(room, papers.hand_over), methods=["POST"]),
        Route("/abandon", acting(room, acts.abandon), methods=["POST"]),
        Route("/answer/{number:int}", acting(room, acts.answer), methods=["POST"]),
        Route("/sign/{number:int}", acting(room, acts.sign), methods=["POST"]),
        Route("/record", acting(room, acts.record), methods=["POST"]),
        Route("/doctor", acting(room, acts.look_at_host), methods=["POST"]),
        Route("/media", acting(room, acts.enrol_stick), methods=["POST"]),
        Route("/media/revoked", acting(room, acts.revoke_stick), methods=["POST"]),
        Route("/people", acting(room, acts.enrol_person), methods=["POST"]),
        Route("/people/changed", acting(room, acts.change_person), methods=["POST"]),
    ]
    return console_app(room, own, hosts)


def _lost(hall: Hall) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def lost(request: Request, _: Exception) -> Response:
        return await reading(hall, lambda visit: refusal_page(visit, NoSuchPage()))(request)

    return lost


def _events(board: Board) -> Endpoint:
    async def events(_: Request) -> Response:
        return StreamingResponse(stream(board), media_type="text/event-stream")

    return events


async def stream(board: Board) -> AsyncIterator[str]:
    """The board's version at every change, at most one each :data:`PACE_S`; a page that says another reads itself anew.

    Only the number goes through the stream: what a browser may see is decided by the page that it asks for.
    """
    loop, changed = asyncio.get_running_loop(), asyncio.Event()
    end = board.watch(lambda: loop.call_soon_threadsafe(changed.set))
    said = -1
    try:
        while not board.closed:
            changed.clear()
            if said != (version := board.live().version):
                said = version
                yield f"data: {version}\n\n"
            await asyncio.sleep(PACE_S)
            try:
                await asyncio.wait_for(changed.wait(), BEAT_S)
            except TimeoutError:
                said = -1
    finally:
        end()
