"""What sealing refuses and why: one class a cause (lỗi của khâu niêm phong)."""

from __future__ import annotations

from scanflow.errors import ExitCode, ScanflowError


class SealingError(ScanflowError):
    """Root of the room's refusals."""

    exit_code = ExitCode.SEALING


class VaultErased(SealingError):
    """The document's key was destroyed; its pages cannot be read again (khóa của tài liệu đã hủy)."""

    code = "SEA-ERASED"
    vi = "Khóa của tài liệu {document} đã bị hủy, các trang không đọc lại được. Muốn số hóa, hãy quét lại từ bản giấy."
    en = "The key of document {document} was destroyed; its pages cannot be read. Scan again from the paper."


class PagesHeld(SealingError):
    """A page of the document waits for a person's decision (còn mặt giấy đang giữ lại)."""

    code = "SEA-HELD"
    vi = (
        "Tài liệu {document} còn {held} mặt giấy đang giữ lại, chưa được niêm phong. "
        "Người giám sát phải xem bản giấy và quyết định từng mặt."
    )
    en = "Document {document} still has {held} held sides and cannot be sealed. A supervisor must decide each."


class NothingToSeal(SealingError):
    """The document has no page that goes into the PDF (không có trang nào để niêm phong)."""

    code = "SEA-EMPTY"
    vi = "Tài liệu {document} không có trang nào để niêm phong. Kiểm tra lại xấp giấy và quét lại."
    en = "Document {document} has no page to seal. Check the stack and scan again."


class PageUnknown(SealingError):
    """A side was asked for that the vault does not hold (không có mặt giấy này)."""

    code = "SEA-NO-PAGE"
    vi = "Tài liệu {document} không có tờ {sheet}, mặt {face}. Kiểm tra lại số tờ rồi làm lại."
    en = "Document {document} holds no sheet {sheet}, {face}. Check the sheet number and try again."


class PageTwice(SealingError):
    """The same side was put twice (một mặt giấy đưa vào hai lần)."""

    code = "SEA-PAGE-TWICE"
    vi = "Tờ {sheet}, mặt {face} của tài liệu {document} đã có. Không ghi đè; hủy tài liệu này rồi quét lại."
    en = "Sheet {sheet}, {face} of document {document} is already there. Nothing was overwritten; discard and rescan."


class PageCorrupt(SealingError):
    """A page in memory does not authenticate any more (trang trong bộ nhớ bị hỏng)."""

    code = "SEA-PAGE-CORRUPT"
    vi = "Tờ {sheet}, mặt {face} của tài liệu {document} bị hỏng trong bộ nhớ. Hủy tài liệu này và quét lại."
    en = "Sheet {sheet}, {face} of document {document} no longer authenticates in memory. Discard it and rescan."


class TopSecretRefused(SealingError):
    """A TUYỆT MẬT document reached sealing (tài liệu TUYỆT MẬT không được niêm phong)."""

    code = "SEA-TOP-SECRET"
    vi = "Tài liệu {document} có độ Tuyệt mật: không được số hóa. Hủy các trang trong máy và tách riêng bản giấy."
    en = "Document {document} is TUYET_MAT and may not be digitised. Erase its pages and set the paper aside."


class SecretInPlain(SealingError):
    """A document with a level would leave without a container (tài liệu mật không được giao dạng không niêm phong)."""

    code = "SEA-PLAIN"
    vi = "Tài liệu {document} còn độ mật nên không được giao dạng PDF không niêm phong. Niêm phong tài liệu này."
    en = "Document {document} has a level and may not leave without a container. Seal it."


class HostWithoutSafeMemory(SealingError):
    """Neither memfd_secret nor mlock could be had (máy không giữ được khóa an toàn)."""

    code = "SEA-NO-SAFE-MEMORY"
    exit_code = ExitCode.HOST_UNFIT
    vi = (
        "Máy này không khóa được bộ nhớ cho khóa mã (memfd_secret và mlock đều bị từ chối). Tăng "
        "LimitMEMLOCK rồi chạy lại."
    )
    en = "This host gives neither memfd_secret nor mlock for a key. Raise LimitMEMLOCK and start again."


