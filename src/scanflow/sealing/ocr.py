"""OCR behind the gate: a few worker processes, pages handed over in memory, a bounded queue.

Capture never waits for OCR, and a page never hangs on it: a worker that crashes, hangs or is killed costs the
text layer of the page it had, which is reported; the page itself goes into the PDF all the same.
"""

from __future__ import annotations

import json
import os
import queue
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType

from scanflow.pages import Face, SideLabel
from scanflow.sealing.ocr_wire import FRAME, MAX_ANSWER, decode_layer
from scanflow.sealing.textlayer import TextLayer
from scanflow.sealing.vault import LentPage

WORKER = (sys.executable, "-m", "scanflow.sealing.ocr_worker")
_QUEUED_PER_WORKER = 2
_START_S = 120.0
_CHUNK = 1 << 16
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


class OcrPool:
    """Worker processes that read pages; several threads may call `read` at the same time."""

    def __init__(self, workers: int = 2, *, timeout_s: float = 120.0, command: Sequence[str] = WORKER) -> None:
        """Start nothing yet; workers start with their first page.

        Args:
            workers: processes, one core each.
            timeout_s: the longest a page may take before its worker is killed.
            command: the worker; speaks the frames of `ocr_worker`.
        """
        self._command = tuple(command)
        self._timeout_s = timeout_s
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="ocr")
        self._room = threading.BoundedSemaphore(workers * (1 + _QUEUED_PER_WORKER))
        self._idle: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        for _ in range(workers):
            self._idle.put(None)
        self._alive: set[_Worker] = set()

    def read(self, pages: Iterable[LentPage], progress: Callable[[int], None] | None = None) -> OcrOutcome:
        """Read a document's pages; sides labelled blank are not read.

        Args:
            pages: taken one by one; waits while the queue is full, so few pages are in the clear at once.
            progress: told the number of pages done after each, from a worker's thread.
        """
        done = _Counter(progress)
        pending: list[tuple[int, Face, Future[TextLayer | OcrFault]]] = []
        for page in pages:
            if page.clearance.label is SideLabel.BLANK:
                continue
            self._room.acquire()
            pending.append((page.sheet, page.face, self._threads.submit(self._one, page, done)))
        layers: dict[tuple[int, Face], TextLayer] = {}
        failures = []
        for sheet, face, future in pending:
            result = future.result()
            if isinstance(result, TextLayer):
                layers[sheet, face] = result
            else:
                failures.append(OcrFailure(sheet, face, result))
        return OcrOutcome(layers, tuple(failures))

    def pids(self) -> tuple[int, ...]:
        """Process numbers of the workers that live now."""
        return tuple(worker.pid for worker in tuple(self._alive))

    def close(self) -> None:
        """Kill the workers and wait for them; idempotent. Pages still in work end as crashed."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in tuple(self._alive):
            worker.kill()
        self._threads.shutdown(wait=True)
        for worker in tuple(self._alive):
            worker.kill()
        self._alive.clear()

    def __enter__(self) -> OcrPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _one(self, page: LentPage, done: _Counter) -> TextLayer | OcrFault:
        worker = self._idle.get()
        keep: _Worker | None = None
        try:
            if worker is None:
                worker = _Worker(self._command)
                self._alive.add(worker)
                worker.wait_ready(_START_S)
            result = worker.ask(page, self._timeout_s)
            if worker.served < _PAGES_PER_WORKER:
                keep = worker
            return result
        except TimeoutError:
            return OcrFault.TIMED_OUT
        except (OSError, EOFError, ValueError):
            return OcrFault.CRASHED
        finally:
            if keep is None and worker is not None:
                worker.kill()
                self._alive.discard(worker)
            self._idle.put(keep)
            self._room.release()
            done.one_more()


class _Counter:
    def __init__(self, listener: Callable[[int], None] | None) -> None:
        self._listener, self._count, self._lock = listener, 0, threading.Lock()

    def one_more(self) -> None:
        with self._lock:
            self._count += 1
            if self._listener is not None:
                self._listener(self._count)


class _Worker:
    """One process and its two pipes."""

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # tesseract talks about the page there
            env=_environment(),
            bufsize=0,
            close_fds=True,
        )
        if self._process.stdin is None or self._process.stdout is None:
            raise OSError("worker without pipes")
        self._in, self._out = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._in, False)
        os.set_blocking(self._out, False)
        self.served = 0

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait_ready(self, timeout_s: float) -> None:
        self._exchange(b"", timeout_s)

    def ask(self, page: LentPage, timeout_s: float) -> TextLayer | OcrFault:
        pose = page.clearance.pose
        head = json.dumps({"dpi": page.dpi, "turn": pose.turn, "skew_deg": pose.skew_deg}).encode()
        request = FRAME.pack(len(head), len(page.jpeg)) + head + page.jpeg
        layer = decode_layer(self._exchange(request, timeout_s))
        self.served += 1
        return OcrFault.UNREADABLE if layer is None else layer

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()

    def _exchange(self, request: bytes, timeout_s: float) -> bytes:
        """Send a request and read one framed answer, whatever the worker does, before the deadline."""
        deadline = time.monotonic() + timeout_s
        rest, answer = memoryview(request), bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(self._out, selectors.EVENT_READ)
            if rest:
                selector.register(self._in, selectors.EVENT_WRITE)
            while True:
                left = deadline - time.monotonic()
                ready = selector.select(left) if left > 0 else []
                if not ready:
                    raise TimeoutError
                for key, _ in ready:
                    if key.fd == self._in:
                        rest = rest[os.write(self._in, rest[:_CHUNK]) :]
                        if not rest:
                            selector.unregister(self._in)
                    elif not (chunk := os.read(self._out, _CHUNK)):
                        raise EOFError
                    else:
                        answer += chunk
                body = _complete(answer)
                if body is not None:
                    return body


def _complete(answer: bytearray) -> bytes | None:
    if len(answer) < FRAME.size:
        return None
    size, _ = FRAME.unpack_from(answer)
    if size > MAX_ANSWER:
        raise ValueError("answer too long")
    return bytes(answer[FRAME.size :]) if len(answer) >= FRAME.size + size else None


def _environment() -> dict[str, str]:
    """As little as Python needs; one thread; large blocks go back to the kernel as soon as they are freed."""
    kept = {name: os.environ[name] for name in ("PYTHONPATH", "PATH") if name in os.environ}
    return kept | {
        "LC_ALL": "C.UTF-8",
        "OMP_THREAD_LIMIT": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MALLOC_MMAP_THRESHOLD_": "65536",
        "MALLOC_PERTURB_": "85",
    }
