"""The check at the start of a day: the printed test sheet is fed, and every mark on it must be read (kiểm tra đầu ngày)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from scanflow.forms.testsheet import TEST_MARKS, TEST_SHEET_ID
from scanflow.ledger import Ledger
from scanflow.ledger import catalogue as events
from scanflow.scanner import Feeder
from scanflow.station.feeding import wipe
from scanflow.station.names import device_digest
from scanflow.station.station import Examine


@dataclass(frozen=True, slots=True)
class DayCheck:
    """What was read of the test sheet.

    Attributes:
        read: marks that were read as what they are.
        missing: kinds that were not read as often as they are printed; "tờ kiểm tra" when no sheet was the test sheet.
    """

    read: int
    missing: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Every printed mark was read: colour, glass and mode are right."""
        return not self.missing


def check_scanner(feeder: Feeder, examine: Examine, ledger: Ledger) -> DayCheck:
    """Feed the test sheet through the whole chain and record how much of it was read.

    Raises:
        ScannerError: the sheet could not be fed.
    """
    printed = Counter(mark.kind for mark in TEST_MARKS)
    read: Counter[str] = Counter()
    seen = False
    for side in feeder.sides(1):
        found = examine(side, None)
        if TEST_SHEET_ID in found.codes:
            seen = True
            read = Counter(mark.kind.value for mark in found.marks) & printed
        wipe(side)
    missing = tuple(sorted((printed - read).elements())) if seen else ("tờ kiểm tra",)
    result = DayCheck(read.total(), missing)
    ledger.record(
        events.ScannerChecked(
            scanner=device_digest(feeder.facts.identity),
            printed=printed.total(),
            read=result.read,
            passed=result.passed,
        )
    )
    return result
