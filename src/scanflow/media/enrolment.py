"""What an enrolled stick carries: the signed record and the rolling token (bản ghi duyệt và mã luân phiên).

A plain flash stick keeps no secret, so it can be copied bit by bit. The token makes the copy visible: it
changes at each session, and the register keeps the settled one and the one that was promised last. Whichever
of two copies is used first goes on; the other then shows a token that is past, and is refused with an alarm.
The register is written before the stick, and the stick has two slots used in turn, so no instant of a yank
locks an honest stick out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from scanflow.errors import Words
from scanflow.media import errors
from scanflow.media.filesystem import ROOT, Filesystem
from scanflow.media.medium import VolumeFacts
from scanflow.media.registry import TOKEN_BYTES, ApprovedDevice, Entry, Registry, Sign, Tokens, Verify
from scanflow.media.signed import NotSigned, unwrap, wrap_statement

DIRECTORY = ".scanflow"
RECORD = "enrolment.txt"
RECORD_KIND = "scanflow enrolment 1"
SLOTS = ("token-0.txt", "token-1.txt")
SLOT_BYTES = 512
"""One sector, so that overwriting a slot is one write of the medium."""
RECORD_MAX = 64 * 1024

PURPOSE_ENROL = "enrol_medium"
PURPOSE_REVOKE = "revoke_medium"


class SignOffLike(Protocol):
    """The approval of two persons, made elsewhere (ký duyệt của hai người)."""

    @property
    def purpose(self) -> str:
        """What was approved: ``enrol_medium`` or ``revoke_medium``."""

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the statement that was approved."""

    @property
    def persons(self) -> Collection[str]:
        """Identifiers of the persons who signed."""


def statement_digest(device: ApprovedDevice) -> str:
    """What two persons sign for when they enrol ``device`` (the same when they revoke it)."""
    return hashlib.sha256(device.statement()).hexdigest()


def require_two(sign_off: SignOffLike, purpose: str, digest: str) -> None:
    """Nothing is enrolled or revoked without this.

    Raises:
        SignOffMissing: fewer than two different persons, another purpose, or another statement.
    """
    if sign_off.purpose != purpose or sign_off.digest != digest or len(set(sign_off.persons)) < 2:
        raise errors.SignOffMissing


@dataclass(frozen=True, slots=True)
class _Slot:
    sequence: int
    token: bytes


def slot_bytes(sequence: int, token: bytes) -> bytes:
    """One slot: ``sequence token digest`` in hex, padded to a sector."""
    head = f"{sequence} {token.hex()}"
    line = f"{head} {hashlib.sha256(head.encode()).hexdigest()}\n".encode()
    return line.ljust(SLOT_BYTES - 1) + b"\n"


def _read_slot(raw: bytes) -> _Slot | None:
    words = raw.split()
    if len(raw) != SLOT_BYTES or len(words) != 3:
        return None
    if hashlib.sha256(words[0] + b" " + words[1]).hexdigest().encode() != words[2]:
        return None
    try:
        return _Slot(int(words[0]), bytes.fromhex(words[1].decode()))
    except ValueError:
        return None


def put_record(filesystem: Filesystem, device: ApprovedDevice, token: bytes, sign: Sign) -> None:
    """Write record and slots onto a stick; what an earlier enrolment left there goes first.

    Raises:
        OSError: as the medium does.
    """
    if f"{DIRECTORY}/" in filesystem.names(ROOT):
        for name in filesystem.names(DIRECTORY):
            filesystem.remove(DIRECTORY, name)
    else:
        filesystem.make_directory(DIRECTORY)
        filesystem.sync_directory(ROOT)
    record = wrap_statement(device.statement(), sign)
    for name, content in (
        (SLOTS[0], slot_bytes(0, token)),
        (SLOTS[1], slot_bytes(-1, bytes(TOKEN_BYTES))),
        (RECORD, record),
    ):
        handle = filesystem.create(DIRECTORY, name)
        try:
            view = memoryview(content)
            while view:
                view = view[filesystem.write(handle, view) :]
            filesystem.sync(handle)
        finally:
            filesystem.close(handle)
        filesystem.sync_directory(DIRECTORY)
    filesystem.sync_all()


def check_record(
    filesystem: Filesystem, name: str, entry: Entry, volume: VolumeFacts, tokens: Tokens, verify: Verify
) -> None:
    """Compare a stick's record, volume and token with the register; nothing is written.

    Args:
        filesystem: the stick, mounted read-only.
        name: for the sentences.
        entry: of the register.
        volume: as attached.
        tokens: of the register.
        verify: checks the station's signature.

    Raises:
        RecordInvalid, WrongFilesystem, CloneSuspected: they do not belong together.
        OSError: the stick cannot be read.
    """
    device = entry.device
    if (volume.size, volume.filesystem, volume.uuid) != (device.size, device.filesystem, device.uuid):
        raise errors.WrongFilesystem(device=name, found=volume.filesystem)
    try:
        raw = filesystem.read(DIRECTORY, RECORD, RECORD_MAX)
        statement, _ = unwrap(RECORD_KIND, raw, verify)
    except FileNotFoundError as fault:
        raise errors.RecordInvalid(device=name, why=Words("không có bản ghi", "no record")) from fault
    except NotSigned as fault:
        raise errors.RecordInvalid(device=name, why=Words("sai chữ ký", "wrong signature")) from fault
    if statement != device.statement():
        raise errors.RecordInvalid(device=name, why=Words("khác sổ đăng ký", "unlike the register"))
    newest = newest_slot(filesystem)
    if newest is None:
        raise errors.RecordInvalid(device=name, why=Words("không có mã luân phiên", "no rolling token"))
    if newest.token not in (tokens.current, tokens.pending):
        raise errors.CloneSuspected(device=name, why=Words("mã luân phiên đã cũ", "the rolling token is old"))


def newest_slot(filesystem: Filesystem) -> _Slot | None:
    """The valid slot with the highest sequence, or None."""
    slots: list[_Slot] = []
    for name in SLOTS:
        try:
            slot = _read_slot(filesystem.read(DIRECTORY, name, SLOT_BYTES))
        except FileNotFoundError:
            slot = None
        if slot is not None:
            slots.append(slot)
    return max(slots, key=lambda slot: slot.sequence, default=None)


def roll_token(filesystem: Filesystem, registry: Registry, key: str) -> None:
    """Change the token: register first, then the older slot of the stick, then the register settles.

    Raises:
        RecordInvalid: the stick has no valid slot any more.
        OSError: as the medium does; the register then knows both tokens.
    """
    newest = newest_slot(filesystem)
    if newest is None:
        raise errors.RecordInvalid(device=key, why=Words("không có mã luân phiên", "no rolling token"))
    if newest.token == registry.tokens(key).pending:
        # A session that broke off after the stick had it: it is settled before another one is promised.
        registry.settle_token(key)
    token = registry.promise_token(key)
    filesystem.overwrite(DIRECTORY, _other_slot(filesystem, newest), slot_bytes(newest.sequence + 1, token))
    filesystem.sync_all()
    registry.settle_token(key)


def _other_slot(filesystem: Filesystem, newest: _Slot) -> str:
    first = _read_slot(filesystem.read(DIRECTORY, SLOTS[0], SLOT_BYTES))
    return SLOTS[1] if first == newest else SLOTS[0]
