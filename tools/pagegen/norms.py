"""The marks as the circulars draw them: size, border, words.

Sources: TT 24/2020/TT-BCA Mẫu 02-08 (levels, GIẢI MẬT, terms, copies), Mẫu 03 (envelope circles); NĐ
30/2020/NĐ-CP Phụ lục I III.2.b (urgency, same widths, single frame) and Phụ lục IV (ĐẾN). Where no size is
published, a range that the words need is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

from scanflow.stamps.marks import MarkKind

K = MarkKind


@dataclass(frozen=True, slots=True)
class Norm:
    """One mark (dấu) as its norm draws it.

    Attributes:
        words: the lines of its face; ``{…}`` fields are filled by hand or by type.
        width_mm: outer width.
        height_mm: outer height.
        border: "double" (two lines 1 mm apart), "single", or "circle" (two circles).
    """

    words: tuple[str, ...]
    width_mm: float
    height_mm: float
    border: str


NORMS: dict[MarkKind, tuple[Norm, ...]] = {
    K.TUYET_MAT: (Norm(("TUYỆT MẬT",), 40, 8, "double"),),
    K.TOI_MAT: (Norm(("TỐI MẬT",), 30, 8, "double"),),
    K.MAT: (Norm(("MẬT",), 20, 8, "double"),),
    K.GIAI_MAT: (Norm(("GIẢI MẬT", "Từ:{date}"), 30, 13, "double"), Norm(("GIẢI MẬT",), 30, 8, "double")),
    K.THOI_HAN: (
        Norm(("THỜI HẠN BẢO VỆ", "BÍ MẬT NHÀ NƯỚC", "Từ:{date}", "Đến:{date}"), 46, 22, "double"),
        Norm(("THỜI HẠN BẢO VỆ BÍ MẬT NHÀ NƯỚC", "Từ {date} đến {date}"), 74, 14, "double"),
    ),
    K.GIA_HAN: (
        Norm(("GIA HẠN", "Đến:{date}"), 34, 14, "double"),
        Norm(("GIA HẠN THỜI HẠN BẢO VỆ", "Đến:{date}"), 56, 14, "double"),
    ),
    K.DIEU_CHINH: (
        Norm(("ĐIỀU CHỈNH ĐỘ MẬT", "Từ:{date}"), 46, 14, "double"),
        Norm(("TĂNG MẬT", "Từ:{date}"), 32, 14, "double"),
        Norm(("GIẢM MẬT", "Từ:{date}"), 32, 14, "double"),
    ),
    K.BAN_SO: (Norm(("BẢN SỐ: {n}",), 30, 8, "double"), Norm(("Bản số: {n}",), 26, 8, "single")),
    K.BAN_SAO_SO: (Norm(("BẢN SAO SỐ: {n}",), 40, 8, "double"), Norm(("Bản sao số: {n}",), 32, 8, "single")),
    K.BAN_SAO_BMNN: (
        Norm(
            (
                "BẢN SAO BÍ MẬT NHÀ NƯỚC",
                "Hình thức sao: {n}",
                "Thời gian: {date}",
                "Số lượng: {n}",
                "Nơi nhận: {n}",
                "THỦ TRƯỞNG",
            ),
            70,
            42,
            "double",
        ),
    ),
    K.THU_HOI: (
        Norm(("TÀI LIỆU THU HỒI", "Thời hạn: {date}"), 44, 14, "double"),
        Norm(("TÀI LIỆU THU HỒI",), 44, 9, "single"),
    ),
    K.BOC_BI: (
        Norm(("CHỈ NGƯỜI CÓ TÊN", "MỚI ĐƯỢC BÓC BÌ"), 52, 16, "double"),
        Norm(("CHỈ NGƯỜI CÓ TÊN MỚI ĐƯỢC BÓC BÌ",), 86, 10, "single"),
    ),
    K.ENVELOPE_A: (Norm(("A",), 15, 15, "circle"),),
    K.ENVELOPE_B: (Norm(("B",), 15, 15, "circle"),),
    K.ENVELOPE_C: (Norm(("C",), 15, 15, "circle"),),
    K.KHAN: (Norm(("KHẨN",), 20, 8, "single"),),
    K.THUONG_KHAN: (Norm(("THƯỢNG KHẨN",), 40, 8, "single"),),
    K.HOA_TOC: (Norm(("HỎA TỐC",), 30, 8, "single"),),
    K.DEN: (
        Norm(
            ("{agency}", "ĐẾN", "Số: {n}", "Ngày: {date}", "Chuyển: {n}", "Số và ký hiệu HS: {n}"),
            50,
            35,
            "single",
        ),
        Norm(("{agency}", "CÔNG VĂN ĐẾN", "Số: {n}", "Ngày: {date}"), 50, 28, "single"),
    ),
    K.SEAL: (Norm(("{agency}", "{agency}"), 36, 36, "seal"),),
    K.OTHER: (Norm(("{boxed}",), 34, 9, "single"),),
}
LEVELS = (K.TUYET_MAT, K.TOI_MAT, K.MAT)
