"""Commands on sealed documents: open, rehearse, print copies, keys."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from scanflow.cli.options import ConfigPath, read_config
from scanflow.cli.says import console, out
from scanflow.cli.terminal import RichTerminal, ask_passphrase, new_passphrase, signer_at
from scanflow.errors import ExitCode
from scanflow.ledger.people import Office
from scanflow.manifest import read_manifest
from scanflow.sealing import (
    CmsSealer,
    Container,
    SoftwareKey,
    list_recipients,
    load_certificate,
    load_private_key,
    open_container,
    openssl_line,
)
from scanflow.sealing.drill import rehearse as rehearse_set
from scanflow.sealing.errors import KeyUnusable
from scanflow.sealing.keys import Algorithm, load, new_ca, new_certificate, save
from scanflow.sealing.printcopy import CopyEntry, CopyForm
from scanflow.station.copying import PrinterAt, SealedDocument, Wish, print_copies
from scanflow.station.dossiers import load_dossiers
from scanflow.station.packing import pack_dossier
from scanflow.station.setup import Home, open_ledger, recipients_of

keys = typer.Typer(no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Register the commands that are no group."""
    app.command(name="open")(open_)
    app.command(name="print-copy")(print_copy)
    app.command(name="package")(package)


def open_(
    container: Annotated[Path, typer.Argument(metavar="FILE.p7m", help="Một gói; với --rehearse cả thư mục")],
    certificate: Annotated[Path, typer.Option("--recip", help="Chứng thư người nhận, PEM")],
    key: Annotated[Path, typer.Option("--key", help="Khóa riêng, PEM")],
    target: Annotated[Path | None, typer.Option("--out", "-o", help="Tệp PDF")] = None,
    rehearse: Annotated[bool, typer.Option("--rehearse", help="Diễn tập khôi phục: mở rồi bỏ")] = False,
) -> int:
    """Mở một gói đã niêm phong · open a sealed document; nothing is written before it verified."""
    if container.is_dir() and rehearse:
        return _rehearse_all(container, certificate, key)
    data = container.read_bytes()
    plain = open_container(data, load_certificate(certificate.read_bytes()), _private(key))
    if rehearse:
        console.print(f"Diễn tập đạt: {escape(container.name)} mở được, {len(plain)} byte. Không ghi gì ra đĩa.")
        return ExitCode.OK
    path = target or container.with_suffix(".pdf")
    write_new(path, plain)
    console.print(f"Đã mở ra {escape(str(path))}. Tệp này không còn được bảo vệ.")
    return ExitCode.OK


