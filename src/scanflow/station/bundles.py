"""What goes out beside a dossier's documents: its sealed index, and its archival package where it is asked for."""

from __future__ import annotations

from collections.abc import Sequence

from scanflow.ledger import catalogue as events
from scanflow.ledger.catalogue import BundleForm
from scanflow.sealing import Container
from scanflow.sealing.aip import DocumentRecord, build_aip
from scanflow.sealing.errors import SealingError
from scanflow.sealing.package import seal_index
from scanflow.station.desk import Notice, Tone
from scanflow.station.work import Work


def seal_bundles(
    work: Work, containers: Sequence[tuple[str, Container]], records: Sequence[DocumentRecord]
) -> list[Container]:
    """The packages and indexes of all dossiers that have a container.

    Args:
        work: the batch.
        containers: those of the documents, each with the code of its dossier.
        records: documents for archival packages; a dossier is packed when none of its rows is missing.
    """
    made: list[Container] = []
    for dossier in sorted({code for code, _ in containers}):
        own = [container for code, container in containers if code == dossier]
        packed = _package(work, dossier, [one for one in records if one.facts.dossier == dossier])
        if packed is not None:
            own.append(packed)
            made.append(packed)
        try:
            index = seal_index(dossier, own, work.station.sealer)
        except SealingError as why:
            _failed(work, BundleForm.INDEX, why)
            continue
        record_bundle(work, BundleForm.INDEX, index, len(own))
        made.append(index)
    return made


def _package(work: Work, dossier: str, records: Sequence[DocumentRecord]) -> Container | None:
    """The dossier's archival package, if the archive's record of it is there and all its documents are."""
    record = work.station.dossiers.get(dossier)
    if record is None:
        return None
    wanted = {row.document for row in work.manifest.to_feed if row.dossier == dossier}
    missing = wanted - {one.facts.serial for one in records}
    if missing:
        vi = f"Hồ sơ {dossier}: còn {len(missing)} tài liệu chưa niêm phong nên chưa đóng gói lưu trữ (AIP)."
        en = f"Dossier {dossier}: {len(missing)} documents are not sealed, so its archival package is not made."
        work.desk.tell(Notice(Tone.STOP, vi, en))
        return None
    try:
        aip = build_aip(record, records)
        packed = work.station.sealer.seal(aip.data, name=aip.name, level=aip.level)
    except SealingError as why:
        _failed(work, BundleForm.PACKAGE, why)
        return None
    record_bundle(work, BundleForm.PACKAGE, packed, len(records))
    return packed


def record_bundle(work: Work, form: BundleForm, container: Container, documents: int) -> None:
    """Enter a container that is not a document's own."""
    work.station.ledger.record(
        events.BundleSealed(
            batch=work.batch_id,
            form=form,
            documents=documents,
            level=container.level,
            size=len(container.data),
            digest=container.sha256,
            recipients=tuple(one.fingerprint for one in container.recipients),
        )
    )


def _failed(work: Work, form: BundleForm, why: SealingError) -> None:
    work.station.ledger.record(events.BundleFailed(batch=work.batch_id, form=form, code=why.code))
    work.desk.tell(Notice.of(why))
