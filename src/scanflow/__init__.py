"""scanflow: the digitisation station for Vietnamese state-secret paper (trạm số hóa tài liệu BMNN)."""

__version__ = "0.1.0"
