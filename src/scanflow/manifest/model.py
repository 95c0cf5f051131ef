"""The handover list as the rest of the house sees it (danh mục tài liệu): frozen rows, one convention."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from scanflow.levels import Level


class PageConvention(StrEnum):
    """What counts as a page (trang); no text of law says it, so each batch states it.

    A sheet always counts at least one page, so that sheets ≤ pages ≤ 2 · sheets holds in both conventions.
    """

    WRITTEN_SIDES = "written"
    """Không tính mặt trắng: sides with content, and one for a sheet that is blank on both."""
    BOTH_SIDES = "both"
    """Tính cả mặt trắng: two pages a sheet."""

    @property
    def vi(self) -> str:
        """The words used in the list and on the record."""
        return "Không tính mặt trắng" if self is PageConvention.WRITTEN_SIDES else "Tính cả mặt trắng"


@dataclass(frozen=True, slots=True)
class Row:
    """One document of the list (một tài liệu).

    Attributes:
        ordinal: STT in the list, unique in the batch; separators and outcomes refer to it.
        dossier: mã hồ sơ.
        document: serial of the document in its dossier (số thứ tự trong hồ sơ), from 1.
        number: số và ký hiệu, such as "1479/BCA-ANCTNB"; may be empty for a paper without number.
        issued: ngày ban hành, None when the list leaves it blank.
        level: độ mật.
        sheets: số tờ, as declared.
        pages: số trang, as declared, by the batch's convention.
        kind: tên loại (công văn, quyết định …).
        abstract: trích yếu; always empty on a TUYỆT MẬT row.
        author: tác giả, cơ quan ban hành.
        copy: bản số, tells copies of one paper apart.
        first_sheet: tờ số, from; a string such as "15a", empty when the list gives none.
        last_sheet: tờ số, to.
        condition: tình trạng.
        notes: ghi chú.
        extended: whether the list says that protection was extended; None when it says nothing.
        extended_until: gia hạn đến.
        protected_until: end on the stamp THỜI HẠN BẢO VỆ BÍ MẬT NHÀ NƯỚC.
        declassified_by: number of the decision that declassified it (quyết định giải mật).
        declassified_on: date of that decision.
        historical_archive: the Lưu trữ lịch sử decided, the determining body being unknown.
        line: row number in the file, for messages.
    """

    ordinal: int
    dossier: str
    document: int
    number: str
    issued: date | None
    level: Level
    sheets: int
    pages: int
    kind: str = ""
    abstract: str = field(default="", repr=False)
    author: str = field(default="", repr=False)
    copy: str = ""
    first_sheet: str = ""
    last_sheet: str = ""
    condition: str = ""
    notes: str = field(default="", repr=False)
    extended: bool | None = None
    extended_until: date | None = None
    protected_until: date | None = None
    declassified_by: str = ""
    declassified_on: date | None = None
    historical_archive: bool = False
    line: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        """Keep the promise that no abstract of a TUYỆT MẬT document exists anywhere.

        Raises:
            ValueError: a TUYỆT MẬT row with an abstract.
        """
        if self.level is Level.TUYET_MAT and self.abstract:
            raise ValueError("a TUYỆT MẬT row holds no abstract")

    @property
    def name(self) -> str:
        """Mã hồ sơ, a dot, and the serial of the document: the file name of TT 05/2025/TT-BNV Điều 8.1.d."""
        return f"{self.dossier}.{self.document}"

    @property
    def refused(self) -> bool:
        """Never digitised, at any age (1479/BCA-ANCTNB III.1.1.a): must not be in the stack."""
        return self.level is Level.TUYET_MAT

    def canonical(self) -> list[object]:
        """What identifies the row, without trích yếu, condition and notes, as JSON values in order."""

        def day(value: date | None) -> str:
            return value.isoformat() if value else ""

        return [
            self.ordinal, self.dossier, self.document, self.number, day(self.issued), int(self.level),
            self.sheets, self.pages, self.kind, self.author, self.copy, self.first_sheet, self.last_sheet,
            self.extended, day(self.extended_until), day(self.protected_until), self.declassified_by,
            day(self.declassified_on), self.historical_archive,
        ]  # fmt: skip


@dataclass(frozen=True)
class Manifest:
    """A list without a single fault.

    Attributes:
        rows: by ascending ordinal.
        convention: what counts as a page in this batch.
        convention_stated: whether the list itself says so (else the station's setting was used).
    """

    rows: tuple[Row, ...]
    convention: PageConvention
    convention_stated: bool

    @cached_property
    def batch_id(self) -> str:
        """Such as "B-482913-550127-908134": the same list is the same batch, so a second run is noticed."""
        return batch_id(self.rows)

    def document_id(self, ordinal: int) -> str:
        """Opaque id of a document, such as "B-482913-550127-908134-D003"."""
        return document_id(self.batch_id, ordinal)

    @cached_property
    def by_ordinal(self) -> dict[int, Row]:
        """Row by its STT."""
        return {row.ordinal: row for row in self.rows}

    @property
    def to_feed(self) -> tuple[Row, ...]:
        """The documents that may lie in the stack, in order."""
        return tuple(row for row in self.rows if not row.refused)

    @property
    def refused(self) -> tuple[Row, ...]:
        """Declared TUYỆT MẬT: taken out before the feeder starts."""
        return tuple(row for row in self.rows if row.refused)


def batch_id(rows: Iterable[Row]) -> str:
    """Eighteen digits, about 60 bits of SHA-256 over the canonical rows in order of ordinal.

    Digits in groups, so that a person can compare it on paper and the ledger can see that it says nothing.
    """
    digest = hashlib.sha256(b"scanflow batch 1\n")
    for row in sorted(rows, key=lambda row: row.ordinal):
        line = json.dumps(row.canonical(), ensure_ascii=False, separators=(",", ":"))
        digest.update(line.encode() + b"\n")
    digits = f"{int.from_bytes(digest.digest()) % 10**18:018d}"
    return f"B-{digits[:6]}-{digits[6:12]}-{digits[12:]}"


def document_id(batch: str, ordinal: int) -> str:
    """Id of the document with this STT in a batch."""
    return f"{batch}-D{ordinal:03d}"
