"""The mark networks at work: checked weights, one thread, a side in and findings out.

The weights are ONNX files beside ``weights/index.toml``, which names their SHA-256, how they were trained, the
fusion and the thresholds. A file that is missing or not the tested one refuses to load: a
station without them does not scan.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession

from scanflow.pages import Image
from scanflow.stamps.candidates import DETECTOR_DPI, STRIDE, Candidate, Floats, find_candidates, sigmoid, softmax
from scanflow.stamps.closer import Doubt, doubts_of, proposals, window_map, window_of
from scanflow.stamps.crops import crop_scale, cut
from scanflow.stamps.errors_network import SideUnfit, WeightsTampered
from scanflow.stamps.fusion import Finding, Fusion, Thresholds, evidence
from scanflow.stamps.marks import MarkKind, Quad
from scanflow.stamps.second import Look, agreed, best_of, leaves_doubt
from scanflow.stamps.weightsfile import WEIGHTS, index_of, session_of

PAIRS: Final = (("detector", "closer"), ("second_detector", "second_closer"))
"""The pairs of detectors by their names in the index: the one for every side, and the one that is asked in doubt."""
NETWORKS: Final = (*PAIRS[0], *PAIRS[1], "classifier")
_TILE: Final = 1280
"""A side larger than this at 75 dpi (more than A3) is searched in overlapping tiles of it."""
_OVERLAP: Final = 160
_MOST_TILES: Final = 16
"""An A0 sheet needs 12."""
_DPI_RANGE: Final = range(60, 1201)
_BATCH: Final = 16
_UPRIGHT: Final = 0.95
_GROUND: Final = (0.95, 0.02)
"""A crop is not turned where it is upright by so much, or background by so much while it shows no more of TUYỆT MẬT
than that. So were half of 4,138 candidates on threshold pages; turning moved no share of TUYỆT MẬT there by 0.12."""


Turns = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Sight:
    """What the networks see on one side.

    Attributes:
        turns: probabilities that 0, 90, 180 or 270 degrees clockwise bring the side upright.
        looks: what the first pair of detectors made of it, and, where that left a doubt, what the second did.
    """

    turns: Turns
    looks: tuple[Look, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the looks agree upon, the likeliest TUYỆT MẬT first."""
        return agreed(self.looks)


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two detectors: one for the whole side, and one for the places of which the first is in doubt."""

    wide: InferenceSession
    closer: InferenceSession


class MarkNetwork:
    """Finds and names marks (tìm và nhận dạng dấu); not for use from several threads at once."""

    def __init__(self, weights: Path | None = None) -> None:
        """Load the checked weights.

        Raises:
            WeightsMissing: a file is not there, or the index cannot be read.
            WeightsTampered: a file's SHA-256 is not the recorded one.
        """
        folder = weights or WEIGHTS
        index = index_of(folder)
        try:
            self._open(folder, index)
        except (KeyError, TypeError, ValueError) as cause:
            raise WeightsTampered(file="index.toml") from cause

    def _open(self, folder: Path, index: dict[str, Any]) -> None:
        hashes = "".join(f"{index[name]['sha256']}\n" for name in NETWORKS)
        self._digest = hashlib.sha256(hashes.encode()).hexdigest()
        self._pairs = tuple(_Pair(*(session_of(folder, index[name]) for name in pair)) for pair in PAIRS)
        self._classifier = session_of(folder, index["classifier"])
        self._kinds = tuple(index["classifier"]["kinds"])
        self._fusion = Fusion(
            float(index["fusion"]["bias"]), {k: float(v) for k, v in index["fusion"]["coefficients"].items()}
        )
        self._fusion.score(evidence({}, 0.5, 0.5, 0.5, 0.5))  # a coefficient of an unknown fact: KeyError
        t = index["thresholds"]
        self.thresholds = Thresholds(
            float(t["route"]), float(t["hold"]), float(t["hold_floor"]), float(t["unknown_hold"])
        )

    @property
    def digest(self) -> str:
        """SHA-256 over the files' SHA-256: names these very networks, in hex."""
        return self._digest

    def find(self, pixels: Image, dpi: int) -> list[Finding]:
        """Everything on the side that may be a mark; see ``look``."""
        return list(self.look(pixels, dpi).findings)

    def look(self, pixels: Image, dpi: int) -> Sight:
        """Search one side, at any of four turns, in colour or grey.

        Args:
            pixels: ``(h, w, 3)`` BGR or ``(h, w)`` grey, uint8.
            dpi: dots per inch of ``pixels``.

        Raises:
            SideUnfit: not such an image, or too large to be searched as a whole.
        """
        side = _as_colour(pixels, dpi)
        small = _shrunk(side, dpi)
        first, turns = self._looked(self._pairs[0], side, small, dpi)
        looks = [first]
        if leaves_doubt(best_of(first.findings), self.thresholds.hold):
            looks.append(self._looked(self._pairs[1], side, small, dpi)[0])
        return Sight(turns, tuple(looks))

    def _looked(self, pair: _Pair, side: Image, small: Image, dpi: int) -> tuple[Look, Turns]:
        """What a pair makes of a side, and which turn it would bring it upright."""
        found: list[tuple[Candidate, float, float]] = []
        turns = np.zeros(4, np.float32)
        for tile, x0, y0 in _tiles(small):
            marks, boxes, turn = pair.wide.run(None, {"pixels": _padded(tile)[None]})
            rows, cols = -(-tile.shape[0] // STRIDE), -(-tile.shape[1] // STRIDE)
            probabilities = sigmoid(marks[0])[:, :rows, :cols]
            found += [(c, x0, y0) for c in find_candidates(probabilities, boxes[0][:, :rows, :cols])]
            turns += softmax(turn[0], 0)
        zoom = (side.shape[1] / small.shape[1], side.shape[0] / small.shape[0])
        places = [((c.x + x0) * zoom[0], (c.y + y0) * zoom[1], c) for c, x0, y0 in found]
        first = self._named(side, dpi, places)
        doubts = self._looked_closer(pair, side, dpi, first)
        shares = turns / max(float(turns.sum()), 1e-6)
        way_up = (float(shares[0]), float(shares[1]), float(shares[2]), float(shares[3]))
        return Look(tuple(first), tuple(doubts)), way_up

    def _looked_closer(self, pair: _Pair, side: Image, dpi: int, first: list[Finding]) -> list[Doubt]:
        if any(f.route >= self.thresholds.route for f in first):  # routed: no doubt is left
            return []
        ppm = dpi / 25.4
        places = doubts_of(first, ppm)
        if not places:
            return []
        windows = np.stack([window_of(side, place, ppm) for place, _ in places])
        marks, boxes, _ = pair.closer.run(None, {"pixels": windows})
        doubts: list[Doubt] = []
        for (place, there), seen, votes in zip(places, marks, boxes, strict=True):
            again = proposals(seen, votes, window_map(place, ppm))
            doubts.append(Doubt(place, there, tuple(self._named(side, dpi, again))))
        return doubts

    def _named(self, side: Image, dpi: int, places: list[tuple[float, float, Candidate]]) -> list[Finding]:
        ppm = dpi / 25.4
        findings: list[Finding] = []
        for start in range(0, len(places), _BATCH):
            part = places[start : start + _BATCH]
            crops = [cut(side, x, y, c.angle_deg, ppm, crop_scale(c.width_mm, c.height_mm)) for x, y, c in part]
            for (x, y, c), shares, top, flipped in zip(part, *self._both_ways_up(np.stack(crops)), strict=True):
                findings.append(self._finding(x, y, c, shares, float(top), ppm, flipped=bool(flipped)))
        return findings

    def _both_ways_up(self, crops: NDArray[np.uint8]) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """Shares of the kinds, what is shown of TUYỆT MẬT, and whether the crop stands on its head.

        Both ways up are blended by the network's own "this is the right one"; where the first way leaves nothing to
        ask, the crop is not turned.
        """
        kinds, upright, shown = self._classified(crops)
        ground = kinds[:, self._kinds.index("BACKGROUND")]
        open_ = np.flatnonzero((sigmoid(upright) < _UPRIGHT) & ((ground < _GROUND[0]) | (shown > _GROUND[1])))
        flipped = np.zeros(len(crops), bool)
        if len(open_):
            turned, also_upright, also_shown = self._classified(np.ascontiguousarray(crops[open_, ::-1, ::-1]))
            way = softmax(np.stack((upright[open_], also_upright)), 0)
            kinds[open_] = kinds[open_] * way[0, :, None] + turned * way[1, :, None]
            shown[open_] = shown[open_] * way[0] + also_shown * way[1]
            flipped[open_] = way[1] > way[0]
        return kinds, shown, flipped

    def _classified(self, crops: NDArray[np.uint8]) -> tuple[Floats, Floats, Floats]:
        logits, upright, top_secret = self._classifier.run(None, {"pixels": crops})
        return softmax(logits, 1), upright[:, 0], sigmoid(top_secret[:, 0])

    def _finding(
        self, x: float, y: float, c: Candidate, shares: NDArray[np.float32], shown: float, ppm: float, *, flipped: bool
    ) -> Finding:
        named = dict(zip(self._kinds, (float(s) for s in shares), strict=True))
        background = named.pop("BACKGROUND")
        probabilities = {MarkKind(name): share for name, share in named.items()}
        detector = max(c.peak, c.seal)
        facts = evidence(probabilities, background, shown, detector, c.top_secret)
        angle = c.angle_deg + (180.0 if flipped else 0.0)
        angle = (angle + 180.0) % 360.0 - 180.0
        return Finding(
            _quad(x, y, c.width_mm * ppm, c.height_mm * ppm, angle),
            c.width_mm,
            c.height_mm,
            angle,
            probabilities,
            background,
            shown,
            detector,
            c.top_secret,
            self._fusion.score(facts),
        )


def _as_colour(pixels: Image, dpi: int) -> Image:
    """The side as three channels.

    Raises:
        SideUnfit: not such an image, or too large to be searched as a whole.
    """
    shape = pixels.shape
    height, width = (shape[0], shape[1]) if len(shape) > 1 else (0, 0)
    sound = (
        pixels.dtype == np.uint8
        and (len(shape) == 2 or (len(shape) == 3 and shape[2] == 3))
        and height > 0
        and width > 0
    )
    if not sound or dpi not in _DPI_RANGE or _tile_count(height, width, dpi) > _MOST_TILES:
        raise SideUnfit(width=width, height=height, dpi=dpi)
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR), np.uint8) if len(shape) == 2 else pixels


