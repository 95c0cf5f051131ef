"""The permit to seal: only a document whose count is settled gets one (tài liệu đã kiểm đếm)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import InitVar, dataclass
from typing import NoReturn

from scanflow.counting import errors
from scanflow.counting.events import SignOffLike
from scanflow.counting.reconcile import DocumentCount, Verdict, batch_differences, count_one
from scanflow.counting.signing import PURPOSE
from scanflow.counting.tally import Tally
from scanflow.errors import Words
from scanflow.manifest import Row
from scanflow.pages import Face, SideLabel

_COUNTED = object()
"""Known to this module only: without it no `CountedDocument` can be made."""


@dataclass(frozen=True, slots=True)
class CountedSide:
    """One side of the document in reading order, with the label by which sealing may leave it out."""

    sheet: int
    face: Face
    label: SideLabel


@dataclass(frozen=True, slots=True, eq=False)
class CountedDocument:
    """A document that may be sealed: counts equal, or two persons signed for this difference.

    Only :func:`count_document` makes one.

    Attributes:
        batch_id: of the list.
        document_id: opaque id.
        row: its row of the list.
        count: its counts at that moment.
        sides: all scanned sides in reading order, blank ones too.
        signed_subjects: the differences that were signed for; empty when all was equal.
    """

    batch_id: str
    document_id: str
    row: Row
    count: DocumentCount
    sides: tuple[CountedSide, ...]
    signed_subjects: frozenset[str]
    permit: InitVar[object]

    def __post_init__(self, permit: object) -> None:
        if permit is not _COUNTED:
            raise TypeError("a CountedDocument is made by count_document only")

    def __reduce__(self) -> NoReturn:
        raise TypeError("a CountedDocument is neither copied nor stored")


def count_document(tally: Tally, ordinal: int, sign_offs: Iterable[SignOffLike] = ()) -> CountedDocument:
    """The permit for one document, or the reason why not.

    Args:
        tally: the count as it stands now; counts are made anew from it.
        ordinal: STT of the document.
        sign_offs: sign-offs of the ledger that may cover its differences.

    Raises:
        TopSecretInStack: declared TUYỆT MẬT.
        DocumentRoutedOut: tách riêng.
        DocumentHeld: sheets wait for a decision; no signature on a count clears them.
        DifferenceOpen: its counts differ and none of the sign-offs covers that.
        BatchDifferenceOpen: likewise for a difference of its feed or for sheets without document.
        EventRefused: its feed, or a rescan of it, is still going on.
    """
    state = tally.state
    index = state.find(ordinal)
    count = count_one(state, index)
    if count.verdict is Verdict.ROUTED_OUT:
        raise errors.DocumentRoutedOut(ordinal=ordinal)
    if count.held:
        raise errors.DocumentHeld(ordinal=ordinal, held=count.held)
    if tally.current == ordinal and state.cursor is not None and state.cursor.rescan:
        raise errors.EventRefused(
            sheet=len(state.sheets),
            what=Words("chốt số khi đang quét lại", "settle a count while sheets are scanned again"),
        )
    signed = {each.subject_id for each in sign_offs if each.purpose == PURPOSE}
    used: set[str] = set()
    if count.differences:
        if count.subject_id not in signed or not count.sheets:
            raise errors.DifferenceOpen(
                ordinal=ordinal,
                declared_sheets=count.declared_sheets,
                declared_pages=count.declared_pages,
                sheets=count.sheets,
                pages=count.pages,
            )
        used.add(count.subject_id)
    live = state.documents[index].sheets
    for difference in batch_differences(state):
        if difference.concerns(live):
            if difference.subject_id not in signed:
                raise errors.BatchDifferenceOpen(ordinal=ordinal, what=difference)
            used.add(difference.subject_id)
    sides = tuple(
        CountedSide(sheet, face, side.label)
        for sheet in live
        for face in Face
        if (side := state.sheets[sheet - 1].side(face)) is not None
    )
    row = state.row(index)
    return CountedDocument(state.manifest.batch_id, count.document_id, row, count, sides, frozenset(used), _COUNTED)
