"""From the sheet to the file: carbon, mimeograph, copier, film, and the scanner that saw it last."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tools.pagegen.guests.south.canvas import Colour, Grey, Points, Sheet, clouds, grit
from tools.pagegen.guests.south.paper import Picture
from tools.pagegen.masks import Mask

Pixels = NDArray[np.uint8]


def duplicated(layer: Grey, way: str, trouble: float, rng: Generator, scale: float) -> Mask:
    """Coverage of a layer as it came out: "top" copy, "carbon" behind it, "stencil" of a mimeograph."""
    shape = (layer.shape[0], layer.shape[1])
    if way == "carbon":
        soft = cv2.GaussianBlur(layer, (0, 0), (0.07 + 0.1 * trouble) * scale).astype(np.float32) / 255
        return np.asarray(np.clip(soft * 1.25, 0, 1) * (0.8 + 0.2 * grit(rng, shape, 0.6)), np.float32)
    ink = layer.astype(np.float32) / 255
    if way == "stencil":
        spread = cv2.GaussianBlur(ink, (0, 0), 0.05 * scale)
        uneven = 0.85 + 0.12 * clouds(rng, shape, 25 * scale) - 0.25 * trouble * (grit(rng, shape, 0.7) > 0.6)
        return np.asarray(np.clip((spread * 1.5 - 0.12) * uneven, 0, 1), np.float32)
    return np.asarray(ink * (0.93 + 0.07 * clouds(rng, shape, 12 * scale)).clip(0, 1), np.float32)


def stain(picture: Picture, film: Mask, ink: Colour, left: int = 0, top: int = 0) -> None:
    """Let an ink swallow its share of the light."""
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + film.shape[1], picture.shape[1]), min(top + film.shape[0], picture.shape[0])
    if x0 < x1 and y0 < y1:
        part = film[y0 - top : y1 - top, x0 - left : x1 - left]
        for channel, through in enumerate(ink):
            picture[y0:y1, x0:x1, channel] *= 1 - part * np.float32(1 - through)


def photographed(picture: Picture, way: str, trouble: float, rng: Generator, scale: float) -> Picture:
    """A black and white copy of the sheet by an early "copier", a "film" or a white-on-black "photostat"."""
    shape = (picture.shape[0], picture.shape[1])
    eye = np.array([[0.2, 0.55, 0.25], [0.35, 0.55, 0.1], [0.1, 0.4, 0.5]][int(rng.integers(3))], np.float32)
    light = cv2.transform(picture, eye[None])
    if way != "copier":
        light = cv2.GaussianBlur(light, (0, 0), (0.04 + 0.06 * trouble) * scale)
    ground = cv2.resize(cv2.blur(cv2.resize(light, (64, 90), interpolation=cv2.INTER_AREA), (9, 9)), shape[::-1])
    steep = float(rng.uniform(2.5, 5.0))
    toned = 1 / (1 + np.exp(-(light / np.maximum(ground, 0.05) - float(rng.uniform(0.72, 0.84))) * steep * 4))
    toned = toned * 0.92 + 0.05 + grit(rng, shape, 0.7) * (0.02 + 0.05 * trouble)
    toned += clouds(rng, shape, 60 * scale) * 0.03
    toned[rng.integers(0, shape[0], 200), rng.integers(0, shape[1], 200)] = 0.15
    if way == "copier":
        drum = clouds(rng, (1, shape[1]), 3 * scale)[:1]
        toned -= np.clip(drum - 2.2, 0, 1) * 0.35 * trouble
        band = int(rng.uniform(1, 6) * scale)
        toned[:, :band] *= np.float32(rng.uniform(0.3, 1))
    else:
        for _ in range(int(6 * trouble)):
            x = int(rng.integers(0, shape[1]))
            toned[:, x : x + max(1, int(0.1 * scale))] = float(rng.choice([0.1, 1.0]))
        if way == "photostat":
            toned = 0.95 - toned * 0.85
    warm = np.array(rng.uniform(0.9, 1.0, 3), np.float32) if way == "copier" else np.ones(3, np.float32)
    return np.asarray(np.clip(toned, 0, 1).astype(np.float32)[..., None] * warm, np.float32)


def scanned(
    picture: Picture, alpha: Mask, sheet: Sheet, trouble: float, rng: Generator
) -> tuple[Pixels, NDArray[np.float64]]:
    """The sheet on a scanner's bed; also the affine map from sheet to picture."""
    scale = sheet.dpi / 25.4
    bed = float(rng.choice([0.05, 0.16, 0.97, 0.9, 0.55]))
    margins = rng.choice([0.0, 0.0, 3.0, 12.0], 4) * rng.uniform(0.4, 1.0, 4)
    if rng.random() < 0.4:
        margins *= 0
    angle = np.deg2rad(float(rng.normal(0, 0.3 + 1.6 * trouble)))
    h, w = picture.shape[:2]
    width, height = (int(side + (margins[k] + margins[k + 1]) * scale) for side, k in ((w, 0), (h, 2)))
    stretch = 1 + float(rng.normal(0, 0.006))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle) * stretch]])
    shift = np.array([margins[0], margins[2]]) * scale + [w / 2, h / 2] - turn @ [w / 2, h / 2]
    matrix = np.hstack([turn, shift[:, None]])
    exposure = float(rng.uniform(0.94, 1.04))
    flat = cv2.convertScaleAbs(picture, alpha=255 * exposure)
    ground = (255 * bed, 255 * bed, 255 * min(1.0, bed * 1.01))
    if alpha.min() < 1:
        shade = (255 * bed * (1 - alpha))[..., None]
        flat = np.asarray(flat * alpha[..., None] + shade, np.uint8)
    seen = cv2.warpAffine(flat, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=ground)
    if trouble > 0.3 and rng.random() < 0.5:
        seen = cv2.GaussianBlur(seen, (0, 0), float(rng.uniform(0.3, 0.4 + 0.5 * trouble)) * sheet.dpi / 150)
    noise = rng.integers(0, 256, seen.shape[:2], np.uint8)
    strength = float(rng.uniform(0.005, 0.015 + 0.045 * trouble))
    grain = cv2.cvtColor(cv2.convertScaleAbs(noise, alpha=strength * 2), cv2.COLOR_GRAY2BGR)
    return np.asarray(cv2.subtract(seen, grain), np.uint8), matrix


