"""Sticks coming and going (theo dõi cắm, rút thiết bị).

Kernel events are lossy and arrive before sysfs is whole, so an event is only a reason to look; what changed
is told by comparing two looks at the bus. A look is also taken when no event came for a while.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pyudev

from scanflow.media.identity import DeviceFacts

LOOK_SECONDS = 2.0
"""A look is taken at least so often, whatever events come."""

Wait = Callable[[float], bool]
"""Waits up to so many seconds for a hint that something changed; True when one came."""


@dataclass(frozen=True, slots=True)
class Change:
    """A device came or went (thiết bị được cắm hoặc rút)."""

    came: bool
    facts: DeviceFacts


class HotPlug:
    """Compares looks at a bus; one object for one watcher."""

    def __init__(self, look: Callable[[], Sequence[DeviceFacts]], wait: Wait) -> None:
        """Begin with an empty bus: what is plugged already is told as coming.

        Args:
            look: lists the devices, e.g. ``MediaDesk.list_devices``.
            wait: :func:`udev_events` on a real host.
        """
        self._look = look
        self._wait = wait
        self._known: list[DeviceFacts] = []

    def changes(self) -> list[Change]:
        """What changed since the last call, goings first; a device that was swapped both goes and comes."""
        now = list(self._look())
        gone = [Change(False, each) for each in self._known if each not in now]
        come = [Change(True, each) for each in now if each not in self._known]
        self._known = now
        return gone + come

    def __iter__(self) -> Iterator[Change]:
        """All changes, for ever."""
        while True:
            yield from self.changes()
            self._wait(LOOK_SECONDS)


def udev_events() -> Wait:
    """Wait on the kernel's own events for USB devices (netlink; no daemon needed)."""
    monitor = pyudev.Monitor.from_netlink(pyudev.Context(), source="kernel")
    monitor.filter_by("usb", "usb_device")
    monitor.start()
    return lambda seconds: monitor.poll(timeout=seconds) is not None
