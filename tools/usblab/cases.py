"""The cases of the lab: the real program against the real kernel; ``tests/usblab`` has the verdicts.

A case raises when a promise is broken, and answers facts for the judges outside: what it refused with, and
    images.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scanflow.levels import Level
from scanflow.media import errors, sysfs
from scanflow.media.deliver import Deliverable, deliver
from scanflow.media.desk import MediaDesk
from scanflow.media.errors import MediaError
from scanflow.media.receipt import DeliveryReceipt
from scanflow.media.registry import Lun, Model, Registry
from scanflow.media.usbmedium import UsbBus
from scanflow.media.watch import HotPlug, udev_events
from tools.usblab import shapes
from tools.usblab.hostile import HOSTILE
from tools.usblab.rig import Enrolled, Rig, enrol, make_image, plugged, sh, sign, stick, verify, wait_for
from tools.usblab.stick import SECTOR, Disk

KINDS = ("vfat", "exfat", "ext4")
OUT = Path("/vm/images")

Facts = dict[str, Any]
Case = Callable[[Rig], Facts]
CASES: dict[str, Case] = {}


def case(function: Case) -> Case:
    """Enter a case under its name."""
    CASES[function.__name__] = function
    return function


@dataclass(frozen=True)
class Load:
    """What is delivered in a case."""

    job: str = "SF-2026-000123"
    sizes: tuple[int, ...] = (70_001, 4_096)

    def containers(self) -> list[Deliverable]:
        """Reproducible bytes."""
        out = []
        for number, size in enumerate(self.sizes, 1):
            name = f"{self.job}-{number:03}.p7m"
            content = (hashlib.sha256(name.encode()).digest() * (size // 32 + 1))[:size]
            out.append(Deliverable(name, content, hashlib.sha256(content).hexdigest(), Level.MAT))
        return out


def hand_over(desk: MediaDesk, load: Load = Load(), **more: Any) -> DeliveryReceipt:
    """Admit and deliver."""
    permit = desk.admit(Level.MAT)
    return deliver(
        permit, load.containers(), job=load.job, sign=sign, verify=verify, ledger_head="head 41 q83v", **more
    )


def save(name: str, content: bytes | bytearray) -> str:
    """Put an image where the judges outside find it; runs of zeros become holes."""
    OUT.mkdir(exist_ok=True)
    zeros = bytes(1 << 16)
    with (OUT / name).open("wb") as image:
        for at in range(0, len(content), len(zeros)):
            piece = content[at : at + len(zeros)]
            if piece == zeros[: len(piece)]:
                image.seek(len(piece), 1)
            else:
                image.write(piece)
        image.truncate(len(content))
    return name


def save_log(name: str, writes: list[tuple[int, bytes]]) -> str:
    """Put a log of writes beside the images: sector, length, data; length 0 is a flush."""
    OUT.mkdir(exist_ok=True)
    (OUT / name).write_bytes(log_bytes(writes))
    return name


def log_bytes(writes: list[tuple[int, bytes]]) -> bytes:
    """A log of writes as bytes."""
    return b"".join(struct.pack("<II", sector, len(data)) + data for sector, data in writes)


@contextlib.contextmanager
def refusing(kind: type[MediaError]) -> Iterator[Facts]:
    """The body must raise ``kind``, and afterwards no port may be open and no disk there."""
    facts: Facts = {}
    try:
        yield facts
    except MediaError as fault:
        facts["code"] = fault.code
        if type(fault) is not kind:
            raise AssertionError(f"{type(fault).__name__} instead of {kind.__name__}: {fault}") from fault
    else:
        raise AssertionError(f"not refused, {kind.__name__} was expected")
    nothing_bound()


def nothing_bound() -> None:
    """No port is open, so no driver is bound and no disk is there."""
    for node in sysfs.usb_devices():
        assert not sysfs.authorised(node.path), f"{node.facts.port} is left open"
        assert not list(node.path.glob(f"{node.path.name}:*")), "an interface exists"
    wait_for(lambda: not list(Path("/sys/block").glob("sd*")), "the disk to go")


def bring(rig: Rig, kind: str = "exfat") -> tuple[Disk, MediaDesk, Enrolled]:
    """The disk of an enrolled stick, cleared for MẬT, and a desk with its register."""
    enrolled = rig.enrolled(kind)
    return Disk(bytearray(enrolled.image)), rig.desk(rig.fresh_register(enrolled.register)), enrolled


# --- before anything is authorised
# ---------------------------------------------------------------------------------


@case
def hostile_devices(rig: Rig) -> Facts:
    """Every device of the list is refused with its reason, and nothing of it is ever bound."""
    _, desk, _ = bring(rig)
    seen: dict[str, str] = {}
    before = set(Path("/sys/class/input").glob("event*"))
    groups: list[list[Any]] = []
    for each in HOSTILE:
        # An identity that is there twice is a reason of its own, given after these; so those may share a bus.
        early = each.code in _BEFORE_TWINS
        for home in groups:
            fits = (home[0].code in _BEFORE_TWINS) == early and len(home) < 12
            if fits and (early or all(_identity(other) != _identity(each) for other in home)):
                home.append(each)
                break
        else:
            groups.append([each])
    for group in groups:
        devices = [each.device() for each in group]
        with plugged(*devices):
            said = desk.judge_all()
            nothing_bound()
            assert len(said) == len(group)
            for each, judgement in zip(group, _in_order(said, group), strict=True):
                assert judgement.decision == "refuse", each.name
                assert judgement.code == each.code, f"{each.name}: {judgement.code} instead of {each.code}"
                seen[each.name] = judgement.code
            assert all(ord(c) >= 32 for j in said for c in str(j.as_dict())), "a control character got out"
    assert set(Path("/sys/class/input").glob("event*")) == before
    return {"refused": seen, "admitted": 0}


_BEFORE_TWINS = frozenset(
    f"MED-{reason}" for reason in ("MALFORMED", "HUB", "NOT-STORAGE", "EXTRA-INTERFACE", "NO-SERIAL", "BAD-SERIAL")
)


def _identity(each: Any) -> object:
    return (each.raw[8:12], each.strings.get(3, ""))


def _in_order(said: list[Any], group: list[Any]) -> list[Any]:
    """Judgements in the order of plugging: ports of one speed are handed out in rising order."""
    slow = iter(sorted((j for j in said if j.port.startswith("1-")), key=lambda j: int(j.port.split("-")[1])))
    fast = iter(sorted((j for j in said if j.port.startswith("2-")), key=lambda j: int(j.port.split("-")[1])))
    return [next(fast if each.speed == 5000 else slow) for each in group]


@case
def ports_are_shut_by_the_rule(rig: Rig) -> Facts:
    """The udev rule shut every root hub; the check that doctor uses sees one that is not."""
    assert sysfs.open_ports() == []
    hub = sysfs.DEVICES / "usb1" / "authorized_default"
    hub.write_text("1")
    try:
        assert sysfs.open_ports() == ["usb1"]
    finally:
        hub.write_text("0")
    return {}


@case
def libusb_agrees_with_the_kernel(rig: Rig) -> Facts:
    """Pyusb reads the bytes that sysfs has, port shut, and then lists what sysfs lists."""
    from scanflow.media import libusb

    disk, desk, _ = bring(rig)
    with plugged(stick(disk)):
        [node] = sysfs.usb_devices()
        assert libusb.reread(node.bus, node.number) == (node.facts.raw, node.facts.serial)
        assert UsbBus().disagreements() == []  # only now: libusb hears of a plugging later than sysfs
        [judgement] = desk.judge_all()
        assert judgement.decision == "admit"
        nothing_bound()
    return {}


@case
def refused_stick_on_an_open_port(rig: Rig) -> Facts:
    """On a host without the rule a driver did bind to a refused stick: its port is shut at once."""
    disk, desk, _ = bring(rig)
    with plugged(stick(disk, strings={**shapes.STRINGS, 3: "60A44C413FAEE2B1A9D70002"})):
        [node] = sysfs.usb_devices()
        sysfs.authorise(node.path, on=True)
        wait_for(lambda: list(Path("/sys/block").glob("sd*")), "disk")
        [judgement] = desk.shut_refused()
        nothing_bound()
    assert not disk.written
    return {"code": judgement.code}


@case
def hot_plug_is_seen(rig: Rig) -> Facts:
    """Coming and going reach the watcher through the kernel's events."""
    disk, desk, _ = bring(rig)
    events = udev_events()
    plug = HotPlug(desk.list_devices, events)
    assert plug.changes() == []
    with plugged(stick(disk)):
        assert events(5)
        assert [change.came for change in plug.changes()] == [True]
    assert events(5)
    assert [change.came for change in plug.changes()] == [False]
    return {}


