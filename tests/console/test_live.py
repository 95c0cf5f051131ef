"""No change is missed by a screen: what changes while a page is read, while somebody stands in a part of it, after a loss."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Route, expect
from tests.console.kit import Client, Served, running, serve
from tests.console.screens import Screen, chromium
from tests.console.test_people import NEW, OFFICERS, signed
from tests.console.test_shut import client_of, config, form, shut
from tests.station.conftest import CUSTODIAN, INSPECTOR, OPERATOR, SUPERVISOR, Room

from scanflow.console import app
from scanflow.console.app import room_app
from scanflow.console.board import Board
from scanflow.console.questions import Kind
from scanflow.console.roles import PAGES
from scanflow.console.room import Room as ConsoleRoom
from scanflow.console.shut import Shut
from scanflow.console.visits import Visit
from scanflow.station.desk import Notice, Tone

__all__ = ["config", "shut"]
LEAVE = "document.activeElement.blur()"
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


def enrolled(console: Served) -> None:
    """Somebody is enrolled at other screens, from beginning to end."""
    officer = console.client(OFFICERS[1])
    assert officer.post("/people", **NEW).status == 303
    assert signed(console, officer, *OFFICERS).refusal is None


@pytest.mark.parametrize("writing", ["standing in it", "a field", "a choice"])
def test_a_part_in_which_somebody_writes_is_shown_anew_when_they_leave_it(
    console: Served, browser: Browser, writing: str
) -> None:
    screen = Screen(browser, console.url, console.room.board).sign_in(OFFICERS[0])
    people = screen.page.locator("[data-live=people]")
    summary = people.locator("summary").first
    summary.click()
    field, choice = people.locator("input[name=name]"), people.locator("select[name=role]")
    first = choice.input_value()
    if writing == "a field":
        field.fill("Nửa chừng")
        screen.page.evaluate(LEAVE)
    elif writing == "a choice":
        choice.select_option("custodian")
        screen.page.evaluate(LEAVE)
    enrolled(console)
    screen.settled()
    expect(screen.page.locator(".notices")).to_contain_text("Đã ghi danh P-070.")
    expect(people).not_to_contain_text(NEW["name"])
    if writing == "a field":
        expect(field).to_have_value("Nửa chừng")
        field.fill("")
        screen.page.evaluate(LEAVE)
    elif writing == "a choice":
        expect(choice).to_have_value("custodian")
        choice.focus()
        choice.select_option(first)
        screen.page.evaluate(LEAVE)
    else:
        screen.page.evaluate(LEAVE)
    expect(people).to_contain_text(NEW["name"])
    screen.close()


def test_the_state_moves_on_a_page_that_was_refused(console: Served, browser: Browser) -> None:
    screen = Screen(browser, console.url, console.room.board).sign_in(INSPECTOR)
    screen.page.goto(f"{console.url}security")
    expect(screen.page.locator("main")).to_contain_text("CON-ROLE")
    assert console.client(OFFICERS[0]).post("/people", **NEW).status == 303
    console.asked(Kind.SIGN)
    screen.says("CHỜ KÝ DUYỆT")
    expect(screen.page.locator("main")).to_contain_text("CON-ROLE")
    screen.close()


def test_a_checked_ledger_stands_while_the_state_moves(console: Served, browser: Browser) -> None:
    screen = Screen(browser, console.url, console.room.board).sign_in(INSPECTOR)
    screen.press("Kiểm tra toàn sổ")
    expect(screen.page.locator("main")).to_contain_text("Sổ nguyên vẹn.")
    assert console.client(OFFICERS[0]).post("/people", **NEW).status == 303
    console.asked(Kind.SIGN)
    screen.says("CHỜ KÝ DUYỆT")
    screen.settled()
    assert screen.asked_for.count(f"{console.url}ledger/verified?") == 1, "it is checked once, not at each change"
    screen.close()


@pytest.mark.parametrize("status", [0, 503])
def test_a_page_that_could_not_read_itself_tries_again(
    console: Served, browser: Browser, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setattr(app, "BEAT_S", 0.1)
    screen = Screen(browser, console.url, console.room.board).sign_in(OFFICERS[0])
    screen.settled()
    screen.page.evaluate("window.stood = true")
    failed: list[str] = []

    def fail_once(route: Route) -> None:
        if failed or route.request.headers.get("x-live") != "1":
            route.continue_()
            return
        failed.append(route.request.url)
        if status:
            route.fulfill(status=status, body="Service Unavailable")
        else:
            route.abort()

    screen.page.route("**/security", fail_once)
    console.room.board.tell(Notice(Tone.INFO, "một thông báo", "a notice"))
    expect(screen.page.locator(".notices")).to_contain_text("một thông báo")
    assert failed
    expect(screen.page.locator(".lost-note")).to_be_hidden()
    assert screen.page.evaluate("window.stood"), "no answer of the station is no page to go to"
    screen.close()


def test_another_console_at_the_same_address_is_seen_even_at_the_same_version(room: Room, browser: Browser) -> None:
    with serve(room, []) as first:
        for _ in range(100):  # far from where the next one begins
            first.room.board.touch()
        screen = Screen(browser, first.url, first.room.board)
        screen.settled()
    expect(screen.page.locator(".lost-note")).to_be_visible()
    second = ConsoleRoom(room.station, first.room.work, None, list)
    second.board.tell(Notice(Tone.INFO, "một thông báo", "a notice"))
    while second.board.live().version < int(screen.page.locator("body").get_attribute("data-version") or 0):
        second.board.touch()
    with running(second, partial(room_app, second), urlsplit(first.url).port or 0):
        expect(screen.page.locator(".notices")).to_contain_text("một thông báo")
        expect(screen.page.locator(".lost-note")).to_be_hidden()
        screen.close()
