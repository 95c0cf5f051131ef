"""The catalogue as a page for inspectors: ``docs/events.md`` is made of this (danh mục sự kiện)."""

from __future__ import annotations

from itertools import groupby

from scanflow.ledger import catalogue, kinds
from scanflow.ledger.event import CATALOGUE, Event, Intent, Outcome

_HEAD = """# Events of the ledger · Danh mục sự kiện của sổ nhật ký

Made from the code (`python -m scanflow.ledger.docs`); a test holds the two together. One line of the ledger
is one
event: `at` wall time (UTC), `boot` and `mono` the boot and the microseconds since it, `n` the entry's number,
`event` and `data` as below, and `act`: for an announced act its own number, for its outcome that of the act.

An event that is not here cannot be written, and no field can hold content: see the kinds of fields.
"""


def events_page() -> str:
    """The whole page, Markdown."""
    parts = [_HEAD]
    for theme, events in groupby(sorted(CATALOGUE.values(), key=_theme), key=_theme):
        parts.append(f"\n## {theme}\n")
        parts += [_event(one) for one in events]
    parts.append("\n## Words · Các từ\n")
    parts += [_word(one) for one in _words()]
    return "\n".join(parts) + "\n"


def _theme(one: type[Event]) -> str:
    return one.id.partition(".")[0]


def _event(one: type[Event]) -> str:
    lines = [f"### `{one.id}` · {one.weight.vi}\n", (one.__doc__ or "").strip().split("\n")[0] + "\n"]
    if issubclass(one, Intent):
        lines.append("Announced before the act · Ghi trước khi làm.\n")
    if issubclass(one, Outcome):
        closes = ", ".join(f"`{intent.id}`" if intent is not Intent else "any announced act" for intent in one.closes)
        lines.append(f"Outcome of · Kết quả của: {closes}.\n")
    lines += [f"- vi: {one.vi}", f"- en: {one.en}", ""]
    fields = kinds.plan(one)
    if fields:
        lines += ["| field | kind |", "|---|---|"]
        lines += [f"| `{f.name}` | {f.kind.name}{', may be absent' if f.optional else ''} |" for f in fields]
        lines.append("")
    return "\n".join(lines)


def _words() -> list[type[kinds.Word]]:
    found = [one for one in vars(catalogue).values() if isinstance(one, type) and issubclass(one, kinds.Word)]
    return sorted((one for one in found if one is not kinds.Word), key=lambda one: one.__name__)


def _word(one: type[kinds.Word]) -> str:
    lines = [f"### {one.__name__}\n", (one.__doc__ or "").strip().split("\n")[0] + "\n"]
    return "\n".join([*lines, *(f"- `{member.value}`: {member.vi}" for member in one), ""])


if __name__ == "__main__":
    import sys

    sys.stdout.write(events_page())
