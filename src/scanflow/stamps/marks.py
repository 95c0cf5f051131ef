"""What may be stamped or printed on a side as a mark (dấu), and one mark that was found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

Quad: TypeAlias = tuple[tuple[float, float], ...]
"""Four corners ``(x, y)`` in pixels of the image as given, clockwise from the mark's own top-left."""


class MarkKind(StrEnum):
    """Kinds of mark; every value equals its name, so that a kind reads the same in code, JSON and weights.

    Sources: Thông tư 24/2020/TT-BCA, Mẫu 02-11 (levels, envelopes, terms, copies); Nghị định 30/2020/NĐ-CP,
    Phụ lục I, mục III.2 (urgency) and Phụ lục IV (arrival).
    """

    TUYET_MAT = "TUYET_MAT"
    TOI_MAT = "TOI_MAT"
    MAT = "MAT"
    GIAI_MAT = "GIAI_MAT"
    THOI_HAN = "THOI_HAN"
    GIA_HAN = "GIA_HAN"
    DIEU_CHINH = "DIEU_CHINH"
    BAN_SO = "BAN_SO"
    BAN_SAO_SO = "BAN_SAO_SO"
    BAN_SAO_BMNN = "BAN_SAO_BMNN"
    THU_HOI = "THU_HOI"
    BOC_BI = "BOC_BI"
    ENVELOPE_A = "ENVELOPE_A"
    ENVELOPE_B = "ENVELOPE_B"
    ENVELOPE_C = "ENVELOPE_C"
    KHAN = "KHAN"
    THUONG_KHAN = "THUONG_KHAN"
    HOA_TOC = "HOA_TOC"
    DEN = "DEN"
    SEAL = "SEAL"
    OTHER = "OTHER"
    """A stamp that was read, and is none of ours."""
    UNREADABLE = "UNREADABLE"
    """Looks like a stamp, cannot be read: always holds the side."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark on a side (một dấu trên mặt giấy).

    Attributes:
        kind: what it is.
        quad: four corners in pixels of the image as given to the reader (not turned, not deskewed), clockwise
            from
            the mark's own top-left.
        score: 0..1, how sure the kind is.
        reason: short English words on how it was found; never the text of the page (promise P8).
    """

    kind: MarkKind
    quad: Quad
    score: float
    reason: str
