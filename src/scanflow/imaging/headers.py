"""What an image file says of itself, read before a single pixel is decoded.

Only the fields that decide whether to decode are read: size (against decompression bombs), depth, colour
model, transparency, number of pages, resolution, and whether the file reaches its own end. Sources: ITU-T
T.81 (JPEG), JFIF 1.02, Exif 2.32, the PNG specification (third edition), TIFF 6.0, and the Netpbm formats.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, replace

from scanflow.imaging.errors import ImageCorrupt, ImageEmpty, ImageTruncated, ImageUnknownFormat


@dataclass(frozen=True, slots=True)
class Header:
    """What the file declares.

    Attributes:
        format: ``jpeg``, ``png``, ``tiff`` or ``pnm``.
        width: pixels.
        height: pixels.
        bits: bits a sample; 1 means bilevel.
        grey: one colour channel only.
        alpha: declares a transparency channel or colour.
        cmyk: declares printing colours.
        pages: images in the file.
        dpi: declared resolution ``(x, y)`` in dots an inch, or None.
    """

    format: str
    width: int
    height: int
    bits: int
    grey: bool
    alpha: bool = False
    cmyk: bool = False
    pages: int = 1
    dpi: tuple[float, float] | None = None


def read_header(data: bytes) -> Header:
    """Read the header of an image file.

    Raises:
        ImageEmpty: no bytes.
        ImageUnknownFormat: none of the four formats.
        ImageTruncated: the file ends too early.
        ImageCorrupt: the header contradicts itself.
    """
    if not data:
        raise ImageEmpty
    try:
        if data[:2] == b"\xff\xd8":
            return _jpeg(data)
        if data[:8] == b"\x89PNG\r\n\x1a\n":
            return _png(data)
        if data[:4] in (b"II*\0", b"MM\0*"):
            return _tiff(data)
        if re.match(rb"P[1-6]\s", data[:3]):
            return _pnm(data)
    except (struct.error, IndexError) as short:
        raise ImageTruncated from short
    raise ImageUnknownFormat


_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_MARKER_IN_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_DENSITY_UNIT = {1: 1.0, 2: 2.54}


def _jpeg(data: bytes) -> Header:
    header: Header | None = None
    jfif: tuple[float, float] | None = None
    exif: tuple[float, float] | None = None
    at = 2
    while True:
        if data[at] != 0xFF:
            raise ImageCorrupt
        while data[at + 1] == 0xFF:  # fill bytes
            at += 1
        marker = data[at + 1]
        if marker == 0xD9:
            break
        (length,) = struct.unpack_from(">H", data, at + 2)
        if length < 2 or at + 2 + length > len(data):
            raise ImageTruncated
        body = data[at + 4 : at + 2 + length]
        at += 2 + length
        if marker in _FRAME_MARKERS:
            bits, height, width, channels = struct.unpack_from(">BHHB", body)
            if header is not None or not (width and height) or channels not in (1, 3, 4):
                raise ImageCorrupt
            header = Header("jpeg", width, height, bits, grey=channels == 1, cmyk=channels == 4)
        elif marker == 0xE0 and body[:5] == b"JFIF\0":
            unit, x, y = struct.unpack_from(">BHH", body, 7)
            if unit in _DENSITY_UNIT and x and y:
                jfif = (x * _DENSITY_UNIT[unit], y * _DENSITY_UNIT[unit])
        elif marker == 0xE1 and body[:6] == b"Exif\0\0":
            exif = _exif_dpi(body[6:])
        elif marker == 0xDA:
            found = _MARKER_IN_SCAN.search(data, at)
            if found is None:  # the entropy-coded data runs into the end of the file: no EOI
                raise ImageTruncated
            at = found.start()
    if header is None:
        raise ImageCorrupt
    return replace(header, dpi=jfif or exif)


def _exif_dpi(body: bytes) -> tuple[float, float] | None:
    try:
        return _tiff_dpi(_directory(body)[0])
    except (ImageCorrupt, ImageTruncated, struct.error, IndexError):
        return None  # a broken Exif block says nothing; it does not spoil the picture


def _png(data: bytes) -> Header:
    width, height, bits, colour = struct.unpack_from(">IIBB", data, 16)
    if data[12:16] != b"IHDR" or not (width and height) or bits not in (1, 2, 4, 8, 16):
        raise ImageCorrupt
    dpi: tuple[float, float] | None = None
    alpha = colour in (4, 6)
    pages = 1
    at = 8
    while True:
        (length,) = struct.unpack_from(">I", data, at)
        kind = data[at + 4 : at + 8]
        if at + 12 + length > len(data):
            raise ImageTruncated
        if kind == b"pHYs":
            x, y, unit = struct.unpack_from(">IIB", data, at + 8)
            if unit == 1 and x and y:
                dpi = (x * 0.0254, y * 0.0254)
        elif kind == b"tRNS":
            alpha = True
        elif kind == b"acTL":
            (pages,) = struct.unpack_from(">I", data, at + 8)
        elif kind == b"IEND":
            break
        at += 12 + length
    return Header("png", width, height, bits, grey=colour in (0, 4), alpha=alpha, pages=pages, dpi=dpi)


_TIFF_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_TIFF_CODES = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i"}
_MAX_PAGES = 64


def _directory(data: bytes, offset: int | None = None) -> tuple[dict[int, list[float]], int]:
    """One TIFF image file directory: tag to values, and the offset of the next directory (0: none)."""
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None:
        raise ImageCorrupt
    at = struct.unpack_from(f"{order}I", data, 4)[0] if offset is None else offset
    (count,) = struct.unpack_from(f"{order}H", data, at)
    tags: dict[int, list[float]] = {}
    for entry in range(at + 2, at + 2 + 12 * count, 12):
        tag, kind, many = struct.unpack_from(f"{order}HHI", data, entry)
        size = _TIFF_SIZES.get(kind, 0) * many
        start = entry + 8 if size <= 4 else struct.unpack_from(f"{order}I", data, entry + 8)[0]
        if start + size > len(data):
            raise ImageTruncated
        if kind == 5:
            pairs = struct.unpack_from(f"{order}{2 * many}I", data, start)
            tags[tag] = [top / bottom if bottom else 0.0 for top, bottom in zip(pairs[::2], pairs[1::2], strict=True)]
        elif kind in _TIFF_CODES:
            tags[tag] = [float(v) for v in struct.unpack_from(f"{order}{many}{_TIFF_CODES[kind]}", data, start)]
    return tags, struct.unpack_from(f"{order}I", data, at + 2 + 12 * count)[0]


def _tiff_dpi(tags: dict[int, list[float]]) -> tuple[float, float] | None:
    unit = {2: 1.0, 3: 2.54}.get(int(tags.get(296, [2.0])[0]))
    x, y = tags.get(282, [0.0])[0], tags.get(283, [0.0])[0]
    return (x * unit, y * unit) if unit and x and y else None


def _tiff(data: bytes) -> Header:
    tags, following = _directory(data)
    pages, seen = 1, set()
    while following:
        if following in seen or pages >= _MAX_PAGES:
            raise ImageCorrupt
        seen.add(following)
        following = _directory(data, following)[1]
        pages += 1
    if not (tags.get(256) and tags.get(257)):
        raise ImageCorrupt
    for offsets, counts in ((273, 279), (324, 325)):
        if offsets in tags:
            ends = [a + b for a, b in zip(tags[offsets], tags.get(counts, []), strict=False)]
            if len(ends) != len(tags[offsets]):
                raise ImageCorrupt
            if max(ends, default=0) > len(data):
                raise ImageTruncated
    photometric = int(tags.get(262, [1.0])[0])
    bits = int(max(tags.get(258, [1.0])))
    return Header(
        "tiff", int(tags[256][0]), int(tags[257][0]), bits, grey=photometric in (0, 1), alpha=338 in tags,
        cmyk=photometric == 5, pages=pages, dpi=_tiff_dpi(tags),
    )  # fmt: skip


_PNM = re.compile(rb"P([1-6])(?:\s|#[^\n]*\n)+(\d{1,9})(?:\s|#[^\n]*\n)+(\d{1,9})(?:(?:\s|#[^\n]*\n)+(\d{1,5}))?\s")


def _pnm(data: bytes) -> Header:
    kind = int(data[1:2])
    found = _PNM.match(data[:4096]) if kind not in (1, 4) else re.match(_PNM_BITMAP, data[:4096])
    if found is None:
        raise ImageCorrupt
    width, height = int(found[2]), int(found[3])
    deep = kind not in (1, 4)
    if not (width and height) or (deep and found[4] is None):
        raise ImageCorrupt
    bits = 1 if not deep else 8 if int(found[4]) < 256 else 16
    if kind >= 4:
        row = (width + 7) // 8 if kind == 4 else width * (3 if kind == 6 else 1) * (bits // 8)
        if len(data) - found.end() < row * height:
            raise ImageTruncated
    return Header("pnm", width, height, bits, grey=kind not in (3, 6))


_PNM_BITMAP = re.compile(rb"P([14])(?:\s|#[^\n]*\n)+(\d{1,9})(?:\s|#[^\n]*\n)+(\d{1,9})\s")
