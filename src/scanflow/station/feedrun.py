"""Running the feeder: until a proved end, a TUYỆT MẬT mark, a misplaced sheet or a fault, and on again (nạp giấy)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from scanflow.counting import (
    DocumentClosed,
    DocumentOpened,
    Fate,
    FeedEnded,
    RescanClosed,
    RescanOpened,
    SheetFed,
    SheetSpoiled,
    SheetsRemoved,
    Spoil,
)
from scanflow.counting.errors import CountingError, EventRefused
from scanflow.errors import Words
from scanflow.gate import Decision
from scanflow.ledger import Act
from scanflow.ledger import catalogue as events
from scanflow.ledger.catalogue import FeedEnd
from scanflow.manifest import Row
from scanflow.scanner import CountedByHand, CountsItself, Feeder, FeedFault, ScannerError, StopReport
from scanflow.station.config import Separation
from scanflow.station.desk import LoadPaper, Notice, TakeOut, Tone
from scanflow.station.errors import BatchStopped, CounterDiffers
from scanflow.station.feeding import RouteOut, Seen, SheetTaker, examined, let_go, wipe
from scanflow.station.names import device_digest
from scanflow.station.reading import begin_reading
from scanflow.station.work import Work

EXAMINERS = 2
"""Threads that examine sides; OpenCV and onnxruntime let go of the interpreter while they compute."""
_TAKEN_TOO = Words(
    "Tính cả các tờ đã qua máy vừa lấy riêng ra.", "Count those with it that were fed and have just been taken out."
)


def feed_batch(work: Work, feeder: Feeder, *, duplex: bool = True) -> None:
    """Feed until every document of the list came, or the operator says that there is no more paper.

    Raises:
        BatchStopped: no paper was loaded at all.
        ScannerError: the feeder never began.
    """
    if work.station.config.batch.separation is Separation.SEPARATORS and not work.only:
        _Stack(work, feeder, None, duplex).feed()
        begin_reading(work, work.tally.current)
        return
    for row in work.to_feed:
        work.count(DocumentOpened(row.ordinal))
        _Stack(work, feeder, row, duplex).feed()
        work.count(DocumentClosed(row.ordinal))
        begin_reading(work, row.ordinal)


def feed_again(
    work: Work, feeder: Feeder, ordinal: int, places: tuple[int, int] | None, person: str, *, duplex: bool = True
) -> bool:
    """Scan a document, or its sheets ``places`` (first and last, from 1), once more in place (quét lại).

    The scan that is replaced is dropped only when the paper lies in the feeder. Sheets keep their place in the
    document whatever their number in the batch, and as many may be fed as there are.

    Args:
        work: the batch.
        feeder: the scanner.
        ordinal: STT of the document.
        places: None for the whole document.
        person: who ordered it.
        duplex: both faces.

    Returns:
        False when nobody laid paper in: then nothing has changed.

    Raises:
        CountingError: no such document or sheet, or it was routed out.
        ScannerError: the feeder never began; what was to be replaced is gone and the difference stays open.
    """
    row, live = work.manifest.by_ordinal[ordinal], work.tally.document_sheets(ordinal)
    replaced = live if places is None else live[max(0, places[0] - 1) : places[1]]
    first, last = (replaced[0], replaced[-1]) if places is not None and replaced else (None, None)
    if places is not None and len(replaced) != places[1] - places[0] + 1:
        raise EventRefused(sheet=places[1], what=Words("quét lại", "scan again"))
    opened = RescanOpened(ordinal, first, last)
    work.tally.after(opened)  # a refusal comes before anybody moves paper
    stack = _Stack(work, feeder, row, duplex, places)
    if not stack.ask():
        return False
    begun = work.tally.totals.fed
    work.station.ledger.record(
        events.RescanOrdered(
            batch=work.batch_id,
            document=work.manifest.document_id(ordinal),
            first=min(replaced, default=begun + 1),
            last=max(replaced, default=begun + 1),
            person=person,
        )
    )
    work.count(opened)
    let_go(work, ordinal, replaced if places is not None else None)
    try:
        stack.feed(asked=True)
    finally:
        work.count(RescanClosed())
    return True


class _Stack:
    """One stack of paper, fed in as many runs as it takes."""

    def __init__(
        self, work: Work, feeder: Feeder, document: Row | None, duplex: bool, places: tuple[int, int] | None = None
    ) -> None:
        self._work = work
        self._feeder = feeder
        self._document = document
        self._duplex = duplex
        self._places = places
        self._counted_by_hand = False
        self._broken = False

    def ask(self) -> bool:
        """Ask for the paper; False when nobody lays it in."""
        return self._work.desk.load_paper(self._load())

    def feed(self, *, asked: bool = False) -> None:
        """Feed until nothing more is to come; ``asked`` when the paper lies in the feeder already."""
        request: LoadPaper | None = self._load()
        while request is not None:
            asked, there = False, asked
            if not there and not self._work.desk.load_paper(request):
                if self._work.tally.totals.fed == 0:
                    raise BatchStopped(batch=self._work.batch_id)
                return
            request = self._run()

    # --- one run of the feeder --------------------------------------------------------------------------------

    def _run(self) -> LoadPaper | None:
        """Run the feeder once: what must be loaded next, None for nothing."""
        first = self._next_sheet
        act = self._begun(first)
        routed: list[RouteOut] = []
        report: StopReport | None = None
        try:
            with ThreadPoolExecutor(EXAMINERS, thread_name_prefix="examine") as pool:
                taker = SheetTaker(self._work)
                self._offer_count(first)
                self._record_recovery(first)
                sides = self._feeder.sides(first)
                sheets = examined(sides, self._work.station.examine, pool, duplex=self._duplex)
                for sheet in sheets:
                    before = self._work.tally.current
                    try:
                        found = taker.take(sheet)
                    except CountingError as error:
                        report = self._feeder.stop()
                        again = self._spoil(sheet, sheets, taker, routed)
                        return self._misplaced(act, error, first, again, report.passed, routed)
                    if found is not None:
                        if not routed:  # the sheets that were handed on already are still taken over
                            report = self._feeder.stop()
                        routed.append(found)
                    if self._work.tally.current != before:  # the next document begins: the one before it is whole
                        begin_reading(self._work, before)
        except FeedFault as fault:
            return self._faulted(act, fault, first, routed)
        except ScannerError as fault:
            self._record_fault(fault)
            self._broken_off(act, FeedEnd.FAULT, first, fault.code)
            raise
        if report is not None:
            return self._routed_out(act, report, first, routed)
        self._ended(act, first)
        return None if self._all_came else self._load()

    def _routed_out(self, act: Act, report: StopReport, first: int, routed: list[RouteOut]) -> LoadPaper | None:
        """First the document leaves the stack, then the rest is counted, then the feed goes on."""
        passed = report.passed if self._document is None else 0  # of one document, all that ran on is its own
        self._broken_off(act, FeedEnd.ROUTE_OUT, first)
        self._take_out(routed, passed)
        again = self._void(report.last_delivered, first, report.check, taken_out=True)
        return self._load(again=again, passed=passed) if self._document is None else None

    def _ended(self, act: Act, first: int) -> None:
        """The end is proved: compare with the scanner's own count while the paper lies in the output tray."""
        fed = self._next_sheet - first
        counter = self._feeder.own_count if isinstance(self._feeder, CountsItself) else None
        self._work.count(FeedEnded(counter))
        act.done(
            events.FeedEnded(
                batch=self._work.batch_id,
                sheets=fed,
                sides=fed * (2 if self._duplex else 1),
                by_hand=self._counted_by_hand,
                counter=counter,
            )
        )
        if counter not in {None, fed}:
            differs = CounterDiffers(first=first, last=first + fed - 1, received=fed, counter=counter)
            self._work.desk.tell(Notice.of(differs))

    def _record_recovery(self, first: int) -> None:
        if self._broken:
            self._broken = False
            scanner = device_digest(self._feeder.facts.identity)
            self._work.station.ledger.record(
                events.ScannerRecovered(scanner=scanner, batch=self._work.batch_id, resume_at=first)
            )

    def _offer_count(self, first: int) -> None:
        """Let a scanner that cannot prove its end have the output tray counted by a person."""
        self._counted_by_hand = False
        if isinstance(self._feeder, CountedByHand):
            self._feeder.count_tray = lambda sheets: self._count_tray(first, sheets)

    def _count_tray(self, first: int, sheets: int) -> bool:
        question = Words(
            "Máy quét không tự chứng minh được đã hết giấy. Nhìn khay nạp phải trống; đếm khay ra: "
            f"từ tờ {first} phải có đúng {sheets} tờ.",
            "The scanner cannot prove by itself that the paper ended. The feeder must be empty; count the output tray: "
            f"from sheet {first} on it must hold exactly {sheets}.",
        )
        self._counted_by_hand = self._work.desk.tray_agrees(question)
        return self._counted_by_hand

    def _misplaced(
        self,
        act: Act,
        error: CountingError,
        first: int,
        again: int,
        passed: int | None,
        routed: list[RouteOut],
    ) -> LoadPaper:
        self._broken_off(act, FeedEnd.OPERATOR, first, error.code)
        self._take_out(routed, passed)
        self._work.desk.tell(Notice.of(error))
        return self._load(again=again, passed=passed)

    def _spoil(self, sheet: list[Seen], behind: Iterator[list[Seen]], taker: SheetTaker, routed: list[RouteOut]) -> int:
        """Count the misplaced sheet and those behind it as spoiled; TUYỆT MẬT among them is routed out."""
        work, again = self._work, 0
        for each in [sheet, *behind]:
            number = each[0].page.sheet
            if each is not sheet and any(side.found.decision is Decision.ROUTE_OUT for side in each):
                if (found := taker.take(each)) is not None:
                    routed.append(found)
                continue
            if number > work.tally.totals.fed:
                work.count(SheetFed(number, duplex=self._duplex))
            work.count(SheetSpoiled(number, Spoil.MISPLACED))
            work.station.ledger.record_many(
                [
                    events.SheetFed(batch=work.batch_id, sheet=number, sides=len(each)),
                    events.SheetSpoiled(batch=work.batch_id, sheet=number, code="CNT-MISPLACED"),
                ]
            )
            for side in each:
                wipe(side.page)
            again += 1
        return again

    def _faulted(self, act: Act, fault: FeedFault, first: int, routed: list[RouteOut]) -> LoadPaper:
        """Every good sheet is kept; the rest goes back into the feeder behind the last good one."""
        again = 0
        self._record_fault(fault)
        self._broken_off(act, FeedEnd.FAULT, first, fault.code)
        self._take_out(routed, None)
        self._work.desk.tell(Notice.of(fault))  # before anybody is asked to count paper because of it
        if fault.first is not None or self._next_sheet > first:  # paper moved
            again = self._void(fault.last_good, first, fault.check, taken_out=bool(routed))
        return self._load(again=again, passed=None)

    def _void(self, last_good: int, first: int, check: Words, *, taken_out: bool) -> int:
        """Spoil what was handed on but cannot be trusted; how many sheets that are.

        Sheets above ``last_good`` are void. When the output tray does not hold what it should, two sheets went through
        together, and the whole feed is void. A routed-out sheet stays routed out; what was taken out (``taken_out``)
        went through the rollers too and is counted with the tray.
        """
        work = self._work
        check = Words.joined((check, _TAKEN_TOO), " ") if taken_out else check
        least = max(first, last_good + 1) if work.desk.tray_agrees(check) else first
        void = [
            number
            for number in range(least, self._next_sheet)
            if work.tally.fate(number) not in {Fate.ROUTED_OUT, Fate.SPOILED}
        ]
        for number in void:
            ordinal = work.tally.document_of(number)
            if ordinal is not None and ordinal in work.files:
                work.files[ordinal].drop(number)
            work.count(SheetSpoiled(number, Spoil.JAM))
        work.station.ledger.record_many(
            events.SheetSpoiled(batch=work.batch_id, sheet=number, code="CNT-VOID") for number in void
        )
        return len(void)

    # --- what the people are asked ----------------------------------------------------------------------------

    def _load(self, *, again: int = 0, passed: int | None = 0) -> LoadPaper:
        return LoadPaper(self._next_sheet, self._document, again, passed, self._places)

    @property
    def _all_came(self) -> bool:
        """After a proved end: whether every document that should come has come."""
        return self._document is not None or self._work.tally.next_expected is None

    def _take_out(self, routed: list[RouteOut], passed: int | None) -> None:
        """Have each document taken out; before anything else is asked, for it must lie nowhere in the stack."""
        work = self._work
        for one in routed:
            document = None if one.ordinal is None else work.manifest.by_ordinal[one.ordinal]
            order = TakeOut(
                document=document, sheet=one.sheet, seen=one.seen, next_sheet=self._next_sheet, passed=passed
            )
            work.desk.tell(Notice(Tone.ALARM, order.vi, order.en))
            removed = work.desk.take_out(order)
            if removed and one.ordinal is not None:
                work.count(SheetsRemoved(one.ordinal, removed))

    # --- the record -------------------------------------------------------------------------------------------

    @property
    def _next_sheet(self) -> int:
        return self._work.tally.totals.fed + 1

    def _begun(self, first: int) -> Act:
        document = self._document
        return self._work.station.ledger.begin(
            events.FeedStarted(
                batch=self._work.batch_id,
                scanner=device_digest(self._feeder.facts.identity),
                first=first,
                document=None if document is None else self._work.manifest.document_id(document.ordinal),
                simulated=self._feeder.facts.simulated,
            )
        )

    def _record_fault(self, fault: ScannerError) -> None:
        self._broken = True
        self._work.station.ledger.record(
            events.ScannerFault(
                scanner=device_digest(self._feeder.facts.identity),
                code=fault.code,
                batch=self._work.batch_id,
                last_good=self._next_sheet - 1,
            )
        )

    def _broken_off(self, act: Act, end: FeedEnd, first: int, code: str | None = None) -> None:
        """This run ended without a proof; with the next one the scanner's own count begins anew."""
        self._work.count(FeedEnded())
        last = self._next_sheet - 1
        act.done(
            events.FeedStopped(batch=self._work.batch_id, end=end, sheets=last - first + 1, last_good=last, code=code)
        )
