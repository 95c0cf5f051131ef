"""Descriptor bytes for lab and fuzzers: plain sticks at each speed, and what an attacker adds."""

from __future__ import annotations

VID, PID, SERIAL = 0x0951, 0x1666, "60A44C413FAEE2B1A9D70001"
STRINGS = {1: "LabMaker", 2: "Lab Stick", 3: SERIAL}


def interface(
    number: int, triple: tuple[int, int, int], endpoints: bytes = b"", alt: int = 0, inside: bytes = b""
) -> bytes:
    """Interface descriptor, then ``inside`` (class descriptors), then ``endpoints`` (7 or 13 bytes each)."""
    count = 0
    at = 0
    while at < len(endpoints):
        count += endpoints[at + 1] == 5
        at += endpoints[at]
    return bytes((9, 4, number, alt, count, *triple, 0)) + inside + endpoints


def endpoint(address: int, attributes: int = 2, packet: int = 512, interval: int = 0) -> bytes:
    """Endpoint descriptor."""
    return bytes((7, 5, address, attributes)) + packet.to_bytes(2, "little") + bytes((interval,))


COMPANION = bytes((6, 0x30, 0, 0, 0, 0))
BULK = endpoint(0x81) + endpoint(0x02)
BULK_SUPER = endpoint(0x81, 2, 1024) + COMPANION + endpoint(0x02, 2, 1024) + COMPANION
STORAGE = interface(0, (8, 6, 0x50), BULK)
STORAGE_SUPER = interface(0, (8, 6, 0x50), BULK_SUPER)
HID = bytes((9, 0x21, 0x11, 1, 0, 1, 0x22, 63, 0))


def configuration(parts: bytes, count: int = 1, value: int = 1) -> bytes:
    """Configuration descriptor around ``parts`` with ``count`` interfaces."""
    return bytes((9, 2)) + (9 + len(parts)).to_bytes(2, "little") + bytes((count, value, 0, 0x80, 50)) + parts


def device(
    configurations: bytes,
    *,
    usb: int = 0x0200,
    triple: tuple[int, int, int] = (0, 0, 0),
    packet0: int = 64,
    vid: int = VID,
    pid: int = PID,
    release: int = 0x0100,
    strings: tuple[int, int, int] = (1, 2, 3),
    count: int = 1,
) -> bytes:
    """Device descriptor, then ``configurations``."""
    head = bytes((18, 1)) + usb.to_bytes(2, "little") + bytes((*triple, packet0))
    head += vid.to_bytes(2, "little") + pid.to_bytes(2, "little") + release.to_bytes(2, "little")
    return head + bytes((*strings, count)) + configurations


PLAIN = device(configuration(STORAGE))
PLAIN_SUPER = device(configuration(STORAGE_SUPER), usb=0x0320, packet0=9)


def with_interfaces(*more: bytes, storage: bytes = STORAGE) -> bytes:
    """A stick with further interfaces behind the first."""
    return device(configuration(storage + b"".join(more), 1 + len(more)))
