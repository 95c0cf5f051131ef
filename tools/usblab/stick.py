"""A USB stick in Python: bulk-only transport, the SCSI commands that Linux uses, a disk to tear out.

Linux skips the caching page of USB disks and sends no SYNCHRONIZE CACHE unless it is told that there is a
cache; what was written but not flushed is therefore kept apart here, so that a test can lose any part of it.
"""

from __future__ import annotations

import struct
import threading
from dataclasses import dataclass, field

from tools.usblab.vhci import PyDevice, Stalled, Yanked

SECTOR = 512


@dataclass
class Disk:
    """The memory of a stick: its content, and the order in which writes and flushes came."""

    content: bytearray
    writes: list[tuple[int, bytes]] = field(default_factory=list)
    """(first sector, data); data b"" marks a flush."""
    yank_after: tuple[int, int] | None = None
    """(writes, sectors of the next write) after which it is torn out."""
    read_only: bool = False
    flushable: bool = True
    drop_from: int | None = None
    """First byte that is silently not kept (false capacity)."""
    wrap_at: int | None = None
    """Size in bytes at which addresses wrap (false capacity)."""
    log: bool = True
    claimed: int | None = None
    fail_from: int | None = None
    """First byte whose writing fails with a medium error."""
    count: int = 0

    @property
    def written(self) -> bool:
        """Whether any data came (a flush is none)."""
        return any(data for _, data in self.writes)

    @property
    def sectors(self) -> int:
        """Claimed size in sectors."""
        return (self.claimed if self.claimed is not None else len(self.content)) // SECTOR

    def read(self, sector: int, count: int) -> bytes:
        """Sectors as the host sees them."""
        start, size = sector * SECTOR, count * SECTOR
        if self.wrap_at is not None:
            start %= self.wrap_at
        got = bytes(self.content[start : start + size])
        return got.ljust(size, b"\x00")

    def write(self, sector: int, data: bytes) -> None:
        """Raises Yanked at the chosen instant, with the sectors before it on the disk."""
        if self.fail_from is not None and sector * SECTOR + len(data) > self.fail_from:
            raise CommandFailed(0x03, 0x0C)
        torn: bytes | None = None
        if self.yank_after is not None and self.count >= self.yank_after[0]:
            torn = data[: self.yank_after[1] * SECTOR]
        self.count += 1
        kept = data if torn is None else torn
        start = sector * SECTOR
        if self.wrap_at is not None:
            start %= self.wrap_at
        if self.drop_from is not None and start >= self.drop_from:
            kept = b""
        if kept:
            self.content[start : start + len(kept)] = kept
            if self.log:
                self.writes.append((sector, bytes(kept)))
        if torn is not None:
            raise Yanked

    def flush(self) -> None:
        """SYNCHRONIZE CACHE."""
        if not self.flushable:
            raise CommandFailed(0x05, 0x20)
        if self.log:
            self.writes.append((0, b""))


class CommandFailed(Exception):
    """CHECK CONDITION with sense key and code."""

    def __init__(self, key: int, code: int) -> None:
        super().__init__(key, code)
        self.key, self.code = key, code


