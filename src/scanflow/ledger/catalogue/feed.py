"""Events of the scanner and of the examination (máy quét, xem xét từng mặt)."""

from __future__ import annotations

from typing import ClassVar

from scanflow.gate import Decision
from scanflow.ledger.catalogue.words import EndProof, EraseReason, FeedEnd, RouteOutReason, Sense
from scanflow.ledger.event import Event, Intent, Outcome, Weight, event
from scanflow.ledger.kinds import (
    BatchId,
    Code,
    Count,
    DeviceId,
    Digest,
    DocumentId,
    Ordinal,
    PersonId,
    Position,
)
from scanflow.levels import Level
from scanflow.pages import Face, SideLabel


@event(
    "feed.started",
    vi="Bắt đầu nạp giấy đợt {batch}, từ tờ {first}.",
    en="Feed of {batch} starts at sheet {first}.",
)
class FeedStarted(Intent):
    """The feeder is about to run (bắt đầu nạp)."""

    batch: BatchId
    scanner: DeviceId
    first: Ordinal
    document: DocumentId | None = None
    simulated: bool = False


@event(
    "feed.ended",
    vi="Hết giấy, đã chứng minh: {sheets} tờ, {sides} mặt.",
    en="End of feed proved: {sheets} sheets, {sides} sides.",
)
class FeedEnded(Outcome):
    """The feed ended and its end was proved (kết thúc nạp).

    ``by_hand`` where a person counted the output tray; ``counter`` is the sheets of this feed by the scanner's own
    count, where it keeps one.
    """

    closes: ClassVar[tuple[type[Intent], ...]] = (FeedStarted,)
    batch: BatchId
    sheets: Count
    sides: Count
    by_hand: bool = False
    counter: Count | None = None


@event(
    "feed.stopped",
    vi="Dừng nạp: {end}; {sheets} tờ đã qua, tờ tốt cuối cùng {last_good}.",
    en="Feed stopped: {end}; {sheets} sheets through, last good sheet {last_good}.",
    weight=Weight.NOTICE,
)
class FeedStopped(Outcome):
    """The feed stopped before a proved end (dừng nạp)."""

    closes: ClassVar[tuple[type[Intent], ...]] = (FeedStarted,)
    batch: BatchId
    end: FeedEnd
    sheets: Count
    last_good: Count
    code: Code | None = None


@event("sheet.fed", vi="Tờ {sheet} đã qua máy quét.", en="Sheet {sheet} was fed.")
class SheetFed(Event):
    """A sheet went through the feeder (tờ đã nạp)."""

    batch: BatchId
    sheet: Ordinal
    sides: Count
    document: DocumentId | None = None


@event(
    "sheet.separator",
    vi="Tờ {sheet} là tờ phân cách của văn bản {document}.",
    en="Sheet {sheet} separates {document}.",
)
class SeparatorSeen(Event):
    """A separator sheet was read (tờ phân cách)."""

    batch: BatchId
    sheet: Ordinal
    document: DocumentId


@event(
    "sheet.spoiled",
    vi="Tờ {sheet} hỏng lượt quét ({code}).",
    en="Sheet {sheet} was spoiled ({code}).",
    weight=Weight.NOTICE,
)
class SheetSpoiled(Event):
    """A sheet's images are of no use and do not count (tờ hỏng lượt quét)."""

    batch: BatchId
    sheet: Ordinal
    code: Code


@event(
    "sheet.routed_out",
    vi="Tờ {sheet} tách riêng: {reason}.",
    en="Sheet {sheet} was routed out: {reason}.",
    weight=Weight.ALARM,
)
class SheetRoutedOut(Event):
    """A TUYỆT MẬT sheet left the stack (tách riêng). Sheet, reason, time: all that may be kept of it (P1)."""

    batch: BatchId
    sheet: Ordinal
    reason: RouteOutReason


@event(
    "side.examined",
    vi="Tờ {sheet} {face}: {label}, {level}, {decision}.",
    en="Sheet {sheet} {face}: {label}, {level}, {decision}.",
)
class SideExamined(Event):
    """One side went through the gate (đã xem xét một mặt)."""

    batch: BatchId
    sheet: Ordinal
    face: Face
    label: SideLabel
    decision: Decision
    level: Level | None = None
    codes: tuple[Code, ...] = ()


@event(
    "side.held",
    vi="Giữ lại tờ {sheet} {face} ({codes}).",
    en="Sheet {sheet} {face} held ({codes}).",
    weight=Weight.NOTICE,
)
class SideHeld(Event):
    """A side waits for a person's eyes on the paper (giữ lại chờ xem bản giấy)."""

    batch: BatchId
    sheet: Ordinal
    face: Face
    codes: tuple[Code, ...] = ()


@event(
    "side.decided",
    vi="{person} xem bản giấy tờ {sheet} {face}: {decision}, {level}.",
    en="{person} looked at the paper of sheet {sheet} {face}: {decision}, {level}.",
    weight=Weight.WARNING,
)
class HeldSideDecided(Event):
    """A person decided on a held side (quyết định về mặt bị giữ). Clearing needs the sign-off named here."""

    batch: BatchId
    sheet: Ordinal
    face: Face
    decision: Decision
    level: Level
    person: PersonId
    signoff: Position | None = None


