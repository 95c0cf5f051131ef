"""From counted documents to files that may leave: text layer, PDF/A, signature, container (niêm phong)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from scanflow.counting import CountedDocument, SignOffLike, count_document
from scanflow.counting.errors import CountingError
from scanflow.errors import ScanflowError
from scanflow.hardening import freed_is_overwritten
from scanflow.ledger import catalogue as events
from scanflow.ledger.catalogue import BundleForm, KeyHome
from scanflow.levels import Level
from scanflow.ocr.text import TextLayer
from scanflow.pages import Face
from scanflow.rules import Action
from scanflow.sealing import Container, DocumentFacts, build_pdf, secretmem
from scanflow.sealing.aip import DocumentRecord
from scanflow.sealing.errors import SealingError
from scanflow.sealing.package import ACCESS_SUFFIX
from scanflow.sealing.pdf import build_access_copy
from scanflow.sealing.plain import PlainDocument, release_plain
from scanflow.station.bundles import record_bundle
from scanflow.station.config import NonSecret
from scanflow.station.desk import Notice, Tone
from scanflow.station.dossiers import document_record
from scanflow.station.errors import DeclassificationNotSeen, PagesDiffer
from scanflow.station.reading import text_of
from scanflow.station.sampling import check_words
from scanflow.station.work import DocumentFile, Work

_KEY_HOMES = {secretmem.KeyHome.MEMFD_SECRET: KeyHome.MEMFD_SECRET, secretmem.KeyHome.MLOCKED: KeyHome.MLOCK}


@dataclass(frozen=True, slots=True)
class Sealed:
    """One document on its way out.

    Attributes:
        ordinal: its STT.
        document: its name in the ledger.
        level: it leaves at.
        containers: its own and, where the batch asks for one, its access copy's.
        plain: instead of containers, for a document that is no secret.
        record: what the archival package takes of it, where there is to be one.
    """

    ordinal: int
    document: str
    level: Level
    containers: tuple[Container, ...] = ()
    plain: tuple[PlainDocument, ...] = ()
    record: DocumentRecord | None = field(default=None, repr=False)

    @property
    def file(self) -> str:
        """Name of its file on the medium."""
        return f"{self.plain[0].name}.pdf" if self.plain else f"{self.containers[0].name}.p7m"


def counted_documents(
    work: Work, sign_offs: Sequence[SignOffLike], doubts: Mapping[int, ScanflowError]
) -> tuple[list[CountedDocument], dict[int, ScanflowError]]:
    """The documents that may be sealed, and for each other one why not; ``doubts`` came of the sample check."""
    permits: list[CountedDocument] = []
    refused: dict[int, ScanflowError] = {}
    for row in work.to_feed:
        if row.ordinal in doubts:
            refused[row.ordinal] = doubts[row.ordinal]
            continue
        try:
            if work.treatment(row.ordinal).hold:
                raise DeclassificationNotSeen(ordinal=row.ordinal)
            permits.append(count_document(work.tally, row.ordinal, sign_offs))
        except (CountingError, DeclassificationNotSeen) as why:
            refused[row.ordinal] = why
    return permits, refused


def seal_documents(work: Work, permits: Iterable[CountedDocument]) -> tuple[list[Sealed], dict[int, ScanflowError]]:
    """Build and seal each document; a failure costs that document only, and is recorded.

    A document whose text speaks of TUYỆT MẬT as a mark would is sealed only when a person has looked at its paper.
    """
    sealed: list[Sealed] = []
    failed: dict[int, ScanflowError] = {}
    waiting = list(permits)
    for place, permit in enumerate(waiting, start=1):
        file = work.file(permit.row.ordinal)
        work.desk.tell(_progress(permit, place, len(waiting)))
        try:
            with freed_is_overwritten():
                made = _read_and_sealed(work, permit, file)
            if isinstance(made, Sealed):
                sealed.append(made)
            elif made is not None:
                failed[permit.row.ordinal] = made
                work.desk.tell(Notice.of(made))
        except (SealingError, PagesDiffer) as why:
            failed[permit.row.ordinal] = why
            work.station.ledger.record(events.SealFailed(batch=work.batch_id, document=file.id, code=why.code))
            work.desk.tell(Notice.of(why))
    return sealed, failed


def _read_and_sealed(work: Work, permit: CountedDocument, file: DocumentFile) -> Sealed | ScanflowError | None:
    """The document, or why it may not leave, or nothing where a person saw TUYỆT MẬT on it; the words end here."""
    texts = text_of(work, file)
    doubt = check_words(work, file, texts)
    if doubt is not None or file.vault.erased:
        return doubt
    return _seal(work, permit, file, texts)


def _progress(permit: CountedDocument, place: int, of: int) -> Notice:
    ordinal, pages = permit.row.ordinal, permit.count.pages
    return Notice(
        Tone.INFO,
        f"Nhận dạng chữ và niêm phong {place}/{of}: tài liệu số {ordinal}, {pages} trang.",
        f"Reading and sealing {place}/{of}: document {ordinal}, {pages} pages.",
    )


def _seal(
    work: Work, permit: CountedDocument, file: DocumentFile, texts: Mapping[tuple[int, Face], TextLayer]
) -> Sealed:
    station, row = work.station, permit.row
    if {(side.sheet, side.face) for side in file.vault.sides} != {(side.sheet, side.face) for side in permit.sides}:
        raise PagesDiffer(document=file.id)
    level = _level(work, file)
    facts = DocumentFacts(
        dossier=row.dossier,
        serial=row.document,
        level=level,
        sheets=permit.count.sheets,
        pages=permit.count.pages,
        digitised_at=station.now(),
        batch=work.batch_id,
        station=station.config.id,
        keep_blanks=station.config.batch.keep_blanks,
    )
    order = work.tally.document_sheets(row.ordinal)
    pdf = build_pdf(file.vault.pages(order=order), facts, texts)
    if station.agency is not None:
        pdf = station.agency(pdf, station.now())
    access = (
        build_access_copy(file.vault.pages(order=order), facts, texts) if station.config.batch.access_copy else None
    )
    record = document_record(row, facts, pdf) if row.dossier in station.dossiers else None
    if level is Level.THUONG and station.config.batch.non_secret is NonSecret.PLAIN:
        return _plain(work, permit, file, facts, pdf, access, record)
    containers = [station.sealer.seal(pdf, name=facts.name, level=level)]
    if access is not None:
        containers.append(station.sealer.seal(access, name=facts.name + ACCESS_SUFFIX, level=level))
    container = containers[0]
    station.ledger.record(
        events.DocumentSealed(
            batch=work.batch_id,
            document=file.id,
            container=file.id,
            level=level,
            pages=permit.count.pages,
            size=len(container.data),
            digest=container.sha256,
            recipients=tuple(one.fingerprint for one in container.recipients),
            key_home=_KEY_HOMES[file.vault.key_home],
            signed=station.agency is not None,
        )
    )
    if access is not None:
        record_bundle(work, BundleForm.ACCESS, containers[-1], 1)
    return Sealed(row.ordinal, file.id, level, tuple(containers), record=record)


def _plain(
    work: Work,
    permit: CountedDocument,
    file: DocumentFile,
    facts: DocumentFacts,
    pdf: bytes,
    access: bytes | None,
    record: DocumentRecord | None,
) -> Sealed:
    """A document that is no secret, without a container."""
    station = work.station
    files = [release_plain(pdf, name=facts.name, level=facts.level)]
    if access is not None:
        files.append(release_plain(access, name=facts.name + ACCESS_SUFFIX, level=facts.level))
    station.ledger.record(
        events.DocumentPlain(
            batch=work.batch_id,
            document=file.id,
            pages=permit.count.pages,
            size=len(pdf),
            signed=station.agency is not None,
        )
    )
    return Sealed(file.row.ordinal, file.id, facts.level, plain=tuple(files), record=record)


def _level(work: Work, file: DocumentFile) -> Level:
    """The stricter of the list's level and what was read; a confirmed declassification sets both aside."""
    treatment = work.treatment(file.row.ordinal)
    if treatment.action is Action.AS_NON_SECRET:
        return treatment.level
    return max(treatment.level, file.vault.level)
