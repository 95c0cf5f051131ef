"""The receipt that makes a delivery whole, and the reading of a medium by it (biên nhận).

Whole means: the receipt's signature verifies and every file that it names is there with its size and digest.
    A name
alone means nothing: on FAT a file can stand under its final name with no byte in it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from scanflow.media.filesystem import ROOT, Filesystem
from scanflow.media.registry import Sign, Verify
from scanflow.media.signed import NotSigned, unwrap, wrap

KIND = "scanflow delivery 1"
RECEIPT_MAX = 4 << 20
"""Bytes; a receipt has some 160 bytes a file."""
JOB_PREFIX = "SF-"
"""Directories of ours on a medium begin so."""
SYSTEM_DIRECTORY = ".scanflow/"


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """One file as the receipt names it (một tập tin trong biên nhận)."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class DeliveryReceipt:
    """Proof of a delivery that was read back and verified (biên nhận bàn giao).

    Attributes:
        job: name of the directory on the medium. device, device_name: the stick. diskseq: its plugging.
        level, clearance: names of levels. ledger_head: opaque line of the ledger, as given.
        at: time as given by the caller, ISO 8601. simulated: True when no hardware stands behind it.
        raw: the receipt file's bytes, signature included.
    """

    job: str
    device: str
    device_name: str
    diskseq: int
    level: str
    clearance: str
    ledger_head: str
    at: str
    simulated: bool
    files: tuple[WrittenFile, ...]
    raw: bytes

    def say_vi(self) -> str:
        """One sentence for the operator."""
        what = "thiết bị nhớ MÔ PHỎNG" if self.simulated else "thiết bị nhớ"
        return (
            f"Đã ghi và đọc lại đúng {len(self.files)} tập tin trên {what} {self.device_name} "
            f"({self.device}), thư mục {self.job}."
        )


def receipt_name(job: str) -> str:
    """File name of a job's receipt."""
    return f"{job}.receipt"


def make_receipt(sign: Sign, **fields: Any) -> DeliveryReceipt:
    """Sign a receipt; ``fields`` are those of :class:`DeliveryReceipt` but ``raw``."""
    files: tuple[WrittenFile, ...] = fields["files"]
    listed = [[each.name, each.size, each.sha256] for each in files]
    return DeliveryReceipt(**fields, raw=wrap(KIND, {**fields, "files": listed}, sign))


def read_receipt(raw: bytes, verify: Verify) -> DeliveryReceipt:
    """The receipt behind bytes from a medium.

    Raises:
        NotSigned: not whole, not a receipt, or not the station's.
    """
    _, fields = unwrap(KIND, raw, verify)
    try:
        del fields["what"]
        files = tuple(WrittenFile(str(name), int(size), str(digest)) for name, size, digest in fields.pop("files"))
        return DeliveryReceipt(**fields, files=files, raw=raw)
    except (KeyError, TypeError, ValueError) as fault:
        raise NotSigned("fields of a receipt") from fault


@dataclass(frozen=True, slots=True)
class Survey:
    """What lies on a medium (kết quả kiểm kê thiết bị).

    Attributes:
        whole: receipts that verify with every file they name.
        debris: paths, relative to the root, of what is of ours but not whole; listed, never removed by
            itself.
        foreign: names in the root that are not ours.
    """

    whole: tuple[DeliveryReceipt, ...]
    debris: tuple[str, ...]
    foreign: tuple[str, ...]


def survey(filesystem: Filesystem, verify: Verify) -> Survey:
    """Judge everything on a mounted medium by receipts alone.

    Raises:
        OSError: the medium cannot be read at all (a single unreadable file or directory is debris).
    """
    whole: list[DeliveryReceipt] = []
    debris: list[str] = []
    foreign: list[str] = []
    for name in filesystem.names(ROOT):
        if name == SYSTEM_DIRECTORY:
            continue
        if not (name.startswith(JOB_PREFIX) and name.endswith("/")):
            foreign.append(name)
            continue
        job = name.rstrip("/")
        try:
            inside = filesystem.names(job)
        except OSError:  # a yank can leave a directory whose clusters were never written
            debris.append(name)
            continue
        receipt = _whole_job(filesystem, job, verify)
        named: set[str] = set()
        if receipt is not None:
            whole.append(receipt)
            named = {each.name for each in receipt.files} | {receipt_name(job)}
        debris += [f"{job}/{each}" for each in inside if each not in named]
        if receipt is None and not inside:
            debris.append(name)
    return Survey(tuple(whole), tuple(debris), tuple(foreign))


def _whole_job(filesystem: Filesystem, job: str, verify: Verify) -> DeliveryReceipt | None:
    try:
        receipt = read_receipt(filesystem.read(job, receipt_name(job), RECEIPT_MAX), verify)
        if receipt.job != job or check_files(filesystem, receipt) is not None:
            return None
    except (OSError, NotSigned):
        return None
    return receipt


def check_files(filesystem: Filesystem, receipt: DeliveryReceipt) -> str | None:
    """Read every file of a receipt from the medium; the name of the first that differs, or None.

    Raises:
        OSError: a file is missing or unreadable.
    """
    return next((each.name for each in receipt.files if not file_holds(filesystem, receipt.job, each)), None)


def file_holds(filesystem: Filesystem, job: str, expected: WrittenFile) -> bool:
    """Read one file from the medium and compare size and digest.

    Raises:
        OSError: it is missing, unreadable or longer than expected.
    """
    content = filesystem.read(job, expected.name, expected.size)
    return len(content) == expected.size and hashlib.sha256(content).hexdigest() == expected.sha256
