"""The process that owns SANE (tiến trình giữ máy quét): ``python -m scanflow.scanner.child FD``.

One thread. It waits for orders on its socket, hands out pictures against credits (so memory is bounded) and
dies by the kernel's alarm when a call of the driver does not return, also when the parent is gone by then.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from typing import Any

import _sane
import cv2
import numpy as np

from scanflow.hardening import harden_process
from scanflow.scanner import sane_port, wire
from scanflow.scanner.errors import ScannerError
from scanflow.scanner.sane_port import Frame, SaneFailure, SanePort, Snap
from scanflow.scanner.settings import Scalar, Want, apply
from scanflow.scanner.status import SaneStatus

_BUSY_TRIES = 5
_BUSY_PAUSE_S = 1.0


class _Stopped(Exception):
    """The parent wants no more sides."""


class Child:
    """Carries out the parent's orders on one scanner."""

    def __init__(self, link: socket.socket) -> None:
        self._link = link
        self._port: SanePort | None = None
        self._credits = 0
        self._patience = 60.0

    def run(self) -> None:
        """Serve until the parent closes its end."""
        with contextlib.suppress(wire.PeerGone):
            while True:
                message = wire.receive(self._link, None)
                self._serve(message.head)
        self._close()

    def _serve(self, order: dict[str, Any]) -> None:
        self._patience = float(order.get("patience", self._patience))
        try:
            match order["kind"]:
                case "devices":
                    with self._alarm():
                        self._reply({"kind": "devices", "devices": sane_port.devices()})
                case "describe":
                    with self._alarm():
                        self._describe(order["device"])
                case "sense":
                    with self._alarm():
                        self._reply({"kind": "sensed", "values": self._sense(order["device"], order["options"])})
                case "feed":
                    self._credits = int(order["credit"])
                    self._feed(order)
                case "rest":
                    self._close()
                    self._reply({"kind": "rested"})
                case _:
                    pass  # a stop or a credit that came after the end of its feed
        except SaneFailure as failure:
            self._close()
            self._reply({"kind": "failed", "status": failure.status.name, "in_page": failure.in_page})
        except ScannerError as error:
            self._close()
            facts = {k: str(v) for k, v in error.facts.items()}
            self._reply({"kind": "refused", "cause": type(error).__name__, "facts": facts})

    # ---- feeding -------------------------------------------------------------------------------------------

    def _feed(self, order: dict[str, Any]) -> None:
        wants = tuple(Want.unpacked(w) for w in order["wants"])
        ended: dict[str, Any] = {}
        for _ in range(_BUSY_TRIES):
            ended = self._feed_once(order, wants)
            if ended.get("status") != SaneStatus.DEVICE_BUSY.name or ended["sent"]:
                break
            try:
                self._look_for_stop(_BUSY_PAUSE_S)
            except _Stopped:
                ended = {"how": "stopped"}
                break
        self._reply({"kind": "ended", **ended})

    def _feed_once(self, order: dict[str, Any], wants: tuple[Want, ...]) -> dict[str, Any]:
        """Open, set, feed, cancel, close: after a cancel or a fault a handle is no good for another start."""
        with self._alarm():
            port = self._open(order["device"])
            values = apply(port, wants)
            before = self._read_all(port, dict(order.get("before", {})))
        self._reply({"kind": "set", "values": values})
        ended: dict[str, Any] = {"how": "stopped", "sent": 0, "before": before}
        try:
            self._await_credit()
            while self._one_side(port, order.get("side_option")):
                ended["sent"] += 1
                self._credits -= 1
                self._await_credit()
            ended["how"] = "no_docs"
        except _Stopped:
            pass
        except SaneFailure as failure:
            ended |= {"how": "fault", "status": failure.status.name, "in_page": failure.in_page}
        with self._alarm():
            # Sensors before the cancel: the device forgets its reasons then.
            ended["sensors"] = self._read_all(port, dict(order.get("sensors", {})))
            port.cancel()
            self._close()
            if ended.get("status") in (SaneStatus.IO_ERROR.name, SaneStatus.INVAL.name):
                ended["gone"] = self._gone(order["device"])
        return ended

    def _one_side(self, port: SanePort, side_option: str | None) -> bool:
        """Feed and send one side; false when the driver says that no paper is left."""
        with self._alarm():
            try:
                frame = port.start()
            except SaneFailure as failure:
                if failure.status is SaneStatus.NO_DOCS:
                    return False
                raise
            face = self._face(port, side_option)
            snap = port.snap()
        head = {"kind": "side", "width": snap.width, "height": snap.height, "samples": snap.samples}
        head |= {"format": frame.format, "depth": frame.depth, "lines": frame.lines, "face": face}
        if not _is_colour(frame, snap):
            self._reply(head)
            return True
        rgb = np.frombuffer(snap.data, np.uint8).reshape(snap.height, snap.width, 3)
        bulk = wire.picture_bulk(
            snap.height, snap.width, lambda picture: cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR, dst=picture)
        )
        try:
            self._reply(head, bulk)
        finally:
            os.close(bulk)
        return True

    def _face(self, port: SanePort, option: str | None) -> int | None:
        if option is None:
            return None
        info = port.describe(option)
        return int(port.get(option)) if info is not None and info.active else None

    def _await_credit(self) -> None:
        self._look_for_stop(0)
        while self._credits <= 0:
            self._look_for_stop(None)

    def _look_for_stop(self, timeout: float | None) -> None:
        """Take orders that came meanwhile; waits for one when ``timeout`` is None."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            try:
                message = wire.receive(self._link, left)
            except TimeoutError:
                return
            self._patience = float(message.head.get("patience", self._patience))
            if message.kind == "credit":
                self._credits += int(message.head["sides"])
                if deadline is None:
                    return
            elif message.kind == "stop":
                raise _Stopped

    # ---- sensors and listings ------------------------------------------------------------------------------

    def _sense(self, device: str, options: dict[str, bool]) -> dict[str, Scalar | None]:
        return self._read_all(self._open(device), options)

    def _read_all(self, port: SanePort, options: dict[str, bool]) -> dict[str, Scalar | None]:
        """Values of sensor options; one whose driver caches is read twice, the first value being stale."""
        stale = [name for name, reads_stale in options.items() if reads_stale]
        for name in stale:
            self._read(port, name)
        return {name: self._read(port, name) for name in options}

    def _read(self, port: SanePort, name: str) -> Scalar | None:
        info = port.describe(name)
        if info is None or not info.active:
            return None
        try:
            return port.get(name)
        except SaneFailure:
            return None

    def _describe(self, device: str) -> None:
        listing = json.dumps(list(self._open(device).listing())).encode()
        self._close()
        bulk = wire.bulk_of(listing)
        try:
            self._reply({"kind": "description"}, bulk)
        finally:
            os.close(bulk)

    # ---- the handle ----------------------------------------------------------------------------------------

    def _open(self, device: str) -> SanePort:
        if self._port is None:
            self._port = SanePort(device)
        return self._port

    def _close(self) -> None:
        port, self._port = self._port, None
        if port is not None:
            with self._alarm():
                port.close()

    def _gone(self, device: str) -> bool:
        try:
            SanePort(device).close()
        except SaneFailure as failure:
            return failure.status is not SaneStatus.DEVICE_BUSY
        return False

    def _reply(self, head: dict[str, Any], bulk: int | None = None) -> None:
        wire.send(self._link, head, bulk)

    @contextlib.contextmanager
    def _alarm(self) -> Iterator[None]:
        """The kernel ends this process when the block takes longer than patience allows."""
        before, _ = signal.setitimer(signal.ITIMER_REAL, self._patience * 1.5 + 2.0)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, before)


def _is_colour(frame: Frame, snap: Snap) -> bool:
    return snap.samples == 3 and frame.depth == 8 and len(snap.data) == snap.width * snap.height * 3 > 0


def main(argv: list[str]) -> int:
    """Take over the socket that the parent passed and serve it."""
    harden_process()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    cv2.setNumThreads(1)
    link = socket.socket(fileno=int(argv[1]))
    _sane.init()
    child = Child(link)
    child._reply({"kind": "ready"})
    child.run()
    with contextlib.suppress(Exception):
        _sane.exit()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
