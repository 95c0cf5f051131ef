"""Saying to the operator what was found, where on the sheet, and how sure: words only, no picture kept."""

from __future__ import annotations

import numpy as np

from scanflow.errors import Words
from scanflow.imaging.straight import moved, upright_matrix
from scanflow.pages import Pose
from scanflow.stamps.geometry import centre_of
from scanflow.stamps.judge import Fault, Judgement, Reason, Verdict
from scanflow.stamps.marks import Mark, MarkKind

NAME_VI: dict[MarkKind, str] = {
    MarkKind.TUYET_MAT: "TUYỆT MẬT",
    MarkKind.TOI_MAT: "TỐI MẬT",
    MarkKind.MAT: "MẬT",
    MarkKind.GIAI_MAT: "GIẢI MẬT",
    MarkKind.THOI_HAN: "THỜI HẠN BẢO VỆ",
    MarkKind.GIA_HAN: "GIA HẠN",
    MarkKind.DIEU_CHINH: "ĐIỀU CHỈNH ĐỘ MẬT",
    MarkKind.BAN_SO: "BẢN SỐ",
    MarkKind.BAN_SAO_SO: "BẢN SAO SỐ",
    MarkKind.BAN_SAO_BMNN: "BẢN SAO BÍ MẬT NHÀ NƯỚC",
    MarkKind.THU_HOI: "TÀI LIỆU THU HỒI",
    MarkKind.BOC_BI: "CHỈ NGƯỜI CÓ TÊN MỚI ĐƯỢC BÓC BÌ",
    MarkKind.ENVELOPE_A: "A (bì TUYỆT MẬT)",
    MarkKind.ENVELOPE_B: "B (bì TỐI MẬT)",
    MarkKind.ENVELOPE_C: "C (bì MẬT)",
    MarkKind.KHAN: "KHẨN",
    MarkKind.THUONG_KHAN: "THƯỢNG KHẨN",
    MarkKind.HOA_TOC: "HỎA TỐC",
    MarkKind.DEN: "ĐẾN",
    MarkKind.SEAL: "dấu tròn cơ quan",
    MarkKind.OTHER: "dấu khác",
    MarkKind.UNREADABLE: "dấu không đọc được",
}
"""Each mark as it is written on paper and said on screens."""

NAME_EN: dict[MarkKind, str] = {
    MarkKind.SEAL: "round seal",
    MarkKind.OTHER: "another stamp",
    MarkKind.UNREADABLE: "an unreadable stamp",
}
"""English names where the Vietnamese words are not the mark's own."""

_ROWS = (("trên", "top"), ("giữa", "middle"), ("dưới", "bottom"))
_COLUMNS = (("trái", "left"), ("giữa", "centre"), ("phải", "right"))


def place_of(mark: Mark, shape: tuple[int, int], pose: Pose) -> Words:
    """Where on the upright sheet a mark lies, in a grid of three by three.

    Args:
        mark: with its quad in pixels of the image as given.
        shape: ``(height, width)`` of that image.
        pose: how the side lies.
    """
    height, width = shape
    point = moved(np.array([centre_of(mark.quad)]), upright_matrix(width, height, pose))[0]
    if pose.turn in (90, 270):
        width, height = height, width
    row = min(2, max(0, int(3 * point[1] / height)))
    column = min(2, max(0, int(3 * point[0] / width)))
    (row_vi, row_en), (column_vi, column_en) = _ROWS[row], _COLUMNS[column]
    if row == 1 and column == 1:
        return Words("chính giữa trang", "in the middle of the page")
    if row == 1:
        return Words(f"giữa trang, bên {column_vi}", f"halfway down, {column_en}")
    if column == 1:
        return Words(f"phía {row_vi}, chính giữa", f"{row_en} centre")
    return Words(f"góc {row_vi} bên {column_vi}", f"{row_en} {column_en}")


def sureness(score: float) -> Words:
    """A score in words."""
    if score >= 0.9:
        return Words("rất chắc", "very sure")
    return Words("khá chắc", "fairly sure") if score >= 0.7 else Words("chưa chắc", "not sure")


