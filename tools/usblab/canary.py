"""Pages that nobody else has: fixture scans under noise from a seed; what to search for, and the search.

In the guest a process of its own makes them and hands them over in a pipe, as a scanner does; on the host the same seed
gives the same bytes, and from them the needles.
"""

from __future__ import annotations

import hashlib
import mmap
import struct
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from scanflow.hardening import harden_process
from scanflow.ocr.wire import encode_layer
from scanflow.pages import Pose

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures/scans"
_WITH_MARK = ("06-tuyet-mat-giua-1r", "06-tuyet-mat-giua-1v", "06-tuyet-mat-giua-3r", "06-tuyet-mat-giua-3v")


@dataclass(frozen=True)
class Stack:
    """The sides of a run: a document that is delivered, and one that is routed out on its second sheet.

    The first sheet of the second document bears no mark, so it was under the document's key when that was destroyed.
    """

    delivered: tuple[str, ...]
    routed_out: tuple[str, ...]
    dpi: int


FULL = Stack(("02-mat-1r", "02-mat-1v", "02-mat-2r", "02-mat-2v"), _WITH_MARK, 300)
SLICE = Stack(("02-mat-1r", "02-mat-1v"), _WITH_MARK, 150)
"""A quarter of the pixels and three sheets: for a machine that is emulated."""
STACKS = {"full": FULL, "slice": SLICE}
_HEAD = struct.Struct(">I")
_WINDOW = 40
_EACH = 12
_CHUNK = 1 << 24


def pages(seed: int, stack: Stack) -> Iterator[tuple[str, bytes]]:
    """Names and JPEGs, in feeding order."""
    size = cv2.IMREAD_COLOR if stack.dpi == FULL.dpi else cv2.IMREAD_REDUCED_COLOR_2
    for number, name in enumerate(stack.delivered + stack.routed_out):
        pixels = cv2.imread(str(FIXTURES / f"{name}.jpg"), size)
        noise = np.random.default_rng([seed, number]).integers(0, 9, pixels.shape, dtype=np.uint8)
        yield name, cv2.imencode(".jpg", cv2.subtract(pixels, noise), [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()


def read_pages(stream: object) -> Iterator[bytes]:
    """The pages out of the pipe, one at a time."""
    while head := stream.read(_HEAD.size):  # type: ignore[attr-defined]
        yield stream.read(_HEAD.unpack(head)[0])  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Needle:
    """Bytes to search for: of which page, in which shape."""

    page: str
    shape: str
    data: bytes

    @property
    def routed_out(self) -> bool:
        """It belongs to the document that was erased."""
        return self.page in _WITH_MARK


def needles(seed: int, stack: Stack) -> list[Needle]:
    """JPEG bytes, pixels in colour and grey, and recognised words as the OCR worker sends them."""
    from scanflow.ocr.engine import OcrEngine

    engine = OcrEngine()
    found: list[Needle] = []
    for name, jpeg in pages(seed, stack):
        found += [Needle(name, "jpeg", one) for one in _windows(jpeg[1024:-64])]
        data = np.frombuffer(jpeg, np.uint8)
        for shape, flag in (("bgr", cv2.IMREAD_COLOR), ("grey", cv2.IMREAD_GRAYSCALE)):
            found += [Needle(name, shape, one) for one in _windows(cv2.imdecode(data, flag).tobytes())]
        layer = engine.read(jpeg, stack.dpi, Pose(0, 0.0))
        if layer is not None and len(layer.text) > 400:
            said = encode_layer(layer)
            found += [Needle(name, "words", one) for one in _windows(said, 48)]
            found += [Needle(name, "text", one.encode()) for one in layer.text.split("\n") if len(one) > 40][:_EACH]
    return found


def _windows(data: bytes, size: int = _WINDOW) -> list[bytes]:
    """Some stretches over the whole length that do not repeat themselves."""
    step = max(1, len(data) // _EACH)
    cut = [data[at : at + size] for at in range(step // 2, len(data) - size, step)]
    return [one for one in cut if len(set(one)) > 8]


def control(seed: int, place: str) -> bytes:
    """Bytes that the run leaves in a place on purpose: a search that does not find them there finds nothing at all."""
    return hashlib.sha512(f"{seed} {place}".encode()).digest()


def search(data: bytes | mmap.mmap, wanted: Sequence[Needle]) -> Counter[tuple[str, str]]:
    """Which needles lie in the data, counted by shape and page; one pass, whatever their number.

    A needle is tried where one of its four possible aligned words (of its most various bytes) stands.
    """
    keys: dict[int, list[tuple[Needle, int]]] = {}
    for one in wanted:
        best = max(range(len(one.data) - 6), key=lambda at: len(set(one.data[at : at + 7])))
        for at in range(best, best + 4):
            keys.setdefault(int.from_bytes(one.data[at : at + 4], "little"), []).append((one, at))
    low = np.zeros(1 << 16, bool)
    low[[key & 0xFFFF for key in keys]] = True
    words = np.frombuffer(data, "<u4", len(data) // 4)
    found: set[Needle] = set()
    for begin in range(0, len(words), _CHUNK):
        part = words[begin : begin + _CHUNK]
        at = np.flatnonzero(low[part.view("<u2")[::2]])
        at = at[np.isin(part[at], list(keys))]
        for where, key in zip((at + begin).tolist(), part[at].tolist(), strict=True):
            for one, shift in keys[key]:
                start = 4 * where - shift
                if start >= 0 and data[start : start + len(one.data)] == one.data:
                    found.add(one)
    return Counter((one.shape, one.page) for one in found)


if __name__ == "__main__":
    harden_process()  # it stands for the scanner's child, which does so too
    for _, page in pages(int(sys.argv[1]), STACKS[sys.argv[2]]):
        sys.stdout.buffer.write(_HEAD.pack(len(page)) + page)
        sys.stdout.buffer.flush()
