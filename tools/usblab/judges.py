"""Judges outside the guest: other people's checkers, and readers that share no line with the program.

FAT32 is read by mtools, ext4 by debugfs; exFAT has no reader in Debian, so a small one is here (contiguous
or chained files, no writing). A receipt is checked with ``cryptography`` and ``hashlib`` directly.
"""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tools.usblab import rig
from tools.usblab.kernel import tool


@dataclass(frozen=True)
class Checked:
    """What a file system checker said: exit status, and whether it found more than a dirty flag."""

    status: int
    text: str


def fsck(image: Path, kind: str) -> Checked:
    """Check without repairing."""
    words = {
        "vfat": [tool("fsck.fat"), "-n"],
        "exfat": [tool("fsck.exfat"), "-n"],
        "ext4": [tool("e2fsck"), "-f", "-n"],
    }[kind]
    done = subprocess.run([*words, str(image)], capture_output=True, text=True, check=False)
    return Checked(done.returncode, done.stdout + done.stderr)


def read_job(image: Path, kind: str, job: str) -> dict[str, bytes]:
    """All files of a directory, by name; empty when there is none."""
    if kind == "exfat":
        return ExFat(image.read_bytes()).files(job)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        if kind == "vfat":
            words = [tool("mcopy"), "-n", "-s", "-Q", "-i", str(image), f"::/{job}", str(out)]
        else:
            words = [tool("debugfs"), "-R", f"rdump /{job} {out}", str(image)]
        subprocess.run(words, capture_output=True, check=False, env={"MTOOLS_SKIP_CHECK": "1"})
        found = out / job
        return {path.name: path.read_bytes() for path in sorted(found.iterdir())} if found.is_dir() else {}


def whole(files: dict[str, bytes], job: str) -> bool:
    """Whether a receipt verifies and everything that it names is there."""
    lines = files.get(f"{job}.receipt", b"").split(b"\n")
    if len(lines) != 3 or lines[2]:
        return False
    try:
        signature = base64.b64decode(lines[1], validate=True)
    except ValueError:
        return False
    if not rig.verify(lines[0], signature):
        return False
    told = json.loads(lines[0])
    return told["job"] == job and all(
        len(files.get(name, b"")) == size and hashlib.sha256(files.get(name, b"")).hexdigest() == digest
        for name, size, digest in told["files"]
    )


class ExFat:
    """A reader of exFAT (specification §3, §4, §6, §7), strict about nothing."""

    def __init__(self, raw: bytes) -> None:
        """Read the boot sector."""
        self._raw = raw
        sector = raw[108]
        self._cluster = 1 << (sector + raw[109])
        self._fat = int.from_bytes(raw[80:84], "little") << sector
        self._heap = int.from_bytes(raw[88:92], "little") << sector
        self._root = int.from_bytes(raw[96:100], "little")

    def _read(self, first: int, size: int | None, chained: bool) -> bytes:  # noqa: FBT001
        out = bytearray()
        number = first
        while 2 <= number < 0xFFFFFFF7 and (size is None or len(out) < size):
            at = self._heap + (number - 2) * self._cluster
            out += self._raw[at : at + self._cluster]
            entry = self._fat + 4 * number
            number = int.from_bytes(self._raw[entry : entry + 4], "little") if chained else number + 1
            if len(out) > len(self._raw):
                break
        return bytes(out if size is None else out[:size])

    def _entries(self, raw: bytes) -> dict[str, tuple[bool, bytes]]:
        found: dict[str, tuple[bool, bytes]] = {}
        at = 0
        while at + 32 <= len(raw) and raw[at] != 0:
            if raw[at] != 0x85:
                at += 32
                continue
            count = raw[at + 1]
            folder = bool(raw[at + 4] & 0x10)
            stream = raw[at + 32 : at + 64]
            names = b"".join(raw[at + 32 * n + 2 : at + 32 * n + 32] for n in range(2, count + 1))
            name = names[: 2 * stream[3]].decode("utf-16-le", "replace") if len(stream) == 32 else ""
            if len(stream) == 32 and stream[0] == 0xC0:
                valid, size = int.from_bytes(stream[8:16], "little"), int.from_bytes(stream[24:32], "little")
                content = self._read(int.from_bytes(stream[20:24], "little"), size, not stream[1] & 2)
                found[name] = (folder, content if folder else content[:valid].ljust(size, b"\x00"))
            at += 32 * (count + 1)
        return found

    def files(self, job: str) -> dict[str, bytes]:
        """Files of a directory under the root."""
        root = self._entries(self._read(self._root, None, chained=True))
        if job not in root or not root[job][0]:
            return {}
        return {
            name: content for name, (folder, content) in self._entries(root[job][1]).items() if not folder
        }
