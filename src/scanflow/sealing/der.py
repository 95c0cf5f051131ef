"""DER by hand: a writer of five lines a type and a reader that accepts one encoding of each value.

``hazmat.asn1`` calls itself unstable and general parsers are lenient; a container format is attacked through
what its reader lets pass. So this reader knows definite, minimal lengths and low tag numbers only, has no
recursion, and every caller must say that nothing is left over. Source: ITU-T X.690 (2021), §8, §10, §11.
"""

from __future__ import annotations

from collections.abc import Iterable

INTEGER = 0x02
BIT_STRING = 0x03
OCTET_STRING = 0x04
NULL = 0x05
OID = 0x06
SEQUENCE = 0x30
SET = 0x31


def context(number: int, *, constructed: bool) -> int:
    """Identifier octet of the context-specific tag ``[number]``."""
    return 0x80 | (0x20 if constructed else 0) | number


class DerError(ValueError):
    """The bytes are not DER of the expected shape; the message names the rule and carries no value."""


# ---------------------------------------------------------------------------------------------------- writer


def header(tag: int, length: int) -> bytes:
    """Identifier octet and definite minimal length of a value of ``length`` bytes."""
    if length < 0x80:
        return bytes((tag, length))
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets


def tlv(tag: int, *parts: bytes | memoryview) -> bytes:
    """One value: its header and its parts."""
    return b"".join((header(tag, sum(map(len, parts))), *parts))


def sequence(*parts: bytes) -> bytes:
    """SEQUENCE of already encoded parts."""
    return tlv(SEQUENCE, *parts)


def set_of(parts: Iterable[bytes]) -> bytes:
    """SET OF, elements in ascending order of their encodings (X.690 §11.6)."""
    return tlv(SET, *sorted(parts))


def integer(value: int) -> bytes:
    """INTEGER, value at least 0."""
    return tlv(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def octets(value: bytes) -> bytes:
    """OCTET STRING, primitive."""
    return tlv(OCTET_STRING, value)


def bits(value: bytes) -> bytes:
    """BIT STRING of whole octets."""
    return tlv(BIT_STRING, b"\0", value)


def oid(dotted: str) -> bytes:
    """OBJECT IDENTIFIER from its dotted form."""
    first, second, *rest = map(int, dotted.split("."))
    out = bytearray()
    for arc in (first * 40 + second, *rest):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(0x80 | (arc & 0x7F))
        out += bytes(reversed(groups))
    return tlv(OID, bytes(out))


# ---------------------------------------------------------------------------------------------------- reader


class Reader:
    """A cursor over one run of DER values; slices are views, nothing is copied until asked for."""

    def __init__(self, data: bytes | memoryview) -> None:
        self._data = memoryview(data)
        self._at = 0

    def peek(self) -> int | None:
        """Identifier octet of the next value, or None at the end."""
        return self._data[self._at] if self._at < len(self._data) else None

    def raw(self, tag: int) -> memoryview:
        """The next value with its header; its identifier must be ``tag``.

        Raises:
            DerError: another tag, an indefinite or non-minimal length, or too few bytes.
        """
        start, body = self._next(tag)
        return self._data[start : body[1]]

    def value(self, tag: int) -> memoryview:
        """The contents of the next value; its identifier must be ``tag``.

        Raises:
            DerError: as for :meth:`raw`.
        """
        _, (begin, end) = self._next(tag)
        return self._data[begin:end]

    def enter(self, tag: int) -> Reader:
        """A reader over the contents of the next (constructed) value."""
        return Reader(self.value(tag))

    def end(self) -> None:
        """Assert that nothing is left over.

        Raises:
            DerError: bytes follow.
        """
        if self._at != len(self._data):
            raise DerError("trailing bytes")

    def small_integer(self) -> int:
        """An INTEGER from 0 to 127 in its one-octet form."""
        body = self.value(INTEGER)
        if len(body) != 1 or body[0] > 0x7F:
            raise DerError("integer out of range")
        return body[0]

    def _next(self, tag: int) -> tuple[int, tuple[int, int]]:
        data, start = self._data, self._at
        if len(data) - start < 2:
            raise DerError("truncated")
        if data[start] != tag:
            raise DerError(f"expected tag {tag:#04x}")
        length, begin = data[start + 1], start + 2
        if length >= 0x80:
            width = length & 0x7F
            if not 1 <= width <= 8:
                raise DerError("indefinite or oversized length")
            if len(data) - begin < width:
                raise DerError("truncated")
            length = int.from_bytes(data[begin : begin + width], "big")
            if length < 0x80 or length >> (8 * (width - 1)) == 0:
                raise DerError("length is not minimal")
            begin += width
        end = begin + length
        if end > len(data):
            raise DerError("truncated")
        self._at = end
        return start, (begin, end)
