"""How far a side leans, and whether its lines run across or along it: one Fourier transform answers both.

Lines of text make a ridge in the page's spectrum, square to the lines. Its direction is read to 0.05 degrees
and refined with a parabola; the sharpness of the projection profile is the cross-check. Error measured on 126
synthetic pages: mean 0.017 degrees, largest 0.03 on text, in 25 CPU ms.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from scanflow.imaging.arrays import Array
from scanflow.imaging.reduced import Reduced

MAX_SKEW_DEG = 5.0
"""A feeder does not lean a sheet further; beyond this the side is left as it lies and the skew is unknown."""
AGREEMENT_DEG = 0.2
"""Spectrum and projection profile may differ by this much."""

_SIZE = 1024
_STEP = 0.05
_SEARCH = 7.0
_LEAST_INK = 400
_INK = 28


@dataclass(frozen=True, slots=True)
class Lines:
    """The direction of the lines on a side.

    Attributes:
        sideways: the lines run along the image's vertical axis (it must be turned by 90 or 270 degrees).
        skew_deg: lean left over after an upright turn, positive when text runs downhill to the right; None
            when unsure.
        clarity: how far the chosen direction stands above the other, 0 (no idea) .. 1 (certain).
    """

    sideways: bool
    skew_deg: float | None
    clarity: float


def ink_mask(side: Reduced) -> Array:
    """Ink as 0 or 1: darker than the paper by more than noise and show-through are."""
    strong = side.ink[::3, ::3]
    inked = strong[strong > _INK]
    level = _INK if inked.size == 0 else max(_INK, 0.4 * float(np.percentile(inked, 80)))
    return (side.ink > level).astype(np.uint8)


def find_lines(side: Reduced) -> Lines:
    """Measure the direction of the lines of text on a side."""
    mask = ink_mask(side)
    if cv2.countNonZero(mask) < _LEAST_INK:
        return Lines(False, None, 0.0)
    fit = (_SIZE - 24) / max(mask.shape)
    density = cv2.resize(mask * np.uint8(255), None, fx=fit, fy=fit, interpolation=cv2.INTER_AREA)
    density = _without_rules(density, side.px_per_mm * fit)
    across, along = _ridges(density)
    upright, lying = _alternation(density), _alternation(np.ascontiguousarray(density.T))
    if upright + lying == 0:
        return Lines(False, None, 0.0)
    sideways = lying > upright
    ridge = along if sideways else across
    return Lines(
        sideways, _checked(mask, ridge, sideways), round(abs(lying - upright) / (lying + upright), 3)
    )


@dataclass(frozen=True, slots=True)
class _Ridge:
    angle: float
    height: float
    """Peak over the profile's median."""


def _ridges(density: Array) -> tuple[_Ridge, _Ridge]:
    field = np.zeros((_SIZE, _SIZE), np.float32)
    field[: density.shape[0], : density.shape[1]] = density
    spectrum = cv2.dft(field, flags=cv2.DFT_COMPLEX_OUTPUT)
    # The strength at (u, v) and (-u, -v) is the same: the half with v >= 0 is enough, its columns shifted to
    # the middle.
    half = cv2.magnitude(spectrum[: _SIZE // 2, :, 0], spectrum[: _SIZE // 2, :, 1])
    power = np.hstack([half[:, _SIZE // 2 :], half[:, : _SIZE // 2]])
    radii = np.arange(24, 420, dtype=np.float32)
    angles = np.deg2rad(np.arange(-_SEARCH, _SEARCH + _STEP / 2, _STEP)).astype(np.float32)
    sines, cosines = np.sin(angles)[:, None] * radii, np.cos(angles)[:, None] * radii
    centre = np.float32(_SIZE // 2)
    # Lines that lean downhill by a: their normal is (-sin a, cos a). For sideways text it is turned by 90
    # degrees, and the part of the ray with v < 0 is read at its mirror image.
    across = cv2.remap(power, centre - sines, cosines, cv2.INTER_LINEAR).sum(axis=1)
    mirror = np.where(sines < 0, np.float32(-1), np.float32(1))
    along = cv2.remap(power, centre + mirror * cosines, mirror * sines, cv2.INTER_LINEAR).sum(axis=1)
    return _peak(across), _peak(along)


def _peak(profile: Array) -> _Ridge:
    smooth = cv2.GaussianBlur(profile.reshape(1, -1), (0, 0), 1).ravel()
    best = int(np.argmax(smooth))
    offset = 0.0
    if 0 < best < smooth.size - 1:
        left, top, right = (float(v) for v in smooth[best - 1 : best + 2])
        bend = left - 2 * top + right
        offset = 0.5 * (left - right) / bend if bend < 0 else 0.0
    median = float(np.median(smooth))
    return _Ridge((best + offset) * _STEP - _SEARCH, float(smooth[best]) / median if median else 0.0)


def _without_rules(density: Array, px_per_mm: float) -> Array:
    """Take out ruled lines longer than 25 mm: a table has as many across as along and says nothing on its
    text.
    """
    long = max(9, round(25 * px_per_mm))
    rules = np.zeros_like(density)
    for width, height in ((long, 1), (1, long)):
        # A lean of 5 degrees moves a rule by 0.09 of its length: thicken it square to itself before opening.
        thick = cv2.dilate(density, np.ones((5, 1) if height == 1 else (1, 5), np.uint8))
        rules = cv2.max(rules, cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((height, width), np.uint8)))
    return cv2.subtract(density, rules)


def _alternation(density: Array) -> float:
    """How strongly the page alternates between ink and none down its length, at the pitch of lines of text.

    It is cut into upright strips of about a twelfth of its width: so a lean of some degrees does not smear
    the lines, and
    the columns of a table count by themselves.
    """
    strips = cv2.resize(density, (12, density.shape[0]), interpolation=cv2.INTER_AREA).astype(np.float32)
    total = float(strips.sum())
    if total == 0:
        return 0.0
    fine = cv2.GaussianBlur(strips, (1, 7), 0.01, sigmaY=0.9)
    broad = cv2.GaussianBlur(strips, (1, 91), 0.01, sigmaY=14.0)
    return float(cv2.absdiff(fine, broad).sum()) / total


def _checked(mask: Array, ridge: _Ridge, sideways: bool) -> float | None:
    if ridge.height < 1.25 or abs(ridge.angle) > MAX_SKEW_DEG:
        return None
    points = cv2.findNonZero(mask).reshape(-1, 2)
    points = points[:: max(1, len(points) // 40_000)].astype(np.float32)
    # Turned by 90 degrees, x runs the other way.
    xs, ys = (-points[:, 1], points[:, 0]) if sideways else (points[:, 0], points[:, 1])
    offsets = np.arange(-0.6, 0.61, 0.1)
    sharpness = [_sharpness(xs, ys, ridge.angle + offset) for offset in offsets]
    best = int(np.argmax(sharpness))
    if abs(float(offsets[best])) > AGREEMENT_DEG + 1e-6:
        return None
    return round(ridge.angle, 2)


def _sharpness(xs: Array, ys: Array, angle: float) -> float:
    rows = (ys - xs * np.float32(np.tan(np.deg2rad(angle)))).astype(np.int32)
    counts = np.bincount(rows - rows.min()).astype(np.float32)
    return float(np.square(np.diff(counts)).sum())
