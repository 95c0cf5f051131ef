"""Commissioning a scanner: what it can and cannot tell, its options, its stable identity (nghiệm thu).

A listing that was recorded from a real device becomes a test: put it beside the others in
``tests/scanner/listings``, and the profile of its driver is applied to it on every run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scanflow.scanner.errors import ScannerError
from scanflow.scanner.facts import stable_identity
from scanflow.scanner.feeder import ScannerFacts
from scanflow.scanner.profile import Profile
from scanflow.scanner.proof import ProofKind
from scanflow.scanner.sane_child import describe_device
from scanflow.scanner.settings import OptionInfo, Scalar, apply

LISTING_VERSION = 1


def record(config_dir: Path, device: str, *, env: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The option listing of a device as data, ready to be saved as JSON. Carries no page and no path.

    Raises:
        NoScanner: the device does not open.
    """
    listing = describe_device(config_dir, device, env=env)
    return {"version": LISTING_VERSION, "device": stable_identity(device), "options": listing}


def save_listing(listing: Mapping[str, Any], path: Path) -> None:
    """Write a listing where a test finds it."""
    path.write_text(json.dumps(listing, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")


@dataclass
class ListedPanel:
    """The options of a recorded listing as a port: takes what the constraints permit, as a driver would."""

    options: dict[str, dict[str, Any]]
    values: dict[str, Scalar] = field(default_factory=dict)

    @classmethod
    def of(cls, listing: Mapping[str, Any]) -> ListedPanel:
        """From what :func:`record` returned or a file of it.

        Raises:
            ValueError: another version of the format.
        """
        if listing.get("version") != LISTING_VERSION:
            raise ValueError("another version of listing")
        return cls({str(o["name"]): dict(o) for o in listing["options"]})

    def describe(self, name: str) -> OptionInfo | None:
        """See :class:`~scanflow.scanner.settings.OptionPort`."""
        option = self.options.get(name)
        if option is None:
            return None
        constraint = option["constraint"]
        if constraint is not None and option.get("range"):
            constraint = tuple(constraint)
        return OptionInfo(bool(option["active"]), bool(option["settable"]), constraint)

    def get(self, name: str) -> Scalar:
        """The value set, or the recorded one."""
        value: Scalar = self.values.get(name, self.options[name]["value"])
        return value

    def set(self, name: str, value: Scalar) -> None:
        """Clamp to the recorded range and keep."""
        constraint = self.options[name]["constraint"]
        if self.options[name].get("range") and not isinstance(value, str) and constraint:
            value = min(max(float(value), float(constraint[0])), float(constraint[1]))
        self.values[name] = value


@dataclass(frozen=True, slots=True)
class Capability:
    """The capability report of one scanner, kept in the ledger at commissioning.

    Attributes:
        facts: what it is, can and cannot tell.
        profile: the driver profile that was used.
        confirmed: settings of the profile that were seen on a real device of this driver.
        unconfirmed: those that were not; to be confirmed at commissioning.
        end_proof: what proves the end of a feed.
        lies: what the driver is known to say wrongly, with what stands against it.
        refusal: why the profile cannot be applied to this device, None when it can.
    """

    facts: ScannerFacts
    profile: str
    confirmed: int
    unconfirmed: int
    end_proof: str
    lies: tuple[tuple[str, str], ...]
    refusal: str | None

    def as_dict(self) -> dict[str, Any]:
        """As plain data for the ledger and for ``--json``."""
        return {
            "name": self.facts.name,
            "identity": self.facts.identity,
            "driver": self.facts.driver,
            "simulated": self.facts.simulated,
            "sensors": sorted(s.value for s in self.facts.sensors),
            "cannot_tell": list(self.facts.cannot_tell),
            "profile": self.profile,
            "settings_confirmed": self.confirmed,
            "settings_unconfirmed": self.unconfirmed,
            "end_proof": self.end_proof,
            "lies": [{"what": what, "defence": defence} for what, defence in self.lies],
            "refusal": self.refusal,
        }


def describe_unprofiled(facts: ScannerFacts) -> Capability:
    """What a source without a driver can and cannot tell: an eSCL scanner spoken to directly, or a folder."""
    proof = ProofKind.ESCL_STATUS if facts.driver == "escl" else ProofKind.COUNT
    return Capability(facts, facts.driver, 0, 0, proof.value, (), None)


def describe(facts: ScannerFacts, profile: Profile, listing: Mapping[str, Any] | None = None) -> Capability:
    """What a scanner can and cannot tell.

    Args:
        facts: of the feeder.
        profile: of its driver.
        listing: recorded options; with it the profile is tried on them without moving paper.
    """
    refusal = None
    if listing is not None:
        try:
            apply(ListedPanel.of(listing), profile.wants(duplex=True, dpi=300))
        except ScannerError as refused:
            refusal = refused.say_vi
    return Capability(
        facts=facts,
        profile=profile.backend,
        confirmed=sum(s.confirmed for s in profile.settings),
        unconfirmed=sum(not s.confirmed for s in profile.settings),
        end_proof=profile.end.proof.value,
        lies=tuple((lie.what, lie.defence) for lie in profile.lies),
        refusal=refusal,
    )
