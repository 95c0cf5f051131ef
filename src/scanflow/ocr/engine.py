"""Reading one page with Tesseract in process: 200 dpi grey, upright and level, lines with words and places.

Lives in the worker process only (`worker`). tesserocr writes no temporary file; `pytesseract` would write
the page image in the clear, so it has no place here. Grey of 200 dpi reads as well as 300 dpi colour at 25-45
% less time, and deskewing first is what keeps the reading order (measured; docs/sealing.md).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import tesserocr

from scanflow.ocr import jpeg
from scanflow.ocr.errors import OcrEngineMissing
from scanflow.ocr.geometry import upright
from scanflow.ocr.margin import MODES, Group, agreed, lone_groups, pictures
from scanflow.ocr.text import UNPRINTABLE, Line, TextLayer, Word
from scanflow.pages import Image, Pose

OCR_DPI = 200
TESSDATA = Path("/usr/share/tesseract-ocr/5/tessdata")
"""Where Debian's tesseract-ocr-vie puts its data; the tesserocr wheel does not look there by itself."""


class OcrEngine:
    """A loaded recogniser; one thread, one page at a time."""

    def __init__(self, tessdata: Path = TESSDATA, language: str = "vie") -> None:
        """Load the model.

        Raises:
            OcrEngineMissing: the language data are not there.
        """
        if not (tessdata / f"{language}.traineddata").is_file():
            raise OcrEngineMissing()
        # debug_file empty: by default tesseract opens /dev/null on every page, and dies where it may not
        self._api = tesserocr.PyTessBaseAPI(
            path=f"{tessdata}/", lang=language, psm=tesserocr.PSM.AUTO, variables={"debug_file": ""}
        )

    def read(self, image: bytes | memoryview, dpi: int, pose: Pose) -> TextLayer | None:
        """Recognise a page from its JPEG, or None if the JPEG does not decode."""
        grey = jpeg.decode(image, colour=False)
        if grey is None:
            return None
        page = upright(grey, dpi, pose, OCR_DPI)
        try:
            seen = min(OCR_DPI, dpi)
            return replace(self.read_upright(page, seen), page_number=self.page_number(page, seen))
        finally:
            page.fill(0)
            grey.fill(0)

    def read_upright(self, page: Image, dpi: int) -> TextLayer:
        """Recognise an upright grey page ``(height, width)``."""
        height, width = page.shape
        self._api.SetImageBytes(page.tobytes(), width, height, 1, width)
        self._api.SetSourceResolution(dpi)
        try:
            self._api.Recognize()
            return TextLayer(dpi, tuple(self._lines()))
        finally:
            self._api.Clear()

    def page_number(self, page: Image, dpi: int) -> int | None:
        """The number printed in the margin of an upright grey page, or None (2 to 10 CPU ms)."""
        found = (agreed(self._alone(page, group)) for group in lone_groups(page, dpi))
        return next((number for number in found if number is not None), None)

    def _alone(self, page: Image, group: Group) -> list[str]:
        """What each of the three pictures of a group says."""
        try:
            return [self._line(picture, mode) for picture, mode in zip(pictures(page, group), MODES, strict=True)]
        finally:
            self._api.SetPageSegMode(tesserocr.PSM.AUTO)

    def _line(self, picture: Image, mode: int) -> str:
        height, width = picture.shape
        self._api.SetPageSegMode(mode)
        self._api.SetImageBytes(picture.tobytes(), width, height, 1, width)
        self._api.SetSourceResolution(OCR_DPI)
        try:
            return str(self._api.GetUTF8Text()).strip()
        finally:
            self._api.Clear()

    def _lines(self) -> list[Line]:
        iterator = self._api.GetIterator()
        level = tesserocr.RIL
        found: list[Line] = []
        words: list[Word] = []
        facts = (0.0, 0.0)
        if iterator is None or iterator.Empty(level.WORD):
            return found
        iterator.Begin()
        while True:
            if iterator.IsAtBeginningOf(level.TEXTLINE):
                facts, words = _line_facts(iterator, level), []
            text = UNPRINTABLE.sub("", iterator.GetUTF8Text(level.WORD) or "")
            box = iterator.BoundingBox(level.WORD)
            if text and box:
                words.append(Word(text, float(box[0]), float(box[2])))
            last = iterator.IsAtFinalElement(level.TEXTLINE, level.WORD)
            if last and words:
                found.append(Line(*facts, tuple(sorted(words, key=lambda word: word.left))))
            if not iterator.Next(level.WORD):
                return found


def _line_facts(iterator: Any, level: Any) -> tuple[float, float]:
    """Baseline y at the line's middle, and the height of its letters; a baseline far from its line is none."""
    _, top, _, bottom = iterator.BoundingBox(level.TEXTLINE)
    baseline = iterator.Baseline(level.TEXTLINE)
    middle = (baseline[0][1] + baseline[1][1]) / 2 if baseline else float(bottom)
    if not 2 * top - bottom <= middle <= 2 * bottom - top:
        middle = float(bottom)
    row = iterator.RowAttributes()
    height = float(row["row_height"]) if row else float(bottom - top)
    return middle, max(height, 1.0)
