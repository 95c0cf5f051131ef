"""Refusals of the stamp room's own parts; doubt about a page is no error but a verdict."""

from __future__ import annotations

from scanflow.errors import ExitCode, ScanflowError


class StampError(ScanflowError):
    """The root of this room's refusals (lỗi bộ phận đọc dấu)."""

    exit_code = ExitCode.HOST_UNFIT


class ReaderUnavailable(StampError):
    """No OCR engine or no Vietnamese data for it (thiếu bộ nhận dạng chữ)."""

    code = "STP-OCR"
    vi = "Không mở được bộ nhận dạng chữ tiếng Việt ở {where}. Cài gói tesseract-ocr-vie rồi chạy lại."
    en = "The Vietnamese text recogniser cannot be opened at {where}. Install tesseract-ocr-vie and start again."


class ReaderLeaksToDisk(StampError):
    """The folder for pytesseract's temporary page images is not in RAM (ảnh trang có thể rò ra đĩa)."""

    code = "STP-OCR-DISK"
    vi = "Bộ đọc pytesseract ghi ảnh trang ra tệp tạm, mà {where} không nằm trong RAM. Trỏ thư mục tạm vào tmpfs."
    en = "pytesseract writes the page image to a temporary file and {where} is not in RAM. Point it at a tmpfs."


class CalibrationTooSmall(StampError):
    """Too few sides to set a threshold by (quá ít mặt giấy để hiệu chỉnh)."""

    code = "STP-CAL-FEW"
    exit_code = ExitCode.USAGE
    vi = "Chỉ có {sides} mặt giấy, cần ít nhất {least} (nên có 1.000). Quét thêm giấy thường rồi hiệu chỉnh lại."
    en = (
        "Only {sides} sides, at least {least} are needed (1,000 recommended). Scan more plain paper and "
        "calibrate again."
    )


class CalibrationPastFloor(StampError):
    """The threshold that would fit lets too much through (ngưỡng vượt mức an toàn)."""

    code = "STP-CAL-FLOOR"
    exit_code = ExitCode.USAGE
    vi = (
        "Ngưỡng giữ lại {wanted} sẽ bỏ lọt quá nhiều, mức cho phép là {limit}. Kiểm tra xem giấy mẫu có "
        "dấu nào không, "
        "máy quét có bẩn không; ngưỡng cũ vẫn giữ nguyên."
    )
    en = (
        "A hold threshold of {wanted} would let too much through, the limit is {limit}. Check the "
        "sample for marks and the "
        "scanner for dirt; the old threshold stays."
    )
