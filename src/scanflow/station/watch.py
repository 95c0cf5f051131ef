"""The folder of handover lists: each list that arrives whole is handed on once (theo dõi thư mục danh mục)."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

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
        raise ConfigurationRejected(path="inbox", detail="không có thư mục nhận danh mục")
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
