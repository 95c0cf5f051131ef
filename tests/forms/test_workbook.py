"""The xlsx twins hold the same tables, and nothing in them is live."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import openpyxl
import pytest
import zxingcpp

from scanflow.forms.errors import GlyphMissing
from scanflow.forms.paper import Facts, Paper
from scanflow.forms.qr import png
from scanflow.forms.words import cell
from scanflow.forms.workbook import render_xlsx

from .samples import HEAD, PAPERS


def cells(book: bytes) -> list[list[object]]:
    """All rows of all sheets, empty cells dropped."""
    loaded = openpyxl.load_workbook(io.BytesIO(book))
    return [[c.value for c in row if c.value is not None] for sheet in loaded for row in sheet.iter_rows()]


@pytest.mark.parametrize("name", PAPERS)
def test_twin_has_the_same_tables_and_head(name: str) -> None:
    paper: Paper = PAPERS[name]()
    rows = cells(render_xlsx(paper))
    for table in paper.tables():
        for row in (*table.rows, *([table.total] if table.total else [])):
            wanted = [v if isinstance(v, int) else cell(v) for v in row if v not in (None, "")]
            assert wanted in rows, (name, wanted)
        assert [c.heading for c in table.columns] in rows
    flat = [value for row in rows for value in row]
    assert paper.title in flat and "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in flat
    assert [line for line in HEAD.splitlines() if line] == [v for v in flat if v in HEAD.splitlines()]
    for block in paper.blocks:
        if isinstance(block, Facts):
            assert {value for _, value in block.pairs if value} <= set(flat)


@pytest.mark.parametrize("name", ["handover-2", "copying"])
def test_same_facts_same_bytes_and_nothing_live(name: str) -> None:
    book = render_xlsx(PAPERS[name]())
    assert book == render_xlsx(PAPERS[name]())
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        names = archive.namelist()
        assert names[0] == "[Content_Types].xml"
        assert not [n for n in names if "vba" in n.lower() or "external" in n.lower()]
        assert not any(b"<f>" in archive.read(n) for n in names if n.startswith("xl/worksheets/sheet"))
        assert {i.date_time for i in archive.infolist()} == {(PAPERS[name]().day.year, PAPERS[name]().day.month,
                                                              PAPERS[name]().day.day, 0, 0, 0)}  # fmt: skip


@pytest.mark.parametrize("text", ["=1+1", '=HYPERLINK("http://x")', "+1", "@SUM(A1)", "-2+3"])
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    paper = replace(PAPERS["incident"](), number=text, subtitle=text)
    loaded = openpyxl.load_workbook(io.BytesIO(render_xlsx(paper)))
    found = [c for row in loaded.active.iter_rows() for c in row if c.value == text]
    assert found and all(c.data_type == "s" for c in found)


def test_picture_is_the_head() -> None:
    loaded = openpyxl.load_workbook(io.BytesIO(render_xlsx(PAPERS["yearly"]())))
    (image,) = loaded.active._images
    data = image._data()
    assert data == png(HEAD)
    import cv2
    import numpy as np

    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [HEAD]


def test_a_bad_character_makes_no_workbook() -> None:
    with pytest.raises(GlyphMissing):
        render_xlsx(replace(PAPERS["incident"](), number="\x01"))


def test_numbers_stay_numbers() -> None:
    loaded = openpyxl.load_workbook(io.BytesIO(render_xlsx(PAPERS["yearly"]())))
    values = {c.value: c for row in loaded.active.iter_rows() for c in row}
    assert values[12045].data_type == "n" and values[12045].number_format == "#,##0"
