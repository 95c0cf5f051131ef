"""Page images of a folder as a source: ``--from DIR`` (thư mục ảnh có sẵn)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from scanflow.errors import ScanflowError, Words
from scanflow.pages import RawPage
from scanflow.scanner.errors import AlreadyFeeding, FeederEmpty, FolderUnusable, TornImage
from scanflow.scanner.feeder import ScannerFacts, Sensor, StopReport
from scanflow.scanner.imagefile import IMAGE_SUFFIXES, Decode, decode_page, jpeg_dpi
from scanflow.scanner.sheets import SheetAssembler, Side

USUAL_DPI = 300
_CANNOT_TELL = (
    "Ảnh đến từ thư mục, không từ giấy: không có gì chứng minh mỗi tờ giấy đều có ảnh ngoài việc đối chiếu.",
)


class FolderFeeder:
    """Images of one folder in name order; with ``duplex`` recto and verso in turn. Never changes the folder.

    After a fault the next feed begins with the first file of the sheet that failed, so a replaced file is
    read again.

    Args:
        folder: where the images are. Other files and hidden ones are left alone.
        duplex: two files make a sheet.
        dpi: resolution of files that do not say it themselves.
        decode: encoded bytes to BGR pixels; raises ValueError.
    """

    def __init__(
        self, folder: Path, *, duplex: bool = False, dpi: int = USUAL_DPI, decode: Decode = decode_page
    ) -> None:
        if not folder.is_dir():
            raise FolderUnusable(folder=folder, why=Words("không phải thư mục", "not a folder"))
        self._folder = folder
        self._duplex = duplex
        self._dpi = dpi
        self._decode = decode
        self._taken: set[str] = set()
        self._feeding: SheetAssembler | None = None
        self._stopped = False

    @property
    def facts(self) -> ScannerFacts:
        """See :class:`~scanflow.scanner.feeder.Feeder`."""
        return ScannerFacts("thư mục ảnh", "folder", "folder", True, frozenset({Sensor.PAPER}), _CANNOT_TELL)

    def paper_present(self) -> bool:
        """Whether files are left."""
        return bool(self._waiting())

    def sides(self, first_sheet: int = 1) -> Iterator[RawPage]:
        """See :class:`~scanflow.scanner.feeder.Feeder`.

        Raises:
            FolderUnusable: with ``duplex``, an odd number of images; nothing was taken.
            TornImage: a file cannot be decoded.
        """
        if self._feeding is not None:
            raise AlreadyFeeding
        files = self._waiting()
        if not files:
            raise FeederEmpty(last_good=first_sheet - 1)
        if self._duplex and len(files) % 2:
            raise FolderUnusable(
                folder=self._folder,
                why=Words(
                    f"số ảnh lẻ ({len(files)}) khi quét hai mặt",
                    f"an odd number of images ({len(files)}) of both sides",
                ),
            )
        sheets = self._feeding = SheetAssembler(first_sheet, duplex=self._duplex)
        self._stopped = False
        try:
            names: list[str] = []
            for path in files:
                names.append(path.name)
                sheet = sheets.add(self._side(path, sheets))
                if sheet:
                    self._taken.update(names)
                    names = []
                    yield from sheet
                    if self._stopped:
                        return
        finally:
            self._last = sheets.last_good
            self._feeding = None

    def stop(self) -> StopReport:
        """Take no further file; no file runs ahead."""
        self._stopped = True
        return StopReport(self._feeding.last_good if self._feeding is not None else self._last, 0)

    def close(self) -> None:
        """Nothing to let go of."""
        self._stopped = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    _last = 0

    def _waiting(self) -> list[Path]:
        try:
            return sorted(
                path
                for path in self._folder.iterdir()
                if path.suffix.lower() in IMAGE_SUFFIXES
                and not path.name.startswith(".")
                and path.name not in self._taken
            )
        except OSError as error:
            raise FolderUnusable(folder=self._folder, why=type(error).__name__) from error

    def _side(self, path: Path, sheets: SheetAssembler) -> Side:
        try:
            data = path.read_bytes()
            pixels = self._decode(data)
        except OSError as error:
            raise TornImage(last_good=sheets.last_good, why=type(error).__name__) from error
        except (ValueError, ScanflowError) as error:
            why = error.code if isinstance(error, ScanflowError) else str(error)
            raise TornImage(last_good=sheets.last_good, why=why) from error
        jpeg = data if data[:2] == b"\xff\xd8" else None
        return Side(pixels, jpeg_dpi(data) or self._dpi, jpeg)
