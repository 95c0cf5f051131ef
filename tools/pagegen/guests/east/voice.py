"""The decade and the office a page comes from: its machine, its motto, its paper."""

from __future__ import annotations

from dataclasses import dataclass

from tools.pagegen.guests.east.dice import Bgr, Dice
from tools.pagegen.guests.east.press import Letters

OLD_STATE, NEW_STATE = "VIỆT NAM DÂN CHỦ CỘNG HÒA", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
TYPED = (
    Letters("FreeMono", "FreeMonoBold", "FreeMonoOblique", 12.0, True),
    Letters("FreeMonoBold", "FreeMonoBold", "FreeMonoBold", 11.0, True),
)
EARLY_LASER = (
    Letters("FreeSans", "FreeSansBold", "FreeSansOblique", 12.0),
    Letters("DejaVuSerifCondensed", "DejaVuSerifCondensed-Bold", "DejaVuSerifCondensed-Italic", 11.0),
    Letters("FreeSerif", "FreeSerifBold", "FreeSerifItalic", 13.0),
    Letters("DejaVuSansCondensed", "DejaVuSansCondensed-Bold", "DejaVuSansCondensed-Oblique", 10.5),
)
LASER = (
    Letters("FreeSerif", "FreeSerifBold", "FreeSerifItalic", 14.0),
    Letters("FreeSerif", "FreeSerifBold", "FreeSerifItalic", 13.0),
    Letters("GentiumPlus-Regular", "GentiumPlus-Bold", "GentiumPlus-Italic", 13.0),
    Letters("Carlito-Regular", "Carlito-Bold", "Carlito-Italic", 13.0),
    Letters("NotoSerifDisplay-Regular", "NotoSerifDisplay-Bold", "NotoSerifDisplay-Italic", 12.5),
    Letters("NotoSansDisplay-Regular", "NotoSansDisplay-Bold", "NotoSansDisplay-Italic", 11.5),
)
WHITE: tuple[Bgr, ...] = ((250, 251, 252), (244, 247, 249), (238, 243, 246), (252, 250, 248))
AGED: tuple[Bgr, ...] = ((205, 226, 238), (188, 214, 230), (172, 200, 219), (214, 228, 234), (160, 190, 212))
GREYISH: tuple[Bgr, ...] = ((208, 216, 220), (196, 206, 212), (224, 226, 228))


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks on the page.

    Attributes:
        year: of the paper.
        letters: its machine.
        state: the state's name above the motto.
        paper: colour of the sheet.
        ink: colour of the print.
        carbon: a copy under carbon paper.
        friends: share of sentences that speak of secrecy.
        headline: chance that a title does.
    """

    year: int
    letters: Letters
    state: str
    paper: Bgr
    ink: Bgr
    carbon: bool
    friends: float
    headline: float


def voice(dice: Dice, friendly: float) -> Voice:
    """Any decade from the fifties on, the later ones more often."""
    year = dice.choice((*range(1955, 1976), *range(1976, 1994), *range(1994, 2026), *range(1994, 2026)))
    state = OLD_STATE if year < 1976 else NEW_STATE
    if year < 1994:
        carbon = dice.chance(0.22)
        ink: Bgr = dice.choice(((105, 60, 50), (80, 60, 70))) if carbon else dice.choice(((50, 48, 48), (75, 72, 70)))
        paper = dice.choice(AGED + GREYISH)
        return Voice(year, dice.choice(TYPED), state, paper, ink, carbon, friendly, friendly)
    late = year >= 2001
    paper = dice.choice(WHITE if late or dice.chance(0.5) else AGED[:4] + GREYISH)
    return Voice(
        year, dice.choice(LASER if late else EARLY_LASER), state, paper, (34, 32, 32), False, friendly, friendly
    )
