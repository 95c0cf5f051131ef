"""Where a station keeps its things, how it is set up once and opened each day (khởi tạo và mở trạm)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.x509 import Certificate

from scanflow import __version__
from scanflow.ledger import Ledger, Verifier
from scanflow.ledger import catalogue as events
from scanflow.ledger.clock import SystemClock
from scanflow.ledger.people import KeyPlace, Office, PersonEnrolled, Role, make_key_file, new_person
from scanflow.ledger.people.keys import FileKey
from scanflow.ledger.station_key import create_station_key, load_station_key
from scanflow.media.desk import MediaDesk
from scanflow.media.medium import Bus
from scanflow.media.registry import Registry, Verify
from scanflow.rules import load_tables
from scanflow.sealing import CmsSealer, Recipient, RecipientRole, load_certificate
from scanflow.sealing.ocr import OcrPool, workers_of_this_host
from scanflow.station.agency import AskSecret, SignDocument, agency_signer
from scanflow.station.config import StationConfig
from scanflow.station.dossiers import load_dossiers
from scanflow.station.errors import ActsLeftOpen, CertificateMissing, KeysMissing
from scanflow.station.station import Examine, Station


@dataclass(frozen=True, slots=True)
class Home:
    """The files of a station; no page and no text is ever among them."""

    state: Path

    @property
    def ledger(self) -> Path:
        """The one append-only file."""
        return self.state / "ledger.jsonl"

    @property
    def keys(self) -> Path:
        """Key files and certificates, mode 0700."""
        return self.state / "keys"

    @property
    def station_key(self) -> Path:
        """The station's signing key, under a passphrase."""
        return self.keys / "station.key"

    @property
    def public_key(self) -> Path:
        """The key that a ledger verifies with elsewhere (C2SP vkey, one line)."""
        return self.keys / "station.vkey"

    @property
    def registry(self) -> Path:
        """Approved media."""
        return self.state / "media.sqlite"

    def scanner_report(self, scanner: str) -> Path:
        """What was found of a scanner at commissioning; the ledger has its digest."""
        return self.state / "scanners" / f"{scanner}.json"

    def person_key(self, person: str) -> Path:
        """A person's key file; may lie on that person's own stick instead."""
        return self.keys / "people" / f"{person}.key"


