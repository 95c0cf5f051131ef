"""The writer is killed and the power cut at every call to the disk: the ledger verifies, nothing acknowledged is missing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from scanflow.ledger import Checkpoint, Ledger, verify
from scanflow.ledger import catalogue as cat
from scanflow.ledger.catalogue.words import EraseReason
from scanflow.ledger.entry import Entry

from .conftest import BATCH, ORIGIN, TurnedClock, fed
from .power import Luck, PowerCut, PowerDisk

ERASE = cat.EraseBegun(batch=BATCH, document=None, reason=EraseReason.ROUTED_OUT)
ERASED = cat.DocumentErased(batch=BATCH, document=None, reason=EraseReason.ROUTED_OUT, sheets=2, pages=4)
TORN = b'{"at":"2026-11-18T11:06:40.010000Z","boot":"01234567","da'


@dataclass
class Told:
    """What the writer said was safe before it died."""

    created: bool = False
    entries: list[Entry] = field(default_factory=list)
    heads: list[Checkpoint] = field(default_factory=list)
    open_act: int | None = None
    closed_act: int | None = None


def a_days_work(path: Path, key: Ed25519PrivateKey, disk: PowerDisk, told: Told) -> None:
    """Everything that touches the disk: create, single and batched entries, heads, acts, a reopening, a torn end."""
    clock = TurnedClock()
    with Ledger.create(path, key, origin=ORIGIN, clock=clock, disk=disk) as ledger:
        told.created = True
        told.entries.append(ledger.record(fed(1)))
        told.entries += ledger.record_many([fed(n) for n in range(2, 12)])
        told.heads.append(ledger.head())
        act = ledger.begin(ERASE)
        told.open_act = act.entry.n
        told.entries.append(ledger.record(fed(12)))
        told.entries.append(act.done(ERASED))
        told.open_act, told.closed_act = None, act.entry.n
        told.entries.append(ledger.record(fed(13)))
    fd = disk.open(path)
    disk.write(fd, TORN)
    disk.sync(fd)
    disk.close(fd)
    with Ledger.open(path, key, origin=ORIGIN, clock=clock, disk=disk) as ledger:
        told.entries.append(ledger.record(fed(14)))
        told.heads.append(ledger.head())


def calls_of_a_days_work(folder: Path, key: Ed25519PrivateKey) -> list[str]:
    folder.mkdir()
    disk = PowerDisk()
    a_days_work(folder / "ledger", key, disk, Told())
    return disk.trace


def check(folder: Path, key: Ed25519PrivateKey, told: Told, where: str, *, twice: bool = True) -> None:
    """Start again after the cut, and hold what is found against what was told."""
    path = folder / "ledger"
    if not told.created and not path.exists():
        Ledger.create(path, key, origin=ORIGIN).close()
        return
    with Ledger.open(path, key, origin=ORIGIN) as ledger:
        found = list(ledger.entries())
        for one in told.entries:
            assert found[one.n] == one, where
        opened = [one.n for one in ledger.open_intents()]
        if told.open_act is not None:  # its outcome was perhaps on its way, and arrived
            arrived = [one for one in found if one.act == told.open_act and one.event == ERASED]
            assert (told.open_act in opened) != bool(arrived), where
        assert told.closed_act not in opened, where
        recorded = [one.event for one in found if isinstance(one.event, cat.LogRecovered)]
        aside = [one for one in folder.iterdir() if ".torn-" in one.name and not one.name.endswith(".new")]
        assert {one.digest for one in recorded} == {one.name[-64:] for one in aside}, where
        assert len(recorded) == len(aside), where
        ledger.record(fed(99))
    report = verify(path, ledger.verifier, told.heads)
    assert report.ok and not report.torn, (where, report)
    if twice:
        check(folder, key, told, where, twice=False)


@pytest.mark.parametrize("luck", list(Luck), ids=lambda one: one.name)
@pytest.mark.parametrize("names_arrived", [False, True])
def test_power_cut_at_every_call(
    tmp_path: Path, station_key: Ed25519PrivateKey, luck: Luck, names_arrived: bool
) -> None:
    trace = calls_of_a_days_work(tmp_path / "whole", station_key)
    assert {"write", "sync", "truncate", "sync_directory"} <= set(trace)
    assert any(one.startswith("rename") for one in trace)
    for at, what in enumerate(trace, 1):
        live, after = tmp_path / f"live{at}", tmp_path / "after"
        live.mkdir()
        disk, told = PowerDisk(dies_at=at), Told()
        with pytest.raises(PowerCut):
            a_days_work(live / "ledger", station_key, disk, told)
        disk.after_the_cut(live, after, luck, names_arrived=names_arrived)
        check(after, station_key, told, f"{at}: {what}")


def test_writer_killed_at_every_call(tmp_path: Path, station_key: Ed25519PrivateKey) -> None:
    """The process dies, the machine lives: everything written is there, the calls that were to come are not."""
    for at, what in enumerate(calls_of_a_days_work(tmp_path / "whole", station_key), 1):
        live = tmp_path / f"live{at}"
        live.mkdir()
        told = Told()
        with pytest.raises(PowerCut):
            a_days_work(live / "ledger", station_key, PowerDisk(dies_at=at), told)
        for kept in live.glob("*.kept"):
            kept.unlink()
        check(live, station_key, told, f"{at}: {what}")


@pytest.mark.parametrize("luck", list(Luck), ids=lambda one: one.name)
def test_power_cut_during_recovery(tmp_path: Path, station_key: Ed25519PrivateKey, luck: Luck) -> None:
    """A second cut while the first one's torn end is set aside loses nothing and records it once."""
    base = tmp_path / "base"
    base.mkdir()
    with Ledger.create(base / "ledger", station_key, origin=ORIGIN, clock=TurnedClock()) as ledger:
        entries = [ledger.record(fed(n)) for n in range(1, 4)]
    with (base / "ledger").open("ab") as file:
        file.write(TORN)
    content = {one.name: one.read_bytes() for one in base.iterdir()}
    for at in range(1, 100):
        live, after = tmp_path / f"live{at}", tmp_path / "after"
        live.mkdir()
        for name, data in content.items():
            (live / name).write_bytes(data)
        disk = PowerDisk(dies_at=at)
        disk.adopt(live)
        try:
            Ledger.open(live / "ledger", station_key, origin=ORIGIN, disk=disk).close()
        except PowerCut:
            for names_arrived in (False, True):
                disk.after_the_cut(live, after, luck, names_arrived=names_arrived)
                check(after, station_key, Told(True, entries), f"recovery, {at}")
                assert TORN in [one.read_bytes() for one in after.iterdir() if ".torn-" in one.name]
        else:
            assert at > 8
            return
    pytest.fail("recovery never came to its end")


