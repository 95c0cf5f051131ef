"""How many TUYỆT MẬT sides get through, and how often the feeder stops for nothing: on a style kept out.

``python -m bench.stamps --pages 3000`` draws (or takes from ``--pool``) that many sides with a TUYỆT MẬT
and two thirds as many without, looks at each with the networks, and prints tables with 95 % intervals
(Wilson). With ``--draw-only`` the pages are only drawn; with ``--misses DIR`` the sides that got through
are saved as pictures. ``--style east`` draws as another author does.
"""

from __future__ import annotations

import argparse
import math
import os
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from tools.pagegen import kept_out, store
from tools.pagegen.guests import KEPT, Style
from tools.stamps.fuse import covers, of_no_kind

from scanflow.levels import Level
from scanflow.stamps.fusion import Finding, Thresholds
from scanflow.stamps.judge import Judgement, Reading, Verdict, judge
from scanflow.stamps.marks import MarkKind
from scanflow.stamps.network import MarkNetwork, Sight
from scanflow.stamps.reader import StampReader, marks_of_findings
from scanflow.stamps.witness import TesserocrReader

K = MarkKind
DIFFICULTIES = ("easy", "medium", "hard", "extreme")
COMPANY = (
    K.KHAN,
    K.THUONG_KHAN,
    K.HOA_TOC,
    K.DEN,
    K.BAN_SO,
    K.BAN_SAO_SO,
    K.THU_HOI,
    K.OTHER,
    K.GIAI_MAT,
    K.THOI_HAN,
)
STRANGERS = tuple(k for k in K if k not in (K.UNREADABLE, K.TUYET_MAT, K.ENVELOPE_A, K.SEAL))
READABLE = 0.3
"""From this legibility (see ``tools.pagegen.drawn.legibility``) on a mark counts as readable."""


@dataclass(frozen=True, slots=True)
class Case:
    """What a test page is for."""

    group: str
    kinds: tuple[MarkKind, ...]
    difficulty: str
    company: bool
    dpi: int
    handwritten: bool | None
    bilevel: bool


def case_with(number: int) -> Case:
    """The ``number``-th page with TUYỆT MẬT: four difficulties in turn, a tenth by hand, a tenth bilevel."""
    rng = np.random.default_rng((number, 1))
    beside = tuple(
        COMPANY[int(i)] for i in rng.choice(len(COMPANY), int(rng.choice((0, 1, 2), p=(0.6, 0.3, 0.1))), replace=False)
    )
    return Case(
        "with",
        (K.TUYET_MAT, *beside),
        DIFFICULTIES[number % 4],
        bool(rng.random() < 0.8),
        _dpi(number),
        number % 10 == 3,
        number % 10 == 6,
    )


