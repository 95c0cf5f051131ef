"""``make demo``: one whole batch through the real program; only the paper and the stick are simulated (trình diễn)."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from scanflow.ledger.people import FileKey, PersonSignature, Role, Statement
from scanflow.ledger.people import sign as sign_statement
from scanflow.levels import Level
from scanflow.manifest import Manifest, read_manifest, write_manifest
from scanflow.media.simulated import SimulatedBus, SimulatedStick
from scanflow.scanner.profile import load_profiles, match_profile
from scanflow.scanner.virtual import virtual_scanner
from scanflow.scanner.virtual.sane import VirtualSaneFeeder
from scanflow.scanner.virtual.serve import VirtualScanner
from scanflow.sealing.keys import init_demo
from scanflow.station.batch import BatchResult, run_batch
from scanflow.station.bureau import file_form
from scanflow.station.config import (
    BatchConfig,
    MediumConfig,
    MediumKind,
    ScannerConfig,
    ScannerSource,
    SealingConfig,
    StationConfig,
)
from scanflow.station.demodesk import DemoDesk
from scanflow.station.demostack import DemoDocument, PiledSheet, pile_up, print_pages
from scanflow.station.desk import Notice
from scanflow.station.enrol import enrol_medium, enrol_person
from scanflow.station.record import batch_forms
from scanflow.station.separating import separator_sheets
from scanflow.station.setup import NewPerson, initialise, open_station, prepare_person
from scanflow.station.station import Examine, Station

SIMULATED = "giấy (máy quét ảo) và thiết bị nhớ (thư mục)"
_OFFICERS = ("P-001", "P-002")
OPERATOR, SUPERVISOR, _CUSTODIAN, _INSPECTOR = "P-003", "P-004", "P-005", "P-006"
_APPROVED, _FOREIGN = "SIM0000000001", "SIM9999999999"


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """Everything the demo makes, under one folder."""

    out: Path

    @property
    def handover(self) -> Path:
        """The handover list."""
        return self.out / "handover.xlsx"

    @property
    def separators(self) -> Path:
        """The separators as printed."""
        return self.out / "separators.pdf"

    @property
    def stick(self) -> Path:
        """What the approved stick holds."""
        return self.out / "stick"

    @property
    def refused_stick(self) -> Path:
        """What the stick that is not approved holds: nothing."""
        return self.out / "refused-stick"

    @property
    def keys(self) -> Path:
        """Keys and certificates, all of them worth nothing."""
        return self.out / "keys"

    @property
    def record(self) -> Path:
        """The reconciled record."""
        return self.forms / "doi-chieu.pdf"

    @property
    def forms(self) -> Path:
        """Every paper that the batch ends with, as PDF/A and as workbook."""
        return self.out / "bien-ban"


@dataclass(frozen=True, slots=True)
class Places:
    """Where the project's data lie: drivers' profiles and rule tables."""

    drivers: Path
    rules: Path


@dataclass(frozen=True, slots=True)
class Stage:
    """The demo before its first sheet: everything is made, nothing is fed (sân khấu trình diễn).

    Attributes:
        station: the real rooms.
        files: what is made.
        manifest: the handover list.
        feeder: the real SANE feeder over the virtual scanner.
        scanner: the virtual scanner's deck and control.
        pile: the stack in feeding order.
        bus: where sticks are plugged in.
        sticks: one that is not approved, then the approved one.
        keys: the people's personal keys.
    """

    station: Station
    files: DemoFiles
    manifest: Manifest
    feeder: VirtualSaneFeeder
    scanner: VirtualScanner
    pile: Sequence[PiledSheet]
    bus: SimulatedBus
    sticks: tuple[SimulatedStick, SimulatedStick]
    keys: dict[str, FileKey]

    def desk(self, tell: Callable[[Notice], None]) -> DemoDesk:
        """The script's people and their hands."""
        signers = {SUPERVISOR: self.keys[SUPERVISOR]}
        return DemoDesk(self.pile, self.scanner, self.bus, self.sticks, SUPERVISOR, signers, tell)


def run_demo(
    documents: Sequence[DemoDocument],
    places: Places,
    out: Path,
    examine: Examine,
    tell: Callable[[Notice], None],
) -> tuple[BatchResult, DemoFiles]:
    """Make everything anew under ``out`` and work one batch over ``documents``.

    Raises:
        ScanflowError: what the real program would refuse.
    """
    with demo_stage(documents, places, out, examine) as stage:
        return play_demo(stage, tell), stage.files


def play_demo(stage: Stage, tell: Callable[[Notice], None]) -> BatchResult:
    """Work the batch by the script, and print its forms.

    Raises:
        ScanflowError: what the real program would refuse.
    """
    result = run_batch(stage.station, stage.desk(tell), stage.manifest, stage.feeder, OPERATOR)
    forms = batch_forms(stage.station, result, OPERATOR, simulated=SIMULATED)
    for stem, paper in forms.items():
        file_form(paper, stage.files.forms, stem.removeprefix(f"{result.batch}-"))
    return result


