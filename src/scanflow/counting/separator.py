"""The code on a separator sheet (mã tờ phân cách): batch, document, check value.

Payload, all of QR's alphanumeric set so that the code stays coarse::

    SCANFLOW1:B-482913-550127-908134:12:K7QW3ZAB

The check value finds damage and typing, not forgery: a separator is told apart by its batch, and counted
anyway.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass

from scanflow.counting.errors import SeparatorDamaged

_PREFIX = "SCANFLOW1:"
_SHAPE = re.compile(r"SCANFLOW1:(B-[0-9]{6}-[0-9]{6}-[0-9]{6}):([1-9][0-9]{0,4}):([A-Z2-7]{8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class SeparatorCode:
    """What a separator says: the next sheets are document ``ordinal`` of batch ``batch_id``."""

    batch_id: str
    ordinal: int


def encode_separator(batch_id: str, ordinal: int) -> str:
    """Payload of the QR code that opens a document.

    Raises:
        ValueError: not a batch id of :class:`scanflow.manifest.Manifest`, or no STT.
    """
    body = f"{_PREFIX}{batch_id}:{ordinal}"
    payload = f"{body}:{_check(body)}"
    if _SHAPE.fullmatch(payload) is None:
        raise ValueError("not a batch id and ordinal")
    return payload


def decode_separator(text: str, sheet: int) -> SeparatorCode | None:
    """Read the text of a QR code found on a sheet.

    Args:
        text: as the QR library gives it.
        sheet: ordinal of the sheet in the batch, for the sentence.

    Returns:
        None when it is no code of ours: papers carry QR codes of their own.

    Raises:
        SeparatorDamaged: ours, with a wrong check value or shape.
    """
    if not text.startswith(_PREFIX[:-2]):
        return None
    match = _SHAPE.fullmatch(text)
    if match is None or _check(text.rpartition(":")[0]) != match[3]:
        raise SeparatorDamaged(sheet=sheet)
    return SeparatorCode(match[1], int(match[2]))


def _check(body: str) -> str:
    digest = hashlib.blake2b(body.encode(), digest_size=5, person=b"scanflow-sep")
    return base64.b32encode(digest.digest()).decode("ascii")
