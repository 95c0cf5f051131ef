"""Brings the console's English catalogue in step with its templates: `python -m tools.catalogue`.

Words that are new come in empty, for a person to translate; words that nothing says any more go out. The compiled
catalogue is written beside it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from scanflow.ledger.catalogue.words import Found, Hint, Moment, PaperState
from scanflow.ledger.event import Weight
from scanflow.ledger.people import Reason, Role
from scanflow.levels import Level
from scanflow.station.batch import Outcome
from scanflow.station.demo import SIMULATED

CONSOLE = Path(__file__).resolve().parents[1] / "src/scanflow/console"
PO = CONSOLE / "locale/en/LC_MESSAGES/console.po"
MO = PO.with_suffix(".mo")
_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
_OPTIONS = {"templates/**.html": {"newstyle_gettext": "true", "trimmed": "true"}}


def words() -> set[str]:
    """Everything that the console says: in templates, in code (``N_``), and the closed lists of the house."""
    found = {str(message) for _, _, message, _, _ in _extracted()}
    for closed in (Role, Reason, Level, Outcome, Weight, Hint, Found, Moment, PaperState):
        found |= {one.vi for one in closed}
    return found | {SIMULATED}


def _extracted() -> Iterator[tuple[str, int, object, list[str], str | None]]:
    keywords = {"_": None, "N_": None, "gettext": None}
    return extract_from_dir(CONSOLE, method_map=_METHODS, options_map=_OPTIONS, keywords=keywords)


def catalogue() -> Catalog:
    """The English catalogue as it stands."""
    with PO.open("rb") as file:
        found = read_po(file, locale="en")
    found.creation_date = datetime(2026, 1, 1, tzinfo=UTC)  # the same words give the same bytes
    return found


def compiled(of: Catalog) -> bytes:
    """The catalogue as gettext reads it."""
    made = io.BytesIO()
    write_mo(made, of)
    return made.getvalue()


def main() -> None:
    """Update both files and say what is left to translate."""
    old = catalogue() if PO.exists() else Catalog(locale="en")
    new = Catalog(locale="en", header_comment="# What the console says, in English.", fuzzy=False)
    for word in sorted(words()):
        known = old.get(word)
        new.add(word, known.string if known is not None else "")
    with PO.open("wb") as file:
        write_po(file, new, width=0, omit_header=True, no_location=True)
    MO.write_bytes(compiled(catalogue()))
    for message in new:
        if message.id and not message.string:
            print(message.id)


if __name__ == "__main__":
    main()
