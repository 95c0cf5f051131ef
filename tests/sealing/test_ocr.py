"""OCR workers: they read well, leave no trace, and a fault costs one text layer."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from scanflow.levels import Level
from scanflow.ocr.engine import OcrEngine
from scanflow.ocr.errors import OcrEngineMissing
from scanflow.ocr.text import Line, TextLayer, Word
from scanflow.pages import Face, Pose, RawPage, SideLabel
from scanflow.sealing import DocumentVault, LentPage, build_pdf
from scanflow.sealing.errors import VaultErased
from scanflow.sealing.ocr import OcrFailure, OcrFault, OcrPool, text_layers
from scanflow.sealing.vault import Clearance

from .conftest import make_facts
from .paper import as_jpeg, error_rate, letter, official, scanned
from .permits import permit

ROOT = Path(__file__).parents[2]
POSES = (Pose(0, 1.7), Pose(90, -2.2), Pose(180, None))


def lent(sheet: int, jpeg: bytes, *, dpi: int = 100, label: SideLabel = SideLabel.CONTENT) -> LentPage:
    return LentPage(sheet, Face.RECTO, jpeg, True, 1, 1, dpi, Clearance(Pose(0, 0.0), label, Level.MAT))


SMALL = as_jpeg(np.full((300, 400, 3), 255, np.uint8))


# ------------------------------------------------------------------------------------------------------ reading


@pytest.fixture(scope="module")
def read_document() -> tuple[bytes, list[str]]:
    """Three pages of text, laid turned and askew, through vault, OCR and PDF; and what they say."""
    vault, truths = DocumentVault("D1.1"), []
    for number, pose in enumerate(POSES, start=1):
        page = letter(number, 300)
        laid = scanned(page.pixels, turn=pose.turn, skew_deg=pose.skew_deg or 0.0, seed=number)
        vault.clear(permit(RawPage(number, Face.RECTO, laid, 300, as_jpeg(laid)), pose))
        truths.append(page.text)
    with OcrPool(2) as pool:
        outcome = pool.read(vault.pages())
    assert outcome.failures == ()
    return build_pdf(vault.pages(), make_facts(sheets=3, pages=3), outcome.layers), truths


@pytest.mark.parametrize("mode", [(), ("-raw",), ("-layout",)], ids=["default", "raw", "layout"])
def test_plain_pdftotext_gives_the_words_in_order(
    mode: tuple[str, ...], read_document: tuple[bytes, list[str]]
) -> None:
    data, truths = read_document
    for number, truth in enumerate(truths, start=1):
        words = ["pdftotext", *mode, "-f", str(number), "-l", str(number), "-", "-"]
        found = subprocess.run(words, input=data, capture_output=True, check=True).stdout.decode()
        assert error_rate(found, truth) < 0.01


def test_a_head_of_two_columns_and_a_table_are_read() -> None:
    laid = scanned(official(300).pixels, skew_deg=-1.0)
    layer = OcrEngine().read(as_jpeg(laid), 300, Pose(0, -1.0))
    assert layer is not None
    for words in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA", "Độc lập - Tự do - Hạnh phúc", "THÔNG BÁO", "Hồ sơ thứ hai"):
        assert words in layer.text


def test_every_line_has_one_baseline_and_one_size_and_its_words_run_rightwards() -> None:
    layer = OcrEngine().read(as_jpeg(letter(1, 300).pixels), 300, Pose(0, 0.0))
    assert layer is not None
    assert len(layer.lines) > 15
    for line in layer.lines:
        assert line.size > 1
        lefts = [word.left for word in line.words]
        assert lefts == sorted(lefts)
        assert all(word.text and not word.text.isspace() for word in line.words)
    baselines = [line.baseline for line in layer.lines]
    assert baselines == sorted(baselines)


def test_missing_language_data_are_said() -> None:
    with pytest.raises(OcrEngineMissing):
        OcrEngine(tessdata=Path("/nonexistent"))


# -------------------------------------------------------------------------------------------------------- faults


def test_a_killed_worker_costs_one_text_layer_and_is_replaced() -> None:
    with OcrPool(1) as pool:

        def kill_after_first(done: int) -> None:
            if done == 1:
                os.kill(pool.pids()[0], signal.SIGKILL)

        outcome = pool.read((lent(n, SMALL) for n in (1, 2, 3)), kill_after_first)
    assert outcome.failures == (OcrFailure(2, Face.RECTO, OcrFault.CRASHED),)
    assert set(outcome.layers) == {(1, Face.RECTO), (3, Face.RECTO)}


def test_a_worker_that_hangs_is_killed_at_its_time() -> None:
    with OcrPool(1, timeout_s=120) as pool:
        pool.read([lent(1, SMALL)])
        (hanging,) = pool.pids()
        os.kill(hanging, signal.SIGSTOP)
        pool._timeout_s = 0.2
        outcome = pool.read([lent(1, SMALL)])
        pool._timeout_s = 120
        again = pool.read([lent(2, SMALL)])
        assert hanging not in pool.pids()
    assert outcome.failures == (OcrFailure(1, Face.RECTO, OcrFault.TIMED_OUT),)
    assert again.failures == ()
    assert not Path(f"/proc/{hanging}").exists()


FAULTY = """
import struct, sys, os, time
frame = struct.Struct(">II")
out, source = sys.stdout.buffer, sys.stdin.buffer
out.write(frame.pack(5, 0) + b"ready"); out.flush()
while head := source.read(8):
    a, b = frame.unpack(head)
    what, body = source.read(a), source.read(b)
    if body == b"crash": os.abort()
    if body == b"garbage": answer = b"{nonsense"
    elif body == b"huge": out.write(frame.pack(2**31, 0)); out.flush(); continue
    elif body == b"shape": answer = b"[1, [[2]], null]"
    elif body == b"deep": answer = b"[" * 100_000
    elif body == b"empty": answer = b'[100, [[9, 9, [["", 1, 2]]]], null]'
    elif body == b"no-dpi": answer = b'[0, [[9, 9, [["a", 1, 2]]]], null]'
    elif body == b"no-page": answer = b'[100, [[9, 9, [["a", 1, 2]]]], 1000]'
    elif body == b"half": out.write(frame.pack(500, 0) + b"["); out.flush(); os._exit(0)
    else: answer = b"[100, [], null]"
    out.write(frame.pack(len(answer), 0) + answer); out.flush()
