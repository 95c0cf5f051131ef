"""Round office seals."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from scanflow.stamps.marks import MarkKind
from tools.pagegen.drawn import Plate
from tools.pagegen.guests.west import words
from tools.pagegen.guests.west.cuts import PAD_MM, Stamp
from tools.pagegen.guests.west.lettering import a_lettering, fitted, line, pasted
from tools.pagegen.masks import as_mask

Rng = np.random.Generator
RIMS = (
    "TỈNH HÀ TRUNG",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "M.S.D.N: 0417-CP",
    "HUYỆN VĨNH RẠNG",
    "T. HÀ TRUNG - H. VĨNH RẠNG",
    "TỔNG CỤC ĐO LƯỜNG VÀ KHO BÃI",
)


def seal(rng: Rng, px_mm: float) -> Stamp:
    """A round office seal: rings, words round the rim, a star, the body's name across the middle."""
    across = float(rng.uniform(33, 37.5))
    pad, size = round(PAD_MM * px_mm), round(across * px_mm)
    whole = size + 2 * pad
    centre, radius = whole / 2, size / 2
    name = words.pick(rng, words.BODIES).upper()
    rim_text = words.pick(rng, RIMS)
    cut = replace(a_lettering(rng, 0.3), bridges=0.0, spacing=0.05)
    strip_h, strip_w = round(0.2 * radius), round(2 * np.pi * radius * 0.8)
    strip = np.zeros((strip_h, strip_w), np.float32)
    words_ink = fitted(line(rng, rim_text, cut, 64), strip_w * 0.72, strip_h * 0.85, 1.0)
    pasted(strip, words_ink, (strip_w - words_ink.shape[1]) / 2, (strip_h - words_ink.shape[0]) / 2)
    yy, xx = np.mgrid[0:whole, 0:whole].astype(np.float32) - np.float32(centre)
    angle = (np.arctan2(xx, -yy) / (2 * np.pi) + 0.5) * strip_w
    depth = radius * 0.93 - np.hypot(xx, yy)
    face = np.asarray(
        cv2.remap(strip, angle.astype(np.float32), depth.astype(np.float32), cv2.INTER_LINEAR), np.float32
    )
    drawn = np.zeros((whole, whole), np.uint8)
    mid = (round(centre), round(centre))
    for share, thick in ((0.985, 0.6), (0.945, 0.25), (0.68, 0.3)):
        cv2.circle(drawn, mid, round(radius * share), 255, max(1, round(thick * px_mm)), cv2.LINE_AA)
    star = np.arange(10) * np.pi / 5
    reach = np.where(np.arange(10) % 2, 0.045, 0.11)[:, None] * radius
    points = np.stack((np.sin(star), -np.cos(star)), 1) * reach + (centre, centre + 0.81 * radius)
    cv2.fillPoly(drawn, [points.astype(np.int32)], 255, cv2.LINE_AA)
    face = np.maximum(face, as_mask(drawn))
    halves = name.split()
    parts = [" ".join(halves[k : k + 2]) for k in range(0, len(halves), 2)]
    tall = min(0.26, 0.86 / len(parts)) * radius
    for k, part in enumerate(parts):
        off = (k - (len(parts) - 1) / 2) * tall * 1.2
        room = 1.9 * float(np.sqrt(max((0.62 * radius) ** 2 - (abs(off) + tall / 2) ** 2, 100)))
        ink = fitted(line(rng, part, cut, 64), room, tall, 1.0)
        pasted(face, ink, centre - ink.shape[1] / 2, centre + off - ink.shape[0] / 2)
    quad = np.array([[pad, pad], [pad + size, pad], [pad + size, pad + size], [pad, pad + size]], np.float64)
    return Stamp(MarkKind.SEAL, Plate(face, quad))
