"""Biên bản đối chiếu: what was declared, what was counted, what became of it; the record a batch ends with.

It carries no title and no abstract: documents are named by dossier code and serial (promise P8).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from scanflow.forms.columns import Tables
from scanflow.forms.errors import TopSecretDigitised, TwoPersonsNeeded, Unbalanced
from scanflow.forms.facts import Office, Outcome, Person
from scanflow.forms.paper import Annex, Block, Cell, Paper, Signature, Signatures, Table, Text, introduce
from scanflow.forms.words import count, moment
from scanflow.levels import Level


@dataclass(frozen=True, slots=True)
class SheetBalance:
    """Every sheet that went through the feeder (promise P3).

    Raises:
        Unbalanced: fed is not the sum of the others.
    """

    fed: int
    cleared: int
    held: int
    routed_out: int
    spoiled: int
    separators: int

    def __post_init__(self) -> None:
        total = self.cleared + self.held + self.routed_out + self.spoiled + self.separators
        if self.fed != total:
            raise Unbalanced(fed=self.fed, total=total)


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One document of the batch.

    Attributes:
        name: dossier code, a dot, serial.
        level: the highest found or declared.
        counted_sheets, counted_pages: None where nothing was scanned (declared TUYỆT MẬT).
        sheet: ordinal in the batch of the sheet at which it was routed out, None otherwise.
        signed_by: the two persons who signed for a difference.
        remark: a short fact such as "quét lại tờ 3"; never a word from a page.
    """

    ordinal: int
    name: str
    level: Level
    declared_sheets: int
    declared_pages: int
    counted_sheets: int | None
    counted_pages: int | None
    blank_sides: int
    outcome: Outcome
    sheet: int | None = None
    signed_by: tuple[str, ...] = ()
    remark: str = ""

    @property
    def agrees(self) -> bool:
        """Whether the counts equal the list."""
        return (self.declared_sheets, self.declared_pages) == (self.counted_sheets, self.counted_pages)


