"""Registers and yearly statistics out of the ledger, with the words of the lists that are at hand (sổ, thống kê).

The ledger holds numbers and levels, no titles and no numbers of documents (promise P8). Whoever draws up a register
brings the handover lists; a document whose list is not at hand stands under its opaque id. Nothing of TUYỆT MẬT bears
a trích yếu, whatever a list says: such a row holds none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from scanflow.forms import (
    Copied,
    LevelTotals,
    Paper,
    Person,
    Received,
    Sent,
    Volume,
    YearTotals,
    copying_register,
    incoming_register,
    outgoing_register,
    yearly_statistics,
)
from scanflow.ledger import Entry, Event
from scanflow.ledger.catalogue import (
    BatchOpened,
    BatchResumed,
    CopyPrinted,
    CopyPrinting,
    DeliveryBegun,
    DeliveryDone,
    DocumentErased,
    DocumentListed,
    DocumentSealed,
    EraseReason,
    HandoverRecorded,
    Moment,
)
from scanflow.ledger.lines import read_entries
from scanflow.levels import Level
from scanflow.manifest import Manifest, Row
from scanflow.station.bureau import Bureau

DIGITISED = "Sao từ bản giấy sang văn bản điện tử"
"""Form of copying that a digitisation is (draft of NĐ 63/2026/NĐ-CP; the final clause was not seen)."""


@dataclass(slots=True)
class Document:
    """What the ledger tells of one document (một tài liệu theo sổ).

    Attributes:
        id: opaque.
        batch: of its list.
        dossier: number of its dossier in the list.
        level: as listed.
        sheets, pages: as listed.
        opened: day on which its batch was opened.
        operator: who ran its batch last.
        sealed_at: level of its container, None while there is none.
        delivered: day of its delivery, None while it is on no medium.
        media: names of the media that hold it.
        routed_out: it was routed out.
    """

    id: str
    batch: str
    dossier: int
    level: Level
    sheets: int
    pages: int
    opened: date
    operator: str
    sealed_at: Level | None = None
    delivered: date | None = None
    media: tuple[str, ...] = ()
    routed_out: bool = False


@dataclass(frozen=True, slots=True)
class Printed:
    """Copies of a document that were printed."""

    document: str
    day: date
    level: Level
    copies: int
    person: str


@dataclass(slots=True)
class Books:
    """Everything that registers and statistics need, from one pass over the ledger.

    Attributes:
        documents: by id, in order of their lists.
        arrived: by batch, when it was handed out of the store, and who took it.
        printed: copies that were printed, in order.
    """

    documents: dict[str, Document] = field(default_factory=dict)
    arrived: dict[str, tuple[date, str]] = field(default_factory=dict)
    printed: list[Printed] = field(default_factory=list)
    _operators: dict[str, tuple[str, date]] = field(default_factory=dict)
    _jobs: dict[int, tuple[str, str]] = field(default_factory=dict)
    _media: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _printing: dict[int, CopyPrinting] = field(default_factory=dict)

    def take(self, entry: Entry) -> None:
        """Take the next entry in."""
        event, day = entry.event, datetime.fromisoformat(entry.at).astimezone().date()
        match event:
            case BatchOpened() | BatchResumed():
                self._operators[event.batch] = (event.operator, day)
                self._media.pop(event.batch, None)
            case DocumentListed():
                operator, opened = self._operators.get(event.batch, ("", day))
                self.documents[event.document] = Document(
                    event.document, event.batch, event.dossier, event.level, event.sheets, event.pages, opened, operator
                )
            case DocumentSealed():
                if (one := self.documents.get(event.document)) is not None:
                    one.sealed_at = event.level
                    one.operator = self._operators.get(event.batch, (one.operator, day))[0]
            case DeliveryBegun():
                self._jobs[entry.n] = (event.batch, event.medium)
            case DeliveryDone() if entry.act in self._jobs:
                batch, medium = self._jobs[entry.act]
                self._media[batch].append(medium)
            case DocumentErased() if event.document is not None:
                self._erased(event, day)
            case HandoverRecorded(moment=Moment.OUT_OF_STORE):
                self.arrived[event.batch] = (day, event.taker)
            case CopyPrinting():
                self._printing[entry.n] = event
            case CopyPrinted() if entry.act in self._printing:
                begun = self._printing[entry.act]
                self.printed.append(Printed(event.document, day, begun.level, event.copies, begun.person or ""))
            case _:
                pass

    def _erased(self, event: DocumentErased, day: date) -> None:
        one = self.documents.get(event.document or "")
        if one is None:
            return
        if event.reason is EraseReason.ROUTED_OUT:
            one.routed_out = True
        elif event.reason is EraseReason.DELIVERED:
            one.delivered, one.media = day, tuple(dict.fromkeys(self._media[event.batch]))


_KINDS: tuple[type[Event], ...] = (
    BatchOpened, BatchResumed, DocumentListed, DocumentSealed, DeliveryBegun, DeliveryDone, DocumentErased,
    HandoverRecorded, CopyPrinting, CopyPrinted,
)  # fmt: skip


def books_of(entries: Iterable[Entry]) -> Books:
    """Read the books out of entries in order."""
    made = Books()
    for entry in entries:
        made.take(entry)
    return made


def read_books(bureau: Bureau) -> Books:
    """Read the books out of the station's ledger."""
    return books_of(read_entries(bureau.ledger.path, _KINDS))


