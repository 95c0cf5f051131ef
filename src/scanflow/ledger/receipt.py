"""Receipts: one entry, shown to be in the ledger with the station's public key alone (biên nhận).

Form: C2SP ``tlog-proof`` (c2sp.org/tlog-proof@v1), the entry's own line in its ``extra``. Any tool for that
form checks it; ours is :func:`verify_receipt`.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Final

from scanflow.ledger import entry as entries
from scanflow.ledger.entry import Entry
from scanflow.ledger.errors import HeadRefused, ProofRefused
from scanflow.ledger.merkle import Hash, check_inclusion, leaf_hash
from scanflow.ledger.note import Checkpoint, Verifier

_FIRST: Final = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,15})")
MAX_RECEIPT: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Receipt:
    """An entry with its proof.

    Attributes:
        n: the entry's number.
        line: its canonical line.
        path: audit path from the leaf upwards.
        head: the checkpoint that the path leads to.
    """

    n: int
    line: bytes
    path: tuple[Hash, ...]
    head: Checkpoint

    @property
    def text(self) -> bytes:
        """The receipt as it is written to a stick (``.tlog-proof``)."""
        lines = [_FIRST, f"extra {_b64(self.line)}", f"index {self.n}", *(_b64(one) for one in self.path), ""]
        return "\n".join(lines).encode() + b"\n" + self.head.note

    @classmethod
    def parse(cls, text: bytes) -> Receipt:
        """Read a receipt strictly; it proves nothing before :func:`verify_receipt`.

        Raises:
            HeadRefused: another form.
        """
        try:
            if len(text) > MAX_RECEIPT:
                raise ValueError("too long")
            proof, _, note = text.partition(b"\n\n")
            first, extra, index, *path = proof.decode("ascii").split("\n")
            numbered = _INDEX.fullmatch(index)
            if first != _FIRST or not extra.startswith("extra ") or not numbered or len(path) > 64:
                raise ValueError("form")
            found = cls(int(numbered[1]), _raw(extra[6:]), tuple(_raw(one) for one in path), Checkpoint.parse(note))
            if found.text != text:
                raise ValueError("another spelling")
        except ValueError as broken:
            raise HeadRefused(why="receipt") from broken
        return found


def verify_receipt(receipt: Receipt | bytes, station: Verifier) -> Entry:
    """The entry that a receipt proves, read with the station's public key and nothing else.

    Raises:
        HeadRefused: malformed, or not signed by the station.
        ProofRefused: the entry is not under that head.
        LedgerDamaged: the proved line is no entry of the catalogue.
    """
    if isinstance(receipt, bytes):
        receipt = Receipt.parse(receipt)
    receipt.head.require_signed_by(station)
    leaf = leaf_hash(receipt.line)
    if not check_inclusion(leaf, receipt.n, receipt.head.size, receipt.path, receipt.head.root):
        raise ProofRefused()
    return entries.parse(receipt.line, receipt.n)


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _raw(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