def case_without(number: int) -> Case:
    """The ``number``-th page without: half of them plain, the rest with other marks or pen notes."""
    rng = np.random.default_rng((number, 2))
    if number % 2 == 0:
        return Case(
            "plain",
            (K.SEAL,) if rng.random() < 0.4 else (),
            DIFFICULTIES[number // 2 % 4],
            False,
            _dpi(number),
            False,
            number % 20 == 6,
        )
    kinds = tuple(STRANGERS[int(i)] for i in rng.choice(len(STRANGERS), int(rng.integers(1, 4)), replace=False))
    return Case("others", kinds, DIFFICULTIES[number // 2 % 4], True, _dpi(number), None, number % 20 == 7)


def _dpi(number: int) -> int:
    return 300 if number % 32 == 5 else 200 if number % 4 == 1 else 150


STYLES: Final[dict[str, Style]] = {"kept_out": kept_out.draw, **KEPT}
"""The styles that no network has learnt from."""


def page_path(pool: Path, number: int, style: Style, *, with_mark: bool) -> Path:
    """Draw the page unless the pool has it; return its record's path."""
    seed = number * 2 + (1 if with_mark else 0)
    path = pool / f"{seed}.json"
    if not path.exists():
        case = case_with(number) if with_mark else case_without(number)
        drawn = style(
            seed,
            kinds=case.kinds,
            difficulty=case.difficulty,
            company=case.company,
            dpi=case.dpi,
            handwritten=case.handwritten,
            bilevel=case.bilevel,
        )
        store.write(drawn, seed, pool)
    return path


def wilson(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """95 % interval of a share."""
    if of == 0:
        return 0.0, 1.0
    p, n = hits / of, of
    middle, half = (
        (p + z * z / (2 * n)) / (1 + z * z / n),
        z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n),
    )
    return max(0.0, middle - half), min(1.0, middle + half)


def verdict(findings: list[Finding], limits: Thresholds) -> str:
    """Routed, held, strange (held only for a mark of no known kind) or clear, by the networks alone."""
    best = max((f.route for f in findings), default=0.0)
    if best >= limits.route:
        return "routed"
    if best >= limits.hold:
        return "held"
    if any(f.stamp_like >= limits.unknown_hold and of_no_kind(f) for f in findings):
        return "strange"
    return "clear"


@dataclass(frozen=True, slots=True)
class Look:
    """What each witness said of one page, and what that cost."""

    record: store.Record
    sight: Sight
    verdicts: dict[str, str]
    levels: dict[str, Level]
    cpu_s: dict[str, float]


_witnesses: dict[str, Callable[[NDArray[np.uint8], int], Judgement]] = {}
_networks: list[MarkNetwork] = []


def _begin(*, reader: bool) -> None:
    os.setsid()  # Linux shares time by session: a worker of its own session counts as one program
    cv2.setNumThreads(1)
    _networks.append(MarkNetwork())
    if reader:
        _witnesses["whole reader"] = partial(judged, StampReader(_networks[0], TesserocrReader()))
        _witnesses["frames and OCR"] = partial(judged, StampReader(None, TesserocrReader()))


def judged(reader: StampReader, pixels: NDArray[np.uint8], dpi: int) -> Judgement:
    """What a reader makes of a side."""
    return judge(reader.read(pixels, dpi))


def in_a_word(judgement: Judgement) -> str:
    """A judgement in the words of ``verdict``."""
    if judgement.verdict is Verdict.TOP_SECRET:
        return "routed"
    return "held" if judgement.faults or judgement.verdict is Verdict.UNREADABLE else "clear"


def _look(path: Path) -> Look:
    record = store.read_record(path)
    pixels = store.read_page(path.with_suffix(".jpg"))
    before = time.process_time()
    sight = _networks[0].look(pixels, record["dpi"])
    cpu_s = {"networks": time.process_time() - before}
    limits = _networks[0].thresholds
    verdicts = {"networks": verdict(list(sight.findings), limits)}
    levels = {"networks": judge(Reading(tuple(marks_of_findings(sight.findings, limits)))).level}
    for name, witness in _witnesses.items():
        before = time.process_time()
        judgement = witness(pixels, record["dpi"])
        cpu_s[name] = time.process_time() - before
        verdicts[name], levels[name] = in_a_word(judgement), judgement.level
    return Look(record, sight, verdicts, levels, cpu_s)


def look_at(paths: list[Path], jobs: int, *, reader: bool) -> Iterator[Look]:
    """Look at pages, in their order."""
    with ProcessPoolExecutor(jobs, initializer=partial(_begin, reader=reader)) as workers:
        yield from workers.map(_look, paths, chunksize=4)


def row(name: str, verdicts: list[str]) -> str:
    """One line of a table: routed, stopped, and the interval of the latter."""
    n = len(verdicts)
    routed, stopped = verdicts.count("routed"), sum(v in ("routed", "held") for v in verdicts)
    strange = verdicts.count("strange")
    low, high = wilson(stopped, n)
    share = stopped / n if n else 0.0
    return (
        f"{name:34s} {n:6d} {routed / max(n, 1):8.2%} {share:8.2%} [{low:7.2%},{high:7.2%}] "
        f"{(stopped + strange) / max(n, 1):8.2%}  passed {n - stopped}"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--first", type=int, default=0, help="number of the first page: others are fresh pages")
    parser.add_argument("--pool", type=Path, default=Path(".stamps-work/kept"))
    parser.add_argument("--style", choices=STYLES, default="kept_out")
    parser.add_argument("--draw-only", action="store_true")
    parser.add_argument("--drawn", action="store_true", help="measure only what the pool already has")
    parser.add_argument("--misses", type=Path)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--reader", action="store_true", help="also through StampReader, and its frames and OCR alone")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    args.pool.mkdir(parents=True, exist_ok=True)
    wanted = [(n, True) for n in range(args.pages)] + [(n, False) for n in range(args.pages * 2 // 3)]
    wanted.sort(key=lambda w: w[0] / (args.pages if w[1] else args.pages * 2 / 3))
    wanted = [(args.first + number, with_mark) for number, with_mark in wanted]
    if args.draw_only:
        for number, with_mark in wanted:
            page_path(args.pool, number, STYLES[args.style], with_mark=with_mark)
        return
    if args.drawn:
        wanted = [w for w in wanted if (args.pool / f"{w[0] * 2 + w[1]}.json").exists()]
    paths = [page_path(args.pool, number, STYLES[args.style], with_mark=with_mark) for number, with_mark in wanted]
    measure(paths, wanted, args.misses, args.jobs, reader=args.reader)


def measure(paths: list[Path], wanted: list[tuple[int, bool]], misses: Path | None, jobs: int, *, reader: bool) -> None:
    """Look at every page and print the tables."""
    limits = MarkNetwork().thresholds
    groups: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    exact: Counter[str] = Counter()
    total: Counter[str] = Counter()
    levels: dict[str, Counter[str]] = defaultdict(Counter)
    seconds: dict[str, list[float]] = defaultdict(list)
    turns = joint = 0
    for (number, with_mark), path, look in zip(wanted, paths, look_at(paths, jobs, reader=reader), strict=True):
        case = case_with(number) if with_mark else case_without(number)
        turns += int(np.argmax(look.sight.turns)) * 90 == look.record["turn"]
        for witness, said in look.verdicts.items():
            _sort_into(groups[witness], case, look.record, said)
            seconds[witness].append(look.cpu_s[witness])
            levels[witness].update(level_told(look.record, said, look.levels[witness]))
        _count_kinds(look.sight.findings, look.record, exact, total)
        lost = look.verdicts["networks"] in ("clear", "strange")
        joint += with_mark and lost and look.verdicts.get("frames and OCR") == "clear"
        if misses and with_mark and lost:
            misses.mkdir(parents=True, exist_ok=True)
            (misses / f"{look.record['seed']}.jpg").write_bytes(path.with_suffix(".jpg").read_bytes())
    print(f"load {os.getloadavg()[0]:.1f}; {limits}")
    for witness, tables in groups.items():
        mean, high = np.mean(seconds[witness]), np.quantile(seconds[witness], 0.95)
        print(f"\n{witness}: CPU s a side: mean {mean:.3f}, 95th percentile {high:.3f}")
        print(f"{'':34s} {'sides':>6s} {'routed':>8s} {'stopped':>8s} {'95 % of stopped':>17s} {'+strange':>8s}")
        for name in sorted(tables, key=lambda g: (not g.startswith("with"), g)):
            print(row(name, tables[name]))
        print(
            "levels told of sides without TUYỆT MẬT, none bilevel, where nobody is asked: "
            + ", ".join(f"{name} {levels[witness][name]}/{levels[witness][of]}" for name, of in LEVEL_TOLD.items())
        )
    if reader:
        print(f"sides with TUYỆT MẬT that both networks and frames miss: {joint}")
    shares = ", ".join(f"{k} {exact[k]}/{total[k]}" for k in sorted(total))
    print(f"\nnamed exactly by the networks, of the readable: {shares}")
    print(f"upright turn right: {turns}/{len(wanted)}")


LEVEL_TOLD = {
    "TỐI MẬT readable, level told lower": "TỐI MẬT readable",
    "MẬT readable, level told lower": "MẬT readable",
    "no level, one told": "no level",
    "no level, TỐI MẬT told": "no level",
}
"""What is counted of the levels that a side is said to have, and among which sides: how many of these there are."""


def level_told(record: store.Record, said: str, level: Level) -> list[str]:
    """Into which of these counts a side falls that was said to have a level; the gate goes by nothing else."""
    kinds = {m["kind"] for m in record["labels"]}
    readable = {m["kind"] for m in record["labels"] if m["legibility"] >= READABLE}
    if kinds & {K.TUYET_MAT, K.ENVELOPE_A} or "bilevel" in record["facts"]:
        return []
    passed = said in ("clear", "strange")
    if K.TOI_MAT in readable:
        low = passed and level < Level.TOI_MAT
        return ["TỐI MẬT readable", *(["TỐI MẬT readable, level told lower"] if low else [])]
    if K.MAT in readable and not kinds & {K.TOI_MAT, K.ENVELOPE_B}:
        low = passed and level < Level.MAT
        return ["MẬT readable", *(["MẬT readable, level told lower"] if low else [])]
    if kinds & {K.TOI_MAT, K.MAT, K.ENVELOPE_B, K.ENVELOPE_C}:
        return []
    high = passed and level > Level.THUONG
    highest = passed and level >= Level.TOI_MAT
    return ["no level", *(["no level, one told"] if high else []), *(["no level, TỐI MẬT told"] if highest else [])]


def _sort_into(groups: dict[str, list[str]], case: Case, record: store.Record, said: str) -> None:
    if case.group != "with":
        # A side with ĐIỀU CHỈNH ĐỘ MẬT is held by rule: its new level is written by hand. That is no false stop.
        group = "changed level" if K.DIEU_CHINH in case.kinds else case.group
        groups[group].append(said)
        groups[f"{group}, bilevel" if "bilevel" in record["facts"] else f"{group}, grey or colour"].append(said)
        return
    mark = next(m for m in record["labels"] if m["kind"] == "TUYET_MAT")
    if "bilevel" in record["facts"]:
        groups["with, bilevel"].append(said)
    elif mark["hand"]:
        groups["with, by hand"].append(said)
    else:
        level = f"{DIFFICULTIES.index(case.difficulty)} {case.difficulty}"
        groups[f"with, printed, {level}"].append(said)
        if mark["legibility"] >= READABLE:
            groups["with, printed, readable, all"].append(said)
            groups[f"with, printed, readable, {level}"].append(said)
        groups[f"with, printed, {'overlapping' if in_company(mark, record) else 'alone'}"].append(said)
    groups["with, all"].append(said)


def in_company(mark: store.Record, record: store.Record) -> bool:
    """Whether another mark or seal lies on at least a quarter of a mark."""
    quads = [np.array(m["quad"], np.float32) for m in record["labels"] if m is not mark]
    own = np.array(mark["quad"], np.float32)
    return any(cv2.intersectConvexConvex(own, quad)[0] >= cv2.contourArea(own) / 4 for quad in quads)


def _count_kinds(
    findings: tuple[Finding, ...],
    record: store.Record,
    exact: Counter[str],
    total: Counter[str],
) -> None:
    for mark in record["labels"]:
        if mark["legibility"] < READABLE or "bilevel" in record["facts"]:
            continue
        quad = np.array(mark["quad"])
        near = [f for f in findings if covers(quad, f)]
        named = {f.best.value for f in near if f.background < 0.5}
        total[mark["kind"]] += 1
        exact[mark["kind"]] += mark["kind"] in named


if __name__ == "__main__":
    main()
