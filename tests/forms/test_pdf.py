"""Every form as PDF: archival by two judges, whole Vietnamese text, the ledger's head readable, fixed bytes."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pikepdf.pdfa
import pytest
import zxingcpp

from scanflow.forms import fonts, typeset
from scanflow.forms.errors import FontMissing, GlyphMissing, HeadTooLong, NotArchival, TooManyRows
from scanflow.forms.paper import Table, every_text
from scanflow.forms.words import cell

from .conftest import made
from .samples import BATCH, HEAD, PAPERS

VIETNAMESE = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"


@pytest.mark.parametrize("name", PAPERS)
def test_form_is_archival_whole_and_in_our_fonts(name: str, tmp_path: Path) -> None:
    pdf = made(name)
    assert pikepdf.pdfa.validate_written(io.BytesIO(pdf), "2b").passed
    path = tmp_path / "form.pdf"
    path.write_bytes(pdf)
    subprocess.run(["qpdf", "--check", str(path)], check=True, capture_output=True, timeout=300)
    lines = subprocess.run(["pdffonts", str(path)], check=True, capture_output=True, text=True, timeout=300)
    found = lines.stdout.splitlines()[2:]
    assert found
    for line in found:
        assert re.match(r"[A-Z]{6}\+(Tinos|Cousine)", line), line
        assert line.split()[-5:-3] == ["yes", "yes"], f"embedded and a subset: {line}"


@pytest.mark.parametrize("name", PAPERS)
def test_text_comes_out_as_it_went_in(name: str, text_of: Callable[[bytes], str]) -> None:
    paper, text = PAPERS[name](), text_of(made(name))
    for phrase in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        paper.title,
        paper.office.body,
    ):
        assert phrase in text
    # Cells are broken over lines by the setting: words are looked for without blanks.
    solid = "".join(text.split())
    for table in paper.tables():
        for row in table.rows:
            for value in row:
                words = cell(value).split()
                assert all(word in solid or word in text for word in words), (name, value)
        if table.remark:
            assert "".join(table.remark.split()) in solid


@pytest.mark.parametrize("name", PAPERS)
def test_ledger_head_is_on_it_as_text_and_as_qr(name: str, text_of: Any, rasterise: Any) -> None:
    assert "".join(HEAD.split()) in "".join(text_of(made(name)).split())
    codes = [
        code.text
        for page in rasterise(made(name), 150)
        for code in zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormat.QRCode)
    ]
    assert codes == [HEAD]


@pytest.mark.parametrize("name", PAPERS)
def test_same_facts_same_bytes(name: str) -> None:
    assert typeset.render_pdf(PAPERS[name]()) == made(name)


@pytest.mark.parametrize("name", PAPERS)
def test_provisional_tables_say_so_and_the_prescribed_ones_do_not(name: str, text_of: Any) -> None:
    marked = "Biểu tạm thời" in text_of(made(name))
    assert marked == (name in ("handover-1", "handover-2", "handover-3", "reconciliation", "copying", "yearly"))


def test_nothing_runs_over_the_edge_of_the_paper(rasterise: Any) -> None:
    for name in PAPERS:
        for page in rasterise(made(name), 40):
            ink = np.argwhere(page.min(axis=2) < 200)
            top, left = ink.min(axis=0) * 25.4 / 40
            bottom, right = (page.shape[:2] - ink.max(axis=0)) * 25.4 / 40
            assert left >= 18 and right >= 13 and top >= 7 and bottom >= 5, (name, top, left, bottom, right)


def test_metadata_names_the_form_only_and_carries_its_own_date() -> None:
    with pikepdf.open(io.BytesIO(made("handover-1"))) as pdf, pdf.open_metadata() as meta:
        assert meta["dc:title"] == "BIÊN BẢN BÀN GIAO"
        assert str(meta["xmp:CreateDate"]).startswith("2026-11-22")
        assert BATCH not in str(meta)


def test_routed_out_document_shows_no_abstract(text_of: Any) -> None:
    out, scanned = text_of(made("handover-1")), text_of(made("handover-2"))
    assert out.count("Trồng cây và bố trí lại") == 9
    assert scanned.count("Trồng cây và bố trí lại") == 8 and "Tách riêng, không số hóa" in scanned


def test_incident_names_sheet_time_and_reason_but_nothing_of_the_page(text_of: Any) -> None:
    text = text_of(made("incident"))
    for part in ("Tờ thứ 3 của tài liệu", "15 giờ 41 phút cùng ngày", "MAU.02.2026.03.1", "không số hóa"):
        assert part in text
    assert "Kế hoạch" not in text and "Trồng cây" not in text


def test_all_vietnamese_letters_are_in_both_fonts() -> None:
    wanted = {ord(c) for c in VIETNAMESE + VIETNAMESE.upper() + "–—“”…×·0123456789"}
    assert wanted <= fonts.characters(fonts.FAMILY)
    assert wanted <= fonts.characters(fonts.MONO)
    fonts.require_glyphs(VIETNAMESE + VIETNAMESE.upper())
    # Decomposed input is composed before setting.
    fonts.require_glyphs("Tuyê\u0323t mâ\u0323t")


@pytest.mark.parametrize("bad", ["中", "\ue000", "\u200b", "\u202e", "\x07", "\t", "😀"])
def test_a_character_without_glyph_is_refused_by_code_point_only(bad: str) -> None:
    paper = replace(PAPERS["incident"](), number=f"bí ẩn {bad}")
    with pytest.raises(GlyphMissing) as refusal:
        typeset.render_pdf(paper)
    assert f"U+{ord(bad):04X}" in refusal.value.say_vi and "bí ẩn" not in refusal.value.say_vi


def test_markup_in_a_value_is_text(text_of: Any) -> None:
    paper = replace(PAPERS["incident"](), number="<b>1</b>&amp;<img src='file:///etc/hostname'>")
    assert "Số: <b>1</b>&amp;<img src='file:///etc/hostname'>" in text_of(typeset.render_pdf(paper))


def test_a_form_cannot_load_anything() -> None:
    with pytest.raises(ValueError, match="forms load nothing"):
        typeset._refuse_url("file:///etc/hostname")


@pytest.mark.parametrize("head", ["", "x" * 901])
def test_head_must_fit_its_qr(head: str) -> None:
    with pytest.raises(HeadTooLong):
        typeset.render_pdf(replace(PAPERS["incident"](), head=head))


def test_the_longest_head_is_read_back(rasterise: Any) -> None:
    head = "scanflow.mau/tram-01\n1284\n" + "Aa0+" * 210
    (page, *_rest) = rasterise(typeset.render_pdf(replace(PAPERS["yearly"](), head=head)), 300)
    assert [code.text for code in zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormat.QRCode)] == [head]


def test_too_long_a_table_is_refused() -> None:
    paper = PAPERS["outgoing"]()
    (table,) = paper.blocks
    assert isinstance(table, Table)
    with pytest.raises(TooManyRows):
        typeset.render_pdf(replace(paper, blocks=(replace(table, rows=table.rows[:1] * 2001),)))


def test_missing_font_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    fonts.characters.cache_clear()
    monkeypatch.setattr(fonts, "FAMILY", "Không Có Phông Này")
    with pytest.raises(FontMissing):
        typeset.render_pdf(PAPERS["incident"]())


def test_a_foreign_font_in_the_file_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "MONO", "Tinos")
    with pytest.raises(FontMissing):
        typeset.render_pdf(PAPERS["incident"]())


def test_a_file_that_is_not_archival_is_not_handed_out() -> None:
    plain = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(plain)
    with pytest.raises(NotArchival):
        typeset._archival(plain.getvalue(), "SF-XX")


def leaves(value: object) -> Iterator[str]:
    """Every string within a form that is set in type (styles, alignments and keys are not)."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from leaves(part)
    elif is_dataclass(value):
        for entry in fields(value):
            if entry.name not in ("style", "align", "key"):
                yield from leaves(getattr(value, entry.name))


@pytest.mark.parametrize("name", PAPERS)
def test_every_text_sees_all_that_is_set(name: str) -> None:
    """A value that the glyph check does not see could leave a hole in a signed form."""
    paper = PAPERS[name]()
    lines = every_text(paper)
    assert [leaf for leaf in leaves(paper) if leaf not in lines] == []
