"""The folder of handover lists: each list that arrives whole is handed on once (theo dõi thư mục danh mục)."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from scanflow.errors import Words
from scanflow.manifest import FileStamp, file_stamp, is_list_name, is_settled
from scanflow.station.config import StationConfig
from scanflow.station.errors import ConfigurationRejected

LOOK_S = 1.0
"""Seconds between two looks at a list that may still be written; it counts as whole when nothing changed between."""


class _Arrivals(FileSystemEventHandler):
    """Every event in the folder is only a reason to look."""

    def __init__(self, hints: queue.SimpleQueue[None]) -> None:
        self._hints = hints

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Something changed."""
        self._hints.put(None)


class Inbox:
    """Which lists of a folder have arrived whole; each stamp of a file is handed on once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._before: dict[Path, FileStamp | None] = {}
        self._handed_on: dict[Path, FileStamp | None] = {}

    def look(self) -> list[Path]:
        """Lists that did not change since the last look and were not handed on as they are now."""
        whole = []
        for path in sorted(self._folder.iterdir()):
            if not is_list_name(path):
                continue
            stamp = file_stamp(path)
            if is_settled(path, self._before.get(path)) and self._handed_on.get(path) != stamp:
                whole.append(path)
                self._handed_on[path] = stamp
            self._before[path] = stamp
        return whole

    @property
    def unsettled(self) -> bool:
        """Whether a list was seen that may still be written."""
        return any(self._handed_on.get(path) != stamp for path, stamp in self._before.items())


def watch_inbox(config: StationConfig) -> Iterator[Path]:
    """Lists as they arrive, those that lie there already first; for ever. Nothing is moved or deleted.

    Raises:
        ConfigurationRejected: no folder is configured, or it is not there.
    """
    folder = config.inbox
    if folder is None or not folder.is_dir():
        raise ConfigurationRejected(
            path="inbox", detail=Words("không có thư mục nhận danh mục", "no folder for lists is set")
        )
    hints: queue.SimpleQueue[None] = queue.SimpleQueue()
    observer = Observer()
    observer.schedule(_Arrivals(hints), str(folder), recursive=False)
    observer.start()
    inbox = Inbox(folder)
    try:
        while True:
            yield from inbox.look()
            try:
                hints.get(timeout=LOOK_S if inbox.unsettled else None)
            except queue.Empty:
                continue
    finally:
        observer.stop()
        observer.join()


Work = Callable[[Path], None]
"""Works one list to its end on one scanner; tells its refusals itself and raises none."""


def share_out(lists: Iterable[Path], scanners: Sequence[Work], stop: Callable[[], None]) -> None:
    """Give each list to the next scanner that is free; with one scanner, one list after the other.

    Args:
        lists: as they arrive.
        scanners: each works at most one list at a time, two of them at once.
        stop: called when the giving-out ends or is interrupted, so that who waits for paper waits no longer.
    """
    if len(scanners) == 1:
        for path in lists:
            scanners[0](path)
        return
    free: queue.SimpleQueue[Work] = queue.SimpleQueue()
    for each in scanners:
        free.put(each)

    def work(one: Work, path: Path) -> None:
        try:
            one(path)
        finally:
            free.put(one)

    with ThreadPoolExecutor(len(scanners), thread_name_prefix="scanner") as pool:
        try:
            running = [pool.submit(work, free.get(), path) for path in lists]
        finally:
            stop()
    for future in running:
        future.result()
