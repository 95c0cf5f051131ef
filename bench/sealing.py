"""What sealing costs a page, stage by stage.

``python -m bench.sealing [--pages N] [--workers N] [--ocrmypdf PATH] [--quality]``

Pages are set from text, rasterised, laid turned and askew and JPEG-coded as a scanner would. With
``--ocrmypdf`` the same JPEG bytes go through that OCRmyPDF (``--deskew --rotate-pages --output-type pdfa -l
vie``, as many jobs) in the same run. ``--quality`` prints size, fidelity and recognition by JPEG quality,
which is how ``jpeg.MASTER_QUALITY`` was chosen.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from tests.sealing.paper import as_jpeg, error_rate, letter, render, scanned
from tests.sealing.permits import permit

from scanflow.levels import Level
from scanflow.ocr.engine import OcrEngine
from scanflow.pages import Face, Pose, RawPage, SideLabel
from scanflow.sealing import CmsSealer, DocumentFacts, DocumentVault, OcrPool, build_pdf, open_container
from scanflow.sealing.keys import init_demo

POSES = [Pose(0, 1.7), Pose(0, -0.6), Pose(180, 2.2), Pose(0, None), Pose(90, -1.4)]


_HALF = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420
_STAMP = "<p style='color:#c01018;font:bold 13pt Tinos;border:3pt double #c01018;width:30mm'>TỐI MẬT</p>"


class Page:
    """One page as a scanner delivers it, and what it says."""

    def __init__(self, number: int) -> None:
        self.pose = POSES[number % len(POSES)]
        sheet = letter(number % 6, 300)
        laid = scanned(sheet.pixels, turn=self.pose.turn, skew_deg=self.pose.skew_deg or 0.0, seed=number)
        self.raw = RawPage(number, Face.RECTO, laid, 300, as_jpeg(laid, 85))
        self.text = sheet.text


def cpu() -> float:
    """CPU seconds of this process and of its ended children."""
    own, ended = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + ended.ru_utime + ended.ru_stime


def memory(pid: int | str, field: str) -> float:
    """MiB of a line of a process' status: ``VmRSS`` now, ``VmHWM`` at most; 0 when the process is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith(field)), 0.0)


