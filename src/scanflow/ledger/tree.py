"""The Merkle tree of a whole ledger file, small in memory and quick to prove from (cây của sổ).

Only the root of every 1,024 entries and the place of that block in the file are kept (32 bytes and an integer
for 1,024 entries); a proof reads at most a few blocks of the file again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from scanflow.ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    Hash,
    consistency_proof,
    inclusion_proof,
    perfect_root,
    split,
)

BLOCK: Final = 1024
"""Entries in a block; a power of two."""

ReadBlock = Callable[[int, int], list[Hash]]
"""``(block, offset)`` → the leaf hashes of a complete block that begins at byte ``offset`` of the file."""


class LogTree:
    """Size, root and proofs of a growing log.

    Attributes:
        size: number of entries.
        end: bytes of the file that they fill.
    """

    def __init__(self, read_block: ReadBlock) -> None:
        self.size = 0
        self.end = 0
        self._read_block = read_block
        self._roots: list[Hash] = []
        self._offsets: list[int] = []
        self._last: list[Hash] = []
        self._frontier = Frontier()
        self._near: tuple[int, list[Hash]] = (-1, [])

    def add_block(self, leaves: list[Hash], length: int) -> None:
        """Append a complete block of ``length`` bytes; only at a block boundary."""
        if self._last or len(leaves) != BLOCK:
            raise ValueError("not a complete block at its place")
        self._offsets.append(self.end)
        self._roots.append(perfect_root(leaves))
        self._frontier.add(self._roots[-1], BLOCK)
        self.size += BLOCK
        self.end += length

    def add(self, leaf: Hash, length: int) -> None:
        """Append one entry of ``length`` bytes (with its newline)."""
        if not self._last:
            self._offsets.append(self.end)
        self._last.append(leaf)
        self.size += 1
        self.end += length
        if len(self._last) == BLOCK:
            self._roots.append(perfect_root(self._last))
            self._frontier.add(self._roots[-1], BLOCK)
            self._last = []

    def root(self, size: int | None = None) -> Hash:
        """Root of the first ``size`` entries, or of all."""
        if size is None or size == self.size:
            return self._frontier.root_with(self._last)
        if not 0 <= size < self.size:
            raise ValueError("the tree was never that large")
        return self._range(0, size) if size else EMPTY_ROOT

    def inclusion(self, index: int, size: int) -> tuple[Hash, ...]:
        """Audit path of entry ``index`` in the tree of ``size``."""
        return inclusion_proof(index, size, self._range)

    def consistency(self, old: int, new: int) -> tuple[Hash, ...]:
        """Proof that the tree of ``old`` is a prefix of that of ``new``."""
        return consistency_proof(old, new, self._range)

    def offset_of(self, index: int) -> tuple[int, int]:
        """Byte offset of the block that holds ``index``, and how many entries to skip in it."""
        return self._offsets[index // BLOCK], index % BLOCK

    def _range(self, low: int, high: int) -> Hash:
        if low // BLOCK == (high - 1) // BLOCK and high - low < BLOCK:
            block = low // BLOCK
            return Frontier().root_with(self._leaves(block)[low % BLOCK : (high - 1) % BLOCK + 1])
        if low % BLOCK == 0 and (high - low) & (high - low - 1) == 0:
            return perfect_root(self._roots[low // BLOCK : high // BLOCK])
        middle = low + split(high - low)
        return _join(self._range(low, middle), self._range(middle, high))

    def _leaves(self, block: int) -> list[Hash]:
        if block == len(self._roots):
            return self._last
        if self._near[0] != block:  # a proof asks for ten ranges of one block
            self._near = (block, self._read_block(block, self._offsets[block]))
        return self._near[1]


def _join(left: Hash, right: Hash) -> Hash:
    return perfect_root((left, right))
