"""One cell into one value, or one fault that names the cell."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from scanflow.errors import Words
from scanflow.levels import Level
from scanflow.manifest import errors
from scanflow.manifest.grid import CellError, Content, Formula, is_blank
from scanflow.manifest.model import PageConvention
from scanflow.manifest.text import clean, fold, legacy_encoding

MAX_ORDINAL = 99_999
MAX_SHEETS = 5_000
"""Sheets of one document; a thicker one is a list error far more often than a document."""

OLDEST = date(1900, 1, 1)
NEWEST = date(2200, 1, 1)

_DMY = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_WHOLE = re.compile(r"[0-9]{1,6}")
_DOSSIER = re.compile(r"[0-9A-Za-zÀ-ỹĐđ](?:[0-9A-Za-zÀ-ỹĐđ._-]{0,98}[0-9A-Za-zÀ-ỹĐđ_-])?")
_SHEET = re.compile(r"([1-9][0-9]{0,4})([a-zđ]{0,2})")
DASHES = {"-", "–", "—", "…", "..."}
"""What people put into a cell to say that there is nothing."""

_LEVELS = {
    "thường": Level.THUONG, "không mật": Level.THUONG, "không": Level.THUONG, "thuong": Level.THUONG,
    "mật": Level.MAT, "mat": Level.MAT, "c": Level.MAT,
    "tối mật": Level.TOI_MAT, "toi mat": Level.TOI_MAT, "b": Level.TOI_MAT,
    "tuyệt mật": Level.TUYET_MAT, "tuyet mat": Level.TUYET_MAT, "a": Level.TUYET_MAT,
}  # fmt: skip
"""Words, words without any diacritics, and the letters A, B, C of the registers (NĐ 63/2026/NĐ-CP PL III).

