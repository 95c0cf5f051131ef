"""Dated rule tables with their legal source, and what they propose (quy định có ngày hiệu lực)."""

from __future__ import annotations

from scanflow.rules.proposal import (
    Action,
    Basis,
    Caution,
    Confirmation,
    Need,
    Paper,
    Proposal,
    Treatment,
    propose,
    settle,
)
from scanflow.rules.tables import RuleTables, Stamp, load_tables

__all__ = [
    "Action",
    "Basis",
    "Caution",
    "Confirmation",
    "Need",
    "Paper",
    "Proposal",
    "RuleTables",
    "Stamp",
    "Treatment",
    "load_tables",
    "propose",
    "settle",
]
