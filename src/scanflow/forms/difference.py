"""Biên bản xử lý sai lệch: one document whose counts differ, and how the difference was settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scanflow.forms.errors import TwoPersonsNeeded
from scanflow.forms.facts import Office, Person
from scanflow.forms.paper import Block, Facts, Paper, Signature, Signatures, Text, introduce
from scanflow.forms.words import moment
from scanflow.levels import Level


class Remedy(StrEnum):
    """How a difference is settled; there is no fourth way."""

    RESCAN = "rescan"
    CORRECTED_LIST = "corrected"
    SIGNED_OFF = "signed"

    @property
    def vi(self) -> str:
        """As it is written on the record."""
        return _REMEDIES[self]


_REMEDIES = {
    Remedy.RESCAN: "Quét lại; kết quả quét lại khớp với danh mục",
    Remedy.CORRECTED_LIST: "Sửa danh mục theo số kiểm đếm trên giấy",
    Remedy.SIGNED_OFF: "Hai người có thẩm quyền xác nhận, chấp nhận sai lệch",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference and its settlement.

    Attributes:
        document: dossier code, a dot, serial.
        declared, counted: (sheets, pages).
        findings: what points at the place, each a short sentence about sheets ("Tờ 16: không thấy").
        reason: as the persons gave it.
        confirmers: two persons, both other than the operator and than each other.

    Raises:
        TwoPersonsNeeded: they are not.
    """

    office: Office
    number: str
    at: datetime
    batch: str
    document: str
    level: Level
    declared: tuple[int, int]
    counted: tuple[int, int]
    findings: Sequence[str]
    remedy: Remedy
    reason: str
    operator: Person
    confirmers: tuple[Person, Person]
    head: str

    def __post_init__(self) -> None:
        if len({self.operator.name, *(person.name for person in self.confirmers)}) != 3:
            raise TwoPersonsNeeded(document=self.document)


def difference_record(record: Difference) -> Paper:
    """The record; no columns are prescribed for it anywhere, so it is written as sentences."""
    first, second = record.confirmers
    blocks: tuple[Block, ...] = (
        Text(f"Hôm nay, {moment(record.at)}, tại {record.office.body}, chúng tôi gồm:"),
        introduce("Người thực hiện số hóa", record.operator),
        introduce("Người xác nhận thứ nhất", first),
        introduce("Người xác nhận thứ hai", second),
        Text("lập biên bản về sai lệch số đếm và việc xử lý như sau:"),
        Facts(
            (
                ("1. Đợt số hóa", record.batch),
                ("2. Tài liệu", record.document),
                ("3. Độ mật", record.level.vi),
                ("4. Theo danh mục", _pair(record.declared)),
                ("5. Kiểm đếm được", _pair(record.counted)),
                ("6. Chênh lệch", _gap(record.declared, record.counted)),
            )
        ),
        Text("7. Dấu hiệu ghi nhận:", "heading"),
        *(Text(f"- {finding}") for finding in record.findings or ("Không có dấu hiệu nào khác ngoài số đếm.",)),
        Text("8. Cách xử lý:", "heading"),
        Text(f"{record.remedy.vi}."),
        Text(f"Lý do: {record.reason or '……………………………………………………………………'}"),
        Text(
            "Tài liệu chỉ được giao sau khi sai lệch đã được xử lý. Biên bản được lập thành hai bản, "
            "lưu cùng hồ sơ của đợt số hóa."
        ),
        Signatures(
            (
                Signature("NGƯỜI THỰC HIỆN", record.operator.name),
                Signature("NGƯỜI XÁC NHẬN 1", first.name),
                Signature("NGƯỜI XÁC NHẬN 2", second.name),
            )
        ),
    )
    return Paper(
        "SF-SL", "BIÊN BẢN XỬ LÝ SAI LỆCH", "Về số tờ, số trang của tài liệu khi số hóa", record.office,
        record.number, record.at.date(), record.head, blocks, dated=False, batch=record.batch,
    )  # fmt: skip


def _pair(counts: tuple[int, int]) -> str:
    return f"{counts[0]} tờ, {counts[1]} trang"


def _gap(declared: tuple[int, int], counted: tuple[int, int]) -> str:
    parts = []
    for unit, said, found in zip(("tờ", "trang"), declared, counted, strict=True):
        if found != said:
            parts.append(f"{'thừa' if found > said else 'thiếu'} {abs(found - said)} {unit}")
    return ", ".join(parts) or "không"
