"""Commands on scanners: listed, described, recorded, commissioned, drilled; two of them at one station."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tests.station.conftest import (
    CUSTODIAN,
    OPERATOR,
    PASSPHRASE,
    SHEET,
    Founded,
    Room,
    ScriptedDesk,
    ScriptedFeeder,
    listed,
    row,
    separator,
)
from tests.station.test_commands import ROOT, scanflow

from scanflow.cli.trainee import outcome_vi
from scanflow.errors import ExitCode
from scanflow.ledger.catalogue import (
    EndProof,
    FeedEnded,
    ScannerChecked,
    ScannerDescribed,
    ScannerFault,
    ScannerRecovered,
    Sense,
)
from scanflow.ledger.lines import read_entries
from scanflow.ledger.people import Reason, sign
from scanflow.ledger.people.errors import UnknownPerson
from scanflow.levels import Level
from scanflow.pages import RawPage
from scanflow.scanner import ScannerFacts, Sensor
from scanflow.scanner.commission import Capability
from scanflow.scanner.drill import DrillResult
from scanflow.scanner.errors import EndNotProved, FeederJammed
from scanflow.scanner.virtual import virtual_scanner
from scanflow.station import doctor, host
from scanflow.station.batch import Outcome, run_batch
from scanflow.station.commissioning import Report, commission
from scanflow.station.config import load_config
from scanflow.station.errors import (
    ConfigurationRejected,
    DayCheckMissing,
    NotAdopted,
    NotCommissioned,
    ScannerDoesNotFit,
)
from scanflow.station.names import device_digest
from scanflow.station.policy import adopt
from scanflow.station.setup import Home

LISTING = ROOT / "tests/scanner/listings/airscan-virtual.json"


@dataclass(frozen=True)
class TwoScanners:
    """A station with a configuration file that names two virtual scanners: one through SANE, one spoken to directly."""

    config: Path
    home: Home


@pytest.fixture
def two(tmp_path: Path, founded: Founded) -> Iterator[TwoScanners]:
    folder = tmp_path / "s"
    shutil.copytree(founded.folder, folder)
    (folder / "stick").mkdir()
    text = (ROOT / "config/station.toml").read_text(encoding="utf-8")
    for old, new in (
        ('id = "tram-01"', 'id = "test"'),
        ("/var/lib/scanflow", str(folder)),
        ('"../drivers"', f'"{ROOT}/drivers"'),
        ('rules = "rules"', f'rules = "{ROOT}/config/rules"'),
        ('kind = "usb"', 'kind = "simulated"'),
        ('# simulated = "stick"', 'simulated = "stick"'),
        ('"fujitsu:fi-8170:000000"', '"airscan:e0:Virtual Duplex"'),
        ('sane_config = "sane"', f'sane_config = "{tmp_path}/a/sane.d"'),
    ):
        assert old in text, old
        text = text.replace(old, new)
    with (
        virtual_scanner([], tmp_path / "a"),
        virtual_scanner([], tmp_path / "b", tcp_port=0, serial="VIRTUAL-0002") as second,
    ):
        section = f'[scanners.hai]\nsource = "escl"\ndevice = "{second.url}"\n'
        path = folder / "station.toml"
        path.write_text(text.replace("[batch]", section + "\n[batch]", 1), encoding="utf-8")
        yield TwoScanners(path, Home(folder))


def described(two: TwoScanners) -> list[ScannerDescribed]:
    return [entry.event for entry in read_entries(two.home.ledger, (ScannerDescribed,))]  # type: ignore[misc]


def test_what_answers_is_listed_as_it_must_be_configured(two: TwoScanners) -> None:
    done = scanflow("scanner", "list", "--config", two.config)
    assert done.returncode == ExitCode.OK, done.stderr
    assert 'device = "airscan:e0:Virtual Duplex"' in done.stdout


def test_a_recorded_listing_is_the_test_that_it_becomes(two: TwoScanners, tmp_path: Path) -> None:
    target = tmp_path / "listing.json"
    assert scanflow("scanner", "record", target, "--config", two.config).returncode == ExitCode.OK
    assert json.loads(target.read_text("utf-8")) == json.loads(LISTING.read_text("utf-8"))
    refused = scanflow("scanner", "record", target, "--scanner", "hai", "--config", two.config)
    assert refused.returncode == ExitCode.USAGE and "STA-LISTING" in refused.stderr


def test_each_scanner_is_described_and_commissioned_under_its_own_name(two: TwoScanners) -> None:
    reports = []
    for name in ("", "hai"):
        chosen = ("--scanner", name, "--config", two.config)
        done = scanflow("scanner", "describe", "--json", *chosen)
        assert done.returncode == ExitCode.OK, done.stderr
        reports.append(json.loads(done.stdout))
        done = scanflow("scanner", "commission", "--person", OPERATOR, *chosen, stdin=f"{PASSPHRASE}\n")
        assert done.returncode == ExitCode.OK, done.stderr
        assert "MÔ PHỎNG" in done.stdout and "mặt nào" in done.stdout
    assert [report["driver"] for report in reports] == ["airscan", "escl"]
    first, second = described(two)
    assert first.scanner == device_digest(reports[0]["identity"]) != second.scanner
    assert {Sense.PAPER, Sense.COUNT} <= set(first.tells) and Sense.SIDE in first.silent
    assert (first.end_proof, first.fits, first.simulated) == (EndProof.ESCL_STATUS, True, True)
    assert first.unconfirmed == reports[0]["settings_unconfirmed"] > 0 == second.unconfirmed
    kept = two.home.scanner_report(first.scanner).read_bytes()
    assert hashlib.sha256(kept).hexdigest() == first.report
    assert json.loads(kept)["listing"] == json.loads(LISTING.read_text("utf-8"))


def test_a_stranger_commissions_nothing(two: TwoScanners) -> None:
    done = scanflow("scanner", "commission", "--person", "P-999", "--config", two.config, stdin=f"{PASSPHRASE}\n")
    assert done.returncode != ExitCode.OK and UnknownPerson.code in done.stderr
    assert described(two) == []


def test_a_scanner_that_is_not_configured_is_named(two: TwoScanners) -> None:
    done = scanflow("scanner", "describe", "--scanner", "ba", "--config", two.config)
    assert done.returncode == ExitCode.USAGE and "[scanners.ba]" in done.stderr
    text = two.config.read_text("utf-8").replace("[scanners.hai]", "[scanners.Hai]")
    two.config.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationRejected):
        load_config(two.config)


def test_no_real_paper_before_the_scanner_is_on_record_and_checked_today(room: Room) -> None:
    facts = ScannerFacts("real", "REAL#1", "fujitsu", False, frozenset({Sensor.PAPER}))
    feeder = ScriptedFeeder([])
    feeder.facts = facts  # type: ignore[misc]
    capability = Capability(facts, "fujitsu", 0, 14, "sensor", (), "thiếu mode")
    ready = [one for one in doctor.examine_host(room.station.config) if one.health is not host.Health.BAD]
    with pytest.raises(NotCommissioned):
        doctor.require_ready(ready, feeder, room.station)
    station = room.station
    with pytest.raises(ScannerDoesNotFit, match="mode"):
        commission(station.config, station.ledger, station.office, OPERATOR, Report(capability, None))
    with pytest.raises(NotCommissioned):
        doctor.require_ready(ready, feeder, station)
    fits = replace(capability, refusal=None)
    commission(station.config, station.ledger, station.office, OPERATOR, Report(fits, None))
    with pytest.raises(DayCheckMissing):
        doctor.require_ready(ready, feeder, station)
    station.ledger.record(ScannerChecked(scanner=device_digest(facts.identity), printed=1, read=1, passed=True))
    with pytest.raises(NotAdopted):
        doctor.require_ready(ready, feeder, station)
    officers = room.signed_by("P-001", "P-002")
    adopt(station.config, station.office, Reason.ORDERED, lambda said: [sign(said, *one) for one in officers.items()])
    doctor.require_ready(ready, feeder, station)


@pytest.mark.parametrize("agrees", [True, False])
def test_a_scanner_without_sensors_has_its_tray_counted_and_the_ledger_says_by_whom(room: Room, agrees: bool) -> None:
    class Blind(ScriptedFeeder):
        """Ends only when a person counted, as epsonds and its like do."""

        count_tray: Callable[[int], bool] | None = None

        def sides(self, first_sheet: int = 1) -> Iterator[RawPage]:
            yield from super().sides(first_sheet)
            fed = self._last - first_sheet + 1
            if self.count_tray is None or not self.count_tray(fed):
                raise EndNotProved(last_good=first_sheet - 1, why="đếm")

    manifest = listed(row(1, 1))
    feeder = Blind([separator(manifest, 1), SHEET])
    desk = ScriptedDesk(feeder, room.bus, sticks=[room.stick], tray=agrees)
    result = run_batch(room.with_feeder(feeder), desk, manifest, feeder, OPERATOR)
    assert "đúng 2 tờ" in desk.checks[0] and "không tự chứng minh" in desk.checks[0]
    ended = [entry.event for entry in read_entries(room.station.ledger.path, (FeedEnded,))]
    assert [event.by_hand for event in ended] == ([True] if agrees else [])  # type: ignore[attr-defined]
    assert (result.documents[0].outcome is Outcome.DELIVERED) is agrees
    assert result.reconciliation.totals.spoiled == (0 if agrees else 2)


def test_work_that_goes_on_after_a_fault_is_on_record_with_its_sheet(room: Room) -> None:
    manifest = listed(row(1, 2))
    feeder = ScriptedFeeder([separator(manifest, 1), SHEET, SHEET], faults={3: FeederJammed})
    desk = ScriptedDesk(feeder, room.bus, sticks=[room.stick])
    result = run_batch(room.with_feeder(feeder), desk, manifest, feeder, OPERATOR)
    assert result.documents[0].outcome is Outcome.DELIVERED
    kinds = (ScannerFault, ScannerRecovered)
    found = [entry.event for entry in read_entries(room.station.ledger.path, kinds)]
    assert [type(event) for event in found] == [ScannerFault, ScannerRecovered]
    assert found[1].resume_at == 3  # type: ignore[attr-defined]
    opened = [notice.vi for notice in desk.told if "sắp mở cổng" in notice.vi]
    assert opened == [f"Thiết bị nhớ M-0001, được lưu đến độ {Level.TOI_MAT.vi}, người giữ {CUSTODIAN}: sắp mở cổng."]


def test_the_drill_needs_a_person() -> None:
    done = scanflow("drill", "jam")
    assert done.returncode == ExitCode.INTERRUPTED
    wrong = scanflow("drill", "nosuch")
    assert wrong.returncode == ExitCode.USAGE and "unseen-jam" in wrong.stderr


def test_the_drill_says_what_would_have_been_lost() -> None:
    said = " ".join(outcome_vi(DrillResult("jam", ("sai",), (2,), (3,))))
    assert "MẤT tờ 2" in said and "tờ 3 bị tính HAI LẦN" in said
    assert outcome_vi(DrillResult("jam", (), (), ())) == ["Đạt: mọi tờ có ảnh đúng một lần."]


def test_freed_pages_go_back_to_the_kernel() -> None:
    assert host.give_pages_back()