def write_new(path: Path, data: bytes) -> None:
    """Make a file for its owner only; whole, or not at all.

    Raises:
        OSError: it exists, or cannot be written; what was begun is gone.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
    except OSError as fault:
        path.unlink()
        fault.filename = str(path)
        raise


def _rehearse_all(folder: Path, certificate: Path, key: Path) -> int:
    """The recovery drill over every container below a folder (a stick, a backup set); nothing is written."""
    recovery, private = load_certificate(certificate.read_bytes()), _private(key)
    sets: dict[Path, dict[str, bytes]] = {}
    for path in sorted(folder.rglob("*.p7m")):
        sets.setdefault(path.parent, {})[path.stem] = path.read_bytes()
    reports = {place: rehearse_set(containers, recovery, private) for place, containers in sets.items()}
    for place, report in reports.items():
        for one in report.results:
            said = f"{one.pages} trang" if one.code is None else f"[bold red]{one.code}[/]"
            out.print(f"{escape(str(place / one.name))}: {said}")
    passed = bool(reports) and all(report.passed for report in reports.values())
    opened = sum(one.code is None for report in reports.values() for one in report.results)
    console.print(f"Diễn tập {'đạt' if passed else 'KHÔNG ĐẠT'}: {opened} gói mở được. Không ghi gì ra đĩa.")
    return ExitCode.OK if passed else ExitCode.SEALING


def _private(path: Path) -> SoftwareKey:
    pem = path.read_bytes()
    try:
        return load_private_key(pem, None)
    except KeyUnusable:
        return load_private_key(pem, ask_passphrase("Mật khẩu khóa riêng"))


def print_copy(
    container: Annotated[Path, typer.Argument(metavar="FILE.p7m")],
    certificate: Annotated[Path, typer.Option("--recip", help="Chứng thư người nhận, PEM")],
    key: Annotated[Path, typer.Option("--key", help="Khóa riêng, PEM")],
    operator: Annotated[str, typer.Option(help="Mã người in bản sao · person id")],
    authority: Annotated[str, typer.Option(help="Chức vụ của người cho phép sao")],
    addressees: Annotated[list[str], typer.Option("--to", help="Nơi nhận; mỗi nơi một bản")],
    printer: Annotated[Path, typer.Option(help="Thiết bị máy in (/dev/usb/lp0) hoặc thư mục trong RAM")],
    form: Annotated[CopyForm, typer.Option(help="Hình thức sao")] = CopyForm.ORIGINAL,
    config: ConfigPath = None,
) -> None:
    """In bản sao từ một gói, đủ dấu và vào sổ · print copies with the copy marks; two persons sign."""
    settings = read_config(config)
    target = PrinterAt(printer)
    wish = Wish(form, authority, tuple(addressees), operator)
    ledger, _ = open_ledger(settings, ask_passphrase("Mật khẩu khóa trạm"))
    with ledger:
        office, terminal = Office(ledger), RichTerminal()
        document = SealedDocument.opened(
            container.read_bytes(), load_certificate(certificate.read_bytes()), _private(key), office
        )
        sign = signer_at(terminal, office, Home(settings.state), settings.people_module)

        def well(entry: CopyEntry) -> bool:
            return terminal.confirm(f"Bản sao số {entry.number:02d} in ra tốt? Bản hỏng phải hủy ngay và in lại.")

        entries = print_copies(document, wish, office, settings, date.today(), sign, target, well)
    numbers = ", ".join(f"{one.number:02d}" for one in entries)
    console.print(f"Đã in {len(entries)} bản sao (số {numbers}) và trang vào sổ quản lý sao, chụp. Đưa ký và đóng dấu.")


def package(
    handover: Annotated[Path, typer.Argument(metavar="LIST", help="Danh mục có đủ tài liệu của hồ sơ")],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Thư mục chứa các gói .p7m")],
    dossiers: Annotated[Path, typer.Option(help="Tệp thông tin hồ sơ (TOML)")],
    certificate: Annotated[Path, typer.Option("--recip", help="Chứng thư người nhận, PEM")],
    key: Annotated[Path, typer.Option("--key", help="Khóa riêng, PEM")],
    target: Annotated[Path, typer.Option("--out", "-o", help="Nơi ghi gói lưu trữ")] = Path(),
    config: ConfigPath = None,
) -> None:
    """Đóng gói hồ sơ lưu trữ AIP từ các gói · make the sealed archival packages of dossiers from their containers."""
    settings, manifest, records = read_config(config), read_manifest(handover), load_dossiers(dossiers)
    ledger, _ = open_ledger(settings, ask_passphrase("Mật khẩu khóa trạm"))
    with ledger:
        holder = load_certificate(certificate.read_bytes()), _private(key)
        sealer = CmsSealer(recipients_of(settings), load_certificate(settings.sealing.ca.read_bytes()))

        def place(sealed: Container) -> Path:
            return target / f"{sealed.name}.p7m"

        def keep(sealed: Container) -> None:
            write_new(place(sealed), sealed.data)

        for record in records.values():
            made = pack_dossier(record, manifest, folder, holder, sealer, ledger, keep)
            console.print(
                f"Đã đóng gói hồ sơ {escape(record.code)}: {escape(str(place(made)))}, {len(made.data)} byte."
            )


@keys.command()
def ca(folder: Path, name: Annotated[str, typer.Option(help="Tên CA")] = "scanflow site CA") -> None:
    """Tạo CA của cơ sở (khi chưa có chứng thư công vụ) · make a site CA."""
    certificate, key = save(new_ca(name), folder, "ca", passphrase=new_passphrase("CA"))
    console.print(f"{certificate}\n{key}")


@keys.command()
def new(
    folder: Path,
    stem: Annotated[str, typer.Argument(help="Tên tệp")],
    name: Annotated[str, typer.Argument(help="Tên người giữ")],
    rsa: Annotated[bool, typer.Option("--rsa", help="RSA cho thiết bị không có EC")] = False,
) -> None:
    """Cấp khóa và chứng thư người nhận · issue a recipient's key and certificate."""
    authority = load(folder, "ca", passphrase=ask_passphrase("Mật khẩu CA"))
    algorithm = Algorithm.RSA if rsa else Algorithm.EC_P384
    made = new_certificate(authority, name, algorithm=algorithm)
    certificate, key = save(made, folder, stem, passphrase=new_passphrase(name))
    console.print(f"{certificate}\n{key}")


@keys.command()
def recipients(container: Annotated[Path, typer.Argument(metavar="FILE.p7m")]) -> None:
    """Gói này ai mở được, và lệnh openssl để mở · who can open a container, and the line that opens it."""
    for one in list_recipients(container.read_bytes()):
        out.print(escape(str(one)))
    out.print(openssl_line(str(container), "me.crt.pem", "me.key.pem"), soft_wrap=True, markup=False)
