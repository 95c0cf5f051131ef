"""A folder that a network scanner fills, as a source (thư mục mà máy quét mạng đổ ảnh vào).

Lessons of others' folders: a name is whole only when it was *renamed* into place; the folder is looked
through again at the start, since events are lost while nobody watches; nothing is ever deleted because of an
error. The folder must lie on a tmpfs, since page images may not touch a disk.
"""

from __future__ import annotations

import os
import queue
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from watchdog.events import DirMovedEvent, FileMovedEvent, FileSystemEventHandler
from watchdog.observers import Observer

from scanflow.errors import ScanflowError, Words
from scanflow.pages import RawPage
from scanflow.scanner.errors import (
    AlreadyFeeding,
    EndNotProved,
    FeederEmpty,
    FolderOnDisk,
    FolderUnusable,
    Overwritten,
    TornImage,
)
from scanflow.scanner.feeder import ScannerFacts, Sensor, StopReport
from scanflow.scanner.imagefile import IMAGE_SUFFIXES, Decode, decode_page, jpeg_dpi, why_torn
from scanflow.scanner.proof import CountTray, require_count, require_tray
from scanflow.scanner.sheets import SheetAssembler, Side

END_SUFFIX = ".end"
"""A file of this suffix, renamed into place by the scanner's job, says that the batch is complete."""

_CANNOT_TELL = (
    "Máy quét mạng không cho biết kẹt giấy hay nạp chồng: số tờ khai trước hoặc tệp kết thúc là bằng chứng duy nhất.",
)
_TMPFS = {"tmpfs", "ramfs"}


class _Arrivals(FileSystemEventHandler):
    def __init__(self, names: queue.SimpleQueue[str]) -> None:
        self._names = names

    def on_moved(self, event: DirMovedEvent | FileMovedEvent) -> None:
        if not event.is_directory:
            self._names.put(os.path.basename(os.fsdecode(event.dest_path)))  # noqa: PTH119 (bytes or str)


