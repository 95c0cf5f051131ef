"""The scanner room: paper in, sides out, every fault named (phòng máy quét).

Read :mod:`.feeder` first (the protocol), then :mod:`.sane_feeder` (a scanner through SANE),
:mod:`.folder_feeder` (images from a folder), :mod:`.errors` (what can fail) and :mod:`.proof` (why "out of
documents" is not the end).
"""

from __future__ import annotations

from scanflow.scanner.errors import FeedFault, ScannerError
from scanflow.scanner.feeder import CountedByHand, CountsItself, Feeder, ScannerFacts, Sensor, StopReport

__all__ = [
    "CountedByHand",
    "CountsItself",
    "FeedFault",
    "Feeder",
    "ScannerError",
    "ScannerFacts",
    "Sensor",
    "StopReport",
]
