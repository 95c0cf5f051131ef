"""Why the ledger refuses: one class a cause, ``LED-`` (people's causes: ``people.errors``)."""

from __future__ import annotations

from scanflow.errors import ExitCode, ScanflowError


class LedgerError(ScanflowError):
    """Root of the ledger's refusals (sổ nhật ký)."""

    exit_code = ExitCode.LEDGER


class NotInCatalogue(LedgerError):
    """An event or field that the catalogue does not know (sự kiện ngoài danh mục)."""

    code = "LED-CATALOGUE"
    vi = "Sự kiện «{event}» không có trong danh mục hoặc sai trường «{field}»; không ghi. Báo cán bộ kỹ thuật."
    en = "Event {event} is not in the catalogue or field {field} does not fit it; nothing was recorded."


class FieldRefused(LedgerError):
    """A value that its field's kind does not allow: the fence against content (giá trị không được phép).

    The value itself is never part of the sentence: it may be the very content that was refused (promise P8).
    """

    code = "LED-FIELD"
    vi = "Trường «{field}» của sự kiện «{event}» nhận giá trị không đúng dạng ({kind}); không ghi."
    en = "Field {field} of event {event} was given a value that is not {kind}; nothing was recorded."


class LedgerExists(LedgerError):
    """`create` found a ledger there already (đã có sổ)."""

    code = "LED-EXISTS"
    vi = "Đã có sổ nhật ký ở vị trí này; không tạo đè lên. Mở sổ cũ hoặc chọn vị trí khác."
    en = "A ledger is already there; it is not overwritten. Open it, or choose another place."


class LedgerMissing(LedgerError):
    """`open` found no ledger (không thấy sổ)."""

    code = "LED-MISSING"
    vi = "Không tìm thấy sổ nhật ký. Chạy «scanflow init» nếu là máy mới; nếu không, báo cán bộ an ninh ngay."
    en = "No ledger was found. Run «scanflow init» on a new station; otherwise tell the security officer now."


class LedgerBusy(LedgerError):
    """Another process writes this ledger (sổ đang được ghi bởi tiến trình khác)."""

    code = "LED-BUSY"
    vi = "Một chương trình khác đang ghi sổ nhật ký này. Đóng chương trình đó rồi thử lại."
    en = "Another program is writing this ledger. Close it and try again."


class LedgerWriteFailed(LedgerError):
    """An entry could not be made durable; nothing may be done on its strength (không ghi được sổ)."""

    code = "LED-WRITE"
    vi = "Không ghi được sổ nhật ký xuống đĩa ({cause}). Dừng mọi việc, kiểm tra đĩa, rồi mở lại scanflow."
    en = "The ledger could not be written to disk ({cause}). Stop all work, check the disk, restart scanflow."


class LedgerDamaged(LedgerError):
    """A line inside the ledger is not an entry (sổ bị hỏng hoặc bị sửa)."""

    code = "LED-DAMAGED"
    vi = "Sổ nhật ký hỏng hoặc bị sửa tại mục {n}. Không làm việc tiếp; giữ nguyên máy và báo cán bộ an ninh."
    en = "The ledger is damaged or was edited at entry {n}. Stop work, keep the machine as it is, report it."


class LedgerRolledBack(LedgerError):
    """The file is shorter than a head that was signed for it (sổ bị cắt hoặc bị thay bằng bản cũ)."""

    code = "LED-ROLLED-BACK"
    vi = "Sổ nhật ký chỉ còn {found} mục, mà đầu sổ đã ký ghi {held}: sổ bị cắt hoặc thay bản cũ. Báo ngay."
    en = "The ledger holds {found} entries but a signed head says {held}: cut or rolled back. Report it now."


class LedgerRewritten(LedgerError):
    """The entries under a signed head are not those that were signed (sổ bị viết lại)."""

    code = "LED-REWRITTEN"
    vi = "{held} mục đầu của sổ không khớp đầu sổ đã ký: sổ bị sửa. Giữ nguyên máy, báo cán bộ an ninh."
    en = "The first {held} entries are not those that were signed: the ledger was edited. Report it."


class HeadMissing(LedgerError):
    """The ledger has entries but its local head is gone (mất đầu sổ cục bộ)."""

    code = "LED-NO-HEAD"
    vi = "Không có đầu sổ đã ký để đối chiếu với sổ nhật ký. Giữ nguyên máy và báo cán bộ an ninh."
    en = "There is no signed head to hold the ledger against. Keep the machine as it is and report it."


class HeadRefused(LedgerError):
    """A head or receipt that is malformed or not signed by this station (đầu sổ không hợp lệ)."""

    code = "LED-HEAD"
    vi = "Đầu sổ hoặc biên nhận không hợp lệ ({why}). Không dùng làm bằng chứng."
    en = "The head or receipt is not valid ({why}). It proves nothing."


class ProofRefused(LedgerError):
    """An inclusion or consistency proof that does not hold (bằng chứng không đúng)."""

    code = "LED-PROOF"
    vi = "Bằng chứng không khớp với đầu sổ đã ký. Mục này không được chứng minh là có trong sổ."
    en = "The proof does not fit the signed head. The entry is not shown to be in the ledger."


class NoSuchEntry(LedgerError):
    """An entry number outside the ledger (không có mục này)."""

    code = "LED-NO-ENTRY"
    vi = "Sổ nhật ký không có mục số {n}."
    en = "The ledger has no entry {n}."


class NotAnOpenIntent(LedgerError):
    """An outcome for an act that is not open (việc này không còn mở)."""

    code = "LED-INTENT"
    vi = "Mục {n} không phải là việc đang mở; không thể ghi kết quả cho nó."
    en = "Entry {n} is not an open act; no outcome can be recorded for it."


class OutcomeMissing(LedgerError):
    """The block of an act ended without saying how it went (chưa ghi kết quả)."""

    code = "LED-OUTCOME"
    vi = "Việc ở mục {n} kết thúc mà chưa ghi kết quả; nó còn mở, cần người xác nhận."
    en = "The act of entry {n} ended without an outcome; it stays open for a person to close."


class StationKeyRefused(LedgerError):
    """The station's signing key cannot be read or is not the ledger's (khóa ký của trạm)."""

    code = "LED-KEY"
    vi = "Khóa ký của trạm không đọc được hoặc không phải khóa của sổ này ({why}). Báo cán bộ an ninh."
    en = "The station's signing key cannot be read or is not this ledger's ({why}). Tell the security officer."


class BundleRefused(LedgerError):
    """A file that is not an evidence bundle (không phải hồ sơ chứng cứ)."""

    code = "LED-BUNDLE"
    vi = "Tệp này không phải hồ sơ chứng cứ của sổ nhật ký hoặc đã hỏng. Xin lại bản khác."
    en = "This file is not an evidence bundle of a ledger, or it is damaged. Ask for another copy."
