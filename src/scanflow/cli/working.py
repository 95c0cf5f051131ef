"""Commands of the working day: examine, run, watch, doctor, devices, demo."""

from __future__ import annotations

import shlex
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from scanflow.cli.console_commands import offer_demo
from scanflow.cli.options import (
    AccessCopyOption,
    AsJson,
    ConfigPath,
    DossiersOption,
    DuplexOption,
    FormsFolder,
    NonSecretOption,
    OperatorOption,
    ScannerName,
    SignOption,
    SourceOption,
    read_config,
)
from scanflow.cli.says import console, json_line, out, refusal
from scanflow.cli.terminal import RichTerminal, ask_passphrase, signer_at
from scanflow.errors import ExitCode, ScanflowError
from scanflow.manifest import read_manifest
from scanflow.media.usbmedium import UsbBus
from scanflow.media.watch import HotPlug, udev_events
from scanflow.scanner import Feeder
from scanflow.scanner.folder_feeder import FolderFeeder
from scanflow.sealing import openssl_line
from scanflow.station import doctor as doctors
from scanflow.station.batch import BatchResult, Outcome, run_batch
from scanflow.station.bureau import file_form
from scanflow.station.config import NonSecret, StationConfig
from scanflow.station.demo import SIMULATED, DemoFiles, Places, demo_stage, play_demo
from scanflow.station.demostack import read_stack
from scanflow.station.desk import Notice, Tone
from scanflow.station.devices import bus_of, examiners, feeder_of, new_examiner
from scanflow.station.host import Health
from scanflow.station.record import batch_forms
from scanflow.station.setup import Home, open_station
from scanflow.station.station import Station
from scanflow.station.termdesk import SharedTerminal, Terminal, TerminalDesk
from scanflow.station.watch import share_out, watch_inbox
from scanflow.station.watchdesk import WatchDesk, paper_cue

_HEALTH = {Health.OK: "[green]đạt[/]", Health.WARN: "[yellow]lưu ý[/]", Health.BAD: "[bold red]KHÔNG ĐẠT[/]"}


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    for command in (examine, run, rescan, watch, doctor, devices, demo):
        app.command()(command)


def examine(images: Annotated[list[Path], typer.Argument(metavar="IMAGE…")], as_json: AsJson = False) -> None:
    """Xem xét ảnh: hướng, lệch, mặt trắng, dấu, quyết định · examine page images."""
    examiner = new_examiner()
    for path in images:
        found = examiner.examine_file(path)
        if as_json:
            json_line(found.to_json(str(path)))
            continue
        marks = ", ".join(mark.kind.value for mark in found.marks) or "–"
        out.print(
            f"[bold]{escape(path.name)}[/]: {found.decision.value}, {found.side.value}, "
            f"turn {found.pose.turn}, skew {found.pose.skew_deg}, {marks}"
        )
        for words in found.explain():
            out.print(f"  {escape(words.vi)}")


def run(
    handover: Annotated[Path, typer.Argument(metavar="LIST", help="Danh mục bàn giao, xlsx hoặc csv")],
    operator: OperatorOption,
    source: SourceOption = None,
    duplex: DuplexOption = False,
    forms: FormsFolder = Path(),
    scanner: ScannerName = "",
    sign: SignOption = None,
    non_secret: NonSecretOption = None,
    access_copy: AccessCopyOption = None,
    dossiers: DossiersOption = None,
    config: ConfigPath = None,
) -> int:
    """Làm một đợt số hóa từ danh mục · work one batch."""
    return _work(
        _Order(handover, operator, forms, (), source, duplex, scanner, config),
        _told(config, sign, non_secret, access_copy, dossiers),
    )


def rescan(
    handover: Annotated[Path, typer.Argument(metavar="LIST", help="Danh mục của đợt đã quét")],
    documents: Annotated[list[int], typer.Argument(metavar="STT…", help="STT các tài liệu chưa giao")],
    operator: OperatorOption,
    source: SourceOption = None,
    duplex: DuplexOption = False,
    forms: FormsFolder = Path(),
    scanner: ScannerName = "",
    sign: SignOption = None,
    non_secret: NonSecretOption = None,
    access_copy: AccessCopyOption = None,
    dossiers: DossiersOption = None,
    config: ConfigPath = None,
) -> int:
    """Quét lại các tài liệu chưa giao của một đợt, từng tài liệu một · scan again what did not leave."""
    told = _told(config, sign, non_secret, access_copy, dossiers)
    return _work(_Order(handover, operator, forms, tuple(documents), source, duplex, scanner, config), told)


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be worked: a list, all of it or some of its documents, from the scanner or a folder of images."""

    handover: Path
    operator: str
    forms: Path
    only: tuple[int, ...]
    source: Path | None
    duplex: bool
    scanner: str
    config: Path | None


def _told(
    config: Path | None,
    sign: bool | None,
    non_secret: NonSecret | None,
    access_copy: bool | None,
    dossiers: Path | None,
) -> StationConfig:
    """The station's configuration with the conventions of this batch."""
    return read_config(config).for_batch(
        signature=sign, non_secret=non_secret, access_copy=access_copy, dossiers=dossiers
    )


