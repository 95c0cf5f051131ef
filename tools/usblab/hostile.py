"""Devices that must be refused in front of a real kernel, each with the reason that must be given."""

from __future__ import annotations

from dataclasses import dataclass, field

from tools.usblab import shapes
from tools.usblab.shapes import (
    BULK,
    HID,
    STORAGE,
    configuration,
    device,
    endpoint,
    interface,
    with_interfaces,
)
from tools.usblab.vhci import PyDevice


@dataclass(frozen=True)
class Hostile:
    """One device. The enrolled stick's identity is borne by all that do not change it."""

    name: str
    code: str
    raw: bytes = shapes.PLAIN
    strings: dict[int, str] = field(default_factory=lambda: dict(shapes.STRINGS))
    speed: int = 480

    def device(self) -> PyDevice:
        """A fresh device of this kind."""
        return PyDevice(self.raw, self.strings, self.speed)


_INT_IN = endpoint(0x83, 3, 8, 10)
_EXTRA = {
    "keyboard (boot)": (3, 1, 1),
    "mouse (boot)": (3, 1, 2),
    "HID without boot protocol": (3, 0, 0),
    "audio control": (1, 1, 0),
    "MIDI": (1, 3, 0),
    "CDC ECM network": (2, 6, 0),
    "CDC ACM modem": (2, 2, 1),
    "CDC NCM network": (2, 0x0D, 0),
    "CDC data": (0x0A, 0, 0),
    "RNDIS network": (0xE0, 1, 3),
    "Bluetooth": (0xE0, 1, 1),
    "physical": (5, 0, 0),
    "camera PTP/MTP": (6, 1, 1),
    "printer": (7, 1, 2),
    "hub": (9, 0, 0),
    "smart card not in its model": (0x0B, 0, 0),
    "content security": (0x0D, 0, 0),
    "video": (0x0E, 1, 0),
    "personal healthcare": (0x0F, 0, 0),
    "audio-video": (0x10, 1, 0),
    "billboard": (0x11, 0, 0),
    "type-C bridge": (0x12, 0, 0),
    "diagnostic": (0xDC, 1, 1),
    "miscellaneous": (0xEF, 4, 1),
    "firmware upgrade (DFU)": (0xFE, 1, 1),
    "IrDA bridge": (0xFE, 2, 0),
    "test and measurement": (0xFE, 3, 0),
    "vendor specific": (0xFF, 0, 0),
    "Android debug": (0xFF, 0x42, 1),
    "storage RBC": (8, 1, 0x50),
    "storage ATAPI": (8, 2, 0x50),
    "storage UFI floppy": (8, 4, 0),
    "storage SFF-8070i": (8, 5, 0x50),
    "storage SCSI over CBI": (8, 6, 1),
    "storage vendor": (8, 0xFF, 0xFF),
    "class 00 interface": (0, 0, 0),
}


def _strings(**changes: str) -> dict[int, str]:
    names = {"maker": 1, "product": 2, "serial": 3}
    return {**shapes.STRINGS, **{names[key]: value for key, value in changes.items()}}


