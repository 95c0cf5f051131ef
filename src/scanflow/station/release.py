"""From counted documents to a verified delivery: sealed, written, read back, receipted (niêm phong và giao)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scanflow.counting import CountedDocument, SignOffLike, count_document
from scanflow.counting.errors import CountingError
from scanflow.errors import ScanflowError
from scanflow.ledger import catalogue as events
from scanflow.ledger.catalogue import EraseReason, KeyHome
from scanflow.levels import Level
from scanflow.media.deliver import Deliverable, deliver
from scanflow.media.errors import CloneSuspected, MediaError
from scanflow.media.judgement import identity_of
from scanflow.media.medium import WritePermit
from scanflow.media.receipt import DeliveryReceipt
from scanflow.rules import Action
from scanflow.sealing import Container, DocumentFacts, build_pdf, secretmem
from scanflow.sealing.errors import SealingError
from scanflow.station.desk import Notice, Tone
from scanflow.station.errors import DeclassificationNotSeen, PagesDiffer
from scanflow.station.feeding import erase
from scanflow.station.history import copies_delivered
from scanflow.station.names import device_digest, job_name
from scanflow.station.reading import text_of
from scanflow.station.work import DocumentFile, Work

_KEY_HOMES = {secretmem.KeyHome.MEMFD_SECRET: KeyHome.MEMFD_SECRET, secretmem.KeyHome.MLOCKED: KeyHome.MLOCK}


@dataclass(frozen=True, slots=True)
class Sealed:
    """One sealed document on its way out."""

    ordinal: int
    document: str
    container: Container


@dataclass(frozen=True, slots=True)
class Delivered:
    """What lies on media, read back and receipted; made by :func:`deliver_documents` only after that.

    Attributes:
        receipts: one a copy, each of a stick of its own; at least one.
        documents: what every copy holds.
        wanted: copies that the batch should have.
    """

    receipts: tuple[DeliveryReceipt, ...]
    documents: tuple[Sealed, ...]
    wanted: int = 1

    @property
    def complete(self) -> bool:
        """Every copy that the batch should have lies on its stick."""
        return len(self.receipts) >= self.wanted


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
    """Build and seal each document; a failure costs that document only, and is recorded."""
    sealed: list[Sealed] = []
    failed: dict[int, ScanflowError] = {}
    waiting = list(permits)
    for place, permit in enumerate(waiting, start=1):
        file = work.file(permit.row.ordinal)
        work.desk.tell(_progress(permit, place, len(waiting)))
        try:
            sealed.append(_seal(work, permit, file))
        except (SealingError, PagesDiffer) as why:
            failed[permit.row.ordinal] = why
            work.station.ledger.record(events.SealFailed(batch=work.batch_id, document=file.id, code=why.code))
            work.desk.tell(Notice.of(why))
    return sealed, failed


def _progress(permit: CountedDocument, place: int, of: int) -> Notice:
    ordinal, pages = permit.row.ordinal, permit.count.pages
    return Notice(
        Tone.INFO,
        f"Nhận dạng chữ và niêm phong {place}/{of}: tài liệu số {ordinal}, {pages} trang.",
        f"Reading and sealing {place}/{of}: document {ordinal}, {pages} pages.",
    )


def _seal(work: Work, permit: CountedDocument, file: DocumentFile) -> Sealed:
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
    pdf = build_pdf(file.vault.pages(order=work.tally.document_sheets(row.ordinal)), facts, text_of(work, file))
    container = station.sealer.seal(pdf, name=facts.name, level=level)
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
        )
    )
    return Sealed(row.ordinal, file.id, container)


def _level(work: Work, file: DocumentFile) -> Level:
    """The stricter of the list's level and what was read; a confirmed declassification sets both aside."""
    treatment = work.treatment(file.row.ordinal)
    if treatment.action is Action.AS_NON_SECRET:
        return treatment.level
    return max(treatment.level, file.vault.level)


def deliver_documents(work: Work, sealed: Sequence[Sealed]) -> Delivered | None:
    """Write the containers to as many sticks as the batch has copies; None when nobody brought any.

    Each refusal is told, recorded and another stick asked for; nothing is lost meanwhile, the containers wait in RAM.
    """
    with work.station.one_delivery:
        return _deliver_copies(work, sealed, work.station.config.batch.copies)


