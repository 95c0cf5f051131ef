"""A dossier's set of containers and its index, so that a set with a missing container is noticed at reading.

The names say dossier code and serial only. The index (names, sizes and digests of the *containers*, never of
their plaintext) is sealed for the same recipients under ``<mã hồ sơ>.index``; without it a set is not read as
whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scanflow.levels import Level
from scanflow.sealing.errors import PackageIncomplete, PackageIndexUnreadable
from scanflow.sealing.sealer import Container, Sealer

INDEX_FORM = "scanflow-index/1"
INDEX_SUFFIX = ".index"
AIP_SUFFIX = ".aip"
ACCESS_SUFFIX = ".xem"
"""Names of the containers beside the documents' own: a dossier's index and package, a document's access copy."""


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One container of a set: its name without suffix, its size in bytes, its SHA-256 (hexadecimal)."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PackageIndex:
    """What belongs to a dossier's set (mục lục gói)."""

    dossier: str
    entries: tuple[IndexEntry, ...]

    def to_json(self) -> bytes:
        """Canonical JSON, entries by name."""
        listed = [[one.name, one.size, one.sha256] for one in sorted(self.entries, key=lambda one: one.name)]
        document = {"form": INDEX_FORM, "dossier": self.dossier, "containers": listed}
        return json.dumps(document, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class SetDifference:
    """How what lies on a medium differs from the index; names of containers."""

    missing: tuple[str, ...]
    changed: tuple[str, ...]
    unexpected: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Nothing missing and nothing changed; an unexpected file is reported, and does no harm."""
        return not self.missing and not self.changed


def seal_index(dossier: str, containers: Iterable[Container], sealer: Sealer) -> Container:
    """The sealed index of a set; at the highest level among its containers."""
    listed = tuple(containers)
    entries = tuple(IndexEntry(one.name, len(one.data), one.sha256) for one in listed)
    level = max((one.level for one in listed), default=Level.THUONG)
    return sealer.seal(PackageIndex(dossier, entries).to_json(), name=dossier + INDEX_SUFFIX, level=level)


def read_index(plaintext: bytes) -> PackageIndex:
    """The index out of its opened container.

    Raises:
        PackageIndexUnreadable: it is not an index of this form.
    """
    try:
        document = json.loads(plaintext)
        if document["form"] != INDEX_FORM or set(document) != {"form", "dossier", "containers"}:
            raise PackageIndexUnreadable()
        entries = tuple(IndexEntry(str(name), int(size), str(digest)) for name, size, digest in document["containers"])
        return PackageIndex(str(document["dossier"]), entries)
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as fault:
        raise PackageIndexUnreadable() from fault


def compare_set(index: PackageIndex, present: Mapping[str, bytes]) -> SetDifference:
    """Compare what lies on a medium with the index.

    Args:
        index: from `read_index`.
        present: bytes of each container by name without suffix, the index itself left out.
    """
    wanted = {one.name: one for one in index.entries}
    changed = [
        name
        for name, entry in wanted.items()
        if name in present
        and (len(present[name]), hashlib.sha256(present[name]).hexdigest()) != (entry.size, entry.sha256)
    ]
    return SetDifference(
        tuple(sorted(wanted.keys() - present.keys())),
        tuple(sorted(changed)),
        tuple(sorted(present.keys() - wanted.keys())),
    )


def demand_whole(index: PackageIndex, present: Mapping[str, bytes]) -> None:
    """Refuse a set that is not whole.

    Raises:
        PackageIncomplete: a container is missing or changed.
    """
    difference = compare_set(index, present)
    if not difference.whole:
        raise PackageIncomplete(dossier=index.dossier, missing=len(difference.missing), changed=len(difference.changed))
