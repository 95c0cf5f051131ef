"""Batches for the tests: a list, and short words for what happens to its stack."""

from __future__ import annotations

from dataclasses import dataclass

from scanflow.counting import (
    PURPOSE,
    Mode,
    Outcome,
    SeparatorRead,
    SheetFed,
    SideExamined,
    Tally,
    decode_separator,
    encode_separator,
)
from scanflow.levels import Level
from scanflow.manifest import Manifest, PageConvention, Row
from scanflow.pages import Face, SideLabel

CONTENT, BLANK, UNSURE = SideLabel.CONTENT, SideLabel.BLANK, SideLabel.UNSURE
CLEAR, HOLD, ROUTE_OUT = Outcome.CLEAR, Outcome.HOLD, Outcome.ROUTE_OUT


def manifest(*documents: tuple[int, int] | None, convention: PageConvention = PageConvention.WRITTEN_SIDES) -> Manifest:
    """A list with these sheets and pages; None is a TUYỆT MẬT document."""
    rows = tuple(
        Row(n, "H1", n, f"{n}/XY", None, Level.TUYET_MAT if d is None else Level.MAT, *(d or (1, 1)))
        for n, d in enumerate(documents, start=1)
    )
    return Manifest(rows, convention, convention_stated=True)


@dataclass(frozen=True)
class Signed:
    """A stand-in for the ledger's sign-off."""

    subject_id: str
    purpose: str = PURPOSE


class Room:
    """A tally with verbs; ``tally`` is always the latest."""

    def __init__(self, list_: Manifest, mode: Mode = Mode.SEPARATORS) -> None:
        self.manifest = list_
        self.tally = Tally.open(list_, mode)

    def do(self, *happened):  # type: ignore[no-untyped-def]
        """Let events happen; returns the room."""
        for event in happened:
            self.tally = self.tally.after(event)
        return self

    @property
    def fed(self) -> int:
        """Ordinal of the last sheet fed."""
        return self.tally.totals.fed

    def sheet(self, *labels: SideLabel, outcome: Outcome = CLEAR) -> int:
        """Feed a sheet and examine its sides; returns its ordinal."""
        number = self.fed + 1
        self.do(SheetFed(number, duplex=len(labels) != 1))
        for face, label in zip(Face, labels or (CONTENT, CONTENT), strict=False):
            self.do(SideExamined(number, face, label, outcome))
        return number

    def separator(self, ordinal: int, batch: str | None = None, back: SideLabel | None = BLANK) -> int:
        """Feed and read the separator of a document."""
        number = self.fed + 1
        self.do(SheetFed(number))
        code = decode_separator(encode_separator(batch or self.manifest.batch_id, ordinal), number)
        assert code is not None
        self.do(SeparatorRead(number, code, back))
        return number
