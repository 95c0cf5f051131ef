"""The parent's side of the child that owns SANE: start it, talk to it, end it (trông giữ tiến trình quét)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import scanflow
from scanflow.errors import Words
from scanflow.scanner import errors, wire
from scanflow.scanner.errors import NoScanner, SaneMissing, ScannerError
from scanflow.scanner.status import SaneStatus

START_PATIENCE_S = 120.0
"""Seconds for the child to load its libraries, and to list devices; a hang there is a broken installation."""


class ChildHung(Exception):
    """The child did not answer in time and was ended."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds} s")
        self.seconds = seconds


class ChildDied(Exception):
    """The child ended by itself."""

    def __init__(self, how: str) -> None:
        super().__init__(how)
        self.how = how


class SaneChild:
    """One child process with SANE in it.

    Args:
        config_dir: private SANE configuration directory.
        patience: seconds that one call of the driver may take before the child is ended.
        env: more variables for the child (``LD_LIBRARY_PATH`` for a driver outside the system's directories).
    """

    def __init__(self, config_dir: Path, *, patience: float, env: Mapping[str, str] | None = None) -> None:
        ours, theirs = wire.pair()
        self._link = ours
        self.patience = patience
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "scanflow.scanner.child", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_environment(config_dir, env or {}),
                cwd="/",
            )
        finally:
            theirs.close()
        try:
            self._expect_ready()
        except BaseException:
            self.end()
            raise

    @property
    def pid(self) -> int:
        """Process id of the child."""
        return self._process.pid

    def tell(self, **order: Any) -> None:
        """Send an order.

        Raises:
            ChildDied: nobody listens.
        """
        try:
            wire.send(self._link, {**order, "patience": self.patience})
        except wire.PeerGone:
            raise self._died() from None

    def hear(self, patience: float | None = None) -> wire.Message:
        """Wait for the next message.

        Raises:
            ChildHung: none came in time; the child has been killed.
            ChildDied: the child ended.
        """
        seconds = self.patience if patience is None else patience
        try:
            return wire.receive(self._link, seconds)
        except TimeoutError:
            self.end()
            raise ChildHung(seconds) from None
        except (wire.PeerGone, wire.BadMessage):
            raise self._died() from None

    def ask(self, **order: Any) -> wire.Message:
        """Send an order and take its one answer."""
        self.tell(**order)
        return self.hear()

    def end(self) -> None:
        """Close the link, give the child a moment to let go of the device, then kill it. Callable twice."""
        self._link.close()
        try:
            self._process.wait(2.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def kill(self) -> None:
        """End the child at once."""
        self._process.kill()
        self.end()

    def _expect_ready(self) -> None:
        try:
            message = self.hear(START_PATIENCE_S)
        except ChildDied as died:
            raise SaneMissing(why=died.how) from None
        except ChildHung:
            raise SaneMissing(why=Words("không khởi động được", "did not start")) from None
        if message.kind != "ready":
            raise SaneMissing(why=message.kind)

    def _died(self) -> ChildDied | ChildHung:
        self.end()
        code = self._process.returncode
        if code == -signal.SIGALRM:
            return ChildHung(self.patience)
        return ChildDied(signal.Signals(-code).name if code < 0 else f"mã thoát {code}")


def cause_of(head: Mapping[str, Any], device: str, *, last_good: int = 0) -> ScannerError | None:
    """The typed error that a child's ``refused`` or ``failed`` answer stands for; None for other answers.

    Args:
        head: of the answer.
        device: for the sentence.
        last_good: last good sheet of the feed that it was asked for.
    """
    if head.get("kind") == "refused":
        cause: type[ScannerError] = getattr(errors, str(head["cause"]))
        return cause(**head["facts"])
    if head.get("kind") == "failed":
        status = SaneStatus[str(head["status"])]
        if status in (SaneStatus.INVAL, SaneStatus.IO_ERROR):
            return NoScanner(device=device)
        from scanflow.scanner.status import fault_of

        return fault_of(status, last_good=last_good, in_page=False)
    return None


def list_devices(config_dir: Path, *, env: Mapping[str, str] | None = None) -> list[tuple[str, str, str, str]]:
    """Devices that a configuration lists, asked in a fresh process (name, vendor, model, type)."""
    child = SaneChild(config_dir, patience=START_PATIENCE_S, env=env)
    try:
        message = child.ask(kind="devices")
        if cause := cause_of(message.head, "*"):
            raise cause
        return [(d[0], d[1], d[2], d[3]) for d in message.head["devices"]]
    except (ChildDied, ChildHung) as gone:
        raise SaneMissing(why=str(gone)) from None
    finally:
        child.end()


def describe_device(config_dir: Path, device: str, *, env: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """Every option of a device as data.

    Raises:
        NoScanner: it does not open.
    """
    child = SaneChild(config_dir, patience=START_PATIENCE_S, env=env)
    try:
        message = child.ask(kind="describe", device=device)
        if cause := cause_of(message.head, device):
            raise cause
        listing: list[dict[str, Any]] = json.loads(wire.read_bulk(message))
        return listing
    except (ChildDied, ChildHung):
        raise NoScanner(device=device) from None
    finally:
        child.end()


def _environment(config_dir: Path, extra: Mapping[str, str]) -> dict[str, str]:
    """A small environment: nothing of the operator's session reaches the drivers."""
    source = str(Path(scanflow.__file__).resolve().parents[1])
    return {
        "SANE_CONFIG_DIR": str(config_dir.resolve()),
        "PYTHONPATH": source,
        "PATH": os.defpath,
        "LC_ALL": "C.UTF-8",
        "MALLOC_MMAP_THRESHOLD_": "65536",  # freed pages go back to the kernel at once
        **extra,
    }
