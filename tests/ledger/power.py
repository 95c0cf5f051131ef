"""A disk whose power is cut at a chosen call, and what may be found on it afterwards.

It writes real files, and remembers beside them what a real disk would still hold after the cut: data only up to the last
`sync` of the file, names only up to the last `sync_directory`. What was on its way may have arrived or not; each
`Luck` is one possibility.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from scanflow.ledger.disk import RealDisk


class PowerCut(BaseException):
    """The machine is gone; nothing may catch this and go on."""


class Luck(Enum):
    """What became of bytes that were written but not yet synced."""

    NOTHING = "nothing arrived"
    HALF = "the first half arrived"
    HOLE = "all but a sector in the middle arrived"
    ALL = "everything arrived"


@dataclass
class PowerDisk(RealDisk):
    """A disk that dies at call ``dies_at`` (counted from 1): before it, or with a write half done."""

    dies_at: int | None = None
    calls: int = 0
    trace: list[str] = field(default_factory=list)
    _synced: dict[int, bytes] = field(default_factory=dict)
    _paths: dict[int, Path] = field(default_factory=dict)
    _names: dict[Path, int] = field(default_factory=dict)
    """Names that are durable → inode."""
    _kept: dict[int, bytes] = field(default_factory=dict)
    """Content of inodes that lost their name since the last directory sync."""

    def _call(self, what: str) -> None:
        self.calls += 1
        self.trace.append(what)
        if self.calls == self.dies_at:
            raise PowerCut(what)

    def adopt(self, folder: Path) -> None:
        """Everything that lies in ``folder`` now is durable."""
        for path in folder.iterdir():
            inode = path.stat().st_ino
            self._synced[inode] = path.read_bytes()
            self._names[path] = inode

    def create(self, path: Path) -> int:
        self._call(f"create {path.name}")
        fd = super().create(path)
        self._synced[os.fstat(fd).st_ino] = b""
        return fd

    def write(self, fd: int, data: bytes) -> None:
        try:
            self._call("write")
        except PowerCut:
            super().write(fd, data[: len(data) // 2])
            raise
        super().write(fd, data)

    def sync(self, fd: int) -> None:
        self._call("sync")
        status = os.fstat(fd)
        self._synced[status.st_ino] = os.pread(fd, status.st_size, 0)

    def truncate(self, fd: int, size: int) -> None:
        self._call("truncate")
        super().truncate(fd, size)

    def rename(self, source: Path, target: Path) -> None:
        self._call(f"rename {target.name}")
        if target.exists():
            self._kept[target.stat().st_ino] = target.read_bytes()
            keep = target.with_name(f"{target.name}.{target.stat().st_ino}.kept")
            os.link(target, keep)  # the inode must not be reused while its old name may come back
        super().rename(source, target)

    def sync_directory(self, path: Path) -> None:
        self._call("sync_directory")
        self._names = {one: one.stat().st_ino for one in path.iterdir() if not one.name.endswith(".kept")}

    def after_the_cut(self, folder: Path, target: Path, luck: Luck, *, names_arrived: bool) -> None:
        """Lay into ``target`` what the disk of ``folder`` may hold now."""
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        seen = {one: one.stat().st_ino for one in folder.iterdir() if not one.name.endswith(".kept")}
        for path, inode in (seen if names_arrived else self._names).items():
            live = next((one for one, other in seen.items() if other == inode), None)
            written = live.read_bytes() if live else self._kept.get(inode, b"")
            (target / path.name).write_bytes(_survives(self._synced.get(inode, b""), written, luck))


def _survives(synced: bytes, written: bytes, luck: Luck) -> bytes:
    if luck is Luck.ALL:
        return written
    if luck is Luck.NOTHING or not written.startswith(synced):
        return synced
    fresh = written[len(synced) :]
    if luck is Luck.HALF:
        return synced + fresh[: len(fresh) // 2]
    third = len(fresh) // 3
    return synced + fresh[:third] + bytes(len(fresh[third : 2 * third])) + fresh[2 * third :]
