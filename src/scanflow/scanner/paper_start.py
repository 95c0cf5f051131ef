"""Starting by paper: the scanner's button, or paper that lies for two seconds (bắt đầu bằng giấy).

Pure: the caller polls 2 to 4 times a second from the thread that scans and gives the readings with their
times. Rules, from the drivers' code: stop polling while scanning; a latched button is discarded once after a
batch; readings before the first absence of paper do not start anything, so a stack that was left in is not
fed by surprise.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

SETTLE_S = 2.0
"""Paper must lie still for this long before a feed starts without a button."""

POLL_S = 0.3
"""Pause between two readings of the sensors."""


class Cue(StrEnum):
    """What a reading means."""

    WAIT = "wait"
    START_BUTTON = "start_button"
    START_PAPER = "start_paper"


@dataclass(slots=True)
class PaperStart:
    """Decides when an armed station begins to feed.

    Attributes:
        armed: an operator has said that the batch may start by paper.
        by_button_only: the scanner has a readable button, and paper alone shall not start.
    """

    armed: bool = False
    by_button_only: bool = False
    _since: float | None = None
    _was_empty: bool = False
    _discard_button: bool = False

    def arm(self) -> None:
        """Allow the next start; one arming allows one feed."""
        self.armed, self._since, self._was_empty = True, None, False

    def fed(self) -> None:
        """A feed took place: disarm, and take the next press of a latched button for an old one."""
        self.armed, self._since, self._discard_button = False, None, True

    def reading(self, now: float, *, paper: bool | None, button: bool | None = None) -> Cue:
        """Take one reading of the sensors.

        Args:
            now: seconds of a monotonic clock.
            paper: paper in the feeder; None when the scanner cannot tell, then only the button starts.
            button: the scanner's button; None when it has none.
        """
        pressed = bool(button)
        if self._discard_button and button is not None:
            self._discard_button = False
            pressed = False
        if not self.armed:
            self._since = None
            return Cue.WAIT
        if not paper:  # also where a press starts all the same: the wait begins anew
            self._was_empty = self._was_empty or paper is False
            self._since = None
        if pressed and paper is not False:
            return Cue.START_BUTTON
        if not paper or self.by_button_only or not self._was_empty:
            return Cue.WAIT
        if self._since is None or now < self._since:
            self._since = now
        return Cue.START_PAPER if now - self._since >= SETTLE_S else Cue.WAIT


class Polled(Protocol):
    """A source whose sensors can be read while it stands still."""

    def paper_present(self) -> bool | None:
        """Paper in the feeder."""
        ...

    def button_pressed(self) -> bool | None:
        """The scanner's button; None when it has none."""
        ...


def wait_for_cue(
    source: Polled,
    start: PaperStart,
    *,
    go_on: Callable[[], bool],
    clock: Callable[[], float] = time.monotonic,
    pause: Callable[[float], None] = time.sleep,
) -> Cue:
    """Poll a source until it may begin to feed.

    Args:
        source: polled only here, from the thread that will scan.
        start: the decision, armed by the caller.
        go_on: false ends the wait (the operator disarmed, the program ends).
        clock: seconds of a monotonic clock.
        pause: waits that many seconds.

    Returns:
        Why to start, or WAIT when ``go_on`` ended it.

    Raises:
        ScannerError: the source does not answer.
    """
    while go_on():
        cue = start.reading(clock(), paper=source.paper_present(), button=source.button_pressed())
        if cue is not Cue.WAIT:
            return cue
        pause(POLL_S)
    return Cue.WAIT
