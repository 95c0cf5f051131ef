"""What is seen while learning, spoilt beyond what the generator did: strokes, holes, bands, colours, blur, noise."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

WIPED, SHARE_OF_WIPED = (0.1, 0.45), 0.1
"""How much of a mark's length a blank band takes, and of how many marks shown."""


def estranged(view: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Another material: colours mixed and neighbours weighed at random, shapes kept.

    Random convolutions, so that letters count and the grain of our own inks does not (Xu and others, "Robust and
    Generalizable Visual Representation Learning via Random Convolutions", 2021).
    """
    mix = np.eye(3) + rng.normal(0, 0.35, (3, 3))
    mix *= rng.uniform(0.8, 1.1, (3, 1)) / np.abs(mix).sum(1, keepdims=True)
    side = int(rng.choice((1, 3, 3, 5)))
    kernel = rng.normal(0, 1 / side, (side, side))
    kernel[side // 2, side // 2] += 1
    kernel /= np.sign(kernel.sum() or 1) * max(abs(kernel.sum()), 0.5)
    other = cv2.filter2D(cv2.transform(view, mix.astype(np.float32)), -1, kernel)
    share = rng.uniform(0.3, 1.0)
    return np.asarray(cv2.addWeighted(other, share, view, 1 - share, 0), np.uint8)


def obscured(view: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Strokes across and holes in what is seen, each of the tone of some pixel of it; at times a blank patch."""
    h, w = view.shape[:2]
    view = view.copy()
    for _ in range(int(rng.integers(1, 4))):
        if rng.random() < 0.2:
            blank(view, rng)
            continue
        tone = tuple(int(v) for v in view[int(rng.integers(h)), int(rng.integers(w))])
        x, y = rng.uniform(0, w), rng.uniform(0, h)
        if rng.random() < 0.6:
            end = np.array([x, y]) + rng.normal(0, (60, 25))
            cv2.line(view, (int(x), int(y)), (int(end[0]), int(end[1])), tone, int(rng.integers(1, 5)), cv2.LINE_AA)
        else:
            axes = (int(rng.uniform(3, 16)), int(rng.uniform(3, 12)))
            cv2.ellipse(view, (int(x), int(y)), axes, float(rng.uniform(0, 180)), 0, 360, tone, -1, cv2.LINE_AA)
    return view


def blank(view: NDArray[np.uint8], rng: np.random.Generator) -> None:
    """Lay a patch as bright as the paper over some place."""
    h, w = view.shape[:2]
    size = (float(rng.uniform(10, 60)), float(rng.uniform(12, 70)))
    place = (float(rng.uniform(0, w)), float(rng.uniform(0, h)))
    corners = cv2.boxPoints((place, size, float(rng.normal(0, 8))))
    cv2.fillPoly(view, [np.round(corners).astype(np.int32)], paper_of(view), cv2.LINE_AA)


def paper_of(view: NDArray[np.uint8]) -> tuple[float, ...]:
    """The tone of the paper, about: every seventh pixel is asked."""
    return tuple(float(v) for v in np.percentile(view.reshape(-1, 3)[::7], 85, axis=0))


def wiped(view: NDArray[np.uint8], quad: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Take a band of a mark away, from over its frame to under it: where the stamp met a fold or a clip, no ink came.

    Up to five letters of TUYỆT MẬT go with their piece of the frame; a person reads the rest.

    Args:
        view: what is seen.
        quad: the mark's corners in it, clockwise from its own top left.
        rng: chance.
    """
    along, down = quad[1] - quad[0], quad[3] - quad[0]
    share = rng.uniform(*WIPED)
    start = rng.uniform(0.04, 0.96 - share)
    rungs = 6
    depths = np.linspace(-0.15, 1.15, rungs)[:, None]
    slant = rng.normal(0, 0.04) * (depths - 0.5)
    edges = [x + slant + rng.normal(0, 0.012, (rungs, 1)) for x in (start, start + share)]
    left, right = (quad[0] + edge * along + depths * down for edge in edges)
    band = np.round(np.concatenate((left, right[::-1]))).astype(np.int32)
    view = view.copy()
    cv2.fillPoly(view, [band], paper_of(view), cv2.LINE_AA)
    return view


def jostle(view: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Colour, contrast, blur, noise, strokes and holes beyond what the generator did."""
    if rng.random() < 0.15:
        view = obscured(view, rng)
    if rng.random() < 0.12:
        view = estranged(view, rng)
    if rng.random() < 0.25:
        grey = cv2.cvtColor(view, cv2.COLOR_BGR2GRAY)
        view = np.asarray(cv2.merge([grey] * 3), np.uint8)
    if rng.random() < 0.1:
        view = (
            np.ascontiguousarray(view[..., ::-1])
            if rng.random() < 0.5
            else np.ascontiguousarray(view[..., rng.permutation(3)])
        )
    if rng.random() < 0.5:
        gain, lift, gamma = rng.uniform(0.6, 1.15), rng.uniform(-20, 40), np.exp(rng.normal(0, 0.25))
        table = np.clip((np.arange(256) / 255.0) ** gamma * 255 * gain + lift, 0, 255).astype(np.uint8)
        view = np.asarray(cv2.LUT(view, table), np.uint8)
    if rng.random() < 0.2:
        view = np.asarray(cv2.GaussianBlur(view, (0, 0), rng.uniform(0.4, 0.9)), np.uint8)
    if rng.random() < 0.2:
        noise = cv2.resize(
            rng.normal(0, rng.uniform(3, 14), (view.shape[0] // 2, view.shape[1] // 2)).astype(np.float32),
            view.shape[1::-1],
        )
        view = np.asarray(cv2.add(view, cv2.merge([noise] * 3), dtype=cv2.CV_8U), np.uint8)
    return view
