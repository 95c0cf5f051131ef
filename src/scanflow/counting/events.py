"""What can happen to the stack, as facts (các việc xảy ra với chồng giấy).

A ``sheet`` is always the ordinal of a sheet within the batch, from 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from scanflow.counting.separator import SeparatorCode
from scanflow.counting.sheets import Outcome, Spoil
from scanflow.pages import Face, SideLabel


class SignOffLike(Protocol):
    """What counting needs of the ledger's sign-off: two persons' signatures for one thing."""

    @property
    def purpose(self) -> str:
        """What it was signed for."""

    @property
    def subject_id(self) -> str:
        """The one thing that it covers."""


@dataclass(frozen=True, slots=True)
class SheetFed:
    """A sheet went through the feeder; ``sheet`` is one more than the last."""

    sheet: int
    duplex: bool = True


@dataclass(frozen=True, slots=True)
class SeparatorRead:
    """A fed sheet proved to be a separator.

    Attributes:
        sheet: which one; sheets fed after it go to the new document.
        code: what it says.
        other_side: label of its other side, None when that was not scanned.
    """

    sheet: int
    code: SeparatorCode
    other_side: SideLabel | None


@dataclass(frozen=True, slots=True)
class SideExamined:
    """The gate's word on a side."""

    sheet: int
    face: Face
    label: SideLabel
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class SideDecided:
    """A person looked at the paper: a held side is cleared, or any side is routed out."""

    sheet: int
    face: Face
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class SideRelabelled:
    """A person says whether a side is blank."""

    sheet: int
    face: Face
    label: SideLabel


@dataclass(frozen=True, slots=True)
class SheetSpoiled:
    """The scan of this sheet does not count; its paper will be fed again or lies beside the stack."""

    sheet: int
    cause: Spoil


@dataclass(frozen=True, slots=True)
class DocumentOpened:
    """One document a feed: the sheets that come next are this document's."""

    ordinal: int


@dataclass(frozen=True, slots=True)
class DocumentClosed:
    """One document a feed: the feed of this document is over."""

    ordinal: int


@dataclass(frozen=True, slots=True)
class RescanOpened:
    """The sheets fed next replace a whole document, or its sheets ``first`` to ``last``, at their place.

    Attributes:
        ordinal: the document.
        first: first sheet to be replaced, None for all of the document.
        last: last sheet to be replaced, None for all.
    """

    ordinal: int
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class InsertOpened:
    """The sheets fed next are put behind sheet ``after`` of the document; 0 puts them first."""

    ordinal: int
    after: int


@dataclass(frozen=True, slots=True)
class RescanClosed:
    """Rescan or insertion is over; the stack goes on where it stood."""


@dataclass(frozen=True, slots=True)
class SheetsRemoved:
    """The operator took sheets of a document out by hand, unscanned (the rest of a document routed out)."""

    ordinal: int
    sheets: int


@dataclass(frozen=True, slots=True)
class FeedEnded:
    """One run of the feeder is over.

    Attributes:
        scanner_count: sheets of this run by the scanner's own counter; None where it has none, and where the run was
            broken off: the sheets that ran on are then counted by hand.
    """

    scanner_count: int | None = None


@dataclass(frozen=True, slots=True)
class RowCorrected:
    """The list was wrong: new counts for a row, signed for by two persons."""

    ordinal: int
    sheets: int
    pages: int
    sign_off: SignOffLike


Event: TypeAlias = (
    SheetFed
    | SeparatorRead
    | SideExamined
    | SideDecided
    | SideRelabelled
    | SheetSpoiled
    | DocumentOpened
    | DocumentClosed
    | RescanOpened
    | InsertOpened
    | RescanClosed
    | SheetsRemoved
    | FeedEnded
    | RowCorrected
)
