"""The ``scanflow`` command: every act goes through the station's rooms; the command adds words, no power."""

from __future__ import annotations

import sys
from typing import Any

import typer

from scanflow.cli.errors import FileRefused
from scanflow.cli.says import console, refusal
from scanflow.errors import ExitCode, ScanflowError
from scanflow.hardening import start_over_forgetful

app = typer.Typer(
    name="scanflow",
    help="Trạm số hóa tài liệu bí mật nhà nước · digitisation station for state-secret paper.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

_UsageError: Any = typer.BadParameter.__base__
"""Typer's root of wrong words on the command line; it exports only this child of it."""


def main() -> None:
    """Run the command and turn every refusal into its sentence, code and exit status."""
    start_over_forgetful()
    from scanflow.cli import commands
    from scanflow.station.host import give_pages_back

    give_pages_back()
    commands.add_to(app)
    try:
        status = app(standalone_mode=False)
    except ScanflowError as error:
        refusal(error)
        sys.exit(error.exit_code)
    except OSError as fault:
        if fault.filename is None:
            raise
        refusal(FileRefused.of(fault))
        sys.exit(FileRefused.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        console.print("Đã dừng theo yêu cầu. · Stopped on request.")
        sys.exit(ExitCode.INTERRUPTED)
    except _UsageError as error:
        error.show()
        sys.exit(ExitCode.USAGE)
    sys.exit(status if isinstance(status, int) else ExitCode.OK)
