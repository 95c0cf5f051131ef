"""The batch as the ledger tells it, live and after a restart alike (số đếm trực tiếp, tính từ sổ).

It is computed from the entries and from nothing else: a page that is loaded again, a browser that is opened anew and a
station that comes back after a power cut show the same. What people decide on is the station's own reconciliation.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from scanflow.counting import Fate, Outcome, Spoil
from scanflow.counting.sheets import Sheet, Side
from scanflow.gate import Decision
from scanflow.ledger import Event
from scanflow.ledger import catalogue as cat
from scanflow.ledger.catalogue import BatchEnd, EraseReason
from scanflow.ledger.entry import Entry
from scanflow.manifest import PageConvention
from scanflow.pages import Face
from scanflow.station.history import DELIVERING, Deliveries

EVENTS: tuple[type[Event], ...] = (
    cat.BatchOpened, cat.ManifestAccepted, cat.BatchClosed, cat.FeedStarted, cat.FeedEnded, cat.FeedStopped,
    cat.SheetFed, cat.SeparatorSeen, cat.SheetSpoiled, cat.SheetRoutedOut, cat.SideExamined, cat.HeldSideDecided,
    cat.ScannerFault, cat.RescanOrdered, cat.HintSeen, cat.ManifestCorrected, *DELIVERING,
)  # fmt: skip
"""What the counts are made of; other entries need not be shown."""


@dataclass(frozen=True, slots=True)
class DocumentLive:
    """One document so far.

    Attributes:
        sheets: that count.
        pages: by the batch's convention.
        blank: sides.
        held: sheets that wait for eyes on the paper.
        routed_out: it leaves the stack unscanned.
        sealed: a container was made.
        delivered: it lies on a medium, read back.
        doubtful: it is being written; whether it lies on the medium nobody knows yet.
        held_sides: of those sheets the sides that are held, each with the codes of why.
        hints: sheets to look at, and why (Vietnamese).
        corrected: sheets and pages of its row after a correction that two persons signed.
    """

    sheets: int = 0
    pages: int = 0
    blank: int = 0
    held: int = 0
    held_sides: tuple[tuple[int, Face, tuple[str, ...]], ...] = ()
    routed_out: bool = False
    sealed: bool = False
    delivered: bool = False
    doubtful: bool = False
    hints: tuple[tuple[int, str], ...] = ()
    corrected: tuple[int, int] | None = None


_EARLIER: Final = 1_000_000
"""Added below zero to the numbers of sheets of an earlier run over the same list; no run has so many."""


@dataclass(slots=True)
class _Past:
    """What holds for a batch over all its runs."""

    deliveries: Deliveries
    declared: tuple[int, int, int] = (0, 0, 0)
    routed: set[str] = field(default_factory=set)

    @property
    def settled(self) -> set[str]:
        """Documents that no later run takes again."""
        return self.routed | self.deliveries.delivered.keys()


@dataclass(slots=True)
class BatchCounts:
    """The batch that was opened, or taken up again, last.

    Attributes:
        batch: its id, empty before the first.
        operator: person id.
        convention: what counts as a page; the ledger does not say, so the list does.
        declared: documents, sheets and pages of the list.
        feeding: the feeder runs.
        current: document id that the next sheet goes to.
        routed: sheets with a TUYỆT MẬT mark, in order.
        routed_now: those since the last feed began whose document nobody has taken out yet.
        took_out: since the last feed began a document was taken out of the stack.
        fault: code of the last scanner fault since the last feed began, empty when there is none.
        end: how it was closed, None while it is open.
    """

    batch: str = ""
    operator: str = ""
    convention: PageConvention = PageConvention.WRITTEN_SIDES
    declared: tuple[int, int, int] = (0, 0, 0)
    feeding: bool = False
    current: str | None = None
    routed: list[int] = field(default_factory=list)
    routed_now: list[int] = field(default_factory=list)
    took_out: bool = False
    fault: str = ""
    end: BatchEnd | None = None
    _sheets: dict[int, Sheet] = field(default_factory=dict)
    _place: dict[int, str] = field(default_factory=dict)
    _sealed: set[str] = field(default_factory=set)
    _why: dict[tuple[int, Face], tuple[str, ...]] = field(default_factory=dict)
    _past: dict[str, _Past] = field(default_factory=dict)
    _hints: dict[str, tuple[tuple[int, str], ...]] = field(default_factory=dict)
    _corrected: dict[str, tuple[int, int]] = field(default_factory=dict)

    def take(self, entry: Entry) -> None:
        """Take the next entry in; entries of other kinds and of earlier batches change nothing."""
        event = entry.event
        batch = getattr(event, "batch", None)
        if isinstance(event, cat.BatchOpened | cat.BatchResumed):
            self._begin(event)
        for one, past in self._past.items():
            if batch is None or batch == one:
                past.deliveries.take(entry)
        if self.batch and batch == self.batch:
            self._take(event)

    def taken_out(self) -> None:
        """The document of the first of ``routed_now`` was taken out of the stack; the ledger has no entry for that."""
        del self.routed_now[:1]
        self.took_out = True

    def _begin(self, event: cat.BatchOpened | cat.BatchResumed) -> None:
        """A run begins; of an earlier one over the same list stays what is delivered or routed out."""
        past = self._past.setdefault(event.batch, _Past(Deliveries(event.batch)))
        fresh = BatchCounts(event.batch, event.operator, self.convention, past.declared)
        if event.batch == self.batch:
            kept = {number: one for number, one in self._place.items() if one in past.settled}
            fresh._place = {number - _EARLIER: one for number, one in kept.items()}
            fresh._sheets = {number - _EARLIER: self._sheets[number] for number in kept}
        fresh._past = self._past
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(fresh, name))

    def _take(self, event: Event) -> None:
        match event:
            case cat.ManifestAccepted():
                self.declared = self._past[self.batch].declared = (event.documents, event.sheets, event.pages)
            case cat.BatchClosed():
                self.end, self.feeding = event.end, False
            case cat.FeedStarted():
                self.feeding, self.fault, self.routed_now, self.took_out = True, "", [], False
                self.current = event.document or self.current
            case cat.FeedEnded() | cat.FeedStopped():
                self.feeding = False
            case cat.ScannerFault():
                self.fault = event.code
            case cat.SheetFed():
                self._fed(event)
            case cat.SeparatorSeen():
                self._sheets[event.sheet] = replace(self._sheets[event.sheet], separator=True)
                self._place.pop(event.sheet, None)
                self.current = event.document
            case cat.SideExamined():
                side = Side(event.label, Outcome(event.decision.value))
                self._sheets[event.sheet] = self._sheets[event.sheet].with_side(event.face, side)
                if event.decision is Decision.HOLD:
                    self._why[event.sheet, event.face] = event.codes
            case cat.HeldSideDecided():
                self._decided(event)
            case cat.SheetSpoiled():
                self._sheets[event.sheet] = replace(self._sheets[event.sheet], spoiled=Spoil.JAM)
            case cat.SheetRoutedOut():
                self._route_out(event)
            case cat.DocumentErased(reason=EraseReason.ROUTED_OUT) if event.document is not None:
                self._past[self.batch].routed.add(event.document)
            case cat.RescanOrdered():
                self._rescan(event)
            case cat.HintSeen():
                known = self._hints.get(event.document, ())
                self._hints[event.document] = (*known, (event.sheet, event.hint.vi))
            case cat.ManifestCorrected():
                self._corrected[event.document] = (event.sheets, event.pages)
            case cat.DocumentSealed():
                self._sealed.add(event.document)
            case _:
                pass

    def _fed(self, event: cat.SheetFed) -> None:
        self._sheets[event.sheet] = Sheet(duplex=event.sides == 2, document=None if event.document is None else 0)
        if event.document is not None:
            self._place[event.sheet] = event.document
            self.current = event.document

    def _rescan(self, event: cat.RescanOrdered) -> None:
        """The sheets that are replaced do not count any more, and what was noticed on them is gone."""
        self.current = event.document
        self._hints.pop(event.document, None)
        for number, document in self._place.items():
            if document == event.document and event.first <= number <= event.last:
                self._sheets[number] = replace(self._sheets[number], spoiled=Spoil.RESCANNED)

    def _decided(self, event: cat.HeldSideDecided) -> None:
        self._why.pop((event.sheet, event.face), None)
        sheet = self._sheets[event.sheet]
        side = sheet.side(event.face)
        if side is not None:
            decided = replace(side, outcome=Outcome(event.decision.value))
            self._sheets[event.sheet] = sheet.with_side(event.face, decided)

    def _route_out(self, event: cat.SheetRoutedOut) -> None:
        self._sheets[event.sheet] = replace(self._sheets[event.sheet], routed=True)
        if event.sheet in self._place:  # routed out for good, though the power may go before its pages are erased
            self._past[self.batch].routed.add(self._place[event.sheet])
        if event.sheet not in self._place and self.current is not None:
            self._place[event.sheet] = self.current
        self.routed.append(event.sheet)
        if self.feeding:
            self.routed_now.append(event.sheet)

    # ---- what a page shows -----------------------------------------------------------------------

    @property
    def open(self) -> bool:
        """A batch was opened and not closed: it is being worked, or the power went."""
        return bool(self.batch) and self.end is None

    @property
    def fed(self) -> int:
        """Sheets that went through the feeder in this run."""
        return sum(number > 0 for number in self._sheets)

    def document_of(self, sheet: int) -> str | None:
        """The document that a fed sheet belongs to."""
        return self._place.get(sheet)

    def _held_of(self, sheet: int) -> tuple[tuple[int, Face, tuple[str, ...]], ...]:
        """The sides of a sheet that are held."""
        return tuple((sheet, face, self._why[sheet, face]) for face in Face if (sheet, face) in self._why)

    def documents(self) -> dict[str, DocumentLive]:
        """What was counted of each document so far, by document id."""
        found: dict[str, DocumentLive] = {}
        for number, document in self._place.items():
            sheet, one = self._sheets[number], found.get(document, DocumentLive())
            if sheet.fate is Fate.ROUTED_OUT:
                one = replace(one, routed_out=True)
            if sheet.spoiled is None and not sheet.separator:
                one = replace(
                    one,
                    sheets=one.sheets + 1,
                    pages=one.pages + sheet.pages(self.convention),
                    blank=one.blank + sum(label.value == "blank" for label in sheet.labels),
                    held=one.held + (sheet.fate is Fate.HELD),
                    held_sides=one.held_sides + self._held_of(number),
                )
            found[document] = one
        past = self._past.get(self.batch, _Past(Deliveries("")))
        routed, doubtful, delivered = past.routed, past.deliveries.doubtful, past.deliveries.delivered
        for document in routed | self._sealed | doubtful | delivered.keys():
            one = found.get(document, DocumentLive())
            found[document] = replace(
                one,
                routed_out=one.routed_out or document in routed,
                sealed=document in self._sealed,
                doubtful=document in doubtful,
                delivered=document in delivered,
            )
        for document in self._hints.keys() | self._corrected.keys():
            hints, corrected = self._hints.get(document, ()), self._corrected.get(document)
            found[document] = replace(found.get(document, DocumentLive()), hints=hints, corrected=corrected)
        return found
