"""An eSCL scanner without SANE as a source (nguồn eSCL trực tiếp).

Beside the same scanner through sane-airscan it keeps the scanner's own JPEG, sees a double feed and why a job
ended, notices short, torn and wrongly sized images from the JPEG itself, and holds the scanner back: the next
side is asked for when the station takes it, and never before.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar

from scanflow.errors import ScanflowError
from scanflow.pages import RawPage
from scanflow.scanner.errors import (
    AlreadyFeeding,
    FeederEmpty,
    FeedFault,
    NoScanner,
    ScannerBusy,
    ScannerError,
    ScannerGone,
    ScannerHung,
    ShortImage,
    TornImage,
    WrongFormat,
)
from scanflow.scanner.escl.http import EsclAddress
from scanflow.scanner.escl.link import EsclLink, HttpEsclLink, LinkBusy, LinkRefused
from scanflow.scanner.escl.status import ScannerStatus
from scanflow.scanner.facts import facts_of_escl
from scanflow.scanner.feeder import ScannerFacts, StopReport
from scanflow.scanner.imagefile import Decode, decode_page, jpeg_frame, why_torn
from scanflow.scanner.proof import (
    EndEvidence,
    ProofKind,
    await_images_fed,
    fault_of_status,
    placed,
    require_end,
    stop_report,
)
from scanflow.scanner.sheets import SheetAssembler, Side

PATIENCE_S = 60.0
SIZE_TOLERANCE = 0.015
"""Share by which a side may differ from A4; scanners round to multiples of 8 or 16 pixels."""

_T = TypeVar("_T")
_BUSY_TRIES = 10
_BUSY_PAUSE_S = 1.0
_A4_MM = (210.0, 297.0)


@dataclass(slots=True)
class _Feed:
    sheets: SheetAssembler
    jobs_before: frozenset[str]
    handed: int
    job: str = ""
    stopping: bool = False


class EsclFeeder:
    """Feeds from an eSCL scanner on this machine (Unix socket or loopback).

    In this room at most three decoded sides and one encoded one exist at a time: 80 MB for A4 at 300 dpi in
    colour.

    Args:
        source: the scanner's address, or a link that was made already.
        duplex: both sides.
        dpi: dots per inch.
        patience: seconds that one request may take before the scanner counts as hung.
        decode: encoded bytes to BGR pixels.
        pause: waits that many seconds between two tries at a busy scanner.

    Attributes:
        expected_sheets: sheets in the next feed by an independent count, where somebody counted.
    """

    def __init__(
        self,
        source: EsclAddress | EsclLink,
        *,
        duplex: bool = True,
        dpi: int = 300,
        patience: float = PATIENCE_S,
        decode: Decode = decode_page,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._link = HttpEsclLink(source, patience=patience) if isinstance(source, EsclAddress) else source
        self._duplex = duplex
        self._dpi = dpi
        self._patience = patience
        self._decode = decode
        self._pause = pause
        self._feed: _Feed | None = None
        self._lock = threading.RLock()
        self._facts: ScannerFacts | None = None
        self._last_stop = StopReport(0, 0)
        self.expected_sheets: int | None = None

    @property
    def facts(self) -> ScannerFacts:
        """Asked from the device once.

        Raises:
            NoScanner: the device does not answer.
        """
        if self._facts is None:
            with self._lock:
                try:
                    capabilities = self._link.capabilities()
                except OSError:
                    capabilities = None
            if capabilities is None:
                raise NoScanner(device="eSCL")
            self._facts = facts_of_escl(capabilities)
        return self._facts

    def paper_present(self) -> bool | None:
        """See :class:`~scanflow.scanner.feeder.Feeder`.

        Raises:
            NoScanner: the device does not answer.
        """
        with self._lock:
            return self._require_status().paper

    def button_pressed(self) -> None:
        """The protocol tells a client of no button."""

    def sides(self, first_sheet: int = 1) -> Iterator[RawPage]:
        """See :class:`~scanflow.scanner.feeder.Feeder`; leaving the loop early stops the feeder."""
        with self._lock:
            if self._feed is not None:
                raise AlreadyFeeding
            before = self._require_status().job_uris
            feed = _Feed(SheetAssembler(first_sheet, duplex=self._duplex), before, first_sheet - 1)
            self._feed = feed
        try:
            with self._lock:
                self._guarded(feed, lambda: self._create(feed))
            while (sheet := self._next_sheet(feed)) is not None:
                while sheet:
                    yield sheet.pop(0)  # keeps no hold on a side that was handed on
        finally:
            if self._feed is feed:
                self.stop()

    def stop(self) -> StopReport:
        """See :class:`~scanflow.scanner.feeder.Feeder`; another thread waits for the side on its way."""
        feed = self._feed
        if feed is None:
            return self._last_stop
        feed.stopping = True
        with self._lock:
            if self._feed is feed:
                self._delete(feed)
                self._last_stop = self._report(feed)
                self._feed = None
            return self._last_stop

    def close(self) -> None:
        """Stop a running feed and close the connection."""
        self.stop()
        self._link.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ---- one feed -----------------------------------------------------------------------------------------

    def _next_sheet(self, feed: _Feed) -> list[RawPage] | None:
        with self._lock:
            while self._feed is feed and not feed.stopping:
                side = self._guarded(feed, lambda: self._next_side(feed))
                if side is None:
                    self._last_stop = StopReport(feed.sheets.last_good, 0, 0, feed.sheets.before + 1)
                    self._feed = None
                    return None
                sheet = feed.sheets.add(side)  # names no face, so it cannot refuse
                if sheet:
                    feed.handed = sheet[0].sheet
                    return list(sheet)
        return None

    def _create(self, feed: _Feed) -> None:
        good = feed.sheets.last_sure
        for _ in range(_BUSY_TRIES):
            try:
                feed.job = self._link.create(duplex=self._duplex, dpi=self._dpi)
                return
            except LinkBusy:
                self._pause(_BUSY_PAUSE_S)
            except LinkRefused as refused:
                status = self._status()
                if status is not None:
                    if fault := fault_of_status(status, good):
                        raise fault from refused
                    if status.paper is False:
                        raise FeederEmpty(last_good=good) from refused
                raise ScannerBusy(last_good=good) from refused
        raise ScannerBusy(last_good=good)

    def _next_side(self, feed: _Feed) -> Side | None:
        """The next side; None when the end of the feed is proved."""
        for _ in range(_BUSY_TRIES):
            try:
                document = self._link.next(feed.job)
                break
            except LinkBusy:
                self._pause(_BUSY_PAUSE_S)
        else:
            raise ScannerBusy(last_good=feed.sheets.last_sure)
        if document is None:
            status = self._status()
            evidence = EndEvidence(status, feed.jobs_before, None, self.expected_sheets)
            require_end(ProofKind.ESCL_STATUS, evidence, feed.sheets)
            return None
        if not document.whole:
            raise TornImage(last_good=feed.sheets.last_sure, why="đứt giữa chừng")
        return self._side(feed, document.data)

    def _side(self, feed: _Feed, data: bytes) -> Side:
        good = feed.sheets.last_sure
        if why := why_torn(data):
            raise TornImage(last_good=good, why=why)
        frame = jpeg_frame(data)
        if frame is None:
            raise WrongFormat(last_good=good, got="không phải JPEG", expected="JPEG")
        width, height = (round(mm / 25.4 * self._dpi) for mm in _A4_MM)
        if frame[2] != 3:
            raise WrongFormat(last_good=good, got=f"{frame[2]} kênh", expected="3 kênh")
        if abs(frame[0] - width) > width * SIZE_TOLERANCE or frame[1] > height * (1 + SIZE_TOLERANCE):
            got, expected = f"{frame[0]}x{frame[1]}", f"{width}x{height}"
            raise WrongFormat(last_good=good, got=got, expected=expected)
        if frame[1] < height * (1 - SIZE_TOLERANCE):
            raise ShortImage(last_good=good, got=frame[1], expected=height)
        try:
            pixels = self._decode(data)
        except (ValueError, ScanflowError) as error:
            why = error.code if isinstance(error, ScanflowError) else str(error)
            raise TornImage(last_good=good, why=why) from error
        return Side(pixels, self._dpi, data)

    # ---- faults and the end -------------------------------------------------------------------------------

    def _guarded(self, feed: _Feed, act: Callable[[], _T]) -> _T:
        """Do one step; a failure becomes a typed fault, the job is deleted and the feed is over."""
        good = feed.sheets.last_sure
        try:
            return act()
        except ScannerError as fault:
            raise self._give_up(feed, fault) from fault
        except TimeoutError as error:
            hung = ScannerHung(last_good=good, seconds=f"{self._patience:g}")
            raise self._give_up(feed, hung) from error
        except OSError as error:
            gone = self._why_gone(good)
            raise self._give_up(feed, gone) from error

    def _why_gone(self, good: int) -> FeedFault:
        status = self._status()
        if status is None:
            return ScannerGone(last_good=good)
        return fault_of_status(status, good) or TornImage(last_good=good, why="đứt giữa chừng")

    def _give_up(self, feed: _Feed, fault: ScannerError) -> ScannerError:
        """Delete the job; the fault as it is to be raised."""
        self._delete(feed)
        images = await_images_fed(self._status, feed.jobs_before, pause=self._pause)
        final = placed(fault, feed.sheets, images, duplex=self._duplex)
        good = final.last_good if isinstance(final, FeedFault) else feed.sheets.before
        self._last_stop = StopReport(good, None, 0, feed.sheets.before + 1)
        self._feed = None
        return final

    def _delete(self, feed: _Feed) -> None:
        if feed.job:
            with contextlib.suppress(OSError):
                self._link.delete(feed.job)

    def _report(self, feed: _Feed) -> StopReport:
        images = await_images_fed(self._status, feed.jobs_before, pause=self._pause)
        return stop_report(feed.sheets, feed.handed, images, duplex=self._duplex)

    def _status(self) -> ScannerStatus | None:
        try:
            return self._link.status()
        except OSError:
            return None

    def _require_status(self) -> ScannerStatus:
        status = self._status()
        if status is None:
            raise NoScanner(device="eSCL")
        return status
