"""Let the networks look at many stored pages, in several processes at once."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2

from scanflow.stamps.network import MarkNetwork, Sight
from tools.pagegen.store import Record, read_page, read_record

_network: MarkNetwork | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen on one stored page, and what the look cost."""

    record: Record
    sight: Sight
    cpu_s: float


def _begin(weights: Path | None) -> None:
    global _network
    os.setsid()  # Linux shares time by session: a worker of its own session counts as one program
    cv2.setNumThreads(1)
    _network = MarkNetwork(weights)


def _look(path: Path) -> Seen:
    assert _network is not None
    record, pixels = read_record(path), read_page(path.with_suffix(".jpg"))
    before = time.process_time()
    sight = _network.look(pixels, record["dpi"])
    return Seen(record, sight, time.process_time() - before)


def look_at(paths: list[Path], jobs: int, weights: Path | None = None) -> Iterator[Seen]:
    """Look at the pages whose records lie at ``paths``, in that order."""
    with ProcessPoolExecutor(jobs, initializer=_begin, initargs=(weights,)) as workers:
        yield from workers.map(_look, paths, chunksize=8)
