"""Incident record for a route-out: a TUYỆT MẬT mark was met in the stack. Sheet, time, reason; no content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scanflow.forms.facts import Office, Person
from scanflow.forms.paper import Facts, Paper, Signature, Signatures, Text, introduce
from scanflow.forms.words import moment


class Cause(StrEnum):
    """Why a document was routed out; a closed list, so that no word of the page can get in."""

    LEVEL_MARK = "mark"
    WIDE_FRAME = "frame"
    ENVELOPE = "envelope"
    PERSON = "person"

    @property
    def vi(self) -> str:
        """As it is written on the record."""
        return _CAUSES[self]


_CAUSES = {
    Cause.LEVEL_MARK: "Đọc được dấu chỉ độ mật Tuyệt mật",
    Cause.WIDE_FRAME: "Khung dấu có kích thước của dấu Tuyệt mật, chữ không đọc được hết",
    Cause.ENVELOPE: "Dấu ký hiệu A của bì tài liệu Tuyệt mật",
    Cause.PERSON: "Người có trách nhiệm xem trên giấy và quyết định tách riêng",
}


@dataclass(frozen=True, slots=True)
class Incident:
    """A route-out. The type has no field for a title, an abstract, recognised text or a picture.

    Attributes:
        document: dossier code, a dot, serial; empty when the sheet came before any document.
        sheet: ordinal of the sheet within its document, 0 when it is not known; ``fed`` its ordinal within the batch.
            The side is written in by hand: the ledger keeps sheet, reason and time, and nothing more (promise P1).
        stopped_at, erased_at: when the feeder stopped, when the document's key was destroyed.
        sides_erased: how many sides of the document had been in RAM.
        sheets_beyond: sheets fed after it before the feeder stood still.
        keeper: who took the paper.
    """

    office: Office
    number: str
    at: datetime
    batch: str
    document: str
    sheet: int
    fed: int
    cause: Cause
    stopped_at: datetime
    erased_at: datetime
    sides_erased: int
    sheets_beyond: int
    operator: Person
    supervisor: Person
    keeper: Person
    head: str


def _when(at: datetime, written: datetime) -> str:
    """The hour alone on the day of the record, the date with it otherwise."""
    return f"{at.hour:02d} giờ {at.minute:02d} phút cùng ngày" if at.date() == written.date() else moment(at)


def incident_record(record: Incident) -> Paper:
    """The record of one route-out."""
    blocks = (
        Text(f"Hôm nay, {moment(record.at)}, tại {record.office.body}, chúng tôi gồm:"),
        introduce("Người thực hiện số hóa", record.operator),
        introduce("Người giám sát", record.supervisor),
        introduce("Người lưu giữ tài liệu", record.keeper),
        Text("lập biên bản về việc phát hiện trang có dấu hiệu Tuyệt mật trong tập tài liệu đưa vào quét:"),
        Facts(
            (
                ("1. Đợt số hóa", record.batch),
                ("2. Tài liệu", record.document),
                ("3. Vị trí", f"Tờ thứ {record.sheet or '……'} của tài liệu, mặt ……"),
                ("4. Thứ tự trong khay", f"Tờ thứ {record.fed} của đợt"),
                ("5. Căn cứ tách riêng", record.cause.vi),
                ("6. Máy quét dừng", _when(record.stopped_at, record.at)),
                ("7. Số tờ đã đi thêm", f"{record.sheets_beyond} tờ"),
                (
                    "8. Hủy ảnh trong bộ nhớ",
                    f"{record.sides_erased} mặt, {_when(record.erased_at, record.at)}",
                ),
            )
        ),
        Text(
            "Ảnh của toàn bộ tài liệu nói trên chỉ nằm trong bộ nhớ, dưới khóa riêng của tài liệu; "
            "khóa đã bị hủy. Không có ảnh, chữ nhận dạng hay trích yếu nào được ghi ra "
            "thiết bị lưu trữ hoặc sổ nhật ký."
        ),
        Text(
            "Toàn bộ các tờ của tài liệu đã được lấy ra khỏi máy quét, kiểm đủ và giao cho người lưu giữ "
            "để quản lý riêng; không số hóa (Công văn số 1479/BCA-ANCTNB, mục III.1.1.a)."
        ),
        Facts((("9. Số tờ giao người lưu giữ", ""),)),
        Signatures(
            (
                Signature("NGƯỜI THỰC HIỆN", record.operator.name),
                Signature("NGƯỜI GIÁM SÁT", record.supervisor.name),
                Signature("NGƯỜI LƯU GIỮ", record.keeper.name),
            )
        ),
    )
    return Paper(
        "SF-TR", "BIÊN BẢN TÁCH RIÊNG TÀI LIỆU", "Phát hiện dấu hiệu Tuyệt mật khi số hóa", record.office,
        record.number, record.at.date(), record.head, blocks, dated=False, batch=record.batch,
    )  # fmt: skip
