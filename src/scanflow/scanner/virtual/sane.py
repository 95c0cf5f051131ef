"""The SANE source over the virtual scanner, whose paper waits for the driver (nguồn SANE trên máy quét mô phỏng).

sane-airscan downloads a whole job in a thread of its own. When its ``sane_start`` gets the processor only after the
job is over, it answers with how the job *ended* ("out of documents") and leaves every image unreachable in the
driver (``device_start_wait`` in airscan-device.c, 0.99.27 up to the sources of April 2026). Real paper takes a second
a sheet; virtual paper takes milliseconds a stack, so on a loaded machine this happened now and then. The station must
refuse such a feed, and does; a demonstration and a test need a scanner on which it cannot happen.
"""

from __future__ import annotations

from collections.abc import Mapping

from scanflow.pages import RawPage
from scanflow.scanner import wire
from scanflow.scanner.device_feeder import Feed
from scanflow.scanner.profile import Profile
from scanflow.scanner.sane_feeder import SaneFeeder
from scanflow.scanner.virtual.serve import VirtualAddress


class VirtualSaneFeeder(SaneFeeder):
    """Feeds from a virtual scanner that sends the second image of a job only when the first has come out of the driver.

    Nothing waits for a time: the scanner goes on when the driver has handed on a side, has said its last word, has
    deleted the job, or is gone.

    Args:
        address: of a virtual scanner in this process.
        profile: the driver's profile.
        patience: see :class:`~scanflow.scanner.sane_feeder.SaneFeeder`.
        env: more variables for the driver's process.
    """

    def __init__(
        self,
        address: VirtualAddress,
        profile: Profile,
        *,
        patience: float | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(address.device, profile, address.config_dir, patience=patience, env=env)
        self._side_taken = address.scanner.side_taken

    def _start(self, feed: Feed) -> None:
        self._side_taken.clear()
        super()._start(feed)

    def _take(self, feed: Feed, message: wire.Message) -> tuple[RawPage, ...] | None:
        if message.kind != "set":
            self._side_taken.set()
        return super()._take(feed, message)

    def _abandon(self, feed: Feed) -> None:
        self._side_taken.set()
        super()._abandon(feed)

    def _let_go(self) -> None:
        self._side_taken.set()
        super()._let_go()
