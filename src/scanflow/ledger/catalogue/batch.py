"""Events of a batch: list, handovers, counting, release (đợt số hóa)."""

from __future__ import annotations

from scanflow.ledger.catalogue.words import BatchEnd, DowngradeBasis, Hint, Moment, PaperState
from scanflow.ledger.event import Event, Weight, event
from scanflow.ledger.kinds import (
    BatchId,
    Code,
    Commitment,
    Count,
    Difference,
    DocumentId,
    Ordinal,
    PersonId,
    Position,
)
from scanflow.levels import Level


@event("batch.opened", vi="Mở đợt {batch}; người vận hành {operator}.", en="Batch {batch} opened by {operator}.")
class BatchOpened(Event):
    """A batch was opened (mở đợt). Its operators may sign nothing of it."""

    batch: BatchId
    operator: PersonId
    simulated: bool = False


@event("batch.resumed", vi="Tiếp tục đợt {batch}; người vận hành {operator}.", en="{operator} resumed {batch}.")
class BatchResumed(Event):
    """Work on a batch goes on, perhaps by another operator (tiếp tục đợt)."""

    batch: BatchId
    operator: PersonId


@event("batch.closed", vi="Đóng đợt {batch}: {end}.", en="Batch {batch} closed: {end}.")
class BatchClosed(Event):
    """A batch is over (đóng đợt), with its totals; ``fed`` is what all the others add up to."""

    batch: BatchId
    end: BatchEnd
    documents: Count
    fed: Count
    cleared: Count
    held: Count
    routed_out: Count
    spoiled: Count
    separators: Count
    signoff: Position | None = None


@event(
    "manifest.accepted",
    vi="Nhận danh mục của đợt {batch}: {documents} văn bản, {sheets} tờ, {pages} trang.",
    en="List of {batch} accepted: {documents} documents, {sheets} sheets, {pages} pages.",
)
class ManifestAccepted(Event):
    """The handover list was read without a fault (nhận danh mục). ``commitment`` binds the file, salted."""

    batch: BatchId
    documents: Count
    sheets: Count
    pages: Count
    refused: Count
    commitment: Commitment


@event(
    "manifest.document",
    vi="Danh mục: văn bản {document} ({level}), hồ sơ thứ {dossier}, {sheets} tờ, {pages} trang.",
    en="Listed: {document} ({level}), dossier {dossier}, {sheets} sheets, {pages} pages.",
)
class DocumentListed(Event):
    """A row of an accepted list (một tài liệu trong danh mục), once a batch; what statistics and registers start from.

    ``dossier`` numbers the dossiers of the list in order of their first document; it says nothing of their codes.
    """

    batch: BatchId
    document: DocumentId
    dossier: Ordinal
    level: Level
    sheets: Count
    pages: Count


@event(
    "manifest.refused",
    vi="Danh mục bị từ chối: {faults} lỗi ({codes}).",
    en="List refused: {faults} faults ({codes}).",
)
class ManifestRefused(Event):
    """The handover list was refused as a whole (từ chối danh mục)."""

    faults: Count
    codes: tuple[Code, ...] = ()


@event(
    "manifest.corrected",
    vi="Sửa danh mục văn bản {document}: {sheets} tờ, {pages} trang; ký duyệt ở mục {signoff}.",
    en="List corrected for {document}: {sheets} sheets, {pages} pages; signed off in entry {signoff}.",
    weight=Weight.NOTICE,
)
class ManifestCorrected(Event):
    """A row of the list was corrected on two persons' signatures (sửa danh mục)."""

    batch: BatchId
    document: DocumentId
    sheets: Count
    pages: Count
    signoff: Position


@event(
    "manifest.downgrade_confirmed",
    vi="{person} xác nhận văn bản {document} ({level}) không còn mật: {basis}.",
    en="{person} confirmed that {document} ({level}) is no longer secret: {basis}.",
    weight=Weight.NOTICE,
)
class DowngradeConfirmed(Event):
    """A named person confirmed a proposal of the rules (xác nhận hết mật); arithmetic downgrades nothing."""

    batch: BatchId
    document: DocumentId
    level: Level
    basis: DowngradeBasis
    person: PersonId
    no_extension_stated: bool


@event(
    "handover.recorded",
    vi="Bàn giao đợt {batch} ({moment}): {giver} giao {taker} {documents} văn bản, {sheets} tờ, {pages} tr.",
    en="Handover {batch} ({moment}): {giver} to {taker}, {documents} docs, {sheets} sheets, {pages} pages.",
)
class HandoverRecorded(Event):
    """One of the three handovers, compared with the one before (biên bản bàn giao)."""

    batch: BatchId
    moment: Moment
    giver: PersonId
    taker: PersonId
    documents: Count
    sheets: Count
    pages: Count
    paper: PaperState
    agrees: bool


@event(
    "handover.document",
    vi="Bàn giao ({moment}): văn bản {document} có {sheets} tờ, {pages} trang, {paper}.",
    en="Handover ({moment}): {document} has {sheets} sheets, {pages} pages, {paper}.",
    weight=Weight.NOTICE,
)
class HandoverDiffers(Event):
    """A document that was found otherwise at a handover than at the one before (lệch khi bàn giao).

    At the first handover the one before is the list, with sound paper. Documents without such an entry are as before.
    """

    batch: BatchId
    moment: Moment
    document: DocumentId
    sheets: Count
    pages: Count
    paper: PaperState


@event(
    "document.counted",
    vi="Văn bản {document} ({level}): {sheets} tờ, {pages} trang, khớp danh mục.",
    en="{document} ({level}): {sheets} sheets, {pages} pages, as declared.",
)
class DocumentCounted(Event):
    """A document's count equals its row (đếm khớp)."""

    batch: BatchId
    document: DocumentId
    level: Level
    sheets: Count
    pages: Count
    blank: Count


@event(
    "document.difference",
    vi="Văn bản {document} lệch {sheets} tờ, {pages} trang so với {declared_sheets}, {declared_pages}.",
    en="{document} differs by {sheets} sheets, {pages} pages from {declared_sheets}, {declared_pages}.",
    weight=Weight.WARNING,
)
class DocumentDiffers(Event):
    """A document's count differs from its row (lệch số), counted minus declared; only a sign-off helps."""

    batch: BatchId
    document: DocumentId
    level: Level
    declared_sheets: Count
    declared_pages: Count
    sheets: Difference
    pages: Difference


@event(
    "document.released",
    vi="Văn bản {document} được đi tiếp theo ký duyệt ở mục {signoff}.",
    en="{document} was released on the sign-off of entry {signoff}.",
    weight=Weight.WARNING,
)
class DifferenceReleased(Event):
    """A document with a difference was released on two persons' signatures (cho đi tiếp)."""

    batch: BatchId
    document: DocumentId
    signoff: Position


@event(
    "document.rescan",
    vi="Quét lại văn bản {document}, từ tờ {first} đến tờ {last}.",
    en="{document} is scanned again, sheets {first} to {last}.",
)
class RescanOrdered(Event):
    """A document or a range of its sheets is scanned again in place (quét lại)."""

    batch: BatchId
    document: DocumentId
    first: Ordinal
    last: Ordinal
    person: PersonId


@event(
    "document.hint",
    vi="Văn bản {document}, tờ {sheet}: {hint}.",
    en="{document}, sheet {sheet}: {hint}.",
    weight=Weight.NOTICE,
)
class HintSeen(Event):
    """Evidence beyond the count that points at a sheet (dấu hiệu cần xem)."""

    batch: BatchId
    document: DocumentId
    sheet: Ordinal
    hint: Hint
