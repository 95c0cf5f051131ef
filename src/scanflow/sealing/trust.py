"""Who may receive a sealed document: certificates judged against the site's pinned CA, holders counted.

A certificate that is expired, not yet valid, of the wrong use, weak, or not issued by the pinned CA is
refused, and a set of fewer than two different holders, or without exactly the offline recovery certificate,
is no set (``design.md`` §6.5). Persons are told apart by subject *and* by public key: the same key under two
names counts once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from scanflow.errors import Words
from scanflow.sealing.cms import MAX_RECIPIENTS, OaepHash
from scanflow.sealing.errors import CertificateRefused, TooFewHolders
from scanflow.sealing.keyops import key_identifier

LEAST_RSA_BITS = 3072
"""128-bit strength (NIST SP 800-57 part 1 rev. 5, table 2)."""
_Extension = TypeVar("_Extension", bound=x509.ExtensionType)
_UNREADABLE = (
    ValueError, TypeError, UnsupportedAlgorithm,
    x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType,
)  # fmt: skip
"""What the library raises for a certificate that is none, when it is loaded or when a part of it is first looked at."""
_WEAK_HASHES = (hashes.MD5, hashes.SHA1)


class RecipientRole(StrEnum):
    """What a holder opens containers for (vai trò người nhận)."""

    HOLDER = "holder"
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True)
class Recipient:
    """One enrolled certificate.

    Attributes:
        certificate: X.509, key EC P-384 or RSA of at least 3072 bits.
        role: an ordinary holder, or the recovery certificate whose key lies offline.
        oaep: the OAEP hash that the holder's token can do; only used with an RSA key.
    """

    certificate: x509.Certificate
    role: RecipientRole = RecipientRole.HOLDER
    oaep: OaepHash = OaepHash.SHA256

    @property
    def holder(self) -> str:
        """The holder as the certificate names it (common name, else the whole subject)."""
        names = self.certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        return str(names[0].value) if names else self.certificate.subject.rfc4514_string()

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, hexadecimal."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()


def load_certificate(pem: bytes) -> x509.Certificate:
    """A certificate from PEM.

    Raises:
        CertificateRefused: unreadable, as a whole or in its names, key or extensions.
    """
    try:
        certificate = x509.load_pem_x509_certificate(pem)
        certificate.subject, certificate.issuer, certificate.extensions, certificate.public_key()
    except _UNREADABLE as fault:
        raise CertificateRefused(holder="?", why="unreadable", why_vi="không đọc được") from fault
    return certificate


def judge_certificate(certificate: x509.Certificate, ca: x509.Certificate, now: datetime) -> None:
    """Accept a recipient's certificate, or say why not.

    Args:
        certificate: the recipient's.
        ca: the pinned CA; it must have issued the certificate itself.
        now: the moment of sealing, with a time zone.

    Raises:
        CertificateRefused: with the reason.
    """
    holder = "?"
    try:
        holder = Recipient(certificate).holder
        reason = _fault_of_ca(ca, now) or _fault(certificate, ca, now)
    except _UNREADABLE:
        reason = "a part of it or of the pinned CA is unreadable", "một phần của nó hoặc của CA ghim không đọc được"
    if reason is not None:
        why, why_vi = reason
        raise CertificateRefused(holder=holder, why=why, why_vi=why_vi)


def judge_recipients(recipients: Sequence[Recipient], ca: x509.Certificate, now: datetime) -> None:
    """Accept a whole set of recipients, or say why not.

    Raises:
        CertificateRefused: one certificate may not be used.
        TooFewHolders: fewer than two different holders, or no recovery certificate among them.
    """
    for recipient in recipients:
        judge_certificate(recipient.certificate, ca, now)
    subjects = {recipient.certificate.subject.public_bytes() for recipient in recipients}
    keys = {_public_key(recipient.certificate) for recipient in recipients}
    if len(recipients) > MAX_RECIPIENTS:
        raise TooFewHolders(why=f"> {MAX_RECIPIENTS}")
    if not len(subjects) == len(keys) == len(recipients):
        raise TooFewHolders(why=Words("trùng người hoặc trùng khóa", "same holder or key twice"))
    if len(recipients) < 2:
        raise TooFewHolders(why=f"{len(recipients)}/2")
    roles = {recipient.role for recipient in recipients}
    if roles != set(RecipientRole):
        raise TooFewHolders(
            why=Words("thiếu chứng thư khôi phục hoặc người nhận", "no recovery certificate or no holder")
        )


def _fault_of_ca(ca: x509.Certificate, now: datetime) -> tuple[str, str] | None:
    basic = _extension(ca, x509.BasicConstraints)
    usage = _extension(ca, x509.KeyUsage)
    if basic is None or not basic.ca or usage is None or not usage.key_cert_sign:
        return "the pinned CA is not a CA certificate", "CA ghim không phải chứng thư CA"
    if not ca.not_valid_before_utc <= now <= ca.not_valid_after_utc:
        return "the pinned CA is not valid now", "CA ghim đã hết hạn hoặc chưa có hiệu lực"
    return None


def _fault(certificate: x509.Certificate, ca: x509.Certificate, now: datetime) -> tuple[str, str] | None:
    try:
        certificate.verify_directly_issued_by(ca)
    except (ValueError, TypeError, InvalidSignature):
        return "not issued by the pinned CA", "không do CA ghim của trạm cấp"
    if isinstance(certificate.signature_hash_algorithm, _WEAK_HASHES):
        return "weak signature hash", "thuật toán băm của chữ ký đã yếu"
    if now < certificate.not_valid_before_utc:
        return "not yet valid", "chưa đến ngày hiệu lực"
    if now > certificate.not_valid_after_utc:
        return "expired", "đã hết hạn"
    basic = _extension(certificate, x509.BasicConstraints)
    if basic is not None and basic.ca:
        return "a CA certificate", "là chứng thư CA"
    if key_identifier(certificate) is None:
        return "no subject key identifier", "thiếu định danh khóa (SKI)"
    return _fault_of_use(certificate)


def _fault_of_use(certificate: x509.Certificate) -> tuple[str, str] | None:
    usage = _extension(certificate, x509.KeyUsage)
    wrong_use = "key usage does not allow encryption to it", "mục đích sử dụng khóa không cho phép mã hóa"
    if usage is None:
        return wrong_use
    public = certificate.public_key()
    if isinstance(public, ec.EllipticCurvePublicKey):
        if not isinstance(public.curve, ec.SECP384R1):
            return "not on curve P-384", "không thuộc đường cong P-384"
        return None if usage.key_agreement else wrong_use
    if isinstance(public, rsa.RSAPublicKey):
        if public.key_size < LEAST_RSA_BITS:
            return f"RSA below {LEAST_RSA_BITS} bits", f"khóa RSA dưới {LEAST_RSA_BITS} bit"
        return None if usage.key_encipherment else wrong_use
    return "neither EC nor RSA", "không phải khóa EC hay RSA"


def _extension(certificate: x509.Certificate, kind: type[_Extension]) -> _Extension | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _public_key(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
