"""Round office seals, with words that run round a star."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator

from tools.pagegen.drawn import Plate
from tools.pagegen.fonts import face
from tools.pagegen.guests.south import words
from tools.pagegen.guests.south.canvas import Grey, lettered, lines
from tools.pagegen.guests.south.stamps import strayed, stripped
from tools.pagegen.masks import as_mask


def _bent(image: Grey, text: str, stem: str, radius: float, tall: float, middle: float, span: float) -> None:
    """Bend a line of letters round the centre; ``middle`` is its angle, 0 at the top, clockwise."""
    strip = lettered(text, face(stem, max(8, round(tall))))[0]
    half = image.shape[0] / 2
    y, x = np.mgrid[: image.shape[0], : image.shape[1]].astype(np.float32) - np.float32(half)
    angle = (np.arctan2(x, -y) - middle + np.pi) % (2 * np.pi) - np.pi
    across = ((angle / span + 0.5) * strip.shape[1]).astype(np.float32)
    down = ((radius + tall / 2 - np.hypot(x, y)) / tall * strip.shape[0]).astype(np.float32)
    np.maximum(image, cv2.remap(strip, across, down, cv2.INTER_LINEAR), out=image)


def _star(image: Grey, centre: float, radius: float) -> None:
    turn = np.arange(10) * np.pi / 5 - np.pi / 2
    far = np.where(np.arange(10) % 2 == 0, radius, radius * 0.4)
    points = np.stack([centre + far * np.cos(turn), centre + far * np.sin(turn)], 1)
    cv2.fillPoly(image, [np.round(points * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)


def _ring(image: Grey, centre: float, radius: float, width: float) -> None:
    turn = np.linspace(0, 2 * np.pi, 90)
    lines(image, [np.stack([centre + radius * np.cos(turn), centre + radius * np.sin(turn)], 1)], width)


def seal(rng: Generator, scale: float) -> Plate:
    """The plate of an office seal of 28 to 38 mm, carved once and used for years."""
    radius = float(rng.uniform(14.5, 19)) * scale
    pad = 1.2 * scale
    side = int(2 * (radius + pad))
    image, centre = np.zeros((side, side), np.uint8), side / 2
    _ring(image, centre, radius - 0.4 * scale, float(rng.uniform(0.5, 1.0)) * scale)
    if rng.random() < 0.75:
        _ring(image, centre, radius - 1.5 * scale, 0.25 * scale)
    inner = radius * float(rng.uniform(0.56, 0.66))
    _ring(image, centre, inner, 0.3 * scale)
    stem = ("RobotoCondensed-Bold", "Arimo-Bold", "Tinos-Bold", "OpenSans-CondBold")[int(rng.integers(4))]
    tones = ("all", "all", "small", "none")[int(rng.integers(4))]
    tall, mid = (radius - inner) * 0.62, (radius + inner) / 2 - 0.3 * scale
    upper = stripped(words.pick(rng, words.UPPER), tones)
    _bent(image, upper, stem, mid, tall, 0.0, min(4.6, 0.2 * len(upper)))
    if rng.random() < 0.5:
        _star(image, centre, inner * 0.8)
    else:
        name = stripped(words.pick(rng, words.BODIES).upper(), tones).split()
        half = (len(name) + 1) // 2
        for at, row in enumerate((" ".join(name[:half]), " ".join(name[half:]))):
            patch = lettered(row, face(stem, max(8, round(inner * 0.38))))[0]
            wide = min(patch.shape[1], int(inner * 1.55))
            patch = np.asarray(cv2.resize(patch, (wide, patch.shape[0]), interpolation=cv2.INTER_AREA), np.uint8)
            left, top = int(centre - wide / 2), int(centre + (at - 0.95) * inner * 0.48)
            image[top : top + patch.shape[0], left : left + wide] |= patch
    low, high = centre - radius, centre + radius
    quad = np.array([[low, low], [high, low], [high, high], [low, high]])
    return Plate(strayed(as_mask(image), float(rng.uniform(0.02, 0.14)) * scale, rng, scale), quad)
