"""Events of the station and of the log itself (trạm và sổ nhật ký)."""

from __future__ import annotations

from typing import ClassVar

from scanflow.ledger.catalogue.words import Found, HeadCarrier
from scanflow.ledger.event import Event, Intent, Outcome, Weight, event
from scanflow.ledger.kinds import (
    BootId,
    Code,
    Count,
    Digest,
    KeyId,
    Milliseconds,
    PersonId,
    Position,
    Size,
    Version,
)


@event(
    "log.begun",
    vi="Sổ mở mới; khóa trạm {key}.",
    en="The ledger begins; station key {key}.",
    weight=Weight.NOTICE,
)
class LogBegun(Event):
    """First entry of every ledger (mở sổ), with size and root of its predecessor, if it has one."""

    key: KeyId
    predecessor_size: Position | None = None
    predecessor_root: Digest | None = None


@event(
    "log.recovered",
    vi="Phần cuối chưa ghi trọn ({size} byte) được cất riêng; mã băm {digest}.",
    en="A torn end of {size} bytes was set aside; digest {digest}.",
    weight=Weight.WARNING,
)
class LogRecovered(Event):
    """What a power cut tore at the end was set aside (khôi phục sổ): nothing that was acknowledged."""

    size: Size
    digest: Digest


@event("log.verified", vi="Kiểm tra sổ đạt: {size} mục.", en="The ledger verified: {size} entries.")
class LogVerified(Event):
    """A verification of the whole ledger succeeded (kiểm tra sổ đạt)."""

    size: Position
    heads: Count


@event(
    "log.head_issued",
    vi="Đầu sổ {size} mục rời phòng trên {carrier}.",
    en="Head of {size} left on {carrier}.",
)
class HeadIssued(Event):
    """A head left the room: this is what an inspector should ask for (đầu sổ đã đưa ra ngoài)."""

    size: Position
    root: Digest
    carrier: HeadCarrier


@event(
    "log.exported",
    vi="Xuất hồ sơ chứng cứ {size} mục cho {person}.",
    en="Evidence bundle of {size} entries exported for {person}.",
    weight=Weight.NOTICE,
)
class EvidenceExported(Event):
    """An inspector took a copy of the ledger with its head (xuất cho người kiểm tra)."""

    person: PersonId
    size: Position
    digest: Digest


@event("station.started", vi="Trạm khởi động, bản {version}.", en="Station started, {version}.")
class StationStarted(Event):
    """The program started (khởi động)."""

    version: Version
    boot: BootId
    open_intents: Count = 0


@event("station.stopped", vi="Trạm dừng.", en="Station stopped.")
class StationStopped(Event):
    """The program ended in good order (dừng đúng cách)."""


@event(
    "station.doctor",
    vi="Kiểm tra máy: {passed} đạt, {failed} không đạt ({failed_codes}).",
    en="Host check: {passed} passed, {failed} failed ({failed_codes}).",
)
class DoctorChecked(Event):
    """What the host can promise (kiểm tra máy trạm). With a failure the station does not scan."""

    passed: Count
    failed: Count
    failed_codes: tuple[Code, ...] = ()


@event(
    "station.clock_set_back",
    vi="Đồng hồ máy lùi {milliseconds} ms so với mục trước.",
    en="The wall clock went back by {milliseconds} ms since the entry before.",
    weight=Weight.ALARM,
)
class ClockSetBack(Event):
    """Wall time went backwards (đồng hồ bị chỉnh lùi): recorded, never a reason not to record."""

    milliseconds: Milliseconds
    same_boot: bool


@event(
    "station.policy_changed",
    vi="Chính sách đổi từ {before} sang {after}, ký duyệt ở mục {signoff}.",
    en="Policy changed from {before} to {after}, signed off in entry {signoff}.",
    weight=Weight.WARNING,
)
class PolicyChanged(Event):
    """The policy file changed (đổi chính sách); two persons signed."""

    before: Digest | None
    after: Digest
    signoff: Position


@event(
    "station.recipients_changed",
    vi="Danh sách người mở được đổi từ {before} sang {after}, ký duyệt ở mục {signoff}.",
    en="Recipients changed from {before} to {after}, signed off in entry {signoff}.",
    weight=Weight.WARNING,
)
class RecipientsChanged(Event):
    """The certificates that every container is sealed to changed (đổi người nhận); two persons signed."""

    before: Digest | None
    after: Digest
    signoff: Position


@event(
    "act.closed_by_person",
    vi="{person} đã kiểm tra việc dở dang: {found}.",
    en="{person} looked at an act that was left open: {found}.",
    weight=Weight.WARNING,
)
class ActClosed(Outcome):
    """A person closed an act that a crash or power cut left open (người xác nhận việc dở dang)."""

    closes: ClassVar[tuple[type[Intent], ...]] = (Intent,)
    person: PersonId
    found: Found
