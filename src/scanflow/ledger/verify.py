"""Verification of a ledger file, anywhere: the file, the public key, heads held outside (kiểm tra sổ).

Pure: it reads and reports; it writes nothing and asks no clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeAlias

from scanflow.errors import ScanflowError
from scanflow.ledger.errors import HeadMissing, HeadRefused, LedgerDamaged, LedgerError
from scanflow.ledger.heads import read_head, require_head
from scanflow.ledger.lines import Reader, hash_lines, open_ledger
from scanflow.ledger.merkle import EMPTY_ROOT, Frontier, Hash, perfect_root
from scanflow.ledger.note import Checkpoint, Verifier
from scanflow.ledger.receipt import Receipt
from scanflow.ledger.tree import BLOCK

Sources: TypeAlias = Sequence[Path | Checkpoint | Receipt]
"""Heads that left the room: files that hold a checkpoint or a receipt, or those objects."""


@dataclass(frozen=True, slots=True)
class HeadCheck:
    """How the file stands to one head.

    Attributes:
        source: where the head came from (a file's name), or ``local``.
        outside: it was held outside the station's disk; only such a head sees a rollback by someone with that
            disk.
        size: entries under it; None if it could not be read.
        fault: why it does not fit, or None.
    """

    source: str
    outside: bool
    size: int | None
    fault: LedgerError | None


@dataclass(frozen=True, slots=True)
class Report:
    """What verification found.

    Attributes:
        size: complete entries in the file.
        root: their root hash.
        torn: bytes behind the last newline (a crash; the writer sets them aside at the next start).
        heads: each head that it was held against.
        faults: everything that is wrong, the file's own damage first.
        vouched: entries under the largest outside head that fits. Later ones are only as safe as the
            station's disk.
    """

    size: int
    root: Hash
    torn: int
    heads: tuple[HeadCheck, ...]
    faults: tuple[ScanflowError, ...]
    vouched: int

    @property
    def ok(self) -> bool:
        """Nothing is wrong."""
        return not self.faults


def verify(path: Path, station: Verifier, against: Sources = ()) -> Report:
    """Hold a ledger against its local head and every head given.

    Args:
        path: the ledger file; the head beside it is used if it is there.
        station: the station's public key with its name.
        against: heads that left the room: files with a checkpoint or a receipt, or those objects.

    Returns:
        Everything found; it does not stop at the first fault.

    Raises:
        LedgerMissing: there is no file.
    """
    with open_ledger(path) as stream:
        return verify_stream(stream, _local(path), station, against)


def verify_stream(
    stream: IO[bytes],
    local: Checkpoint | LedgerError | None,
    station: Verifier,
    against: Sources = (),
) -> Report:
    """The same for an open stream and the head that came with it."""
    heads: list[tuple[str, bool, Checkpoint | LedgerError]] = []
    if local is not None:
        heads.append(("local", False, local))
    heads += [(_name(one), True, _head(one)) for one in against]
    sizes = sorted({head.size for _, _, head in heads if isinstance(head, Checkpoint)})
    size, root, torn, at, damage = _roots(stream, sizes)

    checks = []
    for source, outside, head in heads:
        if isinstance(head, LedgerError):
            checks.append(HeadCheck(source, outside, None, head))
        else:
            checks.append(HeadCheck(source, outside, head.size, _fault(head, station, size, at, damage)))
    faults: list[ScanflowError] = [damage] if damage else []
    faults += [one.fault for one in checks if one.fault and one.fault is not damage]
    if not heads:
        faults.append(HeadMissing())
    vouched = max((one.size or 0 for one in checks if one.outside and not one.fault), default=0)
    return Report(size, root, torn, tuple(checks), tuple(faults), vouched)


def _roots(stream: IO[bytes], sizes: list[int]) -> tuple[int, Hash, int, dict[int, Hash], LedgerDamaged | None]:
    """Size, root, torn bytes, the root at each size asked for, and the damage that stopped the reading."""
    frontier, at, todo = Frontier(), dict[int, Hash](), list(sizes)
    damage: LedgerDamaged | None = None
    reader = Reader(stream)
    last: list[Hash] = []
    try:
        for lines in reader.blocks():
            last = hash_lines(lines, frontier.size)
            while todo and todo[0] <= frontier.size + len(last):
                wanted = todo.pop(0)
                at[wanted] = frontier.root_with(last[: wanted - frontier.size])
            if len(last) == BLOCK:
                frontier.add(perfect_root(last), BLOCK)
                last = []
    except LedgerDamaged as broken:
        damage, last = broken, []
    if 0 in todo:
        at[0] = EMPTY_ROOT
    return frontier.size + len(last), frontier.root_with(last), len(reader.tail), at, damage


def _fault(
    head: Checkpoint, station: Verifier, size: int, at: dict[int, Hash], damage: LedgerDamaged | None
) -> LedgerError | None:
    try:
        head.require_signed_by(station)
        if damage is not None and head.size not in at:
            return damage
        require_head(head, size, at.get(head.size, b""))
    except LedgerError as fault:
        return fault
    return None


def _local(path: Path) -> Checkpoint | LedgerError | None:
    try:
        return read_head(path)
    except LedgerError as fault:
        return fault


def _head(one: Path | Checkpoint | Receipt) -> Checkpoint | LedgerError:
    if isinstance(one, Checkpoint):
        return one
    if isinstance(one, Receipt):
        return one.head
    try:
        note = one.read_bytes()
        return Receipt.parse(note).head if note.startswith(b"c2sp.org/tlog-proof") else Checkpoint.parse(note)
    except LedgerError as fault:
        return fault
    except OSError:
        return HeadRefused(why="file")


def _name(one: Path | Checkpoint | Receipt) -> str:
    return one.name if isinstance(one, Path) else "given"
