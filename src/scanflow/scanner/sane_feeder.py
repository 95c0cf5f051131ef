"""A scanner through SANE as a source of sides (máy quét qua SANE)."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scanflow.errors import Words
from scanflow.pages import Face, RawPage
from scanflow.scanner import wire
from scanflow.scanner.device_feeder import DeviceFeeder, Feed
from scanflow.scanner.errors import (
    AlreadyFeeding,
    CoverOpen,
    DoubleFeed,
    DriverCrashed,
    FeederEmpty,
    FeedFault,
    NoScanner,
    ScannerGone,
    ScannerHung,
    ShortImage,
    WrongFormat,
)
from scanflow.scanner.escl.http import parse_address
from scanflow.scanner.escl.probe import ask_capabilities, ask_status
from scanflow.scanner.escl.status import Capabilities, ScannerStatus
from scanflow.scanner.facts import facts_of
from scanflow.scanner.feeder import ScannerFacts, Sensor
from scanflow.scanner.finding import device_now
from scanflow.scanner.profile import Profile
from scanflow.scanner.proof import (
    EndEvidence,
    counter_moved,
    fault_of_status,
    own_job,
    require_end,
    sheets_of_job,
)
from scanflow.scanner.sane_child import ChildDied, ChildHung, SaneChild, cause_of
from scanflow.scanner.saneconf import escl_address, require_safe
from scanflow.scanner.settings import Scalar
from scanflow.scanner.sheets import Side
from scanflow.scanner.status import SaneStatus, fault_of

BACKLOG_SIDES = 4
"""Sides that may wait between the driver and the station. With the side being read and the sheet being handed
on, at most ``backlog + 3`` decoded sides exist in this room: 183 MB for A4 at 300 dpi in colour (26.1 MB a
side). What a driver or device reads ahead by itself comes on top, see the driver's profile."""

_LAST_WORDS = frozenset({"ended", "refused", "failed"})


