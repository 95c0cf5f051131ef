"""The demo's own batch in Debian's Chromium, from the list to the delivery, operator → supervisor → officer.

Once by clicks, each person at an own window; once by the keys of one keyboard, where the people take turns. Real SANE
stack, real networks, the virtual paper jams once; axe judges every screen that is seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Protocol

import pytest
from playwright.sync_api import Browser, expect
from tests.console.screens import Screen, chromium
from tests.console.test_demo import demo_served

from scanflow.console.board import Live
from scanflow.console.headline import headline
from scanflow.console.questions import Kind, Question
from scanflow.console.room import Room
from scanflow.levels import Level
from scanflow.station.batch import Outcome
from scanflow.station.demo import OPERATOR, SUPERVISOR, demo_passphrase

OFFICER = "P-001"
ASKED_OF_THE_OPERATOR = {Kind.LOAD, Kind.TRAY, Kind.TAKE_OUT, Kind.STICK}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


class Hand(Protocol):
    """How people use the screen: by clicks, or by keys."""

    def at(self, person: str) -> Screen:
        """The screen with this person signed in at it."""

    def press(self, person: str, words: str) -> None:
        """A button."""

    def fill(self, person: str, label: str, words: str) -> None:
        """A field."""

    def pick(self, person: str, name: str, value: str) -> None:
        """One of a list that opens."""

    def choose(self, person: str, value: str) -> None:
        """One of the levels."""

    def tick(self, person: str, label: str) -> None:
        """A box."""


class Clicks:
    """A window for each person, and a mouse."""

    def __init__(self, browser: Browser, url: str, room: Room) -> None:
        self._new = lambda: Screen(browser, url, room.board)
        self.screens: dict[str, Screen] = {}

    def at(self, person: str) -> Screen:
        if person not in self.screens:
            screen = self.screens[person] = self._new()
            screen.page.get_by_role("link", name="Đăng nhập").click()
            screen.identify(person)
        self.screens[person].settled()
        return self.screens[person]

    def press(self, person: str, words: str) -> None:
        self.at(person).page.get_by_role("button", name=words).first.click()

    def fill(self, person: str, label: str, words: str) -> None:
        self.at(person).page.get_by_label(label).fill(words)

    def pick(self, person: str, name: str, value: str) -> None:
        self.at(person).page.locator(f"#ask select[name={name}]").select_option(value)

    def choose(self, person: str, value: str) -> None:
        self.at(person).page.locator(f"input[name=level][value={value}]").check()

    def tick(self, person: str, label: str) -> None:
        self.at(person).page.get_by_label(label).check()


class Keys:
    """One kiosk and one keyboard; who is asked locks the screen of whoever sat there and signs in."""

    def __init__(self, browser: Browser, url: str, room: Room) -> None:
        self.screen = Screen(browser, url, room.board)
        self.screens = {"kiosk": self.screen}
        self._person = ""

    def at(self, person: str) -> Screen:
        screen, page = self.screen, self.screen.page
        screen.settled()
        if self._person != person:
            if self._person:
                screen.tab_to(page.get_by_role("button", name="Khóa màn hình"))
                page.keyboard.press("Enter")
            link = page.get_by_role("link", name="Đăng nhập")
            expect(link).to_be_visible()
            screen.tab_to(link)
            page.keyboard.press("Enter")
            screen.identify(person)
            screen.settled()
            self._person = person
        return screen

    def press(self, person: str, words: str) -> None:
        screen = self.at(person)
        screen.tab_to(screen.page.get_by_role("button", name=words))
        screen.page.keyboard.press("Enter")

    def fill(self, person: str, label: str, words: str) -> None:
        screen = self.at(person)
        screen.tab_to(screen.page.get_by_label(label))
        screen.page.keyboard.press("Control+a")
        screen.page.keyboard.type(words)

    def pick(self, person: str, name: str, value: str) -> None:
        screen = self.at(person)
        field = screen.page.locator(f"#ask select[name={name}]")
        screen.tab_to(field)
        screen.page.keyboard.type(value)  # a list that has the focus goes to what is typed
        expect(field).to_have_value(value)

    def choose(self, person: str, value: str) -> None:
        screen = self.at(person)
        screen.tab_to(screen.page.locator("input[name=level]:checked"))
        for _ in range(5):
            if screen.page.locator(f"input[name=level][value={value}]").is_checked():
                return
            screen.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrows never come to {value}")

    def tick(self, person: str, label: str) -> None:
        screen = self.at(person)
        screen.tab_to(screen.page.get_by_label(label))
        screen.page.keyboard.press("Space")


@pytest.mark.parametrize("way", [Clicks, Keys])
def test_the_demos_batch_from_list_to_delivery(browser: Browser, tmp_path: Path, way: type[Clicks | Keys]) -> None:
    with demo_served(tmp_path / "out") as (url, room):
        hand = way(browser, url, room)
        hand.at(OPERATOR).keep(f"demo-{way.__name__}-00-danh-muc")
        people = _People(hand, room, way.__name__)
        hand.press(OPERATOR, "handover.xlsx")
        people.work()
        _officer(hand, way.__name__)
        for screen in hand.screens.values():
            screen.close()
        live = room.board.live()
    assert live.result is not None
    outcomes = {one.row.ordinal: one.outcome for one in live.result.documents}
    assert {Outcome.ROUTED_OUT, Outcome.DELIVERED} <= set(outcomes.values())
    assert outcomes[7] is Outcome.DELIVERED, "its difference was signed for by supervisor and officer"
    assert {Kind.LOAD, Kind.TRAY, Kind.TAKE_OUT, Kind.DIFFERENCE, Kind.SIGN, Kind.STICK} <= people.seen
    assert {"KẸT GIẤY", "LẤY TỜ RA: TUYỆT MẬT", "USB BỊ TỪ CHỐI", "CHỜ KÝ DUYỆT"} <= people.words
    assert list((tmp_path / "out/refused-stick").iterdir()) == []
    assert list((tmp_path / "out/stick").rglob("*.p7m"))


def _signed(question: Question) -> bool:
    """Whether nobody has to sign any more: such a question still stands until the batch takes the answer."""
    return question.kind is Kind.SIGN and len(question.signatures) >= question.needed


class _People:
    """Who answers what, as the real people would be told to; each new state of the screen is judged and kept."""

    def __init__(self, hand: Hand, room: Room, way: str) -> None:
        self.hand, self.room, self.way = hand, room, way
        self.seen: set[Kind] = set()
        self.words: set[str] = set()
        self._kept: set[tuple[str, Kind]] = set()
        self._signed = 0

    def work(self) -> None:
        """Answer until the batch is over."""
        changed = Event()
        end = self.room.board.watch(changed.set)
        answered = (0, 0)
        while (live := self.room.board.live()).job or not live.result:
            self.words.add(headline(live).word)
            question = live.question
            now = (0, 0) if question is None else (question.number, len(question.signatures))
            if question is not None and now != answered and not _signed(question):
                answered = now
                self.seen.add(question.kind)
                self._keep(live, question)
                self._answer(live, question)
            changed.wait()
            changed.clear()
        end()
        self.hand.at(SUPERVISOR).says("XONG")
        self.hand.at(SUPERVISOR).keep(f"demo-{self.way}-98-doi-chieu")

    def _keep(self, live: Live, question: Question) -> None:
        word = headline(live).word
        if (word, question.kind) not in self._kept:
            self._kept.add((word, question.kind))
            person = OPERATOR if question.kind in ASKED_OF_THE_OPERATOR else SUPERVISOR
            screen = self.hand.at(person)
            screen.says(word)
            screen.keep(f"demo-{self.way}-{len(self._kept):02d}-{question.kind}")

    def _answer(self, live: Live, question: Question) -> None:
        hand = self.hand
        match question.kind:
            case Kind.LOAD:
                hand.press(OPERATOR, "Đã xếp giấy: NẠP")
            case Kind.TRAY:
                hand.press(OPERATOR, "Khay ra đúng như trên")
            case Kind.STICK:
                hand.press(OPERATOR, "Đã cắm thiết bị nhớ")
            case Kind.TAKE_OUT:
                left = re.search(r"trong tập còn (\d+) tờ", live.notices[-1].vi)
                assert left is not None
                hand.fill(OPERATOR, "Số tờ của tài liệu này", left[1])
                hand.press(OPERATOR, "Đã lấy tài liệu ra")
            case Kind.DOWNGRADE:
                if question.about[0].declassified_by:
                    hand.tick(SUPERVISOR, "Tôi xác nhận")
                    hand.press(SUPERVISOR, "Xác nhận như tài liệu không mật")
                else:
                    hand.press(SUPERVISOR, "Giữ nguyên độ mật")
            case Kind.HELD:
                hand.press(SUPERVISOR, "Ghi quyết định")
            case Kind.SAMPLE:
                level = next(level for level in Level if f"độ mật: {level.vi}." in live.notices[-1].vi)
                hand.choose(SUPERVISOR, level.name)
                hand.press(SUPERVISOR, "Ghi quyết định")
            case Kind.DIFFERENCE:
                differs = bool(question.about.differences)
                hand.press(SUPERVISOR, "Cho đi tiếp dù lệch" if differs else "Đã xem giấy, đúng")
            case Kind.SIGN:
                person = OFFICER if question.signatures else SUPERVISOR
                hand.pick(SUPERVISOR, "person", person)
                hand.fill(SUPERVISOR, "Mật khẩu hoặc mã PIN của người ký", demo_passphrase(person))
                hand.press(SUPERVISOR, "KÝ")


def _officer(hand: Hand, way: str) -> None:
    """The officer looks at sticks and people, and has the ledger verified."""
    screen = hand.at(OFFICER)
    expect(screen.page.locator("main")).to_contain_text("M-0001")
    screen.keep(f"demo-{way}-99-an-ninh")
    if isinstance(hand, Keys):
        screen.tab_to(screen.page.get_by_role("link", name="Sổ nhật ký"))
        screen.page.keyboard.press("Enter")
    else:
        screen.page.get_by_role("link", name="Sổ nhật ký").click()
    hand.press(OFFICER, "Kiểm tra toàn sổ")
    expect(screen.page.locator("main")).to_contain_text("Sổ nguyên vẹn.")
    screen.keep(f"demo-{way}-99-so-nhat-ky")