def _shrunk(side: Image, dpi: int) -> Image:
    """The side at 75 dpi, by area, so that thin ink is thinned and not dropped."""
    size = (
        max(1, round(side.shape[1] * DETECTOR_DPI / dpi)),
        max(1, round(side.shape[0] * DETECTOR_DPI / dpi)),
    )
    way = cv2.INTER_AREA if dpi > DETECTOR_DPI else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(side, size, interpolation=way), np.uint8)


def _starts(length: int) -> range:
    return range(0, max(1, length - _OVERLAP), _TILE - _OVERLAP)


def _tile_count(height: int, width: int, dpi: int) -> int:
    return len(_starts(round(height * DETECTOR_DPI / dpi))) * len(_starts(round(width * DETECTOR_DPI / dpi)))


def _tiles(small: Image) -> list[tuple[Image, int, int]]:
    h, w = small.shape[:2]
    return [(small[y : y + _TILE, x : x + _TILE], x, y) for y in _starts(h) for x in _starts(w)]


def _padded(tile: Image) -> Image:
    """Grown to multiples of 32 by repeating the edge."""
    bottom, right = -tile.shape[0] % 32, -tile.shape[1] % 32
    grown = cv2.copyMakeBorder(np.ascontiguousarray(tile), 0, bottom, 0, right, cv2.BORDER_REPLICATE)
    return np.asarray(grown, np.uint8)


def _quad(x: float, y: float, width: float, height: float, angle_deg: float) -> Quad:
    cos, sin = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    corners = (
        (-width / 2, -height / 2),
        (width / 2, -height / 2),
        (width / 2, height / 2),
        (-width / 2, height / 2),
    )
    return tuple((x + a * cos + b * sin, y - a * sin + b * cos) for a, b in corners)
