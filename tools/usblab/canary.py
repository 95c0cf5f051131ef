"""Pages that nobody else has: fixture scans under noise from a seed; what to search for, and the search.

In the guest a process of its own makes them and hands them over in a pipe, as a scanner does; on the host the same seed
gives the same bytes, and from them the needles.
"""

from __future__ import annotations

import hashlib
import mmap
import re
import struct
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

import cv2
import numpy as np

from scanflow.hardening import harden_process
from scanflow.ocr.geometry import place
from scanflow.ocr.text import TextLayer
from scanflow.ocr.wire import encode_layer
from scanflow.pages import Pose
from tools.pagegen.store import read_page

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
_MUCH = 400
"""Characters: a page with so many has words enough to look for."""
Seen = tuple[Pose, bool]
"""How the station saw a side to lie, and whether it took it for blank."""
_CHUNK = 1 << 24
_WORD = re.compile(r"\w+")


def pages(seed: int, stack: Stack) -> Iterator[tuple[str, bytes]]:
    """Names and JPEGs, in feeding order."""
    size = cv2.IMREAD_COLOR if stack.dpi == FULL.dpi else cv2.IMREAD_REDUCED_COLOR_2
    for number, name in enumerate(stack.delivered + stack.routed_out):
        pixels = read_page(FIXTURES / f"{name}.jpg", size)
        noise = np.random.default_rng([seed, number]).integers(0, 9, pixels.shape, dtype=np.uint8)
        yield name, cv2.imencode(".jpg", cv2.subtract(pixels, noise), [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()


def read_pages(stream: IO[bytes]) -> Iterator[bytes]:
    """The pages out of the pipe, one at a time."""
    while head := stream.read(_HEAD.size):
        yield stream.read(_HEAD.unpack(head)[0])


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


def needles(seed: int, stack: Stack, seen: Mapping[str, Seen]) -> list[Needle]:
    """JPEG bytes, pixels in colour and grey, and recognised words in each form that they take on their way.

    Forms: as the OCR worker sends them (``words``), lines as UTF-8 (``text``) and as Python holds them (``str``), each
    word for itself as Python holds it (``word``), the operators of the PDF page (``pdf``). The pages are read as they
    were ``seen`` to lie, so that the places agree.
    """
    from scanflow.ocr.engine import OcrEngine

    engine = OcrEngine()
    found: list[Needle] = []
    layers: dict[str, tuple[TextLayer, float]] = {}
    for name, jpeg in pages(seed, stack):
        found += [Needle(name, "jpeg", one) for one in _windows(jpeg[1024:-64])]
        data = np.frombuffer(jpeg, np.uint8)
        for shape, flag in (("bgr", cv2.IMREAD_COLOR), ("grey", cv2.IMREAD_GRAYSCALE)):
            pixels = np.asarray(cv2.imdecode(data, flag), np.uint8)
            found += [Needle(name, shape, one) for one in _windows(pixels.tobytes())]
        pose, blank = seen.get(name, (Pose(0, 0.0), False))
        layer = engine.read(jpeg, stack.dpi, pose)
        if layer is None:
            continue
        if name in stack.delivered and not blank:
            height, width = pixels.shape
            layers[name] = layer, place(width, height, stack.dpi, pose).height_pt
        if len(layer.text) > _MUCH:
            found += _of_words(name, layer)
    return list(dict.fromkeys([*found, *_of_pdf(layers)]))


def _of_words(name: str, layer: TextLayer) -> Iterator[Needle]:
    lines = [line for line in layer.text.split("\n") if len(line) > 40]
    yield from (Needle(name, "words", one) for one in _windows(encode_layer(layer), 48))
    yield from (Needle(name, "text", one.encode()) for one in lines[:_EACH])
    yield from (Needle(name, "str", as_python_holds_part(one)) for one in lines)
    words = {word.text for line in layer.lines for word in line.words if len(word.text) > 4 and max(word.text) > "\xff"}
    own = _own_words()
    yield from (
        Needle(name, "word", as_python_holds(one))
        for one in sorted(words)
        if own.isdisjoint(_WORD.findall(one.lower()))
    )


def as_python_holds(word: str) -> bytes:
    """The end of a ``str`` object of CPython 3.11 or 3.12: no UTF-8 form of it, two bytes a letter, a zero."""
    return bytes(16) + word.encode("utf-16-le") + bytes(2)


def as_python_holds_part(line: str) -> bytes:
    """A piece of a line from its middle: of freed memory the beginning is the first to be used again."""
    return line.encode("utf-16-le")[16:64]


@cache
def _own_words() -> frozenset[str]:
    """What our programs say themselves, in small letters; such words lie in memory for good."""
    root, kinds = FIXTURES.parents[1], (".py", ".toml", ".po", ".jinja", ".html", ".js")
    files = [one for folder in ("src", "config", "tools/usblab") for one in (root / folder).rglob("*")]
    return frozenset(
        word for one in files if one.suffix in kinds for word in _WORD.findall(one.read_text(encoding="utf-8").lower())
    )


def _of_pdf(layers: Mapping[str, tuple[TextLayer, float]]) -> Iterator[Needle]:
    """Of one document, whose pages have one font."""
    from scanflow.sealing.textlayer import TextFont, content

    font = TextFont("".join(layer.text for layer, _ in layers.values()).replace("\n", " "))
    for name, (layer, height) in layers.items():
        if len(layer.text) > _MUCH:
            yield from (Needle(name, "pdf", one) for one in _windows(content(layer, font, height), 48))


def _windows(data: bytes, size: int = _WINDOW) -> list[bytes]:
    """Some stretches over the whole length that do not repeat themselves."""
    step = max(1, len(data) // _EACH)
    cut = [data[at : at + size] for at in range(step // 2, len(data) - size, step)]
    return [one for one in cut if len(set(one)) > 8]


def control(seed: int, place: str) -> bytes:
    """Bytes that the run leaves in a place on purpose: a search that does not find them there finds nothing at all."""
    return hashlib.sha512(f"{seed} {place}".encode()).digest()


def search(data: bytes | mmap.mmap, wanted: Sequence[Needle]) -> Counter[tuple[str, str]]:
    """Which needles lie in the data, counted by shape and page."""
    return Counter((one.shape, one.page) for one in places(data, wanted))


def places(data: bytes | mmap.mmap, wanted: Sequence[Needle]) -> dict[Needle, int]:
    """Where each needle that lies in the data does; one pass, whatever their number.

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
    found: dict[Needle, int] = {}
    for begin in range(0, len(words), _CHUNK):
        part = words[begin : begin + _CHUNK]
        hits = np.flatnonzero(low[part.view("<u2")[::2]])
        hits = hits[np.isin(part[hits], list(keys))]
        for where, key in zip((hits + begin).tolist(), part[hits].tolist(), strict=True):
            for one, shift in keys[key]:
                start = 4 * where - shift
                if start >= 0 and data[start : start + len(one.data)] == one.data:
                    found.setdefault(one, start)
    return found


if __name__ == "__main__":
    harden_process()  # it stands for the scanner's child, which does so too
    for _, page in pages(int(sys.argv[1]), STACKS[sys.argv[2]]):
        sys.stdout.buffer.write(_HEAD.pack(len(page)) + page)
        sys.stdout.buffer.flush()
