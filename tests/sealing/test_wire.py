"""What an OCR worker answers is believed only where it can be a page's words: the next step is to write them into a PDF."""

from __future__ import annotations

import json
from contextlib import suppress

from hypothesis import example, given
from hypothesis import strategies as st

from scanflow.ocr.text import Line, TextLayer, Word
from scanflow.ocr.wire import decode_layer, encode_layer
from scanflow.sealing.textlayer import TextFont, content, to_unicode_map

LAYER = TextLayer(200, (Line(30.5, 8.0, (Word("Kế", 5, 85), Word("hoạch", 90, 170))), Line(60.0, 8.0, ())))
PIECES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=12,
)
WORD = st.tuples(st.text(max_size=3) | PIECES, st.floats() | PIECES, st.floats() | PIECES)
LINE = st.tuples(st.floats() | PIECES, st.floats() | PIECES, st.lists(WORD, max_size=3) | PIECES)
ANSWER = st.tuples(st.integers() | PIECES, st.lists(LINE, max_size=3) | PIECES)


def written(answer: bytes) -> bytes | None:
    """The operators of an answer that was believed, else None."""
    layer = None
    with suppress(ValueError):
        layer = decode_layer(answer)
    if layer is None:
        return None
    font = TextFont(char for line in layer.lines for word in line.words for char in word.text)
    to_unicode_map(font._codes)
    return content(layer, font, 842.0)


def test_an_answer_comes_out_as_it_went_in() -> None:
    assert decode_layer(encode_layer(LAYER)) == LAYER
    assert decode_layer(encode_layer(None)) is None


@given(ANSWER | PIECES)
@example([0, [[1, 1, [["a", 1, 2]]]]])
@example([100, [[1, 1, [["", 1, 2]]]]])
@example([100, [[1, 1, [["\ud800", 1, 2]]]]])
@example([100, [[1, 1, [["\U0001f600", 1, 2]]]]])
@example([100, [[1, float("nan"), [["a", 1, 2]]]]])
@example([100, [[1, 10**400, [["a", 1, 2]]]]])
def test_whatever_is_believed_can_be_written(answer: object) -> None:
    operators = written(json.dumps(answer).encode())
    assert operators is None or (b"nan" not in operators.lower() and b"inf" not in operators.lower())


@given(st.data())
def test_a_spoiled_answer_is_refused_or_can_be_written(data: st.DataObject) -> None:
    answer = bytearray(encode_layer(LAYER))
    for _ in range(data.draw(st.integers(1, 3))):
        answer[data.draw(st.integers(0, len(answer) - 1))] = data.draw(st.integers(0, 255))
    written(bytes(answer))