def origin_of(config: StationConfig) -> str:
    """Name of the station's log, as heads and receipts carry it."""
    return f"scanflow/{config.id}"


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Who is to be enrolled; the official number is hashed and forgotten."""

    person: str
    name: str
    role: Role
    official_number: str
    passphrase: str


def initialise(config: StationConfig, passphrase: str, officers: tuple[NewPerson, NewPerson]) -> dict[str, FileKey]:
    """Make the station's key and ledger and enrol the first two security officers.

    Returns:
        The officers' keys by person id.

    Raises:
        LedgerExists: the station was initialised before.
        StationKeyRefused, PassphraseWeak, NotBootstrappable: as said.
    """
    home = Home(config.state)
    home.keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = create_station_key(home.station_key, passphrase)
    origin = origin_of(config)
    home.public_key.write_text(f"{Verifier(origin, key.public_key())}\n", encoding="ascii")
    with Ledger.create(home.ledger, key, origin=origin) as ledger:
        made = [_with_key(home, origin, officer) for officer in officers]
        Office(ledger).bootstrap(made[0][0], made[1][0])
    return {record.person: personal for record, personal in made}


def _with_key(home: Home, origin: str, new: NewPerson) -> tuple[PersonEnrolled, FileKey]:
    path = home.person_key(new.person)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    personal = make_key_file(path, new.passphrase)
    record = new_person(new.person, new.name, new.role, new.official_number, personal.public, KeyPlace.FILE, origin)
    return record, personal


def prepare_person(config: StationConfig, new: NewPerson) -> tuple[PersonEnrolled, FileKey]:
    """A key file and the record that two persons will sign to enrol somebody."""
    return _with_key(Home(config.state), origin_of(config), new)


def open_ledger(config: StationConfig, passphrase: str) -> tuple[Ledger, Ed25519PrivateKey]:
    """Open the station's ledger for writing.

    Raises:
        KeysMissing: the station was never initialised.
        LedgerError: the ledger is damaged, rolled back, busy, or of another key.
    """
    home = Home(config.state)
    if not home.station_key.exists():
        raise KeysMissing(path=home.keys)
    key = load_station_key(home.station_key, passphrase)
    return Ledger.open(home.ledger, key, origin=origin_of(config)), key


def recipients_of(config: StationConfig) -> tuple[Recipient, ...]:
    """The certificates that every container is sealed to, the recovery certificate last.

    Raises:
        CertificateMissing: one of the files is not there.
    """
    holders = [Recipient(_certificate(path)) for path in config.sealing.holders]
    return (*holders, Recipient(_certificate(config.sealing.recovery), RecipientRole.RECOVERY))


def _certificate(path: Path) -> Certificate:
    try:
        return load_certificate(path.read_bytes())
    except OSError as gone:
        raise CertificateMissing(path=path) from gone


def _nobody(thing: str) -> str:
    """Nobody is there to give a PIN or passphrase."""
    return ""


@contextmanager
def open_station(
    config: StationConfig, passphrase: str, bus: Bus, examine: Examine, rules: Path, ask: AskSecret = _nobody
) -> Iterator[Station]:
    """The station, open for a day's work; everything is closed again at the end of the block.

    Args:
        config: what the station was told.
        passphrase: of the station's key.
        bus: where media come from.
        examine: of :mod:`scanflow.examination`, with its networks loaded.
        rules: folder of the dated rule tables.
        ask: asks for the PIN or passphrase of the agency's signing key.

    Raises:
        ScanflowError: whatever is missing or refused; nothing is left open.
    """
    with ExitStack() as stack:
        ledger, key = open_ledger(config, passphrase)
        stack.callback(ledger.close)
        if left := ledger.open_intents():
            raise ActsLeftOpen(entries=", ".join(str(one.n) for one in left))
        sealer = CmsSealer(recipients_of(config), _certificate(config.sealing.ca))
        ocr = stack.enter_context(OcrPool(workers_of_this_host())) if config.batch.text_layer else None
        agency = stack.enter_context(_agency(config, ask))
        dossiers = {} if config.batch.dossiers is None else load_dossiers(config.batch.dossiers)
        verify = _verifier(key.public_key())
        registry = Registry(Home(config.state).registry, verify)
        station = Station(
            config=config,
            ledger=ledger,
            office=Office(ledger),
            media=MediaDesk(bus, registry, key.sign, verify),
            sealer=sealer,
            examine=examine,
            rules=load_tables(rules),
            ocr=ocr,
            sign=key.sign,
            verify=verify,
            agency=agency,
            dossiers=dossiers,
        )
        _started(ledger)
        yield station
        ledger.record(events.StationStopped())


@contextmanager
def _agency(config: StationConfig, ask: AskSecret) -> Iterator[SignDocument | None]:
    if not config.batch.signature or config.signature is None:
        yield None
        return
    with agency_signer(config.signature, config.body, ask) as sign:
        yield sign


def _verifier(public: Ed25519PublicKey) -> Verify:
    def verify(content: bytes, signature: bytes) -> bool:
        try:
            public.verify(signature, content)
        except InvalidSignature:
            return False
        return True

    return verify


def public_key_of(home: Home) -> Verifier:
    """The station's public key, as an inspector has it.

    Raises:
        KeysMissing: the station was never initialised.
    """
    try:
        return Verifier.parse(home.public_key.read_text(encoding="ascii").strip())
    except OSError as gone:
        raise KeysMissing(path=home.keys) from gone


def verifier_of(home: Home) -> Verify:
    """Checks the station's signatures with nothing but its public key."""
    return _verifier(public_key_of(home).key)


def _started(ledger: Ledger) -> None:
    boot = SystemClock().now().boot
    ledger.record(events.StationStarted(version=__version__, boot=boot, open_intents=len(ledger.open_intents())))
