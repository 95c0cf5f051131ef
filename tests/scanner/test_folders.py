"""Images from a folder, and a folder that a network scanner fills."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from scanflow.pages import Face
from scanflow.scanner import errors
from scanflow.scanner.feeder import Feeder
from scanflow.scanner.folder_feeder import FolderFeeder
from scanflow.scanner.hot_folder import HotFolderFeeder, file_system_of
from scanflow.scanner.imagefile import jpeg_dpi, jpeg_frame

from .conftest import read_number, side_jpeg, until


def fill(folder: Path, numbers: range) -> None:
    for number in numbers:
        (folder / f"{number:03}.jpg").write_bytes(side_jpeg(number))


def test_images_come_in_name_order_and_keep_their_own_jpeg(tmp_path: Path) -> None:
    fill(tmp_path, range(4))
    (tmp_path / "expected.json").write_text("{}")
    (tmp_path / ".hidden.jpg").write_bytes(b"")
    with FolderFeeder(tmp_path, duplex=True) as feeder:
        assert isinstance(feeder, Feeder) and feeder.facts.simulated
        pages = list(feeder.sides(first_sheet=3))
        assert [(p.sheet, p.face, read_number(p.pixels)) for p in pages] == [
            (3, Face.RECTO, 0), (3, Face.VERSO, 1), (4, Face.RECTO, 2), (4, Face.VERSO, 3)
        ]  # fmt: skip
        assert [p.jpeg for p in pages] == [side_jpeg(n) for n in range(4)]
        assert not feeder.paper_present()
        with pytest.raises(errors.FeederEmpty):
            next(feeder.sides())
    assert len(list(tmp_path.iterdir())) == 6


def test_simplex_makes_a_sheet_of_every_image(tmp_path: Path) -> None:
    fill(tmp_path, range(3))
    with FolderFeeder(tmp_path) as feeder:
        assert [(p.sheet, p.face) for p in feeder.sides()] == [(n, Face.RECTO) for n in (1, 2, 3)]


def test_an_odd_number_of_sides_is_refused_before_anything_is_taken(tmp_path: Path) -> None:
    fill(tmp_path, range(3))
    with FolderFeeder(tmp_path, duplex=True) as feeder, pytest.raises(errors.FolderUnusable, match="3"):
        next(feeder.sides())


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda b: b"", "rỗng"),
        (lambda b: b[: len(b) // 2], "thiếu phần cuối"),
        (lambda b: b"\xff\xd8\xff\xd9", "phần đầu"),
        (lambda b: b"hello", "giải mã"),
        (lambda b: b"\x89PNG\r\n\x1a\n" + b[:200], "PNG"),
    ],
    ids=["0 bytes", "cut", "no header", "no image", "cut png"],
)
def test_a_damaged_file_names_its_sheet_and_is_read_again_when_replaced(tmp_path: Path, spoil, why: str) -> None:
    fill(tmp_path, range(4))
    bad = tmp_path / "003.jpg"
    bad.write_bytes(spoil(bad.read_bytes()))
    with FolderFeeder(tmp_path, duplex=True) as feeder:
        pages = []
        with pytest.raises(errors.TornImage) as caught:
            pages.extend(feeder.sides())
        assert [p.sheet for p in pages] == [1, 1]
        assert caught.value.last_good == 1 and why in caught.value.say_vi
        assert "003" not in caught.value.say_vi + caught.value.say_en
        fill(tmp_path, range(3, 4))
        assert [(p.sheet, read_number(p.pixels)) for p in feeder.sides(caught.value.resume_at)] == [
            (2, 2),
            (2, 3),
        ]


def test_a_stopped_folder_goes_on_where_it_stopped(tmp_path: Path) -> None:
    fill(tmp_path, range(3))
    with FolderFeeder(tmp_path) as feeder:
        for _ in feeder.sides():
            report = feeder.stop()
        assert (report.last_delivered, report.passed, report.resume_at) == (1, 0, 2)
        assert [read_number(p.pixels) for p in feeder.sides(2)] == [1, 2]


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(errors.FolderUnusable):
        FolderFeeder(tmp_path / "none")


def test_another_decoder_can_be_given(tmp_path: Path) -> None:
    fill(tmp_path, range(1))
    tiny = np.zeros((2, 2, 3), np.uint8)
    with FolderFeeder(tmp_path, decode=lambda _: tiny) as feeder:
        assert next(feeder.sides()).pixels is tiny


def test_what_a_jpeg_says_of_itself() -> None:
    data = side_jpeg(1)
    assert jpeg_frame(data) == (2480, 3508, 3) and jpeg_dpi(data) == 300
    assert jpeg_frame(b"GIF89a") is None and jpeg_dpi(b"") is None


# ---- hot folder -------------------------------------------------------------------------------------------------------


LONG = 600.0
"""Seconds of silence where none comes: the kernel's news of a file may be late on a busy machine."""


@pytest.fixture
def hot() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="scanflow-hot-", dir="/dev/shm"))
    yield folder
    shutil.rmtree(folder)


def deliver(folder: Path, name: str, data: bytes) -> None:
    part = folder / f".{name}.part"
    part.write_bytes(data)
    part.rename(folder / name)


