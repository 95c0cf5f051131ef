"""What can be wrong with a handover list (danh mục tài liệu), one class a cause, each pointing at its cell.

A fault never quotes what stands in the cell: a list holds titles (promise P8). `ManifestRejected` carries all
faults of one file at once, so that the custodian corrects the list in one go.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from scanflow.errors import ExitCode, ScanflowError, Words

WHOLE_FILE = "cả tệp"
"""The cell name of a fault that concerns the file and no single cell."""


class ManifestFault(ScanflowError):
    """One fault of a list. ``cell`` is the cell's name ("C5"), a range, or :data:`WHOLE_FILE`."""

    exit_code: ClassVar[ExitCode] = ExitCode.BAD_MANIFEST

    def __init__(self, cell: str = WHOLE_FILE, **facts: object) -> None:
        """Keep the cell name for the sentence and for the console."""
        self.cell = cell
        super().__init__(cell=cell, **facts)


class ManifestRejected(ScanflowError):
    """The list is not taken over, not even in part (danh mục bị từ chối)."""

    code = "MAN-REJECTED"
    vi = (
        "Danh mục có {count} lỗi, chưa nhận dòng nào. Sửa hết các ô được nêu rồi đưa lại danh mục. "
        "Lỗi đầu tiên: {first}"
    )
    en = "The list has {count} fault(s); no row was taken. Correct them and hand the list in again. The first: {first}"
    exit_code = ExitCode.BAD_MANIFEST

    def __init__(self, faults: Sequence[ManifestFault]) -> None:
        """Carry every fault; at least one."""
        self.faults = tuple(faults)
        first = self.faults[0]
        super().__init__(count=len(self.faults), first=Words(first.say_vi, first.say_en))


# --- the file -----------------------------------------------------------------------------------------------


class FileMissing(ManifestFault):
    """No such file, or not an ordinary file (không có tệp)."""

    code = "MAN-NO-FILE"
    vi = "Không mở được tệp danh mục. Kiểm tra tên tệp và quyền đọc rồi đưa lại."
    en = "The list cannot be opened: no such ordinary file, or no right to read it."


class FileEmpty(ManifestFault):
    """0 bytes (tệp rỗng)."""

    code = "MAN-EMPTY"
    vi = "Tệp danh mục rỗng (0 byte). Lưu lại tệp từ máy của bên giao rồi đưa lại."
    en = "The list is an empty file (0 bytes)."


class FileBeingWritten(ManifestFault):
    """Another program is still writing it (tệp đang được ghi)."""

    code = "MAN-BEING-WRITTEN"
    vi = "Tệp danh mục đang được mở hoặc đang được ghi. Lưu, đóng tệp trong chương trình bảng tính rồi đưa lại."
    en = "The list is open in another program or still being written. Save and close it, then hand it in again."


class FileTooLarge(ManifestFault):
    """More bytes than any list needs (tệp quá lớn)."""

    code = "MAN-TOO-LARGE"
    vi = "Tệp danh mục lớn quá {limit_mib} MiB. Bỏ hình ảnh, trang tính thừa; chia danh mục thành nhiều đợt."
    en = "The list is larger than {limit_mib} MiB. Remove pictures and other sheets, or split it into batches."


class WrongExtension(ManifestFault):
    """The name says one format, the bytes say another (sai phần mở rộng)."""

    code = "MAN-EXTENSION"
    vi = "Tên tệp là {named} nhưng nội dung là {found}. Mở tệp, lưu lại đúng định dạng .xlsx hoặc .csv."
    en = "The name says {named} but the content is {found}. Save it again as .xlsx or .csv."


class UnsupportedFormat(ManifestFault):
    """Neither xlsx nor csv (định dạng không nhận)."""

    code = "MAN-FORMAT"
    vi = "Không nhận định dạng {found}. Lưu lại danh mục thành .xlsx (không macro, không mật khẩu) hoặc .csv."
    en = "{found} is not accepted. Save the list as .xlsx (no macro, no password) or .csv."


