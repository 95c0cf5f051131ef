"""Why a form was not made. No fact carries what stands on a page or in a list (promise P8)."""

from __future__ import annotations

from scanflow.errors import ScanflowError


class FormError(ScanflowError):
    """Root of the room's refusals."""


class AbstractForbidden(FormError):
    """Trích yếu given for a TUYỆT MẬT document, or for one that was routed out.

    Source: NĐ 63/2026/NĐ-CP, Phụ lục III: registers write no trích yếu of TUYỆT MẬT.
    """

    code = "FRM-ABSTRACT"
    vi = (
        "Dòng {ordinal}: tài liệu Tuyệt mật hoặc đã tách riêng thì không được ghi trích yếu. "
        "Xóa trích yếu ở dòng này rồi lập lại."
    )
    en = "Row {ordinal}: no abstract may be written for a TUYET MAT or routed-out document. Remove it."


class GlyphMissing(FormError):
    """A character that the form's font cannot draw; a form with a hole in it would be signed."""

    code = "FRM-GLYPH"
    vi = "Phông chữ không có ký tự {characters}. Gõ lại thông tin đó bằng chữ Việt Unicode rồi lập lại biểu."
    en = "The form's font has no glyph for {characters}. Retype that value in Unicode and make the form again."


class FontMissing(FormError):
    """The Times-metric font is not installed, or another one crept into the file."""

    code = "FRM-FONT"
    vi = "Thiếu phông chữ {font}. Cài gói fonts-croscore rồi lập lại biểu."
    en = "Font {font} is missing. Install the package fonts-croscore and make the form again."


class NotArchival(FormError):
    """The finished PDF did not pass PDF/A-2b; it is not handed out."""

    code = "FRM-PDFA"
    vi = "Biểu {form} lập ra không đạt chuẩn PDF/A-2b ({rule}) nên không được xuất. Báo người quản trị."
    en = "Form {form} did not validate as PDF/A-2b ({rule}) and was not released. Tell the administrator."


class HeadTooLong(FormError):
    """A QR payload that would not be read back from paper."""

    code = "FRM-QR"
    vi = "Chuỗi đưa vào mã QR dài {length} byte, tối đa {limit}, và không được rỗng. Báo người quản trị."
    en = "The string for the QR code has {length} bytes; 1 to {limit} are allowed. Tell the administrator."


class TableFault(FormError):
    """The dated table of columns is broken."""

    code = "FRM-TABLE"
    vi = "Bảng cột {table} trong cấu hình sai ở {key}: {fault}. Sửa tệp cấu hình biểu mẫu."
    en = "Column table {table} is wrong at {key}: {fault}. Mend the forms configuration."


class Unbalanced(FormError):
    """Fed sheets are not the sum of their fates: nothing may be called reconciled."""

    code = "FRM-BALANCE"
    vi = (
        "Số tờ đã nạp ({fed}) khác tổng cho qua, giữ lại, tách riêng, hỏng và tờ ngăn cách ({total}). "
        "Không lập biên bản; đếm lại đợt này."
    )
    en = "Sheets fed ({fed}) differ from the sum of their outcomes ({total}). No record is made; count again."


class TwoPersonsNeeded(FormError):
    """A difference is written off by two persons, neither of whom is the operator (promise P9)."""

    code = "FRM-PERSONS"
    vi = "Tài liệu {document}: sai lệch phải có hai người khác nhau xác nhận, không ai là người quét."
    en = "Document {document}: a difference needs two different persons, none of them the operator."


class TopSecretDigitised(FormError):
    """A form would state that a TUYỆT MẬT document was digitised (1479/BCA-ANCTNB III.1.1.a)."""

    code = "FRM-TOPSECRET"
    vi = "Biểu ghi tài liệu Tuyệt mật là đã số hóa ({where}). Dừng lại và báo ngay người phụ trách bảo mật."
    en = "The form would state that a TUYET MAT document was digitised ({where}). Stop, tell security."


class NothingToPrint(FormError):
    """Separators asked for a list without a document."""

    code = "FRM-EMPTY"
    vi = "Danh mục không có tài liệu nào để in tờ ngăn cách. Kiểm tra lại danh mục."
    en = "There is no document to print separators for. Check the list."


class TooManyRows(FormError):
    """A table longer than one printed volume; registers are kept in volumes (quyển)."""

    code = "FRM-ROWS"
    vi = "Bảng có {rows} dòng, một quyển in tối đa {limit} dòng. Chia thành nhiều quyển hoặc xuất bảng tính."
    en = "The table has {rows} rows; one printed volume takes {limit}. Split it, or write the workbook."
