"""Commands on scanners and on the stamp reader."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import Progress

from scanflow.cli.options import AsJson, ConfigPath, ScannerName, read_config
from scanflow.cli.says import console, json_line, out
from scanflow.cli.terminal import ask_passphrase
from scanflow.cli.trainee import TerminalTrainee, outcome_vi
from scanflow.errors import ExitCode
from scanflow.forms.testsheet import test_sheet_pdf
from scanflow.ledger.catalogue import EndProof, Sense
from scanflow.ledger.people import Office
from scanflow.scanner.commission import Capability, save_listing
from scanflow.scanner.drill import SCENARIOS
from scanflow.scanner.drill import drill as practise
from scanflow.scanner.facts import names_a_port
from scanflow.scanner.finding import find_scanners
from scanflow.stamps.network import MarkNetwork
from scanflow.station.calibration import calibrate_station, score_folder
from scanflow.station.commissioning import commission as commission_scanner
from scanflow.station.commissioning import listing_of, report_on
from scanflow.station.daycheck import check_scanner
from scanflow.station.devices import examiners, feeder_of
from scanflow.station.setup import open_ledger

scanner = typer.Typer(no_args_is_help=True)
stamps = typer.Typer(no_args_is_help=True)
_IMAGES = {".jpg", ".jpeg", ".png", ".tif", ".tiff"}


@scanner.command(name="list")
def list_(config: ConfigPath = None) -> None:
    """Máy quét nào đang trả lời qua SANE · scanners that answer now, with the identity to configure."""
    settings = read_config(config)
    folders = {one.sane_config for one in (settings.scanner, *settings.scanners.values())}
    found = [each for folder in sorted(folders) for each in find_scanners(folder)]
    for each in found:
        out.print(f"{escape(each.vendor)} {escape(each.model)}", markup=False)
        key = "identity" if names_a_port(each.device) else "device"
        out.print(f'  {key} = "{each.identity}"', markup=False)
    if not found:
        console.print("Không có máy quét nào trả lời. Kiểm tra nguồn, cáp và thư mục cấu hình SANE của trạm.")


@scanner.command()
def describe(name: ScannerName = "", config: ConfigPath = None, as_json: AsJson = False) -> int:
    """Máy quét này cho biết gì, không cho biết gì · what the scanner can and cannot tell; moves no paper."""
    settings = read_config(config)
    chosen = settings.scanner_named(name)
    with feeder_of(settings, name) as feeder:
        report = report_on(settings, chosen, feeder)
    if as_json:
        json_line(report.capability.as_dict())
    else:
        _show(report.capability)
    return ExitCode.OK if report.capability.refusal is None else ExitCode.SCANNER


@scanner.command()
def commission(
    person: Annotated[str, typer.Option(help="Mã người nghiệm thu")], name: ScannerName = "", config: ConfigPath = None
) -> None:
    """Nghiệm thu máy quét: báo cáo năng lực vào sổ nhật ký · put the capability report on record."""
    settings = read_config(config)
    chosen = settings.scanner_named(name)
    ledger, _ = open_ledger(settings, ask_passphrase("Mật khẩu khóa trạm"))
    with ledger, feeder_of(settings, name) as feeder:
        report = report_on(settings, chosen, feeder)
        _show(report.capability)
        path = commission_scanner(settings, ledger, Office(ledger), person, report)
    console.print(f"Đã nghiệm thu; báo cáo ở {escape(str(path))}.")


@scanner.command()
def record(
    target: Annotated[Path, typer.Argument(metavar="FILE.json")], name: ScannerName = "", config: ConfigPath = None
) -> None:
    """Ghi lại danh sách thiết lập của máy quét để làm phép thử · save the option listing, which becomes a test."""
    settings = read_config(config)
    listing = listing_of(settings.scanner_named(name))
    save_listing(listing, target)
    console.print(
        f"Đã ghi {len(listing['options'])} thiết lập vào {escape(str(target))}. Chép vào tests/scanner/listings: từ đó "
        "mỗi lần kiểm thử, hồ sơ của trình điều khiển được áp lên danh sách này."
    )


def drill(only: Annotated[str, typer.Argument(metavar="[BÀI]", help="Tên bài; bỏ trống: mọi bài")] = "") -> int:
    """Diễn tập xử lý lỗi nạp giấy trên máy quét mô phỏng · the operator's drill on a simulated scanner."""
    scenarios = [each for each in SCENARIOS if only in ("", each.name)]
    if not scenarios:
        raise typer.BadParameter(f"{only}: phải là {', '.join(each.name for each in SCENARIOS)}")
    trainee = TerminalTrainee()
    failed = []
    with TemporaryDirectory(prefix="scanflow-drill-") as folder:
        for number, scenario in enumerate(scenarios, 1):
            out.print(f"\n[bold]Bài {number}/{len(scenarios)}: {escape(scenario.title_vi)}[/] ({scenario.name})")
            result = practise(scenario, Path(folder) / scenario.name, trainee)
            for line in outcome_vi(result):
                out.print(escape(line))
            failed += [] if result.passed else [scenario.name]
    if failed:
        out.print(f"\nChưa đạt: {', '.join(failed)}. Tập lại: scanflow drill {failed[0]}")
        return ExitCode.COUNT_DIFFERS
    out.print("\nĐạt tất cả.")
    return ExitCode.OK


def _show(capability: Capability) -> None:
    facts = capability.facts
    out.print(f"{facts.name} ({facts.identity}), {facts.driver}", markup=False)
    if facts.simulated:
        out.print("MÔ PHỎNG: không có giấy thật.")
    out.print("Cho biết: " + (", ".join(Sense[sensor.name].vi for sensor in sorted(facts.sensors)) or "–"))
    for line in facts.cannot_tell:
        out.print(f"  {escape(line)}")
    out.print(f"Hết giấy được chứng minh bằng: {EndProof[capability.end_proof.upper()].vi}.")
    if capability.lies:
        out.print(f"Trình điều khiển có {len(capability.lies)} điều biết là báo sai, đều có cách chặn (xem --json).")
    whole = capability.unconfirmed + capability.confirmed
    if whole:
        out.print(f"Thiết lập đã xác nhận trên máy thật: {capability.confirmed}/{whole}.")
    if capability.refusal is not None:
        out.print(f"[bold red]KHÔNG DÙNG ĐƯỢC[/]: {escape(capability.refusal)}")


@scanner.command(name="test-sheet")
def test_sheet(target: Annotated[Path, typer.Argument(metavar="FILE.pdf")]) -> None:
    """In tờ kiểm tra đầu ngày · print the test sheet."""
    target.write_bytes(test_sheet_pdf(date.today()))
    console.print(f"Đã ghi {escape(str(target))}. In màu, 100 %, trên giấy A4 trắng.")


@scanner.command()
def check(name: ScannerName = "", config: ConfigPath = None) -> int:
    """Kiểm tra đầu ngày: nạp tờ kiểm tra, mọi dấu phải đọc được · feed the test sheet; every mark must be read."""
    settings = read_config(config)
    ledger, _ = open_ledger(settings, ask_passphrase("Mật khẩu khóa trạm"))
    with ledger, feeder_of(settings, name) as feeder:
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
