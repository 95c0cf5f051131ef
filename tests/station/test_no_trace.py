"""No trace: canary pages through a whole batch with a route-out; then every byte of the disk, the stick, the memory.

The station is a process of its own whose files (state, TMPDIR, HOME, working directory) lie on an ext4 image, so that what
was written and deleted again is found too. Its memory and its workers' are read when the batch is over, and when the
station is closed. Needs root, for the image's mount and for reading another process.
"""

from __future__ import annotations

import ctypes
import hashlib
import io
import json
import os
import re
import secrets
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tools.usblab import canary, canary_batch  # noqa: E402

from scanflow.hardening import FORGETFUL  # noqa: E402
from scanflow.sealing import load_certificate, load_private_key, open_container  # noqa: E402

Found = Counter[tuple[str, str]]
_REGION = re.compile(r"([0-9a-f]+)-([0-9a-f]+) r")


def processes(pid: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for thread in Path(f"/proc/{pid}/task").iterdir():
        children += (thread / "children").read_text().split()
    return [pid, *{int(one) for one in children}]


def memory_of(pid: int) -> Iterator[bytes]:
    """What a process has in memory that is its own, region by region."""
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            region = _REGION.match(line)
            if region is None or "/venv" in line or ".so" in line:
                continue
            start, end = (int(one, 16) for one in region.groups())
            try:
                memory.seek(start)
                yield memory.read(end - start)
            except OSError:  # [vvar], and the key's own home: memfd_secret
                continue


@dataclass
class Lab:
    needles: list[canary.Needle]
    result: dict[str, object]
    memory: dict[str, Found]
    alive: Found
    disk: bytes
    files: dict[str, bytes]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder, seed = tmp_path_factory.mktemp("notrace"), secrets.randbits(60)
    image, disk = folder / "disk.img", folder / "disk"
    with image.open("wb") as file:
        file.truncate(256 << 20)
    subprocess.run(["mkfs.ext4", "-q", "-F", image], check=True)
    disk.mkdir()
    subprocess.run(["mount", "-o", "loop", image, disk], check=True)
    try:
        for name in ("tmp", "home"):
            (disk / name).mkdir()
        memory: dict[str, Found] = {}
        needles: list[canary.Needle] = []
        environment = (
            os.environ
            | FORGETFUL
            | {
                "TMPDIR": str(disk / "tmp"),
                "HOME": str(disk / "home"),
                "PYTHONPATH": f"{ROOT}/src:{ROOT}",
            }
        )
        command = [sys.executable, "-m", "tools.usblab.canary_batch", str(seed), "full", str(disk)]
        with subprocess.Popen(
            command, cwd=disk, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as station:
            assert station.stdin is not None and station.stdout is not None
            for moment in ("erased", "closed"):
                reached, _, seen = station.stdout.readline().partition(" ")
                assert reached == moment
                needles = needles or canary.needles(seed, canary.FULL, canary_batch.as_seen(json.loads(seen)))
                memory[moment] = Counter()
                for pid in processes(station.pid):
                    for region in memory_of(pid):
                        memory[moment] += canary.search(region, needles)
                station.stdin.write("\n")
                station.stdin.flush()
            result = json.loads(station.stdout.readline())
        files = {str(path.relative_to(disk)): path.read_bytes() for path in disk.rglob("*") if path.is_file()}
    finally:
        subprocess.run(["umount", disk], check=True)
    drawn = [hashlib.sha256(jpeg).hexdigest() for _, jpeg in canary.pages(seed, canary.FULL)]
    assert result["digests"] == drawn[: len(result["digests"])]
    own = b"".join(one.data for one in needles)
    yield Lab(needles, result, memory, canary.search(own, needles), image.read_bytes(), files)


def test_the_batch_was_a_whole_one_with_a_route_out(lab: Lab) -> None:
    assert lab.result["outcomes"] == ["delivered", "routed_out"], lab.result["told"]
    assert any(name.startswith("stick/SF-") and name.endswith(".p7m") for name in lab.files)


def test_the_search_finds_every_needle_where_it_is(lab: Lab) -> None:
    assert lab.alive.total() == len(lab.needles) > 40
    assert {one.shape for one in lab.needles} == {"jpeg", "bgr", "grey", "words", "text", "str", "word", "pdf"}
    assert {one.page for one in lab.needles if one.routed_out} == set(canary.FULL.routed_out)


def test_words_are_searched_for_as_python_holds_them() -> None:
    """The end of the object of a word; of a line what is left when the beginning is gone."""
    line, word = "Kế hoạch số hóa tài liệu lưu trữ của cơ quan mẫu", "lưu-trữ-mẫu"
    assert canary.as_python_holds(word) in ctypes.string_at(id(word), sys.getsizeof(word))
    assert canary.as_python_holds_part(line) in ctypes.string_at(id(line), sys.getsizeof(line))


def test_words_are_searched_for_as_they_stand_in_what_was_delivered(lab: Lab) -> None:
    """The operators of the pages that left are those that are searched for, so the words and places agree as well."""
    keys = "station/keys/van-thu"
    who = load_certificate(lab.files[f"{keys}.crt.pem"]), load_private_key(lab.files[f"{keys}.key.pem"])
    operators = b""
    for name, data in lab.files.items():
        if re.search(r"^stick/.*\.\d{7}\.p7m$", name):
            with pikepdf.open(io.BytesIO(open_container(data, *who))) as pdf:
                operators += b"".join(page.Contents.read_bytes() for page in pdf.pages)
    wanted = [one for one in lab.needles if one.shape == "pdf"]
    assert len(wanted) > 10
    assert [one for one in wanted if one.data not in operators] == []


def test_no_page_lies_on_the_disk_not_even_deleted(lab: Lab) -> None:
    assert b"document.sealed" in lab.disk, "the ledger is on this disk"
    assert canary.search(lab.disk, lab.needles) == {}


@pytest.mark.parametrize("moment", ["erased", "closed"])
def test_no_page_lies_in_memory_after_the_erase(lab: Lab, moment: str) -> None:
    assert lab.memory[moment] == {}
