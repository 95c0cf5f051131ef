"""One OCR worker process as its parent holds it: pages in, words out, each within its time."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import time
from collections.abc import Sequence

from scanflow.hardening import freed_is_overwritten
from scanflow.ocr.text import TextLayer
from scanflow.ocr.wire import FRAME, MAX_ANSWER, decode_layer
from scanflow.sealing.vault import LentPage

_CHUNK = 1 << 16


class OcrProcess:
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
        """End it and close its pipes; idempotent."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()

    def _exchange(self, request: bytes, timeout_s: float) -> bytearray:
        """Send a request and read one framed answer, whatever the worker does, before the deadline."""
        deadline = time.monotonic() + timeout_s
        rest, answer, at, headed = memoryview(request), bytearray(FRAME.size), 0, False
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
                    elif not (count := os.readv(self._out, [memoryview(answer)[at:]])):
                        raise EOFError
                    else:
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
    """As little as Python needs; one thread; what is freed is overwritten (``mallopt(3)``, M_PERTURB)."""
    kept = {name: os.environ[name] for name in ("PYTHONPATH", "PATH") if name in os.environ}
    return kept | {
        "LC_ALL": "C.UTF-8",
        "OMP_THREAD_LIMIT": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MALLOC_PERTURB_": "85",
    }