def two_toned(pixels: Pixels, rng: Generator, scale: float) -> Pixels:
    """Black or white only: a threshold that follows the paper, or sown dots."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, None, fx=0.1, fy=0.1, interpolation=cv2.INTER_AREA)
    ground = cv2.resize(cv2.medianBlur(small, 2 * (int(scale * 1.2) // 2) + 3), grey.shape[::-1]).astype(np.float32)
    keep = float(rng.uniform(0.78, 0.88))
    if rng.random() < 0.15:
        keep = keep + 0.22 * grit(rng, (grey.shape[0], grey.shape[1]))  # type: ignore[assignment]
    black = (grey < ground * keep) | (grey < 45)
    return np.asarray(cv2.cvtColor(np.where(black, 0, 255).astype(np.uint8), cv2.COLOR_GRAY2BGR), np.uint8)


def packed(pixels: Pixels, quality: int) -> Pixels:
    """Through a JPEG and back."""
    done, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8) if done else pixels


def moved(quad: Points, matrix: NDArray[np.float64]) -> Points:
    """Corners under an affine map."""
    return np.asarray(quad @ matrix[:, :2].T + matrix[:, 2], np.float64)


def turned(pixels: Pixels, quads: list[Points], turn: int) -> tuple[Pixels, list[Points]]:
    """The picture laid so that ``turn`` degrees clockwise bring it upright, with its corners."""
    for _ in range(turn // 90):
        width = pixels.shape[1]
        pixels = np.ascontiguousarray(np.rot90(pixels))
        quads = [np.stack([quad[:, 1], width - quad[:, 0]], 1) for quad in quads]
    return pixels, quads
