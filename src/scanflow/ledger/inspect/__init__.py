"""The inspector's room: read-only views and the evidence bundle (người kiểm tra)."""

from __future__ import annotations

from scanflow.ledger.inspect.bundle import export_bundle, verify_bundle
from scanflow.ledger.inspect.overview import (
    BatchView,
    Difference,
    Overview,
    RouteOut,
    history,
    overview,
    overview_of,
)

__all__ = [
    "BatchView",
    "Difference",
    "Overview",
    "RouteOut",
    "export_bundle",
    "history",
    "overview",
    "overview_of",
    "verify_bundle",
]
