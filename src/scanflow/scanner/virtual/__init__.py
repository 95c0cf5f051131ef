"""A duplex document scanner that exists only in software and says so (máy quét mô phỏng).

It speaks eSCL on a Unix socket or on loopback, so that the shipped ``sane-airscan`` driver and our own eSCL
source meet it as they would meet a device. The state machine (:mod:`.deck`) knows no HTTP; faults come only
through the control channel; a sheet is forgotten once it was fed.
"""

from __future__ import annotations

from scanflow.scanner.virtual.deck import Deck, Fault, FaultKind, VirtualSheet
from scanflow.scanner.virtual.paper import blank_side, stack_from_folder, stack_from_images
from scanflow.scanner.virtual.serve import VirtualAddress, VirtualScanner, virtual_scanner

__all__ = [
    "Deck",
    "Fault",
    "FaultKind",
    "VirtualAddress",
    "VirtualScanner",
    "VirtualSheet",
    "blank_side",
    "stack_from_folder",
    "stack_from_images",
    "virtual_scanner",
]
