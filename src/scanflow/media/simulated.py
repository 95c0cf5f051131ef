"""A stick that is a directory, for machines without USB (thiết bị nhớ mô phỏng).

It goes through the same descriptors, policy, register, record, token, write and read-back as a real one;
only the hardware is missing, and every description and receipt says so. Its fingerprint is marked too, so
that a simulated entry of a register never admits a real device, nor the other way round.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Sequence
from pathlib import Path

from scanflow.media import errors
from scanflow.media.filesystem import DirectoryFilesystem, Filesystem, open_directory
from scanflow.media.identity import DeviceFacts
from scanflow.media.medium import Medium, VolumeFacts
from scanflow.media.registry import Model

_PLUGGINGS = itertools.count(1)

VENDOR, PRODUCT = 0x0000, 0x5346
"""Vendor 0 is given to nobody, so no real stick has it."""


def stick_descriptors(vid: int = VENDOR, pid: int = PRODUCT, *, keyboard: bool = False) -> bytes:
    """Descriptor bytes of a plain high-speed stick; with ``keyboard`` of a stick that hides one."""
    storage = bytes.fromhex("0904000002080650000705810200020007050202000200")
    hidden = bytes.fromhex("0904010001030101000921110100012241000705830308000a") if keyboard else b""
    total = 9 + len(storage) + len(hidden)
    configuration = bytes((9, 2)) + total.to_bytes(2, "little") + bytes((2 if keyboard else 1, 1, 0, 0x80, 50))
    device = bytes((18, 1, 0, 2, 0, 0, 0, 64))
    device += vid.to_bytes(2, "little") + pid.to_bytes(2, "little") + bytes((0, 1, 1, 2, 3, 1))
    return device + configuration + storage + hidden


class SimulatedStick:
    """One simulated stick over ``directory`` (một thiết bị mô phỏng)."""

    def __init__(
        self,
        directory: Path,
        serial: str,
        *,
        product: str = "SIMULATED STICK",
        port: str | None = None,
        size: int = 16 << 30,
        descriptors: bytes | None = None,
    ) -> None:
        """Plug it in.

        Args:
            directory: stands for the volume; must exist when the stick is written.
            serial: at least 8 characters.
            product: product string.
            port: name of the made-up port.
            size: capacity in bytes that it claims.
            descriptors: what it says it is; a plain stick when None.
        """
        self._directory = directory
        self._size = size
        self._plugging = next(_PLUGGINGS)
        self._mounted: DirectoryFilesystem | None = None
        self._facts = DeviceFacts(
            port=port or f"simulated-{self._plugging}",
            raw=descriptors if descriptors is not None else stick_descriptors(),
            speed=480,
            manufacturer="scanflow",
            product=product,
            serial=serial,
            simulated=True,
            plugging=self._plugging,
        )

    @property
    def facts(self) -> DeviceFacts:
        """What it says it is."""
        return self._facts

    def authorise(self) -> None:
        """There is no port to open."""

    def attach(self, model: Model) -> VolumeFacts:
        """Its directory is its drive."""
        if len(model.luns) != 1:
            raise errors.LunsDiffer(device=self._facts.describe(), found=1)
        if not self._directory.is_dir():
            raise errors.NoMedium(device=self._facts.describe())
        return VolumeFacts(self._plugging, self._size, "directory", self._uuid())

    def _uuid(self) -> str:
        return hashlib.sha256(f"scanflow simulated volume\n{self._facts.serial}".encode()).hexdigest()[:16]

    def repair(self, model: Model) -> None:
        """A directory is never torn."""

    def mount(self, *, writable: bool) -> Filesystem:
        """Open the directory; ``writable`` makes no difference to a directory."""
        if self._mounted is not None:
            raise errors.AlreadyMounted(device=self._facts.describe())
        self._mounted = DirectoryFilesystem(open_directory(self._directory), direct=False)
        return self._mounted

    def unmount(self) -> None:
        """Close it."""
        if self._mounted is not None:
            self._mounted.shut()
            self._mounted = None

    def probe_capacity(self) -> None:
        """A directory claims nothing."""

    def still_there(self) -> None:
        """The directory is there."""
        if not self._directory.is_dir():
            raise errors.MediumVanished(device=self._facts.describe(), step="kiểm tra thiết bị", step_en="checking it")

    def release(self) -> None:
        """Close it."""
        self.unmount()


class SimulatedBus:
    """A bus of simulated sticks (cổng mô phỏng)."""

    simulated = True

    def __init__(self, sticks: Sequence[SimulatedStick]) -> None:
        """The sticks that are plugged in; :meth:`plug` and :meth:`pull` change that."""
        self._sticks = list(sticks)

    def media(self) -> Sequence[Medium]:
        """The sticks that are in."""
        return list(self._sticks)

    def plug(self, stick: SimulatedStick) -> None:
        """Put one in."""
        self._sticks.append(stick)

    def pull(self, stick: SimulatedStick) -> None:
        """Take one out."""
        self._sticks.remove(stick)
