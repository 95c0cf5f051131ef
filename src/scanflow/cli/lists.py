"""Commands on handover lists: check, template, separators."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from scanflow.cli.options import AsJson
from scanflow.cli.says import console, json_line, out
from scanflow.errors import ExitCode
from scanflow.manifest import check as check_list
from scanflow.manifest import read_manifest, write_template
from scanflow.station.separating import separator_sheets

manifest = typer.Typer(no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Register the commands that are no group."""
    app.command()(separators)


@manifest.command()
def template(target: Annotated[Path, typer.Argument(metavar="FILE")]) -> None:
    """Ghi danh mục trống đúng mẫu · write the empty list."""
    write_template(target)
    console.print(f"Đã ghi {escape(str(target))}.")


@manifest.command()
def check(source: Annotated[Path, typer.Argument(metavar="FILE")], as_json: AsJson = False) -> int:
    """Chỉ ra mọi ô sai của danh mục · explain every faulty cell."""
    faults = check_list(source)
    for fault in faults:
        if as_json:
            json_line({"cell": fault.cell, "code": fault.code, "vi": fault.say_vi, "en": fault.say_en})
        else:
            out.print(f"[bold]{escape(fault.cell)}[/] {escape(fault.code)} {escape(fault.say_vi)}")
    if faults:
        return ExitCode.BAD_MANIFEST
    if not as_json:
        read = read_manifest(source)
        out.print(f"Danh mục đúng: {len(read.rows)} tài liệu, đợt {read.batch_id}.")
    return ExitCode.OK


def separators(
    handover: Annotated[Path, typer.Argument(metavar="LIST")],
    target: Annotated[Path, typer.Option("--out", "-o", help="Tệp PDF")] = Path("to-phan-cach.pdf"),
) -> None:
    """In tờ phân cách cho các tài liệu của danh mục · print the separator sheets."""
    read = read_manifest(handover)
    target.write_bytes(separator_sheets(read, date.today()))
    console.print(f"Đã ghi {len(read.to_feed)} tờ phân cách vào {escape(str(target))}.")
