"""Lists explained, documents scanned again, handovers and forms to print: the terminal's functions behind pages."""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import expect
from tests.console.kit import Client, Served, files_below, serve
from tests.console.screens import Screen, chromium
from tests.console.test_batch import reply, start
from tests.house.test_languages import in_english, in_vietnamese
from tests.station.conftest import (
    CUSTODIAN,
    INSPECTOR,
    OPERATOR,
    SECRET,
    SHEET,
    SUPERVISOR,
    Room,
    listed,
    row,
    separator,
)

from scanflow.console.board import Board, Live
from scanflow.console.headline import headline
from scanflow.console.questions import Kind
from scanflow.ledger.catalogue import BatchResumed, HandoverDiffers, HandoverRecorded, HeadIssued, Moment
from scanflow.ledger.lines import read_entries
from scanflow.levels import Level
from scanflow.manifest import Manifest, write_manifest
from scanflow.station.batch import Outcome
from scanflow.station.demo import demo_passphrase

LIST = "danh-muc.xlsx"
OFFICER = "P-001"


def text_of(pdf: bytes) -> str:
    told = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout
    return " ".join(told.decode().split())


def work_off(console: Served, *, stick: str = "yes") -> Client:
    """The operator's way through a batch without questions to others."""
    operator = start(console)
    reply(console, operator, Kind.LOAD, do="yes")
    reply(console, operator, Kind.STICK, do=stick)
    console.ended()
    return operator


def pile_of(manifest: Manifest) -> list:
    return [sheet for one in manifest.rows for sheet in (separator(manifest, one.ordinal), *[SHEET] * one.sheets)]


def anew(room: Room) -> Live:
    """What a console that starts now shows of this ledger."""
    board = Board()
    board.follow(room.station.ledger)
    return board.live()


# ---- lists


def test_a_faulty_list_is_explained_cell_by_cell(room: Room) -> None:
    with serve(room, [], listed(row(1, 2), row(2, 1))) as console:
        inbox = console.station.folder / "inbox"
        (inbox / "sai.csv").write_text("STT;Số tờ\n1;x\n", encoding="utf-8")
        for person in (OPERATOR, SUPERVISOR, CUSTODIAN):
            page = console.client(person).get("/list?list=sai.csv").text
            assert "chưa nhận dòng nào" in page
            assert "MAN-" in page
        assert "Danh mục đúng: 2 tài liệu." in console.client(OPERATOR).get(f"/list?list={LIST}").text
        gone = console.client(OPERATOR).get("/list?list=../station.toml")
        assert (gone.status, "CON-LIST" in gone.text) == (404, True)