"""


@pytest.mark.parametrize("fault", ["crash", "garbage", "huge", "shape", "deep", "empty", "no-dpi", "no-page", "half"])
def test_whatever_a_worker_does_only_its_page_suffers(fault: str) -> None:
    with OcrPool(1, command=(sys.executable, "-c", FAULTY)) as pool:
        outcome = pool.read(lent(n, body) for n, body in enumerate((b"well", fault.encode(), b"well"), start=1))
    assert outcome.failures == (OcrFailure(2, Face.RECTO, OcrFault.CRASHED),)
    assert {sheet for sheet, _ in outcome.layers} == {1, 3}


def test_a_worker_that_does_not_start() -> None:
    with OcrPool(1, command=("/nonexistent",)) as pool:
        outcome = pool.read([lent(1, SMALL)])
    assert [failure.fault for failure in outcome.failures] == [OcrFault.CRASHED]


def test_an_image_that_does_not_decode() -> None:
    with OcrPool(1) as pool:
        outcome = pool.read([lent(1, b"\xff\xd8 no image")])
    assert outcome.failures == (OcrFailure(1, Face.RECTO, OcrFault.UNREADABLE),)
    assert outcome.failures[0].fault.vi


def test_a_page_without_text_layer_is_still_in_the_pdf() -> None:
    vault = DocumentVault("D1.1")
    pixels = np.full((300, 400, 3), 255, np.uint8)
    vault.clear(permit(RawPage(1, Face.RECTO, pixels, 100, SMALL)))
    with OcrPool(1, command=("/nonexistent",)) as pool:
        outcome = pool.read(vault.pages())
    assert build_pdf(vault.pages(), make_facts(sheets=1, pages=1), outcome.layers).startswith(b"%PDF-1.")


def test_an_error_of_the_source_is_not_swallowed() -> None:
    def broken() -> Iterator[LentPage]:
        yield lent(1, SMALL)
        raise LookupError("the vault was erased meanwhile")

    with OcrPool(1, command=(sys.executable, "-c", FAULTY)) as pool:
        with pytest.raises(LookupError):
            pool.read(broken())
        assert pool.read([lent(2, b"well")]).failures == ()


def of_three() -> DocumentVault:
    vault = DocumentVault("D1.1")
    for sheet, colour in enumerate((255, 120, 200), start=1):
        pixels = np.full((300, 400, 3), colour, np.uint8)
        vault.clear(permit(RawPage(sheet, Face.RECTO, pixels, 100, as_jpeg(pixels))))
    return vault


def test_a_document_read_behind_the_feed_keeps_its_texts_under_its_key() -> None:
    vault = of_three()
    vault.keep_text(2, Face.RECTO, b"[100, [], null]")
    with OcrPool(2, command=(sys.executable, "-c", FAULTY)) as pool:
        assert pool.begin(vault).result() == ()
        assert set(text_layers(vault)) == {(n, Face.RECTO) for n in (1, 2, 3)}
    assert all(layer == TextLayer(100, ()) for layer in text_layers(vault).values())


def test_an_erased_document_is_not_read_to_its_end() -> None:
    vault = of_three()
    vault.erase()
    with OcrPool(1, command=(sys.executable, "-c", FAULTY)) as pool:
        with pytest.raises(VaultErased):
            pool.begin(vault).result()
        assert pool.begin(of_three()).result() == ()


def test_closing_ends_what_is_being_read() -> None:
    asleep = "import sys, time; sys.stdout.buffer.write(b'\\0\\0\\0\\5\\0\\0\\0\\0ready'); sys.stdout.flush(); time.sleep(9e9)"
    pool = OcrPool(1, command=(sys.executable, "-c", asleep))
    jobs = [pool.begin(of_three()) for _ in range(3)]
    while not pool.pids():
        pass
    pool.close()
    for job in jobs:
        assert list(job.progress()) in ([], [1]), "each is told to be over, the pages in work as done"
    assert pool.pids() == ()


# ---------------------------------------------------------------------------------------------- bounds and traces


def test_few_pages_are_in_the_clear_at_once() -> None:
    given, done, most = 0, 0, 0

    def pages() -> Iterator[LentPage]:
        nonlocal given, most
        for number in range(1, 41):
            given += 1
            most = max(most, given - done)
            yield lent(number, b"well")

    def finished(count: int) -> None:
        nonlocal done
        done = count

    with OcrPool(2, command=(sys.executable, "-c", FAULTY)) as pool:
        outcome = pool.read(pages(), finished)
    assert (len(outcome.layers), done) == (40, 40)
    assert most <= 2 * 3 + 2  # working and queued, and the one or two just handed over


def test_blank_sides_are_not_read() -> None:
    with OcrPool(1, command=("/nonexistent",)) as pool:
        outcome = pool.read([lent(1, SMALL, label=SideLabel.BLANK)])
    assert (outcome.layers, outcome.failures) == ({}, ())


def locked_kib(status: str) -> int:
    found = re.search(r"VmLck:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1])


def test_a_worker_is_confined() -> None:
    with OcrPool(1) as pool:
        pool.read([lent(1, SMALL)])
        (pid,) = pool.pids()
        proc = Path(f"/proc/{pid}")
        limits = {line[:26].strip(): line[26:].split()[:2] for line in (proc / "limits").read_text().splitlines()}
        status = (proc / "status").read_text()
        environment = (proc / "environ").read_bytes().split(b"\0")
        niceness = int((proc / "stat").read_text().rsplit(")", 1)[1].split()[16])
        open_files = [str(one.readlink()) for one in (proc / "fd").iterdir()]
    assert limits["Max file size"] == ["0", "0"]
    assert limits["Max core file size"] == ["0", "0"]
    assert int(limits["Max open files"][1]) <= len(open_files)
    assert not any(one.startswith("pipe:") for one in open_files), "the kernel keeps the last page out of a pipe"
    assert re.search(r"Threads:\t1\n", status)
    assert locked_kib(status) > 10_000, "its memory does not go to swap; what the parent locked is not inherited"
    assert niceness - os.getpriority(os.PRIO_PROCESS, 0) == min(10, 19 - os.getpriority(os.PRIO_PROCESS, 0))
    assert b"OMP_THREAD_LIMIT=1" in environment
    assert {b"MALLOC_PERTURB_=85", b"PYTHONMALLOC=malloc"} < set(environment), "what it frees is overwritten"
    assert not Path(f"/proc/{pid}").exists()


def test_a_worker_loads_nothing_of_keys_and_containers() -> None:
    """What a page does to a worker finds no cipher, no PDF writer and no ledger there; and it starts in half the time."""
    program = "import sys, scanflow.ocr.worker; print(*sys.modules)"
    loaded = set(
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    )
    assert "tesserocr" in loaded
    assert not loaded & {"cryptography", "pikepdf", "fontTools", "scanflow.sealing", "scanflow.ledger", "onnxruntime"}


def test_workers_die_with_their_parent() -> None:
    program = (
        "import os, sys; sys.path.insert(0, sys.argv[1])\n"
        "from tests.sealing.test_ocr import *\n"
        "pool = OcrPool(1); pool.read([lent(1, SMALL)])\n"
        "print(pool.pids()[0], flush=True); sys.stdin.read(); os._exit(0)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(ROOT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    handle = os.pidfd_open(worker)
    os.kill(worker, signal.SIGSTOP)  # one that hangs does not see its input end
    parent.communicate()
    ready, _, _ = select.select([handle], [], [], 120)
    os.close(handle)
    assert ready


_TRACED = """
import sys
from pathlib import Path
from scanflow.levels import Level
from scanflow.pages import Face, Pose, SideLabel
from scanflow.sealing.ocr import OcrPool
from scanflow.sealing.vault import Clearance, LentPage
jpeg = Path(sys.argv[1]).read_bytes()
page = LentPage(1, Face.RECTO, jpeg, True, 1, 1, 100, Clearance(Pose(0, 0.7), SideLabel.CONTENT, Level.MAT))
with OcrPool(1) as pool:
    outcome = pool.read([page])
