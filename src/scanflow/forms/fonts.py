"""Is every character of a form in its font? Asked before setting, from the font's own table of characters."""

from __future__ import annotations

import subprocess
import unicodedata
from functools import cache

from fontTools.ttLib import TTFont

from scanflow.forms.errors import FontMissing, GlyphMissing

FAMILY = "Tinos"
"""Metric twin of Times New Roman, the face that state documents are set in (NĐ 30/2020/NĐ-CP, Phụ lục I)."""
MONO = "Cousine"
"""For the ledger's head, where 0 and O, 1 and l must be told apart."""
STYLES = ("Regular", "Bold", "Italic", "Bold Italic")


@cache
def characters(family: str = FAMILY) -> frozenset[int]:
    """Code points that all four styles of ``family`` can draw.

    Raises:
        FontMissing: fontconfig knows no such font.
    """
    common: frozenset[int] | None = None
    for style in STYLES:
        asked = ["fc-match", "-f", "%{family}\n%{file}", f"{family}:style={style}"]
        try:
            found = subprocess.run(asked, check=True, capture_output=True, text=True, timeout=120).stdout
        except (OSError, subprocess.SubprocessError) as error:
            raise FontMissing(font=family) from error
        name, _, path = found.partition("\n")
        if family not in name.split(","):
            raise FontMissing(font=family)
        with TTFont(path, lazy=True) as font:
            drawn = frozenset(font.getBestCmap())
        common = drawn if common is None else common & drawn
    return common or frozenset()


def require_glyphs(text: str) -> None:
    """Refuse text that the forms' fonts cannot draw; newlines are breaks, other controls are refused.

    Raises:
        FontMissing: a font is not installed.
        GlyphMissing: names the first five code points (``U+4E2D``), never the words around them.
    """
    wanted = set(unicodedata.normalize("NFC", text)) - {"\n"}
    known = characters(FAMILY)
    missing = sorted(c for c in wanted if ord(c) not in known or unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp"))
    if missing:
        raise GlyphMissing(characters=", ".join(f"U+{ord(c):04X}" for c in missing[:5]))