def _deliver_copies(work: Work, sealed: Sequence[Sealed], wanted: int) -> Delivered | None:
    receipts: list[DeliveryReceipt] = []
    while len(receipts) < wanted:
        if receipts:
            _tell_next_copy(work, receipts)
        receipt = _deliver_copy(work, sealed, [each.device for each in receipts])
        if receipt is None:
            break
        receipts.append(receipt)
    if not receipts:
        return None
    if len(receipts) < wanted:
        missing = events.CopyMissing(batch=work.batch_id, wanted=wanted, written=len(receipts))
        work.station.ledger.record(missing)
        work.desk.tell(Notice(Tone.STOP, missing.say_vi, missing.say_en))
    return Delivered(tuple(receipts), tuple(sealed), wanted)


def _tell_next_copy(work: Work, receipts: Sequence[DeliveryReceipt]) -> None:
    done = receipts[-1].device_name
    vi = f"Bản thứ {len(receipts)} đã ghi trên {done}. Rút ra, cắm thiết bị nhớ khác cho bản thứ {len(receipts) + 1}."
    en = f"Copy {len(receipts)} lies on {done}. Unplug it; copy {len(receipts) + 1} goes onto another stick."
    work.desk.tell(Notice(Tone.GOOD, vi, en))


def _deliver_copy(work: Work, sealed: Sequence[Sealed], not_these: Sequence[str]) -> DeliveryReceipt | None:
    """One copy on one stick that holds none yet; None when nobody brought one."""
    level = max(one.container.level for one in sealed)
    refusal: ScanflowError | None = None
    while work.desk.insert_stick(level, refusal):
        try:
            permit = work.station.media.admit(level, not_these=not_these)
        except MediaError as why:
            refusal = why
            _record_refusal(work, why)
            continue
        try:
            return _write(work, permit, sealed, level)
        except MediaError as why:
            refusal = why
    return None


def _record_refusal(work: Work, why: MediaError) -> None:
    work.desk.tell(Notice.of(why))
    media, ledger = work.station.media, work.station.ledger
    entries = media.entries()
    for facts in media.sticks():
        device = device_digest(facts.describe())
        entry = entries.get(identity_of(facts))
        medium = None if entry is None else entry.device.name
        ledger.record(events.MediumRefused(device=device, code=why.code, medium=medium, simulated=media.simulated))
        if isinstance(why, CloneSuspected) and medium is not None:
            ledger.record(events.MediumCloneSeen(medium=medium, device=device))
            work.desk.tell(Notice.of(why, Tone.ALARM))


def _write(work: Work, permit: WritePermit, sealed: Sequence[Sealed], level: Level) -> DeliveryReceipt:
    station = work.station
    job = job_name(work.batch_id, copies_delivered(station.ledger, work.batch_id) + 1)
    station.ledger.record(
        events.MediumAdmitted(
            medium=permit.name,
            device=device_digest(permit.device),
            clearance=permit.clearance,
            simulated=permit.simulated,
        )
    )
    begun = events.DeliveryBegun(
        batch=work.batch_id,
        job=job,
        medium=permit.name,
        clearance=permit.clearance,
        level=level,
        documents=len(sealed),
        simulated=permit.simulated,
    )
    with station.ledger.act(begun) as act:
        try:
            receipt = deliver(
                permit,
                [_deliverable(one) for one in sealed],
                job=job,
                sign=station.sign,
                verify=station.verify,
                ledger_head=str(station.ledger.head()),
            )
        except MediaError as why:
            act.failed(events.DeliveryFailed(job=job, medium=permit.name, code=why.code))
            work.desk.tell(Notice.of(why))
            raise
        act.done(
            events.DeliveryDone(
                job=job,
                medium=permit.name,
                documents=len(sealed),
                size=sum(len(one.container.data) for one in sealed),
                receipt=hashlib.sha256(receipt.raw).hexdigest(),
            )
        )
    for one in sealed:
        erase(work, one.ordinal, EraseReason.DELIVERED)
    return receipt


def _deliverable(one: Sealed) -> Deliverable:
    container = one.container
    return Deliverable(f"{container.name}.p7m", container.data, container.sha256, container.level)
