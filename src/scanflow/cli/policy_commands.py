"""Commands on the policy: what was signed for, and signing for what changed."""

from __future__ import annotations

import typer

from scanflow.cli.options import ConfigPath, read_config
from scanflow.cli.says import console, out
from scanflow.cli.terminal import RichTerminal, ask_passphrase, signer_at
from scanflow.errors import ExitCode
from scanflow.ledger.people import Office, Reason
from scanflow.station import policy
from scanflow.station.setup import Home, open_ledger

app = typer.Typer(no_args_is_help=True)


@app.command()
def show(config: ConfigPath = None) -> int:
    """Chính sách và người nhận đang dùng có đúng bản đã duyệt không · is what is in use what was signed for."""
    settings = read_config(config)
    now, signed = policy.present(settings), policy.adopted_of(Home(settings.state).ledger)
    for what, one, other in (
        ("chính sách", now.policy, signed.policy),
        ("người nhận", now.recipients, signed.recipients),
    ):
        state = "đúng bản đã duyệt" if one == other else "CHƯA DUYỆT"
        out.print(f"{what}: {state}\n  đang dùng {one}\n  đã duyệt  {other or '–'}")
    return ExitCode.OK if now == signed else ExitCode.NOT_AUTHORISED


@app.command()
def adopt(reason: Reason = Reason.ORDERED, config: ConfigPath = None) -> None:
    """Duyệt cấu hình, quy định, người nhận đã đổi; hai người ký từng việc · two persons sign for what changed."""
    settings = read_config(config)
    ledger, _ = open_ledger(settings, ask_passphrase("Mật khẩu khóa trạm"))
    with ledger:
        office = Office(ledger)
        done = policy.adopt(
            settings, office, reason, signer_at(RichTerminal(), office, Home(settings.state), settings.people_module)
        )
    console.print(f"Đã duyệt: {', '.join(one.vi for one in done)}." if done else "Không có gì thay đổi.")
