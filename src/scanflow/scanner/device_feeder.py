"""What every source with a device behind it does alike: one feed at a time, whole sheets, an account (nguồn có máy).

A subclass says how a feed is begun, how one step of it is made and how it is broken off. Numbering, handing on,
stopping, placing a fault and accounting for the sheets that ran on are here, once.
"""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from scanflow.pages import RawPage
from scanflow.scanner.errors import AlreadyFeeding, FeedFault, ScannerError
from scanflow.scanner.escl.status import ScannerStatus
from scanflow.scanner.feeder import StopReport
from scanflow.scanner.proof import CountTray, await_images_fed, placed, stop_report
from scanflow.scanner.sheets import SheetAssembler


@dataclass(slots=True)
class Feed:
    """One feed while it runs.

    Attributes:
        sheets: numbers and pairs the sides.
        jobs_before: URIs of the jobs that the device knew before it.
        paper_before: whether paper lay in the feeder before it; None when the device does not tell.
        handed: last sheet that was handed on.
        job: URI of its own job, where the protocol names one.
        stopping: nothing more is handed on.
        ended: the driver has said its last word.
    """

    sheets: SheetAssembler
    jobs_before: frozenset[str]
    paper_before: bool | None
    handed: int
    job: str = ""
    stopping: bool = False
    ended: bool = False


class DeviceFeeder(ABC):
    """A source with a device behind it.

    Args:
        duplex: both sides.
        pause: waits that many seconds between two questions to the device.

    Attributes:
        expected_sheets: sheets in the next feed by an independent count, where somebody counted.
        count_tray: see :class:`~scanflow.scanner.feeder.CountedByHand`.
        own_count: see :class:`~scanflow.scanner.feeder.CountsItself`.
    """

    def __init__(self, *, duplex: bool, pause: Callable[[float], None] = time.sleep) -> None:
        self._duplex = duplex
        self._pause = pause
        self._feed: Feed | None = None
        self._lock = threading.RLock()
        self._last_stop = StopReport(0, 0)
        self.expected_sheets: int | None = None
        self.count_tray: CountTray | None = None
        self.own_count: int | None = None

    def sides(self, first_sheet: int = 1) -> Iterator[RawPage]:
        """See :class:`~scanflow.scanner.feeder.Feeder`; leaving the loop early stops the feeder."""
        feed = self._open_feed(first_sheet)
        try:
            while (sheet := self._next_sheet(feed)) is not None:
                while sheet:
                    yield sheet.pop(0)  # keeps no hold on a side that was handed on
        finally:
            if self._feed is feed:
                self.stop()

    def stop(self) -> StopReport:
        """See :class:`~scanflow.scanner.feeder.Feeder`. Any thread may call it; harmless without a feed."""
        feed = self._feed
        if feed is None:
            return self._last_stop
        feed.stopping = True
        self._interrupt()
        with self._lock:
            if self._feed is feed:
                self._halt(feed)
                self._last_stop = stop_report(feed.sheets, feed.handed, self._images_fed(feed), duplex=self._duplex)
                self._feed = None
            return self._last_stop

    def close(self) -> None:
        """Stop a running feed and let go of the device. May be called twice."""
        self.stop()
        with self._lock:
            self._let_go()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ---- what a subclass says --------------------------------------------------------------------------------

    @abstractmethod
    def _status_before(self) -> ScannerStatus | None:
        """The device's status before a feed, where it has one; NoScanner when it should answer and does not."""

    @abstractmethod
    def _start(self, feed: Feed) -> None:
        """Begin to feed; a ScannerError ends it."""

    @abstractmethod
    def _step(self, feed: Feed) -> tuple[RawPage, ...] | None:
        """One step: the sheet that it completed, () for none yet, None when the end of the feed is proved."""

    @abstractmethod
    def _halt(self, feed: Feed) -> None:
        """Break off on demand, and take what is still on its way as passed."""

    @abstractmethod
    def _abandon(self, feed: Feed) -> None:
        """Break off after a fault; nothing of what is on its way counts."""

    @abstractmethod
    def _let_go(self) -> None:
        """Close the device."""

    @abstractmethod
    def _status(self) -> ScannerStatus | None:
        """The device's own status document, where it has one and answers."""

    def _interrupt(self) -> None:  # noqa: B027 - only a source with a driver of its own needs it
        """Tell a running step from another thread that it should end; must not wait."""

    # ---- one feed ----------------------------------------------------------------------------------------------

    def _open_feed(self, first_sheet: int) -> Feed:
        with self._lock:
            if self._feed is not None:
                raise AlreadyFeeding
            self.own_count = None
            before = self._status_before()
            jobs, paper = (before.job_uris, before.paper) if before is not None else (frozenset(), None)
            feed = self._feed = Feed(SheetAssembler(first_sheet, duplex=self._duplex), jobs, paper, first_sheet - 1)
            try:
                self._start(feed)
            except ScannerError as fault:
                raise self._give_up(feed, fault) from fault
            return feed

    def _next_sheet(self, feed: Feed) -> list[RawPage] | None:
        """The next whole sheet; None when the feed was stopped or its end is proved."""
        with self._lock:
            while self._feed is feed and not feed.stopping:
                try:
                    sheet = self._step(feed)
                except ScannerError as fault:
                    raise self._give_up(feed, fault) from fault
                if sheet is None:
                    self._last_stop = StopReport(feed.sheets.last_good, 0, 0, feed.sheets.before + 1)
                    self._feed = None
                elif sheet:
                    feed.handed = sheet[0].sheet
                    return list(sheet)
        return None

    def _give_up(self, feed: Feed, fault: ScannerError) -> ScannerError:
        """After a fault nothing of this feed is taken any more; the fault as it is to be raised."""
        feed.stopping = True
        self._abandon(feed)
        images = self._images_fed(feed) if isinstance(fault, FeedFault) else None
        final = placed(fault, feed.sheets, images, duplex=self._duplex)
        good = final.last_good if isinstance(final, FeedFault) else feed.sheets.before
        self._last_stop = StopReport(good, None, 0, feed.sheets.before + 1)
        self._feed = None
        return final

    def _images_fed(self, feed: Feed) -> int | None:
        images = await_images_fed(self._status, feed.jobs_before, pause=self._pause)
        if images == 0 and (feed.sheets.sides or self._paper_went(feed)):
            return None  # the device forgot the job; 0 would say that nothing was fed
        return images

    def _paper_went(self, feed: Feed) -> bool:
        if not feed.paper_before:
            return False
        status = self._status()
        return status is not None and status.paper is False
