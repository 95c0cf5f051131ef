"""Further inks of the training style: rollers, soaked fibres, films that tear, ribbons, toner, stencils.

They share nothing with ``ink``'s models but the signature: mask, pixels a millimetre, severity 0..1, source of chance.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.pagegen.ink import InkModel
from tools.pagegen.masks import Mask
from tools.pagegen.noise import field

Plane = NDArray[np.floating]


def _step(x: Plane) -> Plane:
    """A smooth step from 0 to 1 around 0."""
    risen: Plane = 0.5 + 0.5 * np.tanh(np.clip(x, -15, 15))
    return risen


def roller_ink(mask: Mask, ppm: float, severity: float, rng: np.random.Generator) -> Mask:
    """A self-inking stamp (dấu liền mực): the roller leaves streaks, strong at one end and starved at the other."""
    along = bool(rng.random() < 0.7)
    lanes = field((mask.shape[0] if along else mask.shape[1], 1, 1), rng.uniform(0.2, 1.2) * ppm, rng)[:, 0]
    streak = _step(1.5 * lanes + rng.uniform(0.6, 2.2) - 1.8 * severity)
    start, end = rng.uniform((1 - 0.55 * severity, 0.8), (1.0, 1.05))
    ramp = np.linspace(start, end, mask.shape[1 if along else 0])
    if rng.random() < 0.5:
        ramp = ramp[::-1]
    tone = streak[:, None] * ramp[None, :] if along else ramp[:, None] * streak[None, :]
    soft = cv2.GaussianBlur(mask, (0, 0), max(0.4, ppm * rng.uniform(0.03, 0.08)))
    return (soft * np.maximum(tone, 0.12)).astype(np.float32)


def fibre_ink(mask: Mask, ppm: float, severity: float, rng: np.random.Generator) -> Mask:
    """Thin ink on unsized paper (giấy dó, giấy rơm): it creeps along the fibres, the edges feather."""
    h, w = mask.shape
    xs, ys = np.meshgrid(np.arange(w, dtype=np.float32), np.arange(h, dtype=np.float32))
    reach = ppm * rng.uniform(0.05, 0.12 + 0.25 * severity)
    crept = mask
    for feature in rng.uniform(0.12, 0.5, 2) * ppm:
        to_x, to_y = xs + field(mask.shape, feature, rng) * reach, ys + field(mask.shape, feature, rng) * reach
        crept = np.asarray(cv2.remap(crept, to_x, to_y, cv2.INTER_LINEAR), np.float32)
    halo = cv2.GaussianBlur(mask, (0, 0), max(0.6, reach * 2.5))
    inked = np.maximum(crept * rng.uniform(0.75, 1.0), halo * rng.uniform(0.1, 0.5))
    return np.asarray(np.clip(inked, 0, 1), np.float32)


def torn_ink(mask: Mask, ppm: float, severity: float, rng: np.random.Generator) -> Mask:
    """Oily ink that does not wet: the film tears into islands, a net of paper shows between them."""
    net = np.abs(field(mask.shape, rng.uniform(0.25, 0.9) * ppm, rng))
    holes = _step((net - rng.uniform(0.05, 0.1 + 0.45 * severity)) * rng.uniform(6, 14))
    soft = cv2.GaussianBlur(mask, (0, 0), max(0.4, ppm * rng.uniform(0.03, 0.07)))
    pale = rng.uniform(0.05, 0.5)
    return (soft * (pale + (1 - pale) * holes)).astype(np.float32)


def ribbon_ink(mask: Mask, ppm: float, severity: float, rng: np.random.Generator) -> Mask:
    """A typewriter's ribbon (ruy băng) or a row of needles: weave or dots, each letter struck at its own strength."""
    h, w = mask.shape
    pitch = ppm * rng.uniform(0.18, 0.4)
    turn = rng.uniform(0, np.pi / 2)
    ys, xs = np.mgrid[0:h, 0:w].astype(np.float32)
    u, v = xs * np.cos(turn) + ys * np.sin(turn), -xs * np.sin(turn) + ys * np.cos(turn)
    weave = 0.5 + 0.25 * (np.sin(2 * np.pi * u / pitch) + np.sin(2 * np.pi * v / pitch))
    deep = rng.uniform(0.1, 0.35 + 0.5 * severity)
    struck = np.repeat(rng.uniform(1 - 0.7 * severity, 1.0, 24), -(-w // 24))[:w]
    half = 1 - rng.uniform(0, 0.8 * severity) * _step((ys / h - rng.uniform(0.3, 0.9)) * rng.choice((-6, 6)))
    soft = cv2.GaussianBlur(mask, (0, 0), max(0.4, ppm * rng.uniform(0.03, 0.07)))
    return np.asarray(soft * (1 - deep * weave) * struck[None] * half, np.float32)


def toner_ink(mask: Mask, ppm: float, severity: float, rng: np.random.Generator) -> Mask:
    """A laser printer at the end of its drum: sharp, crumbs around the strokes, pale bands, a ghost one turn later."""
    near = cv2.GaussianBlur(mask, (0, 0), max(0.8, ppm * rng.uniform(0.15, 0.5)))
    crumbs = (field(mask.shape, 1.0, rng) > rng.uniform(1.6, 2.6)) * (near > 0.03)
    band = 1 - rng.uniform(0, 0.75 * severity) * _step(
        field((mask.shape[1], 1, 1), rng.uniform(1, 4) * ppm, rng)[:, 0] * 3 - 2
    )
    body = cv2.GaussianBlur(mask, (0, 0), 0.5) * band[None]
    out = np.maximum(body, crumbs * rng.uniform(0.3, 0.9))
    if rng.random() < 0.3:
        ghost = np.roll(body, int(rng.uniform(1, 4) * ppm), int(rng.integers(2)))
        out = np.maximum(out, ghost * rng.uniform(0.08, 0.3))
    return np.asarray(out, np.float32)


def sprayed_ink(mask: Mask, ppm: float, severity: float, rng: np.random.Generator) -> Mask:
    """Ink dabbed or sprayed through a stencil (in lưới, phun qua khuôn): grains, soft rims, mist beyond them."""
    soft = cv2.GaussianBlur(mask, (0, 0), max(0.6, ppm * rng.uniform(0.06, 0.12 + 0.15 * severity)))
    grain = field(mask.shape, rng.uniform(0.06, 0.2) * ppm, rng)
    drops = _step((soft - rng.uniform(0.3, 0.55)) * rng.uniform(3, 8) + grain * rng.uniform(0.4, 1.0 + severity))
    return (drops * np.clip(soft * 3, 0, 1) * rng.uniform(0.75, 1.0)).astype(np.float32)


IMPRESSIONS: tuple[InkModel, ...] = (roller_ink, fibre_ink, torn_ink, ribbon_ink, toner_ink, sprayed_ink)
