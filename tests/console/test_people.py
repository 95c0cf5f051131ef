"""People and media are enrolled and revoked from the console on two signatures, through the terminal's functions."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.console.kit import Client, Served, serve
from tests.station.conftest import CUSTODIAN, OPERATOR, SHEET, SUPERVISOR, Room, listed, row, separator
from tests.station.test_personal import PIN, WHO, supervised

from scanflow.console.board import Live
from scanflow.console.questions import Kind
from scanflow.ledger.people import Role
from scanflow.levels import Level
from scanflow.station.setup import Home

__all__ = ["supervised"]
OFFICERS = ("P-001", "P-002")
NEW = {
    "person": "P-070", "name": "Người Mới Mẫu", "role": "supervisor", "number": "SỐ 70",
    "passphrase": "mat khau cua toi", "again": "mat khau cua toi",
}  # fmt: skip


@pytest.fixture
def console(room: Room):
    with serve(room, []) as served:
        yield served


def signed(console: Served, client: Client, *persons: str) -> Live:
    """These sign what stands on the screen; then the act is over."""
    for person in persons:
        console.asked(Kind.SIGN)
        assert client.sign(person).status == 303
    return console.ended()


def key_file(console: Served, person: str) -> Path:
    return Home(console.station.folder).person_key(person)


def test_a_person_is_enrolled_by_two_and_signs_in_with_the_own_passphrase(console: Served) -> None:
    officer = console.client(OFFICERS[0])
    assert officer.post("/people", **NEW).status == 303
    console.asked(Kind.SIGN)
    page = officer.get("/security").text
    for words in ("Ghi danh một người", "P-070", "Người Mới Mẫu", "người giám sát", "tệp khóa có mật khẩu"):
        assert words in page
    assert NEW["passphrase"] not in page
    live = signed(console, officer, *OFFICERS)
    assert live.refusal is None
    assert "Đã ghi danh P-070." in officer.get("/security").text
    assert console.station.station.office.people.person("P-070").role is Role.SUPERVISOR
    assert Client(console.host).sign_in("P-070", NEW["passphrase"]).status == 303
    assert "SỐ 70" not in console.station.station.ledger.path.read_text(encoding="utf-8")


def test_one_person_enrols_nobody_and_no_key_is_left(console: Served) -> None:
    officer = console.client(OFFICERS[0])
    assert officer.post("/people", **NEW).status == 303
    live = console.asked(Kind.SIGN)
    assert live.question is not None
    assert key_file(console, "P-070").exists()
    assert officer.sign(OFFICERS[0]).status == 303
    twice = officer.sign(OFFICERS[0])
    assert (twice.status, "CON-ANSWER" in twice.text) == (400, True)
    assert officer.post(f"/answer/{live.question.number}", do="no").status == 303
    live = console.ended()
    assert live.refusal is not None
    assert live.refusal.code.startswith("PPL-")
    assert not key_file(console, "P-070").exists()
    assert Client(console.host).sign_in("P-070", NEW["passphrase"]).status == 401
    assert officer.post("/people", **NEW).status == 303, "the same id may be tried again"
    assert signed(console, officer, *OFFICERS).refusal is None


def test_the_wrong_two_enrol_nobody(console: Served) -> None:
    officer = console.client(OFFICERS[0])
    assert officer.post("/people", **NEW).status == 303
    live = signed(console, officer, SUPERVISOR, CUSTODIAN)
    assert live.refusal is not None
    assert not key_file(console, "P-070").exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"again": "something else"}, "CON-ANSWER"), ({"role": "chief"}, "CON-ANSWER"), ({"name": " "}, "CON-ANSWER"),
        ({"number": ""}, "CON-ANSWER"), ({"passphrase": "", "again": ""}, "CON-ANSWER"),
    ],
)  # fmt: skip
def test_a_form_that_is_not_clear_does_nothing(console: Served, change: dict[str, str], code: str) -> None:
    answer = console.client(OFFICERS[0]).post("/people", **{**NEW, **change})
    assert (answer.status, code in answer.text) == (400, True)
    assert not console.room.board.live().job


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"person": "../../P-070"}, "STA-PERSON-ID"), ({"person": "P-070/.."}, "STA-PERSON-ID"),
        ({"person": SUPERVISOR}, "PPL-"), ({"passphrase": "short", "again": "short"}, "PPL-"),
        ({"token": "yes"}, "PPL-TOKEN"),
    ],
)  # fmt: skip
def test_what_the_rooms_below_refuse_is_refused(console: Served, change: dict[str, str], code: str) -> None:
    before = sorted(console.station.folder.rglob("*.key"))
    assert console.client(OFFICERS[0]).post("/people", **{**NEW, **change}).status == 303
    live = console.ended()
    assert live.refusal is not None
    assert live.refusal.code.startswith(code)
    assert sorted(console.station.folder.rglob("*.key")) == before


def test_a_revoked_person_is_out_at_once(console: Served) -> None:
    custodian, officer = console.client(CUSTODIAN), console.client(OFFICERS[0])
    form = {"person": CUSTODIAN, "reason": "left_service", "do": "revoke"}
    assert officer.post("/people/changed", **{**form, "reason": "in_words"}).status == 400
    assert officer.post("/people/changed", **{**form, "do": "promote"}).status == 400
    assert officer.post("/people/changed", **{**form, "person": "P-099"}).status == 403
    assert officer.post("/people/changed", **form).status == 303
    console.asked(Kind.SIGN)
    assert "không đăng nhập và không ký được nữa" in officer.get("/security").text
    assert "Người Lưu giữ Mẫu" in custodian.get("/").text, "not before two have signed"
    assert signed(console, officer, OFFICERS[0], SUPERVISOR).refusal is None
    assert "Người Lưu giữ Mẫu" not in custodian.get("/").text
    assert Client(console.host).sign_in(CUSTODIAN).status == 401
    assert "đã thu hồi" in officer.get("/security").text


def test_who_is_locked_gets_new_tries_from_two(console: Served) -> None:
    client = Client(console.host)
    for _ in range(5):
        client.sign_in(CUSTODIAN, "not this one")
    people, officer = console.station.station.office.people, console.client(OFFICERS[0])
    assert people.tries_left(CUSTODIAN) == 0
    form = {"person": CUSTODIAN, "reason": "forgotten_passphrase", "do": "reset"}
    assert officer.post("/people/changed", **form).status == 303
    assert signed(console, officer, *OFFICERS).refusal is None
    assert people.tries_left(CUSTODIAN) == 5
    assert client.sign_in(CUSTODIAN).status == 303


def test_a_revoked_stick_is_refused_from_then_on(room: Room) -> None:
    manifest = listed(row(1, 1))
    with serve(room, [separator(manifest, 1), SHEET], manifest) as console:
        officer = console.client(OFFICERS[0])
        assert officer.post("/media/revoked", name="M-0099", reason="lost").status == 403
        assert officer.post("/media/revoked", name="M-0001", reason="whim").status == 400
        assert officer.post("/media/revoked", name="M-0001", reason="lost").status == 303
        console.asked(Kind.SIGN)
        page = officer.get("/security").text
        for words in ("Thu hồi thiết bị nhớ", "M-0001", "Tối mật", "SIM0000000001", "bị mất"):
            assert words in page.split('<div class="matter">')[1]
        assert signed(console, officer, *OFFICERS).refusal is None
        assert all(one.revoked for one in room.station.media.entries().values())
        room.bus.plug(room.stick)
        assert [one.decision for one in room.station.media.judge_all(Level.MAT)] == ["refuse"]
        room.bus.pull(room.stick)


def test_a_person_with_a_token_signs_in_and_signs(supervised: Room, people_module: Path) -> None:
    config = supervised.station.config.model_copy(update={"people_module": people_module})
    station = _with_config(supervised, config)
    manifest = listed(row(1, 2))
    with serve(station, [separator(manifest, 1), SHEET], manifest) as console:
        from tests.console.test_batch import reply, start

        wrong = Client(console.host).sign_in(WHO, "000000")
        assert (wrong.status, "PPL-TOKEN" in wrong.text) == (401, True)
        client = Client(console.host)
        assert client.sign_in(WHO, PIN).status == 303
        operator = start(console, OPERATOR)
        reply(console, operator, Kind.LOAD, do="yes")
        reply(console, client, Kind.DIFFERENCE, do="sign", reason="sheet_missing")
        console.asked(Kind.SIGN)
        assert client.sign(WHO, PIN).status == 303
        assert client.sign(CUSTODIAN).status == 303
        reply(console, operator, Kind.STICK, do="yes")
        live = console.ended()
        assert live.result is not None
        assert live.result.documents[0].signed_by == (WHO, CUSTODIAN)


def _with_config(room: Room, config: object) -> Room:
    from dataclasses import replace

    return replace(room, station=replace(room.station, config=config))  # type: ignore[arg-type]