def _work(order: _Order, settings: StationConfig) -> int:
    manifest = read_manifest(order.handover)
    findings = doctors.examine_host(settings)
    source, duplex = order.source, order.source is None or order.duplex
    feeder = feeder_of(settings, order.scanner) if source is None else FolderFeeder(source, duplex=duplex)
    with feeder, _opened(settings) as station:
        doctors.record(findings, station.ledger)
        doctors.require_ready(findings, feeder, station)
        desk = _desk(station, feeder)
        result = run_batch(station, desk, manifest, feeder, order.operator, duplex=duplex, only=order.only)
        show_result(result)
        _say_what_is_left(order, result)
        _file_forms(station, result, order.operator, order.forms)
    return result.exit_code


_LEFT = {Outcome.DIFFERS, Outcome.HELD, Outcome.NOT_FED, Outcome.NOT_SEALED, Outcome.NOT_DELIVERED}


def _say_what_is_left(order: _Order, result: BatchResult) -> None:
    """Name the command that takes the batch up again for what did not leave."""
    left = [str(one.row.ordinal) for one in result.documents if one.outcome in _LEFT]
    if left:
        words = ["scanflow", "rescan", str(order.handover), *left, "--operator", order.operator]
        words += ["--config", str(order.config)] if order.config is not None else []
        out.print(f"Chưa giao: tài liệu số {', '.join(left)}. Xử lý theo ghi chú, rồi quét lại các tài liệu này:")
        out.print(shlex.join(words), soft_wrap=True, markup=False)


def _file_forms(station: Station, result: BatchResult, operator: str, folder: Path) -> None:
    for stem, paper in batch_forms(station, result, operator).items():
        pdf, _ = file_form(paper, folder, stem)
        console.print(f"Đã ghi {escape(str(pdf))} và bảng tính kèm theo.")


def watch(
    operator: OperatorOption,
    forms: FormsFolder = Path(),
    scanner: Annotated[
        list[str] | None,
        typer.Option("--scanner", help="Tên máy quét; nhắc lại: nhiều máy cùng lúc"),
    ] = None,
    config: ConfigPath = None,
) -> None:
    """Chờ danh mục mới trong thư mục nhận, nạp khi có giấy · watch the folder of handover lists."""
    settings = read_config(config)
    findings = doctors.examine_host(settings)
    names = list(dict.fromkeys(scanner or [""]))
    stopping = threading.Event()
    with ExitStack() as open_ones:
        feeders = {name: open_ones.enter_context(feeder_of(settings, name)) for name in names}
        station = open_ones.enter_context(_opened(settings))
        doctors.record(findings, station.ledger)
        for feeder in feeders.values():
            doctors.require_ready(findings, feeder, station)
        turn = threading.RLock()

        def watcher(name: str, feeder: Feeder) -> Callable[[Path], None]:
            terminal: Terminal = RichTerminal()
            if len(feeders) > 1:
                terminal = SharedTerminal(terminal, turn, name or "chính")
            desk = _watch_desk(station, feeder, terminal, stopping)

            def work(path: Path) -> None:
                try:
                    manifest = read_manifest(path)
                    what = f"{path.name}: {len(manifest.rows)} tài liệu, đợt {manifest.batch_id}."
                    terminal.say(Notice(Tone.INFO, f"Nhận {what}", f"Took {what}"))
                    result = run_batch(station, desk, manifest, feeder, operator)
                    with turn:
                        show_result(result)
                        _file_forms(station, result, operator, forms)
                except ScanflowError as why:
                    refusal(why)

            return work

        console.print(f"Đang chờ danh mục trong {settings.inbox}. Ctrl-C để dừng.")
        workers = [watcher(name, feeder) for name, feeder in feeders.items()]
        share_out(watch_inbox(settings), workers, stopping.set)


def doctor(config: ConfigPath = None, as_json: AsJson = False) -> int:
    """Máy này giữ được những cam kết nào · of every promise, whether this host can keep it."""
    findings = doctors.examine_host(read_config(config))
    if as_json:
        for one in findings:
            json_line({name: getattr(one, name) for name in ("promise", "name", "health", "vi", "en")})
    else:
        table = Table("", "", "kết quả", "")
        for one in findings:
            table.add_row(one.promise, one.name, _HEALTH[one.health], escape(one.vi))
        out.print(table)
    unfit = any(one.health is Health.BAD for one in findings)
    return ExitCode.HOST_UNFIT if unfit else ExitCode.OK


