"""The three handovers of the paper: out of the store, scanning finished, back in the store (bàn giao).

Each compares the number of documents, of sheets and of pages, and the state of the paper, with the one before
(1479/BCA-ANCTNB III.1.1.h). What was found of each document is computed from the ledger: it is as the list says unless
a handover recorded otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scanflow.errors import Words
from scanflow.forms import HandedOver, Handover, Listed, Paper, handover_record
from scanflow.forms import Moment as FormMoment
from scanflow.forms import Outcome as FormOutcome
from scanflow.ledger import Entry, Event
from scanflow.ledger import catalogue as events
from scanflow.ledger.catalogue import (
    DocumentCounted,
    DocumentDiffers,
    HandoverDiffers,
    HandoverRecorded,
    Moment,
    PaperState,
    Role,
)
from scanflow.ledger.lines import read_entries
from scanflow.levels import Level
from scanflow.manifest import Manifest, Row
from scanflow.station.bureau import Bureau
from scanflow.station.errors import HandoverByOne, HandoverOutOfTurn
from scanflow.station.history import history_of

_FORMS = {
    Moment.OUT_OF_STORE: FormMoment.OUT,
    Moment.SCANNED: FormMoment.SCANNED,
    Moment.BACK_IN_STORE: FormMoment.RETURNED,
}
_ORDER = tuple(Moment)
_WORST = tuple(PaperState)


@dataclass(frozen=True, slots=True)
class Found:
    """One document as it lies on the table (thực tế kiểm đếm)."""

    sheets: int
    pages: int
    paper: PaperState = PaperState.SOUND

    @property
    def vi(self) -> str:
        """In words."""
        return f"{self.sheets} tờ, {self.pages} trang, {self.paper.vi}"

    @property
    def en(self) -> str:
        """In words."""
        return f"{self.sheets} sheets, {self.pages} pages, {self.paper.en}"


@dataclass(frozen=True, slots=True)
class Before:
    """What a handover is compared with.

    Attributes:
        moments: the handovers recorded so far.
        found: by STT, at the last one of an earlier moment; the list where there was none.
        scanned: by STT, sheets and pages that the station counted, where it counted any.
        agreed: STT of those whose last count agreed with the list, as it is or as it was corrected.
    """

    moments: frozenset[Moment]
    found: Mapping[int, Found]
    scanned: Mapping[int, tuple[int, int]]
    agreed: frozenset[int]


def before(entries: Iterable[Entry], manifest: Manifest, moment: Moment) -> Before:
    """What was handed over before ``moment``, and what was counted meanwhile."""
    ordinals = {manifest.document_id(row.ordinal): row.ordinal for row in manifest.rows}
    listed = {row.ordinal: Found(row.sheets, row.pages) for row in manifest.rows}
    at_moment: dict[Moment | None, dict[int, Found]] = {}
    pending: dict[int, Found] = {}
    scanned: dict[int, tuple[int, int]] = {}
    agreed: set[int] = set()
    for entry in entries:
        event = entry.event
        if getattr(event, "batch", None) != manifest.batch_id:
            continue
        match event:
            case HandoverDiffers():
                pending[ordinals[event.document]] = Found(event.sheets, event.pages, event.paper)
            case HandoverRecorded():  # one that is recorded again takes the place of the first
                at_moment[event.moment] = at_moment.get(_earlier(event.moment), listed) | pending
                pending = {}
            case DocumentCounted():
                scanned[ordinals[event.document]] = (event.sheets, event.pages)
                agreed.add(ordinals[event.document])
            case DocumentDiffers():
                counted = (event.declared_sheets + event.sheets, event.declared_pages + event.pages)
                scanned[ordinals[event.document]] = counted
                agreed.discard(ordinals[event.document])
            case _:
                pass
    moments = frozenset(one for one in at_moment if one is not None)
    return Before(moments, at_moment.get(_earlier(moment), listed), scanned, frozenset(agreed))


def _earlier(moment: Moment) -> Moment | None:
    """The handover before, None before the first."""
    at = _ORDER.index(moment)
    return _ORDER[at - 1] if at else None


_KINDS = (HandoverDiffers, HandoverRecorded, DocumentCounted, DocumentDiffers)


def compared_with(bureau: Bureau, manifest: Manifest, moment: Moment) -> Before:
    """What a handover of this list is compared with now.

    Raises:
        HandoverOutOfTurn: the handover before it was not recorded.
    """
    known = before(read_entries(bureau.ledger.path, _KINDS), manifest, moment)
    missing = _earlier(moment)
    if missing is not None and missing not in known.moments:
        raise HandoverOutOfTurn(moment=moment, missing=missing)
    return known


@dataclass(frozen=True, slots=True)
class Hands:
    """Who hands over, who takes, and what permits it.

    Attributes:
        giver: person id.
        taker: person id of somebody else.
        permission: căn cứ, a line each: the document that allows taking the paper out.
    """

    giver: str
    taker: str
    permission: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A handover on the record, and its paper.

    Attributes:
        paper: biên bản bàn giao with its list.
        differing: STT of the documents that were found otherwise than before.
    """

    paper: Paper
    differing: tuple[int, ...]

    @property
    def agrees(self) -> bool:
        """Everything was as before."""
        return not self.differing


