"""Where the console listens: loopback or a Unix socket, and nothing else (nơi lắng nghe)."""

from __future__ import annotations

import ipaddress
import re
import socket
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from scanflow.console.board import Board
from scanflow.console.errors import AddressBeyondMachine, AddressTaken
from scanflow.console.hall import Hall

DEFAULT: Final = "127.0.0.1:8731"
MakeApp = Callable[[frozenset[str]], ASGIApp]
"""The pages of a console, for the Host headers that are its own."""
Ready = Callable[[str], None]
"""Told the address to open."""
_LOOPBACK = re.compile(r"(127\.0\.0\.1|\[::1\]):([0-9]{1,5})")


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen.

    Attributes:
        host: ``127.0.0.1`` or ``::1``; empty for a Unix socket.
        port: 0 lets the system choose.
        path: of the Unix socket.
    """

    host: str
    port: int
    path: Path | None = None


def parse_address(text: str) -> Address:
    """Read an address.

    Raises:
        AddressBeyondMachine: anything that another machine could reach, or that is no address.
    """
    if text.startswith("unix:/"):
        return Address("", 0, Path(text.removeprefix("unix:")))
    match = _LOOPBACK.fullmatch(text)
    if match is None or int(match[2]) > 65535:
        raise AddressBeyondMachine(address=text)
    host = match[1].strip("[]")
    if not ipaddress.ip_address(host).is_loopback:
        raise AddressBeyondMachine(address=text)
    return Address(host, int(match[2]))


@contextmanager
def listening(address: Address) -> Iterator[socket.socket]:
    """The bound socket.

    Raises:
        AddressTaken: something else listens there.
    """
    if address.path is not None:
        yield from _unix(address.path)
        return
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as made:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _bind(made, (address.host, address.port), f"{address.host}:{address.port}")
        yield made


def _unix(path: Path) -> Iterator[socket.socket]:
    """A socket that only its owner can open; one that a dead console left is taken over, a living one is not."""
    if path.exists() and stat.S_ISSOCK(path.stat().st_mode) and not _answers(path):
        path.unlink()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as made:
        _bind(made, str(path), f"unix:{path}")
        try:
            path.chmod(0o600)
            yield made
        finally:
            path.unlink(missing_ok=True)


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as tried:
        return tried.connect_ex(str(path)) == 0


def _bind(made: socket.socket, where: tuple[str, int] | str, said: str) -> None:
    try:
        made.bind(where)
    except OSError as taken:
        raise AddressTaken(address=said, cause=taken.strerror) from taken


def url_of(bound: socket.socket) -> str:
    """The address to open in the browser; for a Unix socket its path."""
    name = bound.getsockname()
    if isinstance(name, str):
        return f"unix:{name}"
    host = f"[{name[0]}]" if ":" in name[0] else name[0]
    return f"http://{host}:{name[1]}/"


def hosts_of(bound: socket.socket) -> frozenset[str]:
    """The Host headers that mean this console."""
    name = bound.getsockname()
    if isinstance(name, str):
        return frozenset({"localhost"})
    host = f"[{name[0]}]" if ":" in name[0] else name[0]
    return frozenset({f"{host}:{name[1]}", f"localhost:{name[1]}"})


def serve(hall: Hall, make: MakeApp, bound: socket.socket, ready: Ready) -> None:
    """Serve until Ctrl-C, or until the console is closed from within; the socket stays bound and listening.

    What is being done is left, everything in memory erased, everybody signed out.

    Args:
        hall: the console.
        make: its pages, for the Host headers that are its own.
        bound: where to listen; a browser that comes between two servers over it waits, and is not refused.
        ready: told the address to open.
    """
    server = server_over(make, bound)
    end = hall.board.watch(lambda: _stop(server, hall.board))
    bound.listen()
    ready(url_of(bound))
    try:
        server.run(sockets=[bound.dup()])
    except KeyboardInterrupt:  # the ordinary way to close; the station is then closed in order too
        return
    finally:
        end()
        hall.close()


def _stop(server: uvicorn.Server, board: Board) -> None:
    if board.closed:
        server.should_exit = True


def server_over(make: MakeApp, bound: socket.socket) -> uvicorn.Server:
    """The web server over a bound socket; it says nothing of itself and logs no request."""
    config = uvicorn.Config(
        make(hosts_of(bound)),
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=200,
        timeout_graceful_shutdown=2,
    )
    return uvicorn.Server(config)
