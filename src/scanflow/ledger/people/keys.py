"""Keys of persons: what a signature is, and where the private half lives (khóa cá nhân).

Ed25519 in a file under a passphrase, or an EC key (P-256, P-384) in a PKCS#11 token (``people.token``).
Nothing secret comes in by an argument of the command line or by the environment: the caller asks the person
and hands it over.
"""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import Final, Protocol, TypeAlias

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from scanflow.ledger.catalogue.people import PersonSignature
from scanflow.ledger.people.errors import KeyNotAccepted
from scanflow.ledger.statement import Statement

PublicKey: TypeAlias = Ed25519PublicKey | ec.EllipticCurvePublicKey
CURVES: Final[dict[type[ec.EllipticCurve], hashes.HashAlgorithm]] = {
    ec.SECP256R1: hashes.SHA256(),
    ec.SECP384R1: hashes.SHA384(),
}


class PersonKey(Protocol):
    """A person's private key, unlocked."""

    @property
    def public(self) -> str:
        """The public half: SubjectPublicKeyInfo, base64."""
        ...

    def sign(self, data: bytes) -> bytes:
        """Ed25519, or ECDSA in DER with the hash of the curve's size."""
        ...


class FileKey:
    """An Ed25519 key that was unlocked from its file; it can also cosign heads (``signer``)."""

    def __init__(self, signer: Ed25519PrivateKey) -> None:
        self.signer = signer

    @property
    def public(self) -> str:
        """See :class:`PersonKey`."""
        return spki(self.signer.public_key())

    def sign(self, data: bytes) -> bytes:
        """See :class:`PersonKey`."""
        return self.signer.sign(data)


def sign(statement: Statement, person: str, key: PersonKey) -> PersonSignature:
    """One person's signature over a statement."""
    signature = base64.b64encode(key.sign(statement.signed_bytes)).decode()
    return PersonSignature(person=person, signature=signature)


def holds(statement: Statement, signature: PersonSignature, public: str) -> bool:
    """Whether ``signature`` was made by ``public`` over exactly these bytes."""
    key = read_public(public)
    try:
        raw = base64.b64decode(signature.signature, validate=True)
        if isinstance(key, Ed25519PublicKey):
            key.verify(raw, statement.signed_bytes)
        else:
            key.verify(raw, statement.signed_bytes, ec.ECDSA(CURVES[type(key.curve)]))
    except (InvalidSignature, ValueError):
        return False
    return True


def spki(key: PublicKey) -> str:
    """A public key as the ledger holds it."""
    return base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def key_id(public: str) -> str:
    """SHA-256 of the SubjectPublicKeyInfo, hex: what "the same key" means."""
    return sha256(base64.b64decode(public)).hexdigest()


def read_public(public: str) -> PublicKey:
    """Read a public key; exactly one spelling of each key is accepted.

    Raises:
        KeyNotAccepted: another kind, another curve, or another encoding of the same key.
    """
    try:
        key = load_der_public_key(base64.b64decode(public, validate=True))
    except (ValueError, UnsupportedAlgorithm) as broken:
        raise KeyNotAccepted() from broken
    if isinstance(key, ec.EllipticCurvePublicKey):
        known = type(key.curve) in CURVES
    else:
        known = isinstance(key, Ed25519PublicKey)
    if not known or not isinstance(key, Ed25519PublicKey | ec.EllipticCurvePublicKey) or spki(key) != public:
        raise KeyNotAccepted()
    return key
