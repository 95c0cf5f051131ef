"""Three clocks: wall time for people, time since boot for order, and the boot's id (đồng hồ)."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

STEP_MS: Final = 1000
"""Within one boot, wall time this far behind boot time between two entries counts as set back."""


@dataclass(frozen=True, slots=True)
class Instant:
    """One reading of all three.

    Attributes:
        wall: POSIX time, microseconds.
        mono: time since boot (also while suspended), microseconds.
        boot: the kernel's boot id, 32 hex digits.
    """

    wall: int
    mono: int
    boot: str

    @property
    def boot_mark(self) -> str:
        """First eight hex digits of the boot id: what each entry carries."""
        return self.boot[:8]

    @property
    def iso(self) -> str:
        """Wall time as ``2026-11-22T05:55:01.123456Z``."""
        whole, micro = divmod(self.wall, 1_000_000)
        return f"{dt.datetime.fromtimestamp(whole, dt.UTC):%Y-%m-%dT%H:%M:%S}.{micro:06d}Z"


class Clock(Protocol):
    """Where entries get their time from."""

    def now(self) -> Instant:
        """Read the clocks."""
        ...


class SystemClock:
    """The kernel's clocks."""

    def __init__(self, boot_id: Path = Path("/proc/sys/kernel/random/boot_id")) -> None:
        """Read the boot id once; it cannot change while the process lives."""
        self._boot = boot_id.read_text().strip().replace("-", "")

    def now(self) -> Instant:
        """Read the clocks."""
        return Instant(time.time_ns() // 1000, time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000, self._boot)


def micros(iso: str) -> int:
    """Microseconds since the epoch of an entry's ``at``.

    Raises:
        ValueError: not of the form of :attr:`Instant.iso`.
    """
    if len(iso) != 27 or iso[-1] != "Z":
        raise ValueError("not a time of the ledger")
    at = dt.datetime.fromisoformat(iso)
    return int(at.replace(microsecond=0).timestamp()) * 1_000_000 + at.microsecond


def set_back_ms(wall: int, mono: int, boot_mark: str, now: Instant) -> int:
    """By how many milliseconds the wall clock was set back since an entry; 0 if it was not.

    Within one boot, wall time is held against boot time, so a clock that was set back and has since passed
    the old time again is still seen. Across boots only wall time is there to compare.
    """
    behind = wall - now.wall
    if boot_mark == now.boot_mark:
        lag = (now.mono - mono) - (now.wall - wall)
        if lag >= STEP_MS * 1000:
            return lag // 1000
    return -(-behind // 1000) if behind > 0 else 0
