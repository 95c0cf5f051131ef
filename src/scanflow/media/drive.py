"""The data drive of a stick, pinned by an open descriptor and the kernel's disk number (ổ dữ liệu được ghim).

Names like ``sda`` go to the next stick at once (measured), so nothing here is carried by name: the
descriptor that was opened when the drive was judged is the source of every mount, and ``diskseq`` tells
another plugging apart.
"""

from __future__ import annotations

import errno
import mmap
import os
import stat
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from scanflow.media import syscalls, sysfs
from scanflow.media.filesystem import DirectoryFilesystem
from scanflow.media.volume import Volume, identify

MOUNT_ATTRIBUTES = syscalls.MOUNT_NOSUID | syscalls.MOUNT_NODEV | syscalls.MOUNT_NOEXEC | syscalls.MOUNT_NOSYMFOLLOW
_OPTIONS: dict[str, dict[str, str | None]] = {
    "vfat": {"fmask": "0177", "dmask": "0077", "shortname": "mixed", "errors": "remount-ro"},
    "exfat": {"fmask": "0177", "dmask": "0077", "errors": "remount-ro"},
    "ext4": {"errors": "remount-ro"},
}
_BUSY_SECONDS = 10.0


class Held(OSError):
    """Somebody else has the drive mounted or open exclusively."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """An opened drive (ổ đã ghim).

    Attributes:
        block: sysfs directory of the disk. node: descriptor of the disk or of its only partition.
        rdev: device number of ``node``. diskseq: of this plugging. size: bytes of ``node``.
    """

    block: Path
    node: int
    rdev: int
    diskseq: int
    size: int


def sequence(block: Path) -> int | None:
    """``diskseq`` as sysfs has it now, or None when the disk is gone."""
    try:
        return int(sysfs.text(block / "diskseq"))
    except (OSError, ValueError):
        return None


def open_node(directory: Path, flags: int = 0) -> int:
    """Open the block node of a sysfs block directory, proving by its number that it is that one.

    Raises:
        OSError: not there (yet), or another device has the name.
    """
    major, minor = sysfs.text(directory / "dev").split(":")
    node = os.open(f"/dev/{directory.name}", os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | flags)
    state = os.fstat(node)
    if not stat.S_ISBLK(state.st_mode) or state.st_rdev != os.makedev(int(major), int(minor)):
        os.close(node)
        raise OSError(errno.ENXIO, "another device has this name")
    return node


def pin(block: Path, part: Path) -> Pinned:
    """Open ``part`` (a partition of ``block``, or ``block`` itself) and keep its number.

    Raises:
        OSError: it is going or gone, or its descriptor belongs to another plugging than its name.
    """
    node = open_node(part)
    try:
        diskseq = syscalls.disk_sequence(node)
        if diskseq != sequence(block):
            raise OSError(errno.ENXIO, "disk number differs")
        return Pinned(block, node, os.fstat(node).st_rdev, diskseq, syscalls.disk_size(node))
    except OSError:
        os.close(node)
        raise


def look(part: Path) -> Volume | None:
    """Identify the file system on a block device, reading past the page cache.

    Raises:
        OSError: it cannot be read.
    """
    node = open_node(part, os.O_DIRECT)
    try:
        return identify(lambda offset, size: read_direct(node, offset, size))
    finally:
        os.close(node)


def read_direct(node: int, offset: int, size: int) -> bytes:
    """Read ``size`` bytes at any ``offset`` from a descriptor opened with O_DIRECT."""
    start = offset & ~4095
    wanted = (offset - start + size + 4095) & ~4095
    with mmap.mmap(-1, wanted) as aligned:
        got = os.preadv(node, [aligned], start)
        return aligned[:got][offset - start : offset - start + size]


def flush_for_real(block: Path) -> bool:
    """Have every sync reach the stick's own cache, where the stick understands it.

    Linux does not ask USB disks about a write cache and then sends them no SYNCHRONIZE CACHE at all, so that
    ``fsync`` ends in the stick's volatile memory. Told of a cache (``cache_type``, for this plugging only),
    it does send them. Some sticks refuse the command; for those it is set back, or every ``fsync`` would
    fail.

    Returns:
        True when the stick takes flushes.

    Raises:
        OSError: the drive is going or gone.
    """
    settings = sorted((block.parent.parent / "scsi_disk").glob("*/cache_type"))
    if not settings:
        return False
    settings[0].write_text("temporary write back")
    node = open_node(block, os.O_RDWR)
    try:
        os.fsync(node)
    except OSError:
        settings[0].write_text("temporary write through")
        return False
    finally:
        os.close(node)
    return True


def require_unheld(*directories: Path) -> None:
    """Prove that nothing has these mounted or open exclusively.

    Raises:
        Held: somebody has, still after some seconds. OSError: gone.
    """
    until = time.monotonic() + _BUSY_SECONDS
    for directory in directories:
        while True:
            try:
                os.close(open_node(directory, os.O_EXCL))
                break
            except OSError as fault:
                if fault.errno != errno.EBUSY:
                    raise
                if time.monotonic() > until:
                    raise Held(errno.EBUSY, "drive is held") from fault
                time.sleep(0.02)


def mount(pinned: Pinned, volume: Volume, *, writable: bool) -> DirectoryFilesystem:
    """Mount the pinned drive where nobody sees it.

    Raises:
        OSError: as ``mount(2)``; ENXIO when the root is not on the pinned drive.
    """
    options = dict(_OPTIONS[volume.kind])
    if not writable:
        options["ro"] = None
        if volume.kind == "ext4":
            options["noload"] = None  # a journal must not be replayed, i.e. written, by a look
    attributes = MOUNT_ATTRIBUTES | (0 if writable else syscalls.MOUNT_RDONLY)
    root = syscalls.private_mount(volume.kind, f"/proc/self/fd/{pinned.node}", options, attributes)
    if os.fstat(root).st_dev != pinned.rdev:
        os.close(root)
        raise OSError(errno.ENXIO, "mounted another device")
    return DirectoryFilesystem(root, file_limit=volume.file_limit)


def forget_cache(pinned: Pinned) -> None:
    """Drop what the kernel keeps of the drive, so that the next read is from the medium."""
    syscalls.flush_buffers(pinned.node)


def unpin(pinned: Pinned) -> None:
    """Close the descriptor."""
    with suppress(OSError):
        os.close(pinned.node)
