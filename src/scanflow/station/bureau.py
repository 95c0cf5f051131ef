"""Where forms are drawn up: whose they are, who acts in them, and the head that leaves with each (nơi lập biểu)."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from scanflow.errors import Words
from scanflow.forms import Paper, Person, Tables, load_tables, render_pdf, render_xlsx
from scanflow.forms.facts import Office as Body
from scanflow.ledger import Ledger
from scanflow.ledger import catalogue as events
from scanflow.ledger.catalogue import HeadCarrier, Role
from scanflow.ledger.people import Office
from scanflow.station.config import StationConfig


@dataclass(frozen=True, slots=True)
class Bureau:
    """What every form needs beside its own facts.

    Attributes:
        config: whose station it is.
        ledger: where what is on paper is on the record.
        office: the people.
        now: the wall clock.
    """

    config: StationConfig
    ledger: Ledger
    office: Office
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    @property
    def body(self) -> Body:
        """The body in the head of the form."""
        return Body(self.config.superior, self.config.body, self.config.place)

    @property
    def tables(self) -> Tables:
        """The columns of every table, from the dated rules.

        Raises:
            TableFault: they cannot be used.
        """
        return load_tables(self.config.rules / "registers.toml")

    @property
    def at(self) -> datetime:
        """The local time, as a form states it."""
        return self.now().astimezone()

    def issue_head(self) -> str:
        """The ledger's head, for one form; that it leaves the room on paper is recorded first."""
        head = self.ledger.head()
        self.ledger.record(events.HeadIssued(size=head.size, root=head.root.hex(), carrier=HeadCarrier.FORM))
        return str(head)

    def person(self, person: str) -> Person:
        """Somebody enrolled, also when revoked since; a line to be filled in by hand for anybody else."""
        found = next((one for one in self.office.people if one.id == person), None)
        return Person("", "") if found is None else Person(found.name, found.role.vi)

    def someone(self, role: Role) -> Person:
        """The one person in service with this role, or a line to be filled in by hand."""
        found = [one for one in self.office.people if one.role is role and one.revoked is None]
        return Person(found[0].name, role.vi) if len(found) == 1 else Person("", role.vi)


@dataclass(frozen=True, slots=True)
class Draft:
    """A form that can be drawn up now (biểu lập được).

    Attributes:
        stem: of its file's name.
        title: for who chooses it.
        draw_up: makes it; that a head of the ledger leaves with it goes on record then, and not before.
    """

    stem: str
    title: Words
    draw_up: Callable[[], Paper]


def file_form(paper: Paper, folder: Path, stem: str) -> tuple[Path, Path]:
    """Write a form as PDF/A and as workbook, for its owner only; an older one of that name is replaced whole.

    Raises:
        FormError: it cannot be set; nothing is written.
        OSError: the folder cannot be written to.
    """
    made = {folder / f"{stem}.pdf": render_pdf(paper), folder / f"{stem}.xlsx": render_xlsx(paper)}
    folder.mkdir(parents=True, exist_ok=True)
    for path, data in made.items():
        part = path.with_name(path.name + ".part")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "wb") as file:
            file.write(data)
        part.replace(path)
    first, second = made
    return first, second
