"""The small parts: separator codes, the shelf, where to go on, pencilled sheet numbers."""

from __future__ import annotations

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from scanflow.counting import (
    SeparatorCode,
    SheetFed,
    SheetSpoiled,
    Spoil,
    decode_separator,
    encode_separator,
    resume_point,
    sheet_label,
)
from scanflow.counting.errors import SeparatorDamaged
from scanflow.counting.shelf import Shelf
from scanflow.levels import Level
from scanflow.manifest import Row

from .batches import Room, manifest

BATCH = "B-482913-550127-908134"
BATCHES = st.from_regex(r"\AB-[0-9]{6}-[0-9]{6}-[0-9]{6}\Z")


# --- separator codes -----------------------------------------------------------------------------------------


def test_golden_payload() -> None:
    assert encode_separator(BATCH, 12) == "SCANFLOW1:B-482913-550127-908134:12:JZNXHDQM"


@given(BATCHES, st.integers(1, 99_999))
def test_a_code_comes_back(batch: str, ordinal: int) -> None:
    assert decode_separator(encode_separator(batch, ordinal), 3) == SeparatorCode(batch, ordinal)


@given(st.integers(1, 99_999), st.data())
def test_no_changed_character_goes_unnoticed(ordinal: int, data: st.DataObject) -> None:
    payload = encode_separator(BATCH, ordinal)
    at = data.draw(st.integers(0, len(payload) - 1))
    new = data.draw(st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ:-") | st.characters())
    changed = payload[:at] + new + payload[at + 1 :]
    if changed == payload:
        return
    try:
        assert decode_separator(changed, 5) is None
        assert at < len("SCANFLOW"), "only a code that no longer calls itself ours is none of ours"
    except SeparatorDamaged as damaged:
        assert damaged.facts["sheet"] == 5


@given(st.text(max_size=60))
def test_other_codes_are_no_separators(text: str) -> None:
    if not text.startswith("SCANFLOW"):
        assert decode_separator(text, 1) is None


@pytest.mark.parametrize(("batch", "ordinal"), [("B-1", 1), (BATCH, 0), (BATCH, 100_000), (BATCH.lower(), 1), ("", 1)])
def test_what_cannot_be_printed(batch: str, ordinal: int) -> None:
    with pytest.raises(ValueError, match="not a batch"):
        encode_separator(batch, ordinal)


def test_the_payload_survives_a_real_qr_code() -> None:
    payload = encode_separator(BATCH, 345)
    code = zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
    image = zxingcpp.write_barcode_to_image(code, scale=4)
    (read,) = zxingcpp.read_barcodes(image)
    assert decode_separator(read.text, 1) == SeparatorCode(BATCH, 345)


# --- the shelf -----------------------------------------------------------------------------------------------


@given(st.lists(st.integers(), max_size=700), st.data())
def test_a_shelf_is_a_list_that_is_never_changed(items: list[int], data: st.DataObject) -> None:
    shelf: Shelf[int] = Shelf()
    for item in items:
        shelf = shelf.append(item)
    assert list(shelf) == items
    assert shelf == Shelf.of(items)
    assert len(shelf) == len(items)
    if items:
        at = data.draw(st.integers(0, len(items) - 1))
        changed = shelf.put(at, -7)
        assert list(changed) == [*items[:at], -7, *items[at + 1 :]]
        assert (changed[at], shelf[at]) == (-7, items[at])
    for beyond in (-1, len(items)):
        with pytest.raises(IndexError):
            shelf[beyond]
        with pytest.raises(IndexError):
            shelf.put(beyond, 0)


# --- going on ------------------------------------------------------------------------------------------------


def test_where_to_go_on_after_a_jam() -> None:
    room = Room(manifest((3, 6)))
    assert resume_point(room.tally).vi.startswith("Chưa có tờ nào đạt")
    room.separator(1)
    assert "tờ phân cách" in resume_point(room.tally).vi
    room.sheet(), room.sheet()
    room.do(SheetFed(4), SheetSpoiled(4, Spoil.JAM))
    point = resume_point(room.tally)
    assert (point.last_good, point.ordinal, point.place, point.left) == (3, 1, 2, 1)
    assert point.vi.startswith("Tờ đạt cuối cùng: tờ 2 của tài liệu số 1.")


@pytest.mark.parametrize(
    ("first", "last", "sheets", "labels"),
    [
        ("1", "3", 3, ["1", "2", "3"]),
        ("14", "16", 4, ["14", None, None, "16"]),  # a 15a or 14a lies between
        ("15", "15a", 2, ["15", "15a"]),
        ("15a", "17", 3, ["15a", None, "17"]),
        ("", "", 2, [None, None]),
    ],
)
def test_pencilled_numbers_are_told_only_without_doubt(
    first: str, last: str, sheets: int, labels: list[str | None]
) -> None:
    row = Row(1, "H1", 1, "1", None, Level.MAT, sheets, sheets, first_sheet=first, last_sheet=last)
    assert [sheet_label(row, place) for place in range(1, sheets + 1)] == labels
    assert sheet_label(row, sheets + 1) is None
    assert sheet_label(row, 0) is None
