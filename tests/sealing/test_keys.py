"""Keys and certificates of a site."""

from __future__ import annotations

import stat
import subprocess
from pathlib import Path

import pytest

from scanflow.sealing.errors import KeyFileExists, KeyUnusable, PassphraseTooShort
from scanflow.sealing.keyops import load_private_key
from scanflow.sealing.keys import Algorithm, init_demo, load, new_ca, new_certificate, save

PASSPHRASE = "mật khẩu thử nghiệm"


def test_a_saved_key_is_encrypted_private_and_comes_back(tmp_path: Path) -> None:
    issued = new_certificate(new_ca("CA"), "Văn thư")
    certificate_path, key_path = save(issued, tmp_path / "keys", "van-thu", passphrase=PASSPHRASE)
    assert b"ENCRYPTED" in key_path.read_bytes()
    assert stat.S_IMODE(key_path.stat().st_mode) == 0o600
    assert stat.S_IMODE(key_path.parent.stat().st_mode) == 0o700
    again = load(tmp_path / "keys", "van-thu", passphrase=PASSPHRASE)
    assert again.certificate == issued.certificate
    assert again.key.key.private_numbers() == issued.key.key.private_numbers()
    assert certificate_path.read_bytes().startswith(b"-----BEGIN CERTIFICATE")


def test_the_wrong_passphrase_or_none(tmp_path: Path) -> None:
    save(new_certificate(new_ca("CA"), "Văn thư"), tmp_path, "van-thu", passphrase=PASSPHRASE)
    for wrong in ("mật khẩu khác hẳn", None):
        with pytest.raises(KeyUnusable):
            load(tmp_path, "van-thu", passphrase=wrong)


def test_garbage_is_no_key() -> None:
    with pytest.raises(KeyUnusable):
        load_private_key(b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")


def test_a_key_of_another_kind_is_no_key() -> None:
    done = subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519"], capture_output=True, check=True)
    with pytest.raises(KeyUnusable):
        load_private_key(done.stdout)


def test_a_short_passphrase_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PassphraseTooShort):
        save(new_ca("CA"), tmp_path, "ca", passphrase="ngắn")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    save(new_ca("CA"), tmp_path, "ca", passphrase=PASSPHRASE)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(KeyFileExists):
        save(new_ca("CA"), tmp_path, "ca", passphrase=PASSPHRASE)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_the_demo_keys_are_made_once(tmp_path: Path) -> None:
    first, second = init_demo(tmp_path / "k"), init_demo(tmp_path / "k")
    assert first.recipients == second.recipients
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "k").glob("*.key.pem")} == {0o600}
    assert all("DEMO" in one.holder for one in first.recipients)


def test_demo_keys_that_were_cut_off_in_the_making_are_made_again(tmp_path: Path) -> None:
    init_demo(tmp_path)
    (tmp_path / "tram.crt.pem").unlink()
    (tmp_path / "van-thu.key.pem").unlink()
    again = init_demo(tmp_path)
    assert again.holders[0].certificate.verify_directly_issued_by(again.ca.certificate) is None


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_openssl_accepts_the_chain(algorithm: Algorithm, tmp_path: Path) -> None:
    ca = new_ca("CA")
    save(ca, tmp_path, "ca", passphrase=PASSPHRASE)
    save(new_certificate(ca, "Người nhận", algorithm=algorithm), tmp_path, "one", passphrase=PASSPHRASE)
    done = subprocess.run(
        ["openssl", "verify", "-x509_strict", "-CAfile", "ca.crt.pem", "one.crt.pem"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "one.crt.pem: OK", done.stderr