@case
def gadget_with_hidden_keyboard(rig: Rig) -> Facts:
    """Another maker's device: the kernel's own gadget driver, once plain, once with a keyboard that types."""
    from tools.usblab.gadget import Gadget

    register = rig.fresh_register()
    desk = rig.desk(register)
    with Gadget("exfat") as gadget:
        with gadget.plugged():
            enrol(desk, Level.MAT)
        gadget.add_keyboard()
        with gadget.plugged(), refusing(errors.ExtraInterface) as facts:
            desk.admit(Level.THUONG)
        gadget.remove_keyboard()
        with gadget.plugged():
            receipt = hand_over(desk, Load(sizes=(300_000,)))
        facts["image"] = save("gadget.img", gadget.content())
    return {**facts, "job": receipt.job, "kind": "exfat"}


# --- the register
# -----------------------------------------------------------------------------------------------


@case
def clearance_too_low(rig: Rig) -> Facts:
    """A stick for MẬT gets nothing that is TỐI MẬT."""
    disk, desk, _ = bring(rig, "exfat")
    with plugged(stick(disk)), refusing(errors.ClearanceTooLow) as facts:
        desk.admit(Level.TOI_MAT)
    assert not disk.written
    return facts


@case
def unclassified(rig: Rig) -> Facts:
    """A stick in the register without a clearance gets nothing at all."""
    disk, _, enrolled = bring(rig, "exfat")
    device = replace(enrolled.device, clearance=None)
    register = rig.fresh_register()
    Registry(register, verify).add(device, sign(device.statement()))
    with plugged(stick(disk)), refusing(errors.Unclassified) as facts:
        rig.desk(register).admit(Level.THUONG)
    assert not disk.written
    return facts


