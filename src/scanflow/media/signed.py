"""A signed statement as two lines of text: canonical JSON, then the signature in base64 (văn bản có chữ ký).

The second line ends with a newline, so a cut tail is seen; the first line says with ``what`` which kind of
statement it is, so that one kind cannot be passed off as another.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from scanflow.media.registry import Sign, Verify, canonical


class NotSigned(ValueError):
    """The text is not whole, not of the kind asked for, or not signed by the station."""


def wrap(what: str, fields: dict[str, Any], sign: Sign) -> bytes:
    """The two lines for ``fields`` plus ``what``."""
    return wrap_statement(canonical({**fields, "what": what}), sign)


def wrap_statement(statement: bytes, sign: Sign) -> bytes:
    """The two lines for a statement that is canonical JSON already."""
    return statement + b"\n" + base64.b64encode(sign(statement)) + b"\n"


def unwrap(what: str, raw: bytes, verify: Verify) -> tuple[bytes, dict[str, Any]]:
    """The statement and its fields.

    Raises:
        NotSigned: anything at all is wrong.
    """
    lines = raw.split(b"\n")
    if len(lines) != 3 or lines[2]:
        raise NotSigned("not two whole lines")
    try:
        signature = base64.b64decode(lines[1], validate=True)
    except binascii.Error as fault:
        raise NotSigned("no signature") from fault
    # Nothing of the text is interpreted before its signature holds.
    if not verify(lines[0], signature):
        raise NotSigned("signature does not verify")
    try:
        fields = json.loads(lines[0])
    except ValueError as fault:
        raise NotSigned("no statement") from fault
    if not isinstance(fields, dict) or fields.get("what") != what:
        raise NotSigned("another kind of statement")
    return lines[0], fields
