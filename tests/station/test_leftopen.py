"""What is known of the acts that a power cut left open, and where a person looks."""

from __future__ import annotations

import pytest
from tests.station.conftest import OPERATOR, Room, listed, row

from scanflow.console.board import Board
from scanflow.ledger import catalogue as cat
from scanflow.ledger.catalogue import EraseReason, RouteOutReason
from scanflow.ledger.event import CATALOGUE, Intent
from scanflow.levels import Level
from scanflow.station.history import history_of
from scanflow.station.leftopen import LOOK, left_open

INTENTS = [kind for kind in CATALOGUE.values() if issubclass(kind, Intent)]


@pytest.mark.parametrize("kind", INTENTS, ids=lambda kind: kind.id)
def test_every_act_that_is_announced_says_where_to_look(kind: type[Intent]) -> None:
    look = LOOK[kind]
    for word in ("đã hoàn thành", "chưa thực hiện", "dở dang, đã dọn"):
        if word in look.vi:
            break
    else:
        raise AssertionError("no answer is named")


def test_the_sheets_of_the_feed_that_was_cut_are_told(room: Room) -> None:
    ledger = room.station.ledger
    batch = "B-111111-222222-333333"
    assert left_open(ledger.path) == ()
    with pytest.raises(KeyboardInterrupt), ledger.act(cat.FeedStarted(batch=batch, scanner="SC-1", first=1)):
        ledger.record_many([cat.SheetFed(batch=batch, sheet=n, sides=2) for n in (1, 2, 3)])
        raise KeyboardInterrupt
    (one,) = left_open(ledger.path)
    assert one.known.vi == "3 tờ đã vào sổ, tờ cuối là tờ 3; chưa có kết thúc lượt nạp."
    begun = cat.DeliveryBegun(
        batch=batch, job="SF-20260101-0001", medium="M-0001", clearance=Level.MAT, level=Level.MAT, documents=2
    )
    with pytest.raises(KeyboardInterrupt), ledger.act(begun):
        raise KeyboardInterrupt
    feed, delivery = left_open(ledger.path)
    assert feed == one
    assert "2 văn bản độ Mật" in delivery.known.vi
    assert "2 documents" in delivery.known.en
    room.station.office.close_act(feed.entry.n, "P-004", cat.Found.NOT_DONE)
    assert left_open(ledger.path) == (delivery,)


def test_a_document_stays_routed_out_when_the_power_goes_before_its_pages_are_erased(room: Room) -> None:
    manifest = listed(row(1, 1), row(2, 1))
    document, ledger = manifest.document_id(1), room.station.ledger
    for before in range(2):  # before the announcement, and between it and the outcome
        ledger.record(cat.BatchOpened(batch=manifest.batch_id, operator=OPERATOR))
        assert history_of(ledger, manifest.batch_id).routed_out == (frozenset({document}) if before else frozenset())
        fed = cat.SheetFed(batch=manifest.batch_id, sheet=2, sides=2, document=document)
        ledger.record_many([fed, cat.SheetRoutedOut(batch=manifest.batch_id, sheet=2, reason=RouteOutReason.MARK_READ)])
        if before:
            erasing = cat.EraseBegun(batch=manifest.batch_id, document=document, reason=EraseReason.ROUTED_OUT)
            with pytest.raises(KeyboardInterrupt), ledger.act(erasing):
                raise KeyboardInterrupt
        told = history_of(ledger, manifest.batch_id)
        assert (told.routed_out, told.opened) == (frozenset({document}), True)
        board = Board()
        board.follow(ledger)
        ledger.record(cat.BatchOpened(batch=manifest.batch_id, operator=OPERATOR))
        assert board.live().counts[document].routed_out, "the screen says so in the next run too"
