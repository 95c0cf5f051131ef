"""Invented facts for every form, so that tests and the eye look at the same papers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from scanflow.forms.columns import load_tables
from scanflow.forms.difference import Difference, Remedy, difference_record
from scanflow.forms.facts import Listed, Office, Outcome, Person
from scanflow.forms.handover import HandedOver, Handover, Moment, handover_record
from scanflow.forms.incident import Cause, Incident, incident_record
from scanflow.forms.paper import Paper
from scanflow.forms.reconciliation import (
    MediumLine,
    Reconciled,
    Reconciliation,
    SheetBalance,
    reconciliation_record,
)
from scanflow.forms.registers import (
    Copied,
    Received,
    Sent,
    Volume,
    copying_register,
    incoming_register,
    outgoing_register,
)
from scanflow.forms.separators import Separator
from scanflow.forms.yearly import LevelTotals, YearTotals, yearly_statistics
from scanflow.levels import Level

TABLES_FILE = Path(__file__).resolve().parents[2] / "config/rules/registers.toml"
TABLES = load_tables(TABLES_FILE)
HEAD = (
    "scanflow.mau/tram-01\n1284\nq1pT0l9YvXk3b0c7Wq8M1JrYt5oBz2uLr0x9dEwQm3o=\n\n"
    "— tram-01 Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8="
)
OFFICE = Office("UBND TỈNH MẪU", "CƠ QUAN MẪU A", "Tỉnh Mẫu")
KEEPER = Person("Cán bộ mẫu 01", "Lưu trữ viên", "Kho lưu trữ mẫu")
OPERATOR = Person("Cán bộ mẫu 02", "Chuyên viên số hóa")
SUPERVISOR = Person("Cán bộ mẫu 03", "Trưởng phòng Hành chính mẫu")
BATCH = "K7QH2MZDPX4T3R6B"
AT = datetime(2026, 11, 22, 16, 5)
DAY = AT.date()


def listed(ordinal: int, level: Level = Level.MAT, abstract: str | None = None, **more: object) -> Listed:
    """A row with a short abstract where one is allowed."""
    if abstract is None:
        abstract = "" if level is Level.TUYET_MAT else "Trồng cây và bố trí lại khuôn viên năm 2025"
    base = Listed(
        ordinal, "MAU.01.2026.07", ordinal, f"{ordinal + 4:02d}/KH-CQMA", date(2025, 4, 7), "Kế hoạch",
        "CƠ QUAN MẪU A", level, 2, 4, abstract, str(2 * ordinal + 1), str(2 * ordinal + 2), "Bình thường",
    )  # fmt: skip
    return replace(base, **more)  # type: ignore[arg-type]


def handover(moment: Moment = Moment.OUT, rows: int = 9) -> Handover:
    """A handover in which the third paper differs, and the sixth was routed out once scanning is over."""
    papers = []
    for ordinal in range(1, rows + 1):
        row = listed(ordinal, Level(ordinal % 3))
        outcome = None if moment is Moment.OUT else Outcome.SEALED
        if moment is not Moment.OUT and ordinal == 6:
            row, outcome = row.as_top_secret(), Outcome.ROUTED_OUT
        papers.append(HandedOver(row, 2, 3 if ordinal == 3 else 4, outcome=outcome))
    permission = (
        "Công văn số 1479/BCA-ANCTNB ngày 17/4/2025 của Bộ Công an hướng dẫn số hóa tài liệu bí mật nhà nước\n"
        "Quyết định số 15/QĐ-CQMA ngày 03/11/2026 về việc cho phép đưa tài liệu ra khỏi kho để số hóa"
    )
    giver, receiver = (KEEPER, OPERATOR) if moment is Moment.OUT else (OPERATOR, KEEPER)
    return Handover(
        moment, OFFICE, "07/BB-CQMA", AT, BATCH, permission, giver, receiver, SUPERVISOR, papers,
        "Không tính mặt trắng", HEAD,
    )  # fmt: skip


def reconciled(ordinal: int, outcome: Outcome = Outcome.SEALED, **more: object) -> Reconciled:
    """A document that agrees unless told otherwise."""
    base = Reconciled(ordinal, f"MAU.01.2026.07.{ordinal}", Level.MAT, 2, 4, 2, 4, 0, outcome)
    return replace(base, **more)  # type: ignore[arg-type]


def reconciliation() -> Reconciliation:
    """The end of a batch with one route-out, one difference signed for and one left open."""
    rows = [
        reconciled(1, level=Level.THUONG, declared_pages=3, counted_pages=3, blank_sides=1),
        reconciled(2),
        reconciled(3, level=Level.TOI_MAT, declared_sheets=3, declared_pages=3, counted_sheets=3, counted_pages=3,
                   blank_sides=3),
        reconciled(4, counted_pages=3, blank_sides=1, signed_by=(SUPERVISOR.name, "Cán bộ mẫu 05"),
                   remark="Mặt sau tờ 2 trắng trên giấy"),
        reconciled(5, Outcome.ROUTED_OUT, level=Level.TUYET_MAT, declared_sheets=4, declared_pages=7,
                   counted_sheets=3, counted_pages=None, sheet=3),
        reconciled(6, Outcome.DIFFERS, declared_sheets=3, declared_pages=5, counted_pages=3, blank_sides=1,
                   remark="Không thấy trang 3, 4"),
    ]  # fmt: skip
    media = [
        MediumLine("USB-MAU-01", Level.TOI_MAT, 4, "RCP-20261122-01", True),
        MediumLine("USB-MAU-02", Level.TOI_MAT, 4, "RCP-20261122-02", True),
    ]
    return Reconciliation(
        OFFICE, "08/BB-CQMA", AT, BATCH, "Không tính mặt trắng", OPERATOR, KEEPER, SUPERVISOR,
        SheetBalance(20, 9, 2, 3, 0, 6), rows, media, HEAD, "giấy và thiết bị lưu trữ",
    )  # fmt: skip


def difference() -> Difference:
    """One sheet is missing; two persons sign."""
    return Difference(
        OFFICE, "09/BB-CQMA", AT, BATCH, "MAU.02.2026.03.2", Level.MAT, (3, 5), (2, 3),
        ("Số trang in đầu trang nhảy từ 2 sang 5", "Tờ 16 không có trong tập, kho xác nhận đã thiếu từ trước"),
        Remedy.SIGNED_OFF, "Tờ 16 đã thất lạc trước khi bàn giao, có ghi trong mục lục hồ sơ năm 2024.", OPERATOR,
        (SUPERVISOR, Person("Cán bộ mẫu 05", "Phó Chánh Văn phòng mẫu")), HEAD,
    )  # fmt: skip


def incident() -> Incident:
    """A mark on the third sheet."""
    return Incident(
        OFFICE, "10/BB-CQMA", AT, BATCH, "MAU.02.2026.03.1", 3, 19, Cause.LEVEL_MARK,
        datetime(2026, 11, 22, 15, 41), datetime(2026, 11, 22, 15, 41), 6, 1, OPERATOR, SUPERVISOR, KEEPER, HEAD,
    )  # fmt: skip


VOLUME = Volume(OFFICE, 2026, 1, date(2026, 1, 1), date(2026, 12, 31), HEAD)


def outgoing() -> Paper:
    """Three lines, one of them TUYỆT MẬT."""
    lines = [
        Sent(1, "01/KH-CQMA", date(2026, 3, 2), "Kế hoạch", Level.MAT, "Cán bộ mẫu 06", "Phòng Tổng hợp mẫu",
             "Văn thư", 3, "Trồng cây và bố trí lại khuôn viên năm 2026"),
        Sent(2, "02/BC-CQMA", date(2026, 4, 15), "Báo cáo", Level.TUYET_MAT, "Cán bộ mẫu 06", "Trung tâm mẫu C",
             "Văn thư", 1),
        Sent(3, "03/PA-CQMA", date(2026, 11, 5), "Phương án", Level.TOI_MAT, "Cán bộ mẫu 06",
             "Phòng Hành chính mẫu; Xã mẫu B", "Văn thư", 2, "Diễn tập chữa cháy tại kho lưu trữ mẫu"),
    ]  # fmt: skip
    return outgoing_register(VOLUME, lines, TABLES)


def incoming() -> Paper:
    """Two lines."""
    lines = [
        Received(1, date(2026, 1, 8), 1, "CƠ QUAN MẪU D", "11/CV-CQMD", date(2026, 1, 5), "Công văn", Level.MAT,
                 "Phòng Tổng hợp mẫu", "Phối hợp bảo dưỡng máy điều hòa"),
        Received(2, date(2026, 5, 20), 2, "CƠ QUAN MẪU D", "02/TTr-CQMD", date(2026, 5, 18), "Tờ trình",
                 Level.TUYET_MAT, "Lãnh đạo cơ quan mẫu"),
    ]  # fmt: skip
    return incoming_register(VOLUME, lines, TABLES)


def copying() -> Paper:
    """A digitisation and a printed copy."""
    lines = [
        Copied(1, DAY, "05/KH-CQMA", "Kế hoạch", Level.MAT, "Sao từ bản giấy sang văn bản điện tử", 2,
               "Kho lưu trữ mẫu", "Giám đốc Cơ quan mẫu A", "Cán bộ mẫu 02",
               "Trồng cây và bố trí lại khuôn viên năm 2025"),
        Copied(2, DAY, "03/PA-CQMA", "Phương án", Level.TOI_MAT, "Sao y bản chính", 1, "Phòng Hành chính mẫu",
               "Giám đốc Cơ quan mẫu A", "Cán bộ mẫu 02", "Diễn tập chữa cháy tại kho lưu trữ mẫu"),
    ]  # fmt: skip
    return copying_register(VOLUME, lines, TABLES)


def yearly() -> Paper:
    """Four levels."""
    rows = [
        LevelTotals(Level.THUONG, 120, 2310, 9871, 15202, 2310, 0, 0, "Đã giải mật hoặc hết thời hạn"),
        LevelTotals(Level.MAT, 310, 12045, 60211, 98330, 12040, 0, 5),
        LevelTotals(Level.TOI_MAT, 41, 820, 4107, 6003, 819, 0, 1),
        LevelTotals(Level.TUYET_MAT, 3, 7, 31, 55, 0, 7, 0),
    ]
    return yearly_statistics(
        YearTotals(
            OFFICE, "15/TK-CQMA", date(2026, 12, 15), 2026, date(2025, 12, 15), date(2026, 12, 14), rows,
            SUPERVISOR, Person("Cán bộ mẫu 06", "Giám đốc"), HEAD,
        ),
        TABLES,
    )  # fmt: skip


PAPERS = {
    "handover-1": lambda: handover_record(handover(Moment.OUT), TABLES),
    "handover-2": lambda: handover_record(handover(Moment.SCANNED), TABLES),
    "handover-3": lambda: handover_record(handover(Moment.RETURNED), TABLES),
    "reconciliation": lambda: reconciliation_record(reconciliation(), TABLES),
    "difference": lambda: difference_record(difference()),
    "incident": lambda: incident_record(incident()),
    "outgoing": outgoing,
    "incoming": incoming,
    "copying": copying,
    "yearly": yearly,
}
"""Every form that is a `Paper`."""

SEPARATORS = [Separator(f"SF1;{BATCH};{n};C0FFEE", BATCH, n, f"MAU.01.2026.07.{n}", 2) for n in (1, 2, 12)]
