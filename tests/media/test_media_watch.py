"""Coming and going, told by comparing looks; and the bus when there is none."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from descriptorfuzz import facts

from scanflow.media import errors, faults, libusb, sysfs, usbmedium
from scanflow.media.usbmedium import UsbBus
from scanflow.media.watch import Change, HotPlug


def test_changes_are_told_once() -> None:
    one = replace(facts(b"\x12\x01" + bytes(16)), plugging=1)
    two = replace(one, port="1-2", plugging=2)
    again = replace(one, plugging=3)
    looks = iter([[one], [one], [one, two], [two], [again, two], []])
    plug = HotPlug(lambda: next(looks), lambda seconds: False)
    assert plug.changes() == [Change(True, one)]
    assert plug.changes() == []
    assert plug.changes() == [Change(True, two)]
    assert plug.changes() == [Change(False, one)]
    assert plug.changes() == [Change(True, again)]
    assert plug.changes() == [Change(False, again), Change(False, two)]


def test_swapped_between_two_looks_goes_and_comes() -> None:
    one = replace(facts(b""), plugging=1)
    swapped = replace(one, plugging=2)
    looks = iter([[one], [swapped]])
    plug = HotPlug(lambda: next(looks), lambda seconds: False)
    plug.changes()
    assert plug.changes() == [Change(False, one), Change(True, swapped)]


def test_iterating_waits_between_looks() -> None:
    waits: list[float] = []
    looks = iter([[], [], [facts(b"")]])

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        return False

    assert next(iter(HotPlug(lambda: next(looks), wait))).came
    assert len(waits) == 2


def test_host_without_usb_says_so(tmp_path: Path) -> None:
    with pytest.raises(errors.NoUsbHere):
        UsbBus(tmp_path / "none")


def test_device_that_is_going_is_left_out(tmp_path: Path) -> None:
    """A directory without its files (seen while a device is being removed), and names that are no devices."""
    for name in ("1-1", "usb1", "1-1:1.0", "nonsense"):
        (tmp_path / name).mkdir()
    assert sysfs.usb_devices(tmp_path) == []
    assert sysfs.open_ports(tmp_path) == ["usb1"], "a hub that does not say 0 counts as open"


def test_device_in_sysfs(tmp_path: Path) -> None:
    port = tmp_path / "1-1"
    port.mkdir()
    for name, text in {
        "speed": "1.5",
        "busnum": "1",
        "devnum": "7",
        "serial": "AB\x1bCD",
        "product": "X",
    }.items():
        (port / name).write_text(text + "\n")
    (port / "descriptors").write_bytes(b"\x12\x01")
    [node] = sysfs.usb_devices(tmp_path)
    assert (node.bus, node.number, node.facts.speed, node.facts.serial) == (1, 7, 1, "AB\x1bCD")
    assert "\x1b" not in node.facts.describe() and "\\u{1b}" in node.facts.describe()
    (port / "serial").write_bytes(b"\xff\xfe\n")
    assert sysfs.usb_devices(tmp_path)[0].facts.serial == "\\xff\\xfe"


def _going(reading: Callable[[Path], object], gone: str) -> Callable[[Path], object]:
    def read(path: Path) -> object:
        if Path(path).name.startswith(gone):
            raise FileNotFoundError(path)
        return reading(path)

    return read


@pytest.mark.parametrize("gone", ["host0", "target0", "block"])
def test_drives_that_go_while_they_are_listed_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gone: str
) -> None:
    """A yank between two readings of one listing: no drive, and no error that is none of ours."""
    unit = tmp_path / "1-1" / "1-1:1.0" / "host0" / "target0:0:0" / "0:0:0:0"
    (unit / "block" / "sda").mkdir(parents=True)
    (unit / "type").write_text("0\n")
    assert [each.block for each in sysfs.drives(tmp_path / "1-1")] == [unit / "block" / "sda"]
    for reading in ("scandir", "listdir"):
        monkeypatch.setattr(os, reading, _going(getattr(os, reading), gone))
    assert [each.block for each in sysfs.drives(tmp_path / "1-1")] == ([None] if gone == "block" else [])


def _plugged(devices: Path) -> Path:
    port = devices / "1-1"
    port.mkdir()
    for name, text in {"speed": "480", "busnum": "1", "devnum": "7", "serial": "AB", "authorized": "0"}.items():
        (port / name).write_text(text + "\n")
    (port / "descriptors").write_bytes(b"\x12\x01")
    return port


@pytest.mark.parametrize("goes", [True, False])
def test_no_answer_is_an_alarm_only_while_it_stays_plugged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, goes: bool
) -> None:
    """A stick pulled out while it is asked again is first silent, then gone: that is no sign of forgery."""
    port = _plugged(tmp_path)

    def silent(bus: int, number: int) -> tuple[bytes, str]:
        raise libusb.Unreadable("no answer")

    def kernel_notices(seconds: float) -> None:
        if goes:
            (port / "devnum").unlink(missing_ok=True)

    monkeypatch.setattr(libusb, "reread", silent)
    monkeypatch.setattr(usbmedium.time, "sleep", kernel_notices)
    monkeypatch.setattr(usbmedium, "GRACE_SECONDS", 0.05)
    [medium] = UsbBus(tmp_path).media()
    with pytest.raises(errors.MediumVanished if goes else errors.DescriptorsChanged):
        medium.authorise()
    assert (port / "authorized").read_text() == "0\n"


@pytest.mark.parametrize("code", [errno.EIO, errno.ENODEV])  # ENODEV: the kernel does not know the file system
@pytest.mark.parametrize("goes", [True, False])
def test_a_stick_torn_out_while_it_is_opened_is_gone_and_not_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, goes: bool, code: int
) -> None:
    """The mount fails a moment before the kernel has taken the device off its lists."""
    port = _plugged(tmp_path)

    def refused(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    def kernel_notices(seconds: float) -> None:
        if goes:
            (port / "devnum").unlink(missing_ok=True)

    monkeypatch.setattr(usbmedium.drive, "mount", refused)
    monkeypatch.setattr(usbmedium.UsbMedium, "_attached", lambda self: (None, None))
    monkeypatch.setattr(faults.time, "sleep", kernel_notices)
    monkeypatch.setattr(faults, "GRACE_SECONDS", 0.05)
    [medium] = UsbBus(tmp_path).media()
    with pytest.raises(errors.MediumVanished if goes else errors.MountFailed):
        medium.mount(writable=True)


def test_strings_that_are_gone_already_are_no_alarm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel takes a device's strings off its lists before its number."""
    port = _plugged(tmp_path)
    [medium] = UsbBus(tmp_path).media()
    (port / "serial").unlink()
    monkeypatch.setattr(usbmedium.time, "sleep", lambda seconds: (port / "devnum").unlink(missing_ok=True))
    with pytest.raises(errors.MediumVanished):
        medium.authorise()
