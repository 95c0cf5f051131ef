"""Signing at the terminal: a slip of the hand costs one try, not the whole act."""

from __future__ import annotations

import io
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console

from scanflow.cli import terminal as at_terminal
from scanflow.ledger.people import FileKey, KeyPlace
from scanflow.ledger.people.errors import UnknownPerson
from scanflow.station.desk import Notice, Tone
from scanflow.station.setup import Home


class Asked:
    """A terminal whose answers are written down beforehand."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)

    def text(self, question: str) -> str:
        return self.answers.pop(0)


@pytest.mark.parametrize("is_terminal", [True, False])
def test_progress_is_one_line_that_is_written_over(monkeypatch: pytest.MonkeyPatch, is_terminal: bool) -> None:
    shown = io.StringIO()
    console = Console(file=shown, force_terminal=is_terminal, width=60, color_system=None, legacy_windows=False)
    monkeypatch.setattr(at_terminal, "console", console)
    terminal = at_terminal.RichTerminal()
    for done in (1, 2):
        terminal.say(Notice(Tone.PROGRESS, f"xong {done}/2", ""))
    terminal.say(Notice(Tone.INFO, "niêm phong", ""))
    over = "\x1b[1G\x1b[2K"
    assert shown.getvalue() == (f"xong 1/2{over}xong 2/2{over}niêm phong\n" if is_terminal else "niêm phong\n")


def test_a_wrong_name_is_asked_for_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tried: list[str] = []

    def unlock(person: str, path: Path, passphrase: str) -> FileKey:
        tried.append(person)
        if person == "P-O01":
            raise UnknownPerson(person=person)
        return f"key of {person}"  # type: ignore[return-value]

    monkeypatch.setattr(at_terminal, "ask_passphrase", lambda _question: "x")
    monkeypatch.setattr(at_terminal, "sign", lambda statement, person, key: (person, key))
    enrolled = SimpleNamespace(person=lambda person: SimpleNamespace(place=KeyPlace.FILE))
    office = SimpleNamespace(unlock=unlock, people=enrolled)
    statement = SimpleNamespace(say_vi="x, M-0001, lý do: y")
    ask = at_terminal.signer_at(Asked("P-O01", "P-001", ""), office, Home(tmp_path))  # type: ignore[arg-type]
    assert ask(statement) == [("P-001", "key of P-001")]  # type: ignore[arg-type]
    assert tried == ["P-O01", "P-001"]
