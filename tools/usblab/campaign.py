"""Long campaigns of the lab, by command::

    python -m tools.usblab.campaign cases                          # every case, as the test suite does
    python -m tools.usblab.campaign replay all 300 300000          # every sector prefix, 300 subsets, of
    300,000 bytes python -m tools.usblab.campaign yanks vfat,exfat 200 1800      # real yanks, at most so
    many seconds a kind

Prints one line of JSON a kind, with counts; exit status 0 when nothing was lost and nothing passed for whole.
"""  # noqa: D415

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tools.usblab import vm
from tools.usblab.kernel import LabUnfit


def main(words: list[str]) -> int:
    """Boot and run; what was printed inside is printed here."""
    if not words or words[0] not in ("cases", "replay", "yanks"):
        sys.stderr.write(__doc__ or "")
        return 2
    with tempfile.TemporaryDirectory(prefix="usblab-") as folder:
        inside = (
            ["-m", "tools.usblab.guest"] if words[0] == "cases" else ["-m", "tools.usblab.replay", *words]
        )
        try:
            status = vm.run(inside, Path(folder), seconds=4 * 3600)
        except LabUnfit as fault:
            sys.stderr.write(f"{fault}\n")
            return 1
        sys.stdout.write((Path(folder) / "output.txt").read_text(errors="replace"))
        sys.stdout.write(f"CPU seconds of the machine: {(Path(folder) / 'cpu.txt').read_text()}")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
