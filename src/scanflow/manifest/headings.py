"""The columns of the list and the headings that offices use for them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from scanflow.manifest.grid import Content
from scanflow.manifest.text import fold


class Column(Enum):
    """A column; the value is the heading in the template.

    Minimum of 1479/BCA-ANCTNB III.1.1.h: số tài liệu, số tờ, số trang, độ mật. The others follow the mục lục
    of 30/2020/NĐ-CP Phụ lục V and what the rules on declassification need.
    """

    ORDINAL = "STT"
    DOSSIER = "Mã hồ sơ"
    DOCUMENT = "Số thứ tự trong hồ sơ"
    NUMBER = "Số, ký hiệu"
    ISSUED = "Ngày tháng"
    KIND = "Tên loại"
    ABSTRACT = "Trích yếu"
    AUTHOR = "Tác giả"
    COPY = "Bản số"
    LEVEL = "Độ mật"
    SHEET_RANGE = "Tờ số"
    FIRST_SHEET = "Từ tờ"
    LAST_SHEET = "Đến tờ"
    SHEETS = "Số tờ"
    PAGES = "Số trang"
    CONDITION = "Tình trạng"
    NOTES = "Ghi chú"
    EXTENDED = "Gia hạn"
    PROTECTED_UNTIL = "Thời hạn bảo vệ đến"
    DECLASSIFIED_BY = "Quyết định giải mật"
    DECLASSIFIED_ON = "Ngày giải mật"
    HISTORICAL = "Lưu trữ lịch sử giải mật"
    IGNORED = "(bỏ qua)"

    @property
    def required(self) -> bool:
        """Without it the list is not taken over."""
        return self in REQUIRED


REQUIRED = {
    Column.ORDINAL, Column.DOSSIER, Column.NUMBER, Column.ISSUED, Column.LEVEL, Column.SHEETS, Column.PAGES,
}  # fmt: skip

_SYNONYMS: dict[Column, tuple[str, ...]] = {
    Column.ORDINAL: ("Số TT", "TT", "Số thứ tự", "Số thứ tự trong danh mục"),
    Column.DOSSIER: ("Hồ sơ", "Hồ sơ số", "Số hồ sơ", "Số, ký hiệu hồ sơ", "Mã HS", "Ký hiệu hồ sơ"),
    Column.DOCUMENT: (
        "Số tài liệu", "Số thứ tự tài liệu", "STT tài liệu", "STT trong hồ sơ",
        "Số thứ tự văn bản trong hồ sơ",
        "STT văn bản trong hồ sơ", "Số thứ tự tài liệu trong hồ sơ",
    ),
    Column.NUMBER: (
        "Số và ký hiệu", "Số ký hiệu", "Số, ký hiệu văn bản", "Số và ký hiệu văn bản", "Số hiệu",
        "Số văn bản",
        "Số của văn bản", "Số, ký hiệu tài liệu", "Số hiệu văn bản", "Số, KH",
    ),
    Column.ISSUED: (
        "Ngày", "Ngày tháng năm", "Ngày ban hành", "Ngày, tháng văn bản", "Ngày, tháng, năm văn bản",
        "Ngày tháng văn bản", "Ngày văn bản", "Ngày tháng năm ban hành", "Thời gian ban hành",
        "Ngày tháng ban hành",
    ),
    Column.KIND: (
        "Tên loại văn bản", "Loại văn bản", "Thể loại", "Loại", "Tên loại tài liệu", "Loại tài liệu",
    ),
    Column.ABSTRACT: (
        "Trích yếu nội dung", "Nội dung", "Nội dung trích yếu", "Trích yếu văn bản",
        "Trích yếu nội dung văn bản",
        "Trích yếu tài liệu",
    ),
    Column.AUTHOR: (
        "Tác giả văn bản", "Cơ quan ban hành", "Nơi ban hành", "Cơ quan", "Tác giả tài liệu",
        "Cơ quan, đơn vị ban hành", "Tên cơ quan ban hành",
    ),
    Column.COPY: ("Số bản", "Bản thứ"),
    Column.LEVEL: ("Mức độ mật", "Độ bí mật", "Độ mật tài liệu", "Độ mật của tài liệu", "Mức độ bảo mật"),
    Column.SHEET_RANGE: ("Tờ số (từ - đến)", "Tờ số từ đến", "Tờ số từ - đến", "Các tờ số"),
    Column.FIRST_SHEET: ("Tờ số từ", "Từ tờ số", "Tờ đầu", "Tờ số đầu"),
    Column.LAST_SHEET: ("Tờ số đến", "Đến tờ số", "Tờ cuối", "Tờ số cuối"),
    Column.SHEETS: ("Số lượng tờ", "Tổng số tờ", "SL tờ"),
    Column.PAGES: ("Số lượng trang", "Tổng số trang", "SL trang"),
    Column.CONDITION: (
        "Tình trạng vật lý", "Tình trạng tài liệu", "Tình trạng vật lý của tài liệu", "Tình trạng giấy",
    ),
    Column.NOTES: ("Chú thích",),
    Column.EXTENDED: (
        "Gia hạn thời hạn bảo vệ", "Gia hạn đến", "Gia hạn bảo vệ", "Gia hạn thời hạn bảo vệ đến",
        "Gia hạn thời hạn bảo vệ bí mật nhà nước",
    ),
    Column.PROTECTED_UNTIL: (
        "Thời hạn bảo vệ", "Thời hạn bảo vệ bí mật nhà nước", "Thời hạn bảo vệ bí mật nhà nước đến",
        "Thời hạn BVBMNN", "Thời hạn bảo vệ BMNN",
    ),
    Column.DECLASSIFIED_BY: ("Số quyết định giải mật", "QĐ giải mật", "Giải mật theo quyết định"),
    Column.DECLASSIFIED_ON: ("Ngày quyết định giải mật", "Ngày QĐ giải mật"),
    Column.HISTORICAL: ("Lưu trữ lịch sử quyết định giải mật",),
    Column.IGNORED: (
        "Người ký", "Nơi nhận", "Hộp số", "Hộp", "Cặp số", "Giá số", "Ngôn ngữ", "Kết quả", "Từ khóa",
        "Chế độ sử dụng", "Tên tệp", "Bút tích", "Chuyên đề", "Mức độ tin cậy", "Ký hiệu thông tin", "Phông",
        "Thời hạn bảo quản", "Đơn vị soạn thảo",
    ),
}  # fmt: skip

_BY_HEADING: dict[str, Column] = {
    fold(heading): column for column in Column for heading in (column.value, *_SYNONYMS.get(column, ()))
}


def column_of(heading: Content) -> Column | None:
    """The column a heading stands for; case, diacritics and any kind of space do not matter."""
    return _BY_HEADING.get(fold(heading)) if isinstance(heading, str) else None


def count_headings(cells: Sequence[Content]) -> int:
    """How many different columns a row of headings names."""
    return len({column for cell in cells if (column := column_of(cell)) is not None})
