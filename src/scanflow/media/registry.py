"""The register of approved devices (sổ thiết bị nhớ được duyệt), in one SQLite file.

A row is the statement that two persons approved, signed by the station, and beside it the two things that
change: whether it was revoked, and the rolling token. The statement's signature is checked at each reading,
    so clearance or
dates edited in the file are seen. The register can be rebuilt from the ledger; it is not the truth, the
ledger is.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scanflow.levels import Level
from scanflow.media.errors import AlreadyEnrolled, NotEnrolled

Sign = Callable[[bytes], bytes]
"""Makes the station's signature over bytes (Ed25519 in the real wiring)."""
Verify = Callable[[bytes, bytes], bool]
"""``verify(message, signature)``: True only when the station's key made it; never raises."""

MASS_STORAGE = frozenset({(0x08, 0x06, 0x50), (0x08, 0x06, 0x62)})
"""Bulk-only and UAS with the SCSI command set: all that a plain stick may show."""

TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Lun:
    """One drive inside (ổ bên trong): ``kind`` is ``disk`` or ``cdrom``; one is marked for data."""

    number: int
    kind: str
    data: bool


@dataclass(frozen=True, slots=True)
class Model:
    """What a model of stick may look like (cấu tạo cho phép của loại thiết bị).

    The mandated encrypting stick's data sheet is not public; some show a read-only CD with the unlocking
    program, a second drive, or a vendor or smart-card interface. Such a model is described here, never
    guessed.

    Attributes:
        interfaces: allowed interface triples; the classes that could type, switch or talk are refused even
            if listed.
        luns: exactly these drives.
        unlocks: True when the data drive has no capacity until the stick is unlocked.
    """

    interfaces: frozenset[tuple[int, int, int]] = MASS_STORAGE
    luns: tuple[Lun, ...] = (Lun(0, "disk", True),)
    unlocks: bool = False

    @property
    def data_lun(self) -> int:
        """Number of the drive that takes the data."""
        return next(lun.number for lun in self.luns if lun.data)


@dataclass(frozen=True, slots=True)
class ApprovedDevice:
    """What two persons approved about one stick (mục đăng ký thiết bị).

    Attributes:
        name: register name given by the officer, e.g. ``USB-07``. custodian: role, never a person's name.
        raw_hashes: (speed in Mb/s, SHA-256 hex of the descriptor bytes at that speed).
        clearance: highest level it may hold; None is "unclassified" and is refused.
        size: bytes of the data drive. filesystem: vfat, exfat or ext4. uuid: the volume's serial or UUID.
    """

    name: str
    vid: int
    pid: int
    serial: str
    fingerprint: str
    raw_hashes: tuple[tuple[int, str], ...]
    clearance: Level | None
    custodian: str
    since: date
    until: date
    size: int
    filesystem: str
    uuid: str
    model: Model = Model()

    @property
    def device_id(self) -> str:
        """``vid:pid:serial``, the key of the register."""
        return device_id(self.vid, self.pid, self.serial)

    def statement(self) -> bytes:
        """The canonical JSON that is signed, kept in the register and put on the stick."""
        fields = {
            "what": "scanflow enrolment 1",
            "name": self.name,
            "device": self.device_id,
            "fingerprint": self.fingerprint,
            "raw": [list(each) for each in self.raw_hashes],
            "clearance": None if self.clearance is None else self.clearance.name,
            "custodian": self.custodian,
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "size": self.size,
            "filesystem": self.filesystem,
            "uuid": self.uuid,
            "interfaces": sorted(list(triple) for triple in self.model.interfaces),
            "luns": [[lun.number, lun.kind, lun.data] for lun in self.model.luns],
            "unlocks": self.model.unlocks,
        }
        return canonical(fields)

    @classmethod
    def from_statement(cls, raw: bytes) -> ApprovedDevice:
        """The device that :meth:`statement` told of.

        Raises:
            ValueError: not such a statement (KeyError and TypeError are turned into it).
        """
        try:
            fields = json.loads(raw)
            vid, pid, serial = str(fields["device"]).split(":", 2)
            clearance = fields["clearance"]
            return cls(
                name=fields["name"],
                vid=int(vid, 16),
                pid=int(pid, 16),
                serial=serial,
                fingerprint=fields["fingerprint"],
                raw_hashes=tuple((int(speed), str(digest)) for speed, digest in fields["raw"]),
                clearance=None if clearance is None else Level[clearance],
                custodian=fields["custodian"],
                since=date.fromisoformat(fields["since"]),
                until=date.fromisoformat(fields["until"]),
                size=int(fields["size"]),
                filesystem=fields["filesystem"],
                uuid=fields["uuid"],
                model=Model(
                    interfaces=frozenset((int(a), int(b), int(c)) for a, b, c in fields["interfaces"]),
                    luns=tuple(Lun(int(number), str(kind), bool(data)) for number, kind, data in fields["luns"]),
                    unlocks=bool(fields["unlocks"]),
                ),
            )
        except (KeyError, TypeError) as fault:
            raise ValueError("not an enrolment statement") from fault