assert outcome.layers[1, Face.RECTO].text
"""
_CONTROL = """
import numpy as np, pytesseract
pytesseract.image_to_string(np.full((60, 200), 255, np.uint8), lang="vie")
"""
_WRITES = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TMPFILE|\bcreat\(|memfd_create")


def files_written(program: str, log: Path, *arguments: str) -> list[str]:
    """Paths that a program or its children opened for writing, as strace saw it."""
    calls = "trace=open,openat,openat2,creat,memfd_create,mknod,mknodat,rename,renameat2,link,linkat"
    words = [
        "strace",
        "-f",
        "--seccomp-bpf",
        "-qq",
        "-e",
        calls,
        "-o",
        str(log),
        sys.executable,
        "-B",
        "-c",
        program,
        *arguments,
    ]
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    written = [line for line in log.read_text().splitlines() if _WRITES.search(line) and " = -1 " not in line]
    return [line for line in written if '"/dev/null"' not in line]


def test_reading_leaves_no_file_as_strace_sees_it(tmp_path: Path) -> None:
    (tmp_path / "page.jpg").write_bytes(as_jpeg(letter(1, 100).pixels))
    assert files_written(_TRACED, tmp_path / "trace", str(tmp_path / "page.jpg")) == []
    assert "vie.traineddata" in (tmp_path / "trace").read_text()  # the worker itself was traced


def test_the_strace_proof_would_notice_a_temporary_file(tmp_path: Path) -> None:
    assert any("tess_" in line for line in files_written(_CONTROL, tmp_path / "trace"))


def test_a_line_is_parted_where_its_words_stand_wide_apart() -> None:
    words = (Word("TUYỆT", 100, 160), Word("MẬT", 170, 210), Word("CỘNG", 400, 450), Word("HÒA", 460, 500))
    line = Line(300, 20, words)
    assert line.parts == (words[:2], words[2:])
    assert Line(300, 20, words[:1]).parts == (words[:1],)
    assert Line(300, 200, words).parts == (words,)
