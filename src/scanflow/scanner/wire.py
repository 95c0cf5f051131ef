"""Messages to and from the process that owns SANE, pictures in anonymous memory (không qua đĩa).

A message is one JSON object in one packet of a socket pair; bulk bytes (pixels, listings) travel as a sealed
memfd whose descriptor is passed along. Nothing ever has a name in a file system, and closing the descriptor
frees the pages.
"""

from __future__ import annotations

import fcntl
import json
import mmap
import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from scanflow.pages import Image

_PACKET = 1 << 16
_SEALS = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE
BULK_LIMIT = 1 << 29
"""Bytes of one payload: an A3 side at 600 dpi in colour is 209 MB."""


class PeerGone(Exception):
    """The other end closed its socket."""


class BadMessage(Exception):
    """The other end sent what is not a message."""


@dataclass(slots=True)
class Message:
    """One message; ``bulk`` is a descriptor that the receiver owns and must close."""

    head: dict[str, Any]
    bulk: int | None = None

    @property
    def kind(self) -> str:
        """What the message is about."""
        return str(self.head.get("kind", ""))

    def drop(self) -> None:
        """Close the bulk unread."""
        if self.bulk is not None:
            os.close(self.bulk)
            self.bulk = None


def pair() -> tuple[socket.socket, socket.socket]:
    """Two connected ends that keep message boundaries."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def send(link: socket.socket, head: Mapping[str, Any], bulk: int | None = None) -> None:
    """Send one message; the sender keeps (and closes) its own descriptor.

    Raises:
        PeerGone: nobody reads at the other end.
    """
    packet = json.dumps(head).encode()
    if len(packet) > _PACKET:
        raise ValueError("message head too large: put it into the bulk")
    try:
        socket.send_fds(link, [packet], [] if bulk is None else [bulk])
    except OSError as error:  # broken pipe, reset, or our own end closed already
        raise PeerGone from error


def receive(link: socket.socket, timeout: float | None) -> Message:
    """Wait for one message.

    Args:
        link: our end.
        timeout: seconds, None for ever, 0 to look only.

    Raises:
        TimeoutError: nothing came in time.
        PeerGone: the other end is closed.
        BadMessage: what came is no message.
    """
    try:
        link.settimeout(timeout)
        data, descriptors, _, _ = socket.recv_fds(link, _PACKET + 1, 1)
    except BlockingIOError as error:
        raise TimeoutError from error
    except TimeoutError:
        raise
    except OSError as error:
        raise PeerGone from error
    bulk = descriptors[0] if descriptors else None
    if not data:
        raise PeerGone
    try:
        head = json.loads(data)
        if not isinstance(head, dict):
            raise TypeError
    except (ValueError, TypeError) as error:
        if bulk is not None:
            os.close(bulk)
        raise BadMessage from error
    return Message(head, bulk)


def bulk_of(data: bytes | Image) -> int:
    """A sealed anonymous file with these bytes; the caller closes it."""
    fd = os.memfd_create("side", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        view = memoryview(cast(Any, data)).cast("B")
        at = 0
        while at < len(view):
            at += os.write(fd, view[at : at + (1 << 26)])
        fcntl.fcntl(fd, fcntl.F_ADD_SEALS, _SEALS)
    except BaseException:
        os.close(fd)
        raise
    return fd


def picture_bulk(height: int, width: int, draw: Callable[[Image], object]) -> int:
    """A sealed anonymous file that ``draw`` fills with a BGR picture in place; the caller closes it."""
    fd = os.memfd_create("side", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        os.ftruncate(fd, height * width * 3)
        with mmap.mmap(fd, height * width * 3) as memory:
            picture = np.frombuffer(memory, np.uint8).reshape(height, width, 3)
            draw(picture)
            del picture  # the mapping cannot be closed, nor the file sealed, while a view is left
        fcntl.fcntl(fd, fcntl.F_ADD_SEALS, _SEALS)
    except BaseException:
        os.close(fd)
        raise
    return fd


def read_bulk(message: Message) -> bytearray:
    """Take the bytes out of a message and close its descriptor.

    Raises:
        BadMessage: there is none, or it is larger than any page.
    """
    if message.bulk is None:
        raise BadMessage("no bulk")
    try:
        size = os.fstat(message.bulk).st_size
        if size > BULK_LIMIT:
            raise BadMessage("bulk too large")
        data = bytearray(size)
        _read_into(message.bulk, memoryview(data))
    finally:
        message.drop()
    return data


def read_pixels(message: Message, height: int, width: int) -> Image:
    """Take a BGR picture out of a message and close its descriptor.

    Raises:
        BadMessage: the size does not agree with the head.
    """
    if message.bulk is None:
        raise BadMessage("no bulk")
    try:
        size = height * width * 3
        if min(height, width) <= 0 or size > BULK_LIMIT or os.fstat(message.bulk).st_size != size:
            raise BadMessage("picture size does not agree")
        pixels = np.empty((height, width, 3), np.uint8)
        _read_into(message.bulk, memoryview(cast(Any, pixels)).cast("B"))
    finally:
        message.drop()
    return pixels


def _read_into(fd: int, view: memoryview) -> None:
    at = 0
    while at < len(view):
        got = os.preadv(fd, [view[at : at + (1 << 26)]], at)
        if got <= 0:
            raise BadMessage("bulk ended early")
        at += got
