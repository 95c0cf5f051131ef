"""Numbers and dates as a state document writes them (NĐ 30/2020/NĐ-CP, Phụ lục I)."""

from __future__ import annotations

from datetime import date, datetime


def _month(month: int) -> str:
    """January and February take a leading 0, the others none."""
    return f"{month:02d}" if month < 3 else str(month)


def long_date(day: date) -> str:
    """``ngày 05 tháng 3 năm 2026``."""
    return f"ngày {day.day:02d} tháng {_month(day.month)} năm {day.year}"


def short_date(day: date | None) -> str:
    """``05/3/2026``, or nothing."""
    return f"{day.day:02d}/{_month(day.month)}/{day.year}" if day else ""


def moment(at: datetime) -> str:
    """``09 giờ 05 phút, ngày 05 tháng 3 năm 2026``."""
    return f"{at.hour:02d} giờ {at.minute:02d} phút, {long_date(at.date())}"


def count(number: int) -> str:
    """``1.234``: a point between thousands, and a leading 0 under ten as official papers have it."""
    return f"{number:02d}" if 0 < number < 10 else f"{number:,}".replace(",", ".")


def cell(value: object) -> str:
    """A table's cell as text."""
    if value is None:
        return ""
    if isinstance(value, date):
        return short_date(value)
    if isinstance(value, int):
        return f"{value:,}".replace(",", ".")
    return str(value)
