"""The doctor: of every promise, whether this host can keep it; red refuses real paper (kiểm tra máy)."""

from __future__ import annotations

from collections.abc import Iterable

from scanflow.errors import ScanflowError, Words
from scanflow.hardening import harden_process
from scanflow.ledger import Ledger
from scanflow.ledger import catalogue as events
from scanflow.scanner import Feeder
from scanflow.scanner.probes import probe_sane
from scanflow.stamps.network import MarkNetwork
from scanflow.stamps.witness import find_tessdata
from scanflow.station import host
from scanflow.station.config import MediumKind, ScannerSource, StationConfig
from scanflow.station.errors import DayCheckMissing, HostUnfit, NotCommissioned
from scanflow.station.history import checked_on, commissioned
from scanflow.station.host import Finding, Health
from scanflow.station.names import device_digest
from scanflow.station.policy import require_adopted
from scanflow.station.station import Station


def examine_host(config: StationConfig) -> list[Finding]:
    """Everything that can be known before the first sheet; starts nothing, changes nothing but this process' limits."""
    harden_process()
    findings = [check() for check in host.HOST_CHECKS]
    if config.medium.kind is MediumKind.USB:
        findings.append(host.usb_ports())
    else:
        vi = "Thiết bị nhớ MÔ PHỎNG: không được dùng cho tài liệu thật."
        findings.append(Finding("P2", "medium", Health.WARN, vi, "the medium is simulated"))
    findings += [_networks(), _text_data(), _calibration(config)]
    through_sane = {
        scanner.sane_config
        for scanner in (config.scanner, *config.scanners.values())
        if scanner.source is ScannerSource.SANE
    }
    for folder in sorted(through_sane):
        findings += [
            Finding("P10", each.code, Health.OK if each.ok else Health.BAD, each.vi, each.en)
            for each in probe_sane(folder, config.drivers)
        ]
    return findings


def _networks() -> Finding:
    try:
        MarkNetwork()
    except ScanflowError as why:
        return Finding("P1", "networks", Health.BAD, why.say_vi, why.say_en)
    return Finding("P1", "networks", Health.OK, "Mạng đọc dấu đúng bản đã kiểm tra.", "networks as tested")


def _text_data() -> Finding:
    try:
        find_tessdata()
    except ScanflowError as why:
        return Finding("P1", "tessdata", Health.BAD, why.say_vi, why.say_en)
    return Finding("P1", "tessdata", Health.OK, "Có dữ liệu nhận dạng tiếng Việt.", "Vietnamese data are there")


def _calibration(config: StationConfig) -> Finding:
    path = config.stamps.calibration
    if path is not None and path.is_file():
        return Finding("P1", "calibration", Health.OK, "Ngưỡng giữ đã hiệu chỉnh tại trạm.", "calibrated")
    return Finding(
        "P1", "calibration", Health.WARN,
        "Chưa hiệu chỉnh ngưỡng giữ bằng giấy của trạm: chạy scanflow stamps calibrate.",
        "the hold threshold is not calibrated on this station's own scans",
    )  # fmt: skip


def record(findings: Iterable[Finding], ledger: Ledger) -> None:
    """Put the result on the record."""
    found = list(findings)
    failed = [one for one in found if one.health is Health.BAD]
    codes = tuple(f"HST-{one.name.replace('_', '').replace('-', '').upper()}" for one in failed)
    ledger.record(events.DoctorChecked(passed=len(found) - len(failed), failed=len(failed), failed_codes=codes))


def require_ready(findings: Iterable[Finding], feeder: Feeder, station: Station) -> None:
    """Refuse to scan real paper on a host that cannot keep a promise, or with a scanner not checked today.

    Raises:
        HostUnfit: names what is red.
        NotCommissioned: nobody has put on record what this scanner can and cannot tell.
        DayCheckMissing: the test sheet was not fed today, or not all of it was read.
        NotAdopted: two persons have not signed for the configuration or the recipients.
    """
    if feeder.facts.simulated:
        return
    red = [one for one in findings if one.health is Health.BAD]
    if red:
        raise HostUnfit(
            findings=Words.joined((Words(f"{one.promise} {one.vi}", f"{one.promise} {one.en}") for one in red), "; ")
        )
    if not commissioned(station.ledger, device_digest(feeder.facts.identity)):
        raise NotCommissioned
    today = station.now().date().isoformat()
    if checked_on(station.ledger, device_digest(feeder.facts.identity)) != today:
        raise DayCheckMissing
    require_adopted(station.config, station.ledger.path)
