"""Fonts that can write Vietnamese, by family, and the proof that they can.

Each style owns its families. A font without the letters is refused, not drawn with boxes: a network would
learn the boxes.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont
from PIL import ImageFont

FONT_ROOTS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
_MARKED = "ĂÂĐÊÔƠƯẤẬẦẪẨẮẶẰẲẴẾỆỀỂỄỐỘỒỔỖỚỢỜỞỠỨỰỪỬỮÁÀẢÃẠÉÈẺẼẸÍÌỈĨỊÓÒỎÕỌÚÙỦŨỤÝỲỶỸỴ"
LATIN = "ABCDEGHIKLMNOPQRSTUVXYabcdeghiklmnopqrstuvxy0123456789.,;:/()-…"
ALPHABET = _MARKED + _MARKED.lower() + LATIN

# File stems by role. "stamp" faces are cut into rubber, "body" faces are typed or printed.
TRAIN_STAMP = (
    "Tinos-Bold",
    "Tinos-Bold",
    "Tinos-Bold",
    "LiberationSerif-Bold",
    "LiberationSerif-Bold",
    "Tinos-Regular",
    "Arimo-Bold",
    "LiberationSans-Bold",
    "NotoSerif-Bold",
    "NotoSans-Bold",
    "CharisSIL-Bold",
    "LinLibertine_RB",
    "LinBiolinum_RB",
    "Roboto-Bold",
    "RobotoCondensed-Bold",
    "OpenSans-Bold",
    "OpenSans-CondBold",
    "Vollkorn-Bold",
    "cmunbx",
    "cmunssdc",
    "JunicodeTwoBeta-Bold",
    "Cousine-Bold",
    "RobotoSlab-Bold",
    "Lato-Black",
    "Roboto-Medium",
    "Arimo-Regular",
    "EBGaramond12-Regular",
    "NotoSerifDisplay-Bold",
    "Cantarell-Bold",
    "Vollkorn-Black",
    "DoulosSIL-Regular",
    "JetBrainsMono-Bold",
    "JunicodeTwoBeta-Condensed",
    "JunicodeTwoBeta-ExpandedBold",
    "JunicodeTwoBeta-CondensedMedium",
    "LinLibertine_RZ",
    "LiberationSerif-BoldItalic",
    "LiberationMono-Bold",
    "Lato-Heavy",
    "Roboto-Black",
    "OpenSans-ExtraBold",
    "OpenSans-CondLight",
    "Comfortaa-Bold",
    "cmunbsr",
    "cmunvt",
    "cmunss",
    "cmuntb",
    "CharisSIL-Regular",
    "RobotoSlab-Regular",
    "Cantarell-ExtraBold",
)
LATIN_STAMP = ("Play-Bold", "Dosis-SemiBold", "Courier Prime Bold", "Hack-Bold")
LATIN_HAND = ("DancingScript-Bold", "femkeklaver")
LATIN_ONLY = (*LATIN_STAMP, *LATIN_HAND)
"""Faces without Vietnamese, whose tone marks are cut or written by hand (``lettering.set_by_hand``)."""
TRAIN_BODY = (
    "Tinos-Regular",
    "Tinos-Regular",
    "LiberationSerif-Regular",
    "Arimo-Regular",
    "Cousine-Regular",
    "NotoSerif-Regular",
    "NotoSans-Regular",
    "CharisSIL-Regular",
    "LinLibertine_R",
    "Roboto-Regular",
    "OpenSans-Regular",
    "cmunrm",
    "cmuntt",
    "EBGaramond12-Regular",
    "Vollkorn-Regular",
    "Lato-Regular",
    "LiberationMono-Regular",
    "Andika-Regular",
    "Tinos-Italic",
    "DoulosSIL-Regular",
    "JetBrainsMono-Regular",
    "JunicodeTwoBeta-Light",
    "JunicodeTwoBeta-SemiExpanded",
    "LinBiolinum_R",
    "LinLibertine_RI",
    "LiberationSans-Italic",
    "RobotoCondensed-Regular",
    "Lato-Light",
    "cmunss",
    "cmunvt",
    "NotoSansDisplay-Regular",
)
TRAIN_HAND = (
    "Andika-Italic",
    "cmunci",
    "Quicksand-Bold",
    "Comfortaa-Regular",
    "Lato-Italic",
    "EBGaramond12-Italic",
    "JunicodeTwoBeta-Italic",
    "Vollkorn-Italic",
    "Tinos-Italic",
    "CharisSIL-Italic",
)
KEPT_STAMP = (
    "FreeSerifBold",
    "FreeSerifBold",
    "GentiumBookPlus-Bold",
    "DejaVuSerif-Bold",
    "DejaVuSansCondensed-Bold",
    "Carlito-Bold",
    "FreeSansBold",
)
KEPT_BODY = ("FreeSerif", "GentiumPlus-Regular", "DejaVuSerif", "DejaVuSans", "Carlito-Regular", "FreeMono")
KEPT_HAND = ("GentiumPlus-Italic", "FreeSerifItalic", "AndikaCompact-R", "Carlito-Italic", "FreeSansOblique")


class FontMissing(RuntimeError):
    """A font of a style is not installed or cannot write Vietnamese."""


@cache
def find_font(stem: str) -> Path:
    """The file of one face.

    Raises:
        FontMissing: not installed, or a letter of ``ALPHABET`` (``LATIN`` for ``LATIN_ONLY``) has no glyph.
    """
    needed = LATIN if stem in LATIN_ONLY else ALPHABET
    for root in FONT_ROOTS:
        for path in sorted(root.rglob(f"{stem}.[to]tf")):
            missing = uncovered(path, needed)
            if missing:
                raise FontMissing(f"{stem} has no glyph for {missing}")
            return path
    raise FontMissing(f"{stem} is not installed: apt-get install the packages of packages/test.txt")


def uncovered(path: Path, letters: str = ALPHABET) -> str:
    """Those of ``letters`` that the font at ``path`` cannot draw."""
    cmap = TTFont(path, lazy=True).getBestCmap()
    return "".join(c for c in letters if ord(c) not in cmap)


@lru_cache(maxsize=256)
def face(stem: str, pixels: int) -> ImageFont.FreeTypeFont:
    """The face at a size in pixels per em, ready to draw."""
    return ImageFont.truetype(str(find_font(stem)), max(4, pixels), layout_engine=ImageFont.Layout.BASIC)
