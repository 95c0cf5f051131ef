"""Which certificates may receive, and which sets of holders."""

from __future__ import annotations

import base64
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from scanflow.sealing import CmsSealer, Recipient, RecipientRole, judge_recipients, load_certificate
from scanflow.sealing.errors import CertificateRefused, TooFewHolders
from scanflow.sealing.keys import DemoKeys, Issued, Purpose, certify, new_ca, new_certificate
from scanflow.sealing.trust import judge_certificate

YEARS = timedelta(days=365)


def now() -> datetime:
    """Asked each time: certificates made by a slow run are minutes younger than the import."""
    return datetime.now(UTC)


def refused(certificate: x509.Certificate, ca: x509.Certificate, why: str, at: datetime | None = None) -> None:
    with pytest.raises(CertificateRefused) as caught:
        judge_certificate(certificate, ca, at or now())
    assert caught.value.facts["why"] == why


def test_a_good_certificate_is_accepted(site: DemoKeys) -> None:
    for recipient in site.recipients:
        judge_certificate(recipient.certificate, site.ca.certificate, now())


def test_expired(site: DemoKeys) -> None:
    old = new_certificate(site.ca, "Cũ", now=now() - 4 * YEARS)
    refused(old.certificate, site.ca.certificate, "expired")


def test_not_yet_valid(site: DemoKeys) -> None:
    soon = new_certificate(site.ca, "Mới", now=now() + timedelta(days=1))
    refused(soon.certificate, site.ca.certificate, "not yet valid")


def test_a_signing_certificate_does_not_receive(site: DemoKeys) -> None:
    signing = new_certificate(site.ca, "Ký", purpose=Purpose.SIGN)
    refused(signing.certificate, site.ca.certificate, "key usage does not allow encryption to it")


def test_an_encipherment_bit_does_not_make_an_ec_key_receive(site: DemoKeys) -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    rsa_usage = certify(site.ca, "x", rsa.generate_private_key(65537, 3072).public_key()).extensions
    usage = rsa_usage.get_extension_for_class(x509.KeyUsage).value
    wrong = issue(site.ca, key.public_key(), usage=usage)
    refused(wrong, site.ca.certificate, "key usage does not allow encryption to it")


def test_another_ca_of_the_same_name(site: DemoKeys) -> None:
    false_ca = new_ca("scanflow DEMO CA")
    false = new_certificate(false_ca, "DEMO Văn thư")
    refused(false.certificate, site.ca.certificate, "not issued by the pinned CA")


def test_a_certificate_below_a_holder_is_not_of_the_ca(site: DemoKeys) -> None:
    holder = site.holders[0]
    refused(new_certificate(holder, "Con").certificate, site.ca.certificate, "not issued by the pinned CA")


def test_the_ca_itself_does_not_receive(site: DemoKeys) -> None:
    refused(site.ca.certificate, site.ca.certificate, "a CA certificate")


def test_a_holder_pinned_as_ca(site: DemoKeys) -> None:
    holder = site.holders[0].certificate
    refused(holder, holder, "the pinned CA is not a CA certificate")


def test_an_expired_ca(site: DemoKeys) -> None:
    refused(site.recovery.certificate, site.ca.certificate, "the pinned CA is not valid now", now() + 11 * YEARS)


def test_short_rsa(site: DemoKeys) -> None:
    short = certify(site.ca, "Ngắn", rsa.generate_private_key(65537, 2048).public_key())
    refused(short, site.ca.certificate, "RSA below 3072 bits")


def test_another_curve(site: DemoKeys) -> None:
    other = certify(site.ca, "P-256", ec.generate_private_key(ec.SECP256R1()).public_key())
    refused(other, site.ca.certificate, "not on curve P-384")


def test_another_kind_of_key(site: DemoKeys) -> None:
    other = certify(site.ca, "Ed25519", ed25519.Ed25519PrivateKey.generate().public_key())
    refused(other, site.ca.certificate, "neither EC nor RSA")


