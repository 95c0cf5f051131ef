"""The writer: what it returns is on the disk, one writer only, acts announced, clocks watched, faults final."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from scanflow.ledger import Checkpoint, Ledger, verify
from scanflow.ledger import catalogue as cat
from scanflow.ledger.catalogue.words import EraseReason, Found
from scanflow.ledger.disk import RealDisk
from scanflow.ledger.errors import (
    HeadMissing,
    LedgerBusy,
    LedgerDamaged,
    LedgerExists,
    LedgerMissing,
    LedgerWriteFailed,
    NoSuchEntry,
    NotAnOpenIntent,
    OutcomeMissing,
    StationKeyRefused,
)
from scanflow.ledger.heads import head_path

from .conftest import BATCH, ORIGIN, TurnedClock, fed

ERASE = cat.EraseBegun(batch=BATCH, document=None, reason=EraseReason.ROUTED_OUT)
ERASED = cat.DocumentErased(batch=BATCH, document=None, reason=EraseReason.ROUTED_OUT, sheets=2, pages=4)


def test_a_line_is_canonical_and_says_what_happened(ledger: Ledger, place: Path) -> None:
    entry = ledger.record(fed(7))
    line = place.read_bytes().splitlines()[entry.n]
    assert json.loads(line) == {
        "at": entry.at, "boot": "01234567", "data": {"batch": BATCH, "sheet": 7, "sides": 2},
        "event": "sheet.fed", "mono": entry.mono, "n": entry.n,
    }  # fmt: skip
    assert line == entry.line and line.endswith(b',"n":%d}' % entry.n)
    assert entry.at == "2026-11-18T11:06:40." + entry.at[20:]


def test_a_new_ledger_begins_with_its_key_and_may_name_its_predecessor(
    tmp_path: Path, station_key: Ed25519PrivateKey
) -> None:
    old = Checkpoint(ORIGIN, 12, bytes(32)).signed_by(station_key)
    with Ledger.create(tmp_path / "next", station_key, origin=ORIGIN, predecessor=old) as ledger:
        begun = ledger.entry(0).event
    assert begun == cat.LogBegun(
        key=ledger.verifier.key_id.hex(), predecessor_size=12, predecessor_root=bytes(32).hex()
    )


def test_it_is_durable_before_it_is_returned(place: Path, station_key: Ed25519PrivateKey) -> None:
    """`sync` has been called after the write and before the return, each time, with one call for a whole batch."""
    calls: list[str] = []

    class Watched(RealDisk):
        def write(self, fd: int, data: bytes) -> None:
            calls.append("write")
            super().write(fd, data)

        def sync(self, fd: int) -> None:
            calls.append("sync")
            super().sync(fd)

    with Ledger.create(place, station_key, origin=ORIGIN, disk=Watched()) as ledger:
        calls.clear()
        ledger.record(fed(1))
        assert calls == ["write", "sync"]
        calls.clear()
        ledger.record_many([fed(n) for n in range(1, 51)])
        assert calls == ["write", "sync"]
        calls.clear()
        with ledger.act(ERASE) as act:
            assert calls == ["write", "sync"]  # announced, on disk, before the act begins
            act.done(ERASED)
        assert calls == ["write", "sync"] * 2


def test_nothing_to_record_writes_nothing(ledger: Ledger) -> None:
    before = ledger.size
    assert ledger.record_many([]) == [] and ledger.size == before


def test_everything_comes_back(ledger: Ledger, reopen: Callable[[], Ledger]) -> None:
    events = [fed(n) for n in range(1, 3000)]
    made = ledger.record_many(events)
    root = ledger.root_at(ledger.size)
    ledger.close()
    with reopen() as again:
        assert [one.event for one in again.entries()][1:] == events
        assert list(again.entries([cat.SheetFed], first=2500)) == made[2499:]
        assert list(again.entries([cat.LogBegun])) == [again.entry(0)]
        assert again.root_at(again.size) == root and again.open_intents() == ()
        assert again.entry(1500) == made[1499]
        for outside in (-1, again.size):
            with pytest.raises(NoSuchEntry):
                again.entry(outside)
            with pytest.raises(NoSuchEntry):
                again.prove(outside)
        with pytest.raises(NoSuchEntry):
            again.root_at(again.size + 1)
        with pytest.raises(NoSuchEntry):
            again.consistency(again.size + 1)


def test_missing_existing_foreign(
    ledger: Ledger, reopen: Callable[[], Ledger], place: Path, station_key: Ed25519PrivateKey
) -> None:
    with pytest.raises(LedgerExists):
        Ledger.create(place, station_key, origin=ORIGIN)
    with pytest.raises(LedgerMissing):
        Ledger.open(place.with_name("other"), station_key, origin=ORIGIN)
    ledger.close()
    head_path(place).unlink()
    place.write_bytes(place.read_bytes())
    with reopen() as young:  # one entry and no head: a crash in `create`; nothing can be missing yet
        young.record(fed(1))
    with pytest.raises(StationKeyRefused):
        Ledger.open(place, Ed25519PrivateKey.generate(), origin=ORIGIN)
    with pytest.raises(StationKeyRefused):
        head_path(place).unlink()
        one = place.read_bytes().splitlines(keepends=True)[0]
        place.write_bytes(one)
        Ledger.open(place, Ed25519PrivateKey.generate(), origin=ORIGIN)


def test_without_its_head_a_ledger_is_not_taken_up(ledger: Ledger, reopen: Callable[[], Ledger], place: Path) -> None:
    ledger.record(fed(1))
    ledger.close()
    head_path(place).unlink()
    with pytest.raises(HeadMissing):
        reopen()


def test_a_file_that_is_no_ledger(place: Path, station_key: Ed25519PrivateKey) -> None:
    for content in (b"", b"\n", b"{}\n", b"x" * 200_000):
        place.write_bytes(content)
        with pytest.raises(LedgerDamaged):
            Ledger.open(place, station_key, origin=ORIGIN)


def test_one_writer_at_a_time(ledger: Ledger, reopen: Callable[[], Ledger], place: Path) -> None:
    with pytest.raises(LedgerBusy):
        reopen()
    code = f"""
