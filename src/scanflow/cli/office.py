"""Commands on the station and its people: init, enrol, revoke, list."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from scanflow.cli.options import ConfigPath, read_config
from scanflow.cli.says import console, out
from scanflow.cli.terminal import RichTerminal, ask_passphrase, new_passphrase, signer_at
from scanflow.ledger.lines import read_entries
from scanflow.ledger.people import Office, People, Reason, Role
from scanflow.station.config import StationConfig
from scanflow.station.enrol import Sign, enrol_person, reset_attempts, revoke_person
from scanflow.station.personal import prepared
from scanflow.station.setup import Home, NewPerson, initialise, open_ledger

people = typer.Typer(no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Register the commands that are no group."""
    app.command()(init)


def init(config: ConfigPath = None) -> None:
    """Khởi tạo trạm: khóa trạm, sổ nhật ký, hai cán bộ an ninh đầu tiên · set the station up."""
    settings = read_config(config)
    passphrase = new_passphrase("khóa trạm")
    officers = (_ask_person("P-001", Role.SECURITY_OFFICER), _ask_person("P-002", Role.SECURITY_OFFICER))
    initialise(settings, passphrase, officers)
    console.print(f"Trạm đã khởi tạo ở {settings.state}. Chép {Home(settings.state).public_key} cho người kiểm tra.")


@people.command()
def enrol(
    person: Annotated[str, typer.Argument(help="Mã người, như P-003")],
    role: Annotated[Role, typer.Argument(help="Vai trò")],
    token: Annotated[bool, typer.Option("--token", help="Khóa nằm trong thiết bị PKCS#11 có nhãn là mã người")] = False,
    config: ConfigPath = None,
) -> None:
    """Ghi danh một người; hai người ký · enrol somebody; two persons sign."""
    settings = read_config(config)
    with (
        _office(settings) as office,
        prepared(settings, office, _ask_person(person, role, token=token), token=token) as record,
    ):
        enrol_person(office, record, _signer(office, settings))
    console.print(f"Đã ghi danh {person}.")


@people.command()
def revoke(person: str, reason: Reason = Reason.LEFT_SERVICE, config: ConfigPath = None) -> None:
    """Thu hồi một người; hai người ký · revoke somebody; two persons sign."""
    settings = read_config(config)
    with _office(settings) as office:
        revoke_person(office, person, reason, _signer(office, settings))
    console.print(f"Đã thu hồi {person}.")


@people.command()
def reset(person: str, reason: Reason = Reason.FORGOTTEN_PASSPHRASE, config: ConfigPath = None) -> None:
    """Cho một người bị khóa nhập lại mật khẩu; hai người ký · new tries for somebody who is locked."""
    settings = read_config(config)
    with _office(settings) as office:
        reset_attempts(office, person, reason, _signer(office, settings))
    console.print(f"{person} được nhập lại mật khẩu.")


@people.command(name="list")
def list_(config: ConfigPath = None) -> None:
    """Danh sách người được ghi danh, tính từ sổ · the register, computed from the ledger."""
    table = Table("mã", "tên", "vai trò", "trạng thái")
    for one in People(read_entries(Home(read_config(config).state).ledger)):
        table.add_row(one.id, escape(one.name), one.role.vi, "đã thu hồi" if one.revoked is not None else "đang dùng")
    out.print(table)


def _signer(office: Office, settings: StationConfig) -> Sign:
    return signer_at(RichTerminal(), office, Home(settings.state), settings.people_module)


@contextmanager
def _office(settings: StationConfig) -> Iterator[Office]:
    ledger, _ = open_ledger(settings, ask_passphrase("Mật khẩu khóa trạm"))
    with ledger:
        yield Office(ledger)


def _ask_person(person: str, role: Role, *, token: bool = False) -> NewPerson:
    name = str(typer.prompt(f"Họ tên của {person} ({role.vi})", err=True))
    number = str(typer.prompt("Số hiệu (chỉ lưu dạng băm)", err=True))
    secret = ask_passphrase(f"Mã PIN thiết bị của {person}") if token else new_passphrase(person)
    return NewPerson(person, name, role, number, secret)
