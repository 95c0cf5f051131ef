"""Why the mark networks refuse to work; each of these holds the side and stops the feed."""

from __future__ import annotations

from typing import ClassVar

from scanflow.errors import ExitCode, ScanflowError


class NetworkError(ScanflowError):
    """Root of the networks' refusals."""

    exit_code: ClassVar[ExitCode] = ExitCode.HOST_UNFIT


class WeightsMissing(NetworkError):
    """A file of the networks is not there or cannot be read (thiếu tệp mạng nhận dạng dấu)."""

    code = "STP-WEIGHTS-MISSING"
    vi = (
        "Thiếu tệp {file} của mạng nhận dạng dấu. "
        "Cài lại scanflow từ bộ cài đã kiểm tra; không quét khi chưa có tệp này."
    )
    en = (
        "File {file} of the mark networks is missing. "
        "Reinstall scanflow from the inspected package; do not scan without it."
    )


class WeightsTampered(NetworkError):
    """A file of the networks is not the one that was tested (tệp mạng bị thay đổi)."""

    code = "STP-WEIGHTS-TAMPERED"
    vi = "Tệp {file} của mạng nhận dạng dấu không đúng mã băm đã ghi. Ngừng quét, báo cán bộ an ninh, cài lại scanflow."
    en = (
        "File {file} of the mark networks does not match its recorded hash. "
        "Stop scanning, tell the security officer, reinstall."
    )


class SideUnfit(NetworkError):
    """A side that the networks cannot look at as a whole (ảnh không xét được): it is held, never passed."""

    code = "STP-SIDE-UNFIT"
    vi = (
        "Ảnh của mặt giấy không xét dấu được (rộng {width}, cao {height} điểm ảnh, {dpi} dpi). "
        "Giữ mặt giấy lại và quét lại ở 200 hoặc 300 dpi."
    )
    en = (
        "The side's image cannot be searched for marks ({width} x {height} pixels, {dpi} dpi). "
        "Hold the side and scan it again at 200 or 300 dpi."
    )
    exit_code = ExitCode.HELD
