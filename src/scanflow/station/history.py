"""What the ledger already says of a batch (lịch sử đợt)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scanflow.ledger import Ledger
from scanflow.ledger.catalogue import (
    BatchOpened,
    CopyPrinting,
    DeliveryBegun,
    DeliveryDone,
    DocumentErased,
    DocumentSealed,
    EraseReason,
    HandoverRecorded,
    ScannerChecked,
    ScannerDescribed,
)
from scanflow.ledger.lines import read_entries


@dataclass(frozen=True, slots=True)
class BatchHistory:
    """What became of a batch so far.

    Attributes:
        opened: it was opened at least once.
        handed_out: the handover out of the store is on the record.
        routed_out: documents that were routed out, for good.
        delivered: documents that lie on a verified medium, each with the day (ISO) of its delivery. A document's pages
            are erased as ``delivered`` only after the medium was read back.
    """

    opened: bool
    handed_out: bool
    routed_out: frozenset[str]
    delivered: Mapping[str, str]


def history_of(ledger: Ledger, batch: str) -> BatchHistory:
    """What the ledger says of earlier runs over the same list."""
    opened = handed_out = False
    routed: set[str] = set()
    delivered: dict[str, str] = {}
    for entry in read_entries(ledger.path, (BatchOpened, HandoverRecorded, DocumentErased)):
        event = entry.event
        if isinstance(event, BatchOpened):
            opened = opened or event.batch == batch
        elif isinstance(event, HandoverRecorded):
            handed_out = handed_out or event.batch == batch
        elif isinstance(event, DocumentErased) and event.batch == batch and event.document is not None:
            if event.reason is EraseReason.ROUTED_OUT:
                routed.add(event.document)
            elif event.reason is EraseReason.DELIVERED:
                delivered[event.document] = entry.at[:10]
    return BatchHistory(opened, handed_out, frozenset(routed), delivered)


def commissioned(ledger: Ledger, scanner: str) -> bool:
    """Whether this scanner was commissioned, and took its driver's profile the last time."""
    fits = False
    for entry in read_entries(ledger.path, (ScannerDescribed,)):
        if isinstance(entry.event, ScannerDescribed) and entry.event.scanner == scanner:
            fits = entry.event.fits
    return fits


def checked_on(ledger: Ledger, scanner: str) -> str:
    """The day (ISO) of the last check that this scanner passed; empty when it never did or failed since."""
    day = ""
    for entry in read_entries(ledger.path, (ScannerChecked,)):
        if isinstance(entry.event, ScannerChecked) and entry.event.scanner == scanner:
            day = entry.at[:10] if entry.event.passed else ""
    return day


def copies_delivered(ledger: Ledger, batch: str) -> int:
    """How many deliveries of a batch were verified on a medium; numbers the next job."""
    jobs: set[int] = set()
    done = 0
    for entry in read_entries(ledger.path, (DeliveryBegun, DeliveryDone)):
        if isinstance(entry.event, DeliveryBegun):
            if entry.event.batch == batch:
                jobs.add(entry.n)
        elif entry.act in jobs:
            done += 1
    return done


def sealed_as(ledger: Ledger, digest: str) -> DocumentSealed | None:
    """The entry of the container with this SHA-256 (hexadecimal); None when this station did not seal it."""
    entries = read_entries(ledger.path, (DocumentSealed,))
    found = [one.event for one in entries if isinstance(one.event, DocumentSealed) and one.event.digest == digest]
    return found[-1] if found else None


def copies_printed(ledger: Ledger, document: str) -> int:
    """How many copies of a document were ever begun to be printed; no number is given out twice, even after a fault."""
    return sum(
        entry.event.copies
        for entry in read_entries(ledger.path, (CopyPrinting,))
        if isinstance(entry.event, CopyPrinting) and entry.event.document == document
    )
