"""Marks on the sheet: what they are cut from, where they fall, and with which ink."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator

from scanflow.stamps.marks import MarkKind
from tools.pagegen.drawn import Plate
from tools.pagegen.guests.south import words
from tools.pagegen.guests.south.canvas import Colour, Grey, Points, Sheet
from tools.pagegen.guests.south.ink import BLACKS, BLUES, PENS, REDS, VIOLETS, any_press, pressed
from tools.pagegen.guests.south.seals import seal
from tools.pagegen.guests.south.setters import Typewriter
from tools.pagegen.guests.south.stamps import any_cut, carve, face_lines, norm_of, penned
from tools.pagegen.guests.south.strokes import any_hand, written
from tools.pagegen.masks import as_mask
from tools.pagegen.norms import LEVELS

K = MarkKind


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A mark ready to be laid: its plate, ``scale`` pixels a millimetre, its ink, and how it came to be."""

    kind: MarkKind
    plate: Plate
    scale: float
    ink: Colour
    way: str


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """A mark on the sheet: what was made, and its corners in sheet pixels."""

    made: Made
    quad: Points


def ink_for(rng: Generator, kind: MarkKind) -> Colour:
    """The pad that stood next to the stamp."""
    red, violet, blue = (
        (0.9, 0.95, 0.97) if kind in LEVELS else (0.95, 0.98, 0.99) if kind is K.SEAL else (0.45, 0.75, 0.9)
    )
    chance = rng.random()
    pads = REDS if chance < red else VIOLETS if chance < violet else BLUES if chance < blue else BLACKS
    return pads[int(rng.integers(len(pads)))]


def make(rng: Generator, kind: MarkKind, dpi: int, by_hand: bool, typist: Typewriter | None, type_ink: Colour) -> Made:
    """Cut, write or type one mark."""
    scale = max(dpi, 200) / 25.4 * 1.25
    if kind is K.SEAL and not by_hand:
        return Made(kind, seal(rng, scale), scale, ink_for(rng, kind), "stamped")
    norm = norm_of(rng, kind)
    text = face_lines(rng, norm)
    if by_hand:
        return Made(kind, penned(text, norm, rng, scale), scale, PENS[int(rng.integers(len(PENS)))], "penned")
    cut = any_cut(rng, kind, norm)
    if typist is not None and kind in LEVELS and (cut.border == "none" or rng.random() < 0.05):
        return Made(kind, typed(rng, text[0], dpi, typist), dpi / 25.4, type_ink, "typed")
    return Made(kind, carve(kind, text, norm, cut, rng, scale), scale, ink_for(rng, kind), "stamped")


def typed(rng: Generator, text: str, dpi: int, typist: Typewriter) -> Plate:
    """The words typed in capitals, underlined, between dashes or spaced."""
    machine = Typewriter(typist.stem, typist.pitch, 6.3, 0.05, 1.1, "dead" if typist.tones == "dead" else "cut", rng)
    way = int(rng.integers(4))
    shown = (text, f"- {text} -", "  ".join(" ".join(word) for word in text.split()), f"=== {text} ===")[way]
    sheet = Sheet(dpi, machine.width(shown) + 6, 16)
    machine.put(sheet, 3, 9, shown, bold=True)
    if way in (0, 2):
        for shift in range(int(rng.integers(1, 3))):
            machine.put(sheet, 3, 10.2 + shift * 0.8, "_" * len(shown))
    layer = sheet.layer("body")
    x, y, w, h = cv2.boundingRect(layer)
    return Plate(as_mask(layer), np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]], np.float64))


def lay(sheet: Sheet, made: Made, centre: Points, angle: float, trouble: float, rng: Generator) -> Laid:
    """Press a mark on the sheet about ``centre`` (pixels), ``angle`` degrees clockwise."""
    shrink = sheet.dpi / 25.4 / made.scale
    turn = np.deg2rad(angle)
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) * shrink
    middle = made.plate.quad.mean(0)
    quad = (made.plate.quad - middle) @ matrix.T + centre
    h, w = made.plate.mask.shape
    corners = (np.array([[0, 0], [w, 0], [w, h], [0, h]]) - middle) @ matrix.T + centre
    low, high = np.floor(corners.min(0)).astype(int) - 1, np.ceil(corners.max(0)).astype(int) + 1
    press = any_press(rng, trouble if made.way == "stamped" else trouble * 0.35)
    ink = pressed(made.plate.mask, press, rng, made.scale)
    if shrink < 0.9:
        ink = np.asarray(cv2.GaussianBlur(ink, (0, 0), 0.45 / shrink), np.float32)
    move = np.hstack([matrix, (centre - low - matrix @ middle)[:, None]])
    film = cv2.warpAffine(ink, move, (int(high[0] - low[0]), int(high[1] - low[1])))
    sheet.films.append((np.asarray(film, np.float32), int(low[0]), int(low[1]), made.ink))
    if made.way == "stamped" and made.kind in _FILLED:
        _fill_in(sheet, quad, made.kind, rng)
    return Laid(made, np.asarray(quad, np.float64))


