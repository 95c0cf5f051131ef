"""A home for one key: memory that is not swapped, not dumped and, where the kernel can, not readable at all.

``memfd_secret(2)`` (Linux 5.14) takes the pages out of the kernel's direct map: ``/proc/PID/mem``, ptrace and
a core dump cannot read them, not even as root. Where it is off, an anonymous mapping is locked (``mlock``)
and left out of dumps and children; :attr:`SecretMemory.home` says which of the two it is, and the ledger
records it.
"""

from __future__ import annotations

import ctypes
import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from typing import NoReturn

from scanflow.sealing.errors import HostWithoutSafeMemory

_SYS_MEMFD_SECRET = 447
"""The same number on every architecture (Linux unified numbering since 5.1)."""
_MADV_DONTDUMP = 16
_MADV_DONTFORK = 10
_libc = ctypes.CDLL(None, use_errno=True)


class KeyHome(StrEnum):
    """Where a key lives (nơi giữ khóa), strongest first."""

    MEMFD_SECRET = "memfd_secret"  # noqa: S105 (the name of a system call)
    MLOCKED = "mlocked"


class SecretMemory:
    """A few bytes of secret memory, wiped and unmapped by `destroy`; never copied, printed or pickled."""

    __slots__ = ("_map", "_size", "home")

    def __init__(self, size: int, *, homes: tuple[KeyHome, ...] = tuple(KeyHome)) -> None:
        """Map ``size`` bytes in the first of ``homes`` that this host gives.

        Raises:
            HostWithoutSafeMemory: none of them can be had.
        """
        self._size = size
        for home in homes:
            mapped = _MAKERS[home]()
            if mapped is not None:
                self._map: mmap.mmap | None = mapped
                self.home = home
                return
        self._map = None
        raise HostWithoutSafeMemory()

    @property
    def alive(self) -> bool:
        """Whether the memory still exists."""
        return self._map is not None

    @contextmanager
    def lent(self) -> Iterator[memoryview]:
        """A writable view for the length of a ``with``; it is dead afterwards.

        Raises:
            ValueError: the memory was destroyed.
        """
        if self._map is None:
            raise ValueError("secret memory was destroyed")
        with memoryview(self._map) as whole, whole[: self._size] as view:
            yield view

    def randomise(self) -> None:
        """Fill with random bytes straight from the kernel; they never lie anywhere else.

        Raises:
            OSError: the kernel gave no randomness.
        """
        with self.lent() as view:
            anchor = ctypes.c_char.from_buffer(view)
            given = _libc.getrandom(
                ctypes.c_void_p(ctypes.addressof(anchor)), ctypes.c_size_t(self._size), ctypes.c_uint(0)
            )
            del anchor
        if given != self._size:
            raise OSError(ctypes.get_errno(), "getrandom")

    def destroy(self) -> None:
        """Overwrite with zeros and unmap; idempotent."""
        if self._map is None:
            return
        mapped, self._map = self._map, None
        mapped[:] = bytes(mmap.PAGESIZE)
        with suppress(BufferError):  # a view is still lent in another thread: it now sees zeros only
            mapped.close()

    def __repr__(self) -> str:
        return f"<SecretMemory {self.home} {'alive' if self.alive else 'destroyed'}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("secret memory is not copied or pickled")


def _memfd_secret() -> mmap.mmap | None:
    descriptor = _libc.syscall(_SYS_MEMFD_SECRET, os.O_CLOEXEC)
    if descriptor < 0:
        return None
    try:
        os.ftruncate(descriptor, mmap.PAGESIZE)
        mapped = mmap.mmap(descriptor, mmap.PAGESIZE, mmap.MAP_SHARED)
    except OSError:  # RLIMIT_MEMLOCK, or secretmem switched off at boot
        return None
    finally:
        os.close(descriptor)
    try:
        mapped.madvise(_MADV_DONTFORK)  # a child must not inherit the key
    except OSError:
        mapped.close()
        return None
    return mapped


def _mlocked() -> mmap.mmap | None:
    mapped = mmap.mmap(-1, mmap.PAGESIZE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    anchor = ctypes.c_char.from_buffer(mapped)
    locked = _libc.mlock(ctypes.c_void_p(ctypes.addressof(anchor)), ctypes.c_size_t(mmap.PAGESIZE)) == 0
    del anchor
    if not locked:
        mapped.close()
        return None
    mapped.madvise(_MADV_DONTDUMP)
    mapped.madvise(_MADV_DONTFORK)
    return mapped


_MAKERS = {KeyHome.MEMFD_SECRET: _memfd_secret, KeyHome.MLOCKED: _mlocked}
