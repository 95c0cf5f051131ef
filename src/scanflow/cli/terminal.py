"""The terminal as a person uses it: prompts when somebody is there, safe answers when nobody is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import typer
from rich.control import Control
from rich.markup import escape
from rich.prompt import Confirm, IntPrompt, Prompt
from rich.segment import ControlType

from scanflow.cli.says import console, refusal
from scanflow.errors import ScanflowError
from scanflow.ledger.people import Office, PersonSignature, Statement, sign
from scanflow.station.desk import Notice, Tone
from scanflow.station.personal import unlocked
from scanflow.station.setup import Home
from scanflow.station.termdesk import Terminal

_STYLES = {
    Tone.PROGRESS: "dim cyan",
    Tone.INFO: "cyan",
    Tone.GOOD: "green",
    Tone.STOP: "bold yellow",
    Tone.ALARM: "bold white on red",
}


class RichTerminal:
    """Prompts on a real terminal."""

    def __init__(self) -> None:
        self._progress = False

    @property
    def attended(self) -> bool:
        """Whether a person can answer."""
        return sys.stdin.isatty()

    def say(self, notice: Notice) -> None:
        """Print a notice in its colour; progress in one line that is written over, and not at all into a file."""
        progress = notice.tone is Tone.PROGRESS
        if progress and not console.is_terminal:
            return
        self._wipe()
        console.print(f"[{_STYLES[notice.tone]}]{escape(notice.vi)}[/]", end="" if progress else "\n")
        self._progress = progress

    def _wipe(self) -> None:
        """Take the line of progress away."""
        if self._progress:
            console.control(Control.move_to_column(0), Control((ControlType.ERASE_IN_LINE, 2)))
            self._progress = False

    def confirm(self, question: str) -> bool:
        """Yes or no; no when nobody is there."""
        self._wipe()
        return self.attended and Confirm.ask(escape(question), console=console, default=False)

    def number(self, question: str) -> int:
        """A count."""
        self._wipe()
        return IntPrompt.ask(escape(question), console=console, default=0) if self.attended else 0

    def choice(self, question: str, options: Sequence[str]) -> str:
        """One of ``options``."""
        self._wipe()
        if not self.attended:
            return options[0]
        return Prompt.ask(escape(question), console=console, choices=list(options), default=options[0])

    def text(self, question: str) -> str:
        """A word."""
        self._wipe()
        ask = partial(Prompt.ask, console=console, default="", show_default=False)
        return ask(escape(question)) if self.attended else ""


def ask_passphrase(question: str) -> str:
    """Ask for a passphrase without echo; from a pipe, the first line of it. Never from arguments or environment."""
    if sys.stdin.isatty():
        return str(typer.prompt(question, hide_input=True, err=True))
    return sys.stdin.readline().rstrip("\n")


def signer_at(
    terminal: Terminal, office: Office, home: Home, module: Path | None = None
) -> Callable[[Statement], list[PersonSignature]]:
    """Asks one person after the other to sign; an empty id ends the round. ``module`` opens persons' tokens."""

    def ask(statement: Statement) -> list[PersonSignature]:
        given: list[PersonSignature] = []
        console.print(f"Ký duyệt: {escape(statement.say_vi)}")
        while person := terminal.text("Mã người ký (để trống khi đủ)"):
            try:
                secret = ask_passphrase(f"Mật khẩu hoặc mã PIN của {person}")
                with unlocked(office, home, module, person, secret) as key:
                    given.append(sign(statement, person, key))
            except ScanflowError as why:  # a slip of the hand ends one signature, not the act; tries are counted
                refusal(why)
        return given

    return ask


def new_passphrase(of: str) -> str:
    """Ask twice for a new passphrase.

    Raises:
        typer.BadParameter: the two differ.
    """
    first = ask_passphrase(f"Mật khẩu mới cho {of} (ít nhất 12 ký tự)")
    if first != ask_passphrase("Nhập lại"):
        raise typer.BadParameter("hai lần nhập khác nhau")
    return first
