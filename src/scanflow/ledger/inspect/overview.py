"""What an inspector sees, computed from the ledger in one pass (bức tranh toàn sổ). Read-only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from scanflow.ledger import catalogue as cat
from scanflow.ledger.catalogue.words import BatchEnd
from scanflow.ledger.entry import Entry
from scanflow.ledger.event import CATALOGUE, Event, Weight
from scanflow.ledger.inspect.backing import is_backed
from scanflow.ledger.lines import read_entries
from scanflow.ledger.people.registry import People
from scanflow.levels import Level

_TOO_MANY = (cat.SheetFed, cat.SideExamined)
"""One or more a sheet; their sums stand in other entries, and a batch's own history shows them."""


class RouteOut(NamedTuple):
    """A sheet that was routed out: all that is kept of it."""

    entry: int
    at: str
    batch: str
    sheet: int
    reason: cat.RouteOutReason


class Difference(NamedTuple):
    """A document whose count differed, how that was settled (empty: it was not), and who signed for it."""

    entry: int
    at: str
    batch: str
    document: str
    level: Level
    sheets: int
    pages: int
    signed_by: tuple[str, ...] = ()
    settled: str = ""


@dataclass(slots=True)
class BatchView:
    """One batch as the ledger tells it."""

    id: str
    opened_at: str = ""
    closed_at: str = ""
    end: BatchEnd | None = None
    operators: list[str] = field(default_factory=list)
    declared: tuple[int, int, int] | None = None
    """Documents, sheets and pages of the accepted list."""
    handovers: list[cat.HandoverRecorded] = field(default_factory=list)
    fed: int = 0
    held: int = 0
    decided: int = 0
    routed_out: int = 0
    spoiled: int = 0
    counted: int = 0
    differing: int = 0
    sealed: int = 0
    delivered: int = 0


