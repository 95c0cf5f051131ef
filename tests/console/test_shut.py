"""The console of a station that is shut: what was left open is shown, and closed by who may, in a real browser too."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import expect
from tests.console.kit import Client, running
from tests.console.screens import Screen, chromium
from tests.house.test_languages import in_english, in_vietnamese
from tests.station import conftest
from tests.station.conftest import (
    CUSTODIAN,
    INSPECTOR,
    OPERATOR,
    PASSPHRASE,
    RULES,
    SUPERVISOR,
    Founded,
    ScriptedFeeder,
)
from tests.station.conftest import Room as StationRoom

from scanflow.console.server import Address, listening
from scanflow.console.shut import Shut, close_left_open, shut_app
from scanflow.ledger import catalogue as cat
from scanflow.ledger.catalogue import ActClosed, EraseReason, Found
from scanflow.ledger.lines import read_entries
from scanflow.ledger.people import Office
from scanflow.levels import Level
from scanflow.media.simulated import SimulatedBus, SimulatedStick
from scanflow.station.config import Separation, StationConfig
from scanflow.station.demo import demo_passphrase
from scanflow.station.enrol import MediumStation, media_desk
from scanflow.station.errors import ActsLeftOpen
from scanflow.station.setup import open_ledger, open_station

BATCH = "B-111111-222222-333333"
OFFICER = "P-001"
FEED = cat.FeedStarted(batch=BATCH, scanner="SC-1", first=1)
DELIVERY = cat.DeliveryBegun(
    batch=BATCH, job="SF-20260101-0001", medium="M-0001", clearance=Level.MAT, level=Level.MAT, documents=2
)
ERASE = cat.EraseBegun(batch=BATCH, document=None, reason=EraseReason.ABANDONED)


@pytest.fixture
def config(tmp_path: Path, founded: Founded) -> StationConfig:
    """A station that is shut, with an enrolled stick."""
    folder = tmp_path / "station"
    shutil.copytree(founded.folder, folder)
    (folder / "stick").mkdir()
    made = conftest._config(folder, Separation.SEPARATORS)
    bus = SimulatedBus([])
    with open_station(made, PASSPHRASE, bus, ScriptedFeeder([]).examine, RULES) as station:
        stick = SimulatedStick(folder / "stick", "SIM0000000001")
        StationRoom(station, founded.keys, bus, stick, folder).enrol(stick, "M-0001", Level.TOI_MAT)
    return made


def cut(config: StationConfig, *acts: cat.FeedStarted | cat.DeliveryBegun | cat.EraseBegun) -> list[int]:
    """The power goes within each of these acts; their entries."""
    ledger, _ = open_ledger(config, PASSPHRASE)
    with ledger:
        for act in acts:
            with pytest.raises(KeyboardInterrupt), ledger.act(act):
                if act is FEED:
                    ledger.record_many([cat.SheetFed(batch=BATCH, sheet=n, sides=2) for n in (1, 2)])
                raise KeyboardInterrupt
        return [one.n for one in ledger.open_intents()]


@pytest.fixture
def shut(config: StationConfig) -> Iterator[tuple[Shut, str, list[int]]]:
    """Its console, with a feed and a delivery left open and the stick plugged in."""
    numbers = cut(config, FEED, DELIVERY)
    ledger, key = open_ledger(config, PASSPHRASE)
    with ledger:
        bus = SimulatedBus([SimulatedStick(config.state / "stick", "SIM0000000001")])
        made = Shut(MediumStation(ledger, Office(ledger), media_desk(config, bus, key)), config)
        with running(made, partial(shut_app, made)) as (url, _):
            yield made, url, numbers


def client_of(url: str, person: str = "") -> Client:
    made = Client(url.removeprefix("http://").rstrip("/"))
    if person:
        assert made.sign_in(person).status == 303
    return made


def form(person: str, found: str = "not_done") -> dict[str, str]:
    return {"found": found, "passphrase": demo_passphrase(person)}


def closed(shut: Shut) -> list[int | None]:
    return [one.act for one in read_entries(shut.ledger.path, (ActClosed,))]


def test_what_was_left_open_is_shown_to_who_is_signed_in(shut: tuple[Shut, str, list[int]]) -> None:
    _, url, numbers = shut
    public = client_of(url).get("/").text
    assert "TRẠM CHƯA MỞ: CÒN VIỆC DỞ DANG" in public
    assert "Còn 2 việc." in public
    assert "/close/" not in public
    for person in (OPERATOR, CUSTODIAN, INSPECTOR):
        page = client_of(url, person).get("/").text
        assert f"Bắt đầu nạp giấy đợt {BATCH}, từ tờ 1." in page
        assert "/close/" not in page
    page = client_of(url, SUPERVISOR).get("/").text
    assert "2 tờ đã vào sổ, tờ cuối là tờ 2" in page
    assert "Sắp ghi 2 văn bản vào M-0001" in page
    assert [f'action="/close/{n}"' in page for n in numbers] == [True, True]


def test_only_supervisors_and_officers_close_and_only_with_their_passphrase(
    shut: tuple[Shut, str, list[int]],
) -> None:
    made, url, numbers = shut
    path = f"/close/{numbers[0]}"
    for person in ("", OPERATOR, CUSTODIAN, INSPECTOR):
        for wanted in (path, "/medium"):
            answer = client_of(url, person).post(wanted, **form(person or SUPERVISOR))
            assert answer.status == (403 if person else 401), (person, wanted)
    supervisor = client_of(url, SUPERVISOR)
    assert supervisor.post(path, found="not_done", passphrase="not this one").status == 403
    assert supervisor.post(path, **{**form(SUPERVISOR), "found": "maybe"}).status == 400
    assert supervisor.post("/close/1", **form(SUPERVISOR)).status == 403, "entry 1 is no open act"
    supervisor.csrf = "forged"
    assert supervisor.post(path, **form(SUPERVISOR)).status == 403
    assert closed(made) == []
    officer = client_of(url, OFFICER)
    assert officer.post(path, **form(OFFICER)).status == 303
    assert closed(made) == [numbers[0]]
    late = officer.post(path, **form(OFFICER))
    assert (late.status, "LED-" in late.text) == (403, True), "a late press closes nothing twice"
    page = client_of(url, SUPERVISOR).get("/").text
    assert [f'action="/close/{n}"' in page for n in numbers] == [False, True]


def test_a_delivery_is_called_done_only_after_the_station_read_it_whole(shut: tuple[Shut, str, list[int]]) -> None:
    made, url, (_, delivery) = shut
    client = client_of(url, SUPERVISOR)
    for _ in range(2):  # unread, and read without finding it
        answer = client.post(f"/close/{delivery}", **form(SUPERVISOR, "done"))
        assert (answer.status, "CON-NOT-READ" in answer.text) == (409, True)
        assert client.post("/medium").status == 303
        assert "KHÔNG thấy lần giao này nguyên vẹn" in client.get("/").text
    assert closed(made) == []
    assert client.post(f"/close/{delivery}", **form(SUPERVISOR, "partly")).status == 303
    entry = next(one.event for one in read_entries(made.ledger.path, (ActClosed,)))
    assert (entry.person, entry.found) == (SUPERVISOR, Found.PARTLY)  # type: ignore[attr-defined]


def test_the_rest_of_the_console_is_not_there(shut: tuple[Shut, str, list[int]]) -> None:
    _, url, _ = shut
    client = client_of(url, SUPERVISOR)
    for path in ("/supervisor", "/security", "/side/1"):
        assert client.get(path).status == 404
    assert client.post("/batch", list="x").status == 404
    assert "đăng nhập" in client_of(url, INSPECTOR).get("/ledger").text


def test_both_languages_say_it_wholly(shut: tuple[Shut, str, list[int]]) -> None:
    from tests.console.test_languages import sentences

    _, url, _ = shut
    client = client_of(url, SUPERVISOR)
    assert sentences(client.get("/").body.decode(), in_english) == []
    client.post("/language", to="en")
    page = client.get("/").body.decode()
    assert "NOT OPEN" in page
    assert sentences(page, in_vietnamese) == []


def test_the_last_closing_opens_the_station_at_the_same_address(config: StationConfig) -> None:
    numbers = cut(config, FEED, ERASE)
    with (
        pytest.raises(ActsLeftOpen),
        open_station(config, PASSPHRASE, SimulatedBus([]), ScriptedFeeder([]).examine, RULES),
    ):
        pass
    said: list[str] = []
    with listening(Address("127.0.0.1", 0)) as bound:

        def closing(url: str) -> None:
            said.append(url)

            def work() -> None:
                client = client_of(url, SUPERVISOR)
                for number in numbers:
                    assert client.post(f"/close/{number}", **form(SUPERVISOR)).status == 303

            Thread(target=work).start()

        close_left_open(config, PASSPHRASE, SimulatedBus([]), bound, closing)
        bus = SimulatedBus([])
        with open_station(config, PASSPHRASE, bus, ScriptedFeeder([]).examine, RULES) as station:
            assert station.ledger.open_intents() == ()
        close_left_open(config, PASSPHRASE, bus, bound, said.append)
        assert len(said) == 1, "nothing is left: it does not serve"
        assert bound.fileno() >= 0


def test_a_supervisor_closes_in_a_real_browser(shut: tuple[Shut, str, list[int]]) -> None:
    made, url, (feed, delivery) = shut
    with chromium() as browser:
        public = Screen(browser, url, made.board)
        public.says("TRẠM CHƯA MỞ")
        public.keep("16-tram-chua-mo")
        screen = Screen(browser, url, made.board).sign_in(SUPERVISOR)
        screen.page.goto(url)
        screen.keep("17-viec-do-dang")
        act = screen.page.locator(f"form[action='/close/{feed}']")
        act.get_by_label("chưa thực hiện").check()
        act.locator("input[type=password]").fill(demo_passphrase(SUPERVISOR))
        screen.settled()
        act.get_by_role("button").click()
        expect(screen.page.locator(f"form[action='/close/{feed}']")).to_have_count(0)
        screen.press("Đọc thiết bị nhớ đang cắm")
        expect(screen.page.locator("main")).to_contain_text("KHÔNG thấy lần giao này nguyên vẹn")
        screen.keep("18-da-doc-thiet-bi")
        screen.page.reload()
        expect(screen.page.locator(f"form[action='/close/{delivery}']")).to_be_visible()
        expect(public.page.locator("main")).to_contain_text("Còn 1 việc.")
        for each in (screen, public):
            each.close()
    assert closed(made) == [feed]
