"""The torn end that a power cut leaves: set aside and recorded, never silently cut (khôi phục).

The bytes go to a file of their own first, durably; then the ledger is cut; then the recovery is recorded. A
crash between the steps is found at the next start, since a file whose digest no entry names is still to be
recorded.
"""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

from scanflow.ledger.disk import Disk, replace_file
from scanflow.ledger.lines import open_ledger

_TORN = re.compile(r"\.torn-([0-9]{1,20})-([0-9a-f]{64})")
_NAMED = re.compile(rb'"digest":"([0-9a-f]{64})"[^\n]*"event":"log\.recovered"')


def torn_path(ledger: Path, at: int, tail: bytes) -> Path:
    """Where a torn tail that began at byte ``at`` is kept: the name holds its place and digest."""
    return ledger.with_name(f"{ledger.name}.torn-{at}-{sha256(tail).hexdigest()}")


def set_aside(disk: Disk, ledger: Path, fd: int, end: int, tail: bytes) -> None:
    """Keep ``tail`` in a file of its own, then cut the ledger to ``end`` bytes; both durable on return."""
    replace_file(disk, torn_path(ledger, end, tail), tail)
    disk.truncate(fd, end)
    disk.sync(fd)


def lost_tails(ledger: Path) -> list[tuple[int, str]]:
    """Size and digest of each tail that was set aside and is not yet recorded, in order of place."""
    kept: list[tuple[int, int, str]] = []
    for one in ledger.parent.glob(ledger.name + ".torn-*"):
        named = _TORN.fullmatch(one.name.removeprefix(ledger.name))
        if named:
            kept.append((int(named[1]), one.stat().st_size, named[2]))
    if not kept:
        return []
    with open_ledger(ledger) as stream:
        recorded = {digest.decode() for line in stream for digest in _NAMED.findall(line)}
    return [(size, digest) for _, size, digest in sorted(kept) if digest not in recorded]
