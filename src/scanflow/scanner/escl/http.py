"""HTTP to an eSCL scanner on this machine: a Unix socket, or loopback (where ipp-usb puts a USB scanner).

An address beyond loopback is refused: at run time nothing of the station opens a network (promise P12).
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from scanflow.scanner.errors import AddressBeyondHost

DOCUMENT_LIMIT = 4 << 20
"""Bytes of a status or capability document; the largest known is about 40 KiB."""


@dataclass(frozen=True, slots=True)
class EsclAddress:
    """Where a scanner listens: built by :func:`parse_address` only, so it never leaves this machine."""

    host: str
    port: int
    base: str
    unix: Path | None = None


def parse_address(url: str, socket_dir: Path | None = None) -> EsclAddress:
    """Read ``http://127.0.0.1:PORT/eSCL`` or ``unix://NAME/eSCL``.

    Raises:
        AddressBeyondHost: the address is neither loopback nor a Unix socket.
    """
    parts = urlsplit(url)
    base = "/" + parts.path.strip("/")
    if parts.scheme == "unix" and socket_dir is not None:
        name = unquote(parts.netloc)
        if "/" in name or name in ("", ".", ".."):
            raise AddressBeyondHost(url=url)
        return EsclAddress("localhost", 0, base, socket_dir / name)
    try:
        port = parts.port or 80
        loopback = parts.hostname == "localhost" or ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        loopback, port = False, 0
    if parts.scheme != "http" or not loopback:
        raise AddressBeyondHost(url=url)
    return EsclAddress("127.0.0.1" if parts.hostname == "localhost" else parts.hostname or "", port, base)


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer; ``whole`` is false when fewer bytes came than the header announced."""

    status: int
    body: bytes = field(repr=False)
    location: str = ""
    kind: str = ""
    whole: bool = True


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


class EsclConnection:
    """One kept-alive connection; reconnects once when the scanner closed it between requests."""

    def __init__(self, address: EsclAddress, *, timeout: float = 10.0) -> None:
        self._address = address
        self._timeout = timeout
        self._http: http.client.HTTPConnection | None = None

    def get(self, path: str, *, limit: int = DOCUMENT_LIMIT) -> Answer:
        """GET a resource below the base, or an absolute path of the scanner."""
        return self._ask("GET", path, None, limit)

    def get_once(self, path: str, *, limit: int) -> Answer:
        """GET what is gone once it was sent (a side): on a connection of its own, never asked twice."""
        self.close()
        try:
            return self._once("GET", path, None, limit)
        except http.client.HTTPException as error:
            self.close()
            raise ConnectionError(type(error).__name__) from error
        except OSError:
            self.close()
            raise

    def post(self, path: str, body: bytes) -> Answer:
        """POST an XML document."""
        return self._ask("POST", path, body, DOCUMENT_LIMIT)

    def delete(self, path: str) -> Answer:
        """DELETE a resource."""
        return self._ask("DELETE", path, None, DOCUMENT_LIMIT)

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._http is not None:
            self._http.close()
            self._http = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, method: str, path: str, body: bytes | None, limit: int) -> Answer:
        """One request.

        Raises:
            OSError: the scanner is not there, does not answer in time, or broke off before the header.
        """
        fresh = self._http is None
        try:
            return self._once(method, path, body, limit)
        except (
            http.client.RemoteDisconnected,
            http.client.CannotSendRequest,
            BrokenPipeError,
            ConnectionResetError,
        ):
            self.close()
            if fresh or method == "POST":
                raise
            return self._once(method, path, body, limit)
        except http.client.HTTPException as error:
            self.close()
            raise ConnectionError(type(error).__name__) from error
        except OSError:
            self.close()
            raise

    def _once(self, method: str, path: str, body: bytes | None, limit: int) -> Answer:
        if self._http is None:
            unix = self._address.unix
            self._http = (
                _UnixConnection(unix, self._timeout)
                if unix is not None
                else http.client.HTTPConnection(self._address.host, self._address.port, timeout=self._timeout)
            )
        target = path if path.startswith("/") else f"{self._address.base}/{path}"
        headers = {"Content-Type": "text/xml"} if body is not None else {}
        self._http.request(method, target, body=body, headers=headers)
        response = self._http.getresponse()
        whole = True
        try:
            data = response.read(limit + 1)
            if len(data) > limit:
                self.close()
                raise ConnectionError("answer too large")
            if response.length:  # bytes that were announced and did not come
                whole = False
        except http.client.IncompleteRead as torn:
            data, whole = torn.partial, False
        if not whole:
            self.close()
        return Answer(
            response.status,
            data,
            response.headers.get("Location", ""),
            response.headers.get("Content-Type", ""),
            whole,
        )
