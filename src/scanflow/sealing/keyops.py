"""Wrapping a content key to a certificate, and unwrapping it with a private key from a file or a token.

ECDH on P-384 with the X9.63 KDF (SHA-256) and AES-256 key wrap is the default; RSA-OAEP serves tokens that
need it. PKCS#1 v1.5 does not exist here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.kdf.x963kdf import X963KDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from scanflow.sealing.cms import KEY_SIZE, Agreement, KeyId, OaepHash, RecipientInfo, Transport, shared_info
from scanflow.sealing.errors import ContainerForged, KeyUnusable

_OAEP_HASHES: dict[OaepHash, type[hashes.SHA1] | type[hashes.SHA256]] = {
    OaepHash.SHA1: hashes.SHA1,
    OaepHash.SHA256: hashes.SHA256,
}


class PrivateKeyOps(Protocol):
    """What opening asks of a private key; the key itself never has to leave its token."""

    def agree(self, point: bytes) -> bytes:
        """ECDH on P-384: the 48-byte x coordinate shared with the uncompressed ``point`` (97 bytes)."""
        ...

    def decrypt_oaep(self, wrapped: bytes, oaep: OaepHash) -> bytes:
        """RSA-OAEP decryption of a wrapped key."""
        ...


@dataclass(frozen=True, slots=True)
class SoftwareKey:
    """A private key loaded from a file."""

    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

    def agree(self, point: bytes) -> bytes:
        """See `PrivateKeyOps`.

        Raises:
            ContainerForged: the point is not on the curve.
            KeyUnusable: not a P-384 key.
        """
        if not isinstance(self.key, ec.EllipticCurvePrivateKey):
            raise KeyUnusable(why="not an EC P-384 key", why_vi="không phải khóa EC P-384")
        try:
            peer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP384R1(), point)
            return self.key.exchange(ec.ECDH(), peer)
        except ValueError as fault:
            raise ContainerForged() from fault

    def decrypt_oaep(self, wrapped: bytes, oaep: OaepHash) -> bytes:
        """See `PrivateKeyOps`.

        Raises:
            ContainerForged: the wrapped key does not decrypt.
            KeyUnusable: not an RSA key.
        """
        if not isinstance(self.key, rsa.RSAPrivateKey):
            raise KeyUnusable(why="not an RSA key", why_vi="không phải khóa RSA")
        try:
            return self.key.decrypt(wrapped, _oaep_padding(oaep))
        except ValueError as fault:
            raise ContainerForged() from fault


def load_private_key(pem: bytes, passphrase: str | None = None) -> SoftwareKey:
    """A private key from PEM (PKCS#8).

    Raises:
        KeyUnusable: unreadable, wrong or missing passphrase, or neither EC nor RSA.
    """
    secret = passphrase.encode() if passphrase is not None else None
    try:
        key = serialization.load_pem_private_key(pem, secret)
    except (ValueError, TypeError) as fault:
        raise KeyUnusable(why="unreadable or wrong passphrase", why_vi="không đọc được hoặc sai mật khẩu") from fault
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise KeyUnusable(why="neither EC nor RSA", why_vi="không phải khóa EC hay RSA")
    return SoftwareKey(key)


def key_identifier(certificate: x509.Certificate) -> bytes | None:
    """The subject key identifier of a certificate, or None."""
    try:
        return certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        return None


def wrap_key(content_key: bytes | memoryview, certificate: x509.Certificate, oaep: OaepHash) -> RecipientInfo:
    """Wrap the content key to one certificate that was judged before (`trust.Recipient`)."""
    public = certificate.public_key()
    recipient = KeyId(key_identifier(certificate) or b"")
    if isinstance(public, rsa.RSAPublicKey):
        return Transport(recipient, oaep, public.encrypt(bytes(content_key), _oaep_padding(oaep)))
    if not isinstance(public, ec.EllipticCurvePublicKey):
        raise TypeError("a recipient's key is EC or RSA")
    ephemeral = ec.generate_private_key(public.curve)
    point = ephemeral.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    kek = _key_encryption_key(ephemeral.exchange(ec.ECDH(), public), None)
    return Agreement(recipient, point, aes_key_wrap(kek, bytes(content_key)))


def unwrap_key(info: RecipientInfo, key: PrivateKeyOps) -> bytes:
    """The 32-byte content key of one recipient entry.

    Raises:
        ContainerForged: it does not unwrap to a key of that length.
        KeyUnusable: the key is of the wrong kind.
    """
    if isinstance(info, Transport):
        content_key = key.decrypt_oaep(info.wrapped, info.oaep)
    else:
        kek = _key_encryption_key(key.agree(info.point), info.ukm)
        try:
            content_key = aes_key_unwrap(kek, info.wrapped)
        except InvalidUnwrap as fault:
            raise ContainerForged() from fault
    if len(content_key) != KEY_SIZE:
        raise ContainerForged()
    return content_key


def _key_encryption_key(shared: bytes, ukm: bytes | None) -> bytes:
    return X963KDF(hashes.SHA256(), KEY_SIZE, shared_info(ukm)).derive(shared)


def _oaep_padding(oaep: OaepHash) -> padding.OAEP:
    digest = _OAEP_HASHES[oaep]()
    return padding.OAEP(padding.MGF1(digest), digest, None)
