"""Delivery: what was sealed is written to admitted sticks, read back and receipted (giao)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from scanflow.errors import ScanflowError
from scanflow.ledger import catalogue as events
from scanflow.ledger.catalogue import EraseReason
from scanflow.levels import Level
from scanflow.media.deliver import Deliverable, deliver
from scanflow.media.errors import CloneSuspected, MediaError
from scanflow.media.judgement import identity_of
from scanflow.media.medium import WritePermit
from scanflow.media.receipt import DeliveryReceipt
from scanflow.sealing import Container
from scanflow.station.bundles import seal_bundles
from scanflow.station.desk import Notice, Tone
from scanflow.station.errors import NotAnOrdinaryStick
from scanflow.station.feeding import erase
from scanflow.station.history import copies_delivered
from scanflow.station.names import device_digest, job_name
from scanflow.station.sealwork import Sealed
from scanflow.station.work import Work


@dataclass(frozen=True, slots=True)
class Delivered:
    """What lies on media, read back and receipted; made by :func:`deliver_documents` only after that.

    Attributes:
        receipts: one a copy, each of a stick of its own; at least one.
        documents: what every copy holds.
        wanted: sticks that there should be.
        short: documents of which a copy is missing.
    """

    receipts: tuple[DeliveryReceipt, ...]
    documents: tuple[Sealed, ...]
    wanted: int = 1
    short: frozenset[str] = frozenset()

    @property
    def complete(self) -> bool:
        """Every copy that the batch should have lies on its stick."""
        return not self.short


def deliver_documents(work: Work, sealed: Sequence[Sealed]) -> Delivered | None:
    """Write everything to as many sticks as the batch has copies; None when nobody brought any.

    Plain PDF of what is no secret goes onto sticks of its own. Each refusal is told, recorded and another stick asked
    for; nothing is lost meanwhile, the files wait in RAM.
    """
    rounds = []
    bundles = _bundles(work, sealed)
    with work.station.one_delivery:
        if secret := [one for one in sealed if not one.plain]:
            rounds.append(_deliver_round(work, secret, bundles))
        if plain := [one for one in sealed if one.plain]:
            rounds.append(_deliver_round(work, plain, []))
    done = [one for one in rounds if one is not None]
    if not done:
        return None
    return Delivered(
        tuple(receipt for one in done for receipt in one.receipts),
        tuple(document for one in done for document in one.documents),
        work.station.config.batch.copies * len(rounds),
        frozenset().union(*(one.short for one in done)),
    )


def _bundles(work: Work, sealed: Sequence[Sealed]) -> list[Container]:
    dossier = {row.ordinal: row.dossier for row in work.manifest.rows}
    containers = [(dossier[one.ordinal], container) for one in sealed for container in one.containers]
    return seal_bundles(work, containers, [one.record for one in sealed if one.record is not None])


def _deliver_round(work: Work, sealed: Sequence[Sealed], bundles: Sequence[Container]) -> Delivered | None:
    """The same files on as many sticks as the batch has copies; None when nobody brought any."""
    wanted = work.station.config.batch.copies
    receipts: list[DeliveryReceipt] = []
    while len(receipts) < wanted:
        if receipts:
            _tell_next_copy(work, receipts)
        receipt = _deliver_copy(work, sealed, bundles, [each.device for each in receipts])
        if receipt is None:
            break
        receipts.append(receipt)
    if not receipts:
        return None
    if len(receipts) < wanted:
        missing = events.CopyMissing(batch=work.batch_id, wanted=wanted, written=len(receipts))
        work.station.ledger.record(missing)
        work.desk.tell(Notice(Tone.STOP, missing.say_vi, missing.say_en))
    short = frozenset(one.document for one in sealed) if len(receipts) < wanted else frozenset()
    return Delivered(tuple(receipts), tuple(sealed), wanted, short)


def _tell_next_copy(work: Work, receipts: Sequence[DeliveryReceipt]) -> None:
    done = receipts[-1].device_name
    vi = f"Bản thứ {len(receipts)} đã ghi trên {done}. Rút ra, cắm thiết bị nhớ khác cho bản thứ {len(receipts) + 1}."
    en = f"Copy {len(receipts)} lies on {done}. Unplug it; copy {len(receipts) + 1} goes onto another stick."
    work.desk.tell(Notice(Tone.GOOD, vi, en))


def _deliver_copy(
    work: Work, sealed: Sequence[Sealed], bundles: Sequence[Container], not_these: Sequence[str]
) -> DeliveryReceipt | None:
    """One copy on one stick that holds none yet; None when nobody brought one."""
    level = max(one.level for one in sealed)
    refusal: ScanflowError | None = None
    while work.desk.insert_stick(level, refusal):
        _tell_stick(work, level)
        try:
            permit = work.station.media.admit(level, not_these=not_these)
        except MediaError as why:
            refusal = why
            _record_refusal(work, why)
            continue
        if any(one.plain for one in sealed) and permit.clearance is not Level.THUONG:
            permit.give_up()
            refusal = NotAnOrdinaryStick(medium=permit.name)
            device = device_digest(permit.device)
            work.station.ledger.record(
                events.MediumRefused(device=device, code=refusal.code, medium=permit.name, simulated=permit.simulated)
            )
            work.desk.tell(Notice.of(refusal))
            continue
        try:
            return _write(work, permit, sealed, bundles, level)
        except MediaError as why:
            refusal = why
    return None


def _tell_stick(work: Work, level: Level) -> None:
    """Show the people which stick is about to be opened; its port is still shut."""
    entries = work.station.media.entries()
    for one in work.station.media.judge_all(level):
        if one.decision == "admit":
            device = entries[one.device].device
            clearance = "" if device.clearance is None else device.clearance.vi
            vi = f"Thiết bị nhớ {device.name}, được lưu đến độ {clearance}, người giữ {device.custodian}: sắp mở cổng."
            en = f"Medium {device.name}, held by {device.custodian}: its port is about to be opened."
            work.desk.tell(Notice(Tone.INFO, vi, en))


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


def _write(
    work: Work, permit: WritePermit, sealed: Sequence[Sealed], bundles: Sequence[Container], level: Level
) -> DeliveryReceipt:
    station = work.station
    files = _files(sealed, bundles)
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
                files,
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
                size=sum(len(one.content) for one in files),
                receipt=hashlib.sha256(receipt.raw).hexdigest(),
            )
        )
    for one in sealed:
        erase(work, one.ordinal, EraseReason.DELIVERED)
    return receipt


def _files(sealed: Sequence[Sealed], bundles: Sequence[Container]) -> list[Deliverable]:
    containers = [container for one in sealed for container in one.containers] + list(bundles)
    files = [Deliverable(f"{one.name}.p7m", one.data, one.sha256, one.level) for one in containers]
    plain = [one for document in sealed for one in document.plain]
    return files + [Deliverable(f"{one.name}.pdf", one.data, one.sha256, Level.THUONG) for one in plain]
