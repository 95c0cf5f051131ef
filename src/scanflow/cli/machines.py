"""Commands on scanners and on the stamp reader."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import Progress

from scanflow.cli.options import ConfigPath, read_config
from scanflow.cli.says import console, out
from scanflow.cli.terminal import ask_passphrase
from scanflow.errors import ExitCode
from scanflow.forms.testsheet import test_sheet_pdf
from scanflow.ledger.people import Office
from scanflow.stamps.network import MarkNetwork
from scanflow.station.calibration import calibrate_station, score_folder
from scanflow.station.daycheck import check_scanner
from scanflow.station.devices import examiners, feeder_of
from scanflow.station.setup import open_ledger

scanner = typer.Typer(no_args_is_help=True)
stamps = typer.Typer(no_args_is_help=True)
_IMAGES = {".jpg", ".jpeg", ".png", ".tif", ".tiff"}


@scanner.command()
def describe(config: ConfigPath = None) -> None:
    """Máy quét này cho biết gì, không cho biết gì · what the scanner can and cannot tell."""
    with feeder_of(read_config(config)) as feeder:
        facts = feeder.facts
        out.print(f"{escape(facts.name)} ({escape(facts.identity)}), {facts.driver}")
        if facts.simulated:
            out.print("MÔ PHỎNG: không có giấy thật.")
        out.print("Cho biết: " + (", ".join(sorted(sensor.value for sensor in facts.sensors)) or "–"))
        for line in facts.cannot_tell:
            out.print(f"  {escape(line)}")


@scanner.command(name="test-sheet")
def test_sheet(target: Annotated[Path, typer.Argument(metavar="FILE.pdf")]) -> None:
    """In tờ kiểm tra đầu ngày · print the test sheet."""
    target.write_bytes(test_sheet_pdf(date.today()))
    console.print(f"Đã ghi {escape(str(target))}. In màu, 100 %, trên giấy A4 trắng.")


@scanner.command()
def check(config: ConfigPath = None) -> int:
    """Kiểm tra đầu ngày: nạp tờ kiểm tra, mọi dấu phải đọc được · feed the test sheet; every mark must be read."""
    settings = read_config(config)
    ledger, _ = open_ledger(settings, ask_passphrase("Mật khẩu khóa trạm"))
    with ledger, feeder_of(settings) as feeder:
        result = check_scanner(feeder, examiners(settings), ledger)
    for missing in result.missing:
        out.print(f"Không đọc được: {escape(missing)}")
    if not result.passed:
        out.print("KHÔNG ĐẠT. Lau kính, kiểm tra chế độ màu và lọc màu của máy quét, rồi kiểm tra lại. Chưa được quét.")
        return ExitCode.SCANNER
    out.print(f"Đạt: {result.read} dấu đều đọc được.")
    return ExitCode.OK


@stamps.command()
def calibrate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Ảnh quét giấy thường của trạm, nên có 1.000 mặt")],
    person: Annotated[str, typer.Option(help="Mã người thực hiện")],
    config: ConfigPath = None,
) -> None:
    """Hiệu chỉnh ngưỡng giữ bằng giấy thường của trạm · set the hold threshold from unclassified scans."""
    settings = read_config(config)
    images = sorted(path for path in folder.iterdir() if path.suffix.lower() in _IMAGES)
    ledger, _ = open_ledger(settings, ask_passphrase("Mật khẩu khóa trạm"))
    with ledger, Progress(console=console) as progress:
        task = progress.add_task("Đang xem xét", total=len(images))
        scores = score_folder(images, MarkNetwork(), lambda done: progress.update(task, completed=done))
        result = calibrate_station(settings, Office(ledger), person, scores)
    out.print(
        f"Ngưỡng giữ {result.previous:.4f} → {result.hold:.4f} trên {result.sides} mặt; "
        f"giữ {result.held_before} → {result.held_now} mặt."
    )
    if not result.recommended:
        out.print("Lưu ý: nên hiệu chỉnh lại với ít nhất 1.000 mặt.")