def test_only_files_renamed_into_place_are_taken(hot: Path) -> None:
    with HotFolderFeeder(hot, quiet_s=LONG) as feeder:
        assert isinstance(feeder, Feeder)
        deliver(hot, "b.jpg", side_jpeg(0))
        deliver(hot, "a.jpg", side_jpeg(1))
        (hot / "written-in-place.jpg").write_bytes(side_jpeg(9))
        feeder.expected_sheets = 1
        assert [(p.sheet, p.face, read_number(p.pixels)) for p in feeder.sides()] == [
            (1, Face.RECTO, 0), (1, Face.VERSO, 1)
        ]  # fmt: skip
        assert feeder.left_out == 1
        assert [p.name for p in hot.iterdir()] == ["written-in-place.jpg"]


def test_what_lay_there_before_is_found_once(hot: Path) -> None:
    deliver(hot, "1.jpg", side_jpeg(0))
    (hot / "half.jpg").write_bytes(side_jpeg(5)[:5000])
    with HotFolderFeeder(hot, quiet_s=LONG) as feeder:
        deliver(hot, "2.jpg", side_jpeg(1))
        deliver(hot, "z.end", b"")
        assert feeder.paper_present()
        assert [read_number(p.pixels) for p in feeder.sides()] == [0, 1]
        assert feeder.left_out == 1


def test_silence_is_no_end(hot: Path) -> None:
    with HotFolderFeeder(hot, quiet_s=0.3) as feeder, pytest.raises(errors.FeederEmpty):
        next(feeder.sides())
    deliver(hot, "1.jpg", side_jpeg(0))
    deliver(hot, "2.jpg", side_jpeg(1))
    with HotFolderFeeder(hot, quiet_s=0.3) as feeder:  # finds what lies there already
        with pytest.raises(errors.EndNotProved) as caught:
            list(feeder.sides())
        assert caught.value.last_good == 1


def test_what_one_feed_took_is_gone_before_the_next_one_looks(hot: Path) -> None:
    """A batch that is taken up again the same day must not begin with the pages of the one before."""
    deliver(hot, "1.jpg", side_jpeg(0))
    with HotFolderFeeder(hot, quiet_s=LONG) as feeder:
        deliver(hot, "2.jpg", side_jpeg(1))
        deliver(hot, "z.end", b"")
        seen = []
        for page in feeder.sides():
            seen.append(read_number(page.pixels))
            assert not list(hot.glob("*.jpg")), "handed on, and in the clear no longer"
        assert seen == [0, 1]
    with HotFolderFeeder(hot, quiet_s=LONG) as feeder:
        assert not feeder.paper_present()
        deliver(hot, "1.jpg", side_jpeg(2))
        deliver(hot, "2.jpg", side_jpeg(3))
        deliver(hot, "z.end", b"")
        assert [read_number(page.pixels) for page in feeder.sides()] == [2, 3]


def test_an_odd_batch_is_void_and_what_was_not_handed_on_stays(hot: Path) -> None:
    with HotFolderFeeder(hot, quiet_s=LONG) as feeder:
        for name, number in (("1.jpg", 0), ("2.jpg", 1), ("3.jpg", 2)):
            deliver(hot, name, side_jpeg(number))
        deliver(hot, "z.end", b"")
        with pytest.raises(errors.ParityBroken) as caught:
            list(feeder.sides())
        assert caught.value.last_good == 0
    assert [path.name for path in hot.iterdir()] == ["3.jpg"]


def test_a_replaced_file_is_a_lost_side(hot: Path) -> None:
    with HotFolderFeeder(hot, quiet_s=LONG) as feeder:
        deliver(hot, "1.jpg", side_jpeg(0))
        deliver(hot, "1.jpg", side_jpeg(1))
        with pytest.raises(errors.Overwritten):
            list(feeder.sides())


def test_a_torn_delivery_keeps_its_file(hot: Path) -> None:
    with HotFolderFeeder(hot, duplex=False, quiet_s=LONG) as feeder:
        deliver(hot, "1.jpg", side_jpeg(0)[:9000])
        with pytest.raises(errors.TornImage):
            list(feeder.sides())
    assert (hot / "1.jpg").exists()


def test_a_stop_counts_what_was_delivered_and_not_taken(hot: Path) -> None:
    with HotFolderFeeder(hot, duplex=False, quiet_s=LONG) as feeder:
        for name, number in (("1.jpg", 0), ("2.jpg", 1), ("3.jpg", 2)):
            deliver(hot, name, side_jpeg(number))
        assert until(lambda: feeder.left_out == 0)  # it has heard of all three
        for _ in feeder.sides():
            report = feeder.stop()
        assert (report.last_delivered, report.passed, report.at_least) == (1, None, 2)
        assert "đếm khay ra" in report.vi


def test_a_folder_on_a_disk_is_refused(tmp_path: Path) -> None:
    if file_system_of(tmp_path) in ("tmpfs", "ramfs"):
        folder = Path("/var/tmp")
        assert file_system_of(folder) not in ("tmpfs", "ramfs"), "this host has no disk to refuse"
    else:
        folder = tmp_path
    with pytest.raises(errors.FolderOnDisk):
        HotFolderFeeder(folder)
