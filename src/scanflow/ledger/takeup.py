"""Taking a ledger up again: read all of it, believe nothing, hold it against its local head (mở lại sổ)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from scanflow.ledger.catalogue.log import LogBegun
from scanflow.ledger.entry import Entry, parse
from scanflow.ledger.errors import HeadMissing, LedgerDamaged, StationKeyRefused
from scanflow.ledger.heads import read_head, require_head
from scanflow.ledger.lines import Reader, hash_lines, open_ledger, read_block
from scanflow.ledger.note import Checkpoint, Verifier
from scanflow.ledger.tree import BLOCK, LogTree


@dataclass(frozen=True, slots=True)
class Found:
    """What a ledger file holds.

    Attributes:
        tree: its Merkle tree.
        first: the first entry.
        last: the last complete entry.
        open_acts: announced acts without an outcome, by number.
        tail: bytes behind the last newline: a torn line, or nothing.
    """

    tree: LogTree
    first: Entry
    last: Entry
    open_acts: dict[int, Entry]
    tail: bytes


def read_whole(path: Path) -> Found:
    """Read and hash the whole file; only acts, the first and the last line are parsed.

    Raises:
        LedgerMissing: no file.
        LedgerDamaged: a line is not the entry of its number, or the first entry is missing.
    """
    tree = LogTree(partial(read_block, path))
    open_lines: dict[int, bytes] = {}
    first = last = b""
    with open_ledger(path) as stream:
        reader = Reader(stream)
        for lines in reader.blocks():
            start = tree.size
            leaves = hash_lines(lines, start)
            if len(lines) == BLOCK:
                tree.add_block(leaves, sum(map(len, lines)) + BLOCK)
            else:
                for leaf, line in zip(leaves, lines, strict=True):
                    tree.add(leaf, len(line) + 1)
            _follow_acts(open_lines, lines, start)
            first, last = first or lines[0], lines[-1]
    open_acts = {n: parse(line, n) for n, line in open_lines.items()}
    return Found(tree, parse(first, 0), parse(last, tree.size - 1), open_acts, reader.tail)


def _follow_acts(open_lines: dict[int, bytes], lines: list[bytes], start: int) -> None:
    """An intent's line begins with its own number, an outcome's with that of its intent (see `Entry.line`)."""
    for n, line in enumerate(lines, start):
        if line.startswith(b'{"act":'):
            number = line[7 : line.find(b",")]
            if not number.isdigit():
                raise LedgerDamaged(n=n)
            if int(number) == n:
                open_lines[n] = line
            else:
                open_lines.pop(int(number), None)


def require_beginning(found: Found, station: Verifier) -> None:
    """Refuse a ledger that was not begun with this station's key.

    Raises:
        LedgerDamaged: the first entry is not a beginning.
        StationKeyRefused: another key.
    """
    begun = found.first.event
    if not isinstance(begun, LogBegun):
        raise LedgerDamaged(n=0)
    if begun.key != station.key_id.hex():
        raise StationKeyRefused(why="key")


def require_local_head(path: Path, found: Found, station: Verifier) -> Checkpoint | None:
    """Hold the file against the head beside it; None only for a ledger that was never opened after `create`.

    Raises:
        HeadMissing: there are entries but no head.
        HeadRefused: the head is malformed or not the station's.
        LedgerRolledBack: fewer entries than the head.
        LedgerRewritten: other entries.
    """
    held = read_head(path)
    if held is None:
        if found.tree.size > 1:  # a crash in `create` leaves one entry and no head; nothing else does
            raise HeadMissing()
        return None
    held.require_signed_by(station)
    size = found.tree.size
    require_head(held, size, found.tree.root(held.size) if held.size <= size else b"")
    return held
