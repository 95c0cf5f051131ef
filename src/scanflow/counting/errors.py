"""Why a sheet cannot be taken into account as it came, and why a document does not leave (lỗi kiểm đếm).

An error leaves the tally as it was: the sheet that caused it stays held until somebody decides what it is.
"""

from __future__ import annotations

from scanflow.errors import ExitCode, ScanflowError


class CountingError(ScanflowError):
    """Root of this room's causes."""

    exit_code = ExitCode.COUNT_DIFFERS


class SeparatorDamaged(CountingError):
    """A separator of ours whose check value fails (mã tờ phân cách hỏng)."""

    code = "CNT-SEP-DAMAGED"
    vi = "Tờ {sheet}: mã trên tờ phân cách bị hỏng. In lại tờ phân cách này, đặt đúng chỗ rồi nạp tiếp."
    en = "Sheet {sheet}: the code of this separator is damaged. Print it again, put it in place and go on."


class SeparatorForeign(CountingError):
    """A separator of another batch, or of a document the list does not have (tờ phân cách lạ)."""

    code = "CNT-SEP-FOREIGN"
    vi = "Tờ {sheet}: tờ phân cách của đợt khác hoặc của tài liệu không có trong danh mục. Lấy ra, dùng tờ của đợt này."
    en = "Sheet {sheet}: a separator of another batch or of a document not in the list. Take it out."


class SeparatorMissing(CountingError):
    """The separator that should come next did not (thiếu tờ phân cách)."""

    code = "CNT-SEP-MISSING"
    vi = (
        "Tờ {sheet}: thiếu tờ phân cách của tài liệu số {expected}. "
        "Dừng, tách lại các tài liệu từ tài liệu trước, đặt đủ tờ phân cách rồi quét lại."
    )
    en = "Sheet {sheet}: the separator of document {expected} is missing. Put the separators right and rescan."


class SeparatorDoubled(CountingError):
    """A document's separator came a second time (tờ phân cách lặp)."""

    code = "CNT-SEP-DOUBLED"
    vi = "Tờ {sheet}: tờ phân cách của tài liệu số {ordinal} đã qua máy rồi. Lấy ra và kiểm tra thứ tự tài liệu."
    en = "Sheet {sheet}: the separator of document {ordinal} came before. Take it out and check the order."


class SeparatorNotBlank(CountingError):
    """Something stands on the back of a separator (mặt sau tờ phân cách có nội dung)."""

    code = "CNT-SEP-BACK"
    vi = "Tờ {sheet}: mặt kia của tờ phân cách không trắng. Xem tờ giấy; in tờ phân cách trên giấy trắng hai mặt."
    en = "Sheet {sheet}: the other side of the separator is not blank. Look at it; print on blank paper."


class SeparatorUnexpected(CountingError):
    """A separator where each document is fed on its own (không dùng tờ phân cách)."""

    code = "CNT-SEP-UNEXPECTED"
    vi = "Tờ {sheet}: đợt này nạp từng tài liệu, không dùng tờ phân cách. Lấy tờ phân cách ra."
    en = "Sheet {sheet}: this batch is fed document by document, without separators. Take it out."


class TopSecretInStack(CountingError):
    """A document declared TUYỆT MẬT was announced to the feeder (tài liệu tuyệt mật nằm trong chồng giấy)."""

    code = "CNT-TOP-SECRET"
    vi = (
        "Tài liệu số {ordinal} ghi Tuyệt mật trong danh mục, không được số hóa. "
        "Dừng nạp, lấy cả tài liệu ra khỏi chồng giấy và giao lại bên giao."
    )
    en = "Document {ordinal} is declared “TUYỆT MẬT” and must not be fed. Take the whole document out."
    exit_code = ExitCode.ROUTED_OUT


class NoDocumentOpen(CountingError):
    """A sheet came while no document was announced (chưa mở tài liệu)."""

    code = "CNT-NO-DOCUMENT"
    vi = "Tờ {sheet} qua máy khi chưa chọn tài liệu. Chọn tài liệu sắp nạp rồi nạp lại tờ này."
    en = "Sheet {sheet} came before a document was chosen. Choose the document, then feed it again."


