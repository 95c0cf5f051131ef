"""Who comes in: address, host, forms, sign-in, idle lock, roles, headers."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pytest
from tests.console.kit import Served, serve
from tests.station.conftest import CUSTODIAN, INSPECTOR, OPERATOR, SHEET, SUPERVISOR, Room, listed, row, separator

from scanflow.console.app import room_app
from scanflow.console.errors import AddressBeyondMachine, AddressTaken, TooManyTries
from scanflow.console.guard import HEADERS, LONGEST_BODY
from scanflow.console.questions import Kind
from scanflow.console.server import Address, hosts_of, listening, parse_address, url_of
from scanflow.console.server import serve as serve_console
from scanflow.console.sessions import IDLE_S, LONGEST_S, MOST, REFUSAL_WINDOW_S, REFUSALS, Sessions
from scanflow.ledger.catalogue import SignedIn, SignedOut, SignInRefused
from scanflow.ledger.lines import read_entries

OFFICER = "P-001"


@pytest.fixture
def console(room: Room):
    with serve(room, []) as served:
        yield served


# ---- where it listens


@pytest.mark.parametrize(
    "text",
    ["0.0.0.0:8731", "192.168.1.5:80", "localhost:8731", "[::]:80", "127.0.0.1", "127.0.0.1:99999", "", "unix:rel"],
)
def test_an_address_beyond_this_machine_is_refused(text: str) -> None:
    with pytest.raises(AddressBeyondMachine):
        parse_address(text)


def test_loopback_and_unix_sockets_are_taken(tmp_path: Path) -> None:
    assert parse_address("127.0.0.1:0") == Address("127.0.0.1", 0)
    assert parse_address("[::1]:8731") == Address("::1", 8731)
    where = parse_address(f"unix:{tmp_path}/console.sock")
    with listening(where) as bound:
        assert (tmp_path / "console.sock").stat().st_mode & 0o777 == 0o600
        assert (url_of(bound), hosts_of(bound)) == (f"unix:{tmp_path}/console.sock", frozenset({"localhost"}))
        bound.listen()
        with pytest.raises(AddressTaken), listening(where):
            pass
    assert not (tmp_path / "console.sock").exists()


def test_a_port_that_is_taken_is_said() -> None:
    with listening(Address("127.0.0.1", 0)) as bound:
        bound.listen()
        with pytest.raises(AddressTaken), listening(Address("127.0.0.1", bound.getsockname()[1])):
            pass


def test_ctrl_c_closes_the_console_in_order(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(room, []) as console:
        client = console.client(OPERATOR)

        def interrupted(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("uvicorn.Server.run", interrupted)
        said: list[str] = []
        with listening(Address("127.0.0.1", 0)) as bound:
            serve_console(console.room, partial(room_app, console.room), bound, said.append)
        assert said[0].startswith("http://127.0.0.1:")
        assert "Người Số hóa Mẫu" not in client.get("/").text
        ended = [one.event.person for one in read_entries(room.station.ledger.path, (SignedOut,))]
        assert ended == [OPERATOR]


# ---- what every answer carries


@pytest.mark.parametrize("path", ["/", "/sign-in", "/nowhere", "/security", "/side/1", "/static/console.css"])
def test_every_answer_carries_the_headers(console: Served, path: str) -> None:
    answer = console.client().get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name.lower()] == value
    assert "server" not in answer.headers


def test_the_policy_lets_no_inline_script_and_no_foreign_source_through() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "*" not in policy
    assert policy.startswith("default-src 'none'")
    assert "no-store" in HEADERS["Cache-Control"]


def test_pages_name_no_foreign_address_and_no_inline_code(console: Served) -> None:
    for person in (OPERATOR, SUPERVISOR, OFFICER, INSPECTOR):
        client = console.client(person)
        for path in ("/", "/supervisor", "/security", "/ledger"):
            text = client.get(path).body.decode()
            assert not re.search(r"(src|href|action)=\"(?!/)", text.replace('href="#main"', ""))
            assert not re.search(r"<script(?! src)|<style|\sstyle=|\son[a-z]+=|javascript:", text)


def test_a_foreign_host_header_gets_nothing(console: Served) -> None:
    client = console.client()
    for host in ("evil.example", "127.0.0.1", "127.0.0.1:1", f"evil.example:{console.host.rpartition(':')[2]}"):
        answer = client.get("/", Host=host)
        assert (answer.status, "CON-HOST" in answer.text) == (421, True)
        assert "csrf" not in answer.text


def test_a_form_without_this_sessions_token_is_refused(console: Served) -> None:
    client, other = console.client(OPERATOR), console.client(OPERATOR)
    for forged in ("", "x", other.csrf, "ký tự"):
        client.csrf = forged or "empty"
        answer = client.post("/batch", list="danh-muc.xlsx")
        assert (answer.status, "CON-FORGED" in answer.text) == (403, True)


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
def test_a_form_from_another_site_is_refused(console: Served, headers: dict[str, str]) -> None:
    client = console.client(OPERATOR)
    answer = client.post("/batch", headers, list="danh-muc.xlsx")
    assert (answer.status, "CON-FORGED" in answer.text) == (403, True)


def test_a_body_that_is_too_long_is_no_form(console: Served) -> None:
    client = console.client(OPERATOR)
    assert client.post("/batch", list="x" * (LONGEST_BODY + 1)).status == 403


# ---- signing in


def test_a_person_signs_in_with_the_own_passphrase_and_it_is_recorded(console: Served) -> None:
    client = console.client()
    planted = dict(client.cookies)
    client.sign_in(OPERATOR)
    assert client.cookies["scanflow"] != planted.get("scanflow"), "a sign-in gets a new session"
    assert "Người Số hóa Mẫu" in client.get("/").text
    client.post("/sign-out")
    assert "Người Số hóa Mẫu" not in client.get("/").text
    kinds = [type(one.event) for one in read_entries(console.station.station.ledger.path, (SignedIn, SignedOut))]
    assert kinds == [SignedIn, SignedOut]


def test_the_cookie_is_kept_from_scripts_and_other_sites(console: Served) -> None:
    cookie = console.client().get("/").headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie


def test_wrong_passphrases_are_counted_in_the_ledger_and_lock_the_person(console: Served) -> None:
    client = console.client()
    for left in (4, 3, 2, 1, 0):
        answer = client.sign_in(CUSTODIAN, "not this one")
        assert answer.status == 401
        assert "PPL-PASSPHRASE" in answer.text
        assert console.station.station.office.people.tries_left(CUSTODIAN) == left
    right = client.sign_in(CUSTODIAN)
    assert (right.status, "PPL-LOCKED" in right.text) == (401, True)
    refused = list(read_entries(console.station.station.ledger.path, (SignInRefused,)))
    assert len(refused) == 6


def test_guessing_at_names_is_braked(console: Served) -> None:
    client = console.client()
    for at in range(REFUSALS):
        answer = client.sign_in(f"X-{at:03d}", "whoever")
        assert (answer.status, "PPL-UNKNOWN" in answer.text) == (401, True)
    braked = client.sign_in(OPERATOR)
    assert (braked.status, "CON-WAIT" in braked.text) == (429, True)
    console.clock[0] += REFUSAL_WINDOW_S + 1
    assert client.sign_in(OPERATOR).status == 303


def test_a_hostile_name_is_escaped_and_leads_to_no_file(console: Served) -> None:
    client = console.client()
    answer = client.sign_in("../../<script>alert(1)</script>", "x")
    assert answer.status == 401
    assert b"<script>alert" not in answer.body
    assert "../../<script>" not in console.station.station.ledger.path.read_text(encoding="utf-8")


def test_an_idle_session_is_locked_and_live_updates_do_not_keep_it(console: Served) -> None:
    client = console.client(OPERATOR)
    console.clock[0] += IDLE_S - 1
    assert "Người Số hóa Mẫu" in client.get("/", **{"X-Live": "1"}).text
    console.clock[0] += 2
    assert "Người Số hóa Mẫu" not in client.get("/").text
    assert client.post("/batch", list="danh-muc.xlsx").status in {401, 403}
    ended = [one.event.person for one in read_entries(console.station.station.ledger.path, (SignedOut,))]
    assert ended == [OPERATOR]


def test_a_session_ends_after_a_shift_and_old_ones_make_room() -> None:
    clock, ended = [0.0], []
    sessions = Sessions(lambda: clock[0], ended.append)
    first = sessions.open("P-001")
    for _ in range(LONGEST_S // (IDLE_S - 1) + 1):
        clock[0] += IDLE_S - 1
        found = sessions.find(first.id, acts=True)
    assert found is None
    assert ended == ["P-001"]
    kept = [sessions.open() for _ in range(MOST + 5)]
    assert sessions.find(kept[0].id, acts=False) is None
    assert sessions.find(kept[-1].id, acts=False) is not None


def test_refused_sign_ins_are_forgotten_after_a_while() -> None:
    clock = [0.0]
    sessions = Sessions(lambda: clock[0], lambda _: None)
    for _ in range(REFUSALS):
        sessions.require_try()
        sessions.refused()
    with pytest.raises(TooManyTries):
        sessions.require_try()
    clock[0] += REFUSAL_WINDOW_S + 1
    sessions.require_try()


# ---- roles


PAGES = {
    "/list": {OPERATOR, SUPERVISOR, CUSTODIAN},
    "/supervisor": {SUPERVISOR},
    "/papers": {SUPERVISOR, CUSTODIAN},
    "/security": {OFFICER},
    "/ledger": {OFFICER, INSPECTOR},
    "/ledger/verified": {OFFICER, INSPECTOR},
}


def test_each_page_is_for_its_roles_only(console: Served) -> None:
    for person in ("", OPERATOR, SUPERVISOR, CUSTODIAN, OFFICER, INSPECTOR):
        client = console.client(person)
        for path, allowed in PAGES.items():
            answer = client.get(path)
            expected = 200 if person in allowed else 403 if person else 401
            assert answer.status == expected, (person, path)
            if expected != 200:
                assert ("CON-ROLE" if person else "CON-SIGN-IN") in answer.text


def test_each_act_is_for_its_roles_only(room: Room) -> None:
    manifest = listed(row(1, 1))
    with serve(room, [separator(manifest, 1), SHEET], manifest) as console:
        acts = {
            "/batch": ({OPERATOR}, {"list": "danh-muc.xlsx"}),
            "/rescan": ({OPERATOR}, {"list": "danh-muc.xlsx", "again-1": "yes"}),
            "/form": ({SUPERVISOR, CUSTODIAN}, {}),
            "/handover": ({SUPERVISOR, CUSTODIAN}, {}),
            "/record": ({SUPERVISOR}, {}),
            "/doctor": ({OFFICER}, {}),
            "/media": ({OFFICER}, {}),
            "/media/revoked": ({OFFICER}, {}),
            "/people": ({OFFICER}, {}),
            "/people/changed": ({OFFICER}, {}),
            "/abandon": ({OPERATOR, SUPERVISOR, OFFICER}, {"sure": "yes"}),
        }
        for person in ("", OPERATOR, SUPERVISOR, CUSTODIAN, OFFICER, INSPECTOR):
            client = console.client(person)
            for path, (allowed, form) in acts.items():
                if person in allowed:
                    continue
                answer = client.post(path, **form)
                assert answer.status == (403 if person else 401), (person, path)
                assert ("CON-ROLE" if person else "CON-SIGN-IN") in answer.text
        assert not console.room.board.live().job
        operator = console.client(OPERATOR)
        operator.post("/batch", list="danh-muc.xlsx")
        live = console.asked(Kind.LOAD)
        assert live.question is not None
        for person in ("", SUPERVISOR, CUSTODIAN, OFFICER, INSPECTOR):
            answer = console.client(person).post(f"/answer/{live.question.number}", do="yes")
            assert answer.status == (403 if person else 401)
        assert console.room.board.live().question == live.question
        operator.post("/abandon", sure="yes")
        console.ended()


def test_a_list_that_is_not_in_the_folder_is_refused(console: Served) -> None:
    client = console.client(OPERATOR)
    for name in ("../station.toml", "/etc/passwd", "nothing.xlsx"):
        answer = client.post("/batch", list=name)
        assert (answer.status, "CON-LIST" in answer.text) == (404, True)