def explain_mark(mark: Mark, shape: tuple[int, int], pose: Pose) -> Words:
    """One mark in a sentence: which, where, how sure."""
    where, sure = place_of(mark, shape, pose), sureness(mark.score)
    name = NAME_VI[mark.kind]
    called = name if mark.kind in (MarkKind.SEAL, MarkKind.OTHER, MarkKind.UNREADABLE) else f"dấu {name}"
    vi = f"{called[0].upper()}{called[1:]} ở {where.vi} ({sure.vi})."
    return Words(vi, f"{NAME_EN.get(mark.kind, mark.kind.value)}, {where.en} ({sure.en}).")


_FAULT: dict[Fault, Words] = {
    Fault.EXCEPTION: Words(
        "Chương trình gặp lỗi khi xem trang; trang được giữ lại để người xem.",
        "The examination failed; the side is held for a person.",
    ),
    Fault.OVER_BUDGET: Words(
        "Trang cần quá nhiều thời gian để xem; trang được giữ lại để người xem.",
        "The side took too long to examine; it is held for a person.",
    ),
    Fault.LOW_RESOLUTION: Words(
        "Độ phân giải dưới 150 dpi, không đọc được dấu. Quét lại ở 200 hoặc 300 dpi.",
        "Under 150 dpi, marks cannot be read. Scan again at 200 or 300 dpi.",
    ),
    Fault.UNKNOWN_RESOLUTION: Words(
        "Không biết độ phân giải của ảnh. Quét lại với hồ sơ máy quét của trạm.",
        "The resolution is unknown. Scan again with the station's scanner profile.",
    ),
    Fault.BILEVEL: Words(
        "Ảnh đen trắng hai mức, không đọc dấu được chắc chắn. Quét lại ở chế độ màu.",
        "A bilevel image, marks cannot be read safely. Scan again in colour.",
    ),
    Fault.POOR_SCAN: Words(
        "Ảnh quá tối, cháy sáng hoặc bị lấp phần cuối. Lau mặt kính, kiểm tra rồi quét lại.",
        "The scan is too dark, burnt out or filled in. Clean the glass and scan again.",
    ),
    Fault.TOO_MANY_MARKS: Words(
        "Trang có quá nhiều khung giống dấu; người phải xem trang giấy.",
        "Too many stamp-like frames on the side; a person must look at the paper.",
    ),
    Fault.NOT_DECODED: Words(
        "Không mở được ảnh. Quét lại mặt giấy này.", "The image cannot be opened. Scan this side again."
    ),
}

_REASON: dict[Reason, Words] = {
    Reason.TOP_SECRET_MARK: Words(
        "Có dấu TUYỆT MẬT: lấy tờ này và cả tài liệu ra khỏi chồng giấy, không số hóa.",
        "A TUYỆT MẬT mark: take this sheet and its whole document out of the stack.",
    ),
    Reason.UNREADABLE_MARK: Words(
        "Có dấu không đọc được: người có thẩm quyền phải xem trang giấy.",
        "A stamp that cannot be read: an authorised person must look at the paper.",
    ),
    Reason.LEVEL_CHANGED: Words(
        "Có dấu điều chỉnh độ mật: người có thẩm quyền phải đọc độ mật mới trên giấy.",
        "A mark that changes the level: an authorised person must read the new level on the paper.",
    ),
}

_NOTHING = {
    Verdict.NO_MARK: Words("Không thấy dấu nào.", "No mark found."),
    Verdict.MARKED: Words("Các dấu trên trang đều đọc được.", "All marks on the side were read."),
}


def explain_fault(fault: Fault) -> Words:
    """Why an examination cannot be relied on, and what to do."""
    return _FAULT[fault]


def explain_reason(reason: Reason) -> Words:
    """Why a side is held or routed out, and what to do."""
    return _REASON[reason]


def explain(judgement: Judgement, marks: tuple[Mark, ...], shape: tuple[int, int], pose: Pose) -> list[Words]:
    """All there is to say on a side, the gravest first: the verdict, then each mark."""
    said = [_REASON[reason] for reason in judgement.reasons]
    said += [_FAULT[fault] for fault in sorted(judgement.faults)]
    if not said:
        said.append(_NOTHING[judgement.verdict])
    return said + [explain_mark(mark, shape, pose) for mark in marks]
