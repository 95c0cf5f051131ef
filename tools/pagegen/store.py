"""A pool of drawn pages on disk, one JPEG and one JSON a page: drawing and learning run side by side."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:  # who only reads pages needs nothing of what draws them
    from tools.pagegen.drawn import Page

Record = dict[str, Any]


def write(page: Page, seed: int, folder: Path) -> None:
    """Add a page to the pool; the label is written last, so that a half-written page is never read."""
    grey = bool((page.pixels[::16, ::16, 0] == page.pixels[::16, ::16, 2]).all())
    pixels = page.pixels[..., 0] if grey else page.pixels
    (folder / f"{seed}.jpg").write_bytes(cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes())
    labels = [
        {
            "kind": m.kind.value,
            "quad": np.round(m.quad, 1).tolist(),
            "legibility": round(m.legibility, 3),
            "hand": m.handwritten,
            "sample": m.sample,
            "difficulty": m.difficulty,
        }
        for m in page.labels
    ]
    record = {"seed": seed, "dpi": page.dpi, "turn": page.turn, "facts": sorted(page.facts), "labels": labels}
    (folder / f"{seed}.json").write_text(json.dumps(record))


def read_page(path: Path, flag: int = cv2.IMREAD_COLOR) -> NDArray[np.uint8]:
    """The pixels of an image, as OpenCV's ``flag`` says.

    Raises:
        FileNotFoundError: no image can be read there.
    """
    pixels = cv2.imread(str(path), flag)
    if pixels is None:
        raise FileNotFoundError(f"no image can be read at {path}")
    return np.asarray(pixels, np.uint8)


def read_record(path: Path) -> Record:
    """One page's record."""
    record: Record = json.loads(path.read_text())
    return record


def records(folder: Path) -> Iterator[tuple[Path, Record]]:
    """Every whole page of the pool, in the order of its seeds."""
    for path in sorted(folder.glob("*.json"), key=lambda p: int(p.stem)):
        yield path.with_suffix(".jpg"), read_record(path)