WRITER = """
import sys
from hashlib import sha256
from pathlib import Path
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from scanflow.ledger import Ledger
from scanflow.ledger import catalogue as cat
key = Ed25519PrivateKey.from_private_bytes(sha256(b"station of the tests").digest())
with Ledger.open(Path(sys.argv[1]), key, origin=sys.argv[2]) as ledger:
    sheet = 0
    while True:
        made = ledger.record_many([cat.SheetFed(batch="B-1", sheet=sheet + i, sides=2) for i in range(1, 8)])
        sheet += 7
        sys.stdout.write(f"{made[-1].n} {made[-1].leaf.hex()}\\n")
        sys.stdout.flush()
"""


def test_sigkill_of_a_real_writer(tmp_path: Path, station_key: Ed25519PrivateKey) -> None:
    path = tmp_path / "ledger"
    Ledger.create(path, station_key, origin=ORIGIN).close()
    for rounds in (1, 20, 60):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), ORIGIN], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout
            told = [writer.stdout.readline() for _ in range(rounds)]
            os.kill(writer.pid, signal.SIGKILL)
            told += writer.stdout.readlines()
        with Ledger.open(path, station_key, origin=ORIGIN) as ledger:
            for line in (one for one in told if one.endswith("\n")):
                n, leaf = line.split()
                assert ledger.entry(int(n)).leaf.hex() == leaf
            assert verify(path, ledger.verifier, [ledger.head()]).ok