@contextmanager
def demo_stage(documents: Sequence[DemoDocument], places: Places, out: Path, examine: Examine) -> Iterator[Stage]:
    """Make everything anew under ``out``; the station stays open until the end of the block.

    Raises:
        ScanflowError: what the real program would refuse.
    """
    files = _clean(out.resolve())
    write_manifest([document.row for document in documents], files.handover)
    manifest = read_manifest(files.handover)
    init_demo(files.keys)
    config = _config(files, places.rules)
    passphrase = secrets.token_urlsafe(18)
    officers = initialise(config, passphrase, (_person(_OFFICERS[0]), _person(_OFFICERS[1])))
    bus = SimulatedBus([])
    approved = SimulatedStick(files.stick, _APPROVED, product="SIMULATED APPROVED")
    foreign = SimulatedStick(files.refused_stick, _FOREIGN, product="SIMULATED FOREIGN")
    with open_station(config, passphrase, bus, examine, places.rules) as station:
        keys = {**officers, **_enrol_people(station, officers)}
        _enrol_stick(station, bus, approved, officers)
        pile = pile_up(documents, _print_separators(manifest, files))
        with virtual_scanner([], files.out / "scanner", tcp_port=0) as address:
            profile = match_profile(address.device, load_profiles(places.drivers))
            with VirtualSaneFeeder(address, profile) as feeder:
                yield Stage(station, files, manifest, feeder, address.scanner, pile, bus, (foreign, approved), keys)
    shutil.rmtree(files.out / "scanner")


def _clean(out: Path) -> DemoFiles:
    """An empty folder; only what an earlier demo made is removed."""
    files = DemoFiles(out)
    marker = out / ".scanflow-demo"
    if out.exists() and not marker.exists() and any(out.iterdir()):
        raise FileExistsError(f"{out} is not empty and was not made by the demo")
    shutil.rmtree(out, ignore_errors=True)
    for folder in (files.stick, files.refused_stick, files.keys):
        folder.mkdir(parents=True, mode=0o700)
    marker.touch()
    return files


def _config(files: DemoFiles, rules: Path) -> StationConfig:
    return StationConfig(
        id="demo",
        name="Trạm trình diễn",
        superior="UBND TỈNH MẪU",
        body="CƠ QUAN MẪU A",
        place="Tỉnh Mẫu",
        state=files.out,
        rules=rules,
        scanner=ScannerConfig(source=ScannerSource.SANE),
        batch=BatchConfig(),
        medium=MediumConfig(kind=MediumKind.SIMULATED, simulated=files.stick),
        sealing=SealingConfig(
            ca=files.keys / "ca.crt.pem",
            holders=(files.keys / "van-thu.crt.pem", files.keys / "luu-tru.crt.pem"),
            recovery=files.keys / "khoi-phuc.crt.pem",
        ),
    )


_CAST = {
    "P-001": ("Cán bộ An ninh Một", Role.SECURITY_OFFICER),
    "P-002": ("Cán bộ An ninh Hai", Role.SECURITY_OFFICER),
    OPERATOR: ("Người Số hóa Mẫu", Role.OPERATOR),
    SUPERVISOR: ("Người Giám sát Mẫu", Role.SUPERVISOR),
    _CUSTODIAN: ("Người Lưu giữ Mẫu", Role.CUSTODIAN),
    _INSPECTOR: ("Người Kiểm tra Mẫu", Role.INSPECTOR),
}


def _person(person: str) -> NewPerson:
    name, role = _CAST[person]
    return NewPerson(person, name, role, f"DEMO {person}", demo_passphrase(person))


def demo_passphrase(person: str) -> str:
    """What a person of the demo types; no secret, since these keys are worth nothing outside it."""
    return f"trinh-dien-{person}"


def demo_people() -> dict[str, tuple[str, Role]]:
    """The demo's people: name and role by id."""
    return dict(_CAST)


def _signed_by(keys: dict[str, FileKey]) -> Callable[[Statement], list[PersonSignature]]:
    return lambda statement: [sign_statement(statement, person, key) for person, key in keys.items()]


def _enrol_people(station: Station, officers: dict[str, FileKey]) -> dict[str, FileKey]:
    keys: dict[str, FileKey] = {}
    for person in (OPERATOR, SUPERVISOR, _CUSTODIAN, _INSPECTOR):
        record, keys[person] = prepare_person(station.config, _person(person))
        enrol_person(station.office, record, _signed_by(officers))
    return keys


def _enrol_stick(station: Station, bus: SimulatedBus, stick: SimulatedStick, officers: dict[str, FileKey]) -> None:
    bus.plug(stick)
    enrol_medium(
        station,
        name="M-0001",
        clearance=Level.TOI_MAT,
        custodian=_CUSTODIAN,
        until=station.today + timedelta(days=365),
        sign=_signed_by(officers),
    )
    bus.pull(stick)


def _print_separators(manifest: Manifest, files: DemoFiles) -> list[bytes]:
    """Print the separators, as the operator would, and look at the paper with the scanner's eyes."""
    files.separators.write_bytes(separator_sheets(manifest, date.today()))
    return print_pages(files.separators)
