"""The process that reads pages: ``python -m scanflow.ocr.worker``, pages on stdin, words on stdout.

It lives at the lowest priority, uses one thread, cannot dump core, dies with its parent, and once the model
is loaded
it can open nothing any more: no file, no socket (RLIMIT_NOFILE at what is open, RLIMIT_FSIZE at 0). What it
    is handed is one page of one document; a page that kills it costs that page's text layer.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
from typing import BinaryIO

import cv2
import numpy as np

from scanflow.hardening import harden_process
from scanflow.ocr.engine import OCR_DPI, OcrEngine
from scanflow.ocr.wire import FRAME, READY, encode_layer
from scanflow.pages import Pose

_PR_SET_PDEATHSIG = 1
_NICE = 10


def main() -> int:
    """Serve pages until stdin ends."""
    requests = os.fdopen(os.dup(0), "rb", buffering=0)
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # whatever a library prints must not look like an answer
    _confine_early()
    engine = OcrEngine()
    _use_once(engine)
    _confine_late()
    answers.write(FRAME.pack(len(READY), 0) + READY)
    while _serve_one(requests, answers, engine):
        pass  # between two pages nothing of the last one is held here (tests/station/test_no_trace.py)
    return 0


def _use_once(engine: OcrEngine) -> None:
    """Whatever the libraries load on first use is loaded now: a page with a number in its margin takes every way."""
    page = np.full((640, 640), 255, np.uint8)
    cv2.putText(page, "7", (315, 120), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (0,), 2)
    engine.read_upright(page, OCR_DPI)
    engine.page_number(page, OCR_DPI)


def _serve_one(requests: BinaryIO, answers: BinaryIO, engine: OcrEngine) -> bool:
    """Read one page and answer; False when the stream ended."""
    request = read_frame(requests)
    if request is None:
        return False
    head, body = request
    pose = Pose(int(head["turn"]), head["skew_deg"])
    answer = encode_layer(engine.read(body, int(head["dpi"]), pose))
    answers.write(FRAME.pack(len(answer), 0))
    _write_all(answers, answer)
    return True


def read_frame(stream: BinaryIO) -> tuple[dict[str, float], bytes] | None:
    """One framed request, or None when the stream ends."""
    sizes = _read_exactly(stream, FRAME.size)
    if sizes is None:
        return None
    head_size, body_size = FRAME.unpack(sizes)
    head, body = _read_exactly(stream, head_size), _read_exactly(stream, body_size)
    if head is None or body is None:
        return None
    return json.loads(head), body


def _confine_early() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    harden_process()
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    os.nice(_NICE)
    cv2.setNumThreads(1)


def _confine_late() -> None:
    highest = max(int(name) for name in os.listdir("/proc/self/fd"))  # noqa: PTH208 (pathlib opens more)
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest, highest))


def _read_exactly(stream: BinaryIO, size: int) -> bytes | None:
    buffer = bytearray(size)
    view, done = memoryview(buffer), 0
    while done < size:
        count = stream.readinto(view[done:])  # type: ignore[attr-defined]
        if not count:
            return None
        done += count
    return bytes(buffer)


def _write_all(stream: BinaryIO, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[stream.write(view) :]


if __name__ == "__main__":
    sys.exit(main())
