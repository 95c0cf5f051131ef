"""What lies on a drive, told from images that other people's tools made."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanflow.media.volume import identify

_MAKE = {
    "vfat": ["mkfs.vfat", "-F", "32", "-s", "1", "-n", "APPROVED", "-i", "F56B154A"],
    "exfat": ["mkfs.exfat", "-L", "APPROVED"],
    "ext4": ["mkfs.ext4", "-q", "-F", "-L", "APPROVED", "-U", "12345678-1234-5678-9abc-123456789abc"],
}
_SIZE = {"vfat": 36 << 20, "exfat": 4 << 20, "ext4": 4 << 20}


def image(folder: Path, kind: str) -> bytearray:
    path = folder / kind
    with path.open("wb") as out:
        out.truncate(_SIZE[kind])
    done = subprocess.run(
        ["/usr/sbin/" + _MAKE[kind][0], *_MAKE[kind][1:], path], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{done.stderr}; apt-get install dosfstools exfatprogs e2fsprogs"
    return bytearray(path.read_bytes())


def look(content: bytes):
    return identify(lambda offset, size: bytes(content[offset : offset + size]))


@pytest.mark.parametrize("kind", _MAKE)
def test_recognised(tmp_path: Path, kind: str) -> None:
    found = look(image(tmp_path, kind))
    assert found is not None
    assert (found.kind, found.label, found.dirty) == (kind, "APPROVED", False)
    assert found.file_limit == ((4 << 30) - 1 if kind == "vfat" else None)
    blkid = subprocess.run(
        ["/usr/sbin/blkid", "-o", "value", "-s", "UUID", tmp_path / kind],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.uuid == blkid.stdout.strip()


@pytest.mark.parametrize(
    ("kind", "at", "value"),
    [
        ("vfat", 65, 1),  # Linux
        ("vfat", 65, 2),  # Linux: surface test wanted
        ("exfat", 106, 2),
        ("exfat", 106, 4),  # media failure
        ("ext4", 1024 + 96, 0x46),  # journal wants recovery
        ("ext4", 1024 + 58, 0),  # not unmounted
        ("ext4", 1024 + 58, 3),  # errors seen
    ],
)
def test_dirty(tmp_path: Path, kind: str, at: int, value: int) -> None:
    content = image(tmp_path, kind)
    content[at] = value
    found = look(content)
    assert found is not None and found.dirty


@pytest.mark.parametrize("bit", [26, 27])
def test_dirty_as_windows_says_it(tmp_path: Path, bit: int) -> None:
    content = image(tmp_path, "vfat")
    entry = int.from_bytes(content[14:16], "little") * 512 + 4
    content[entry + bit // 8] &= 0xFF ^ 1 << bit % 8
    found = look(content)
    assert found is not None and found.dirty


@pytest.mark.parametrize("label", [b"UP\nDOWN    ", b"\x1b[2J       ", b"A\x7fB        ", b"\x01          "])
def test_hostile_label(tmp_path: Path, label: bytes) -> None:
    content = image(tmp_path, "vfat")
    at = content.rfind(b"APPROVED   ")
    content[at : at + 11] = label
    found = look(content)
    assert found is not None and not found.label_is_plain


def test_vietnamese_label_is_plain(tmp_path: Path) -> None:
    content = image(tmp_path, "exfat")
    at = content.find("APPROVED".encode("utf-16-le"))
    content[at : at + 16] = "Lưu trữ ".encode("utf-16-le")
    found = look(content)
    assert found is not None and found.label_is_plain and found.label == "Lưu trữ "


@pytest.mark.parametrize("content", [b"", bytes(512), bytes(8192), b"\xff" * 8192])
def test_nothing_there(content: bytes) -> None:
    assert look(content) is None


@pytest.fixture(scope="module")
def heads(tmp_path_factory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("images")
    return {kind: bytes(image(folder, kind)[: 1 << 20]) for kind in _MAKE}


@settings(max_examples=300)
@given(data=st.data())
def test_damaged_heads_never_crash(heads: dict[str, bytes], data) -> None:
    content = bytearray(heads[data.draw(st.sampled_from(sorted(heads)))])
    for at, value in data.draw(st.dictionaries(st.integers(0, 2047), st.integers(0, 255), max_size=12)).items():
        content[at] = value
    look(content)


def test_the_labs_own_reader_of_fat32_agrees_with_mtools(tmp_path: Path) -> None:
    """The judge outside is itself judged."""
    import sys

    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from tools.usblab.judges import Fat32, read_job

    image(tmp_path, "vfat")
    (tmp_path / "SF-2026-000123").mkdir()
    for name, size in (
        ("SF-2026-000123-001.p7m", 70_001),
        ("a.b", 0),
        ("READ-ME.txt", 447),
        ("X.receipt", 512),
    ):
        (tmp_path / "SF-2026-000123" / name).write_bytes(bytes(range(256)) * (size // 256) + b"x" * (size % 256))
    subprocess.run(["mcopy", "-s", "-i", tmp_path / "vfat", tmp_path / "SF-2026-000123", "::/"], check=True)
    mine = Fat32(bytearray((tmp_path / "vfat").read_bytes())).files("SF-2026-000123")
    assert mine == read_job(tmp_path / "vfat", "vfat", "SF-2026-000123") and len(mine) == 4