_FILLED = (K.DEN, K.BAN_SO, K.BAN_SAO_SO, K.GIAI_MAT, K.THOI_HAN, K.GIA_HAN, K.DIEU_CHINH, K.THU_HOI, K.BAN_SAO_BMNN)


def _fill_in(sheet: Sheet, quad: Points, kind: MarkKind, rng: Generator) -> None:
    """Numbers and dates that a clerk writes on the dots."""
    if rng.random() < 0.2:
        return
    across, down = quad[1] - quad[0], quad[3] - quad[0]
    hand = any_hand(rng)
    rows = {K.DEN: (0.45, 0.62), K.BAN_SO: (0.6,), K.BAN_SAO_SO: (0.6,), K.BAN_SAO_BMNN: (0.4, 0.55)}.get(kind, (0.78,))
    for row in rows:
        spot = quad[0] + across * (0.74 if len(rows) == 1 and kind in (K.BAN_SO, K.BAN_SAO_SO) else 0.45) + down * row
        value = words.day(rng) if kind not in (K.BAN_SO, K.BAN_SAO_SO) else f"0{int(rng.integers(1, 9))}"
        patch, dx, dy = written(value, 3.0 * sheet.dpi / 25.4, hand, rng)
        sheet.put("pen", patch, int(spot[0]) + dx, int(spot[1]) + dy)


def busy(sheet: Sheet, layers: tuple[Grey, ...]) -> Grey:
    """How much is written on each cell of 2 mm."""
    cells = (max(1, int(sheet.width_mm / 2)), max(1, int(sheet.height_mm / 2)))
    full = np.zeros(cells[::-1], np.uint8)
    for layer in layers:
        full = np.maximum(full, cv2.resize(layer, cells, interpolation=cv2.INTER_AREA))
    return full


def find_spot(
    rng: Generator,
    sheet: Sheet,
    taken: Grey,
    size_mm: tuple[float, float],
    zone: tuple[float, float, float, float],
    care: float,
) -> tuple[float, float]:
    """A centre in millimetres inside ``zone`` (fractions: left, top, right, bottom), shunning ink by ``care``."""
    half_w, half_h = size_mm[0] / 2 + 2, size_mm[1] / 2 + 2
    total = cv2.integral(np.minimum(taken, 60))
    best, spot = np.inf, (sheet.width_mm / 2, sheet.height_mm / 2)
    for fx, fy in rng.random((28, 2)):
        x = float(
            np.clip((zone[0] + fx * (zone[2] - zone[0])) * sheet.width_mm, half_w, max(half_w, sheet.width_mm - half_w))
        )
        y = float(
            np.clip(
                (zone[1] + fy * (zone[3] - zone[1])) * sheet.height_mm, half_h, max(half_h, sheet.height_mm - half_h)
            )
        )
        x0, x1 = (int(np.clip((x + s * half_w) / 2, 0, taken.shape[1])) for s in (-1, 1))
        y0, y1 = (int(np.clip((y + s * half_h) / 2, 0, taken.shape[0])) for s in (-1, 1))
        ink = float(total[y1, x1] - total[y0, x1] - total[y1, x0] + total[y0, x0]) / max(1, (x1 - x0) * (y1 - y0))
        cost = ink * care + float(rng.random()) * 8
        if cost < best:
            best, spot = cost, (x, y)
    return spot


def occupy(taken: Grey, quad_mm: Points, weight: int = 255) -> None:
    """Mark the cells under a quadrangle as taken."""
    cv2.fillConvexPoly(taken, np.round(quad_mm / 2).astype(np.int32), weight)


ZONES: dict[str, tuple[float, float, float, float]] = {
    "level": (0.02, 0.02, 0.6, 0.36),
    "head": (0.05, 0.01, 0.95, 0.1),
    "right": (0.6, 0.02, 0.98, 0.35),
    "foot": (0.05, 0.85, 0.95, 0.98),
    "sign": (0.5, 0.62, 0.95, 0.95),
    "any": (0.02, 0.02, 0.98, 0.98),
}


def zone_for(rng: Generator, kind: MarkKind) -> str:
    """Where a mark of a kind is mostly found."""
    if kind is K.SEAL:
        return "sign" if rng.random() < 0.7 else "any"
    if kind in LEVELS:
        return str(rng.choice(["level", "head", "right", "foot", "any"], p=[0.5, 0.18, 0.14, 0.06, 0.12]))
    return str(rng.choice(["level", "right", "head", "sign", "any"], p=[0.25, 0.2, 0.1, 0.1, 0.35]))