def test_documents_that_did_not_leave_are_scanned_again(room: Room) -> None:
    manifest = listed(row(1, 2), row(2, 1), row(3, 1, level=Level.TUYET_MAT), row(4, 2))
    pile = [separator(manifest, 1), SHEET, SHEET, separator(manifest, 2), SHEET, separator(manifest, 4), SHEET, SECRET]
    with serve(room, pile, manifest, sticks=[]) as console:
        operator = console.client(OPERATOR)
        fresh = operator.get(f"/list?list={LIST}").text
        assert "chưa quét lần nào" in fresh
        assert "again-" not in fresh
        refused = operator.post("/rescan", list=LIST, **{"again-1": "yes"})
        assert refused.status == 303
        assert console.ended().refusal.code == "STA-NEVER-OPENED"
        begin = start(console)
        reply(console, begin, Kind.LOAD, do="yes")
        reply(console, begin, Kind.TAKE_OUT, sheets="0")
        reply(console, begin, Kind.TRAY, do="yes")
        reply(console, begin, Kind.LOAD, do="no")
        reply(console, begin, Kind.STICK, do="no")
        console.ended()
        page = operator.get(f"/list?list={LIST}").text
        assert re.findall(r'name="again-(\d+)"', page) == ["1", "2"], "not the declared, not the routed-out one"
        assert "again-" not in console.client(SUPERVISOR).get(f"/list?list={LIST}").text
        assert operator.post("/rescan", list=LIST).status == 400
        assert operator.post("/rescan", list=LIST, **{"again-x": "yes"}).status == 400
        for person in (SUPERVISOR, CUSTODIAN, OFFICER, INSPECTOR):
            assert console.client(person).post("/rescan", list=LIST, **{"again-1": "yes"}).status == 403
        console.hands.sticks.append(console.station.stick)
        console.hands.refills.clear()
        console.feeder.pile[:] = [SHEET]
        assert operator.post("/rescan", list=LIST, **{"again-2": "yes"}).status == 303
        reply(console, operator, Kind.LOAD, do="yes")
        live = console.asked(Kind.STICK)
        assert live.fed == 1
        assert live.counts[manifest.document_id(2)].sheets == 1
        assert live.counts[manifest.document_id(4)].routed_out, "of the earlier run stays what is settled"
        assert manifest.document_id(1) not in live.counts
        reply(console, operator, Kind.STICK, do="yes")
        result = console.ended().result
        assert result is not None
        assert [(one.row.ordinal, one.outcome) for one in result.documents] == [(2, Outcome.DELIVERED)]
        assert len(list(read_entries(room.station.ledger.path, (BatchResumed,)))) == 1
        assert anew(room).counts == console.room.board.live().counts, "a restart shows the same"
        page = operator.get(f"/list?list={LIST}").text
        assert re.findall(r'name="again-(\d+)"', page) == ["1"]
        console.feeder.pile[:] = [SHEET, SHEET]
        assert operator.post("/rescan", list=LIST, **{"again-1": "yes"}).status == 303
        reply(console, operator, Kind.LOAD, do="yes")
        console.asked(Kind.STICK)
        cut = anew(room)  # as if the power went now
        assert cut.interrupted
        assert cut.counts[manifest.document_id(2)].delivered
        assert "quét lại" in headline(cut).sentence.vi
        reply(console, operator, Kind.STICK, do="no")
        console.ended()
        again = operator.post("/rescan", list=LIST, **{"again-2": "yes"})
        assert again.status == 303
        assert console.ended().refusal.code == "STA-DONE-BEFORE"
        whole = start(console)
        assert console.ended().refusal.code == "STA-DONE-BEFORE"
        assert whole.get("/").status == 200


# ---- forms


def test_forms_are_printed_and_kept_nowhere(room: Room) -> None:
    manifest = listed(row(1, 2), row(2, 2))
    pile = [separator(manifest, 1), SHEET, SHEET, separator(manifest, 2), SHEET, SECRET]
    with serve(room, pile, manifest) as console:
        supervisor = console.client(SUPERVISOR)
        separators = supervisor.post("/form", form=f"{manifest.batch_id}-to-phan-cach", list=LIST)
        assert separators.status == 200
        assert len(pikepdf.open(io.BytesIO(separators.body)).pages) == 2
        operator = start(console)
        reply(console, operator, Kind.LOAD, do="yes")
        reply(console, operator, Kind.TAKE_OUT, sheets="0")
        reply(console, operator, Kind.TRAY, do="yes")
        reply(console, operator, Kind.LOAD, do="no")
        reply(console, operator, Kind.STICK, do="yes")
        console.ended()
        files = set(files_below(room.folder))
        heads = len(list(read_entries(room.station.ledger.path, (HeadIssued,))))
        page = supervisor.get("/papers").body.decode()
        assert len(list(read_entries(room.station.ledger.path, (HeadIssued,)))) == heads, "only looking issues no head"
        offered = re.findall(r'name="form" value="([^"]+)"', page)
        assert offered == [f"{manifest.batch_id}-doi-chieu", f"{manifest.batch_id}-tach-rieng-6"]
        said = {"doi-chieu": "BIÊN BẢN", "tach-rieng": "TÁCH RIÊNG"}
        for stem in offered:
            answer = supervisor.post("/form", form=stem)
            assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
            assert "no-store" in answer.headers["cache-control"]
            assert answer.headers["content-disposition"] == f'inline; filename="{stem}.pdf"'
            words = next(words for part, words in said.items() if part in stem)
            assert words in text_of(answer.body).upper()
        assert len(list(read_entries(room.station.ledger.path, (HeadIssued,)))) == heads + 2
        year = str(room.station.today.year)
        asked = supervisor.get(f"/papers?year={year}").body.decode()
        stems = [one for one in re.findall(r'name="form" value="([^"]+)"', asked) if one.endswith(year)]
        assert stems == [f"{one}-{year}" for one in ("so-sao-chup", "so-di", "so-den", "thong-ke")]
        for stem in stems:
            answer = console.client(CUSTODIAN).post(
                "/form", form=stem, year=year, volume="1", head="Ông Mẫu", post="Giám đốc"
            )
            assert answer.status == 200, answer.text
            assert answer.body.startswith(b"%PDF-")
        assert "01/KH-MAU" in text_of(supervisor.post("/form", form=f"so-sao-chup-{year}", year=year).body)
        assert set(files_below(room.folder)) - files == set(), "no form was written anywhere"


