"""Commands on the ledger: verify, head, cosign, open, close, prove, verify-receipt, inspect, export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from scanflow.cli.options import AsJson, ConfigPath, read_config
from scanflow.cli.says import console, json_line, out, refusal
from scanflow.cli.terminal import ask_passphrase
from scanflow.errors import ExitCode
from scanflow.ledger import Verifier, verify_receipt
from scanflow.ledger import verify as verify_ledger
from scanflow.ledger.catalogue import Found
from scanflow.ledger.inspect.bundle import export_bundle, verify_bundle
from scanflow.ledger.inspect.overview import overview_of
from scanflow.ledger.lines import read_entries
from scanflow.ledger.people import Office
from scanflow.ledger.verify import Report
from scanflow.station.leftopen import left_open
from scanflow.station.personal import unlocked
from scanflow.station.setup import Home, open_ledger, public_key_of

app = typer.Typer(no_args_is_help=True)

LedgerFile = Annotated[Path | None, typer.Argument(metavar="[LEDGER]", help="Tệp sổ; mặc định của trạm")]
KeyFile = Annotated[Path | None, typer.Option("--key", help="Khóa công khai của trạm (station.vkey)")]


@app.command()
def verify(
    ledger: LedgerFile = None,
    key: KeyFile = None,
    against: Annotated[list[Path] | None, typer.Option(help="Đầu sổ, biên nhận giữ ở nơi khác")] = None,
    config: ConfigPath = None,
) -> int:
    """Kiểm tra sổ, đối chiếu với các đầu sổ giữ ở nơi khác · verify the ledger against heads held elsewhere."""
    path, verifier = _which(ledger, key, config)
    if path.suffix == ".zip":
        return _show(verify_bundle(path, verifier, against or ()))
    return _show(verify_ledger(path, verifier, against or ()))


def _show(report: Report) -> int:
    for fault in report.faults:
        refusal(fault)
    for head in report.heads:
        state = "khớp" if head.fault is None else "KHÔNG KHỚP"
        out.print(f"  đầu sổ {escape(head.source)}: {head.size} mục, {state}")
    if report.faults:
        return ExitCode.LEDGER
    out.print(f"Sổ nguyên vẹn: {report.size} mục, gốc {report.root.hex()}.")
    out.print(f"{report.vouched} mục đầu có đầu sổ giữ ở nơi khác bảo đảm; các mục sau chỉ an toàn như ổ đĩa của trạm.")
    return ExitCode.OK


@app.command()
def head(config: ConfigPath = None) -> None:
    """In đầu sổ hiện tại · print the present head."""
    path = Home(read_config(config).state).ledger
    out.print(path.with_name(path.name + ".head").read_text(encoding="utf-8"), end="", soft_wrap=True, markup=False)


@app.command()
def prove(entry: int, config: ConfigPath = None) -> None:
    """Biên nhận chứng minh một mục nằm trong sổ · a receipt that an entry is in the ledger."""
    ledger, _ = open_ledger(read_config(config), ask_passphrase("Mật khẩu khóa trạm"))
    with ledger:
        out.print(ledger.prove(entry).text.decode(), end="", soft_wrap=True, markup=False)


@app.command(name="open")
def open_(ledger: LedgerFile = None, config: ConfigPath = None) -> int:
    """Việc dở dang: đã ghi trước mà chưa có kết quả · acts that were announced and have no outcome."""
    left = left_open(ledger or Home(read_config(config).state).ledger)
    for act in left:
        out.print(f"{act.entry.n:>6} {act.entry.at[:19]} {escape(act.entry.event.say_vi)}")
        out.print(f"       {escape(act.known.vi)} {escape(act.look.vi)}", soft_wrap=True)
    if not left:
        out.print("Không có việc dở dang.")
    return ExitCode.LEDGER if left else ExitCode.OK


@app.command()
def close(
    entry: Annotated[int, typer.Argument(help="Số mục, theo scanflow ledger open")],
    found: Annotated[Found, typer.Argument(help="Thực tế: done · not_done · partly")],
    person: Annotated[str, typer.Option(help="Mã người đã kiểm tra")],
    config: ConfigPath = None,
) -> None:
    """Một người kiểm tra thực tế rồi đóng một việc dở dang · somebody looked, and closes an act left open."""
    settings = read_config(config)
    ledger, _ = open_ledger(settings, ask_passphrase("Mật khẩu khóa trạm"))
    with ledger:
        office = Office(ledger)
        secret = ask_passphrase(f"Mật khẩu hoặc mã PIN của {person}")
        with unlocked(office, Home(settings.state), settings.people_module, person, secret):
            closed = office.close_act(entry, person, found)
    console.print(f"Mục {entry}: {escape(closed.event.say_vi)}")


@app.command()
def cosign(person: Annotated[str, typer.Argument(help="Mã người ký")], config: ConfigPath = None) -> None:
    """In đầu sổ hiện tại có thêm chữ ký của một người · the present head, cosigned by somebody who was shown it."""
    settings = read_config(config)
    ledger, _ = open_ledger(settings, ask_passphrase("Mật khẩu khóa trạm"))
    with ledger:
        office = Office(ledger)
        key = office.unlock(person, Home(settings.state).person_key(person), ask_passphrase(f"Mật khẩu của {person}"))
        head = office.cosign(ledger.head(), person, key)
        out.print(str(head), end="", soft_wrap=True, markup=False)


@app.command(name="verify-receipt")
def verify_receipt_(receipt: Path, key: KeyFile = None, config: ConfigPath = None) -> None:
    """Kiểm tra một biên nhận ở máy khác · verify a receipt with nothing but it and the public key."""
    _, verifier = _which(receipt, key, config)
    found = verify_receipt(receipt.read_bytes(), verifier)
    out.print(f"Biên nhận đúng: mục {found.n}, {found.at}. {escape(found.event.say_vi)}")


@app.command()
def show(ledger: LedgerFile = None, config: ConfigPath = None, as_json: AsJson = False) -> None:
    """Đọc sổ bằng lời · read the ledger in words."""
    path = ledger or Home(read_config(config).state).ledger
    for entry in read_entries(path):
        if as_json:
            json_line({"n": entry.n, "at": entry.at, "event": entry.event.id, "vi": entry.event.say_vi})
        else:
            out.print(f"{entry.n:>6} {entry.at[:19]} {escape(entry.event.say_vi)}")


@app.command()
def inspect(ledger: LedgerFile = None, config: ConfigPath = None) -> None:
    """Tổng quan cho người kiểm tra · the inspector's view: batches, route-outs, refusals, differences."""
    found = overview_of(ledger or Home(read_config(config).state).ledger)
    table = Table("đợt", "mở", "kết thúc", "khai", "nạp", "tách riêng", "lệch", "niêm phong", "giao")
    for batch in found.batches.values():
        end = "đang làm" if batch.end is None else batch.end.vi
        cells = (batch.fed, batch.routed_out, batch.differing, batch.sealed, batch.delivered)
        table.add_row(batch.id, batch.opened_at[:16], end, str(batch.declared or "–"), *map(str, cells))
    out.print(table)
    for route in found.route_outs:
        out.print(f"tách riêng: mục {route.entry}, đợt {route.batch}, tờ {route.sheet}, {route.reason.vi}")
    for difference in found.differences:
        signers = f", ký: {', '.join(difference.signed_by)}" if difference.signed_by else ""
        how = difference.settled or "chưa xử lý"
        out.print(f"lệch: mục {difference.entry}, {difference.document}, {how}{signers}")
    for entry in found.refusals:
        out.print(f"từ chối: mục {entry.n}, {escape(entry.event.say_vi)}")


@app.command()
def export(target: Path, person: Annotated[str, typer.Option(help="Mã người nhận")], config: ConfigPath = None) -> None:
    """Xuất hồ sơ chứng cứ tự kiểm tra được · export a self-contained evidence bundle."""
    ledger, _ = open_ledger(read_config(config), ask_passphrase("Mật khẩu khóa trạm"))
    with ledger:
        digest = export_bundle(ledger, target, person)
    console.print(f"Đã xuất {escape(str(target))}, SHA-256 {digest}.")


def _which(ledger: Path | None, key: Path | None, config: Path | None) -> tuple[Path, Verifier]:
    """The ledger and the key to check it with; a key beside the ledger's folder is found by itself."""
    if ledger is None:
        home = Home(read_config(config).state)
        return home.ledger, public_key_of(home)
    if key is None:
        return ledger, public_key_of(Home(ledger.parent))
    return ledger, Verifier.parse(key.read_text(encoding="ascii").strip())
