"""The second reading of a device, through libusb, not the kernel's copy (đọc lại qua libusb).

The kernel keeps what the device answered when it was plugged. Here the device is asked again, byte for byte;
one that now answers otherwise is hostile or broken, and either way no medium.
"""

from __future__ import annotations

import time
from typing import Any

import usb.backend.libusb1
import usb.core
import usb.util

from scanflow.errors import Words
from scanflow.media.descriptors import CONFIGURATIONS_MAX
from scanflow.media.errors import NoUsbHere

_GET_DESCRIPTOR, _FROM_DEVICE = 0x06, 0x80
_DEVICE, _CONFIG = 0x0100, 0x0200
_TIMEOUT_MS = 5000
_PATIENCE = 15.0
"""Seconds until libusb must have seen what the kernel has."""


class Unreadable(OSError):
    """The device did not answer a second time."""


def _all_devices() -> list[Any]:
    backend = usb.backend.libusb1.get_backend()
    if backend is None:
        raise NoUsbHere(why=Words("thiếu libusb-1.0", "libusb-1.0 is missing"))
    try:
        return list(usb.core.find(find_all=True, backend=backend) or ())
    except (usb.core.USBError, OSError) as fault:
        raise NoUsbHere(why="libusb") from fault


def seen() -> dict[tuple[int, int], tuple[int, int]]:
    """What libusb lists: (bus, number) → (VID, PID), root hubs included.

    Raises:
        NoUsbHere: no libusb, or it cannot list.
    """
    return {(each.bus, each.address): (each.idVendor, each.idProduct) for each in _all_devices()}


def _find(bus: int, number: int) -> Any:
    # libusb learns of a plugging from udev, on a thread of its own and later than sysfs.
    begun = time.monotonic()
    fresh = False
    while True:
        for each in _all_devices():
            if (each.bus, each.address) == (bus, number):
                return each
        waited = time.monotonic() - begun
        if waited > _PATIENCE:
            raise Unreadable("device is gone")
        if waited > _PATIENCE / 5 and not fresh:
            # The event was lost on a busy host: a new context looks at the whole bus again.
            usb.backend.libusb1._lib_object = None
            fresh = True
        time.sleep(0.02)


def reread(bus: int, number: int) -> tuple[bytes, str]:
    """Ask the device for its descriptors and its serial number anew.

    Returns:
        The bytes in the form of sysfs ``descriptors`` (device, then each configuration whole) and the
        serial, "" when it has none.

    Raises:
        Unreadable: it did not answer, or is gone. NoUsbHere: no libusb.
    """
    device = _find(bus, number)
    try:
        head = _descriptor(device, _DEVICE, 18)
        parts = [head]
        for index in range(min(head[17], CONFIGURATIONS_MAX)):
            start = _descriptor(device, _CONFIG | index, 9)
            parts.append(_descriptor(device, _CONFIG | index, start[2] | start[3] << 8))
        serial = usb.util.get_string(device, head[16]) if head[16] else ""
    except (usb.core.USBError, ValueError, IndexError) as fault:
        # pyusb says "no langid" (ValueError) for a device that is gone or that it may not open.
        raise Unreadable("no answer") from fault
    finally:
        usb.util.dispose_resources(device)
    return b"".join(parts), serial or ""


def _descriptor(device: Any, which: int, size: int) -> bytes:
    return bytes(device.ctrl_transfer(_FROM_DEVICE, _GET_DESCRIPTOR, which, 0, size, _TIMEOUT_MS))
