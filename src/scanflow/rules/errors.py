"""Why the rules cannot answer (vì sao không áp dụng được quy định)."""

from __future__ import annotations

from scanflow.errors import ExitCode, ScanflowError


class RulesUnreadable(ScanflowError):
    """A rule table is missing, damaged, or contradicts itself (bảng quy định hỏng)."""

    code = "RUL-UNREADABLE"
    vi = "Không dùng được bảng quy định {file} ({why}). Khôi phục tệp gốc trong config/rules hoặc báo người quản trị."
    en = "Rule table {file} cannot be used ({why}). Restore the original in config/rules."
    exit_code = ExitCode.HOST_UNFIT


class NoRuleInForce(ScanflowError):
    """No table covers the day (không có quy định cho ngày này)."""

    code = "RUL-NO-RULE"
    vi = "Không có bảng quy định “{table}” có hiệu lực ngày {day}. Kiểm tra đồng hồ máy và config/rules."
    en = "No rule table “{table}” is in force on {day}. Check the clock and config/rules."
    exit_code = ExitCode.HOST_UNFIT


class ConfirmationForeign(ScanflowError):
    """A confirmation that belongs to another document or another basis (xác nhận không đúng tài liệu)."""

    code = "RUL-CONFIRMATION"
    vi = "Xác nhận không thuộc tài liệu số {ordinal} hoặc không đúng căn cứ. Xác nhận lại đúng tài liệu này."
    en = "The confirmation does not belong to document {ordinal} or to this basis. Confirm this document."
    exit_code = ExitCode.NOT_AUTHORISED
