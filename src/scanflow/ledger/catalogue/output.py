"""Events of sealing and of media (đóng gói, thiết bị nhớ)."""

from __future__ import annotations

from typing import ClassVar

from scanflow.ledger.catalogue.words import BundleForm, KeyAct, KeyHome, KeyUse
from scanflow.ledger.event import Event, Intent, Outcome, Weight, event
from scanflow.ledger.kinds import (
    BatchId,
    Code,
    Count,
    Date,
    DeviceId,
    Digest,
    DocumentId,
    Id,
    JobId,
    KeyId,
    MediumId,
    PersonId,
    Position,
    Size,
)
from scanflow.levels import Level


@event(
    "document.sealed",
    vi="Đóng gói văn bản {document} ({level}): {pages} trang.",
    en="{document} ({level}) sealed: {pages} pages.",
)
class DocumentSealed(Event):
    """A document's container was made (đã đóng gói). The digest is of the ciphertext."""

    batch: BatchId
    document: DocumentId
    container: Id
    level: Level
    pages: Count
    size: Size
    digest: Digest
    recipients: tuple[KeyId, ...]
    key_home: KeyHome
    signed: bool = False


@event(
    "document.plain",
    vi="Văn bản không mật {document} ra dạng PDF không niêm phong: {pages} trang.",
    en="Non-secret {document} leaves as plain PDF: {pages} pages.",
    weight=Weight.NOTICE,
)
class DocumentPlain(Event):
    """A non-secret document leaves without a container, as the batch says (không mật, không niêm phong)."""

    batch: BatchId
    document: DocumentId
    pages: Count
    size: Size
    signed: bool = False


@event(
    "bundle.sealed",
    vi="Niêm phong {form} của {documents} văn bản ({level}).",
    en="Sealed the {form} of {documents} documents ({level}).",
)
class BundleSealed(Event):
    """A container beside the documents' own: index, package, access copy. The digest is of the ciphertext."""

    batch: BatchId
    form: BundleForm
    documents: Count
    level: Level
    size: Size
    digest: Digest
    recipients: tuple[KeyId, ...]


@event(
    "bundle.failed",
    vi="Không làm được {form} ({code}).",
    en="The {form} was not made ({code}).",
    weight=Weight.WARNING,
)
class BundleFailed(Event):
    """An index, package or access copy could not be made; the documents are not touched (không làm được)."""

    batch: BatchId
    form: BundleForm
    code: Code


@event(
    "document.seal_failed",
    vi="Không đóng gói được văn bản {document} ({code}).",
    en="{document} not sealed ({code}).",
    weight=Weight.WARNING,
)
class SealFailed(Event):
    """A document could not be sealed (đóng gói không thành)."""

    batch: BatchId
    document: DocumentId
    code: Code


@event("key.changed", vi="Khóa {key} ({use}): {act}.", en="Key {key} ({use}): {act}.", weight=Weight.WARNING)
class KeyChanged(Event):
    """A key was made, replaced, retired or rehearsed (việc với khóa)."""

    key: KeyId
    use: KeyUse
    act: KeyAct
    signoff: Position | None = None


@event(
    "copy.print_begun",
    vi="{person} sắp in {copies} bản sao văn bản {document}, ký duyệt ở mục {signoff}.",
    en="{person} is about to print {copies} copies of {document}, entry {signoff}.",
)
class CopyPrinting(Intent):
    """Copies are about to be printed by a person (sắp in bản sao)."""

    document: DocumentId
    level: Level
    copies: Count
    person: PersonId
    signoff: Position


@event(
    "copy.printed",
    vi="In {copies} bản sao văn bản {document}.",
    en="{copies} copies of {document} printed.",
    weight=Weight.NOTICE,
)
class CopyPrinted(Outcome):
    """Copies were printed and entered in the copying register (đã in bản sao)."""

    closes: ClassVar[tuple[type[Intent], ...]] = (CopyPrinting,)
    document: DocumentId
    copies: Count
    spoiled: Count


