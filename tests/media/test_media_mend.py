"""Mending by the file systems' own checkers, and models of sticks described in files (sửa thiết bị, mô tả loại)."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from mediakit import Key

from scanflow.levels import Level
from scanflow.media import errors, mend
from scanflow.media.desk import MediaDesk
from scanflow.media.modelfile import read_model
from scanflow.media.registry import ApprovedDevice, Lun, Model

EXAMPLES = Path(__file__).resolve().parents[2] / "config/media"
MAKE = {
    "vfat": (["mkfs.vfat", "-F", "32", "-s", "1"], 34 << 20),
    "exfat": (["mkfs.exfat"], 8 << 20),
    "ext4": (["mkfs.ext4", "-q", "-F"], 16 << 20),
}


def image(path: Path, kind: str) -> int:
    words, size = MAKE[kind]
    with path.open("wb") as file:
        file.truncate(size)
    subprocess.run([*words, str(path)], check=True, capture_output=True)
    return os.open(path, os.O_RDWR)


def dirty(node: int, kind: str) -> bytes:
    """Set what the kernel sets while it writes; answers the bytes as they were."""
    at, size, value = {"vfat": (65, 1, b"\x01"), "exfat": (106, 2, b"\x02\x00"), "ext4": (1024 + 58, 2, b"\x00\x00")}[
        kind
    ]
    before = os.pread(node, size, at)
    os.pwrite(node, value, at)
    return before


@pytest.mark.parametrize("kind", MAKE)
def test_a_file_system_left_dirty_is_clean_afterwards(tmp_path: Path, kind: str) -> None:
    from scanflow.media.volume import identify

    node = image(tmp_path / "image", kind)
    try:
        dirty(node, kind)
        look = lambda: identify(lambda at, size: os.pread(node, size, at))  # noqa: E731
        found = look()
        assert found is not None and found.dirty
        mend.mend(kind, node)
        found = look()
        assert found is not None and found.kind == kind and not found.dirty
        mend.mend(kind, node)  # what is whole stays whole
    finally:
        os.close(node)


def test_a_directory_torn_while_it_was_made_is_mended(tmp_path: Path) -> None:
    """Its name is on the stick, its cluster is not: ``fsck.fat`` needs more than one run for that."""
    node = image(tmp_path / "image", "vfat")
    try:
        subprocess.run(["mmd", "-i", str(tmp_path / "image"), "::/SF-2026-000001"], check=True, capture_output=True)
        head = os.pread(node, 512, 0)
        reserved, tables, length = head[14] | head[15] << 8, head[16], int.from_bytes(head[36:40], "little")
        for table in range(tables):  # entry 3: the cluster after the root's
            os.pwrite(node, bytes(4), (reserved + table * length) * 512 + 3 * 4)
        os.pwrite(node, bytes(512), (reserved + tables * length + 1) * 512)
        mend.mend("vfat", node)
    finally:
        os.close(node)


def test_what_is_no_file_system_is_not_said_to_be_mended(tmp_path: Path) -> None:
    path = tmp_path / "image"
    path.write_bytes(bytes(8 << 20))
    node = os.open(path, os.O_RDWR)
    try:
        for kind in MAKE:
            with pytest.raises(mend.NotMended):
                mend.mend(kind, node)
    finally:
        os.close(node)


def test_a_missing_checker_is_named_with_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    node = image(tmp_path / "image", "vfat")
    monkeypatch.setattr(mend, "_SYSTEM", str(tmp_path))
    try:
        with pytest.raises(mend.NoChecker) as missing:
            mend.mend("vfat", node)
    finally:
        os.close(node)
    assert (missing.value.checker.tool, missing.value.checker.package) == ("fsck.fat", "dosfstools")


def test_repair_leaves_an_approved_stick_as_it_was(desk: MediaDesk, key: Key, enrol: object) -> None:
    enrol()  # type: ignore[operator]
    found = desk.repair()
    assert (found.whole, found.debris) == ((), ())
    desk.admit(Level.MAT).give_up()


def test_repair_touches_no_stick_that_is_not_approved(desk: MediaDesk) -> None:
    with pytest.raises(errors.NotEnrolled):
        desk.repair()


# ---- models ----------------------------------------------------------------------------------------------------------


def test_the_examples_describe_sticks_with_more_than_one_drive() -> None:
    locked = read_model(EXAMPLES / "co-o-dia-doc.toml")
    assert locked.luns == (Lun(0, "cdrom", False), Lun(1, "disk", True)) and locked.unlocks and locked.data_lun == 1
    assert (0x0B, 0, 0) in read_model(EXAMPLES / "hai-o.toml").interfaces
    assert {path.suffix for path in EXAMPLES.iterdir()} == {".toml"}


def test_a_model_survives_the_register(enrol: object) -> None:
    model = Model(interfaces=frozenset({(8, 6, 0x50), (0xFF, 0, 0)}))
    device: ApprovedDevice = enrol(model=model)  # type: ignore[operator]
    assert ApprovedDevice.from_statement(device.statement()).model == model


_DISK = '[[lun]]\nnumber = 0\nkind = "disk"\ndata = true\n'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lun = []",
        "spy = 1\n" + _DISK,
        'interfaces = ["08:06:50", "03:01:01"]\n' + _DISK,
        'interfaces = ["ff:00:00"]\n' + _DISK,
        'interfaces = ["8:6:50"]\n' + _DISK,
        _DISK + _DISK,
        _DISK.replace("data = true", "data = false"),
        _DISK.replace("disk", "cdrom"),
        _DISK.replace("disk", "tape"),
        _DISK.replace("0", "16"),
        "[[lun",
    ],
)
def test_a_model_that_no_stick_may_have_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "model.toml"
    path.write_text(text)
    with pytest.raises(errors.ModelUnfit, match=r"MED-MODEL"):
        read_model(path)
    with pytest.raises(errors.ModelUnfit):
        read_model(tmp_path / "missing.toml")
