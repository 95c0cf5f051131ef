"""Inside the guest: modules, udev with the product's rules, images, sticks, a desk over the real bus."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from scanflow.levels import Level
from scanflow.media import sysfs
from scanflow.media.desk import MediaDesk
from scanflow.media.enrolment import statement_digest
from scanflow.media.registry import ApprovedDevice, Registry
from scanflow.media.usbmedium import UsbBus
from tools.usblab import shapes
from tools.usblab.stick import Disk, PyStick
from tools.usblab.vhci import VHCI, PyDevice

TODAY, SINCE, UNTIL = date(2026, 11, 22), date(2026, 3, 1), date(2027, 3, 1)
WORK = Path("/run/lab")
POLL = 0.05
"""Seconds between two looks; each costs the emulated machine 2 to 5 ms of work."""
SIZES = {"vfat": 34 << 20, "exfat": 7 << 20, "ext4": 16 << 20}
MODULES = (
    "sd_mod sr_mod usb-storage uas vfat exfat ext4 nls_ascii nls_cp437 nls_utf8 nls_iso8859-1 "
    "usbhid hid-generic evdev cdc_ether cdc_acm usblp vhci-hcd"
)
_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def sign(message: bytes) -> bytes:
    """The lab station's signature."""
    return _KEY.sign(message)


def verify(message: bytes, signature: bytes) -> bool:
    """Whether the lab station made it."""
    try:
        _KEY.public_key().verify(signature, message)
    except InvalidSignature:
        return False
    return True


@dataclass(frozen=True)
class SignOff:
    """Two invented roles."""

    digest: str
    purpose: str = "enrol_medium"
    persons: tuple[str, ...] = ("supervisor-1", "officer-1")


def sh(*words: str, check: bool = True) -> str:
    """Run a system tool."""
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    if check and done.returncode != 0:
        raise RuntimeError(f"{words}: {done.stdout}{done.stderr}")
    return done.stdout


def start() -> None:
    """Udev with the product's rules first, then the controllers, so that every root hub meets the rule."""
    WORK.mkdir(parents=True, exist_ok=True)
    # The product's rules alone: Debian's probe each plugging with a dozen programs, which only costs time
    # here.
    for rule in Path("/usr/lib/udev/rules.d").glob("*.rules"):
        mask = Path("/etc/udev/rules.d") / rule.name
        if not mask.exists():
            mask.symlink_to("/dev/null")
    sh("/usr/lib/systemd/systemd-udevd", "--daemon")
    sh("modprobe", "-a", *MODULES.split())
    _one_controller()
    wait_for(lambda: not sysfs.open_ports(), "authorized_default=0 on every root hub")


def _one_controller() -> None:
    """Debian's kernel has eight virtual controllers of two hubs each; every look at the bus would read them all."""
    for spare in VHCI.parent.glob("vhci_hcd.*"):
        if spare != VHCI:
            (spare / "driver" / "unbind").write_text(spare.name)


def wait_for(done: Callable[[], object], what: str, seconds: float = 90) -> None:
    """Poll until ``done()``; TimeoutError says what did not come."""
    until = time.monotonic() + seconds
    while not done():
        if time.monotonic() > until:
            raise TimeoutError(what)
        time.sleep(POLL)


def make_image(kind: str, *, label: str = "APPROVED", size: int | None = None) -> bytearray:
    """A fresh file system as bytes."""
    path = WORK / "make.img"
    with path.open("wb") as image:
        image.truncate(size or SIZES[kind])
    if kind == "vfat":
        sh("mkfs.vfat", "-F", "32", "-s", "1", "-n", label, str(path))
    elif kind == "exfat":
        sh("mkfs.exfat", "-L", label, str(path))
    else:
        sh("mkfs.ext4", "-q", "-F", "-L", label, "-E", "lazy_itable_init=0,lazy_journal_init=0", str(path))
    content = bytearray(path.read_bytes())
    path.unlink()
    return content


@dataclass
class Enrolled:
    """An enrolled stick as it left the officer's desk: its content, and the register beside it."""

    image: bytes
    register: Path
    device: ApprovedDevice


@dataclass
class Rig:
    """Makes sticks and desks for the cases."""

    _enrolled: dict[str, Enrolled] = field(default_factory=dict)
    _count: int = 0

    def desk(self, register: Path) -> MediaDesk:
        """A desk over the real bus."""
        return MediaDesk(UsbBus(), Registry(register, verify), sign, verify, lambda: TODAY)

    def fresh_register(self, source: Path | None = None) -> Path:
        """A register of its own, a copy of ``source`` where given."""
        self._count += 1
        path = WORK / f"register-{self._count}.db"
        if source is not None:
            shutil.copy(source, path)
        return path

    def enrolled(self, kind: str) -> Enrolled:
        """Enrol a stick for MẬT through the real bus, once for each kind."""
        if kind not in self._enrolled:
            disk = Disk(make_image(kind), log=False)
            register = self.fresh_register()
            with plugged(stick(disk)):
                device = enrol(self.desk(register), Level.MAT)
            self._enrolled[kind] = Enrolled(bytes(disk.content), register, device)
        return self._enrolled[kind]


def enrol(desk: MediaDesk, clearance: Level | None = Level.TOI_MAT, **wishes: object) -> ApprovedDevice:
    """Draft, two sign, enrol."""
    draft = desk.draft(
        name="USB-LAB-1",
        clearance=clearance,
        custodian="thủ kho",
        since=SINCE,
        until=UNTIL,
        **wishes,  # type: ignore[arg-type]  # whatever `draft` takes, as the case wishes
    )
    return desk.enrol(draft, SignOff(statement_digest(draft)))


def stick(disk: Disk, **changes: object) -> PyStick:
    """The lab's plain high-speed stick."""
    fields: dict[str, object] = {"raw": shapes.PLAIN, "strings": dict(shapes.STRINGS), "disks": [disk]}
    return PyStick(**{**fields, **changes})  # type: ignore[arg-type]  # whatever a stick has, as the case changes it


@contextlib.contextmanager
def plugged(*devices: PyDevice, seen: int | None = None) -> Iterator[None]:
    """Plug devices, wait until the kernel lists them, and yank them at the end."""
    before = len(sysfs.usb_devices())
    for each in devices:
        each.plug()
    try:
        wait_for(
            lambda: len(sysfs.usb_devices()) >= before + (len(devices) if seen is None else seen),
            "enumeration",
        )
        yield
    finally:
        for each in devices:
            each.cut()
        for each in devices:
            each.yank()
        wait_for(lambda: len(sysfs.usb_devices()) <= before, "removal")
