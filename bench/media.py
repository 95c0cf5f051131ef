"""Cost of the safe write against a plain copy: ``python -m bench.media [MEGABYTES] [ROUNDS]``.

An ext4 image on a loop device (root is needed) takes the same containers twice: by ``cp`` and ``sync``, as
every other tool does it, and by the delivery with its second fsync, fresh mount and read-back. Figures are
medians; the disk below is this machine's, so only the ratio says something. A stick of 10 to 40 MB/s spends
its time on the bytes.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from scanflow.levels import Level
from scanflow.media import drive, syscalls
from scanflow.media.deliver import Deliverable, deliver
from scanflow.media.desk import MediaDesk
from scanflow.media.enrolment import statement_digest
from scanflow.media.filesystem import DirectoryFilesystem, Filesystem
from scanflow.media.registry import Registry
from scanflow.media.simulated import SimulatedBus, SimulatedStick

_KEY = Ed25519PrivateKey.generate()


def _verify(message: bytes, signature: bytes) -> bool:
    try:
        _KEY.public_key().verify(signature, message)
    except InvalidSignature:
        return False
    return True


class LoopStick(SimulatedStick):
    """A simulated stick on a real block device, mounted anew each time as the real medium is."""

    def __init__(self, directory: Path, loop: str) -> None:
        super().__init__(directory, "BENCH0000A1")
        self._loop = loop
        self._here: DirectoryFilesystem | None = None

    def mount(self, *, writable: bool) -> Filesystem:
        root = syscalls.private_mount("ext4", self._loop, {} if writable else {"ro": None}, drive.MOUNT_ATTRIBUTES)
        self._here = DirectoryFilesystem(root)
        return self._here

    def unmount(self) -> None:
        if self._here is not None:
            self._here.shut()
            self._here = None
        node = os.open(self._loop, os.O_RDONLY)
        syscalls.flush_buffers(node)
        os.close(node)


class _SignOff:
    purpose = "enrol_medium"
    persons = ("supervisor-1", "officer-1")

    def __init__(self, digest: str) -> None:
        self.digest = digest


def _containers(count: int, size: int) -> list[Deliverable]:
    out = []
    for number in range(count):
        content = os.urandom(size)
        out.append(Deliverable(f"SF-{number:05}.p7m", content, hashlib.sha256(content).hexdigest(), Level.MAT))
    return out


def _time(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main(megabytes: int = 64, rounds: int = 5) -> None:
    """Measure and print."""
    folder = Path(tempfile.mkdtemp(prefix="bench-media-"))
    image, point = folder / "stick.img", folder / "mnt"
    point.mkdir()
    with image.open("wb") as out:
        out.truncate((4 * megabytes + 64) << 20)
    subprocess.run(["/usr/sbin/mkfs.ext4", "-q", "-F", image], check=True)
    loop = subprocess.run(["losetup", "-f", "--show", image], check=True, capture_output=True, text=True).stdout.strip()
    try:
        stick = LoopStick(point, loop)
        registry = Registry(folder / "registry.db", _verify)
        desk = MediaDesk(SimulatedBus([stick]), registry, _KEY.sign, _verify, lambda: date(2026, 11, 22))
        draft = desk.draft(
            name="BENCH", clearance=Level.MAT, custodian="x", since=date(2026, 1, 1), until=date(2027, 1, 1)
        )
        desk.enrol(draft, _SignOff(statement_digest(draft)))
        for count in (1, megabytes):
            load = _containers(count, (megabytes << 20) // count)
            plain, safe = [], []
            for number in range(rounds):
                plain.append(_time(partial(_plain, loop, point, load)))
                job = f"SF-{count}-{number}"

                def whole_way(load: list[Deliverable] = load, job: str = job) -> None:
                    permit = desk.admit(Level.MAT)
                    deliver(permit, load, job=job, sign=_KEY.sign, verify=_verify, ledger_head="")

                safe.append(_time(whole_way))
                _clear(loop, point)
            one, two = statistics.median(plain), statistics.median(safe)
            print(
                f"{count:4} file(s), {megabytes} MiB: cp+sync+umount {one:.3f} s, admit+deliver {two:.3f} s, "
                f"ratio {two / one:.2f} (median of {rounds}, load {os.getloadavg()[0]:.1f})"
            )
    finally:
        subprocess.run(["losetup", "-d", loop], check=False)
        shutil.rmtree(folder)


def _plain(loop: str, point: Path, load: list[Deliverable]) -> None:
    subprocess.run(["mount", loop, point], check=True)
    (point / "plain").mkdir()
    for each in load:
        (point / "plain" / each.name).write_bytes(each.content)
    os.sync()
    subprocess.run(["umount", point], check=True)


def _clear(loop: str, point: Path) -> None:
    subprocess.run(["mount", loop, point], check=True)
    for path in point.iterdir():
        if path.name == "plain" or path.name.startswith("SF-"):
            shutil.rmtree(path)
    subprocess.run(["umount", point], check=True)


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
