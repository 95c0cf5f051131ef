"""A desk at a terminal: sentences out, answers in; without a terminal it answers nothing that lets something out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import RLock
from typing import Protocol

from scanflow.counting import DocumentCount
from scanflow.errors import ScanflowError, Words
from scanflow.gate import Decision
from scanflow.ledger.people import PersonSignature, Reason, Statement
from scanflow.levels import Level
from scanflow.manifest import Row
from scanflow.pages import RawPage
from scanflow.rules import Confirmation, Proposal
from scanflow.station.desk import (
    DifferenceAnswer,
    HeldAnswer,
    HeldSide,
    LoadPaper,
    Notice,
    SampleAnswer,
    SampledSide,
    Settling,
    TakeOut,
    Tone,
)

_SETTLINGS = {
    "để lại": Settling.LEAVE,
    "quét lại": Settling.RESCAN,
    "sửa danh mục": Settling.CORRECT,
    "ký duyệt": Settling.SIGN,
}
_ODD = {"đi tiếp": Settling.LEAVE, "quét lại": Settling.RESCAN}
WHY = (
    Reason.IN_WORDS,
    Reason.SHEET_MISSING,
    Reason.SHEET_EXTRA,
    Reason.LIST_MISCOUNTED,
    Reason.BLANKS_COUNTED_OTHERWISE,
    Reason.PAPER_DAMAGED,
    Reason.SHEETS_STUCK,
)
"""Reasons for a difference; the others of the closed list are for other matters."""


class Terminal(Protocol):
    """What the desk needs of a terminal."""

    @property
    def attended(self) -> bool:
        """Whether a person can answer."""

    def say(self, notice: Notice) -> None:
        """Print a sentence."""

    def confirm(self, question: str) -> bool:
        """Ask for yes or no; no when nobody is there."""

    def number(self, question: str) -> int:
        """Ask for a count, 0 by default."""

    def choice(self, question: str, options: Sequence[str]) -> str:
        """Ask for one of ``options``; the first is the default."""

    def text(self, question: str) -> str:
        """Ask for a word such as a person id; empty when nobody is there."""


class SharedTerminal:
    """One terminal for the batches of two scanners: one question at a time, each with the scanner's name."""

    def __init__(self, terminal: Terminal, turn: RLock, scanner: str) -> None:
        """Share ``terminal``; ``turn`` is held during each question."""
        self._terminal, self._turn, self._name = terminal, turn, f"[{scanner}] "

    @property
    def attended(self) -> bool:
        """Whether a person can answer."""
        return self._terminal.attended

    def say(self, notice: Notice) -> None:
        """Print a sentence of this scanner's batch."""
        with self._turn:
            self._terminal.say(Notice(notice.tone, self._name + notice.vi, self._name + notice.en))

    def confirm(self, question: str) -> bool:
        """Ask for yes or no."""
        with self._turn:
            return self._terminal.confirm(self._name + question)

    def number(self, question: str) -> int:
        """Ask for a count."""
        with self._turn:
            return self._terminal.number(self._name + question)

    def choice(self, question: str, options: Sequence[str]) -> str:
        """Ask for one of ``options``."""
        with self._turn:
            return self._terminal.choice(self._name + question, options)

    def text(self, question: str) -> str:
        """Ask for a word."""
        with self._turn:
            return self._terminal.text(self._name + question)


