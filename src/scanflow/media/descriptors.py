"""USB descriptors, read strictly from bytes (mô tả thiết bị USB).

The input is what the kernel keeps in sysfs ``descriptors``: the device descriptor and then each
configuration with all that belongs to it, as the device sent them. It is the attacker's text, so the grammar
is kept narrow: every length must fit exactly, every announced count must be met, nothing may be left over.
    Source of the layouts: USB 2.0
§9.6, USB 3.2 §9.6 (companion), UAS 1.0 §5 (pipe usage).
"""

from __future__ import annotations

from dataclasses import dataclass

DEVICE, CONFIG, INTERFACE, ENDPOINT, ASSOCIATION, COMPANION = 0x01, 0x02, 0x04, 0x05, 0x0B, 0x30
"""Descriptor types (bDescriptorType)."""

RAW_MAX = 16 * 1024
"""Bytes; real sticks have some 50, a dock some 2,000."""
CONFIGURATIONS_MAX = 8
"""The kernel takes no more (USB_MAXCONFIG)."""


class MalformedDescriptors(ValueError):
    """The bytes break the grammar; the message names the rule, never the bytes."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint (điểm cuối). ``packet`` and ``interval`` change with the speed."""

    address: int
    attributes: int
    packet: int
    interval: int


@dataclass(frozen=True, slots=True)
class Interface:
    """One alternate setting of an interface (giao diện).

    Attributes:
        triple: class, subclass, protocol.
        others: types of descriptors inside that are neither endpoints nor their speed-bound companions.
    """

    number: int
    alternate: int
    triple: tuple[int, int, int]
    endpoints: tuple[Endpoint, ...]
    others: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Configuration:
    """One configuration (cấu hình); ``others`` are types of stray descriptors before its first interface."""

    value: int
    interfaces: tuple[Interface, ...]
    others: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Descriptors:
    """What a device says it is (bản khai của thiết bị).

    Attributes:
        usb: bcdUSB, e.g. 0x0200. release: bcdDevice.
        strings: indices of manufacturer, product and serial; 0 is none.
    """

    usb: int
    triple: tuple[int, int, int]
    packet0: int
    vid: int
    pid: int
    release: int
    strings: tuple[int, int, int]
    configurations: tuple[Configuration, ...]

    @property
    def interfaces(self) -> tuple[Interface, ...]:
        """Every alternate setting of every configuration."""
        return tuple(each for configuration in self.configurations for each in configuration.interfaces)

    @property
    def triples(self) -> frozenset[tuple[int, int, int]]:
        """The set of interface triples over all configurations and alternates."""
        return frozenset(each.triple for each in self.interfaces)


def _require(holds: bool, rule: str) -> None:
    if not holds:
        raise MalformedDescriptors(rule)


def _u16(raw: bytes, at: int) -> int:
    return raw[at] | raw[at + 1] << 8


def parse(raw: bytes) -> Descriptors:
    """Read the whole of ``raw``.

    Raises:
        MalformedDescriptors: any rule is broken. No other exception comes out, whatever the bytes.
    """
    _require(18 <= len(raw) <= RAW_MAX, "length of the whole")
    _require(raw[0] == 18 and raw[1] == DEVICE, "device descriptor first")
    count = raw[17]
    _require(1 <= count <= CONFIGURATIONS_MAX, "number of configurations")
    configurations: list[Configuration] = []
    at = 18
    for _ in range(count):
        _require(at + 9 <= len(raw), "configuration cut off")
        _require(raw[at] == 9 and raw[at + 1] == CONFIG, "configuration descriptor expected")
        total = _u16(raw, at + 2)
        _require(9 <= total <= len(raw) - at, "wTotalLength")
        configurations.append(_configuration(raw[at : at + total]))
        at += total
    _require(at == len(raw), "bytes after the last configuration")
    values = [each.value for each in configurations]
    _require(len(set(values)) == len(values) and 0 not in values, "configuration values")
    return Descriptors(
        usb=_u16(raw, 2),
        triple=(raw[4], raw[5], raw[6]),
        packet0=raw[7],
        vid=_u16(raw, 8),
        pid=_u16(raw, 10),
        release=_u16(raw, 12),
        strings=(raw[14], raw[15], raw[16]),
        configurations=tuple(configurations),
    )


def _configuration(raw: bytes) -> Configuration:
    interfaces: list[Interface] = []
    stray: list[int] = []
    at = 9
    while at < len(raw):
        size = raw[at]
        _require(size >= 2 and at + size <= len(raw) and at + 2 <= len(raw), "bLength")
        kind = raw[at + 1]
        _require(kind not in (DEVICE, CONFIG), "device or configuration descriptor inside a configuration")
        if kind == INTERFACE:
            interface, at = _interface(raw, at)
            interfaces.append(interface)
        else:
            _require(kind not in (ENDPOINT, COMPANION), "endpoint outside an interface")
            # An association announces interfaces; it says nothing that they do not say themselves.
            _require(kind != ASSOCIATION or size == 8, "length of an association")
            stray.append(kind)
            at += size
    numbers = {each.number for each in interfaces}
    _require(len(numbers) == raw[4] >= 1, "bNumInterfaces")
    _require(numbers == set(range(len(numbers))), "interface numbers")
    settings = {(each.number, each.alternate) for each in interfaces}
    _require(len(settings) == len(interfaces), "alternate setting given twice")
    _require(all((number, 0) in settings for number in numbers), "alternate setting 0 missing")
    return Configuration(raw[5], tuple(interfaces), tuple(stray))


def _interface(raw: bytes, at: int) -> tuple[Interface, int]:
    _require(raw[at] == 9, "length of an interface")
    number, alternate, announced = raw[at + 2], raw[at + 3], raw[at + 4]
    triple = (raw[at + 5], raw[at + 6], raw[at + 7])
    at += 9
    endpoints: list[Endpoint] = []
    others: list[int] = []
    follows_endpoint = False
    while at < len(raw):
        size = raw[at]
        _require(size >= 2 and at + size <= len(raw), "bLength")
        kind = raw[at + 1]
        if kind in (INTERFACE, ASSOCIATION):
            break
        _require(kind not in (DEVICE, CONFIG), "device or configuration descriptor inside a configuration")
        if kind == ENDPOINT:
            _require(size in (7, 9), "length of an endpoint")
            endpoints.append(Endpoint(raw[at + 2], raw[at + 3], _u16(raw, at + 4), raw[at + 6]))
            _require(endpoints[-1].address & 0x0F != 0 and endpoints[-1].address & 0x70 == 0, "endpoint address")
            follows_endpoint = True
        elif kind == COMPANION:
            _require(size == 6 and follows_endpoint, "companion without its endpoint")
            follows_endpoint = False
        else:
            others.append(kind)
        at += size
    _require(len(endpoints) == announced, "bNumEndpoints")
    _require(len({each.address for each in endpoints}) == len(endpoints), "endpoint given twice")
    return Interface(number, alternate, triple, tuple(endpoints), tuple(others)), at
