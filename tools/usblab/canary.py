"""Pages that nobody else has: fixture scans under noise from a seed, and what to search disks and memory for.

In the guest a process of its own makes them and hands them over in a pipe, as a scanner does; on the host the same seed
gives the same bytes, and from them the needles.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from scanflow.pages import Pose
from scanflow.sealing.ocr_wire import encode_layer

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures/scans"
DELIVERED = ("02-mat-1r", "02-mat-1v", "02-mat-2r", "02-mat-2v")
ROUTED_OUT = ("06-tuyet-mat-giua-1r", "06-tuyet-mat-giua-1v", "06-tuyet-mat-giua-3r", "06-tuyet-mat-giua-3v")
"""Two sheets; the second bears the mark, so the first was under the document's key when it was erased."""
DPI = 300
_HEAD = struct.Struct(">I")
_WINDOW = 40
_EACH = 2


def pages(seed: int) -> Iterator[tuple[str, bytes]]:
    """Names and JPEGs, in feeding order."""
    for number, name in enumerate(DELIVERED + ROUTED_OUT):
        pixels = cv2.imread(str(FIXTURES / f"{name}.jpg"))
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
        return self.page in ROUTED_OUT


def needles(seed: int) -> list[Needle]:
    """JPEG bytes, pixels in colour and grey, and recognised words as the OCR worker sends them."""
    from scanflow.sealing.ocr_engine import OcrEngine

    engine = OcrEngine()
    found: list[Needle] = []
    for name, jpeg in pages(seed):
        found += [Needle(name, "jpeg", one) for one in _windows(jpeg[1024:-64])]
        data = np.frombuffer(jpeg, np.uint8)
        for shape, flag in (("bgr", cv2.IMREAD_COLOR), ("grey", cv2.IMREAD_GRAYSCALE)):
            found += [Needle(name, shape, one) for one in _windows(cv2.imdecode(data, flag).tobytes())]
        layer = engine.read(jpeg, DPI, Pose(0, 0.0))
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


if __name__ == "__main__":
    for _, page in pages(int(sys.argv[1])):
        sys.stdout.buffer.write(_HEAD.pack(len(page)) + page)
        sys.stdout.buffer.flush()