def issue(
    ca: Issued, public: ec.EllipticCurvePublicKey, *, usage: x509.KeyUsage | None, ski: bool = True
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Lạ")]))
        .issuer_name(ca.certificate.subject)
        .public_key(public)
        .serial_number(7)
        .not_valid_before(now() - YEARS)
        .not_valid_after(now() + YEARS)
    )
    if usage is not None:
        builder = builder.add_extension(usage, critical=True)
    if ski:
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    return builder.sign(ca.key.key, hashes.SHA384())


def test_no_key_usage_at_all(site: DemoKeys) -> None:
    bare = issue(site.ca, ec.generate_private_key(ec.SECP384R1()).public_key(), usage=None)
    refused(bare, site.ca.certificate, "key usage does not allow encryption to it")


def test_no_key_identifier(site: DemoKeys) -> None:
    bare = issue(site.ca, ec.generate_private_key(ec.SECP384R1()).public_key(), usage=None, ski=False)
    refused(bare, site.ca.certificate, "no subject key identifier")


def test_unreadable() -> None:
    with pytest.raises(CertificateRefused):
        load_certificate(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")


def spoilt(issued: Issued, data: st.DataObject) -> bytes:
    """PEM of a certificate in which one byte is another."""
    der = bytearray(issued.certificate.public_bytes(serialization.Encoding.DER))
    der[data.draw(st.integers(0, len(der) - 1))] ^= data.draw(st.integers(1, 255))
    return b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(der) + b"-----END CERTIFICATE-----\n"


@given(data=st.data())
@settings(max_examples=300)
def test_a_spoilt_certificate_is_refused_in_words(site: DemoKeys, data: st.DataObject) -> None:
    """The library looks at names, key and extensions late, and says what is wrong with them in many ways."""
    with pytest.raises(CertificateRefused):
        judge_certificate(load_certificate(spoilt(site.holders[0], data)), site.ca.certificate, now())


@given(data=st.data())
@settings(max_examples=300)
def test_a_spoilt_ca_is_refused_in_words_or_does(site: DemoKeys, data: st.DataObject) -> None:
    """What it says of itself is not signed by anybody else: a change may go unseen, but never breaks off."""
    with suppress(CertificateRefused):
        judge_certificate(site.holders[0].certificate, load_certificate(spoilt(site.ca, data)), now())


def holder(issued: Issued) -> Recipient:
    return Recipient(issued.certificate)


def recovery(issued: Issued) -> Recipient:
    return Recipient(issued.certificate, RecipientRole.RECOVERY)


def test_sets_that_are_no_sets(site: DemoKeys) -> None:
    first, second = site.holders
    twin_name = new_certificate(site.ca, "DEMO Văn thư")
    twin_key = Issued(first.key, certify(site.ca, "Tên khác", first.key.key.public_key()))
    for recipients in (
        [],
        [recovery(site.recovery)],
        [holder(first), holder(second)],
        [recovery(site.recovery), recovery(first)],
        [holder(first), recovery(twin_name)],
        [holder(first), recovery(twin_key)],
        [holder(first), holder(first), recovery(site.recovery)],
    ):
        with pytest.raises(TooFewHolders):
            judge_recipients(recipients, site.ca.certificate, now())
        with pytest.raises(TooFewHolders):
            CmsSealer(recipients, site.ca.certificate)


def test_one_holder_and_recovery_are_a_set(site: DemoKeys) -> None:
    judge_recipients([holder(site.holders[0]), recovery(site.recovery)], site.ca.certificate, now())


def test_one_bad_certificate_spoils_the_set(site: DemoKeys) -> None:
    old = new_certificate(site.ca, "Cũ", now=now() - 4 * YEARS)
    with pytest.raises(CertificateRefused):
        judge_recipients([holder(old), recovery(site.recovery)], site.ca.certificate, now())


def test_too_many(site: DemoKeys) -> None:
    many = [holder(new_certificate(site.ca, f"Người {n}")) for n in range(65)]
    with pytest.raises(TooFewHolders):
        judge_recipients([*many, recovery(site.recovery)], site.ca.certificate, now())
