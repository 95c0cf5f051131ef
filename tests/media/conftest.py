"""A desk with a simulated stick, a station's key, and two invented roles who sign."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from mediakit import TODAY, Key, enrol_at

from scanflow.media.desk import MediaDesk
from scanflow.media.registry import ApprovedDevice, Registry
from scanflow.media.simulated import SimulatedBus, SimulatedStick


@pytest.fixture
def key() -> Key:
    return Key()


@pytest.fixture
def registry(tmp_path: Path, key: Key) -> Registry:
    return Registry(tmp_path / "registry.db", key.verify)


@pytest.fixture
def stick(tmp_path: Path) -> SimulatedStick:
    (tmp_path / "stick").mkdir()
    return SimulatedStick(tmp_path / "stick", "SIM0000A0001", port="sim-1")


@pytest.fixture
def bus(stick: SimulatedStick) -> SimulatedBus:
    return SimulatedBus([stick])


@pytest.fixture
def desk(bus: SimulatedBus, registry: Registry, key: Key) -> MediaDesk:
    return MediaDesk(bus, registry, key.sign, key.verify, lambda: TODAY)


Enrol = Callable[..., ApprovedDevice]


@pytest.fixture
def enrol(desk: MediaDesk) -> Enrol:
    return lambda **wishes: enrol_at(desk, **wishes)