Words with wrong diacritics (mặt, mất) are not taken: who knows which level was meant. "Không" alone is taken.
"""


def plain(cell: Content, at: str, limit: int, column: str) -> str:
    """Clean text of a cell; "" when blank.

    Raises:
        ManifestFault: formula, error value, a value turned into a date, damaged, legacy or over-long text.
    """
    if isinstance(cell, Formula):
        raise errors.FormulaCell(at)
    if isinstance(cell, CellError | bool):
        raise errors.ErrorCell(at)
    if cell is None:
        return ""
    if isinstance(cell, date | datetime | time | timedelta):
        raise errors.DateAsText(at, column=column)
    if isinstance(cell, int | float):
        if cell != int(cell) if abs(cell) < 1e15 else True:
            raise errors.ErrorCell(at)
        return str(int(cell))
    text = clean(cell)
    if text is None or len(text) > limit:
        raise errors.BadText(at, limit=limit)
    encoding = legacy_encoding(cell)
    if encoding is not None:
        raise errors.LegacyText(at, encoding=encoding)
    if text[:1] in {"=", "@", "+"}:
        raise errors.FormulaCell(at)
    return "" if text in DASHES else text


def whole(cell: Content, at: str, limit: int, column: str) -> int | None:
    """A whole number from 1 to ``limit``; None when blank.

    Raises:
        ManifestFault: anything else, such as 3.5, -1, "3 tờ".
    """
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e9:
        cell = int(cell)
    if isinstance(cell, float):
        raise errors.BadNumber(at, column=column, limit=limit)
    text = plain(cell, at, 40, column)
    if not text:
        return None
    if _WHOLE.fullmatch(text) is None or not 1 <= int(text) <= limit:
        raise errors.BadNumber(at, column=column, limit=limit)
    return int(text)


def day(cell: Content, at: str, column: str) -> date | None:
    """A date: a date cell, or text as day/month/year (also with . or -) or ISO; None when blank.

    A bare number is refused: the spreadsheet's serial number and a year look alike, and the day is lost.

    Raises:
        ManifestFault: anything else, two-digit years, dates before 1900.
    """
    if isinstance(cell, datetime):
        if cell.time() != time(0):
            raise errors.BadDate(at)
        cell = cell.date()
    if isinstance(cell, date):
        return _in_range(cell, at)
    if isinstance(cell, int | float | time | timedelta) and not isinstance(cell, bool):
        raise errors.BadDate(at)
    text = plain(cell, at, 40, column)
    if not text:
        return None
    dmy, iso = _DMY.fullmatch(text), _ISO.fullmatch(text)
    try:
        if dmy and text.isascii():
            return _in_range(date(int(dmy[3]), int(dmy[2]), int(dmy[1])), at)
        if iso and text.isascii():
            return _in_range(date(int(iso[1]), int(iso[2]), int(iso[3])), at)
    except ValueError:
        pass
    raise errors.BadDate(at)


def _in_range(value: date, at: str) -> date:
    if not OLDEST <= value < NEWEST:
        raise errors.BadDate(at)
    return value


def level(cell: Content, at: str, column: str) -> Level:
    """The độ mật; blank is a fault, since silence is not "Thường".

    Raises:
        ManifestFault: blank or not one of the words.
    """
    if is_blank(cell):
        raise errors.CellMissing(at, column=column)
    found = _LEVELS.get(plain(cell, at, 40, column).casefold())
    if found is None:
        raise errors.UnknownLevel(at)
    return found


def dossier(cell: Content, at: str, column: str) -> str:
    """Mã hồ sơ: a name that every file system takes."""
    text = plain(cell, at, 200, column)
    if not text:
        raise errors.CellMissing(at, column=column)
    if _DOSSIER.fullmatch(text) is None or ".." in text:
        raise errors.BadDossier(at)
    return text


def sheet_number(cell: Content, at: str, column: str) -> str:
    """Tờ số "15" or "15a"; "" when blank."""
    text = plain(cell, at, 40, column).replace(" ", "").lower()
    if not text:
        return ""
    match = _SHEET.fullmatch(text.lstrip("0") or "0")
    if match is None:
        raise errors.BadSheetNumber(at)
    return match[0]


def sheet_range(cell: Content, at: str, column: str) -> tuple[str, str]:
    """Tờ số in one column: "1-5", "15a–16", "7"; ("", "") when blank."""
    text = plain(cell, at, 40, column)
    if not text:
        return "", ""
    ends = re.split(r"\s*(?:-|–|—|÷|→|đến)\s*", text)
    if len(ends) > 2 or not all(ends):
        raise errors.BadSheetNumber(at)
    first, last = (sheet_number(end, at, column) for end in (ends[0], ends[-1]))
    return first, last


def sheet_key(number: str) -> tuple[int, str]:
    """Order of sheet numbers: 15, 15a, 15b, 16."""
    match = _SHEET.fullmatch(number)
    if match is None:
        raise ValueError("not a sheet number")
    return int(match[1]), match[2]


_YES = {"có", "x", "co", "rồi", "đã"}
_NO = {"không", "khong", "chưa", "chua"}


def answer(cell: Content, at: str, column: str) -> bool | None:
    """Có, không, or nothing said."""
    text = plain(cell, at, 40, column).casefold()
    if not text:
        return None
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise errors.BadAnswer(at, column=column, more="")


def extension(cell: Content, at: str, column: str) -> tuple[bool | None, date | None]:
    """Gia hạn: a date means yes, until then."""
    if isinstance(cell, date | datetime) or (isinstance(cell, str) and cell.strip()[:1].isdigit()):
        return True, day(cell, at, column)
    try:
        return answer(cell, at, column), None
    except errors.BadAnswer:
        raise errors.BadAnswer(
            at, column=column, more=Words(", hoặc ngày gia hạn đến", " or the day to which it was extended")
        ) from None


def convention(text: str, at: str) -> PageConvention:
    """The page convention as stated in the list.

    Raises:
        ManifestFault: neither of the two.
    """
    wanted = fold(unicodedata.normalize("NFC", text))
    for each in PageConvention:
        if wanted in {fold(each.vi), each.value}:
            return each
    raise errors.BadConvention(at)