class UnusableFacts(SealingError):
    """A fact of the document cannot go into its name or metadata (thông tin tài liệu không hợp lệ)."""

    code = "SEA-FACTS"
    vi = "Thông tin “{field}” của tài liệu không hợp lệ nên không đặt được tên tệp. Sửa danh mục rồi làm lại."
    en = "The document's {field} is not usable for its name or metadata. Correct the manifest and try again."


class UnusableImage(SealingError):
    """A page image cannot be put into a PDF (ảnh trang không dùng được)."""

    code = "SEA-IMAGE"
    vi = "Ảnh của tờ {sheet}, mặt {face} không đọc được ({why}). Quét lại tờ này."
    en = "The image of sheet {sheet}, {face} cannot be used ({why}). Scan the sheet again."


class NotPdfA(SealingError):
    """The PDF that was built did not validate as PDF/A-2b (tệp không đạt PDF/A-2b)."""

    code = "SEA-NOT-PDFA"
    vi = "Tệp của tài liệu {document} không đạt chuẩn PDF/A-2b (quy tắc {rules}). Chưa ghi gì ra; báo người quản trị."
    en = (
        "The file of document {document} is not valid PDF/A-2b (rules {rules}). Nothing was released; tell "
        "the administrator."
    )


class TooFewHolders(SealingError):
    """Fewer than two different holders, or none of them the recovery certificate (thiếu người nhận)."""

    code = "SEA-HOLDERS"
    vi = (
        "Cần ít nhất hai người nhận khác nhau, trong đó có một chứng thư khôi phục giữ ngoại tuyến ({why}). "
        "Bổ sung chứng thư rồi niêm phong lại."
    )
    en = (
        "At least two different holders are needed, one the offline recovery certificate ({why}). Add it "
        "and seal again."
    )


class CertificateRefused(SealingError):
    """A recipient's certificate may not be used (chứng thư người nhận bị từ chối)."""

    code = "SEA-CERT"
    vi = "Chứng thư của “{holder}” bị từ chối: {why_vi}. Thay bằng chứng thư còn hiệu lực do CA của trạm cấp."
    en = "The certificate of {holder!r} is refused: {why}. Replace it with a valid one issued by the pinned CA."


class ContainerMalformed(SealingError):
    """The bytes are not the one container form this reader accepts (tệp niêm phong sai cấu trúc)."""

    code = "SEA-MALFORMED"
    vi = "Tệp không phải tệp niêm phong hợp lệ ({why}). Không giải mã gì; chép lại từ bản sao lưu."
    en = "Not a valid sealed container ({why}). Nothing was decrypted; copy it again from the backup set."


class ContainerForged(SealingError):
    """The container does not authenticate: changed, damaged or the wrong key (tệp đã bị sửa hoặc hỏng)."""

    code = "SEA-FORGED"
    vi = "Tệp niêm phong đã bị sửa hoặc hỏng, không mở. Dùng bản sao lưu khác và báo người giám sát."
    en = "The container is changed or damaged and was not opened. Use another backup copy and tell the supervisor."


class NotARecipient(SealingError):
    """The container is not addressed to this certificate (không phải người nhận)."""

    code = "SEA-NOT-YOURS"
    exit_code = ExitCode.NOT_AUTHORISED
    vi = "Tệp này không gửi cho chứng thư đang dùng. Mở bằng chứng thư của người nhận hoặc chứng thư khôi phục."
    en = "The container is not addressed to this certificate. Use a recipient's or the recovery certificate."


class KeyUnusable(SealingError):
    """A private key cannot be loaded or does not fit its certificate (khóa riêng không dùng được)."""

    code = "SEA-KEY"
    exit_code = ExitCode.NOT_AUTHORISED
    vi = "Khóa riêng không dùng được: {why_vi}. Kiểm tra tệp khóa, mật khẩu hoặc thẻ rồi làm lại."
    en = "The private key cannot be used: {why}. Check the key file, the passphrase or the token."


