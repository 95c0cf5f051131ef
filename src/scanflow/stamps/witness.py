"""Reading the words of a mark: a protocol and two engines behind it.

tesserocr works inside the process and writes no file; pytesseract runs the tesseract program and hands the
picture over in a temporary file, so it is accepted only where that file lies in RAM. OCR is the second
witness: it may raise a hold or a level, and never clears a side. Tesseract reads nothing of a framed word; it
must be given the clear field inside the frame.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from scanflow.pages import Image
from scanflow.stamps.errors import ReaderLeaksToDisk, ReaderUnavailable

TESSDATA_FOLDERS = (
    Path("/usr/share/tesseract-ocr/5/tessdata"),
    Path("/usr/share/tesseract-ocr/4.00/tessdata"),
    Path("/usr/share/tessdata"),
)
"""Where Debian and others keep the data of Tesseract; the wheel of tesserocr does not look there by
itself."""

READ_DPI = 200
RAM_FOLDER = Path("/dev/shm")  # noqa: S108 - a tmpfs by Linux's own convention, and checked to be one


@dataclass(frozen=True, slots=True)
class Heard:
    """What a reader makes of a small picture. The text stays in RAM and goes into no reason, log or record.

    Attributes:
        text: all that was read, lines joined by newlines.
        confidence: mean, 0..1.
    """

    text: str
    confidence: float

    def __repr__(self) -> str:
        """Without the text (promise P8)."""
        return f"Heard(confidence={self.confidence:.2f})"


class TextReader(Protocol):
    """An OCR engine for small grey pictures, dark on light, upright."""

    def read(self, picture: Image, lines: int = 1) -> Heard:
        """Read one line (``lines`` = 1), a block (more), or a single letter (0)."""


_LEAST_CONTRAST = 20
"""Grey levels between ink and paper; of a plain surface Tesseract complains on the error stream."""
_LEAST_SIDE = 12
"""Pixels; a thinner strip holds no letter, and Tesseract complains of it too."""
_PAGE_MODES = {0: 10, 1: 7}
_BLOCK_MODE = 6


def find_tessdata(configured: Path | None = None) -> Path:
    """The folder with Vietnamese data: as configured, as ``TESSDATA_PREFIX`` says, or in a usual place.

    Raises:
        ReaderUnavailable: none has ``vie.traineddata``.
    """
    named = os.environ.get("TESSDATA_PREFIX")
    places = [configured] if configured else [*([Path(named)] if named else []), *TESSDATA_FOLDERS]
    for place in places:
        if (place / "vie.traineddata").is_file():
            return place
    raise ReaderUnavailable(where=str(places[0]))


class TesserocrReader:
    """Tesseract inside the process: about 10 CPU ms a crop, no temporary file."""

    def __init__(self, tessdata: Path | None = None) -> None:
        """Open the engine.

        Raises:
            ReaderUnavailable: no Vietnamese data, or the engine refuses it.
        """
        import tesserocr

        folder = find_tessdata(tessdata)
        try:
            self._api = tesserocr.PyTessBaseAPI(path=f"{folder}/", lang="vie", psm=7, oem=tesserocr.OEM.LSTM_ONLY)
        except RuntimeError as refused:
            raise ReaderUnavailable(where=str(folder)) from refused
        self._api.SetVariable("debug_file", "")

    def read(self, picture: Image, lines: int = 1) -> Heard:
        """Read a small grey picture; see :class:`TextReader`."""
        grey = np.ascontiguousarray(picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))
        height, width = grey.shape
        if min(height, width) < _LEAST_SIDE or int(grey.max()) - int(grey.min()) < _LEAST_CONTRAST:
            return Heard("", 0.0)
        self._api.SetPageSegMode(_PAGE_MODES.get(lines, _BLOCK_MODE))
        self._api.SetImageBytes(grey.data.tobytes(), width, height, 1, width)
        self._api.SetSourceResolution(READ_DPI)
        try:
            text = self._api.GetUTF8Text()
            return Heard(text.strip(), self._api.MeanTextConf() / 100 if text.strip() else 0.0)
        finally:
            self._api.Clear()

    def close(self) -> None:
        """Release the engine."""
        self._api.End()


class PytesseractReader:
    """The tesseract program through pytesseract, its temporary files in RAM: 13 times the cost."""

    def __init__(self, scratch: Path = RAM_FOLDER, tessdata: Path | None = None) -> None:
        """Take a folder for the temporary files.

        Raises:
            ReaderLeaksToDisk: the folder is not on tmpfs or ramfs.
            ReaderUnavailable: no Vietnamese data.
        """
        if not in_ram(scratch):
            raise ReaderLeaksToDisk(where=str(scratch))
        self._scratch = scratch
        self._tessdata = find_tessdata(tessdata)

    def read(self, picture: Image, lines: int = 1) -> Heard:
        """Read a small grey picture; see :class:`TextReader`."""
        import pytesseract

        mode = _PAGE_MODES.get(lines, _BLOCK_MODE)
        before, tempfile.tempdir = tempfile.tempdir, str(self._scratch)
        try:
            data = pytesseract.image_to_data(
                picture,
                lang="vie",
                config=f"--psm {mode} --oem 1 --dpi {READ_DPI} --tessdata-dir {self._tessdata}",
                output_type=pytesseract.Output.DICT,
            )
        finally:
            tempfile.tempdir = before
        words = [(str(w), float(c)) for w, c in zip(data["text"], data["conf"], strict=True) if str(w).strip()]
        if not words:
            return Heard("", 0.0)
        return Heard(" ".join(w for w, _ in words), max(0.0, sum(c for _, c in words) / len(words) / 100))


def in_ram(folder: Path, mounts: Path = Path("/proc/self/mounts")) -> bool:
    """Whether a folder lies on a file system that has no disk behind it (tmpfs, ramfs)."""
    place = folder.resolve()
    best, kind = -1, ""
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        fields = line.split(" ")
        point = Path(fields[1].replace("\\040", " "))
        if (place == point or point in place.parents) and len(point.parts) >= best:
            best, kind = len(point.parts), fields[2]
    return place.is_dir() and kind in ("tmpfs", "ramfs")
