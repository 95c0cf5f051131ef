"""The level of secrecy of a document (độ mật)."""

from __future__ import annotations

from enum import IntEnum


class Level(IntEnum):
    """Độ mật, ordered so that ``max`` is the stricter level.

    Source: Luật Bảo vệ bí mật nhà nước 29/2018/QH14, Điều 8 (three levels); THUONG stands for paper without
    a level.
    """

    THUONG = 0
    MAT = 1
    TOI_MAT = 2
    TUYET_MAT = 3

    @property
    def vi(self) -> str:
        """The level as it is written on paper and screens."""
        return _VIETNAMESE[self]

    @property
    def en(self) -> str:
        """The same for who reads no Vietnamese; the word on the paper stays."""
        return _ENGLISH[self]


_VIETNAMESE = {
    Level.THUONG: "Thường",
    Level.MAT: "Mật",
    Level.TOI_MAT: "Tối mật",
    Level.TUYET_MAT: "Tuyệt mật",
}

_ENGLISH = {
    Level.THUONG: "not secret",
    Level.MAT: "Mật (secret)",
    Level.TOI_MAT: "Tối mật (highly secret)",
    Level.TUYET_MAT: "Tuyệt mật (top secret)",
}
