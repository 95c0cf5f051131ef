"""The evidence bundle: a ledger with its head, to be checked by others elsewhere (hồ sơ chứng cứ).

A zip archive of five files, and nothing of the station but the ledger: ``ledger.jsonl``, ``head.note``,
``verify.py`` (plain Python, no scanflow), ``events.md`` (what each event means) and ``README.txt``. The
public key is not among them on purpose: a key that comes with the evidence proves nothing.
"""

from __future__ import annotations

import os
import zipfile
from hashlib import file_digest
from pathlib import Path
from typing import Final

from scanflow.ledger.catalogue.log import EvidenceExported, HeadIssued
from scanflow.ledger.catalogue.words import HeadCarrier
from scanflow.ledger.disk import RealDisk
from scanflow.ledger.docs import events_page
from scanflow.ledger.errors import BundleRefused, LedgerError
from scanflow.ledger.inspect import standalone
from scanflow.ledger.lines import open_ledger
from scanflow.ledger.log import Ledger
from scanflow.ledger.note import Checkpoint, Verifier
from scanflow.ledger.verify import Report, Sources, verify_stream

_LEDGER: Final = "ledger.jsonl"
_HEAD: Final = "head.note"
_MAX_HEAD: Final = 64 * 1024
_README: Final = """HỒ SƠ CHỨNG CỨ CỦA SỔ NHẬT KÝ SCANFLOW / EVIDENCE BUNDLE OF A SCANFLOW LEDGER

Kiểm tra (chỉ cần Python 3.9 trở lên) / to check (Python 3.9 or later is enough):

    python3 verify.py ledger.jsonl 'VKEY' head.note HEAD...

VKEY: khóa công khai của trạm do cơ quan giao riêng, không nằm trong hồ sơ này.
      the station's public key, handed over by another way than this bundle.
HEAD: các đầu sổ, biên nhận (.tlog-proof) đã ra khỏi phòng trước đây.
      heads and receipts that left the room earlier. Only these show that nothing was cut off at the end.

events.md: ý nghĩa từng sự kiện / what each event means.
"""


def export_bundle(ledger: Ledger, target: Path, person: str) -> str:
    """Write the evidence bundle of everything recorded so far, and record that it was taken.

    Args:
        ledger: the open ledger.
        target: the archive to write; on a medium of the inspector.
        person: id of the inspector.

    Returns:
        SHA-256 of the archive, hex.

    Raises:
        OSError: the target could not be written.
        LedgerWriteFailed: the export could not be recorded.
    """
    with ledger.alone():
        head, end = ledger.head(), ledger.length
    beside = target.with_name(target.name + ".new")
    with beside.open("xb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
        with (
            bundle.open(_named(_LEDGER), "w", force_zip64=True) as inside,
            open_ledger(ledger.path) as stream,
        ):
            left = end
            while left and (chunk := stream.read(min(left, 1 << 20))):
                inside.write(chunk)
                left -= len(chunk)
        bundle.writestr(_named(_HEAD), head.note)
        bundle.writestr(_named("verify.py"), Path(standalone.__file__).read_bytes())
        bundle.writestr(_named("events.md"), events_page())
        bundle.writestr(_named("README.txt"), _README)
    with beside.open("rb") as written:
        os.fsync(written.fileno())
        digest = file_digest(written, "sha256").hexdigest()
    beside.rename(target)
    RealDisk().sync_directory(target.parent)
    ledger.record_many(
        [
            EvidenceExported(person=person, size=head.size, digest=digest),
            HeadIssued(size=head.size, root=head.root.hex(), carrier=HeadCarrier.BUNDLE),
        ]
    )
    return digest


def verify_bundle(bundle: Path, station: Verifier, against: Sources = ()) -> Report:
    """Hold the ledger in a bundle against the bundle's head and every head given.

    Raises:
        BundleRefused: not a bundle.
    """
    try:
        with zipfile.ZipFile(bundle) as archive, archive.open(_LEDGER) as stream:
            return verify_stream(stream, _head_of(archive), station, against)
    except (OSError, KeyError, EOFError, ValueError, NotImplementedError, zipfile.BadZipFile) as broken:
        raise BundleRefused() from broken


def _head_of(archive: zipfile.ZipFile) -> Checkpoint | LedgerError:
    with archive.open(_HEAD) as stream:
        note = stream.read(_MAX_HEAD + 1)
    try:
        return Checkpoint.parse(note)
    except LedgerError as fault:
        return fault


def _named(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)  # the date of 1980: the same ledger gives the same archive
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info
