"""Sheet after sheet: examined, gated, recorded, counted, kept under the document's key (nạp và xem xét).

The order within a sheet is the promise: first the gate's word on both sides, and when one says TUYỆT MẬT nothing of the
sheet is kept at all; then the count; only then do pages go under the document's key.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from scanflow import gate
from scanflow.counting import (
    Fate,
    Outcome,
    SeparatorCode,
    SeparatorRead,
    SheetFed,
    SideExamined,
    SidePrint,
    Tally,
    decode_separator,
)
from scanflow.errors import Words
from scanflow.examination import Examination
from scanflow.gate import Decision
from scanflow.ledger import Event
from scanflow.ledger import catalogue as events
from scanflow.ledger.catalogue import EraseReason, RouteOutReason
from scanflow.levels import Level
from scanflow.pages import RawPage
from scanflow.scanner import ScannerError
from scanflow.stamps.explain import explain_mark
from scanflow.stamps.judge import LEVEL_OF
from scanflow.station.errors import LevelAboveList
from scanflow.station.station import Examine
from scanflow.station.why import codes_of
from scanflow.station.work import DocumentFile, HeldNote, Work

AHEAD = 2
"""Sheets whose sides are examined while the one before is being taken over: the feeder is at most this far on when a
decision falls (promise P10), and so many sheets are in RAM in the clear."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A side with what was found on it."""

    page: RawPage
    found: Examination


@dataclass(frozen=True, slots=True)
class RouteOut:
    """A sheet bears a TUYỆT MẬT mark; all that may be said of it.

    Attributes:
        sheet: its ordinal in the batch.
        ordinal: STT of its document, None when it came before any.
        seen: where on the sheet and how sure.
    """

    sheet: int
    ordinal: int | None
    seen: Words


def examined(
    sides: Iterator[RawPage], examine: Examine, pool: ThreadPoolExecutor, *, duplex: bool
) -> Iterator[list[Seen]]:
    """Sheets in feed order with their sides examined, a few sheets ahead in ``pool``.

    Raises:
        ScannerError: as the feed does, after the sheets before it were handed on.
    """
    sheets = _sheets(sides, 2 if duplex else 1)
    waiting: deque[list[tuple[RawPage, Future[Examination]]]] = deque()
    fault: ScannerError | None = None
    more = True
    while more or waiting:
        while more and len(waiting) <= AHEAD:
            try:
                sheet = next(sheets, None)
            except ScannerError as error:  # the sheets before it are good and are handed on first
                sheet, fault = None, error
            more = sheet is not None
            if sheet is not None:
                waiting.append(_begin(sheet, examine, pool))
        if waiting:
            yield [Seen(page, future.result()) for page, future in waiting.popleft()]
    if fault is not None:
        raise fault


def _sheets(sides: Iterator[RawPage], faces: int) -> Iterator[list[RawPage]]:
    """The sides of each sheet; the feeder hands on whole sheets only."""
    while sheet := list(islice(sides, faces)):
        yield sheet


def _begin(
    sheet: list[RawPage], examine: Examine, pool: ThreadPoolExecutor
) -> list[tuple[RawPage, Future[Examination]]]:
    recto = sheet[0]
    return [(page, pool.submit(examine, page, None if page is recto else recto)) for page in sheet]