@dataclass(frozen=True, slots=True)
class Term:
    """The days that a register or the statistics cover, both of them included (kỳ)."""

    year: int
    first: date
    last: date

    @classmethod
    def of_register(cls, year: int) -> Term:
        """A register's year: 1 January to 31 December."""
        return cls(year, date(year, 1, 1), date(year, 12, 31))

    @classmethod
    def of_statistics(cls, year: int) -> Term:
        """The statistics' year: 15 December to 14 December (NĐ 26/2020/NĐ-CP Điều 8)."""
        return cls(year, date(year - 1, 12, 15), date(year, 12, 14))

    def covers(self, day: date | None) -> bool:
        """Whether a day lies in it."""
        return day is not None and self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Lists:
    """The handover lists that are at hand (các danh mục mang theo)."""

    rows: Mapping[str, Row]

    @classmethod
    def of(cls, manifests: Iterable[Manifest]) -> Lists:
        """Rows of these lists by document id."""
        return cls({one.document_id(row.ordinal): row for one in manifests for row in one.rows})

    def number(self, document: str) -> str:
        """Số, ký hiệu, or the opaque id where no list tells."""
        row = self.rows.get(document)
        return document if row is None else row.number or row.name

    def kind(self, document: str) -> str:
        """Tên loại; empty where no list tells."""
        row = self.rows.get(document)
        return "" if row is None else row.kind

    def abstract(self, document: Document) -> str:
        """Trích yếu, never of a document that is or proved to be TUYỆT MẬT."""
        row = self.rows.get(document.id)
        return "" if row is None or document.routed_out else row.abstract

    def issued(self, document: str) -> date | None:
        """Day of the document."""
        row = self.rows.get(document)
        return None if row is None else row.issued

    def missing(self, batches: Iterable[str]) -> tuple[str, ...]:
        """Batches of which no list is at hand."""
        there = {document.rpartition("-D")[0] for document in self.rows}
        return tuple(sorted(set(batches) - there))


def copying(bureau: Bureau, books: Books, lists: Lists, term: Term, volume: int = 1) -> Paper:
    """Sổ quản lý sao, chụp: every digitisation that was delivered, and every copy that was printed."""
    digitised = [one for one in books.documents.values() if term.covers(one.delivered)]
    printed = [one for one in books.printed if term.covers(one.day)]
    lines = [
        (
            one.delivered or term.last,
            Copied(
                ordinal=1, day=one.delivered or term.last, number=lists.number(one.id), kind=lists.kind(one.id),
                level=one.sealed_at or one.level, form=DIGITISED, copies=max(1, len(one.media)),
                recipients=", ".join(one.media), authorised_by="", made_by=bureau.person(one.operator).name,
                abstract=lists.abstract(one),
            ),
        )
        for one in digitised
    ]  # fmt: skip
    lines += [
        (
            one.day,
            Copied(
                ordinal=1, day=one.day, number=lists.number(one.document), kind=lists.kind(one.document),
                level=one.level, form="In bản sao từ bản số hóa", copies=one.copies, recipients="", authorised_by="",
                made_by=bureau.person(one.person).name,
            ),
        )
        for one in printed
    ]  # fmt: skip
    ordered = [line for _, line in sorted(lines, key=lambda pair: pair[0])]
    numbered = [replace(line, ordinal=at) for at, line in enumerate(ordered, start=1)]
    return copying_register(_volume(bureau, term, volume), numbered, bureau.tables)


