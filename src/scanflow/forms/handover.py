"""Biên bản bàn giao with its danh mục, for the three moments of 1479/BCA-ANCTNB III.1.1.h."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from scanflow.forms.columns import Tables
from scanflow.forms.errors import TopSecretDigitised
from scanflow.forms.facts import Listed, Office, Outcome, Person, forbid_abstract
from scanflow.forms.paper import Annex, Block, Cell, Facts, Paper, Signature, Signatures, Text, introduce
from scanflow.forms.words import count, long_date, moment, short_date
from scanflow.levels import Level


class Moment(StrEnum):
    """When paper changes hands: out of the store, scanning finished, back in the store."""

    OUT = "out"
    SCANNED = "scanned"
    RETURNED = "returned"

    @property
    def vi(self) -> str:
        """What the record is about."""
        return _MOMENTS[self]


_MOMENTS = {
    Moment.OUT: "Bàn giao tài liệu ra khỏi kho để số hóa",
    Moment.SCANNED: "Bàn giao tài liệu khi kết thúc số hóa",
    Moment.RETURNED: "Bàn giao tài liệu trở lại kho bảo quản",
}

_CODES = {Moment.OUT: "SF-BG-1", Moment.SCANNED: "SF-BG-2", Moment.RETURNED: "SF-BG-3"}


@dataclass(frozen=True, slots=True)
class HandedOver:
    """One document at a handover.

    Attributes:
        listed: its row.
        found_sheets, found_pages: as counted at this handover.
        condition: state of the paper now, empty when it is as listed.
        outcome: None at the first moment.

    Raises:
        AbstractForbidden: a routed-out document with an abstract.
        TopSecretDigitised: a TUYỆT MẬT document said to be digitised.
    """

    listed: Listed
    found_sheets: int
    found_pages: int
    condition: str = ""
    outcome: Outcome | None = None

    def __post_init__(self) -> None:
        routed = self.outcome is Outcome.ROUTED_OUT
        forbid_abstract(self.listed.level, self.listed.abstract, self.listed.ordinal, routed_out=routed)
        if self.listed.level is Level.TUYET_MAT and self.outcome is Outcome.SEALED:
            raise TopSecretDigitised(where=f"STT {self.listed.ordinal}")

    @property
    def differs(self) -> bool:
        """Whether what was found is not what the list says."""
        return (self.found_sheets, self.found_pages) != (self.listed.sheets, self.listed.pages)


@dataclass(frozen=True, slots=True)
class Handover:
    """One handover.

    Attributes:
        permission: căn cứ: the document that allows taking the paper out (1479/BCA-ANCTNB 4.1).
        giver: keeper of the papers (người trực tiếp quản lý, lưu giữ).
        receiver: who digitises. At the second and third moment the roles are the other way round.
        convention: what counts as a page, in words.
    """

    moment: Moment
    office: Office
    number: str
    at: datetime
    batch: str
    permission: str
    giver: Person
    receiver: Person
    supervisor: Person
    rows: Sequence[HandedOver]
    convention: str
    head: str
    holding: str = "Tài liệu của cơ quan"


def handover_record(record: Handover, tables: Tables) -> Paper:
    """The record, with the list as annex in landscape."""
    rows, day = record.rows, record.at.date()
    columns = tables["handover_list"]
    dates = sorted(row.listed.issued for row in rows if row.listed.issued)
    blocks: tuple[Block, ...] = (
        *(Text(f"Căn cứ {line.strip()};") for line in record.permission.splitlines() if line.strip()),
        Text(f"Hôm nay, {moment(record.at)}, tại {record.office.body}, chúng tôi gồm:"),
        introduce("Bên giao", record.giver),
        introduce("Bên nhận", record.receiver),
        introduce("Giám sát", record.supervisor),
        Text("Hai bên đã kiểm đếm, đối chiếu và thống nhất lập biên bản với những nội dung sau:"),
        Facts(
            (
                ("1. Khối tài liệu", record.holding),
                ("2. Thời gian của tài liệu", _period(dates)),
                ("3. Đợt số hóa", record.batch),
                ("4. Số lượng", _quantity(rows)),
                ("5. Theo độ mật", _by_level(rows)),
                ("6. Cách tính trang", record.convention),
                ("7. Đối chiếu với danh mục", _agreement(rows)),
                ("8. Tình trạng tài liệu", _condition(rows)),
            )
        ),
        Text("Danh mục tài liệu bàn giao kèm theo là một phần của biên bản này."),
        Text("Biên bản được lập thành hai bản có giá trị như nhau, mỗi bên giữ một bản."),
        Signatures(
            (
                Signature("ĐẠI DIỆN BÊN GIAO", record.giver.name),
                Signature("ĐẠI DIỆN BÊN NHẬN", record.receiver.name),
                Signature("NGƯỜI GIÁM SÁT", record.supervisor.name),
            )
        ),
    )
    table = columns.fill([_cells(row) for row in rows], _total(rows))
    annex_blocks = (table, Text(_CARE, "note")) if any(row.listed.abstract for row in rows) else (table,)
    annex = Annex(
        "DANH MỤC TÀI LIỆU BÀN GIAO",
        f"Kèm theo Biên bản số {record.number or '……'} {long_date(day)}",
        annex_blocks,
    )
    return Paper(
        _CODES[record.moment], "BIÊN BẢN BÀN GIAO", record.moment.vi, record.office, record.number, day,
        record.head, blocks, dated=False, annex=annex, batch=record.batch,
    )  # fmt: skip


_CARE = "Danh mục có trích yếu của tài liệu: quản lý, bảo quản theo quy định về bảo vệ bí mật nhà nước."


def _period(dates: list[date]) -> str:
    if not dates:
        return "Không rõ"
    return f"Từ {short_date(dates[0])} đến {short_date(dates[-1])}"


def _quantity(rows: Sequence[HandedOver]) -> str:
    dossiers = len({row.listed.dossier for row in rows})
    sheets, pages = sum(row.found_sheets for row in rows), sum(row.found_pages for row in rows)
    return f"{count(dossiers)} hồ sơ, {count(len(rows))} tài liệu, {count(sheets)} tờ, {count(pages)} trang"


def _by_level(rows: Sequence[HandedOver]) -> str:
    parts = [
        f"{level.vi}: {count(number)}"
        for level in reversed(Level)
        if (number := sum(row.listed.level is level for row in rows))
    ]
    return "; ".join(parts) or "Không có tài liệu"


def _agreement(rows: Sequence[HandedOver]) -> str:
    odd = [str(row.listed.ordinal) for row in rows if row.differs]
    return f"Lệch ở STT {', '.join(odd)}" if odd else "Khớp số tài liệu, số tờ, số trang"


def _condition(rows: Sequence[HandedOver]) -> str:
    changed = [str(row.listed.ordinal) for row in rows if row.condition and row.condition != row.listed.condition]
    return f"Thay đổi so với danh mục ở STT {', '.join(changed)}" if changed else "Như ghi trong danh mục"


def _cells(row: HandedOver) -> dict[str, Cell]:
    listed = row.listed
    notes = [listed.notes] if listed.notes else []
    if row.differs:
        notes.append(f"Danh mục ghi {listed.sheets} tờ, {listed.pages} trang")
    return {
        "ordinal": listed.ordinal, "name": listed.name, "number": listed.number, "issued": listed.issued,
        "subject": f"{listed.kind}: {listed.abstract}" if listed.abstract else listed.kind,
        "author": listed.author, "level": listed.level.vi, "range": listed.sheet_range,
        "sheets": row.found_sheets, "pages": row.found_pages, "condition": row.condition or listed.condition,
        "outcome": row.outcome.vi if row.outcome else "", "notes": "; ".join(notes),
    }  # fmt: skip


def _total(rows: Sequence[HandedOver]) -> dict[str, Cell]:
    return {
        "subject": f"Cộng: {count(len(rows))} tài liệu",
        "sheets": sum(row.found_sheets for row in rows),
        "pages": sum(row.found_pages for row in rows),
    }
