"""Separators, the scanner's test sheet and copy marks: what a scanner and a person find on the printed page."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pikepdf
import pikepdf.pdfa
import pytest
import zxingcpp
from tools.fixtures.scanner import Lie, paper, scan

from scanflow.forms.errors import GlyphMissing, HeadTooLong, NothingToPrint
from scanflow.forms.marks import LEVEL_FACES, URGENCY_FACES
from scanflow.forms.separators import Separator, separators_pdf
from scanflow.forms.testsheet import TEST_MARKS, TEST_SHEET_ID, test_sheet_pdf

from .samples import BATCH, DAY, SEPARATORS


def codes(picture: np.ndarray) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)]


def test_one_separator_a_document_in_order_with_words_for_people(rasterise: Any, text_of: Any) -> None:
    pdf = separators_pdf(SEPARATORS, DAY)
    assert pikepdf.pdfa.validate_written(io.BytesIO(pdf), "2b").passed
    assert pdf == separators_pdf(SEPARATORS, DAY)
    assert [codes(page) for page in rasterise(pdf, 100)] == [[s.payload] for s in SEPARATORS]
    text = text_of(pdf)
    for part in ("TỜ NGĂN CÁCH", "STT 12", BATCH, "MAU.01.2026.07.12", "Tiếp theo có 2 tờ"):
        assert part in text
    assert "Tiếp theo" not in text_of(separators_pdf([Separator("x", BATCH, 1)], DAY))


@pytest.mark.parametrize(
    "lie", [Lie(0.4, 0, (1.0, -1.0)), Lie(-2.5), Lie(0.5, 180)], ids=["usual", "skewed", "upside-down"]
)
def test_separator_is_read_from_a_scan(rasterise: Any, lie: Lie) -> None:
    (page,) = rasterise(separators_pdf([SEPARATORS[2]], DAY), 150)
    rng = np.random.default_rng(5)
    ink = cv2.resize(page, (2480, 3508)).astype(np.float32) / 255
    picture = scan(paper(3, rng) * (0.25 + 0.75 * ink), None, lie, rng, verso=False)
    assert codes(picture) == [SEPARATORS[2].payload]


def test_separator_looks_like_no_stamp(rasterise: Any) -> None:
    """No colour, and no frame that a stamp reader could take for one."""
    (page, *_rest) = rasterise(separators_pdf(SEPARATORS, DAY), 100)
    assert int(np.ptp(page.astype(int), axis=2).max()) == 0


def test_separator_refusals() -> None:
    with pytest.raises(NothingToPrint):
        separators_pdf([], DAY)
    with pytest.raises(HeadTooLong):
        separators_pdf([replace(SEPARATORS[0], payload="")], DAY)
    with pytest.raises(GlyphMissing):
        separators_pdf([replace(SEPARATORS[0], name="中")], DAY)


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    import subprocess

    folder = tmp_path_factory.mktemp("sheet")
    pdf = test_sheet_pdf(DAY)
    assert pikepdf.pdfa.validate_written(io.BytesIO(pdf), "2b").passed
    (folder / "s.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", "300", "-png", "s.pdf", "p"], cwd=folder, check=True, timeout=300)
    (page,) = [cv2.imread(str(f)) for f in sorted(folder.glob("p-*.png"))]
    return page


def test_test_sheet_is_one_a4_page_that_names_itself(sheet: np.ndarray) -> None:
    assert np.allclose(sheet.shape[:2], (3508, 2480), atol=1)
    assert codes(sheet) == [TEST_SHEET_ID]


@pytest.mark.parametrize("mark", TEST_MARKS, ids=lambda m: f"{m.kind}-{m.ink}-{m.turn}")
def test_each_test_mark_lies_where_the_list_says(sheet: np.ndarray, mark: Any) -> None:
    px = 300 / 25.4
    pad = 6
    x0, y0 = round((mark.x - pad) * px), round((mark.y - pad) * px)
    x1, y1 = round((mark.x + mark.width + pad) * px), round((mark.y + mark.height + pad) * px)
    part = sheet[y0:y1, x0:x1].astype(int)
    dark = part.min(axis=2) < 150
    ys, xs = np.nonzero(dark)
    box = (xs.min() / px - pad, ys.min() / px - pad, (np.ptp(xs) + 1) / px, (np.ptp(ys) + 1) / px)
    assert np.allclose(box, (0, 0, mark.width, mark.height), atol=0.2), box
    inked = part[part.min(axis=2) < 60]
    redness = (inked[:, 2] - inked[:, 1]).mean()
    assert (redness > 150) if mark.ink == "red" else (abs(redness) < 10)


def test_test_sheet_holds_every_level_in_red_and_black_and_turned() -> None:
    seen = {(m.kind, m.ink) for m in TEST_MARKS}
    assert seen >= {(level, ink) for level in LEVEL_FACES for ink in ("red", "black")}
    assert {m.turn for m in TEST_MARKS} >= {0, 90, 180}
    assert {m.kind for m in TEST_MARKS} & set(URGENCY_FACES), "look-alikes too"
    for a in TEST_MARKS:
        for b in TEST_MARKS:
            apart_x = max(a.x, b.x) - min(a.x + a.width, b.x + b.width)
            apart_y = max(a.y, b.y) - min(a.y + a.height, b.y + b.height)
            assert a is b or max(apart_x, apart_y) >= 8, (a, b)
