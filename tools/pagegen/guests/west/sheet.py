"""A sheet being printed: text, rules and shapes in millimetres, and the places where a stamp may come."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from tools.pagegen.fonts import face
from tools.pagegen.guests.west import hand

Rng = np.random.Generator
Colour = tuple[int, int, int]
Spot = tuple[float, float]
BLACK: Colour = (24, 22, 24)
RED: Colour = (196, 32, 40)
BLUE: Colour = (34, 58, 140)


@dataclass(frozen=True, slots=True)
class Voice:
    """The faces one sheet is set in: plain, bold, italic."""

    plain: str
    bold: str
    italic: str


VOICES = (
    Voice("Tinos-Regular", "Tinos-Bold", "Tinos-Italic"),
    Voice("LiberationSerif-Regular", "LiberationSerif-Bold", "LiberationSerif-Italic"),
    Voice("Arimo-Regular", "Arimo-Bold", "Arimo-Italic"),
    Voice("cmunrm", "cmunbx", "cmunti"),
    Voice("cmuntt", "cmuntb", "cmunit"),
    Voice("Cousine-Regular", "Cousine-Bold", "Cousine-Italic"),
    Voice("CharisSIL-Regular", "CharisSIL-Bold", "CharisSIL-Italic"),
    Voice("LinLibertine_R", "LinLibertine_RB", "LinLibertine_RI"),
    Voice("NotoSerif-Regular", "NotoSerif-Bold", "NotoSerif-Italic"),
    Voice("Lato-Regular", "Lato-Bold", "Lato-Italic"),
    Voice("RobotoCondensed-Regular", "RobotoCondensed-Bold", "RobotoCondensed-Italic"),
    Voice("OpenSans-Regular", "OpenSans-Bold", "OpenSans-Italic"),
    Voice("Vollkorn-Regular", "Vollkorn-Bold", "Vollkorn-Italic"),
    Voice("EBGaramond12-Regular", "LinLibertine_RB", "EBGaramond12-Italic"),
    Voice("JunicodeTwoBeta-Regular", "JunicodeTwoBeta-Bold", "JunicodeTwoBeta-Italic"),
    Voice("cmunss", "cmunsx", "cmunsi"),
    Voice("LiberationMono-Regular", "LiberationMono-Bold", "LiberationMono-Italic"),
)


@dataclass(slots=True, eq=False)
class Sheet:
    """One side of paper under the press.

    Attributes:
        rng: the dice for all that stands on it.
        width: in millimetres.
        height: in millimetres.
        dpi: dots per inch.
        voice: its faces.
        trap: chance that a sentence or heading speaks of secrets.
        penned: whether anything may be written with a pen.
        spots: middles of the places meant for marks, best first.
    """

    rng: Rng
    width: float
    height: float
    dpi: int
    voice: Voice
    trap: float
    penned: bool
    ink: Colour = BLACK
    spots: list[Spot] = field(default_factory=list)
    wrote: bool = False
    image: Image.Image = field(init=False)
    draw: ImageDraw.ImageDraw = field(init=False)

    def __post_init__(self) -> None:
        """Take a white sheet."""
        self.image = Image.new("RGB", (round(self.px(self.width)), round(self.px(self.height))), "white")
        self.draw = ImageDraw.Draw(self.image)

    def px(self, mm: float) -> float:
        """Millimetres in pixels."""
        return mm * self.dpi / 25.4

    def font(self, style: str, points: float) -> ImageFont.FreeTypeFont:
        """A face of this sheet's voice: "plain", "bold", "italic"."""
        return face(getattr(self.voice, style), round(points * self.dpi / 72))

    def text(
        self, x: float, y: float, said: str, points: float = 11, style: str = "plain", anchor: str = "la",
        ink: Colour | None = None, room: float = 0,
    ) -> float:  # fmt: skip
        """Set one line at x, y (anchored as Pillow does), smaller if it has less ``room``; its width in mm."""
        font = self.font(style, points)
        wide = font.getlength(said) * 25.4 / self.dpi
        if room and wide > room:
            font = self.font(style, max(4.0, points * room / wide))
            wide = room
        self.draw.text((self.px(x), self.px(y)), said, font=font, fill=ink or self.ink, anchor=anchor)
        return wide

    def rule(self, x0: float, y0: float, x1: float, y1: float, mm: float = 0.25, ink: Colour | None = None) -> None:
        """A straight line."""
        ends = (self.px(x0), self.px(y0), self.px(x1), self.px(y1))
        self.draw.line(ends, fill=ink or self.ink, width=max(1, round(self.px(mm))))

    def box(
        self, x: float, y: float, w: float, h: float, mm: float = 0.25, ink: Colour | None = None,
        fill: Colour | None = None,
    ) -> None:  # fmt: skip
        """A rectangle."""
        corners = (self.px(x), self.px(y), self.px(x + w), self.px(y + h))
        self.draw.rectangle(
            corners, outline=(ink or self.ink) if mm else None, width=max(1, round(self.px(mm))), fill=fill
        )

    def ring(self, x: float, y: float, radius: float, mm: float = 0.25, ink: Colour | None = None) -> None:
        """A circle about x, y."""
        corners = (self.px(x - radius), self.px(y - radius), self.px(x + radius), self.px(y + radius))
        self.draw.ellipse(corners, outline=ink or self.ink, width=max(1, round(self.px(mm))))

    def flow(
        self, x: float, y: float, width: float, said: str, points: float = 11, style: str = "plain", lead: float = 1.35,
        indent: float = 0, bottom: float = 1e9, justify: bool = True,
    ) -> float:  # fmt: skip
        """Set a paragraph; where the next one may begin."""
        font = self.font(style, points)
        gap, step = font.getlength(" "), points * lead * 25.4 / 72
        line: list[tuple[str, float]] = []
        room, used = self.px(width - indent), 0.0
        left = self.px(x + indent)
        for word in [*said.split(), ""]:
            wide = font.getlength(word)
            full = bool(line) and used + wide > room
            if full or not word:
                if y + step > bottom:
                    return y
                stretch = (room - used + gap) / max(len(line) - 1, 1) if full and justify else 0.0
                at = left
                for piece, size in line:
                    self.draw.text((at, self.px(y)), piece, font=font, fill=self.ink)
                    at += size + gap + stretch
                y, left, room, line, used = y + step, self.px(x), self.px(width), [], 0.0
            line.append((word, wide))
            used += wide + gap
        return y

    def write(self, x: float, y: float, said: str, mm: float, how: hand.Hand, ink: Colour = BLUE) -> None:
        """Write a line with a pen on base line y, capitals ``mm`` high; typed where no pen is allowed."""
        if not self.penned:
            self.text(x, y, said, mm * 3.2, anchor="ls")
            return
        self.wrote = True
        width = max(1, round(self.px(how.nib * mm)))
        for stroke in hand.strokes(self.rng, said, self.px(mm), how):
            points: NDArray[np.float64] = stroke + np.array((self.px(x), self.px(y)))
            self.draw.line([tuple(p) for p in points.tolist()], fill=ink, width=width, joint="curve")

    def between(self, low: float, high: float) -> float:
        """A number."""
        return float(self.rng.uniform(low, high))

    def chance(self, share: float) -> bool:
        """Whether it happens."""
        return bool(self.rng.random() < share)