class PyStick(PyDevice):
    """Mass storage over bulk-only transport, one or more LUNs (a None disk is an empty drive)."""

    def __init__(
        self,
        raw: bytes,
        strings: dict[int, str],
        disks: list[Disk | None],
        speed: int = 480,
        types: list[int] | None = None,
    ) -> None:
        super().__init__(raw, strings, speed)
        self.disks = disks
        self.types = types or [0] * len(disks)
        self._sense = (0, 0)
        self._answer: list[bytes] = []
        self._pending: tuple[int, int, int] | None = None
        self._expected = 0
        self._received = bytearray()
        self._tag = 0
        self._block = threading.Lock()

    def class_request(self, kind: int, request: int, value: int, index: int) -> bytes:
        """Get Max LUN and reset (BOT 1.0 §3)."""
        if kind == 0xA1 and request == 0xFE:
            return bytes((len(self.disks) - 1,))
        if kind == 0x21 and request == 0xFF:
            return b""
        raise Stalled

    def bulk_out(self, endpoint: int, data: bytes) -> None:
        """A command, or data of one."""
        if self._pending is not None:
            self._received += data
            if len(self._received) >= self._expected:
                self._finish_write()
            return
        if len(data) != 31 or data[:4] != b"USBC":
            raise Stalled
        self._tag, length, flags, lun = struct.unpack_from("<IIBB", data, 4)
        self._command(data[15:31], length, flags & 0x80, lun & 0x0F)

    def bulk_in(self, endpoint: int, length: int, number: int) -> bytes | None:
        """Data of a command, then its status."""
        if not self._answer:
            return None
        item = self._answer.pop(0)
        if len(item) > length:  # the host takes one transfer in several requests
            self._answer.insert(0, item[length:])
        return item[:length]

    def _status(self, residue: int, failed: int) -> None:
        self._answer.append(struct.pack("<4sIIB", b"USBS", self._tag, residue, failed))

    def _command(self, cdb: bytes, length: int, inward: int, lun: int) -> None:
        self._answer.clear()
        try:
            if cdb[0] in (0x2A, 0x8A):
                disk = self._disk(lun)
                sector, count = struct.unpack_from(">I", cdb, 2)[0], struct.unpack_from(">H", cdb, 7)[0]
                if disk.read_only:
                    self._pending, self._expected = (-1, lun, sector), length
                elif sector + count > disk.sectors:
                    raise CommandFailed(0x05, 0x21)
                else:
                    self._pending, self._expected = (sector, lun, count), length
                self._received.clear()
                return
            answer = self._answer_to(cdb, lun)
        except CommandFailed as fault:
            self._sense = (fault.key, fault.code)
            if inward and length:
                self._answer.append(b"")
            self._status(length, 1)
            return
        if inward and length:
            answer = answer[:length]
            self._answer.append(answer)
            self._status(length - len(answer), 0)
        else:
            self._status(0, 0)

    def _finish_write(self) -> None:
        assert self._pending is not None
        sector, lun, _ = self._pending
        self._pending = None
        if sector < 0:
            self._sense = (0x07, 0x27)
            self._status(0, 1)
            return
        try:
            self._disk(lun).write(sector, bytes(self._received))
        except CommandFailed as fault:
            self._sense = (fault.key, fault.code)
            self._status(0, 1)
            return
        self._status(0, 0)

    def _disk(self, lun: int) -> Disk:
        disk = self.disks[lun] if lun < len(self.disks) else None
        if disk is None or disk.sectors == 0:
            raise CommandFailed(0x02, 0x3A)
        return disk

    def _answer_to(self, cdb: bytes, lun: int) -> bytes:
        code = cdb[0]
        if code == 0x12:
            if cdb[1] & 1:
                raise CommandFailed(0x05, 0x24)
            kind = self.types[lun] if lun < len(self.types) else 0x7F
            return bytes((kind, 0x80, 4, 2, 31, 0, 0, 0)) + b"LAB     " + b"PYTHON STICK    " + b"1.00"
        if code == 0x03:
            key, extra = self._sense
            self._sense = (0, 0)
            return bytes((0x70, 0, key, 0, 0, 0, 0, 10, 0, 0, 0, 0, extra, 0, 0, 0, 0, 0))
        if code == 0x00:
            self._disk(lun)
            return b""
        if code == 0x25:
            return struct.pack(">II", self._disk(lun).sectors - 1, SECTOR)
        if code == 0x28:
            disk = self._disk(lun)
            sector, count = struct.unpack_from(">I", cdb, 2)[0], struct.unpack_from(">H", cdb, 7)[0]
            return disk.read(sector, count)
        if code == 0x1A:
            present = self.disks[lun] if lun < len(self.disks) else None
            return bytes((3, 0, 0x80 if present is not None and present.read_only else 0, 0))
        if code == 0x35:
            self._disk(lun).flush()
            return b""
        if code in (0x1E, 0x1B):
            return b""
        raise CommandFailed(0x05, 0x20)
