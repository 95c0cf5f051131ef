"""The papers that a batch ends with: what they say is what happened, and nothing of a page."""

from __future__ import annotations

import subprocess

import openpyxl
from tests.station.conftest import CUSTODIAN, OPERATOR, SECRET, SHEET, SUPERVISOR, Room, listed, row, separator
from tests.station.test_settling import CORRECT, LEAVE, RESCAN, work

from scanflow.forms.paper import every_text
from scanflow.ledger.catalogue import HeadIssued
from scanflow.ledger.lines import read_entries
from scanflow.ledger.people import Reason
from scanflow.station.bureau import file_form
from scanflow.station.desk import DifferenceAnswer, Settling
from scanflow.station.incidents import route_outs
from scanflow.station.record import batch_forms


def test_every_settled_difference_and_every_route_out_has_its_paper(room: Room) -> None:
    manifest = listed(*(row(n, 2) for n in range(1, 6)))
    pile = [paper for n in (1, 2, 3, 4) for paper in (separator(manifest, n), SHEET)]
    pile += [separator(manifest, 5), SHEET, SECRET]
    settlings = [DifferenceAnswer(Settling.SIGN, Reason.SHEET_MISSING), CORRECT, RESCAN, LEAVE]
    keys = room.signed_by(SUPERVISOR, CUSTODIAN)
    result, _ = work(room, manifest, pile, settlings=settlings, keys=keys, refills=[[], [SHEET, SHEET]])
    papers = batch_forms(room.station, result, OPERATOR)
    batch = result.batch
    assert list(papers) == [
        f"{batch}-doi-chieu", f"{batch}-sai-lech-1", f"{batch}-sai-lech-2", f"{batch}-tach-rieng-11",
    ]  # fmt: skip
    issued = [entry.event for entry in read_entries(room.station.ledger.path, (HeadIssued,))]
    assert len(issued) == len(papers), "each head that leaves on paper is on the record"
    text = {stem.removeprefix(batch): every_text(paper) for stem, paper in papers.items()}
    for said in ("đã quét lại", "danh mục sửa thành 1 tờ", "Dừng ở tờ thứ 11 qua máy", "Người Giám sát Mẫu"):
        assert said in text["-doi-chieu"], said
    for said in ("Thiếu tờ so với danh mục", "thiếu 1 tờ, thiếu 2 trang"):
        assert said in text["-sai-lech-1"], said
    assert "Sửa danh mục theo số kiểm đếm" in text["-sai-lech-2"]
    for said in ("MAU.01.5", "Tờ thứ 2 của tài liệu", "Tờ thứ 11 của đợt", "2 mặt"):
        assert said in text["-tach-rieng-11"], said


def test_the_record_of_a_difference_states_the_figures_that_were_signed_for(room: Room) -> None:
    manifest = listed(row(1, 3))
    keys = room.signed_by(SUPERVISOR, CUSTODIAN)
    pile = [separator(manifest, 1), SHEET]
    result, _ = work(room, manifest, pile, settlings=[RESCAN, CORRECT], keys=keys, refills=[[SHEET, SHEET]])
    text = every_text(batch_forms(room.station, result, OPERATOR)[f"{result.batch}-sai-lech-1"])
    for said in ("3 tờ, 6 trang", "2 tờ, 4 trang", "thiếu 1 tờ, thiếu 2 trang", "Lần đầu đếm 1 tờ, 2 trang"):
        assert said in text, said


def test_a_form_is_filed_as_pdf_and_as_workbook_for_its_owner_only(room: Room) -> None:
    manifest = listed(row(1, 2))
    result, _ = work(room, manifest, [separator(manifest, 1), SHEET])
    ((stem, paper),) = batch_forms(room.station, result, OPERATOR).items()
    folder = room.folder / "bien-ban"
    pdf, workbook = file_form(paper, folder, stem)
    assert {path.name for path in folder.iterdir()} == {pdf.name, workbook.name}
    assert all(path.stat().st_mode & 0o077 == 0 for path in (pdf, workbook))
    text = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    cells = [
        str(cell.value) for sheet in openpyxl.load_workbook(workbook) for line in sheet.iter_rows() for cell in line
    ]
    for words in ("BIÊN BẢN ĐỐI CHIẾU", "LỆCH", "MAU.01.1"):
        assert words in text
        assert any(words in cell for cell in cells)


def test_a_route_out_is_told_once_with_what_the_ledger_keeps_of_it(room: Room) -> None:
    manifest = listed(row(1, 4), row(2, 1))
    pile = [separator(manifest, 1), SHEET, SECRET, SECRET, SHEET, separator(manifest, 2), SHEET]
    work(room, manifest, pile)
    (story,) = route_outs(read_entries(room.station.ledger.path), manifest.batch_id)
    assert (story.fed, story.place, story.sides, story.operator) == (3, 2, 2, OPERATOR)
    assert story.document == manifest.document_id(1)
    assert story.at <= story.erased <= story.stopped
    assert story.beyond >= 1


def test_a_rescan_that_agrees_is_told_on_the_record(room: Room) -> None:
    manifest = listed(row(1, 2))
    pile = [separator(manifest, 1), SHEET]
    result, _ = work(room, manifest, pile, settlings=[RESCAN], refills=[[SHEET, SHEET]])
    (paper,) = batch_forms(room.station, result, OPERATOR).values()
    assert any("lần đầu đếm 1 tờ, 2 trang; đã quét lại" in str(cell) for cell in paper.tables()[0].rows[0])