@event(
    "copy.print_failed",
    vi="Không in được bản sao văn bản {document} ({code}).",
    en="Copies of {document} not printed ({code}).",
    weight=Weight.WARNING,
)
class CopyPrintFailed(Outcome):
    """Printing broke off; every sheet that came out must be accounted for (in bản sao không thành)."""

    closes: ClassVar[tuple[type[Intent], ...]] = (CopyPrinting,)
    document: DocumentId
    printed: Count
    code: Code


@event(
    "medium.refused",
    vi="Từ chối thiết bị {device}: {code}.",
    en="Device {device} refused: {code}.",
    weight=Weight.WARNING,
)
class MediumRefused(Event):
    """A device was refused (từ chối thiết bị)."""

    device: DeviceId
    code: Code
    medium: MediumId | None = None
    simulated: bool = False


@event(
    "medium.admitted",
    vi="Chấp nhận thiết bị nhớ {medium} đến mức {clearance}.",
    en="Medium {medium} admitted up to {clearance}.",
)
class MediumAdmitted(Event):
    """An enrolled medium was let in (chấp nhận)."""

    medium: MediumId
    device: DeviceId
    clearance: Level
    simulated: bool = False


@event(
    "medium.clone_seen",
    vi="Phát hiện bản sao của thiết bị nhớ {medium}.",
    en="A copy of medium {medium} was seen.",
    weight=Weight.ALARM,
)
class MediumCloneSeen(Event):
    """The rolling token shows that two copies of one medium exist (phát hiện thiết bị nhân bản)."""

    medium: MediumId
    device: DeviceId


@event("medium.enrol_begun", vi="Sắp ghi danh thiết bị nhớ {medium}.", en="About to enrol medium {medium}.")
class MediumEnrolling(Intent):
    """A medium is about to be enrolled (sắp ghi danh)."""

    medium: MediumId
    device: DeviceId
    signoff: Position
    simulated: bool = False


@event(
    "medium.enrolled",
    vi="Ghi danh thiết bị nhớ {medium} mức {clearance}, người giữ {custodian}, đến {valid_until}.",
    en="Medium {medium} enrolled at {clearance}, held by {custodian}, until {valid_until}.",
    weight=Weight.WARNING,
)
class MediumEnrolled(Outcome):
    """A medium is enrolled (đã ghi danh); ``record`` is the digest of the signed enrolment record."""

    closes: ClassVar[tuple[type[Intent], ...]] = (MediumEnrolling,)
    medium: MediumId
    clearance: Level
    custodian: PersonId
    valid_until: Date
    record: Digest


@event(
    "medium.enrol_failed",
    vi="Không ghi danh được thiết bị nhớ {medium} ({code}).",
    en="Medium {medium} not enrolled ({code}).",
)
class MediumEnrolFailed(Outcome):
    """Enrolment broke off (ghi danh không thành)."""

    closes: ClassVar[tuple[type[Intent], ...]] = (MediumEnrolling,)
    medium: MediumId
    code: Code


@event(
    "medium.revoked",
    vi="Thu hồi thiết bị nhớ {medium}, ký duyệt ở mục {signoff}.",
    en="Medium {medium} revoked, entry {signoff}.",
    weight=Weight.WARNING,
)
class MediumRevoked(Event):
    """A medium may not be used any more (thu hồi)."""

    medium: MediumId
    signoff: Position


@event(
    "delivery.begun",
    vi="Sắp ghi {documents} văn bản vào {medium} (việc {job}).",
    en="About to write {documents} documents to {medium} (job {job}).",
)
class DeliveryBegun(Intent):
    """Containers are about to be written to a medium (sắp ghi)."""

    batch: BatchId
    job: JobId
    medium: MediumId
    clearance: Level
    level: Level
    documents: Count
    simulated: bool = False


