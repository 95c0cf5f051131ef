"""The language switch is whole: every page at every question of a batch, read in each language."""

from __future__ import annotations

import re
from html import unescape

import pytest
from tests.console.kit import Client, Served, serve
from tests.console.test_batch import reply, start
from tests.house.test_languages import in_english, in_vietnamese
from tests.station.conftest import (
    INSPECTOR,
    OPERATOR,
    PLAIN,
    SECRET,
    SHEET,
    SUPERVISOR,
    UNREADABLE,
    Paper,
    Room,
    listed,
    row,
    separator,
)

from scanflow.console.questions import WHO, Kind, Question
from scanflow.levels import Level
from scanflow.scanner.errors import FeederJammed
from scanflow.station.demo import _CAST

OFFICER = "P-001"
PAGES = {
    OPERATOR: ("/",),
    SUPERVISOR: ("/", "/supervisor", "/papers", "/list"),
    OFFICER: ("/security",),
    INSPECTOR: ("/ledger",),
}
DATA = (
    *(name for name, _ in _CAST.values()),
    "Trạm thử",
    "CƠ QUAN MẪU A",
    "Tiếng Việt",
    "English",
    "MÔ PHỎNG (simulated)",
)
"""What is written as it is on every screen: names, and the label of simulated sticks, which is in both languages."""


def words_of(page: str) -> str:
    """What a page says, names of people and places left out; the words of its attributes too."""
    said = re.sub(r"<title>.*?</title>|<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    attributes = " ".join(re.findall(r'(?:alt|aria-label|title)="([^"]*)"', said))
    text = unescape(re.sub(r"<[^>]*>", " ", said) + " " + attributes)
    for name in DATA:
        text = text.replace(name, " ")
    return " ".join(text.split())


def sentences(page: str, wrong: object) -> list[str]:
    """The pieces of a page that are in the wrong language."""
    assert callable(wrong)
    pieces = [
        words_of(piece) for piece in re.split(r"</(?:p|td|th|li|h1|h2|button|label|option|dd|dt|a|summary)>", page)
    ]
    return [piece for piece in pieces if wrong(piece)]


class Readers:
    """Somebody of each role, who reads every own page in one language."""

    def __init__(self, console: Served, language: str) -> None:
        self.clients = {person: console.client(person) for person in PAGES}
        self.stranger = console.client()
        for client in (*self.clients.values(), self.stranger):
            assert client.post("/language", to=language).status == 303
        self.wrong = in_vietnamese if language == "en" else in_english
        self.read = 0

    def look(self) -> None:
        for person, paths in PAGES.items():
            for path in paths:
                self._judge(self.clients[person], path)
        self._judge(self.stranger, "/")

    def refused(self, reader: str, path: str, **form: str) -> None:
        answer = self.clients[reader].post(path, **form)
        assert answer.status >= 400, path
        assert sentences(answer.body.decode(), self.wrong) == []

    def _judge(self, client: Client, path: str) -> None:
        answer = client.get(path)
        assert answer.status == 200
        assert sentences(answer.body.decode(), self.wrong) == []
        self.read += 1


ANSWERS = {
    Kind.LOAD: {"do": "yes"}, Kind.TRAY: {"do": "yes"}, Kind.STICK: {"do": "yes"}, Kind.TAKE_OUT: {"sheets": "0"},
    Kind.HELD: {"level": "MAT"}, Kind.DOWNGRADE: {"do": "no"}, Kind.SAMPLE: {"level": "MAT"},
    Kind.DIFFERENCE: {"do": "sign", "reason": "sheet_missing"},
}  # fmt: skip


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_of_a_batch_speaks_one_language(room: Room, language: str) -> None:
    manifest = listed(row(1, 2), row(2, 2), row(3, 1), row(4, 2), row(5, 1))
    pile = [
        separator(manifest, 1), SHEET, SHEET, separator(manifest, 2), SHEET, SECRET,
        separator(manifest, 3), Paper(UNREADABLE, PLAIN), separator(manifest, 4), SHEET, separator(manifest, 5), SHEET,
    ]  # fmt: skip
    foreign = room.other_stick("foreign")
    with serve(room, pile, manifest, faults={8: FeederJammed}, sticks=[foreign, room.stick]) as console:
        readers = Readers(console, language)
        readers.look()
        readers.refused(OPERATOR, "/batch", list="nothing.xlsx")
        readers.refused(OPERATOR, "/media")
        readers.refused(OFFICER, "/people", person="P-070")
        readers.refused(OFFICER, "/sign-in", person="P-099", passphrase="x")
        readers.clients[OFFICER] = console.client(OFFICER)
        readers.clients[OFFICER].post("/language", to=language)
        start(console)
        seen: set[Kind] = set()
        while (live := console.wait(lambda one: one.question is not None or not one.job)).job:
            question = live.question
            assert question is not None
            seen.add(question.kind)
            readers.look()
            _answer(console, readers, question)
            console.wait(lambda one, number=question.number: one.question is None or one.question.number != number)
        readers.look()
        assert {Kind.LOAD, Kind.TRAY, Kind.TAKE_OUT, Kind.HELD, Kind.SIGN, Kind.DIFFERENCE, Kind.STICK} <= seen
        assert readers.read > 50


def _answer(console: Served, readers: Readers, question: Question) -> None:
    if question.kind is Kind.SIGN:
        for person in (SUPERVISOR, OFFICER)[: question.needed]:
            assert readers.clients[SUPERVISOR].sign(person).status == 303
        return
    if question.kind is Kind.HELD:
        console.hands.decided[question.about.sheet, question.about.face] = Level.MAT
    person = OPERATOR if WHO[question.kind] == WHO[Kind.LOAD] else SUPERVISOR
    reply(console, readers.clients[person], question.kind, **ANSWERS[question.kind])


def test_the_readers_would_see_the_wrong_language() -> None:
    page = '<p>Take the paper out.</p><p>Lấy giấy ra.</p><img alt="Mặt trước">'
    assert sentences(page, in_vietnamese) == ["Lấy giấy ra.", "Mặt trước"]
    assert sentences(page, in_english) == ["Take the paper out."]
    assert sentences(f"<b>{DATA[0]}</b>", in_vietnamese) == []
