"""Heads are C2SP's signed notes: other people's signatures hold here, and nothing malformed is read."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scanflow.ledger import Checkpoint, Verifier
from scanflow.ledger.errors import HeadRefused
from scanflow.ledger.note import COSIGNATURE_V1, Cosigned, _holds

from .conftest import ORIGIN

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
LOG = Verifier(ORIGIN, KEY.public_key())
HEAD = Checkpoint(ORIGIN, 20852163, bytes(range(32))).signed_by(KEY)


def test_vector_of_the_signed_note_specification() -> None:
    vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    who = Verifier.parse(vkey)
    assert str(who) == vkey
    line = "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
    import base64

    raw = base64.b64decode(line)
    assert raw[:4] == who.key_id
    assert _holds(who.key, raw[4:], b"This is an example message.\n")
    assert not _holds(who.key, raw[4:], b"This is an example message!\n")


def test_vector_of_go_sumdb() -> None:
    who = Verifier.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = b"If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    import base64

    raw = base64.b64decode(
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    )
    assert raw[:4] == who.key_id and _holds(who.key, raw[4:], text)


def test_openssl_accepts_a_head(tmp_path: Path) -> None:
    """The signed bytes and the signature are what plain Ed25519 makes of them: openssl is the judge."""
    (tmp_path / "key.pem").write_bytes(KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    (tmp_path / "text").write_bytes(HEAD.text)
    (tmp_path / "sig").write_bytes(HEAD.signatures[0].blob)
    command = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in text -sigfile sig"
    done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_form_of_a_checkpoint() -> None:
    assert HEAD.text == f"{ORIGIN}\n20852163\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n".encode()
    text, blank, tail = HEAD.note.partition(b"\n\n")
    assert text + b"\n" == HEAD.text and blank and tail.startswith(f"— {ORIGIN} ".encode()) and tail.endswith(b"\n")
    assert Checkpoint.parse(HEAD.note) == HEAD
    HEAD.require_signed_by(LOG)


def test_cosignature_is_over_the_message_of_the_specification() -> None:
    person = Ed25519PrivateKey.generate()
    name = f"{ORIGIN}/P-21"
    head = HEAD.cosigned_by(name, person, 1679315147)
    blob = head.signatures[1].blob
    assert blob[:8] == (1679315147).to_bytes(8, "big")
    message = b"cosignature/v1\ntime 1679315147\n" + HEAD.text
    person.public_key().verify(blob[8:], message)
    who = Verifier(name, person.public_key(), COSIGNATURE_V1)
    assert Checkpoint.parse(head.note).cosigners((who,)) == (Cosigned(name, 1679315147),)
    stranger = Verifier(name, KEY.public_key(), COSIGNATURE_V1)
    assert head.cosigners((stranger,)) == ()
    assert Verifier.parse(str(who)) == who


def test_cosignature_with_another_time_refuses_the_note() -> None:
    person = Ed25519PrivateKey.generate()
    who = Verifier(f"{ORIGIN}/P-21", person.public_key(), COSIGNATURE_V1)
    head = HEAD.cosigned_by(who.name, person, 100)
    late = head.signatures[1]
    moved = type(late)(late.name, late.key_id, (101).to_bytes(8, "big") + late.blob[8:])
    with pytest.raises(HeadRefused):
        Checkpoint(HEAD.origin, HEAD.size, HEAD.root, (HEAD.signatures[0], moved)).cosigners((who,))


def test_only_the_logs_own_signature_counts() -> None:
    other = Ed25519PrivateKey.generate()
    bare = Checkpoint(ORIGIN, 5, bytes(32))
    with pytest.raises(HeadRefused, match="signature"):
        bare.signed_by(other).require_signed_by(LOG)
    with pytest.raises(HeadRefused, match="origin"):
        Checkpoint("scanflow.test/room-2", 5, bytes(32)).signed_by(KEY).require_signed_by(LOG)
    with pytest.raises(HeadRefused, match="signature"):
        bare.cosigned_by(ORIGIN, KEY, 1).require_signed_by(LOG)  # a cosignature is no signature
    Checkpoint(ORIGIN, 5, bytes(32)).signed_by(KEY).signed_by(other).require_signed_by(LOG)  # unknown ones are ignored


def test_a_second_false_signature_of_the_same_key_refuses_the_note() -> None:
    s = HEAD.signatures[0]
    doubled = Checkpoint(HEAD.origin, HEAD.size, HEAD.root, (s, type(s)(s.name, s.key_id, bytes(64))))
    with pytest.raises(HeadRefused, match="signature"):
        doubled.require_signed_by(LOG)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"20852163", b"020852163"),
        (b"20852163", b"+20852163"),
        (b"20852163", "２".encode() + b"0852163"),
        (b"20852163", b"20852163 "),
        (b"20852163", b"-1"),
        (b"HgH8", b"Hg"),
        (b"Hh8=", b"Hh9="),  # not the canonical base64 of any 32 bytes
        (b"Hh8=\n", b"Hh8=\nextension\n"),
        (b"\n\n", b"\n\n\n"),
        (b"\n\n", b"\n"),
        ("— ".encode(), b"- "),
        (b"room-1\n20", b"room 1\n20"),
        (b"room-1\n20", b"room+1\n20"),
        (b"\n20852163", b"\r\n20852163"),
    ],
)
def test_one_fault_each(old: bytes, new: bytes) -> None:
    note = HEAD.note
    broken = note.replace(old, new, 1) if old in note else note[:-4] + b"A\n"
    assert broken != note
    with pytest.raises(HeadRefused):
        Checkpoint.parse(broken)


@given(st.integers(0, len(HEAD.note) - 1), st.integers(0, 255))
@settings(max_examples=400, deadline=None)
@example(0, 0)
def test_no_changed_byte_is_taken_for_the_signed_head(at: int, byte: int) -> None:
    broken = HEAD.note[:at] + bytes([byte]) + HEAD.note[at + 1 :]
    if broken == HEAD.note:
        return
    with pytest.raises(HeadRefused):
        Checkpoint.parse(broken).require_signed_by(LOG)


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_refused_politely(note: bytes) -> None:
    with pytest.raises(HeadRefused):
        Checkpoint.parse(note)


@pytest.mark.parametrize(
    "vkey", ["", "a+b", "a+00000000+AQ==", "a b+1+2", str(LOG)[:-8] + "AAAAAAA=", "x+" + str(LOG)[2:]]
)
def test_a_wrong_vkey_is_refused(vkey: str) -> None:
    with pytest.raises(HeadRefused):
        Verifier.parse(vkey)
