"""The archival package of a dossier (AIP_hoso, TT 05/2025/TT-BNV), for archives that take E-ARK CSIP 2.0.4.

A ZIP in memory, sealed like any document before it goes anywhere: titles and abstracts stand in its EAD
files. The same input gives the same bytes. Field names and codes follow the circular's tables as far as seen
(Phụ lục of TT 05/2025/TT-BNV); its own schema files were not, so the EAD files carry the fields without a
schema, and ``schemas/`` is left out.
"""

from __future__ import annotations

import hashlib
import io
import uuid
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from scanflow.levels import Level
from scanflow.sealing.aip_xml import FileRef, ead_xml, mets_xml, premis_xml, representation_mets_xml
from scanflow.sealing.errors import NothingToSeal, TopSecretRefused
from scanflow.sealing.facts import DocumentFacts
from scanflow.sealing.package import AIP_SUFFIX

_NAMESPACE = uuid.UUID("5c0f1f5e-3c7b-5d1f-9a53-7a5e2f0b1f77")
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_MODE_PUBLIC, _MODE_SECRET = "01", "03"
_DIGITISED = "02"
_VIETNAMESE = "01"


@dataclass(frozen=True, slots=True)
class DossierRecord:
    """What the archive wants to know of a dossier; fields named as in EAD.xml of the circular.

    Attributes:
        code: mã hồ sơ (``arcFileCode``).
        paper_code: ``[mã cơ quan].[kho/giá/hộp].[số hồ sơ giấy]``, mandatory for digitised dossiers.
        title: tiêu đề hồ sơ.
        maintenance: code of the keeping period, 01 (for ever) to 07.
        condition: physical condition, 01 good, 02 normal, 03 damaged.
    """

    code: str
    paper_code: str
    title: str = field(default="", repr=False)
    maintenance: str = "01"
    condition: str = "02"
    start: date | None = None
    end: date | None = None
    description: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """One document of the dossier: what the archive wants to know of it, and its sealed-to-be PDF/A."""

    facts: DocumentFacts
    pdf: bytes = field(repr=False)
    type_code: str = "32"
    number: str = ""
    notation: str = ""
    issued: date | None = None
    organisation: str = ""
    subject: str = field(default="", repr=False)
    condition: str = "02"


@dataclass(frozen=True, slots=True)
class Aip:
    """A finished package, to be sealed under ``name``."""

    name: str
    object_id: str
    level: Level
    data: bytes = field(repr=False)


def build_aip(dossier: DossierRecord, documents: Iterable[DocumentRecord]) -> Aip:
    """The AIP of a dossier.

    Raises:
        NothingToSeal: no document.
        TopSecretRefused: one of them is TUYỆT MẬT.
    """
    listed = sorted(documents, key=lambda one: one.facts.serial)
    if not listed:
        raise NothingToSeal(document=dossier.code)
    level = max(one.facts.level for one in listed)
    if level >= Level.TUYET_MAT:
        raise TopSecretRefused(document=dossier.code)
    object_id = f"urn:uuid:{_identity(dossier, listed)}"
    files = _files(dossier, listed, object_id)
    root = object_id.replace(":", "_")
    return Aip(dossier.code + AIP_SUFFIX, object_id, level, _zipped(root, files))


def _identity(dossier: DossierRecord, documents: Sequence[DocumentRecord]) -> uuid.UUID:
    digests = "".join(hashlib.sha256(one.pdf).hexdigest() for one in documents)
    return uuid.uuid5(_NAMESPACE, f"{dossier.code}\n{digests}")


def _files(dossier: DossierRecord, documents: Sequence[DocumentRecord], object_id: str) -> dict[str, bytes]:
    """Every file of the tree by its path below the root; what is referred to is made first."""
    when = max(one.facts.digitised_at for one in documents)
    rep = "representations/rep1/"
    inner: dict[str, bytes] = {}
    for one in documents:
        inner[f"metadata/descriptive/EAD_doc_{one.facts.name}.xml"] = ead_xml("EAD_doc", _document_fields(one))
        inner[f"data/{one.facts.name}.pdf"] = one.pdf
    data = {path: content for path, content in inner.items() if path.startswith("data/")}
    inner["metadata/preservation/PREMIS_rep1.xml"] = premis_xml(_refs(data, when), when, "rep1")
    inner["METS.xml"] = representation_mets_xml("rep1", _refs(inner, when), when)
    files = {rep + path: content for path, content in inner.items()}
    files["metadata/descriptive/EAD.xml"] = ead_xml("EAD", _dossier_fields(dossier, documents))
    files["metadata/preservation/PREMIS.xml"] = premis_xml(
        _refs({rep + "METS.xml": inner["METS.xml"]}, when), when, object_id
    )
    files["METS.xml"] = mets_xml(object_id, _refs(files, when), when)
    return files


def _refs(files: dict[str, bytes], when: datetime) -> tuple[FileRef, ...]:
    return tuple(
        FileRef(path, len(content), hashlib.sha256(content).hexdigest(), when) for path, content in files.items()
    )


def _dossier_fields(dossier: DossierRecord, documents: Sequence[DocumentRecord]) -> dict[str, str]:
    """The 18 fields of EAD.xml, in the circular's order, and the level in a field of its own."""
    level = max(one.facts.level for one in documents)
    return {
        "arcFileCode": dossier.code,
        "title": dossier.title,
        "maintenance": dossier.maintenance,
        "mode": _mode(level),
        "language": _VIETNAMESE,
        "startDate": _day(dossier.start),
        "endDate": _day(dossier.end),
        "keyword": "",
        "totalDoc": str(len(documents)),
        "numberOfPaper": str(sum(one.facts.sheets for one in documents)),
        "numberOfPage": str(sum(one.facts.pages for one in documents)),
        "format": dossier.condition,
        "inforSign": "",
        "confidenceLevel": _DIGITISED,
        "paperFileCode": dossier.paper_code,
        "riskRecovery": "",
        "riskRecoveryStatus": "",
        "description": dossier.description,
        "secrecyLevel": level.vi,
    }


def _document_fields(one: DocumentRecord) -> dict[str, str]:
    """The 19 fields of EAD_doc, in the circular's order, and the level in a field of its own."""
    return {
        "arcFileCode": one.facts.dossier,
        "mode": _mode(one.facts.level),
        "language": _VIETNAMESE,
        "keyword": "",
        "numberOfPage": str(one.facts.pages),
        "format": one.condition,
        "inforSign": "",
        "confidenceLevel": _DIGITISED,
        "description": "",
        "docCode": one.facts.name,
        "docOrdinal": str(one.facts.serial),
        "typeName": one.type_code,
        "codeNumber": one.number,
        "codeNotation": one.notation,
        "issuedDate": _day(one.issued),
        "organName": one.organisation,
        "subject": one.subject,
        "autograph": "",
        "process": "",
        "secrecyLevel": one.facts.level.vi,
    }


def _mode(level: Level) -> str:
    return _MODE_PUBLIC if level is Level.THUONG else _MODE_SECRET


def _day(when: date | None) -> str:
    return "" if when is None else when.strftime("%d/%m/%Y")


def _zipped(root: str, files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            archive.writestr(zipfile.ZipInfo(f"{root}/{path}", _ZIP_TIME), files[path])
    return buffer.getvalue()