@event(
    "delivery.done",
    vi="Đã ghi và đọc lại {documents} văn bản trên {medium}.",
    en="{documents} documents written to {medium} and read back.",
)
class DeliveryDone(Outcome):
    """Bytes were read back from the medium itself and verified (đã giao). With the receipt's digest."""

    closes: ClassVar[tuple[type[Intent], ...]] = (DeliveryBegun,)
    job: JobId
    medium: MediumId
    documents: Count
    size: Size
    receipt: Digest


@event(
    "delivery.failed",
    vi="Ghi vào {medium} không thành ({code}).",
    en="Writing to {medium} failed ({code}).",
    weight=Weight.WARNING,
)
class DeliveryFailed(Outcome):
    """A delivery broke off; nothing of it passes for whole (ghi không thành)."""

    closes: ClassVar[tuple[type[Intent], ...]] = (DeliveryBegun,)
    job: JobId
    medium: MediumId
    code: Code


@event(
    "delivery.copy_missing",
    vi="Đợt {batch}: mới ghi {written}/{wanted} bản; còn thiếu bản trên thiết bị nhớ khác.",
    en="Batch {batch}: {written} of {wanted} copies are written; a copy on another stick is missing.",
    weight=Weight.WARNING,
)
class CopyMissing(Event):
    """A batch has fewer sets on media than it should have (thiếu bản thứ hai)."""

    batch: BatchId
    wanted: Count
    written: Count


@event(
    "medium.repair_begun",
    vi="{person} sắp sửa hệ thống tập tin của {medium}.",
    en="{person} is about to repair the file system of {medium}.",
)
class MediumRepairing(Intent):
    """A stick that was torn out is about to be mended by its file system's checker (sắp sửa)."""

    medium: MediumId
    person: PersonId


@event(
    "medium.repaired",
    vi="Đã sửa {medium}: {whole} lần giao còn nguyên, {debris} tệp dở dang.",
    en="{medium} was repaired: {whole} deliveries are whole, {debris} leftovers.",
    weight=Weight.NOTICE,
)
class MediumRepaired(Outcome):
    """The file system is whole again; what lies there was judged by receipts (đã sửa)."""

    closes: ClassVar[tuple[type[Intent], ...]] = (MediumRepairing,)
    medium: MediumId
    whole: Count
    debris: Count


@event(
    "medium.repair_failed",
    vi="Không sửa được {medium} ({code}).",
    en="{medium} was not repaired ({code}).",
    weight=Weight.WARNING,
)
class MediumRepairFailed(Outcome):
    """The stick could not be mended (sửa không thành)."""

    closes: ClassVar[tuple[type[Intent], ...]] = (MediumRepairing,)
    medium: MediumId
    code: Code


@event(
    "debris.found",
    vi="Có {files} tệp dở dang trên {medium}.",
    en="{files} leftover files on {medium}.",
    weight=Weight.NOTICE,
)
class DebrisFound(Event):
    """Leftovers of an earlier break lie on a medium (tệp dở dang)."""

    medium: MediumId
    files: Count


@event(
    "debris.removal_begun",
    vi="{person} sắp xóa {files} tệp dở dang trên {medium}.",
    en="{person} is about to remove {files} leftovers on {medium}.",
)
class DebrisRemoving(Intent):
    """Leftovers are about to be removed (sắp dọn)."""

    medium: MediumId
    files: Count
    person: PersonId


@event(
    "debris.removed",
    vi="Đã xóa {files} tệp dở dang trên {medium}.",
    en="{files} leftovers removed from {medium}.",
    weight=Weight.NOTICE,
)
class DebrisRemoved(Outcome):
    """Leftovers were removed (đã dọn)."""

    closes: ClassVar[tuple[type[Intent], ...]] = (DebrisRemoving,)
    medium: MediumId
    files: Count


@event(
    "debris.removal_failed",
    vi="Không xóa được tệp dở dang trên {medium} ({code}).",
    en="Leftovers on {medium} not removed ({code}).",
)
class DebrisRemovalFailed(Outcome):
    """Leftovers could not be removed (dọn không thành)."""

    closes: ClassVar[tuple[type[Intent], ...]] = (DebrisRemoving,)
    medium: MediumId
    code: Code
