"""Changed containers against the reader: ``python -m tests.sealing.fuzz_container COUNT [SEED]``.

Each round changes a sealed container (bits, bytes, pieces cut, doubled, moved, lengths, tags, pieces of another
container) and asks the reader to open it. The only lawful answers are three refusals; a byte released, or any other
exception, ends the campaign with the change that did it. The reader for messages of other tools is asked too: its list
of recipients is not bound, so it may open a changed one, but then what comes out is the sealed plaintext and no other.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from dataclasses import dataclass

from scanflow.levels import Level
from scanflow.sealing import CmsSealer, Recipient, RecipientRole, open_container, open_message
from scanflow.sealing.errors import ContainerForged, ContainerMalformed, NotARecipient
from scanflow.sealing.keys import Algorithm, Issued, new_ca, new_certificate

REFUSALS = (ContainerMalformed, ContainerForged, NotARecipient)
PLAIN = bytes(64)
_INTERESTING = (
    0x00,
    0x01,
    0x02,
    0x03,
    0x04,
    0x05,
    0x06,
    0x0C,
    0x10,
    0x30,
    0x31,
    0x7F,
    0x80,
    0x81,
    0x82,
    0xA0,
    0xA1,
    0xFF,
)


@dataclass(frozen=True)
class Target:
    """Two containers for the same recipients, and those who open them."""

    one: bytes
    other: bytes
    openers: tuple[Issued, ...]


def make_target() -> Target:
    """Fresh keys, small plaintext: most bytes are structure."""
    ca = new_ca("fuzz CA")
    openers = (new_certificate(ca, "EC"), new_certificate(ca, "RSA", algorithm=Algorithm.RSA))
    recipients = (
        Recipient(openers[0].certificate),
        Recipient(openers[1].certificate, RecipientRole.RECOVERY),
    )
    sealer = CmsSealer(recipients, ca.certificate)
    one, other = (sealer.seal(PLAIN, name="F1.1", level=Level.MAT).data for _ in range(2))
    return Target(one, other, openers)


def change(target: Target, dice: random.Random) -> bytes:
    """A container that differs from both originals."""
    while True:
        data = bytearray(target.one)
        for _ in range(dice.choice((1, 1, 1, 2, 3, 8))):
            _change_once(data, target, dice)
        made = bytes(data)
        if made not in (target.one, target.other):
            return made


def _change_once(data: bytearray, target: Target, dice: random.Random) -> None:
    size = max(len(data), 1)
    at, length = dice.randrange(size), dice.choice((1, 1, 2, 4, 16, 40, 97, 200))
    match dice.randrange(9):
        case 0:
            if data:
                data[at % len(data)] ^= 1 << dice.randrange(8)
        case 1:
            if data:
                data[at % len(data)] = dice.choice(_INTERESTING)
        case 2:
            if data:
                data[at % len(data)] = dice.randrange(256)
        case 3:
            del data[at : at + length]
        case 4:
            data[at:at] = bytes(dice.randrange(256) for _ in range(length))
        case 5:
            data[at:at] = data[at : at + length]
        case 6:  # the same place in another container for the same people
            data[at : at + length] = target.other[at : at + length]
        case 7:
            source = dice.randrange(size)
            piece = data[source : source + length]
            data[at : at + length] = piece
        case 8:
            del data[dice.randrange(size) :]


def attempt(target: Target, data: bytes, opener: Issued) -> str:
    """Name of the refusal.

    Raises:
        AssertionError: the reader released something.
        Exception: whatever else the reader let through.
    """
    try:
        open_container(data, opener.certificate, opener.key)
    except REFUSALS as refusal:
        answer = type(refusal).__name__
    else:
        raise AssertionError("a changed container was opened")
    try:
        opened = open_message(data, opener.certificate, opener.key)
    except REFUSALS:
        return answer
    if opened != PLAIN:
        raise AssertionError("something else than the sealed plaintext was released")
    return f"{answer}, as a message the true plaintext"


def campaign(count: int, seed: int) -> Counter[str]:
    """Run ``count`` rounds; the tally of refusals."""
    target, dice = make_target(), random.Random(seed)
    tally: Counter[str] = Counter()
    for round_number in range(count):
        data = change(target, dice)
        try:
            tally[attempt(target, data, dice.choice(target.openers))] += 1
        except Exception:
            print(f"round {round_number}, seed {seed}: {data.hex()}", file=sys.stderr)
            raise
    return tally


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    begun = time.monotonic()
    tally = campaign(count, seed)
    print(f"{count} changed containers refused in {time.monotonic() - begun:.0f} s (seed {seed}): {dict(tally)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
