"""The station's configuration: one strict TOML file; an unknown key is a refusal, and no key weakens a promise."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from scanflow.errors import Words
from scanflow.station.errors import ConfigurationRejected


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


_SectionT = TypeVar("_SectionT", bound=_Section)


class ScannerSource(StrEnum):
    """Where sides come from."""

    SANE = "sane"
    ESCL = "escl"
    FOLDER = "folder"


class Separation(StrEnum):
    """How documents are told apart; never by guessing from page content."""

    SEPARATORS = "separators"
    ONE_PER_FEED = "one_per_feed"


class NonSecret(StrEnum):
    """How documents that are no secret (any more) leave."""

    SEALED = "sealed"
    PLAIN = "plain"


class MediumKind(StrEnum):
    """Real USB, or a directory that always names itself simulated."""

    USB = "usb"
    SIMULATED = "simulated"


class ScannerConfig(_Section):
    """One scanner of this station."""

    source: ScannerSource
    device: str = ""
    identity: str = ""
    sane_config: Path = Path("config/sane")
    folder: Path | None = None
    resolution: Annotated[int, Field(ge=200, le=600)] = 300


class BatchConfig(_Section):
    """Conventions of a batch, stated in its record."""

    separation: Separation = Separation.SEPARATORS
    blank_versos_count: bool = False
    text_layer: bool = True
    keep_blanks: bool = False
    copies: Annotated[int, Field(ge=1, le=2)] = 1
    non_secret: NonSecret = NonSecret.SEALED
    signature: bool = False
    access_copy: bool = False
    dossiers: Path | None = None


class MediumConfig(_Section):
    """Where the medium is, and what a simulated one may pretend to be."""

    kind: MediumKind = MediumKind.USB
    simulated: Path | None = None


class SealingConfig(_Section):
    """Recipients of every container: X.509 certificates under one pinned CA, one of them the recovery certificate."""

    ca: Path
    holders: tuple[Path, ...] = Field(min_length=1)
    recovery: Path


class SignatureConfig(_Section):
    """The agency's signing certificate, and its key: a file, or a label on a PKCS#11 token."""

    certificate: Path
    chain: tuple[Path, ...] = ()
    key: Path | None = None
    module: Path | None = None
    token: str = ""
    label: str = ""

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        if (self.key is None) == (self.module is None):
            raise ValueError("name either key or module, token and label")
        if self.module is not None and not (self.token and self.label):
            raise ValueError("a module needs token and label")
        return self


class StampsConfig(_Section):
    """The stamp reader: where a calibration of this station lies, and how many cleared sides a person samples."""

    calibration: Path | None = None
    sample_percent: Annotated[float, Field(ge=1, le=100)] = 2.0


class StationConfig(_Section):
    """Everything a station is told; the rest it measures or is asked by people."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]{0,60}$")]
    name: str
    superior: str
    body: str
    place: str
    state: Path
    inbox: Path | None = None
    scanner: ScannerConfig
    scanners: dict[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,30}$")], ScannerConfig] = {}
    batch: BatchConfig = BatchConfig()
    medium: MediumConfig = MediumConfig()
    sealing: SealingConfig
    signature: SignatureConfig | None = None
    stamps: StampsConfig = StampsConfig()
    people_module: Path | None = None
    drivers: Path = Path("../drivers")
    rules: Path = Path("rules")

    def scanner_named(self, name: str) -> ScannerConfig:
        """The scanner of ``[scanners.NAME]``; of ``[scanner]`` for an empty name.

        Raises:
            ConfigurationRejected: no such section.
        """
        if not name:
            return self.scanner
        if name not in self.scanners:
            raise ConfigurationRejected(path=f"[scanners.{name}]", detail=Words("không có mục này", "no such entry"))
        return self.scanners[name]

    @model_validator(mode="after")
    def _signs_with_something(self) -> Self:
        if self.batch.signature and self.signature is None:
            raise ValueError("batch.signature needs the section [signature]")
        return self

    def for_batch(self, **conventions: object) -> StationConfig:
        """The same station with conventions of one batch set otherwise; None leaves one as it stands.

        Raises:
            ConfigurationRejected: the station cannot do that.
        """
        said = {name: value for name, value in conventions.items() if value is not None}
        try:
            batch = BatchConfig.model_validate(self.batch.model_dump() | said)
            return type(self).model_validate(self.model_dump() | {"batch": batch})
        except ValidationError as error:
            raise ConfigurationRejected(path="[batch]", detail=_faults(error)) from error


def load_config(path: Path) -> StationConfig:
    """Read the station's configuration; relative paths are relative to the file's folder.

    Raises:
        ConfigurationRejected: the file is missing, is not TOML, or has an unknown, missing or impossible value.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        config = StationConfig.model_validate(raw)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationRejected(path=path, detail=type(error).__name__) from error
    except ValidationError as error:
        raise ConfigurationRejected(path=path, detail=_faults(error)) from error
    return _anchored(config, path.parent)


def _faults(error: ValidationError) -> str:
    return "; ".join(".".join(map(str, fault["loc"])) + ": " + fault["msg"] for fault in error.errors())


def _anchored(section: _SectionT, base: Path) -> _SectionT:
    """The same section with every relative path anchored at ``base``."""
    changes: dict[str, object] = {}
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, _Section):
            changes[name] = _anchored(value, base)
        elif isinstance(value, Path):
            changes[name] = base / value
        elif isinstance(value, dict):
            changes[name] = {key: _anchored(item, base) for key, item in value.items()}
        elif isinstance(value, tuple) and value and isinstance(value[0], Path):
            changes[name] = tuple(base / item for item in value)
    return section.model_copy(update=changes)
