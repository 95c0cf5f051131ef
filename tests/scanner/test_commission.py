"""Commissioning: listings that become tests, capability reports, identities that survive another port."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scanflow.scanner import errors
from scanflow.scanner.commission import ListedPanel, describe, record, save_listing
from scanflow.scanner.finding import Found, find_scanners, found_of, locate
from scanflow.scanner.profile import load_profiles, match_profile
from scanflow.scanner.sane_feeder import SaneFeeder
from scanflow.scanner.settings import apply
from scanflow.scanner.virtual import virtual_scanner

from .conftest import DRIVERS

LISTINGS = sorted((Path(__file__).parent / "listings").glob("*.json"))
PROFILES = load_profiles(DRIVERS)


@pytest.mark.parametrize("path", LISTINGS, ids=lambda p: p.stem)
def test_every_recorded_listing_takes_its_profile(path: Path) -> None:
    listing = json.loads(path.read_text("utf-8"))
    profile = match_profile(listing["device"], PROFILES)
    values = apply(ListedPanel.of(listing), profile.wants(duplex=True, dpi=300))
    assert values["resolution"] == 300 and "uplex" in str(values["source"])


def test_there_is_a_recorded_listing() -> None:
    assert LISTINGS


def test_the_listing_of_the_virtual_scanner_is_what_was_recorded(private: Path, tmp_path: Path) -> None:
    with virtual_scanner([], private) as address:
        listing = record(address.config_dir, address.device)
    save_listing(listing, tmp_path / "now.json")
    recorded = Path(__file__).parent / "listings" / "airscan-virtual.json"
    assert json.loads((tmp_path / "now.json").read_text("utf-8")) == json.loads(recorded.read_text("utf-8"))


def test_a_scanner_is_described_with_what_it_cannot_tell(private: Path) -> None:
    with virtual_scanner([], private) as address:
        profile = match_profile(address.device, PROFILES)
        listing = record(address.config_dir, address.device)
        with SaneFeeder(address.device, profile, address.config_dir) as feeder:
            report = describe(feeder.facts, profile, listing).as_dict()
    assert report["simulated"] and report["refusal"] is None and report["end_proof"] == "escl_status"
    assert report["settings_unconfirmed"] > 0 and report["cannot_tell"] and len(report["lies"]) >= 5
    assert json.loads(json.dumps(report)) == report


def test_a_listing_that_lacks_a_duty_is_refused_in_the_report(private: Path) -> None:
    with virtual_scanner([], private) as address:
        profile = match_profile(address.device, PROFILES)
        listing = record(address.config_dir, address.device)
        listing["options"] = [o for o in listing["options"] if o["name"] != "mode"]
        with SaneFeeder(address.device, profile, address.config_dir) as feeder:
            report = describe(feeder.facts, profile, listing)
    assert report.refusal is not None and "mode" in report.refusal


def test_another_version_of_a_listing_is_refused() -> None:
    with pytest.raises(ValueError, match="version"):
        ListedPanel.of({"version": 2, "options": []})


def test_an_identity_survives_another_port() -> None:
    before = found_of("canon_dr:libusb:001:004", "CANON", "DR-C240")
    after = found_of("canon_dr:libusb:003:011", "CANON", "DR-C240")
    assert before.identity == after.identity == "canon_dr:CANON DR-C240"
    serial = found_of("fujitsu:fi-7160:1234567", "FUJITSU", "fi-7160")
    assert serial.identity == "fujitsu:fi-7160:1234567"
    assert locate(before.identity, [serial, after]) is after


def test_two_of_a_model_without_serial_numbers_are_not_guessed() -> None:
    twin = [Found(f"canon_dr:libusb:001:00{n}", "CANON", "X", "canon_dr:CANON X") for n in (1, 2)]
    for scanners in (twin, []):
        with pytest.raises(errors.NoScanner):
            locate("canon_dr:CANON X", scanners)


def test_a_scanner_that_is_switched_on_later_isfound_of(private: Path) -> None:
    with virtual_scanner([], private) as address:
        assert [f.identity for f in find_scanners(address.config_dir)] == [address.device]