def test_a_form_that_is_not_offered_is_not_made(room: Room) -> None:
    with serve(room, [], listed(row(1))) as console:
        supervisor = console.client(SUPERVISOR)
        for form in ({}, {"form": "../../etc/passwd"}, {"form": "so-di-2026"}, {"form": "x", "list": LIST}):
            assert supervisor.post("/form", **form).status == 404
        for year in ("26", "x", "99999", "1999"):
            assert supervisor.post("/form", form="so-di", year=year).status == 400
            assert supervisor.get(f"/papers?year={year}").status == 400
        assert supervisor.get("/papers?list=nothing.xlsx").status == 404
        assert supervisor.get(f"/papers?list={LIST}&moment=never").status == 400
        for person in (OPERATOR, OFFICER, INSPECTOR):
            client = console.client(person)
            assert client.get("/papers").status == 403
            for path in ("/form", "/handover"):
                assert client.post(path, form="so-di-2026", year="2026", list=LIST).status == 403


# ---- handovers


def counted(manifest: Manifest, **otherwise: str) -> dict[str, str]:
    """What a page sends of every document."""
    form: dict[str, str] = {}
    for one in manifest.rows:
        form |= {f"sheets-{one.ordinal}": str(one.sheets), f"pages-{one.ordinal}": str(one.pages)}
        form[f"paper-{one.ordinal}"] = "sound"
    return form | {name.replace("_", "-"): value for name, value in otherwise.items()}


def hands(giver: str, taker: str) -> dict[str, str]:
    return {
        "giver": giver, "giver_secret": demo_passphrase(giver), "taker": taker, "taker_secret": demo_passphrase(taker),
        "list": LIST, "sure": "yes",
    }  # fmt: skip


def recorded(room: Room) -> list[tuple[Moment, str, str, bool]]:
    kinds = (HandoverRecorded,)
    events = [one.event for one in read_entries(room.station.ledger.path, kinds)]
    return [(one.moment, one.giver, one.taker, one.agrees) for one in events]  # type: ignore[attr-defined]


def test_the_three_handovers_are_recorded_by_both_sides(room: Room) -> None:
    manifest = listed(row(1, 2), row(2, 1))
    with serve(room, pile_of(manifest), manifest) as console:
        client = console.client(CUSTODIAN)
        early = client.get(f"/papers?list={LIST}&moment=scanned").text
        assert "STA-HANDOVER-TURN" in early
        page = client.get(f"/papers?list={LIST}&moment=out_of_store").text
        assert 'name="sheets-1" value="2"' in page
        form = counted(manifest) | hands(CUSTODIAN, OPERATOR) | {"moment": "out_of_store"}
        done = client.post("/handover", **form, basis="Quyết định số 15/QĐ-MAU\n\nCông văn số 2")
        assert (done.status, done.headers["content-type"]) == (200, "application/pdf")
        assert "Quyết định số 15/QĐ-MAU" in text_of(done.body)
        assert recorded(room) == [(Moment.OUT_OF_STORE, CUSTODIAN, OPERATOR, True)]
        work_off(console)
        back = counted(manifest) | hands(OPERATOR, CUSTODIAN)
        assert client.post("/handover", **back, moment="scanned").status == 200
        page = client.get(f"/papers?list={LIST}&moment=back_in_store").text
        assert "2 tờ, 4 trang" in page, "what was counted when scanned stands beside it"
        assert client.post("/handover", **back, moment="back_in_store").status == 200
        assert [one[0] for one in recorded(room)] == list(Moment)


