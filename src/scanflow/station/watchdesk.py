"""The desk of ``scanflow watch``: paper starts a feed, a stick that comes is tried (chờ giấy, chờ thiết bị)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from scanflow.errors import ScanflowError
from scanflow.ledger.people import PersonSignature, Statement
from scanflow.levels import Level
from scanflow.media.watch import Change
from scanflow.scanner import Feeder, Sensor
from scanflow.scanner.paper_start import Cue, PaperStart, wait_for_cue
from scanflow.scanner.sane_feeder import SaneFeeder
from scanflow.station.desk import LoadPaper, Notice, Tone
from scanflow.station.termdesk import Terminal, TerminalDesk


class _Sensors:
    """A feeder's sensors; only SANE scanners have a button that can be read."""

    def __init__(self, feeder: Feeder) -> None:
        self._feeder = feeder

    def paper_present(self) -> bool | None:
        """Paper in the feeder."""
        return self._feeder.paper_present()

    def button_pressed(self) -> bool | None:
        """The scanner's button, None when it has none."""
        return self._feeder.button_pressed() if isinstance(self._feeder, SaneFeeder) else None


LEFT_IN = Notice(
    Tone.INFO,
    "Khay nạp đang có giấy. Xếp xong thì nhấc cả tập ra rồi đặt lại (máy nạp sau 2 giây), hoặc bấm nút trên máy quét.",
    "There is paper in the feeder already: lift it and put it back, or press the scanner's button.",
)


def paper_cue(
    feeder: Feeder, tell: Callable[[Notice], None], go_on: Callable[[], bool] = lambda: True
) -> Callable[[], bool] | None:
    """Waits until paper was put in and lay still, or the scanner's button was pressed.

    Args:
        feeder: polled only while it stands still.
        tell: shows what to do with paper that lay there before; it starts nothing by itself.
        go_on: false ends a wait; nothing is fed then.

    Returns:
        None for a scanner that tells of neither paper nor button: then a person has to say so.
    """
    if not feeder.facts.sensors & {Sensor.PAPER, Sensor.BUTTON}:
        return None
    start, sensors = PaperStart(), _Sensors(feeder)

    def wait() -> bool:
        start.arm()
        if sensors.paper_present():
            tell(LEFT_IN)
        cue = wait_for_cue(sensors, start, go_on=go_on)
        start.fed()
        return cue is not Cue.WAIT

    return wait


class WatchDesk(TerminalDesk):
    """People answer what only people can answer; paper and sticks answer for themselves."""

    def __init__(
        self,
        terminal: Terminal,
        sign: Callable[[Statement], Sequence[PersonSignature]],
        wait_for_paper: Callable[[], bool] | None,
        stick_changes: Iterable[Change],
    ) -> None:
        """Sit down.

        Args:
            terminal: where people read and answer.
            sign: as `TerminalDesk`.
            wait_for_paper: returns True when a feed may start; None: a person says so.
            stick_changes: sticks coming and going, those that are in first; endless on a real host.
        """
        super().__init__(terminal, lambda: None, sign, lambda: False)
        self._wait_for_paper = wait_for_paper
        self._changes: Iterator[Change] = iter(stick_changes)

    def load_paper(self, request: LoadPaper) -> bool:
        """Say what to load and wait for the paper."""
        if self._wait_for_paper is None:
            return super().load_paper(request)
        self.tell(Notice(Tone.INFO, request.vi, request.en))
        return self._wait_for_paper()

    def insert_stick(self, level: Level, refusal: ScanflowError | None) -> bool:
        """Wait for a stick to come; False when none will come any more."""
        vi = f"Cắm thiết bị nhớ được duyệt đến độ {level.vi}."
        self.tell(Notice(Tone.INFO, vi, f"Insert a medium cleared for {level.en}."))
        return any(change.came for change in self._changes)
