"""The two-layer PDF/A-2b: judged by other people's tools, the same bytes each time, the scanner's images untouched."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanflow.levels import Level
from scanflow.ocr.geometry import place, upright
from scanflow.pages import Face, Pose, RawPage, SideLabel
from scanflow.sealing import (
    DocumentFacts,
    DocumentVault,
    LentPage,
    Line,
    TextLayer,
    Word,
    build_pdf,
    read_manifest,
)
from scanflow.sealing.errors import NothingToSeal, NotPdfA, TopSecretRefused, UnusableFacts, UnusableImage
from scanflow.sealing.pdf import build_flavour

from .conftest import make_facts, raw_page
from .paper import as_jpeg, letter, scanned
from .permits import permit

LAYER = TextLayer(
    100,
    (
        Line(30.0, 12.0, (Word("Cộng", 10, 35), Word("hòa", 40, 60))),
        Line(50.0, 12.0, (Word("Độc", 10, 25), Word("lập", 30, 45), Word("–", 48, 52), Word("Tự", 55, 65))),
    ),
)
JARS = [
    f"/usr/share/java/{name}.jar"
    for name in (
        "preflight",
        "pdfbox2",
        "fontbox2",
        "xmpbox",
        "commons-logging",
        "javax.activation",
        "jaxb-api",
    )
]


@pytest.fixture
def document(vault: DocumentVault, facts: DocumentFacts) -> bytes:
    return build_pdf(vault.pages(), facts, {(1, Face.RECTO): LAYER})


def tool(*words: str, data: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(words, input=data, capture_output=True)


# ------------------------------------------------------------------------------------------------- judged by others


def test_qpdf_finds_no_fault(document: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(document)
    done = subprocess.run(["qpdf", "--check", tmp_path / "x.pdf"], capture_output=True, text=True)
    assert done.returncode == 0
    assert "No syntax or stream encoding errors found" in done.stdout


def test_the_validator_approves_the_bytes_themselves(document: bytes) -> None:
    report = pikepdf.pdfa.validate_written(io.BytesIO(document), "2b")
    assert (report.verdict, report.findings) == ("pass", [])


def preflight(data: bytes, path: Path) -> str:
    jars = [jar for jar in JARS if Path(jar).exists()]
    if not any("preflight" in jar for jar in jars):
        pytest.fail("PDFBox preflight is missing: apt-get install libpdfbox2-java libactivation-java libjaxb-api-java")
    path.write_bytes(data)
    words = ["java", "-cp", ":".join(jars), "org.apache.pdfbox.preflight.Validator_A1b", str(path)]
    done = subprocess.run(words, capture_output=True, text=True)
    return done.stdout + done.stderr


def test_preflight_approves_the_1b_twin_and_refuses_a_spoiled_one(
    vault: DocumentVault, facts: DocumentFacts, tmp_path: Path
) -> None:
    twin = build_flavour(vault.pages(), facts, {(1, Face.RECTO): LAYER}, "1b")
    assert "is a valid PDF/A-1b file" in preflight(twin, tmp_path / "twin.pdf")
    with pikepdf.open(io.BytesIO(twin)) as pdf:
        del pdf.Root.OutputIntents
        spoiled = io.BytesIO()
        pdf.save(spoiled)
    assert "is not a valid PDF/A-1b file" in preflight(spoiled.getvalue(), tmp_path / "spoiled.pdf")


def test_a_document_that_does_not_validate_is_not_released(vault: DocumentVault, facts: DocumentFacts) -> None:
    (page, *_) = vault.pages()
    tiny = dataclasses.replace(page, dpi=5000)  # a page of less than 3 points (ISO 19005-2, 6.1.13)
    with pytest.raises(NotPdfA) as caught:
        build_pdf([tiny], facts)
    assert "ISO_19005_2:6.1.13" in str(caught.value.facts["rules"])


# --------------------------------------------------------------------------------------------------------- images


def images(data: bytes) -> Iterator[pikepdf.Stream]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            yield page.Resources.XObject.Im


def test_the_scanners_jpeg_bytes_are_in_the_file_untouched(document: bytes, vault: DocumentVault) -> None:
    pages = list(vault.pages())
    assert [image.read_raw_bytes() for image in images(document)] == [page.jpeg for page in pages]
    manifest = read_manifest(document)
    digests = [side["image_sha256"] for side in manifest["sides"]]
    assert digests == [hashlib.sha256(page.jpeg).hexdigest() for page in pages]


def test_a_grey_page(facts: DocumentFacts) -> None:
    vault = DocumentVault("D1.1")
    grey = np.full((60, 40), 200, np.uint8)
    vault.clear(permit(RawPage(1, Face.RECTO, grey, 100, None)))
    (colour_space,) = [image.ColorSpace for image in images(build_pdf(vault.pages(), facts))]
    assert colour_space == "/DeviceGray"


@pytest.mark.parametrize(("turn", "skew"), [(0, -1.7), (90, 2.3), (180, 0.0), (180, 2.3), (270, -1.7)])
def test_pages_are_shown_upright_and_level(turn: int, skew: float, facts: DocumentFacts) -> None:
    """What poppler draws is what was on the paper before it was laid turned and askew."""
    paper = letter(1, 100).pixels
    vault = DocumentVault("D1.1")
    laid = scanned(paper, turn=turn, skew_deg=skew)
    vault.clear(permit(RawPage(1, Face.RECTO, laid, 100, as_jpeg(laid, 92)), Pose(turn, skew)))
    drawn = draw(build_pdf(vault.pages(), facts), 100)
    top, left = (drawn.shape[0] - paper.shape[0]) // 2, (drawn.shape[1] - paper.shape[1]) // 2
    assert top >= 0
    assert left >= 0  # the page grew; nothing of the sheet was cut
    seen = drawn[top : top + paper.shape[0], left : left + paper.shape[1]]
    inner = (slice(60, -60), slice(60, -60))
    a, b = (cv2.GaussianBlur(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), (0, 0), 1.5)[inner] for image in (paper, seen))
    assert np.corrcoef(a.ravel(), b.ravel())[0, 1] > 0.93


@pytest.mark.parametrize(("turn", "skew"), [(0, 0.0), (90, 1.0), (180, -2.0), (270, 3.0)])
def test_ocr_sees_the_page_that_is_shown(turn: int, skew: float, facts: DocumentFacts) -> None:
    laid = scanned(letter(2, 100).pixels, turn=turn, skew_deg=skew)
    vault = DocumentVault("D1.1")
    vault.clear(permit(RawPage(1, Face.RECTO, laid, 100, as_jpeg(laid, 92)), Pose(turn, skew)))
    drawn = cv2.cvtColor(draw(build_pdf(vault.pages(), facts), 100), cv2.COLOR_BGR2GRAY)
    seen = upright(cv2.cvtColor(laid, cv2.COLOR_BGR2GRAY), 100, Pose(turn, skew), 200)
    assert abs(drawn.shape[0] - seen.shape[0]) <= 2
    assert abs(drawn.shape[1] - seen.shape[1]) <= 2
    height, width = min(drawn.shape[0], seen.shape[0]), min(drawn.shape[1], seen.shape[1])
    a, b = (cv2.GaussianBlur(image[:height, :width], (0, 0), 1.5)[20:-20, 20:-20] for image in (drawn, seen))
    assert np.corrcoef(a.ravel(), b.ravel())[0, 1] > 0.95


def draw(data: bytes, dpi: int) -> np.ndarray:
    done = tool("pdftoppm", "-r", str(dpi), "-singlefile", "-", data=data)
    return cv2.imdecode(np.frombuffer(done.stdout, np.uint8), cv2.IMREAD_COLOR)


@given(
    width=st.integers(1, 9000),
    height=st.integers(1, 9000),
    turn=st.sampled_from([0, 90, 180, 270]),
    skew=st.floats(-15, 15),
)
@settings(deadline=None)
def test_no_corner_of_a_sheet_leaves_its_page(width: int, height: int, turn: int, skew: float) -> None:
    placed = place(width, height, 300, Pose(turn, skew))
    a, b, c, d, e, f = placed.matrix
    for u, v in ((0, 0), (1, 0), (0, 1), (1, 1)):
        assert -1e-6 <= a * u + c * v + e <= placed.width_pt + 1e-6
        assert -1e-6 <= b * u + d * v + f <= placed.height_pt + 1e-6
    area = (width * 72 / 300) * (height * 72 / 300)
    assert abs(a * d - b * c) == pytest.approx(area)  # 100 %: neither scaled nor sheared


def test_a_colour_jpeg_without_a_head_is_refused(vault: DocumentVault, facts: DocumentFacts) -> None:
    (page, *_) = vault.pages()
    broken = LentPage(1, Face.RECTO, b"\xff\xd8\xff\xd9", True, 1, 1, 100, page.clearance)
    with pytest.raises(UnusableImage):
        build_pdf([broken], facts)


# ------------------------------------------------------------------------------------------------------------ text


@pytest.mark.parametrize("mode", [(), ("-raw",), ("-layout",)], ids=["default", "raw", "layout"])
def test_words_are_there_in_order_and_invisible(mode: tuple[str, ...], document: bytes) -> None:
    done = tool("pdftotext", *mode, "-l", "1", "-", "-", data=document)
    assert done.stdout.decode().split() == ["Cộng", "hòa", "Độc", "lập", "–", "Tự"]


def test_the_text_layer_draws_nothing(vault: DocumentVault, facts: DocumentFacts, document: bytes) -> None:
    bare = build_pdf(vault.pages(), facts)
    assert np.array_equal(draw(bare, 100), draw(document, 100))


def test_words_stand_where_they_were_read(document: bytes) -> None:
    done = tool("pdftotext", "-bbox", "-l", "1", "-", "-", data=document)
    (line,) = [line for line in done.stdout.decode().splitlines() if ">lập<" in line]
    box = {name: float(line.split(f'{name}="')[1].split('"')[0]) for name in ("xMin", "xMax", "yMax")}
    assert box["xMin"] == pytest.approx(30 * 0.72, abs=0.2)
    assert box["xMax"] == pytest.approx(45 * 0.72, abs=0.2)
    assert box["yMax"] == pytest.approx((50 + 0.2 * 12) * 0.72, abs=0.5)  # a fifth below the baseline


def test_every_character_can_be_copied_out(vault: DocumentVault, facts: DocumentFacts) -> None:
    letters = "aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
    text = letters + letters.upper() + "0123456789.,;:()“”–/%§"
    layer = TextLayer(100, (Line(30.0, 8.0, (Word(text, 5, 85),)),))
    data = build_pdf(vault.pages(), facts, {(1, Face.RECTO): layer})
    assert tool("pdftotext", "-l", "1", "-", "-", data=data).stdout.decode().strip("\n\f") == text


# ------------------------------------------------------------------------------------------------- facts and bytes


def test_the_same_input_gives_the_same_bytes(vault: DocumentVault, facts: DocumentFacts, document: bytes) -> None:
    time.sleep(1.1)  # a date of now would show
    assert build_pdf(vault.pages(), facts, {(1, Face.RECTO): LAYER}) == document


def test_another_process_gives_the_same_bytes(vault: DocumentVault, facts: DocumentFacts) -> None:
    program = (
        "import sys, hashlib; sys.path.insert(0, sys.argv[1])\n"
        "from tests.sealing.test_pdf import *\n"
        "vault = DocumentVault('D1.1')\n"
        "for sheet, face in ((1, Face.RECTO), (1, Face.VERSO), (2, Face.RECTO)):\n"
        "    vault.clear(permit(raw_page(sheet, face), Pose(0, 0.5), SideLabel.CONTENT, Level.MAT))\n"
        "print(hashlib.sha256(build_pdf(vault.pages(), make_facts(), {(1, Face.RECTO): LAYER})).hexdigest())\n"
    )
    environment = os.environ | {"PYTHONHASHSEED": "4711", "TZ": "America/Lima", "LC_ALL": "C"}
    root = str(Path(__file__).parents[2])
    done = subprocess.run([sys.executable, "-c", program, root], capture_output=True, text=True, env=environment)
    here = hashlib.sha256(build_pdf(vault.pages(), facts, {(1, Face.RECTO): LAYER})).hexdigest()
    assert done.stdout.strip() == here, done.stderr


def test_the_facts_are_in_the_metadata_and_nothing_else(document: bytes, facts: DocumentFacts) -> None:
    manifest = read_manifest(document)
    assert (manifest["name"], manifest["level"], manifest["sheets"], manifest["pages"]) == (
        facts.name,
        "MAT",
        2,
        3,
    )
    assert [(side["sheet"], side["face"], side["text"]) for side in manifest["sides"]] == [
        (1, "recto", True),
        (1, "verso", False),
        (2, "recto", False),
    ]
    with pikepdf.open(io.BytesIO(document)) as pdf:
        assert "/EmbeddedFiles" not in pdf.Root.get("/Names", {})
        assert str(pdf.docinfo["/Title"]) == facts.name
        assert not {"/Author", "/Subject", "/Keywords"} & set(pdf.docinfo.keys())
        packet = pdf.Root.Metadata.read_bytes().decode()
    for word in ("Cộng", "hòa", "Độc"):
        assert word not in packet


def test_blank_sides_stay_or_go_by_the_batchs_convention() -> None:
    vault = DocumentVault("D1.1")
    vault.clear(permit(raw_page(1)))
    vault.clear(permit(raw_page(1, Face.VERSO), label=SideLabel.BLANK))
    vault.clear(permit(raw_page(2), label=SideLabel.UNSURE))
    kept = build_pdf(vault.pages(), make_facts(keep_blanks=True))
    left_out = build_pdf(vault.pages(), make_facts(keep_blanks=False))
    assert [side["label"] for side in read_manifest(kept)["sides"]] == ["content", "blank", "unsure"]
    assert [side["label"] for side in read_manifest(left_out)["sides"]] == ["content", "unsure"]


def test_only_blank_sides_are_no_document() -> None:
    vault = DocumentVault("D1.1")
    vault.clear(permit(raw_page(1), label=SideLabel.BLANK))
    with pytest.raises(NothingToSeal):
        build_pdf(vault.pages(), make_facts(keep_blanks=False))


def test_top_secret_is_not_built(vault: DocumentVault) -> None:
    with pytest.raises(TopSecretRefused):
        build_pdf(vault.pages(), make_facts(level=Level.TUYET_MAT))


def test_the_name_is_dossier_and_serial() -> None:
    assert make_facts(serial=42).name == "H49.64.33.2001.160.0000042"


@pytest.mark.parametrize(
    "changes",
    [
        {"dossier": ""},
        {"dossier": "Hồ sơ mật"},
        {"dossier": "../../etc"},
        {"dossier": "a/b"},
        {"dossier": ".hidden"},
        {"dossier": "x" * 101},
        {"dossier": "H1\n"},
        {"batch": "a b"},
        {"station": "trạm"},
        {"serial": 0},
        {"serial": 10**7},
        {"sheets": 0},
        {"sheets": 1, "pages": 3},
        {"digitised_at": datetime(2026, 11, 22)},
    ],
)
def test_facts_that_cannot_be_a_name(changes: dict[str, object]) -> None:
    with pytest.raises(UnusableFacts):
        make_facts(**changes)


def test_building_writes_no_file(vault: DocumentVault, facts: DocumentFacts, tmp_path: Path) -> None:
    """pikepdf.pdfa.save would go through a temporary file; under this audit hook any file opened for writing shows."""
    opened: list[str] = []

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if watching and event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR):
            opened.append(str(arguments[0]))

    watching = True
    sys.addaudithook(watch)
    build_pdf(vault.pages(), facts, {(1, Face.RECTO): LAYER})
    (tmp_path / "control").write_text("seen")
    watching = False
    assert opened == [str(tmp_path / "control")]
