"""A batch from end to end over scripted paper: what passes, what stops, what is erased, what is counted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.station.conftest import (
    CUSTODIAN,
    OPERATOR,
    PLAIN,
    SECRET,
    SHEET,
    SUPERVISOR,
    TOI_MAT,
    UNREADABLE,
    Paper,
    Room,
    ScriptedDesk,
    ScriptedFeeder,
    listed,
    row,
    separator,
)

from scanflow.errors import ExitCode
from scanflow.gate import Decision
from scanflow.ledger.catalogue import (
    BatchClosed,
    BatchEnd,
    DocumentErased,
    EraseReason,
    MediumRefused,
    SheetRoutedOut,
    SheetSpoiled,
)
from scanflow.ledger.lines import read_entries
from scanflow.levels import Level
from scanflow.manifest import Manifest
from scanflow.media.receipt import read_receipt
from scanflow.pages import SideLabel
from scanflow.scanner.errors import CoverOpen, FeederJammed
from scanflow.station.batch import BatchResult, Outcome, run_batch
from scanflow.station.config import Separation
from scanflow.station.desk import HeldAnswer, HeldSide, Settling, Tone
from scanflow.station.errors import BatchDoneBefore, BatchStopped, NothingToScan


def work(room: Room, manifest: Manifest, pile: list[Paper], **desk: object) -> tuple[BatchResult, ScriptedDesk]:
    """Work a batch with the approved stick at hand."""
    feeder = ScriptedFeeder(pile, **{k: desk.pop(k) for k in ("faults", "run_past") if k in desk})  # type: ignore[arg-type]
    script = ScriptedDesk(feeder, room.bus, **{"sticks": [room.stick], **desk})  # type: ignore[arg-type]
    return run_batch(room.with_feeder(feeder), script, manifest, feeder, OPERATOR), script


def outcomes(result: BatchResult) -> list[Outcome]:
    return [document.outcome for document in result.documents]


def events(room: Room, kind: type) -> list[object]:
    return [entry.event for entry in read_entries(room.station.ledger.path, (kind,))]


def test_a_clean_batch_is_delivered_and_counted(room: Room) -> None:
    manifest = listed(row(1, 2), row(2, 1, level=Level.TOI_MAT))
    pile = [separator(manifest, 1), SHEET, SHEET, separator(manifest, 2), Paper(TOI_MAT, PLAIN)]
    result, _ = work(room, manifest, pile)
    assert outcomes(result) == [Outcome.DELIVERED, Outcome.DELIVERED]
    assert (result.end, result.exit_code) == (BatchEnd.COMPLETE, ExitCode.OK)
    totals = result.reconciliation.totals
    assert (totals.fed, totals.cleared, totals.separators) == (5, 3, 2)
    job = next((room.folder / "stick").glob("SF-*"))
    names = {path.name for path in job.iterdir()}
    assert {"MAU.01.0000001.p7m", "MAU.01.0000002.p7m", "READ-ME.txt"} < names
    receipt = next(path for path in job.iterdir() if "receipt" in path.name)
    assert read_receipt(receipt.read_bytes(), room.station.verify).simulated is True


def test_top_secret_stops_the_feeder_and_erases_its_document_only(room: Room) -> None:
    manifest = listed(row(1, 1), row(2, 3), row(3, 1))
    pile = [separator(manifest, 1), SHEET, separator(manifest, 2), SHEET, SECRET, SHEET, separator(manifest, 3), SHEET]
    result, desk = work(room, manifest, pile, removed=0)
    assert outcomes(result) == [Outcome.DELIVERED, Outcome.ROUTED_OUT, Outcome.DELIVERED]
    assert [order.sheet for order in desk.orders] == [5]
    assert "TUYỆT MẬT" in desk.orders[0].vi
    assert desk.hands == ["load", "take out", "count", "load"], "the document leaves the stack before anything else"
    assert "vừa lấy riêng ra" in desk.checks[0]
    assert any(notice.tone is Tone.ALARM for notice in desk.told)
    assert (5, Decision.ROUTE_OUT) not in {(sheet, decision) for sheet, _, decision in desk.shown}
    assert all(sheet != 5 for sheet, _, _ in desk.shown), "a routed-out side is never shown"
    assert [event.sheet for event in events(room, SheetRoutedOut)] == [5]
    erased = [event for event in events(room, DocumentErased) if event.reason is EraseReason.ROUTED_OUT]
    assert [event.document for event in erased] == [manifest.document_id(2)]
    names = {path.name for path in (room.folder / "stick").rglob("*.0000*.p7m")}
    assert names == {"MAU.01.0000001.p7m", "MAU.01.0000003.p7m"}


def test_a_list_worked_anew_never_takes_a_document_that_was_routed_out(room: Room) -> None:
    manifest = listed(row(1, 1), row(2, 2), row(3, 1))
    pile = [separator(manifest, 1), SHEET, separator(manifest, 2), SECRET]
    first, _ = work(room, manifest, pile, sticks=[])
    assert outcomes(first)[1] is Outcome.ROUTED_OUT and first.delivered is None
    # the whole stack once more, with the document still in it; its mark is missed this time
    pile = [separator(manifest, 1), SHEET, separator(manifest, 2), SHEET, SHEET, separator(manifest, 3), SHEET]
    again, desk = work(room, manifest, pile, refills=[[separator(manifest, 3), SHEET]])
    assert outcomes(again) == [Outcome.DELIVERED, Outcome.ROUTED_OUT, Outcome.DELIVERED]
    told = [notice for notice in desk.told if notice.vi.startswith("CNT-ROUTED-OUT")]
    assert [notice.tone for notice in told] == [Tone.ALARM, Tone.STOP], (
        "before the feed, and when it comes all the same"
    )
    assert again.documents[1].count.differences == (), "all its paper is accounted for"
    assert {path.name for path in (room.folder / "stick").rglob("*.0000*.p7m")} == {
        "MAU.01.0000001.p7m",
        "MAU.01.0000003.p7m",
    }


def test_a_routed_out_document_is_passed_over_where_each_is_fed_alone(make_room: Callable[..., Room]) -> None:
    room = make_room(Separation.ONE_PER_FEED)
    manifest = listed(row(1, 1), row(2, 1))
    work(room, manifest, [SECRET], sticks=[])
    result, desk = work(room, manifest, [SHEET])
    assert [load.document for load in desk.loads] == [manifest.rows[1]]
    assert outcomes(result) == [Outcome.ROUTED_OUT, Outcome.DELIVERED]


def test_a_list_of_which_all_was_routed_out_is_not_worked_again(room: Room) -> None:
    manifest = listed(row(1, 1))
    work(room, manifest, [separator(manifest, 1), SECRET], sticks=[])
    with pytest.raises(NothingToScan):
        work(room, manifest, [SHEET])


def test_sheets_taken_out_unscanned_are_accounted_for(room: Room) -> None:
    manifest = listed(row(1, 6), row(2, 1))
    pile = [separator(manifest, 1), SHEET, SECRET, *[SHEET] * 4, separator(manifest, 2), SHEET]
    # two sheets behind the marked one are in the machine when it stops; the operator takes out the other two
    result, _ = work(room, manifest, pile, removed=2)
    count = result.documents[0].count
    assert (count.sheets, count.removed) == (4, 2)
    assert outcomes(result) == [Outcome.ROUTED_OUT, Outcome.DELIVERED]
    assert not count.differences


def test_a_missing_removed_sheet_is_a_difference(room: Room) -> None:
    manifest = listed(row(1, 6), row(2, 1))
    pile = [separator(manifest, 1), SHEET, SECRET, *[SHEET] * 3, separator(manifest, 2), SHEET]
    result, _ = work(room, manifest, pile, removed=1)
    assert result.documents[0].count.differences
    assert result.documents[0].outcome is Outcome.ROUTED_OUT


def test_one_sheet_short_keeps_that_document_only(room: Room) -> None:
    manifest = listed(row(1, 3), row(2, 1))
    pile = [separator(manifest, 1), SHEET, SHEET, separator(manifest, 2), SHEET]
    result, _ = work(room, manifest, pile)
    assert outcomes(result) == [Outcome.DIFFERS, Outcome.DELIVERED]
    assert (result.end, result.exit_code) == (BatchEnd.PARTLY, ExitCode.COUNT_DIFFERS)
    assert [path.name for path in (room.folder / "stick").rglob("*.0000*.p7m")] == ["MAU.01.0000002.p7m"]


def test_two_persons_release_a_difference(room: Room) -> None:
    manifest = listed(row(1, 3))
    pile = [separator(manifest, 1), SHEET, SHEET]
    keys = room.signed_by(SUPERVISOR, CUSTODIAN)
    result, _ = work(room, manifest, pile, settling=Settling.SIGN, keys=keys)
    assert outcomes(result) == [Outcome.DELIVERED]
    assert result.documents[0].signed_by == (SUPERVISOR, CUSTODIAN)
    assert result.end is BatchEnd.SIGNED_OFF


@pytest.mark.parametrize("signers", [(SUPERVISOR,), (OPERATOR, SUPERVISOR), (CUSTODIAN,), ()])
def test_too_few_or_wrong_persons_release_nothing(room: Room, signers: tuple[str, ...]) -> None:
    manifest = listed(row(1, 3))
    pile = [separator(manifest, 1), SHEET, SHEET]
    result, desk = work(room, manifest, pile, settling=Settling.SIGN, keys=room.signed_by(*signers))
    assert outcomes(result) == [Outcome.DIFFERS]
    assert list((room.folder / "stick").rglob("*.p7m")) == []
    assert any("SGN" in notice.vi or "PPL" in notice.vi or "-" in notice.vi for notice in desk.told)


def test_an_unreadable_mark_holds_its_document(room: Room) -> None:
    manifest = listed(row(1, 1), row(2, 1))
    pile = [separator(manifest, 1), Paper(UNREADABLE, PLAIN), separator(manifest, 2), SHEET]
    result, _ = work(room, manifest, pile)
    assert outcomes(result) == [Outcome.HELD, Outcome.DELIVERED]
    assert result.exit_code is ExitCode.HELD


def _cleared_as(level: Level) -> Callable[[HeldSide], HeldAnswer]:
    return lambda held: HeldAnswer(Decision.CLEAR, level, SUPERVISOR)


def test_a_supervisor_clears_a_held_side(room: Room) -> None:
    manifest = listed(row(1, 1))
    pile = [separator(manifest, 1), Paper(UNREADABLE, PLAIN)]
    result, _ = work(room, manifest, pile, held=_cleared_as(Level.MAT), keys=room.signed_by(SUPERVISOR))
    assert outcomes(result) == [Outcome.DELIVERED]
    assert result.documents[0].level is Level.MAT


def test_the_operator_clears_nothing(room: Room) -> None:
    manifest = listed(row(1, 1))
    pile = [separator(manifest, 1), Paper(UNREADABLE, PLAIN)]
    result, _ = work(room, manifest, pile, held=_cleared_as(Level.MAT), keys=room.signed_by(OPERATOR))
    assert outcomes(result) == [Outcome.HELD]


def test_a_person_who_sees_top_secret_routes_it_out(room: Room) -> None:
    manifest = listed(row(1, 1))
    pile = [separator(manifest, 1), Paper(UNREADABLE, PLAIN)]
    seen = lambda held: HeldAnswer(Decision.ROUTE_OUT, Level.TUYET_MAT, SUPERVISOR)  # noqa: E731
    result, _ = work(room, manifest, pile, held=seen)
    assert outcomes(result) == [Outcome.ROUTED_OUT]


def test_a_level_above_the_list_is_held(room: Room) -> None:
    manifest = listed(row(1, 1, level=Level.MAT))
    pile = [separator(manifest, 1), Paper(TOI_MAT, PLAIN)]
    seen: list[HeldSide] = []
    result, _ = work(room, manifest, pile, held=lambda held: seen.append(held))
    assert outcomes(result) == [Outcome.HELD]
    assert "cao hơn" in seen[0].reasons[0].vi
    assert "above" in seen[0].reasons[0].en


def test_declared_top_secret_is_refused_before_the_feeder(room: Room) -> None:
    manifest = listed(row(1, 1, level=Level.TUYET_MAT), row(2, 1))
    pile = [separator(manifest, 2), SHEET]
    result, desk = work(room, manifest, pile)
    assert outcomes(result) == [Outcome.REFUSED, Outcome.DELIVERED]
    assert desk.told[0].tone is Tone.ALARM


def test_a_list_of_top_secret_only_is_no_batch(room: Room) -> None:
    with pytest.raises(NothingToScan):
        work(room, listed(row(1, 1, level=Level.TUYET_MAT)), [])


def test_a_second_run_over_a_delivered_batch_is_refused(room: Room) -> None:
    manifest = listed(row(1, 1))
    work(room, manifest, [separator(manifest, 1), SHEET])
    with pytest.raises(BatchDoneBefore) as refused:
        work(room, manifest, [separator(manifest, 1), SHEET])
    assert "1 tài liệu" in refused.value.say_vi


def test_no_paper_at_all_stops_the_batch_and_leaves_it_repeatable(room: Room) -> None:
    manifest = listed(row(1, 1))
    with pytest.raises(BatchStopped):
        work(room, manifest, [])
    result, _ = work(room, manifest, [separator(manifest, 1), SHEET])
    assert outcomes(result) == [Outcome.DELIVERED]


@pytest.mark.parametrize("fault", [FeederJammed, CoverOpen])
def test_a_fault_keeps_every_good_sheet(room: Room, fault: type) -> None:
    manifest = listed(row(1, 3), row(2, 1))
    pile = [separator(manifest, 1), SHEET, SHEET, SHEET, separator(manifest, 2), SHEET]
    result, desk = work(room, manifest, pile, faults={4: fault})
    assert outcomes(result) == [Outcome.DELIVERED, Outcome.DELIVERED]
    assert [request.first_sheet for request in desk.loads] == [1, 4]
    assert result.reconciliation.totals.fed == 6
    assert any(fault.code in notice.vi for notice in desk.told)


def test_a_doubled_separator_is_fed_again_in_order(room: Room) -> None:
    manifest = listed(row(1, 1), row(2, 1))
    pile = [separator(manifest, 1), SHEET, separator(manifest, 1), separator(manifest, 2), SHEET]
    again = [[separator(manifest, 2), SHEET]]  # the operator puts the wrong separator away
    result, desk = work(room, manifest, pile, refills=again)
    assert outcomes(result) == [Outcome.DELIVERED, Outcome.DELIVERED]
    assert result.reconciliation.totals.spoiled == 3
    assert desk.loads[1].again == 3
    assert [event.sheet for event in events(room, SheetSpoiled)] == [3, 4, 5]


def test_a_missing_separator_stops_and_names_the_sheet(room: Room) -> None:
    manifest = listed(row(1, 1), row(2, 1))
    result, desk = work(room, manifest, [SHEET, SHEET], refills=[[separator(manifest, 1), SHEET]])
    assert any("CNT-SEP-MISSING" in notice.vi for notice in desk.told)
    assert outcomes(result) == [Outcome.DELIVERED, Outcome.NOT_FED]


def test_top_secret_among_misplaced_sheets_is_still_routed_out(room: Room) -> None:
    manifest = listed(row(1, 1))
    result, desk = work(room, manifest, [SHEET, SECRET], refills=[[separator(manifest, 1), SHEET]])
    assert [order.sheet for order in desk.orders] == [2]
    assert result.reconciliation.totals.routed_out == 1


def test_one_document_a_feed(make_room: Callable[..., Room]) -> None:
    room = make_room(Separation.ONE_PER_FEED)
    manifest = listed(row(1, 2), row(2, 1))
    feeder = ScriptedFeeder([SHEET, SHEET])
    desk = ScriptedDesk(feeder, room.bus, sticks=[room.stick], refills=[[SHEET]])
    result = run_batch(room.with_feeder(feeder), desk, manifest, feeder, OPERATOR)
    assert outcomes(result) == [Outcome.DELIVERED, Outcome.DELIVERED]
    assert [request.document.ordinal for request in desk.loads if request.document] == [1, 2]


def test_blank_versos_are_counted_and_reconciled(room: Room) -> None:
    manifest = listed(row(1, 2, pages=3))
    blank_back = Paper(PLAIN, PLAIN, (SideLabel.CONTENT, SideLabel.BLANK))
    result, _ = work(room, manifest, [separator(manifest, 1), SHEET, blank_back])
    assert outcomes(result) == [Outcome.DELIVERED]
    assert result.documents[0].count.blank_sides == 1


def test_a_stick_that_is_not_approved_gets_nothing(room: Room) -> None:
    manifest = listed(row(1, 1))
    foreign = room.other_stick("foreign")
    result, desk = work(room, manifest, [separator(manifest, 1), SHEET], sticks=[foreign, room.stick])
    assert outcomes(result) == [Outcome.DELIVERED]
    assert [refusal.code for refusal in desk.refusals] == ["MED-NOT-ENROLLED"]
    assert list((room.folder / "foreign").iterdir()) == []
    assert len(events(room, MediumRefused)) == 1


def test_a_stick_of_too_low_clearance_gets_nothing(room: Room) -> None:
    manifest = listed(row(1, 1, level=Level.TOI_MAT))
    low = room.other_stick("low", Level.MAT)
    result, desk = work(room, manifest, [separator(manifest, 1), Paper(TOI_MAT, PLAIN)], sticks=[low])
    assert outcomes(result) == [Outcome.NOT_DELIVERED]
    assert result.exit_code is ExitCode.MEDIUM
    assert len(desk.refusals) == 1
    assert list((room.folder / "low").rglob("*.p7m")) == []


def test_no_stick_delivers_nothing_and_says_so(room: Room) -> None:
    manifest = listed(row(1, 1))
    result, _ = work(room, manifest, [separator(manifest, 1), SHEET], sticks=[])
    assert outcomes(result) == [Outcome.NOT_DELIVERED]
    closed = events(room, BatchClosed)
    assert [event.end for event in closed] == [BatchEnd.ABANDONED]


def test_confirmed_declassification_needs_the_stamp_on_the_paper(room: Room) -> None:
    from datetime import date

    from scanflow.stamps.marks import MarkKind

    declassified = {"declassified_by": "12/QĐ-MAU", "declassified_on": date(2024, 6, 15)}
    manifest = listed(row(1, 1, **declassified), row(2, 1, **declassified))
    stamped = Paper(SHEET.recto, PLAIN, marks=(MarkKind.MAT, MarkKind.GIAI_MAT))
    pile = [separator(manifest, 1), stamped, separator(manifest, 2), SHEET]
    result, _ = work(room, manifest, pile, confirms=True)
    assert result.documents[0].outcome is Outcome.DELIVERED
    assert result.documents[0].level is Level.THUONG
    assert result.documents[1].container == ""
    assert result.documents[1].why is not None
    assert result.documents[1].why.code == "STA-GIAI-MAT"


def test_nothing_of_a_page_is_on_the_disk(room: Room) -> None:
    manifest = listed(row(1, 1))
    work(room, manifest, [separator(manifest, 1), SHEET])
    for path in Path(room.folder).rglob("*"):
        if path.is_file():
            assert b"\xff\xd8\xff" not in path.read_bytes(), path.name


def test_ctrl_c_erases_what_is_in_ram(room: Room) -> None:
    manifest = listed(row(1, 2))
    feeder = ScriptedFeeder([separator(manifest, 1), SHEET, SHEET])
    desk = ScriptedDesk(feeder, room.bus, sticks=[room.stick])
    station = room.with_feeder(feeder)

    def interrupted(page: object, decision: object) -> None:
        raise KeyboardInterrupt

    desk.side = interrupted  # type: ignore[method-assign,assignment]
    with pytest.raises(KeyboardInterrupt):
        run_batch(station, desk, manifest, feeder, OPERATOR)
    erased = events(room, DocumentErased)
    assert [event.reason for event in erased] == [EraseReason.ABANDONED]
    assert not list((room.folder / "stick").rglob("*.p7m"))


def test_sheets_behind_the_last_good_one_are_void_and_fed_again(room: Room) -> None:
    manifest = listed(row(1, 3), row(2, 1))
    late = type("Late", (FeederJammed,), {"__init__": lambda self, last_good: FeederJammed.__init__(self, last_good=2)})
    pile = [separator(manifest, 1), SHEET, SHEET, SHEET, separator(manifest, 2), SHEET]
    result, desk = work(room, manifest, pile, faults={5: late}, refills=[[SHEET, SHEET]])
    assert outcomes(result) == [Outcome.DELIVERED, Outcome.DELIVERED]
    totals = result.reconciliation.totals
    assert (totals.spoiled, totals.fed, desk.loads[1].again) == (2, 8, 2)


def test_a_tray_that_does_not_agree_voids_the_whole_feed(room: Room) -> None:
    manifest = listed(row(1, 2))
    pile = [separator(manifest, 1), SHEET, SHEET]
    result, desk = work(room, manifest, pile, faults={3: FeederJammed}, tray=False)
    assert desk.loads[1].again == 2
    assert result.reconciliation.totals.spoiled >= 2
    assert outcomes(result) != [Outcome.DELIVERED]
    assert not list((room.folder / "stick").rglob("*.p7m"))