def _all() -> list[Hostile]:
    found = []
    for name, triple in _EXTRA.items():
        code = "MED-HUB" if triple[0] == 9 else "MED-EXTRA-INTERFACE"
        inside = HID if triple[0] == 3 else b""
        found.append(Hostile(f"with {name}", code, with_interfaces(interface(1, triple, _INT_IN, inside=inside))))
    keyboard = interface(1, (3, 1, 1), _INT_IN, inside=HID)
    keyboard0 = interface(0, (3, 1, 1), _INT_IN, inside=HID)
    two = configuration(STORAGE) + configuration(keyboard0, value=2)
    alternate = configuration(STORAGE + interface(0, (3, 1, 1), _INT_IN, alt=1, inside=HID))
    found += [
        Hostile("keyboard in the second configuration", "MED-EXTRA-INTERFACE", device(two, count=2)),
        Hostile("keyboard as an alternate setting", "MED-EXTRA-INTERFACE", device(alternate)),
        Hostile(
            "keyboard first, storage second",
            "MED-EXTRA-INTERFACE",
            device(configuration(keyboard0 + interface(1, (8, 6, 0x50), BULK), 2)),
        ),
        Hostile("keyboard alone", "MED-NOT-STORAGE", device(configuration(keyboard0))),
        Hostile(
            "two keyboards and storage",
            "MED-EXTRA-INTERFACE",
            with_interfaces(keyboard, interface(2, (3, 1, 1), endpoint(0x84, 3, 8, 10), inside=HID)),
        ),
        Hostile(
            "two storage interfaces",
            "MED-SHAPE",
            with_interfaces(interface(1, (8, 6, 0x50), endpoint(0x83) + endpoint(0x04))),
        ),
        Hostile("hub", "MED-HUB", device(configuration(interface(0, (9, 0, 0), _INT_IN)), triple=(9, 0, 1))),
        Hostile(
            "device class miscellaneous",
            "MED-EXTRA-INTERFACE",
            device(configuration(STORAGE), triple=(0xEF, 2, 1)),
        ),
        Hostile(
            "device class vendor",
            "MED-EXTRA-INTERFACE",
            device(configuration(STORAGE), triple=(0xFF, 0xFF, 0xFF)),
        ),
        Hostile(
            "device class communications",
            "MED-EXTRA-INTERFACE",
            device(configuration(STORAGE), triple=(2, 0, 0)),
        ),
    ]
    found += [
        Hostile("no serial", "MED-NO-SERIAL", device(configuration(STORAGE), strings=(1, 2, 0))),
        Hostile("empty serial", "MED-NO-SERIAL", strings=_strings(serial="")),
        Hostile("serial announced, then stalled", "MED-NO-SERIAL", strings={1: "LabMaker", 2: "Lab Stick"}),
        Hostile("short serial", "MED-BAD-SERIAL", strings=_strings(serial="A1")),
        Hostile("serial of zeros", "MED-BAD-SERIAL", strings=_strings(serial="000000000000")),
        Hostile("generic serial", "MED-BAD-SERIAL", strings=_strings(serial="0123456789ABCDEF")),
        Hostile("serial with a newline", "MED-BAD-SERIAL", strings=_strings(serial="60A44C\n413FAEE2")),
        Hostile(
            "serial with a terminal escape",
            "MED-BAD-SERIAL",
            strings=_strings(serial="60A44C\x1b[2J\x1b[H00"),
        ),
        Hostile("serial right to left", "MED-BAD-SERIAL", strings=_strings(serial="60A44C\u202e10007D9A")),
        Hostile(
            "serial with a zero width space",
            "MED-BAD-SERIAL",
            strings=_strings(serial=shapes.SERIAL + "\u200b"),
        ),
        Hostile(
            "serial in full-width digits",
            "MED-BAD-SERIAL",
            strings=_strings(serial="\uff16\uff10A44C413FAEE2"),
        ),
        Hostile(
            "serial of lone surrogates",
            "MED-BAD-SERIAL",
            strings=_strings(serial="60A44C413F\ud800\udc00\ud800"),
        ),
        Hostile("serial with a trailing blank", "MED-BAD-SERIAL", strings=_strings(serial=shapes.SERIAL + " ")),
        Hostile("serial as long as a string can be", "MED-NOT-ENROLLED", strings=_strings(serial="7F" * 60)),
    ]
    found += [
        Hostile("other serial", "MED-NOT-ENROLLED", strings=_strings(serial="60A44C413FAEE2B1A9D70002")),
        Hostile("serial in lower case", "MED-NOT-ENROLLED", strings=_strings(serial=shapes.SERIAL.lower())),
        Hostile("other vendor", "MED-NOT-ENROLLED", device(configuration(STORAGE), vid=0x0952)),
        Hostile("other product number", "MED-NOT-ENROLLED", device(configuration(STORAGE), pid=0x1667)),
        Hostile("other release", "MED-SHAPE", device(configuration(STORAGE), release=0x0101)),
        Hostile("other maker's name", "MED-SHAPE", strings=_strings(maker="LabMaker ")),
        Hostile("other product name", "MED-SHAPE", strings=_strings(product="Lab Stick 2")),
        Hostile("product name with an escape", "MED-SHAPE", strings=_strings(product="Lab\x1b]0;x\x07 Stick")),
        Hostile(
            "other endpoints",
            "MED-SHAPE",
            device(configuration(interface(0, (8, 6, 0x50), endpoint(0x82) + endpoint(0x01)))),
        ),
        Hostile(
            "further endpoint",
            "MED-SHAPE",
            device(configuration(interface(0, (8, 6, 0x50), BULK + endpoint(0x83, 3, 8, 10)))),
        ),
        Hostile(
            "interrupt instead of bulk",
            "MED-SHAPE",
            device(configuration(interface(0, (8, 6, 0x50), endpoint(0x81, 3, 512, 4) + endpoint(0x02)))),
        ),
        Hostile(
            "UAS where there was none",
            "MED-SHAPE",
            device(configuration(STORAGE + interface(0, (8, 6, 0x62), BULK + endpoint(0x83) + endpoint(0x04), alt=1))),
        ),
        Hostile(
            "second configuration, storage too",
            "MED-SHAPE",
            device(configuration(STORAGE) + configuration(STORAGE, value=2), count=2),
        ),
        Hostile("other configuration value", "MED-SHAPE", device(configuration(STORAGE, value=2))),
        Hostile(
            "other power",
            "MED-SHAPE",
            device(configuration(STORAGE)[:8] + b"\xfa" + configuration(STORAGE)[9:]),
        ),
        Hostile(
            "at full speed",
            "MED-SPEED",
            device(configuration(interface(0, (8, 6, 0x50), endpoint(0x81, 2, 64) + endpoint(0x02, 2, 64)))),
            speed=12,
        ),
        Hostile("at super speed", "MED-SPEED", shapes.PLAIN_SUPER, speed=5000),
        Hostile(
            "unknown descriptor in the configuration",
            "MED-MALFORMED",
            device(configuration(b"\x04\x41\x00\x00" + STORAGE)),
        ),
        Hostile(
            "unknown descriptor in the interface",
            "MED-MALFORMED",
            device(configuration(interface(0, (8, 6, 0x50), BULK, inside=b"\x05\x41\x00\x00\x00"))),
        ),
        Hostile(
            "HID descriptor in a storage interface",
            "MED-MALFORMED",
            device(configuration(interface(0, (8, 6, 0x50), BULK, inside=HID))),
        ),
        Hostile("OTG descriptor", "MED-MALFORMED", device(configuration(b"\x03\x09\x03" + STORAGE))),
        Hostile("announces two interfaces, has one", "MED-MALFORMED", device(configuration(STORAGE, 2))),
        Hostile(
            "endpoint given twice",
            "MED-MALFORMED",
            device(configuration(interface(0, (8, 6, 0x50), endpoint(0x81) + endpoint(0x02) + endpoint(0x02)))),
        ),
        Hostile("interface number 5", "MED-MALFORMED", device(configuration(interface(5, (8, 6, 0x50), BULK)))),
    ]
    return found


HOSTILE = _all()
