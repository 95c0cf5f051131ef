"""``scanflow console --demo``: the demo's batch worked live by whoever sits there (trình diễn trực tiếp).

The paper, the hands that lay it and the stick are simulated; the people in front of the screen are not.
"""

from __future__ import annotations

from collections.abc import Collection

from scanflow.console.board import Board
from scanflow.console.desk import ConsoleDesk
from scanflow.console.room import Room
from scanflow.errors import ScanflowError
from scanflow.levels import Level
from scanflow.manifest import Manifest
from scanflow.scanner.virtual.deck import Fault, FaultKind
from scanflow.station.batch import BatchResult, run_batch
from scanflow.station.demo import SIMULATED, Stage
from scanflow.station.demodesk import DemoDesk
from scanflow.station.desk import Desk, LoadPaper, Notice, SampleAnswer, SampledSide, TakeOut, Tone
from scanflow.station.doctor import examine_host

JAM_AT = 5
"""The fifth sheet of the demo's stack jams once, so that the way back can be seen."""


class PlayedDesk(ConsoleDesk):
    """People decide on the screen; the script's hands move the virtual paper and sticks when they say so."""

    def __init__(self, board: Board, hands: DemoDesk) -> None:
        super().__init__(board)
        self._hands = hands

    def load_paper(self, request: LoadPaper) -> bool:
        """The pile is laid into the virtual feeder once the operator says that it is."""
        return super().load_paper(request) and self._hands.load_paper(request)

    def take_out(self, order: TakeOut) -> int:
        """The hands take the document out of the virtual pile; the operator says how many sheets were left of it."""
        left = self._hands.take_out(order)
        self._whisper(
            f"trong tập còn {left} tờ của tài liệu này chưa quét, đã lấy ra.",
            f"{left} unscanned sheets of the document were taken out.",
        )
        return super().take_out(order)

    def check_sample(self, asked: SampledSide) -> SampleAnswer | None:
        """Nobody has virtual paper in hand: what stands on it is told."""
        seen = self._hands.check_sample(asked)
        level = Level.THUONG if seen is None else seen.level
        self._whisper(f"trên mặt giấy đó ghi độ mật: {level.vi}.", f"the paper bears the level {level.name}.")
        return super().check_sample(asked)

    def _whisper(self, vi: str, en: str) -> None:
        """What hands and eyes would know of real paper."""
        self.tell(Notice(Tone.INFO, f"Trình diễn: {vi}", f"Demo: {en}"))

    def insert_stick(self, level: Level, refusal: ScanflowError | None) -> bool:
        """The hands plug in the next stick: first one that is not approved."""
        return super().insert_stick(level, refusal) and self._hands.insert_stick(level, refusal)


def demo_room(stage: Stage) -> Room:
    """A console over the demo's station."""
    config = stage.station.config

    def work(desk: Desk, manifest: Manifest, operator: str, only: Collection[int]) -> BatchResult:
        stage.scanner.deck.arrange(Fault(FaultKind.JAM, JAM_AT))
        return run_batch(stage.station, desk, manifest, stage.feeder, operator, only=only)

    room = Room(stage.station, work, stage.files.out, lambda: examine_host(config), simulated=SIMULATED)
    room.desk = PlayedDesk(room.board, stage.desk(room.board.tell))
    room.look_at_host()
    return room
