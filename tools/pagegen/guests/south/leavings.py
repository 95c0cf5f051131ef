"""What belongs to no kind: signatures, notes, ticks, coloured pencil, staples, holes, page numbers."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator

from tools.pagegen.guests.south import words
from tools.pagegen.guests.south.canvas import Points, Sheet
from tools.pagegen.guests.south.paper import Picture
from tools.pagegen.guests.south.strokes import any_hand, scrawl, written


def sign(sheet: Sheet, rng: Generator, spot: Points) -> None:
    """A signature near a spot in millimetres."""
    path = scrawl(rng, float(rng.uniform(22, 48)))
    sheet.stroke("sign", path + spot - path.mean(0), float(rng.uniform(0.3, 0.7)), 235)


def note(sheet: Sheet, rng: Generator) -> None:
    """A few words of a chief across a margin."""
    patch, _, _ = written(
        words.pick(rng, words.NOTES), float(rng.uniform(3.5, 6)) * sheet.dpi / 25.4, any_hand(rng), rng
    )
    angle = float(rng.normal(6, 8))
    h, w = patch.shape
    turn = cv2.getRotationMatrix2D((w / 2, h / 2), angle, 1)
    pad = int(w * 0.3)
    turn[:, 2] += pad
    patch = np.asarray(cv2.warpAffine(patch, turn, (w + 2 * pad, h + 2 * pad)), np.uint8)
    x, y = rng.uniform(-0.05, 0.7), rng.uniform(-0.02, 0.9)
    sheet.put("sign", patch, int(x * sheet.shape[1]), int(y * sheet.shape[0]))


def pencil(sheet: Sheet, rng: Generator) -> None:
    """Ticks, a bar in the margin, an underlining or a ring in coloured pencil."""
    w, h = sheet.width_mm, sheet.height_mm
    for _ in range(int(rng.integers(1, 6))):
        x, y = float(rng.uniform(0.05, 0.8) * w), float(rng.uniform(0.1, 0.9) * h)
        length = float(rng.uniform(8, 45))
        turn = np.linspace(0, 6.6, 24)[:, None]
        path = (
            np.array([[0, 0], [1.5, 3], [6, -4]]),
            np.array([[0, 0], [length, rng.normal(0, 1)]]),
            np.array([[0, 0], [rng.normal(0, 0.6), length]]),
            np.hstack([np.cos(turn) * length / 3, np.sin(turn) * 4]),
        )[int(rng.integers(4))]
        sheet.stroke("pencil", path + np.array([x, y]), float(rng.uniform(0.4, 1.0)), 170)


def page_number(sheet: Sheet, rng: Generator) -> None:
    """The archivist's number of the leaf, in pencil at the top right."""
    patch, dx, dy = written(str(int(rng.integers(1, 400))), 4 * sheet.dpi / 25.4, any_hand(rng), rng)
    sheet.put("pencil", patch, sheet.px(sheet.width_mm - 18) + dx, sheet.px(11) + dy)


def fittings(picture: Picture, rng: Generator, scale: float) -> None:
    """Punch holes, rusted pins and staples."""
    h = picture.shape[0]
    if rng.random() < 0.35:
        for y in (h / 2 - 40 * scale, h / 2 + 40 * scale):
            shade = float(rng.choice([0.05, 0.95]))
            cv2.circle(picture, (int(9 * scale), int(y)), int(2.8 * scale), (shade, shade, shade), -1, cv2.LINE_AA)
    if rng.random() < 0.4:
        x, y = rng.uniform(5, 22, 2) * scale
        across = rng.normal(0, 1, 2) + np.array([6, -4])
        end = np.array([x, y]) + across / np.hypot(*across) * 10 * scale
        ends = (int(x), int(y)), (int(end[0]), int(end[1]))
        box = picture[: int(40 * scale), : int(45 * scale)]
        rust = np.ones_like(box)
        cv2.line(rust, *ends, (0.25, 0.45, 0.65), max(1, int(0.7 * scale)), cv2.LINE_AA)
        box *= cv2.GaussianBlur(rust, (0, 0), 0.6 * scale)
        cv2.line(box, *ends, (0.35, 0.36, 0.4), max(1, int(0.35 * scale)), cv2.LINE_AA)
