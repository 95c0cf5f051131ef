"""The station's speed on the demo stack, repeated: through the gate, and the whole way.

    python -m bench.station [--sides 200]

Prints sides a minute, CPU seconds a side by stage, and peak memory. Figures are for one run on one machine.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from scanflow.station.demo import Places, run_demo
from scanflow.station.demostack import DemoDocument, read_stack
from scanflow.station.devices import examiners, new_examiner

ROOT = Path(__file__).resolve().parents[1]
FIXTURES = ROOT / "fixtures/scans"


def repeated(documents: tuple[DemoDocument, ...], sides: int) -> list[DemoDocument]:
    """The stack over and over, each round with dossier codes of its own, until there are at least ``sides``."""
    out: list[DemoDocument] = []
    while sum(2 * len(one.sheets) for one in out) < sides:
        round_ = len(out) // len(documents) + 1
        for one in documents:
            dossier = f"{one.row.dossier}.R{round_}"
            row = replace(one.row, ordinal=len(out) + 1, dossier=dossier, first_sheet="", last_sheet="")
            out.append(replace(one, row=row))
    return out


def gate(sides: int) -> None:
    examiner = new_examiner()
    files = sorted(FIXTURES.glob("*.jpg"))
    stages: Counter[str] = Counter()
    examiner.examine_file(files[0])  # loads models
    begun, cpu = time.perf_counter(), time.process_time()
    for number in range(sides):
        stages.update(examiner.examine_file(files[number % len(files)]).cpu_s)
    wall, spent = time.perf_counter() - begun, time.process_time() - cpu
    print(f"gate, one thread: {sides} sides, {60 * sides / wall:.0f} sides/min, {spent / sides:.3f} CPU s a side")
    for stage, seconds in stages.most_common():
        print(f"  {stage:12s} {1000 * seconds / sides:7.1f} ms")


def whole_way(sides: int) -> None:
    documents = repeated(read_stack(FIXTURES), sides)
    fed = sum(2 * len(one.sheets) for one in documents)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        places = Places(ROOT / "drivers", ROOT / "config/rules")
        result, files = run_demo(documents, places, Path(folder) / "out", examiners(), lambda _: None)
        wall = time.perf_counter() - begun
        size = sum(path.stat().st_size for path in files.stick.rglob("*.p7m"))
    after, after_children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - usage.ru_utime - usage.ru_stime
    spent += after_children.ru_utime + after_children.ru_stime - children.ru_utime - children.ru_stime
    outcomes = Counter(one.outcome.value for one in result.documents)
    print(f"whole way: {fed} sides in {wall:.1f} s, {60 * fed / wall:.0f} sides/min, {spent / fed:.3f} CPU s a side")
    print(f"  documents {dict(outcomes)}, {size / 1e6:.1f} MB sealed")
    print(f"  peak memory {after.ru_maxrss / 1024:.0f} MiB, largest child {after_children.ru_maxrss / 1024:.0f} MiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sides", type=int, default=200)
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    gate(arguments.sides)
    whole_way(arguments.sides)


if __name__ == "__main__":
    main()
