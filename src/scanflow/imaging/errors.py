"""Why an image is refused before anything looks at it; a refused image is a held side, never a clear one."""

from __future__ import annotations

from scanflow.errors import ExitCode, ScanflowError


class ImageError(ScanflowError):
    """The root of this room's refusals (ảnh không dùng được)."""

    exit_code = ExitCode.HELD


class ImageEmpty(ImageError):
    """Nothing was delivered (tệp ảnh rỗng)."""

    code = "IMG-EMPTY"
    vi = "Ảnh rỗng, không có dữ liệu. Quét lại mặt giấy này."
    en = "The image holds no data. Scan this side again."


class ImageUnknownFormat(ImageError):
    """Neither JPEG, PNG, TIFF nor PNM (định dạng không nhận ra)."""

    code = "IMG-FORMAT"
    vi = "Không nhận ra định dạng ảnh; chỉ nhận JPEG, PNG, TIFF và PNM. Quét lại bằng một trong các định dạng này."
    en = "Unknown image format; JPEG, PNG, TIFF and PNM are accepted. Scan again in one of these."


class ImageTruncated(ImageError):
    """The data ends before the image does (ảnh bị cụt)."""

    code = "IMG-TRUNCATED"
    vi = "Ảnh bị cụt, thiếu phần cuối. Quét lại mặt giấy này."
    en = "The image is cut short. Scan this side again."


class ImageCorrupt(ImageError):
    """The data does not hang together (ảnh hỏng)."""

    code = "IMG-CORRUPT"
    vi = "Ảnh bị hỏng, không giải mã được. Quét lại mặt giấy này."
    en = "The image is damaged and cannot be decoded. Scan this side again."


class ImagePaddedTail(ImageError):
    """The last rows were filled in by a driver, not seen by the scanner (đuôi ảnh bị lấp)."""

    code = "IMG-PADDED"
    vi = "{rows} dòng cuối ảnh do trình điều khiển lấp vào, không phải do máy quét chụp. Quét lại mặt giấy này."
    en = "The last {rows} rows were filled in by a driver, not scanned. Scan this side again."


class ImageTooLarge(ImageError):
    """More pixels than any sheet has: a mistake or a decompression bomb (ảnh quá lớn)."""

    code = "IMG-LARGE"
    vi = "Ảnh {width}×{height} điểm vượt giới hạn. Quét lại với độ phân giải 200 hoặc 300 dpi."
    en = "An image of {width}x{height} pixels is over the limit. Scan again at 200 or 300 dpi."


class ImageTooSmall(ImageError):
    """Fewer pixels than a sheet can have (ảnh quá nhỏ)."""

    code = "IMG-SMALL"
    vi = "Ảnh {width}×{height} điểm quá nhỏ, không thể là một mặt giấy. Quét lại mặt giấy này."
    en = "An image of {width}x{height} pixels is too small for a side of paper. Scan this side again."


class ImageTransparent(ImageError):
    """Pixels that can be seen through: what they hide is anybody's guess (ảnh có lớp trong suốt)."""

    code = "IMG-ALPHA"
    vi = "Ảnh có điểm trong suốt nên không biết chắc trang giấy ra sao. Quét lại, không dùng lớp trong suốt."
    en = "The image has transparent pixels, so what the page shows is not certain. Scan again without transparency."


class ImageCmyk(ImageError):
    """Printing colours: their meaning on a screen depends on a profile (ảnh CMYK)."""

    code = "IMG-CMYK"
    vi = "Ảnh dùng hệ màu in CMYK, không phải ảnh của máy quét. Quét lại ở chế độ màu RGB."
    en = "The image uses CMYK printing colours, no scanner does. Scan again in RGB colour."


class ImageManyPages(ImageError):
    """One file, several pages: each side must come by itself (tệp nhiều trang)."""

    code = "IMG-PAGES"
    vi = "Tệp chứa {pages} trang; mỗi mặt giấy phải là một tệp riêng. Tách tệp hoặc quét lại."
    en = "The file holds {pages} pages; every side must be a file of its own. Split it or scan again."


class ImageBadShape(ImageError):
    """An array that is no picture of a side (mảng điểm ảnh sai khuôn dạng)."""

    code = "IMG-SHAPE"
    vi = "Dữ liệu điểm ảnh sai khuôn dạng (cần 8 bit, xám hoặc BGR). Báo người quản trị trạm."
    en = "The pixel data has the wrong form (8 bit, grey or BGR expected). Tell the station's administrator."
