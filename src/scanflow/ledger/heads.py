"""The head that is kept beside the file, and how a ledger is held against a head (đầu sổ cục bộ)."""

from __future__ import annotations

from pathlib import Path

from scanflow.ledger.errors import LedgerRewritten, LedgerRolledBack
from scanflow.ledger.merkle import Hash
from scanflow.ledger.note import Checkpoint


def head_path(ledger: Path) -> Path:
    """Where the last signed head of a ledger is kept on the station."""
    return ledger.with_name(ledger.name + ".head")


def read_head(ledger: Path) -> Checkpoint | None:
    """The head kept beside the file, or None.

    Raises:
        HeadRefused: there is one, but it is not a checkpoint.
    """
    try:
        note = head_path(ledger).read_bytes()
    except FileNotFoundError:
        return None
    return Checkpoint.parse(note)


def require_head(held: Checkpoint, size: int, root: Hash) -> None:
    """Refuse a ledger of ``size`` entries that is not under ``held``.

    ``root`` is that of its first ``held.size`` entries. Size and root are both compared: a rewritten ledger
    of the same length has the size but not the root.

    Raises:
        LedgerRolledBack: fewer entries than the head.
        LedgerRewritten: other entries.
    """
    if size < held.size:
        raise LedgerRolledBack(found=size, held=held.size)
    if root != held.root:
        raise LedgerRewritten(held=held.size)
