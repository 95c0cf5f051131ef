"""Canonical JSON: one value, one byte string (RFC 8785 restricted to what the ledger may hold).

Objects with ASCII keys, lists, NFC strings, integers of at most 53 bits, true, false and null. No floating
point: a rate is a count out of a count. For this subset Python's sorted, compact ``json`` is byte for byte
    RFC 8785.
"""

from __future__ import annotations

import json
import unicodedata
from typing import Any, Final

MAX_INTEGER: Final = 2**53 - 1
"""Largest integer that every JSON reader keeps exactly (RFC 8785 §3.2.2.3, RFC 7493 §2.2)."""

_encoder = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


class NotCanonical(ValueError):
    """Bytes that are not the canonical form of anything the ledger may hold."""


def encode(value: dict[str, Any]) -> bytes:
    """The one byte string of ``value`` (UTF-8, no newline)."""
    return _encoder.encode(value).encode()


def decode(line: bytes) -> dict[str, Any]:
    """Read one object and refuse any other spelling of it.

    Raises:
        NotCanonical: not UTF-8, not an object, a float, a doubled key, a huge integer, not NFC, or spelled
        otherwise.
    """
    try:
        value = json.loads(line.decode("utf-8", "strict"), parse_float=_no_float, parse_constant=_no_float)
        again = encode(value) if isinstance(value, dict) else b""
    except (ValueError, RecursionError) as broken:
        raise NotCanonical("not JSON of the ledger's kind") from broken
    if again != line:  # a doubled key, a space, another escape or order: all show here
        raise NotCanonical("another spelling of the same value")
    if not line.isascii() and not unicodedata.is_normalized("NFC", line.decode()):
        raise NotCanonical("text that is not NFC")
    return value  # type: ignore[no-any-return]


def _no_float(_: str) -> None:
    raise NotCanonical("a floating-point number")