class MacroWorkbook(ManifestFault):
    """Carries a program (bảng tính có macro)."""

    code = "MAN-MACRO"
    vi = "Bảng tính có macro hoặc thành phần chạy được. Lưu lại thành .xlsx không macro rồi đưa lại."
    en = "The workbook carries macros or active content. Save it as a plain .xlsx without macros."


class ExternalLinks(ManifestFault):
    """Points at other files (liên kết ra ngoài)."""

    code = "MAN-LINKS"
    vi = "Bảng tính có liên kết tới tệp hoặc nguồn dữ liệu khác. Ngắt liên kết (dán giá trị) rồi lưu lại."
    en = "The workbook links to other files or data sources. Break the links (paste values) and save again."


class ZipBomb(ManifestFault):
    """Unpacks to far more than its size (tệp nén bất thường)."""

    code = "MAN-BOMB"
    vi = "Tệp .xlsx bung ra lớn bất thường, có thể là tệp phá hoại. Không mở; báo người phụ trách an toàn."
    en = "The .xlsx unpacks to an abnormal size. It was not opened; tell the security officer."


class BrokenWorkbook(ManifestFault):
    """Cannot be read as a workbook (tệp hỏng)."""

    code = "MAN-BROKEN"
    vi = "Tệp .xlsx hỏng hoặc chưa ghi xong ({where}). Mở lại bằng chương trình bảng tính, lưu mới rồi đưa lại."
    en = "The .xlsx is damaged or incomplete ({where}). Open it, save it anew, and hand it in again."


class UnknownEncoding(ManifestFault):
    """The bytes of a csv follow no encoding that is taken (bảng mã không rõ)."""

    code = "MAN-CSV-ENCODING"
    vi = "Không đọc được bảng mã của tệp .csv. Xuất lại .csv mã UTF-8 từ chương trình bảng tính."
    en = "The encoding of the .csv is unknown. Export it again as UTF-8 .csv."


class BrokenQuoting(ManifestFault):
    """Quotes do not balance, or one field swallows the rest (dấu ngoặc kép không cân)."""

    code = "MAN-CSV-QUOTES"
    vi = "Tệp .csv hỏng từ dòng {cell}: dấu ngoặc kép không cân. Xuất lại .csv từ chương trình bảng tính."
    en = "The .csv is broken from line {cell} on: quotes do not balance. Export it again."


class RaggedRow(ManifestFault):
    """More or fewer fields than headings: no telling which value belongs where (lệch cột)."""

    code = "MAN-CSV-WIDTH"
    vi = "Dòng {cell}: số ô khác dòng tiêu đề, giá trị có thể đã lệch cột. Xuất lại .csv, kiểm tra dòng này."
    en = "Line {cell}: not as many fields as headings, values may have shifted. Export the .csv again."


class LegacyText(ManifestFault):
    """Text of the fonts before Unicode (phông chữ TCVN3, VNI)."""

    code = "MAN-LEGACY-FONT"
    vi = "Ô {cell}: chữ theo bảng mã {encoding}, không phải Unicode. Chuyển mã sang Unicode rồi lưu lại."
    en = "Cell {cell}: text in the legacy encoding {encoding}, not Unicode. Convert it and save again."


# --- the sheet ----------------------------------------------------------------------------------------------


class NoHeading(ManifestFault):
    """No row of headings was found (không thấy dòng tiêu đề)."""

    code = "MAN-NO-HEADING"
    vi = "Không thấy dòng tiêu đề cột của danh mục. Dùng mẫu do scanflow tạo (scanflow manifest template)."
    en = "No heading row was found. Use the template (scanflow manifest template)."


class MissingColumn(ManifestFault):
    """A column that the law or the counting needs is not there (thiếu cột)."""

    code = "MAN-MISSING-COLUMN"
    vi = "Thiếu cột “{column}” ở dòng tiêu đề {cell}. Thêm cột này và điền cho mọi tài liệu."
    en = "Column “{column}” is missing in heading row {cell}. Add it and fill it for every document."


