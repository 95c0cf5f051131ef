"""The agency's key on a PKCS#11 token (SoftHSM2) through whole batches: EC and RSA, its chain, and what goes wrong."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pkcs11
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from pkcs11 import Attribute, KeyType, MechanismFlag
from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters
from pkcs11.util.rsa import encode_rsa_public_key
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from tests.sealing.test_tokenkey import _as_spki
from tests.softhsm import Token
from tests.station.conftest import SHEET, Room
from tests.station.test_batch import events
from tests.station.test_outputs import deliver, opened

from scanflow.ledger.catalogue import DocumentSealed, SealFailed
from scanflow.levels import Level
from scanflow.sealing.errors import SigningFailed
from scanflow.sealing.keys import Purpose, certify, new_ca
from scanflow.sealing.pades import _asn1
from scanflow.station.agency import agency_signer
from scanflow.station.batch import Outcome
from scanflow.station.config import SignatureConfig

LABELS = {"ec": "ký-ec", "rsa": "ký-rsa"}


@contextmanager
def session(token: Token, pin: str | None) -> Iterator[pkcs11.Session]:
    """One more session; without a PIN where this process has logged in already."""
    with pkcs11.lib(str(token.module)).get_token(token_label=token.label).open(rw=True, user_pin=pin) as there:
        yield there


def signing_key(token: Token, kind: str) -> CertificatePublicKeyTypes:
    """Make a key of this kind on the token, in place of the one before; answers its public half."""
    with session(token, token.pin) as there:
        for old in there.get_objects({Attribute.LABEL: LABELS[kind]}):
            old.destroy()
        if kind == "ec":
            curve = encode_named_curve_parameters("1.3.132.0.34")
            domain = there.create_domain_parameters(KeyType.EC, {Attribute.EC_PARAMS: curve}, local=True)
            public, _ = domain.generate_keypair(store=True, label=LABELS[kind], capabilities=MechanismFlag.SIGN)
            encoded = encode_ec_public_key(public)
        else:
            public, _ = there.generate_keypair(KeyType.RSA, 3072, store=True, label=LABELS[kind])
            encoded = encode_rsa_public_key(public)
    found = serialization.load_der_public_key(_as_spki(kind, encoded))
    assert isinstance(found, ec.EllipticCurvePublicKey | rsa.RSAPublicKey)
    return found


def configured(
    token: Token, folder: Path, kind: str, certificate: x509.Certificate, ca: x509.Certificate
) -> SignatureConfig:
    for name, one in (("agency", certificate), ("ca", ca)):
        (folder / f"{name}.pem").write_bytes(one.public_bytes(serialization.Encoding.PEM))
    return SignatureConfig(
        certificate=folder / "agency.pem", chain=(folder / "ca.pem",),
        module=token.module, token=token.label, label=LABELS[kind],
    )  # fmt: skip


@contextmanager
def signing(room: Room, config: SignatureConfig, pin: str, asked: list[str] | None = None) -> Iterator[Room]:
    """The room's station with the agency's key on a token, as `open_station` takes it in."""

    def ask(thing: str) -> str:
        if asked is not None:
            asked.append(thing)
        return pin

    with agency_signer(config, room.station.config.body, ask) as sign:
        yield replace(room, station=replace(room.station, agency=sign))


@pytest.mark.parametrize("kind", LABELS)
def test_a_batch_is_signed_with_a_key_that_stays_on_the_token(
    kind: str, room: Room, token: Token, tmp_path: Path
) -> None:
    ca = new_ca("CA thử")
    certificate = certify(ca, "Cơ quan (thẻ)", signing_key(token, kind), purpose=Purpose.SIGN)
    asked: list[str] = []
    with signing(room, configured(token, tmp_path, kind, certificate, ca.certificate), token.pin, asked) as there:
        result = deliver(there, (Level.MAT, SHEET), (Level.MAT, SHEET))
        assert [one.outcome for one in result.documents] == [Outcome.DELIVERED] * 2
        assert [entry.signed for entry in events(there, DocumentSealed)] == [True, True]  # type: ignore[attr-defined]
    assert len(asked) == 1, "one PIN a day, not one a document"
    for name in ("MAU.01.0000001.p7m", "MAU.01.0000002.p7m"):
        (signature,) = PdfFileReader(io.BytesIO(opened(room, name))).embedded_signatures
        context = ValidationContext(trust_roots=[_asn1(ca.certificate)], allow_fetching=False)
        assert str(validate_pdf_signature(signature, context).summary()) == "INTACT:TRUSTED,UNTOUCHED"
        assert signature.signer_cert.dump() == certificate.public_bytes(serialization.Encoding.DER)
        assert _asn1(ca.certificate).dump() in [one.dump() for one in signature.other_embedded_certs]


def test_a_token_that_fails_in_the_middle_lets_nothing_out_unsigned(room: Room, token: Token, tmp_path: Path) -> None:
    ca = new_ca("CA thử")
    certificate = certify(ca, "Cơ quan (thẻ)", signing_key(token, "ec"), purpose=Purpose.SIGN)
    with signing(room, configured(token, tmp_path, "ec", certificate, ca.certificate), token.pin) as there:
        with session(token, None) as other:
            for key in other.get_objects({Attribute.LABEL: LABELS["ec"]}):
                key.destroy()
        result = deliver(there, (Level.MAT, SHEET))
        assert [one.outcome for one in result.documents] != [Outcome.DELIVERED]
        assert [entry.code for entry in events(there, SealFailed)] == [SigningFailed.code]  # type: ignore[attr-defined]
        assert not events(there, DocumentSealed)
    assert not list((room.folder / "stick").rglob("*.p7m"))


@pytest.mark.parametrize("fault", ["pin", "other key", "no key", "expired", "not for signing"])
def test_what_cannot_sign_is_said_before_any_paper_is_fed(fault: str, room: Room, token: Token, tmp_path: Path) -> None:
    ca = new_ca("CA thử", now=datetime(2001, 1, 1, tzinfo=UTC), years=90)
    public = signing_key(token, "ec")
    if fault == "other key":
        signing_key(token, "ec")
    certificate = certify(
        ca, "Cơ quan (thẻ)", public,
        purpose=Purpose.RECEIVE if fault == "not for signing" else Purpose.SIGN,
        now=datetime(2001, 1, 1, tzinfo=UTC) if fault == "expired" else None,
    )  # fmt: skip
    config = configured(token, tmp_path, "ec", certificate, ca.certificate)
    if fault == "no key":
        config = config.model_copy(update={"label": "không có"})
    with pytest.raises(SigningFailed) as caught, signing(room, config, "000000" if fault == "pin" else token.pin):
        pass
    assert token.pin not in str(caught.value)
