"""The file as it lies on the disk: is it whole, is it what its name says, may it be opened at all."""

from __future__ import annotations

import stat
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import NoReturn

from scanflow.errors import Words
from scanflow.manifest import errors

MAX_BYTES = 32 * 2**20
"""Largest list that is opened; 50,000 rows of the template take about 5 MiB."""

MAX_UNPACKED = 256 * 2**20
"""Largest sum of the parts of a workbook; 50,000 rows take about 60 MiB."""

MAX_PARTS = 2_000
MAX_RATIO = 400
"""Largest ratio of unpacked to packed size of one part above 8 MiB; sheets of equal rows reach about 60."""

_TEMPORARY = (".tmp", ".part", ".partial", ".crdownload", ".filepart", ".swp", "~")

_SPREADSHEETS = {".xlsx", ".csv", ".xls", ".xlsm", ".xlsb", ".xltx", ".xltm", ".ods", ".tsv", ".et"}

_MAGIC = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "bảng tính cũ .xls hoặc .xlsx có mật khẩu"),
    (b"%PDF-", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"7z\xbc\xaf'\x1c", "7-Zip"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"\x1f\x8b", "gzip"),
    (b"\x89PNG", "ảnh PNG"),
    (b"\xff\xd8\xff", "ảnh JPEG"),
    (b"\x7fELF", "chương trình"),
    (b"MZ", "chương trình"),
)