class TerminalDesk:
    """The people of the room at one terminal."""

    def __init__(
        self,
        terminal: Terminal,
        paper_present: Callable[[], bool | None],
        sign: Callable[[Statement], Sequence[PersonSignature]],
        stick_present: Callable[[], bool],
    ) -> None:
        """Sit down.

        Args:
            terminal: where people read and answer.
            paper_present: of the feeder.
            sign: asks persons for their passphrases and returns their signatures.
            stick_present: whether a stick is plugged in.
        """
        self._terminal = terminal
        self._paper_present = paper_present
        self._sign = sign
        self._stick_present = stick_present
        self._asked_for_stick = False

    def tell(self, notice: Notice) -> None:
        """Print it."""
        self._terminal.say(notice)

    def side(self, page: RawPage, decision: Decision) -> None:
        """A terminal shows no pictures."""

    def load_paper(self, request: LoadPaper) -> bool:
        """Ask for paper; unattended, go on exactly as long as the feeder says that there is some."""
        if not self._terminal.attended:
            return bool(self._paper_present())
        self.tell(Notice(Tone.INFO, request.vi, request.en))
        return self._terminal.confirm("Đã xếp giấy xong, bắt đầu nạp?")

    def tray_agrees(self, check: Words) -> bool:
        """Ask for the count of the output tray; unattended, the whole feed is void."""
        return self._terminal.confirm(f"{check.vi} Đúng số đó?")

    def take_out(self, order: TakeOut) -> int:
        """Ask how many sheets of the document were taken out unscanned."""
        return self._terminal.number("Số tờ của tài liệu này lấy ra mà chưa quét")

    def confirm_downgrade(self, row: Row, proposal: Proposal) -> Confirmation | None:
        """Ask a named person, who states that no extension was decided."""
        question = (
            f"Tài liệu số {row.ordinal} ({row.level.vi}): {proposal.source}. "
            "Xác nhận không có quyết định gia hạn và số hóa như tài liệu không mật?"
        )
        for caution in proposal.cautions:
            self.tell(Notice(Tone.INFO, caution.vi, caution.en))
        if not self._terminal.confirm(question):
            return None
        person = self._terminal.text("Mã người xác nhận")
        return Confirmation(person, row.ordinal, proposal.basis, no_extension_decided=True) if person else None

    def decide_held(self, held: HeldSide) -> HeldAnswer | None:
        """Ask a person who has the paper in hand."""
        face = "mặt trước" if held.face.value == "recto" else "mặt sau"
        why = " ".join(one.vi for one in held.reasons)
        self.tell(
            Notice(
                Tone.STOP,
                f"Tài liệu số {held.document.ordinal}, tờ {held.sheet}, {face} bị giữ: {why}",
                f"Sheet {held.sheet} {held.face.value} of document {held.document.ordinal} is held: "
                + " ".join(one.en for one in held.reasons),
            )
        )
        words = {"giữ": None, **{level.vi: level for level in Level}}
        level = words[self._terminal.choice("Độ mật đọc trên giấy (giữ = chưa quyết định)", list(words))]
        if level is None:
            return None
        person = self._terminal.text("Mã người xem bản giấy")
        decision = Decision.ROUTE_OUT if level is Level.TUYET_MAT else Decision.CLEAR
        return HeldAnswer(decision, level, person) if person else None

    def check_sample(self, asked: SampledSide) -> SampleAnswer | None:
        """Ask a person who has the paper in hand."""
        face = "mặt trước" if asked.face.value == "recto" else "mặt sau"
        self.tell(
            Notice(
                Tone.INFO,
                f"Kiểm mẫu: xem tờ {asked.sheet}, {face}, tài liệu số {asked.document.ordinal} trên giấy.",
                f"Sample check: look at sheet {asked.sheet} {asked.face.value} of document {asked.document.ordinal}.",
            )
        )
        words = {"chưa xem": None, **{level.vi: level for level in Level}}
        level = words[self._terminal.choice("Độ mật cao nhất ghi trên mặt giấy này", list(words))]
        if level is None:
            return None
        person = self._terminal.text("Mã người xem (không phải người vận hành)")
        return SampleAnswer(person, level) if person else None

    def settle(self, count: DocumentCount, row: Row) -> DifferenceAnswer:
        """Ask the supervisor about a difference."""
        for difference in count.differences:
            self.tell(
                Notice(
                    Tone.STOP,
                    f"Tài liệu số {row.ordinal}: {difference.vi}.",
                    f"Document {row.ordinal}: {difference.en}.",
                )
            )
        words = _SETTLINGS if count.differences else _ODD
        settling = words[self._terminal.choice(f"Tài liệu số {row.ordinal}, xử lý", list(words))]
        if settling is Settling.LEAVE:
            return DifferenceAnswer(settling)
        if settling is Settling.RESCAN:
            first = self._terminal.number("Quét lại từ tờ thứ mấy của tài liệu (0 = cả tài liệu)")
            last = self._terminal.number("Đến tờ thứ") if first else 0
            return DifferenceAnswer(settling, places=(first, max(first, last)) if first else None)
        reasons = {reason.vi: reason for reason in WHY}
        return DifferenceAnswer(settling, reasons[self._terminal.choice("Lý do", list(reasons))])

    def sign(self, statement: Statement) -> Sequence[PersonSignature]:
        """Ask persons to sign."""
        return self._sign(statement)

    def insert_stick(self, level: Level, refusal: ScanflowError | None) -> bool:
        """Ask for a stick; unattended, try once with what is plugged in."""
        if not self._terminal.attended:
            first, self._asked_for_stick = not self._asked_for_stick, True
            return first and self._stick_present()
        return self._terminal.confirm(f"Cắm thiết bị nhớ được duyệt đến độ {level.vi}. Đã cắm?")
