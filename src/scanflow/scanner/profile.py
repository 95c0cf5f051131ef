"""Driver profiles: what is known of each SANE driver, as data with a source (hồ sơ trình điều khiển).

One TOML file a driver in the project's ``drivers`` directory. The schema refuses a profile that leaves open
what must be forced before secret files are fed: colour, duplex, and blank skipping, dropout colour and
compression off.
"""

from __future__ import annotations

import tomllib
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from scanflow.errors import Words
from scanflow.scanner.errors import ProfileInvalid, ProfileMissing
from scanflow.scanner.feeder import Sensor
from scanflow.scanner.proof import ProofKind
from scanflow.scanner.settings import Scalar, Want

A4_MM = (210.0, 297.0)

Provenance = Annotated[str, Field(pattern=r"^(code|manual|listing|run): .{3,}$")]
"""Where a value comes from: the driver's code, its manual page, a published listing, or a run of our own."""


class Must(StrEnum):
    """What has to be forced, or shown to be absent from the driver."""

    COLOUR = "colour"
    DUPLEX = "duplex"
    RESOLUTION = "resolution"
    NO_BLANK_SKIP = "no_blank_skip"
    NO_DROPOUT = "no_dropout"
    NO_COMPRESSION = "no_compression"


_ALWAYS_THERE = frozenset({Must.COLOUR, Must.DUPLEX, Must.RESOLUTION})
"""Duties that no driver fulfils by having no option for them."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Unless(_Strict):
    """Another option whose value makes a required one superfluous."""

    option: str
    value: str


class Setting(_Strict):
    """One option to set, in the order of the file.

    Attributes:
        option: exact SANE name; ``also`` names used by other models of the driver.
        values: exact values, best first; ``$dpi``, ``$width`` and ``$height`` (mm) stand for what is asked.
        when: only for duplex or only for simplex feeds.
        need: ``must`` refuses the feed when the option is absent or inactive.
        unless: the option may be absent when this other one reads that value.
        tolerance: accepted difference of the value read back.
        forces: the duty that this setting fulfils.
        source: where the value comes from.
        confirmed: seen on a real device.
    """

    option: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")
    also: list[str] = []
    values: list[bool | int | float | str] = Field(min_length=1)
    when: Literal["always", "duplex", "simplex"] = "always"
    need: Literal["must", "if_present"] = "must"
    unless: Unless | None = None
    tolerance: float = Field(default=0.0, ge=0.0)
    forces: Must | None = None
    source: Provenance
    confirmed: bool = False


class Absent(_Strict):
    """A duty for which the driver has no option, and how that is known."""

    duty: Must
    source: Provenance


class SensorOption(_Strict):
    """An option that tells something while the scanner stands still, or right after a fault.

    The one of ``counter`` counts sheets and never starts anew by itself: it is read before and after each feed.

    Attributes:
        option: SANE name; empty when the device's own status document tells it (eSCL).
        yes: the values that mean yes.
        stale_first: the driver caches; the first value after a pause is old and the option is read twice.
        latched: a pressed button stays pressed until it was read once.
    """

    sensor: Sensor
    option: str = ""
    yes: list[bool | int | float | str] = [True, 1]
    stale_first: bool = False
    latched: bool = False
    source: Provenance
    confirmed: bool = False


class End(_Strict):
    """What ends a feed, and what confirms it."""

    proof: ProofKind
    source: Provenance


class Lie(_Strict):
    """Something that this driver or its devices are known to say wrongly, and what stands against it."""

    what: str = Field(min_length=10)
    defence: str = Field(min_length=5)
    source: Provenance


class Profile(_Strict):
    """Everything known of one SANE driver."""

    backend: str = Field(pattern=r"^[a-z0-9_-]+$")
    title: str
    devices: list[str] = Field(min_length=1)
    unfit: str | None = None
    prefer_escl: str | None = None
    patience_s: float = Field(default=60.0, gt=0.0, le=600.0)
    back_rotation: Literal[0, 180] = 0
    settings: list[Setting]
    absent: list[Absent] = []
    sensors: list[SensorOption] = []
    end: End
    lies: list[Lie] = []

    @model_validator(mode="after")
    def _nothing_left_open(self) -> Self:
        forced = {s.forces for s in self.settings if s.forces is not None} | {a.duty for a in self.absent}
        if missing := sorted(set(Must) - forced):
            raise ValueError(f"not forced: {', '.join(missing)}")
        weak = [s.option for s in self.settings if s.forces in _ALWAYS_THERE and s.need != "must"]
        if weak:
            raise ValueError(f"must not be optional: {', '.join(weak)}")
        if self.end.proof is ProofKind.SENSOR and self.sensor(Sensor.PAPER) is None:
            raise ValueError("the end is proved by a paper sensor that is not described")
        names = [(s.option, s.when) for s in self.settings]
        if len(set(names)) != len(names):
            raise ValueError("an option is set twice")
        return self

    def sensor(self, which: Sensor) -> SensorOption | None:
        """How this driver tells ``which``; None when it cannot."""
        return next((s for s in self.sensors if s.sensor is which), None)

    def wants(self, *, duplex: bool, dpi: int, size_mm: tuple[float, float] = A4_MM) -> tuple[Want, ...]:
        """The settings for one kind of feed, in order.

        Args:
            duplex: both sides.
            dpi: dots per inch.
            size_mm: width and height of the paper.
        """
        asked: dict[str, Scalar] = {"$dpi": dpi, "$width": size_mm[0], "$height": size_mm[1]}
        skip = "simplex" if duplex else "duplex"
        return tuple(
            Want(
                names=(s.option, *s.also),
                values=tuple(asked.get(v, v) if isinstance(v, str) else v for v in s.values),
                must=s.need == "must",
                tolerance=s.tolerance,
                unless=(s.unless.option, s.unless.value) if s.unless is not None else None,
            )
            for s in self.settings
            if s.when != skip
        )


def load_profile(path: Path) -> Profile:
    """Read one profile.

    Raises:
        ProfileInvalid: it cannot be read or breaks the schema.
    """
    try:
        return Profile.model_validate(tomllib.loads(path.read_text("utf-8")), strict=False)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "toàn hồ sơ"
        raise ProfileInvalid(path=path.name, where=where, why=first["msg"]) from error
    except (OSError, ValueError) as error:
        raise ProfileInvalid(path=path.name, where=Words("tệp", "the file"), why=str(error)) from error


def load_profiles(folder: Path) -> tuple[Profile, ...]:
    """All profiles of a directory, in name order.

    Raises:
        ProfileInvalid: one of them cannot be read or breaks the schema.
    """
    return tuple(load_profile(path) for path in sorted(folder.glob("*.toml")))


def match_profile(device_name: str, profiles: tuple[Profile, ...]) -> Profile:
    """The profile whose patterns fit a SANE device name; the longest pattern wins.

    Raises:
        ProfileMissing: none fits.
    """
    fits = [(len(p), profile) for profile in profiles for p in profile.devices if fnmatchcase(device_name, p)]
    if not fits:
        raise ProfileMissing(device=device_name)
    return max(fits, key=lambda fit: fit[0])[1]
