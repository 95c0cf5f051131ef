"""Yank points judged on the host: a recorded delivery, cut off after every sector, read by other readers.

    python -m tools.usblab.outside FOLDER KIND [SUBSETS]

``FOLDER`` holds what ``campaign record`` (or the lab's delivery cases) left: the image before the delivery,
the log of what the stick received from the real kernel over USB, and the receipts. ext4 is mounted by the
host's own kernel (root), since its journal must be replayed as on the next machine.
"""

from __future__ import annotations

import json
import random
import struct
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tools.usblab.judges import ExFat, Fat32, whole

SECTOR = 512
Log = list[list[tuple[int, bytes]]]


def read_log(path: Path) -> Log:
    """Writes in stretches between flushes."""
    return parse_log(path.read_bytes())


def parse_log(raw: bytes) -> Log:
    """The same, from bytes."""
    stretches: list[list[tuple[int, bytes]]] = [[]]
    at = 0
    while at < len(raw):
        sector, size = struct.unpack_from("<II", raw, at)
        if size:
            stretches[-1].append((sector, raw[at + 8 : at + 8 + size]))
        elif stretches[-1]:
            stretches.append([])
        at += 8 + size
    return stretches


class Held:
    """An image in memory, read by a small reader."""

    def __init__(self, kind: str, base: bytes) -> None:
        """Start from ``base``."""
        self._raw = bytearray(base)
        readers: dict[str, type[Fat32] | type[ExFat]] = {"vfat": Fat32, "exfat": ExFat}
        self._reader = readers[kind](self._raw)

    def write(self, sector: int, data: bytes) -> bytes:
        """Write; answers what was there."""
        at = sector * SECTOR
        before = bytes(self._raw[at : at + len(data)])
        self._raw[at : at + len(data)] = data
        return before

    def files(self, job: str) -> dict[str, bytes]:
        """Files of a job, none when it has no receipt at all."""
        return self._reader.files(job) if self._reader.files(job, ".receipt") else {}


class HostMounted:
    """An ext4 image on a loop device of the host."""

    def __init__(self, base: bytes) -> None:
        """Start from ``base``."""
        from tools.usblab.replay import Mounted

        # In memory where there is such a place: each state is mounted, and its journal is synced to the
        # image.
        memory = Path("/dev/shm")
        self._image = Mounted("ext4", base, memory if memory.is_dir() else Path(tempfile.gettempdir()))

    def write(self, sector: int, data: bytes) -> bytes:
        """Write; answers what was there."""
        return self._image.write(sector, data)

    def files(self, job: str) -> dict[str, bytes]:
        """Files of a job."""
        return self._image.files(job)

    def close(self) -> None:
        """Give the loop device back."""
        self._image.close()


def states(image: Held | HostMounted, log: list[list[tuple[int, bytes]]], subsets: int, every: int) -> Iterator[str]:
    """Bring the image into each state and say its kind: ``subset``, ``point``, and ``end`` at last."""
    rng = random.Random(20261122)
    whole_count = sum(len(stretch) for stretch in log)
    number = 0
    for stretch in log:
        for _ in range(round(subsets * len(stretch) / max(1, whole_count)) if len(stretch) > 1 else 0):
            undo = []
            for sector, data in stretch:
                if rng.random() < 0.5:
                    keep = data if rng.random() < 0.8 else data[: SECTOR * rng.randrange(1 + len(data) // SECTOR)]
                    undo.append((sector, image.write(sector, keep)))
            yield "subset"
            for sector, before in reversed(undo):
                image.write(sector, before)
        for sector, data in stretch:
            for at in range(0, len(data), SECTOR):
                image.write(sector + at // SECTOR, data[at : at + SECTOR])
                number += 1
                if number % every == 0:
                    yield "point"
    yield "end"


def without_largest(log: Log) -> Log:
    """What a stick would hold that acknowledged a flush and lost the data: the judge must notice."""
    largest = max(log, key=lambda stretch: sum(len(data) for _, data in stretch))
    return [[] if stretch is largest else stretch for stretch in log]


def judge(
    folder: Path, kind: str, subsets: int = 300, every: int = 1, bent: Callable[[Log], Log] = list
) -> dict[str, int | str]:
    """Judge a recording, ``bent`` or as it is; then ``lost`` and ``false_whole`` must be 0."""
    base = (folder / f"{kind}.base").read_bytes()
    log = bent(read_log(folder / f"{kind}.log"))
    receipts = (folder / f"{kind}.receipts").read_bytes().split(b"\n")
    earlier, said = (json.loads(receipts[at]) for at in (0, 2))
    image = HostMounted(base) if kind == "ext4" else Held(kind, base)
    found = dict.fromkeys(("points", "subsets", "whole_before_said", "lost", "false_whole"), 0)
    truth = {name: digest for name, _, digest in said["files"]}
    for what in states(image, log, subsets, every):
        if what != "end":
            found[what + "s"] += 1
        if not whole(image.files(earlier["job"]), earlier["job"]):
            found["lost"] += 1
        files = image.files(said["job"])
        new = whole(files, said["job"])
        if new:
            told = json.loads(files[f"{said['job']}.receipt"].split(b"\n")[0])
            found["false_whole"] += {name: digest for name, _, digest in told["files"]} != truth
            found["whole_before_said"] += what != "end"
        elif what == "end":
            found["lost"] += 1
    if isinstance(image, HostMounted):
        image.close()
    return {"kind": kind, **found}


if __name__ == "__main__":
    begun = time.monotonic()
    result = judge(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 300)
    print(json.dumps({**result, "seconds": round(time.monotonic() - begun)}))
    sys.exit(1 if result["lost"] or result["false_whole"] else 0)
