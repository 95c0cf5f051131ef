"""RFC 6962 Merkle tree: hashes, roots, and proofs that need nothing but hashes (cây băm). Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

Hash = bytes
"""A SHA-256 digest, 32 bytes."""

EMPTY_ROOT: Hash = sha256(b"").digest()
"""Root of a tree without leaves (RFC 6962 §2.1)."""


def leaf_hash(line: bytes) -> Hash:
    """``SHA-256(0x00 || line)``; ``line`` is the entry without its newline."""
    return sha256(b"\x00" + line).digest()


def node_hash(left: Hash, right: Hash) -> Hash:
    """``SHA-256(0x01 || left || right)``."""
    return sha256(b"\x01" + left + right).digest()


def perfect_root(hashes: Sequence[Hash]) -> Hash:
    """Root over a power of two of hashes, level by level (the fast road of verification)."""
    level = hashes
    while len(level) > 1:
        pairs = iter(level)
        level = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
    return level[0]


class Frontier:
    """The roots of the perfect subtrees that a growing tree consists of: about log2(n) hashes (biên của cây).

    Attributes:
        size: number of leaves so far.
    """

    __slots__ = ("_stack", "size")

    def __init__(self) -> None:
        self.size = 0
        self._stack: list[Hash] = []

    def add(self, subtree: Hash, leaves: int = 1) -> None:
        """Append a perfect subtree of ``leaves`` (a power of two that divides ``size``)."""
        if leaves & (leaves - 1) or self.size % leaves:
            raise ValueError("a subtree must be perfect and aligned")
        place = self.size // leaves
        while place & 1:
            subtree = node_hash(self._stack.pop(), subtree)
            place >>= 1
        self._stack.append(subtree)
        self.size += leaves

    def root_with(self, more: Iterable[Hash] = ()) -> Hash:
        """Root after ``more`` leaves, without taking them in."""
        ahead = Frontier()
        ahead.size, ahead._stack = self.size, self._stack.copy()
        for leaf in more:
            ahead.add(leaf)
        stack = ahead._stack
        if not stack:
            return EMPTY_ROOT
        root = stack[-1]
        for left in reversed(stack[:-1]):
            root = node_hash(left, root)
        return root


RangeRoot = Callable[[int, int], Hash]
"""``(low, high)`` → root of the leaves ``low <= i < high``; how a proof asks the tree."""


def inclusion_proof(index: int, size: int, root_of: RangeRoot) -> tuple[Hash, ...]:
    """Audit path of leaf ``index`` in the tree of ``size`` leaves, from the leaf up (RFC 6962 §2.1.1)."""
    if not 0 <= index < size:
        raise ValueError("index outside the tree")
    path: list[Hash] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + split(high - low)
        if index < middle:
            path.append(root_of(middle, high))
            high = middle
        else:
            path.append(root_of(low, middle))
            low = middle
    return tuple(reversed(path))


def consistency_proof(old: int, new: int, root_of: RangeRoot) -> tuple[Hash, ...]:
    """Proof that the tree of ``old`` leaves is a prefix of that of ``new`` (RFC 6962 §2.1.2)."""
    if not 0 <= old <= new:
        raise ValueError("an old tree is not larger than a new one")
    if old in (0, new):
        return ()

    def subproof(m: int, low: int, high: int, complete: bool) -> list[Hash]:
        if m == high - low:
            return [] if complete else [root_of(low, high)]
        middle = split(high - low)
        if m <= middle:
            return [*subproof(m, low, low + middle, complete), root_of(low + middle, high)]
        return [*subproof(m - middle, low + middle, high, False), root_of(low, low + middle)]

    return tuple(subproof(old, 0, new, True))


def split(size: int) -> int:
    """Largest power of two below ``size`` (``size`` >= 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def check_inclusion(leaf: Hash, index: int, size: int, proof: Sequence[Hash], root: Hash) -> bool:
    """Whether ``proof`` shows ``leaf`` at ``index`` under ``root`` (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size:
        return False
    fn, sn, r = index, size - 1, leaf
    for p in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while not fn & 1 and fn:
                fn >>= 1
                sn >>= 1
        else:
            r = node_hash(r, p)
        fn >>= 1
        sn >>= 1
    return sn == 0 and r == root


def check_consistency(old: int, new: int, old_root: Hash, new_root: Hash, proof: Sequence[Hash]) -> bool:
    """Whether ``proof`` shows that ``new_root`` extends ``old_root`` (RFC 9162 §2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    path = list(proof)
    if not path and old & (old - 1):
        return False
    if not old & (old - 1):  # a perfect old tree is its own first node
        path.insert(0, old_root)
    if not path:
        return False
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn >>= 1
        sn >>= 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr = node_hash(c, fr)
            sr = node_hash(c, sr)
            while not fn & 1 and fn:
                fn >>= 1
                sn >>= 1
        else:
            sr = node_hash(sr, c)
        fn >>= 1
        sn >>= 1
    return sn == 0 and fr == old_root and sr == new_root
