"""What the supervisor does about a count: scan again in place, correct the list, sign, or take the batch up later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
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
    ScriptedDesk,
    ScriptedFeeder,
    listed,
    row,
    separator,
)

from scanflow.cli.working import _Order, _say_what_is_left
from scanflow.counting.errors import BatchDifferenceOpen, DocumentFinished, DocumentUnknown
from scanflow.ledger.catalogue import (
    BatchEnd,
    BatchResumed,
    DocumentCounted,
    DocumentDiffers,
    DocumentErased,
    EraseReason,
    FeedEnded,
    HintSeen,
    ManifestCorrected,
    RescanOrdered,
)
from scanflow.ledger.inspect import overview_of
from scanflow.ledger.lines import read_entries
from scanflow.ledger.people import Reason
from scanflow.manifest import Manifest
from scanflow.pages import SideLabel
from scanflow.scanner.errors import FeederJammed
from scanflow.sealing import load_certificate, load_private_key, open_container
from scanflow.station.batch import BatchResult, Outcome, run_batch
from scanflow.station.config import Separation
from scanflow.station.desk import DifferenceAnswer, Settling
from scanflow.station.errors import BatchDoneBefore, NeverOpened
from scanflow.station.record import _feeds, bureau_of

RESCAN = DifferenceAnswer(Settling.RESCAN)
LEAVE = DifferenceAnswer(Settling.LEAVE)
CORRECT = DifferenceAnswer(Settling.CORRECT, Reason.LIST_MISCOUNTED)


def some(first: int, last: int) -> DifferenceAnswer:
    """Scan these sheets of the document again."""
    return DifferenceAnswer(Settling.RESCAN, places=(first, last))


def work(
    room: Room, manifest: Manifest, pile: list[Paper], only: tuple[int, ...] = (), **desk: object
) -> tuple[BatchResult, ScriptedDesk]:
    """Work a batch with the approved stick at hand."""
    feeder = ScriptedFeeder(pile, **{k: desk.pop(k) for k in ("faults", "miscounts") if k in desk})  # type: ignore[arg-type]
    script = ScriptedDesk(feeder, room.bus, **{"sticks": [room.stick], **desk})  # type: ignore[arg-type]
    return run_batch(room.with_feeder(feeder), script, manifest, feeder, OPERATOR, only=only), script


def outcomes(result: BatchResult) -> list[Outcome]:
    return [document.outcome for document in result.documents]


def events(room: Room, kind: type) -> list[object]:
    return [entry.event for entry in read_entries(room.station.ledger.path, (kind,))]


def pages_of(room: Room, name: str) -> int:
    """Pages of a delivered document, opened with a holder's key."""
    keys = room.folder / "keys"
    certificate = load_certificate((keys / "van-thu.crt.pem").read_bytes())
    key = load_private_key((keys / "van-thu.key.pem").read_bytes(), None)
    path = next((room.folder / "stick").rglob(name))
    plain = open_container(path.read_bytes(), certificate, key)
    opened = room.folder / "opened.pdf"
    opened.write_bytes(plain)
    with pikepdf.open(opened) as pdf:
        return len(pdf.pages)


def test_a_document_scanned_again_in_place_leaves_whole(room: Room) -> None:
    manifest = listed(row(1, 3), row(2, 1))
    pile = [separator(manifest, 1), SHEET, SHEET, separator(manifest, 2), SHEET]
    result, desk = work(room, manifest, pile, settlings=[RESCAN], refills=[[SHEET] * 3])
    assert outcomes(result) == [Outcome.DELIVERED, Outcome.DELIVERED]
    one = result.documents[0]
    assert (one.remedy, one.first_count, one.signed_by) == (Settling.RESCAN, (2, 4), ())
    assert result.end is BatchEnd.COMPLETE
    totals = result.reconciliation.totals
    assert (totals.fed, totals.cleared, totals.spoiled, totals.separators) == (8, 4, 2, 2)
    assert desk.loads[-1].document == manifest.rows[0]
    (ordered,) = events(room, RescanOrdered)
    assert (ordered.first, ordered.last, ordered.person) == (2, 3, OPERATOR)
    erased = [event for event in events(room, DocumentErased) if event.reason is EraseReason.RESCAN]
    assert [event.pages for event in erased] == [4], "the old scan's key is destroyed"
    assert pages_of(room, "MAU.01.0000001.p7m") == 6


