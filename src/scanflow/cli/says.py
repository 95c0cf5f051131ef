"""How the command speaks: one console for people, plain JSON lines for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape

from scanflow.errors import ScanflowError

_PIPE_WIDTH = 132
"""Into a file or a pipe, lines are wide enough that no name is cut."""

console = Console(stderr=True, highlight=False, width=None if sys.stderr.isatty() else _PIPE_WIDTH)
"""For people; standard output stays free for what programs read."""

out = Console(highlight=False, width=None if sys.stdout.isatty() else _PIPE_WIDTH)


def refusal(error: ScanflowError) -> None:
    """Print a refusal: its code, what happened and what to do, in Vietnamese and then in English."""
    console.print(f"[bold red]{escape(error.code)}[/] {escape(error.say_vi)}")
    console.print(f"[dim]{escape(error.say_en)}[/]")


def json_line(value: Mapping[str, Any]) -> None:
    """Print one JSON object on a line of its own."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")
    sys.stdout.flush()
