"""Opening a batch: the list is accepted, the rules propose, named persons confirm (mở đợt)."""

from __future__ import annotations

from collections.abc import Collection

from scanflow.counting import Mode, Tally
from scanflow.counting.errors import DocumentFinished
from scanflow.ledger import catalogue as events
from scanflow.ledger import commit
from scanflow.ledger.catalogue import DowngradeBasis
from scanflow.manifest import Manifest
from scanflow.rules import Action, propose
from scanflow.station.config import Separation
from scanflow.station.desk import Desk, Notice, Tone
from scanflow.station.errors import BatchDoneBefore, NeverOpened, NothingToScan
from scanflow.station.history import BatchHistory, history_of
from scanflow.station.station import Station
from scanflow.station.work import Work

_MODES = {Separation.SEPARATORS: Mode.SEPARATORS, Separation.ONE_PER_FEED: Mode.ONE_FEED}


def open_batch(
    station: Station,
    desk: Desk,
    manifest: Manifest,
    operator: str,
    *,
    simulated: bool,
    only: Collection[int] = (),
) -> Work:
    """Open a batch over an accepted list, or take it up again for some of its documents.

    Args:
        station: the rooms.
        desk: the people.
        manifest: without a fault.
        operator: person id.
        simulated: the paper is simulated; the ledger says so.
        only: STT of the documents to be scanned again; the batch was opened before, and each is fed on its own.

    Raises:
        BatchDoneBefore: the same list was delivered before, or one of ``only`` was.
        NeverOpened: nothing of this list was scanned yet.
        CountingError: one of ``only`` is not in the list, is TUYỆT MẬT, or was routed out.
        NothingToScan: every row is refused, or was routed out before.
        UnknownPerson: the operator is not enrolled.
    """
    station.office.people.person(operator)
    told = history_of(station.ledger, manifest.batch_id)
    if only:
        return _taken_up(station, desk, manifest, operator, frozenset(only), told)
    if told.delivered:
        day = max(told.delivered.values())
        raise BatchDoneBefore(batch=manifest.batch_id, documents=len(told.delivered), day=day)
    gone = frozenset(row.ordinal for row in manifest.rows if manifest.document_id(row.ordinal) in told.routed_out)
    tally = Tally.open(manifest, _MODES[station.config.batch.separation], routed=gone)
    work = Work(station, desk, manifest, operator, tally, gone=gone)
    if not work.to_feed:
        raise NothingToScan()
    _record_opening(work, simulated=simulated, first=not told.opened)
    for row in manifest.rows:
        work.proposals[row.ordinal] = propose(row, station.today, station.rules)
    for row in manifest.refused:
        desk.tell(
            Notice(
                Tone.ALARM,
                f"Tài liệu số {row.ordinal} ghi TUYỆT MẬT: không số hóa. Lấy ra khỏi tập giấy trước khi nạp.",
                f"Document {row.ordinal} is declared TUYỆT MẬT: take it out of the stack before feeding.",
            )
        )
    for ordinal in sorted(gone):
        desk.tell(Notice.of(DocumentFinished(ordinal=ordinal), Tone.ALARM))
    if not told.handed_out:
        desk.tell(
            Notice(
                Tone.INFO,
                "Đợt này chưa có biên bản bàn giao ra khỏi kho. Lập biên bản trước khi nạp giấy "
                "(trang Giấy tờ của bàn điều khiển, hoặc scanflow handover).",
                "The handover out of the store is not on the record of this batch. Record it before feeding "
                "(the console's page of papers, or scanflow handover).",
            )
        )
    _confirm_downgrades(work)
    return work


def _taken_up(
    station: Station,
    desk: Desk,
    manifest: Manifest,
    operator: str,
    only: frozenset[int],
    told: BatchHistory,
) -> Work:
    """A batch that goes on with single documents: those that did not leave the first time."""
    tally = Tally.open(manifest, Mode.ONE_FEED)
    if not told.opened:
        raise NeverOpened(batch=manifest.batch_id)
    for ordinal in sorted(only):
        tally.state.find(ordinal)
        document = manifest.document_id(ordinal)
        if document in told.delivered:
            raise BatchDoneBefore(batch=document, documents=1, day=told.delivered[document])
        if document in told.routed_out:
            raise DocumentFinished(ordinal=ordinal)
    work = Work(station, desk, manifest, operator, tally, only=only)
    station.ledger.record(events.BatchResumed(batch=work.batch_id, operator=operator))
    for row in work.to_feed:
        work.proposals[row.ordinal] = propose(row, station.today, station.rules)
    _confirm_downgrades(work)
    return work


def _record_opening(work: Work, *, simulated: bool, first: bool) -> None:
    manifest = work.manifest
    canonical = repr([row.canonical() for row in manifest.rows]).encode()
    commitment, _ = commit(canonical)
    work.station.ledger.record_many(
        [
            events.BatchOpened(batch=work.batch_id, operator=work.operator, simulated=simulated),
            events.ManifestAccepted(
                batch=work.batch_id,
                documents=len(manifest.rows),
                sheets=sum(row.sheets for row in manifest.rows),
                pages=sum(row.pages for row in manifest.rows),
                refused=len(manifest.refused),
                commitment=commitment,
            ),
            *(_rows(manifest) if first else ()),
        ]
    )


def _rows(manifest: Manifest) -> list[events.DocumentListed]:
    """What registers and statistics start from: numbers and levels only."""
    dossiers: dict[str, int] = {}
    return [
        events.DocumentListed(
            batch=manifest.batch_id,
            document=manifest.document_id(row.ordinal),
            dossier=dossiers.setdefault(row.dossier, len(dossiers) + 1),
            level=row.level,
            sheets=row.sheets,
            pages=row.pages,
        )
        for row in manifest.rows
    ]


def _confirm_downgrades(work: Work) -> None:
    """Ask a named person about each proposed downgrade; silence keeps the document secret."""
    for row in work.to_feed:
        proposal = work.proposals[row.ordinal]
        if proposal.action is not Action.AS_NON_SECRET:
            continue
        confirmation = work.desk.confirm_downgrade(row, proposal)
        if confirmation is None:
            continue
        work.station.office.people.person(confirmation.person)
        work.station.ledger.record(
            events.DowngradeConfirmed(
                batch=work.batch_id,
                document=work.manifest.document_id(row.ordinal),
                level=row.level,
                basis=DowngradeBasis[proposal.basis.name],
                person=confirmation.person,
                no_extension_stated=confirmation.no_extension_decided,
            )
        )
        work.confirmations[row.ordinal] = confirmation
