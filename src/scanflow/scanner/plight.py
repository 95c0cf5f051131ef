"""Faults as states that a person understands: what is the matter, what to do (tình trạng máy quét)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scanflow.scanner import errors
from scanflow.scanner.errors import FeedFault, ScannerError
from scanflow.scanner.feeder import StopReport


class State(StrEnum):
    """What the operator sees."""

    STOPPED = "stopped"
    EMPTY = "empty"
    JAM = "jam"
    DOUBLE_FEED = "double_feed"
    COVER_OPEN = "cover_open"
    BUSY = "busy"
    UNPLUGGED = "unplugged"
    HUNG = "hung"
    CRASHED = "crashed"
    BAD_IMAGE = "bad_image"
    PAIRS_BROKEN = "pairs_broken"
    COUNT_DIFFERS = "count_differs"
    END_DOUBTED = "end_doubted"
    CANCELLED = "cancelled"
    TROUBLE = "trouble"
    NOT_READY = "not_ready"

    @property
    def vi(self) -> str:
        """The headline on the screen."""
        return _HEADLINES[self]


_HEADLINES = {
    State.STOPPED: "Đã dừng nạp",
    State.EMPTY: "Khay nạp trống",
    State.JAM: "Kẹt giấy",
    State.DOUBLE_FEED: "Hai tờ dính nhau",
    State.COVER_OPEN: "Nắp máy đang mở",
    State.BUSY: "Máy quét bận",
    State.UNPLUGGED: "Mất kết nối máy quét",
    State.HUNG: "Máy quét không trả lời",
    State.CRASHED: "Trình điều khiển bị sập",
    State.BAD_IMAGE: "Ảnh hỏng hoặc thiếu",
    State.PAIRS_BROKEN: "Mặt trước, mặt sau không khớp",
    State.COUNT_DIFFERS: "Số tờ không khớp",
    State.END_DOUBTED: "Chưa chắc đã hết giấy",
    State.CANCELLED: "Bị dừng trên máy quét",
    State.TROUBLE: "Máy quét báo lỗi",
    State.NOT_READY: "Máy quét chưa sẵn sàng",
}

_STATES: tuple[tuple[type[ScannerError], State], ...] = (
    (errors.FeederEmpty, State.EMPTY),
    (errors.FeederJammed, State.JAM),
    (errors.DoubleFeed, State.DOUBLE_FEED),
    (errors.CoverOpen, State.COVER_OPEN),
    (errors.ScannerBusy, State.BUSY),
    (errors.ScannerGone, State.UNPLUGGED),
    (errors.ScannerHung, State.HUNG),
    (errors.DriverCrashed, State.CRASHED),
    (errors.ShortImage, State.BAD_IMAGE),
    (errors.WrongFormat, State.BAD_IMAGE),
    (errors.TornImage, State.BAD_IMAGE),
    (errors.Overwritten, State.BAD_IMAGE),
    (errors.ParityBroken, State.PAIRS_BROKEN),
    (errors.CountNotProved, State.COUNT_DIFFERS),
    (errors.SheetsDiffer, State.COUNT_DIFFERS),
    (errors.EndNotProved, State.END_DOUBTED),
    (errors.JobDied, State.END_DOUBTED),
    (errors.FeedCancelled, State.CANCELLED),
    (FeedFault, State.TROUBLE),
    (ScannerError, State.NOT_READY),
)


@dataclass(frozen=True, slots=True)
class Plight:
    """What is the matter and what to do.

    Attributes:
        state: what the operator sees.
        code: stable code of the fault, empty for a stop that was asked for.
        steps_vi: what to do, in order.
        resume_at: the sheet to go on with; None outside a feed.
        count_to: sheets of this feed that must lie in the output tray; None when nothing is to be counted.
        first: first sheet of the feed; with a wrong count the whole feed is scanned again from there.
    """

    state: State
    code: str
    steps_vi: tuple[str, ...]
    resume_at: int | None = None
    count_to: int | None = None
    first: int | None = None


def plight_of(error: ScannerError) -> Plight:
    """The state that an error puts the station in."""
    state = next(state for cause, state in _STATES if isinstance(error, cause))
    if not isinstance(error, FeedFault):
        return Plight(state, error.code, (error.say_vi,))
    steps = [error.say_vi]
    if error.needs_paper_check and error.first is not None:
        steps.append(error.check.vi)
    if error.first is not None and error.resume_at <= error.first:
        steps.append(f"Chưa tờ nào của lượt này được giữ: xếp lại cả lượt từ tờ {error.first}.")
    return Plight(state, error.code, tuple(steps), error.resume_at, error.fed, error.first)


def plight_of_stop(report: StopReport) -> Plight:
    """The state after a stop that the station asked for."""
    return Plight(State.STOPPED, "", (report.vi, report.check.vi), report.resume_at, report.fed, report.first)
