"""Make the networks from nothing: ``python -m tools.stamps --pages 6000 --minutes 240``.

Draws the pages, trains detector and classifier, each a second time: the detector with more of the marks that the
first pair does not see, the classifier, as two members that answer together, on crops that the pair proposes. The
detector of the closer look begins as the other one and learns from the places where that one is in doubt.
Then it exports them, fits the fusion and sets the thresholds. One core; every part is
deterministic by seed but for the clock, which ends the training. ``make train-stamps`` runs it; to go on from the
shipped networks instead, see ``tools.stamps.resume``.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

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
    train("detector", args.minutes * 0.25, runs / "sketch.pt", *windows)
    train("classifier", args.minutes * 0.2, runs / "first.pt", "--batch", "48")
    sketch = ("--detector", str(runs / "sketch.pt"), "--closer", str(runs / "sketch.pt"))
    run("tools.stamps.export", *sketch, "--classifier", str(runs / "first.pt"))
    run("tools.stamps.hard", "--pool", str(WORK / "pages"))
    train("detector", args.minutes * 0.2, runs / "detector.pt", *windows, "--start", str(runs / "sketch.pt"))
    detector, closer = runs / "detector.pt", runs / "closer.pt"
    run("tools.stamps.export", "--detector", str(detector), "--classifier", str(runs / "first.pt"))
    run("tools.stamps.mine", "--pool", str(WORK / "pages"), "--count", "1500")
    run("tools.stamps.closeups", "--pool", str(WORK / "pages"), "--out", str(WORK / "closeups"))
    near = ("--side", "256", "--batch", "16", "--rate", "1e-3", "--start", str(detector))
    train("closer", args.minutes * 0.15, closer, *near, pool="closeups")
    members = [runs / "classifier-1.pt", runs / "classifier-2.pt"]
    for seed, member in enumerate(members, 2):
        again = ("--start", str(runs / "first.pt"), "--batch", "48", "--seed", str(seed))
        train("classifier", args.minutes * 0.1, member, *again)
    run("tools.stamps.export", "--detector", str(detector), "--closer", str(closer), "--classifier", *map(str, members))
    for _ in range(2):  # where the first look is in doubt depends on its own fusion
        run("tools.stamps.fuse", "--pool", str(WORK / "valid"))


if __name__ == "__main__":
    main()