@case
def no_stick_and_two_sticks(rig: Rig) -> Facts:
    """None, and two, each with its own sentence."""
    disk, desk, _ = bring(rig)
    with refusing(errors.NoStick):
        desk.admit(Level.MAT)
    other = stick(Disk(bytearray(1 << 20)), strings={**shapes.STRINGS, 3: "60A44C413FAEE2B1A9D70002"})
    with plugged(stick(disk), other), refusing(errors.TwoSticks) as facts:
        desk.admit(Level.MAT)
    assert not disk.written
    return facts


@case
def cloned_triple(rig: Rig) -> Facts:
    """The identity is copied, the volume is another: refused."""
    _, desk, _ = bring(rig)
    disk = Disk(make_image("exfat"))
    with plugged(stick(disk)), refusing(errors.WrongFilesystem) as facts:
        desk.admit(Level.MAT)
    assert not disk.written
    return facts


@case
def cloned_image(rig: Rig) -> Facts:
    """A byte-for-byte copy works until one of the two goes on; the other is refused with the alarm."""
    disk, desk, enrolled = bring(rig, "exfat")
    copy = Disk(bytearray(enrolled.image))
    with plugged(stick(disk)):
        desk.admit(Level.MAT).give_up()
    with plugged(stick(copy)), refusing(errors.CloneSuspected) as facts:
        desk.admit(Level.MAT)
    assert not copy.written
    with plugged(stick(disk)):
        desk.admit(Level.MAT).give_up()
    with plugged(stick(disk), stick(copy)), refusing(errors.CloneSuspected):
        desk.admit(Level.MAT)
    return facts


@case
def answers_otherwise_when_asked_again(rig: Rig) -> Facts:
    """Plain when plugged, with a keyboard when read again; and a serial that changes."""
    disk, desk, _ = bring(rig)
    liar = stick(disk)
    hid = shapes.interface(1, (3, 1, 1), shapes.endpoint(0x83, 3, 8, 10), inside=shapes.HID)
    with plugged(liar):
        liar.reread_now(shapes.with_interfaces(hid))
        with refusing(errors.DescriptorsChanged) as facts:
            desk.admit(Level.MAT)
    liar = stick(disk)
    with plugged(liar):
        liar.strings[3] = "60A44C413FAEE2B1A9D70002"
        with refusing(errors.DescriptorsChanged):
            desk.admit(Level.MAT)
    assert not disk.written
    return facts