class DoubleColumn(ManifestFault):
    """Two headings mean the same column (trùng cột)."""

    code = "MAN-DOUBLE-COLUMN"
    vi = "Ô {cell}: cột “{column}” đã có ở {other}. Chỉ giữ một cột."
    en = "Cell {cell}: column “{column}” is already at {other}. Keep one."


class UnknownColumn(ManifestFault):
    """A heading outside the table of synonyms (không nhận ra cột)."""

    code = "MAN-UNKNOWN-COLUMN"
    vi = "Ô {cell}: không nhận ra tiêu đề cột. Đổi sang tên trong mẫu, hoặc xóa cột nếu không dùng."
    en = "Cell {cell}: unknown column heading. Rename it as in the template, or remove the column."


class OutsideTable(ManifestFault):
    """Data beside or below the table (dữ liệu ngoài bảng)."""

    code = "MAN-OUTSIDE"
    vi = (
        "Ô {cell}: có dữ liệu nằm ngoài bảng (ngoài các cột có tiêu đề hoặc sau dòng tổng cộng). Xóa hoặc đưa vào bảng."
    )
    en = "Cell {cell}: data outside the table (no heading above it, or below the totals row)."


class MergedCells(ManifestFault):
    """Merged cells in the table (ô gộp)."""

    code = "MAN-MERGED"
    vi = "Vùng {cell}: ô gộp trong bảng. Bỏ gộp ô và điền giá trị cho từng dòng."
    en = "Range {cell}: merged cells inside the table. Unmerge them and fill in every row."


class HiddenSheet(ManifestFault):
    """A sheet that the signer did not see holds data (trang tính ẩn)."""

    code = "MAN-HIDDEN-SHEET"
    vi = "Bảng tính có {cell} bị ẩn mà có dữ liệu. Bỏ ẩn để bên giao thấy hết, hoặc xóa trang đó, rồi lưu lại."
    en = "Hidden sheet with data ({cell}). Unhide or remove it, so that the custodian sees everything."


class HiddenRow(ManifestFault):
    """A row that the signer did not see (dòng ẩn, đang lọc)."""

    code = "MAN-HIDDEN-ROW"
    vi = "Dòng {cell} của bảng bị ẩn. Bỏ ẩn, bỏ lọc để bên giao thấy hết rồi lưu lại."
    en = "Row {cell} of the table is hidden. Unhide it, clear filters, and save again."


class HiddenColumn(ManifestFault):
    """A column that the signer did not see (cột ẩn)."""

    code = "MAN-HIDDEN-COLUMN"
    vi = "Cột {cell} của bảng bị ẩn. Bỏ ẩn để bên giao thấy hết rồi lưu lại."
    en = "Column {cell} of the table is hidden. Unhide it and save again."


class SeveralSheets(ManifestFault):
    """More than one sheet holds a list (nhiều trang tính)."""

    code = "MAN-SHEETS"
    vi = "Có nhiều trang tính chứa dữ liệu ({cell}). Mỗi tệp chỉ một danh mục; tách hoặc xóa trang thừa."
    en = "Several sheets hold data ({cell}). One list a file: split it or remove the other sheets."


class FormulaCell(ManifestFault):
    """A formula, array formula or csv injection (ô công thức)."""

    code = "MAN-FORMULA"
    vi = "Ô {cell}: có công thức. Thay bằng giá trị (sao chép, dán giá trị) rồi lưu lại."
    en = "Cell {cell}: holds a formula. Replace it by its value and save again."


class ErrorCell(ManifestFault):
    """#REF!, #N/A, TRUE/FALSE … where a value belongs (ô báo lỗi)."""

    code = "MAN-CELL-ERROR"
    vi = "Ô {cell}: giá trị lỗi hoặc kiểu dữ liệu không dùng được. Gõ lại ô này."
    en = "Cell {cell}: an error value or a kind of data that cannot be used. Type it again."


