"""What the ledger already says of a batch (lịch sử đợt)."""

from __future__ import annotations

from scanflow.ledger import Ledger
from scanflow.ledger.catalogue import BatchClosed, BatchEnd, DeliveryBegun, DeliveryDone
from scanflow.ledger.lines import read_entries


def delivered_on(ledger: Ledger, batch: str) -> str | None:
    """The day (ISO) on which a batch was closed as complete or signed off; None when it was not."""
    day = None
    for entry in read_entries(ledger.path, (BatchClosed,)):
        closed = entry.event
        if isinstance(closed, BatchClosed) and closed.batch == batch and closed.end is not BatchEnd.ABANDONED:
            day = entry.wall[:10]
    return day


def copies_delivered(ledger: Ledger, batch: str) -> int:
    """How many deliveries of a batch were verified on a medium; numbers the next job."""
    jobs = {
        entry.n: entry.event.batch
        for entry in read_entries(ledger.path, (DeliveryBegun,))
        if isinstance(entry.event, DeliveryBegun)
    }
    return sum(
        1
        for entry in read_entries(ledger.path, (DeliveryDone,))
        if entry.act is not None and jobs.get(entry.act) == batch
    )
