"""What file system lies on a drive, told from its first sectors, unmounted (nhận dạng hệ thống tập tin).

Only what a delivery needs: kind, serial or UUID, label, and whether it was left in the middle of a write.
    Layouts:
Microsoft FAT specification 1.03 §3, exFAT specification §3.1 and §7, Linux ``ext4/ext4.h``; Linux keeps its
FAT dirty flag in byte 65 (``FAT_STATE_DIRTY``), Windows in the second FAT entry.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scanflow.media.names import shown

ReadAt = Callable[[int, int], bytes]
"""``read(offset, size)`` in bytes; may answer less at the end of the drive."""

HEAD = 4096
FAT_LIMIT = (4 << 30) - 1
"""Bytes of the largest file on FAT32."""
_LABEL_SCAN = 4096
"""Bytes of the root directory searched for a label entry; mkfs writes it first."""


@dataclass(frozen=True, slots=True)
class Volume:
    """A recognised file system (hệ thống tập tin). ``uuid`` is written as ``blkid`` writes it."""

    kind: str
    uuid: str
    label: str
    dirty: bool

    @property
    def label_is_plain(self) -> bool:
        """False when the label holds a control, format or otherwise invisible character."""
        return shown(self.label, 128) == self.label

    @property
    def file_limit(self) -> int | None:
        """Largest file in bytes, or None."""
        return FAT_LIMIT if self.kind == "vfat" else None


def identify(read: ReadAt) -> Volume | None:
    """The file system that begins at offset 0; None for all but FAT32, exFAT and ext4."""
    head = read(0, HEAD)
    if len(head) < HEAD:
        return None
    if head[3:11] == b"EXFAT   " and head[510:512] == b"\x55\xaa":
        return _exfat(head, read)
    if head[82:90] == b"FAT32   " and head[510:512] == b"\x55\xaa":
        return _fat32(head, read)
    if head[1024 + 56 : 1024 + 58] == b"\x53\xef":
        return _ext4(head[1024:2048])
    return None


def _u16(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + 2], "little")


def _u32(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + 4], "little")


def _fat32(head: bytes, read: ReadAt) -> Volume | None:
    sector, cluster, reserved, tables, table = (
        _u16(head, 11),
        head[13],
        _u16(head, 14),
        head[16],
        _u32(head, 36),
    )
    if sector not in (512, 1024, 2048, 4096) or not cluster or not reserved or not tables or not table:
        return None
    entries = read(reserved * sector, 512)
    root = (reserved + tables * table + (_u32(head, 44) - 2) * cluster) * sector
    # Windows clears bit 27 of the second entry while it writes, bit 26 after an I/O error.
    clean = len(entries) >= 8 and _u32(entries, 4) & 0x0C000000 == 0x0C000000
    label = head[71:82]
    for entry in _entries(read(root, _LABEL_SCAN)):
        if entry[11] & 0x3F == 0x08 and entry[0] != 0xE5:
            label = entry[:11]
    serial = _u32(head, 67)
    return Volume(
        "vfat",
        f"{serial >> 16:04X}-{serial & 0xFFFF:04X}",
        label.rstrip(b" \x00").decode("cp437"),
        dirty=bool(head[65] & 0x03) or not clean,
    )


def _exfat(head: bytes, read: ReadAt) -> Volume | None:
    sector_shift, cluster_shift = head[108], head[109]
    if not 9 <= sector_shift <= 12 or cluster_shift > 25 - sector_shift:
        return None
    root = (_u32(head, 88) << sector_shift) + ((_u32(head, 96) - 2) << (sector_shift + cluster_shift))
    label = ""
    for entry in _entries(read(root, _LABEL_SCAN)):
        if entry[0] == 0x83:
            label = entry[2 : 2 + 2 * min(entry[1], 11)].decode("utf-16-le", "backslashreplace")
    serial = _u32(head, 100)
    return Volume("exfat", f"{serial >> 16:04X}-{serial & 0xFFFF:04X}", label, dirty=bool(_u16(head, 106) & 0x0006))


def _entries(directory: bytes) -> list[bytes]:
    cut = [directory[at : at + 32] for at in range(0, len(directory) - 31, 32)]
    for count, entry in enumerate(cut):
        if entry[0] == 0:
            return cut[:count]
    return cut


def _ext4(block: bytes) -> Volume:
    raw = block[104:120].hex()
    state, needs_recovery = _u16(block, 58), bool(_u32(block, 96) & 0x0004)
    return Volume(
        "ext4",
        f"{raw[:8]}-{raw[8:12]}-{raw[12:16]}-{raw[16:20]}-{raw[20:]}",
        block[120:136].split(b"\x00")[0].decode("utf-8", "backslashreplace"),
        dirty=not state & 0x0001 or bool(state & 0x0002) or needs_recovery,
    )
