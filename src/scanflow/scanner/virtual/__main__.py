"""``python -m scanflow.scanner.virtual STACK --dir DIR``: run the virtual scanner until Ctrl-C or SIGTERM."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path

from scanflow.scanner.virtual import stack_from_folder, virtual_scanner


def main() -> int:
    """Serve a folder of page images as paper, and say how to reach it."""
    parser = argparse.ArgumentParser(prog="python -m scanflow.scanner.virtual", description=__doc__)
    parser.add_argument("stack", type=Path, help="folder of page images, in name order, recto and verso in turn")
    parser.add_argument("--dir", type=Path, required=True, help="folder for the socket and the SANE configuration")
    parser.add_argument("--port", type=int, help="listen on this port of loopback instead of a Unix socket")
    parser.add_argument("--simplex", action="store_true", help="one image is one sheet with an empty back")
    arguments = parser.parse_args()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    stack = stack_from_folder(arguments.stack, duplex=not arguments.simplex)
    with virtual_scanner(stack, arguments.dir.resolve(), tcp_port=arguments.port) as address:
        sys.stdout.write(
            f"MÁY QUÉT MÔ PHỎNG / simulated scanner, {len(stack)} tờ/sheets\n"
            f"  eSCL    {address.url}\n  SANE    {address.device}\n"
            f"  export SANE_CONFIG_DIR={address.config_dir}\n"
        )
        sys.stdout.flush()
        stop.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
