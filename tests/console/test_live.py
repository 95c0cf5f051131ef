"""No change is missed by a screen: what changes while a page is read, while somebody stands in a part of it, after a loss."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect
from tests.console.kit import Client, Served, serve
from tests.console.screens import Screen, chromium
from tests.console.test_people import NEW, OFFICERS, signed
from tests.console.test_shut import client_of, config, form, shut
from tests.station.conftest import CUSTODIAN, INSPECTOR, OPERATOR, SUPERVISOR, Room

from scanflow.console.board import Board
from scanflow.console.questions import Kind
from scanflow.console.roles import PAGES
from scanflow.console.shut import Shut
from scanflow.console.visits import Visit

__all__ = ["config", "shut"]
During = Callable[[Callable[[], object]], None]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture
def console(room: Room) -> Iterator[Served]:
    with serve(room, []) as served:
        yield served


@pytest.fixture
def during(monkeypatch: pytest.MonkeyPatch) -> During:
    """Has something happen within the next page: what it shows was looked up, and it is not drawn yet."""
    drawn = Visit.page
    waiting: list[Callable[[], object]] = []

    def page(visit: Visit[Room], *args: object, **values: object) -> object:
        if waiting:
            waiting.pop()()
        return drawn(visit, *args, **values)  # type: ignore[arg-type]

    monkeypatch.setattr(Visit, "page", page)
    return waiting.append


def newer(client: Client, board: Board, path: str, words: str) -> None:
    """The next page of ``path`` is drawn from what was, and its version says so; the one after shows ``words``."""
    page = client.get(path).text
    said = re.search(r'data-version="([0-9]+)"', page)
    assert said is not None
    assert words not in page, "it was looked up before the change"
    assert int(said[1]) < board.live().version, "the event stream says another version, and the page reads itself anew"
    assert words in client.get(path).text


def test_a_person_enrolled_while_the_page_is_read_comes_onto_it(console: Served, during: During) -> None:
    officer, second = (console.client(one) for one in OFFICERS)
    assert officer.post("/people", **NEW).status == 303
    console.asked(Kind.SIGN)
    assert officer.sign(OFFICERS[0]).status == 303
    during(lambda: signed(console, second, OFFICERS[1]))
    newer(officer, console.room.board, "/security", f"<td>{NEW['name']}</td>")


def test_a_medium_revoked_while_the_page_is_read_goes_from_it(console: Served, during: During) -> None:
    officer, second = (console.client(one) for one in OFFICERS)
    assert officer.post("/media/revoked", name="M-0001", reason="lost").status == 303
    console.asked(Kind.SIGN)
    assert officer.sign(OFFICERS[0]).status == 303
    during(lambda: signed(console, second, OFFICERS[1]))
    newer(officer, console.room.board, "/security", "<td>đã thu hồi</td>")


def test_who_signs_out_while_the_page_is_read_goes_from_it(console: Served, during: During) -> None:
    operator = console.client(OPERATOR)
    other = Client(console.host, dict(operator.cookies), operator.csrf)
    during(lambda: other.post("/sign-out"))
    newer(operator, console.room.board, "/", "Đăng nhập")


def test_an_act_closed_while_the_page_is_read_goes_from_it(shut: tuple[Shut, str, list[int]], during: During) -> None:
    made, url, numbers = shut
    supervisor, officer = client_of(url, SUPERVISOR), client_of(url, OFFICERS[0])
    during(lambda: officer.post(f"/close/{numbers[0]}", **form(OFFICERS[0])))
    newer(supervisor, made.board, "/", "Việc dở dang 1/1:")


def test_reading_changes_nothing(console: Served) -> None:
    """Else each page would be older than the board at once, and would read itself anew without end."""
    for person in (OFFICERS[0], OPERATOR, SUPERVISOR, CUSTODIAN, INSPECTOR):
        client = console.client(person)
        version = console.room.board.live().version
        for path in ("/", *PAGES, "/ledger/verified", "/sign-in", "/nowhere"):
            assert f'data-version="{version}"' in client.get(path).text, (person, path)
        assert console.room.board.live().version == version, person


def test_the_screen_shows_who_was_enrolled_while_it_read_itself(
    console: Served, browser: Browser, during: During
) -> None:
    officer, second = (console.client(one) for one in OFFICERS)
    screen = Screen(browser, console.url, console.room.board).sign_in(OFFICERS[0])
    assert officer.post("/people", **NEW).status == 303
    console.asked(Kind.SIGN)
    assert officer.sign(OFFICERS[0]).status == 303
    screen.settled()
    during(lambda: signed(console, second, OFFICERS[1]))
    screen.page.reload()
    expect(screen.page.locator("[data-live=people]")).to_contain_text(NEW["name"])
    screen.close()
