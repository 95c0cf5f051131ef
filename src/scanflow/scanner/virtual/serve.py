"""The HTTP face of the virtual scanner: eSCL on a Unix socket or on loopback, and a control channel.

The control channel is ``POST /_control`` with one JSON object, ``{"do": "load" | "remove" | "clear" |
"restack" | "fault" | "refuse_jobs", …}``, and ``GET /_control`` for where the paper is. Nothing else can make
a fault.
"""

from __future__ import annotations

import contextlib
import json
import socket
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from scanflow.scanner.virtual import documents
from scanflow.scanner.virtual.deck import (
    BusyNow,
    Deck,
    Fault,
    FaultKind,
    Job,
    NoMoreImages,
    OwedImage,
    VirtualSheet,
)
from scanflow.scanner.virtual.paper import render, stack_from_images
from scanflow.scanner.virtual.spoil import spoiled

LOOPBACK = "127.0.0.1"
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class VirtualAddress:
    """Where a virtual scanner listens.

    Attributes:
        url: base of the eSCL resources, ``unix://NAME/eSCL`` or ``http://127.0.0.1:PORT/eSCL``.
        socket_dir: folder of the Unix socket, None over TCP.
        device: its SANE device name when the written configuration is used.
        config_dir: the private SANE configuration directory that names only this scanner.
        scanner: the running scanner, for tests and drills in the same process.
    """

    url: str
    socket_dir: Path | None
    device: str
    config_dir: Path
    scanner: VirtualScanner


class VirtualScanner:
    """A deck behind a lock, and how its answers are spoiled.

    Attributes:
        closing: set when the scanner is switched off.
        side_taken: while it is cleared, a job that has sent its first image waits with the next answer; who clears it
            sets it again (:mod:`.sane`).
        seconds_per_side: how long an image waits before it is sent.
    """

    def __init__(self, deck: Deck, *, name: str = documents.MAKE_AND_MODEL, serial: str = documents.SERIAL) -> None:
        self.deck = deck
        self.lock = threading.RLock()
        self.closing = threading.Event()
        self.side_taken = threading.Event()
        self.side_taken.set()
        self.name = name
        self.serial = serial
        self.seconds_per_side = 0.0

    def where(self) -> dict[str, Any]:
        """Where the paper is, by label."""
        with self.lock:
            deck = self.deck
            return {
                "tray": [s.label for s in deck.tray],
                "path": list(deck.path),
                "output": list(deck.output),
                "adf": deck.adf.value,
                "jobs": [{"state": j.state.value, "images": j.images_completed} for j in deck.jobs],
            }

    def control(self, order: dict[str, Any]) -> dict[str, Any]:
        """Carry out one order of the control channel.

        Raises:
            ValueError: the order is unknown or lacks a part.
        """
        with self.lock:
            match order.get("do"):
                case "load":
                    images = [Path(p).read_bytes() for p in order["paths"]]
                    first = max((s.label for s in self.deck.tray), default=0) + 1
                    first = int(order.get("first_label", max([first, *(o + 1 for o in self.deck.output)])))
                    sheets = stack_from_images(images, duplex=bool(order.get("duplex", True)), first_label=first)
                    self.deck.load(sheets, on_top=bool(order.get("on_top", False)))
                case "remove":
                    self.deck.remove()
                case "clear":
                    self.deck.clear()
                case "restack":
                    self.deck.restack(int(order["keep"]))
                case "fault":
                    kind = FaultKind(order["kind"])
                    self.deck.arrange(Fault(kind, int(order["sheet"]), float(order.get("amount", 1))))
                case "refuse_jobs":
                    self.deck.refuse_jobs = int(order["times"])
                case "pace":
                    self.seconds_per_side = float(order["seconds_per_side"])
                case other:
                    raise ValueError(f"unknown order {other!r}")
            return self.where()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = False  # set by hand: a Unix socket has no such option

    @property
    def scanner(self) -> VirtualScanner:
        return cast(_Server, self.server).scanner

    def setup(self) -> None:
        super().setup()
        if self.connection.family == socket.AF_INET:
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def address_string(self) -> str:
        return "local"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: tests and the demo have their own words."""

    def do_GET(self) -> None:
        scanner = self.scanner
        if self.path == "/_control":
            self._send(200, json.dumps(scanner.where()).encode(), "application/json")
        elif self.path == "/eSCL/ScannerCapabilities":
            self._send(200, documents.capabilities(name=scanner.name, serial=scanner.serial), "text/xml")
        elif self.path == "/eSCL/ScannerStatus":
            with scanner.lock:
                body = documents.status(scanner.deck)
            self._send(200, body, "text/xml")
        elif self.path.endswith("/NextDocument") and (job := self._job()) is not None:
            self._next_document(job)
        else:
            self._send(404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/_control":
            self._control(body)
        elif self.path == "/eSCL/ScanJobs":
            self._create_job(body)
        else:
            self._send(404)

    def do_DELETE(self) -> None:
        job = self._job()
        if job is None:
            self._send(404)
            return
        with self.scanner.lock:
            self.scanner.deck.cancel(job)
        self.scanner.side_taken.set()  # who deletes the job takes no side any more
        self._send(200)

    def _control(self, body: bytes) -> None:
        try:
            answer = self.scanner.control(json.loads(body))
        except (ValueError, KeyError, TypeError, OSError) as error:
            self._send(400, type(error).__name__.encode(), "text/plain")
            return
        self._send(200, json.dumps(answer).encode(), "application/json")

    def _create_job(self, body: bytes) -> None:
        try:
            asked = documents.read_settings(body)
            with self.scanner.lock:
                job = self.scanner.deck.start_job(duplex=asked.duplex, dpi=asked.dpi, colour=asked.colour)
        except ValueError:
            self._send(400)
        except NoMoreImages:
            self._send(409)
        except BusyNow:
            self._send(503)
        else:
            self._send(201, location=documents.job_path(job))

    def _next_document(self, job: Job) -> None:
        scanner = self.scanner
        if job.images_completed:
            scanner.side_taken.wait()
        try:
            with scanner.lock:
                owed = scanner.deck.next_image(job)
        except NoMoreImages:
            self._send(404)
            return
        except BusyNow:
            self._send(503)
            return
        kind = owed.fault.kind if owed.fault is not None else None
        if kind is FaultKind.HANG:
            scanner.closing.wait()
            self.close_connection = True
            return
        delay = scanner.seconds_per_side + (owed.fault.amount if owed.fault and kind is FaultKind.SLOW else 0.0)
        if delay:
            scanner.closing.wait(delay)
        self._send_image(job, owed, kind)

    def _send_image(self, job: Job, owed: OwedImage, kind: FaultKind | None) -> None:
        body = spoiled(render(owed.image, dpi=job.dpi, colour=job.colour), kind, dpi=job.dpi)
        whole = False
        try:
            if kind is FaultKind.CUT:
                self._send(200, body[: len(body) // 2], "image/jpeg", length=len(body))
                self.close_connection = True
            else:
                # Counted before the last byte leaves: a client that asks for the status at once must see it.
                with self.scanner.lock:
                    self.scanner.deck.delivered(job, owed, whole=True)
                whole = True
                self._send(200, body, "image/jpeg")
        except OSError:
            self.close_connection = True
        finally:
            if not whole:
                with self.scanner.lock:
                    self.scanner.deck.delivered(job, owed, whole=False)

    def _job(self) -> Job | None:
        parts = self.path.split("/")
        if len(parts) < 4 or parts[1:3] != ["eSCL", "ScanJobs"] or not parts[3].isdigit():
            return None
        with self.scanner.lock:
            return next((j for j in self.scanner.deck.jobs if j.number == int(parts[3])), None)

    def _send(
        self, code: int, body: bytes = b"", kind: str = "", *, length: int | None = None, location: str = ""
    ) -> None:
        self.send_response(code)
        if kind:
            self.send_header("Content-Type", kind)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        view = memoryview(body)
        for at in range(0, len(view), _CHUNK):
            self.wfile.write(view[at : at + _CHUNK])


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    scanner: VirtualScanner

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no news."""


