"""The printing of a sheet: text, rules and tables set in millimetres onto ink masks."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from tools.pagegen.fonts import face
from tools.pagegen.guests.east.dice import Dice

POINT = 25.4 / 72


@dataclass(frozen=True, slots=True)
class Letters:
    """The types a machine writes with.

    Attributes:
        body: upright face.
        bold: face of headings.
        italic: slanting face.
        points: size of running text.
        typewriter: struck letter by letter, so uneven and ragged.
    """

    body: str
    bold: str
    italic: str
    points: float
    typewriter: bool = False


class Press:
    """A sheet while it is printed; one mask for black ink and one for red."""

    def __init__(self, width: float, height: float, dpi: int, letters: Letters, dice: Dice) -> None:
        self.width, self.height, self.scale = width, height, dpi / 25.4
        self.letters, self.dice = letters, dice
        size = (round(width * self.scale), round(height * self.scale))
        self.black, self.red = Image.new("L", size), Image.new("L", size)
        self._pens = {"black": ImageDraw.Draw(self.black), "red": ImageDraw.Draw(self.red)}

    def font(self, style: str, points: float | None = None) -> ImageFont.FreeTypeFont:
        """A face of the machine in a size."""
        stem = {"body": self.letters.body, "bold": self.letters.bold, "italic": self.letters.italic}[style]
        return face(stem, round((points or self.letters.points) * POINT * self.scale))

    def measure(self, text: str, style: str = "body", points: float | None = None) -> float:
        """How wide the text runs, in millimetres."""
        return self.font(style, points).getlength(text) / self.scale

    def line(
        self, x: float, y: float, text: str, *, style: str = "body", points: float | None = None,
        align: str = "l", ink: str = "black", underline: bool = False, most: float | None = None,
    ) -> float:  # fmt: skip
        """Set one line on the base line ``y``, made smaller if wider than ``most``; returns its width."""
        size = points or self.letters.points
        wide = self.measure(text, style, size)
        if most and wide > most:
            size *= most / wide
            wide = most
        left = x - wide * {"l": 0.0, "c": 0.5, "r": 1.0}[align]
        self._strike(left, y, text, self.font(style, size), ink)
        if underline:
            self.rule(left, y + 1.1, left + wide, y + 1.1, 0.25)
        return wide

    def _strike(self, x: float, y: float, text: str, font: ImageFont.FreeTypeFont, ink: str) -> None:
        pen = self._pens[ink]
        if not self.letters.typewriter:
            pen.text((x * self.scale, y * self.scale), text, font=font, fill=255, anchor="ls")
            return
        space = font.getlength(" ")
        at = x * self.scale
        for word in text.split(" "):
            rise = self.dice.gauss(0, 0.09) * self.scale
            pen.text((at, y * self.scale + rise), word, font=font, fill=self.dice.randint(165, 255), anchor="ls")
            at += font.getlength(word) + space

    def paragraph(
        self, x: float, y: float, width: float, text: str, *, indent: float = 10, leading: float = 1.35,
        style: str = "body", points: float | None = None, bottom: float | None = None,
    ) -> float:  # fmt: skip
        """Set running text below ``y``; returns where the next line would stand."""
        size = points or self.letters.points
        font, pitch = self.font(style, size), size * POINT * leading
        words, line = text.split(), list[str]()
        room = width - indent
        left = x + indent
        for k, word in enumerate(words):
            line.append(word)
            following = words[k + 1] if k + 1 < len(words) else None
            if following and font.getlength(" ".join([*line, following])) / self.scale <= room:
                continue
            if y > (bottom or self.height - 18):
                return y
            self._row(left, y, line, font, room if following and not self.letters.typewriter else None)
            line, left, room = [], x, width
            y += pitch
        return y

    def _row(self, x: float, y: float, words: list[str], font: ImageFont.FreeTypeFont, width: float | None) -> None:
        if width is None or len(words) < 2:
            self._strike(x, y, " ".join(words), font, "black")
            return
        spare = width * self.scale - sum(font.getlength(w) for w in words)
        at, pen = x * self.scale, self._pens["black"]
        for word in words:
            pen.text((at, y * self.scale), word, font=font, fill=255, anchor="ls")
            at += font.getlength(word) + spare / (len(words) - 1)

    def rule(self, x0: float, y0: float, x1: float, y1: float, thick: float = 0.25, ink: str = "black") -> None:
        """Draw a straight rule."""
        ends = [round(v * self.scale) for v in (x0, y0, x1, y1)]
        self._pens[ink].line(ends, fill=235, width=max(1, round(thick * self.scale)))

    def box(self, x0: float, y0: float, x1: float, y1: float, thick: float = 0.25, ink: str = "black") -> None:
        """Draw a frame."""
        corners = [round(v * self.scale) for v in (x0, y0, x1, y1)]
        self._pens[ink].rectangle(corners, outline=235, width=max(1, round(thick * self.scale)))

    def oval(self, x0: float, y0: float, x1: float, y1: float, thick: float = 0.3, ink: str = "black") -> None:
        """Draw an oval."""
        corners = [round(v * self.scale) for v in (x0, y0, x1, y1)]
        self._pens[ink].ellipse(corners, outline=235, width=max(1, round(thick * self.scale)))

    def bars(self, x: float, y: float, width: float, height: float) -> None:
        """Print a bar code."""
        at = x
        while at < x + width:
            bar = self.dice.choice((0.25, 0.25, 0.5, 0.75))
            corners = [round(v * self.scale) for v in (at, y, at + bar, y + height)]
            self._pens["black"].rectangle(corners, fill=245)
            at += bar + self.dice.choice((0.3, 0.3, 0.6))

    def table(
        self, x: float, y: float, widths: tuple[float, ...], rows: list[tuple[str, ...]], *,
        pitch: float = 8, points: float | None = None,
    ) -> float:  # fmt: skip
        """Rule a table and fill it; the first row is its head. Returns its lower edge."""
        size = points or self.letters.points - 2
        total = sum(widths)
        for r, row in enumerate(rows):
            at = x
            for width, cell in zip(widths, row, strict=True):
                middle = cell.isdigit() or r == 0
                spot = at + width / 2 if middle else at + 1.2
                self.line(spot, y + pitch * (r + 0.66), cell, style="bold" if r == 0 else "body", points=size,
                          align="c" if middle else "l", most=width - 2)  # fmt: skip
                at += width
        low = y + pitch * len(rows)
        for r in range(len(rows) + 1):
            self.rule(x, y + pitch * r, x + total, y + pitch * r)
        at = x
        for width in (*widths, 0.0):
            self.rule(at, y, at, low)
            at += width
        return low
