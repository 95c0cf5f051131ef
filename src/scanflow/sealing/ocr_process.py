"""One OCR worker process as its parent holds it: pages in, words out, each within its time.

Both ways go through one socket pair. A pipe would not do: the kernel keeps the last page of memory that was read out of
a pipe for the next write (``tmp_page`` in ``fs/pipe.c``), so that a piece of a page's words lay there until the pipe
was closed, also with ``init_on_free``. A socket's buffers are freed as they are read.
"""

from __future__ import annotations

import json
import os
import selectors
import socket
import subprocess
import time
from collections.abc import Sequence

from scanflow.hardening import FORGETFUL, freed_is_overwritten
from scanflow.ocr.text import TextLayer
from scanflow.ocr.wire import FRAME, MAX_ANSWER, decode_layer
from scanflow.sealing.vault import LentPage

_CHUNK = 1 << 16


class OcrProcess:
    """One process and the socket to it."""

    def __init__(self, command: Sequence[str]) -> None:
        self._line, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = subprocess.Popen(
                    command,
                    stdin=theirs.fileno(),
                    stdout=theirs.fileno(),
                    stderr=subprocess.DEVNULL,  # tesseract talks about the page there
                    env=_environment(),
                    close_fds=True,
                )
            except OSError:
                self._line.close()
                raise
        self._line.setblocking(False)
        self.served = 0

    @property
    def pid(self) -> int:
        """Its process number."""
        return self._process.pid

    def wait_ready(self, timeout_s: float) -> None:
        """Wait until its model is loaded.

        Raises:
            TimeoutError, EOFError, OSError, ValueError: it hangs, ended, or talks nonsense.
        """
        self._exchange(b"", timeout_s)

    def ask(self, page: LentPage, timeout_s: float) -> TextLayer | None:
        """What it reads on a page; None when the image does not decode.

        Raises:
            TimeoutError, EOFError, OSError, ValueError: as `wait_ready`.
        """
        pose = page.clearance.pose
        head = json.dumps({"dpi": page.dpi, "turn": pose.turn, "skew_deg": pose.skew_deg}).encode()
        request = FRAME.pack(len(head), len(page.jpeg)) + head + page.jpeg
        answer = self._exchange(request, timeout_s)
        try:
            with freed_is_overwritten():
                layer = decode_layer(answer)
        finally:
            answer[:] = bytes(len(answer))
        self.served += 1
        return layer

    def kill(self) -> None:
        """End it and close the socket; idempotent."""
        self._process.kill()
        self._process.wait()
        self._line.close()

    def _exchange(self, request: bytes, timeout_s: float) -> bytearray:
        """Send a request and read one framed answer, whatever the worker does, before the deadline."""
        deadline = time.monotonic() + timeout_s
        rest, answer, at, headed = memoryview(request), bytearray(FRAME.size), 0, False
        with selectors.DefaultSelector() as selector:
            selector.register(self._line, selectors.EVENT_READ | (selectors.EVENT_WRITE if rest else 0))
            while True:
                left = deadline - time.monotonic()
                ready = selector.select(left) if left > 0 else []
                if not ready:
                    raise TimeoutError
                [(_, events)] = ready
                if events & selectors.EVENT_WRITE:
                    rest = rest[self._line.send(rest[:_CHUNK]) :]
                    if not rest:
                        selector.modify(self._line, selectors.EVENT_READ)
                if events & selectors.EVENT_READ:
                    count = self._line.recv_into(memoryview(answer)[at:])
                    if not count:
                        raise EOFError
                    at += count
                if at == len(answer) and not headed:
                    answer, at, headed = bytearray(_size(answer)), 0, True
                if at == len(answer) and headed:
                    return answer


def _size(head: bytearray) -> int:
    size, _ = FRAME.unpack(head)
    if size > MAX_ANSWER:
        raise ValueError("answer too long")
    return int(size)


def _environment() -> dict[str, str]:
    """As little as Python needs; one thread; all that is freed is overwritten (``mallopt(3)``, M_PERTURB)."""
    kept = {name: os.environ[name] for name in ("PYTHONPATH", "PATH") if name in os.environ}
    return kept | {
        "LC_ALL": "C.UTF-8",
        "OMP_THREAD_LIMIT": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MALLOC_PERTURB_": "85",
        **FORGETFUL,
    }
