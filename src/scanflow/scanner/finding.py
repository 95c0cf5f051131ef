"""Which scanners answer, and finding one again by model and serial, wherever it is plugged (tìm máy quét)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scanflow.scanner.errors import DeviceIsPort, NoScanner
from scanflow.scanner.facts import names_a_port, stable_identity
from scanflow.scanner.sane_child import list_devices


@dataclass(frozen=True, slots=True)
class Found:
    """A scanner that answers.

    Attributes:
        device: SANE device name now; it may name a USB port.
        vendor: as the driver says.
        model: as the driver says.
        identity: model and serial number where the name carries one; stays the same on another port.
    """

    device: str
    vendor: str
    model: str
    identity: str


def find_scanners(config_dir: Path, *, env: Mapping[str, str] | None = None) -> list[Found]:
    """Every scanner that answers now, asked in a fresh process so that a newly plugged one is seen."""
    return [found_of(*row[:3]) for row in list_devices(config_dir, env=env)]


def locate(identity: str, scanners: list[Found]) -> Found:
    """The scanner of this identity, wherever it is plugged in.

    Raises:
        NoScanner: it does not answer, or two answer to the same identity (two of a model without serial
            numbers).
    """
    fits = [f for f in scanners if f.identity == identity]
    if len(fits) != 1:
        raise NoScanner(device=f"{identity} ({len(fits)})")
    return fits[0]


def found_of(device: str, vendor: str, model: str) -> Found:
    """A row of a driver's list, with an identity that does not change with the socket."""
    backend, _, _ = device.partition(":")
    if names_a_port(device):
        return Found(device, vendor, model, f"{backend}:{vendor} {model}")
    return Found(device, vendor, model, stable_identity(device))


def device_now(device: str, identity: str, config_dir: Path, *, env: Mapping[str, str] | None = None) -> str:
    """The name under which a driver knows the scanner now.

    Args:
        device: name as configured, used when there is no identity.
        identity: model and serial number as :func:`find_scanners` gives them; empty when the name is stable.
        config_dir: private SANE configuration directory.
        env: more variables for the driver's process.

    Raises:
        NoScanner: nothing, or more than one, answers to the identity.
        DeviceIsPort: the name is of a USB port and there is no identity.
    """
    if identity:
        return locate(identity, find_scanners(config_dir, env=env)).device
    if names_a_port(device):
        raise DeviceIsPort(device=device)
    return device
