"""Commands on media: judge, enrol, list, show, revoke, repair, debris."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from scanflow.cli.options import AsJson, ConfigPath, day_named, level_named, read_config
from scanflow.cli.says import console, json_line, out
from scanflow.cli.terminal import RichTerminal, ask_passphrase, signer_at
from scanflow.errors import ExitCode
from scanflow.ledger.people import Office, Reason
from scanflow.levels import Level
from scanflow.media.desk import MediaDesk
from scanflow.media.modelfile import read_model
from scanflow.media.registry import Registry
from scanflow.station.config import StationConfig
from scanflow.station.devices import bus_of
from scanflow.station.enrol import (
    MediumStation,
    enrol_medium,
    find_debris,
    media_desk,
    record_debris_removal,
    record_repair,
    revoke_medium,
)
from scanflow.station.setup import Home, open_ledger, verifier_of

app = typer.Typer(no_args_is_help=True)


@app.command()
def judge(config: ConfigPath = None, as_json: AsJson = False) -> int:
    """Xét mọi thiết bị đang cắm, không mở cổng nào · judge every device on the bus; opens no port."""
    settings = read_config(config)
    desk = _reading_desk(settings)
    judgements = desk.judge_all()
    for one in judgements:
        if as_json:
            json_line(one.as_dict())
        else:
            out.print(f"[bold]{escape(one.device)}[/] {one.decision} {one.code} {escape(one.say_vi)}")
    return ExitCode.MEDIUM if any(one.decision == "refuse" for one in judgements) else ExitCode.OK


@app.command(name="list")
def list_(config: ConfigPath = None) -> None:
    """Thiết bị đã đăng ký · the register."""
    table = Table("tên", "thiết bị", "độ mật đến", "người giữ", "hạn", "trạng thái")
    for entry in _registry(read_config(config)).entries().values():
        one = entry.device
        clearance = "chưa phân loại" if one.clearance is None else one.clearance.vi
        state = "đã thu hồi" if entry.revoked else "đang dùng" if entry.genuine else "KHÔNG TIN CẬY"
        cells = (one.name, one.device_id, clearance, one.custodian, one.until.isoformat(), state)
        table.add_row(*map(escape, cells))
    out.print(table)


@app.command()
def show(name: str, config: ConfigPath = None) -> int:
    """Một thiết bị trong sổ đăng ký · one entry of the register."""
    for entry in _registry(read_config(config)).entries().values():
        if entry.device.name == name:
            out.print(entry.device.statement().decode(), soft_wrap=True, markup=False)
            return ExitCode.OK
    console.print(f"Không có thiết bị {escape(name)} trong sổ đăng ký.")
    return ExitCode.MEDIUM


@app.command()
def enrol(
    name: Annotated[str, typer.Argument(help="Nhãn tài sản, như M-0001")],
    clearance: Annotated[Level, typer.Argument(parser=level_named, metavar="LEVEL", help="THUONG, MAT, TOI_MAT")],
    custodian: Annotated[str, typer.Argument(help="Mã người giữ")],
    until: Annotated[date, typer.Argument(parser=day_named, metavar="YYYY-MM-DD", help="Hạn dùng")],
    model: Annotated[
        Path | None, typer.Option(help="Mô tả loại thiết bị có nhiều ổ hoặc phải mở khóa, mẫu trong config/media")
    ] = None,
    config: ConfigPath = None,
) -> None:
    """Đăng ký thiết bị nhớ đang cắm; hai người ký · enrol the stick that is plugged in."""
    described = None if model is None else read_model(model)
    with _station(read_config(config)) as (station, settings):
        sign = signer_at(RichTerminal(), station.office, Home(settings.state), settings.people_module)
        enrol_medium(
            station, name=name, clearance=clearance, custodian=custodian, until=until, sign=sign, model=described
        )
    console.print(f"Đã đăng ký {escape(name)} đến độ {clearance.vi}.")


@app.command()
def revoke(name: str, reason: Reason = Reason.LOST, config: ConfigPath = None) -> None:
    """Thu hồi thiết bị nhớ; hai người ký · revoke a medium."""
    with _station(read_config(config)) as (station, settings):
        revoke_medium(
            station,
            name,
            reason,
            signer_at(RichTerminal(), station.office, Home(settings.state), settings.people_module),
        )
    console.print(f"Đã thu hồi {escape(name)}.")


@app.command()
def repair(
    person: Annotated[str, typer.Option(help="Mã người sửa")],
    config: ConfigPath = None,
) -> None:
    """Sửa thiết bị bị rút khi đang ghi, có ghi sổ · mend the stick that was torn out, on record."""
    with _station(read_config(config)) as (station, _):
        found = record_repair(station, person)
    for receipt in found.whole:
        out.print(f"Còn nguyên: {escape(receipt.job)}, {len(receipt.files)} tập tin")
    for path in found.debris:
        out.print(f"Dở dang: {escape(path)}")
    console.print("Đã sửa." + (" Dọn phần dở dang bằng: scanflow media debris --person …" if found.debris else ""))


@app.command()
def debris(
    person: Annotated[str, typer.Option(help="Mã người dọn; để trống thì chỉ liệt kê")] = "",
    config: ConfigPath = None,
) -> None:
    """Tệp dở dang của lần ghi bị ngắt: liệt kê, hoặc xóa có ghi sổ · leftovers of a delivery that broke off."""
    with _station(read_config(config)) as (station, _):
        paths = find_debris(station)
        for path in paths:
            out.print(escape(path))
        if paths and person:
            record_debris_removal(station, paths, person)
            console.print(f"Đã xóa {len(paths)} tệp.")


def _registry(settings: StationConfig) -> Registry:
    home = Home(settings.state)
    return Registry(home.registry, verifier_of(home))


def _reading_desk(settings: StationConfig) -> MediaDesk:
    home = Home(settings.state)
    verify = verifier_of(home)

    def cannot_sign(_: bytes) -> bytes:
        raise PermissionError("judging signs nothing")

    return MediaDesk(bus_of(settings), Registry(home.registry, verify), cannot_sign, verify)


@contextmanager
def _station(settings: StationConfig) -> Iterator[tuple[MediumStation, StationConfig]]:
    ledger, key = open_ledger(settings, ask_passphrase("Mật khẩu khóa trạm"))
    with ledger:
        yield MediumStation(ledger, Office(ledger), media_desk(settings, bus_of(settings), key)), settings
