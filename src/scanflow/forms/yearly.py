"""Thống kê năm by level, signed by who counted and by the head of the body (Luật 29/2018/QH14 Điều 12.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scanflow.errors import Words
from scanflow.forms.columns import Tables
from scanflow.forms.errors import TopSecretDigitised
from scanflow.forms.facts import Office, Person
from scanflow.forms.paper import Cell, Facts, Paper, Signature, Signatures, Text
from scanflow.forms.words import short_date
from scanflow.levels import Level


@dataclass(frozen=True, slots=True)
class LevelTotals:
    """One level over the year; all are counts of what was handed over for digitisation.

    Raises:
        TopSecretDigitised: digitised TUYỆT MẬT documents.
    """

    level: Level
    dossiers: int
    documents: int
    sheets: int
    pages: int
    digitised: int
    routed_out: int
    pending: int
    notes: str = ""

    def __post_init__(self) -> None:
        if self.level is Level.TUYET_MAT and self.digitised:
            raise TopSecretDigitised(
                where=Words(
                    f"{self.digitised} tài liệu, thống kê năm", f"{self.digitised} documents, yearly statistics"
                )
            )


@dataclass(frozen=True, slots=True)
class YearTotals:
    """The statistics of a year, ``first_day`` to ``last_day`` (NĐ 26/2020/NĐ-CP Điều 8: 15/12 to 14/12)."""

    office: Office
    number: str
    day: date
    year: int
    first_day: date
    last_day: date
    rows: Sequence[LevelTotals]
    counted_by: Person
    head_of_body: Person
    head: str


def yearly_statistics(totals: YearTotals, tables: Tables) -> Paper:
    """The form; TUYỆT MẬT first, a last line with the sums."""
    columns = tables["yearly"]
    rows = sorted(totals.rows, key=lambda row: -row.level)
    keys = ("dossiers", "documents", "sheets", "pages", "digitised", "routed_out", "pending")
    cells: list[dict[str, Cell]] = [
        {"level": row.level.vi, "notes": row.notes} | {key: getattr(row, key) for key in keys} for row in rows
    ]
    total: dict[str, Cell] = {"level": "Tổng cộng"}
    total |= {key: sum(getattr(row, key) for row in rows) for key in keys}
    blocks = (
        Facts(
            (
                ("Kỳ thống kê", f"Từ {short_date(totals.first_day)} đến {short_date(totals.last_day)}"),
                ("Đơn vị tính", "Hồ sơ, tài liệu, tờ, trang"),
            )
        ),
        columns.fill(cells, total, numbered=True),
        Text(
            "Độ mật theo danh mục bàn giao. Tài liệu độ Tuyệt mật không số hóa; cột “Tách riêng” gồm tài liệu khai "
            "Tuyệt mật trong danh mục và tài liệu phát hiện khi quét.",
            "note",
        ),
        Signatures(
            (
                Signature(f"NGƯỜI THỐNG KÊ\n{totals.counted_by.post.upper()}".strip(), totals.counted_by.name),
                Signature(
                    f"THỦ TRƯỞNG CƠ QUAN\n{totals.head_of_body.post.upper()}".strip(),
                    totals.head_of_body.name,
                    "(Ký, ghi rõ họ tên, đóng dấu)",
                ),
            )
        ),
    )
    return Paper(
        "SF-TK", "THỐNG KÊ", f"Tài liệu bí mật nhà nước đưa vào số hóa năm {totals.year}", totals.office,
        totals.number, totals.day, totals.head, blocks,
    )  # fmt: skip
