"""What the forms are told: small frozen facts that the station fills in. Nothing here is read from a page."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from scanflow.forms.errors import AbstractForbidden
from scanflow.levels import Level


@dataclass(frozen=True, slots=True)
class Office:
    """The body that makes the form (cơ quan, tổ chức lập biểu).

    Attributes:
        superior: cơ quan chủ quản trực tiếp, written in plain capitals above.
        body: the body itself, bold capitals.
        place: địa danh.
    """

    superior: str
    body: str
    place: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts (họ tên, chức vụ). ``unit`` may be empty."""

    name: str
    post: str
    unit: str = ""


class Outcome(StrEnum):
    """What became of a document (kết quả)."""

    SEALED = "sealed"
    ROUTED_OUT = "routed_out"
    REFUSED = "refused"
    HELD = "held"
    DIFFERS = "differs"
    RETURNED = "returned"

    @property
    def vi(self) -> str:
        """As it is written on the record."""
        return _OUTCOMES[self]


_OUTCOMES = {
    Outcome.SEALED: "Đã số hóa",
    Outcome.ROUTED_OUT: "Tách riêng, không số hóa",
    Outcome.REFUSED: "Không đưa vào quét",
    Outcome.HELD: "Giữ lại",
    Outcome.DIFFERS: "Lệch số đếm, chưa giao",
    Outcome.RETURNED: "Trả lại",
}


def forbid_abstract(level: Level, abstract: str, ordinal: int, *, routed_out: bool = False) -> None:
    """Refuse trích yếu where none may be written.

    Raises:
        AbstractForbidden: the document is TUYỆT MẬT or was routed out, and an abstract is given.
    """
    if abstract and (level is Level.TUYET_MAT or routed_out):
        raise AbstractForbidden(ordinal=ordinal)


@dataclass(frozen=True, slots=True)
class Listed:
    """One document of the list (một tài liệu trong danh mục).

    Raises:
        AbstractForbidden: an abstract on a TUYỆT MẬT row.
    """

    ordinal: int
    dossier: str
    document: int
    number: str
    issued: date | None
    kind: str
    author: str
    level: Level
    sheets: int
    pages: int
    abstract: str = field(default="", repr=False)
    first_sheet: str = ""
    last_sheet: str = ""
    condition: str = ""
    notes: str = ""

    def __post_init__(self) -> None:
        forbid_abstract(self.level, self.abstract, self.ordinal)

    @property
    def name(self) -> str:
        """Mã hồ sơ, a dot, and the serial in it (TT 05/2025/TT-BNV Điều 8.1.d)."""
        return f"{self.dossier}.{self.document}"

    @property
    def sheet_range(self) -> str:
        """Tờ số, from–to."""
        if not self.last_sheet or self.first_sheet == self.last_sheet:
            return self.first_sheet
        return f"{self.first_sheet}–{self.last_sheet}"

    def as_top_secret(self) -> Listed:
        """The row once a TUYỆT MẬT page was found in the document: its level raised, its abstract gone."""
        return replace(self, level=Level.TUYET_MAT, abstract="")