class _UnixServer(_Server):
    address_family = socket.AF_UNIX

    def server_bind(self) -> None:
        socketserver.TCPServer.server_bind(self)
        Path(cast(str, self.server_address)).chmod(0o600)
        self.server_name, self.server_port = "localhost", 0


@contextlib.contextmanager
def virtual_scanner(
    stack: list[VirtualSheet] | Deck,
    folder: Path,
    *,
    tcp_port: int | None = None,
    title: str = "Virtual Duplex",
    serial: str = documents.SERIAL,
) -> Iterator[VirtualAddress]:
    """Run a virtual scanner in this process until the block ends.

    Args:
        stack: sheets in the input tray, or a deck that was prepared.
        folder: private directory for the socket and for the SANE configuration (made when missing).
        tcp_port: listen on loopback instead of a Unix socket; 0 lets the system choose.
        title: name of the device in the SANE configuration; it must say that it is virtual.
        serial: serial number it reports.

    Yields:
        Where it listens, with the SANE device name and configuration directory to reach it.
    """
    from scanflow.scanner.saneconf import AirscanDevice, write_airscan_config  # avoids a cycle at import

    if "virtual" not in title.lower():
        raise ValueError("a virtual scanner must say so in its name")
    scanner = VirtualScanner(stack if isinstance(stack, Deck) else Deck(stack), serial=serial)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    server: _Server
    socket_path = folder / "scanner.sock"
    if tcp_port is None:
        socket_path.unlink(missing_ok=True)
        server = _UnixServer(cast(Any, str(socket_path)), _Handler)
        url = f"unix://{quote(socket_path.name)}/eSCL"
    else:
        server = _Server((LOOPBACK, tcp_port), _Handler)
        url = f"http://{LOOPBACK}:{server.server_port}/eSCL"
    server.scanner = scanner
    socket_dir = folder if tcp_port is None else None
    config = write_airscan_config(folder / "sane.d", [AirscanDevice(title, url)], socket_dir=socket_dir)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), name="virtual-scanner", daemon=True)
    thread.start()
    try:
        yield VirtualAddress(url, socket_dir, f"airscan:e0:{title}", config, scanner)
    finally:
        scanner.closing.set()
        scanner.side_taken.set()
        server.shutdown()
        thread.join()
        server.server_close()
        if tcp_port is None:
            socket_path.unlink(missing_ok=True)
