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


def repair(image: Path, kind: str) -> None:
    """Have the checker mend it without asking, up to four times; :func:`fsck` says what came of it."""
    words = {"vfat": ["fsck.fat", "-a"], "exfat": ["fsck.exfat", "-y"], "ext4": ["e2fsck", "-f", "-y"]}[kind]
    for _ in range(4):
        subprocess.run([tool(words[0]), *words[1:], str(image)], capture_output=True, check=False)
        if fsck(image, kind).status == 0:
            return


def read_job(image: Path, kind: str, job: str) -> dict[str, bytes]:
    """All files of a directory, by name; empty when there is none."""
    if kind == "exfat":
        return ExFat(bytearray(image.read_bytes())).files(job)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        if kind == "vfat":
            words = [tool("mcopy"), "-n", "-s", "-Q", "-i", str(image), f"::/{job}", str(out)]
        else:
            words = [tool("debugfs"), "-R", f"rdump /{job} {out}", str(image)]
        subprocess.run(words, capture_output=True, check=False, env={"MTOOLS_SKIP_CHECK": "1"})
        # Of a torn medium: a directory without a cluster of its own shows the root, with directories, to mtools.
        return {path.name: path.read_bytes() for path in sorted((out / job).glob("*")) if path.is_file()}


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


_END = 1 << 20
"""Clusters after which a chain is given up: a torn table may hold a loop."""


class ExFat:
    """A reader of exFAT (specification §3, §4, §6, §7), strict about nothing."""

    def __init__(self, raw: bytearray) -> None:
        """Read the boot sector."""
        self._raw = raw
        sector = raw[108]
        self._cluster = 1 << (sector + raw[109])
        self._fat = _u32(raw, 80) << sector
        self._heap = _u32(raw, 88) << sector
        self._root = _u32(raw, 96)

    def _read(self, first: int, size: int | None, *, chained: bool) -> bytes:
        out = bytearray()
        number = first
        while 2 <= number < 0xFFFFFFF7 and (size is None or len(out) < size) and len(out) <= len(self._raw):
            at = self._heap + (number - 2) * self._cluster
            out += self._raw[at : at + self._cluster]
            number = _u32(self._raw, self._fat + 4 * number) if chained else number + 1
        return bytes(out if size is None else out[:size])

    def _entries(self, raw: bytes) -> dict[str, tuple[int, int, int, int, bool]]:
        """Name → (is a directory, first cluster, size, valid size, chained)."""
        found = {}
        at = 0
        while at + 32 <= len(raw) and raw[at] != 0:
            count = raw[at + 1] if raw[at] == 0x85 else 0
            stream = raw[at + 32 : at + 64]
            if count >= 2 and len(stream) == 32 and stream[0] == 0xC0:
                names = b"".join(raw[at + 32 * n + 2 : at + 32 * n + 32] for n in range(2, count + 1))
                name = names[: 2 * stream[3]].decode("utf-16-le", "replace")
                valid, size = int.from_bytes(stream[8:16], "little"), int.from_bytes(stream[24:32], "little")
                found[name] = (raw[at + 4] & 0x10, _u32(stream, 20), size, valid, not stream[1] & 2)
            at += 32 * (count + 1)
        return found

    def files(self, job: str, ending: str = "") -> dict[str, bytes]:
        """Files of a directory under the root whose names end so."""
        root = self._entries(self._read(self._root, None, chained=True))
        folder, first, size, _, chained = root.get(job, (0, 0, 0, 0, False))
        if not folder:
            return {}
        return {
            name: self._read(start, length, chained=chain)[:valid].ljust(length, b"\x00")
            for name, (sub, start, length, valid, chain) in self._entries(
                self._read(first, size, chained=chained)
            ).items()
            if not sub and name.endswith(ending) and length <= len(self._raw)
        }


class Fat32:
    """A reader of FAT32 with long names (specification 1.03 §6, §7), strict about nothing."""

    def __init__(self, raw: bytearray) -> None:
        """Read the boot sector."""
        self._raw = raw
        sector, self._fat = _u16(raw, 11), _u16(raw, 14) * _u16(raw, 11)
        self._cluster = sector * raw[13]
        self._heap = self._fat + raw[16] * _u32(raw, 36) * sector
        self._root = _u32(raw, 44)

    def _read(self, first: int, size: int | None) -> bytes:
        out = bytearray()
        number = first
        while 2 <= number < 0x0FFFFFF7 and (size is None or len(out) < size) and len(out) < _END:
            at = self._heap + (number - 2) * self._cluster
            out += self._raw[at : at + self._cluster]
            number = _u32(self._raw, self._fat + 4 * number) & 0x0FFFFFFF
        return bytes(out if size is None else out[:size])

    def _entries(self, raw: bytes) -> dict[str, tuple[int, int, int]]:
        """Name → (is a directory, first cluster, size)."""
        found = {}
        long = ""
        for at in range(0, len(raw) - 31, 32):
            entry = raw[at : at + 32]
            if entry[0] == 0:
                break
            if entry[0] == 0xE5:
                long = ""
            elif entry[11] & 0x3F == 0x0F:
                part = (entry[1:11] + entry[14:26] + entry[28:32]).decode("utf-16-le", "replace")
                long = part.split("\x00")[0].rstrip("\uffff") + ("" if entry[0] & 0x40 else long)
            else:
                stem, ending = entry[:8].decode("cp437").rstrip(), entry[8:11].decode("cp437").rstrip()
                stem = stem.lower() if entry[12] & 0x08 else stem
                ending = ending.lower() if entry[12] & 0x10 else ending
                short = stem + ("." + ending if ending else "")
                first = _u16(entry, 20) << 16 | _u16(entry, 26)
                found[long or short] = (entry[11] & 0x10, first, _u32(entry, 28))
                long = ""
        return found

    def files(self, job: str, ending: str = "") -> dict[str, bytes]:
        """Files of a directory under the root whose names end so."""
        folder, first, _ = self._entries(self._read(self._root, None)).get(job, (0, 0, 0))
        if not folder:
            return {}
        return {
            name: self._read(start, size)
            for name, (sub, start, size) in self._entries(self._read(first, None)).items()
            if not sub and name.endswith(ending)
        }


def _u16(raw: bytes | bytearray, at: int) -> int:
    return int.from_bytes(raw[at : at + 2], "little")


def _u32(raw: bytes | bytearray, at: int) -> int:
    return int.from_bytes(raw[at : at + 4], "little")
