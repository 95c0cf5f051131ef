"""The demo's people: a script that loads paper, takes out what must go, signs and plugs in sticks (kịch bản)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from scanflow.counting import DocumentCount
from scanflow.errors import ScanflowError, Words
from scanflow.gate import Decision
from scanflow.ledger.people import FileKey, PersonSignature, Statement, sign
from scanflow.levels import Level
from scanflow.manifest import Row
from scanflow.media.simulated import SimulatedBus, SimulatedStick
from scanflow.pages import RawPage
from scanflow.rules import Confirmation, Proposal
from scanflow.scanner.virtual.serve import VirtualScanner
from scanflow.station.demostack import PiledSheet
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
)


class DemoDesk:
    """An operator with a pile of paper, a supervisor who leaves differences open, an officer with two sticks.

    The people of the script decide as the real ones would be told to: a difference stays open, a held side stays held.
    """

    def __init__(
        self,
        pile: Sequence[PiledSheet],
        scanner: VirtualScanner,
        bus: SimulatedBus,
        sticks: Sequence[SimulatedStick],
        supervisor: str,
        keys: Mapping[str, FileKey],
        tell: Callable[[Notice], None],
    ) -> None:
        """Take the stage.

        Args:
            pile: the stack in feeding order.
            scanner: the virtual scanner's deck and control.
            bus: where sticks are plugged in.
            sticks: tried one after the other.
            supervisor: who confirms downgrades.
            keys: personal keys, for signing what the script signs.
            tell: shows a notice.
        """
        self._pile = list(pile)
        self._taken: dict[int, PiledSheet] = {}
        self._fed = 0
        self._scanner = scanner
        self._bus = bus
        self._sticks = list(sticks)
        self._plugged: SimulatedStick | None = None
        self._supervisor = supervisor
        self._keys = keys
        self.tell = tell

    def side(self, page: RawPage, decision: Decision) -> None:
        """Nobody looks."""

    def load_paper(self, request: LoadPaper) -> bool:
        """Lay the rest of the pile into the feeder; what was taken over lies in the output tray."""
        self._settle(request.first_sheet, request.again)
        if not self._pile:
            return False
        with self._scanner.lock:
            self._scanner.deck.remove()
            self._scanner.deck.clear()
            self._scanner.deck.load([sheet.paper for sheet in self._pile])
        return True

    def _settle(self, first_sheet: int, again: int) -> None:
        """Drop from the pile what has been taken over since the last load."""
        taken = first_sheet - 1 - self._fed - again
        self._taken |= {self._fed + place: paper for place, paper in enumerate(self._pile[:taken], 1)}
        self._pile = self._pile[taken:]
        self._fed = first_sheet - 1

    def take_out(self, order: TakeOut) -> int:
        """Take the rest of the document out of the pile and say how many sheets that were."""
        self._settle(order.next_sheet, 0)
        if order.document is None:
            return 0
        ordinal = order.document.ordinal
        before = len(self._pile)
        self._pile = [sheet for sheet in self._pile if sheet.ordinal != ordinal]
        return before - len(self._pile)

    def tray_agrees(self, check: Words) -> bool:
        """No two sheets of this pile stick together."""
        return True

    def confirm_downgrade(self, row: Row, proposal: Proposal) -> Confirmation | None:
        """The supervisor confirms what was declassified by a decision, and leaves the others secret."""
        if not row.declassified_by:
            return None
        return Confirmation(self._supervisor, row.ordinal, proposal.basis, no_extension_decided=True)

    def decide_held(self, held: HeldSide) -> HeldAnswer | None:
        """Nobody has the paper in hand in a demo: it stays held."""

    def check_sample(self, asked: SampledSide) -> SampleAnswer | None:
        """The supervisor takes the sheet from the output tray and reads it."""
        paper = self._taken.get(asked.sheet) or self._pile[asked.sheet - self._fed - 1]
        return SampleAnswer(self._supervisor, paper.levels[asked.face])

    def settle(self, count: DocumentCount, row: Row) -> DifferenceAnswer:
        """The difference stays open."""
        return DifferenceAnswer(Settling.LEAVE)

    def sign(self, statement: Statement) -> Sequence[PersonSignature]:
        """Everybody whose key is at hand signs."""
        return [sign(statement, person, key) for person, key in self._keys.items()]

    def insert_stick(self, level: Level, refusal: ScanflowError | None) -> bool:
        """Pull the refused stick and plug in the next one."""
        if self._plugged is not None:
            self._bus.pull(self._plugged)
        if not self._sticks:
            return False
        self._plugged = self._sticks.pop(0)
        self._bus.plug(self._plugged)
        return True
