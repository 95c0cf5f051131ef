"""Making keys and certificates for a site, or for the demo (khóa và chứng thư).

A site that has certificates of the state PKI enrols those; this module serves sites without, drills and
tests. Private keys are PKCS#8 with a passphrase, files mode 0600, never overwritten. Only the demo's keys
have no passphrase, and their certificates say DEMO in the name.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509.oid import NameOID

from scanflow.sealing.errors import KeyFileExists, PassphraseTooShort
from scanflow.sealing.keyops import SoftwareKey, load_private_key
from scanflow.sealing.trust import LEAST_RSA_BITS, Recipient, RecipientRole, load_certificate

LEAST_PASSPHRASE = 12
_BACKDATED = timedelta(minutes=5)
"""A station's clock may run ahead of its neighbour's; a fresh certificate must be valid there too."""
_YEAR = timedelta(days=365)


class Algorithm(StrEnum):
    """Kind of a recipient's key."""

    EC_P384 = "ec"
    RSA = "rsa"


class Purpose(StrEnum):
    """What a certificate is for."""

    RECEIVE = "receive"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Issued:
    """A private key and its certificate."""

    key: SoftwareKey
    certificate: x509.Certificate


def new_ca(name: str, *, years: int = 10, now: datetime | None = None) -> Issued:
    """A site CA, EC P-384, self-signed."""
    key = ec.generate_private_key(ec.SECP384R1())
    start = now or datetime.now(UTC)
    subject = _subject(name)
    builder = _builder(subject, key.public_key(), start, years * _YEAR).issuer_name(subject)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
    return Issued(SoftwareKey(key), builder.sign(key, hashes.SHA384()))


def new_certificate(
    ca: Issued,
    name: str,
    *,
    algorithm: Algorithm = Algorithm.EC_P384,
    purpose: Purpose = Purpose.RECEIVE,
    years: int = 3,
    now: datetime | None = None,
) -> Issued:
    """A key and the CA's certificate for it: a holder's, the recovery one, or the station's signing key."""
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    if algorithm is Algorithm.RSA:
        key = rsa.generate_private_key(65537, LEAST_RSA_BITS)
    else:
        key = ec.generate_private_key(ec.SECP384R1())
    certificate = certify(ca, name, key.public_key(), purpose=purpose, years=years, now=now)
    return Issued(SoftwareKey(key), certificate)


def certify(
    ca: Issued,
    name: str,
    public: CertificatePublicKeyTypes,
    *,
    purpose: Purpose = Purpose.RECEIVE,
    years: int = 3,
    now: datetime | None = None,
) -> x509.Certificate:
    """A certificate over a public key that lives elsewhere, e.g. on a token."""
    if purpose is Purpose.SIGN:
        usage = _usage(digital_signature=True, content_commitment=True)
    elif isinstance(public, rsa.RSAPublicKey):
        usage = _usage(key_encipherment=True)
    else:
        usage = _usage(key_agreement=True)
    builder = _builder(_subject(name), public, now or datetime.now(UTC), years * _YEAR)
    builder = builder.issuer_name(ca.certificate.subject)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(usage, critical=True)
    authority = x509.SubjectKeyIdentifier.from_public_key(ca.certificate.public_key())
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(authority), critical=False
    )
    return builder.sign(ca.key.key, hashes.SHA384())


def save(issued: Issued, folder: Path, stem: str, *, passphrase: str) -> tuple[Path, Path]:
    """Write ``stem.crt.pem`` and ``stem.key.pem`` (encrypted PKCS#8, mode 0600) and return their paths.

    Raises:
        PassphraseTooShort: fewer than 12 characters.
        KeyFileExists: a file of that name is there.
    """
    if len(passphrase) < LEAST_PASSPHRASE:
        raise PassphraseTooShort(least=LEAST_PASSPHRASE)
    return _write(issued, folder, stem, serialization.BestAvailableEncryption(passphrase.encode()))


def load(folder: Path, stem: str, *, passphrase: str | None = None) -> Issued:
    """Read back what `save` or `init_demo` wrote.

    Raises:
        KeyUnusable, CertificateRefused: a file is unreadable or the passphrase is wrong.
    """
    key = load_private_key((folder / f"{stem}.key.pem").read_bytes(), passphrase)
    return Issued(key, load_certificate((folder / f"{stem}.crt.pem").read_bytes()))


@dataclass(frozen=True, slots=True)
class DemoKeys:
    """The demo's keys: CA, two holders (one EC, one RSA), recovery certificate, the station's key."""

    folder: Path
    ca: Issued
    holders: tuple[Issued, Issued]
    recovery: Issued
    station: Issued

    @property
    def recipients(self) -> tuple[Recipient, ...]:
        """The three certificates that the demo seals to."""
        return (
            *(Recipient(one.certificate) for one in self.holders),
            Recipient(self.recovery.certificate, RecipientRole.RECOVERY),
        )


_DEMO = {
    "ca": "scanflow DEMO CA",
    "van-thu": "DEMO Văn thư",
    "luu-tru": "DEMO Lưu trữ",
    "khoi-phuc": "DEMO Khôi phục (ngoại tuyến)",
    "tram": "DEMO Trạm số hóa",
}


def init_demo(folder: Path) -> DemoKeys:
    """The demo's keys in ``folder``, made on the first call and read on later ones."""
    if not (folder / "tram.crt.pem").exists():
        ca = new_ca(_DEMO["ca"])
        made = {
            "ca": ca,
            "van-thu": new_certificate(ca, _DEMO["van-thu"]),
            "luu-tru": new_certificate(ca, _DEMO["luu-tru"], algorithm=Algorithm.RSA),
            "khoi-phuc": new_certificate(ca, _DEMO["khoi-phuc"]),
            "tram": new_certificate(ca, _DEMO["tram"], purpose=Purpose.SIGN),
        }
        for stem, issued in made.items():
            for suffix in ("crt", "key"):  # a first run that was cut off
                (folder / f"{stem}.{suffix}.pem").unlink(missing_ok=True)
            _write(issued, folder, stem, serialization.NoEncryption())
    read = {stem: load(folder, stem) for stem in _DEMO}
    return DemoKeys(folder, read["ca"], (read["van-thu"], read["luu-tru"]), read["khoi-phuc"], read["tram"])


def _write(
    issued: Issued, folder: Path, stem: str, encryption: serialization.KeySerializationEncryption
) -> tuple[Path, Path]:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    certificate_path, key_path = folder / f"{stem}.crt.pem", folder / f"{stem}.key.pem"
    pem = issued.key.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
    _write_new(key_path, pem, 0o600)
    _write_new(certificate_path, issued.certificate.public_bytes(serialization.Encoding.PEM), 0o644)
    return certificate_path, key_path


def _write_new(path: Path, content: bytes, mode: int) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    except FileExistsError as fault:
        raise KeyFileExists(name=path.name) from fault
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _subject(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(
    subject: x509.Name, public: CertificatePublicKeyTypes, start: datetime, lifetime: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start - _BACKDATED)
        .not_valid_after(start + lifetime)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,
    key_encipherment: bool = False,
    key_agreement: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_encipherment=key_encipherment,
        data_encipherment=False,
        key_agreement=key_agreement,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )
