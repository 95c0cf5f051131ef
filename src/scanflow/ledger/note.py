"""Signed notes, checkpoints and cosignatures, byte for byte as C2SP writes them (đầu sổ có chữ ký).

Sources: c2sp.org/signed-note, c2sp.org/tlog-checkpoint, c2sp.org/tlog-cosignature. Any tool that knows those
can check our heads without scanflow. Ed25519 only: one algorithm, one way to fail.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from scanflow.ledger.errors import HeadRefused
from scanflow.ledger.merkle import Hash

ED25519: Final = 0x01
COSIGNATURE_V1: Final = 0x04
MAX_NOTE: Final = 64 * 1024
MAX_SIGNATURES: Final = 64

_NAME = re.compile(r"[^\s+]{1,128}")
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")
_DASH = "— "


class Signer(Protocol):
    """Whoever can sign with Ed25519: a key in a file or in a token."""

    def public_key(self) -> Ed25519PublicKey:
        """The public half."""
        ...

    def sign(self, data: bytes) -> bytes:
        """64 bytes of Ed25519 over ``data``."""
        ...


def raw_public(key: Ed25519PublicKey) -> bytes:
    """The 32 bytes of RFC 8032."""
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


@dataclass(frozen=True, slots=True)
class Verifier:
    """A key that may have signed: name, kind of signature and public key (C2SP *vkey*)."""

    name: str
    key: Ed25519PublicKey
    kind: int = ED25519

    @property
    def key_id(self) -> bytes:
        """First four bytes of ``SHA-256(name || LF || kind || key)``."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + raw_public(self.key)).digest()[:4]

    def __str__(self) -> str:
        """The vkey: ``name+hex(key id)+base64(kind || key)``; this one line is what an inspector is given."""
        blob = base64.b64encode(bytes([self.kind]) + raw_public(self.key)).decode()
        return f"{self.name}+{self.key_id.hex()}+{blob}"

    @classmethod
    def parse(cls, vkey: str) -> Verifier:
        """Read a vkey line.

        Raises:
            HeadRefused: malformed, or the key id does not belong to the key.
        """
        try:
            name, key_id, blob = vkey.strip().split("+", 2)
            raw = base64.b64decode(blob, validate=True)
            if raw[0] not in (ED25519, COSIGNATURE_V1) or not _NAME.fullmatch(name):
                raise ValueError("kind or name")
            found = cls(name, Ed25519PublicKey.from_public_bytes(raw[1:]), raw[0])
        except (ValueError, IndexError) as broken:
            raise HeadRefused(why="vkey") from broken
        if found.key_id.hex() != key_id:
            raise HeadRefused(why="vkey id")
        return found


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line of a note."""

    name: str
    key_id: bytes
    blob: bytes

    def line(self) -> str:
        """The line as written, with its newline."""
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.blob).decode()}\n"


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A person's valid cosignature: who (key name) and when (POSIX seconds, by that person's machine)."""

    name: str
    time: int


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A head: the log's size and root at one moment, with its signatures (đầu sổ).

    Attributes:
        origin: name of the log; also the name of the station's key.
        size: number of entries under it.
        root: RFC 6962 root hash.
        signatures: as read or made; unknown ones are kept and ignored.
    """

    origin: str
    size: int
    root: Hash
    signatures: tuple[Signature, ...] = ()

    @property
    def text(self) -> bytes:
        """The signed bytes: three lines."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n".encode()

    @property
    def note(self) -> bytes:
        """The whole note, as it goes on a stick, a form or into a QR code."""
        return self.text + b"\n" + "".join(s.line() for s in self.signatures).encode()

    def __str__(self) -> str:
        return self.note.decode()

    def signed_by(self, signer: Signer) -> Checkpoint:
        """With the log's own signature added (type 0x01)."""
        who = Verifier(self.origin, signer.public_key())
        return self._with(Signature(self.origin, who.key_id, signer.sign(self.text)))

    def cosigned_by(self, name: str, signer: Signer, time: int) -> Checkpoint:
        """With a witness's cosignature added (``cosignature/v1``, type 0x04); ``time`` in POSIX seconds."""
        who = Verifier(name, signer.public_key(), COSIGNATURE_V1)
        blob = time.to_bytes(8, "big") + signer.sign(_cosigned_message(time, self.text))
        return self._with(Signature(name, who.key_id, blob))

    def _with(self, signature: Signature) -> Checkpoint:
        return Checkpoint(self.origin, self.size, self.root, (*self.signatures, signature))

    def require_signed_by(self, log: Verifier) -> None:
        """Refuse unless the log's key signed these bytes.

        Raises:
            HeadRefused: other origin, no such signature, or a false one.
        """
        if self.origin != log.name:
            raise HeadRefused(why="origin")
        mine = [s for s in self.signatures if s.name == log.name and s.key_id == log.key_id]
        if not mine or not all(_holds(log.key, s.blob, self.text) for s in mine):
            raise HeadRefused(why="signature")

    def cosigners(self, known: tuple[Verifier, ...]) -> tuple[Cosigned, ...]:
        """Valid cosignatures of known witnesses; a false one by a known key refuses the whole note.

        Raises:
            HeadRefused: a known key's cosignature does not hold.
        """
        found = []
        for who in known:
            for s in self.signatures:
                if (s.name, s.key_id) != (who.name, who.key_id):
                    continue
                time = int.from_bytes(s.blob[:8], "big")
                if len(s.blob) != 72 or not _holds(who.key, s.blob[8:], _cosigned_message(time, self.text)):
                    raise HeadRefused(why="cosignature")
                found.append(Cosigned(who.name, time))
        return tuple(found)

    @classmethod
    def parse(cls, note: bytes) -> Checkpoint:
        """Read a checkpoint strictly: three lines, a blank one, signature lines; no extension lines.

        Raises:
            HeadRefused: any other shape.
        """
        try:
            if len(note) > MAX_NOTE:
                raise ValueError("too long")
            text, blank, tail = note.decode("utf-8", "strict").partition("\n\n")
            origin, size, root = text.split("\n")
            lines = tail.split("\n")
            if not blank or lines.pop() != "" or not 1 <= len(lines) <= MAX_SIGNATURES:
                raise ValueError("shape")
            if not _NAME.fullmatch(origin) or not _SIZE.fullmatch(size):
                raise ValueError("origin or size")
            found = cls(origin, int(size), _b64(root, 32, 32), tuple(_signature(one) for one in lines))
        except (ValueError, UnicodeDecodeError) as broken:
            raise HeadRefused(why="form") from broken
        if found.note != note:
            raise HeadRefused(why="form")
        return found


def _signature(line: str) -> Signature:
    if not line.startswith(_DASH):
        raise ValueError("signature line")
    name, blob = line[len(_DASH) :].split(" ")
    if not _NAME.fullmatch(name):
        raise ValueError("key name")
    raw = _b64(blob, 5, 8192)
    return Signature(name, raw[:4], raw[4:])


def _b64(text: str, least: int, most: int) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as broken:
        raise ValueError("base64") from broken
    if not least <= len(raw) <= most:
        raise ValueError("length")
    return raw


def _cosigned_message(time: int, text: bytes) -> bytes:
    return f"cosignature/v1\ntime {time}\n".encode() + text


def _holds(key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True