# --- drives and volumes
# ------------------------------------------------------------------------------------------


def _refused_at_attach(rig: Rig, disk: Disk, kind: type[MediaError], **changes: Any) -> Facts:
    _, desk, _ = bring(rig)  # the identity is enrolled; the volume is looked at before it is compared
    with plugged(stick(disk, **changes)), refusing(kind) as facts:
        desk.admit(Level.MAT)
    return facts


@case
def two_drives(rig: Rig) -> Facts:
    """A second drive that the model does not have."""
    disk, _, _ = bring(rig)
    return _refused_at_attach(rig, disk, errors.LunsDiffer, disks=[disk, Disk(bytearray(1 << 20))])


@case
def cd_drive_in_the_model(rig: Rig) -> Facts:
    """An encrypting stick with a read-only CD: refused unless its model says so."""
    model = Model(luns=(Lun(0, "cdrom", False), Lun(1, "disk", True)))
    disk = Disk(make_image("exfat"))
    disks = [Disk(bytearray(1 << 20), read_only=True), disk]
    desk = rig.desk(rig.fresh_register())
    with plugged(stick(disk, disks=disks, types=[5, 0])):
        with refusing(errors.LunsDiffer):
            enrol(desk, Level.MAT)
        enrol(desk, Level.MAT, model=model)
        desk.admit(Level.MAT).give_up()
        nothing_bound()
    return {"code": "MED-LUNS"}


@case
def empty_and_locked(rig: Rig) -> Facts:
    """No capacity: empty, or locked where the model says that it is unlocked first."""
    facts = _refused_at_attach(rig, Disk(bytearray(0)), errors.NoMedium)
    model = Model(unlocks=True)
    image = make_image("exfat")
    desk = rig.desk(rig.fresh_register())
    disk = Disk(image)
    with plugged(stick(disk)):
        enrol(desk, Level.MAT, model=model)
    locked = stick(Disk(bytearray(0)))
    with plugged(locked), refusing(errors.MediumLocked) as second:
        desk.admit(Level.MAT)
    return {"code": facts["code"], "locked": second["code"]}


@case
def read_only(rig: Rig) -> Facts:
    """The write-protect switch is on."""
    disk, _, _ = bring(rig)
    disk.read_only = True
    facts = _refused_at_attach(rig, disk, errors.MediumReadOnly)
    assert not disk.written
    return facts


@case
def wrong_filesystems(rig: Rig) -> Facts:
    """Blank, FAT16, two partitions, a partition beside a file system on the bare disk, reformatted."""
    codes = {}
    fat16 = Path("/run/lab/fat16.img")
    sh("mkfs.vfat", "-F", "16", "-C", str(fat16), "16384")
    table = _partition_table([(2048, 4096), (8192, 4096)])
    superfloppy = bytearray(rig.enrolled("ext4").image)
    superfloppy[: len(table)] = _partition_table([(2048, 4096)])  # ext4 leaves its first 1024 bytes free
    for name, content in {
        "blank": bytes(4 << 20),
        "FAT16": fat16.read_bytes(),
        "two partitions": table + bytes(8 << 20),
        "partition and file system": bytes(superfloppy),
        "reformatted": bytes(make_image("exfat")),
    }.items():
        disk = Disk(bytearray(content))
        codes[name] = _refused_at_attach(rig, disk, errors.WrongFilesystem)["code"]
        assert not disk.written, name
    return {"codes": codes}


def _partition_table(parts: list[tuple[int, int]]) -> bytes:
    table = bytearray(512)
    for number, (start, count) in enumerate(parts):
        entry = bytes((0, 0, 0, 0, 0x0C, 0, 0, 0)) + start.to_bytes(4, "little") + count.to_bytes(4, "little")
        table[446 + 16 * number : 462 + 16 * number] = entry
    table[510:] = b"\x55\xaa"
    return bytes(table)


