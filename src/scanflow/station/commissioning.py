"""Commissioning a scanner: its report beside the ledger, and its substance in it (nghiệm thu máy quét)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scanflow.ledger import Ledger
from scanflow.ledger import catalogue as events
from scanflow.ledger.catalogue import EndProof, Sense
from scanflow.ledger.people import Office
from scanflow.scanner import Feeder
from scanflow.scanner.commission import Capability, describe, describe_unprofiled, record
from scanflow.scanner.finding import device_now
from scanflow.station.config import ScannerConfig, ScannerSource, StationConfig
from scanflow.station.devices import profile_of
from scanflow.station.errors import ListingImpossible, ScannerDoesNotFit
from scanflow.station.names import device_digest
from scanflow.station.setup import Home


@dataclass(frozen=True, slots=True)
class Report:
    """What is known of a scanner (báo cáo năng lực).

    Attributes:
        capability: what it can and cannot tell, and whether its driver takes the profile.
        listing: its options as the driver gives them; None where there is no driver.
    """

    capability: Capability
    listing: Mapping[str, Any] | None

    def as_json(self) -> str:
        """The report as it is kept."""
        whole = {**self.capability.as_dict(), "listing": self.listing}
        return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def report_on(config: StationConfig, scanner: ScannerConfig, feeder: Feeder) -> Report:
    """Ask a scanner what it can tell; moves no paper.

    Raises:
        ScannerError: it does not answer, or may not be used.
    """
    if scanner.source is not ScannerSource.SANE:
        return Report(describe_unprofiled(feeder.facts), None)
    listing = listing_of(scanner)
    return Report(describe(feeder.facts, profile_of(config, scanner), listing), listing)


def listing_of(scanner: ScannerConfig) -> dict[str, Any]:
    """The options of a scanner as its driver lists them; a test once it lies among the recorded listings.

    Raises:
        ListingImpossible: it is not reached through a driver.
        ScannerError: it does not answer.
    """
    if scanner.source is not ScannerSource.SANE:
        raise ListingImpossible(source=scanner.source.value)
    return record(scanner.sane_config, device_now(scanner.device, scanner.identity, scanner.sane_config))


def commission(config: StationConfig, ledger: Ledger, office: Office, person: str, report: Report) -> Path:
    """Keep the report of a scanner, and its substance in the ledger; where the report lies.

    Raises:
        UnknownPerson, PersonIsRevoked: who may not do that.
        ScannerDoesNotFit: its driver does not take the profile; that is recorded too.
    """
    office.people.person(person)
    capability = report.capability
    facts = capability.facts
    text = report.as_json().encode()
    scanner = device_digest(facts.identity)
    path = Home(config.state).scanner_report(scanner)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_bytes(text)
    told = {sensor.value for sensor in facts.sensors}
    ledger.record(
        events.ScannerDescribed(
            scanner=scanner,
            person=person,
            report=hashlib.sha256(text).hexdigest(),
            tells=tuple(each for each in Sense if each.value in told),
            silent=tuple(each for each in Sense if each.value not in told),
            end_proof=EndProof[capability.end_proof.upper()],
            confirmed=capability.confirmed,
            unconfirmed=capability.unconfirmed,
            lies=len(capability.lies),
            fits=capability.refusal is None,
            simulated=facts.simulated,
        )
    )
    if capability.refusal is not None:
        raise ScannerDoesNotFit(why=capability.refusal)
    return path