class NoRows(ManifestFault):
    """A heading and nothing under it (không có dòng nào)."""

    code = "MAN-NO-ROWS"
    vi = "Danh mục không có tài liệu nào dưới dòng tiêu đề {cell}. Điền ít nhất một tài liệu."
    en = "The list has no document below heading row {cell}."


class TooManyRows(ManifestFault):
    """More documents than one batch takes (quá nhiều dòng)."""

    code = "MAN-TOO-MANY"
    vi = "Danh mục có hơn {limit} dòng tài liệu. Chia thành nhiều đợt."
    en = "More than {limit} documents in one list. Split it into batches."


# --- a cell -------------------------------------------------------------------------------------------------


class BadText(ManifestFault):
    """Control characters, damaged letters, too long (chữ hỏng)."""

    code = "MAN-TEXT"
    vi = "Ô {cell}: chữ có ký tự hỏng, ký tự điều khiển hoặc dài quá {limit} ký tự. Gõ lại ô này."
    en = "Cell {cell}: damaged or control characters, or longer than {limit}. Type it again."


class CellMissing(ManifestFault):
    """A value that each document needs (ô trống)."""

    code = "MAN-BLANK"
    vi = "Ô {cell}: chưa điền “{column}”. Mọi tài liệu phải có giá trị này."
    en = "Cell {cell}: “{column}” is blank; every document needs it."


class BadNumber(ManifestFault):
    """Not a whole number in range (không phải số nguyên)."""

    code = "MAN-NUMBER"
    vi = "Ô {cell}: “{column}” phải là số nguyên từ 1 đến {limit}, không kèm chữ."
    en = "Cell {cell}: “{column}” must be a whole number from 1 to {limit}."


class UnknownLevel(ManifestFault):
    """A độ mật that is none of the four words."""

    code = "MAN-LEVEL"
    vi = "Ô {cell}: độ mật phải là một trong: Thường, Mật, Tối mật, Tuyệt mật (đúng dấu)."
    en = "Cell {cell}: the level must be one of “Thường”, “Mật”, “Tối mật”, “Tuyệt mật” (with diacritics)."


class BadDate(ManifestFault):
    """Not a date, or a bare serial number (ngày không hợp lệ)."""

    code = "MAN-DATE"
    vi = "Ô {cell}: ngày không hợp lệ. Ghi dạng ngày/tháng/năm, ví dụ 07/04/2025, năm đủ bốn chữ số."
    en = "Cell {cell}: not a valid date. Write day/month/year with four digits of year, such as 07/04/2025."


class DateAsText(ManifestFault):
    """The spreadsheet turned a number or range into a date (bảng tính tự đổi thành ngày)."""

    code = "MAN-AUTODATE"
    vi = "Ô {cell}: chương trình bảng tính đã đổi “{column}” thành ngày hoặc giờ. Định dạng ô là Văn bản rồi gõ lại."
    en = "Cell {cell}: the spreadsheet turned “{column}” into a date or time. Format the cell as text, type again."


class BadDossier(ManifestFault):
    """A code that cannot name a file (mã hồ sơ không hợp lệ)."""

    code = "MAN-DOSSIER"
    vi = "Ô {cell}: mã hồ sơ chỉ gồm chữ, số và các dấu . - _ , không quá 100 ký tự."
    en = "Cell {cell}: a dossier code holds letters, digits and . - _ only, at most 100 characters."


class BadSheetNumber(ManifestFault):
    """Not a sheet number such as 15 or 15a (tờ số không hợp lệ)."""

    code = "MAN-SHEET-NUMBER"
    vi = "Ô {cell}: tờ số ghi dạng 15 hoặc 15a; khoảng ghi 1-5 trong ô định dạng Văn bản, tờ đầu không sau tờ cuối."
    en = "Cell {cell}: a sheet number is like 15 or 15a, a range like 1-5, first not after last."


