"""Draws test sheets: invented administrative pages in several fonts and layouts, stamps, and a scanner's faults.

Pillow draws (it is installed with pikepdf and WeasyPrint; the product does not use it). Lengths are millimetres on
A4 unless said otherwise. Nothing here is random but through the generator that is handed in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image as Pil
from PIL import ImageDraw, ImageFont

A4_MM = (210.0, 297.0)

CROSCORE = Path("/usr/share/fonts/truetype/croscore")
LIBERATION = Path("/usr/share/fonts/truetype/liberation2")
FACES: dict[str, tuple[str, str]] = {
    "tinos": ("Tinos-Regular.ttf", "Tinos-Bold.ttf"),
    "arimo": ("Arimo-Regular.ttf", "Arimo-Bold.ttf"),
    "cousine": ("Cousine-Regular.ttf", "Cousine-Bold.ttf"),
    "liberation-sans": ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"),
    "dejavu-serif": ("DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf"),
    "dejavu-sans": ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
}
FOLDERS = [
    CROSCORE,
    LIBERATION,
    Path("/usr/share/fonts/truetype/dejavu"),
    Path("/usr/share/fonts/truetype/liberation"),
]

WORDS = [
    "căn",
    "cứ",
    "nghị",
    "định",
    "của",
    "chính",
    "phủ",
    "về",
    "công",
    "tác",
    "văn",
    "thư",
    "lưu",
    "trữ",
    "đơn",
    "vị",
    "đề",
    "nghị",
    "các",
    "phòng",
    "ban",
    "thực",
    "hiện",
    "rà",
    "soát",
    "thống",
    "kê",
    "hồ",
    "sơ",
    "giấy",
    "trước",
    "ngày",
    "cuối",
    "quý",
    "kế",
    "hoạch",
    "kiểm",
    "tra",
    "định",
    "kỳ",
    "thiết",
    "bị",
    "phòng",
    "cháy",
    "chữa",
    "cháy",
    "được",
    "ban",
    "hành",
    "kèm",
    "theo",
    "quyết",
    "định",
    "này",
    "trưởng",
    "các",
    "bộ",
    "phận",
    "chịu",
    "trách",
    "nhiệm",
    "tổ",
    "chức",
    "tập",
    "huấn",
    "hướng",
    "dẫn",
    "cán",
    "bộ",
    "sử",
    "dụng",
    "máy",
    "quét",
    "đúng",
    "quy",
    "trình",
    "kinh",
    "phí",
    "bảo",
    "đảm",
    "từ",
    "nguồn",
    "ngân",
    "sách",
    "năm",
    "tới",
    "trong",
    "quá",
    "trình",
    "thực",
    "hiện",
    "nếu",
    "có",
    "vướng",
    "mắc",
    "phản",
    "ánh",
    "về",
    "văn",
    "phòng",
    "để",
    "tổng",
    "hợp",
    "báo",
    "cáo",
    "lãnh",
    "đạo",
    "xem",
    "xét",
    "giải",
    "quyết",
    "theo",
    "thẩm",
    "quyền",
    "số",
    "lượng",
    "tài",
    "liệu",
    "bàn",
    "giao",
    "đủ",
    "theo",
    "danh",
    "mục",
    "đã",
    "lập",
    "mỗi",
    "tờ",
    "được",
    "đánh",
    "số",
    "liên",
    "tục",
    "bằng",
    "bút",
    "chì",
    "ở",
    "góc",
    "phải",
    "phía",
    "trên",
    "người",
    "giao",
    "và",
    "người",
    "nhận",
    "cùng",
    "ký",
    "xác",
    "nhận",
    "vào",
    "biên",
    "bản",
]


@lru_cache(maxsize=256)
def face(name: str, bold: bool, pixels: int) -> ImageFont.FreeTypeFont:
    """A font face at a pixel size.

    Raises:
        FileNotFoundError: with the package that brings it.
    """
    file = FACES[name][bold]
    for folder in FOLDERS:
        if (folder / file).exists():
            return ImageFont.truetype(str(folder / file), pixels)
    raise FileNotFoundError(f"{file}: apt install fonts-croscore fonts-liberation2 fonts-dejavu-core")


def pt(size: float, dpi: int) -> int:
    """Points to pixels."""
    return round(size * dpi / 72)


def blank_sheet(dpi: int = 300, tone: tuple[int, int, int] = (250, 250, 248)) -> np.ndarray:
    """An empty A4 sheet, BGR."""
    width, height = (round(mm / 25.4 * dpi) for mm in A4_MM)
    return np.full((height, width, 3), tone[::-1], np.uint8)


@dataclass
class Sheet:
    """A sheet that is being drawn."""

    dpi: int = 300
    ink: tuple[int, int, int] = (35, 35, 40)
    tone: tuple[int, int, int] = (250, 250, 248)
    pixels: Pil.Image = field(init=False)

    def __post_init__(self) -> None:
        self.pixels = Pil.fromarray(blank_sheet(self.dpi, self.tone)[..., ::-1])

    def px(self, mm: float) -> int:
        """Millimetres to pixels."""
        return round(mm / 25.4 * self.dpi)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        font: str = "tinos",
        size: float = 13,
        bold: bool = False,
        ink: tuple[int, int, int] | None = None,
        anchor: str = "la",
    ) -> float:
        """Write one line; returns its width in mm."""
        chosen = face(font, bold, pt(size, self.dpi))
        ImageDraw.Draw(self.pixels).text(
            (self.px(x), self.px(y)), words, font=chosen, fill=ink or self.ink, anchor=anchor
        )
        return chosen.getlength(words) / self.dpi * 25.4

    def paragraph(
        self,
        rng: np.random.Generator,
        x: float,
        y: float,
        width: float,
        lines: int,
        font: str = "tinos",
        size: float = 13,
        pitch: float = 1.25,
    ) -> float:
        """Write running text; returns the y below it."""
        chosen = face(font, False, pt(size, self.dpi))
        step = size / 72 * 25.4 * pitch
        for index in range(lines):
            limit = width if index < lines - 1 else width * rng.uniform(0.2, 0.9)
            line, start = "", x + (10 if index == 0 else 0)
            while True:
                word = str(rng.choice(WORDS))
                if not line:
                    word = word.capitalize() if index == 0 else word
                if chosen.getlength(f"{line} {word}") > self.px(limit - (start - x)):
                    break
                line = f"{line} {word}".strip()
            self.text(start, y, line, font, size)
            y += step
        return y + 2

    def header(self, font: str = "tinos") -> None:
        """Two columns at the head of an official letter, with invented bodies."""
        self.text(62, 20, "UBND TỈNH X", font, 12, anchor="ma")
        self.text(62, 26, "VĂN PHÒNG", font, 12, True, anchor="ma")
        self.text(142, 20, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", font, 12, True, anchor="ma")
        self.text(142, 26, "Độc lập - Tự do - Hạnh phúc", font, 13, True, anchor="ma")
        self.rule(108, 33, 176, 33)
        self.text(62, 35, "Số: 12/VP-TH", font, 12, anchor="ma")
        self.text(142, 35, "ngày 07 tháng 4 năm 2025", font, 12, anchor="ma")

    def rule(
        self,
        x0: float,
        y0: float,
        x1: float,
        y1: float,
        width: float = 0.25,
        ink: tuple[int, int, int] | None = None,
    ) -> None:
        """Draw a straight line."""
        ImageDraw.Draw(self.pixels).line(
            [self.px(v) for v in (x0, y0, x1, y1)], fill=ink or self.ink, width=max(1, self.px(width))
        )

    def table(
        self,
        rng: np.random.Generator,
        x: float,
        y: float,
        columns: list[float],
        rows: int,
        height: float = 8,
        font: str = "tinos",
    ) -> float:
        """A ruled table with a word or two in its cells; returns the y below it."""
        width = sum(columns)
        for row in range(rows + 1):
            self.rule(x, y + row * height, x + width, y + row * height)
        left = x
        for column in [*columns, 0.0]:
            self.rule(left, y, left, y + rows * height)
            if column:
                for row in range(rows):
                    chosen = " ".join(rng.choice(WORDS, 2))
                    if face(font, False, pt(11, self.dpi)).getlength(chosen) < self.px(column - 3):
                        self.text(left + 1.5, y + row * height + 1.5, chosen, font, 11)
            left += column
        return y + rows * height + 4

    def array(self) -> np.ndarray:
        """The sheet as BGR."""
        return np.ascontiguousarray(np.asarray(self.pixels)[..., ::-1])


RED = (200, 30, 40)


def stamp(
    words: list[str],
    width: float,
    height: float,
    dpi: int = 300,
    double: bool = True,
    font: str = "tinos",
    size: float = 13,
    ink: tuple[int, int, int] = RED,
) -> Pil.Image:
    """A rectangular stamp as an RGBA image: outer size in mm, lines 1 mm apart when ``double``."""
    scale = dpi / 25.4
    image = Pil.new("RGBA", (round(width * scale) + 8, round(height * scale) + 8), (*ink, 0))
    draw = ImageDraw.Draw(image)
    line = max(1, round(0.3 * scale))
    for inset in (0.0, 1.0) if double else (0.0,):
        left, top = 4 + inset * scale, 4 + inset * scale
        draw.rectangle([left, top, image.width - 1 - left, image.height - 1 - top], outline=(*ink, 255), width=line)
    for index, text in enumerate(words):
        y = image.height * (index + 0.5) / len(words)
        draw.text(
            (image.width / 2, y),
            text,
            font=face(font, index == 0, pt(size, dpi)),
            fill=(*ink, 255),
            anchor="mm",
        )
    return image


def round_stamp(
    letter: str,
    diameter: float,
    dpi: int = 300,
    double: bool = True,
    ink: tuple[int, int, int] = RED,
    size: float = 28,
    font: str = "tinos",
) -> Pil.Image:
    """A round stamp (envelope A, B, C; or a seal with a word in it) as an RGBA image."""
    scale = dpi / 25.4
    side = round(diameter * scale) + 8
    image = Pil.new("RGBA", (side, side), (*ink, 0))
    draw = ImageDraw.Draw(image)
    for inset in (0.0, 1.0) if double else (0.0,):
        edge = 4 + inset * scale
        draw.ellipse(
            [edge, edge, side - 1 - edge, side - 1 - edge],
            outline=(*ink, 255),
            width=max(1, round(0.3 * scale)),
        )
    draw.text((side / 2, side / 2), letter, font=face(font, True, pt(size, dpi)), fill=(*ink, 255), anchor="mm")
    return image


def press(
    sheet: Sheet, image: Pil.Image, x: float, y: float, tilt: float = 0.0, strength: float = 1.0
) -> list[tuple[float, float]]:
    """Press a stamp with its top-left at (x, y) mm; returns its corners in pixels, clockwise from its own top-left."""
    turned = image.rotate(-tilt, expand=True, resample=Pil.Resampling.BICUBIC)
    if strength < 1:
        turned.putalpha(turned.getchannel("A").point(lambda a: int(a * strength)))
    left, top = (
        sheet.px(x) - (turned.width - image.width) // 2,
        sheet.px(y) - (turned.height - image.height) // 2,
    )
    sheet.pixels.paste(turned, (left, top), turned)
    cx, cy = left + turned.width / 2, top + turned.height / 2
    a = math.radians(tilt)
    w, h = (image.width - 8) / 2, (image.height - 8) / 2
    return [
        (cx + dx * math.cos(a) - dy * math.sin(a), cy + dx * math.sin(a) + dy * math.cos(a))
        for dx, dy in ((-w, -h), (w, -h), (w, h), (-w, h))
    ]


def scan(
    pixels: np.ndarray,
    rng: np.random.Generator,
    skew: float = 0.0,
    turn: int = 0,
    noise: float = 3.0,
    blur: float = 0.8,
    bed: int = 250,
    quality: int | None = None,
    grey: bool = False,
) -> np.ndarray:
    """What a scanner makes of a sheet.

    Args:
        skew: degrees, positive when text then runs downhill to the right.
        turn: the image must be rotated clockwise by this much to be upright again.
        bed: tone of the background that shows at the corners.
    """
    height, width = pixels.shape[:2]
    out = pixels
    if skew:
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -skew, 1)
        out = cv2.warpAffine(out, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=(bed, bed, bed))
    if blur:
        out = cv2.GaussianBlur(out, (0, 0), blur)
    if noise:
        tile = np.round(rng.standard_normal((613, 541), np.float32) * noise).astype(np.int16)
        grain = np.tile(tile, (height // 613 + 1, width // 541 + 1))[:height, :width]
        out = cv2.add(out, cv2.merge([grain] * 3), dtype=cv2.CV_8U)
    if grey:
        out = cv2.cvtColor(cv2.cvtColor(out, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    code = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}.get(turn)
    if code is not None:
        out = cv2.rotate(out, code)
    if quality:
        out = cv2.imdecode(cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)
    return np.ascontiguousarray(out)


def letter(
    rng: np.random.Generator,
    font: str = "tinos",
    dpi: int = 300,
    lines: int = 24,
    head: bool = True,
    size: float = 13,
    pitch: float = 1.25,
) -> Sheet:
    """An ordinary letter."""
    sheet = Sheet(dpi)
    if head:
        sheet.header(font)
    y = 48.0 if head else 20.0
    while lines > 0:
        part = min(lines, int(rng.integers(3, 8)))
        y = sheet.paragraph(rng, 30, y, 160, part, font, size, pitch)
        lines -= part
        if y > 255:
            break
    return sheet


def register(rng: np.random.Generator, font: str = "tinos", dpi: int = 300) -> Sheet:
    """A page of a ruled register."""
    sheet = Sheet(dpi)
    sheet.text(105, 20, "DANH MỤC TÀI LIỆU BÀN GIAO", font, 13, True, anchor="ma")
    sheet.table(rng, 20, 35, [12, 55, 30, 45, 28], 24, font=font)
    return sheet


def sparse(rng: np.random.Generator, font: str = "tinos", dpi: int = 300) -> Sheet:
    """A page with two or three lines only: a cover or the end of a letter."""
    sheet = Sheet(dpi)
    y = float(rng.uniform(30, 200))
    for _ in range(int(rng.integers(2, 4))):
        sheet.text(float(rng.uniform(30, 60)), y, " ".join(rng.choice(WORDS, 8)).capitalize(), font, 13)
        y += 8
    return sheet
