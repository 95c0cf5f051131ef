"""Who a device is: triple, strings, normalised fingerprint and a raw hash per speed (nhận dạng thiết bị).

One raw hash per device would lock a stick out of every other port: the same stick has other descriptor bytes
    at 480
and at 5000 Mb/s (bcdUSB, packet sizes, companions). So the registry keeps a fingerprint of what does not
change, and beside it the raw hash for each speed that was seen at enrolment. Fields are length-prefixed
before hashing, so that no two different devices can run together into the same text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from scanflow.media.descriptors import Descriptors
from scanflow.media.names import plain, shown

SERIAL_MIN = 8
"""Characters; the bulk-only standard asks for 12, some honest sticks have 8 to 10."""
SERIAL_MAX = 126
"""Characters; a string descriptor cannot hold more."""

GENERIC_SERIALS = frozenset(
    {
        "1234567890",
        "123456789",
        "12345678",
        "0123456789",
        "0123456789ABCDEF",
        "123456789ABCDEF",
        "1234567890ABCDEF",
    }
    | {"DEADBEEF", "CCCCCCCC", "AAAAAAAA", "NONE", "SERIAL", "SERIALNUMBER", "USB", "N/A"}
)
"""Serials that whole product lines share (a cheap bridge's default)."""


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """One device as the bus shows it, before anybody trusts it (thiết bị trên cổng).

    Attributes:
        port: sysfs name, e.g. ``1-1.2``; for a simulated device a made-up one.
        raw: descriptor bytes. speed: Mb/s as sysfs writes it (480, 5000).
        manufacturer, product, serial: untrusted strings, "" where the device has none.
        simulated: True when no hardware stands behind it; every description then says so.
        plugging: the bus's number of this very plugging; another one for the same stick plugged again.
    """

    port: str
    raw: bytes
    speed: int
    manufacturer: str
    product: str
    serial: str
    simulated: bool = False
    plugging: int = 0

    @property
    def triple(self) -> tuple[int, int, str]:
        """VID, PID and serial; VID and PID are 0 when the bytes are too short to hold them."""
        if len(self.raw) < 12:
            return (0, 0, self.serial)
        return (self.raw[8] | self.raw[9] << 8, self.raw[10] | self.raw[11] << 8, self.serial)

    def describe(self) -> str:
        """Safe one-line name: ``0951:1666 60A4… (DataTraveler)``, with MÔ PHỎNG in front when simulated."""
        vid, pid, serial = self.triple
        words = [f"{vid:04x}:{pid:04x}", shown(serial) or "(không số sê-ri)"]
        if self.product:
            words.append(f"({shown(self.product, 32)})")
        return " ".join((["MÔ PHỎNG (simulated)"] if self.simulated else []) + words)


def raw_hash(raw: bytes) -> str:
    """SHA-256 of the descriptor bytes, hex."""
    return hashlib.sha256(raw).hexdigest()


def fingerprint(shape: Descriptors, facts: DeviceFacts) -> str:
    """SHA-256 (hex) of everything about the device that does not depend on the port's speed."""
    digest = hashlib.sha256()
    for part in _lasting_parts(shape, facts):
        digest.update(len(part).to_bytes(4, "big"))
        digest.update(part)
    return digest.hexdigest()


def _lasting_parts(shape: Descriptors, facts: DeviceFacts) -> Iterable[bytes]:
    yield b"scanflow usb shape 1"
    yield b"simulated" if facts.simulated else b"usb"
    for number in (shape.vid, shape.pid, shape.release, *shape.triple, len(shape.configurations)):
        yield number.to_bytes(2, "big")
    for text in (facts.manufacturer, facts.product, facts.serial):
        yield text.encode("utf-8", "surrogatepass")
    for configuration in shape.configurations:
        yield len(configuration.interfaces).to_bytes(2, "big")
        yield bytes((configuration.value, *configuration.others))
        for each in configuration.interfaces:
            yield bytes((each.number, each.alternate, *each.triple, *each.others))
            # Transfer type only: packet size and interval belong to the speed.
            yield bytes(byte for end in each.endpoints for byte in (end.address, end.attributes & 0x03))


def serial_is_generic(serial: str) -> bool:
    """True when it tells nothing apart: too short or long, unprintable, one repeated sign, a default."""
    bare = serial.upper()
    return (
        not SERIAL_MIN <= len(serial) <= SERIAL_MAX
        or not plain(serial)
        or len(set(bare)) == 1
        or bare in GENERIC_SERIALS
        or (bare.isdigit() and int(bare) < 10)
    )
