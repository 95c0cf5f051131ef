"""OCR engines: what they read, where their files go, and what they keep to themselves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from imaging.paper import Sheet
from scanflow.stamps.errors import ReaderLeaksToDisk, ReaderUnavailable
from scanflow.stamps.witness import (
    Heard,
    PytesseractReader,
    TesserocrReader,
    find_tessdata,
    in_ram,
)
from scanflow.stamps.words import fold


def line(words: str) -> np.ndarray:
    sheet = Sheet(200)
    sheet.text(3, 3, words, "tinos", 14, True)
    return sheet.array()[: sheet.px(13), : sheet.px(60), 1].copy()


@pytest.fixture(scope="module")
def tesserocr() -> TesserocrReader:
    return TesserocrReader()


def test_a_line_is_read_in_process(tesserocr: TesserocrReader) -> None:
    heard = tesserocr.read(line("TUYỆT MẬT"))
    assert fold(heard.text) == "TUYETMAT" and heard.confidence > 0.7
    assert tesserocr.read(np.full((60, 200), 255, np.uint8)) == Heard("", 0.0)


def test_the_engine_leaves_no_file(tesserocr: TesserocrReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    tesserocr.read(line("TỐI MẬT"))
    assert list(tmp_path.iterdir()) == []


def test_pytesseract_reads_from_ram_and_leaves_nothing_there() -> None:
    before = set(Path("/dev/shm").iterdir())
    heard = PytesseractReader().read(line("TUYỆT MẬT"))
    assert fold(heard.text) == "TUYETMAT" and heard.confidence > 0.5
    assert set(Path("/dev/shm").iterdir()) <= before


def test_pytesseract_is_refused_where_its_files_would_reach_a_disk(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/sda1 / ext4 rw 0 0\ntmpfs /dev/shm tmpfs rw 0 0\ntmpfs /a\\040b tmpfs rw 0 0\n")
    assert not in_ram(tmp_path, mounts)
    assert in_ram(Path("/dev/shm"), mounts)
    assert not in_ram(Path("/dev/shm/not-there"), mounts)
    with pytest.raises(ReaderLeaksToDisk):
        PytesseractReader(Path("/etc"))


def test_missing_data_is_said_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ReaderUnavailable) as refused:
        find_tessdata(tmp_path)
    assert str(tmp_path) in refused.value.say_vi
    (tmp_path / "vie.traineddata").write_bytes(b"not a model")
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    assert find_tessdata() == tmp_path
    with pytest.raises(ReaderUnavailable):
        TesserocrReader(tmp_path)


def test_what_was_heard_is_not_in_its_representation() -> None:
    assert "MẬT" not in repr(Heard("MẬT", 0.9))