class HotFolderFeeder:
    """Files in the order in which they were renamed into the folder.

    Args:
        folder: on a tmpfs; the scanner writes under another name (or into a sub-directory) and renames.
        duplex: two files make a sheet.
        dpi: resolution of files that do not say it themselves.
        quiet_s: seconds without a new file after which a feed without proof of its end is given up.
        decode: encoded bytes to BGR pixels; raises ValueError.

    Attributes:
        expected_sheets: sheets in the next feed by an independent count; its being reached proves the end.
        count_tray: see :class:`~scanflow.scanner.feeder.CountedByHand`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        duplex: bool = True,
        dpi: int = 300,
        quiet_s: float = 60.0,
        decode: Decode = decode_page,
    ) -> None:
        if not folder.is_dir():
            raise FolderUnusable(folder=folder, why=Words("không phải thư mục", "not a folder"))
        if file_system_of(folder) not in _TMPFS:
            raise FolderOnDisk(folder=folder)
        self._folder = folder
        self._duplex = duplex
        self._dpi = dpi
        self._quiet = quiet_s
        self._decode = decode
        self._names: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._seen: dict[str, int] = {}
        self._maybe_twice: set[str] = set()  # found by the rescan: one event of the same rename may follow
        self._ready: list[str] = []
        self._feeding: SheetAssembler | None = None
        self._stopped = False
        self._last = 0
        self.expected_sheets: int | None = None
        self.count_tray: CountTray | None = None
        self._observer = Observer()
        self._observer.schedule(_Arrivals(self._names), str(folder), recursive=False)
        self._observer.start()
        self._rescan()

    @property
    def facts(self) -> ScannerFacts:
        """See :class:`~scanflow.scanner.feeder.Feeder`."""
        sensors = frozenset({Sensor.PAPER})
        return ScannerFacts("thư mục nhận của máy quét mạng", "hot-folder", "folder", False, sensors, _CANNOT_TELL)

    def paper_present(self) -> bool:
        """Whether files wait."""
        self._collect(0.0)
        return any(not n.endswith(END_SUFFIX) for n in self._ready)

    @property
    def left_out(self) -> int:
        """Image files that nobody renamed into place: unfinished, or a scanner that does not rename."""
        self._collect(0.0)
        return sum(1 for p in self._images() if p.name not in self._ready)

    def sides(self, first_sheet: int = 1) -> Iterator[RawPage]:
        """See :class:`~scanflow.scanner.feeder.Feeder`; ends at the end file or at ``expected_sheets``."""
        if self._feeding is not None:
            raise AlreadyFeeding
        sheets = self._feeding = SheetAssembler(first_sheet, duplex=self._duplex)
        self._stopped = False
        held: list[str] = []
        try:
            while not self._stopped and not self._complete(sheets):
                name = self._next_name(sheets)
                if name is None:
                    return
                if name.endswith(END_SUFFIX):
                    self._discard([name])
                    self._require_count(sheets)
                    return
                held.append(name)
                sheet = sheets.add(self._side(name, sheets))
                if sheet:
                    self._discard(held)
                    held = []
                    yield from sheet
        finally:
            self._ready[:0] = held  # the files of a sheet that did not become whole are read again next time
            self._last = sheets.last_good
            self._feeding = None

    def stop(self) -> StopReport:
        """Take no further file; what is already delivered waits in the folder and is accounted as passed."""
        self._stopped = True
        self._collect(0.0)
        waiting = sum(1 for n in self._ready if not n.endswith(END_SUFFIX))
        last = self._feeding.last_good if self._feeding is not None else self._last
        return StopReport(last, None, waiting // (2 if self._duplex else 1))

    def _discard(self, names: list[str]) -> None:
        """Delete files whose sheet is handed on.

        A page lies in the clear no longer than it must, and no later feed takes it for its own. The paper is the
        original; what goes wrong from here on is fed again.
        """
        for name in names:
            (self._folder / name).unlink(missing_ok=True)
            self._seen.pop(name, None)

    def close(self) -> None:
        """Stop watching. Deletes nothing that was not handed on."""
        self._stopped = True
        if self._observer.is_alive():
            self._observer.stop()
            self._observer.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ---- arrivals ------------------------------------------------------------------------------------------

    def _images(self) -> list[Path]:
        return sorted(
            p for p in self._folder.iterdir() if p.suffix.lower() in IMAGE_SUFFIXES and not p.name.startswith(".")
        )

    def _rescan(self) -> None:
        """What lay there before the watch began; a file that is not whole waits for its rename."""
        for path in [*self._images(), *sorted(self._folder.glob(f"*{END_SUFFIX}"))]:
            try:
                whole = path.suffix == END_SUFFIX or why_torn(path.read_bytes()) is None
                inode = path.stat().st_ino
            except OSError:
                continue
            if whole and path.name not in self._seen:
                self._seen[path.name] = inode
                self._maybe_twice.add(path.name)
                self._ready.append(path.name)

    def _collect(self, wait: float) -> None:
        """Take the names that arrived; waits up to ``wait`` seconds for the first."""
        while True:
            try:
                name = self._names.get(timeout=wait) if wait > 0 else self._names.get_nowait()
            except queue.Empty:
                return
            wait = 0.0
            path = self._folder / name
            if name.startswith(".") or (path.suffix.lower() not in IMAGE_SUFFIXES and path.suffix != END_SUFFIX):
                continue
            try:
                inode = path.stat().st_ino
            except OSError:
                if name in self._maybe_twice:  # handed on and deleted since it was found
                    self._maybe_twice.discard(name)
                    continue
                inode = -1
            before = self._seen.get(name)
            if before == inode and name in self._maybe_twice:
                self._maybe_twice.discard(name)
                continue
            if before is not None:
                good = self._feeding.last_good if self._feeding is not None else self._last
                raise Overwritten(last_good=good)
            self._seen[name] = inode
            self._ready.append(name)

    def _next_name(self, sheets: SheetAssembler) -> str | None:
        deadline = time.monotonic() + self._quiet
        while not self._ready:
            if self._stopped:
                return None
            left = deadline - time.monotonic()
            if left <= 0:
                if sheets.sides == 0:
                    raise FeederEmpty(last_good=sheets.last_good)
                if self.expected_sheets is not None:
                    raise EndNotProved(
                        last_good=sheets.last_good, why=Words("chưa đủ số tờ khai", "fewer sheets than declared")
                    )
                sheets.require_even()
                require_tray(
                    self.count_tray,
                    sheets,
                    Words("không có tệp kết thúc và chưa ai đếm số tờ", "no closing file, and nobody counted"),
                )
                return None
            self._collect(min(left, 0.2))
        self._collect(0.0)
        return self._ready.pop(0)

    def _complete(self, sheets: SheetAssembler) -> bool:
        return self.expected_sheets is not None and sheets.last_good - sheets.before == self.expected_sheets

    def _require_count(self, sheets: SheetAssembler) -> None:
        sheets.require_even()
        require_count(self.expected_sheets, sheets)

    def _side(self, name: str, sheets: SheetAssembler) -> Side:
        try:
            data = (self._folder / name).read_bytes()
            pixels = self._decode(data)
        except OSError as error:
            raise TornImage(last_good=sheets.last_good, why=type(error).__name__) from error
        except (ValueError, ScanflowError) as error:
            why = error.code if isinstance(error, ScanflowError) else str(error)
            raise TornImage(last_good=sheets.last_good, why=why) from error
        return Side(pixels, jpeg_dpi(data) or self._dpi, data if data[:2] == b"\xff\xd8" else None)


def file_system_of(folder: Path) -> str:
    """Type of the file system that a folder lies on, as the kernel names it in ``/proc/self/mountinfo``."""
    device = folder.stat().st_dev
    wanted = f"{os.major(device)}:{os.minor(device)}"
    kind = ""
    for line in Path("/proc/self/mountinfo").read_text("utf-8").splitlines():
        before, _, after = line.partition(" - ")
        if before.split()[2] == wanted:
            kind = after.split()[0]
    return kind
