"""Copies on paper: the permitted number, each with its marks and its line in the register."""

from __future__ import annotations

import dataclasses
import re
import subprocess
from datetime import date

import cv2
import numpy as np
import pytest

from scanflow.levels import Level
from scanflow.pages import Face
from scanflow.sealing import DocumentFacts, DocumentVault, build_pdf
from scanflow.sealing.errors import CopyOrderRefused, TopSecretRefused
from scanflow.sealing.printcopy import CopyEntry, CopyForm, CopyOrder, make_copies

from .conftest import raw_page
from .permits import permit

ORDER = CopyOrder(
    "H1.0000001",
    Level.MAT,
    CopyForm.ORIGINAL,
    "Chánh Văn phòng",
    ("Sở Nội vụ", "Sở Tài chính"),
    2,
    3,
    date(2026, 11, 22),
)


@pytest.fixture
def document(facts: DocumentFacts) -> bytes:
    """Three sides of A4."""
    vault = DocumentVault("D1.1")
    for sheet, face in ((1, Face.RECTO), (1, Face.VERSO), (2, Face.RECTO)):
        vault.clear(permit(raw_page(sheet, face, size=(1169, 827))))
    return build_pdf(vault.pages(), facts)


def text(data: bytes, page: int) -> str:
    words = ["pdftotext", "-raw", "-f", str(page), "-l", str(page), "-", "-"]
    return subprocess.run(words, input=data, capture_output=True, check=True).stdout.decode()


def test_every_copy_has_its_number_first_and_the_permission_last(document: bytes) -> None:
    copies = list(make_copies(document, ORDER, lambda entry: None))
    assert len(copies) == 2
    for number, (copy, addressee) in enumerate(zip(copies, ORDER.addressees, strict=True), start=3):
        assert f"BẢN SAO SỐ: 0{number}" in text(copy, 1)
        assert "BẢN SAO SỐ" not in text(copy, 2)
        last = text(copy, 3)
        for words in ("BẢN SAO BÍ MẬT NHÀ NƯỚC", "Sao y bản chính", "ngày 22 tháng 11 năm 2026", addressee):
            assert words in last
        assert "Chánh Văn phòng" in last
        assert "BẢN SAO BÍ MẬT NHÀ NƯỚC" not in text(copy, 1)


def test_the_marks_are_red(document: bytes) -> None:
    (copy, _) = make_copies(document, ORDER, lambda entry: None)
    drawn = subprocess.run(["pdftoppm", "-r", "100", "-singlefile", "-"], input=copy, capture_output=True).stdout
    pixels = cv2.imdecode(np.frombuffer(drawn, np.uint8), cv2.IMREAD_COLOR).astype(int)
    red = (pixels[:, :, 2] > 150) & (pixels[:, :, 1] < 90) & (pixels[:, :, 0] < 90)
    assert red.sum() > 50


def test_a_long_name_is_broken_between_words_and_stays_on_the_page(document: bytes) -> None:
    long = "Ban Chỉ đạo phòng thủ dân sự, phòng chống thiên tai và tìm kiếm cứu nạn tỉnh Mẫu, bộ phận thường trực"
    order = dataclasses.replace(ORDER, addressees=(long, "Sở Tài chính"))
    (copy, _) = make_copies(document, order, lambda entry: None)
    words = ["pdftotext", "-bbox", "-f", "3", "-l", "3", "-", "-"]
    boxes = subprocess.run(words, input=copy, capture_output=True, check=True).stdout.decode()
    left = [float(x) for x in re.findall(r'xMin="([0-9.]+)"', boxes)]
    assert " ".join(text(copy, 3).split()).count(long) == 1
    assert min(left) > 595 - 28.35 - 255 - 20, "no wider than 90 mm and its border"


def test_each_copy_is_entered_before_it_is_handed_over(document: bytes) -> None:
    entered: list[CopyEntry] = []
    for place, _ in enumerate(make_copies(document, ORDER, entered.append), start=1):
        assert len(entered) == place
    assert [(one.number, one.of, one.addressee) for one in entered] == [
        (3, 2, "Sở Nội vụ"),
        (4, 2, "Sở Tài chính"),
    ]


def test_a_copy_that_cannot_be_entered_is_not_handed_over(document: bytes) -> None:
    def full_disk(entry: CopyEntry) -> None:
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        next(make_copies(document, ORDER, full_disk))


@pytest.mark.parametrize(
    "changes",
    [
        {"authority": " "},
        {"permitted": 0},
        {"permitted": 1},
        {"permitted": 3},
        {"permitted": 201},
        {"first_number": 0},
        {"addressees": ("Sở Nội vụ",)},
        {"addressees": ("Sở Nội vụ", "")},
    ],
)
def test_orders_that_are_none(changes: dict[str, object]) -> None:
    with pytest.raises(CopyOrderRefused):
        dataclasses.replace(ORDER, **changes)  # type: ignore[arg-type]


def test_top_secret_is_not_copied() -> None:
    with pytest.raises(TopSecretRefused):
        dataclasses.replace(ORDER, level=Level.TUYET_MAT)
