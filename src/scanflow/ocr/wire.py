"""What parent and OCR worker say to each other: framed JSON, the page's bytes behind it."""

from __future__ import annotations

import json
import struct

from scanflow.ocr.text import Line, TextLayer, Word

FRAME = struct.Struct(">II")
"""Sizes of the JSON head and of the body that follow."""
READY = b'"ready"'
MAX_ANSWER = 64 << 20


def encode_layer(layer: TextLayer | None) -> bytes:
    """The answer to a page: what was read, or null if the image did not decode."""
    if layer is None:
        return b"null"
    lines = [
        [line.baseline, line.size, [[word.text, word.left, word.right] for word in line.words]] for line in layer.lines
    ]
    return json.dumps([layer.dpi, lines]).encode()


def decode_layer(answer: bytes | bytearray) -> TextLayer | None:
    """The layer of an answer, or None.

    Raises:
        ValueError: not an answer.
    """
    found = json.loads(answer)
    if found is None:
        return None
    try:
        dpi, lines = found
        return TextLayer(int(dpi), tuple(_line(*line) for line in lines))
    except TypeError as fault:
        raise ValueError("not a text layer") from fault


def _line(baseline: float, size: float, words: list[tuple[str, float, float]]) -> Line:
    found = tuple(Word(str(text), float(left), float(right)) for text, left, right in words)
    return Line(float(baseline), float(size), found)
