"""One value, one byte string; every other spelling is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanflow.ledger.canonical import NotCanonical, decode, encode

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text('abcđêờ"\\\n\x1f\x7f', max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcxyz_", max_size=5), inner, max_size=4),
    max_leaves=12,
)


def test_example() -> None:
    assert encode({"b": [1, True, None], "a": "độ mật\n\x1f"}) == '{"a":"độ mật\\n\\u001f","b":[1,true,null]}'.encode()


@given(st.dictionaries(st.text("abcxyz", max_size=5), VALUES, max_size=5))
@settings(max_examples=200, deadline=None)
def test_round_trip_and_sorted(value: dict[str, object]) -> None:
    line = encode(value)
    assert decode(line) == value
    assert b"\n" not in line
    assert list(json.loads(line)) == sorted(value)


@pytest.mark.parametrize(
    "line",
    [
        b"", b"[]", b"1", b"null", b"{} ", b'{"a": 1}', b'{"b":1,"a":2}', b'{"a":1,"a":2}', b'{"a":1.0}', b'{"a":1e3}',
        b'{"a":NaN}', b'{"a":Infinity}', b'{"a":-0}', b'{"a":01}', b'{"a":"\\u0061"}', b'{"a":"\\/"}', b'{"a":"\\ud800"}',
        b"\xef\xbb\xbf{}", b'{"a":"\xff"}', b"{}\n", b'{"a":"e\xcc\x81"}', b'{"a":' + b"[" * 5000 + b"]" * 5000 + b"}",
    ],
)  # fmt: skip
def test_other_spellings_are_refused(line: bytes) -> None:
    with pytest.raises(NotCanonical):
        decode(line)


@given(st.binary(max_size=60))
@settings(max_examples=300, deadline=None)
def test_what_is_read_is_what_would_be_written(line: bytes) -> None:
    try:
        value = decode(line)
    except NotCanonical:
        return
    assert encode(value) == line