def hand_over(
    bureau: Bureau, manifest: Manifest, moment: Moment, hands: Hands, otherwise: Mapping[int, Found]
) -> Recorded:
    """Record one handover and draw up its record.

    Args:
        bureau: where it is drawn up.
        manifest: the list.
        moment: which of the three.
        hands: who; one of them keeps the papers, and gives them at the first and takes them at the others.
        otherwise: by STT, the documents that were found otherwise than before.

    Raises:
        HandoverOutOfTurn: the handover before it was not recorded.
        HandoverByOne: giver and taker are one human being, or none of them keeps the papers.
        UnknownPerson, PersonIsRevoked: as said.
        KeyError: an STT that is not in the list.
    """
    known = compared_with(bureau, manifest, moment)
    _two_sides(bureau, hands, moment)
    differing = {
        manifest.by_ordinal[ordinal].ordinal: found
        for ordinal, found in sorted(otherwise.items())
        if found != known.found[ordinal]
    }
    found = dict(known.found) | differing
    said: list[Event] = [
        HandoverDiffers(
            batch=manifest.batch_id,
            moment=moment,
            document=manifest.document_id(ordinal),
            sheets=one.sheets,
            pages=one.pages,
            paper=one.paper,
        )
        for ordinal, one in differing.items()
    ]
    bureau.ledger.record_many(
        [
            *said,
            events.HandoverRecorded(
                batch=manifest.batch_id,
                moment=moment,
                giver=hands.giver,
                taker=hands.taker,
                documents=len(manifest.rows),
                sheets=sum(one.sheets for one in found.values()),
                pages=sum(one.pages for one in found.values()),
                paper=max((one.paper for one in found.values()), key=_WORST.index),
                agrees=not differing,
            ),
        ]
    )
    return Recorded(_paper(bureau, manifest, moment, hands, found, known), tuple(differing))


def _two_sides(bureau: Bureau, hands: Hands, moment: Moment) -> None:
    giver, taker = (bureau.office.people.person(one) for one in (hands.giver, hands.taker))
    keeper = giver if moment is Moment.OUT_OF_STORE else taker
    if giver.subject == taker.subject or keeper.role is not Role.CUSTODIAN:
        raise HandoverByOne(keeper=keeper.id)


def _paper(
    bureau: Bureau, manifest: Manifest, moment: Moment, hands: Hands, found: Mapping[int, Found], known: Before
) -> Paper:
    outcomes = {} if moment is Moment.OUT_OF_STORE else outcomes_of(bureau, manifest, known)
    rows = [_row(row, found[row.ordinal], known, outcomes.get(row.ordinal)) for row in manifest.rows]
    return handover_record(
        Handover(
            moment=_FORMS[moment],
            office=bureau.body,
            number="…/BB-BG",
            at=bureau.at,
            batch=manifest.batch_id,
            permission=hands.permission,
            giver=bureau.person(hands.giver),
            receiver=bureau.person(hands.taker),
            supervisor=bureau.someone(Role.SUPERVISOR),
            rows=rows,
            convention=manifest.convention.vi,
            head=bureau.issue_head(),
        ),
        bureau.tables,
    )


def _row(row: Row, found: Found, known: Before, outcome: FormOutcome | None) -> HandedOver:
    notes = [row.notes] if row.notes else []
    was = known.found[row.ordinal]
    if (was.sheets, was.pages) not in {(row.sheets, row.pages), (found.sheets, found.pages)}:
        notes.append(f"Lần trước {was.sheets} tờ, {was.pages} trang")
    counted = known.scanned.get(row.ordinal)
    if outcome is not None and counted not in {None, (found.sheets, found.pages)} and counted is not None:
        notes.append(f"Khi quét đếm {counted[0]} tờ, {counted[1]} trang")
    listed = listed_as(row, notes="; ".join(notes))
    if outcome is FormOutcome.ROUTED_OUT:
        listed = listed.as_top_secret()
    condition = "" if found.paper is PaperState.SOUND else f"{found.paper.vi[:1].upper()}{found.paper.vi[1:]}"
    return HandedOver(listed, found.sheets, found.pages, condition, outcome)


def listed_as(row: Row, *, notes: str = "") -> Listed:
    """A row of the list as the forms take it."""
    return Listed(
        ordinal=row.ordinal, dossier=row.dossier, document=row.document, number=row.number, issued=row.issued,
        kind=row.kind, author=row.author, level=row.level, sheets=row.sheets, pages=row.pages,
        abstract=row.abstract, first_sheet=row.first_sheet, last_sheet=row.last_sheet, condition=row.condition,
        notes=notes,
    )  # fmt: skip


def outcomes_of(bureau: Bureau, manifest: Manifest, known: Before) -> dict[int, FormOutcome]:
    """What became of each document, by STT, as the ledger tells it."""
    told = history_of(bureau.ledger, manifest.batch_id)

    def outcome(row: Row) -> FormOutcome:
        document = manifest.document_id(row.ordinal)
        if row.level is Level.TUYET_MAT:
            return FormOutcome.REFUSED
        if document in told.routed_out:
            return FormOutcome.ROUTED_OUT
        if document in told.delivered:
            return FormOutcome.SEALED
        if row.ordinal not in known.scanned:
            return FormOutcome.RETURNED
        return FormOutcome.HELD if row.ordinal in known.agreed else FormOutcome.DIFFERS

    return {row.ordinal: outcome(row) for row in manifest.rows}


def differences(known: Before, manifest: Manifest, otherwise: Mapping[int, Found]) -> Sequence[Words]:
    """One sentence for each document that is otherwise than before."""
    return [
        Words(
            f"STT {ordinal} ({manifest.by_ordinal[ordinal].name}): trước {was.vi}; nay {found.vi}.",
            f"Document {ordinal} ({manifest.by_ordinal[ordinal].name}): before {was.en}; now {found.en}.",
        )
        for ordinal, found in sorted(otherwise.items())
        if found != (was := known.found[ordinal])
    ]