def children(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in task.read_text().split():
                found += children(int(child))
    return found


@contextmanager
def stage(name: str, pages: int) -> Iterator[None]:
    """Print CPU and wall time of a stage, a page, and how far this process' memory rose above where it stood."""
    before, begun, stood = cpu(), time.monotonic(), memory("self", "VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here: proc(5)
    yield
    spent, wall, rose = cpu() - before, time.monotonic() - begun, memory("self", "VmHWM") - stood
    print(
        f"  {name:34} {1000 * spent / pages:8.1f} ms CPU/page {1000 * wall / pages:8.1f} ms wall/page {rose:+7.0f} MiB"
    )


def ours(pages: list[Page], workers: int) -> bytes:
    """The whole way of a document through this room."""
    count = len(pages)
    facts = DocumentFacts("H1", 1, Level.MAT, count, count, datetime(2026, 11, 22, tzinfo=UTC), "D1", "T1")
    vault = DocumentVault("D1.1")
    with tempfile.TemporaryDirectory() as folder:
        demo = init_demo(Path(folder))
    sealer = CmsSealer(demo.recipients, demo.ca.certificate)
    begun, before = time.monotonic(), cpu()
    with stage("vault, JPEG as delivered", count):
        for page in pages:
            vault.clear(permit(page.raw, page.pose, SideLabel.CONTENT, Level.MAT))
    with stage(f"OCR, {workers} workers (start included)", count), OcrPool(workers) as pool:
        outcome = pool.read(vault.pages())
        peaks = [memory(pid, "VmHWM") for pid in pool.pids()]
    print(f"    each worker at most {max(peaks):.0f} MiB")
    with stage("PDF/A-2b, built and validated", count):
        data = build_pdf(vault.pages(), facts, outcome.layers)
    with stage("container, three recipients", count):
        box = sealer.seal(data, name=facts.name, level=facts.level)
    with stage("container opened again", count):
        open_container(box.data, demo.recovery.certificate, demo.recovery.key)
    vault.erase()
    report("scanflow", begun, before, count, len(box.data))
    print(f"  OCR failures: {len(outcome.failures)}; key home: {vault.key_home}")
    return data


def report(name: str, begun: float, before: float, pages: int, size: int) -> None:
    """The line both sides are compared by."""
    wall, spent = time.monotonic() - begun, cpu() - before
    print(
        f"{name}: {spent / pages:.2f} CPU s/page, {60 * pages / wall:.1f} pages/min, {size / pages / 1000:.0f} kB/page"
    )


def theirs(command: str, pages: list[Page], workers: int) -> bytes:
    """OCRmyPDF on a PDF of the same JPEG bytes, as they were scanned."""
    facts = DocumentFacts("H1", 1, Level.MAT, len(pages), len(pages), datetime(2026, 11, 22, tzinfo=UTC), "D1", "T1")
    vault = DocumentVault("D1.1")
    for page in pages:
        vault.clear(permit(page.raw, Pose(0, None), SideLabel.CONTENT, Level.MAT))
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in.pdf"), Path(folder, "out.pdf")
        source.write_bytes(build_pdf(vault.pages(), facts))
        begun, before = time.monotonic(), cpu()
        words = [
            command,
            "--deskew",
            "--rotate-pages",
            "--output-type",
            "pdfa",
            "-l",
            "vie",
        ]
        line: list[str | Path] = [*words, "--jobs", str(workers), "-q", source, target]
        most, largest = 0.0, 0.0
        with subprocess.Popen(line, env=os.environ | {"OMP_THREAD_LIMIT": "1"}) as done:
            while done.poll() is None:
                each = [memory(pid, "VmRSS") for pid in children(done.pid)]
                most, largest = max(most, sum(each)), max([largest, *each])
                time.sleep(0.1)
        if done.returncode:
            print(f"ocrmypdf ended with {done.returncode}")
            return b""
        data = target.read_bytes()
        report("OCRmyPDF", begun, before, len(pages), len(data))
        print(f"  memory (RSS, ten times a second): largest process {largest:.0f} MiB, all together {most:.0f} MiB")
    return data


def errors(name: str, data: bytes, pages: list[Page]) -> None:
    """Character error rate of what plain pdftotext gives, page by page."""
    rates = []
    for number, page in enumerate(pages, start=1):
        words = ["pdftotext", "-f", str(number), "-l", str(number), "-", "-"]
        rates.append(error_rate(subprocess.run(words, input=data, capture_output=True).stdout.decode(), page.text))
    mean, median = 100 * np.mean(rates), 100 * np.median(rates)
    print(f"{name}: character error rate mean {mean:.2f} %, median {median:.2f} %")


def quality(pages: list[Page]) -> None:
    """Size, fidelity and recognition by JPEG quality of our own encoder."""
    engine = OcrEngine()
    stamp = scanned(render(_STAMP, 300))[150:500, 300:1500]
    print("  quality           kB  PSNR page  PSNR red stamp    CER")
    for value in (50, 65, 75, 85, 92, 97):
        for name, chroma in (("4:4:4", cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444), ("4:2:0", _HALF)):
            options = [cv2.IMWRITE_JPEG_QUALITY, value, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, chroma]
            sizes, fidelity, rates = [], [], []
            for page in pages:
                data = cv2.imencode(".jpg", page.raw.pixels, options)[1].tobytes()
                layer = engine.read(data, 300, page.pose)
                sizes.append(len(data) / 1000)
                fidelity.append(cv2.PSNR(page.raw.pixels, decoded(data)))
                rates.append(error_rate(layer.text if layer else "", page.text))
            red = cv2.PSNR(stamp, decoded(cv2.imencode(".jpg", stamp, options)[1].tobytes()))
            print(
                f"  q{value} {name} {np.mean(sizes):9.0f} {np.mean(fidelity):10.2f} {red:15.2f}"
                f" {100 * np.mean(rates):6.2f} %"
            )


def decoded(data: bytes) -> NDArray[np.uint8]:
    """Pixels of a JPEG."""
    return np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=10)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--ocrmypdf", metavar="PATH", help="an OCRmyPDF command outside this environment")
    parser.add_argument("--quality", action="store_true")
    chosen = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, {chosen.pages} pages A4 300 dpi colour")
    pages = [Page(number) for number in range(1, chosen.pages + 1)]
    if chosen.quality:
        quality(pages)
        return
    errors("scanflow", ours(pages, chosen.workers), pages)
    if chosen.ocrmypdf:
        errors("OCRmyPDF", theirs(chosen.ocrmypdf, pages, chosen.workers), pages)


if __name__ == "__main__":
    main()