@dataclass(frozen=True, slots=True)
class Entry:
    """A row as read: the device, whether the station's signature holds, whether it was revoked."""

    device: ApprovedDevice
    genuine: bool
    revoked: bool
    signature: bytes = b""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The rolling token: the settled one, and one that may or may not have reached the stick."""

    current: bytes
    pending: bytes | None


def device_id(vid: int, pid: int, serial: str) -> str:
    """Key of a device: ``0951:1666:60A44C…``."""
    return f"{vid:04x}:{pid:04x}:{serial}"


def canonical(value: object) -> bytes:
    """JSON with sorted keys and no blanks, UTF-8: equal values give equal bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


_SCHEMA = """
CREATE TABLE IF NOT EXISTS device (
    id TEXT PRIMARY KEY, statement BLOB NOT NULL, signature BLOB NOT NULL, revoked INTEGER NOT NULL DEFAULT 0,
    current BLOB NOT NULL, pending BLOB
) STRICT
"""


class Registry:
    """The register; one process, one connection at a time, rollback journal, each commit on the disk."""

    def __init__(self, path: Path, verify: Verify) -> None:
        """Open or make the file; ``verify`` checks the station's signature on each row."""
        self._path = path
        self._verify = verify
        with self._open() as db:
            db.execute(_SCHEMA)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=10)) as db:
            # EXTRA also syncs the directory: a token must not be forgotten after the stick has it.
            db.execute("PRAGMA journal_mode=DELETE")
            db.execute("PRAGMA synchronous=EXTRA")
            with db:
                yield db

    def entries(self) -> dict[str, Entry]:
        """All rows by device id. A row that cannot be read is given as not genuine, never left out."""
        with self._open() as db:
            rows = db.execute("SELECT id, statement, signature, revoked FROM device ORDER BY id").fetchall()
        return {key: self._entry(key, *rest) for key, *rest in rows}

    def _entry(self, key: str, statement: bytes, signature: bytes, revoked: int) -> Entry:
        try:
            device = ApprovedDevice.from_statement(statement)
        except ValueError:
            return Entry(_unreadable(key), genuine=False, revoked=bool(revoked))
        genuine = device.device_id == key and self._verify(statement, signature)
        return Entry(device, genuine, bool(revoked), signature)

    def add(self, device: ApprovedDevice, signature: bytes) -> bytes:
        """Enter a device; answers its first token, which must then be put on the stick.

        Raises:
            AlreadyEnrolled: the identity is there and not revoked.
            ValueError: ``signature`` is not the station's over the statement.
        """
        if not self._verify(device.statement(), signature):
            raise ValueError("the statement is not signed by the station")
        token = secrets.token_bytes(TOKEN_BYTES)
        with self._open() as db:
            row = db.execute("SELECT revoked FROM device WHERE id = ?", (device.device_id,)).fetchone()
            if row is not None and not row[0]:
                raise AlreadyEnrolled(device=device.name)
            db.execute(
                "INSERT OR REPLACE INTO device (id, statement, signature, current) VALUES (?, ?, ?, ?)",
                (device.device_id, device.statement(), signature, token),
            )
        return token

    def revoke(self, key: str) -> None:
        """Take a device off the list; it stays in the register, refused.

        Raises:
            NotEnrolled: no such row.
        """
        with self._open() as db:
            if db.execute("UPDATE device SET revoked = 1 WHERE id = ?", (key,)).rowcount != 1:
                raise NotEnrolled(device=key)

    def tokens(self, key: str) -> Tokens:
        """The tokens of a device.

        Raises:
            NotEnrolled: no such row.
        """
        with self._open() as db:
            row = db.execute("SELECT current, pending FROM device WHERE id = ?", (key,)).fetchone()
        if row is None:
            raise NotEnrolled(device=key)
        return Tokens(*row)

    def promise_token(self, key: str) -> bytes:
        """Draw the next token and keep it as pending, on the disk, **before** the stick is touched."""
        token = secrets.token_bytes(TOKEN_BYTES)
        with self._open() as db:
            if db.execute("UPDATE device SET pending = ? WHERE id = ?", (token, key)).rowcount != 1:
                raise NotEnrolled(device=key)
        return token

    def settle_token(self, key: str) -> None:
        """The stick holds the pending token: it becomes the current one."""
        with self._open() as db:
            db.execute(
                "UPDATE device SET current = pending, pending = NULL WHERE id = ? AND pending IS NOT NULL",
                (key,),
            )


def _unreadable(key: str) -> ApprovedDevice:
    return ApprovedDevice(
        key,
        0,
        0,
        key,
        "",
        (),
        None,
        "",
        date.min,
        date.min,
        0,
        "",
        "",
        Model(frozenset(), (Lun(0, "disk", True),)),
    )
