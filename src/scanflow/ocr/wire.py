"""What parent and OCR worker say to each other: framed JSON, the page's bytes behind it."""

from __future__ import annotations

import json
import struct

from scanflow.ocr.margin import LARGEST
from scanflow.ocr.text import UNPRINTABLE, Line, TextLayer, Word

FRAME = struct.Struct(">II")
"""Sizes of the JSON head and of the body that follow."""
READY = b'"ready"'
MAX_ANSWER = 64 << 20
_FAR = 1e6
"""Pixels: no place on a page is farther away."""


def encode_layer(layer: TextLayer | None) -> bytes:
    """The answer to a page: what was read, or null if the image did not decode."""
    if layer is None:
        return b"null"
    lines = [
        [line.baseline, line.size, [[word.text, word.left, word.right] for word in line.words]] for line in layer.lines
    ]
    return json.dumps([layer.dpi, lines, layer.page_number]).encode()


def decode_layer(answer: bytes | bytearray) -> TextLayer | None:
    """The layer of an answer, or None. Believes nothing: a page may have taken the worker over that answers.

    Raises:
        ValueError: not an answer.
    """
    try:
        found = json.loads(answer)
        if found is None:
            return None
        dpi, lines, number = found
        if type(dpi) is not int or not 0 < dpi < _FAR:
            raise ValueError("no resolution")
        if number is not None and (type(number) is not int or not 0 < number <= LARGEST):
            raise ValueError("no page number")
        return TextLayer(dpi, tuple(_line(*line) for line in lines), number)
    except (TypeError, RecursionError) as fault:
        raise ValueError("not a text layer") from fault


def _line(baseline: object, size: object, words: list[tuple[object, object, object]]) -> Line:
    found = tuple(Word(_word(text), _number(left), _number(right)) for text, left, right in words)
    return Line(_number(baseline), _number(size), found)


def _word(text: object) -> str:
    if not isinstance(text, str) or not text or UNPRINTABLE.search(text):
        raise ValueError("not a word")
    return text


def _number(value: object) -> float:
    """Finite, and on a page."""
    if type(value) not in (int, float) or not abs(value) < _FAR:  # type: ignore[arg-type]
        raise ValueError("not a place")
    return float(value)  # type: ignore[arg-type]
