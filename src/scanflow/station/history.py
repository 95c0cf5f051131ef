"""What the ledger already says of a batch (lịch sử đợt)."""

from __future__ import annotations

from scanflow.ledger import Ledger
from scanflow.ledger.catalogue import DeliveryBegun, DeliveryDone, DocumentErased, EraseReason
from scanflow.ledger.lines import read_entries


def delivered_documents(ledger: Ledger, batch: str) -> dict[str, str]:
    """Documents of a batch that lie on a verified medium, each with the day (ISO) of its delivery.

    A document's pages are erased as ``delivered`` only after the medium was read back.
    """
    return {
        entry.event.document: entry.at[:10]
        for entry in read_entries(ledger.path, (DocumentErased,))
        if isinstance(entry.event, DocumentErased)
        and entry.event.batch == batch
        and entry.event.reason is EraseReason.DELIVERED
        and entry.event.document is not None
    }


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
