"""The whole way in a real browser (Debian's Chromium), by keys and clicks; accessibility judged by axe-core."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from tests.console.kit import Served, serve
from tests.console.screens import Screen, chromium
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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


def screen_of(browser: Browser, console: Served, *, script: bool = True) -> Screen:
    return Screen(browser, console.url, console.room.board, script=script)


def test_a_whole_batch_by_keys_with_route_out_jam_and_a_refused_stick(room: Room, browser: Browser) -> None:
    manifest = listed(row(1, 2), row(2, 2), row(3, 2), row(4, 1))
    pile = [
        separator(manifest, 1), SHEET, SHEET, separator(manifest, 2), SHEET, SECRET,
        separator(manifest, 3), SHEET, SHEET, separator(manifest, 4), SHEET,
    ]  # fmt: skip
    foreign = room.other_stick("foreign")
    with serve(room, pile, manifest, faults={10: FeederJammed}, sticks=[foreign, room.stick]) as console:
        public = screen_of(browser, console)
        public.says("CHỜ ĐỢT MỚI")
        screen = screen_of(browser, console).sign_in(OPERATOR)
        screen.keep("1-cho-dot-moi")
        screen.key("1")
        screen.says("XẾP GIẤY VÀO KHAY")
        public.says("XẾP GIẤY VÀO KHAY")
        screen.keep("2-xep-giay")
        screen.key("1")
        screen.says("LẤY TỜ RA: TUYỆT MẬT ở tờ 6")
        public.says("LẤY TỜ RA: TUYỆT MẬT ở tờ 6")
        console.asked(Kind.TAKE_OUT)
        screen.settled()
        screen.keep("3-tuyet-mat")
        screen.page.get_by_label("Số tờ của tài liệu này").fill("0")
        screen.page.keyboard.press("Enter")
        console.asked(Kind.TRAY)
        screen.says("DỪNG")
        screen.key("1")
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
        operator = screen_of(browser, console).sign_in(OPERATOR)
        operator.key("1")
        console.asked(Kind.LOAD)
        operator.key("1")
        console.asked(Kind.HELD)
        operator.says("CHỜ KIỂM TRA")
        expect(operator.page.locator("#ask")).to_contain_text("Chờ người giám sát trả lời.")
        expect(operator.page.locator("#ask button[name=do]")).to_have_count(0)
        supervisor = screen_of(browser, console).sign_in(SUPERVISOR)
        supervisor.says("CHỜ KIỂM TRA")
        supervisor.keep("7-giam-sat-mat-bi-giu")
        supervisor.press("Ghi quyết định")  # "giữ lại" is what stands by itself
        console.asked(Kind.DIFFERENCE)
        supervisor.says("lệch")
        expect(supervisor.page.locator("[data-live=held]")).to_contain_text("tờ 4, mặt trước: Có dấu không đọc được")
        supervisor.keep("8-giam-sat-lech")
        supervisor.press("Cho đi tiếp dù lệch, hai người ký")
        console.asked(Kind.SIGN)
        supervisor.says("CHỜ KÝ DUYỆT")
        for person in (SUPERVISOR, CUSTODIAN):
            supervisor.settled()
            supervisor.page.locator("#ask select[name=person]").select_option(person)
            supervisor.page.get_by_label("Mật khẩu hoặc mã PIN của người ký").fill(demo_passphrase(person))
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
        officer = screen_of(browser, console).sign_in("P-001")
        expect(officer.page.locator("main")).to_contain_text("MED-NOT-ENROLLED")
        officer.keep("10-an-ninh")
        officer.close()
        inspector = screen_of(browser, console).sign_in(INSPECTOR)
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


def test_an_officer_enrols_a_person_and_two_sign_for_what_the_screen_names(room: Room, browser: Browser) -> None:
    with serve(room, []) as console:
        screen = screen_of(browser, console).sign_in("P-001")
        screen.page.get_by_text("Ghi danh một người (hai người ký)…").click()
        form = screen.page.locator("form[action='/people']")
        for name, words in {"person": "P-070", "name": "Người Mới Mẫu", "number": "SỐ 70"}.items():
            form.locator(f"input[name={name}]").fill(words)
        form.locator("select[name=role]").select_option("custodian")
        for name in ("passphrase", "again"):
            form.locator(f"input[name={name}]").fill("mat khau cua toi")
        screen.keep("14-ghi-danh")
        form.get_by_role("button").click()
        for person in ("P-001", "P-002"):
            console.asked(Kind.SIGN)
            screen.settled()
            expect(screen.page.locator(".matter")).to_contain_text("Người Mới Mẫu")
            if person == "P-002":
                screen.keep("15-ky-ghi-danh")
            screen.page.locator("#ask select[name=person]").select_option(person)
            screen.page.get_by_label("Mật khẩu hoặc mã PIN của người ký").fill(demo_passphrase(person))
            screen.press("KÝ", exact=True)
        console.ended()
        expect(screen.page.locator("[data-live=people]")).to_contain_text("Người Mới Mẫu")
        expect(screen.page.locator(".notices")).to_contain_text("Đã ghi danh P-070.")
        screen.close()


def test_without_scripts_everything_is_read_and_answered(room: Room, browser: Browser) -> None:
    manifest = listed(row(1, 1))
    with serve(room, [separator(manifest, 1), SHEET], manifest) as console:
        screen = screen_of(browser, console, script=False).sign_in(OPERATOR)
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
        screen = screen_of(browser, console).sign_in(OPERATOR)
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
        screen = screen_of(browser, console)
        screen.says("CHỜ ĐỢT MỚI")
    expect(screen.page.locator(".lost-note")).to_be_visible()
    expect(screen.page.locator(".lost-note")).to_contain_text("MẤT KẾT NỐI")
    screen.close()


def test_english_on_the_screen(room: Room, browser: Browser) -> None:
    with serve(room, []) as console:
        screen = screen_of(browser, console)
        screen.press("English")
        screen.says("READY FOR A BATCH")
        screen.keep("13-english")
        screen.close()