class TokenRefused(SealingError):
    """The PKCS#11 token refused or is absent (thiết bị lưu khóa từ chối)."""

    code = "SEA-TOKEN"
    exit_code = ExitCode.NOT_AUTHORISED
    vi = "Thiết bị lưu khóa từ chối ({why}). Kiểm tra thiết bị đã cắm và mã PIN; đừng thử PIN quá hai lần."
    en = "The key token refused ({why}). Check that it is plugged in and the PIN; do not try the PIN more than twice."


class KeyFileExists(SealingError):
    """A key file would be overwritten (tệp khóa đã có)."""

    code = "SEA-KEY-EXISTS"
    exit_code = ExitCode.USAGE
    vi = "Tệp khóa {name} đã có. Không ghi đè; chọn tên hoặc thư mục khác."
    en = "The key file {name} exists. Nothing was overwritten; choose another name or folder."


class PassphraseTooShort(SealingError):
    """A private key needs a real passphrase (mật khẩu bảo vệ khóa quá ngắn)."""

    code = "SEA-PASSPHRASE"
    exit_code = ExitCode.USAGE
    vi = "Mật khẩu bảo vệ khóa phải có ít nhất {least} ký tự. Đặt mật khẩu khác rồi làm lại."
    en = "The passphrase of a private key needs at least {least} characters. Choose another."


class PackageIncomplete(SealingError):
    """A container of a dossier's set is missing or changed (bộ tệp niêm phong không đủ)."""

    code = "SEA-SET"
    vi = (
        "Bộ tệp của hồ sơ {dossier} không đủ: thiếu {missing}, sai {changed} tệp. "
        "Không dùng bộ này; lấy bản sao lưu thứ hai và báo người giám sát."
    )
    en = (
        "The set of dossier {dossier} is not whole: {missing} missing, {changed} changed. "
        "Do not use it; take the second backup set and tell the supervisor."
    )


class PackageIndexUnreadable(SealingError):
    """The index of a set cannot be read (mục lục của bộ tệp không đọc được)."""

    code = "SEA-INDEX"
    vi = "Mục lục của bộ tệp không đọc được nên không biết bộ có đủ hay không. Lấy bản sao lưu thứ hai."
    en = "The index of the set cannot be read, so it cannot be told whole. Take the second backup set."


class FontMissing(SealingError):
    """The Times-metric font is not installed, or lacks a letter (thiếu phông chữ)."""

    code = "SEA-FONT"
    exit_code = ExitCode.HOST_UNFIT
    vi = "Thiếu phông chữ {name} nên không in được chữ lên trang. Cài gói fonts-croscore rồi chạy lại."
    en = "The font {name} is missing, so no text can be put on a page. Install the package fonts-croscore."


class SigningUnavailable(SealingError):
    """The agency signature was asked for but the signing library is not installed (thiếu thư viện ký số)."""

    code = "SEA-NO-PADES"
    exit_code = ExitCode.HOST_UNFIT
    vi = "Đợt này yêu cầu chữ ký số của cơ quan nhưng trạm chưa cài thư viện ký. Cài phần mở rộng “pades” rồi chạy lại."
    en = "This batch asks for the agency signature but the signing library is absent. Install the extra 'pades'."


class SigningFailed(SealingError):
    """The signature could not be made (không ký số được)."""

    code = "SEA-SIGN"
    vi = "Không ký số được ({why}). Chưa ghi gì ra; kiểm tra khóa ký, chứng thư hoặc thiết bị rồi làm lại."
    en = "The signature could not be made ({why}). Nothing was released; check key, certificate or token."


class CopyOrderRefused(SealingError):
    """An order to print copies is not complete or not permitted (lệnh in bản sao không hợp lệ)."""

    code = "SEA-COPY"
    exit_code = ExitCode.NOT_AUTHORISED
    vi = "Không in bản sao: {why_vi}. Người có thẩm quyền phải cho phép đúng số bản trước khi in."
    en = "No copies were made: {why}. A person with authority must permit the exact number of copies first."
