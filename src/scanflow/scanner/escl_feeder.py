"""An eSCL scanner without SANE as a source (nguồn eSCL trực tiếp).

Beside the same scanner through sane-airscan it keeps the scanner's own JPEG, sees a double feed and why a job
ended, notices short, torn and wrongly sized images from the JPEG itself, and holds the scanner back: the next
side is asked for when the station takes it, and never before.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import TypeVar

from scanflow.errors import ScanflowError, Words
from scanflow.pages import RawPage
from scanflow.scanner.device_feeder import DeviceFeeder, Feed
from scanflow.scanner.errors import (
    FeederEmpty,
    FeedFault,
    NoScanner,
    ScannerBusy,
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
from scanflow.scanner.feeder import ScannerFacts
from scanflow.scanner.imagefile import Decode, decode_page, jpeg_frame, why_torn
from scanflow.scanner.proof import EndEvidence, ProofKind, fault_of_status, require_end, sheets_of_job
from scanflow.scanner.sheets import Side

PATIENCE_S = 60.0
SIZE_TOLERANCE = 0.015
"""Share by which a side may differ from A4; scanners round to multiples of 8 or 16 pixels."""

_T = TypeVar("_T")
_BUSY_TRIES = 10
_BUSY_PAUSE_S = 1.0
_A4_MM = (210.0, 297.0)


class EsclFeeder(DeviceFeeder):
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
        super().__init__(duplex=duplex, pause=pause)
        self._link = HttpEsclLink(source, patience=patience) if isinstance(source, EsclAddress) else source
        self._dpi = dpi
        self._patience = patience
        self._decode = decode
        self._facts: ScannerFacts | None = None

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

    # ---- one feed -----------------------------------------------------------------------------------------

    def _status_before(self) -> ScannerStatus:
        return self._require_status()

    def _start(self, feed: Feed) -> None:
        self._asked(feed, self._create)

    def _step(self, feed: Feed) -> tuple[RawPage, ...] | None:
        side = self._asked(feed, self._next_side)
        return None if side is None else feed.sheets.add(side)  # names no face, so it cannot refuse

    def _halt(self, feed: Feed) -> None:
        if feed.job:
            with contextlib.suppress(OSError):
                self._link.delete(feed.job)

    _abandon = _halt

    def _let_go(self) -> None:
        self._link.close()

    def _create(self, feed: Feed) -> None:
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

    def _next_side(self, feed: Feed) -> Side | None:
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
            if status is not None:
                self.own_count = sheets_of_job(status, feed.jobs_before, duplex=self._duplex)
            return None
        if not document.whole:
            raise TornImage(last_good=feed.sheets.last_sure, why=Words("đứt giữa chừng", "broke off"))
        return self._side(feed, document.data)

    def _side(self, feed: Feed, data: bytes) -> Side:
        good = feed.sheets.last_sure
        if why := why_torn(data):
            raise TornImage(last_good=good, why=why)
        frame = jpeg_frame(data)
        if frame is None:
            raise WrongFormat(last_good=good, got=Words("không phải JPEG", "no JPEG"), expected="JPEG")
        width, height = (round(mm / 25.4 * self._dpi) for mm in _A4_MM)
        if frame[2] != 3:
            raise WrongFormat(
                last_good=good,
                got=Words(f"{frame[2]} kênh", f"{frame[2]} channels"),
                expected=Words("3 kênh", "3 channels"),
            )
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

    def _asked(self, feed: Feed, act: Callable[[Feed], _T]) -> _T:
        """Do one step; a failure of the connection becomes a typed fault."""
        good = feed.sheets.last_sure
        try:
            return act(feed)
        except TimeoutError as error:
            raise ScannerHung(last_good=good, seconds=f"{self._patience:g}") from error
        except OSError as error:
            raise self._why_gone(good) from error

    def _why_gone(self, good: int) -> FeedFault:
        status = self._status()
        if status is None:
            return ScannerGone(last_good=good)
        return fault_of_status(status, good) or TornImage(last_good=good, why=Words("đứt giữa chừng", "broke off"))

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
