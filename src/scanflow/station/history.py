"""What the ledger already says of a batch (lịch sử đợt)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scanflow.ledger import Ledger
from scanflow.ledger.catalogue import (
    ActClosed,
    BatchOpened,
    BatchResumed,
    CopyPrinting,
    DeliveryBegun,
    DeliveryDone,
    DeliveryFailed,
    DocumentErased,
    DocumentPlain,
    DocumentSealed,
    EraseReason,
    Found,
    HandoverRecorded,
    ScannerChecked,
    ScannerDescribed,
    SheetFed,
    SheetRoutedOut,
)
from scanflow.ledger.entry import Entry
from scanflow.ledger.event import Event
from scanflow.ledger.lines import read_entries
from scanflow.levels import Level

DELIVERING: tuple[type[Event], ...] = (
    BatchOpened, BatchResumed, DocumentSealed, DocumentPlain, DocumentErased, DeliveryBegun, DeliveryDone,
    DeliveryFailed, ActClosed,
)  # fmt: skip
"""What :class:`Deliveries` is made of."""


@dataclass(slots=True)
class Deliveries:
    """Which documents of one batch lie on a medium, entry by entry (tài liệu đã giao, tính từ sổ).

    A document is delivered as soon as the ledger holds that its medium was read back: its pages are erased a moment
    later, and a power cut may come between. Of a delivery that was cut before its outcome nothing is known until a
    person has looked at the medium and closed the act.

    Attributes:
        batch: its id.
        delivered: by document id, the day (ISO) of its delivery.
    """

    batch: str
    delivered: dict[str, str] = field(default_factory=dict)
    _sealed: set[str] = field(default_factory=set)
    _plain: set[str] = field(default_factory=set)
    _under_way: dict[int, DeliveryBegun] = field(default_factory=dict)

    @property
    def doubtful(self) -> frozenset[str]:
        """Documents of a delivery that was begun and of which no outcome is known."""
        if not self._under_way:
            return frozenset()
        written = [self._written_by(begun) or self._sealed | self._plain for begun in self._under_way.values()]
        return frozenset().union(*written) - self.delivered.keys()

    def take(self, entry: Entry) -> None:
        """Take the next entry in; those of other kinds and other batches change nothing."""
        event = entry.event
        if isinstance(event, DeliveryDone | DeliveryFailed | ActClosed):
            self._ended(entry)
        elif getattr(event, "batch", None) != self.batch:
            return
        elif isinstance(event, BatchOpened | BatchResumed):  # nothing of an earlier run waits in RAM
            self._sealed.clear()
            self._plain.clear()
        elif isinstance(event, DocumentSealed):
            self._sealed.add(event.document)
        elif isinstance(event, DocumentPlain):
            self._plain.add(event.document)
        elif isinstance(event, DeliveryBegun):
            self._under_way[entry.n] = event
        elif isinstance(event, DocumentErased) and event.document is not None and event.reason is EraseReason.DELIVERED:
            self.delivered[event.document] = entry.at[:10]

    def _ended(self, entry: Entry) -> None:
        begun = None if entry.act is None else self._under_way.pop(entry.act, None)
        done = entry.event.found is Found.DONE if isinstance(entry.event, ActClosed) else None
        if begun is not None and (done or isinstance(entry.event, DeliveryDone)):
            self.delivered |= dict.fromkeys(self._written_by(begun), entry.at[:10])

    def _written_by(self, begun: DeliveryBegun) -> set[str]:
        """Plain documents leave together, and sealed ones; empty where their number is not the announced one.

        What cannot be told is not called delivered here; that its pages were erased as delivered tells it.
        """
        these = self._plain if begun.level is Level.THUONG and self._plain else self._sealed
        return set(these) if len(these) == begun.documents else set()


@dataclass(frozen=True, slots=True)
class BatchHistory:
    """What became of a batch so far.

    Attributes:
        opened: it was opened at least once.
        handed_out: the handover out of the store is on the record.
        routed_out: documents that were routed out, for good.
        delivered: documents that lie on a verified medium, each with the day (ISO) of its delivery.
    """

    opened: bool
    handed_out: bool
    routed_out: frozenset[str]
    delivered: Mapping[str, str]


def history_of(ledger: Ledger, batch: str) -> BatchHistory:
    """What the ledger says of earlier runs over the same list.

    A document is routed out with the sheet that bears the mark: the power may go before its pages are erased.
    """
    first: int | None = None
    handed_out = sheets_out = False
    routed: set[str] = set()
    deliveries = Deliveries(batch)
    for entry in read_entries(ledger.path, (HandoverRecorded, SheetRoutedOut, *DELIVERING)):
        event = entry.event
        deliveries.take(entry)
        if isinstance(event, BatchOpened | BatchResumed) and event.batch == batch:
            first = entry.n if first is None else first
        elif isinstance(event, SheetRoutedOut):
            sheets_out = sheets_out or event.batch == batch
        elif isinstance(event, HandoverRecorded):
            handed_out = handed_out or event.batch == batch
        elif isinstance(event, DocumentErased) and event.batch == batch and event.reason is EraseReason.ROUTED_OUT:
            routed |= set() if event.document is None else {event.document}
    if sheets_out and first is not None:
        routed |= _of_sheets_routed_out(ledger, batch, first)
    return BatchHistory(first is not None, handed_out, frozenset(routed), deliveries.delivered)


def _of_sheets_routed_out(ledger: Ledger, batch: str, first: int) -> set[str]:
    """Documents of the sheets that were routed out; sheets are many, so only what follows entry ``first`` is read."""
    routed: set[str] = set()
    fed: dict[int, str | None] = {}
    for entry in read_entries(ledger.path, (BatchResumed, SheetFed, SheetRoutedOut), first):
        event = entry.event
        if isinstance(event, BatchResumed) and event.batch == batch:
            fed.clear()
        elif isinstance(event, SheetFed) and event.batch == batch:
            fed[event.sheet] = event.document
        elif isinstance(event, SheetRoutedOut) and event.batch == batch:
            routed |= {document} if (document := fed.get(event.sheet)) is not None else set()
    return routed


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
