"""What is known of the acts that a power cut left open, and where a person looks."""

from __future__ import annotations

import pytest
from tests.station.conftest import Room

from scanflow.ledger import catalogue as cat
from scanflow.ledger.event import CATALOGUE, Intent
from scanflow.levels import Level
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
