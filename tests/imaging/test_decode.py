"""Files as scanners and accidents make them: decoded with the right resolution, or refused with a reason."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pil

from scanflow.imaging import errors as e
from scanflow.imaging.decode import MAX_SIDE, Colour, adopt, decode, deduce_dpi
from scanflow.imaging.headers import read_header

from .paper import Sheet


def picture(width: int = 310, height: int = 439) -> np.ndarray:
    """A4 proportions; a ramp in colour with some text-like bars."""
    image = np.full((height, width, 3), 240, np.uint8)
    image[..., 0] -= np.arange(width, dtype=np.uint8) // 8
    for y in range(40, height - 40, 12):
        image[y : y + 4, 30 : width - 30 - y % 50] = (30, 20, 60)
    return image


def saved(kind: str, image: np.ndarray | None = None, **options: object) -> bytes:
    out = io.BytesIO()
    rgb = (picture() if image is None else image)[..., ::-1]
    Pil.fromarray(np.ascontiguousarray(rgb)).save(out, kind, **options)
    return out.getvalue()


JPEG, PNG, TIFF, PPM = (
    saved("JPEG", dpi=(300, 300), quality=90),
    saved("PNG", dpi=(300, 300)),
    saved("TIFF", dpi=(200, 200)),
    saved("PPM"),
)


@pytest.mark.parametrize(("data", "dpi"), [(JPEG, 300), (PNG, 300), (TIFF, 200)], ids=["jpeg", "png", "tiff"])
def test_each_format_gives_bgr_and_its_declared_resolution(data: bytes, dpi: int) -> None:
    side = decode(data)
    assert side.pixels.shape == (439, 310, 3) and side.pixels.dtype == np.uint8
    assert (side.dpi, side.dpi_declared) == (dpi, True)
    assert float(np.abs(side.pixels.astype(int) - picture()).mean()) < 4


def test_a_path_is_read_and_the_resolution_deduced_from_a4(tmp_path: Path) -> None:
    image = cv2.resize(picture(), (1654, 2339))
    path = tmp_path / "a.ppm"
    path.write_bytes(saved("PPM", image))
    side = decode(path)
    assert (side.dpi, side.dpi_declared) == (200, False)


def test_exif_orientation_is_not_applied() -> None:
    exif = Pil.Exif()
    exif[0x0112] = 6
    turned = decode(saved("JPEG", exif=exif))
    assert turned.pixels.shape == (439, 310, 3)


def test_exif_resolution_is_read_where_jfif_has_none() -> None:
    exif = Pil.Exif()
    exif[0x011A], exif[0x011B], exif[0x0128] = 240.0, 240.0, 2
    data = saved("JPEG", exif=exif)
    at = data.index(b"JFIF\0")
    bare = data[: at + 7] + b"\0\0\1\0\1" + data[at + 12 :]  # JFIF: aspect ratio only
    assert decode(bare).dpi == 240


def test_resolution_in_centimetres_is_converted() -> None:
    data = saved("JPEG")
    at = data.index(b"JFIF\0")
    metric = data[: at + 7] + struct.pack(">BHH", 2, 118, 118) + data[at + 12 :]
    assert decode(metric).dpi == 300


@pytest.mark.parametrize(
    ("declared", "size", "expected", "really"),
    [
        ((72, 72), (2480, 3508), 300, False),  # a placeholder: the page would be 1.2 m high
        ((300, 200), (310, 439), None, False),  # not the same along both axes
        ((300, 300), (2480, 3508), 300, True),
        ((72, 72), (1000, 1000), 72, True),
    ],
)
def test_a_declared_resolution_must_be_believable(
    declared: tuple[int, int], size: tuple[int, int], expected: int | None, really: bool
) -> None:
    side = decode(saved("PNG", np.full((size[1], size[0], 3), 250, np.uint8), dpi=declared))
    assert (side.dpi, side.dpi_declared) == (expected, really)


def test_deduction_needs_a4_and_a_usual_resolution() -> None:
    assert deduce_dpi(2480, 3508) == 300
    assert deduce_dpi(3508, 2480) == 300
    assert deduce_dpi(2480, 2480) is None
    assert deduce_dpi(1447, 2047) is None  # A4 at 175 dpi


def cmyk() -> bytes:
    out = io.BytesIO()
    Pil.new("CMYK", (310, 439), (0, 10, 20, 30)).save(out, "JPEG")
    return out.getvalue()


def pages() -> bytes:
    out = io.BytesIO()
    first = Pil.new("RGB", (310, 439), "white")
    first.save(out, "TIFF", save_all=True, append_images=[Pil.new("RGB", (310, 439), "red")])
    return out.getvalue()


def transparent() -> bytes:
    out = io.BytesIO()
    image = Pil.new("RGBA", (310, 439), (255, 255, 255, 255))
    image.putpixel((5, 5), (0, 0, 0, 0))
    image.save(out, "PNG")
    return out.getvalue()


def bomb() -> bytes:
    """A PNG of 30,000 x 30,000 white pixels in some hundred bytes of header and a broken rest."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def early_end() -> bytes:
    """Half the entropy-coded data, then a well-formed end: decoders fill the rest with grey."""
    image = cv2.GaussianBlur(np.random.default_rng(1).integers(0, 255, (439, 310, 3), np.uint8), (0, 0), 2)
    data = saved("JPEG", image)
    return data[: len(data) // 2] + b"\xff\xd9"


REFUSED = {
    "empty": (b"", e.ImageEmpty),
    "text": (b"%PDF-1.7 not an image at all", e.ImageUnknownFormat),
    "one-byte": (b"\xff", e.ImageUnknownFormat),
    "gif": (saved("GIF"), e.ImageUnknownFormat),
    "jpeg-half": (JPEG[: len(JPEG) // 2], e.ImageTruncated),
    "jpeg-no-end": (JPEG[:-2], e.ImageTruncated),
    "jpeg-grey-tail": (early_end(), e.ImagePaddedTail),
    "jpeg-no-frame": (b"\xff\xd8\xff\xd9", e.ImageCorrupt),
    "png-half": (PNG[: len(PNG) // 2], e.ImageTruncated),
    "tiff-half": (TIFF[: len(TIFF) // 2], e.ImageTruncated),
    "ppm-half": (PPM[: len(PPM) // 2], e.ImageTruncated),
    "cmyk": (cmyk(), e.ImageCmyk),
    "pages": (pages(), e.ImageManyPages),
    "transparent": (transparent(), e.ImageTransparent),
    "bomb": (bomb(), e.ImageTooLarge),
    "one-pixel": (saved("PNG", np.zeros((1, 1, 3), np.uint8)), e.ImageTooSmall),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_side_is_refused_with_its_own_reason(name: str) -> None:
    data, reason = REFUSED[name]
    with pytest.raises(reason) as refused:
        decode(data)
    assert refused.value.code.startswith("IMG-")
    assert refused.value.say_vi and refused.value.say_en


def test_an_opaque_alpha_channel_is_harmless() -> None:
    out = io.BytesIO()
    Pil.new("RGBA", (310, 439), (200, 210, 220, 255)).save(out, "PNG")
    assert decode(out.getvalue()).pixels[0, 0].tolist() == [220, 210, 200]


def test_sixteen_bits_are_brought_to_eight() -> None:
    ok, data = cv2.imencode(".png", (picture().astype(np.uint16) * 257))
    assert ok and np.array_equal(decode(data.tobytes()).pixels, picture())


def test_bilevel_is_seen_in_the_header_and_in_the_pixels() -> None:
    page = cv2.resize(picture(), (1240, 1754))
    black = (cv2.cvtColor(page, cv2.COLOR_BGR2GRAY) > 128).astype(np.uint8) * 255
    one_bit = io.BytesIO()
    Pil.fromarray(black).convert("1").save(one_bit, "PNG")
    assert decode(one_bit.getvalue()).colour is Colour.BILEVEL
    assert adopt(black, 300).colour is Colour.BILEVEL
    as_jpeg = cv2.imencode(".jpg", black, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes()
    assert decode(as_jpeg).colour is Colour.BILEVEL


def test_a_sharp_drawn_page_in_grey_is_not_bilevel(rng: np.random.Generator) -> None:
    sheet = Sheet(150, ink=(0, 0, 0), tone=(255, 255, 255))
    sheet.paragraph(rng, 30, 30, 150, 20)
    assert adopt(sheet.array(), 150).colour is Colour.GREY


@pytest.mark.parametrize(
    ("pixels", "reason"),
    [
        (np.zeros((100, 100), np.float32), e.ImageBadShape),
        (np.zeros((100, 100, 4), np.uint8), e.ImageBadShape),
        (np.zeros((100,), np.uint8), e.ImageBadShape),
        (np.zeros((1, 1, 3), np.uint8), e.ImageTooSmall),
        (
            np.lib.stride_tricks.as_strided(np.zeros(1, np.uint8), (MAX_SIDE, MAX_SIDE), (0, 0)),
            e.ImageTooLarge,
        ),
    ],
    ids=["float", "four-channels", "line", "one-pixel", "20000x20000"],
)
def test_pixels_of_a_driver_are_checked_like_a_file(pixels: np.ndarray, reason: type[e.ImageError]) -> None:
    with pytest.raises(reason):
        adopt(pixels, 300)


def test_a_drivers_grey_padding_is_refused_and_its_noise_is_not(rng: np.random.Generator) -> None:
    page = rng.integers(120, 136, (400, 300, 3), np.uint8)
    assert adopt(page, 300).dpi == 300
    page[300:] = 128
    with pytest.raises(e.ImagePaddedTail) as refused:
        adopt(page, 300)
    assert refused.value.facts["rows"] == 100


@pytest.mark.parametrize("data", [JPEG, PNG, TIFF, PPM], ids=["jpeg", "png", "tiff", "ppm"])
def test_no_prefix_of_a_file_passes_for_the_whole(data: bytes) -> None:
    for cut in range(0, len(data) - 1, max(1, len(data) // 60)):
        with pytest.raises(e.ImageError):
            decode(data[:cut])


@settings(max_examples=150, deadline=None)
@given(
    which=st.sampled_from([JPEG, PNG, TIFF, PPM]),
    hits=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_damaged_files_are_decoded_or_refused_and_nothing_else(which: bytes, hits: list[tuple[int, int]]) -> None:
    data = bytearray(which)
    for place, value in hits:
        data[place % min(len(data), 700)] = value  # headers and tables, where damage does most
    try:
        side = decode(bytes(data))
    except e.ImageError:
        return
    assert side.pixels.ndim == 3 and side.pixels.dtype == np.uint8


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"P6 "]))
def test_headers_of_nonsense_are_refused(rest: bytes, magic: bytes) -> None:
    try:
        header = read_header(magic + rest)
    except e.ImageError:
        return
    assert header.width > 0 and header.height > 0
