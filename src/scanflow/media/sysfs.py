"""What the kernel says about USB devices and their drives, read from sysfs (đọc từ nhân hệ điều hành).

Read even while a device is not authorised: then the kernel has its descriptors and strings, but no
    configuration is
set, no interface directory exists and no driver is bound. Any file may vanish between two reads; a device
that does is left out, never half reported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from scanflow.media.descriptors import RAW_MAX
from scanflow.media.identity import DeviceFacts

DEVICES = Path("/sys/bus/usb/devices")
_PORT = re.compile(r"\d+-\d+(\.\d+)*")
_ROOT_HUB = re.compile(r"usb\d+")
_DISK, _CDROM = "0", "5"
"""SCSI peripheral types (SPC-4 table 140)."""


@dataclass(frozen=True, slots=True)
class UsbNode:
    """One device in sysfs (một thiết bị trong sysfs). ``number`` changes with every plugging."""

    path: Path
    bus: int
    number: int
    facts: DeviceFacts


@dataclass(frozen=True, slots=True)
class Drive:
    """One SCSI unit below a device (một ổ). ``block`` is its directory under ``block/``, or None."""

    lun: int
    kind: str
    block: Path | None


def text(path: Path) -> str:
    """An attribute without its newline; bytes that are no UTF-8 are shown as escapes.

    Raises:
        OSError: the device is going or gone.
    """
    return path.read_bytes().decode("utf-8", "backslashreplace").removesuffix("\n")


def _text_or_empty(path: Path) -> str:
    try:
        return text(path)
    except FileNotFoundError:
        return ""


def usb_devices(devices: Path = DEVICES) -> list[UsbNode]:
    """All devices but root hubs, by port name."""
    found: list[UsbNode] = []
    for path in sorted(devices.iterdir()):
        if _PORT.fullmatch(path.name):
            node = read_node(path)
            if node is not None:
                found.append(node)
    return found


def read_node(path: Path) -> UsbNode | None:
    """One device, or None when it is gone."""
    try:
        with (path / "descriptors").open("rb") as source:
            raw = source.read(RAW_MAX + 1)
        number = int(text(path / "devnum"))
        facts = DeviceFacts(
            port=path.name,
            raw=raw,
            speed=int(float(text(path / "speed"))),
            manufacturer=_text_or_empty(path / "manufacturer"),
            product=_text_or_empty(path / "product"),
            serial=_text_or_empty(path / "serial"),
            plugging=number,
        )
        return UsbNode(path, int(text(path / "busnum")), number, facts)
    except (OSError, ValueError):
        return None


def device_number(path: Path) -> int | None:
    """The kernel's number of what is plugged at this port now, or None."""
    try:
        return int(text(path / "devnum"))
    except (OSError, ValueError):
        return None


def authorised(path: Path) -> bool:
    """Whether the port is open."""
    return text(path / "authorized") == "1"


def authorise(path: Path, *, on: bool) -> None:
    """Open or shut a port.

    Raises:
        PermissionError: not root. OSError: gone.
    """
    (path / "authorized").write_text("1" if on else "0")


def configured(path: Path) -> bool:
    """Whether the kernel has set a configuration (it does so after authorising)."""
    return _text_or_empty(path / "bConfigurationValue") not in ("", "0")


def drives(path: Path) -> list[Drive]:
    """The SCSI units whose ancestor is this very device, by number; never found by name."""
    found: list[Drive] = []
    targets = [path]
    for prefix in (f"{path.name}:", "host", "target"):
        targets = [below for each in targets for below in _below(each, prefix)]
    for unit in (below for each in targets for below in _below(each, "") if below.name.count(":") == 3):
        try:
            lun = int(unit.name.rsplit(":", 1)[1])
            kind = {_DISK: "disk", _CDROM: "cdrom"}.get(text(unit / "type"), "other")
        except (OSError, ValueError):
            continue
        blocks = _below(unit / "block", "")
        found.append(Drive(lun, kind, blocks[0] if blocks else None))
    return found


def _below(directory: Path, prefix: str) -> list[Path]:
    """Entries that begin so, sorted; none when the directory is gone (``Path.glob`` would raise in the middle)."""
    try:
        return sorted(each for each in directory.iterdir() if each.name.startswith(prefix))
    except OSError:
        return []


def partitions(block: Path) -> list[Path]:
    """Partition directories of a disk."""
    return sorted(each.parent for each in block.glob("*/partition"))


def open_ports(devices: Path = DEVICES) -> list[str]:
    """Root hubs that let every new device in: ``scanflow doctor`` wants none."""
    return sorted(
        path.name
        for path in devices.iterdir()
        if _ROOT_HUB.fullmatch(path.name) and _text_or_empty(path / "authorized_default") != "0"
    )
