"""Number and date in the head of a document's first page, compared with its row (số, ký hiệu và ngày tháng).

The number is often written by hand after signing, and the symbol suffers in OCR (ANCTNB becomes ANCTTB): what
was read is compared folded and loosely, and a difference is a hint, never a block.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from scanflow.counting.hints import Hint, HintKind
from scanflow.manifest import Row
from scanflow.pages import Face

_NUMBER = re.compile(
    r"^\W*S[oOôÔốỐồỒổỔỗỖộỘóÓòÒ0]\s*(?P<colon>[:;.]?)\s*(?P<number>[0-9 ]{0,8})\s*"
    r"(?P<symbol>[/-]\s*[^\s,;]{1,30}(?:\s*-\s*[^\s,;]{1,20})*|[A-ZĐ]\S{0,30})"
)
"""It begins its line with a capital; "số hóa", and a number that the text cites, stand behind other words."""
_DATE = re.compile(
    r"(?:^|[,.;:])\W*ng[aàáảâ]y\s*([0-9 ]{0,4})\s*th[aáàảâ]ng\s*([0-9 ]{0,4})\s*n[aăâ]m\s*([0-9 ]{4,6})\W*$",
    re.IGNORECASE,
)
"""It stands alone behind the place and ends its line; one that the text cites goes on ("của Chính phủ")."""
_LEGIBLE = re.compile(r"[/-]?\s*[^\W_]+(?:[./&-]+[^\W_]+)*[./-]?")
"""A symbol as they are written: letters and digits between slashes, hyphens and dots."""
_LOOKALIKE = str.maketrans("OQILSBZ", "0011582")
"""Letters that OCR exchanges with digits; both sides of a comparison go through it."""


@dataclass(frozen=True, slots=True)
class HeaderReading:
    """What was read in the head; every part may be missing.

    Attributes:
        sheet: the document's first sheet.
        number: digits of the number, "" when unread.
        symbol: the part behind the number, "" when unread.
        day: day of the month, None when unread.
        month: month, None when unread.
        year: year, None when unread.
    """

    sheet: int
    number: str = ""
    symbol: str = ""
    day: int | None = None
    month: int | None = None
    year: int | None = None


def read_header(lines: Iterable[str], sheet: int) -> HeaderReading:
    """Find "Số: …/…" and "ngày … tháng … năm …" in recognised lines; the first of each counts."""
    number = symbol = ""
    day = month = year = None
    for line in lines:
        text = unicodedata.normalize("NFC", line)
        if not symbol and (found := _NUMBER.search(text)) and _is_numbered(found):
            number, symbol = found["number"].replace(" ", ""), found["symbol"].replace(" ", "")
        if year is None and (found := _DATE.search(text)):
            day, month, year = (_int(part) for part in found.groups())
    return HeaderReading(sheet, number, symbol, day, month, year)


def _is_numbered(found: re.Match[str]) -> bool:
    """Not a heading such as "SỐ LIỆU": digits, a colon or a slash stand behind the word."""
    return bool(found["colon"] or found["number"].strip() or found["symbol"][0] in "/-")


def header_hints(row: Row, reading: HeaderReading) -> tuple[Hint, ...]:
    """Where head and row differ beyond what OCR explains; parts not read say nothing."""
    parts_vi, parts_en = [], []
    number, symbol = split_number(row.number)
    legible = not symbol or _LEGIBLE.fullmatch(reading.symbol) is not None  # else the line is a pen's, misread
    if legible and reading.number and number and reading.number.lstrip("0") != number.lstrip("0"):
        parts_vi.append("số")
        parts_en.append("number")
    if legible and reading.symbol and symbol and not _alike(reading.symbol, symbol):
        parts_vi.append("ký hiệu")
        parts_en.append("symbol")
    if row.issued is not None and _date_differs(row.issued, reading):
        parts_vi.append("ngày tháng")
        parts_en.append("date")
    if not parts_vi:
        return ()
    vi = (
        f"Tờ {reading.sheet}: {', '.join(parts_vi)} ở đầu văn bản có vẻ khác danh mục (STT {row.ordinal}). "
        "Xem lại, có thể xếp nhầm tài liệu."
    )
    en = f"Sheet {reading.sheet}: {', '.join(parts_en)} in the head seems to differ from row {row.ordinal}."
    return (Hint(HintKind.HEADER_DIFFERS, reading.sheet, Face.RECTO, vi, en),)


def split_number(number: str) -> tuple[str, str]:
    """Số and ký hiệu: "1479/BCA-ANCTNB" is ("1479", "/BCA-ANCTNB"), "57-NQ/TW" is ("57", "-NQ/TW")."""
    match = re.match(r"\s*(?:s[ốo]\s*[:.]?\s*)?([0-9]*)\s*(.*)", number, re.IGNORECASE | re.DOTALL)
    assert match is not None
    return match[1], match[2].strip()


def folded_symbol(symbol: str) -> str:
    """A ký hiệu without marks, case, spaces and separators, digits for letters that OCR takes for them."""
    bare = unicodedata.normalize("NFD", symbol).replace("đ", "d").replace("Đ", "D").upper()
    return "".join(char for char in bare if char.isalnum() or char == "&").translate(_LOOKALIKE)


def distance(one: str, other: str) -> int:
    """Levenshtein distance: least number of letters to insert, remove or exchange."""
    previous = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        current = [at]
        for place, against in enumerate(other, start=1):
            exchanged = previous[place - 1] + (letter != against)
            current.append(min(previous[place] + 1, current[-1] + 1, exchanged))
        previous = current
    return previous[-1]


def _alike(read: str, declared: str) -> bool:
    one, other = folded_symbol(read), folded_symbol(declared)
    return distance(one, other) <= max(1, min(len(one), len(other)) // 3)


def _date_differs(issued: date, reading: HeaderReading) -> bool:
    """Year or month differ, or the day does where both digits of it were read."""
    pairs = ((reading.year, issued.year), (reading.month, issued.month), (reading.day, issued.day))
    return any(read is not None and read != declared for read, declared in pairs)


def _int(text: str) -> int | None:
    digits = text.replace(" ", "")
    return int(digits) if digits else None
