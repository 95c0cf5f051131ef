"""The recovery drill: whether the offline certificate still opens everything (diễn tập khôi phục).

A recovery key that nobody has used for years is a hope, not a backup. The drill opens every container of a
medium in memory, checks that it is the document its name says and valid PDF/A, and writes nothing.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import pikepdf
from cryptography import x509
from pikepdf import pdfa

from scanflow.sealing.errors import SealingError
from scanflow.sealing.keyops import PrivateKeyOps
from scanflow.sealing.package import ACCESS_SUFFIX, AIP_SUFFIX, INDEX_SUFFIX, PackageIndex, compare_set, read_index
from scanflow.sealing.pdf import FLAVOUR, read_manifest
from scanflow.sealing.reader import open_container

NOT_THE_DOCUMENT = "SEA-DRILL-CONTENT"
"""Opened, but not the PDF/A that the container's name promises."""


@dataclass(frozen=True, slots=True)
class DrillResult:
    """What became of one container; ``code`` is None when all is well, else the refusal's code."""

    name: str
    code: str | None
    pages: int = 0


@dataclass(frozen=True, slots=True)
class DrillReport:
    """The whole drill; containers that an index names and that are not there are results of their own."""

    results: tuple[DrillResult, ...]

    @property
    def passed(self) -> bool:
        """Something was opened, and every container was well."""
        return bool(self.results) and all(one.code is None for one in self.results)


def rehearse(containers: Mapping[str, bytes], certificate: x509.Certificate, key: PrivateKeyOps) -> DrillReport:
    """Open every container in memory and judge what is in it.

    Args:
        containers: bytes by name without suffix.
        certificate: whose key is rehearsed, normally the recovery certificate.
        key: from a file or a token.
    """
    results = []
    for name, data in sorted(containers.items()):
        try:
            plaintext = open_container(data, certificate, key)
            if name.endswith(INDEX_SUFFIX):
                results += _index(read_index(plaintext), name, containers)
            elif name.endswith(AIP_SUFFIX):
                results.append(_package(name, plaintext))
            else:
                results.append(_document(name, plaintext))
        except SealingError as refusal:
            results.append(DrillResult(name, refusal.code))
    return DrillReport(tuple(results))


def _index(index: PackageIndex, name: str, containers: Mapping[str, bytes]) -> list[DrillResult]:
    prefix = index.dossier + "."
    of_dossier = {one: data for one, data in containers.items() if one.startswith(prefix) and one != name}
    difference = compare_set(index, of_dossier)
    bad = [DrillResult(one, "SEA-SET") for one in difference.missing + difference.changed]
    return [DrillResult(name, "SEA-SET" if bad else None), *bad]


def _package(name: str, plaintext: bytes) -> DrillResult:
    try:
        with zipfile.ZipFile(io.BytesIO(plaintext)) as archive:
            pages = [one for one in archive.namelist() if one.endswith(".pdf")]
            whole = archive.testzip() is None and any(one.endswith("/METS.xml") for one in archive.namelist())
    except _BAD_ARCHIVE:
        return DrillResult(name, NOT_THE_DOCUMENT)
    return DrillResult(name, None if whole and pages else NOT_THE_DOCUMENT)


def _document(name: str, plaintext: bytes) -> DrillResult:
    try:
        manifest = read_manifest(plaintext)
        named = manifest["name"] == name.removesuffix(ACCESS_SUFFIX)
        sides = len(manifest["sides"])
        with pikepdf.open(io.BytesIO(plaintext)) as pdf:
            pages, signed = len(pdf.pages), "/AcroForm" in pdf.Root
        findings = pdfa.validate_written(io.BytesIO(plaintext), FLAVOUR).findings
    except _BAD_DOCUMENT:
        return DrillResult(name, NOT_THE_DOCUMENT)
    # the validator does not know signature fields; anything else it finds is a fault
    left = [one for one in findings if not (signed and one.kind == "unsupported" and one.where.endswith("/AcroForm"))]
    return DrillResult(name, None if named and pages == sides and not left else NOT_THE_DOCUMENT, pages)


_BAD_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    ValueError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)
_BAD_DOCUMENT = (pikepdf.PdfError, ValueError, KeyError, TypeError, RecursionError)
"""What the libraries raise for content that is not what it should be: one bad container must not end the drill."""
