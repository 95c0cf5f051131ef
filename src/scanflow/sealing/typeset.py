"""Visible text in an embedded subset of a Times-metric font: the signature's text and the marks on copies.

Debian's fonts-croscore brings Tinos, whose letters have the widths of Times New Roman, which the circulars
ask for and which may not be shipped. Only the glyphs used are embedded, and the same text gives the same
bytes.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Object, Pdf

from scanflow.sealing.errors import FontMissing
from scanflow.sealing.textlayer import to_unicode_map

FONTS = Path("/usr/share/fonts/truetype/croscore")
_EM = 1000
logging.getLogger("fontTools.subset").setLevel(logging.WARNING)


class Cut(StrEnum):
    """The two cuts in use."""

    REGULAR = "Tinos-Regular"
    BOLD = "Tinos-Bold"


class SetFont:
    """An embedded subset for known texts."""

    def __init__(self, cut: Cut, texts: Iterable[str]) -> None:
        """Subset the font to the characters of ``texts``.

        Raises:
            FontMissing: the font's file is not there, or lacks a character.
        """
        characters = frozenset("".join(texts)) - {"\n"}
        self.cut = cut
        self._program = _subset(cut, characters)
        font = TTFont(io.BytesIO(self._program))
        order, metrics, scale = font.getReverseGlyphMap(), font["hmtx"].metrics, font["head"].unitsPerEm
        names: dict[int, str] = font.getBestCmap() or {}  # None if no character is known
        if missing := [char for char in characters if ord(char) not in names]:
            raise FontMissing(name=f"{cut} U+{ord(missing[0]):04X}")
        self._codes = {char: order[names[ord(char)]] for char in sorted(characters)}
        self._widths: dict[str, int] = {
            char: round(metrics[names[ord(char)]][0] * _EM / scale) for char in sorted(characters)
        }
        self._box = [round(getattr(font["head"], side) * _EM / scale) for side in ("xMin", "yMin", "xMax", "yMax")]
        self._ascent = round(font["hhea"].ascent * _EM / scale)
        self._descent = round(font["hhea"].descent * _EM / scale)

    def width(self, text: str, size: float) -> float:
        """Width of a line of text at ``size`` points, in points."""
        return sum(self._widths[char] for char in text) * size / _EM

    def encode(self, text: str) -> bytes:
        """The hexadecimal string operand of a line."""
        return b"<%s>" % b"".join(b"%04X" % self._codes[char] for char in text)

    def to_object(self, pdf: Pdf) -> Object:
        """The font dictionary."""
        base = Name(f"/SCANFL+{self.cut}")
        program = pdf.make_stream(self._program)
        program.Length1 = len(self._program)
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=base,
            Flags=4,
            FontBBox=Array(self._box),
            ItalicAngle=0,
            Ascent=self._ascent,
            Descent=self._descent,
            CapHeight=self._ascent,
            StemV=80,
            FontFile2=program,
        )
        widths: list[object] = []
        for char, code in sorted(self._codes.items(), key=lambda pair: pair[1]):
            widths += [code, Array([self._widths[char]])]
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=base,
            CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
            FontDescriptor=pdf.make_indirect(descriptor),
            W=Array(widths),
            CIDToGIDMap=Name.Identity,
        )
        return pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=base,
                Encoding=Name("/Identity-H"),
                DescendantFonts=Array([pdf.make_indirect(descendant)]),
                ToUnicode=pdf.make_stream(to_unicode_map(self._codes)),
            )
        )


@cache
def _subset(cut: Cut, characters: frozenset[str]) -> bytes:
    path = FONTS / f"{cut}.ttf"
    if not path.is_file():
        raise FontMissing(name=cut)
    options = subset.Options(layout_features=[], hinting=False, name_IDs=[6], notdef_outline=True)
    options.recalc_timestamp = False
    font = subset.load_font(str(path), options)
    chooser = subset.Subsetter(options)
    chooser.populate(unicodes=[ord(char) for char in characters])
    chooser.subset(font)
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()
