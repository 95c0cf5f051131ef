"""The comparison with the list (đối chiếu): each document's counts and differences, one verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from scanflow.counting.sheets import Fate, Totals
from scanflow.counting.signing import batch_subject, difference_subject
from scanflow.counting.state import CounterDifference, State
from scanflow.counting.tally import Tally
from scanflow.errors import Words
from scanflow.manifest import Manifest
from scanflow.pages import SideLabel


class Verdict(StrEnum):
    """How a document or batch stands (kết luận đối chiếu)."""

    EQUAL = "equal"
    """Khớp danh mục."""
    DIFFERS = "differs"
    """Lệch: rescan, correct the list, or two signatures."""
    HELD = "held"
    """Còn tờ bị giữ."""
    ROUTED_OUT = "routed_out"
    """Tách riêng, every sheet of it accounted for."""
    REFUSED = "refused"
    """Declared TUYỆT MẬT, not in the stack."""
    NOT_FED = "not_fed"
    """Chưa nạp."""


class Kind(StrEnum):
    """What differs."""

    SHEETS = "sheets"
    PAGES = "pages"
    REMOVED = "removed"
    """Sheets taken out by hand of a document that was not routed out."""
    SCANNER_COUNTER = "scanner_counter"
    STRAY_SHEETS = "stray_sheets"
    """Sheets that belong to no document."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference.

    Attributes:
        kind: what differs.
        declared: by the list, or by the scanner's counter.
        counted: by us.
        first: first sheet of the batch that it may concern, 0 when it concerns no sheet.
        last: last such sheet.
        subject_id: what two persons sign for.
    """

    kind: Kind
    declared: int
    counted: int
    first: int = 0
    last: int = 0
    subject_id: str = ""

    @property
    def vi(self) -> str:
        """One line for the screen and the record."""
        if self.kind is Kind.SCANNER_COUNTER:
            which = f" (tờ {self.first} đến {self.last})" if self.counted else ""
            return f"{_KINDS[self.kind].vi} ghi {self.declared} tờ, nhận được {self.counted} tờ{which}"
        return f"{_KINDS[self.kind].vi}: danh mục {self.declared}, đếm được {self.counted}"

    @property
    def en(self) -> str:
        """The same in English."""
        if self.kind is Kind.SCANNER_COUNTER:
            which = f" (sheets {self.first} to {self.last})" if self.counted else ""
            return f"{_KINDS[self.kind].en} says {self.declared} sheets, {self.counted} arrived{which}"
        return f"{_KINDS[self.kind].en}: list {self.declared}, counted {self.counted}"

    def concerns(self, sheets: Iterable[int]) -> bool:
        """Whether one of ``sheets`` may be what it is about; one that names no sheet concerns all."""
        return (
            self.kind is not Kind.SCANNER_COUNTER
            or not self.counted
            or any(self.first <= sheet <= self.last for sheet in sheets)
        )


_KINDS = {
    Kind.SHEETS: Words("số tờ", "sheets"),
    Kind.PAGES: Words("số trang", "pages"),
    Kind.REMOVED: Words("số tờ lấy ra bằng tay", "sheets taken out by hand"),
    Kind.SCANNER_COUNTER: Words("bộ đếm của máy quét", "the scanner's counter"),
    Kind.STRAY_SHEETS: Words("tờ không thuộc tài liệu nào", "sheets of no document"),
}


@dataclass(frozen=True, slots=True)
class DocumentCount:
    """The counts of one document beside its row.

    Attributes:
        ordinal: STT.
        document_id: opaque id.
        declared_sheets: số tờ of the row, after corrections; 0 expected in the stack of a refused row.
        declared_pages: số trang of the row, after corrections.
        sheets: live sheets counted.
        sides: sides scanned of them.
        blank_sides: sides labelled blank.
        unsure_sides: sides whose label is unsure; they count as written.
        pages: trang by the batch's convention.
        held: sheets that wait for a decision.
        removed: sheets taken out by hand, unscanned.
        verdict: how it stands.
        differences: what differs; empty when all is equal.
        corrected: the row was corrected.
        excess_from: first sheet beyond the declared number, 0 when there is none: a separator may be missing
        there.
        subject_id: what two persons sign for when counts differ.
    """

    ordinal: int
    document_id: str
    declared_sheets: int
    declared_pages: int
    sheets: int
    sides: int
    blank_sides: int
    unsure_sides: int
    pages: int
    held: int
    removed: int
    verdict: Verdict
    differences: tuple[Difference, ...]
    corrected: bool
    excess_from: int
    subject_id: str

    @property
    def settled(self) -> bool:
        """Nothing is left to do for this document."""
        return not self.differences and self.verdict in {Verdict.EQUAL, Verdict.ROUTED_OUT, Verdict.REFUSED}


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The whole batch beside its list (kết quả đối chiếu).

    Attributes:
        documents: one a row, in the order of the list.
        differences: of feeds and of sheets without document.
        totals: sheets by fate.
        verdict: the gravest of all: held, differs, not fed, equal.
    """

    documents: tuple[DocumentCount, ...]
    differences: tuple[Difference, ...]
    totals: Totals
    verdict: Verdict

    def document(self, ordinal: int) -> DocumentCount:
        """Counts of the document with this STT.

        Raises:
            KeyError: not in the list.
        """
        for each in self.documents:
            if each.ordinal == ordinal:
                return each
        raise KeyError(ordinal)


