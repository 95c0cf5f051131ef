"""All commands, by theme."""

from __future__ import annotations

import typer

from scanflow.cli import (
    console_commands,
    ledger_commands,
    lists,
    machines,
    media_commands,
    office,
    paperwork,
    policy_commands,
    sealed,
    working,
)


def add_to(app: typer.Typer) -> None:
    """Register every command on ``app``."""
    working.add_to(app)
    app.command(name="console")(console_commands.console_)
    lists.add_to(app)
    sealed.add_to(app)
    office.add_to(app)
    app.command()(machines.drill)
    paperwork.add_to(app)
    for name, group, words in (
        ("media", media_commands.app, "thiết bị nhớ · approved media"),
        ("ledger", ledger_commands.app, "sổ nhật ký · the ledger"),
        ("scanner", machines.scanner, "máy quét · scanners"),
        ("stamps", machines.stamps, "dấu · stamp reader"),
        ("people", office.people, "người dùng · people"),
        ("keys", sealed.keys, "khóa và chứng thư · keys and certificates"),
        ("policy", policy_commands.app, "chính sách, người nhận · policy and recipients"),
        ("manifest", lists.manifest, "danh mục · handover lists"),
        ("forms", paperwork.forms, "sổ, thống kê, biên bản · registers, statistics, records"),
    ):
        app.add_typer(group, name=name, help=words)
