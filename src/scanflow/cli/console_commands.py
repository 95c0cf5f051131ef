"""The console command: serve the pages of the room on this machine."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from pathlib import Path
from socket import socket
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from scanflow.cli.options import ConfigPath, FormsFolder, ScannerName, read_config
from scanflow.cli.says import console, out
from scanflow.cli.terminal import ask_passphrase
from scanflow.console.app import room_app
from scanflow.console.demo import demo_room
from scanflow.console.room import Room
from scanflow.console.server import DEFAULT, listening, parse_address, serve
from scanflow.console.shut import close_left_open
from scanflow.errors import ScanflowError
from scanflow.manifest import Manifest
from scanflow.station import doctor as doctors
from scanflow.station.batch import BatchResult, run_batch
from scanflow.station.bureau import file_form
from scanflow.station.config import StationConfig
from scanflow.station.demo import SIMULATED, Places, Stage, demo_passphrase, demo_people, demo_stage
from scanflow.station.demostack import read_stack
from scanflow.station.desk import Desk, Notice, Tone
from scanflow.station.devices import bus_of, examiners, feeder_of
from scanflow.station.record import batch_forms
from scanflow.station.setup import open_station
from scanflow.station.station import Station

_NO_FORMS = Notice(
    Tone.STOP,
    "Đợt đã xong nhưng không ghi được biên bản vào thư mục. Dùng nút “Biên bản đối chiếu” ở trang Đối chiếu.",
    "The batch is over, but its forms could not be written to the folder. Use the button on the supervisor's page.",
)


def console_(
    listen: Annotated[str, typer.Option(help="127.0.0.1:CỔNG, [::1]:CỔNG hoặc unix:/đường/dẫn")] = DEFAULT,
    demo: Annotated[bool, typer.Option("--demo", help="Trình diễn trực tiếp với máy quét ảo")] = False,
    target: Annotated[Path, typer.Option("--out", help="Nơi ghi của trình diễn")] = Path("demo-out/console"),
    fixtures: Annotated[Path, typer.Option(help="Tập giấy mẫu của trình diễn")] = Path("fixtures/scans"),
    forms: FormsFolder = Path(),
    scanner: ScannerName = "",
    config: ConfigPath = None,
) -> None:
    """Mở bàn điều khiển trong trình duyệt, chỉ trên máy này · serve the console on this machine only."""
    address = parse_address(listen)
    if demo:
        places = Places(Path("drivers"), Path("config/rules"))
        with listening(address) as bound, demo_stage(read_stack(fixtures), places, target, examiners()) as stage:
            say_people()
            _serve(demo_room(stage), bound)
        return
    settings = read_config(config)
    passphrase, bus = ask_passphrase("Mật khẩu khóa trạm"), bus_of(settings)
    with listening(address) as bound:
        close_left_open(settings, passphrase, bus, bound, say_where)
        with open_station(settings, passphrase, bus, examiners(settings), settings.rules) as station:
            _serve(_room(station, settings, forms, scanner), bound)


def _serve(room: Room, bound: socket) -> None:
    serve(room, partial(room_app, room), bound, say_where)


def _room(station: Station, settings: StationConfig, forms: Path, scanner: str) -> Room:
    """A console over the station's own scanner; each batch asks the doctor anew."""

    def work(desk: Desk, manifest: Manifest, operator: str, only: Collection[int]) -> BatchResult:
        room.look_at_host()
        with feeder_of(settings, scanner) as feeder:
            doctors.record(room.findings, station.ledger)
            doctors.require_ready(room.findings, feeder, station)
            result = run_batch(station, desk, manifest, feeder, operator, only=only)
            try:
                for stem, paper in batch_forms(station, result, operator).items():
                    file_form(paper, forms, stem)
            except (ScanflowError, OSError):
                room.board.tell(_NO_FORMS)  # the batch itself is over, and its result stands
            return result

    room = Room(station, work, settings.inbox, lambda: doctors.examine_host(settings))
    room.look_at_host()
    return room


def offer_demo(stage: Stage, result: BatchResult) -> None:
    """Serve the console over the demo's finished batch."""
    room = demo_room(stage)
    room.board.begin("batch", stage.manifest)
    room.board.finish(result)
    say_people()
    with listening(parse_address(DEFAULT)) as bound:
        _serve(room, bound)


def say_where(url: str) -> None:
    """Where to look, and how to end."""
    out.print(f"Bàn điều khiển: [bold]{escape(url)}[/] (chỉ trên máy này). Ctrl-C để đóng.", soft_wrap=True)


def say_people() -> None:
    """Who may sign in to the demo; these passphrases are no secrets."""
    console.print(f"[bold]TRÌNH DIỄN[/]: mô phỏng {SIMULATED}.")
    table = Table("mã", "tên", "vai trò", "mật khẩu (chỉ để trình diễn)")
    for person, (name, role) in demo_people().items():
        table.add_row(person, name, role.vi, demo_passphrase(person))
    out.print(table)
