"""Opening with a private key that stays on a PKCS#11 token (SoftHSM2), by our reader and by stock OpenSSL."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pkcs11
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pkcs11 import Attribute, KeyType
from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters
from pkcs11.util.rsa import encode_rsa_public_key
from tests.softhsm import Token

from scanflow.levels import Level
from scanflow.sealing import CmsSealer, Recipient, RecipientRole, open_container
from scanflow.sealing.cms import OaepHash
from scanflow.sealing.errors import ContainerForged, TokenRefused
from scanflow.sealing.keys import DemoKeys, certify
from scanflow.sealing.tokenkey import open_token

PLAIN = b"%PDF-1.7 on a token" * 50


@dataclass(frozen=True)
class Held:
    """A key on the token, and the certificate over it."""

    label: str
    certificate: x509.Certificate


@pytest.fixture(scope="session")
def on_token(token: Token, site: DemoKeys) -> dict[str, Held]:
    """An EC and an RSA key made on the token; they never were anywhere else."""
    session = pkcs11.lib(str(token.module)).get_token(token_label=token.label).open(rw=True, user_pin=token.pin)
    with session:
        curve = encode_named_curve_parameters("1.3.132.0.34")
        domain = session.create_domain_parameters(KeyType.EC, {Attribute.EC_PARAMS: curve}, local=True)
        ec_public, _ = domain.generate_keypair(
            store=True, label="ec", id=b"\x01", capabilities=pkcs11.MechanismFlag.DERIVE
        )
        rsa_public, _ = session.generate_keypair(KeyType.RSA, 3072, store=True, label="rsa", id=b"\x02")
        spki = {"ec": encode_ec_public_key(ec_public), "rsa": encode_rsa_public_key(rsa_public)}
    found = {}
    for label, encoded in spki.items():
        public = serialization.load_der_public_key(_as_spki(label, encoded))
        found[label] = Held(label, certify(site.ca, f"Token {label}", public))  # type: ignore[arg-type]
    return found


def _as_spki(label: str, encoded: bytes) -> bytes:
    if label == "ec":
        return encoded
    from scanflow.sealing import der

    algorithm = der.sequence(der.oid("1.2.840.113549.1.1.1"), der.tlv(der.NULL))
    return der.sequence(algorithm, der.bits(encoded))


@pytest.fixture(scope="session")
def sealed(on_token: dict[str, Held], site: DemoKeys) -> Iterator[bytes]:
    recipients = (
        Recipient(on_token["ec"].certificate),
        Recipient(on_token["rsa"].certificate, oaep=OaepHash.SHA1),  # SoftHSM2 does not do OAEP with SHA-256
        Recipient(site.recovery.certificate, RecipientRole.RECOVERY),
    )
    yield CmsSealer(recipients, site.ca.certificate).seal(PLAIN, name="H1.1", level=Level.MAT).data


@pytest.mark.parametrize("label", ["ec", "rsa"])
def test_our_reader_opens_with_the_token(label: str, token: Token, on_token: dict[str, Held], sealed: bytes) -> None:
    with open_token(token.module, token.label, label, token.pin) as key:
        assert open_container(sealed, on_token[label].certificate, key) == PLAIN


@pytest.mark.parametrize("label", ["ec", "rsa"])
def test_stock_openssl_opens_with_the_token(
    label: str, token: Token, on_token: dict[str, Held], sealed: bytes, tmp_path: Path
) -> None:
    (tmp_path / "x.p7m").write_bytes(sealed)
    pem = on_token[label].certificate.public_bytes(serialization.Encoding.PEM)
    (tmp_path / "me.pem").write_bytes(pem)
    uri = f"pkcs11:token={token.label};object={label};type=private;pin-value={token.pin}"
    done = subprocess.run(
        [
            "openssl",
            "cms",
            "-decrypt",
            "-binary",
            "-inform",
            "DER",
            "-in",
            "x.p7m",
            "-recip",
            "me.pem",
            "-engine",
            "pkcs11",
            "-keyform",
            "engine",
            "-inkey",
            uri,
            "-out",
            "x.pdf",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=os.environ | {"PKCS11_MODULE_PATH": str(token.module)},
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "x.pdf").read_bytes() == PLAIN


@pytest.mark.parametrize("label", ["ec", "rsa"])
def test_a_changed_container_is_refused_with_the_token(
    label: str, token: Token, on_token: dict[str, Held], sealed: bytes
) -> None:
    changed = bytearray(sealed)
    changed[-1] ^= 1
    with open_token(token.module, token.label, label, token.pin) as key, pytest.raises(ContainerForged):
        open_container(bytes(changed), on_token[label].certificate, key)


def test_a_wrapped_key_that_the_token_cannot_read(token: Token, on_token: dict[str, Held]) -> None:
    with open_token(token.module, token.label, "rsa", token.pin) as key, pytest.raises(ContainerForged):
        key.decrypt_oaep(bytes(383) + b"\1", OaepHash.SHA1)


def test_a_point_that_the_token_refuses(token: Token, on_token: dict[str, Held]) -> None:
    with open_token(token.module, token.label, "ec", token.pin) as key, pytest.raises(TokenRefused):
        key.agree(b"\x04" + bytes(96))


def test_oaep_with_sha256_is_beyond_this_token_and_it_says_so(token: Token, on_token: dict[str, Held]) -> None:
    with open_token(token.module, token.label, "rsa", token.pin) as key, pytest.raises(TokenRefused):
        key.decrypt_oaep(bytes(384), OaepHash.SHA256)


@pytest.mark.parametrize(
    ("changes"),
    [
        {"pin": "999999"},
        {"token_label": "không có"},
        {"key_label": "không có"},
        {"module": Path("/nonexistent.so")},
    ],
)
def test_no_such_token_key_or_pin(changes: dict[str, object], token: Token, on_token: dict[str, Held]) -> None:
    words = {
        "module": token.module,
        "token_label": token.label,
        "key_label": "ec",
        "pin": token.pin,
    } | changes
    with pytest.raises(TokenRefused) as caught, open_token(**words):  # type: ignore[arg-type]
        pass
    assert token.pin not in str(caught.value)
    assert "999999" not in str(caught.value)