def test_a_range_of_sheets_keeps_its_place_in_the_document(room: Room) -> None:
    blank_back = Paper(PLAIN, PLAIN, (SideLabel.CONTENT, SideLabel.BLANK))
    manifest = listed(row(1, 4, pages=6))
    pile = [separator(manifest, 1), SHEET, blank_back, SHEET]  # two sheets stuck together at the second place
    result, desk = work(
        room, manifest, pile, settlings=[some(2, 2)], refills=[[blank_back, Paper(PLAIN, PLAIN, blank_back.labels)]]
    )
    assert outcomes(result) == [Outcome.DELIVERED]
    assert desk.loads[-1].vi == (
        "Đặt tờ thứ 2 của tài liệu số 1 vào khay; tờ còn thiếu ở chỗ này thì đặt kèm, đúng thứ tự."
    )
    (ordered,) = events(room, RescanOrdered)
    assert (ordered.first, ordered.last) == (3, 3)
    assert pages_of(room, "MAU.01.0000001.p7m") == 6


def test_a_scanner_that_counted_otherwise_stops_release_until_two_persons_sign(room: Room) -> None:
    manifest = listed(row(1, 2))
    pile = [separator(manifest, 1), SHEET, SHEET]
    result, desk = work(room, manifest, pile, miscounts=[1])
    assert outcomes(result) == [Outcome.DIFFERS] and isinstance(result.documents[0].why, BatchDifferenceOpen)
    assert result.delivered is None
    said = next(notice.vi for notice in desk.told if notice.vi.startswith("STA-COUNTER"))
    assert "ghi 4 tờ, trạm nhận được 3 tờ (tờ 1 đến 3)" in said and "khay ra" in said
    (ended,) = events(room, FeedEnded)
    assert (ended.sheets, ended.counter) == (3, 4)  # type: ignore[attr-defined]
    lines = list(_feeds(bureau_of(room.station), result))
    assert len(lines) == 1 and lines[0].endswith("chưa được xử lý.")


def test_two_persons_sign_for_what_the_scanner_counted_and_the_record_names_them(room: Room) -> None:
    manifest = listed(row(1, 2))
    pile = [separator(manifest, 1), SHEET, SHEET]
    result, _ = work(room, manifest, pile, miscounts=[1], keys=room.signed_by(SUPERVISOR, CUSTODIAN))
    assert outcomes(result) == [Outcome.DELIVERED] and result.end is BatchEnd.SIGNED_OFF
    (line,) = _feeds(bureau_of(room.station), result)
    names = [bureau_of(room.station).person(person).name for person in (SUPERVISOR, CUSTODIAN)]
    assert "ghi 4 tờ, nhận được 3 tờ" in line and all(name in line for name in names)


def test_a_document_fed_alone_is_scanned_again_when_the_scanner_counted_otherwise(
    make_room: Callable[..., Room],
) -> None:
    room = make_room(Separation.ONE_PER_FEED)
    result, desk = work(
        room, listed(row(1, 2)), [SHEET, SHEET], miscounts=[-1, 0], settlings=[RESCAN], refills=[[SHEET] * 2]
    )
    assert [count.differences for count in desk.asked] == [()], "its own count agrees with the list"
    assert outcomes(result) == [Outcome.DELIVERED] and result.reconciliation.differences == ()


def test_a_jam_does_not_make_the_scanners_counter_differ(room: Room) -> None:
    manifest = listed(row(1, 3))
    pile = [separator(manifest, 1), SHEET, SHEET, SHEET]
    result, _ = work(room, manifest, pile, miscounts=[0], faults={3: FeederJammed})
    assert outcomes(result) == [Outcome.DELIVERED]


