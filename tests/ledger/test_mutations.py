"""Tampering with a real ledger of 100,000 entries: what sees it, and which head that takes.

Two adversaries. One has the station's disk but not its key: the head beside the file is enough against an edit. The other
(root on the running station) has the key as well and signs a new local head over whatever was made of the file: only a
head that left the room before is evidence against that one, and only for the entries under it. The residual is tested
too: what comes after the last head held outside is as safe as the station itself, and `vouched` says where that is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from scanflow.gate import Decision
from scanflow.ledger import Checkpoint, Event, Ledger, Receipt, Report, Verifier, verify
from scanflow.ledger import catalogue as cat
from scanflow.ledger.errors import HeadRefused, LedgerDamaged, LedgerError, LedgerRewritten, LedgerRolledBack
from scanflow.ledger.heads import head_path
from scanflow.ledger.lines import Reader, hash_lines
from scanflow.ledger.merkle import Frontier
from scanflow.levels import Level
from scanflow.pages import Face, SideLabel

from .conftest import ORIGIN, TurnedClock, fed

ENTRIES = 100_000
HELD = (40_000, 70_000, 99_000)
"""Sizes at which a head left the room; the last 1,000 entries are under no head held outside."""


@dataclass(frozen=True)
class Original:
    """A genuine ledger, heads of it that left the room, and an old copy of everything on the station's disk."""

    lines: tuple[bytes, ...]
    local: Checkpoint
    outside: dict[int, Checkpoint]
    old_size: int
    old_local: Checkpoint
    receipt: Receipt
    key: Ed25519PrivateKey
    station: Verifier


def a_years_work(count: int) -> list[Event]:
    """Sheets and sides of many batches, as a station writes them."""
    events: list[Event] = []
    sheet = 0
    while len(events) < count:
        sheet += 1
        batch = f"B-2026-{sheet // 500 + 1:04d}"
        events.append(fed(sheet % 500 + 1, batch))
        for face in Face:
            blank = face is Face.VERSO and sheet % 3 == 0
            events.append(
                cat.SideExamined(
                    batch=batch,
                    sheet=sheet % 500 + 1,
                    face=face,
                    label=SideLabel.BLANK if blank else SideLabel.CONTENT,
                    decision=Decision.HOLD if sheet % 97 == 0 else Decision.CLEAR,
                    level=None if blank else Level(sheet % 3),
                    codes=("STP-UNREADABLE",) if sheet % 97 == 0 else (),
                )
            )
    return events[:count]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory, station_key: Ed25519PrivateKey) -> Original:
    path = tmp_path_factory.mktemp("original") / "ledger"
    outside: dict[int, Checkpoint] = {}
    with Ledger.create(path, station_key, origin=ORIGIN, clock=TurnedClock()) as ledger:
        events = a_years_work(ENTRIES - 1)
        done = 0
        for size in (*HELD[:-1], 80_000, HELD[-1], ENTRIES):
            while ledger.size < size:
                step = min(2000, size - ledger.size)
                ledger.record_many(events[done : done + step])
                done += step
            if size in HELD:
                outside[size] = ledger.head()
            elif size == 80_000:
                old = ledger.head()
        receipt = ledger.prove(50_000)
        local = ledger.head()
        station = ledger.verifier
    lines = tuple(path.read_bytes().splitlines())
    assert len(lines) == ENTRIES
    return Original(lines, local, outside, 80_000, old, receipt, station_key, station)


@pytest.fixture
def lay(tmp_path: Path) -> Callable[[Sequence[bytes], Checkpoint | None], Path]:
    """Put a ledger and a local head on the disk."""

    def put(lines: Sequence[bytes], head: Checkpoint | None) -> Path:
        path = tmp_path / "ledger"
        path.write_bytes(b"".join(line + b"\n" for line in lines))
        if head is None:
            head_path(path).unlink(missing_ok=True)
        else:
            head_path(path).write_bytes(head.note)
        return path

    return put


def signed_again(lines: Sequence[bytes], original: Original) -> Checkpoint:
    """What root on the station does: a fresh head over the forged file with the station's own key."""
    leaves = hash_lines(list(lines), 0)
    return Checkpoint(ORIGIN, len(lines), Frontier().root_with(leaves)).signed_by(original.key)


def renumbered(lines: Sequence[bytes], first: int) -> list[bytes]:
    """Lines whose numbers fit their places again, from ``first`` on."""
    made = list(lines)
    for n in range(first, len(made)):
        head, _, _ = made[n].rpartition(b',"n":')
        made[n] = head + b',"n":%d}' % n
    return made


