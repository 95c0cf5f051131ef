"""The tree is RFC 6962's tree, and its proofs prove nothing else."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanflow.ledger import merkle
from scanflow.ledger.tree import BLOCK, LogTree

# The vectors that implementations of Certificate Transparency share: eight leaves, the root after each.
LEAVES = [bytes.fromhex(one) for one in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")]  # fmt: skip
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def naive(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + naive(leaves[:k]) + naive(leaves[k:])).digest()


def some_leaves(count: int) -> list[bytes]:
    return [merkle.leaf_hash(b"%d" % n) for n in range(count)]


@pytest.mark.parametrize("size", range(1, 9))
def test_shared_vectors(size: int) -> None:
    leaves = [merkle.leaf_hash(one) for one in LEAVES[:size]]
    assert merkle.Frontier().root_with(leaves).hex() == ROOTS[size - 1]
    assert naive(leaves).hex() == ROOTS[size - 1]


def test_empty_tree() -> None:
    assert merkle.Frontier().root_with() == merkle.EMPTY_ROOT == naive([])


@given(st.integers(1, 300), st.data())
@settings(max_examples=150, deadline=None)
def test_every_proof_holds_and_no_other_does(size: int, data: st.DataObject) -> None:
    leaves = some_leaves(size)

    def root_of(low: int, high: int) -> bytes:
        return naive(leaves[low:high])

    index = data.draw(st.integers(0, size - 1))
    root = naive(leaves)
    path = merkle.inclusion_proof(index, size, root_of)
    assert merkle.check_inclusion(leaves[index], index, size, path, root)
    other = data.draw(st.integers(0, size - 1))
    if other != index:
        assert not merkle.check_inclusion(leaves[index], other, size, path, root)
        assert not merkle.check_inclusion(leaves[other], index, size, path, root)
    assert not merkle.check_inclusion(leaves[index], index, size, (*path, root), root)
    assert not path or not merkle.check_inclusion(leaves[index], index, size, path[:-1], root)
    assert not merkle.check_inclusion(leaves[index], size, size, path, root)

    old = data.draw(st.integers(0, size))
    old_root = naive(leaves[:old])
    proof = merkle.consistency_proof(old, size, root_of)
    assert merkle.check_consistency(old, size, old_root, root, proof)
    forged = sha256(b"forged").digest()
    assert not merkle.check_consistency(old, size, forged, root, proof)
    assert not merkle.check_consistency(old, size, old_root, forged, proof) or old == 0
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        assert not merkle.check_consistency(old, size, old_root, root, (*proof[:at], forged, *proof[at + 1 :]))
        assert not merkle.check_consistency(old, size, old_root, root, proof[:-1])
    assert not merkle.check_consistency(old, size, old_root, root, (*proof, forged))


def test_the_tree_of_a_file_gives_the_same_roots_and_proofs() -> None:
    leaves = some_leaves(3 * BLOCK + 77)
    tree = LogTree(lambda block, _: leaves[block * BLOCK : (block + 1) * BLOCK])
    tree.add_block(leaves[:BLOCK], BLOCK)
    for leaf in leaves[BLOCK:]:
        tree.add(leaf, 1)
    edges = (0, 1, 2, 77, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 2 * BLOCK + 5, 3 * BLOCK, 3 * BLOCK + 76, len(leaves))
    for size in edges:
        assert tree.root(size) == naive(leaves[:size]), size
    for size in edges[1:]:
        for index in {0, size // 3, size // 2, size - 1}:
            assert merkle.check_inclusion(leaves[index], index, size, tree.inclusion(index, size), tree.root(size))
        for old in edges:
            if old <= size:
                proof = tree.consistency(old, size)
                assert merkle.check_consistency(old, size, tree.root(old), tree.root(size), proof), (old, size)


def test_misuse_is_refused() -> None:
    frontier = merkle.Frontier()
    with pytest.raises(ValueError, match="perfect"):
        frontier.add(b"", 3)
    frontier.add(merkle.leaf_hash(b""))
    with pytest.raises(ValueError, match="aligned"):
        frontier.add(b"", 2)
    with pytest.raises(ValueError, match="outside"):
        merkle.inclusion_proof(1, 1, lambda _a, _b: b"")
    with pytest.raises(ValueError, match="larger"):
        merkle.consistency_proof(2, 1, lambda _a, _b: b"")
    tree = LogTree(lambda _block, _offset: [])
    tree.add(b"", 1)
    with pytest.raises(ValueError, match="complete block"):
        tree.add_block([b""] * BLOCK, 1)
    with pytest.raises(ValueError, match="never"):
        tree.root(2)
