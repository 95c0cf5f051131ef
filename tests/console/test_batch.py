"""A batch worked through the console's forms alone, as a browser without scripts would."""

from __future__ import annotations

from tests.console.kit import Served, files_below, serve
from tests.station.conftest import (
    CUSTODIAN,
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
from scanflow.ledger.people import Role
from scanflow.levels import Level
from scanflow.pages import Face
from scanflow.scanner.errors import FeederJammed
from scanflow.station.batch import Outcome


def start(console: Served, person: str = OPERATOR, name: str = "danh-muc.xlsx"):
    client = console.client(person)
    answer = client.post("/batch", list=name)
    assert answer.status == 303, answer.text
    return client


def reply(console: Served, client, kind: Kind, **form: str):
    live = console.asked(kind)
    assert live.question is not None
    answer = client.post(f"/answer/{live.question.number}", **form)
    assert answer.status == 303, answer.text


def test_a_clean_batch_by_forms(room: Room) -> None:
    manifest = listed(row(1, 2), row(2, 1))
    pile = [separator(manifest, 1), SHEET, SHEET, separator(manifest, 2), SHEET]
    with serve(room, pile, manifest) as console:
        operator = start(console)
        live = console.asked(Kind.LOAD)
        page = operator.get("/").text
        assert "XẾP GIẤY VÀO KHAY" in page
        assert "Xếp cả tập giấy cùng các tờ phân cách vào khay." in page
        reply(console, operator, Kind.LOAD, do="yes")
        console.asked(Kind.STICK)
        assert "CẮM THIẾT BỊ NHỚ" in operator.get("/").text
        reply(console, operator, Kind.STICK, do="yes")
        live = console.ended()
        assert live.result is not None
        assert [one.outcome for one in live.result.documents] == [Outcome.DELIVERED, Outcome.DELIVERED]
        page = operator.get("/").text
        assert "XONG" in page
        assert "đã giao" in page


def test_the_live_counts_are_those_of_the_reconciliation(room: Room) -> None:
    manifest = listed(row(1, 2), row(2, 2), row(3, 1))
    pile = [separator(manifest, 1), SHEET, SHEET, separator(manifest, 2), SHEET, SECRET, separator(manifest, 3), SHEET]
    with serve(room, pile, manifest) as console:
        operator = start(console)
        reply(console, operator, Kind.LOAD, do="yes")
        reply(console, operator, Kind.TAKE_OUT, sheets="0")
        reply(console, operator, Kind.TRAY, do="yes")
        reply(console, operator, Kind.LOAD, do="yes")
        before = console.asked(Kind.STICK)
        reply(console, operator, Kind.STICK, do="no")
        live = console.ended()
        assert live.result is not None
        for count in live.result.reconciliation.documents:
            seen = before.counts[manifest.document_id(count.ordinal)]
            assert seen.sheets == count.sheets
            if not seen.routed_out:  # nothing is recorded of the sides of a routed-out sheet
                assert (seen.pages, seen.blank) == (count.pages, count.blank_sides)
        assert before.fed == live.result.reconciliation.totals.fed


def test_a_route_out_is_told_at_once_and_shows_no_picture(room: Room) -> None:
    manifest = listed(row(1, 2), row(2, 1))
    pile = [separator(manifest, 1), SHEET, SECRET, separator(manifest, 2), SHEET]
    with serve(room, pile, manifest) as console:
        operator = start(console)
        reply(console, operator, Kind.LOAD, do="yes")
        live = console.asked(Kind.TAKE_OUT)
        page = operator.get("/").text
        assert "LẤY TỜ RA: TUYỆT MẬT ở tờ 3" in page
        assert 'data-tone="alarm"' in page
        routed = manifest.document_id(1)
        assert live.shown is None or live.shown.document != routed
        assert live.question is not None
        wrong = operator.post(f"/answer/{live.question.number}", sheets="hai")
        assert (wrong.status, "CON-ANSWER" in wrong.text) == (400, True)
        reply(console, operator, Kind.TAKE_OUT, sheets="0")
        console.asked(Kind.TRAY)
        page = operator.get("/").text
        assert "Tính cả các tờ đã qua máy vừa lấy riêng ra" in page and "bây giờ:" in page
        reply(console, operator, Kind.TRAY, do="yes")
        live = console.asked(Kind.LOAD)
        assert "TUYỆT MẬT ở tờ" not in operator.get("/").text.split('data-live="ask"')[0]
        reply(console, operator, Kind.LOAD, do="yes")
        reply(console, operator, Kind.STICK, do="yes")
        live = console.ended()
        assert live.result is not None
        assert [one.outcome for one in live.result.documents] == [Outcome.ROUTED_OUT, Outcome.DELIVERED]


def test_a_jam_and_the_way_back_step_by_step(room: Room) -> None:
    manifest = listed(row(1, 3))
    pile = [separator(manifest, 1), SHEET, SHEET, SHEET]
    with serve(room, pile, manifest, faults={3: FeederJammed}) as console:
        operator = start(console)
        reply(console, operator, Kind.LOAD, do="yes")
        console.asked(Kind.TRAY)
        page = operator.get("/").text
        assert "KẸT GIẤY" in page
        assert "SCN-JAM" in page
        assert "bây giờ:" in page
        reply(console, operator, Kind.TRAY, do="yes")
        console.asked(Kind.LOAD)
        assert "KẸT GIẤY" in operator.get("/").text
        reply(console, operator, Kind.LOAD, do="yes")
        reply(console, operator, Kind.STICK, do="yes")
        live = console.ended()
        assert live.result is not None
        assert [one.outcome for one in live.result.documents] == [Outcome.DELIVERED]


def test_a_refused_stick_says_why_and_another_is_asked_for(room: Room) -> None:
    manifest = listed(row(1, 1))
    foreign = room.other_stick("foreign")
    with serve(room, [separator(manifest, 1), SHEET], manifest, sticks=[foreign, room.stick]) as console:
        operator = start(console)
        reply(console, operator, Kind.LOAD, do="yes")
        reply(console, operator, Kind.STICK, do="yes")
        console.wait(lambda live: live.question is not None and live.question.about is not None)
        page = operator.get("/").text
        assert "USB BỊ TỪ CHỐI" in page
        assert "MED-NOT-ENROLLED" in page
        reply(console, operator, Kind.STICK, do="yes")
        live = console.ended()
        assert live.result is not None
        assert [one.outcome for one in live.result.documents] == [Outcome.DELIVERED]
        assert list(files_below(room.folder / "foreign")) == []


def test_two_persons_release_a_difference_each_with_an_own_key(room: Room) -> None:
    manifest = listed(row(1, 2))
    with serve(room, [separator(manifest, 1), SHEET], manifest) as console:
        operator = start(console)
        reply(console, operator, Kind.LOAD, do="yes")
        live = console.asked(Kind.DIFFERENCE)
        assert live.question is not None
        refused = operator.post(f"/answer/{live.question.number}", do="sign", reason="sheet_missing")
        assert (refused.status, "CON-ROLE" in refused.text) == (403, True)
        supervisor = console.client(SUPERVISOR)
        assert "số tờ: danh mục 2, đếm được 1" in supervisor.get("/supervisor").text
        reply(console, supervisor, Kind.DIFFERENCE, do="sign", reason="sheet_missing")
        live = console.asked(Kind.SIGN)
        assert live.question is not None
        number = live.question.number
        wrong = supervisor.sign(CUSTODIAN, "not the right one")
        assert (wrong.status, "PPL-PASSPHRASE" in wrong.text) == (403, True), wrong.text
        assert supervisor.sign(SUPERVISOR).status == 303
        twice = supervisor.sign(SUPERVISOR)
        assert (twice.status, "CON-ANSWER" in twice.text) == (400, True)
        assert console.asked(Kind.SIGN).question.number == number
        assert supervisor.sign(CUSTODIAN).status == 303
        reply(console, operator, Kind.STICK, do="yes")
        live = console.ended()
        assert live.result is not None
        assert live.result.documents[0].signed_by == (SUPERVISOR, CUSTODIAN)
        assert live.result.documents[0].outcome is Outcome.DELIVERED


def test_the_operator_of_the_batch_signs_nothing_of_it(room: Room) -> None:
    manifest = listed(row(1, 2))
    with serve(room, [separator(manifest, 1), SHEET], manifest) as console:
        operator = start(console)
        reply(console, operator, Kind.LOAD, do="yes")
        supervisor = console.client(SUPERVISOR)
        reply(console, supervisor, Kind.DIFFERENCE, do="sign", reason="sheet_missing")
        live = console.asked(Kind.SIGN)
        assert live.question is not None
        assert Role.OPERATOR not in live.question.roles
        assert supervisor.sign(OPERATOR).status == 303
        assert supervisor.sign(SUPERVISOR).status == 303
        live = console.ended()
        assert live.result is not None
        assert [one.outcome for one in live.result.documents] == [Outcome.DIFFERS]
        assert any("PPL-" in notice.vi for notice in live.notices)


def test_a_held_side_is_cleared_by_the_supervisor_with_the_paper_in_hand(room: Room) -> None:
    manifest = listed(row(1, 1))
    with serve(room, [separator(manifest, 1), Paper(UNREADABLE, PLAIN)], manifest) as console:
        operator = start(console)
        reply(console, operator, Kind.LOAD, do="yes")
        console.asked(Kind.HELD)
        assert "CHỜ KIỂM TRA" in operator.get("/").text
        supervisor = console.client(SUPERVISOR)
        assert "1 tờ chờ xem bản giấy" in supervisor.get("/supervisor").text
        console.hands.decided[2, Face.RECTO] = Level.MAT
        reply(console, supervisor, Kind.HELD, level="MAT")
        live = console.asked(Kind.SIGN)
        assert live.question is not None
        assert supervisor.sign(SUPERVISOR).status == 303
        reply(console, operator, Kind.STICK, do="yes")
        live = console.ended()
        assert live.result is not None
        assert [one.outcome for one in live.result.documents] == [Outcome.DELIVERED]


def test_a_sampled_side_is_read_on_paper_by_somebody_else(room: Room) -> None:
    manifest = listed(row(1, 1))
    with serve(room, [separator(manifest, 1), Paper(PLAIN, PLAIN)], manifest) as console:
        console.hands.samples_on_screen = True
        operator = start(console)
        reply(console, operator, Kind.LOAD, do="yes")
        live = console.asked(Kind.SAMPLE)
        assert live.question is not None
        refused = operator.post(f"/answer/{live.question.number}", level="THUONG")
        assert (refused.status, "CON-ROLE" in refused.text) == (403, True)
        custodian = console.client(CUSTODIAN)
        assert "Kiểm mẫu: xem tờ 2" in custodian.get("/").text
        reply(console, custodian, Kind.SAMPLE, level="TUYET_MAT")
        live = console.ended()
        assert live.result is not None
        assert [one.outcome for one in live.result.documents] == [Outcome.ROUTED_OUT]
        assert live.shown is None


def test_a_document_is_scanned_again_and_its_row_corrected(room: Room) -> None:
    manifest = listed(row(1, 2), row(2, 2))
    pile = [separator(manifest, 1), SHEET, separator(manifest, 2), SHEET]
    with serve(room, pile, manifest) as console:
        console.hands.refills = [[SHEET, SHEET]]
        operator = start(console)
        reply(console, operator, Kind.LOAD, do="yes")
        supervisor = console.client(SUPERVISOR)
        live = console.asked(Kind.DIFFERENCE)
        assert live.question is not None
        number = live.question.number
        for wrong in ({"first": "0", "last": "1"}, {"first": "hai"}, {"first": "3", "last": "2"}):
            answer = supervisor.post(f"/answer/{number}", do="rescan", **wrong)
            assert (answer.status, "CON-ANSWER" in answer.text) == (400, True)
        reply(console, supervisor, Kind.DIFFERENCE, do="rescan")
        console.asked(Kind.LOAD)
        assert "Đặt tài liệu số 1 (2 tờ) vào khay." in operator.get("/").text
        reply(console, operator, Kind.LOAD, do="yes")
        live = console.asked(Kind.DIFFERENCE)
        assert live.counts[manifest.document_id(1)].sheets == 2
        assert live.question is not None
        assert live.question.about.ordinal == 2
        reply(console, supervisor, Kind.DIFFERENCE, do="correct", reason="list_miscounted")
        live = console.asked(Kind.SIGN)
        assert live.question is not None
        for person in (SUPERVISOR, CUSTODIAN):
            answer = supervisor.sign(person)
            assert answer.status == 303
        reply(console, operator, Kind.STICK, do="yes")
        live = console.ended()
        assert live.result is not None
        assert [one.outcome for one in live.result.documents] == [Outcome.DELIVERED, Outcome.DELIVERED]


def test_leaving_the_batch_erases_everything(room: Room) -> None:
    manifest = listed(row(1, 1))
    with serve(room, [separator(manifest, 1), SHEET], manifest) as console:
        operator = start(console)
        reply(console, operator, Kind.LOAD, do="yes")
        live = console.asked(Kind.STICK)
        assert operator.post("/abandon").status == 400
        assert operator.post("/abandon", sure="yes").status == 303
        live = console.ended()
        assert live.refusal is not None
        assert live.refusal.code == "CON-ABANDONED"
        assert live.shown is None
        assert list(files_below(room.folder / "stick")) == [] or not list((room.folder / "stick").rglob("*.p7m"))


def test_a_late_press_answers_nothing(room: Room) -> None:
    manifest = listed(row(1, 1))
    with serve(room, [separator(manifest, 1), SHEET], manifest) as console:
        operator = start(console)
        live = console.asked(Kind.LOAD)
        assert live.question is not None
        first = live.question.number
        reply(console, operator, Kind.LOAD, do="yes")
        console.asked(Kind.STICK)
        late = operator.post(f"/answer/{first}", do="yes")
        assert (late.status, "CON-GONE" in late.text) == (409, True)
        second = operator.post("/batch", list="danh-muc.xlsx")
        assert (second.status, "CON-BUSY" in second.text) == (409, True)
        operator.post("/abandon", sure="yes")
        console.ended()
