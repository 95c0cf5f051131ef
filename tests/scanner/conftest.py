"""Shared paper for the scanner room: sides that carry their own number, read back from the pixels."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from scanflow.pages import Image
from scanflow.scanner.profile import Profile, load_profile
from scanflow.scanner.virtual import VirtualSheet
from scanflow.scanner.virtual.paper import a4_pixels, encode

DRIVERS = Path(__file__).resolve().parents[2] / "drivers"
_BITS, _CELL, _TOP = 12, 60, 400


def paint(number: int, *, dpi: int = 300) -> Image:
    """An A4 side whose number stands in a row of black and white cells, with a red bar (colour must survive)."""
    width, height = a4_pixels(dpi)
    pixels = np.full((height, width, 3), 240, np.uint8)
    cell, top = _CELL * dpi // 300, _TOP * dpi // 300
    for bit in range(_BITS):
        shade = 20 if number >> bit & 1 else 230
        pixels[top : top + cell, 200 + bit * cell : 200 + (bit + 1) * cell] = shade
    pixels[top + 2 * cell : top + 3 * cell, 200:1000] = (20, 20, 220)
    cv2.putText(pixels, str(number), (200, height // 2), cv2.FONT_HERSHEY_SIMPLEX, 8, (0, 0, 0), 12)
    return pixels


def read_number(pixels: Image) -> int:
    """The number that :func:`paint` put on a side."""
    row = pixels[_TOP + _CELL // 2]
    return sum(1 << bit for bit in range(_BITS) if row[200 + bit * _CELL + _CELL // 2].mean() < 128)


@lru_cache(maxsize=64)
def side_jpeg(number: int) -> bytes:
    return encode(paint(number), 300)


def sheets_of(count: int, first: int = 1) -> list[VirtualSheet]:
    """Sheets whose recto carries 2n and whose verso carries 2n+1 for label n."""
    return [VirtualSheet(n, side_jpeg(2 * n), side_jpeg(2 * n + 1)) for n in range(first, first + count)]


def until(what: Callable[[], bool], seconds: float = 600.0) -> bool:
    """Look again and again until something is so; a machine that is busy may take its time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.01)
    return False


@pytest.fixture(scope="session")
def airscan() -> Profile:
    return load_profile(DRIVERS / "airscan.toml")


@pytest.fixture
def private(tmp_path: Path) -> Path:
    """A folder with a path short enough for a Unix socket."""
    return tmp_path / "v"


@pytest.fixture(autouse=True)
def no_process_left_behind() -> Iterator[None]:
    """Every test ends its children."""
    before = _children()
    yield
    left = _children() - before
    assert not left, f"processes left behind: {left}"


def _children() -> set[int]:
    me = Path("/proc/self/task")
    found: set[int] = set()
    for task in me.iterdir():
        try:
            found.update(int(pid) for pid in (task / "children").read_text().split())
        except OSError:
            continue
    return found


Numbers = Callable[[], list[int]]