def test_a_difference_is_shown_before_it_is_recorded(room: Room) -> None:
    manifest = listed(row(1, 2), row(2, 1))
    with serve(room, [], manifest) as console:
        client = console.client(SUPERVISOR)
        form = counted(manifest, sheets_2="3", paper_1="damaged") | hands(CUSTODIAN, OPERATOR)
        form["moment"] = "out_of_store"
        first = client.post("/handover", **form)
        assert first.status == 409
        assert "CHƯA GHI" in first.text
        assert "STT 2 (MAU.01.2): trước 1 tờ, 2 trang, nguyên vẹn; nay 3 tờ, 2 trang, nguyên vẹn." in first.text
        assert "nay 2 tờ, 4 trang, hư hỏng" in first.text
        assert demo_passphrase(CUSTODIAN) not in first.text
        assert 'name="sheets-2" value="3"' in first.text
        assert recorded(room) == []
        seen = re.search(r'name="seen" value="([0-9a-f]{64})"', first.text)
        assert seen is not None
        other = client.post("/handover", **{**form, "seen": seen[1], "sheets-2": "4"})
        assert other.status == 409, "other numbers than those that were shown"
        assert recorded(room) == []
        done = client.post("/handover", **{**form, "seen": seen[1]})
        assert done.status == 200
        assert recorded(room) == [(Moment.OUT_OF_STORE, CUSTODIAN, OPERATOR, False)]
        assert len(list(read_entries(room.station.ledger.path, (HandoverDiffers,)))) == 2


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"giver_secret": "not this one"}, 403, "PPL-PASSPHRASE"), ({"taker_secret": ""}, 403, "PPL-PASSPHRASE"),
        ({"taker": CUSTODIAN, "taker_secret": demo_passphrase(CUSTODIAN)}, 403, "STA-HANDOVER-PERSONS"),
        ({"giver": "X-1"}, 403, "PPL-UNKNOWN"), ({"taker": ""}, 400, "CON-ANSWER"), ({"sure": ""}, 400, "CON-ANSWER"),
        ({"sheets-1": ""}, 400, "CON-ANSWER"), ({"pages-1": "-1"}, 400, "CON-ANSWER"),
        ({"paper-1": "new"}, 400, "CON-ANSWER"), ({"moment": "soon"}, 400, "CON-ANSWER"),
        ({"moment": "scanned"}, 403, "STA-HANDOVER-TURN"), ({"list": "x"}, 404, "CON-LIST"),
    ],
)  # fmt: skip
def test_a_handover_that_is_not_in_order_is_not_recorded(
    room: Room, change: dict[str, str], status: int, code: str
) -> None:
    manifest = listed(row(1, 2))
    with serve(room, [], manifest) as console:
        form = counted(manifest) | hands(CUSTODIAN, OPERATOR) | {"moment": "out_of_store"} | change
        answer = console.client(SUPERVISOR).post("/handover", **form)
        assert (answer.status, code in answer.text) == (status, True)
        assert recorded(room) == []


def test_a_list_of_many_documents_is_handed_over(room: Room) -> None:
    """More fields than a small form has."""
    manifest = listed(*(row(number, 1) for number in range(1, 401)))
    with serve(room, [], manifest) as console:
        form = counted(manifest) | hands(CUSTODIAN, OPERATOR) | {"moment": "out_of_store"}
        assert console.client(CUSTODIAN).post("/handover", **{**form, "sheets-400": ""}).status == 400
        assert recorded(room) == []