@dataclass(frozen=True, slots=True)
class MediumLine:
    """A medium that took containers.

    Attributes:
        label: the asset label that people see.
        clearance: highest level it may hold.
        containers: how many were read back and verified.
        receipt: opaque identifier of the receipt.
        simulated: not a real device; said in plain words on the form.
    """

    label: str
    clearance: Level
    containers: int
    receipt: str
    simulated: bool


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A batch at its end.

    Attributes:
        feeds: sentences on differences of whole feeds.

    Raises:
        TopSecretDigitised: a TUYỆT MẬT document is said to be sealed.
        TwoPersonsNeeded: a document that differs is said to be sealed without two other people.
    """

    office: Office
    number: str
    at: datetime
    batch: str
    convention: str
    operator: Person
    custodian: Person
    supervisor: Person
    balance: SheetBalance
    rows: Sequence[Reconciled]
    media: Sequence[MediumLine]
    head: str
    simulated: str = ""
    feeds: Sequence[str] = ()

    def __post_init__(self) -> None:
        for row in self.rows:
            if row.outcome is not Outcome.SEALED:
                continue
            if row.level is Level.TUYET_MAT:
                raise TopSecretDigitised(where=f"STT {row.ordinal}")
            if not row.agrees and len(set(row.signed_by) - {self.operator.name}) < 2:
                raise TwoPersonsNeeded(document=row.name)


def reconciliation_record(record: Reconciliation, tables: Tables) -> Paper:
    """The reconciled record of a batch; its table stands in landscape after the signatures."""
    columns = tables["reconciliation"]
    table = columns.fill([_cells(row) for row in record.rows], _total(record.rows))
    blocks: list[Block] = [
        Text(f"Hôm nay, {moment(record.at)}, tại {record.office.body}, chúng tôi gồm:"),
        introduce("Người thực hiện số hóa", record.operator),
        introduce("Người lưu giữ tài liệu", record.custodian),
        introduce("Người giám sát", record.supervisor),
        Text(f"đã đối chiếu tài liệu của đợt số hóa {record.batch} với danh mục bàn giao. Kết quả như sau:"),
        Text("1. Số tờ đi qua máy quét", "heading"),
        Text(_equation(record.balance), "balance"),
        *(Text(line) for line in record.feeds),
        Text("2. Đối chiếu từng tài liệu", "heading"),
        Text(f"{_summary(record.rows)} Cách tính trang: {record.convention}. Bảng đối chiếu kèm theo."),
        *(Text(line) for line in _routed(record.rows)),
        Text("3. Thiết bị lưu trữ đã nhận", "heading"),
        *_media(record.media),
    ]
    if record.simulated:
        blocks.append(Text(f"Phần mô phỏng trong đợt này: {record.simulated}.", "note"))
    blocks.append(
        Signatures(
            (
                Signature("NGƯỜI THỰC HIỆN", record.operator.name),
                Signature("NGƯỜI LƯU GIỮ", record.custodian.name),
                Signature("NGƯỜI GIÁM SÁT", record.supervisor.name),
            )
        )
    )
    return _paper(record, tuple(blocks), table)


def _paper(record: Reconciliation, blocks: tuple[Block, ...], table: Table) -> Paper:
    annex = Annex("BẢNG ĐỐI CHIẾU", f"Đợt số hóa {record.batch}", (table,))
    return Paper(
        "SF-DC", "BIÊN BẢN ĐỐI CHIẾU", "Kết quả kiểm đếm, đối chiếu tài liệu sau số hóa", record.office,
        record.number, record.at.date(), record.head, blocks, dated=False, annex=annex, batch=record.batch,
    )  # fmt: skip


def _equation(b: SheetBalance) -> str:
    return (
        f"{b.fed} tờ đã nạp = {b.cleared} cho qua + {b.held} giữ lại + {b.routed_out} tách riêng "
        f"+ {b.spoiled} hỏng + {b.separators} tờ ngăn cách"
    )


def _summary(rows: Sequence[Reconciled]) -> str:
    parts = [
        f"{outcome.vi.lower()}: {count(number)}"
        for outcome in Outcome
        if (number := sum(row.outcome is outcome for row in rows))
    ]
    return f"Tổng số {count(len(rows))} tài liệu ({'; '.join(parts)})."


def _routed(rows: Sequence[Reconciled]) -> list[str]:
    return [
        f"Tài liệu {row.name} (STT {row.ordinal}) được tách riêng do phát hiện dấu Tuyệt mật "
        f"ở tờ thứ {row.sheet} qua máy; toàn bộ ảnh của tài liệu này trong bộ nhớ đã được hủy, "
        "không ghi ra thiết bị nào."
        for row in rows
        if row.outcome is Outcome.ROUTED_OUT and row.sheet is not None
    ]


def _media(media: Sequence[MediumLine]) -> list[Text]:
    if not media:
        return [Text("Không có thiết bị nào nhận dữ liệu.")]
    return [
        Text(
            f"Thiết bị {m.label}{' (MÔ PHỎNG)' if m.simulated else ''}, được lưu đến độ {m.clearance.vi}: "
            f"{count(m.containers)} gói đã ghi, đọc lại và kiểm tra đúng; mã biên nhận {m.receipt}."
        )
        for m in media
    ]


def _cells(row: Reconciled) -> dict[str, Cell]:
    notes = [row.remark] if row.remark else []
    if row.signed_by:
        notes.append(f"Xác nhận sai lệch: {', '.join(row.signed_by)}")
    if row.sheet is not None:
        notes.append(f"Dừng ở tờ thứ {row.sheet} qua máy")
    if row.counted_sheets is None or row.outcome is Outcome.ROUTED_OUT:
        verdict = "–"
    else:
        verdict = "Khớp" if row.agrees else "LỆCH"
    return {
        "ordinal": row.ordinal, "name": row.name, "level": row.level.vi,
        "declared_sheets": row.declared_sheets, "counted_sheets": row.counted_sheets,
        "declared_pages": row.declared_pages, "counted_pages": row.counted_pages,
        "blank_sides": row.blank_sides, "verdict": verdict, "outcome": row.outcome.vi,
        "notes": "; ".join(notes),
    }  # fmt: skip


def _total(rows: Sequence[Reconciled]) -> dict[str, Cell]:
    return {
        "name": f"Cộng: {count(len(rows))} tài liệu",
        "declared_sheets": sum(row.declared_sheets for row in rows),
        "counted_sheets": sum(row.counted_sheets or 0 for row in rows),
        "declared_pages": sum(row.declared_pages for row in rows),
        "counted_pages": sum(row.counted_pages or 0 for row in rows),
        "blank_sides": sum(row.blank_sides for row in rows),
    }
