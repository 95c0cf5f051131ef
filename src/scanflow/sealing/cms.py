"""The one container form: CMS AuthEnvelopedData with AES-256-GCM, written and read strictly.

Sources: RFC 5652 (CMS), RFC 5083 (AuthEnvelopedData), RFC 5084 (AES-GCM in CMS), RFC 5753 (ECDH in CMS), RFC
    8017 and RFC 4055 (OAEP), RFC 5958 identifiers. Only what scanflow writes, and what ``openssl cms -encrypt
    -aes-256-gcm``
writes with the same algorithms, is accepted: one content cipher, a 12-byte nonce, a 16-byte tag, no
    attributes. CVE-2026-34182 (another cipher or a short tag slipped under AuthEnvelopedData) has no place to
    live here.

Authenticated attributes are not used because OpenSSL 3.0 cannot parse them. So that the list of recipients is
protected all the same, our nonce *is* the hash of the recipients' encoding (:func:`bound_nonce`): the content
key is fresh for each container and used once, so any nonce is safe, and a changed list no longer fits.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from scanflow.sealing import der
from scanflow.sealing.der import DerError

AUTH_ENVELOPED_DATA = der.oid("1.2.840.113549.1.9.16.1.23")
DATA = der.oid("1.2.840.113549.1.7.1")
AES256_GCM = der.oid("2.16.840.1.101.3.4.1.46")
AES256_WRAP = der.oid("2.16.840.1.101.3.4.1.45")
ECDH_SHA256_KDF = der.oid("1.3.132.1.11.1")
EC_PUBLIC_KEY = der.oid("1.2.840.10045.2.1")
SECP384R1 = der.oid("1.3.132.0.34")
RSAES_OAEP = der.oid("1.2.840.113549.1.1.7")
MGF1 = der.oid("1.2.840.113549.1.1.8")

NONCE_SIZE = 12
TAG_SIZE = 16
KEY_SIZE = 32
MAX_RECIPIENTS = 64
"""More than any site has; keeps a hostile list from costing work."""
_P384_POINT = 97
_WRAPPED_KEY = KEY_SIZE + 8

_EXPLICIT_0 = der.context(0, constructed=True)
_EXPLICIT_1 = der.context(1, constructed=True)
_EXPLICIT_2 = der.context(2, constructed=True)
_IMPLICIT_0 = der.context(0, constructed=False)


class OaepHash(StrEnum):
    """Hash of RSA-OAEP and of its mask function, as the recipient's token can do it."""

    SHA1 = "sha1"
    SHA256 = "sha256"


_HASHES = {
    OaepHash.SHA1: der.sequence(der.oid("1.3.14.3.2.26"), der.tlv(der.NULL)),
    OaepHash.SHA256: der.sequence(der.oid("2.16.840.1.101.3.4.2.1"), der.tlv(der.NULL)),
}


@dataclass(frozen=True, slots=True)
class KeyId:
    """A recipient by its certificate's key identifier: says nothing of the holder to who finds the stick."""

    value: bytes


@dataclass(frozen=True, slots=True)
class IssuerSerial:
    """A recipient by issuer and serial number (DER of ``IssuerAndSerialNumber``); read, never written."""

    value: bytes


RecipientId: TypeAlias = KeyId | IssuerSerial


@dataclass(frozen=True, slots=True)
class Agreement:
    """KeyAgreeRecipientInfo: ephemeral P-384 point (97 bytes, uncompressed), wrapped key, optional UKM."""

    recipient: RecipientId
    point: bytes
    wrapped: bytes
    ukm: bytes | None = None


@dataclass(frozen=True, slots=True)
class Transport:
    """KeyTransRecipientInfo with RSA-OAEP."""

    recipient: RecipientId
    oaep: OaepHash
    wrapped: bytes


RecipientInfo: TypeAlias = Agreement | Transport


@dataclass(frozen=True, slots=True)
class Envelope:
    """A parsed container; ``recipients_der`` is the SET OF as it stands in the bytes."""

    recipients: tuple[RecipientInfo, ...]
    recipients_der: bytes
    nonce: bytes
    ciphertext: memoryview
    tag: bytes


def bound_nonce(recipients_der: bytes) -> bytes:
    """The 12-byte nonce that fits a list of recipients (its DER), and no other list."""
    return hashlib.sha256(b"scanflow container v1\0" + recipients_der).digest()[:NONCE_SIZE]


def shared_info(ukm: bytes | None = None) -> bytes:
    """DER of ECC-CMS-SharedInfo for an AES-256 key-encryption key (RFC 5753 §7.2)."""
    extra = [der.tlv(_EXPLICIT_0, der.octets(ukm))] if ukm is not None else []
    size = der.tlv(_EXPLICIT_2, der.octets((KEY_SIZE * 8).to_bytes(4, "big")))
    return der.sequence(der.sequence(AES256_WRAP), *extra, size)


