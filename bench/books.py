"""How opening a batch and the year's papers grow with the ledger: ``python -m bench.books [DOCUMENTS]`` (20000).

A province's year is 200,000 documents of ten sheets. The ledger is written as a station writes it, at a tenth of the
size and at the whole of it; then the two questions that read all of it are timed, in processor time.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from scanflow.gate import Decision
from scanflow.ledger import Event, Ledger
from scanflow.ledger import catalogue as cat
from scanflow.ledger.catalogue import EraseReason
from scanflow.ledger.lines import read_entries
from scanflow.levels import Level
from scanflow.pages import Face, SideLabel
from scanflow.station.books import _KINDS as BOOK_KINDS
from scanflow.station.books import books_of
from scanflow.station.history import history_of

SHEETS = 10
PER_BATCH = 500


def a_year(documents: int) -> Iterator[Event]:
    """What the ledger holds of these documents: rows, sheets, sides, counts."""
    for start in range(0, documents, PER_BATCH):
        batch = f"B-2026-{start // PER_BATCH + 1:06d}"
        names = [f"{batch}-D{n:03d}" for n in range(1, min(PER_BATCH, documents - start) + 1)]
        yield cat.BatchOpened(batch=batch, operator="P-003")
        for at, name in enumerate(names):
            yield cat.DocumentListed(
                batch=batch, document=name, dossier=at // 20 + 1, level=Level.MAT, sheets=SHEETS, pages=2 * SHEETS
            )
        sheet = 0
        for name in names:
            for _ in range(SHEETS):
                sheet += 1
                yield cat.SheetFed(batch=batch, sheet=sheet, sides=2, document=name)
                for face in Face:
                    yield cat.SideExamined(
                        batch=batch, sheet=sheet, face=face, label=SideLabel.CONTENT, decision=Decision.CLEAR,
                        level=Level.MAT,
                    )  # fmt: skip
            yield cat.DocumentCounted(
                batch=batch, document=name, level=Level.MAT, sheets=SHEETS, pages=2 * SHEETS, blank=0
            )


def timed(work: Callable[[], object]) -> float:
    """Processor time of one call."""
    started = time.process_time()
    work()
    return time.process_time() - started


def measured(documents: int) -> str:
    """Write a ledger and ask it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.jsonl"
        with Ledger.create(path, Ed25519PrivateKey.generate(), origin="scanflow.bench/books") as ledger:
            events = a_year(documents)
            while some := list(islice(events, 5000)):
                ledger.record_many(some)
            for n in range(1, 51):  # a day's delivery at the end
                name = f"B-2026-000001-D{n:03d}"
                with ledger.act(
                    cat.EraseBegun(batch="B-2026-000001", document=name, reason=EraseReason.DELIVERED)
                ) as act:
                    act.done(
                        cat.DocumentErased(
                            batch="B-2026-000001", document=name, reason=EraseReason.DELIVERED, sheets=10, pages=20
                        )
                    )
            entries = ledger.size
            opening = timed(lambda: history_of(ledger, "B-2026-000001"))
            books = timed(lambda: books_of(read_entries(path, BOOK_KINDS)))
    return f"{documents:>9} {entries:>10} {opening:>16.2f} {books:>22.2f}"


def main() -> None:
    """Print the table."""
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    print("documents    entries  open a batch, s  registers, statistics, s")
    for size in (documents // 10, documents):
        print(measured(size), flush=True)


if __name__ == "__main__":
    main()
