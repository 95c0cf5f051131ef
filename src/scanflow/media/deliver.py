"""Writing to a medium so that a yank at any instant leaves nothing that passes for whole (ghi an toàn).

The order is the promise::

    room is enough? → job directory → each file: NAME.part, write, fsync, rename, fsync AGAIN, fsync directory
    → receipt the same way, last → syncfs → unmount (proved) → drop the kernel's copy → mount anew, read-only
    → read everything back with O_DIRECT, digests and receipt signature → unmount → still the same plugging?
    → said

The second ``fsync`` of the file after its rename is no superstition: without it FAT keeps a file of 0 bytes
under the final name (measured on Linux 6.1, default mount options).
"""

from __future__ import annotations

import errno
import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from scanflow.levels import Level
from scanflow.media import errors
from scanflow.media.faults import Step, told
from scanflow.media.filesystem import PIECE, ROOT, Filesystem
from scanflow.media.medium import Medium, WritePermit
from scanflow.media.names import output_name, output_names
from scanflow.media.policy import judge_level
from scanflow.media.receipt import (
    JOB_PREFIX,
    RECEIPT_MAX,
    DeliveryReceipt,
    WrittenFile,
    file_holds,
    make_receipt,
    read_receipt,
    receipt_name,
)
from scanflow.media.registry import Sign, Verify
from scanflow.media.signed import NotSigned

READ_ME = "READ-ME.txt"
_READ_ME_TEXT = "\n".join(
    (
        "Moi tep .p7m la mot tai lieu da niem phong (CMS AuthEnvelopedData).",
        "Mo bang OpenSSL 3, khong can phan mem khac; chi dung ket qua khi lenh thanh cong.",
        "",
        "Each .p7m file is one sealed document (CMS AuthEnvelopedData). It opens with OpenSSL 3, without",
        "other software. Use the result only when the command succeeded (that is what && is for).",
        "",
        "openssl cms -decrypt -binary -inform DER -in X.p7m -recip me.pem -inkey me.key -out X.part && mv X.part X.pdf",
        "",
    )
)

