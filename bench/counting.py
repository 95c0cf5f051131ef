"""How lists, tally and reconciliation grow: ``python -m bench.counting [DOCUMENTS]``.

The default, 200000 documents, is a province's year. A year is worked through in batches, so that two
questions matter: does one batch stay interactive whatever its size, and does a year cost ten times a tenth
of it. All figures are processor time of one process.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from scanflow.counting import (
    Event,
    FeedEnded,
    Mode,
    Outcome,
    SeparatorCode,
    SeparatorRead,
    SheetFed,
    SideExamined,
    Tally,
    Verdict,
    count_document,
    reconcile,
)
from scanflow.levels import Level
from scanflow.manifest import Manifest, PageConvention, Row, read_manifest, write_manifest
from scanflow.pages import Face, SideLabel

SHEETS = 10
"""Sheets of a document: 2,000,000 of 200,000."""

PER_BATCH = 500
"""Documents of a usual batch: a day at the feeder."""


def rows(documents: int, start: int = 1) -> tuple[Row, ...]:
    """Documents of ten sheets, every other verso blank."""
    pages = SHEETS + SHEETS // 2
    return tuple(
        Row(
            n,
            f"H49.{(start + n) // 100}",
            n,
            f"{start + n}/XY",
            None,
            Level.MAT,
            SHEETS,
            pages,
            kind="Công văn",
        )
        for n in range(1, documents + 1)
    )


def course(manifest: Manifest) -> Iterator[Event]:
    """All events of a batch that goes well."""
    sheet = 0
    for row in manifest.to_feed:
        sheet += 1
        yield SheetFed(sheet)
        yield SeparatorRead(sheet, SeparatorCode(manifest.batch_id, row.ordinal), SideLabel.BLANK)
        for place in range(row.sheets):
            sheet += 1
            yield SheetFed(sheet)
            yield SideExamined(sheet, Face.RECTO, SideLabel.CONTENT, Outcome.CLEAR)
            verso = SideLabel.BLANK if place % 2 else SideLabel.CONTENT
            yield SideExamined(sheet, Face.VERSO, verso, Outcome.CLEAR)
    yield FeedEnded(sheet)


@dataclass
class Timed:
    """What a call cost and gave."""

    seconds: float
    result: object


def timed(work: Callable[[], object]) -> Timed:
    """Run once and take the processor time."""
    started = time.process_time()
    result = work()
    return Timed(time.process_time() - started, result)


def one_batch(documents: int) -> str:
    """Cost of one batch of this size, step by step."""
    list_rows = rows(documents)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        write_manifest(list_rows, path)
        opened = timed(lambda: read_manifest(path))
    manifest = Manifest(list_rows, PageConvention.WRITTEN_SIDES, convention_stated=True)
    events = list(course(manifest))
    counted = timed(lambda: Tally.open(manifest, Mode.SEPARATORS).after_all(events))
    tally = counted.result
    assert isinstance(tally, Tally)
    compared = timed(lambda: reconcile(tally, manifest))
    permits = timed(lambda: [count_document(tally, row.ordinal) for row in manifest.rows])
    assert reconcile(tally, manifest).verdict is Verdict.EQUAL
    return (
        f"{documents:>7} {documents * SHEETS:>9} {opened.seconds:>10.2f} "
        f"{counted.seconds / len(events) * 1e6:>12.1f} {compared.seconds:>10.3f} "
        f"{permits.seconds / documents * 1e3:>12.3f}"
    )


def a_year(documents: int) -> float:
    """Processor time of counting and reconciling all batches of a year."""
    started = time.process_time()
    for start in range(0, documents, PER_BATCH):
        manifest = Manifest(rows(PER_BATCH, start), PageConvention.WRITTEN_SIDES, convention_stated=True)
        tally = Tally.open(manifest, Mode.SEPARATORS).after_all(course(manifest))
        assert reconcile(tally, manifest).verdict is Verdict.EQUAL
    return time.process_time() - started


def main() -> None:
    """Print both tables."""
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    print("one batch: seconds of processor time")
    print("   docs    sheets  open list   us an event  reconcile  ms a permit")
    for size in (100, PER_BATCH, 10 * PER_BATCH, min(50_000, documents // 4)):
        print(one_batch(size))
    print(f"a year in batches of {PER_BATCH} documents")
    tenth = a_year(documents // 10)
    print(f"{documents // 10:>7} documents {documents // 10 * SHEETS:>9} sheets: {tenth:8.1f} s")
    whole = a_year(documents)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{documents:>7} documents {documents * SHEETS:>9} sheets: {whole:8.1f} s")
    print(f"that is {whole / tenth:.2f} times a tenth of it")
    print(f"peak memory {memory} MiB")


if __name__ == "__main__":
    main()
