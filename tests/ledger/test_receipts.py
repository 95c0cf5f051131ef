"""A receipt shows one entry to be in the ledger, with nothing but the station's public key."""

from __future__ import annotations

import dataclasses

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from scanflow.ledger import Ledger, Receipt, Verifier, verify_receipt
from scanflow.ledger.errors import HeadRefused, LedgerError, ProofRefused
from scanflow.ledger.merkle import check_consistency

from .conftest import fed


@pytest.fixture
def long(ledger: Ledger) -> Ledger:
    ledger.record_many([fed(n) for n in range(1, 2600)])
    return ledger


@pytest.mark.parametrize("n", [0, 1, 1023, 1024, 2047, 2048, 2599])
def test_every_entry_has_one(long: Ledger, n: int) -> None:
    receipt = long.prove(n)
    assert verify_receipt(receipt.text, long.verifier) == long.entry(n)
    assert receipt.head == long.head() and len(receipt.path) <= 12


def test_its_form_is_that_of_the_specification(long: Ledger) -> None:
    lines = long.prove(3).text.decode().split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1" and lines[1].startswith("extra ") and lines[2] == "index 3"
    assert lines[lines.index("") + 1] == long.verifier.name


def test_it_proves_its_own_entry_only(long: Ledger) -> None:
    receipt = long.prove(7)
    other = long.prove(8)
    for forged in (
        dataclasses.replace(receipt, n=8),
        dataclasses.replace(receipt, line=other.line),
        dataclasses.replace(receipt, n=8, line=other.line),
        dataclasses.replace(receipt, path=other.path),
        dataclasses.replace(receipt, path=receipt.path[:-1]),
        dataclasses.replace(receipt, line=receipt.line.replace(b'"sheet":7', b'"sheet":9')),
    ):
        with pytest.raises(ProofRefused):
            verify_receipt(forged, long.verifier)


def test_a_strangers_head_proves_nothing(long: Ledger) -> None:
    receipt = long.prove(7)
    stranger = Ed25519PrivateKey.generate()
    bare = dataclasses.replace(receipt.head, signatures=())
    for head, key in (
        (bare.signed_by(stranger), long.verifier),
        (receipt.head, Verifier(long.verifier.name, stranger.public_key())),
        (receipt.head, Verifier("scanflow.test/room-2", long.verifier.key)),
    ):
        with pytest.raises(HeadRefused):
            verify_receipt(dataclasses.replace(receipt, head=head), key)


def test_no_changed_byte_passes(long: Ledger) -> None:
    text = long.prove(1500).text

    @given(st.integers(0, len(text) - 1), st.integers(0, 255))
    @settings(max_examples=250, deadline=None, database=None)
    def check(at: int, byte: int) -> None:
        broken = text[:at] + bytes([byte]) + text[at + 1 :]
        if broken != text:
            with pytest.raises(LedgerError):
                verify_receipt(broken, long.verifier)

    check()


@given(st.binary(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_refused_politely(text: bytes) -> None:
    for one in (text, b"c2sp.org/tlog-proof@v1\n" + text):
        with pytest.raises(HeadRefused):
            Receipt.parse(one)


def test_consistency_between_heads(long: Ledger) -> None:
    old = long.head()
    long.record_many([fed(n) for n in range(1, 700)])
    new = long.head()
    assert check_consistency(old.size, new.size, old.root, new.root, long.consistency(old.size))
    assert not check_consistency(old.size, new.size, bytes(32), new.root, long.consistency(old.size))
