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
ALPHABET = _MARKED + _MARKED.lower() + "ABCDEGHIKLMNOPQRSTUVXYabcdeghiklmnopqrstuvxy0123456789.,;:/()-…"

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
)
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
        FontMissing: not installed, or a letter of ``ALPHABET`` has no glyph.
    """
    for root in FONT_ROOTS:
        for path in sorted(root.rglob(f"{stem}.[to]tf")):
            missing = uncovered(path)
            if missing:
                raise FontMissing(f"{stem} has no glyph for {missing}")
            return path
    raise FontMissing(f"{stem} is not installed: apt-get install the packages of packages/test.txt")


def uncovered(path: Path) -> str:
    """Letters of ``ALPHABET`` that the font at ``path`` cannot draw."""
    cmap = TTFont(path, lazy=True).getBestCmap()
    return "".join(c for c in ALPHABET if ord(c) not in cmap)


@lru_cache(maxsize=256)
def face(stem: str, pixels: int) -> ImageFont.FreeTypeFont:
    """The face at a size in pixels per em, ready to draw."""
    return ImageFont.truetype(str(find_font(stem)), max(4, pixels), layout_engine=ImageFont.Layout.BASIC)
