"""The console as a desk of the station: it puts questions on the board and waits (bàn làm việc trên màn hình)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from scanflow.console.board import Board
from scanflow.console.errors import NothingToShow
from scanflow.console.matter import document_matter
from scanflow.console.questions import Kind
from scanflow.console.words import face_words
from scanflow.counting import DocumentCount
from scanflow.errors import ScanflowError, Words
from scanflow.gate import Decision
from scanflow.ledger.people import PersonSignature, Statement
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
    TakeOut,
)


class ConsoleDesk:
    """The people in front of the console."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._read_as: Level | None = None

    def tell(self, notice: Notice) -> None:
        """Show it."""
        self._board.tell(notice)

    def side(self, page: RawPage, decision: Decision) -> None:
        """Show it while its document is in RAM."""
        self._board.show(page)

    def load_paper(self, request: LoadPaper) -> bool:
        """Ask the operator."""
        return cast(bool, self._board.ask(Kind.LOAD, request.vi, request.en, request))

    def tray_agrees(self, check: Words) -> bool:
        """Ask the operator to count the output tray."""
        return cast(bool, self._board.ask(Kind.TRAY, check.vi, check.en))

    def take_out(self, order: TakeOut) -> int:
        """Ask the operator to take the document out and to count what was not scanned."""
        return cast(int, self._board.ask(Kind.TAKE_OUT, order.vi, order.en, order))

    def confirm_downgrade(self, row: Row, proposal: Proposal) -> Confirmation | None:
        """Ask the supervisor, who states that no extension was decided."""
        vi = f"Tài liệu số {row.ordinal} ({row.level.vi}): {proposal.source}. Số hóa như tài liệu không mật?"
        basis = f"{proposal.basis.replace('_', ' ')} ({proposal.rule_id})"
        en = f"Document {row.ordinal} ({row.level.en}): treat it as not secret? Basis: {basis}."
        return cast(Confirmation | None, self._board.ask(Kind.DOWNGRADE, vi, en, (row, proposal)))

    def decide_held(self, held: HeldSide) -> HeldAnswer | None:
        """Ask the supervisor, who has the paper in hand."""
        face, why = face_words(held.face).vi, Words.joined(held.reasons, " ")
        vi = f"Tài liệu số {held.document.ordinal}, tờ {held.sheet}, {face} bị giữ: {why.vi}"
        en = f"Document {held.document.ordinal}, sheet {held.sheet}, {face_words(held.face).en}, is held: {why.en}"
        answer = cast(HeldAnswer | None, self._board.ask(Kind.HELD, vi, en, held))
        self._read_as = None if answer is None else answer.level
        return answer

    def check_sample(self, asked: SampledSide) -> SampleAnswer | None:
        """Ask somebody other than the operator, who has the paper in hand."""
        face = face_words(asked.face)
        vi = f"Kiểm mẫu: xem tờ {asked.sheet}, {face.vi}, tài liệu số {asked.document.ordinal} trên giấy."
        en = f"Sample check: look at sheet {asked.sheet}, {face.en}, of document {asked.document.ordinal}."
        return cast(SampleAnswer | None, self._board.ask(Kind.SAMPLE, vi, en, asked))

    def settle(self, count: DocumentCount, row: Row) -> DifferenceAnswer:
        """Ask the supervisor about a difference, or about something odd in a document that agrees."""
        if count.differences:
            vi = f"Tài liệu số {row.ordinal} lệch: {'; '.join(each.vi for each in count.differences)}."
            en = f"Document {row.ordinal} differs: {'; '.join(each.en for each in count.differences)}."
        else:
            vi = f"Tài liệu số {row.ordinal} khớp số, nhưng có dấu hiệu lạ. Xem lại giấy."
            en = f"Document {row.ordinal} agrees, but something is odd. Look at the paper."
        return cast(DifferenceAnswer, self._board.ask(Kind.DIFFERENCE, vi, en, count))

    def sign(self, statement: Statement) -> Sequence[PersonSignature]:
        """Have people sign, each with an own passphrase."""
        try:
            matter = document_matter(statement, self._board.live().manifest, self._read_as)
        except NothingToShow as unclear:
            self.tell(Notice.of(unclear))
            return ()
        return self._board.ask_signatures(matter)

    def insert_stick(self, level: Level, refusal: ScanflowError | None) -> bool:
        """Ask for a stick, and say what was wrong with the last one."""
        vi = f"Cắm thiết bị nhớ được duyệt đến độ {level.vi}."
        en = f"Insert a medium cleared for {level.en}."
        return cast(bool, self._board.ask(Kind.STICK, vi, en, refusal))
