"""Whether a stick holds what it claims (kiểm tra dung lượng giả).

Sticks of false capacity either drop what lies beyond their real size or wrap around and overwrite the
beginning. Marks that tell their own place are written at the end, at powers of two and at some odd places;
only when all are written and the caches dropped are they read back. What was there before is put back, so a
fresh file system survives. A probe cannot prove a stick honest (f3 writes it full); it finds the kinds that
are sold.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import secrets
from pathlib import Path

from scanflow.media import syscalls
from scanflow.media.drive import open_node, read_direct

BLOCK = 4096
_FIRST = 1 << 20
_EVENLY = 16


def places(size: int) -> list[int]:
    """Offsets to mark: powers of two, their neighbours below, even steps, and the very end; from 1 MiB on."""
    last = (size // BLOCK - 1) * BLOCK
    found = {last}
    power = _FIRST
    while power < size:
        found |= {power, power - BLOCK}
        power *= 2
    found |= {last * step // _EVENLY // BLOCK * BLOCK for step in range(1, _EVENLY)}
    return sorted(place for place in found if 0 < place <= last)


def mark(nonce: bytes, place: int) -> bytes:
    """4096 bytes that only this probe has at this place."""
    seed = hashlib.sha256(nonce + place.to_bytes(8, "big")).digest()
    return seed * (BLOCK // len(seed))


def probe(part: Path, size: int) -> int | None:
    """Probe the drive behind a sysfs block directory.

    Returns:
        The lowest offset whose mark did not come back, or None when all did.

    Raises:
        OSError: it cannot be read or written.
    """
    nonce = secrets.token_bytes(16)
    node = open_node(part, os.O_RDWR | os.O_DIRECT | os.O_EXCL)
    try:
        spots = places(size)
        before = {place: read_direct(node, place, BLOCK) for place in spots}
        try:
            for place in reversed(spots):
                _write_direct(node, place, mark(nonce, place))
            os.fsync(node)
            syscalls.flush_buffers(node)
            bad = [place for place in spots if read_direct(node, place, BLOCK) != mark(nonce, place)]
        finally:
            for place in spots:
                _write_direct(node, place, before[place])
            os.fsync(node)
    finally:
        os.close(node)
    return min(bad, default=None)


def _write_direct(node: int, place: int, content: bytes) -> None:
    with mmap.mmap(-1, len(content)) as aligned:
        aligned[:] = content
        if os.pwritev(node, [aligned], place) != len(content):
            raise OSError(5, "short write")
