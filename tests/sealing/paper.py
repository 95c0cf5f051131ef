"""Realistic pages for the tests: Vietnamese text set by WeasyPrint, rasterised by poppler, then laid askew."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from weasyprint import HTML

from scanflow.pages import Image

BODY = [
    "Căn cứ Luật Tổ chức chính quyền địa phương và các quy định hiện hành về quản lý tài liệu lưu trữ, Ủy ban "
    "nhân dân tỉnh báo cáo kết quả thực hiện kế hoạch số hóa tài liệu giai đoạn vừa qua như sau.",
    "Trong quý ba, các đơn vị đã rà soát, phân loại và thống kê toàn bộ hồ sơ đang bảo quản tại kho; tổng số tờ, "
    "số trang của từng hồ sơ được đối chiếu với danh mục bàn giao trước khi đưa vào quét. Những hồ sơ có tờ bị "
    "rách, ố vàng hoặc dính ghim được tu bổ, tháo gỡ và ghi chú rõ tình trạng vật lý.",
    "Việc số hóa được thực hiện tại phòng làm việc riêng, thiết bị không kết nối mạng. Người thực hiện, người "
    "giám sát và người lưu giữ ký xác nhận vào biên bản tại ba thời điểm: khi xuất kho, khi kết thúc quét và khi "
    "nhập lại kho. Không có trường hợp thất lạc, hư hỏng hoặc nhầm lẫn tài liệu.",
    "Về chất lượng, ảnh quét đạt độ phân giải ba trăm điểm ảnh trên một inch, màu trung thực với bản gốc; lớp văn "
    "bản được nhận dạng tự động và kiểm tra xác suất. Tỷ lệ trang phải quét lại thấp hơn một phần trăm.",
    "Khó khăn chủ yếu là một số văn bản đánh máy từ những năm trước đây đã phai mực, chữ viết tay bên lề khó đọc; "
    "máy quét phải vệ sinh thường xuyên vì bụi giấy. Đề nghị bổ sung kinh phí mua vật tư và bồi dưỡng nghiệp vụ.",
    "Trong thời gian tới, các đơn vị tiếp tục lập danh mục những hồ sơ đến hạn nộp lưu, xác định thời hạn bảo quản, "
    "hoàn thiện biểu mẫu thống kê và gửi báo cáo về cơ quan chủ trì trước ngày hai mươi lăm hằng tháng./.",
]
_STYLE = """
@page { size: A4; margin: 22mm 18mm 22mm 32mm }
body { font: 14pt/1.35 "Tinos", "Liberation Serif", serif; text-align: justify }
p { margin: 0 0 6pt; text-indent: 12mm }
h1 { font-size: 14pt; text-align: center; margin: 14pt 0 }
.head { width: 100%; font-size: 12.5pt; text-align: center; border-collapse: collapse; text-align: center }
.head td { vertical-align: top; width: 50% }
.list td { border: 0.6pt solid black; padding: 2pt 6pt; text-align: left }
.list { border-collapse: collapse; width: 100%; font-size: 12pt }
"""


@dataclass(frozen=True)
class Sheet:
    """A rendered page: pixels ``(3508, 2480, 3)`` BGR at 300 dpi, and the text on it in reading order."""

    pixels: Image
    text: str


@cache
def letter(number: int = 1, dpi: int = 300) -> Sheet:
    """A page of running text; different numbers give different orders of the paragraphs."""
    paragraphs = [BODY[(number + i) % len(BODY)] for i in range(len(BODY))]
    title = f"BÁO CÁO SỐ {number} VỀ CÔNG TÁC SỐ HÓA TÀI LIỆU"
    html = f"<h1>{title}</h1>" + "".join(f"<p>{one}</p>" for one in paragraphs)
    return Sheet(render(html, dpi), "\n".join([title, *paragraphs]))


@cache
def official(dpi: int = 300) -> Sheet:
    """A page with the two-column head of an official letter and a table with rules."""
    rows = [("Hồ sơ thứ nhất", "12 tờ", "20 trang"), ("Hồ sơ thứ hai", "8 tờ", "15 trang")]
    html = (
        "<table class=head><tr><td>ỦY BAN NHÂN DÂN<br>TỈNH MINH HỌA</td>"
        "<td><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b><br><b>Độc lập - Tự do - Hạnh phúc</b></td></tr></table>"
        f"<h1>THÔNG BÁO</h1><p>{BODY[0]}</p><table class=list>"
        + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
        + f"</table><p>{BODY[3]}</p>"
    )
    text = "\n".join(["THÔNG BÁO", BODY[0], *(" ".join(row) for row in rows), BODY[3]])
    return Sheet(render(html, dpi), text)


def render(html: str, dpi: int) -> Image:
    """First page of an HTML document as pixels; through pipes, nothing on disk."""
    pdf = HTML(string=f"<style>{_STYLE}</style>{html}").write_pdf()
    done = subprocess.run(
        ["pdftoppm", "-r", str(dpi), "-f", "1", "-l", "1", "-"],
        input=pdf,
        capture_output=True,
        check=True,
    )
    return cv2.imdecode(np.frombuffer(done.stdout, np.uint8), cv2.IMREAD_COLOR)


def scanned(pixels: Image, *, turn: int = 0, skew_deg: float = 0.0, seed: int = 1) -> Image:
    """The page as a scanner sees it: paper tone, noise, askew by ``skew_deg`` (downhill), lying turned.

    Turning the result clockwise by ``turn`` and levelling it by ``skew_deg`` gives the page back.
    """
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -skew_deg, 1.0)
    askew = cv2.warpAffine(pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))
    turns = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}
    if turn in turns:
        askew = cv2.rotate(askew, turns[turn])
    noise = np.random.default_rng(seed).integers(0, 13, askew.shape, dtype=np.uint8)
    return cv2.add(cv2.convertScaleAbs(askew, alpha=0.93), noise)


def as_jpeg(pixels: Image, quality: int = 85) -> bytes:
    """JPEG as a scanner delivers it."""
    return bytes(cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1])


def error_rate(found: str, truth: str) -> float:
    """Character error rate after folding white space: Levenshtein distance over the length of the truth."""
    import unicodedata

    from rapidfuzz.distance import Levenshtein

    a, b = (" ".join(unicodedata.normalize("NFC", text).split()) for text in (found, truth))
    return Levenshtein.distance(a, b) / max(len(b), 1)


def write(folder: Path, name: str, data: bytes) -> Path:
    """Put bytes into a file and return its path."""
    path = folder / name
    path.write_bytes(data)
    return path
