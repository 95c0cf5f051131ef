"""OCR behind the gate: a few worker processes, pages handed over in memory, a bounded queue.

Capture never waits for OCR: `OcrPool.begin` reads a document while the feeder feeds the next ones. And a page never
hangs on it: a worker that crashes, hangs or is killed costs the text layer of the page it had, which is reported; the
page itself goes into the PDF all the same.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType

from scanflow.hardening import freed_is_overwritten
from scanflow.ocr.text import TextLayer
from scanflow.ocr.wire import decode_layer, encode_layer
from scanflow.pages import Face, SideLabel
from scanflow.sealing.ocr_process import OcrProcess
from scanflow.sealing.vault import DocumentVault, LentPage

WORKER = (sys.executable, "-m", "scanflow.ocr.worker")
_QUEUED_PER_WORKER = 2
_MOST_WORKERS = 4
_START_S = 120.0
_PAGES_PER_WORKER = 100
"""A worker is replaced after so many pages: what its libraries keep of them goes with it."""


class OcrFault(StrEnum):
    """Why a page has no text layer."""

    CRASHED = "crashed"
    TIMED_OUT = "timed_out"
    UNREADABLE = "unreadable"

    @property
    def vi(self) -> str:
        """For the operator."""
        return _VIETNAMESE[self]


_VIETNAMESE = {
    OcrFault.CRASHED: "bộ nhận dạng chữ dừng đột ngột",
    OcrFault.TIMED_OUT: "nhận dạng chữ quá lâu",
    OcrFault.UNREADABLE: "không giải mã được ảnh",
}


@dataclass(frozen=True, slots=True)
class OcrFailure:
    """A page that goes into the PDF without its text layer."""

    sheet: int
    face: Face
    fault: OcrFault


@dataclass(frozen=True, slots=True)
class OcrOutcome:
    """Text layers by side, and the sides that have none though they should."""

    layers: dict[tuple[int, Face], TextLayer]
    failures: tuple[OcrFailure, ...]


Keep = Callable[[int, Face, TextLayer], None]
"""Takes what was read on a side, in a thread of the pool."""


def workers_of_this_host() -> int:
    """A worker a core, one core left to the gate; at least 2, so that a document's pages are read side by side."""
    return max(2, min(_MOST_WORKERS, len(os.sched_getaffinity(0)) - 1))


def text_layers(vault: DocumentVault) -> dict[tuple[int, Face], TextLayer]:
    """What `OcrPool.begin` kept in a vault.

    Raises:
        VaultErased, PageCorrupt: as `DocumentVault.texts`.
    """
    with freed_is_overwritten():
        found = {place: decode_layer(text) for place, text in vault.texts().items()}
    return {place: layer for place, layer in found.items() if layer is not None}


