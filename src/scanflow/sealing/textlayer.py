"""The invisible text layer: recognised words in their places, one baseline and one size a line.

A PDF reader puts words in order by their baselines and sizes; with a box a word of its own poppler returns
them shuffled (21 % character errors where the words themselves have 0.5 %). So every word of a line stands on
the line's baseline in the line's size and is stretched to its width, and the gap up to the next word is one
stretched space: the line is one unbroken run. The font has one empty glyph, made here; 2 bytes a character,
mapped by ToUnicode.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from functools import cache

from fontTools.fontBuilder import FontBuilder
from pikepdf import Array, Dictionary, Name, Object, Pdf

from scanflow.ocr.text import Line, TextLayer

_UNITS = 1000
_ASCENT, _DESCENT = 800, -200
_FONT_NAME = "ScanflowGlyphless"
_FONT_EPOCH = 3_849_984_000
"""2026-01-01 in seconds since 1904, TrueType's epoch; fixed, for the same bytes always."""
_RANGE = 100
"""Entries allowed in one bfchar section (Adobe Technical Note 5014)."""


class TextFont:
    """The glyphless font of one document: gives each character used a code, in order of first need."""

    def __init__(self, characters: Iterable[str]) -> None:
        """Make codes for the characters; sorted, so that the same text gives the same font."""
        self._codes = {char: code for code, char in enumerate(sorted(set(characters) | {" "}), start=1)}

    def encode(self, text: str) -> bytes:
        """The hexadecimal string operand for a text."""
        return b"<%s>" % b"".join(b"%04X" % self._codes[char] for char in text)

    def to_object(self, pdf: Pdf) -> Object:
        """The font dictionary (Type 0, Identity-H, all codes shown as the one empty glyph)."""
        program = pdf.make_stream(glyphless_font())
        program.Length1 = len(glyphless_font())
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name(f"/{_FONT_NAME}"),
            Flags=4,
            FontBBox=Array([0, _DESCENT, _UNITS, _ASCENT]),
            ItalicAngle=0,
            Ascent=_ASCENT,
            Descent=_DESCENT,
            CapHeight=_ASCENT,
            StemV=80,
            FontFile2=program,
        )
        to_glyph = b"\0\0" + b"\0\1" * len(self._codes)
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=Name(f"/{_FONT_NAME}"),
            CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
            FontDescriptor=pdf.make_indirect(descriptor),
            DW=_UNITS,
            CIDToGIDMap=pdf.make_stream(to_glyph),
        )
        return pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=Name(f"/{_FONT_NAME}"),
                Encoding=Name("/Identity-H"),
                DescendantFonts=Array([pdf.make_indirect(descendant)]),
                ToUnicode=pdf.make_stream(to_unicode_map(self._codes)),
            )
        )


def to_unicode_map(codes: Mapping[str, int]) -> bytes:
    """A ToUnicode CMap of two-byte codes, so that text can be searched and copied."""
    pairs = [f"<{code:04X}> <{char.encode('utf-16-be').hex().upper()}>" for char, code in codes.items()]
    sections = []
    for start in range(0, len(pairs), _RANGE):
        chunk = pairs[start : start + _RANGE]
        sections.append(f"{len(chunk)} beginbfchar\n" + "\n".join(chunk) + "\nendbfchar\n")
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        + "".join(sections)
        + "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")


def content(layer: TextLayer, font: TextFont, page_height_pt: float) -> bytes:
    """Content stream operators that write the layer invisibly (``3 Tr``) with the font named ``/F``."""
    scale = 72.0 / layer.dpi
    out = [b"BT 3 Tr"]
    for line in layer.lines:
        if not line.words:
            continue
        size = max(line.size * scale, 1.0)
        left = line.words[0].left * scale
        bottom = page_height_pt - line.baseline * scale
        out.append(b"/F %.2f Tf 1 0 0 1 %.2f %.2f Tm" % (size, left, bottom))
        out.extend(_run(line, font, size, scale))
    out.append(b"ET")
    return b"\n".join(out)


def _run(line: Line, font: TextFont, size: float, scale: float) -> Iterable[bytes]:
    """Each word stretched (``Tz``) from its left edge to its right, each gap one stretched space."""
    at = line.words[0].left
    for index, word in enumerate(line.words):
        right = max(word.right, at + 1)
        yield _stretched(word.text, (right - at) * scale, size, font)
        at = right
        if index + 1 < len(line.words):
            following = max(line.words[index + 1].left, at + 1)
            yield _stretched(" ", (following - at) * scale, size, font)
            at = following


def _stretched(text: str, width_pt: float, size: float, font: TextFont) -> bytes:
    percent = 100.0 * width_pt / (size * len(text))
    return b"%.3f Tz %s Tj" % (percent, font.encode(text))


@cache
def glyphless_font() -> bytes:
    """A TrueType font of two empty glyphs, one em wide; the same bytes always."""
    builder = FontBuilder(_UNITS, isTTF=True)
    glyphs = [".notdef", "blank"]
    builder.setupGlyphOrder(glyphs)
    builder.setupCharacterMap({0x20: "blank"})
    pen = _empty_glyphs(glyphs)
    builder.setupGlyf(pen)
    builder.setupHorizontalMetrics({name: (_UNITS, 0) for name in glyphs})
    builder.setupHorizontalHeader(ascent=_ASCENT, descent=_DESCENT)
    builder.setupNameTable({"familyName": _FONT_NAME, "styleName": "Regular", "psName": _FONT_NAME})
    builder.setupOS2()
    builder.setupPost()
    builder.updateHead(created=_FONT_EPOCH, modified=_FONT_EPOCH)
    builder.font.recalcTimestamp = False
    buffer = io.BytesIO()
    builder.save(buffer)
    return buffer.getvalue()


def _empty_glyphs(names: list[str]) -> dict[str, object]:
    from fontTools.ttLib.tables._g_l_y_f import Glyph

    return {name: Glyph() for name in names}
