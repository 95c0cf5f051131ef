"""The archival package of a dossier from its containers, later and perhaps of several batches (đóng gói hồ sơ lưu trữ).

What a batch packs itself is in `bundles`; here the containers come from a stick or a backup set, are opened in memory
with a holder's key, and only the sealed package is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from pathlib import Path

from cryptography import x509

from scanflow.ledger import Ledger
from scanflow.ledger import catalogue as events
from scanflow.ledger.catalogue import BundleForm
from scanflow.levels import Level
from scanflow.manifest import Manifest, Row
from scanflow.sealing import Container, DocumentFacts, Sealer, open_container, read_manifest
from scanflow.sealing.aip import DocumentRecord, DossierRecord, build_aip
from scanflow.sealing.keyops import PrivateKeyOps
from scanflow.station.dossiers import document_record
from scanflow.station.errors import DossierIncomplete


def pack_dossier(
    record: DossierRecord,
    manifest: Manifest,
    folder: Path,
    holder: tuple[x509.Certificate, PrivateKeyOps],
    sealer: Sealer,
    ledger: Ledger,
    keep: Callable[[Container], None],
) -> Container:
    """The sealed package of a dossier whose documents' containers lie below a folder, kept and then recorded.

    Args:
        record: what the archive wants to know of it.
        manifest: the list with its rows.
        folder: searched with its folders; a container is found by its name.
        holder: certificate and key that open the containers.
        sealer: seals the package.
        ledger: gets the entry, once the package lies where it is to lie.
        keep: puts it there, whole, or raises.

    Raises:
        DossierIncomplete: a document of the list is not there, or there is none at all.
        SealingError: a container does not open, or the package is not sealed.
        OSError: ``keep`` could not; nothing is recorded.
    """
    rows = {container_file(row): row for row in manifest.to_feed if row.dossier == record.code}
    found = {path.name: path for path in folder.rglob("*.p7m") if path.name in rows}
    if not rows or (missing := rows.keys() - found.keys()):
        raise DossierIncomplete(dossier=record.code, missing=len(missing) if rows else 0)
    documents = [_opened(rows[name], found[name], holder) for name in sorted(rows)]
    aip = build_aip(record, documents)
    container = sealer.seal(aip.data, name=aip.name, level=aip.level)
    keep(container)
    ledger.record(
        events.BundleSealed(
            batch=manifest.batch_id,
            form=BundleForm.PACKAGE,
            documents=len(documents),
            level=container.level,
            size=len(container.data),
            digest=container.sha256,
            recipients=tuple(one.fingerprint for one in container.recipients),
        )
    )
    return container


def container_file(row: Row) -> str:
    """File name of a document's container: mã hồ sơ, serial (TT 05/2025/TT-BNV Điều 8.1.d)."""
    return f"{row.dossier}.{row.document:07d}.p7m"


def _opened(row: Row, path: Path, holder: tuple[x509.Certificate, PrivateKeyOps]) -> DocumentRecord:
    pdf = open_container(path.read_bytes(), *holder)
    return document_record(row, facts_of(read_manifest(pdf)), pdf)


def facts_of(said: Mapping[str, object]) -> DocumentFacts:
    """The facts as a document's own manifest has them.

    Raises:
        UnusableFacts: they are none.
    """
    own = {one.name: said[one.name] for one in fields(DocumentFacts)}
    own["level"] = Level[str(own["level"])]
    own["digitised_at"] = datetime.fromisoformat(str(own["digitised_at"]))
    return DocumentFacts(**own)  # type: ignore[arg-type]
