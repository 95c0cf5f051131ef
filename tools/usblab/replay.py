"""Yank points by replay: a delivery is recorded as the stick received it, then cut off after every sector.

The recording is of the real kernel over USB: each WRITE with its data, each flush. Every prefix, down to the
    sector
inside a write, is put on an image and mounted by the same kernel; then, within each stretch between two
flushes, random subsets in which a stick with a volatile cache may have lost any of the writes. The oracle is
the program's reading of a medium by receipts, with the delivered bytes known.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from scanflow.media import syscalls
from scanflow.media.filesystem import DirectoryFilesystem
from scanflow.media.receipt import DeliveryReceipt, survey
from tools.usblab import rig
from tools.usblab.cases import KINDS, OUT, Load, bring, hand_over, save, save_log
from tools.usblab.rig import Rig, plugged, sh, stick, verify
from tools.usblab.stick import SECTOR

RESULTS = Path("/vm/campaign.jsonl")
EARLIER = Load("SF-2026-000001", (3_000,))
_MOUNT = syscalls.MOUNT_RDONLY | syscalls.MOUNT_NOSUID | syscalls.MOUNT_NODEV


class Mounted:
    """An image on a loop device, judged as often as one likes."""

    def __init__(self, kind: str, content: bytes, folder: Path = rig.WORK) -> None:
        """Put ``content`` on it; the image lies in ``folder``."""
        self.kind = kind
        self.repaired = 0
        self.path = folder / f"replay-{kind}-{os.getpid()}.img"
        self.path.write_bytes(content)
        self.file = os.open(self.path, os.O_RDWR)
        self.loop = sh("losetup", "-f", "--show", str(self.path)).strip()

    def write(self, sector: int, data: bytes) -> bytes:
        """Write; answers what was there."""
        before = os.pread(self.file, len(data), sector * SECTOR)
        os.pwrite(self.file, data, sector * SECTOR)
        return before

    def whole(self) -> list[DeliveryReceipt]:
        """What reads as whole when this is mounted now.

        ext4 replays its journal into the image when it is mounted, as it would on the next machine; the
        image is put back afterwards.
        """
        kept = self.path.read_bytes() if self.kind == "ext4" else b""
        node = os.open(self.loop, os.O_RDWR)
        syscalls.flush_buffers(node)
        os.close(node)
        try:
            root = syscalls.private_mount(self.kind, self.loop, {"ro": None}, _MOUNT)
        except OSError:
            return []  # nothing readable passes for nothing; the caller asks for what must be there
        filesystem = DirectoryFilesystem(root, direct=False)
        try:
            return list(survey(filesystem, verify).whole)
        finally:
            filesystem.shut()
            if kept:
                os.pwrite(self.file, kept, 0)

    def files(self, job: str) -> dict[str, bytes]:
        """Files of a job, as this kernel shows them when it mounts the image now.

        An ext4 superblock is two sectors under one checksum; torn between them, it is refused until e2fsck
        has taken a backup of it, which is then done here as it would be on the next machine.
        """
        kept = self.path.read_bytes() if self.kind == "ext4" else b""
        try:
            root = self._mount()
        except OSError:
            if self.kind != "ext4":
                return {}
            sh("e2fsck", "-f", "-y", str(self.path), check=False)
            self.repaired += 1
            try:
                root = self._mount()
            except OSError:
                os.pwrite(self.file, kept, 0)
                return {}
        filesystem = DirectoryFilesystem(root, direct=False)
        try:
            names = [] if f"{job}/" not in filesystem.names("") else filesystem.names(job)
            return {name: filesystem.read(job, name, 1 << 30) for name in names}
        except OSError:
            return {}
        finally:
            filesystem.shut()
            if kept:
                os.pwrite(self.file, kept, 0)

    def _mount(self) -> int:
        node = os.open(self.loop, os.O_RDWR)
        syscalls.flush_buffers(node)
        os.close(node)
        return syscalls.private_mount(self.kind, self.loop, {"ro": None}, _MOUNT)

    def close(self) -> None:
        """Give the loop device back."""
        sh("losetup", "-d", self.loop)
        os.close(self.file)
        self.path.unlink()


@dataclass
class Tally:
    """Counts of one campaign."""

    kind: str
    points: int = 0
    subsets: int = 0
    whole_before_said: int = 0
    lost: int = 0
    false_whole: int = 0

    def judge(self, found: list[DeliveryReceipt], must: list[DeliveryReceipt], load: Load) -> bool:
        """Enter one judgement; True when the new job is whole."""
        self.lost += sum(receipt not in found for receipt in must)
        truth = {each.name: each.sha256 for each in load.containers()}
        new = next((receipt for receipt in found if receipt.job == load.job), None)
        if new is None:
            return False
        told = {each.name: each.sha256 for each in new.files if each.name in truth}
        self.false_whole += told != truth
        return True


def replay(kit: Rig, kind: str, subsets: int, size: int) -> Tally:
    """Record one delivery of ``size`` bytes, then judge every sector prefix and random subsets."""
    load = Load("SF-2026-000002", (size,))
    disk, desk, _ = bring(kit, kind)
    with plugged(stick(disk)):
        earlier = hand_over(desk, EARLIER)
        base = bytes(disk.content)
        disk.writes.clear()
        said = hand_over(desk, load)
    tally = Tally(kind)
    image = Mounted(kind, base)
    rng = random.Random(20261122)
    epochs: list[list[tuple[int, bytes]]] = [[]]
    for sector, data in disk.writes:
        if not data:
            epochs.append([])
        else:
            epochs[-1].append((sector, data))
    weights = [len(epoch) for epoch in epochs]
    for epoch in epochs:
        share = round(subsets * len(epoch) / max(1, sum(weights))) if len(epoch) > 1 else 0
        for _ in range(share):  # any of the stretch lost, in any part
            undo = []
            for sector, data in epoch:
                if rng.random() < 0.5:
                    keep = data if rng.random() < 0.8 else data[: SECTOR * rng.randrange(1 + len(data) // SECTOR)]
                    undo.append((sector, image.write(sector, keep)))
            tally.subsets += 1
            tally.whole_before_said += tally.judge(image.whole(), [earlier], load)
            for sector, before in reversed(undo):
                image.write(sector, before)
        for sector, data in epoch:
            for at in range(0, len(data), SECTOR):
                image.write(sector + at // SECTOR, data[at : at + SECTOR])
                tally.points += 1
                tally.whole_before_said += tally.judge(image.whole(), [earlier], load)
    tally.judge(image.whole(), [earlier, said], load)
    image.close()
    return tally


def record(kit: Rig, kind: str, size: int) -> Tally:
    """Record one delivery for the judges outside: base image, log of writes and flushes, both receipts."""
    load = Load("SF-2026-000002", (size,))
    disk, desk, _ = bring(kit, kind)
    with plugged(stick(disk)):
        earlier = hand_over(desk, EARLIER)
        save(f"{kind}.base", disk.content)
        disk.writes.clear()
        said = hand_over(desk, load)
    save_log(f"{kind}.log", disk.writes)
    (OUT / f"{kind}.receipts").write_bytes(earlier.raw + said.raw)
    return Tally(kind, points=sum(len(data) // SECTOR for _, data in disk.writes))


def main(words: list[str]) -> int:
    """``replay|record KINDS SUBSETS SIZE``; 0 when nothing was lost."""
    rig.start()
    sh("modprobe", "loop")
    kit = Rig()
    what, kinds, first, second = words[0], words[1].split(","), int(words[2]), int(words[3])
    bad = 0
    with RESULTS.open("a") as results:
        for kind in kinds if kinds != ["all"] else KINDS:
            begun = time.monotonic()
            tally = record(kit, kind, second) if what == "record" else replay(kit, kind, first, second)
            line = {"what": what, **vars(tally), "seconds": round(time.monotonic() - begun)}
            print(json.dumps(line), flush=True)
            results.write(json.dumps(line) + "\n")
            results.flush()
            bad += tally.lost + tally.false_whole
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
