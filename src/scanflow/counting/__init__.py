"""The count of sheets, sides and pages, and its comparison with the list (kiểm đếm, đối chiếu). Pure."""

from __future__ import annotations

from scanflow.counting.events import (
    DocumentClosed,
    DocumentOpened,
    Event,
    FeedEnded,
    InsertOpened,
    RescanClosed,
    RescanOpened,
    RowCorrected,
    SeparatorRead,
    SheetFed,
    SheetSpoiled,
    SheetsRemoved,
    SideDecided,
    SideExamined,
    SideRelabelled,
    SignOffLike,
)
from scanflow.counting.header import HeaderReading, header_hints, read_header
from scanflow.counting.hints import (
    Hint,
    HintKind,
    PrintedNumber,
    SidePrint,
    near_hash,
    page_number_hints,
    repeated_side_hints,
)
from scanflow.counting.permit import CountedDocument, CountedSide, count_document
from scanflow.counting.reconcile import (
    Difference,
    DocumentCount,
    Kind,
    Reconciliation,
    Verdict,
    batch_differences,
    reconcile,
)
from scanflow.counting.recovery import ResumePoint, resume_point, sheet_label
from scanflow.counting.separator import SeparatorCode, decode_separator, encode_separator
from scanflow.counting.sheets import Fate, Outcome, Spoil, Totals
from scanflow.counting.signing import PURPOSE, correction_subject
from scanflow.counting.state import Mode
from scanflow.counting.tally import Tally

__all__ = [
    "PURPOSE",
    "CountedDocument",
    "CountedSide",
    "Difference",
    "DocumentClosed",
    "DocumentCount",
    "DocumentOpened",
    "Event",
    "Fate",
    "FeedEnded",
    "HeaderReading",
    "Hint",
    "HintKind",
    "InsertOpened",
    "Kind",
    "Mode",
    "Outcome",
    "PrintedNumber",
    "Reconciliation",
    "RescanClosed",
    "RescanOpened",
    "ResumePoint",
    "RowCorrected",
    "SeparatorCode",
    "SeparatorRead",
    "SheetFed",
    "SheetSpoiled",
    "SheetsRemoved",
    "SideDecided",
    "SideExamined",
    "SidePrint",
    "SideRelabelled",
    "SignOffLike",
    "Spoil",
    "Tally",
    "Totals",
    "Verdict",
    "batch_differences",
    "correction_subject",
    "count_document",
    "decode_separator",
    "encode_separator",
    "header_hints",
    "near_hash",
    "page_number_hints",
    "read_header",
    "reconcile",
    "repeated_side_hints",
    "resume_point",
    "sheet_label",
]
