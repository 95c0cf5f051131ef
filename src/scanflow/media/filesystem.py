"""The few file operations a delivery needs, as one seam (các thao tác tập tin khi bàn giao).

Real ones work by directory descriptor under the root of a private mount; the model of a medium in RAM and
the fault injection of the tests implement the same ten verbs. Operations raise ``OSError`` as the kernel
does; what an errno means for the operator is decided in :mod:`scanflow.media.faults`.
"""

from __future__ import annotations

import errno
import mmap
import os
from pathlib import Path
from typing import Protocol

from scanflow.media import syscalls

PIECE = 1 << 20
"""Bytes written or read at a time; also the aligned buffer of the read-back."""

_FILE_MODE, _FOLDER_MODE = 0o644, 0o755
# On ext4 the stick is opened elsewhere by people with other numbers; what lies there is ciphertext for named
# recipients.

ROOT = ""
"""The directory name that stands for the root of the medium."""


class Filesystem(Protocol):
    """A mounted medium (hệ thống tập tin). ``directory`` is ROOT or one name directly under it."""

    @property
    def file_limit(self) -> int | None:
        """Largest file in bytes, or None where there is no limit that matters."""

    def free(self) -> int:
        """Bytes free."""

    def names(self, directory: str) -> list[str]:
        """Names in a directory, sorted; those of directories end in ``/``."""

    def make_directory(self, name: str) -> None:
        """New directory under the root; FileExistsError when the name is taken."""

    def create(self, directory: str, name: str) -> int:
        """New empty file, never an existing one, never through a link; answers its handle."""

    def write(self, handle: int, piece: memoryview) -> int:
        """Write some of ``piece`` at the end; answers how many bytes were taken."""

    def sync(self, handle: int) -> None:
        """``fsync``."""

    def close(self, handle: int) -> None:
        """Close; the handle is gone even when this raises."""

    def rename(self, directory: str, old: str, new: str) -> None:
        """Rename inside a directory; FileExistsError when ``new`` is taken, never replacing it."""

    def sync_directory(self, directory: str) -> None:
        """``fsync`` of the directory."""

    def sync_all(self) -> None:
        """``syncfs``."""

    def read(self, directory: str, name: str, most: int) -> bytes:
        """The whole file from the medium, past the page cache; EFBIG when longer than ``most``."""

    def overwrite(self, directory: str, name: str, content: bytes) -> None:
        """Overwrite an existing file of the same length in place, and ``fsync`` it."""

    def remove(self, directory: str, name: str) -> None:
        """Remove a file, or an empty directory when ``name`` ends in ``/``; synced."""


class DirectoryFilesystem:
    """The seam over a directory descriptor (thao tác thật, theo mô tả tập tin của thư mục)."""

    def __init__(self, root: int, *, file_limit: int | None = None, direct: bool = True) -> None:
        """Work under ``root``, which this object then owns.

        Args:
            root: descriptor of the root directory.
            file_limit: largest file in bytes (FAT32), or None.
            direct: read with O_DIRECT and refuse when the file system cannot; False (simulated stick only,
                whose host may lie on any file system) lets the cache be dropped instead.
        """
        self._root = root
        self._limit = file_limit
        self._direct = direct

    @property
    def file_limit(self) -> int | None:
        """Largest file in bytes, or None."""
        return self._limit

    def shut(self) -> None:
        """Give the root descriptor back; a private mount goes with it."""
        if self._root >= 0:
            os.close(self._root)
            self._root = -1

    def free(self) -> int:
        """Bytes free for root."""
        state = os.fstatvfs(self._root)
        return state.f_bavail * state.f_frsize

    def _directory(self, name: str) -> int:
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
        return os.open(name or ".", flags, dir_fd=self._root)

    def names(self, directory: str) -> list[str]:
        """Names, sorted; directories end in ``/``."""
        fd = self._directory(directory)
        try:
            with os.scandir(fd) as entries:
                found = [each.name + ("/" if each.is_dir(follow_symlinks=False) else "") for each in entries]
        finally:
            os.close(fd)
        return sorted(found)

    def make_directory(self, name: str) -> None:
        """New directory under the root."""
        os.mkdir(name, _FOLDER_MODE, dir_fd=self._root)

    def create(self, directory: str, name: str) -> int:
        """New file, exclusively."""
        fd = self._directory(directory)
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            return os.open(name, flags, _FILE_MODE, dir_fd=fd)
        finally:
            os.close(fd)

    def write(self, handle: int, piece: memoryview) -> int:
        """Plain ``write``."""
        return os.write(handle, piece)

    def sync(self, handle: int) -> None:
        """``fsync``."""
        os.fsync(handle)

    def close(self, handle: int) -> None:
        """Close."""
        os.close(handle)

    def rename(self, directory: str, old: str, new: str) -> None:
        """``renameat2(RENAME_NOREPLACE)``."""
        fd = self._directory(directory)
        try:
            syscalls.rename_noreplace(fd, old, new)
        except OSError as fault:
            if fault.errno != errno.EINVAL:
                raise
            # A file system that does not know the flag; we are its only user, so a checked rename is as good.
            if self._taken(fd, new):
                raise FileExistsError(errno.EEXIST, "name is taken") from fault
            os.rename(old, new, src_dir_fd=fd, dst_dir_fd=fd)
        finally:
            os.close(fd)

    @staticmethod
    def _taken(directory: int, name: str) -> bool:
        try:
            os.stat(name, dir_fd=directory, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return True

    def sync_directory(self, directory: str) -> None:
        """``fsync`` of the directory."""
        fd = self._directory(directory)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)

    def sync_all(self) -> None:
        """``syncfs``."""
        fd = self._directory(ROOT)
        try:
            syscalls.syncfs(fd)
        finally:
            os.close(fd)

    def read(self, directory: str, name: str, most: int) -> bytes:
        """The whole file, O_DIRECT into an aligned buffer."""
        folder = self._directory(directory)
        try:
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
            try:
                fd = os.open(name, flags | os.O_DIRECT, dir_fd=folder)
            except OSError as fault:
                if self._direct or fault.errno != errno.EINVAL:
                    raise
                fd = os.open(name, flags, dir_fd=folder)
                os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(folder)
        try:
            return _read_all(fd, most)
        finally:
            os.close(fd)

    def overwrite(self, directory: str, name: str, content: bytes) -> None:
        """In place, same length, synced."""
        folder = self._directory(directory)
        try:
            fd = os.open(name, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
        finally:
            os.close(folder)
        try:
            if os.fstat(fd).st_size != len(content):
                raise OSError(errno.EINVAL, "length differs")
            if os.pwrite(fd, content, 0) != len(content):
                raise OSError(errno.EIO, "short write")
            os.fsync(fd)
        finally:
            os.close(fd)

    def remove(self, directory: str, name: str) -> None:
        """Remove and sync the directory."""
        folder = self._directory(directory)
        try:
            if name.endswith("/"):
                os.rmdir(name.rstrip("/"), dir_fd=folder)
            else:
                os.unlink(name, dir_fd=folder)
            os.fsync(folder)
        finally:
            os.close(folder)


def open_directory(path: Path) -> int:
    """Descriptor of a directory."""
    return os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)


def _read_all(fd: int, most: int) -> bytes:
    size = os.fstat(fd).st_size
    if size > most:
        raise OSError(errno.EFBIG, "longer than announced")
    out = bytearray()
    with mmap.mmap(-1, PIECE) as aligned:
        while len(out) < size:
            got = os.readv(fd, [aligned])
            if got == 0:
                raise OSError(errno.EIO, "file ends early")
            out += aligned[:got]
    return bytes(out)
