"""Every touch of the disk that the ledger's promise hangs on, behind one small protocol (cổng ra đĩa).

The real one is below. The crash tests put their own in its place and kill the writer, or cut the power, at
each call.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Protocol


class Disk(Protocol):
    """What the writer asks of a file system. Each may raise ``OSError``."""

    def create(self, path: Path) -> int:
        """Open a new file for appending; refuse an existing one."""
        ...

    def open(self, path: Path) -> int:
        """Open an existing file for appending."""
        ...

    def write(self, fd: int, data: bytes) -> None:
        """Append all of ``data``."""
        ...

    def sync(self, fd: int) -> None:
        """Make what was written to ``fd`` durable."""
        ...

    def truncate(self, fd: int, size: int) -> None:
        """Cut the file to ``size`` bytes."""
        ...

    def rename(self, source: Path, target: Path) -> None:
        """Move ``source`` over ``target`` within one directory."""
        ...

    def sync_directory(self, path: Path) -> None:
        """Make the names in a directory durable."""
        ...

    def close(self, fd: int) -> None:
        """Close a file."""
        ...


class RealDisk:
    """The file system of this machine."""

    def create(self, path: Path) -> int:
        """See :class:`Disk`."""
        return os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o640)

    def open(self, path: Path) -> int:
        """See :class:`Disk`."""
        return os.open(path, os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC)

    def write(self, fd: int, data: bytes) -> None:
        """See :class:`Disk`."""
        left = memoryview(data)
        while left:
            left = left[os.write(fd, left) :]

    def sync(self, fd: int) -> None:
        """See :class:`Disk`. ``fdatasync`` also makes the new length durable."""
        os.fdatasync(fd)

    def truncate(self, fd: int, size: int) -> None:
        """See :class:`Disk`."""
        os.ftruncate(fd, size)

    def rename(self, source: Path, target: Path) -> None:
        """See :class:`Disk`."""
        source.rename(target)

    def sync_directory(self, path: Path) -> None:
        """See :class:`Disk`."""
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)

    def close(self, fd: int) -> None:
        """See :class:`Disk`."""
        os.close(fd)


def replace_file(disk: Disk, path: Path, data: bytes) -> None:
    """Give ``path`` new content such that a power cut leaves the old or the new one, whole."""
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    fd = disk.create(beside)
    try:
        disk.write(fd, data)
        disk.sync(fd)
    finally:
        disk.close(fd)
    disk.rename(beside, path)
    disk.sync_directory(path.parent)


def lock(fd: int) -> bool:
    """Take the single writer's lock; False if another process has it. It ends with the descriptor."""
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