def outgoing(bureau: Bureau, books: Books, lists: Lists, term: Term, volume: int = 1) -> Paper:
    """Sổ đi: secret documents that left the room on a medium (vật chứa bí mật nhà nước)."""
    gone = [
        one
        for one in books.documents.values()
        if term.covers(one.delivered) and (one.sealed_at or one.level) > Level.THUONG
    ]
    lines = [
        Sent(
            ordinal=at, number=lists.number(one.id), determined=lists.issued(one.id), kind=lists.kind(one.id),
            level=one.sealed_at or one.level, signer="", recipients="Thiết bị nhớ " + ", ".join(one.media),
            kept_by=bureau.config.body, quantity=max(1, len(one.media)), abstract=lists.abstract(one),
        )
        for at, one in enumerate(gone, start=1)
    ]  # fmt: skip
    return outgoing_register(_volume(bureau, term, volume), lines, bureau.tables)


def incoming(bureau: Bureau, books: Books, lists: Lists, term: Term, volume: int = 1) -> Paper:
    """Sổ đến: secret documents that were handed out of the store to be digitised."""
    came = [
        (books.arrived[one.batch], one)
        for one in books.documents.values()
        if one.batch in books.arrived and term.covers(books.arrived[one.batch][0]) and one.level > Level.THUONG
    ]
    lines = [
        Received(
            ordinal=at, arrived=day, arrival_number=at,
            author=lists.rows[one.id].author if one.id in lists.rows else "", number=lists.number(one.id),
            determined=lists.issued(one.id), kind=lists.kind(one.id), level=one.level,
            received_by=bureau.person(taker).name, abstract=lists.abstract(one),
            notes="Tách riêng khi quét" if one.routed_out else "",
        )
        for at, ((day, taker), one) in enumerate(sorted(came, key=lambda pair: pair[0][0]), start=1)
    ]  # fmt: skip
    return incoming_register(_volume(bureau, term, volume), lines, bureau.tables)


def yearly(bureau: Bureau, books: Books, term: Term, counted_by: Person, head_of_body: Person) -> Paper:
    """Thống kê năm by level, as the documents were listed; all of it from the ledger alone."""
    totals: dict[Level, Counter[str]] = {level: Counter() for level in Level}
    dossiers: dict[Level, set[tuple[str, int]]] = {level: set() for level in Level}
    for one in books.documents.values():
        if not term.covers(one.opened):
            continue
        routed = one.routed_out or one.level is Level.TUYET_MAT
        dossiers[one.level].add((one.batch, one.dossier))
        totals[one.level].update(
            documents=1, sheets=one.sheets, pages=one.pages, routed_out=routed, digitised=one.delivered is not None,
            pending=not routed and one.delivered is None,
        )  # fmt: skip
    return yearly_statistics(
        YearTotals(
            office=bureau.body,
            number="…/TK",
            day=bureau.at.date(),
            year=term.year,
            first_day=term.first,
            last_day=term.last,
            rows=[_level(level, totals[level], len(dossiers[level])) for level in Level],
            counted_by=counted_by,
            head_of_body=head_of_body,
            head=bureau.issue_head(),
        ),
        bureau.tables,
    )


def _level(level: Level, of: Counter[str], dossiers: int) -> LevelTotals:
    return LevelTotals(
        level=level,
        dossiers=dossiers,
        documents=of["documents"],
        sheets=of["sheets"],
        pages=of["pages"],
        digitised=of["digitised"],
        routed_out=of["routed_out"],
        pending=of["pending"],
    )


def _volume(bureau: Bureau, term: Term, volume: int) -> Volume:
    return Volume(bureau.body, term.year, volume, term.first, term.last, bureau.issue_head())