class DocumentUnknown(CountingError):
    """No such STT in the list (không có trong danh mục)."""

    code = "CNT-UNKNOWN-DOCUMENT"
    vi = "Tài liệu số {ordinal} không có trong danh mục của đợt này. Chọn lại theo STT trong danh mục."
    en = "Document {ordinal} is not in this batch's list."


class DocumentFinished(CountingError):
    """A document that was routed out takes no further act (tài liệu đã tách riêng)."""

    code = "CNT-ROUTED-OUT"
    vi = "Tài liệu số {ordinal} đã tách riêng, không quét nữa. Giao tài liệu cho người có trách nhiệm."
    en = "Document {ordinal} was routed out and is not scanned any more."
    exit_code = ExitCode.ROUTED_OUT


class EventRefused(CountingError):
    """An event that cannot follow on what was before (việc không hợp lệ lúc này)."""

    code = "CNT-EVENT"
    vi = "Tờ {sheet}: việc “{what}” không hợp lệ lúc này. Số đếm giữ nguyên; kiểm tra lại tờ này."
    en = "Sheet {sheet}: “{what}” cannot happen now. The count stays as it was."


class InvariantBroken(CountingError):
    """fed ≠ cleared + held + routed out + spoiled + separators: a fault of the program (số đếm sai)."""

    code = "CNT-INVARIANT"
    vi = "Lỗi chương trình: số tờ đã nạp {fed} khác tổng các loại {accounted}. Dừng đợt, giữ giấy, báo người quản trị."
    en = "Program fault: {fed} sheets fed, {accounted} accounted for. Stop the batch."
    exit_code = ExitCode.INTERNAL


class DifferenceOpen(CountingError):
    """Counts differ and nobody has signed for this very difference (lệch chưa được xử lý)."""

    code = "CNT-DIFFERENCE"
    vi = (
        "Tài liệu số {ordinal}: danh mục {declared_sheets} tờ, {declared_pages} trang; đếm được {sheets} tờ, "
        "{pages} trang. Quét lại, sửa danh mục, hoặc hai người khác người vận hành ký."
    )
    en = (
        "Document {ordinal}: {declared_sheets} sheets and {declared_pages} pages declared, {sheets} and "
        "{pages} counted. Rescan, correct the list, or have two persons sign."
    )


class BatchDifferenceOpen(CountingError):
    """A difference of the whole feed touches this document (lệch của cả lượt nạp)."""

    code = "CNT-BATCH-DIFFERENCE"
    vi = "Tài liệu số {ordinal} chưa được đi tiếp: lượt nạp có {what} chưa xử lý. Quét lại hoặc hai người ký."
    en = "Document {ordinal} waits: {what} of its feed is not resolved. Rescan or have two persons sign."


class DocumentHeld(CountingError):
    """Sheets wait for a person's eyes on the paper (còn tờ bị giữ)."""

    code = "CNT-HELD"
    vi = "Tài liệu số {ordinal} còn {held} tờ bị giữ. Người giám sát xem bản giấy và quyết định từng tờ."
    en = "Document {ordinal} has {held} held sheet(s). The supervisor looks at the paper and decides."
    exit_code = ExitCode.HELD


class DocumentRoutedOut(CountingError):
    """A TUYỆT MẬT document leaves on paper only (tách riêng)."""

    code = "CNT-NOT-RELEASED"
    vi = "Tài liệu số {ordinal} là tài liệu tách riêng, không có bản số hóa để đi tiếp."
    en = "Document {ordinal} was routed out; there is nothing to release."
    exit_code = ExitCode.ROUTED_OUT


class SignOffForeign(CountingError):
    """A signature for something else (chữ ký không đúng việc)."""

    code = "CNT-SIGN-OFF"
    vi = "Chữ ký duyệt không thuộc lệch này của tài liệu số {ordinal}. Ký lại cho đúng số liệu đang hiện."
    en = "The sign-off is not for this difference of document {ordinal}. Sign for the figures shown."
    exit_code = ExitCode.NOT_AUTHORISED