_ZIP = b"PK\x03\x04"
_ACTIVE_PARTS = (
    "vbaproject",
    "activex",
    "/embeddings/",
    "ctrlprops",
    "macrosheets",
    "dialogsheets",
    "customui",
)
_LINK_PARTS = (
    "xl/externallinks/",
    "xl/connections.xml",
    "xl/querytables/",
    "xl/pivotcache/",
    "xl/webextensions",
)


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What changes while a file is being written.

    Attributes:
        size: bytes.
        mtime_ns: time of the last change, nanoseconds.
        inode: identity of the file, so that a file renamed into place counts as another.
    """

    size: int
    mtime_ns: int
    inode: int


def file_stamp(path: Path) -> FileStamp | None:
    """The stamp of an ordinary file, None when there is none."""
    try:
        facts = path.stat()
    except OSError:
        return None
    if not stat.S_ISREG(facts.st_mode):
        return None
    return FileStamp(facts.st_size, facts.st_mtime_ns, facts.st_ino)


def is_list_name(path: Path) -> bool:
    """Whether the watcher should look at this name at all: a spreadsheet, no lock and no temporary file.

    Formats that are not taken count too: who brings an .xls is told what to do, and not left waiting.
    """
    name = path.name.lower()
    if name.startswith((".", "~$")) or name.endswith(_TEMPORARY):
        return False
    return path.suffix.lower() in _SPREADSHEETS


def lock_files(path: Path) -> tuple[Path, ...]:
    """The lock files beside it: Excel's "~$name" (long names lose two letters) and LibreOffice's."""
    names = (f"~${path.name}", f"~${path.name[2:]}", f".~lock.{path.name}#")
    return tuple(found for name in names if (found := path.with_name(name)).exists())


def is_settled(path: Path, before: FileStamp | None) -> bool:
    """Whether a file seen earlier with stamp ``before`` may be read now: unchanged, not empty, no lock file.

    The watcher keeps the stamp of its last look and calls this at the next one; it needs two equal looks.
    """
    now = file_stamp(path)
    return now is not None and now == before and now.size > 0 and not lock_files(path)


def read_source(path: Path) -> tuple[str, bytes]:
    """Read the file once and judge it as a whole.

    Returns:
        "xlsx" or "csv", and all bytes.

    Raises:
        ManifestRejected: with the one fault of the file.
    """
    before = file_stamp(path)
    if before is None:
        _reject(errors.FileMissing())
    if lock_files(path):
        _reject(errors.FileBeingWritten())
    if before.size == 0:
        _reject(errors.FileEmpty())
    if before.size > MAX_BYTES:
        _reject(errors.FileTooLarge(limit_mib=MAX_BYTES // 2**20))
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError:
        _reject(errors.FileMissing())
    if file_stamp(path) != before or len(data) != before.size:
        _reject(errors.FileBeingWritten())
    return _format(path.suffix.lower(), data), data


def _format(suffix: str, data: bytes) -> str:
    found = next((name for magic, name in _MAGIC if data.startswith(magic)), None)
    if found is None and data.lstrip()[:1] == b"<":
        found = "HTML hoặc XML"
    if data.startswith(_ZIP):
        found = _kind_of_zip(data)
    if suffix == ".xlsx":
        if found == "xlsx":
            return "xlsx"
        if found is None and not data.strip(b"\0"):
            _reject(errors.BrokenWorkbook(where=Words("toàn số không", "zeros only")))
        _reject(errors.WrongExtension(named=".xlsx", found=found or Words("văn bản thuần", "plain text")))
    if suffix == ".csv":
        if found is None:
            return "csv"
        _reject(errors.WrongExtension(named=".csv", found=found))
    _reject(errors.UnsupportedFormat(found=suffix or Words("tệp không có phần mở rộng", "a file without extension")))


def _kind_of_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            names = {name.lower() for name in package.namelist()}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        _reject(errors.BrokenWorkbook(where=Words("tệp nén chưa trọn", "the archive is incomplete")))
    if "mimetype" in names and "content.xml" in names:
        return "OpenDocument .ods"
    if "xl/workbook.bin" in names:
        return "bảng tính nhị phân .xlsb"
    if "word/document.xml" in names:
        return "văn bản Word"
    return "xlsx" if "[content_types].xml" in names else "tệp nén zip"


def guard_package(package: zipfile.ZipFile) -> None:
    """Refuse a workbook that unpacks abnormally, carries a program, or points outside.

    The sizes of the central directory are upper bounds of what :mod:`zipfile` will deliver, so a lie there
    ends in a checksum error and never in more bytes. Parts must be UTF-8 without a document type, so that no
    entity expands.

    Raises:
        ManifestRejected: with every such fault.
    """
    parts = package.infolist()
    total = sum(part.file_size for part in parts)
    inflated = any(
        part.file_size > 8 * 2**20 and part.file_size > MAX_RATIO * max(part.compress_size, 1) for part in parts
    )
    if len(parts) > MAX_PARTS or total > MAX_UNPACKED or inflated:
        _reject(errors.ZipBomb())
    names = [part.filename.lower() for part in parts]
    if len(set(names)) != len(names):
        _reject(errors.BrokenWorkbook(where=Words("tên phần bị trùng", "a part has its name twice")))
    if any(part.flag_bits & 0x1 for part in parts):
        _reject(errors.UnsupportedFormat(found=Words(".xlsx có mật khẩu", "an .xlsx with a password")))
    if any(mark in name for name in names for mark in _ACTIVE_PARTS):
        _reject(errors.MacroWorkbook())
    if any(name.startswith(_LINK_PARTS) for name in names):
        _reject(errors.ExternalLinks())
    if any(name.startswith("xl/chartsheets/") for name in names):
        _reject(errors.SeveralSheets("trang biểu đồ"))
    for part in parts:
        _guard_part(package, part)


def _guard_part(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    content = package.read(part)  # every part: a wrong checksum or name is a damaged file, wherever it lies
    if part.filename.lower().endswith((".xml", ".rels", ".vml")):
        head = content[:512].lower()
        encoded_otherwise = b"encoding=" in head and b"utf-8" not in head and b"us-ascii" not in head
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\0" in content or encoded_otherwise:
            _reject(errors.ZipBomb())
        if part.filename.lower() == "[content_types].xml" and b"macroenabled" in content.lower():
            _reject(errors.MacroWorkbook())
        hyperlink = b"relationships/hyperlink"
        if part.filename.lower().endswith(".rels"):
            external = [rel for rel in content.split(b"<Relationship ")[1:] if b'"External"' in rel]
            if any(hyperlink not in rel for rel in external):
                _reject(errors.ExternalLinks())


def _reject(fault: errors.ManifestFault) -> NoReturn:
    raise errors.ManifestRejected([fault])
