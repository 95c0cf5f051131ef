"""The people at the station, as the batch sees them: it tells, it asks, it waits for nothing else (bàn làm việc).

A terminal, the console's pages and the demo's script are desks. A desk adds no power: what it answers is checked and
recorded by the batch like anybody's word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from scanflow.counting import DocumentCount
from scanflow.errors import ScanflowError, Words
from scanflow.gate import Decision
from scanflow.ledger.catalogue import PersonSignature
from scanflow.ledger.statement import Reason, Statement
from scanflow.levels import Level
from scanflow.manifest import Row
from scanflow.pages import Face, RawPage
from scanflow.rules import Confirmation, Proposal


class Tone(StrEnum):
    """How loud a notice is: colour on a screen, sound for stops; one of progress takes the place of the one before."""

    PROGRESS = "progress"
    INFO = "info"
    GOOD = "good"
    STOP = "stop"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence to the people in the room; never content of a page."""

    tone: Tone
    vi: str
    en: str

    @classmethod
    def of(cls, error: ScanflowError, tone: Tone = Tone.STOP) -> Notice:
        """A refusal as a notice."""
        return cls(tone, f"{error.code}: {error.say_vi}", f"{error.code}: {error.say_en}")


@dataclass(frozen=True, slots=True)
class LoadPaper:
    """Put paper into the feeder (xếp giấy vào khay).

    Attributes:
        first_sheet: ordinal, within the batch, that the next sheet fed will get.
        document: the one document that is asked for, where each is fed on its own; None for the whole stack.
        again: sheets at the end of the output tray that were counted as spoiled and are fed again.
        passed: sheets behind those that went through the rollers and were not taken over; None: count them.
        places: which sheets of ``document`` are scanned again, first and last, from 1; None for the whole of it.
    """

    first_sheet: int
    document: Row | None
    again: int = 0
    passed: int | None = 0
    places: tuple[int, int] | None = None

    @property
    def vi(self) -> str:
        """What the operator does."""
        if self.again or self.passed:
            count = self.again + (self.passed or 0)
            return f"Lấy {count} tờ cuối ở khay ra, xếp lại lên trên phần giấy chưa nạp, đúng thứ tự, rồi nạp tiếp."
        if self.passed is None:
            return "Xếp lại lên trên khay nạp những tờ đã trôi qua mà chưa nhận (xem khay ra), rồi nạp tiếp."
        if self.document is not None:
            row = self.document
            if self.places is not None:
                first, last = self.places
                which = f"tờ thứ {first}" if first == last else f"tờ thứ {first} đến tờ thứ {last}"
                return (
                    f"Đặt {which} của tài liệu số {row.ordinal} vào khay; tờ còn thiếu ở chỗ này thì đặt kèm, "
                    "đúng thứ tự."
                )
            return f"Đặt tài liệu số {row.ordinal} ({row.sheets} tờ) vào khay."
        if self.first_sheet == 1:
            return "Xếp cả tập giấy cùng các tờ phân cách vào khay."
        return "Xếp phần giấy còn lại vào khay."

    @property
    def en(self) -> str:
        """The same in English."""
        if self.again or self.passed:
            count = self.again + (self.passed or 0)
            return (
                f"Take the last {count} sheets out of the output tray, lay them back on the paper not yet fed, go on."
            )
        if self.passed is None:
            return "Lay back on the feeder what went through without being taken over (see the output tray), and go on."
        if self.document is not None:
            row = self.document
            if self.places is not None:
                first, last = self.places
                which = f"sheet {first}" if first == last else f"sheets {first} to {last}"
                return (
                    f"Put {which} of document {row.ordinal} into the feeder; one that is missing there goes in with "
                    "them, in its order."
                )
            return f"Put document {row.ordinal} ({row.sheets} sheets) into the feeder."
        if self.first_sheet == 1:
            return "Put the whole stack with its separators into the feeder."
        return "Put the rest of the paper into the feeder."


