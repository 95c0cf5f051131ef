"""DER: what is written is read back, and nothing else is read."""

from __future__ import annotations

import random

import pytest
from cryptography.hazmat import asn1 as oracle
from hypothesis import given
from hypothesis import strategies as st

from scanflow.sealing import der

from . import fuzz_container


@given(st.binary(max_size=70_000))
def test_octets_come_back(value: bytes) -> None:
    encoded = der.octets(value)
    reader = der.Reader(encoded)
    assert bytes(reader.value(der.OCTET_STRING)) == value
    reader.end()
    assert encoded == oracle.encode_der(value)


@given(st.integers(0, 2**200))
def test_integers_are_those_of_another_encoder(value: int) -> None:
    assert der.integer(value) == oracle.encode_der(value)


@pytest.mark.parametrize("size", [0, 127, 128, 255, 256, 65_535, 65_536])
def test_lengths_are_minimal(size: int) -> None:
    encoded = der.octets(bytes(size))
    header = encoded[1 : len(encoded) - size]
    assert len(header) == 1 if size < 128 else header[1] != 0
    assert int.from_bytes(header if size < 128 else header[1:], "big") == size


@pytest.mark.parametrize(
    ("dotted", "encoded"),
    [
        ("1.2.840.113549.1.9.16.1.23", "060b2a864886f70d0109100117"),
        ("2.16.840.1.101.3.4.1.46", "060960864801650304012e"),
        ("1.3.132.1.11.1", "06062b810401" + "0b01"),
    ],
)
def test_object_identifiers(dotted: str, encoded: str) -> None:
    assert der.oid(dotted).hex() == encoded


@given(st.binary(max_size=60))
def test_reading_garbage_ends_in_one_kind_of_error(data: bytes) -> None:
    reader = der.Reader(data)
    try:
        while (tag := reader.peek()) is not None:
            reader.raw(tag)
        reader.end()
    except der.DerError:
        pass


@given(st.binary(max_size=40))
def test_one_value_has_one_encoding(data: bytes) -> None:
    reader = der.Reader(data)
    try:
        value = bytes(reader.value(der.OCTET_STRING))
        reader.end()
    except der.DerError:
        return
    assert der.octets(value) == data


@pytest.mark.parametrize("body", ["0200", "020180", "02020001"])
def test_integers_out_of_form(body: str) -> None:
    with pytest.raises(der.DerError):
        der.Reader(bytes.fromhex(body)).small_integer()


def test_a_set_is_sorted() -> None:
    one, other = der.octets(b"b"), der.octets(b"a")
    assert der.set_of([one, other]) == der.tlv(der.SET, other, one)


def test_a_slice_of_the_mutation_campaign() -> None:
    tally = fuzz_container.campaign(12_000, seed=7)
    assert sum(tally.values()) == 12_000
    assert {answer.partition(",")[0] for answer in tally} == {"ContainerMalformed", "ContainerForged"}


def test_the_campaign_would_notice_an_opened_container() -> None:
    target = fuzz_container.make_target()
    with pytest.raises(AssertionError):
        fuzz_container.attempt(target, target.one, target.openers[0])
    assert fuzz_container.change(target, random.Random(1)) != target.one