def reconcile(tally: Tally, manifest: Manifest) -> Reconciliation:
    """Compare all of a batch.

    Raises:
        ValueError: the list is not the one that the tally was opened with.
    """
    state = tally.state
    if manifest.batch_id != state.manifest.batch_id or manifest.convention is not state.manifest.convention:
        raise ValueError("another list than the one the batch was opened with")
    documents = tuple(count_one(state, at) for at in range(len(manifest.rows)))
    differences = batch_differences(state)
    found = {each.verdict for each in documents}
    if any(each.differences for each in documents) or differences:
        found.add(Verdict.DIFFERS)
    worst = next((v for v in (Verdict.HELD, Verdict.DIFFERS, Verdict.NOT_FED) if v in found), Verdict.EQUAL)
    if worst is Verdict.EQUAL and state.totals.held:
        worst = Verdict.HELD
    return Reconciliation(documents, differences, state.totals, worst)


def batch_differences(state: State) -> tuple[Difference, ...]:
    """Differences that belong to no single document."""
    batch = state.manifest.batch_id
    found = [
        Difference(
            Kind.SCANNER_COUNTER, each.scanner, each.ours, each.first, each.last,
            batch_subject(batch, "counter", each.first, each.last, each.ours, each.scanner),
        )
        for each in state.counter_differences
        if not _fed_again(state, each)
    ]  # fmt: skip
    if state.strays:
        strays = tuple(
            ordinal
            for ordinal, sheet in enumerate(state.sheets, start=1)
            if sheet.document is None and sheet.fate in {Fate.HELD, Fate.ROUTED_OUT}
        )
        subject = batch_subject(batch, "strays", *strays)
        found.append(Difference(Kind.STRAY_SHEETS, 0, len(strays), strays[0], strays[-1], subject))
    return tuple(found)


def _fed_again(state: State, difference: CounterDifference) -> bool:
    """Whether nothing of that feed counts any more: every sheet of it, separators aside, was scanned again."""
    fates = {state.sheets[ordinal - 1].fate for ordinal in range(difference.first, difference.last + 1)}
    return Fate.SPOILED in fates and fates <= {Fate.SPOILED, Fate.SEPARATOR}


def count_one(state: State, index: int) -> DocumentCount:
    """Counts of the document at ``index`` of the list."""
    row, document = state.row(index), state.documents[index]
    sheets = [state.sheets[ordinal - 1] for ordinal in document.sheets]
    declared = document.declared or (row.sheets, row.pages)
    labels = [label for sheet in sheets for label in sheet.labels]
    pages = sum(sheet.pages(state.manifest.convention) for sheet in sheets)
    held = sum(sheet.fate is Fate.HELD for sheet in sheets)
    counted = (len(sheets), pages)
    subject = difference_subject(state.manifest.batch_id, row.ordinal, declared, counted, document.sheets)
    verdict, kinds = _judge(state, index, declared, counted, held)
    first, last = (document.sheets[0], document.sheets[-1]) if document.sheets else (0, 0)
    figures = {
        Kind.SHEETS: (declared[0], counted[0]),
        Kind.PAGES: (declared[1], counted[1]),
        Kind.REMOVED: (
            declared[0] if document.routed else 0,
            counted[0] * document.routed + document.removed,
        ),
    }
    return DocumentCount(
        ordinal=row.ordinal,
        document_id=state.manifest.document_id(row.ordinal),
        declared_sheets=0 if row.refused else declared[0],
        declared_pages=0 if row.refused else declared[1],
        sheets=counted[0],
        sides=len(labels),
        blank_sides=labels.count(SideLabel.BLANK),
        unsure_sides=labels.count(SideLabel.UNSURE),
        pages=pages,
        held=held,
        removed=document.removed,
        verdict=verdict,
        differences=tuple(Difference(kind, *figures[kind], first, last, subject) for kind in kinds),
        corrected=document.declared is not None,
        excess_from=document.sheets[declared[0]] if len(document.sheets) > declared[0] else 0,
        subject_id=subject,
    )


def _judge(
    state: State, index: int, declared: tuple[int, int], counted: tuple[int, int], held: int
) -> tuple[Verdict, tuple[Kind, ...]]:
    document = state.documents[index]
    if state.row(index).refused:
        return Verdict.REFUSED, ()
    if document.routed:
        accounted = counted[0] + document.removed == declared[0]
        return Verdict.ROUTED_OUT, () if accounted else (Kind.REMOVED,)
    if not document.sheets and not document.removed:
        return Verdict.NOT_FED, (Kind.SHEETS, Kind.PAGES)
    kinds = [kind for kind, at in ((Kind.SHEETS, 0), (Kind.PAGES, 1)) if declared[at] != counted[at]]
    if document.removed:
        kinds.append(Kind.REMOVED)
    if held:
        return Verdict.HELD, tuple(kinds)
    return (Verdict.DIFFERS if kinds else Verdict.EQUAL), tuple(kinds)
