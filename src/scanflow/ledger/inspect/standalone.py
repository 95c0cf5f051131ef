"""Check a ledger with Python alone: no scanflow, no package. Every evidence bundle has it as verify.py.

Kiểm tra sổ nhật ký chỉ bằng Python, không cần scanflow:

    python3 verify.py LEDGER 'VKEY' HEAD...

LEDGER is the ledger file, VKEY the station's public key as it was handed to you (not one that came with the
file), HEAD each head or receipt that left the room. Exit status 0: every head is signed by VKEY and the file
is under it.
"""

from __future__ import annotations

import base64
import hashlib
import sys

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_SQRT_M1 = pow(2, (_P - 1) // 4, _P)
_BASE = (
    15112221349535400772501151409588531511454012693041857206046113283949847762202,
    4 * pow(5, -1, _P) % _P,
)


def _decompress(raw: bytes) -> tuple[int, int] | None:
    """Point of edwards25519 from 32 bytes (RFC 8032 5.1.3), or None."""
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= _P:
        return None
    x2 = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(x2, (_P + 3) // 8, _P)
    if (x * x - x2) % _P:
        x = x * _SQRT_M1 % _P
    if (x * x - x2) % _P or (x == 0 and sign):
        return None
    return (_P - x if x & 1 != sign else x, y)


def _add(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    """Sum of two points in affine coordinates; slow and plain."""
    (x1, y1), (x2, y2) = a, b
    t = _D * x1 * x2 * y1 * y2
    x3 = (x1 * y2 + x2 * y1) * pow(1 + t, -1, _P) % _P
    return (x3, (y1 * y2 + x1 * x2) * pow(1 - t, -1, _P) % _P)


def _times(k: int, point: tuple[int, int]) -> tuple[int, int]:
    """Scalar multiple of a point."""
    total = (0, 1)
    while k:
        if k & 1:
            total = _add(total, point)
        point = _add(point, point)
        k >>= 1
    return total


def ed25519_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature holds (RFC 8032 5.1.7)."""
    if len(signature) != 64 or len(public) != 32:
        return False
    a, r = _decompress(public), _decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= _L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % _L
    return _times(s, _BASE) == _add(r, _times(h, a))


def roots(path: str, sizes: set[int]) -> tuple[int, dict[int, bytes]]:
    """Number of entries, and the RFC 6962 root at each size asked for."""
    stack: list[tuple[int, bytes]] = []
    found: dict[int, bytes] = {}
    size = 0

    def root() -> bytes:
        if not stack:
            return hashlib.sha256(b"").digest()
        total = stack[-1][1]
        for _, left in reversed(stack[:-1]):
            total = hashlib.sha256(b"\x01" + left + total).digest()
        return total

    if 0 in sizes:
        found[0] = root()
    with open(path, "rb") as stream:  # noqa: PTH123
        for line in stream:
            if not line.endswith(b',"n":%d}\n' % size):
                if not line.endswith(b"\n"):
                    break
                raise SystemExit(f"FAULT entry {size} is not the entry of that number")
            leaves, node = 1, hashlib.sha256(b"\x00" + line[:-1]).digest()
            while stack and stack[-1][0] == leaves:
                node = hashlib.sha256(b"\x01" + stack.pop()[1] + node).digest()
                leaves *= 2
            stack.append((leaves, node))
            size += 1
            if size in sizes:
                found[size] = root()
    return size, found


def main(argv: list[str]) -> None:
    """Check; one line for each head."""
    if len(argv) < 3:
        raise SystemExit(__doc__)
    path, vkey, heads = argv[0], argv[1], argv[2:]
    name, key_id, blob = vkey.strip().split("+", 2)
    public = base64.b64decode(blob)
    if public[:1] != b"\x01" or hashlib.sha256(name.encode() + b"\n" + public).hexdigest()[:8] != key_id:
        raise SystemExit("FAULT the public key is malformed")
    held = []
    for one in heads:
        with open(one, "rb") as stream:  # noqa: PTH123
            note = stream.read()
        if note.startswith(b"c2sp.org/tlog-proof@v1\n"):
            note = note.partition(b"\n\n")[2]
        text, _, lines = note.partition(b"\n\n")
        text += b"\n"
        origin, entries, root = text.decode().split("\n")[:3]
        signed = False
        for line in lines.decode().splitlines():
            who, _, raw = line.removeprefix("— ").partition(" ")
            signature = base64.b64decode(raw)
            if who == origin == name and signature[:4].hex() == key_id:
                signed = ed25519_holds(public[1:], text, signature[4:])
        if not signed:
            raise SystemExit(f"FAULT {one} is not signed by this station")
        held.append((one, int(entries), base64.b64decode(root)))
    size, found = roots(path, {one[1] for one in held})
    for one, at, signed_root in held:
        if at > size:
            raise SystemExit(f"FAULT cut or rolled back: {one} vouches for {at} entries, the file holds {size}")
        if found[at] != signed_root:
            raise SystemExit(f"FAULT rewritten: the first {at} entries are not those under {one}")
        sys.stdout.write(f"OK {one}: the first {at} of {size} entries are those that were signed\n")


if __name__ == "__main__":
    main(sys.argv[1:])