def edited(line: bytes) -> bytes:
    """The same line with another sheet number, of the same length."""
    value = json.loads(line)
    old = b'"sheet":%d' % value["data"]["sheet"]
    new = b'"sheet":' + (b"9" * len(b"%d" % value["data"]["sheet"]))
    assert old != new
    return line.replace(old, new)


def swap(lines: Sequence[bytes], a: int, b: int) -> list[bytes]:
    made = list(lines)
    made[a], made[b] = made[b], made[a]
    return made


AT = 50_000
"""Where the tampering is done: under the heads of 70,000 and 99,000, not under that of 40,000."""

MUTATIONS: dict[str, Callable[[Sequence[bytes]], list[bytes]]] = {
    "edit": lambda one: [*one[:AT], edited(one[AT]), *one[AT + 1 :]],
    "delete": lambda one: [*one[:AT], *one[AT + 1 :]],
    "delete, renumbered": lambda one: renumbered([*one[:AT], *one[AT + 1 :]], AT),
    "swap": lambda one: swap(one, AT, AT + 3),
    "swap, renumbered": lambda one: renumbered(swap(one, AT, AT + 3), AT),
    "insert": lambda one: [*one[:AT], one[AT], *one[AT:]],
    "insert, renumbered": lambda one: renumbered([*one[:AT], one[AT], *one[AT:]], AT),
    "tail cut": lambda one: list(one[:AT]),
    "same-length rewrite": lambda one: [
        *one[:AT],
        *(line.replace(b'"decision":"hold"', b'"decision":"held"', 1) for line in one[AT:]),
    ],
}
BREAKS_NUMBERS = {"delete", "swap", "insert"}


def causes(report: Report) -> set[type[Exception]]:
    return {type(one) for one in report.faults}


def test_the_genuine_ledger_verifies(original: Original, lay: Callable[..., Path]) -> None:
    path = lay(original.lines, original.local)
    report = verify(path, original.station, [*original.outside.values(), original.receipt])
    assert report.ok and report.size == ENTRIES and report.root == original.local.root
    assert report.vouched == ENTRIES and len(report.heads) == 5
    assert verify(path, original.station, list(original.outside.values())).vouched == 99_000


@pytest.mark.parametrize("name", MUTATIONS)
def test_without_the_key_the_local_head_is_enough(original: Original, lay: Callable[..., Path], name: str) -> None:
    forged = MUTATIONS[name](original.lines)
    path = lay(forged, original.local)
    report = verify(path, original.station)
    shorter = LedgerRolledBack if len(forged) < ENTRIES else LedgerRewritten
    assert causes(report) == {LedgerDamaged if name in BREAKS_NUMBERS else shorter}
    with pytest.raises(LedgerError) as refused:  # and no station takes such a file up
        Ledger.open(path, original.key, origin=ORIGIN)
    assert type(refused.value) in causes(report)


@pytest.mark.parametrize("name", MUTATIONS)
def test_with_the_key_a_head_from_outside_is_needed(original: Original, lay: Callable[..., Path], name: str) -> None:
    forged = MUTATIONS[name](original.lines)
    if name in BREAKS_NUMBERS:
        path = lay(forged, None)
        assert LedgerDamaged in causes(verify(path, original.station, [original.outside[99_000]]))
        return
    path = lay(forged, signed_again(forged, original))
    report = verify(path, original.station, [*original.outside.values(), original.receipt])
    local, *outside, receipt = report.heads
    assert local.fault is None  # the forger's own head fits the forgery
    assert outside[0].fault is None and report.vouched == 40_000  # a head from before is no evidence against it
    expected = LedgerRolledBack if name == "tail cut" else LedgerRewritten
    assert [type(one.fault) for one in outside[1:]] == [expected, expected]
    # the receipt's head vouches for all 100,000 entries
    assert type(receipt.fault) is (LedgerRolledBack if len(forged) < ENTRIES else LedgerRewritten)


def test_whole_file_rollback(original: Original, lay: Callable[..., Path]) -> None:
    """Yesterday's copy of the whole directory, head and all: it fits itself, so the key is not even needed."""
    path = lay(original.lines[: original.old_size], original.old_local)
    assert verify(path, original.station).ok
    Ledger.open(path, original.key, origin=ORIGIN).close()
    path = lay(original.lines[: original.old_size], original.old_local)
    assert verify(path, original.station, [original.outside[70_000]]).ok
    report = verify(path, original.station, [original.outside[70_000], original.outside[99_000]])
    assert causes(report) == {LedgerRolledBack} and report.vouched == 70_000
    assert [one.fault is None for one in report.heads] == [True, True, False]


