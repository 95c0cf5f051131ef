"""Asking an eSCL scanner how it stands; no answer is None, and the caller must then assume the worst."""

from __future__ import annotations

from scanflow.scanner.escl.http import EsclAddress, EsclConnection
from scanflow.scanner.escl.status import Capabilities, ScannerStatus, parse_capabilities, parse_status


def ask_status(address: EsclAddress, *, timeout: float = 20.0) -> ScannerStatus | None:
    """The scanner's status document; None when it cannot be had."""
    body = _get(address, "ScannerStatus", timeout)
    try:
        return parse_status(body) if body is not None else None
    except ValueError:
        return None


def ask_capabilities(address: EsclAddress, *, timeout: float = 20.0) -> Capabilities | None:
    """The scanner's capabilities; None when they cannot be had."""
    body = _get(address, "ScannerCapabilities", timeout)
    try:
        return parse_capabilities(body) if body is not None else None
    except ValueError:
        return None


def _get(address: EsclAddress, what: str, timeout: float) -> bytes | None:
    try:
        with EsclConnection(address, timeout=timeout) as connection:
            answer = connection.get(what)
    except OSError:
        return None
    return answer.body if answer.status == 200 and answer.whole else None