class SaneFeeder(DeviceFeeder):
    """Feeds through a child process that owns SANE; never holds a driver in this process.

    Args:
        device: SANE device name; with ``identity``, where it was seen last.
        profile: the driver's profile.
        config_dir: private SANE configuration directory (refused when it would look around on a network).
        duplex: both sides; simplex is for tests and special paper only.
        dpi: dots per inch.
        backlog: see :data:`BACKLOG_SIDES`.
        patience: seconds that one side may take before the driver counts as hung; the profile's value by
            default.
        env: more variables for the child.
        identity: look for the scanner of this identity whenever the driver is started anew, wherever it is plugged.

    Attributes:
        settings_read_back: what the scanner was really set to in the last feed, by option.
    """

    def __init__(
        self,
        device: str,
        profile: Profile,
        config_dir: Path,
        *,
        duplex: bool = True,
        dpi: int = 300,
        backlog: int = BACKLOG_SIDES,
        patience: float | None = None,
        env: Mapping[str, str] | None = None,
        identity: str = "",
    ) -> None:
        super().__init__(duplex=duplex)
        config = require_safe(config_dir)
        self._device = device
        self._identity = identity
        self._profile = profile
        self._config_dir = config_dir
        self._dpi = dpi
        self._backlog = max(1, backlog)
        self._patience = patience or profile.patience_s
        self._env = env
        where = escl_address(config, device)
        self._escl = parse_address(*where) if where is not None else None
        self._child: SaneChild | None = None
        self._facts: ScannerFacts | None = None
        self.settings_read_back: dict[str, Scalar] = {}

    # ---- what it is ----------------------------------------------------------------------------------------

    @property
    def facts(self) -> ScannerFacts:
        """Asked from the device once.

        Raises:
            NoScanner: the device does not answer.
        """
        if self._facts is None:
            capabilities: Capabilities | None = None
            if self._escl is not None:
                capabilities = ask_capabilities(self._escl)
                if capabilities is None:
                    raise NoScanner(device=self._device)
            self._facts = facts_of(self._identity or self._device, self._profile, capabilities)
        return self._facts

    def paper_present(self) -> bool | None:
        """See :class:`~scanflow.scanner.feeder.Feeder`.

        Raises:
            NoScanner: the device does not answer.
        """
        if self._escl is not None:
            status = self._status()
            if status is None:
                raise NoScanner(device=self._device)
            return status.paper
        return self.sense(Sensor.PAPER)

    def button_pressed(self) -> bool | None:
        """The scanner's button; None when it has none that can be read."""
        return self.sense(Sensor.BUTTON)

    def sense(self, which: Sensor) -> bool | None:
        """Read one sensor while the scanner stands still; None when it has none or does not tell.

        Raises:
            AlreadyFeeding: a feed runs; sensors rest meanwhile.
            ScannerError: the device does not answer.
        """
        sensor = self._profile.sensor(which)
        if sensor is None or not sensor.option:
            return None
        with self._lock:
            if self._feed is not None:
                raise AlreadyFeeding
            options = {sensor.option: sensor.stale_first}
            try:
                message = self._living_child().ask(kind="sense", device=self._device, options=options)
            except (ChildDied, ChildHung) as gone:
                self._child = None
                raise NoScanner(device=self._device) from gone
        if cause := cause_of(message.head, self._device):
            if self._identity:
                self._let_go()  # looked for anew at the next question
            raise cause
        return self._yes(message.head["values"], which)

    # ---- feeding -------------------------------------------------------------------------------------------

    def _interrupt(self) -> None:
        child = self._child
        if child is not None:
            with contextlib.suppress(ChildDied, ChildHung):
                child.tell(kind="stop")

    def _let_go(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end()

    # ---- one feed ------------------------------------------------------------------------------------------

    def _status(self) -> ScannerStatus | None:
        return ask_status(self._escl) if self._escl is not None else None

    def _status_before(self) -> ScannerStatus | None:
        status = self._status()
        if status is None and self._escl is not None:
            raise NoScanner(device=self._device)
        return status

    def _start(self, feed: Feed) -> None:
        wants = self._profile.wants(duplex=self._duplex, dpi=self._dpi)
        side, counter = self._profile.sensor(Sensor.SIDE), self._profile.sensor(Sensor.COUNTER)
        try:
            child = self._living_child()
            child.tell(
                kind="feed",
                device=self._device,
                wants=[want.packed() for want in wants],
                credit=self._backlog,
                side_option=side.option if side is not None and self._duplex else None,
                before={counter.option: counter.stale_first} if counter is not None else {},
                sensors={s.option: s.stale_first for s in self._profile.sensors if s.option and not s.latched},
            )
        except (ChildDied, ChildHung) as gone:
            self._child = None
            raise NoScanner(device=self._device) from gone

    def _step(self, feed: Feed) -> tuple[RawPage, ...] | None:
        return self._take(feed, self._hear(feed))

    def _take(self, feed: Feed, message: wire.Message) -> tuple[RawPage, ...] | None:
        """One message of the child: the sheet that it completes, () for none, None for the proved end."""
        head = message.head
        feed.ended = message.kind in _LAST_WORDS
        if cause := cause_of(head, self._device, last_good=feed.sheets.last_sure):
            raise cause
        match message.kind:
            case "set":
                self.settings_read_back = dict(head["values"])
                return ()
            case "side":
                sheet = feed.sheets.add(self._side(feed, message))
                self._tell_credit()
                return sheet
            case "ended" if head["how"] == "no_docs":
                self._require_end(feed, head)
                return None
            case "ended" if head["how"] == "fault":
                raise self._fault(feed, head)
        return ()

    def _side(self, feed: Feed, message: wire.Message) -> Side:
        head, good = message.head, feed.sheets.last_sure
        height, width = int(head["height"]), int(head["width"])
        if message.bulk is None:
            got = f"{head['samples']} kênh, {head['depth']} bit"
            raise WrongFormat(last_good=good, got=got, expected=Words("3 kênh, 8 bit", "3 channels, 8 bit"))
        try:
            pixels = wire.read_pixels(message, height, width)
        except wire.BadMessage as error:
            raise DriverCrashed(last_good=good, how=str(error)) from error
        if head["lines"] < 0:
            raise WrongFormat(
                last_good=good,
                got=Words("số dòng không biết trước", "an unknown number of lines"),
                expected=Words("số dòng cố định", "a fixed number of lines"),
            )
        if height != head["lines"]:
            raise ShortImage(last_good=good, got=height, expected=head["lines"])
        face = {0: Face.RECTO, 1: Face.VERSO}.get(head["face"]) if head["face"] is not None else None
        return Side(pixels, self._dpi, face=face)

    # ---- how a feed ends -----------------------------------------------------------------------------------

    def _require_end(self, feed: Feed, head: Mapping[str, Any]) -> None:
        status = self._status()
        paper = status.paper if status is not None else self._yes(head.get("sensors", {}), Sensor.PAPER)
        if feed.sheets.sides == 0 and not paper:
            job = own_job(status, feed.jobs_before) if status is not None else None
            if status is not None and (fault := fault_of_status(status, feed.sheets.last_sure)):
                raise fault
            if job is None and not feed.paper_before:  # else all of it went through, and the device forgot the job
                raise FeederEmpty(last_good=feed.sheets.last_sure)
        evidence = EndEvidence(status, feed.jobs_before, paper, self.expected_sheets, self.count_tray)
        require_end(self._profile.end.proof, evidence, feed.sheets)
        if status is not None:
            self.own_count = sheets_of_job(status, feed.jobs_before, duplex=self._duplex)
        elif (counter := self._profile.sensor(Sensor.COUNTER)) is not None:
            before, after = (head.get(when, {}).get(counter.option) for when in ("before", "sensors"))
            self.own_count = counter_moved(before, after)

    def _fault(self, feed: Feed, head: Mapping[str, Any]) -> FeedFault:
        good = feed.sheets.last_sure
        if head.get("gone"):
            return ScannerGone(last_good=good)
        if self._escl is not None:
            status = self._status()
            if status is None:
                return ScannerGone(last_good=good)
            if seen := fault_of_status(status, good):
                return seen
        sensors = head.get("sensors", {})
        if self._yes(sensors, Sensor.DOUBLE_FEED):
            return DoubleFeed(last_good=good)
        if self._yes(sensors, Sensor.COVER):
            return CoverOpen(last_good=good)
        return fault_of(SaneStatus[head["status"]], last_good=good, in_page=bool(head["in_page"]))

    def _abandon(self, feed: Feed) -> None:
        if self._child is None:
            return
        try:
            self._child.tell(kind="stop")
            self._child.tell(kind="rest")
            while True:
                message = self._child.hear()
                message.drop()
                if message.kind == "rested":
                    break
        except (ChildDied, ChildHung):
            self._child = None
        if self._identity:  # it may come back on another port, and some drivers list devices only when they start
            self._let_go()

    # ---- stopping ------------------------------------------------------------------------------------------

    def _halt(self, feed: Feed) -> None:
        """Take what the child still has in hand; those sides count as passed, they are not handed on."""
        while self._child is not None and not feed.ended:
            try:
                message = self._child.hear()
            except (ChildDied, ChildHung):
                self._child = None
                return
            message.drop()
            if message.kind == "side":
                feed.sheets.sides += 1
            feed.ended = message.kind in _LAST_WORDS

    # ---- the child -----------------------------------------------------------------------------------------

    def _living_child(self) -> SaneChild:
        if self._child is None:
            self._device = device_now(self._device, self._identity, self._config_dir, env=self._env)
            self._child = SaneChild(self._config_dir, patience=self._patience, env=self._env)
        return self._child

    def _hear(self, feed: Feed) -> wire.Message:
        good = feed.sheets.last_sure
        if self._child is None:
            raise DriverCrashed(last_good=good, how=Words("không còn tiến trình", "its process is gone"))
        try:
            return self._child.hear()
        except ChildHung as hung:
            self._child = None
            raise ScannerHung(last_good=good, seconds=f"{hung.seconds:g}") from None
        except ChildDied as died:
            self._child = None
            raise DriverCrashed(last_good=good, how=died.how) from None

    def _tell_credit(self) -> None:
        with contextlib.suppress(ChildDied, ChildHung):  # the next message says so with its cause
            if self._child is not None:
                self._child.tell(kind="credit", sides=1)

    def _yes(self, values: Mapping[str, Scalar | None], which: Sensor) -> bool | None:
        sensor = self._profile.sensor(which)
        value = values.get(sensor.option) if sensor is not None else None
        return None if sensor is None or value is None else value in sensor.yes
