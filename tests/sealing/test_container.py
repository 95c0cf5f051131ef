"""The container opens with the tools of others, and only for its recipients."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms as reference
from hypothesis import given, settings
from hypothesis import strategies as st

from scanflow.levels import Level
from scanflow.sealing import (
    Addressee,
    CmsSealer,
    Container,
    Sealer,
    list_recipients,
    open_container,
    open_message,
    openssl_line,
    read_me,
)
from scanflow.sealing.errors import (
    CertificateRefused,
    ContainerForged,
    NotARecipient,
    NothingToSeal,
    TopSecretRefused,
)
from scanflow.sealing.keys import DemoKeys, new_certificate

PLAIN = b"%PDF-1.7 " + bytes(range(256)) * 300
STEMS = ("van-thu", "luu-tru", "khoi-phuc")
OpenSsl = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.mark.parametrize("stem", STEMS)
def test_every_recipient_opens_it_with_the_one_openssl_line(
    stem: str, site: DemoKeys, sealer: CmsSealer, tmp_path: Path
) -> None:
    box = sealer.seal(PLAIN, name="H1.0000001", level=Level.TOI_MAT)
    (tmp_path / "H1.0000001.p7m").write_bytes(box.data)
    line = openssl_line("H1.0000001.p7m", f"{site.folder}/{stem}.crt.pem", f"{site.folder}/{stem}.key.pem")
    done = subprocess.run(line, shell=True, cwd=tmp_path, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "H1.0000001.pdf").read_bytes() == PLAIN


def test_the_openssl_line_leaves_nothing_of_a_changed_container(
    site: DemoKeys, sealer: CmsSealer, tmp_path: Path
) -> None:
    data = bytearray(sealer.seal(PLAIN, name="H1.0000001", level=Level.MAT).data)
    data[-40] ^= 1
    (tmp_path / "x.p7m").write_bytes(data)
    line = openssl_line("x.p7m", f"{site.folder}/van-thu.crt.pem", f"{site.folder}/van-thu.key.pem")
    assert subprocess.run(line, shell=True, cwd=tmp_path, capture_output=True).returncode != 0
    assert [path.name for path in tmp_path.iterdir()] == ["x.p7m"]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_every_recipient_opens_it_with_our_reader(place: int, site: DemoKeys, sealer: CmsSealer) -> None:
    issued = (*site.holders, site.recovery)[place]
    box = sealer.seal(PLAIN, name="H1.0000001", level=Level.MAT)
    assert open_container(box.data, issued.certificate, issued.key) == PLAIN


@given(plain=st.binary(min_size=1, max_size=300))
@settings(max_examples=25, deadline=None)
def test_what_was_sealed_comes_out(plain: bytes, site: DemoKeys, sealer: CmsSealer) -> None:
    box = sealer.seal(plain, name="H1.0000001", level=Level.THUONG)
    assert open_container(box.data, site.recovery.certificate, site.recovery.key) == plain


_OAEP = ("-keyopt", "rsa_padding_mode:oaep")


@pytest.mark.parametrize(
    ("stem", "options"),
    [
        ("van-thu", ("-keyopt", "ecdh_kdf_md:sha256")),
        ("luu-tru", _OAEP),
        ("luu-tru", (*_OAEP, "-keyopt", "rsa_oaep_md:sha256", "-keyopt", "rsa_mgf1_md:sha256")),
    ],
    ids=["ecdh", "oaep-sha1", "oaep-sha256"],
)
@pytest.mark.parametrize("named_by", [(), ("-keyid",)], ids=["issuer-serial", "key-id"])
def test_what_openssl_made_opens_here(
    stem: str,
    options: tuple[str, ...],
    named_by: tuple[str, ...],
    site: DemoKeys,
    openssl: OpenSsl,
    tmp_path: Path,
) -> None:
    (tmp_path / "plain").write_bytes(PLAIN)
    certificate = f"{site.folder}/{stem}.crt.pem"
    made = openssl(
        *(
            "cms",
            "-encrypt",
            "-binary",
            "-aes-256-gcm",
            "-outform",
            "DER",
            "-in",
            "plain",
            "-out",
            "made.p7m",
        ),
        *(*named_by, "-recip", certificate, *options),
    )
    assert made.returncode == 0, made.stderr
    issued = {"van-thu": site.holders[0], "luu-tru": site.holders[1]}[stem]
    data = (tmp_path / "made.p7m").read_bytes()
    assert open_message(data, issued.certificate, issued.key) == PLAIN
    with pytest.raises(ContainerForged):  # nothing binds its list of recipients, so it is not one of ours
        open_container(data, issued.certificate, issued.key)


def test_two_other_parsers_read_the_same_structure(sealer: CmsSealer, openssl: OpenSsl, tmp_path: Path) -> None:
    box = sealer.seal(PLAIN, name="H1.0000001", level=Level.MAT)
    info = reference.ContentInfo.load(box.data, strict=True)
    assert info["content_type"].native == "authenticated_enveloped_data"
    body = info["content"]
    cipher = body["auth_encrypted_content_info"]["content_encryption_algorithm"]
    assert cipher["algorithm"].native == "aes256_gcm"
    assert cipher["parameters"].dump().endswith(bytes.fromhex("020110"))  # aes-ICVlen 16, always written
    assert len(body["recipient_infos"]) == 3
    assert info.dump(force=True) == box.data
    (tmp_path / "x.p7m").write_bytes(box.data)
    shown = openssl("cms", "-cmsout", "-print", "-noout", "-inform", "DER", "-in", "x.p7m")
    assert shown.returncode == 0
    assert shown.stdout.count(b"d.kari") == 2
    assert shown.stdout.count(b"d.ktri") == 1
    assert b"dhSinglePass-stdDH-sha256kdf-scheme" in shown.stdout


def test_a_container_says_nothing_of_its_holders(site: DemoKeys, sealer: CmsSealer) -> None:
    data = sealer.seal(PLAIN, name="H1.0000001", level=Level.MAT).data
    for name in ("DEMO", "Văn thư", "Lưu trữ", "H1.0000001", "MAT"):
        assert name.encode() not in data
    ids = {entry.key_id for entry in list_recipients(data)}
    assert len(ids) == 3
    assert {entry.kind for entry in list_recipients(data)} == {"EC P-384", "RSA-OAEP sha256"}


def test_two_containers_share_neither_key_nor_nonce(sealer: CmsSealer) -> None:
    one, other = (sealer.seal(PLAIN, name="H1.0000001", level=Level.MAT).data for _ in range(2))
    assert one[-3000:] != other[-3000:]
    assert one[: len(one) - len(PLAIN)] != other[: len(other) - len(PLAIN)]


def test_a_stranger_with_a_certificate_of_the_same_ca_is_refused(site: DemoKeys, sealer: CmsSealer) -> None:
    stranger = new_certificate(site.ca, "Người khác")
    box = sealer.seal(PLAIN, name="H1.0000001", level=Level.MAT)
    with pytest.raises(NotARecipient):
        open_container(box.data, stranger.certificate, stranger.key)


def test_the_right_certificate_with_another_key_is_refused(site: DemoKeys, sealer: CmsSealer) -> None:
    stranger = new_certificate(site.ca, "Người khác")
    box = sealer.seal(PLAIN, name="H1.0000001", level=Level.MAT)
    with pytest.raises(ContainerForged):
        open_container(box.data, site.recovery.certificate, stranger.key)


def test_top_secret_is_never_sealed(sealer: CmsSealer) -> None:
    with pytest.raises(TopSecretRefused):
        sealer.seal(PLAIN, name="H1.0000001", level=Level.TUYET_MAT)


def test_nothing_is_not_sealed(sealer: CmsSealer) -> None:
    with pytest.raises(NothingToSeal):
        sealer.seal(b"", name="H1.0000001", level=Level.MAT)


def test_certificates_are_judged_again_at_each_sealing(site: DemoKeys) -> None:
    now = datetime.now(UTC)
    clock = iter([now, now + timedelta(days=365 * 5)])
    sealer = CmsSealer(site.recipients, site.ca.certificate, clock=lambda: next(clock))
    with pytest.raises(CertificateRefused):
        sealer.seal(PLAIN, name="H1.0000001", level=Level.MAT)


def test_the_recipients_of_a_container_are_named_for_the_ledger(site: DemoKeys, sealer: CmsSealer) -> None:
    box = sealer.seal(PLAIN, name="H1.0000001", level=Level.MAT)
    assert [one.role for one in box.recipients] == ["holder", "holder", "recovery"]
    assert box.recipients[2].fingerprint == site.recipients[2].fingerprint
    assert len(box.sha256) == 64


class OtherProduct(Sealer):
    """Stands for a lawful cipher product: a subclass gives the cipher, the rules stay."""

    cipher = "another product"

    def recipients(self) -> tuple[Addressee, ...]:
        return ()

    def _encrypt(self, plaintext: bytes) -> bytes:
        return plaintext[::-1]


def test_another_cipher_product_keeps_the_rules() -> None:
    box = OtherProduct().seal(PLAIN, name="H1.0000001", level=Level.TOI_MAT)
    assert (box.data, box.cipher) == (PLAIN[::-1], "another product")
    with pytest.raises(TopSecretRefused):
        OtherProduct().seal(PLAIN, name="H1.0000001", level=Level.TUYET_MAT)


def test_nobody_else_makes_a_container() -> None:
    with pytest.raises(TypeError):
        Container("H1", Level.MAT, os.urandom(8), "0" * 64, (), "x", object())


def test_the_read_me_of_a_stick_carries_the_line_and_no_name() -> None:
    line = openssl_line("H1.0000001.p7m", "toi.crt.pem", "toi.key.pem")
    text = read_me(line)
    assert line in text
    assert line.startswith("openssl cms -decrypt -binary -inform DER -in H1.0000001.p7m -recip toi.crt.pem")


def test_a_name_with_spaces_is_quoted_in_the_line() -> None:
    assert "-in 'a b.p7m'" in openssl_line("a b.p7m", "c", "k")
