"""The devices that the configuration names: feeder, bus of media, examiners (thiết bị theo cấu hình)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from scanflow.examination import Examiner
from scanflow.media.medium import Bus
from scanflow.media.simulated import SimulatedBus, SimulatedStick
from scanflow.media.usbmedium import UsbBus
from scanflow.scanner import Feeder
from scanflow.scanner.escl.http import parse_address
from scanflow.scanner.escl_feeder import EsclFeeder
from scanflow.scanner.hot_folder import HotFolderFeeder
from scanflow.scanner.profile import Profile, load_profiles, match_profile
from scanflow.scanner.sane_feeder import SaneFeeder
from scanflow.stamps.network import MarkNetwork
from scanflow.stamps.reader import StampReader
from scanflow.stamps.witness import TesserocrReader
from scanflow.station.calibration import calibrated_hold
from scanflow.station.config import MediumKind, ScannerConfig, ScannerSource, StationConfig
from scanflow.station.errors import ConfigurationRejected
from scanflow.station.examiners import ExaminerPool

_SIMULATED_SERIAL = "SIM0000000001"


def examiners(config: StationConfig | None = None) -> ExaminerPool:
    """Examiners with the trained networks and the OCR witness, at the station's own threshold where it has one.

    Raises:
        WeightsMissing, WeightsTampered: there are no networks that were tested; nothing is scanned then.
    """
    return ExaminerPool(lambda: new_examiner(config))


def new_examiner(config: StationConfig | None = None) -> Examiner:
    """One examiner; not to be shared between threads at the same time."""
    network = MarkNetwork()
    network.thresholds = replace(network.thresholds, hold=calibrated_hold(config, network))
    return Examiner(StampReader(network, TesserocrReader()), TesserocrReader())


def feeder_of(config: StationConfig, name: str = "") -> Feeder:
    """The scanner that the configuration has under this name.

    Raises:
        ScannerError: it is not there or may not be used.
        ConfigurationRejected: no such scanner, or a folder source without a folder.
    """
    scanner = config.scanner_named(name)
    if scanner.source is ScannerSource.FOLDER:
        if scanner.folder is None:
            raise ConfigurationRejected(path="[scanner]", detail="folder")
        return HotFolderFeeder(scanner.folder)
    if scanner.source is ScannerSource.ESCL:
        return EsclFeeder(parse_address(scanner.device), dpi=scanner.resolution)
    profile = profile_of(config, scanner)
    return SaneFeeder(scanner.device, profile, scanner.sane_config, dpi=scanner.resolution, identity=scanner.identity)


def profile_of(config: StationConfig, scanner: ScannerConfig) -> Profile:
    """The profile of a SANE scanner's driver.

    Raises:
        ProfileMissing, ProfileInvalid: there is none that may be used.
    """
    return match_profile(scanner.identity or scanner.device, load_profiles(config.drivers))


def bus_of(config: StationConfig) -> Bus:
    """Where media come from."""
    if config.medium.kind is MediumKind.USB:
        return UsbBus()
    folder: Path | None = config.medium.simulated
    if folder is None:
        raise ConfigurationRejected(path="[medium]", detail="simulated")
    return SimulatedBus([SimulatedStick(folder, _SIMULATED_SERIAL, product="SIMULATED")])
