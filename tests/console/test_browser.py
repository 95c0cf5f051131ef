"""The whole way in a real browser (Debian's Chromium), by keys and clicks; accessibility judged by axe-core.

`SCANFLOW_SCREENS=docs/screens` keeps a picture of each state, of drawn pages only, for the documentation.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.console.kit import PATIENCE_S, Served, serve
from tests.station.conftest import (
    CUSTODIAN,
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

from scanflow.console.questions import Kind
from scanflow.console.sessions import IDLE_S
from scanflow.scanner.errors import FeederJammed
from scanflow.station.batch import Outcome
from scanflow.station.demo import demo_passphrase

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required",
]  # fmt: skip
SCREENS = os.environ.get("SCANFLOW_SCREENS", "")
expect.set_options(timeout=PATIENCE_S * 1000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield made
        made.close()


class Screen:
    """One browser window of one person; every page it saw was judged by axe, and nothing foreign was asked for."""

    def __init__(self, browser: Browser, console: Served, *, script: bool = True) -> None:
        self.console = console
        context = browser.new_context(viewport={"width": 1600, "height": 900}, java_script_enabled=script)
        context.set_default_timeout(PATIENCE_S * 1000)
        self.page: Page = context.new_page()
        self.asked_for: list[str] = []
        self.faults: list[str] = []
        self.page.on("request", lambda request: self.asked_for.append(request.url))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda said: self.faults.append(said.text) if "Content Security" in said.text else None)
        self.page.goto(console.url)

    def sign_in(self, person: str) -> Screen:
        self.page.goto(f"{self.console.url}sign-in")
        expect(self.page.locator("input[name=person]")).to_be_focused()
        self.page.keyboard.type(person)
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(demo_passphrase(person))
        self.page.keyboard.press("Enter")
        expect(self.page.locator(".who b")).to_be_visible()
        return self

    def says(self, words: str) -> None:
        expect(self.page.locator("#state")).to_contain_text(words)

    def settled(self) -> None:
        """The page shows the present question, and takes keys for it again."""
        self.page.wait_for_function(
            "version => Number(document.body?.dataset.version) >= version", arg=self.console.room.board.live().version
        )
        self.page.wait_for_function("() => window.scanflowSettling && !window.scanflowSettling()")

    def key(self, key: str) -> None:
        self.settled()
        self.page.keyboard.press(key)

    def press(self, words: str, *, exact: bool = False) -> None:
        self.settled()
        self.page.get_by_role("button", name=words, exact=exact).click()

    def keep(self, name: str) -> None:
        """Judge what stands there, and keep a picture for the documentation when asked."""
        self.settled()
        found = Axe().run(self.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        assert found.violations_count == 0, found.generate_report()
        if SCREENS:
            image = cv2.imdecode(np.frombuffer(self.page.screenshot(), np.uint8), cv2.IMREAD_COLOR)
            assert image is not None
            small = cv2.resize(image, (1200, 675), interpolation=cv2.INTER_AREA)
            target = Path(SCREENS)
            target.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(target / f"{name}.webp"), small, [cv2.IMWRITE_WEBP_QUALITY, 60])

    def close(self) -> None:
        self.page.context.close()
        assert self.faults == []
        assert [url for url in self.asked_for if not url.startswith(self.console.url)] == []


def test_a_whole_batch_by_keys_with_route_out_jam_and_a_refused_stick(room: Room, browser: Browser) -> None:
    manifest = listed(row(1, 2), row(2, 2), row(3, 2), row(4, 1))
    pile = [
        separator(manifest, 1), SHEET, SHEET, separator(manifest, 2), SHEET, SECRET,
        separator(manifest, 3), SHEET, SHEET, separator(manifest, 4), SHEET,
    ]  # fmt: skip
    foreign = room.other_stick("foreign")
    with serve(room, pile, manifest, faults={10: FeederJammed}, sticks=[foreign, room.stick]) as console:
        public = Screen(browser, console)
        public.says("CHỜ ĐỢT MỚI")
        screen = Screen(browser, console).sign_in(OPERATOR)
        screen.keep("1-cho-dot-moi")
        screen.key("1")
        screen.says("XẾP GIẤY VÀO KHAY")
        public.says("XẾP GIẤY VÀO KHAY")
        screen.keep("2-xep-giay")
        screen.key("1")
        screen.says("LẤY TỜ RA: TUYỆT MẬT ở tờ 6")
        public.says("LẤY TỜ RA: TUYỆT MẬT ở tờ 6")
        console.asked(Kind.TRAY)
        screen.key("1")
        console.asked(Kind.TAKE_OUT)
        screen.settled()
        screen.keep("3-tuyet-mat")
        screen.page.get_by_label("Số tờ của tài liệu này").fill("0")
        screen.page.keyboard.press("Enter")
        console.asked(Kind.LOAD)
        screen.says("XẾP GIẤY VÀO KHAY")
        screen.key("1")
        screen.says("KẸT GIẤY")
        console.asked(Kind.TRAY)
        screen.keep("4-ket-giay")
        screen.key("1")
        console.asked(Kind.LOAD)
        screen.key("1")
        screen.says("CẮM THIẾT BỊ NHỚ")
        assert screen.page.locator(".side img").is_visible()
        screen.key("1")
        screen.says("USB BỊ TỪ CHỐI")
        screen.says("chưa")
        screen.keep("5-usb-bi-tu-choi")
        screen.key("1")
        screen.says("XONG")
        live = console.ended()
        assert live.result is not None
        outcomes = [one.outcome for one in live.result.documents]
        assert outcomes == [Outcome.DELIVERED, Outcome.ROUTED_OUT, Outcome.DELIVERED, Outcome.DELIVERED]
        screen.keep("6-xong")
        expect(screen.page.locator(".side img")).to_have_count(0)
        screen.page.reload()
        screen.says("XONG")
        for each in (screen, public):
            each.close()


def test_two_persons_release_a_difference_and_the_operator_cannot(room: Room, browser: Browser) -> None:
    manifest = listed(row(1, 2), row(2, 1))
    pile = [separator(manifest, 1), SHEET, separator(manifest, 2), Paper(UNREADABLE, PLAIN)]
    with serve(room, pile, manifest) as console:
        operator = Screen(browser, console).sign_in(OPERATOR)
        operator.key("1")
        console.asked(Kind.LOAD)
        operator.key("1")
        console.asked(Kind.HELD)
        operator.says("CHỜ KIỂM TRA")
        expect(operator.page.locator("#ask")).to_contain_text("Chờ người giám sát trả lời.")
        expect(operator.page.locator("#ask button[name=do]")).to_have_count(0)
        supervisor = Screen(browser, console).sign_in(SUPERVISOR)
        supervisor.says("CHỜ KIỂM TRA")
        supervisor.keep("7-giam-sat-mat-bi-giu")
        supervisor.press("Ghi quyết định")  # "giữ lại" is what stands by itself
        console.asked(Kind.DIFFERENCE)
        supervisor.says("lệch")
        supervisor.keep("8-giam-sat-lech")
        supervisor.press("Cho đi tiếp dù lệch, hai người ký")
        console.asked(Kind.SIGN)
        supervisor.says("CHỜ KÝ DUYỆT")
        for person in (SUPERVISOR, CUSTODIAN):
            supervisor.settled()
            supervisor.page.get_by_label("Mã người ký").fill(person)
            supervisor.page.get_by_label("Mật khẩu của người ký").fill(demo_passphrase(person))
            if person == CUSTODIAN:
                supervisor.keep("9-ky-duyet")
            supervisor.press("KÝ", exact=True)
        console.asked(Kind.STICK)
        operator.key("1")
        live = console.ended()
        assert live.result is not None
        assert [one.outcome for one in live.result.documents] == [Outcome.DELIVERED, Outcome.HELD]
        supervisor.says("XONG, CÒN VIỆC MỞ")
        supervisor.page.emulate_media(media="print")
        assert not supervisor.page.locator("header").is_visible()
        assert supervisor.page.locator("table").first.is_visible()
        for each in (operator, supervisor):
            each.close()


def test_the_officers_and_the_inspectors_pages(room: Room, browser: Browser) -> None:
    foreign = room.other_stick("foreign")
    with serve(room, []) as console:
        room.bus.plug(foreign)
        officer = Screen(browser, console).sign_in("P-001")
        expect(officer.page.locator("main")).to_contain_text("MED-NOT-ENROLLED")
        officer.keep("10-an-ninh")
        officer.close()
        inspector = Screen(browser, console).sign_in(INSPECTOR)
        inspector.page.get_by_label("Mức").select_option("warning")
        inspector.press("Lọc")
        expect(inspector.page.locator("tbody")).to_contain_text("Ghi danh")
        inspector.press("Kiểm tra toàn sổ")
        expect(inspector.page.locator("main")).to_contain_text("Sổ nguyên vẹn.")
        inspector.keep("11-so-nhat-ky")
        inspector.page.goto(f"{console.url}security")
        expect(inspector.page.locator("main")).to_contain_text("CON-ROLE")
        inspector.keep("12-sai-vai-tro")
        inspector.close()


def test_without_scripts_everything_is_read_and_answered(room: Room, browser: Browser) -> None:
    manifest = listed(row(1, 1))
    with serve(room, [separator(manifest, 1), SHEET], manifest) as console:
        screen = Screen(browser, console, script=False).sign_in(OPERATOR)
        screen.page.get_by_role("button", name="danh-muc.xlsx").click()
        console.asked(Kind.LOAD)
        screen.page.goto(console.url)
        screen.says("XẾP GIẤY VÀO KHAY")
        screen.page.get_by_role("button", name="Đã xếp giấy").click()
        console.asked(Kind.STICK)
        screen.page.goto(console.url)
        screen.page.get_by_role("button", name="Đã cắm").click()
        console.ended()
        screen.page.goto(console.url)
        screen.says("XONG")
        screen.close()


def test_a_locked_screen_shows_the_room_but_no_picture_and_no_name(room: Room, browser: Browser) -> None:
    manifest = listed(row(1, 1))
    with serve(room, [separator(manifest, 1), SHEET], manifest) as console:
        screen = Screen(browser, console).sign_in(OPERATOR)
        screen.key("1")
        console.asked(Kind.LOAD)
        screen.key("1")
        console.asked(Kind.STICK)
        expect(screen.page.locator(".side img")).to_be_visible()
        console.clock[0] += IDLE_S + 1
        console.room.board.touch()
        expect(screen.page.locator(".side img")).to_have_count(0)
        expect(screen.page.locator(".who")).not_to_contain_text("Người Số hóa Mẫu")
        screen.says("CẮM THIẾT BỊ NHỚ")
        console.room.board.abandon()
        console.ended()
        screen.close()


def test_a_lost_station_is_said_in_words(room: Room, browser: Browser) -> None:
    with serve(room, []) as console:
        screen = Screen(browser, console)
        screen.says("CHỜ ĐỢT MỚI")
    expect(screen.page.locator(".lost-note")).to_be_visible()
    expect(screen.page.locator(".lost-note")).to_contain_text("MẤT KẾT NỐI")
    screen.close()


def test_english_on_the_screen(room: Room, browser: Browser) -> None:
    with serve(room, []) as console:
        screen = Screen(browser, console)
        screen.press("English")
        screen.says("READY FOR A BATCH")
        screen.keep("13-english")
        screen.close()
