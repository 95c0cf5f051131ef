"""A file system that was left in the middle of a write, mended by its own checker (sửa hệ thống tập tin).

The checkers of dosfstools, exfatprogs and e2fsprogs do this; nothing of it is our own. They only ever see a drive that
was judged, admitted and pinned, and a last run that changes nothing must find the file system clean.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass

ROUNDS = 4
"""Runs until it counts as not mendable: what one run of ``fsck.fat`` cuts off, the next two clear away (measured)."""
SECONDS = 1800
"""A checker that takes longer on a stick counts as failed."""

_SYSTEM = "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"


@dataclass(frozen=True, slots=True)
class Checker:
    """The checker of one file system: program, Debian package, words that mend and words that only look."""

    tool: str
    package: str
    mend: tuple[str, ...]
    look: tuple[str, ...]


CHECKERS = {
    "vfat": Checker("fsck.fat", "dosfstools", ("-a", "-w"), ("-n",)),
    "exfat": Checker("fsck.exfat", "exfatprogs", ("-y",), ("-n",)),
    "ext4": Checker("e2fsck", "e2fsprogs", ("-f", "-y"), ("-f", "-n")),
}


class NotMended(Exception):
    """The checker gave up; the text says how, for the log."""


class NoChecker(Exception):
    """The checker is not installed."""

    def __init__(self, checker: Checker) -> None:
        super().__init__(checker.tool)
        self.checker = checker


def mend(kind: str, node: int) -> None:
    """Mend the file system on an open block device (or image file) until the checker finds nothing more in it.

    Args:
        kind: ``vfat``, ``exfat`` or ``ext4``.
        node: descriptor; the checker opens it anew through /proc, so no name is trusted.

    Raises:
        NoChecker: it is not installed.
        NotMended: it took too long, or the file system is not clean afterwards.
    """
    checker = CHECKERS[kind]
    program = shutil.which(checker.tool, path=_SYSTEM)
    if program is None:
        raise NoChecker(checker)
    for _ in range(ROUNDS):
        _run(program, checker.mend, node)
        status = _run(program, checker.look, node)
        if status == 0:
            return
    raise NotMended(f"{checker.tool} {status}")


def _run(program: str, words: tuple[str, ...], node: int) -> int:
    try:
        done = subprocess.run(
            [program, *words, f"/proc/self/fd/{node}"],
            pass_fds=[node],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            cwd="/",
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotMended(f"{program} > {SECONDS} s") from None
    return done.returncode