class BadAnswer(ManifestFault):
    """Neither yes nor no nor blank (không rõ có hay không)."""

    code = "MAN-ANSWER"
    vi = "Ô {cell}: “{column}” ghi Có, Không{more} hoặc để trống."
    en = "Cell {cell}: “{column}” takes Có, Không{more} or stays blank."


class BadConvention(ManifestFault):
    """The stated way of counting pages is unclear (quy ước đếm trang)."""

    code = "MAN-CONVENTION"
    vi = "Ô {cell}: quy ước đếm trang phải là “Không tính mặt trắng” hoặc “Tính cả mặt trắng”."
    en = "Cell {cell}: the page convention is “Không tính mặt trắng” or “Tính cả mặt trắng”."


# --- a row and the rows together ----------------------------------------------------------------------------


class AbstractOfTopSecret(ManifestFault):
    """Trích yếu on a TUYỆT MẬT row: refused, and not kept (NĐ 63/2026/NĐ-CP, register forms)."""

    code = "MAN-TOP-SECRET-ABSTRACT"
    vi = "Ô {cell}: tài liệu Tuyệt mật không được ghi trích yếu. Xóa ô này trong danh mục và trong mọi bản lưu."
    en = "Cell {cell}: no abstract may be written for a “TUYỆT MẬT” document. Erase it here and in every copy."


class Duplicate(ManifestFault):
    """The same ordinal or the same document twice (trùng tài liệu)."""

    code = "MAN-DUPLICATE"
    vi = "Ô {cell}: “{column}” trùng với ô {other}. Mỗi tài liệu một dòng; nếu là bản khác, ghi cột “Bản số”."
    en = "Cell {cell}: “{column}” repeats {other}. One row a document; tell copies apart in “Bản số”."


class MoreSheetsThanPages(ManifestFault):
    """Số tờ > số trang."""

    code = "MAN-SHEETS-PAGES"
    vi = "Ô {cell}: số tờ nhiều hơn số trang. Mỗi tờ có ít nhất một trang; đếm lại tài liệu này."
    en = "Cell {cell}: more sheets than pages; every sheet has at least one page. Count again."


class MoreThanTwoPages(ManifestFault):
    """Số trang > 2 × số tờ."""

    code = "MAN-PAGES-SHEETS"
    vi = "Ô {cell}: số trang nhiều hơn hai lần số tờ. Mỗi tờ chỉ có hai mặt; đếm lại tài liệu này."
    en = "Cell {cell}: more than two pages a sheet. Count again."


class BlanksNotCounted(ManifestFault):
    """The convention counts both sides, the row does not (sai quy ước)."""

    code = "MAN-PAGES-CONVENTION"
    vi = "Ô {cell}: quy ước của đợt tính cả mặt trắng, nên số trang phải bằng hai lần số tờ."
    en = "Cell {cell}: the batch counts blank sides, so pages must be twice the sheets."


class SheetRangeDiffers(ManifestFault):
    """Fewer sheets than the numbers need, or more without letters (tờ số và số tờ không khớp)."""

    code = "MAN-SHEET-RANGE"
    vi = "Ô {cell}: số tờ không khớp khoảng tờ số đã ghi. Kiểm tra tờ đầu, tờ cuối và số tờ."
    en = "Cell {cell}: the number of sheets does not fit the sheet numbers given."


class DatesInWrongOrder(ManifestFault):
    """A date before the document existed (ngày trước ngày ban hành)."""

    code = "MAN-DATE-ORDER"
    vi = "Ô {cell}: “{column}” sớm hơn ngày ban hành của tài liệu. Kiểm tra hai ngày này."
    en = "Cell {cell}: “{column}” lies before the document's date of issue."


class TotalsDiffer(ManifestFault):
    """The totals row does not add up (dòng tổng cộng sai)."""

    code = "MAN-TOTALS"
    vi = "Ô {cell}: dòng tổng cộng không khớp tổng các dòng ({computed}). Đếm lại hoặc sửa dòng tổng cộng."
    en = "Cell {cell}: the totals row does not add up (rows add to {computed})."