# ---- what people see


def test_both_languages_say_it_wholly(room: Room) -> None:
    from tests.console.test_languages import sentences

    manifest = listed(row(1, 2), row(2, 1))
    with serve(room, pile_of(manifest), manifest) as console:
        (console.station.folder / "inbox/sai.csv").write_text("STT;Số tờ\n1;x\n", encoding="utf-8")
        work_off(console, stick="no")
        custodian, operator = console.client(CUSTODIAN), console.client(OPERATOR)
        form = counted(manifest, sheets_2="3") | hands(CUSTODIAN, OPERATOR) | {"moment": "out_of_store"}
        for language, wrong in (("vi", in_english), ("en", in_vietnamese)):
            for client in (custodian, operator):
                client.post("/language", to=language)
            pages = [custodian.get(f"/papers?{query}") for query in (
                f"list={LIST}&moment=out_of_store", f"list={LIST}&moment=scanned", "year=2026", "list=sai.csv"
            )]  # fmt: skip
            pages += [operator.get(f"/list?list={name}") for name in (LIST, "sai.csv")]
            pages.append(custodian.post("/handover", **form))
            for page in pages:
                assert sentences(page.body.decode(), wrong) == []


def test_papers_and_rescan_in_a_real_browser(room: Room, tmp_path: Path) -> None:
    manifest = listed(row(1, 2), row(2, 1), row(3, 1, level=Level.TUYET_MAT))
    with serve(room, pile_of(listed(row(1, 2), row(2, 1))), manifest) as console, chromium() as browser:
        write_manifest(listed(row(1, 1)).rows, console.station.folder / "inbox/danh-muc-2.xlsx")
        console.feeder.pile[:] = [separator(manifest, 1), SHEET, SHEET, separator(manifest, 2), SHEET]
        screen = Screen(browser, console.url, console.room.board).sign_in(CUSTODIAN)
        expect(screen.page.locator("main")).to_contain_text("Theo danh mục")
        screen.page.get_by_role("link", name=LIST).click()
        screen.page.get_by_role("link", name="1. xuất kho").click()
        screen.page.get_by_label("Số tờ, tài liệu số 2").fill("2")
        screen.page.locator("select[name=giver]").select_option(CUSTODIAN)
        screen.page.locator("select[name=taker]").select_option(OPERATOR)
        screen.page.locator("input[name=giver_secret]").fill(demo_passphrase(CUSTODIAN))
        screen.page.locator("input[name=taker_secret]").fill(demo_passphrase(OPERATOR))
        screen.page.get_by_label("Hai bên xác nhận").check()
        screen.press("Ghi vào sổ và lập biên bản")
        expect(screen.page.locator("main")).to_contain_text("CHƯA GHI")
        screen.page.locator("#handover").scroll_into_view_if_needed()
        screen.keep("19-ban-giao-lech")
        assert recorded(room) == []
        screen.page.goto(f"{console.url}papers?list={LIST}&year=2026")
        screen.keep("20-giay-to")
        with screen.page.context.expect_page() as opened:
            screen.press("Tờ phân cách")
        opened.value.wait_for_load_state()
        assert opened.value.url.startswith(f"{console.url}form")
        opened.value.close()
        work_off(console, stick="no")
        operator = Screen(browser, console.url, console.room.board).sign_in(OPERATOR)
        operator.page.get_by_role("link", name="quét lại tài liệu chưa giao").click()
        operator.page.get_by_role("link", name=LIST, exact=True).click()
        operator.page.get_by_label("Quét lại tài liệu số 2").check()
        operator.keep("21-quet-lai")
        console.feeder.pile[:] = [SHEET]
        operator.press("Quét lại các tài liệu đã chọn")
        console.asked(Kind.LOAD)
        operator.says("XẾP GIẤY VÀO KHAY")
        operator.says("Đặt tài liệu số 2 (1 tờ) vào khay.")
        console.room.board.abandon()
        console.ended()
        for each in (screen, operator):
            each.close()
