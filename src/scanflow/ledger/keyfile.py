"""A private Ed25519 key in a file under a passphrase: Argon2id, AES-256-GCM (khóa có mật khẩu).

Source of the parameters: RFC 9106 §4, second recommended option (3 passes, 64 MiB, 4 lanes). Everything in
the file but the ciphertext is authenticated with it, so parameters cannot be weakened or public keys
exchanged unseen.
"""

from __future__ import annotations

import base64
import json
import secrets
import unicodedata
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from scanflow.ledger.canonical import encode
from scanflow.ledger.disk import RealDisk, replace_file
from scanflow.ledger.note import raw_public

_KDF: Final = {"kdf": "argon2id", "memory_kib": 64 * 1024, "passes": 3, "lanes": 4}
_FORMAT: Final = "scanflow key v1"
MIN_PASSPHRASE: Final = 12
"""Characters; a key file can be carried away and tried at leisure."""


class WrongPassphrase(ValueError):
    """The passphrase does not open the file."""


class NotAKeyFile(ValueError):
    """The file is not one of ours, was changed, or asks for other parameters."""


class WeakPassphrase(ValueError):
    """The passphrase is too short to protect a file."""


def create(path: Path, passphrase: str) -> Ed25519PrivateKey:
    """Make a new key and keep it at ``path`` (mode 0600); an existing file is not replaced.

    Raises:
        FileExistsError: there is a file already.
        WeakPassphrase: fewer than :data:`MIN_PASSPHRASE` characters.
    """
    if path.exists():
        raise FileExistsError(path.name)
    key = Ed25519PrivateKey.generate()
    replace_file(RealDisk(), path, seal(key, passphrase))
    path.chmod(0o600)
    return key


def seal(key: Ed25519PrivateKey, passphrase: str) -> bytes:
    """The content of a key file."""
    if len(passphrase) < MIN_PASSPHRASE:
        raise WeakPassphrase("too short")
    head: dict[str, Any] = {
        "format": _FORMAT,
        **_KDF,
        "salt": _b64(secrets.token_bytes(16)),
        "nonce": _b64(secrets.token_bytes(12)),
        "public": _b64(raw_public(key.public_key())),
    }
    box = AESGCM(_derive(passphrase, head)).encrypt(_raw(head["nonce"]), key.private_bytes_raw(), encode(head))
    return encode({**head, "box": _b64(box)}) + b"\n"


def unseal(content: bytes, passphrase: str) -> Ed25519PrivateKey:
    """Open the content of a key file.

    Raises:
        NotAKeyFile: malformed, or with other parameters than ours.
        WrongPassphrase: it does not open.
    """
    try:
        head = json.loads(content)
        box = _raw(head.pop("box"))
        if any(head.get(name) != value for name, value in {"format": _FORMAT, **_KDF}.items()) or len(head) != 8:
            raise ValueError("parameters")
        nonce, salt, public = (_raw(head[name]) for name in ("nonce", "salt", "public"))
        if (len(nonce), len(salt), len(public), len(box)) != (12, 16, 32, 48):
            raise ValueError("lengths")
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as broken:
        raise NotAKeyFile("malformed") from broken
    try:
        key = Ed25519PrivateKey.from_private_bytes(AESGCM(_derive(passphrase, head)).decrypt(nonce, box, encode(head)))
    except InvalidTag as wrong:
        raise WrongPassphrase("it does not open") from wrong
    if raw_public(key.public_key()) != public:
        raise NotAKeyFile("another public key")
    return key


def _derive(passphrase: str, head: dict[str, Any]) -> bytes:
    kdf = Argon2id(
        salt=_raw(head["salt"]),
        length=32,
        iterations=head["passes"],
        lanes=head["lanes"],
        memory_cost=head["memory_kib"],
    )
    return kdf.derive(unicodedata.normalize("NFC", passphrase).encode())  # keyboards differ in how they type dấu


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _raw(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
