"""No signature without its matter on the screen: which document, with which counts, what it does, and by whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.console.kit import Served, serve
from tests.console.test_batch import reply, start
from tests.station.conftest import (
    CUSTODIAN,
    OPERATOR,
    PLAIN,
    SHEET,
    SUPERVISOR,
    UNREADABLE,
    Paper,
    Room,
    listed,
    row,
    separator,
)

from scanflow.console.errors import NothingToShow
from scanflow.console.matter import Matter, document_matter, known_person_matter, medium_matter, person_matter
from scanflow.console.questions import Kind
from scanflow.counting import correction_subject
from scanflow.ledger import catalogue as cat
from scanflow.ledger.lines import read_entries
from scanflow.ledger.people import Figures, Purpose, Reason, Statement
from scanflow.ledger.people.registry import enrolment_digest
from scanflow.levels import Level
from scanflow.media.enrolment import statement_digest
from scanflow.pages import Face
from scanflow.station.batch import Outcome
from scanflow.station.demo import demo_passphrase

FIGURES = Figures(declared_sheets=2, declared_pages=4, sheets=1, pages=2)
MANIFEST = listed(row(1, 2, level=Level.TOI_MAT), row(10, 1))


def statement(room: Room, purpose: Purpose, subject: str, **about: object) -> Statement:
    return room.station.office.draw_up(purpose, subject, Reason.SHEET_MISSING, **about)


def told(matter: Matter) -> dict[str, str]:
    return {name: str(getattr(fact, "vi", fact)) for name, fact in matter.facts}


def differing(console: Served) -> None:
    """A batch whose first document lacks a sheet stands at the signatures."""
    operator = start(console)
    reply(console, operator, Kind.LOAD, do="yes")
    reply(console, console.client(SUPERVISOR), Kind.DIFFERENCE, do="sign", reason="sheet_missing")
    console.asked(Kind.SIGN)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_screen_names_the_document_the_counts_the_effect_and_who_signs(room: Room, language: str) -> None:
    manifest = listed(row(1, 2, level=Level.TOI_MAT))
    with serve(room, [separator(manifest, 1), SHEET], manifest) as console:
        differing(console)
        supervisor = console.client(SUPERVISOR)
        supervisor.post("/language", to=language)
        page = supervisor.get("/supervisor").text.split('<div class="matter">')[1]
        for words in ("01/KH-MAU", "05/01/2026", "MAU.01.1", "Người Giám sát Mẫu", "Người Lưu giữ Mẫu"):
            assert words in page
        for words in {
            "vi": ("Cho tài liệu đi tiếp dù số đếm lệch", "Tối mật", "2 tờ, 4 trang", "1 tờ, 2 trang",
                   "được niêm phong và giao ra thiết bị nhớ", "thiếu tờ so với danh mục", "Đã ký 0 / 2 người."),
            "en": ("although its count differs", "Tối mật (highly secret)", "2 sheets, 4 pages", "1 sheets, 2 pages",
                   "sealed and delivered to a medium", "sheet missing", "0 of 2 persons signed."),
        }[language]:  # fmt: skip
            assert words in page
        assert OPERATOR not in page.split("</select>")[0].split("<select")[1], "the operator is not offered to sign"
        assert "Báo cáo" not in page
        supervisor.sign(SUPERVISOR)
        page = supervisor.get("/supervisor").text
        assert "<b>Người Giám sát Mẫu (P-004)</b>" in page
        assert f'value="{SUPERVISOR}"' not in page.split("</select>")[0], "who signed is not offered again"
        supervisor.post("/abandon", sure="yes")
        console.ended()


def test_a_signature_without_its_matter_is_none(room: Room) -> None:
    manifest = listed(row(1, 2))
    with serve(room, [separator(manifest, 1), SHEET], manifest) as console:
        differing(console)
        live = console.room.board.live()
        assert live.question is not None
        supervisor = console.client(SUPERVISOR)
        size = console.station.station.ledger.size
        for shown in ({}, {"shown": ""}, {"shown": "0" * 64}, {"shown": "đ"}):
            answer = supervisor.post(
                f"/sign/{live.question.number}",
                person=SUPERVISOR, passphrase=demo_passphrase(SUPERVISOR), **shown,
            )  # fmt: skip
            assert (answer.status, "CON-NOT-SHOWN" in answer.text) == (409, True)
        assert console.room.board.live().question == live.question
        assert console.station.station.ledger.size == size, "no passphrase was even tried"
        for person in (SUPERVISOR, CUSTODIAN):
            assert supervisor.sign(person).status == 303
        reply(console, console.client(OPERATOR), Kind.STICK, do="yes")
        live = console.ended()
        assert live.result is not None
        assert [one.outcome for one in live.result.documents] == [Outcome.DELIVERED]


def test_what_was_shown_of_another_statement_does_not_serve(room: Room) -> None:
    one, other = (
        statement(room, Purpose.RELEASE_DIFFERENCE, MANIFEST.document_id(1), batch=MANIFEST.batch_id, figures=figures)
        for figures in (FIGURES, replace(FIGURES, sheets=2))
    )
    assert document_matter(one, MANIFEST).shown != document_matter(other, MANIFEST).shown
    again = statement(room, Purpose.RELEASE_DIFFERENCE, one.subject, batch=one.batch, figures=FIGURES)
    assert document_matter(one, MANIFEST).shown != document_matter(again, MANIFEST).shown, "each has its own nonce"


def test_a_held_side_names_sheet_face_and_what_was_read(room: Room) -> None:
    manifest = listed(row(1, 1))
    with serve(room, [separator(manifest, 1), Paper(UNREADABLE, PLAIN)], manifest) as console:
        operator = start(console)
        reply(console, operator, Kind.LOAD, do="yes")
        supervisor = console.client(SUPERVISOR)
        console.hands.decided[2, Face.RECTO] = Level.MAT
        reply(console, supervisor, Kind.HELD, level="MAT")
        console.asked(Kind.SIGN)
        page = supervisor.get("/").text.split('<div class="matter">')[1]
        for words in (
            "Cho qua một mặt giấy bị giữ",
            "tờ 2, mặt trước",
            "Độ mật đọc trên giấy",
            "không có dấu TUYỆT MẬT",
        ):
            assert words in page
        supervisor.post("/abandon", sure="yes")
        console.ended()


def test_a_correction_is_told_from_a_release(room: Room) -> None:
    about = {"batch": MANIFEST.batch_id, "figures": FIGURES}
    released = statement(room, Purpose.RELEASE_DIFFERENCE, f"{MANIFEST.document_id(1)}-X1", **about)
    corrected = statement(
        room, Purpose.RELEASE_DIFFERENCE, correction_subject(MANIFEST.batch_id, 1, (2, 4), (1, 2)), **about
    )
    assert "dù số đếm lệch" in document_matter(released, MANIFEST).title.vi
    assert "Sửa danh mục" in document_matter(corrected, MANIFEST).title.vi
    assert told(document_matter(corrected, MANIFEST))["Số, ký hiệu"] == "01/KH-MAU"
    whole = statement(room, Purpose.RELEASE_DIFFERENCE, f"{MANIFEST.batch_id}-X1", **about)
    assert "cả lượt nạp" in document_matter(whole, MANIFEST).title.vi


def test_a_document_is_not_taken_for_one_whose_number_begins_alike(room: Room) -> None:
    manifest = listed(row(1), row(100), row(1000))
    about = {"batch": manifest.batch_id, "figures": FIGURES}
    for ordinal in (1, 100, 1000):
        one = statement(room, Purpose.RELEASE_DIFFERENCE, f"{manifest.document_id(ordinal)}-X1", **about)
        assert told(document_matter(one, manifest))["Tài liệu"].startswith(f"số {ordinal} ")


def test_what_cannot_be_named_is_not_signed(room: Room) -> None:
    other = listed(row(3, 3))
    about = {"batch": MANIFEST.batch_id, "figures": FIGURES}
    fine = statement(room, Purpose.RELEASE_DIFFERENCE, MANIFEST.document_id(1), **about)
    for manifest in (None, other):
        with pytest.raises(NothingToShow):
            document_matter(fine, manifest)
    for unknown in (
        statement(room, Purpose.CLOSE_BATCH, MANIFEST.batch_id, batch=MANIFEST.batch_id),
        statement(room, Purpose.CHANGE_POLICY, "CFG-1", digest="0" * 64),
        statement(room, Purpose.RELEASE_DIFFERENCE, "B-9", **about),
        statement(room, Purpose.CLEAR_HELD, "B-9", batch=MANIFEST.batch_id, sheet=1, face=Face.RECTO),
    ):
        with pytest.raises(NothingToShow):
            document_matter(unknown, MANIFEST)


def test_records_of_people_and_media_must_be_the_ones_that_are_signed(room: Room) -> None:
    device = next(iter(room.station.media.entries().values())).device
    one = statement(room, Purpose.REVOKE_MEDIUM, device.name, digest=statement_digest(device))
    assert told(medium_matter(one, device))["Độ mật đến"] == "Tối mật"
    with pytest.raises(NothingToShow):
        medium_matter(one, replace(device, until=date(2099, 1, 1)))
    with pytest.raises(NothingToShow):
        medium_matter(replace(one, purpose=Purpose.CHANGE_POLICY), device)
    record = next(one.event for one in read_entries(room.station.ledger.path, (cat.PersonEnrolled,)))
    assert isinstance(record, cat.PersonEnrolled)
    enrol = statement(room, Purpose.ENROL_PERSON, record.person, digest=enrolment_digest(record))
    assert told(person_matter(enrol, record))["Tên"] == record.name
    with pytest.raises(NothingToShow):
        person_matter(replace(enrol, digest="0" * 64), record)
    people = room.station.office.people
    revoke = statement(room, Purpose.REVOKE_PERSON, CUSTODIAN)
    assert told(known_person_matter(revoke, people.person(CUSTODIAN)))["Vai trò"] == people.person(CUSTODIAN).role.vi
    with pytest.raises(NothingToShow):
        known_person_matter(revoke, people.person(SUPERVISOR))


def test_the_desk_takes_no_signature_for_what_it_cannot_name(room: Room) -> None:
    with serve(room, []) as console:
        unknown = statement(room, Purpose.CLOSE_BATCH, MANIFEST.batch_id, batch=MANIFEST.batch_id)
        assert console.hands.sign(unknown) == ()
        live = console.room.board.live()
        assert live.question is None
        assert "CON-UNSHOWN" in live.notices[-1].vi