@case
def one_partition(rig: Rig) -> Facts:
    """The common way a stick is sold: one partition, file system inside."""
    inside = make_image("exfat")
    content = bytearray(_partition_table([(2048, len(inside) // SECTOR)]) + bytes(2047 * SECTOR)) + inside
    disk = Disk(content)
    desk = rig.desk(rig.fresh_register())
    with plugged(stick(disk)):
        enrol(desk, Level.MAT)
        receipt = hand_over(desk)
    return {
        "image": save("partition.img", disk.content[2048 * SECTOR :]),
        "job": receipt.job,
        "kind": "exfat",
    }


@case
def dirty_filesystems(rig: Rig) -> Facts:
    """Pulled while being written, last time: told, and not written."""
    codes = {}
    for kind, (at, bit) in {"vfat": (65, 1), "exfat": (106, 2), "ext4": (1024 + 96, 4)}.items():
        disk, desk, _ = bring(rig, kind)
        disk.content[at] |= bit
        with plugged(stick(disk)), refusing(errors.FilesystemDirty) as facts:
            desk.admit(Level.MAT)
        assert not disk.written, kind
        codes[kind] = facts["code"]
    return {"codes": codes}


@case
def hostile_labels(rig: Rig) -> Facts:
    """A newline or an escape in the label reaches no path, no screen and no line of output."""
    for label in (b"UP\nDOWN    ", b"A\x1b[2J      ", b"\x01\x02\x03\x04       "):
        disk, desk, _ = bring(rig, "vfat")
        at = disk.content.rfind(b"APPROVED   ")  # the entry in the root directory, which Linux tools show
        disk.content[at : at + 11] = label
        with plugged(stick(disk)), refusing(errors.HostileLabel) as facts:
            desk.admit(Level.MAT)
    return facts


@case
def false_capacity(rig: Rig) -> Facts:
    """Sticks that drop or wrap what lies beyond their real size are not enrolled."""
    codes = []
    for drop_from, wrap_at in ((2 << 20, None), (None, 2 << 20)):
        disk = Disk(make_image("exfat"), drop_from=drop_from, wrap_at=wrap_at)
        desk = rig.desk(rig.fresh_register())
        with plugged(stick(disk)), refusing(errors.FakeCapacity) as facts:
            enrol(desk, Level.MAT)
        codes.append(facts["code"])
    return {"codes": codes}


def _mount(name: str) -> bool:
    sh("mount", "-o", "ro", "-t", "exfat", f"/dev/{name}", "/run/elsewhere", check=False)
    return False


@case
def mounted_by_somebody_else(rig: Rig) -> Facts:
    """An automounter was quicker: told, and not written."""
    disk, desk, _ = bring(rig)
    device = stick(disk)
    with plugged(device):
        [node] = sysfs.usb_devices()
        sysfs.authorise(node.path, on=True)
        wait_for(lambda: list(Path("/sys/block").glob("sd*")), "disk")
        name = next(Path("/sys/block").glob("sd*")).name
        Path("/run/elsewhere").mkdir(exist_ok=True)
        wait_for(lambda: "elsewhere" in Path("/proc/mounts").read_text() or _mount(name), "mount")
        try:
            desk.admit(Level.MAT)
        except errors.AlreadyMounted as fault:
            code = fault.code
        else:
            raise AssertionError("written although it is mounted elsewhere")
        finally:
            sh("umount", "/run/elsewhere", check=False)
    assert not disk.written
    return {"code": code}


@case
def not_root(rig: Rig) -> Facts:
    """Without rights the port stays shut and the sentence says so."""
    disk, _, _ = bring(rig)
    with plugged(stick(disk)):
        wait_for(lambda: not sh("udevadm", "settle", check=False), "udev")
        [node] = sysfs.usb_devices()
        Path(f"/dev/bus/usb/{node.bus:03}/{node.number:03}").chmod(0o666)  # a scanner group could have this
        os.seteuid(65534)
        try:
            medium = UsbBus().media()[0]
            try:
                medium.authorise()
            except errors.NotRoot as fault:
                code = fault.code
            else:
                raise AssertionError("a port was opened without rights")
        finally:
            os.seteuid(0)
        nothing_bound()
    return {"code": code}


# --- writing
# ---------------------------------------------------------------------------------------------------------


def _delivered(rig: Rig, kind: str) -> Facts:
    disk, desk, _ = bring(rig, kind)
    mounts: set[str] = set()
    with plugged(stick(disk)):
        earlier = hand_over(desk, Load("SF-2026-000001", (3_000,)))
        start = len(disk.writes)
        save(f"{kind}.base", disk.content)
        receipt = hand_over(desk, progress=lambda done, whole: mounts.add(Path("/proc/self/mounts").read_text()))
        last_flush = max(at for at, (_, data) in enumerate(disk.writes) if not data)
        # At most the clean unmount's own flags may follow; they vouch for nothing.
        after = sum(len(data) for _, data in disk.writes[last_flush:])
        nothing_bound()
        save_log(f"{kind}.log", disk.writes[start:])
        (OUT / f"{kind}.receipts").write_bytes(earlier.raw + receipt.raw)
        assert desk.survey().whole == (earlier, receipt)
    assert mounts and not any("/dev/sd" in each or " /proc/self/fd" in each for each in mounts), "mount is visible"
    return {
        "image": save(f"{kind}.img", disk.content),
        "kind": kind,
        "job": receipt.job,
        "digests": {each.name: each.sha256 for each in receipt.files},
        "writes": len(disk.writes) - start,
        "bytes_after_last_flush": after,
    }


@case
def delivered_on_fat32(rig: Rig) -> Facts:
    """The whole way on FAT32."""
    return _delivered(rig, "vfat")


@case
def delivered_on_exfat(rig: Rig) -> Facts:
    """The whole way on exFAT."""
    return _delivered(rig, "exfat")


@case
def delivered_on_ext4(rig: Rig) -> Facts:
    """The whole way on ext4."""
    return _delivered(rig, "ext4")


@case
def stick_without_flush_command(rig: Rig) -> Facts:
    """A stick that refuses SYNCHRONIZE CACHE is still served."""
    disk, desk, _ = bring(rig, "exfat")
    disk.flushable = False
    with plugged(stick(disk)):
        receipt = hand_over(desk)
    return {"image": save("noflush.img", disk.content), "kind": "exfat", "job": receipt.job}


@case
def full(rig: Rig) -> Facts:
    """Too much for the stick: told before the first byte of the delivery."""
    disk, desk, _ = bring(rig, "exfat")
    with plugged(stick(disk)):
        with refusing(errors.MediumFull) as facts:
            hand_over(desk, Load(sizes=(6 << 20,)))
        assert desk.debris() == ()
    return facts


@case
def medium_error(rig: Rig) -> Facts:
    """The stick reports a bad sector: nothing is said to be delivered."""
    disk, desk, _ = bring(rig, "exfat")
    with plugged(stick(disk)):
        permit = desk.admit(Level.MAT)
        disk.fail_from = len(disk.content) // 4
        with refusing(errors.WriteFailed) as facts:
            deliver(
                permit,
                Load(sizes=(1 << 20,)).containers(),
                job="SF-2026-000123",
                sign=sign,
                verify=verify,
                ledger_head="",
            )
    return facts


@case
def swapped_after_the_check(rig: Rig) -> Facts:
    """Judged, then swapped for its twin before the first byte: the twin gets nothing."""
    disk, desk, enrolled = bring(rig, "exfat")
    twin = Disk(bytearray(enrolled.image))
    first = stick(disk)
    first.plug()
    wait_for(lambda: sysfs.usb_devices(), "first")
    permit = desk.admit(Level.MAT)
    first.yank()
    wait_for(lambda: not sysfs.usb_devices(), "removal")
    with plugged(stick(twin)):
        [node] = sysfs.usb_devices()
        sysfs.authorise(node.path, on=True)
        wait_for(lambda: list(Path("/sys/block").glob("sd*")), "twin's disk")
        try:
            deliver(permit, Load().containers(), job="SF-1", sign=sign, verify=verify, ledger_head="")
        except errors.MediumVanished as fault:
            code = fault.code
        else:
            raise AssertionError("written to a twin")
    assert not twin.written
    return {"code": code}


@case
def second_copy_on_a_second_stick(rig: Rig) -> Facts:
    """Two sets: the same stick is refused for the second, another one is taken."""
    disk, desk, enrolled = bring(rig, "exfat")
    with plugged(stick(disk)):
        hand_over(desk)
        with refusing(errors.SameStickTwice) as facts:
            desk.admit(Level.MAT, not_these=[enrolled.device.device_id])
    other = Disk(make_image("exfat"))
    with plugged(stick(other, strings={**shapes.STRINGS, 3: "60A44C413FAEE2B1A9D70002"})):
        enrol(desk, Level.MAT)
        permit = desk.admit(Level.MAT, not_these=[enrolled.device.device_id])
        receipt = deliver(permit, Load().containers(), job="SF-2026-000123", sign=sign, verify=verify, ledger_head="")
    return {**facts, "image": save("second.img", other.content), "kind": "exfat", "job": receipt.job}


# --- yanks
# ----------------------------------------------------------------------------------------------------------


def yank_once(rig: Rig, kind: str, write: int, sectors: int, load: Load) -> Facts:
    """Deliver, tear the stick out at write ``write`` after ``sectors`` sectors of it.

    Returns:
        ``outcome``: ``delivered`` (the yank came too late to matter) or the code of the fault.
    """
    disk, desk, _ = bring(rig, kind)
    disk.log = False
    code = "delivered"
    with plugged(stick(disk)):
        permit = desk.admit(Level.MAT)
        disk.count, disk.yank_after = 0, (write, sectors)
        try:
            deliver(permit, load.containers(), job=load.job, sign=sign, verify=verify, ledger_head="h")
        except errors.MediumFault as fault:
            code = fault.code
            if type(fault) is not errors.MediumVanished:
                raise
    disk.yank_after = None
    return {"outcome": code, "disk": disk, "desk": desk}


YANKS = 6
"""Real yanks a file system in every run; the long campaign is ``tools.usblab.campaign yanks``."""


def _yanked(rig: Rig, kind: str) -> Facts:
    from tools.usblab import torn

    torn.run(rig, [kind], 1, YANKS)
    return {"kind": kind}


@case
def yanked_on_fat32(rig: Rig) -> Facts:
    """Torn out at transfers drawn by lot; judged from outside."""
    return _yanked(rig, "vfat")


@case
def yanked_on_exfat(rig: Rig) -> Facts:
    """Torn out at transfers drawn by lot; judged from outside."""
    return _yanked(rig, "exfat")


@case
def yanked_on_ext4(rig: Rig) -> Facts:
    """Torn out at transfers drawn by lot; judged from outside."""
    return _yanked(rig, "ext4")


def _repaired(rig: Rig, kind: str) -> Facts:
    """Torn out in the middle of a second delivery, repaired by the program: the first is whole, the rest is listed."""
    first, second = Load("SF-2026-000001", (5_000,)), Load("SF-2026-000002", (9_000,))
    disk, desk, _ = bring(rig, kind)
    with plugged(stick(disk)):
        receipt = hand_over(desk, first)
    codes = []
    for write in (3, 8):
        disk.yank_after = None
        with plugged(stick(disk)):
            permit = desk.admit(Level.MAT)
            disk.count, disk.yank_after = 0, (write, 1)
            with contextlib.suppress(errors.MediumVanished):
                deliver(
                    permit, second.containers(), job=f"{second.job}{write}", sign=sign, verify=verify, ledger_head="h"
                )
        disk.yank_after = None
        with plugged(stick(disk)):
            with contextlib.suppress(errors.FilesystemDirty):
                desk.admit(Level.MAT).give_up()
                codes.append("clean")
            found = desk.repair()
            nothing_bound()
            assert receipt in found.whole, "what was delivered before the yank is whole after the repair"
            assert desk.survey() == found
            desk.repair()  # a whole file system stays as it is
            if found.debris:
                desk.remove_debris(found.debris, lambda act, subject: None)
            assert desk.debris() == ()
    with plugged(stick(disk)):
        last = hand_over(desk, Load(sizes=(9_000,)))
        assert {receipt, last} <= set(desk.survey().whole)
    assert len(codes) < 2, "no yank left the file system dirty: nothing was shown"
    return {"image": save(f"repaired-{kind}.img", disk.content), "kind": kind, "job": last.job}


@case
def repaired_on_fat32(rig: Rig) -> Facts:
    """``media repair`` on FAT32."""
    return _repaired(rig, "vfat")


@case
def repaired_on_exfat(rig: Rig) -> Facts:
    """``media repair`` on exFAT."""
    return _repaired(rig, "exfat")


@case
def repaired_on_ext4(rig: Rig) -> Facts:
    """``media repair`` on ext4, also when the superblock was torn between its two sectors."""
    facts = _repaired(rig, "ext4")
    disk, desk, _ = bring(rig, "ext4")
    with plugged(stick(disk)):
        desk.admit(Level.MAT).give_up()
        before = bytes(disk.content[1536:2048])
        receipt = hand_over(desk)
    assert before != disk.content[1536:2048]
    disk.content[1536:2048] = before  # the superblock's second sector never came: its checksum differs
    with plugged(stick(disk)):
        with contextlib.suppress(MediaError):
            desk.admit(Level.MAT).give_up()
            raise AssertionError("a torn superblock was mounted")
        assert desk.repair().whole == (receipt,)
        hand_over(desk, Load("SF-2026-000124"))
    return facts


@case
def torn_while_the_directory_is_made_on_fat32(rig: Rig) -> Facts:
    """The checker may leave a directory without a cluster, which other readers take for the root: it is debris here."""
    load = Load(sizes=(9_000,))
    bare = 0
    for write in range(1, 5):
        facts = yank_once(rig, "vfat", write, 0, load)
        disk, desk = facts["disk"], facts["desk"]
        with plugged(stick(disk)):
            debris = desk.repair().debris
            bare += debris == (f"{load.job}/",)
            desk.remove_debris(debris, lambda act, subject: None)
            receipt = hand_over(desk, load)
            found = desk.survey()
            assert (found.whole, found.debris) == ((receipt,), ())
    return {"image": save("directory.img", disk.content), "kind": "vfat", "job": load.job, "bare": bare}


@case
def second_drive_of_an_encrypting_model(rig: Rig) -> Facts:
    """A stick as a model file describes it: a CD with the unlocking program, and a drive that is locked at first."""
    from scanflow.media.modelfile import read_model

    model = read_model(Path(__file__).resolve().parents[2] / "config/media/co-o-dia-doc.toml")
    image = make_image("exfat")
    program = Disk(bytearray(1 << 20), read_only=True)
    desk = rig.desk(rig.fresh_register())
    locked, disk = Disk(bytearray(0)), Disk(image)
    with plugged(stick(disk, disks=[program, locked], types=[5, 0])), refusing(errors.MediumLocked) as facts:
        enrol(desk, Level.MAT, model=model)
    with plugged(stick(disk, disks=[program, disk], types=[5, 0])):
        enrol(desk, Level.MAT, model=model)
        receipt = hand_over(desk)
    with plugged(stick(disk, disks=[program, locked], types=[5, 0])), refusing(errors.MediumLocked):
        desk.admit(Level.MAT)
    with plugged(stick(disk)), refusing(errors.LunsDiffer):
        desk.admit(Level.MAT)
    assert not program.written
    return {**facts, "image": save("encrypting.img", disk.content), "kind": "exfat", "job": receipt.job}


@case
def leftovers_are_listed_and_removed_on_record(rig: Rig) -> Facts:
    """After a yank and a repair the stick is admitted again; leftovers are listed, and go only on record."""
    facts = yank_once(rig, "vfat", 12, 0, Load(sizes=(9_000,)))
    disk, desk = facts["disk"], facts["desk"]
    with plugged(stick(disk)), refusing(errors.FilesystemDirty):
        desk.admit(Level.MAT)
    repaired = Path("/run/lab/repair.img")
    repaired.write_bytes(disk.content)
    sh("fsck.vfat", "-a", "-w", str(repaired), check=False)
    content = bytearray(repaired.read_bytes())
    acts: list[str] = []
    with plugged(stick(Disk(content))):
        debris = desk.debris()
        assert debris, "the broken delivery left something"
        assert desk.survey().whole == ()
        desk.remove_debris(debris, lambda act, subject: acts.append(f"{act} {subject}"))
        assert len(acts) == len(debris) and desk.debris() == ()
        receipt = hand_over(desk, Load(sizes=(9_000,)))
    return {"debris": len(debris), "image": save("again.img", content), "kind": "vfat", "job": receipt.job}
