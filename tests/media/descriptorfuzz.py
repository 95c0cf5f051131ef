"""Descriptor sets from a grammar and from damaged honest ones, and the oracle: no crash, no wrong admission.

PYTHONPATH=src python tests/media/descriptorfuzz.py 1000000
"""

from __future__ import annotations

import random
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools.usblab import shapes
from tools.usblab.hostile import HOSTILE

from scanflow.levels import Level
from scanflow.media.descriptors import Descriptors, MalformedDescriptors, parse
from scanflow.media.identity import DeviceFacts, fingerprint, raw_hash
from scanflow.media.policy import Admission, judge_device
from scanflow.media.registry import MASS_STORAGE, ApprovedDevice, Entry

TODAY = date(2026, 11, 22)


def facts(raw: bytes, speed: int = 480, strings: dict[int, str] | None = None) -> DeviceFacts:
    """Facts of a lab device."""
    words = shapes.STRINGS if strings is None else strings
    return DeviceFacts("1-1", raw, speed, words.get(1, ""), words.get(2, ""), words.get(3, ""))


def approved(raw: bytes = shapes.PLAIN, speed: int = 480, **changes: object) -> ApprovedDevice:
    """The register's row for the plain lab stick."""
    own = facts(raw, speed)
    device = ApprovedDevice(
        name="USB-LAB",
        vid=shapes.VID,
        pid=shapes.PID,
        serial=shapes.SERIAL,
        fingerprint=fingerprint(parse(raw), own),
        raw_hashes=((speed, raw_hash(raw)),),
        clearance=Level.TOI_MAT,
        custodian="thủ kho",
        since=date(2026, 1, 1),
        until=date(2027, 1, 1),
        size=1,
        filesystem="vfat",
        uuid="1",
    )
    return replace(device, **changes)  # type: ignore[arg-type]


def entries(*devices: ApprovedDevice) -> dict[str, Entry]:
    """A genuine register."""
    return {each.device_id: Entry(each, genuine=True, revoked=False) for each in devices}


REGISTER = entries(approved())
# The most permissive register there can be: every fingerprint fits. What it admits must still be storage and
# nothing else.
_SEEDS = [shapes.PLAIN, shapes.PLAIN_SUPER, *(each.raw for each in HOSTILE)]


def wholly_storage(raw: bytes) -> bool:
    """An own, stupid reading of the bytes: every interface descriptor says mass storage with the SCSI command set."""
    if raw[4:7] != b"\0\0\0":
        return False
    at = 18
    seen = False
    while at + 1 < len(raw):
        if raw[at] < 2:
            return False
        if raw[at + 1] == 4:
            seen = True
            if tuple(raw[at + 5 : at + 8]) not in MASS_STORAGE:
                return False
        elif raw[at + 1] not in (2, 5, 0x0B, 0x24, 0x30):
            return False
        at += raw[at]
    return seen and at == len(raw)


def grammar(rng: random.Random) -> bytes:
    """A set that follows the grammar in most places, with any classes."""
    triples = [(8, 6, 0x50), (8, 6, 0x62), (3, 1, 1), (9, 0, 0), (0xFF, 0, 0), (8, 6, 0), (8, 0, 0x50)]
    weights = [60, 12, 8, 3, 5, 3, 3]
    configurations = b""
    count = rng.choice((1, 1, 1, 1, 2, 3))
    for value in range(1, count + 1):
        parts = b""
        total = rng.choice((1, 1, 1, 2, 3))
        for number in range(total):
            for alt in range(rng.choice((1, 1, 1, 2))):
                ends = b""
                for index in range(rng.choice((0, 1, 2, 2, 2, 3, 4))):
                    ends += shapes.endpoint(
                        rng.choice((0x80, 0)) | (index + 1),
                        rng.choice((2, 2, 3)),
                        rng.choice((64, 512, 1024)),
                    )
                    if rng.random() < 0.2:
                        ends += shapes.COMPANION
                inside = rng.choice((b"", b"", b"", shapes.HID, b"\x04\x24\x01\x00", b"\x02\x41"))
                triple = rng.choices(triples, weights)[0]
                parts += shapes.interface(number, triple, ends, alt, inside)
            if rng.random() < 0.05:
                parts += b"\x08\x0b\x00\x02\x08\x06\x50\x00"
        configurations += shapes.configuration(parts, total if rng.random() < 0.95 else rng.randrange(256), value)
    return shapes.device(
        configurations,
        count=count if rng.random() < 0.95 else rng.randrange(256),
        triple=rng.choice(((0, 0, 0), (0, 0, 0), (0, 0, 0), (9, 0, 1), (0xEF, 2, 1), (8, 6, 0x50))),
    )


def damaged(rng: random.Random) -> bytes:
    """An honest or hostile set with some bytes changed, cut, doubled or put in."""
    raw = bytearray(rng.choice(_SEEDS))
    for _ in range(rng.choice((1, 1, 2, 4, 8))):
        what = rng.randrange(5)
        at = rng.randrange(len(raw)) if raw else 0
        if what == 0 and raw:
            raw[at] = rng.randrange(256)
        elif what == 1 and raw:
            raw[at] ^= 1 << rng.randrange(8)
        elif what == 2:
            del raw[at : at + rng.randrange(1, 12)]
        elif what == 3:
            raw[at:at] = raw[at : at + rng.randrange(1, 24)]
        else:
            raw[at:at] = rng.randbytes(rng.randrange(1, 12))
    return bytes(raw)


def one(rng: random.Random) -> tuple[bytes, str]:
    """Make one set, judge it against two registers, and check the answer; gives the set and what it was."""
    kind = rng.randrange(10)
    raw = grammar(rng) if kind < 5 else damaged(rng) if kind < 9 else rng.randbytes(rng.randrange(200))
    own = facts(raw)
    try:
        shape: Descriptors | None = parse(raw)
    except MalformedDescriptors:
        shape = None
    verdict = judge_device(own, REGISTER, TODAY)
    if isinstance(verdict, Admission):
        assert raw == shapes.PLAIN, f"wrong admission: {raw.hex()}"
    if shape is None:
        assert not isinstance(verdict, Admission)
        return raw, "malformed"
    # Enrolled just as it is: now only the rules of shape stand between it and the port.
    lenient = approved(
        fingerprint=fingerprint(shape, own), raw_hashes=((480, raw_hash(raw)),), vid=shape.vid, pid=shape.pid
    )
    verdict = judge_device(own, entries(lenient), TODAY)
    if isinstance(verdict, Admission):
        assert wholly_storage(raw), f"wrong admission: {raw.hex()}"
        return raw, "admitted as enrolled"
    return raw, "refused"


def campaign(count: int, seed: int) -> dict[str, int]:
    """Judge ``count`` sets; answers how many were what."""
    rng = random.Random(seed)
    found: dict[str, int] = {}
    for _ in range(count):
        _, what = one(rng)
        found[what] = found.get(what, 0) + 1
    return found


if __name__ == "__main__":
    begun = time.monotonic()
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(1 << 32)
    print(
        f"{wanted} descriptor sets, seed {first}:",
        campaign(wanted, first),
        f"{time.monotonic() - begun:.0f} s",
    )
