"""The real USB bus and a real stick on it (cổng USB và thiết bị nhớ thật)."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from scanflow.media import drive, errors, libusb, mend, sysfs
from scanflow.media.capacity import probe
from scanflow.media.faults import GRACE_SECONDS, Step, explain, look_again
from scanflow.media.filesystem import DirectoryFilesystem, Filesystem
from scanflow.media.identity import DeviceFacts
from scanflow.media.medium import Medium, VolumeFacts
from scanflow.media.registry import Model
from scanflow.media.volume import Volume

CONFIGURE_SECONDS = 15.0
DRIVE_SECONDS = 30.0
"""Until the drive must be there; the kernel itself waits 1 s (usb-storage.delay_use) before it looks."""
EMPTY_SECONDS = 5.0
"""How long a drive may report no capacity before it counts as empty or locked."""
_POLL = 0.02


class UsbBus:
    """All USB devices of this host (cổng USB thật)."""

    simulated = False

    def __init__(self, devices: Path = sysfs.DEVICES) -> None:
        """Look at the host.

        Raises:
            NoUsbHere: the kernel has no USB.
        """
        if not devices.is_dir():
            raise errors.NoUsbHere(why="/sys/bus/usb")
        self._devices = devices

    def media(self) -> Sequence[Medium]:
        """All devices but root hubs; ports untouched."""
        return [UsbMedium(node) for node in sysfs.usb_devices(self._devices)]

    def disagreements(self) -> list[str]:
        """Ports where libusb and the kernel name different devices; none on a host that is at rest.

        Raises:
            NoUsbHere: no libusb.
        """
        listed = libusb.seen()
        return [
            node.facts.port
            for node in sysfs.usb_devices(self._devices)
            if listed.get((node.bus, node.number)) != node.facts.triple[:2]
        ]


class UsbMedium:
    """One device on the bus; becomes a medium by being authorised and attached (thiết bị nhớ USB)."""

    def __init__(self, node: sysfs.UsbNode) -> None:
        """Nothing is opened yet."""
        self._node = node
        self._model: Model | None = None
        self._pinned: drive.Pinned | None = None
        self._volume: Volume | None = None
        self._mounted: DirectoryFilesystem | None = None
        self._parts: tuple[Path, ...] = ()

    @property
    def facts(self) -> DeviceFacts:
        """What it said when it was plugged."""
        return self._node.facts

    @property
    def _name(self) -> str:
        return self.facts.describe()

    def authorise(self) -> None:
        """Ask again, open the port, ask once more."""
        self._compare()
        try:
            sysfs.authorise(self._node.path, on=True)
        except PermissionError as fault:
            raise errors.NotRoot from fault
        except OSError as fault:
            raise self._vanished() from fault
        until = time.monotonic() + CONFIGURE_SECONDS
        while not sysfs.configured(self._node.path):
            if time.monotonic() > until:
                raise self._vanished()
            time.sleep(_POLL)
        self._compare()

    def _compare(self) -> None:
        now = sysfs.read_node(self._node.path)
        if now is None or now.number != self._node.number:
            raise self._vanished()
        if now != self._node:
            raise self._gone_or_changed()
        try:
            raw, serial = libusb.reread(self._node.bus, self._node.number)
        except libusb.Unreadable as fault:
            raise self._gone_or_changed() from fault
        if raw != self.facts.raw or serial != self.facts.serial:
            raise errors.DescriptorsChanged(device=self._name)

    def _gone_or_changed(self) -> errors.MediaError:
        """A stick that was pulled out just now answers nothing before the kernel has taken it off its lists."""
        until = time.monotonic() + GRACE_SECONDS
        while sysfs.device_number(self._node.path) == self._node.number:
            if time.monotonic() > until:
                return errors.DescriptorsChanged(device=self._name)
            time.sleep(_POLL)
        return self._vanished()

    def attach(self, model: Model) -> VolumeFacts:
        """Wait for its drives, check them against the model, pin the data drive, identify its file system."""
        pinned, volume, flushes = self._pin(model)
        if not volume.label_is_plain:
            raise errors.HostileLabel(device=self._name)
        if volume.dirty:
            raise errors.FilesystemDirty(device=self._name, found=volume.kind)
        return VolumeFacts(pinned.diskseq, pinned.size, volume.kind, volume.uuid, flushes)

    def _pin(self, model: Model) -> tuple[drive.Pinned, Volume, bool]:
        """Pin its data drive and say what file system is on it, and whether the stick takes flushes."""
        self._model = model
        try:
            block = self._wait_for_drive(model)
            if sysfs.text(block / "ro") != "0":
                raise errors.MediumReadOnly(device=self._name)
            part, self._volume = self._only_volume(block)
            flushes = drive.flush_for_real(block)
            self._pinned = drive.pin(block, part)
            self._parts = (part,) if part == block else (block, part)
            drive.require_unheld(*self._parts)
        except drive.Held as fault:
            raise errors.AlreadyMounted(device=self._name) from fault
        except OSError as fault:
            raise self._explained(fault) from fault
        return self._pinned, self._volume, flushes

    def repair(self, model: Model) -> None:
        """Mend its file system, then let go of the drive, so that it is attached as at any other time."""
        pinned, volume, _ = self._pin(model)
        try:
            mend.mend(volume.kind, pinned.node)
            drive.forget_cache(pinned)
        except mend.NoChecker as missing:
            tool, package = missing.checker.tool, missing.checker.package
            raise errors.CheckerMissing(tool=tool, package=package) from missing
        except mend.NotMended as fault:
            self.still_there()
            raise errors.RepairFailed(device=self._name, why=fault) from fault
        except OSError as fault:
            raise self._explained(fault) from fault
        self.still_there()
        drive.unpin(pinned)
        self._pinned = self._volume = None

    def _wait_for_drive(self, model: Model) -> Path:
        wanted = {(lun.number, lun.kind) for lun in model.luns}
        until = time.monotonic() + DRIVE_SECONDS
        empty_until: float | None = None
        while True:
            if sysfs.device_number(self._node.path) != self._node.number:
                raise self._vanished()
            found = sysfs.drives(self._node.path)
            kinds = {(each.lun, each.kind) for each in found}
            if not kinds <= wanted:
                raise errors.LunsDiffer(device=self._name, found=len(found))
            late = time.monotonic() > until
            data = next((each.block for each in found if each.lun == model.data_lun), None)
            if kinds == wanted and data is not None:
                with suppress(OSError):  # node or attribute not there yet
                    os.close(drive.open_node(data, os.O_NONBLOCK))
                    if int(sysfs.text(data / "size")) > 0:
                        return data
                if empty_until is None:
                    empty_until = time.monotonic() + EMPTY_SECONDS
                late = late or time.monotonic() > empty_until
            if late:
                raise self._nothing_in_it(model, kinds == wanted, len(found))
            time.sleep(_POLL)

    def _nothing_in_it(self, model: Model, all_there: bool, count: int) -> errors.DeviceRefused:
        if model.unlocks:
            return errors.MediumLocked(device=self._name)
        if count and not all_there:
            return errors.LunsDiffer(device=self._name, found=count)
        return errors.NoMedium(device=self._name)

    def _only_volume(self, block: Path) -> tuple[Path, Volume]:
        """The one file system: on the bare disk or in its only partition, never both."""
        whole = drive.look(block)
        parts = sysfs.partitions(block)
        if whole is not None and not parts:
            return block, whole
        if whole is None and len(parts) == 1:
            inside = drive.look(parts[0])
            if inside is not None:
                return parts[0], inside
        what = f"{len(parts)} phân vùng" if parts else "không rõ"
        raise errors.WrongFilesystem(device=self._name, found=what)

    def mount(self, *, writable: bool) -> Filesystem:
        """Mount the pinned drive privately."""
        pinned, volume = self._attached()
        if self._mounted is not None:
            raise errors.AlreadyMounted(device=self._name)
        self.still_there()
        try:
            self._mounted = drive.mount(pinned, volume, writable=writable)
        except OSError as fault:
            if fault.errno == errno.EBUSY:
                raise errors.AlreadyMounted(device=self._name) from fault
            if fault.errno == errno.EPERM:
                raise errors.NotRoot from fault
            look_again(self)
            why = errno.errorcode.get(fault.errno or 0, "?")
            raise errors.MountFailed(device=self._name, why=why) from fault
        self.still_there()
        return self._mounted

    def unmount(self) -> None:
        """Unmount, prove it, forget the kernel's copy."""
        if self._mounted is None:
            return
        pinned, _ = self._attached()
        mounted, self._mounted = self._mounted, None
        mounted.shut()
        try:
            drive.require_unheld(*self._parts)
        except drive.Held as fault:
            raise errors.AlreadyMounted(device=self._name) from fault
        drive.forget_cache(pinned)

    def probe_capacity(self) -> None:
        """Write and read marks over the whole drive, and put back what was there."""
        pinned, _ = self._attached()
        try:
            bad = probe(self._parts[-1], pinned.size)
        except OSError as fault:
            raise self._explained(fault) from fault
        if bad is not None:
            raise errors.FakeCapacity(device=self._name, offset=bad)

    def still_there(self) -> None:
        """The same plugging, the same drives."""
        if sysfs.device_number(self._node.path) != self._node.number:
            raise self._vanished()
        if self._pinned is None or self._model is None:
            return
        now = drive.sequence(self._pinned.block)
        if now is None:
            raise self._vanished()
        found = {(each.lun, each.kind) for each in sysfs.drives(self._node.path)}
        wanted = {(lun.number, lun.kind) for lun in self._model.luns}
        if found < wanted:
            raise self._vanished()  # its drives go a moment before the device does
        if now != self._pinned.diskseq or found != wanted:
            raise errors.MediumSwapped(device=self._name)

    def release(self) -> None:
        """Unmount, unpin, shut the port; nothing here fails for a stick that is gone."""
        if self._mounted is not None:
            with suppress(OSError):
                self._mounted.shut()
            self._mounted = None
        if self._pinned is not None:
            drive.unpin(self._pinned)
            self._pinned = None
        if sysfs.device_number(self._node.path) == self._node.number:
            with suppress(OSError):
                sysfs.authorise(self._node.path, on=False)

    def _attached(self) -> tuple[drive.Pinned, Volume]:
        if self._pinned is None or self._volume is None:
            raise RuntimeError("medium is used before it was attached")
        return self._pinned, self._volume

    def _vanished(self) -> errors.MediumVanished:
        return errors.MediumVanished(device=self._name, step="kiểm tra thiết bị", step_en="checking it")

    def _explained(self, fault: OSError) -> errors.MediaError:
        return explain(fault, self, Step.MOUNT)
