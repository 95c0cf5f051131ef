"""What the tests of media share: a station's key, invented roles who sign, an enrolment, containers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from scanflow.levels import Level
from scanflow.media.deliver import Deliverable
from scanflow.media.desk import MediaDesk
from scanflow.media.enrolment import statement_digest
from scanflow.media.registry import ApprovedDevice

TODAY = date(2026, 11, 22)
SINCE, UNTIL = date(2026, 3, 1), date(2027, 3, 1)


@dataclass(frozen=True)
class SignOff:
    digest: str
    purpose: str = "enrol_medium"
    persons: tuple[str, ...] = ("supervisor-1", "officer-1")


@dataclass
class Key:
    private: Ed25519PrivateKey = field(default_factory=lambda: Ed25519PrivateKey.from_private_bytes(bytes(range(32))))

    def sign(self, message: bytes) -> bytes:
        return self.private.sign(message)

    def verify(self, message: bytes, signature: bytes) -> bool:
        try:
            self.private.public_key().verify(signature, message)
        except InvalidSignature:
            return False
        return True


def enrol_at(desk: MediaDesk, **wishes: object) -> ApprovedDevice:
    fields: dict[str, object] = {
        "name": "USB-01",
        "clearance": Level.TOI_MAT,
        "custodian": "thủ kho lưu trữ",
        "since": SINCE,
        "until": UNTIL,
    }
    draft = desk.draft(**{**fields, **wishes})  # type: ignore[arg-type]
    return desk.enrol(draft, SignOff(statement_digest(draft)))


def deliverable(name: str = "SF-2026-000001-001.p7m", size: int = 3000, level: Level = Level.MAT) -> Deliverable:
    content = (hashlib.sha256(name.encode()).digest() * (size // 32 + 1))[:size]
    return Deliverable(name, content, hashlib.sha256(content).hexdigest(), level)
