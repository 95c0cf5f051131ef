"""Speed and memory of the scanner stage: ``python -m bench.scanner [--sheets N] [--hold S] [--source escl]``.

A virtual scanner in a process of its own feeds colour pages of 300 dpi in duplex as fast as it can; the stage
takes every side and holds it for ``--hold`` seconds, which makes the consumer slower than the feeder. Printed
are sides per minute, CPU per side (this process and the driver's), and the peak memory beside its bound.
Figures only, no assertion; say the load of the machine with them.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

from scanflow.scanner.escl.http import parse_address
from scanflow.scanner.escl_feeder import EsclFeeder
from scanflow.scanner.profile import load_profile
from scanflow.scanner.sane_feeder import BACKLOG_SIDES, SaneFeeder
from scanflow.scanner.saneconf import escl_address, read_config
from scanflow.scanner.virtual import VirtualSheet, virtual_scanner
from scanflow.scanner.virtual.paper import a4_pixels, encode
from scanflow.station.host import give_pages_back

DRIVERS = Path(__file__).resolve().parents[1] / "drivers"
SIDE_MB = 2480 * 3508 * 3 / 1e6


def page(seed: int) -> bytes:
    """A side with lines of text on slightly noisy paper, about 1.5 MB as JPEG."""
    rng = np.random.default_rng(seed)
    width, height = a4_pixels(300)
    side = np.full((height, width, 3), 238, np.uint8)
    for row in range(300, 3200, 70):
        cv2.putText(side, "to trinh so lieu " * 4, (250, row), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (30, 30, 30), 3)
    noise = rng.integers(-4, 5, side.shape, np.int16)
    return encode(np.clip(side.astype(np.int16) + noise, 0, 255).astype(np.uint8), 300, quality=85)


def serve(folder: Path, sheets: int) -> None:
    """Run the virtual scanner until standard input ends."""
    sides = [page(n) for n in range(4)]
    stack = [VirtualSheet(n, sides[n % 4], sides[(n + 1) % 4]) for n in range(1, sheets + 1)]
    with virtual_scanner(stack, folder):
        sys.stdout.write(f"{sum(map(len, sides)) / len(sides) / 1e6:.2f}\n")
        sys.stdout.flush()
        sys.stdin.read()


def peak_mb(pid: int | str) -> float:
    """Highest resident memory of a process so far."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return float(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1e3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sheets", type=int, default=200)
    parser.add_argument("--hold", type=float, default=0.0, help="seconds that the consumer spends on a side")
    parser.add_argument("--source", choices=["escl", "sane"], default="sane")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    give_pages_back()
    if options.serve:
        serve(options.serve, options.sheets)
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        command = [
            sys.executable,
            "-m",
            "bench.scanner",
            "--serve",
            str(folder),
            "--sheets",
            str(options.sheets),
        ]
        server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert server.stdin is not None and server.stdout is not None
        try:
            jpeg_mb = float(server.stdout.readline())
            measure(folder / "sane.d", options.source, options.hold, jpeg_mb)
        finally:
            server.stdin.close()
            server.wait()


def measure(config: Path, source: str, hold: float, jpeg_mb: float) -> None:
    device = "airscan:e0:Virtual Duplex"
    address = escl_address(read_config(config), device)
    assert address is not None
    feeder: SaneFeeder | EsclFeeder
    if source == "sane":
        feeder = SaneFeeder(device, load_profile(DRIVERS / "airscan.toml"), config)
    else:
        feeder = EsclFeeder(parse_address(*address))
    base, cpu = peak_mb("self"), cpu_s()
    began, sides, child_mb = time.perf_counter(), 0, 0.0
    with feeder:
        for side in feeder.sides():
            sides += 1
            side.pixels[0, 0] = 0
            time.sleep(hold)
            if isinstance(feeder, SaneFeeder) and sides % 10 == 0 and feeder._child is not None:
                child_mb = max(child_mb, peak_mb(feeder._child.pid))
        took = time.perf_counter() - began
    used = cpu_s() - cpu
    load = os.getloadavg()[0]
    # the eSCL source keeps each side's JPEG with it, and two copies of the one that is arriving
    bound = (BACKLOG_SIDES + 3) * SIDE_MB if source == "sane" else 4 * (SIDE_MB + jpeg_mb) + 2 * jpeg_mb
    ahead = sides * jpeg_mb if source == "sane" else 0.0
    print(f"{source}: {sides} sides, {jpeg_mb:.2f} MB a JPEG, consumer {hold:g} s a side, load {load:.1f}")
    rate, each = sides / took * 60, used / sides * 1e3
    print(f"  {rate:.0f} sides a minute, {each:.0f} ms CPU a side, station and driver together")
    print(f"  peak memory: station {base:.0f} -> {peak_mb('self'):.0f} MB, driver process {child_mb:.0f} MB")
    print(f"  bound of what is held {bound:.0f} MB; the driver may read ahead {ahead:.0f} MB")


def cpu_s() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


if __name__ == "__main__":
    main()
