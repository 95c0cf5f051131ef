"""The protocol that every source of paper keeps (nguồn nạp giấy), and what it can say about itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self, runtime_checkable

from scanflow.errors import Words
from scanflow.pages import RawPage
from scanflow.scanner.errors import count_output


class Sensor(StrEnum):
    """What a scanner can tell while it stands still or after a fault."""

    PAPER = "paper"  # giấy trong khay
    COVER = "cover"  # nắp mở
    BUTTON = "button"  # nút bấm
    DOUBLE_FEED = "double_feed"  # nạp chồng
    SIDE = "side"  # mặt nào sắp đọc
    COUNT = "count"  # số ảnh máy đã quét
    COUNTER = "counter"  # bộ đếm tờ của máy


@dataclass(frozen=True, slots=True)
class ScannerFacts:
    """What a source is and what it can and cannot tell; kept in the ledger at commissioning.

    Attributes:
        name: make and model, or the folder's role.
        identity: stable identity, model and serial number where the device tells them; never a bus path.
        driver: SANE driver, ``escl`` or ``folder``.
        simulated: no paper is behind it.
        sensors: what it can tell.
        cannot_tell: sentences in Vietnamese on what a person must watch instead.
    """

    name: str
    identity: str
    driver: str
    simulated: bool
    sensors: frozenset[Sensor] = frozenset()
    cannot_tell: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StopReport:
    """What a feed that was stopped leaves behind; every sheet is in exactly one of the two groups.

    Attributes:
        last_delivered: last sheet that was handed on whole and is trusted; a side beyond it is void.
        passed: further sheets that went through the rollers and were not handed on; None when the device
            cannot tell and a person must count the output tray.
        at_least: sheets that certainly went through the rollers, when ``passed`` is None.
        first: first sheet of the feed that was stopped.
    """

    last_delivered: int
    passed: int | None
    at_least: int = 0
    first: int = 1

    @property
    def fed(self) -> int | None:
        """Sheets of this feed that must lie in the output tray; None when the device cannot tell."""
        return None if self.passed is None else self.last_delivered + self.passed - self.first + 1

    @property
    def check(self) -> Words:
        """What to count before continuing; it finds sheets that went through together unseen."""
        return count_output(self.first, self.fed)

    @property
    def resume_at(self) -> int:
        """First sheet that must be fed again when scanning goes on."""
        return self.last_delivered + 1

    @property
    def vi(self) -> str:
        """What the operator does now."""
        if self.passed is None:
            return (
                f"Đã dừng nạp. Máy quét không cho biết số tờ đã trôi qua: đếm khay ra, tờ cuối đã nhận là tờ "
                f"{self.last_delivered} (trôi qua thêm ít nhất {self.at_least} tờ); các tờ từ "
                f"{self.resume_at} trở đi chưa nhận, xếp lại lên trên khay nạp."
            )
        if self.passed == 0:
            return f"Đã dừng nạp sau tờ {self.last_delivered}; không có tờ nào trôi qua thêm."
        return (
            f"Đã dừng nạp sau tờ {self.last_delivered}. {self.passed} tờ (từ tờ "
            f"{self.resume_at}) đã trôi qua mà chưa "
            f"nhận: lấy khỏi khay ra, xếp lại lên trên khay nạp."
        )


@runtime_checkable
class CountedByHand(Protocol):
    """A source whose end of feed a person may have to prove, where no sensor can (đếm tay thay cảm biến).

    Attributes:
        count_tray: asked with the number of sheets that arrived, when nothing else proves the end of a feed: whether a
            person counted exactly so many in the output tray, with none left in the feeder. None: nobody can be asked.
    """

    count_tray: Callable[[int], bool] | None


@runtime_checkable
class CountsItself(Protocol):
    """A source whose scanner keeps a count of its own (bộ đếm của máy quét)."""

    @property
    def own_count(self) -> int | None:
        """Sheets of the last feed by that count; None where it did not tell, or the end was not proved."""
        ...


@runtime_checkable
class Feeder(Protocol):
    """A source of sides in feed order (nguồn nạp).

    A side is handed on only when its whole sheet is there, so what was handed on always ends with a whole
    sheet.
    """

    @property
    def facts(self) -> ScannerFacts:
        """What this source is."""
        ...

    def paper_present(self) -> bool | None:
        """Whether paper lies in the feeder; None when the device cannot tell."""
        ...

    def sides(self, first_sheet: int = 1) -> Iterator[RawPage]:
        """Feed: sides in feed order, recto and verso of each sheet, numbered from ``first_sheet``.

        Ends normally only when the end of the feed was proved.

        Raises:
            FeedFault: the feed did not end well; sheets up to ``last_good`` stay good.
            ScannerError: the feed never began.
        """
        ...

    def stop(self) -> StopReport:
        """Stop feeding at once; the iterator of :meth:`sides` then ends without a further side."""
        ...

    def close(self) -> None:
        """Let go of the device. May be called twice."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
