"""Taking a ledger up again: read all of it, believe nothing, hold it against its local head (mở lại sổ)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from scanflow.ledger.catalogue.log import LogBegun
from scanflow.ledger.entry import Entry, parse
from scanflow.ledger.errors import HeadMissing, LedgerDamaged, StationKeyRefused
from scanflow.ledger.heads import read_head, require_head
from scanflow.ledger.lines import Reader, hash_lines, open_ledger, read_block, read_line
from scanflow.ledger.note import Checkpoint, Verifier
from scanflow.ledger.tree import BLOCK, LogTree


@dataclass(frozen=True, slots=True)
class Found:
    """What a ledger file holds.

    Attributes:
        tree: its Merkle tree.
        last: the last complete entry.
        open_acts: announced acts without an outcome, by number.
        tail: bytes behind the last whole entry: what a power cut tore, or nothing.
    """

    tree: LogTree
    last: Entry
    open_acts: dict[int, Entry]
    tail: bytes


def read_whole(path: Path, vouched: int) -> Found:
    """Read and hash the whole file. What is not vouched for by the local head is parsed line by line.

    A power cut can leave more than half a line: where several lines were on their way to the disk, any of
    their sectors may be missing. So the first line behind the head that is no entry begins the torn end.

    Args:
        path: the ledger file.
        vouched: entries under the local head; damage among them is no power cut.

    Raises:
        LedgerMissing: no file.
        LedgerDamaged: a vouched line is not the entry of its number, or there is none.
    """
    tree = LogTree(partial(read_block, path))
    open_lines: dict[int, bytes] = {}
    last = b""
    with open_ledger(path) as stream:
        for lines in Reader(stream).blocks():
            start = tree.size
            good = lines[: _whole(lines, start, vouched)]
            leaves = hash_lines(good, start)
            if len(good) == BLOCK:
                tree.add_block(leaves, sum(map(len, good)) + BLOCK)
            else:
                for leaf, line in zip(leaves, good, strict=True):
                    tree.add(leaf, len(line) + 1)
            _follow_acts(open_lines, good, start)
            last = good[-1] if good else last
            if len(good) < len(lines):
                break
        stream.seek(tree.end)
        tail = stream.read()
    open_acts = {n: parse(line, n) for n, line in open_lines.items()}
    return Found(tree, parse(last, tree.size - 1), open_acts, tail)


def _whole(lines: list[bytes], start: int, vouched: int) -> int:
    """How many of ``lines`` are entries; those under the head are held against it as a whole."""
    for at in range(max(0, vouched - start), len(lines)):
        try:
            parse(lines[at], start + at)
        except LedgerDamaged:
            return at
    return len(lines)


def _follow_acts(open_lines: dict[int, bytes], lines: list[bytes], start: int) -> None:
    """Keep the intents that have no outcome: an act's line begins with its intent's number (`Entry.line`)."""
    for n, line in enumerate(lines, start):
        if line.startswith(b'{"act":'):
            number = line[7 : line.find(b",")]
            if not number.isdigit():
                raise LedgerDamaged(n=n)
            if int(number) == n:
                open_lines[n] = line
            else:
                open_lines.pop(int(number), None)


def require_beginning(path: Path, station: Verifier) -> None:
    """Refuse a ledger that was not begun with this station's key.

    Raises:
        LedgerMissing: no file.
        LedgerDamaged: the first entry is not a beginning.
        StationKeyRefused: another key.
    """
    begun = parse(read_line(path, 0, 0), 0).event
    if not isinstance(begun, LogBegun):
        raise LedgerDamaged(n=0)
    if begun.key != station.key_id.hex():
        raise StationKeyRefused(why="key")


def read_local_head(path: Path, station: Verifier) -> Checkpoint | None:
    """The head beside the file, if there is one.

    Raises:
        HeadRefused: it is malformed or not the station's.
    """
    held = read_head(path)
    if held is not None:
        held.require_signed_by(station)
    return held


def require_under(held: Checkpoint | None, tree: LogTree) -> None:
    """Refuse entries that are not those under the local head.

    Raises:
        HeadMissing: there are entries but no head. A crash in `create` leaves one entry and no head; nothing
        else.
        LedgerRolledBack: fewer entries than the head.
        LedgerRewritten: other entries.
    """
    if held is None:
        if tree.size > 1:
            raise HeadMissing()
        return
    require_head(held, tree.size, tree.root(held.size) if held.size <= tree.size else b"")
