"""Why pages cannot be read."""

from __future__ import annotations

from scanflow.errors import ExitCode, ScanflowError


class OcrEngineMissing(ScanflowError):
    """Tesseract's Vietnamese data are not there (thiếu dữ liệu nhận dạng tiếng Việt)."""

    code = "SEA-OCR-DATA"
    exit_code = ExitCode.HOST_UNFIT
    vi = "Thiếu dữ liệu nhận dạng tiếng Việt. Cài gói tesseract-ocr-vie rồi chạy lại."
    en = "Tesseract's Vietnamese data are missing. Install the package tesseract-ocr-vie and start again."
