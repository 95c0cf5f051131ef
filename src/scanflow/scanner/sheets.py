"""Sides to sheets: SANE knows images only, so the sheet numbers are ours (ghép mặt thành tờ)."""

from __future__ import annotations

from dataclasses import dataclass, field

from scanflow.errors import Words
from scanflow.pages import Face, Image, RawPage
from scanflow.scanner.errors import ParityBroken


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One image as it left the device.

    Attributes:
        pixels: ``(height, width, 3)`` BGR, uint8.
        dpi: dots per inch.
        jpeg: the device's own file, where the source keeps it.
        face: what the device says which face it is; None where it cannot tell.
    """

    pixels: Image = field(repr=False)
    dpi: int
    jpeg: bytes | None = field(default=None, repr=False)
    face: Face | None = None


class SheetAssembler:
    """Gives sheet numbers and hands on whole sheets only.

    Numbering: sheet = ``first_sheet`` + sides before it // 2 in duplex. Where the device tells the face of
    each image (``side`` of fujitsu and canon_dr) a lost side is noticed at once, elsewhere by an odd end.
    """

    def __init__(self, first_sheet: int, *, duplex: bool) -> None:
        if first_sheet < 1:
            raise ValueError("sheets are numbered from 1")
        self._first = first_sheet
        self._duplex = duplex
        self._recto: RawPage | None = None
        self._whole = 0
        self._faces_named = True
        self.sides = 0

    @property
    def last_good(self) -> int:
        """Last sheet that was handed on whole; ``first_sheet - 1`` before the first."""
        return self._first - 1 + self._whole

    @property
    def last_sure(self) -> int:
        """Last sheet that stays good when the feed breaks off here.

        At a broken-off pair nobody knows whether the verso is still to come, or a side was swallowed earlier
        and every pair since is wrong. Unless the device named each face, the whole feed is then void.
        """
        return self.before if self.half and not self._faces_named else self.last_good

    @property
    def before(self) -> int:
        """Last sheet before this feed: what remains when nothing of the feed can be trusted."""
        return self._first - 1

    @property
    def half(self) -> bool:
        """A recto waits for its verso."""
        return self._recto is not None

    def add(self, side: Side) -> tuple[RawPage, ...]:
        """Take one side; the sides of its sheet when that is whole now, else nothing.

        Raises:
            ParityBroken: the device names the other face. Sheets that were handed on stay good: each of their
                faces was named by the device.
        """
        expected = Face.VERSO if self._duplex and self._recto is not None else Face.RECTO
        if side.face is not None and side.face is not expected:
            raise ParityBroken(last_good=self.last_good, why=f"{side.face.value} thay cho {expected.value}")
        self.sides += 1
        self._faces_named = self._faces_named and side.face is not None
        page = RawPage(self.last_good + 1, expected, side.pixels, side.dpi, side.jpeg)
        if self._duplex and self._recto is None:
            self._recto = page
            return ()
        sheet = (page,) if self._recto is None else (self._recto, page)
        self._recto = None
        self._whole += 1
        return sheet

    def require_even(self) -> None:
        """Refuse an end in the middle of a sheet.

        Raises:
            ParityBroken: a side is missing somewhere in this feed, nobody knows where: all of the feed is
                void.
        """
        if self._recto is not None:
            raise ParityBroken(
                last_good=self.before, why=Words(f"số mặt lẻ: {self.sides}", f"an odd number of sides: {self.sides}")
            )
