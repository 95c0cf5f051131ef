"""The words on marks as OCR sees them: folded to bare capitals and compared whole, never as a part.

After folding MẬT, MẶT, MẤT and MAT are one; so a word counts only where it is the whole text of a frame ("MẶT
TRẬN TỔ QUỐC" holds MAT too). A wrong letter is forgiven only inside a frame.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from scanflow.stamps.marks import MarkKind

WHOLE: dict[str, MarkKind] = {
    "TUYETMAT": MarkKind.TUYET_MAT,
    "TOIMAT": MarkKind.TOI_MAT,
    "MAT": MarkKind.MAT,
    "GIAIMAT": MarkKind.GIAI_MAT,
    "KHAN": MarkKind.KHAN,
    "THUONGKHAN": MarkKind.THUONG_KHAN,
    "HOATOC": MarkKind.HOA_TOC,
    "DEN": MarkKind.DEN,
    "TAILIEUTHUHOI": MarkKind.THU_HOI,
    "CHINGUOICOTENMOIDUOCBOCBI": MarkKind.BOC_BI,
    "LUUHANHNOIBO": MarkKind.OTHER,
    "XEMXONGTRALAI": MarkKind.OTHER,
}
"""Text of a whole frame to its mark."""

LEADING: dict[str, MarkKind] = {
    "GIAIMAT": MarkKind.GIAI_MAT,
    "THOIHANBAOVE": MarkKind.THOI_HAN,
    "THOIHAN": MarkKind.THOI_HAN,
    "GIAHAN": MarkKind.GIA_HAN,
    "DIEUCHINHDOMAT": MarkKind.DIEU_CHINH,
    "DIEUCHINH": MarkKind.DIEU_CHINH,
    "TANGDOMAT": MarkKind.DIEU_CHINH,
    "GIAMDOMAT": MarkKind.DIEU_CHINH,
    "BANSAOSO": MarkKind.BAN_SAO_SO,
    "BANSAOBIMATNHANUOC": MarkKind.BAN_SAO_BMNN,
    "BANSO": MarkKind.BAN_SO,
    "TAILIEUTHUHOI": MarkKind.THU_HOI,
    "DEN": MarkKind.DEN,
}
"""Marks with fields to fill in: the text of the frame begins with the words."""

LETTERS = {"A": MarkKind.ENVELOPE_A, "B": MarkKind.ENVELOPE_B, "C": MarkKind.ENVELOPE_C}
"""Round marks on envelopes, Thông tư 24/2020/TT-BCA Mẫu 03."""

LEVELS = frozenset({MarkKind.TUYET_MAT, MarkKind.TOI_MAT, MarkKind.MAT})

_LOOKS_LIKE = str.maketrans({"0": "O", "1": "I", "|": "I", "!": "I", "Đ": "D", "đ": "D", "5": "S", "$": "S"})


def fold(text: str) -> str:
    """Bare capitals: accents, case, spaces and signs gone; digits that OCR takes for letters put right."""
    plain = unicodedata.normalize("NFD", text.translate(_LOOKS_LIKE)).upper()
    return "".join(letter for letter in plain if "A" <= letter <= "Z")


def distance(one: str, other: str) -> int:
    """Levenshtein distance."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        diagonal, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (a != b))
    return row[-1]


def word_of(text: str, *, forgiving: bool) -> tuple[MarkKind, int] | None:
    """The mark whose words the whole text is, and how many letters were wrong.

    Args:
        text: everything read inside one frame, or one whole line.
        forgiving: allow wrong letters, see :func:`_allowed`; only right inside a frame.

    Returns:
        None when it is no known word. Of equally near words the higher level is taken.
    """
    read = fold(text)
    if read in WHOLE:
        return WHOLE[read], 0
    for words, kind in LEADING.items():
        if read.startswith(words):
            return kind, 0
    if not forgiving or len(read) < 3:
        return None
    best: tuple[int, int, MarkKind] | None = None
    for rank, (words, kind) in enumerate(WHOLE.items()):
        wrong = distance(read, words)
        if wrong <= _allowed(words, kind) and (best is None or (wrong, rank) < best[:2]):
            best = (wrong, rank, kind)
    return None if best is None else (best[2], best[0])


def says_top_secret(lines: Iterable[str], parts: Iterable[str]) -> bool:
    """Whether plain text holds TUYỆT MẬT as a mark would stand there: alone.

    Args:
        lines: whole lines, in any case.
        parts: what stands apart within lines; in capitals only, since registers have cells "Tuyệt mật".
    """
    alone = [*lines, *(part for part in parts if part == part.upper())]
    return any(word_of(text, forgiving=False) == (MarkKind.TUYET_MAT, 0) for text in alone)


def _allowed(words: str, kind: MarkKind) -> int:
    """Letters that may be wrong: two in long words, none in short ones that would make a mark harmless."""
    if len(words) > 6:
        return 2
    return 1 if kind in LEVELS or len(words) > 4 else 0