# ---------------------------------------------------------------------------------------------------- writing


def encode_recipients(recipients: tuple[RecipientInfo, ...]) -> bytes:
    """DER of RecipientInfos, sorted as a SET OF."""
    return der.set_of(_encode_recipient(info) for info in recipients)


def encode_envelope(recipients_der: bytes, nonce: bytes, ciphertext: bytes | memoryview, tag: bytes) -> bytes:
    """DER of the whole ContentInfo; written from the inside out, so that the ciphertext is copied once."""
    parameters = der.sequence(der.octets(nonce), der.integer(TAG_SIZE))
    parts: list[bytes | memoryview] = [ciphertext, der.octets(tag)]

    def enclose(tag_octet: int, length: int, *before: bytes) -> int:
        size = length + sum(map(len, before))
        head = [der.header(tag_octet, size), *before]
        parts[:0] = head
        return size + len(head[0])

    size = enclose(_IMPLICIT_0, len(ciphertext))
    size = enclose(der.SEQUENCE, size, DATA, der.sequence(AES256_GCM, parameters))
    size = enclose(der.SEQUENCE, size + len(parts[-1]), der.integer(0), recipients_der)
    size = enclose(_EXPLICIT_0, size)
    enclose(der.SEQUENCE, size, AUTH_ENVELOPED_DATA)
    return b"".join(parts)


def _encode_recipient(info: RecipientInfo) -> bytes:
    if not isinstance(info.recipient, KeyId):
        raise TypeError("recipients are written by key identifier")
    key_id = info.recipient.value
    if isinstance(info, Transport):
        algorithm = der.sequence(RSAES_OAEP, _oaep_parameters(info.oaep))
        return der.sequence(der.integer(2), der.tlv(_IMPLICIT_0, key_id), algorithm, der.octets(info.wrapped))
    key = der.sequence(der.sequence(EC_PUBLIC_KEY, SECP384R1), der.bits(info.point))
    originator = der.tlv(_EXPLICIT_0, _EXPLICIT_1.to_bytes() + key[1:])  # [1] IMPLICIT replaces the SEQUENCE tag
    ukm = [] if info.ukm is None else [der.tlv(_EXPLICIT_1, der.octets(info.ukm))]
    algorithm = der.sequence(ECDH_SHA256_KDF, der.sequence(AES256_WRAP))
    encrypted = der.sequence(der.tlv(_EXPLICIT_0, der.octets(key_id)), der.octets(info.wrapped))
    return der.tlv(_EXPLICIT_1, der.integer(3), originator, *ukm, algorithm, der.sequence(encrypted))


def _oaep_parameters(oaep: OaepHash) -> bytes:
    if oaep is OaepHash.SHA1:
        return der.sequence()  # DER leaves out the defaults
    mask = der.sequence(MGF1, _HASHES[oaep])
    return der.sequence(der.tlv(_EXPLICIT_0, _HASHES[oaep]), der.tlv(_EXPLICIT_1, mask))


# ---------------------------------------------------------------------------------------------------- reading


def parse(data: bytes) -> Envelope:
    """Read a container without touching any key.

    Raises:
        DerError: the bytes are not exactly one container of the accepted form.
    """
    outer = der.Reader(data)
    info = outer.enter(der.SEQUENCE)
    outer.end()
    _expect(info, AUTH_ENVELOPED_DATA, "content type")
    explicit = info.enter(_EXPLICIT_0)
    info.end()
    body = explicit.enter(der.SEQUENCE)
    explicit.end()
    if body.small_integer() != 0:
        raise DerError("version")
    recipients_der = bytes(body.raw(der.SET))
    content = body.enter(der.SEQUENCE)
    tag = bytes(body.value(der.OCTET_STRING))
    body.end()
    nonce, ciphertext = _parse_content(content)
    if len(tag) != TAG_SIZE:
        raise DerError("tag length")
    return Envelope(_parse_recipients(recipients_der), recipients_der, nonce, ciphertext, tag)


def _parse_content(content: der.Reader) -> tuple[bytes, memoryview]:
    _expect(content, DATA, "inner content type")
    algorithm = content.enter(der.SEQUENCE)
    _expect(algorithm, AES256_GCM, "content cipher")
    parameters = algorithm.enter(der.SEQUENCE)
    algorithm.end()
    nonce = bytes(parameters.value(der.OCTET_STRING))
    if len(nonce) != NONCE_SIZE:
        raise DerError("nonce length")
    if parameters.small_integer() != TAG_SIZE:
        raise DerError("tag length")
    parameters.end()
    ciphertext = content.value(_IMPLICIT_0)
    content.end()
    return nonce, ciphertext