class SheetTaker:
    """Takes examined sheets over, one by one."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def take(self, sides: list[Seen]) -> RouteOut | None:
        """Take one sheet over; what it returns must stop the feeder.

        Raises:
            CountingError: a separator is missing, doubled or foreign, or a sheet belongs nowhere; it stays held.
        """
        try:
            found = next((side for side in sides if side.found.decision is Decision.ROUTE_OUT), None)
            if found is not None:
                return self._route_out(found, sides)
            self._take_over(sides)
            return None
        finally:
            for side in sides:
                wipe(side.page)

    def _take_over(self, sides: list[Seen]) -> None:
        work, number = self._work, sides[0].page.sheet
        tally = work.tally.after(SheetFed(number, duplex=len(sides) == 2))
        work.tally = tally  # fed is fed, whatever comes of the rest
        code = _separator(sides, number)
        if code is not None:
            tally = self._separated(tally, code, sides)
        ordinal = tally.document_of(number)
        decisions = [self._judged(side, ordinal) for side in sides]
        for side, outcome in zip(sides, decisions, strict=True):
            if code is None or not side.found.codes:  # the face with the code is a separator's, and says no more
                tally = tally.after(SideExamined(number, side.page.face, side.found.side, Outcome(outcome.value)))
        self._record(sides, decisions, ordinal, code)
        work.tally = tally
        if ordinal is None:
            return
        if tally.fate(number) is Fate.ROUTED_OUT:  # its document was routed out before: nothing of it is kept
            return
        self._keep(work.file(ordinal), sides, decisions)
        for side, outcome in zip(sides, decisions, strict=True):
            work.desk.side(side.page, outcome)

    def _route_out(self, side: Seen, sides: list[Seen]) -> RouteOut:
        """Count and record a routed-out sheet and destroy its document's key. Nothing else is kept."""
        work, number = self._work, side.page.sheet
        tally = work.tally.after(SheetFed(number, duplex=len(sides) == 2))
        ordinal = tally.document_of(number)
        for each in sides:
            tally = tally.after(SideExamined(number, each.page.face, each.found.side, Outcome.ROUTE_OUT))
        work.tally = tally
        read = side.found.judgement.level is Level.TUYET_MAT
        reason = RouteOutReason.MARK_READ if read else RouteOutReason.MARK_LIKELY
        document = None if ordinal is None else work.manifest.document_id(ordinal)
        work.station.ledger.record_many(
            [
                events.SheetFed(batch=work.batch_id, sheet=number, sides=len(sides), document=document),
                events.SheetRoutedOut(batch=work.batch_id, sheet=number, reason=reason),
            ]
        )
        if ordinal is not None:
            erase(work, ordinal, EraseReason.ROUTED_OUT)
        return RouteOut(number, ordinal, seen(side.found))

    def _separated(self, tally: Tally, code: SeparatorCode, sides: list[Seen]) -> Tally:
        carrier = next(side for side in sides if side.found.codes)
        others = [side.found.side for side in sides if side is not carrier]
        return tally.after(SeparatorRead(sides[0].page.sheet, code, others[0] if others else None))

    def _judged(self, side: Seen, ordinal: int | None) -> Decision:
        """The gate's word, or hold when the paper claims a higher level than the list does."""
        if side.found.decision is Decision.CLEAR and ordinal is not None and self._above_list(side, ordinal):
            return Decision.HOLD
        return side.found.decision

    def _above_list(self, side: Seen, ordinal: int) -> bool:
        return (side.found.judgement.level or Level.THUONG) > self._work.manifest.by_ordinal[ordinal].level

    def _record(
        self, sides: list[Seen], decisions: list[Decision], ordinal: int | None, code: SeparatorCode | None
    ) -> None:
        work, number = self._work, sides[0].page.sheet
        document = None if ordinal is None else work.manifest.document_id(ordinal)
        said: list[Event] = [events.SheetFed(batch=work.batch_id, sheet=number, sides=len(sides), document=document)]
        if code is not None:
            opened = work.manifest.document_id(code.ordinal)
            said.append(events.SeparatorSeen(batch=work.batch_id, sheet=number, document=opened))
        for side, outcome in zip(sides, decisions, strict=True):
            codes = self._codes(side, outcome)
            said.append(
                events.SideExamined(
                    batch=work.batch_id,
                    sheet=number,
                    face=side.page.face,
                    label=side.found.side,
                    decision=outcome,
                    level=side.found.judgement.level,
                    codes=codes,
                )
            )
            if outcome is Decision.HOLD:
                said.append(events.SideHeld(batch=work.batch_id, sheet=number, face=side.page.face, codes=codes))
        work.station.ledger.record_many(said)

    def _codes(self, side: Seen, outcome: Decision) -> tuple[str, ...]:
        if outcome is Decision.HOLD and side.found.decision is Decision.CLEAR:
            return (LevelAboveList.code,)
        return codes_of(side.found)

    def _keep(self, file: DocumentFile, sides: list[Seen], decisions: list[Decision]) -> None:
        for side, outcome in zip(sides, decisions, strict=True):
            if side.found.print is not None:
                page = side.page
                print_ = SidePrint(page.sheet, page.face, side.found.side, side.found.print)
                file.prints[page.sheet, page.face] = print_
            if outcome is Decision.CLEAR:
                file.vault.clear(gate.clear(side.page, side.found.pose, side.found.side, side.found.judgement))
                file.marks.setdefault(side.page.sheet, set()).update(mark.kind for mark in side.found.marks)
                continue
            file.vault.hold(side.page)
            reasons = tuple(side.found.explain())
            if side.found.decision is Decision.CLEAR:
                above = LevelAboveList(sheet=side.page.sheet)
                reasons = (Words(above.say_vi, above.say_en),)
            note = HeldNote(
                side.page.sheet,
                side.page.face,
                side.found.pose,
                side.found.side,
                side.found.judgement.level or Level.THUONG,
                self._codes(side, outcome),
                reasons,
            )
            file.held[side.page.sheet, side.page.face] = note


def _separator(sides: list[Seen], number: int) -> SeparatorCode | None:
    """The separator code on a sheet, on whichever side it was printed.

    Raises:
        SeparatorDamaged: a code of ours that cannot be right.
    """
    for side in sides:
        for text in side.found.codes:
            if (code := decode_separator(text, number)) is not None:
                return code
    return None


def erase(work: Work, ordinal: int, reason: EraseReason) -> None:
    """Destroy a document's key; the intent is on the record before, the outcome after."""
    file = work.file(ordinal)
    if file.vault.erased:
        return
    sides = file.vault.sides
    begun = events.EraseBegun(batch=work.batch_id, document=file.id, reason=reason)
    with work.station.ledger.act(begun) as act:
        file.forget()
        act.done(
            events.DocumentErased(
                batch=work.batch_id,
                document=file.id,
                reason=reason,
                sheets=len({side.sheet for side in sides}),
                pages=len(sides),
            )
        )


def let_go(work: Work, ordinal: int, sheets: Sequence[int] | None) -> None:
    """Drop the pages of sheets that are scanned again; of a whole document (None) the key is destroyed with them."""
    if ordinal not in work.files:
        return
    work.readings.pop(ordinal, None)
    if sheets is None:
        erase(work, ordinal, EraseReason.RESCAN)
        del work.files[ordinal]  # the next sheet makes a key of its own
        return
    for sheet in sheets:
        work.files[ordinal].drop(sheet)


def wipe(page: RawPage) -> None:
    """Overwrite a side's pixels; a view of memory that is not ours is let go instead."""
    if page.pixels.flags.writeable:
        page.pixels.fill(0)


def seen(found: Examination) -> Words:
    """Which mark routed a side out, where it is and how sure; no picture, no text."""
    shape, pose = found.shape, found.pose
    marks = [mark for mark in found.marks if LEVEL_OF.get(mark.kind) is Level.TUYET_MAT]
    told = [explain_mark(mark, shape, pose) for mark in marks]
    if not told:
        return Words.joined(found.explain(), " ")
    return Words.joined((Words(one.vi.removesuffix("."), one.en.removesuffix(".")) for one in told), " ")
