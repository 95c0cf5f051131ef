"""Long campaigns of the lab, by command::

    python -m tools.usblab.campaign cut all 1000 600000     # record a delivery, cut off after every sector, judged here
    python -m tools.usblab.campaign replay all 300 300000   # the same, mounted and judged by the guest's own kernel
    python -m tools.usblab.campaign yanks all 7 350 FOLDER  # 350 real yanks a file system, drawn by seed 7, judged here
    python -m tools.usblab.campaign cases                   # every case, as the test suite does

The numbers of ``cut`` and ``replay`` are random subsets lost between two flushes, and bytes delivered. The notes of
``yanks`` stay in FOLDER, also of a run that was cut short; ``tools.usblab.tornjudge FOLDER`` judges all that lie there.
Prints one line of JSON a file system, with counts; exit status 0 when nothing was lost and nothing passed for whole.
"""  # noqa: D415

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from tools.usblab import outside, tornjudge, vm
from tools.usblab.kernel import LabUnfit

KINDS = ("vfat", "exfat", "ext4")


def main(words: list[str]) -> int:
    """Boot, run, and print what was printed inside; ``cut`` and ``yanks`` then judge here what was left."""
    if not words or words[0] not in ("cases", "cut", "replay", "yanks"):
        sys.stderr.write(__doc__ or "")
        return 2
    kinds = ",".join(KINDS) if words[1:2] in ([], ["all"]) else words[1]
    if words[0] == "yanks":
        return _yanks(kinds, words[2], words[3], Path(words[4]))
    inside = ["-m", "tools.usblab.guest"] if words[0] == "cases" else ["-m", "tools.usblab.replay", *words]
    if words[0] == "cut":
        inside[2] = "record"
    with tempfile.TemporaryDirectory(prefix="usblab-") as name:
        folder = Path(name)
        status = _boot(inside, folder)
        if words[0] == "cut" and status == 0:
            for kind in kinds.split(","):
                found = outside.judge(folder / "images", kind, int(words[2]))
                sys.stdout.write(json.dumps(found) + "\n")
                status |= bool(found["lost"] or found["false_whole"])
    return status


def _yanks(kinds: str, seed: str, count: str, folder: Path) -> int:
    status = _boot(["-m", "tools.usblab.torn", kinds, seed, count], folder, warp=True)
    return status or tornjudge.main([str(folder / "images"), kinds])


def _boot(inside: list[str], folder: Path, *, warp: bool = False) -> int:
    try:
        status = vm.run(inside, folder, seconds=4 * 3600, warp=warp)
    except LabUnfit as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    sys.stdout.write((folder / "output.txt").read_text(errors="replace"))
    sys.stdout.write(f"CPU seconds of the machine: {(folder / 'cpu.txt').read_text()}")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