@dataclass(frozen=True, slots=True)
class TakeOut:
    """Take a document out of the stack: a TUYỆT MẬT mark was found (lấy tài liệu ra).

    Attributes:
        document: the row of the list, None when the sheet came before any document.
        sheet: ordinal of the sheet with the mark.
        seen: where on the sheet and how sure; no picture and no text is kept.
        next_sheet: ordinal that the next sheet fed will get.
        passed: sheets that went through the rollers behind it and were not taken over; None when the scanner
            cannot tell.
    """

    document: Row | None
    sheet: int
    seen: Words
    next_sheet: int
    passed: int | None

    @property
    def vi(self) -> str:
        """What the operator does."""
        which = "" if self.document is None else f" cùng cả tài liệu số {self.document.ordinal}"
        some = "Các tờ" if self.passed is None else f"{self.passed} tờ"
        back = f"{some} đã trôi qua thêm mà chưa nhận"
        rest = "" if self.passed == 0 else f" {back}: nếu thuộc tài liệu khác thì xếp lại lên trên khay nạp."
        return (
            f"DỪNG. Tờ thứ {self.sheet} có dấu TUYỆT MẬT (đếm cả tờ phân cách). "
            f"Lấy tờ này{which} ra khỏi tập giấy.{rest} Máy thấy: {self.seen.vi}"
        )

    @property
    def en(self) -> str:
        """The same in English."""
        which = "" if self.document is None else f" and the whole of document {self.document.ordinal}"
        some = "The" if self.passed is None else f"The {self.passed}"
        back = f" {some} sheets that went through behind it: what belongs to other documents goes back on the feeder."
        rest = "" if self.passed == 0 else back
        return (
            f"STOP. Sheet {self.sheet} bears a TUYỆT MẬT mark (separators counted). "
            f"Take it{which} out of the stack.{rest} Seen: {self.seen.en}"
        )


@dataclass(frozen=True, slots=True)
class HeldSide:
    """A side that waits for eyes on the paper (mặt bị giữ)."""

    document: Row
    sheet: int
    face: Face
    reasons: tuple[Words, ...]
    read_as: Level


@dataclass(frozen=True, slots=True)
class SampledSide:
    """A cleared side that the lot fell on; what the stamp reader made of it is not said (mặt được kiểm mẫu)."""

    document: Row
    sheet: int
    face: Face


@dataclass(frozen=True, slots=True)
class SampleAnswer:
    """The highest level that a person read on the paper of a sampled side; THUONG where it bears no level mark."""

    person: str
    level: Level


@dataclass(frozen=True, slots=True)
class HeldAnswer:
    """What the people decided, and the statement they are ready to sign when they clear it."""

    decision: Decision
    level: Level
    person: str
    reason: Reason = Reason.MARK_SEEN_ON_PAPER


class Settling(StrEnum):
    """What is done about a document whose count differs, or of which something is odd (cách xử lý lệch)."""

    LEAVE = "leave"
    """Nothing: a difference stays open, and a document that agrees goes on as it is."""
    RESCAN = "rescan"
    """Feed it, or some of its sheets, once more in place."""
    CORRECT = "correct"
    """The list is wrong and the count is right; two persons sign."""
    SIGN = "sign"
    """It goes on in spite of the difference; two persons sign."""


@dataclass(frozen=True, slots=True)
class DifferenceAnswer:
    """What the supervisor decided.

    Attributes:
        settling: leave, rescan, correct or sign.
        reason: that the persons sign for.
        places: first and last sheet of the document to be scanned again, from 1; None for all of it.
    """

    settling: Settling
    reason: Reason = Reason.IN_WORDS
    places: tuple[int, int] | None = None


class Desk(Protocol):
    """Whoever stands at the station."""

    def tell(self, notice: Notice) -> None:
        """Show a sentence; no answer."""

    def side(self, page: RawPage, decision: Decision) -> None:
        """A cleared or held side, to be shown while it is in RAM; never kept. Not called for a routed-out page."""

    def load_paper(self, request: LoadPaper) -> bool:
        """Wait until the paper is in; False leaves the batch where it is."""

    def tray_agrees(self, check: Words) -> bool:
        """Have the output tray counted after a stop or fault; False when it does not hold what ``check`` says."""

    def take_out(self, order: TakeOut) -> int:
        """Wait until the document is out; how many further sheets of it were taken out unscanned."""

    def confirm_downgrade(self, row: Row, proposal: Proposal) -> Confirmation | None:
        """Ask a named person; None keeps the document secret."""

    def decide_held(self, held: HeldSide) -> HeldAnswer | None:
        """Ask a person who has the paper in hand; None leaves the side held."""

    def check_sample(self, asked: SampledSide) -> SampleAnswer | None:
        """Ask a person, not the operator, what level stands on this side of the paper; None: nobody looked."""

    def settle(self, count: DocumentCount, row: Row) -> DifferenceAnswer:
        """Ask the supervisor about a document whose count differs, or that agrees but shows something odd.

        What is odd was told before. The same document is asked about again until nothing differs or it is left.
        """

    def sign(self, statement: Statement) -> Sequence[PersonSignature]:
        """Put a statement before people and return their signatures; an empty sequence when nobody signs."""

    def insert_stick(self, level: Level, refusal: ScanflowError | None) -> bool:
        """Ask for a stick; ``refusal`` says what was wrong with the last one. False gives up."""
