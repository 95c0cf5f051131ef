"""The access copy: a tenth of the size, letters sharp, stamps in colour, nothing dark or solid lost."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pytest

from scanflow.levels import Level
from scanflow.ocr import jpeg
from scanflow.pages import Face, Image, Pose, RawPage
from scanflow.sealing import DocumentVault, OcrPool, build_pdf
from scanflow.sealing.errors import NothingToSeal, SecretInPlain
from scanflow.sealing.mrc import split
from scanflow.sealing.pdf import build_access_copy
from scanflow.sealing.plain import PlainDocument, release_plain

from .conftest import make_facts
from .permits import permit

FIXTURES = Path(__file__).parents[2] / "fixtures/scans"


def shown(pdf: bytes, dpi: int = 150) -> Image:
    done = subprocess.run(["pdftoppm", "-r", str(dpi), "-singlefile", "-"], input=pdf, capture_output=True, check=True)
    return cv2.imdecode(np.frombuffer(done.stdout, np.uint8), cv2.IMREAD_COLOR)


@pytest.fixture(scope="module")
def pair() -> tuple[bytes, bytes]:
    """Master and access copy of a page with a red stamp, lying askew."""
    data = (FIXTURES / "04-toi-mat-1r.jpg").read_bytes()
    pixels = jpeg.decode(data)
    assert pixels is not None
    vault = DocumentVault("D1.1")
    vault.clear(permit(RawPage(1, Face.RECTO, pixels, 300, data), Pose(0, 0.8)))
    facts = make_facts(sheets=1, pages=1)
    return build_pdf(vault.pages(), facts), build_access_copy(vault.pages(), facts)


def test_it_is_a_small_pdf_a_that_looks_like_the_master(pair: tuple[bytes, bytes], tmp_path: Path) -> None:
    master, copy = pair
    assert len(copy) < 110_000 and 5 * len(copy) < len(master)
    (tmp_path / "x.pdf").write_bytes(copy)
    assert subprocess.run(["qpdf", "--check", tmp_path / "x.pdf"], capture_output=True, check=False).returncode == 0
    one, other = (cv2.blur(shown(pdf), (5, 5)).astype(int) for pdf in pair)
    assert one.shape == other.shape
    assert np.abs(one - other).mean() < 4


def test_the_stamp_keeps_its_colour_and_the_letters_their_black(pair: tuple[bytes, bytes]) -> None:
    reds, blacks = [], []
    for pdf in pair:
        blue, green, red = (channel.astype(int) for channel in cv2.split(shown(pdf)))
        reds.append(((red > blue + 60) & (red > green + 60)).sum())
        blacks.append(((red < 90) & (green < 90) & (blue < 90)).sum())
    assert 0.7 < reds[1] / reds[0] < 1.3
    assert 0.7 < blacks[1] / blacks[0] < 1.4


def test_the_stencil_is_painted_where_there_is_ink_and_nowhere_else() -> None:
    page = np.full((600, 400, 3), 240, np.uint8)
    cv2.putText(page, "A", (150, 300), cv2.FONT_HERSHEY_SIMPLEX, 4, (20, 20, 20), 8)
    page[400:560, 100:300] = (60, 60, 60)  # a photograph
    layers = split(page, 300)
    behind = jpeg.decode(layers.background)
    assert behind is not None
    assert behind[55:105, 45:100].min() > 200  # the letter is lifted off
    assert behind[140:180, 40:95].mean() < 90  # the photograph stays
    assert max(layers.ink) < 0.15


def test_a_blank_page_has_no_stencil() -> None:
    assert split(np.full((300, 200), 235, np.uint8), 100).stencil == b""


def test_its_text_layer_is_the_masters() -> None:
    from .paper import as_jpeg, letter

    vault = DocumentVault("D1.1")
    page = letter(1, 200)
    vault.clear(permit(RawPage(1, Face.RECTO, page.pixels, 200, as_jpeg(page.pixels))))
    facts = make_facts(sheets=1, pages=1)
    with OcrPool(1) as pool:
        texts = pool.read(vault.pages()).layers
    said = [
        subprocess.run(["pdftotext", "-", "-"], input=build(vault.pages(), facts, texts), capture_output=True).stdout
        for build in (build_pdf, build_access_copy)
    ]
    assert said[0] == said[1] and len(said[0]) > 1000


def test_two_images_a_page(pair: tuple[bytes, bytes]) -> None:
    with pikepdf.open(io.BytesIO(pair[1])) as pdf:
        images = pdf.pages[0].Resources.XObject
        assert set(images.keys()) == {"/Im", "/Ink"}
        assert str(images.Ink.Filter) == "/CCITTFaxDecode"


def test_only_what_is_no_secret_leaves_without_a_container() -> None:
    assert release_plain(b"%PDF", name="A.0000001", level=Level.THUONG).data == b"%PDF"
    for level in (Level.MAT, Level.TOI_MAT, Level.TUYET_MAT):
        with pytest.raises(SecretInPlain):
            release_plain(b"%PDF", name="A.0000001", level=level)
    with pytest.raises(NothingToSeal):
        release_plain(b"", name="A.0000001", level=Level.THUONG)
    with pytest.raises(TypeError):
        PlainDocument("A", b"%PDF", "", object())
