"""The books of one batch over all its feeds: good sheets, void sheets, where to go on (sổ nạp giấy).

The operator's part is one instruction: keep the good sheets in the output tray, put every other sheet back,
and count the tray where the scanner told how many sheets it fed. That count finds sheets that went through
together unseen.
"""

from __future__ import annotations

from dataclasses import dataclass

from scanflow.pages import Face, RawPage
from scanflow.scanner.errors import FeedFault
from scanflow.scanner.feeder import StopReport
from scanflow.scanner.plight import Plight, plight_of, plight_of_stop


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One feed of the batch, as it goes into the ledger.

    Attributes:
        first: its first sheet.
        last_good: its last good sheet; ``first - 1`` when none is.
        ended: ``end`` (proved), ``stop``, or the code of the fault.
        void: sheets that had been handed on and count no more.
    """

    first: int
    last_good: int
    ended: str
    void: tuple[int, ...] = ()


class FeedBooks:
    """Books of one batch. Pure: knows no device and no clock.

    Use: ``first = books.begin()``, ``books.took(page)`` for every side of ``feeder.sides(first)``, then
    one of :meth:`finished`, :meth:`broke` and :meth:`stopped`; after the latter two :meth:`counted` where the
    instruction asks for a count.

    Args:
        good: sheets of the batch that are good already.
    """

    def __init__(self, *, good: int = 0) -> None:
        self.entries: list[FeedEntry] = []
        self._good = good
        self._first: int | None = None
        self._taken: list[tuple[int, Face]] = []

    @property
    def good(self) -> int:
        """Sheets 1 to this one are good."""
        return self._good

    @property
    def next_sheet(self) -> int:
        """The sheet that the next feed begins with."""
        return self._good + 1

    def begin(self) -> int:
        """Open a feed: its first sheet.

        Raises:
            ValueError: the feed before was not closed.
        """
        if self._first is not None:
            raise ValueError("the feed before is still open")
        self._first, self._taken = self.next_sheet, []
        return self._first

    def took(self, page: RawPage) -> None:
        """Enter one side.

        Raises:
            ValueError: it does not follow the side before: a sheet would be lost or counted twice.
        """
        first = self._open()
        last_sheet, last_face = self._taken[-1] if self._taken else (first - 1, Face.VERSO)
        follows = (page.sheet, page.face) == (last_sheet + 1, Face.RECTO)
        closes = (page.sheet, page.face, last_face) == (last_sheet, Face.VERSO, Face.RECTO)
        if not follows and not closes:
            raise ValueError(f"sheet {page.sheet} {page.face} does not follow sheet {last_sheet} {last_face}")
        self._taken.append((page.sheet, page.face))

    def finished(self) -> FeedEntry:
        """The feed ended and its end was proved."""
        last = self._taken[-1][0] if self._taken else self._open() - 1
        return self._close(last, "end")

    def broke(self, fault: FeedFault) -> Plight:
        """The feed ended with a fault; what the person does now."""
        self._close(fault.last_good, fault.code)
        return plight_of(fault)

    def stopped(self, report: StopReport) -> Plight:
        """The feed was stopped; what the person does now."""
        self._close(report.last_delivered, "stop")
        return plight_of_stop(report)

    def counted(self, in_output: int, expected: int | None) -> bool:
        """Enter the count of the last feed's sheets in the output tray; false when that feed is void now.

        Args:
            in_output: sheets of the last feed that lie in the output tray, by hand.
            expected: what the instruction said; None when the scanner could not tell (nothing is compared
                then).
        """
        if expected is None or in_output == expected:
            return True
        last = self.entries.pop()
        void = tuple(range(last.first, last.last_good + 1)) + last.void
        self.entries.append(FeedEntry(last.first, last.first - 1, last.ended, void))
        self._good = last.first - 1
        return False

    def _open(self) -> int:
        if self._first is None:
            raise ValueError("no feed is open")
        return self._first

    def _close(self, last_good: int, ended: str) -> FeedEntry:
        first = self._open()
        handed = sorted({sheet for sheet, _ in self._taken})
        if last_good < first - 1 or (handed and last_good > handed[-1]) or (not handed and last_good >= first):
            raise ValueError("the last good sheet is none of this feed")
        entry = FeedEntry(first, last_good, ended, tuple(s for s in handed if s > last_good))
        self.entries.append(entry)
        self._good, self._first = last_good, None
        return entry