def _parse_recipients(recipients_der: bytes) -> tuple[RecipientInfo, ...]:
    members = der.Reader(recipients_der).enter(der.SET)
    found: list[RecipientInfo] = []
    previous = b""
    while (tag := members.peek()) is not None:
        if tag not in (der.SEQUENCE, _EXPLICIT_1):
            raise DerError("recipient kind")
        encoded = bytes(members.raw(tag))
        if encoded <= previous:
            raise DerError("recipients out of order")
        previous = encoded
        entry = der.Reader(encoded).enter(tag)
        found.append(_parse_transport(entry) if tag == der.SEQUENCE else _parse_agreement(entry))
        if len(found) > MAX_RECIPIENTS:
            raise DerError("too many recipients")
    if not found:
        raise DerError("no recipients")
    return tuple(found)


def _parse_transport(entry: der.Reader) -> Transport:
    version = entry.small_integer()
    if entry.peek() == _IMPLICIT_0 and version == 2:
        recipient: RecipientId = KeyId(bytes(entry.value(_IMPLICIT_0)))
    elif version == 0:
        recipient = IssuerSerial(bytes(entry.raw(der.SEQUENCE)))
    else:
        raise DerError("recipient version")
    algorithm = entry.enter(der.SEQUENCE)
    _expect(algorithm, RSAES_OAEP, "key transport")
    oaep = _OAEP_BY_DER.get(bytes(algorithm.raw(der.SEQUENCE)))
    algorithm.end()
    wrapped = bytes(entry.value(der.OCTET_STRING))
    entry.end()
    if oaep is None:
        raise DerError("OAEP parameters")
    return Transport(recipient, oaep, wrapped)


def _parse_agreement(entry: der.Reader) -> Agreement:
    if entry.small_integer() != 3:
        raise DerError("recipient version")
    point = _parse_originator(entry.enter(_EXPLICIT_0))
    ukm = None
    if entry.peek() == _EXPLICIT_1:
        holder = entry.enter(_EXPLICIT_1)
        ukm = bytes(holder.value(der.OCTET_STRING))
        holder.end()
    algorithm = entry.enter(der.SEQUENCE)
    _expect(algorithm, ECDH_SHA256_KDF, "key agreement")
    wrap = algorithm.enter(der.SEQUENCE)
    algorithm.end()
    _expect(wrap, AES256_WRAP, "key wrap")
    wrap.end()
    keys = entry.enter(der.SEQUENCE)
    entry.end()
    one = keys.enter(der.SEQUENCE)
    keys.end()
    recipient: RecipientId
    if one.peek() == _EXPLICIT_0:
        key_id = one.enter(_EXPLICIT_0)
        recipient = KeyId(bytes(key_id.value(der.OCTET_STRING)))
        key_id.end()
    else:
        recipient = IssuerSerial(bytes(one.raw(der.SEQUENCE)))
    wrapped = bytes(one.value(der.OCTET_STRING))
    one.end()
    if len(wrapped) != _WRAPPED_KEY:
        raise DerError("wrapped key length")
    return Agreement(recipient, point, wrapped, ukm)


def _parse_originator(originator: der.Reader) -> bytes:
    key = originator.enter(_EXPLICIT_1)
    originator.end()
    algorithm = key.enter(der.SEQUENCE)
    _expect(algorithm, EC_PUBLIC_KEY, "originator key")
    if algorithm.peek() == der.NULL:  # curve of the recipient's key: three spellings are lawful (RFC 5753 §3.1.1)
        if len(algorithm.value(der.NULL)):
            raise DerError("originator key")
    elif algorithm.peek() is not None:
        _expect(algorithm, SECP384R1, "curve")
    algorithm.end()
    point = key.value(der.BIT_STRING)
    key.end()
    if len(point) != 1 + _P384_POINT or point[0] != 0 or point[1] != 0x04:
        raise DerError("originator point")
    return bytes(point[1:])


def _expect(reader: der.Reader, encoded: bytes, what: str) -> None:
    if bytes(reader.raw(encoded[0])) != encoded:
        raise DerError(what)


_SHA256_BARE = der.sequence(der.oid("2.16.840.1.101.3.4.2.1"))
_OAEP_BY_DER = {_oaep_parameters(oaep): oaep for oaep in OaepHash} | {
    # OpenSSL leaves the NULL out; RFC 4055 §2.1 has readers accept both spellings
    der.sequence(
        der.tlv(_EXPLICIT_0, _SHA256_BARE), der.tlv(_EXPLICIT_1, der.sequence(MGF1, _SHA256_BARE))
    ): OaepHash.SHA256
}