from pathlib import Path
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from scanflow.ledger import Ledger
from scanflow.ledger.errors import LedgerBusy
try:
    Ledger.open(Path({str(place)!r}), Ed25519PrivateKey.generate(), origin={ORIGIN!r})
except LedgerBusy:
    raise SystemExit(77)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 77
    ledger.close()
    reopen().close()


def test_threads_may_share_it(ledger: Ledger) -> None:
    def work(batch: str) -> None:
        for sheet in range(1, 60):
            ledger.record(fed(sheet, batch))

    threads = [threading.Thread(target=work, args=(f"B-{n}",)) for n in range(1, 5)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert ledger.size == 1 + 4 * 59
    for n in range(1, 5):
        mine = [e.event.sheet for e in ledger.entries([cat.SheetFed]) if e.event.batch == f"B-{n}"]  # type: ignore[attr-defined]
        assert mine == list(range(1, 60))
    assert verify(ledger.path, ledger.verifier, [ledger.head()]).ok


def test_followers_miss_nothing(ledger: Ledger) -> None:
    ledger.record(fed(1))
    seen: list[int] = []
    ledger.follow([cat.SheetFed], lambda entry: seen.append(entry.n))
    ledger.record_many([fed(2), fed(3)])
    assert seen == [1, 2, 3]


# ---- acts -------------------------------------------------------------------------------------------


def test_an_act_stays_open_until_its_outcome(ledger: Ledger, reopen: Callable[[], Ledger]) -> None:
    act = ledger.begin(ERASE)
    assert ledger.open_intents() == (act.entry,) and act.entry.act == act.entry.n
    ledger.close()
    with reopen() as again:
        assert again.open_intents() == (act.entry,)
        closed = again.close_act(act.entry.n, cat.ActClosed(person="P-1", found=Found.NOT_DONE))
        assert closed.act == act.entry.n and again.open_intents() == ()
    with reopen() as again:
        assert again.open_intents() == ()


def test_an_act_has_one_outcome_of_its_kind(ledger: Ledger) -> None:
    act = ledger.begin(ERASE)
    with pytest.raises(NotAnOpenIntent):
        act.done(cat.FeedEnded(batch=BATCH, sheets=1, sides=2))
    done = act.done(ERASED)
    assert done.act == act.entry.n and act.outcome is done
    with pytest.raises(NotAnOpenIntent):
        act.done(ERASED)
    with pytest.raises(NotAnOpenIntent):
        ledger.record(ERASED)
    with pytest.raises(NotAnOpenIntent):
        ledger.close_act(0, ERASED)


def test_a_block_without_an_outcome_is_refused(ledger: Ledger) -> None:
    with pytest.raises(OutcomeMissing), ledger.act(ERASE):
        pass
    assert len(ledger.open_intents()) == 1


def test_an_exception_leaves_the_act_open(ledger: Ledger) -> None:
    with pytest.raises(RuntimeError, match="power"), ledger.act(ERASE):
        raise RuntimeError("power")
    assert [one.event for one in ledger.open_intents()] == [ERASE]


def test_two_acts_at_once(ledger: Ledger, reopen: Callable[[], Ledger]) -> None:
    first, second = ledger.begin(ERASE), ledger.begin(ERASE)
    first.done(ERASED)
    assert ledger.open_intents() == (second.entry,)
    ledger.close()
    with reopen() as again:
        assert again.open_intents() == (second.entry,)


# ---- clocks -----------------------------------------------------------------------------------------


def events_after(ledger: Ledger, n: int) -> list[object]:
    return [one.event for one in ledger.entries(first=n)]


def test_a_clock_set_back_is_recorded_and_does_not_stop_the_record(ledger: Ledger, clock: TurnedClock) -> None:
    ledger.record(fed(1))
    clock.wall -= 3_600_000_000
    entry = ledger.record(fed(2))
    assert entry.event == fed(2)
    back, after = events_after(ledger, entry.n - 1)
    assert back == cat.ClockSetBack(milliseconds=3_600_000, same_boot=True) and after == fed(2)
    assert ledger.record(fed(3)).n == entry.n + 1  # said once


def test_a_clock_set_back_that_has_caught_up_again_is_still_seen(ledger: Ledger, clock: TurnedClock) -> None:
    ledger.record(fed(1))
    clock.mono += 7_200_000_000
    clock.wall += 3_600_000_000  # later than the last entry, and yet an hour was taken away
    entry = ledger.record(fed(2))
    assert events_after(ledger, entry.n - 1)[0] == cat.ClockSetBack(milliseconds=3_600_000, same_boot=True)


def test_a_clock_set_back_over_a_reboot(ledger: Ledger, clock: TurnedClock, reopen: Callable[[], Ledger]) -> None:
    ledger.close()
    clock.boot, clock.mono = "f" * 32, 5
    clock.wall -= 1_000_000
    with reopen() as again:
        again.record(fed(1))
        assert events_after(again, 1) == [cat.ClockSetBack(milliseconds=999, same_boot=False), fed(1)]


def test_a_reboot_or_a_pause_is_no_alarm(ledger: Ledger, clock: TurnedClock, reopen: Callable[[], Ledger]) -> None:
    clock.wait(86_400)
    ledger.record(fed(1))
    ledger.close()
    clock.boot, clock.mono = "f" * 32, 5
    clock.wall += 60_000_000
    with reopen() as again:
        again.record(fed(2))
        clock.wall += 3_600_000_000  # set forward: later entries tell
        again.record(fed(3))
        assert events_after(again, 1) == [fed(1), fed(2), fed(3)]


# ---- faults -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", ["write", "sync"])
def test_after_a_failed_write_nothing_more_is_accepted(
    ledger: Ledger, reopen: Callable[[], Ledger], call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.record(fed(1))

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(RealDisk, call, fails)
        with pytest.raises(LedgerWriteFailed, match="No space"):
            ledger.record(fed(2))
    for attempt in (lambda: ledger.record(fed(3)), ledger.head, lambda: ledger.begin(ERASE)):
        with pytest.raises(LedgerWriteFailed, match="sealed"):
            attempt()
    ledger.close()
    with reopen() as again:
        events = events_after(again, 1)
        assert events[0] == fed(1) and fed(3) not in events
        again.record(fed(4))


@pytest.mark.parametrize("call", ["write", "half a write", "sync"])
def test_an_interruption_by_the_person_loses_nothing(
    ledger: Ledger, reopen: Callable[[], Ledger], call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C in the middle of a write: the entry is finished, the interruption goes on, work can be wound up."""
    real_write = RealDisk.write

    def interrupted(disk: RealDisk, fd: int, data: bytes = b"") -> None:
        patched.undo()
        if call == "half a write":
            real_write(disk, fd, data[: len(data) // 2])
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(RealDisk, call.split()[-1], interrupted)
        with pytest.raises(KeyboardInterrupt):
            ledger.record_many([fed(1), fed(2)])
    ledger.record(fed(3))
    assert events_after(ledger, 1) == [fed(1), fed(2), fed(3)]
    ledger.close()
    with reopen() as again:
        assert events_after(again, 1) == [fed(1), fed(2), fed(3)]


def test_a_closed_ledger_takes_nothing(ledger: Ledger) -> None:
    ledger.close()
    with pytest.raises(LedgerWriteFailed):
        ledger.record(fed(1))
    ledger.close()


def test_a_head_is_not_signed_again_for_the_same_entries(ledger: Ledger) -> None:
    assert ledger.head() is ledger.head()
    before = ledger.head()
    ledger.record(fed(1))
    assert ledger.head().size == before.size + 1
