"""The decision about a device, in one pure function (xét duyệt thiết bị nhớ).

Nothing here touches a device: facts in, admission or reason out. The port stays shut until it has said yes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from scanflow.errors import Words
from scanflow.levels import Level
from scanflow.media import errors
from scanflow.media.descriptors import Descriptors, Interface, MalformedDescriptors, parse
from scanflow.media.errors import DeviceRefused
from scanflow.media.identity import DeviceFacts, fingerprint, raw_hash, serial_is_generic
from scanflow.media.registry import MASS_STORAGE, ApprovedDevice, Entry, device_id

HUB, STORAGE = 0x09, 0x08
NEVER = frozenset({0x01, 0x02, 0x03, 0x06, 0x07, HUB, 0x0A, 0x0E, 0x10, 0xDC, 0xE0})
"""Classes no stick may carry even when its model lists them: sound, modem, keyboard, camera, printer, hub,
serial data, video, audio-video, diagnostic, wireless. (Vendor 0xFF and smart card 0x0B may be listed.)"""

_CLASS_NAMES = {
    0x01: "audio",
    0x02: "modem/mạng",
    0x03: "bàn phím/HID",
    0x06: "máy ảnh",
    0x07: "máy in",
    0x08: "nhớ (lệnh lạ)",
    0x09: "hub",
    0x0A: "nối tiếp",
    0x0B: "thẻ thông minh",
    0x0E: "video",
    0xE0: "không dây",
    0xFF: "riêng của hãng",
}
_UAS_PIPE_USAGE = 0x24
_NO_DEVICE_CLASS = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Admission:
    """The policy's yes (cho phép): this device is that entry. It opens a port; only a permit writes."""

    facts: DeviceFacts
    device: ApprovedDevice


def judge_device(
    facts: DeviceFacts,
    entries: Mapping[str, Entry],
    today: date,
    *,
    level: Level | None = None,
    neighbours: Sequence[DeviceFacts] = (),
) -> Admission | DeviceRefused:
    """Judge one device by its descriptors and the register.

    Args:
        facts: the device.
        entries: the register by device id.
        today: for the validity.
        level: of the document; None judges the device alone.
        neighbours: all devices on the bus (``facts`` may be among them): an identity that is there twice is
            refused.

    Returns:
        The admission, or the reason as an error object that was not raised.
    """
    name = facts.describe()
    try:
        shape = parse(facts.raw)
    except MalformedDescriptors as fault:
        return errors.DescriptorsMalformed(device=name, fault=fault)
    entry = entries.get(device_id(*facts.triple))
    refusal = _judge_shape(name, shape, entry) or _judge_serial(name, facts, shape, neighbours)
    if refusal:
        return refusal
    if entry is None:
        return errors.NotEnrolled(device=name)
    refusal = _judge_entry(name, facts, shape, entry, today)
    if refusal:
        return refusal
    if level is not None:
        refusal = judge_level(name, entry.device.clearance, level)
        if refusal:
            return refusal
    return Admission(facts, entry.device)


def judge_level(name: str, clearance: Level | None, level: Level) -> DeviceRefused | None:
    """The rule "document ≤ clearance" (no write-down), and TUYỆT MẬT never; None when it holds."""
    if clearance is None:
        return errors.Unclassified(device=name)
    if level is Level.TUYET_MAT:
        return errors.NeverOnMedium()
    if level > clearance:
        return errors.ClearanceTooLow(device=name, clearance=clearance, level=level)
    return None


def looks_like_storage(facts: DeviceFacts) -> bool:
    """True when the device offers mass storage anywhere: then it counts as a stick, hostile or not."""
    try:
        return any(triple[0] == STORAGE for triple in parse(facts.raw).triples)
    except MalformedDescriptors:
        return True


def _judge_shape(name: str, shape: Descriptors, entry: Entry | None) -> DeviceRefused | None:
    if shape.triple[0] == HUB or any(triple[0] == HUB for triple in shape.triples):
        return errors.HubRefused(device=name)
    if not any(triple[0] == STORAGE for triple in shape.triples):
        return errors.NotStorage(device=name)
    allowed = MASS_STORAGE if entry is None or not entry.genuine else entry.device.model.interfaces
    foreign = {triple for triple in shape.triples if triple not in allowed or triple[0] in NEVER}
    if shape.triple != _NO_DEVICE_CLASS:
        foreign.add(shape.triple)
    if foreign:
        words = sorted(f"{_CLASS_NAMES.get(a, 'lớp lạ')} {a:02x}:{b:02x}:{c:02x}" for a, b, c in foreign)
        return errors.ExtraInterface(device=name, extra=", ".join(words[:4]))
    if any(configuration.others for configuration in shape.configurations):
        return errors.DescriptorsMalformed(device=name, fault="unknown descriptor in a configuration")
    if not all(_known_inside(each) for each in shape.interfaces):
        return errors.DescriptorsMalformed(device=name, fault="unknown descriptor in an interface")
    return None


def _known_inside(interface: Interface) -> bool:
    if interface.triple == (0x08, 0x06, 0x62):
        return set(interface.others) <= {_UAS_PIPE_USAGE}
    # An interface that a model allows beyond mass storage (smart card, vendor) brings descriptors of its own
    # class.
    return interface.triple[0] != STORAGE or not interface.others


def _judge_serial(
    name: str, facts: DeviceFacts, shape: Descriptors, neighbours: Sequence[DeviceFacts]
) -> DeviceRefused | None:
    if shape.strings[2] == 0 or not facts.serial:
        return errors.SerialMissing(device=name)
    if serial_is_generic(facts.serial):
        return errors.SerialUnfit(device=name)
    twins = [each for each in neighbours if each.port != facts.port and each.triple == facts.triple]
    if twins:
        return errors.CloneSuspected(
            device=name,
            why=Words("cùng lúc có hai thiết bị mang một số sê-ri", "two devices with one serial number are plugged"),
        )
    return None


def _judge_entry(name: str, facts: DeviceFacts, shape: Descriptors, entry: Entry, today: date) -> DeviceRefused | None:
    device = entry.device
    if not entry.genuine:
        return errors.RegistryTampered(device=name)
    if entry.revoked:
        return errors.Revoked(device=name)
    if not device.since <= today <= device.until:
        return errors.OutsideValidity(device=name, since=device.since.isoformat(), until=device.until.isoformat())
    if fingerprint(shape, facts) != device.fingerprint:
        return errors.ShapeDiffers(device=name)
    by_speed = dict(device.raw_hashes)
    if facts.speed not in by_speed:
        return errors.SpeedNotEnrolled(device=name, speed=facts.speed)
    if by_speed[facts.speed] != raw_hash(facts.raw):
        return errors.ShapeDiffers(device=name)
    if device.clearance is None:
        return errors.Unclassified(device=name)
    return None