def test_the_command_that_takes_the_batch_up_again_is_named_whole(
    room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = listed(row(1, 1), row(2, 2))
    result, _ = work(room, manifest, [separator(manifest, 1), SHEET, separator(manifest, 2), SHEET])
    order = _Order(Path("danh muc.xlsx"), OPERATOR, Path(), (), None, False, "", Path("tram.toml"))
    _say_what_is_left(order, result)
    said = capsys.readouterr().out
    assert "scanflow rescan 'danh muc.xlsx' 2 --operator P-003 --config tram.toml" in said, "1 has left"


def test_the_pdf_follows_the_paper_and_not_the_feed(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    from scanflow.station import sealwork

    orders: list[list[int]] = []
    build = sealwork.build_pdf

    def watched(pages, facts, layers):  # type: ignore[no-untyped-def]
        lent = list(pages)
        orders.append([page.sheet for page in lent])
        return build(lent, facts, layers)

    monkeypatch.setattr(sealwork, "build_pdf", watched)
    manifest = listed(row(1, 4))
    pile = [separator(manifest, 1), SHEET, SHEET, SHEET]
    work(room, manifest, pile, settlings=[some(2, 2)], refills=[[SHEET, SHEET]])
    assert orders == [[2, 2, 5, 5, 6, 6, 4, 4]]


def test_sheets_that_are_not_there_are_not_scanned_again(room: Room) -> None:
    manifest = listed(row(1, 3))
    pile = [separator(manifest, 1), SHEET, SHEET]
    result, desk = work(room, manifest, pile, settlings=[some(2, 3)], refills=[[SHEET]])
    assert outcomes(result) == [Outcome.DIFFERS]
    assert any("CNT-EVENT" in notice.vi for notice in desk.told)
    assert len(desk.loads) == 1, "nobody is asked to move paper"


def test_no_paper_for_a_rescan_changes_nothing(room: Room) -> None:
    manifest = listed(row(1, 3))
    result, _ = work(room, manifest, [separator(manifest, 1), SHEET, SHEET], settling=Settling.RESCAN)
    assert outcomes(result) == [Outcome.DIFFERS]
    assert result.documents[0].count.sheets == 2
    assert result.documents[0].remedy is None
    assert events(room, RescanOrdered) == []


def test_a_fault_in_a_rescan_is_worked_through_like_any_other(room: Room) -> None:
    manifest = listed(row(1, 3))
    pile = [separator(manifest, 1), SHEET, SHEET]
    result, _ = work(room, manifest, pile, settlings=[RESCAN], refills=[[SHEET] * 3], faults={5: FeederJammed})
    assert outcomes(result) == [Outcome.DELIVERED]


def test_top_secret_found_in_a_rescan_routes_the_document_out(room: Room) -> None:
    manifest = listed(row(1, 3), row(2, 1))
    pile = [separator(manifest, 1), SHEET, SHEET, separator(manifest, 2), SHEET]
    result, desk = work(room, manifest, pile, settlings=[RESCAN], refills=[[SHEET, SECRET, SHEET]])
    assert outcomes(result) == [Outcome.ROUTED_OUT, Outcome.DELIVERED]
    assert [order.sheet for order in desk.orders] == [7]
    assert result.documents[0].routed_at == 7
    assert [path.name for path in (room.folder / "stick").rglob("*.0000*.p7m")] == ["MAU.01.0000002.p7m"]


def test_a_side_held_in_a_rescan_waits_for_eyes(room: Room) -> None:
    manifest = listed(row(1, 2))
    seen: list[int] = []
    result, _ = work(
        room, manifest, [separator(manifest, 1), SHEET], settlings=[RESCAN],
        refills=[[SHEET, Paper(UNREADABLE, PLAIN)]], held=lambda held: seen.append(held.sheet),
    )  # fmt: skip
    assert seen == [4]
    assert outcomes(result) == [Outcome.HELD]


def test_a_document_that_never_came_is_fed_late(room: Room) -> None:
    manifest = listed(row(1, 1), row(2, 2))
    result, _ = work(room, manifest, [separator(manifest, 1), SHEET], settlings=[RESCAN], refills=[[], [SHEET, SHEET]])
    assert outcomes(result) == [Outcome.DELIVERED, Outcome.DELIVERED]


def test_a_corrected_list_takes_two_persons(room: Room) -> None:
    manifest = listed(row(1, 3))
    keys = room.signed_by(SUPERVISOR, CUSTODIAN)
    result, _ = work(room, manifest, [separator(manifest, 1), SHEET, SHEET], settlings=[CORRECT], keys=keys)
    assert outcomes(result) == [Outcome.DELIVERED]
    one = result.documents[0]
    assert (one.remedy, one.signed_by, one.reason) == (
        Settling.CORRECT, (SUPERVISOR, CUSTODIAN), Reason.LIST_MISCOUNTED,
    )  # fmt: skip
    assert (one.count.declared_sheets, one.row.sheets) == (2, 3)
    assert result.end is BatchEnd.SIGNED_OFF
    (corrected,) = events(room, ManifestCorrected)
    assert (corrected.sheets, corrected.pages) == (2, 4)
    assert [event.sheets for event in events(room, DocumentCounted)] == [2]


@pytest.mark.parametrize("signers", [(SUPERVISOR,), (OPERATOR, SUPERVISOR), ()])
def test_one_person_corrects_nothing(room: Room, signers: tuple[str, ...]) -> None:
    manifest = listed(row(1, 3))
    keys = room.signed_by(*signers)
    result, _ = work(room, manifest, [separator(manifest, 1), SHEET, SHEET], settlings=[CORRECT], keys=keys)
    assert outcomes(result) == [Outcome.DIFFERS]
    assert events(room, ManifestCorrected) == []
    assert not list((room.folder / "stick").rglob("*.p7m"))


def test_a_document_without_a_sheet_is_not_corrected_away(room: Room) -> None:
    manifest = listed(row(1, 1), row(2, 1))
    keys = room.signed_by(SUPERVISOR, CUSTODIAN)
    pile = [separator(manifest, 1), SHEET, separator(manifest, 2)]
    result, desk = work(room, manifest, pile, settlings=[CORRECT], keys=keys)
    assert outcomes(result) == [Outcome.DELIVERED, Outcome.NOT_FED]
    assert any("sửa danh mục" in notice.vi for notice in desk.told)


def test_the_inspector_sees_how_each_difference_was_settled(room: Room) -> None:
    manifest = listed(row(1, 3), row(2, 2), row(3, 2), row(4, 2))
    pile = [paper for n in (1, 2, 3, 4) for paper in (separator(manifest, n), SHEET)]
    settlings = [DifferenceAnswer(Settling.SIGN, Reason.SHEET_MISSING), CORRECT, RESCAN, LEAVE]
    keys = room.signed_by(SUPERVISOR, CUSTODIAN)
    result, _ = work(room, manifest, pile, settlings=settlings, keys=keys, refills=[[SHEET, SHEET]])
    assert outcomes(result) == [*[Outcome.DELIVERED] * 3, Outcome.DIFFERS]
    found = overview_of(room.station.ledger.path)
    assert found.unbacked == []
    both = (SUPERVISOR, CUSTODIAN)
    assert [(one.settled, one.signed_by) for one in found.differences] == [
        ("ký duyệt", both), ("sửa danh mục", both), ("quét lại", ()), ("", ()),
    ]  # fmt: skip


def test_the_same_sheet_twice_is_pointed_at_though_the_count_agrees(room: Room) -> None:
    manifest = listed(row(1, 3))
    twice = replace(SHEET, looks=1)
    pile = [separator(manifest, 1), twice, twice, replace(SHEET, looks=2)]
    result, desk = work(room, manifest, pile)
    assert outcomes(result) == [Outcome.DELIVERED], "a hint blocks nothing"
    assert [(count.ordinal, count.differences) for count in desk.asked] == [(1, ())]
    assert any("Tờ 3 giống tờ 2" in notice.vi for notice in desk.told)
    assert [(event.sheet, event.hint.value) for event in events(room, HintSeen)] == [(3, "same_side_twice")]
    assert result.documents[0].hints[0].startswith("Tờ 3")


def test_a_form_filled_in_otherwise_is_no_sheet_twice(room: Room) -> None:
    manifest = listed(row(1, 3))
    pile = [
        separator(manifest, 1),
        *(replace(SHEET, looks=1, filled=name) for name in ("Nguyen Van An", "Tran Thi Bich")),
        SHEET,
    ]
    result, desk = work(room, manifest, pile)
    assert outcomes(result) == [Outcome.DELIVERED]
    assert desk.asked == [] and events(room, HintSeen) == []


def test_paper_taken_for_no_document_holds_all_until_two_persons_sign(room: Room) -> None:
    manifest = listed(row(1, 1))
    pile = [SECRET, separator(manifest, 1), SHEET]
    result, desk = work(room, manifest, list(pile))
    assert outcomes(result) == [Outcome.DIFFERS]
    assert result.documents[0].why is not None
    assert result.documents[0].why.code == "CNT-BATCH-DIFFERENCE"
    assert any("Cả lượt nạp" in notice.vi for notice in desk.told)
    result, _ = work(room, manifest, list(pile), keys=room.signed_by(SUPERVISOR, CUSTODIAN))
    assert outcomes(result) == [Outcome.DELIVERED]


def test_what_stayed_behind_is_scanned_later_on_its_own(room: Room) -> None:
    manifest = listed(row(1, 3), row(2, 1), row(3, 1))
    pile = [separator(manifest, 1), SHEET, SHEET, separator(manifest, 2), SHEET, separator(manifest, 3), SECRET]
    first, _ = work(room, manifest, pile)
    assert outcomes(first) == [Outcome.DIFFERS, Outcome.DELIVERED, Outcome.ROUTED_OUT]
    room.bus.pull(room.stick)
    result, _ = work(room, manifest, [SHEET] * 3, only=(1,))
    assert [(one.row.ordinal, one.outcome) for one in result.documents] == [(1, Outcome.DELIVERED)]
    assert result.end is BatchEnd.COMPLETE
    assert [event.operator for event in events(room, BatchResumed)] == [OPERATOR]
    jobs = {path.parent.name[-1]: path.name for path in (room.folder / "stick").rglob("*.0000*.p7m")}
    assert jobs == {"1": "MAU.01.0000002.p7m", "2": "MAU.01.0000001.p7m"}
    for ordinal, refusal in ((1, BatchDoneBefore), (2, BatchDoneBefore), (3, DocumentFinished), (9, DocumentUnknown)):
        with pytest.raises(refusal):
            work(room, manifest, [SHEET], only=(ordinal,))


def test_a_list_that_was_never_scanned_is_not_taken_up(room: Room) -> None:
    with pytest.raises(NeverOpened):
        work(room, listed(row(1, 1)), [SHEET], only=(1,))


def test_the_old_scan_of_a_sheet_is_nowhere_in_the_output(room: Room) -> None:
    manifest = listed(row(1, 2))
    result, _ = work(room, manifest, [separator(manifest, 1), SHEET], settlings=[some(1, 1)], refills=[[SHEET] * 2])
    assert outcomes(result) == [Outcome.DELIVERED]
    assert pages_of(room, "MAU.01.0000001.p7m") == 4
    assert not [path for path in Path(room.folder).rglob("*.part")]


def test_a_document_that_differs_twice_is_asked_about_twice(room: Room) -> None:
    manifest = listed(row(1, 3))
    pile = [separator(manifest, 1), SHEET]
    result, desk = work(room, manifest, pile, settlings=[RESCAN, LEAVE], refills=[[SHEET, SHEET]])
    assert [count.sheets for count in desk.asked] == [1, 2]
    assert outcomes(result) == [Outcome.DIFFERS]
    assert [event.sheets for event in events(room, DocumentDiffers)] == [-2, -1]