class OcrPool:
    """Worker processes that read pages; several threads may call it at the same time."""

    def __init__(self, workers: int = 2, *, timeout_s: float = 120.0, command: Sequence[str] = WORKER) -> None:
        """Start nothing yet; workers start with their first page.

        Args:
            workers: processes, one core each.
            timeout_s: the longest a page may take before its worker is killed.
            command: the worker; speaks the frames of `scanflow.ocr.worker`.
        """
        self._command = tuple(command)
        self._timeout_s = timeout_s
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="ocr")
        self._documents = ThreadPoolExecutor(workers, thread_name_prefix="ocr-document")
        self._room = threading.BoundedSemaphore(workers * (1 + _QUEUED_PER_WORKER))
        self._idle: queue.LifoQueue[OcrProcess | None] = queue.LifoQueue()
        for _ in range(workers):
            self._idle.put(None)
        self._alive: set[OcrProcess] = set()

    def read(self, pages: Iterable[LentPage], progress: Callable[[int], None] | None = None) -> OcrOutcome:
        """Read a document's pages; sides labelled blank are not read.

        Args:
            pages: taken one by one; waits while the queue is full, so few pages are in the clear at once.
            progress: told the number of pages done after each, from a worker's thread.
        """
        layers: dict[tuple[int, Face], TextLayer] = {}

        def keep(sheet: int, face: Face, layer: TextLayer) -> None:
            layers[sheet, face] = layer

        failures = self._read(pages, keep, _Counter(progress))
        return OcrOutcome(layers, failures)

    def begin(self, vault: DocumentVault) -> Reading:
        """Read a cleared document's pages from now on, and keep the texts in its vault, under its key.

        Sides that have a text are not read again.
        """
        counts: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        over = self._documents.submit(self._read_into, vault, _Counter(counts.put))
        over.add_done_callback(lambda _: counts.put(None))
        return Reading(over, counts)

    def _read_into(self, vault: DocumentVault, done: _Counter) -> tuple[OcrFailure, ...]:
        def keep(sheet: int, face: Face, layer: TextLayer) -> None:
            with freed_is_overwritten():
                vault.keep_text(sheet, face, encode_layer(layer))

        return self._read(vault.pages(leaving_out=vault.read), keep, done)

    def _read(self, pages: Iterable[LentPage], keep: Keep, done: _Counter) -> tuple[OcrFailure, ...]:
        pending: list[tuple[int, Face, Future[OcrFault | None]]] = []
        for page in self._as_there_is_room(pages):
            job = self._threads.submit(self._one, page, keep, done)
            job.add_done_callback(lambda _: self._room.release())
            pending.append((page.sheet, page.face, job))
        read = [(sheet, face, job.result()) for sheet, face, job in pending]
        return tuple(OcrFailure(sheet, face, fault) for sheet, face, fault in read if fault is not None)

    def _as_there_is_room(self, pages: Iterable[LentPage]) -> Iterator[LentPage]:
        """The pages to read; each is lent only when there is room for it, which whoever takes it gives back."""
        source = iter(pages)
        while True:
            self._room.acquire()
            try:
                page = next((one for one in source if one.clearance.label is not SideLabel.BLANK), None)
            except BaseException:
                self._room.release()
                raise
            if page is None:
                self._room.release()
                return
            yield page

    def pids(self) -> tuple[int, ...]:
        """Process numbers of the workers that live now."""
        return tuple(worker.pid for worker in tuple(self._alive))

    def close(self) -> None:
        """Kill the workers and wait for them; idempotent. Pages still in work end as crashed."""
        self._documents.shutdown(wait=False, cancel_futures=True)
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in tuple(self._alive):
            worker.kill()
        self._threads.shutdown(wait=True)
        self._documents.shutdown(wait=True)
        for worker in tuple(self._alive):
            worker.kill()
        self._alive.clear()

    def __enter__(self) -> OcrPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _one(self, page: LentPage, keep: Keep, done: _Counter) -> OcrFault | None:
        result = self._asked(page)
        try:
            if isinstance(result, OcrFault):
                return result
            keep(page.sheet, page.face, result)
            return None
        finally:
            done.one_more()

    def _asked(self, page: LentPage) -> TextLayer | OcrFault:
        worker = self._idle.get()
        fit: OcrProcess | None = None
        try:
            if worker is None:
                worker = OcrProcess(self._command)
                self._alive.add(worker)
                worker.wait_ready(_START_S)
            result = worker.ask(page, self._timeout_s)
            if worker.served < _PAGES_PER_WORKER:
                fit = worker
            return OcrFault.UNREADABLE if result is None else result
        except TimeoutError:
            return OcrFault.TIMED_OUT
        except (OSError, EOFError, ValueError):
            return OcrFault.CRASHED
        finally:
            if fit is None and worker is not None:
                worker.kill()
                self._alive.discard(worker)
            self._idle.put(fit)


@dataclass(frozen=True, slots=True)
class Reading:
    """A document that is being read behind somebody's back (lượt nhận dạng)."""

    _over: Future[tuple[OcrFailure, ...]]
    _counts: queue.SimpleQueue[int | None]

    def progress(self) -> Iterator[int]:
        """How many pages are done, each time one more is; ends when all is read, or when reading broke off."""
        while (done := self._counts.get()) is not None:
            yield done

    def result(self) -> tuple[OcrFailure, ...]:
        """The sides that have no text though they should; waits until all is read.

        Raises:
            VaultErased, PageCorrupt: the pages could not be had, e.g. because the vault was erased meanwhile.
        """
        return self._over.result()


class _Counter:
    def __init__(self, listener: Callable[[int], None] | None) -> None:
        self._listener, self._count, self._lock = listener, 0, threading.Lock()

    def one_more(self) -> None:
        with self._lock:
            self._count += 1
            if self._listener is not None:
                self._listener(self._count)
