"""Make the networks from nothing: ``python -m tools.stamps --pages 6000 --minutes 240``.

Draws the pages, trains detector and classifier, each a second time: the detector with more of the marks that the
first pair does not see, the classifier, as two members that answer together, on crops that the pair proposes. The
detector of the closer look begins as the other one and learns from the places where that one is in doubt. A second
pair of detectors learns likewise, in another order, and is asked where the first leaves a doubt.
Then it exports them, fits the fusion and sets the thresholds. One core; every part is
deterministic by seed but for the clock, which ends the training. ``make train-stamps`` runs it; to go on from the
shipped networks instead, see ``tools.stamps.resume``.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from scanflow.stamps.network import PAIRS

WORK = Path(".stamps-work")


def run(module: str, *arguments: str) -> None:
    """Run one of our tools, and stop at its first failure."""
    subprocess.run([sys.executable, "-m", module, *arguments], check=True)


def train(network: str, minutes: float, out: Path, *more: str, pool: str = "pages") -> None:
    """One stretch of training."""
    run(
        "tools.stamps.train",
        network,
        "--pool",
        str(WORK / pool),
        "--minutes",
        f"{minutes:.1f}",
        "--out",
        str(out),
        *more,
    )


def detectors(*files: Path) -> list[str]:
    """The four detectors as ``tools.stamps.export`` takes them."""
    names = (name.replace("_", "-") for pair in PAIRS for name in pair)
    return [word for name, file in zip(names, files, strict=True) for word in (f"--{name}", str(file))]


def main() -> None:
    """The whole way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=6000)
    parser.add_argument("--minutes", type=float, default=240, help="of training, all networks together")
    args = parser.parse_args()
    runs = WORK / "runs"
    runs.mkdir(parents=True, exist_ok=True)
    run("tools.pagegen", "--out", str(WORK / "pages"), "--count", str(args.pages))
    valid = ("--first", "900000", "--count", "800", "--purpose", "thresholds")
    run("tools.pagegen", "--out", str(WORK / "valid"), *valid)
    windows = ("--side", "320", "--batch", "12", "--rate", "3e-3")
    train("detector", args.minutes * 0.2, runs / "sketch.pt", *windows)
    train("classifier", args.minutes * 0.2, runs / "first.pt", "--batch", "48")
    run("tools.stamps.export", *detectors(*[runs / "sketch.pt"] * 4), "--classifier", str(runs / "first.pt"))
    run("tools.stamps.hard", "--pool", str(WORK / "pages"))
    wide = [runs / "detector.pt", runs / "second_detector.pt"]
    for seed, detector in enumerate(wide, 1):
        more = ("--start", str(runs / "sketch.pt"), "--seed", str(seed))
        train("detector", args.minutes * 0.15, detector, *windows, *more)
    run("tools.stamps.export", "--detector", str(wide[0]), "--classifier", str(runs / "first.pt"))
    run("tools.stamps.mine", "--pool", str(WORK / "pages"), "--count", "1500")
    run("tools.stamps.closeups", "--pool", str(WORK / "pages"), "--out", str(WORK / "closeups"))
    closer = [runs / "closer.pt", runs / "second_closer.pt"]
    for seed, (detector, near) in enumerate(zip(wide, closer, strict=True), 1):
        pieces = ("--side", "256", "--batch", "16", "--rate", "1e-3", "--start", str(detector), "--seed", str(seed))
        train("closer", args.minutes * 0.1, near, *pieces, pool="closeups")
    members = [runs / "classifier-1.pt", runs / "classifier-2.pt"]
    for seed, member in enumerate(members, 2):
        again = ("--start", str(runs / "first.pt"), "--batch", "48", "--seed", str(seed))
        train("classifier", args.minutes * 0.05, member, *again)
    four = detectors(wide[0], closer[0], wide[1], closer[1])
    run("tools.stamps.export", *four, "--classifier", *map(str, members))
    for _ in range(2):  # where the first look is in doubt depends on its own fusion
        run("tools.stamps.fuse", "--pool", str(WORK / "valid"))


if __name__ == "__main__":
    main()
