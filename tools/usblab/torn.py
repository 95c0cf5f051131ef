"""Real yanks, many to a boot: a stick is torn out of the running kernel at a transfer drawn by lot.

    python -m tools.usblab.torn KINDS SEED COUNT      (inside the guest; the campaign calls it)

The stick has an earlier delivery on it, and loses its wire at one of the bulk transfers of the next: before a command,
in the middle of the data of a write (some sectors of it kept), or before the answer or the status of one, so also while
the host mounts, flushes, unmounts or reads back. One yank in ten comes while the stick is being admitted, when the
rolling token is written; then the stick must be admitted again, after a repair at most. (For the others the admission
is cut short, see ``_permit``: its many readings would take the larger part of the time.)

Each yank leaves one note: a line of JSON (where, and what the program said), and what the stick had received since it
was plugged. Nothing is judged here: see :mod:`tools.usblab.tornjudge`, outside the guest.
"""

from __future__ import annotations

import contextlib
import json
import random
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass

from scanflow.levels import Level
from scanflow.media import errors, sysfs
from scanflow.media.deliver import deliver
from scanflow.media.desk import MediaDesk
from scanflow.media.medium import WritePermit, issue_permit
from scanflow.media.policy import Admission
from scanflow.media.usbmedium import UsbMedium
from tools.usblab import rig, shapes
from tools.usblab.cases import OUT, Load, bring, hand_over, log_bytes, save
from tools.usblab.rig import Rig, plugged, sign, verify, wait_for
from tools.usblab.stick import SECTOR, Disk, PyStick
from tools.usblab.vhci import Yanked

EARLIER = Load("SF-2026-000001", (3_000,))
JOB = "SF-2026-000002"
LOADS = tuple(Load(JOB, sizes) for sizes in ((60_000,), (9_000, 700), (1, 4_096, 30_000)))
ADMIT_SHARE = 0.1
"""Share of the yanks that come before the delivery, while the stick is admitted."""

_NAMES = {
    0x00: "TEST UNIT READY",
    0x03: "REQUEST SENSE",
    0x12: "INQUIRY",
    0x1A: "MODE SENSE",
    0x1E: "PREVENT REMOVAL",
    0x25: "READ CAPACITY",
    0x28: "READ",
    0x2A: "WRITE",
    0x35: "SYNCHRONIZE CACHE",
}


class TornStick(PyStick):
    """Counts its bulk transfers, and is torn out at the one that was chosen."""

    def __init__(self, disk: Disk) -> None:
        super().__init__(shapes.PLAIN, dict(shapes.STRINGS), [disk])
        self.transfers = 0
        self.torn: dict[str, object] = {}
        self._at: int | None = None
        self._share = 0.0
        self._last = 0

    def arm(self, after: int, share: float) -> None:
        """Tear it out ``after`` so many transfers from now; of a write then under way ``share`` is kept."""
        self._at, self._share = self.transfers + after, share

    def bulk_out(self, endpoint: int, data: bytes) -> None:
        """A command, or data of one, unless the wire is cut first."""
        writing = self._pending is not None
        if not writing and len(data) == 31:
            self._last = data[15]
        if self._now():
            if writing:
                self._keep_some(data)
            self._tear("data" if writing else "command")
        super().bulk_out(endpoint, data)

    def bulk_in(self, endpoint: int, length: int, number: int) -> bytes | None:
        """Data of a command or its status, unless the wire is cut first."""
        if self._now():
            self._tear("status" if length == 13 else "data")
        return super().bulk_in(endpoint, length, number)

    def _now(self) -> bool:
        self.transfers += 1
        return self._at is not None and self.transfers > self._at

    def _keep_some(self, data: bytes) -> None:
        assert self._pending is not None
        sector, lun, count = self._pending
        come = bytes(self._received) + data
        kept = len(self._received) // SECTOR + int(self._share * (len(data) // SECTOR + 1))
        self._disk(lun).write(sector, come[: kept * SECTOR])
        self.torn["kept"], self.torn["sectors"] = kept, count

    def _tear(self, part: str) -> None:
        self.torn["command"], self.torn["part"] = _NAMES.get(self._last, f"{self._last:02X}"), part
        raise Yanked


