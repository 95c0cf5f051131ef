"""What runs inside the guest: the named cases (all by default), one JSON line each in /vm/results.jsonl."""

from __future__ import annotations

import json
import sys
import time
import traceback
from pathlib import Path

from tools.usblab import rig
from tools.usblab.cases import CASES

RESULTS = Path("/vm/results.jsonl")


def main(names: list[str]) -> int:
    """Run the cases; 0 when every one held."""
    begun = time.monotonic()
    rig.start()
    kit = rig.Rig()
    print(f"rig {time.monotonic() - begun:.1f}s", flush=True)
    failed = 0
    for name in names or list(CASES):
        begun = time.monotonic()
        line: dict[str, object] = {"case": name}
        try:
            line["facts"] = CASES[name](kit)
        except BaseException:
            failed += 1
            line["error"] = traceback.format_exc()
        line["seconds"] = round(time.monotonic() - begun, 2)
        with RESULTS.open("a") as results:
            results.write(json.dumps(line, ensure_ascii=False) + "\n")
        print(name, line["seconds"], "FAILED" if "error" in line else "held", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