def test_an_old_head_put_back_hides_what_came_after_it(original: Original, lay: Callable[..., Path]) -> None:
    """The local head is no defence against somebody who keeps an old one: even without the key."""
    forged = [*original.lines[:90_000], edited(original.lines[90_000]), *original.lines[90_001:]]
    report = verify(lay(forged, original.old_local), original.station, [original.outside[99_000]])
    assert [type(one.fault) for one in report.heads] == [type(None), LedgerRewritten]


def test_the_residual_is_what_no_outside_head_covers(original: Original, lay: Callable[..., Path]) -> None:
    """With key and disk, the entries after the last head held outside can be changed unseen; `vouched` says so."""
    for forged in (
        list(original.lines[:99_500]),
        [*original.lines[:99_500], edited(original.lines[99_500]), *original.lines[99_501:]],
    ):
        path = lay(forged, signed_again(forged, original))
        report = verify(path, original.station, list(original.outside.values()))
        assert report.ok and report.vouched == 99_000 < report.size


def test_every_single_bit_counts(original: Original, lay: Callable[..., Path]) -> None:
    """A bit flipped anywhere in a short ledger is seen by its head."""
    few = list(original.lines[:3])
    head = signed_again(few, original)
    content = b"".join(line + b"\n" for line in few)
    path = lay(few, head)
    for at in range(len(content)):
        flipped = bytearray(content)
        flipped[at] ^= 1 << (at % 8)
        path.write_bytes(flipped)
        assert not verify(path, original.station).ok, at


def test_foreign_and_broken_heads_are_faults(original: Original, lay: Callable[..., Path], tmp_path: Path) -> None:
    few = list(original.lines[:10])
    path = lay(few, signed_again(few, original))
    true_root = Frontier().root_with(hash_lines(few[:5], 0))
    foreign = Checkpoint(ORIGIN, 5, true_root).signed_by(Ed25519PrivateKey.generate())
    broken = tmp_path / "head.txt"
    broken.write_bytes(b"scribble")
    report = verify(path, original.station, [foreign, broken, tmp_path / "missing"])
    assert [one.fault is None for one in report.heads] == [True, False, False, False]
    assert [type(one) for one in report.faults] == [HeadRefused] * 3 and report.vouched == 0
    lying = Checkpoint(ORIGIN, 5, bytes(32)).signed_by(original.key)
    assert causes(verify(path, original.station, [lying])) == {LedgerRewritten}
    assert not verify(lay(few, None), original.station).ok  # no head at all proves nothing
    head_path(path).write_bytes(b"scribble")
    assert not verify(path, original.station).ok


def test_heads_in_files_and_receipts_are_read(original: Original, lay: Callable[..., Path], tmp_path: Path) -> None:
    few = list(original.lines[:2000])
    head = signed_again(few, original)
    path = lay(few, head)
    with Ledger.open(path, original.key, origin=ORIGIN) as ledger:
        (tmp_path / "a.tlog-proof").write_bytes(ledger.prove(1234).text)
    (tmp_path / "b.note").write_bytes(head.note)
    report = verify(path, original.station, [tmp_path / "a.tlog-proof", tmp_path / "b.note"])
    assert report.ok and report.vouched == 2000
    assert {one.source for one in report.heads} == {"local", "a.tlog-proof", "b.note"}


def test_a_torn_tail_is_reported_not_blamed(original: Original, lay: Callable[..., Path]) -> None:
    few = list(original.lines[:10])
    path = lay(few, signed_again(few, original))
    path.write_bytes(path.read_bytes() + b'{"at"')
    report = verify(path, original.station)
    assert report.ok and report.torn == 5 and report.size == 10


def test_an_empty_tree_has_a_head(original: Original, lay: Callable[..., Path]) -> None:
    empty = Checkpoint(ORIGIN, 0, Frontier().root_with()).signed_by(original.key)
    assert verify(lay([], empty), original.station).ok
    assert verify(lay(original.lines[:3], None), original.station, [empty]).ok


def test_lines_are_read_in_blocks(original: Original, lay: Callable[..., Path]) -> None:
    path = lay(original.lines[:5000], None)
    with path.open("rb") as stream:
        assert [len(one) for one in Reader(stream).blocks()] == [1024, 1024, 1024, 1024, 904]
