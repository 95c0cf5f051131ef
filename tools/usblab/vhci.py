"""USB devices written in Python, plugged into the kernel's own vhci_hcd through a socket pair.

The kernel side is real: hub driver, enumeration, usb-storage, sd, file systems. The device side is this
    file: any
descriptor bytes, answers that change between two reads, and a disk that counts its writes, keeps a volatile
cache and is torn out after write n, sector k. Wire format: Documentation/usb/usbip_protocol.rst (URBs only;
no network).
"""

from __future__ import annotations

import contextlib
import errno
import socket
import struct
import threading
import time
from pathlib import Path

VHCI = Path("/sys/devices/platform/vhci_hcd.0")
_SUBMIT, _UNLINK, _RET_SUBMIT, _RET_UNLINK = 1, 2, 3, 4
_HEADER = struct.Struct(">5I")
_SPEED_CODES = {12: 2, 480: 3, 5000: 5}
STALL = -errno.EPIPE


class Stalled(Exception):
    """The device answers with STALL."""


class Yanked(Exception):
    """The device is torn out now."""


class PyDevice:
    """A device with given descriptor bytes and strings; subclasses give it endpoints."""

    def __init__(self, raw: bytes, strings: dict[int, str], speed: int = 480) -> None:
        """``raw`` as in sysfs ``descriptors``; ``strings`` by index."""
        self.raw = raw
        self.strings = strings
        self.speed = speed
        self.requests: list[bytes] = []
        self._ours: socket.socket | None = None
        self._port = -1
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    # --- plugging
    # ---------------------------------------------------------------------------------------------

    def plug(self) -> None:
        """Attach to a free port of the virtual controller."""
        self._ours, theirs = socket.socketpair()
        status = (VHCI / "status").read_text().splitlines()[1:]
        kind = "ss" if self.speed == 5000 else "hs"
        ports = [line.split() for line in status]
        self._port = next(int(words[1]) for words in ports if words[0] == kind and words[2] == "004")
        (VHCI / "attach").write_text(f"{self._port} {theirs.fileno()} 65538 {_SPEED_CODES[self.speed]}")
        theirs.close()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def yank(self) -> None:
        """Tear it out: the wire is cut, nothing is said to the host first."""
        ours = self._ours
        if ours is not None:
            with contextlib.suppress(OSError):
                ours.shutdown(socket.SHUT_RDWR)
            if threading.current_thread() is not self._thread:
                if self._thread is not None:
                    self._thread.join(10)
                ours.close()
                self._ours = None
                self._wait_free()

    def _wait_free(self) -> None:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            for line in (VHCI / "status").read_text().splitlines()[1:]:
                words = line.split()
                if int(words[1]) == self._port and words[2] == "004":
                    return
            time.sleep(0.01)
        raise TimeoutError("port did not come free")

    def reread_now(self, raw: bytes) -> None:
        """Answer with other descriptors from now on."""
        self.raw = raw

    # --- wire
    # -------------------------------------------------------------------------------------------------

    def _receive(self, count: int) -> bytes:
        assert self._ours is not None
        got = self._ours.recv(count, socket.MSG_WAITALL)
        if len(got) < count:
            raise Yanked
        return got

    def _send(self, content: bytes) -> None:
        assert self._ours is not None
        self._ours.sendall(content)

    def _serve(self) -> None:
        try:
            while True:
                head = self._receive(48)
                command, number, _, direction, endpoint = _HEADER.unpack_from(head)
                if command == _SUBMIT:
                    self._submit(head, number, direction, endpoint)
                elif command == _UNLINK:
                    self.unlinked(struct.unpack_from(">I", head, 20)[0])
                    self._send(
                        _HEADER.pack(_RET_UNLINK, number, 0, 0, 0) + struct.pack(">i", -errno.ECONNRESET) + bytes(24)
                    )
        except (Yanked, OSError):
            self.cut()

    def cut(self) -> None:
        """Cut the wire and do not wait."""
        if self._ours is not None:
            with contextlib.suppress(OSError):
                self._ours.shutdown(socket.SHUT_RDWR)

    def _submit(self, head: bytes, number: int, direction: int, endpoint: int) -> None:
        length = struct.unpack_from(">i", head, 24)[0]
        setup = head[40:48]
        data = self._receive(length) if direction == 0 and length else b""
        status, answer = 0, b""
        try:
            if endpoint == 0:
                answer = self.control(setup, data)[:length]
            elif direction == 0:
                self.bulk_out(endpoint, data)
            else:
                got = self.bulk_in(endpoint, length, number)
                if got is None:
                    return  # never answered: an interrupt endpoint with nothing to say
                answer = got
        except Stalled:
            status = STALL
        actual = len(answer) if direction else (len(data) if status == 0 else 0)
        self._send(
            _HEADER.pack(_RET_SUBMIT, number, 0, 0, 0) + struct.pack(">5i", status, actual, 0, 0, 0) + bytes(8) + answer
        )

    # --- the device
    # -------------------------------------------------------------------------------------------

    def unlinked(self, number: int) -> None:
        """The host gave up request ``number``."""

    def control(self, setup: bytes, data: bytes) -> bytes:
        """Standard requests."""
        kind, request, value, index, _ = struct.unpack("<BBHHH", setup)
        self.requests.append(setup)
        if kind == 0x80 and request == 6:
            return self._descriptor(value >> 8, value & 0xFF)
        if kind == 0x80 and request == 8:
            return b"\x01"
        if request in (5, 9, 11, 1, 3, 0x30, 0x31) and kind in (0, 1, 2):
            return b""
        if kind & 0x80 and request == 0:
            return b"\x00\x00"
        return self.class_request(kind, request, value, index)

    def class_request(self, kind: int, request: int, value: int, index: int) -> bytes:
        """Anything that is not standard."""
        raise Stalled

    def _descriptor(self, kind: int, index: int) -> bytes:
        raw = self.raw
        if kind == 1:
            return raw[:18]
        if kind == 2:
            at = 18
            for _ in range(index):
                at += raw[at + 2] | raw[at + 3] << 8
            if at + 4 > len(raw):
                raise Stalled
            return raw[at : at + (raw[at + 2] | raw[at + 3] << 8)]
        if kind == 3:
            if index == 0:
                return b"\x04\x03\x09\x04"
            if index not in self.strings:
                raise Stalled
            content = self.strings[index].encode("utf-16-le", "surrogatepass")[:252]
            return bytes((len(content) + 2, 3)) + content
        if kind == 15 and self.speed == 5000:
            return bytes.fromhex("050f160002071002020000000a1003000e00010a2000")
        raise Stalled

    def bulk_out(self, endpoint: int, data: bytes) -> None:
        """Data from the host."""
        raise Stalled

    def bulk_in(self, endpoint: int, length: int, number: int) -> bytes | None:
        """Data for the host; None leaves the request open."""
        return None