@dataclass(slots=True)
class Overview:
    """The whole ledger at a glance.

    Attributes:
        entries: number of entries looked at (the two most frequent kinds are passed over).
        batches: by id, in order of opening.
        route_outs: every sheet that was routed out.
        differences: every difference and its signers.
        refusals: media, lists, sign-offs and sign-ins that were refused.
        loud: entries of weight warning or alarm.
        unbacked: acts that need a sign-off and name none that holds and is for them.
        statistics: (year, level) → documents, sheets and pages counted or released, containers, copies.
        people: the register, with the faults found in it.
        heads: heads that left the room; what to ask for.
    """

    entries: int = 0
    batches: dict[str, BatchView] = field(default_factory=dict)
    route_outs: list[RouteOut] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    refusals: list[Entry] = field(default_factory=list)
    loud: list[Entry] = field(default_factory=list)
    unbacked: list[Entry] = field(default_factory=list)
    statistics: dict[tuple[int, Level], Counter[str]] = field(default_factory=dict)
    people: People = field(default_factory=People)
    heads: list[cat.HeadIssued] = field(default_factory=list)
    _levels: dict[str, Level] = field(default_factory=dict)
    _batch_of: dict[int, str] = field(default_factory=dict)

    def take(self, entry: Entry) -> None:
        """Take the next entry in."""
        self.entries += 1
        self.people.apply(entry)
        event = entry.event
        if event.weight in (Weight.WARNING, Weight.ALARM):
            self.loud.append(entry)
        if isinstance(event, _REFUSALS):
            self.refusals.append(entry)
        if not is_backed(event, self.people):
            self.unbacked.append(entry)
        self._batch(entry)
        match event:
            case cat.SheetRoutedOut():
                self.route_outs.append(RouteOut(entry.n, entry.at, event.batch, event.sheet, event.reason))
            case cat.DocumentCounted():
                self._settled(event.batch, event.document, "quét lại")
                self._count(entry, event.level, documents=1, sheets=event.sheets, pages=event.pages)
            case cat.ManifestCorrected() if is_backed(event, self.people):
                self._settled(event.batch, event.document, "sửa danh mục", self.people.signers(event.signoff))
            case cat.DocumentDiffers():
                self._levels[event.document] = event.level
                self.differences.append(
                    Difference(
                        entry.n,
                        entry.at,
                        event.batch,
                        event.document,
                        event.level,
                        event.sheets,
                        event.pages,
                    )
                )
            case cat.DifferenceReleased():
                self._release(entry, event)
            case cat.DocumentSealed():
                self._count(entry, event.level, containers=1)
            case cat.CopyPrinting():
                self._levels[event.document] = event.level
            case cat.CopyPrinted():
                self._count(entry, self._levels[event.document], copies=event.copies)
            case cat.HeadIssued():
                self.heads.append(event)
            case _:
                pass

    def _release(self, entry: Entry, event: cat.DifferenceReleased) -> None:
        if not is_backed(event, self.people):
            return
        signers = self.people.signers(event.signoff)
        for one in self._settled(event.batch, event.document, "ký duyệt", signers)[-1:]:
            self._count(entry, one.level, documents=1, released_with_difference=1)

    def _settled(self, batch: str, document: str, how: str, signers: tuple[str, ...] = ()) -> list[Difference]:
        """Close the open differences of a document; which those were."""
        closed = []
        for at, one in enumerate(self.differences):
            if (one.batch, one.document) == (batch, document) and not one.settled:
                self.differences[at] = one._replace(settled=how, signed_by=signers)
                closed.append(one)
        return closed

    def _count(self, entry: Entry, level: Level, **more: int) -> None:
        self.statistics.setdefault((int(entry.at[:4]), level), Counter()).update(more)

    def _batch(self, entry: Entry) -> None:
        event = entry.event
        if isinstance(event, cat.DeliveryBegun):
            self._batch_of[entry.n] = event.batch
        name = getattr(event, "batch", None) or self._batch_of.get(-1 if entry.act is None else entry.act)
        if name is None:
            return
        view = self.batches.setdefault(name, BatchView(name))
        match event:
            case cat.BatchOpened() | cat.BatchResumed():
                view.opened_at = view.opened_at or entry.at
                if event.operator not in view.operators:
                    view.operators.append(event.operator)
            case cat.BatchClosed():
                view.closed_at, view.end = entry.at, event.end
            case cat.ManifestAccepted():
                view.declared = (event.documents, event.sheets, event.pages)
            case cat.HandoverRecorded():
                view.handovers.append(event)
            case cat.FeedEnded() | cat.FeedStopped():
                view.fed += event.sheets
            case cat.SideHeld():
                view.held += 1
            case cat.HeldSideDecided():
                view.decided += 1
            case cat.SheetRoutedOut():
                view.routed_out += 1
            case cat.SheetSpoiled():
                view.spoiled += 1
            case cat.DocumentCounted():
                view.counted += 1
            case cat.DocumentDiffers():
                view.differing += 1
            case cat.DocumentSealed():
                view.sealed += 1
            case cat.DocumentErased(reason=cat.EraseReason.DELIVERED):
                view.delivered += 1  # once a document, however many copies of it were written
            case _:
                pass


_REFUSALS = (
    cat.MediumRefused,
    cat.MediumCloneSeen,
    cat.ManifestRefused,
    cat.SignOffRefused,
    cat.SignInRefused,
    cat.PersonLocked,
)
_LOOKED_AT: tuple[type[Event], ...] = tuple(one for one in CATALOGUE.values() if one not in _TOO_MANY)


def overview(entries: Iterable[Entry]) -> Overview:
    """Compute the overview from entries in order."""
    made = Overview()
    for one in entries:
        made.take(one)
    return made


def overview_of(ledger: Path) -> Overview:
    """The overview of a ledger file.

    Raises:
        LedgerMissing: no file.
        LedgerDamaged: a line is no entry.
    """
    return overview(read_entries(ledger, _LOOKED_AT))


def history(ledger: Path, batch: str) -> Iterator[Entry]:
    """Every entry of one batch, in order, down to single sides."""
    return (one for one in read_entries(ledger) if getattr(one.event, "batch", None) == batch)