PART = ".part"
SLACK = 1 << 20
"""Bytes kept free beyond the files: directory entries, allocation tables."""
CLUSTER = 128 * 1024
"""Bytes a file is rounded up to when room is reckoned: the largest cluster of common sticks."""
SYNC_EVERY = 64
"""Pieces between two syncs: bounds what the kernel holds back, and makes progress honest."""
SLOWEST = 120.0
"""Seconds for one piece of 1 MiB (or one sync) before the stick is given up."""

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all; written bytes first, then again as many while reading back."""


@dataclass(frozen=True, slots=True)
class Deliverable:
    """One sealed container on its way out (một gói tài liệu đã niêm phong).

    Attributes:
        name: file name, short plain ASCII, no title (``SF-2026-000123-001.p7m``).
        content: the container's bytes (ciphertext). sha256: hex digest that sealing computed.
        level: of the document inside.
    """

    name: str
    content: bytes = field(repr=False)
    sha256: str
    level: Level


def deliver(
    permit: WritePermit,
    containers: Sequence[Deliverable],
    *,
    job: str,
    sign: Sign,
    verify: Verify,
    ledger_head: str,
    progress: Progress = lambda done, whole: None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    clock: Callable[[], float] = time.monotonic,
) -> DeliveryReceipt:
    """Write ``containers`` with ``permit`` and return only when they were read back from the medium.

    Args:
        permit: spent by this call, whatever its outcome; the medium is released at the end.
        containers: at least one.
        job: directory to make, beginning with ``SF-``.
        sign: makes the station's signature.
        verify: checks it.
        ledger_head: line of the ledger that the receipt carries out of the room.
        progress: see :data:`Progress`.
        now: for the receipt's time.
        clock: monotonic seconds.

    Raises:
        PermitSpent, NameUnfit, ContainerDiffers, ClearanceTooLow, NeverOnMedium, FileTooLarge, MediumFull:
            before the first byte was written.
        AlreadyDelivered: the job's directory is there.
        MediumFault: a kind of it says what broke off; then nothing was delivered, and what lies there is
            debris.
    """
    medium = permit.spend()
    try:
        _check_input(permit, containers, job)
        writer = _Writer(medium, job, progress, clock, 2 * sum(len(each.content) for each in containers))
        medium.still_there()
        with told(medium, Step.MOUNT):
            filesystem = medium.mount(writable=True)
        writer.check_room(filesystem, containers)
        receipt = _write_all(writer, filesystem, permit, containers, sign, ledger_head, now)
        with told(medium, Step.CLOSE):
            medium.unmount()
        medium.still_there()
        with told(medium, Step.READ_BACK):
            _read_back(writer, medium.mount(writable=False), receipt, verify)
            medium.unmount()
        medium.still_there()
    finally:
        medium.release()
    return receipt


def _check_input(permit: WritePermit, containers: Sequence[Deliverable], job: str) -> None:
    if not job.startswith(JOB_PREFIX) or not containers:
        raise errors.NameUnfit
    output_name(job)
    output_names([*(each.name for each in containers), READ_ME, receipt_name(job)])
    for each in containers:
        refusal = judge_level(permit.description, permit.clearance, each.level)
        if refusal is None and each.level > permit.level:
            refusal = judge_level(permit.description, permit.level, each.level)
        if refusal is not None:
            raise refusal
        if hashlib.sha256(each.content).hexdigest() != each.sha256:
            raise errors.ContainerDiffers(name=each.name)


def _write_all(
    writer: _Writer,
    filesystem: Filesystem,
    permit: WritePermit,
    containers: Sequence[Deliverable],
    sign: Sign,
    ledger_head: str,
    now: Callable[[], datetime],
) -> DeliveryReceipt:
    medium, job = writer.medium, writer.job
    with told(medium, Step.DIRECTORY):
        try:
            filesystem.make_directory(job)
        except FileExistsError as fault:
            raise errors.AlreadyDelivered(device=permit.description, name=job) from fault
        filesystem.sync_directory(ROOT)
    files: list[WrittenFile] = []
    with told(medium, Step.WRITE):
        read_me = _READ_ME_TEXT.encode("ascii")
        for name, content in [(READ_ME, read_me), *((each.name, each.content) for each in containers)]:
            writer.put(filesystem, name, content)
            files.append(WrittenFile(name, len(content), hashlib.sha256(content).hexdigest()))
    receipt = make_receipt(
        sign,
        job=job,
        device=permit.device,
        device_name=permit.name,
        diskseq=permit.diskseq,
        level=permit.level.name,
        clearance=permit.clearance.name,
        ledger_head=ledger_head,
        at=now().isoformat(timespec="seconds"),
        simulated=permit.simulated,
        files=tuple(files),
    )
    # All that the receipt vouches for must be on the medium before the receipt can be.
    with told(medium, Step.RECEIPT):
        filesystem.sync_all()
        medium.still_there()
        writer.put(filesystem, receipt_name(job), receipt.raw)
        filesystem.sync_all()
    return receipt


def _read_back(writer: _Writer, filesystem: Filesystem, receipt: DeliveryReceipt, verify: Verify) -> None:
    name = receipt_name(receipt.job)
    try:
        raw = filesystem.read(receipt.job, name, RECEIPT_MAX)
        if raw != receipt.raw or read_receipt(raw, verify) != receipt:
            raise errors.ReceiptInvalid(name=name)
    except (NotSigned, FileNotFoundError) as fault:
        writer.medium.still_there()
        raise errors.ReceiptInvalid(name=name) from fault
    for each in receipt.files:
        if not _holds(writer, filesystem, receipt.job, each):
            raise errors.ReadBackDiffers(name=each.name, device=writer.medium.facts.describe())
        if each.name != READ_ME:
            writer.advance(each.size)


def _holds(writer: _Writer, filesystem: Filesystem, job: str, expected: WrittenFile) -> bool:
    try:
        return file_holds(filesystem, job, expected)
    except OSError as fault:
        # Gone or longer than written: the medium answers, and what it answers is not what was sealed.
        if fault.errno not in (errno.ENOENT, errno.EFBIG):
            raise
        writer.medium.still_there()
        return False


class _Writer:
    """Puts files down one way only, and keeps count and time."""

    def __init__(self, medium: Medium, job: str, progress: Progress, clock: Callable[[], float], whole: int) -> None:
        self.medium = medium
        self.job = job
        self._progress = progress
        self._clock = clock
        self._whole = whole
        self._done = 0

    def advance(self, count: int) -> None:
        self._done += count
        self._progress(min(self._done, self._whole), self._whole)

    def check_room(self, filesystem: Filesystem, containers: Sequence[Deliverable]) -> None:
        with told(self.medium, Step.CHECK):
            free = filesystem.free()
            limit = filesystem.file_limit
        for each in containers:
            if limit is not None and len(each.content) > limit:
                raise errors.FileTooLarge(name=each.name)
        # Receipt and READ-ME count as two files more.
        need = SLACK + sum(len(each.content) + CLUSTER for each in containers) + 2 * CLUSTER
        if free < need:
            raise errors.MediumFull(device=self.medium.facts.describe(), need=need, free=free)

    def put(self, filesystem: Filesystem, name: str, content: bytes) -> None:
        """``NAME.part`` → write → fsync → rename → fsync again → fsync directory."""
        handle = filesystem.create(self.job, name + PART)
        try:
            self._pour(filesystem, handle, content, counted=name not in (READ_ME, receipt_name(self.job)))
            filesystem.sync(handle)
            filesystem.rename(self.job, name + PART, name)
            filesystem.sync(handle)
        finally:
            filesystem.close(handle)
        filesystem.sync_directory(self.job)

    def _pour(self, filesystem: Filesystem, handle: int, content: bytes, *, counted: bool) -> None:
        view = memoryview(content)
        pieces = 0
        while view:
            started = self._clock()
            taken = filesystem.write(handle, view[:PIECE])
            pieces += 1
            if pieces % SYNC_EVERY == 0:
                filesystem.sync(handle)
            if taken <= 0:
                raise OSError(errno.EIO, "nothing was written")
            view = view[taken:]
            spent = self._clock() - started
            if spent > SLOWEST:
                raise errors.TooSlow(device=self.medium.facts.describe(), seconds=round(spent))
            if counted:
                self.advance(taken)