def devices() -> None:
    """Liệt kê thiết bị USB như chúng tự khai · list USB devices as they describe themselves."""
    media = UsbBus().media()
    for medium in media:
        out.print(escape(medium.facts.describe()))
    if not media:
        out.print("Không có thiết bị USB nào.")


def demo(
    fixtures: Annotated[Path, typer.Option(help="Tập giấy mẫu")] = Path("fixtures/scans"),
    target: Annotated[Path, typer.Option("--out", help="Nơi ghi kết quả")] = Path("demo-out"),
    drivers: Path = Path("drivers"),
    rules: Path = Path("config/rules"),
) -> int:
    """Trình diễn một đợt; chỉ giấy và thiết bị nhớ là mô phỏng · one whole batch, paper and stick simulated."""
    console.print(f"[bold]Trình diễn scanflow.[/] Mô phỏng: {SIMULATED}. Còn lại là chương trình thật.")
    terminal = RichTerminal()
    with demo_stage(read_stack(fixtures), Places(drivers, rules), target, examiners()) as stage:
        result = play_demo(stage, terminal.say)
        show_result(result)
        _say_what_is_where(stage.files, result, target)
        if terminal.confirm("Xem đợt này trên bàn điều khiển trong trình duyệt?"):
            offer_demo(stage, result)
    out.print("Bàn điều khiển trực tiếp: scanflow console --demo")
    return ExitCode.OK


def _say_what_is_where(files: DemoFiles, result: BatchResult, target: Path) -> None:
    out.print(f"Danh mục      {files.handover}\nThiết bị nhớ   {files.stick} (MÔ PHỎNG)")
    out.print(f"Bị từ chối     {files.refused_stick} (MÔ PHỎNG, phải rỗng)\nSổ nhật ký     {target / 'ledger.jsonl'}")
    out.print(f"Biên bản       {files.record}\nKhóa           {files.keys}")
    if result.delivered is not None:
        first = next(files.stick.glob(f"SF-*/{result.delivered.documents[0].file}"))
        holder = files.keys / "van-thu"
        line = openssl_line(str(first), f"{holder}.crt.pem", f"{holder}.key.pem", str(target / "mo-ra.pdf"))
        out.print("Mở một gói không cần scanflow:")
        out.print(line, soft_wrap=True, markup=False)


@contextmanager
def _opened(settings: StationConfig) -> Iterator[Station]:
    passphrase = ask_passphrase("Mật khẩu khóa trạm")
    bus, look = bus_of(settings), examiners(settings)
    with open_station(settings, passphrase, bus, look, settings.rules, ask_passphrase) as station:
        yield station


def _desk(station: Station, feeder: Feeder) -> TerminalDesk:
    terminal = RichTerminal()
    sign = signer_at(terminal, station.office, Home(station.config.state), station.config.people_module)
    return TerminalDesk(terminal, feeder.paper_present, sign, lambda: bool(station.media.list_devices()))


def _watch_desk(station: Station, feeder: Feeder, terminal: Terminal, stopping: threading.Event) -> WatchDesk:
    sign = signer_at(terminal, station.office, Home(station.config.state), station.config.people_module)
    cue = paper_cue(feeder, terminal.say, lambda: not stopping.is_set())
    return WatchDesk(terminal, sign, cue, HotPlug(station.media.list_devices, udev_events()))


def show_result(result: BatchResult) -> None:
    """The table at the end of a batch."""
    table = Table(title=f"Đợt {result.batch}")
    for heading in ("STT", "Hồ sơ", "Tờ khai", "Tờ đếm", "Trang khai", "Trang đếm", "Độ mật", "Kết quả", "Ghi chú"):
        table.add_column(heading, justify="right" if heading.startswith(("T", "S")) else "left")
    for one in result.documents:
        row, count = one.row, one.count
        note = one.container or ("" if one.why is None else one.why.code)
        cells = (row.ordinal, row.name, row.sheets, count.sheets, row.pages, count.pages)
        table.add_row(*map(str, cells), one.level.vi, one.outcome.vi, escape(note))
    out.print(table)
    totals = result.reconciliation.totals
    out.print(
        f"{totals.fed} tờ đã nạp = {totals.cleared} cho qua + {totals.held} giữ lại + {totals.routed_out} tách riêng "
        f"+ {totals.spoiled} hỏng + {totals.separators} tờ phân cách · {result.end.vi}"
    )