@event(
    "sample.checked",
    vi="{person} kiểm mẫu tờ {sheet} {face}: đúng = {agrees}.",
    en="{person} sampled sheet {sheet} {face}: {agrees}.",
)
class SampleChecked(Event):
    """A cleared side was shown to a person as a sample (kiểm mẫu)."""

    batch: BatchId
    sheet: Ordinal
    face: Face
    person: PersonId
    agrees: bool


@event(
    "document.erase_begun",
    vi="Sắp hủy các trang của văn bản {document}: {reason}.",
    en="About to erase {document}: {reason}.",
)
class EraseBegun(Intent):
    """A document's key is about to be destroyed (sắp hủy)."""

    batch: BatchId
    document: DocumentId | None
    reason: EraseReason


@event(
    "document.erased",
    vi="Đã hủy {pages} trang của văn bản {document}: {reason}.",
    en="{pages} pages of {document} were erased: {reason}.",
    weight=Weight.NOTICE,
)
class DocumentErased(Outcome):
    """A document's pages were erased by destroying their key (đã hủy trang ảnh)."""

    closes: ClassVar[tuple[type[Intent], ...]] = (EraseBegun,)
    batch: BatchId
    document: DocumentId | None
    reason: EraseReason
    sheets: Count
    pages: Count


@event(
    "quarantine.open_begun",
    vi="Sắp mở khay tách riêng của đợt {batch}.",
    en="About to open the quarantine of {batch}.",
)
class QuarantineOpening(Intent):
    """The tray of routed-out paper is about to be opened (sắp mở khay tách riêng)."""

    batch: BatchId
    signoff: Position


@event(
    "quarantine.opened",
    vi="Mở khay tách riêng: {sheets} tờ.",
    en="Quarantine opened: {sheets} sheets.",
    weight=Weight.WARNING,
)
class QuarantineOpened(Outcome):
    """The tray was opened and its sheets counted (đã mở khay tách riêng)."""

    closes: ClassVar[tuple[type[Intent], ...]] = (QuarantineOpening,)
    batch: BatchId
    sheets: Count


@event(
    "page.ocr_failed",
    vi="Không đọc được chữ tờ {sheet} {face} ({code}).",
    en="No text layer for sheet {sheet} {face} ({code}).",
)
class PageOcrFailed(Event):
    """One page goes without a text layer (trang không có lớp chữ)."""

    document: DocumentId
    sheet: Ordinal
    face: Face
    code: Code


@event(
    "scanner.described",
    vi="{person} nghiệm thu máy quét {scanner}: cho biết {tells}; không cho biết {silent}; hết giấy theo {end_proof}.",
    en="{person} commissioned scanner {scanner}: tells {tells}; does not tell {silent}; end by {end_proof}.",
    weight=Weight.NOTICE,
)
class ScannerDescribed(Event):
    """What a scanner can and cannot tell, at commissioning (báo cáo năng lực máy quét).

    ``report`` is the digest of the whole report, which lies beside the ledger; ``confirmed`` and ``unconfirmed`` count
    the settings of its profile that were and were not seen on a real device.
    """

    scanner: DeviceId
    person: PersonId
    report: Digest
    tells: tuple[Sense, ...]
    silent: tuple[Sense, ...]
    end_proof: EndProof
    confirmed: Count
    unconfirmed: Count
    lies: Count
    fits: bool
    simulated: bool = False


@event(
    "scanner.checked",
    vi="Kiểm tra đầu ngày máy quét {scanner}: {read}/{printed} dấu.",
    en="Scanner {scanner} check: {read} of {printed} marks.",
)
class ScannerChecked(Event):
    """The test sheet was fed and read (kiểm tra đầu ngày)."""

    scanner: DeviceId
    printed: Count
    read: Count
    passed: bool


@event(
    "scanner.fault",
    vi="Lỗi máy quét {scanner}: {code}.",
    en="Scanner {scanner} fault: {code}.",
    weight=Weight.NOTICE,
)
class ScannerFault(Event):
    """The scanner failed (lỗi máy quét)."""

    scanner: DeviceId
    code: Code
    batch: BatchId | None = None
    last_good: Count | None = None


@event(
    "scanner.recovered",
    vi="Máy quét {scanner} chạy lại, từ tờ {resume_at}.",
    en="Scanner {scanner} goes on at sheet {resume_at}.",
)
class ScannerRecovered(Event):
    """Work goes on after a fault (khắc phục xong)."""

    scanner: DeviceId
    batch: BatchId | None = None
    resume_at: Ordinal | None = None


@event(
    "stamps.calibrated",
    vi="{person} hiệu chỉnh ngưỡng giữ: {hold_permille}‰ trên {sides} mặt.",
    en="{person} calibrated the hold threshold to {hold_permille} per mille on {sides} sides.",
    weight=Weight.WARNING,
)
class StampsCalibrated(Event):
    """The station's hold threshold was set from its own unclassified scans (hiệu chỉnh)."""

    person: PersonId
    sides: Count
    hold_permille: Count
    model: Digest
