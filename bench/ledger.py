"""How fast the ledger is: append, verify, open, look over, prove. ``python -m bench.ledger [ENTRIES]`` (200000).

Rates depend on the disk's ``fdatasync`` and on what else runs: both are printed beside them.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from scanflow.gate import Decision
from scanflow.ledger import Event, Ledger, verify, verify_receipt
from scanflow.ledger import catalogue as cat
from scanflow.ledger.inspect import overview_of
from scanflow.levels import Level
from scanflow.pages import Face, SideLabel

ORIGIN = "scanflow.bench/room-1"


def sheets(count: int) -> Iterator[Event]:
    """What a station writes: a sheet, its two sides; now and then a document counted."""
    sheet = 0
    made = 0
    while made < count:
        sheet += 1
        batch = f"B-2026-{sheet // 500 + 1:04d}"
        yield cat.SheetFed(batch=batch, sheet=sheet % 500 + 1, sides=2)
        for face in Face:
            yield cat.SideExamined(
                batch=batch, sheet=sheet % 500 + 1, face=face, label=SideLabel.CONTENT,
                decision=Decision.CLEAR, level=Level.MAT,
            )  # fmt: skip
        made += 3
        if sheet % 10 == 0:
            yield cat.DocumentCounted(
                batch=batch, document=f"{batch}-D{sheet % 500:03d}", level=Level.MAT, sheets=10, pages=20, blank=0
            )
            made += 1


@contextmanager
def timed(what: str, count: int) -> Iterator[None]:
    """Print a rate by the wall and by the CPU."""
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    sys.stdout.write(f"{what:58s} {count / wall:12,.0f} /s   {count / cpu:12,.0f} /CPU s   {wall:8.2f} s\n")


def fsyncs(folder: Path) -> float:
    """Milliseconds of one 200-byte append with fdatasync on this disk (median of 50)."""
    took = []
    fd = os.open(folder / "probe", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for _ in range(50):
        start = time.perf_counter()
        os.write(fd, b"x" * 200)
        os.fdatasync(fd)
        took.append(time.perf_counter() - start)
    os.close(fd)
    return sorted(took)[25] * 1000


def main(entries: int) -> None:
    """Run all of it in a fresh folder."""
    key = Ed25519PrivateKey.generate()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        load = " ".join(f"{one:.1f}" for one in os.getloadavg())
        sys.stdout.write(f"load {load} on {os.cpu_count()} CPUs; write + fdatasync {fsyncs(folder):.2f} ms\n\n")
        appends(folder, key)
        path = folder / "long"
        with Ledger.create(path, key, origin=ORIGIN) as ledger:
            many = list(sheets(entries))
            with timed(f"append, 1,000 at a time ({len(many):,} entries)", len(many)):
                for at in range(0, len(many), 1000):
                    ledger.record_many(many[at : at + 1000])
            head = ledger.head()
            timed_proofs(ledger)
        size = path.stat().st_size
        sys.stdout.write(f"{'':58s} {size / head.size:12.0f} bytes an entry\n")
        with timed("verify against a head", head.size):
            report = verify(path, ledger.verifier, [head])
        if not report.ok:
            raise SystemExit("the ledger does not verify")
        with timed("open for writing (verifies all of it)", head.size):
            Ledger.open(path, key, origin=ORIGIN).close()
        with timed("inspector's overview (reads the events strictly)", head.size):
            overview_of(path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"\npeak memory {peak:.0f} MiB\n")


def appends(folder: Path, key: Ed25519PrivateKey) -> None:
    """Appends as the station does them: single, batched, and batched with an announced act for each batch."""
    events = list(sheets(20_000))

    def single(ledger: Ledger) -> int:
        for one in events[:300]:
            ledger.record(one)
        return 300

    def batched(ledger: Ledger) -> int:
        for at in range(0, len(events), 50):
            ledger.record_many(events[at : at + 50])
        return len(events)

    def acts(ledger: Ledger) -> int:
        for at in range(0, len(events), 50):
            with ledger.act(cat.FeedStarted(batch="B-1", scanner="SC-1", first=1)) as feed:
                ledger.record_many(events[at : at + 50])
                feed.done(cat.FeedEnded(batch="B-1", sheets=17, sides=33))
        return len(events) - 2 * (-len(events) // 50)

    runs: list[tuple[str, Callable[[Ledger], int]]] = [
        ("append, one at a time, each durable on return", single),
        ("append, 50 at a time, each batch durable on return", batched),
        ("append, 50 within an act (intent, batch, outcome: 3 syncs)", acts),
    ]
    for n, (what, run) in enumerate(runs):
        with Ledger.create(folder / f"append{n}", key, origin=ORIGIN) as ledger:
            before = ledger.size
            wall, cpu = time.perf_counter(), time.process_time()
            count = run(ledger)
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            if ledger.size - before != count:
                raise SystemExit("entries are missing")
            sys.stdout.write(f"{what:58s} {count / wall:12,.0f} /s   {count / cpu:12,.0f} /CPU s   {wall:8.2f} s\n")


def timed_proofs(ledger: Ledger) -> None:
    """Receipts of entries all over the ledger, each made and checked."""
    places = [n * (ledger.size - 1) // 99 for n in range(100)]
    with timed("receipt made and checked", len(places)):
        for n in places:
            verify_receipt(ledger.prove(n).text, ledger.verifier)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