@dataclass
class Bench:
    """One file system's stick with the earlier delivery on it, put back after every yank."""

    kit: Rig
    kind: str

    def __post_init__(self) -> None:
        self.disk, _, enrolled = bring(self.kit, self.kind)
        self._device = enrolled.device
        self._register = self.kit.fresh_register(enrolled.register)
        with plugged(rig.stick(self.disk)):
            # Into the register that every yank starts from.
            self.earlier = hand_over(self.kit.desk(self._register), EARLIER)
        self.base = bytes(self.disk.content)
        self.disk.writes.clear()
        with plugged(stick := TornStick(self.disk)):
            self.kit.desk(self.kit.fresh_register(self._register)).admit(Level.MAT).give_up()
        self._put_back()
        self._admission = stick.transfers
        self._containers = [load.containers() for load in LOADS]
        self._deliveries = [self._measure(which) for which in range(len(LOADS))]

    def _measure(self, which: int) -> int:
        """Transfers of a delivery when nothing happens."""
        stick = TornStick(self.disk)
        with plugged(stick):
            permit = self._permit()
            before = stick.transfers
            self._deliver(permit, which)
        self._put_back()
        return stick.transfers - before

    def _permit(self) -> WritePermit:
        """A permit as an admission ends: port open, drive pinned and looked at; all readings before that left out."""
        [node] = sysfs.usb_devices()
        sysfs.authorise(node.path, on=True)
        wait_for(lambda: sysfs.configured(node.path), "configuration")
        medium = UsbMedium(node)
        volume = medium.attach(self._device.model)
        return issue_permit(medium, Admission(medium.facts, self._device), volume, Level.MAT)

    def _deliver(self, permit: WritePermit, which: int) -> None:
        deliver(permit, self._containers[which], job=JOB, sign=sign, verify=verify, ledger_head="head")

    def _put_back(self) -> None:
        for sector, data in self.disk.writes:
            start = sector * SECTOR
            self.disk.content[start : start + len(data)] = self.base[start : start + len(data)]
        self.disk.writes.clear()

    def yank(self, seed: int, number: int) -> tuple[dict[str, object], bytes]:
        """One yank, drawn by (kind, seed, number) alone: the note, and what the stick received.

        ``said`` is ``delivered`` (or ``admitted``), the code of the fault, or what is no answer of the program's.
        """
        begun = time.monotonic()
        rng = random.Random(f"{self.kind} {seed} {number}")
        which = rng.randrange(len(LOADS))
        early = rng.random() < ADMIT_SHARE
        whole = self._admission if early else self._deliveries[which]
        after, share = rng.randrange(whole), rng.random()
        desk = self.kit.desk(self.kit.fresh_register(self._register)) if early else None
        stick = TornStick(self.disk)
        said, step = "admitted" if early else "delivered", ""
        with plugged(stick):
            try:
                if desk is not None:
                    stick.arm(after, share)
                    desk.admit(Level.MAT).give_up()
                else:
                    permit = self._permit()
                    stick.arm(after, share)
                    self._deliver(permit, which)
            except errors.MediaError as fault:
                said, step = fault.code, str(fault.facts.get("step_en", ""))
            except Exception:
                said, step = "CRASH", traceback.format_exc()
        log = log_bytes(self.disk.writes)
        note = {
            "kind": self.kind,
            "seed": seed,
            "number": number,
            "load": which,
            "when": "admit" if early else "deliver",
        }
        note |= {"transfer": after, "of": whole, **stick.torn, "said": said, "step": step}
        if desk is not None:
            note["again"] = self._again(desk)
        self._put_back()
        return {**note, "seconds": round(time.monotonic() - begun, 2), "bytes": len(log)}, log

    def _again(self, desk: MediaDesk) -> str:
        """Plugged once more: admitted, or admitted after a repair."""
        with plugged(TornStick(self.disk)):
            try:
                desk.admit(Level.MAT).give_up()
                return "admitted"
            except errors.FilesystemDirty:
                desk.repair()
                desk.admit(Level.MAT).give_up()
                return "repaired"
            except errors.MediaError as fault:
                return fault.code


def run(kit: Rig, kinds: Sequence[str], seed: int, count: int) -> None:
    """``count`` yanks of each kind, in turn; base image, earlier receipt and notes are left for the judges."""
    benches = [Bench(kit, kind) for kind in kinds]
    for bench in benches:
        save(f"{bench.kind}-{seed}.base", bench.base)
        (OUT / f"{bench.kind}-{seed}.receipt").write_bytes(bench.earlier.raw)
    with contextlib.ExitStack() as held:
        outs = [held.enter_context((OUT / f"{kind}-{seed}.notes").open("wb", buffering=0)) for kind in kinds]
        for number in range(count):
            for bench, out in zip(benches, outs, strict=True):
                note, log = bench.yank(seed, number)
                out.write(json.dumps(note).encode() + b"\n" + log)


def main(words: list[str]) -> int:
    """``KINDS SEED COUNT``."""
    rig.start()
    run(Rig(), words[0].split(","), int(words[1]), int(words[2]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
