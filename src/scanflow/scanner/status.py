"""The eleven statuses of SANE, told apart by their English texts, and what each means to a person.

python-sane gives no status number, only the text of ``sane_strstatus`` (never translated; sane-backends
1.2.1, backend/sane_strstatus.c). This is the only place where those texts are compared.
"""

from __future__ import annotations

from enum import StrEnum

from scanflow.errors import Words
from scanflow.scanner import errors
from scanflow.scanner.errors import FeedFault


class SaneStatus(StrEnum):
    """A SANE status; the value is its text."""

    UNSUPPORTED = "Operation not supported"
    CANCELLED = "Operation was canceled"
    DEVICE_BUSY = "Device busy"
    INVAL = "Invalid argument"
    EOF = "End of file reached"
    JAMMED = "Document feeder jammed"
    NO_DOCS = "Document feeder out of documents"
    COVER_OPEN = "Scanner cover is open"
    IO_ERROR = "Error during device I/O"
    NO_MEM = "Out of memory"
    ACCESS_DENIED = "Access to resource has been denied"


def status_of(text: str) -> SaneStatus:
    """The status with this text; a text that SANE does not know counts as an I/O error."""
    try:
        return SaneStatus(text.strip())
    except ValueError:
        return SaneStatus.IO_ERROR


_CAUSES: dict[SaneStatus, type[FeedFault]] = {
    SaneStatus.UNSUPPORTED: errors.ScannerUnsupported,
    SaneStatus.CANCELLED: errors.FeedCancelled,
    SaneStatus.DEVICE_BUSY: errors.ScannerBusy,
    SaneStatus.INVAL: errors.ScannerInvalid,
    SaneStatus.JAMMED: errors.FeederJammed,
    SaneStatus.COVER_OPEN: errors.CoverOpen,
    SaneStatus.IO_ERROR: errors.ScannerIOError,
    SaneStatus.NO_MEM: errors.ScannerNoMemory,
    SaneStatus.ACCESS_DENIED: errors.ScannerDenied,
}


def fault_of(status: SaneStatus, *, last_good: int, in_page: bool) -> FeedFault:
    """The typed fault of a status.

    Args:
        status: what SANE said.
        last_good: last whole sheet.
        in_page: it came while the lines of a page were read. NO_DOCS and EOF there mean a torn page, never an
            end.
    """
    if status is SaneStatus.NO_DOCS and not in_page:
        return errors.FeederEmpty(last_good=last_good)
    if status in (SaneStatus.NO_DOCS, SaneStatus.EOF):
        return errors.TornImage(
            last_good=last_good,
            why=Words("máy báo hết giấy giữa trang", "the scanner said the paper ended within a page"),
        )
    return _CAUSES[status](last_good=last_good)
