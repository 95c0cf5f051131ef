"""The ledger (sổ nhật ký): every act recorded, every change seen, every release signed by people."""

from __future__ import annotations

from scanflow.ledger.act import Act
from scanflow.ledger.catalogue import commit
from scanflow.ledger.clock import Clock, Instant, SystemClock
from scanflow.ledger.entry import Entry
from scanflow.ledger.event import CATALOGUE, Event, Intent, Outcome, Weight
from scanflow.ledger.log import Ledger
from scanflow.ledger.note import Checkpoint, Signer, Verifier
from scanflow.ledger.receipt import Receipt, verify_receipt
from scanflow.ledger.station_key import create_station_key, load_station_key
from scanflow.ledger.verify import HeadCheck, Report, verify

__all__ = [
    "CATALOGUE",
    "Act",
    "Checkpoint",
    "Clock",
    "Entry",
    "Event",
    "HeadCheck",
    "Instant",
    "Intent",
    "Ledger",
    "Outcome",
    "Receipt",
    "Report",
    "Signer",
    "SystemClock",
    "Verifier",
    "Weight",
    "commit",
    "create_station_key",
    "load_station_key",
    "verify",
    "verify_receipt",
]
