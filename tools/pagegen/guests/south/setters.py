"""How words get onto paper: a typewriter with its own sick letters, a printer's case, a clerk's hand."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Protocol

import cv2
import numpy as np
from numpy.random import Generator

from tools.pagegen.fonts import face
from tools.pagegen.guests.south.canvas import Grey, Sheet, lettered, lines
from tools.pagegen.guests.south.strokes import Hand, sign_paths, strokes_of, written

TYPE_FACES = ("Cousine-Regular", "LiberationMono-Regular", "cmuntt", "RobotoSlab-Regular", "CharisSIL-Regular",
              "LiberationSerif-Regular", "JetBrainsMono-Light", "cmuntt", "Cousine-Regular")  # fmt: skip
PRINT_FACES = ("Tinos", "LiberationSerif", "CharisSIL", "NotoSerif", "Vollkorn", "Arimo", "JunicodeTwoBeta", "Tinos")
_TONES = "\u0300\u0301\u0303\u0309\u0323"


class Setter(Protocol):
    """Anything that sets a line of words."""

    @property
    def leading(self) -> float:
        """Millimetres from line to line."""

    def width(self, text: str) -> float:
        """Millimetres that a line takes."""

    def put(self, sheet: Sheet, x: float, y: float, text: str, *, bold: bool = False, ink: str = "") -> None:
        """Set a line whose base line starts at ``x``, ``y`` in millimetres."""


@dataclass(slots=True, eq=False)
class Typewriter:
    """One machine on one day.

    Attributes:
        stem: its letters.
        pitch: millimetres a stroke.
        leading: millimetres a line.
        jump: how far letters leave the base line, in millimetres.
        ribbon: how much ink is left, 0..1.
        tones: "cut" on the letters, "dead" keys of one height, "pen" by hand afterwards, or "none" on capitals.
        rng: of the typist.
        dirt: how far the counters are filled with lint.
    """

    stem: str
    pitch: float
    leading: float
    jump: float
    ribbon: float
    tones: str
    rng: Generator
    dirt: float = 0.0
    _bars: dict[str, tuple[Grey, float, float]] = field(default_factory=dict)

    def width(self, text: str) -> float:
        """Millimetres that a line takes."""
        return len(text) * self.pitch

    def put(self, sheet: Sheet, x: float, y: float, text: str, *, bold: bool = False, ink: str = "") -> None:
        """Type a line, letter by letter."""
        scale = sheet.dpi / 25.4
        noise = self.rng.normal(0, 1, (len(text), 3))
        wave = self.ribbon * (0.86 + 0.14 * np.sin(np.arange(len(text)) / 9 + self.rng.uniform(0, 6)))
        for at, char in enumerate(text):
            if char == " ":
                continue
            patch, dx, dy = self._bar(char, scale)
            force = min(1.0, max(0.25, float(wave[at]) * (1 + 0.16 * float(noise[at, 0])) + 0.12 * bold))
            left = (x + at * self.pitch + dx + noise[at, 1] * self.jump * 0.4) * scale
            top = (y + dy + noise[at, 2] * self.jump * 0.5) * scale
            struck = np.asarray(cv2.convertScaleAbs(patch, alpha=force), np.uint8)
            place = round(left), round(top) - patch.shape[0] * 3 // 4
            sheet.put(ink or "body", struck, *place)
            if bold:
                sheet.put(ink or "body", struck, place[0] + 1, place[1])
            if self.tones == "pen":
                self._pen(sheet, char, left, top, scale)

    def _pen(self, sheet: Sheet, char: str, left: float, base: float, scale: float) -> None:
        letter, *signs = list(unicodedata.normalize("NFD", char))
        unit = self.pitch * scale / 8
        for sign in signs:
            if sign in _TONES:
                path = sign_paths(sign, 10.5 if letter.isupper() else 8.5, 4, crowded=False)
                path = path * [unit, -unit] + [left, base] + self.rng.normal(0, unit * 0.5, 2)
                lines(sheet.layer("pen"), [path], 0.22 * scale)

    def _bar(self, char: str, scale: float) -> tuple[Grey, float, float]:
        """The letter as its bar strikes it, always with the same fault."""
        if char not in self._bars:
            dx, dy = self.rng.normal(0, self.jump * 0.5, 2)
            self._bars[char] = self._cast(char, scale), float(dx), float(dy)
        return self._bars[char]

    def _cast(self, char: str, scale: float) -> Grey:
        height, wide = round(self.leading * scale * 1.5) // 4 * 4, max(3, round(self.pitch * scale))
        marks = unicodedata.normalize("NFD", char)
        bare = unicodedata.normalize("NFC", "".join(m for m in marks if m not in _TONES))
        letter, _, dy = lettered(char if self.tones == "cut" else bare, face(self.stem, round(4.1 * scale)))
        if letter.shape[1] > wide + 2:
            letter = np.asarray(cv2.resize(letter, (wide + 1, letter.shape[0]), interpolation=cv2.INTER_AREA), np.uint8)
        cell = np.zeros((height, wide + 6), np.uint8)
        left, top = max(0, (wide + 6 - letter.shape[1]) // 2), max(0, height * 3 // 4 + dy)
        spot = cell[top : top + letter.shape[0], left : left + letter.shape[1]]
        spot[:] = letter[: spot.shape[0], : spot.shape[1]]
        if self.tones == "dead":
            for sign in [m for m in marks if m in _TONES]:
                unit = self.pitch * scale / 9
                path = sign_paths(sign, 9.4, 4.5, crowded=False) * [unit, -unit] + [3, height * 3 / 4]
                lines(cell, [path], 0.26 * scale)
        if self.dirt > 0 and char in "aeogpbdđ8690":
            closed = cv2.morphologyEx(cell, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
            cell = np.asarray(cv2.addWeighted(cell, 1 - self.dirt, closed, self.dirt, 0), np.uint8)
        ramp = np.linspace(1, float(self.rng.uniform(0.45, 1.3)), height, dtype=np.float32)[:, None]
        slope = np.linspace(1, float(self.rng.uniform(0.65, 1.2)), wide + 6, dtype=np.float32)[None]
        worn = cell * (ramp * slope).clip(0, 1)
        return np.asarray(cv2.GaussianBlur(worn, (0, 0), 0.035 * scale + 0.1), np.uint8)


@dataclass(frozen=True, slots=True)
class Printer:
    """Printed letters of one family.

    Attributes:
        family: stem before the style.
        points: size of the letters.
        ink: layer they go to.
    """

    family: str
    points: float
    ink: str = "print"

    @property
    def leading(self) -> float:
        """Millimetres from line to line."""
        return self.points * 0.3528 * 1.32

    def width(self, text: str) -> float:
        """Millimetres that a line takes."""
        return float(face(f"{self.family}-Regular", 100).getlength(text)) * self.points * 0.003528

    def put(self, sheet: Sheet, x: float, y: float, text: str, *, bold: bool = False, ink: str = "") -> None:
        """Set a line of type."""
        stem = f"{self.family}-{'Bold' if bold else 'Regular'}"
        patch, dx, dy = lettered(text, face(stem, sheet.px(self.points * 0.3528)))
        sheet.put(ink or self.ink, patch, sheet.px(x) + dx, sheet.px(y) + dy)


@dataclass(frozen=True, slots=True, eq=False)
class Clerk:
    """A hand that fills whole pages.

    Attributes:
        hand: the writer.
        capital: height of a capital in millimetres.
        rng: of the writer.
    """

    hand: Hand
    capital: float
    rng: Generator

    @property
    def leading(self) -> float:
        """Millimetres from line to line."""
        return self.capital * 2.5

    def width(self, text: str) -> float:
        """Millimetres that a line takes, nearly."""
        return strokes_of(text, self.hand, np.random.default_rng(1))[1] * self.capital / 10

    def put(self, sheet: Sheet, x: float, y: float, text: str, *, bold: bool = False, ink: str = "") -> None:
        """Write a line."""
        patch, dx, dy = written(text, self.capital * sheet.dpi / 25.4, self.hand, self.rng)
        sheet.put(ink or "pen", patch, sheet.px(x) + dx, sheet.px(y) + dy)


def any_typewriter(rng: Generator, trouble: float) -> Typewriter:
    """A machine; ``trouble`` 0..1 is how badly it is kept."""
    tones = ("cut", "cut", "dead", "dead", "pen", "none")[int(rng.integers(6))]
    return Typewriter(
        stem=TYPE_FACES[int(rng.integers(len(TYPE_FACES)))],
        pitch=float(rng.choice([2.54, 2.3, 2.12])),
        leading=float(rng.choice([4.25, 5.3, 6.35, 8.5], p=[0.2, 0.3, 0.3, 0.2])),
        jump=float(rng.uniform(0.05, 0.12 + 0.25 * trouble)),
        ribbon=float(rng.uniform(0.95 - 0.4 * trouble, 1.15)),
        tones=tones,
        rng=rng,
        dirt=float(rng.uniform(0, 0.2 + 0.7 * trouble)),
    )


def any_printer(rng: Generator, points: float = 12.0) -> Printer:
    """A printer's case of about so many points."""
    return Printer(PRINT_FACES[int(rng.integers(len(PRINT_FACES)))], points * float(rng.uniform(0.93, 1.08)))
