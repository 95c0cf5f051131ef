"""System calls that Python does not offer, each with its kernel name (lời gọi hệ thống).

``fsopen``/``fsconfig``/``fsmount`` (Linux 5.2) make a mount that is attached to no directory of any
namespace: no other process can see it, no mount point can be in the way, and it ends with its descriptor.
    Their numbers (430 to 432) are
the same on every architecture. ioctl numbers: linux/fs.h.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import struct

_LIBC = ctypes.CDLL(None, use_errno=True)

_FSOPEN, _FSCONFIG, _FSMOUNT = 430, 431, 432
_FSOPEN_CLOEXEC = _FSMOUNT_CLOEXEC = 1
_SET_FLAG, _SET_STRING, _CMD_CREATE = 0, 1, 6
_RENAME_NOREPLACE = 1

MOUNT_RDONLY, MOUNT_NOSUID, MOUNT_NODEV, MOUNT_NOEXEC = 0x1, 0x2, 0x4, 0x8
MOUNT_NOSYMFOLLOW = 0x00200000

_BLKFLSBUF, _BLKROGET, _BLKSSZGET = 0x1261, 0x125E, 0x1268
_BLKGETSIZE64, _BLKGETDISKSEQ = 0x80081272, 0x80081280


def _check(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def _text(value: str | None) -> ctypes.c_char_p:
    return ctypes.c_char_p(None if value is None else os.fsencode(value))


def rename_noreplace(directory: int, old: str, new: str) -> None:
    """``renameat2(…, RENAME_NOREPLACE)`` inside one directory.

    Raises:
        OSError: EEXIST when ``new`` is taken, EINVAL where the file system does not know the flag.
    """
    _check(
        _LIBC.renameat2(
            ctypes.c_int(directory),
            _text(old),
            ctypes.c_int(directory),
            _text(new),
            ctypes.c_uint(_RENAME_NOREPLACE),
        )
    )


def syncfs(fd: int) -> None:
    """Write out the file system that ``fd`` lies on; reports write-back errors since the open (Linux 5.8)."""
    _check(_LIBC.syncfs(ctypes.c_int(fd)))


def private_mount(kind: str, source: str, options: dict[str, str | None], attributes: int) -> int:
    """Mount ``source`` without attaching it anywhere.

    Args:
        kind: file system name of the kernel.
        source: path of the block device.
        options: mount options; None for a flag.
        attributes: MOUNT_… bits.

    Returns:
        Descriptor (O_PATH) of the root; the mount ends when it and all that was opened below it are closed.

    Raises:
        OSError: as ``mount(2)`` does: EBUSY, EROFS, EINVAL, ENODEV (no such file system), EPERM.
    """
    context = _check(_LIBC.syscall(ctypes.c_long(_FSOPEN), _text(kind), ctypes.c_uint(_FSOPEN_CLOEXEC)))
    try:
        _configure(context, _SET_STRING, "source", source)
        for key, value in options.items():
            _configure(context, _SET_FLAG if value is None else _SET_STRING, key, value)
        _configure(context, _CMD_CREATE, None, None)
        return _check(
            _LIBC.syscall(
                ctypes.c_long(_FSMOUNT),
                ctypes.c_int(context),
                ctypes.c_uint(_FSMOUNT_CLOEXEC),
                ctypes.c_uint(attributes),
            )
        )
    finally:
        os.close(context)


def _configure(context: int, command: int, key: str | None, value: str | None) -> None:
    _check(
        _LIBC.syscall(
            ctypes.c_long(_FSCONFIG),
            ctypes.c_int(context),
            ctypes.c_uint(command),
            _text(key),
            _text(value),
            ctypes.c_int(0),
        )
    )


def disk_sequence(fd: int) -> int:
    """``BLKGETDISKSEQ`` (Linux 5.15): a number that no two disks of one boot share."""
    return int(struct.unpack("Q", fcntl.ioctl(fd, _BLKGETDISKSEQ, bytes(8)))[0])


def disk_size(fd: int) -> int:
    """``BLKGETSIZE64``, bytes."""
    return int(struct.unpack("Q", fcntl.ioctl(fd, _BLKGETSIZE64, bytes(8)))[0])


def sector_size(fd: int) -> int:
    """``BLKSSZGET``, bytes."""
    return int(struct.unpack("i", fcntl.ioctl(fd, _BLKSSZGET, bytes(4)))[0])


def is_read_only(fd: int) -> bool:
    """``BLKROGET``."""
    return bool(struct.unpack("i", fcntl.ioctl(fd, _BLKROGET, bytes(4)))[0])


def flush_buffers(fd: int) -> None:
    """``BLKFLSBUF``: write out and forget what the kernel keeps of this block device."""
    fcntl.ioctl(fd, _BLKFLSBUF, 0)
