"""A process that holds pages keeps them to itself: no core file, nobody attaches, no swap (bộ nhớ không ra đĩa).

Locked memory is neither inherited by a child nor kept over ``exec``, so each process that is handed pages calls
`harden_process` itself: the station, the scanner's child, the OCR workers.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_MCL_CURRENT, _MCL_FUTURE, _MCL_ONFAULT = 1, 2, 4
_PR_SET_DUMPABLE = 4
_CAP_IPC_LOCK = 14
_M_PERTURB, _FILL = -6, 0x55
FORGETFUL: Mapping[str, str] = {"PYTHONMALLOC": "malloc", "GLIBC_TUNABLES": "glibc.malloc.tcache_count=0"}
"""Environment in which small pieces that are freed go back to where `freed_is_overwritten` reaches them.

Python's own allocator (pieces up to 512 bytes) and glibc's cache of each thread (up to 1 KiB) keep what was freed as it
was, and both are chosen when a process begins. Costs the gate nothing that can be measured (docs/sealing.md).
"""
_turn = threading.Lock()
_inside = 0


def harden_process() -> bool:
    """Keep this process out of core files and swap as far as its rights allow; whether its memory is locked.

    Source: ``prctl(2)``, ``mlockall(2)``; measured in Debian 12.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    return memory_is_locked()


def start_over_forgetful() -> None:
    """Begin this program anew under `FORGETFUL`, unless it runs so already; same process, same words, same streams."""
    if os.environ.get("PYTHONMALLOC") != FORGETFUL["PYTHONMALLOC"]:
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], os.environ | FORGETFUL)  # noqa: S606


def memory_is_locked() -> bool:
    """Lock all memory of this process, present and future; whether the kernel agreed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_MEMLOCK)
    if hard == resource.RLIM_INFINITY and soft != hard:
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (hard, hard))
        soft = hard
    if soft != resource.RLIM_INFINITY and not _has_ipc_lock():
        return False  # with a limit a later allocation would fail instead of staying unlocked
    return bool(ctypes.CDLL(None).mlockall(_MCL_CURRENT | _MCL_FUTURE | _MCL_ONFAULT) == 0)


@contextmanager
def freed_is_overwritten() -> Iterator[None]:
    """What any thread frees while the block lasts is overwritten (``mallopt(3)``, M_PERTURB).

    For the moments in which words of a page are decoded, encoded and set: a search of the machine's memory found them
    in what the station had freed. Not for good, since at the gate it would cost a sixth more. Pieces under 1 KiB are
    overwritten in a process that began under `FORGETFUL`.
    """
    global _inside
    libc = ctypes.CDLL(None)
    with _turn:
        _inside += 1
        libc.mallopt(_M_PERTURB, _FILL)
    try:
        yield
    finally:
        with _turn:
            _inside -= 1
            if _inside == 0:
                libc.mallopt(_M_PERTURB, 0)


def _has_ipc_lock() -> bool:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    effective = int(next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff")), 16)
    return bool(effective >> _CAP_IPC_LOCK & 1)
