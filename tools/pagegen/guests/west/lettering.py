"""How the letters of a stamp are cut: the face, its width, set apart or tight, stencilled, by hand, without tones."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw

from tools.pagegen.fonts import face
from tools.pagegen.masks import Mask, as_mask

Rng = np.random.Generator

USUAL = ("Tinos-Bold", "LiberationSerif-Bold", "Tinos-Regular", "CharisSIL-Bold", "NotoSerif-Bold", "cmunbx")
RARE = (
    "Arimo-Bold", "RobotoCondensed-Bold", "OpenSans-CondBold", "cmunssdc", "cmunbx", "cmuntb", "cmunsx", "cmunvt",
    "RobotoSlab-Bold", "RobotoSlab-Light", "Lato-Black", "Lato-Light", "Roboto-Light", "Vollkorn-Black",
    "Vollkorn-Bold",
    "JunicodeTwoBeta-ExpandedBold", "JunicodeTwoBeta-CondensedMedium", "JunicodeTwoBeta-Bold", "LinLibertine_RZ",
    "LinBiolinum_RB", "NotoSerifDisplay-Bold", "NotoSansDisplay-Bold", "Cantarell-ExtraBold", "Quicksand-Bold",
    "Comfortaa-Bold", "Andika-Bold", "OpenSans-ExtraBold", "JetBrainsMono-ExtraBold", "Cousine-Bold", "cmunbsr",
    "LiberationSans-Bold", "Roboto-Black", "RobotoCondensed-Light", "EBGaramond08-Regular", "DoulosSIL-Regular",
    "LiberationMono-Bold", "cmunbl", "CharisSIL-Regular", "Tinos-BoldItalic", "LinLibertine_RB", "Lato-Heavy",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lettering:
    """The cut of the letters.

    Attributes:
        stem: the face.
        squeeze: width against the face's own.
        spacing: space between letters as a share of their size.
        wobble: how unevenly single types stand, as a share of their size.
        bridges: width of a stencil's bridges as a share of the size, 0 for none.
        embolden: growth of the strokes as a share of the size, negative thins.
    """

    stem: str
    squeeze: float
    spacing: float
    wobble: float
    bridges: float
    embolden: float


def a_lettering(rng: Rng, usual: float = 0.5) -> Lettering:
    """A cut; with chance ``usual`` in a face that the norm means."""
    stems = USUAL if rng.random() < usual else RARE
    odd = rng.random() < 0.3
    return Lettering(
        stems[int(rng.integers(len(stems)))],
        float(rng.uniform(0.68, 1.4) if odd else rng.uniform(0.9, 1.12)),
        float(rng.choice((0.0, 0.02, 0.06, 0.14, 0.25), p=(0.4, 0.25, 0.2, 0.1, 0.05))),
        float(rng.uniform(0.01, 0.06)) if rng.random() < 0.25 else 0.0,
        float(rng.uniform(0.06, 0.1)) if rng.random() < 0.06 else 0.0,
        float(rng.uniform(-0.012, 0.03)) if rng.random() < 0.3 else 0.0,
    )


def toneless(text: str) -> str:
    """The words as a workshop without Vietnamese types sets them."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return bare.replace("Đ", "D").replace("đ", "d")


def line(rng: Rng, text: str, cut: Lettering, size: int) -> Mask:
    """One line of letters, trimmed to its ink; ``size`` in pixels per em."""
    font = face(cut.stem, size)
    widths = [font.getlength(c) + cut.spacing * size for c in text]
    canvas = Image.new("L", (int(sum(widths)) + 2 * size, 3 * size), 0)
    pen, x = ImageDraw.Draw(canvas), float(size)
    for letter, width in zip(text, widths, strict=True):
        lift = float(rng.normal(0, cut.wobble)) * size if cut.wobble else 0.0
        pen.text((x, size + lift), letter, font=font, fill=255)
        if cut.bridges and letter.isalpha() and rng.random() < 0.75:
            middle = x + (width - cut.spacing * size) * rng.uniform(0.42, 0.58)
            half = cut.bridges * size / 2
            pen.rectangle((middle - half, 0, middle + half, 3 * size), fill=0)
        x += width
    drawn = np.asarray(canvas)
    grow = round(abs(cut.embolden) * size * 2)
    if grow:
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (grow + 1, grow + 1))
        drawn = (cv2.dilate if cut.embolden > 0 else cv2.erode)(drawn, kernel)
    x0, y0, w, h = cv2.boundingRect(drawn)
    return as_mask(drawn[y0 : y0 + max(h, 1), x0 : x0 + max(w, 1)])


def fitted(ink: Mask, width: float, height: float, squeeze: float) -> Mask:
    """The line as large as the field allows, its width squeezed or spread first."""
    h, w = ink.shape
    scale = min(height / h, width / (w * squeeze))
    size = (max(2, round(w * squeeze * scale)), max(2, round(h * scale)))
    return np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.float32)


def pasted(onto: Mask, ink: Mask, x: float, y: float) -> None:
    """Lay ink on a mask with its top left at x, y, in place; what hangs over is cut off."""
    x0, y0 = round(x), round(y)
    h, w = ink.shape
    top, left = max(0, -y0), max(0, -x0)
    bottom, right = min(h, onto.shape[0] - y0), min(w, onto.shape[1] - x0)
    if bottom > top and right > left:
        view = onto[y0 + top : y0 + bottom, x0 + left : x0 + right]
        np.maximum(view, ink[top:bottom, left:right], out=view)
